// Blocking somebody, from wherever they are met: at once, and taken back by one click. A friendship
// that ends by it does not come back so: that is asked first.
import { signal } from "@preact/signals";
import { send, type Out } from "../../lib/api.ts";
import type { Person } from "../../lib/person.ts";
import { t } from "../../lib/text.ts";
import { complain, toast } from "../../kit/toast.tsx";

/** Grows when a block is made or taken back: lists of people that are shown load anew. */
export const blocksChanged = signal(0);

export type Blocked = Out<"POST /api/blocks">;

type Met = Pick<Person, "name" | "relation">;

/** The friend about whom it is asked, and where the answer goes. */
export interface Blocking {
  name: string;
  decide: (sure: boolean) => void;
}
export const blocking = signal<Blocking | null>(null);

export function decideBlock(sure: boolean): void {
  blocking.peek()?.decide(sure);
  blocking.value = null;
}

async function isSure(id: string, met?: Met): Promise<boolean> {
  const person = met ?? (await send("GET /api/people/{id}", { id }).catch(() => null));
  if (person?.relation !== "friend") return true;
  return new Promise((decide) => (blocking.value = { name: person.name, decide }));
}

/**
 * By public id; false when it was thought better of. Throws what the server refuses. Somebody `met`
 * is not looked up first: who closes the window right after it has blocked them.
 */
export async function block(id: string, met?: Met): Promise<boolean> {
  if (!(await isSure(id, met))) return false;
  await blockNow({ id });
  return true;
}

/** Without asking; also by an avatar name as somebody types it. */
export async function blockNow(whom: { id: string } | { name: string }): Promise<Blocked> {
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
