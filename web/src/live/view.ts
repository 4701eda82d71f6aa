import type { Person } from "./protocol.ts";

/** The part of the 3D view that a visit tells things to. */
export interface View {
  put(p: Person, me: boolean): void;
  drop(slot: number): void;
  move(slot: number, x: number, z: number, yaw: number, flags: number): void;
  seat(slot: number, seat: number, x: number, z: number, yaw: number): void;
  emote(slot: number, name: string): void;
  mood(slot: number, name: string): void;
  say(slot: number, text: string): void;
  typing(slot: number, on: boolean): void;
  away(slot: number, on: boolean): void;
  look(slot: number, avatar: string, colours: number[], look?: string): void;
  target?(x: number, z: number): void;
}
