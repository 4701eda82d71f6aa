// Turning and coming nearer: by mouse and wheel, by one finger and two, by keys.

const DRAG_RAD_PX = 0.012;
const WHEEL_PX = 480;
const LINE_PX = 16;
/** Fingers this many times as far apart: from the whole body to the face. */
const PINCH_LOG = Math.log(3);
const KEY_RAD = Math.PI / 12;
const KEY_NEARER = 0.25;

export interface Moved {
  turn(radians: number): void;
  /** 1 is the way from the whole body to the face; false where it goes no further. */
  nearer(by: number): boolean;
}

/** `keys`: what has to have the focus for keys to be meant. */
export function listen(
  canvas: HTMLElement,
  keys: HTMLElement,
  moved: Moved,
  signal: AbortSignal,
): void {
  const fingers = new Map<number, { x: number; y: number }>();
  const apart = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const on = <K extends keyof HTMLElementEventMap>(
    kind: K,
    act: (event: HTMLElementEventMap[K]) => void,
  ) => canvas.addEventListener(kind, act, { signal, passive: false });
  on("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  on("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = apart();
    const dx = event.clientX - finger.x;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (fingers.size === 1) moved.turn(dx * DRAG_RAD_PX);
    else if (before > 0 && apart() > 0) moved.nearer(Math.log(apart() / before) / PINCH_LOG);
  });
  for (const kind of ["pointerup", "pointercancel"] as const)
    on(kind, (event) => void fingers.delete(event.pointerId));
  /* Two fingers are not the page's, which one finger still scrolls. */
  on("touchmove", (event) => event.touches.length > 1 && event.preventDefault());
  /* Where it goes no further the wheel scrolls the page. With Ctrl it is a pinch on a touchpad. */
  on("wheel", (event) => {
    const px = event.deltaMode === 0 ? event.deltaY : event.deltaY * LINE_PX;
    if (moved.nearer(-px / (event.ctrlKey ? WHEEL_PX / 4 : WHEEL_PX)) || event.ctrlKey)
      event.preventDefault();
  });
  keys.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        ArrowLeft: () => moved.turn(-KEY_RAD),
        ArrowRight: () => moved.turn(KEY_RAD),
        ArrowUp: () => moved.nearer(KEY_NEARER),
        ArrowDown: () => moved.nearer(-KEY_NEARER),
        "+": () => moved.nearer(KEY_NEARER),
        "-": () => moved.nearer(-KEY_NEARER),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    },
    { signal },
  );
}
