// Blocking somebody, from wherever they are met: at once, and taken back by one click.
import { signal } from "@preact/signals";
import { send, type Out } from "./api.ts";
import { t } from "./text.ts";
import { complain, toast } from "./ui/toast.tsx";

/** Grows when a block is made or taken back: lists of people that are shown load anew. */
export const blocksChanged = signal(0);

export type Blocked = Out<"POST /api/blocks">;

/** By public id, or by an avatar name as somebody types it. Throws what the server refuses. */
export async function block(whom: { id: string } | { name: string }): Promise<Blocked> {
  const done = await send("POST /api/blocks", whom);
  blocksChanged.value++;
  toast(t("blocks.done", { name: done.name }), () => void unblock(done).catch(complain));
  return done;
}

/** What blocks them again after a block was taken back. */
export const again = ({ id, name, typed }: Blocked) => (typed ? { name } : { id });

export async function unblock({ id }: { id: string }): Promise<void> {
  await send("DELETE /api/blocks/{id}", { id });
  blocksChanged.value++;
}
