// The list of rooms: the server's order at first and when asked for, and nobody moves between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, more, renew, type Port, type RoomItem } from "../src/parts/rooms/list.ts";

const room = (id: string, here = 0): RoomItem => ({ id, here }) as RoomItem;
const ids = (shown: { rooms: RoomItem[] }) => shown.rooms.map((one) => one.id).join(" ");
const counts = (shown: { rooms: RoomItem[] }) => shown.rooms.map((one) => one.here).join(" ");

/** A server whose pages are these; what is asked for singly is noted. */
function server(pages: RoomItem[][], others: RoomItem[] = []) {
  const asked: string[] = [];
  const port: Port = {
    page: async (after) => {
      const n = Number(after ?? 0);
      return { items: pages[n]!, next: n + 1 < pages.length ? String(n + 1) : null };
    },
    one: async (id) => {
      asked.push(id);
      return [...pages.flat(), ...others].find((one) => one.id === id) ?? null;
    },
  };
  return { port, asked };
}

test("rooms stay where they are when others become busier, and say how many are in now", async () => {
  const old = await load(server([[room("a", 3), room("b", 1), room("c")]]).port);
  const now = await renew(server([[room("c", 9), room("b", 4), room("a")]]).port, old);
  assert.equal(ids(now), "a b c");
  assert.equal(counts(now), "0 4 9");
  assert.equal(ids(await load(server([[room("c", 9), room("b", 4), room("a")]]).port)), "c b a");
});

test("a room that is new comes last, and one that has ended goes", async () => {
  const old = await load(server([[room("a"), room("b"), room("c")]]).port);
  const { port, asked } = server([[room("n", 5), room("a"), room("c")]]);
  assert.equal(ids(await renew(port, old)), "a c n");
  assert.deepEqual(asked, []);
});

test("a room that is no more at the top stays, as it is now, though its page is not shown", async () => {
  const old = await load(
    server([
      [room("z", 7), room("a")],
      [room("y"), room("z", 7)],
    ]).port,
  );
  const { port, asked } = server([
    [room("a"), room("b")],
    [room("y"), room("z", 1)],
  ]);
  const now = await renew(port, old);
  assert.equal(ids(now), "z a b");
  assert.equal(counts(now), "1 0 0");
  assert.deepEqual(asked, ["z"]);
  const gone = await renew(server([[room("a"), room("b")], [room("y")]]).port, now);
  assert.equal(ids(gone), "a b");
});

test("more pages bring no room twice, and all pages that are shown are renewed", async () => {
  const pages = [
    [room("z", 7), room("a")],
    [room("y"), room("z", 7)],
  ];
  const { port } = server(pages);
  const both = await more(port, await load(port));
  assert.equal(ids(both), "z a y");
  assert.equal(both.next, null);
  const now = await renew(server([[room("a"), room("y", 2)], [room("z")]]).port, both);
  assert.equal(ids(now), "z a y");
  assert.equal(counts(now), "0 0 2");
});
