// What somebody is about to report of talk: a room, a line said in it, a message. One at a time.
import { signal } from "@preact/signals";
import type { In } from "../../lib/api.ts";

export type Reason = In<"POST /api/reports">["reason"];
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
  /** As the feature calls it that has it; its sentences are report.title_<kind> and so on. */
  kind: string;
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
