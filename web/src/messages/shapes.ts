// What the routes and the member's own channel say of conversations.
import type { Out } from "../api.ts";
import type { DirectMessage } from "../live/protocol.ts";

type Answer = Out<"GET /api/conversations/{id}">;
type Pages = Out<"GET /api/conversations/{id}/messages">;

/** As the channel tells it; routes say the same, with the few signs of a reaction by name. */
export type Message = DirectMessage;
export type Conversation = Omit<Answer, "last"> & { last?: Message };
export type Page = Omit<Pages, "items"> & { items: Message[] };
export type Member = Answer["people"][number];
export interface Found {
  conversation: string;
  message: Message;
}

/** In their order; `talk.emoji_…` says each in words. */
export const EMOJI: { emoji: string; text: string }[] = [
  { emoji: "👍", text: "talk.emoji_good" },
  { emoji: "❤️", text: "talk.emoji_love" },
  { emoji: "😂", text: "talk.emoji_laugh" },
  { emoji: "😮", text: "talk.emoji_wow" },
  { emoji: "😢", text: "talk.emoji_sad" },
  { emoji: "🙏", text: "talk.emoji_thanks" },
  { emoji: "🎉", text: "talk.emoji_party" },
  { emoji: "👏", text: "talk.emoji_clap" },
];

export const TEXT_MOST = 2000;
export const NAME_MOST = 60;
export const GROUP_MOST = 20;
export const MENTIONS_MOST = 10;
/** One's own words can be changed and taken back for so long. */
export const CHANGE_MS = 15 * 60_000;
