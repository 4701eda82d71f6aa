// What somebody is about to report of talk: a room, a line said in it, a message. One at a time.
import { signal } from "@preact/signals";
import type { In } from "../../lib/api.ts";
import type { Message } from "../messages/shapes.ts";

export type Reason = In<"POST /api/people/{id}/report">["reason"];
export const REASONS: Reason[] = [
  "danger",
  "harassment",
  "sexual",
  "hate",
  "private",
  "scam",
  "impersonation",
  "other",
];
export const WORDS_MOST = 1000;

export interface Reported {
  kind: "room" | "line" | "message";
  /** Of the room or conversation. */
  id: string;
  /** Of the line or message. */
  seq?: number;
  /** The room's, or of who wrote it. */
  name: string;
  /** Who wrote it; a room's owner need not be known. */
  from?: string;
  text?: string | undefined;
}

export const reported = signal<Reported | null>(null);

export function closeReport(): void {
  reported.value = null;
}

export function reportMessage(id: string, { seq, name, from, text }: Message): void {
  reported.value = { kind: "message", id, seq, name, from, text };
}
