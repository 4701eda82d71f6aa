// What hangs on a body comes a little after it: the ends of long hair behind the head, the hem of a
// skirt behind the hips. A weight on a spring each; the shader moves what hangs by how far it is behind.
import { Quaternion, Vector3, type Object3D } from "three";

/** How stiff (1/s²), how soon at rest (1/s), and how far at most (m): a narrow skirt has no more room. */
const HAIR = { stiff: 130, damp: 9, most: 0.1 };
const HEM = { stiff: 170, damp: 11, most: 0.03 };
/** Where the weight hangs, beside the bone that carries it. */
const HAIR_AT = new Vector3(0, -0.22, -0.1);
const HEM_AT = new Vector3(0, -0.45, 0);
/** Hair does not go through the neck: so far forward (m) at most. */
const FORWARD = 0.015;
/** Whoever is elsewhere at once was put there. */
const LEAP_M = 0.8;
/** A spring that is looked at too seldom would shake. */
const STEP_MAX_S = 1 / 30;
const STEPS_MAX = 4;

type Kind = typeof HAIR;

const goal = new Vector3();
const turn = new Quaternion();

/** One weight: `behind` is how far it is from where it would hang, in metres of the room. */
export class Spring {
  readonly behind = new Vector3();
  private readonly at = new Vector3();
  private readonly speed = new Vector3();
  private begun = false;

  constructor(
    private readonly kind: Kind,
    private readonly forward: boolean,
  ) {}

  /** It would hang at `to` now; `turned`: how its body stands. */
  step(dt_s: number, to: Vector3, turned: Quaternion): void {
    if (!this.begun || this.at.distanceTo(to) > LEAP_M) return this.rest(to);
    const { stiff, damp } = this.kind;
    const steps = Math.min(STEPS_MAX, Math.ceil(dt_s / STEP_MAX_S));
    const h = Math.min(dt_s / steps, STEP_MAX_S);
    for (let n = 0; n < steps; n++) {
      this.behind.subVectors(to, this.at);
      this.speed.addScaledVector(this.behind, stiff * h).multiplyScalar(1 / (1 + damp * h));
      this.at.addScaledVector(this.speed, h);
    }
    this.behind.subVectors(this.at, to);
    if (this.forward) this.keepBack(turned);
    this.behind.clampLength(0, this.kind.most);
    this.at.addVectors(to, this.behind);
  }

  private rest(to: Vector3): void {
    this.begun = true;
    this.at.copy(to);
    this.speed.set(0, 0, 0);
    this.behind.set(0, 0, 0);
  }

  private keepBack(turned: Quaternion): void {
    this.behind.applyQuaternion(turn.copy(turned).invert());
    this.behind.z = Math.min(this.behind.z, FORWARD);
    this.behind.applyQuaternion(turned);
  }
}

/** Hair and hem of one person. */
export class Springs {
  private readonly hair = new Spring(HAIR, true);
  private readonly hem = new Spring(HEM, false);

  /** After the bones were bent, whose places are told from the person. `sway`: where it goes. */
  step(
    dt_s: number,
    bones: Map<string, Object3D>,
    root: Object3D,
    sway: readonly Object3D[],
  ): void {
    const [hair, hem] = sway;
    const [head, hips] = [bones.get("head"), bones.get("hips")];
    if (!hair || !hem || !head || !hips || dt_s <= 0) return;
    this.hair.step(dt_s, placed(HAIR_AT, head, root), root.quaternion);
    this.hem.step(dt_s, placed(HEM_AT, hips, root), root.quaternion);
    turn.copy(root.quaternion).invert();
    hair.matrixWorld.setPosition(goal.copy(this.hair.behind).applyQuaternion(turn));
    hem.matrixWorld.setPosition(goal.copy(this.hem.behind).applyQuaternion(turn));
  }
}

/** In the room. */
function placed(at: Vector3, bone: Object3D, root: Object3D): Vector3 {
  goal.copy(at).applyMatrix4(bone.matrixWorld);
  return goal.applyQuaternion(root.quaternion).add(root.position);
}

/** Nothing sways any more. */
export function calm(sway: readonly Object3D[]): void {
  for (const one of sway) one.matrixWorld.setPosition(0, 0, 0);
}
