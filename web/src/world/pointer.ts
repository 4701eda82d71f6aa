// Mouse, finger and pen on the picture: a tap means something, however long it takes (a hand may be
// slow, a machine too), a drag turns, two fingers zoom.
export interface PointerEvents {
  /** Pixels from the picture's left top. */
  tap(x: number, y: number, twice: boolean): void;
  hover(x: number, y: number): void;
  leave(): void;
  turn(azimuth: number, polar: number): void;
  zoom(factor: number): void;
}

const TURN_RAD_PX = 0.006;
const TAP_PX = 8;
const TWICE_PX = 30;
const TWICE_MS = 350;
const WHEEL = 0.0012;
const WHEEL_MAX_PX = 240;
const LINE_PX = 16;

interface Finger {
  x: number;
  y: number;
  downX: number;
  downY: number;
  moved: boolean;
}

/** Listens until the returned function is called. */
export function listen(canvas: HTMLElement, to: PointerEvents): () => void {
  const fingers = new Map<number, Finger>();
  const stop = new AbortController();
  const { signal } = stop;
  let last = { x: 0, y: 0, at_ms: -Infinity };

  const spread = (): number => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };

  canvas.addEventListener(
    "pointerdown",
    (e) => {
      if (fingers.size >= 2) return;
      canvas.setPointerCapture(e.pointerId);
      const { offsetX: x, offsetY: y } = e;
      fingers.set(e.pointerId, { x, y, downX: x, downY: y, moved: false });
      // The second finger makes it a gesture: none of the two will be a tap.
      if (fingers.size === 2) for (const one of fingers.values()) one.moved = true;
    },
    { signal },
  );

  canvas.addEventListener(
    "pointermove",
    (e) => {
      const finger = fingers.get(e.pointerId);
      if (!finger) {
        if (e.pointerType !== "touch") to.hover(e.offsetX, e.offsetY);
        return;
      }
      const before = spread();
      const [dx, dy] = [e.offsetX - finger.x, e.offsetY - finger.y];
      finger.x = e.offsetX;
      finger.y = e.offsetY;
      if (Math.hypot(finger.x - finger.downX, finger.y - finger.downY) > TAP_PX)
        finger.moved = true;
      if (!finger.moved) return;
      const share = 1 / fingers.size;
      to.turn(-dx * TURN_RAD_PX * share, -dy * TURN_RAD_PX * share);
      const after = spread();
      if (before > 0 && after > 0) to.zoom(before / after);
    },
    { signal },
  );

  const up = (e: PointerEvent, counts: boolean): void => {
    const finger = fingers.get(e.pointerId);
    fingers.delete(e.pointerId);
    if (!finger || finger.moved || !counts || e.button !== 0) return;
    const twice =
      e.timeStamp - last.at_ms < TWICE_MS &&
      Math.hypot(finger.x - last.x, finger.y - last.y) < TWICE_PX;
    last = { x: finger.x, y: finger.y, at_ms: twice ? -Infinity : e.timeStamp };
    to.tap(finger.x, finger.y, twice);
  };
  canvas.addEventListener("pointerup", (e) => up(e, true), { signal });
  canvas.addEventListener("pointercancel", (e) => up(e, false), { signal });
  canvas.addEventListener("pointerleave", () => to.leave(), { signal });
  canvas.addEventListener("contextmenu", (e) => e.preventDefault(), { signal });
  canvas.addEventListener(
    "wheel",
    (e) => {
      e.preventDefault();
      const px = e.deltaY * (e.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
      to.zoom(Math.exp(Math.max(-WHEEL_MAX_PX, Math.min(WHEEL_MAX_PX, px)) * WHEEL));
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}
