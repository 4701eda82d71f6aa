// The second press after getting out of a room: whom one means is blocked and reported, whatever fails.
import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";

const BUDI = { id: "budi", name: "Budi", seq: 7, said: 2 };
const SARI = { id: "sari", name: "Sari", seq: 5, said: 1 };
const ADI = { id: "adi", name: "Adi", said: 0 };
const TOLD = { reason: "harassment" as const, text: "" };

interface Sent {
  call: string;
  key: string;
}

/** What is sent, and a server that refuses what `fails` says. */
async function served(
  t: TestContext,
  fails: (call: string) => string | undefined = () => undefined,
) {
  const sent: Sent[] = [];
  t.mock.method(globalThis, "fetch", (path: string, { method, body, headers }: RequestInit) => {
    const call = `${method} ${path} ${body ?? ""}`;
    sent.push({ call, key: (headers as Record<string, string>)["Idempotency-Key"]! });
    const code = fails(call);
    if (code)
      return Promise.resolve(Response.json({ error: { code, text: code } }, { status: 409 }));
    return Promise.resolve(
      path === "/api/blocks"
        ? Response.json({ id: "x", name: "x", since_ms: 1, typed: false }, { status: 201 })
        : new Response(null, { status: 204 }),
    );
  });
  for (const [name, value] of Object.entries({
    navigator: { languages: ["en"] },
    localStorage: { getItem: () => null },
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  const { Exit } = await import("../src/parts/panic/exit.ts");
  return { sent, Exit };
}

const BLOCK = 'POST /api/blocks {"id":"budi","unless_friend":true}';
const REPORT = 'POST /api/rooms/r/report {"seq":7,"reason":"harassment"}';
const calls = (sent: Sent[]) => sent.map(({ call }) => call);

test("the last who spoke is chosen, and nobody who only stood near", async (t) => {
  const { Exit } = await served(t);
  const chosen = (...met: (typeof BUDI | typeof ADI)[]) =>
    new Exit("r", met).people.value.filter((one) => one.chosen).map(({ id }) => id);
  assert.deepEqual(chosen(BUDI, SARI, ADI), ["budi"]);
  assert.deepEqual(chosen(ADI), []);
  assert.deepEqual(chosen(), []);
});

test("one press sends the block and the report of the last line before anything is answered", async (t) => {
  const { sent, Exit } = await served(t);
  const exit = new Exit("r", [BUDI, SARI]);
  const done = exit.act(TOLD);
  assert.deepEqual(calls(sent), [BLOCK, REPORT]);
  await done;
  const [budi, sari] = exit.people.value;
  assert.deepEqual([budi!.block, budi!.report], ["done", "done"]);
  assert.deepEqual([sari!.block, sari!.report], ["todo", "todo"]);
  assert.deepEqual(exit.open(TOLD), []);
  await exit.act(TOLD);
  assert.equal(sent.length, 2, "nothing twice");
});

for (const [failing, other] of [
  ["report", "block"],
  ["block", "report"],
] as const) {
  test(`a ${other} is made when the ${failing} fails, which is tried again with the same key`, async (t) => {
    let broken = true;
    const { sent, Exit } = await served(t, (call) =>
      broken && call.includes(failing) ? "limits.often" : undefined,
    );
    const exit = new Exit("r", [BUDI]);
    await exit.act(TOLD);
    const first = exit.people.value[0]!;
    assert.deepEqual([first[failing], first.why[failing]], ["failed", "limits.often"]);
    assert.equal(first[other], "done");
    const key = sent.find(({ call }) => call.includes(failing))!.key;
    broken = false;
    sent.length = 0;
    await exit.act(TOLD);
    assert.deepEqual(calls(sent), [failing === "block" ? BLOCK : REPORT]);
    assert.equal(sent[0]!.key, key);
    assert.equal(exit.people.value[0]![failing], "done");
  });
}

test("other words to the staff are another call: they come with a key of their own", async (t) => {
  const { sent, Exit } = await served(t, (call) =>
    call.includes("report") ? "limits.often" : undefined,
  );
  const exit = new Exit("r", [BUDI]);
  await exit.act(TOLD);
  await exit.act({ reason: "danger", text: "help" });
  const [first, second] = sent.filter(({ call }) => call.includes("report"));
  assert.match(second!.call, /"reason":"danger","text":"help"/);
  assert.notEqual(first!.key, second!.key);
});

test("a friend is reported at once, and blocked once it was asked", async (t) => {
  const { sent, Exit } = await served(t, (call) => (call === BLOCK ? "blocks.friend" : undefined));
  const exit = new Exit("r", [BUDI]);
  await exit.act(TOLD);
  const [one] = exit.people.value;
  assert.deepEqual([one!.block, one!.report], ["asks", "done"]);
  await exit.act(TOLD);
  assert.equal(sent.length, 2, "nobody has said yes");
  await exit.blockFriend(one!);
  assert.equal(sent.at(-1)!.call, 'POST /api/blocks {"id":"budi"}');
  assert.equal(exit.people.value[0]!.block, "done");
});

test("who said nothing is blocked alone", async (t) => {
  const { sent, Exit } = await served(t);
  const exit = new Exit("r", [ADI]);
  exit.choose("adi", true);
  await exit.act(TOLD);
  assert.deepEqual(calls(sent), ['POST /api/blocks {"id":"adi","unless_friend":true}']);
  assert.equal(exit.people.value[0]!.report, "none");
  assert.deepEqual(exit.open(TOLD), []);
  await exit.act({ ...TOLD, text: "He followed me." });
  assert.equal(
    sent.at(-1)!.call,
    'POST /api/people/adi/report {"reason":"harassment","text":"He followed me."}',
  );
  assert.equal(exit.people.value[0]!.report, "done");
});

test("with the person's words who said nothing is reported, from behind the block", async (t) => {
  const { sent, Exit } = await served(t);
  const exit = new Exit("r", [ADI]);
  exit.choose("adi", true);
  const done = exit.act({ ...TOLD, text: "He followed me." });
  assert.equal(sent.length, 1, "first the block, so that nothing of the page is kept");
  await done;
  assert.equal(sent.length, 2);
  assert.match(sent[1]!.call, /^POST \/api\/people\/adi\/report/);
});

test("a report of the line that is open already is as good", async (t) => {
  const { Exit } = await served(t, (call) => (call === REPORT ? "reports.open" : undefined));
  const exit = new Exit("r", [BUDI]);
  await exit.act(TOLD);
  assert.equal(exit.people.value[0]!.report, "done");
});
