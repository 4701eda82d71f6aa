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
const REPORT = 'POST /api/reports {"kind":"line","id":"r","seq":7,"reason":"harassment"}';
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
  await exit.blockFriend(one!, TOLD);
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
    'POST /api/reports {"kind":"page","id":"adi","reason":"harassment","text":"He followed me."}',
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
  assert.match(sent[1]!.call, /^POST \/api\/reports {"kind":"page","id":"adi"/);
});

test("who said nothing in the last minute is reported by their line before it, and not chosen", async (t) => {
  const { sent, Exit } = await served(t);
  const exit = new Exit("r", [{ ...ADI, seq: 3 }]);
  assert.equal(exit.people.value[0]!.chosen, false);
  exit.choose("adi", true);
  await exit.act(TOLD);
  assert.equal(
    sent.at(-1)!.call,
    'POST /api/reports {"kind":"line","id":"r","seq":3,"reason":"harassment"}',
  );
});

for (const why of ["blocks.friend", "limits.often"])
  test(`nobody's page is reported while the block is not made: ${why}`, async (t) => {
    let refusing = true;
    const { sent, Exit } = await served(t, (call) =>
      refusing && call.startsWith("POST /api/blocks") ? why : undefined,
    );
    const exit = new Exit("r", [ADI]);
    exit.choose("adi", true);
    const told = { ...TOLD, text: "He followed me." };
    await exit.act(told);
    assert.equal(sent.length, 1);
    assert.equal(exit.people.value[0]!.report, "todo");
    refusing = false;
    if (why === "blocks.friend") {
      assert.deepEqual(exit.open(told), [], "it is asked beside the name");
      await exit.blockFriend(exit.people.value[0]!, told);
    } else await exit.act(told);
    assert.match(sent.at(-1)!.call, /^POST \/api\/reports {"kind":"page","id":"adi"/);
    assert.equal(exit.people.value[0]!.report, "done");
  });

test("of a report that is open already new words are not taken, which is said, and it is not tried again", async (t) => {
  const { sent, Exit } = await served(t, (call) =>
    call.includes("report") ? "reports.open" : undefined,
  );
  const exit = new Exit("r", [BUDI]);
  const told = { ...TOLD, text: "He followed me." };
  await exit.act(told);
  const [one] = exit.people.value;
  assert.deepEqual([one!.report, one!.why.report], ["open", "reports.open"]);
  assert.deepEqual(exit.open(told), []);
  assert.equal(sent.length, 2);
});

test("a double press is one, and none counts before the window was there for a moment", async (t) => {
  await served(t);
  const { Presses } = await import("../src/parts/panic/exit.ts");
  const presses = new Presses(1000);
  assert.deepEqual(
    [1000, 1499, 1500, 1600, 1999, 2000].map((at) => presses.counts(at)),
    [false, false, true, false, false, true],
  );
  presses.again(2600);
  assert.equal(presses.counts(3000), false);
});

test("what failed after one went on is told to nobody else", async (t) => {
  const { Exit } = await served(t, () => "limits.often");
  const { me } = await import("../src/lib/session.ts");
  const { Toasts } = await import("../src/kit/toast.tsx");
  const shown = () => ([Toasts().props.children].flat() as unknown[]).length;
  for (const [after, toasts] of [
    ["mia", 2],
    ["ari", 0],
  ] as const) {
    const before = shown();
    me.value = { id: "mia" } as typeof me.value;
    const exit = new Exit("r", [BUDI]);
    const done = exit.act(TOLD);
    exit.leave();
    me.value = { id: after } as typeof me.value;
    await done;
    assert.equal(shown() - before, toasts);
  }
  me.value = null;
});

test("a report of the line that is open already is as good", async (t) => {
  const { Exit } = await served(t, (call) => (call === REPORT ? "reports.open" : undefined));
  const exit = new Exit("r", [BUDI]);
  await exit.act(TOLD);
  assert.equal(exit.people.value[0]!.report, "done");
});
