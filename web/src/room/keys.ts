// Keys that walk, look and gesture, while the stage has the focus.

export interface Steering {
  right: number;
  forward: number;
  run: boolean;
}

interface Acts {
  /** The keys that walk are others than before. */
  walk(): void;
  turn(azimuth: number, polar: number): void;
  zoom(factor: number): void;
  leave(): void;
  /** A digit: the gesture of this place, from 0. */
  gesture(n: number): void;
}

const TURN_RAD = 0.15;
const ZOOM = 1.12;
const DIGIT = /^(?:Digit|Numpad)[1-9]$/;

/* By place on the keyboard, so that WASD is under the same fingers on every layout. */
const WALK: Record<string, [right: number, forward: number]> = {
  ArrowUp: [0, 1],
  KeyW: [0, 1],
  ArrowDown: [0, -1],
  KeyS: [0, -1],
  ArrowLeft: [-1, 0],
  KeyA: [-1, 0],
  ArrowRight: [1, 0],
  KeyD: [1, 0],
};

export function keys(host: HTMLElement, acts: Acts): { now(): Steering; stop(): void } {
  const down = new Set<string>();
  let run = false;
  const once: Record<string, () => void> = {
    KeyQ: () => acts.turn(-TURN_RAD, 0),
    KeyE: () => acts.turn(TURN_RAD, 0),
    PageUp: () => acts.turn(0, -TURN_RAD),
    PageDown: () => acts.turn(0, TURN_RAD),
    Equal: () => acts.zoom(1 / ZOOM),
    NumpadAdd: () => acts.zoom(1 / ZOOM),
    Minus: () => acts.zoom(ZOOM),
    NumpadSubtract: () => acts.zoom(ZOOM),
    Escape: () => acts.leave(),
  };
  const stop = new AbortController();
  const { signal } = stop;
  host.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      run = event.shiftKey;
      if (event.code in WALK) {
        down.add(event.code);
        if (!event.repeat) acts.walk();
      } else if (event.code in once) once[event.code]!();
      else if (DIGIT.test(event.code)) {
        if (!event.repeat) acts.gesture(Number(event.code.at(-1)) - 1);
      } else return;
      event.preventDefault();
    },
    { signal },
  );
  host.addEventListener(
    "keyup",
    (event) => {
      run = event.shiftKey;
      down.delete(event.code);
    },
    { signal },
  );
  host.addEventListener("blur", () => down.clear(), { signal });
  return {
    now() {
      let [right, forward] = [0, 0];
      for (const code of down) {
        right += WALK[code]![0];
        forward += WALK[code]![1];
      }
      return { right: Math.sign(right), forward: Math.sign(forward), run };
    },
    stop: () => stop.abort(),
  };
}
