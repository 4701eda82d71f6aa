// Friends, from wherever somebody is met: asking, answering, going where they are.
import { computed, signal } from "@preact/signals";
import { send, type Item, type Out } from "../../lib/api.ts";
import { blocksChanged } from "../blocks/block.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { go } from "../../lib/router.ts";
import { t } from "../../lib/text.ts";
import { later, toast } from "../../kit/toast.tsx";

export type Friend = Item<"GET /api/friends">;
export type Requests = Out<"GET /api/friends/requests">;
export type Found = Item<"GET /api/people">;

/** Grows when friends or requests have changed, here or on another device: lists load anew. */
export const friendsChanged = signal(0);
/** The same, and blocks, too. */
export const peopleChanged = computed(() => friendsChanged.value + blocksChanged.value);
const changed = () => void friendsChanged.value++;
onTold("friends", changed);
onMissed(changed);

type Whom = { id: string; name: string };

/** Throws what the server refuses. */
export async function ask({ id }: { id: string }, note: string): Promise<void> {
  const done = await send("POST /api/friends/requests", note ? { id, note } : { id });
  toast(t(done.relation === "friend" ? "friends.now" : "friends.was_asked", { name: done.name }));
  changed();
}

/** What they wrote when they asked is said then, at the latest: to minors it was not shown before. */
export async function accept({ id, name }: Whom): Promise<void> {
  const { note } = await send("POST /api/friends/requests/{id}/accept", { id });
  toast(note ? t("friends.now_note", { name, note }) : t("friends.now", { name }));
  changed();
}

/** Refused when the toast goes: until then it can be taken back. */
export function refuse({ id, name }: Whom, undone: () => void): void {
  const act = () => send("POST /api/friends/requests/{id}/refuse", { id });
  later(t("friends.refused", { name }), act, undone);
}

export async function withdraw({ id, name }: Whom): Promise<void> {
  await send("DELETE /api/friends/requests/{id}", { id });
  toast(t("friends.withdrawn", { name }));
  changed();
}

/** As with refusing. */
export function remove({ id, name }: Whom, undone: () => void): void {
  later(t("friends.removed", { name }), () => send("DELETE /api/friends/{id}", { id }), undone);
}

/** To the room that somebody is in. */
export async function join({ id }: { id: string }): Promise<void> {
  const room = await send("GET /api/people/{id}/room", { id });
  go(`/rooms/${encodeURIComponent(room.id)}`);
}
