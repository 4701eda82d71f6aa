import { useRef } from "preact/hooks";
import type { Steering } from "./keys.ts";

/* In radii: pushed well beyond the rim, the avatar runs. */
const RUN_AT = 1.25;
const DEAD = 0.15;

/** A thumb stick for touch screens. Keyboards and lists do the same, so readers skip it. */
export function Joystick({ steer }: { steer: (steering: Steering) => void }) {
  const base = useRef<HTMLDivElement>(null);
  const knob = useRef<HTMLDivElement>(null);
  const finger = useRef<number | null>(null);

  const push = (event: PointerEvent) => {
    if (finger.current !== event.pointerId) return;
    const box = base.current!.getBoundingClientRect();
    const reach = box.width / 2;
    let x = (event.clientX - box.left - reach) / reach;
    let y = (event.clientY - box.top - reach) / reach;
    const long = Math.hypot(x, y);
    if (long > 1) [x, y] = [x / long, y / long];
    knob.current!.style.transform = `translate(${x * reach * 0.6}px, ${y * reach * 0.6}px)`;
    const live = long > DEAD;
    steer({ right: live ? x : 0, forward: live ? -y : 0, run: long > RUN_AT });
  };
  const down = (event: PointerEvent) => {
    if (finger.current !== null) return;
    finger.current = event.pointerId;
    base.current!.setPointerCapture(event.pointerId);
    push(event);
  };
  const up = (event: PointerEvent) => {
    if (finger.current !== event.pointerId) return;
    finger.current = null;
    knob.current!.style.transform = "";
    steer({ right: 0, forward: 0, run: false });
  };
  return (
    <div
      ref={base}
      class="joystick"
      aria-hidden="true"
      onPointerDown={down}
      onPointerMove={push}
      onPointerUp={up}
      onPointerCancel={up}
      onLostPointerCapture={up}
    >
      <div ref={knob} class="joystick-knob" />
    </div>
  );
}
