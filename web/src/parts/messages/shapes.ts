// What the routes and the member's own channel say of conversations.
import type { Out } from "../../lib/api.ts";
import type { message } from "../../gen/api.ts";

type Answer = Out<"GET /api/conversations/{id}">;
type Pages = Out<"GET /api/conversations/{id}/messages">;

export type Message = message;
export type Emoji = Message["reactions"][number]["emoji"];
export type Conversation = Answer;
export type Page = Pages;
export type Member = Answer["people"][number];
export interface Found {
  conversation: string;
  message: Message;
}

/** In their order; `talk.emoji_…` says each in words. */
export const EMOJI: { emoji: Emoji; text: string }[] = [
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
