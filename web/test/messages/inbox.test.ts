import assert from "node:assert/strict";
import test from "node:test";
import { Refused, Unreachable } from "../../src/lib/errors.ts";
import { Inbox, type Box } from "../../src/parts/messages/inbox.ts";
import type { Conversation } from "../../src/parts/messages/shapes.ts";
import { Clock, conversation, message, settle } from "./rig.ts";

class Server {
  all: Conversation[] = [];
  online = true;
  page = 30;
  readonly clock = new Clock();
  readonly inbox = new Inbox({
    list: async (box, after) => this.list(box, after),
    one: async (id) => {
      const one = this.all.find((kept) => kept.id === id);
      if (!this.online) throw new Unreachable();
      if (!one) throw new Refused(404, "messages.none", "none");
      return one;
    },
    chance: this.clock,
  });

  private list(box: Box, after?: string) {
    if (!this.online) throw new Unreachable();
    const asks = (one: Conversation) => one.state === "request";
    const fit = this.all
      .filter(
        (one) => asks(one) === (box === "requests") && one.last_ms < Number(after ?? Infinity),
      )
      .sort((a, b) => b.last_ms - a.last_ms);
    const items = fit.slice(0, this.page);
    const next = items.length === this.page ? String(items.at(-1)!.last_ms) : null;
    return { items, next, requests: this.all.filter(asks).length };
  }

  /** As the member's own channel says it. */
  async told(id: string): Promise<void> {
    this.inbox.again(id);
    this.clock.pass(1000);
    await settle();
  }
}

const ids = (inbox: Inbox, box: Box = "in") => inbox.list(box).map((one) => one.id);

test("conversations stand in the order of their last messages, page by page", async () => {
  const server = new Server();
  for (let i = 1; i <= 70; i++) server.all.push(conversation(`c${i}`, { last_ms: i }));
  await server.inbox.load();
  assert.equal(ids(server.inbox).length, 30);
  await server.inbox.more("in");
  await server.inbox.more("in");
  assert.equal(ids(server.inbox).length, 70);
  assert.deepEqual([ids(server.inbox)[0], ids(server.inbox)[69]], ["c70", "c1"]);
  assert.equal(server.inbox.next.in.peek(), null);
});

test("a new message moves its conversation up and counts until it is read", async () => {
  const server = new Server();
  server.all = [conversation("a", { last_ms: 5 }), conversation("b", { last_ms: 9 })];
  await server.inbox.load();
  server.inbox.arrived("a", message(3));
  assert.deepEqual(ids(server.inbox), ["a", "b"]);
  assert.equal(server.inbox.find("a")?.unread, 1);
  server.inbox.arrived("a", message(3));
  server.inbox.arrived("a", message(4, "me"));
  assert.equal(server.inbox.find("a")?.unread, 1, "not twice, and not one's own");
  assert.equal(server.inbox.news.peek(), 1);
  server.inbox.change("a", { unread: 0 });
  assert.equal(server.inbox.news.peek(), 0);
});

test("muted conversations do not count as news", async () => {
  const server = new Server();
  server.all = [conversation("a", { muted: true, unread: 7 })];
  await server.inbox.load();
  assert.equal(server.inbox.news.peek(), 0);
});

test("a request waits in its box, counts there, and moves when it is accepted", async () => {
  const server = new Server();
  await server.inbox.load();
  server.all = [conversation("a", { state: "request", last_ms: 3 })];
  await server.told("a");
  assert.deepEqual(ids(server.inbox), []);
  assert.deepEqual(ids(server.inbox, "requests"), ["a"]);
  assert.equal(server.inbox.waiting.peek(), 1);
  await server.told("a");
  assert.equal(server.inbox.waiting.peek(), 1, "one more message of them is no second request");
  server.all = [conversation("a", { last_ms: 3 })];
  await server.told("a");
  assert.deepEqual(ids(server.inbox), ["a"]);
  assert.equal(server.inbox.waiting.peek(), 0);
});

test("what is taken out and can still be taken back is in no list and not counted", async () => {
  const server = new Server();
  server.all = [conversation("a", { state: "request" }), conversation("b", { unread: 1 })];
  await server.inbox.load();
  await server.inbox.load("requests");
  assert.equal(server.inbox.news.peek(), 2);
  server.inbox.hide("a", true);
  server.inbox.hide("b", true);
  assert.deepEqual([server.inbox.waiting.peek(), server.inbox.news.peek()], [0, 0]);
  server.inbox.hide("a", false);
  assert.deepEqual(ids(server.inbox, "requests"), ["a"]);
  server.inbox.arrived("b", message(3));
  assert.deepEqual(ids(server.inbox), ["b"], "a new message brings a pair back");
});

test("what is gone goes from the list; a lost connection takes nothing away", async () => {
  const server = new Server();
  server.all = [conversation("a"), conversation("b", { last_ms: 2 })];
  await server.inbox.load();
  server.online = false;
  await server.told("a");
  assert.deepEqual(ids(server.inbox), ["b", "a"]);
  server.online = true;
  server.all = server.all.slice(1);
  await server.told("a");
  assert.deepEqual(ids(server.inbox), ["b"]);
});

test("loading again drops what is no longer there; the rest is fetched when it is wanted", async () => {
  const server = new Server();
  server.page = 2;
  for (let i = 1; i <= 4; i++) server.all.push(conversation(`c${i}`, { last_ms: i }));
  await server.inbox.load();
  await server.inbox.more("in");
  server.all = server.all.filter((one) => one.id !== "c3");
  server.all.push(conversation("c5", { last_ms: 5 }));
  await server.inbox.load();
  assert.deepEqual(ids(server.inbox), ["c5", "c4"]);
  await server.inbox.more("in");
  assert.deepEqual(ids(server.inbox), ["c5", "c4", "c2", "c1"]);
});

test("a conversation that was just opened is there, though the list has it after its first message", async () => {
  const server = new Server();
  server.inbox.put(conversation("new", { last_ms: 0 }));
  await server.inbox.load();
  assert.deepEqual(ids(server.inbox), []);
  assert.ok(server.inbox.find("new"));
});

test("an edit of the last message shows in the list, a reaction does not take its words", async () => {
  const server = new Server();
  server.all = [conversation("a", { last: message(3) })];
  await server.inbox.load();
  server.inbox.changed("a", message(3, "budi", { text: "changed" }));
  assert.equal(server.inbox.find("a")?.last?.text, "changed");
  server.inbox.changed("a", message(3, "budi", { text: undefined }));
  assert.equal(server.inbox.find("a")?.last?.text, "changed");
});

test("an answer for whoever sat here before is dropped", async () => {
  const server = new Server();
  server.all = [conversation("a")];
  const loading = server.inbox.load();
  server.inbox.clear();
  await loading;
  assert.deepEqual(ids(server.inbox), []);
  assert.equal(server.inbox.state.peek(), "new");
});
