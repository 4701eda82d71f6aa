// The live protocol (docs/live.md): its types are made from the server's tables; here are the
// movement frames.
export type {
  Entered,
  FromServer,
  Line,
  Person,
  RoomInfo,
  ToServer,
} from "../gen/live.ts";

// biome-ignore format: a list
export const EMOTES = ["wave", "dance", "cheer", "laugh", "clap", "bow", "shrug", "think", "nod", "shake", "point", "thumbs", "beckon", "stop", "greet", "heart", "facepalm", "cry", "sigh", "yawn", "stretch", "jump", "gasp", "flex", "shiver", "sway", "groove"] as const;
/** What a face shows; the first is what everybody comes in with. */
export const MOODS = ["calm", "happy", "relaxed", "sad", "angry", "surprised", "doubt"] as const;
export type Mood = (typeof MOODS)[number];
export type Emote = (typeof EMOTES)[number];
export const TEXT_MOST = 1000;

export interface Spot {
  x: number;
  z: number;
  yaw: number;
  flags: number;
}

const HERE = 1;
const MOVED = 2;
const ALL = 3;
const SMALL = 0x80;
const PER_METRE = 256;
const TURN = Math.PI * 2;
const I16 = 32767;

const whole = (metres: number) => Math.max(-I16, Math.min(I16, Math.round(metres * PER_METRE)));

/** `01`: I am here. */
export function encodeMove({ x, z, yaw, flags }: Spot): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(7));
  view.setUint8(0, HERE);
  view.setInt16(1, whole(x), true);
  view.setInt16(3, whole(z), true);
  view.setUint8(5, Math.round((yaw / TURN) * 256) & 255);
  view.setUint8(6, flags);
  return view.buffer;
}

/**
 * `02` and `03`: calls `moved` for each entry. `last` knows where a slot was, for the small steps;
 * a step of an unknown slot is skipped. False when the frame is not understood.
 */
export function decodeMoves(
  frame: ArrayBuffer,
  last: (slot: number) => Spot | undefined,
  moved: (slot: number, spot: Spot) => void,
): boolean {
  const view = new DataView(frame);
  if (view.byteLength < 1) return false;
  const kind = view.getUint8(0);
  if (kind !== MOVED && kind !== ALL) return false;
  for (let at = 1; at < view.byteLength; ) {
    if (at + 3 > view.byteLength) return false;
    const slot = view.getUint8(at);
    const flags = view.getUint8(at + 1);
    const yaw = (view.getUint8(at + 2) / 256) * TURN;
    at += 3;
    const small = (flags & SMALL) !== 0;
    if (at + (small ? 2 : 4) > view.byteLength) return false;
    const old = last(slot);
    if (small && old) {
      const x = old.x + view.getInt8(at) / PER_METRE;
      const z = old.z + view.getInt8(at + 1) / PER_METRE;
      moved(slot, { x, z, yaw, flags: flags & ~SMALL });
    } else if (!small) {
      const x = view.getInt16(at, true) / PER_METRE;
      const z = view.getInt16(at + 2, true) / PER_METRE;
      moved(slot, { x, z, yaw, flags });
    }
    at += small ? 2 : 4;
  }
  return true;
}
