// What the routes and the member's own channel say of conversations.
import type { Out } from "../api.ts";

export type Conversation = Out<"GET /api/conversations/{id}">;
export type Page = Out<"GET /api/conversations/{id}/messages">;
export type Message = Page["items"][number];
export type Member = Conversation["people"][number];
export type Found = Out<"GET /api/messages/search">["items"][number];
export type Emoji = Message["reactions"][number]["emoji"];

/** In their order; `messages.emoji_…` says each in words. */
export const EMOJI: { emoji: Emoji; text: string }[] = [
  { emoji: "👍", text: "messages.emoji_good" },
  { emoji: "❤️", text: "messages.emoji_love" },
  { emoji: "😂", text: "messages.emoji_laugh" },
  { emoji: "😮", text: "messages.emoji_wow" },
  { emoji: "😢", text: "messages.emoji_sad" },
  { emoji: "🙏", text: "messages.emoji_thanks" },
  { emoji: "🎉", text: "messages.emoji_party" },
  { emoji: "👏", text: "messages.emoji_clap" },
];

export const TEXT_MOST = 2000;
export const NAME_MOST = 60;
export const GROUP_MOST = 20;
export const MENTIONS_MOST = 10;
/** One's own words can be changed and taken back for so long. */
export const CHANGE_MS = 15 * 60_000;
