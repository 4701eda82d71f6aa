// Blocking somebody, from wherever they are met: at once, and taken back by one click. A friendship
// that ends by it does not come back so: that is asked first.
import { signal } from "@preact/signals";
import { Refused, send, type In, type Out } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { complain, toast } from "../../kit/toast.tsx";

/** Grows when a block is made or taken back: lists of people that are shown load anew. */
export const blocksChanged = signal(0);

export type Blocked = Out<"POST /api/blocks">;

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

/**
 * False when it was thought better of. Throws what the server refuses. Nobody is looked up first, the
 * server says who is a friend: whoever closes the window right after it has blocked them.
 */
export async function block({ id, name }: { id: string; name: string }): Promise<boolean> {
  try {
    await blockNow({ id, unless_friend: true });
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "blocks.friend") throw error;
    const sure = await new Promise<boolean>((decide) => (blocking.value = { name, decide }));
    if (!sure) return false;
    await blockNow({ id });
  }
  return true;
}

/** And nothing is said of it: for whoever says it themselves. `key` as `send` has it. */
export async function blockUnsaid(whom: In<"POST /api/blocks">, key?: string): Promise<Blocked> {
  const done = await send("POST /api/blocks", whom, key);
  blocksChanged.value++;
  return done;
}

/** Without asking; also by an avatar name as somebody types it. */
export async function blockNow(whom: In<"POST /api/blocks">): Promise<Blocked> {
  const done = await blockUnsaid(whom);
  toast(t("blocks.done", { name: done.name }), () => void unblock(done).catch(complain));
  return done;
}

/** What blocks them again after a block was taken back. */
export const again = ({ id, name, typed }: Blocked) => (typed ? { name } : { id });

export async function unblock({ id }: { id: string }): Promise<void> {
  await send("DELETE /api/blocks/{id}", { id });
  blocksChanged.value++;
}
