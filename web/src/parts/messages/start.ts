// The member's conversations for the whole page: how many have something new stands in the
// navigation, wherever one is.
import { send } from "../../lib/api.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { browserChance } from "../../live/socket.ts";
import { me } from "../../lib/session.ts";
import { Inbox } from "./inbox.ts";

export const inbox = new Inbox({
  list: (box, after) => send("GET /api/conversations", { box, after }),
  one: (id) => send("GET /api/conversations/{id}", { id }),
  chance: browserChance,
});

function again(): void {
  if (me.peek()?.state !== "active") return;
  void inbox.load();
  if (inbox.list("requests").length > 0) void inbox.load("requests");
  if (inbox.shown) inbox.again(inbox.shown);
}

/** Before the channel starts: with its first word the list is loaded. */
export function startInbox(): void {
  let who: string | undefined;
  me.subscribe((member) => {
    if (member?.id !== who) inbox.clear();
    who = member?.id;
  });
  onMissed(again);
  onTold("blocked", again);
  onTold("conversation", ({ id }) => inbox.again(id));
  onTold("message", ({ conversation, message }) => inbox.arrived(conversation, message));
  onTold("message_changed", ({ conversation, message }) => inbox.changed(conversation, message));
  onTold("reading", ({ conversation, id, seq }) => inbox.reading(conversation, id, seq));
}
