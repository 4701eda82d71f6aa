import assert from "node:assert/strict";
import test from "node:test";
import { decodeMoves, encodeMove, type Spot } from "../../src/live/protocol.ts";

const close = (a: number, b: number, by = 0.005) =>
  assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

function frame(...bytes: number[]): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

test("my move is seven bytes, little endian", () => {
  const view = new DataView(encodeMove({ x: 1.5, z: -2, yaw: Math.PI, flags: 1 }));
  assert.equal(view.byteLength, 7);
  assert.equal(view.getUint8(0), 1);
  assert.equal(view.getInt16(1, true), 384);
  assert.equal(view.getInt16(3, true), -512);
  assert.equal(view.getUint8(5), 128);
  assert.equal(view.getUint8(6), 1);
});

test("a negative turn and a far place stay inside their bytes", () => {
  const view = new DataView(encodeMove({ x: 1000, z: -1000, yaw: -Math.PI / 2, flags: 0 }));
  assert.equal(view.getInt16(1, true), 32767);
  assert.equal(view.getInt16(3, true), -32767);
  assert.equal(view.getUint8(5), 192);
});

test("absolute places and small steps are understood together", () => {
  const at = new Map<number, Spot>([[3, { x: 1, z: 1, yaw: 0, flags: 0 }]]);
  const moved = (slot: number, spot: Spot) => void at.set(slot, spot);
  const known = (slot: number) => at.get(slot);
  assert.ok(decodeMoves(frame(2, 3, 0x81, 64, 64, 0x80, 7, 2, 0, 0, 1, 0, 0xff), known, moved));
  close(at.get(3)!.x, 1.25);
  close(at.get(3)!.z, 0.5);
  close(at.get(3)!.yaw, Math.PI / 2);
  assert.equal(at.get(3)!.flags, 1);
  close(at.get(7)!.x, 1);
  close(at.get(7)!.z, -1);
  assert.equal(at.get(7)!.flags, 2);
});

test("a small step of somebody unknown is skipped, and the rest still counts", () => {
  const seen: number[] = [];
  const ok = decodeMoves(
    frame(2, 1, 0x80, 0, 5, 5, 2, 0, 0, 0, 0, 0, 0),
    () => undefined,
    (slot) => seen.push(slot),
  );
  assert.ok(ok);
  assert.deepEqual(seen, [2]);
});

test("cut and foreign frames are refused", () => {
  for (const bad of [
    frame(),
    frame(9),
    frame(2, 1),
    frame(2, 1, 0, 0, 1, 1, 1),
    frame(3, 1, 0x80, 0, 1),
  ])
    assert.equal(
      decodeMoves(
        bad,
        () => undefined,
        () => undefined,
      ),
      false,
    );
});
