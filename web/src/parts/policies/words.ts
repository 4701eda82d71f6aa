import { showDay, t } from "../../lib/text.ts";

export const title = (kind: string): string => t(`policies.title_${kind}`);

/** From when a version is in force. */
export function since({ number, since_ms }: { number: number; since_ms: number }): string {
  const coming = since_ms > Date.now();
  return t(coming ? "policies.will" : "policies.since", { number, day: showDay(since_ms) });
}
