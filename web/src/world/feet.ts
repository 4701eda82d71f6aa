// Bends the legs of a sitting person so that the feet rest on the floor: people differ in height,
// seats too, and a clip knows only one of each.
import { Quaternion, Vector3, type Object3D } from "three";
import { clamp } from "./grid";

/** On a bar stool the feet hang. */
const STOOL_M = 0.62;
const BEND_MAX = 0.6;
const BEND_MIN = -0.4;
const X_AXIS = new Vector3(1, 0, 0);

const pelvis = new Quaternion();
const thigh = new Quaternion();
const shin = new Quaternion();
const bend = new Quaternion();
const hip = new Vector3();
const knee = new Vector3();
const ankle = new Vector3();

/** `hips_m`: height of the hips at rest; `lift_m`: of the body's root; `share`: how much, 0..1. */
export function plantFeet(
  bones: Map<string, Object3D>,
  hips_m: number,
  lift_m: number,
  seat_m: number,
  share: number,
): void {
  const hips = bones.get("hips");
  if (!hips || seat_m > STOOL_M) return;
  for (const side of ["left", "right"]) {
    const upper = bones.get(`${side}UpperLeg`);
    const lower = bones.get(`${side}LowerLeg`);
    const foot = bones.get(`${side}Foot`);
    if (!upper || !lower || !foot) continue;
    const rest_m = hips_m + upper.position.y + lower.position.y + foot.position.y;
    pelvis.copy(hips.quaternion);
    hip.copy(upper.position).applyQuaternion(pelvis);
    thigh.copy(pelvis).multiply(upper.quaternion);
    knee.copy(lower.position).applyQuaternion(thigh);
    shin.copy(thigh).multiply(lower.quaternion);
    ankle.copy(foot.position).applyQuaternion(shin);
    const gap = lift_m + hips.position.y + hip.y + knee.y + ankle.y - rest_m;
    const length = lower.position.length();
    const drop = (d: number): number => Math.asin(clamp(d / length, -1, 1));
    const angle = clamp(drop(gap - knee.y) - drop(-knee.y), BEND_MIN, BEND_MAX) * share;
    bend.setFromAxisAngle(X_AXIS, angle);
    // The shin keeps its direction: only the knee goes down.
    shin.copy(upper.quaternion).invert().multiply(bend.clone().invert()).multiply(upper.quaternion);
    lower.quaternion.premultiply(shin);
    upper.quaternion.premultiply(bend);
  }
}
