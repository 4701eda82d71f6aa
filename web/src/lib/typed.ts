// What somebody has typed where people write, a room or a conversation, and not sent: there again after a
// reload of the page, for them alone.
import { keep, kept } from "./kept.ts";
import { me } from "./session.ts";

const account = (): string => me.peek()?.id ?? "";

export const typedIn = (id: string): string => kept("draft", account(), id) ?? "";

/** "" forgets it. */
export const keepTyped = (id: string, text: string): void => keep("draft", account(), id, text);
