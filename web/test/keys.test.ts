import assert from "node:assert/strict";
import test from "node:test";
import { keys } from "../src/room/keys.ts";

const key = (type: string, code: string, more: object = {}): Event =>
  Object.assign(new Event(type, { cancelable: true }), { code, ...more });

test("a key that walks is told at once, and not again while it is held down", () => {
  const host = new EventTarget();
  const told: { right: number; forward: number }[] = [];
  const nothing = () => undefined;
  const pressed = keys(host as HTMLElement, {
    walk: () => told.push(pressed.now()),
    turn: nothing,
    zoom: nothing,
    leave: nothing,
    gesture: nothing,
  });
  host.dispatchEvent(key("keydown", "ArrowRight"));
  host.dispatchEvent(key("keydown", "ArrowRight", { repeat: true }));
  host.dispatchEvent(key("keydown", "KeyW"));
  host.dispatchEvent(key("keydown", "KeyQ"));
  host.dispatchEvent(key("keydown", "ArrowRight", { ctrlKey: true }));
  assert.deepEqual(told, [
    { right: 1, forward: 0, run: undefined },
    { right: 1, forward: 1, run: undefined },
  ]);
  host.dispatchEvent(key("keyup", "ArrowRight"));
  assert.equal(pressed.now().right, 0);
});

test("digits make gestures once a press, and none with a modifier", () => {
  const host = new EventTarget();
  const made: number[] = [];
  const nothing = () => undefined;
  keys(host as HTMLElement, {
    walk: nothing,
    turn: nothing,
    zoom: nothing,
    leave: nothing,
    gesture: (n) => made.push(n),
  });
  for (const code of ["Digit1", "Numpad9", "Digit0"]) host.dispatchEvent(key("keydown", code));
  host.dispatchEvent(key("keydown", "Digit2", { repeat: true }));
  host.dispatchEvent(key("keydown", "Digit3", { altKey: true }));
  assert.deepEqual(made, [0, 8]);
});
