// What members look like, from the call to the sockets of who is in the room with them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Client, demo, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const is = (t) => (message) => message.t === t;
const CATALOGUE = JSON.parse(
  readFileSync(new URL("../../assets/looks/catalogue.json", import.meta.url), "utf8"),
);
/* What is 0 stands in no recipe. */
const withoutZeros = (value) =>
  Array.isArray(value)
    ? value.map(withoutZeros)
    : typeof value === "object"
      ? Object.fromEntries(
          Object.entries(value)
            .flatMap(([name, one]) =>
              one === 0 ? [] : [[name, name === "colours" ? ended(one) : withoutZeros(one)]],
            )
            .filter(([, one]) => !Array.isArray(one) || one.length > 0),
        )
      : value;
const ended = (colours) => colours.slice(0, colours.findLastIndex((one) => one !== 0) + 1);
const padded = (recipe) => JSON.stringify(recipe).padEnd(2048);

test("who changes their look is seen so by who is in the room, at once and after a restart", async (t) => {
  const data = await demo(t);
  let server = await serve(data, { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const ben = await Client.register(server.port, "Ben Oak");
  const rooms = (await anna.send("GET", "/api/rooms")).json.items;
  const { id: room } = rooms.find((one) => one.scene === "lounge");
  const come = (client) =>
    Socket.open(client.port, `/api/live?room=${room}`, {
      authorization: `Bearer ${client.token}`,
    });

  const a = await come(anna);
  const me = (await a.until(is("entered"))).people.find((one) => one.name === "Anna Ek");
  assert.match(me.look, /^[a-z2-7]{26}$/);
  assert.equal((await anna.send("GET", "/api/me")).json.look, me.look);
  const b = await come(ben);
  const { people, lines } = await b.until(is("entered"));
  assert.ok(people.every((one) => one.look));
  assert.equal(new Set(people.map((one) => one.look)).size, people.length);
  assert.ok(lines.every((one) => one.look));
  const before = (await ben.send("GET", `/api/looks/${me.look}`)).json;
  assert.ok(before.recipe.wear.length > 0);

  const put = await anna.send("PUT", "/api/me/look", {
    from: me.look,
    recipe: padded({ ...before.recipe, skin: 9 }),
  });
  assert.equal(put.status, 200);
  assert.notEqual(put.json.id, me.look);
  assert.equal((await b.until(is("look"))).look, put.json.id);
  await a.until(is("looks"));
  const seen = (await ben.send("GET", `/api/looks/${put.json.id}`)).json;
  const recipe = { ...before.recipe, skin: 9 };
  assert.deepEqual(seen, { id: put.json.id, recipe, words: null });
  assert.equal((await ben.send("GET", `/api/looks/${me.look}`)).status, 404);
  const second = { from: me.look, recipe: padded({ v: 1, skin: 4 }) };
  assert.equal((await anna.send("PUT", "/api/me/look", second)).json.error.code, "looks.changed");

  await server.kill();
  server = await serve(data, { t });
  anna.port = ben.port = server.port;
  assert.deepEqual((await ben.send("GET", `/api/looks/${put.json.id}`)).json, seen);
  assert.equal(
    (await anna.send("POST", "/api/blocks", { id: (await ben.send("GET", "/api/me")).json.id }))
      .status,
    201,
  );
  const hidden = await ben.send("GET", `/api/looks/${put.json.id}`);
  const none = await ben.send("GET", `/api/looks/${"a".repeat(26)}`);
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.json, none.json);
});

/* proves: AVA-1c */
test("others see a look number by number as it was made, in words as they were written", async (t) => {
  const server = await serve(await demo(t), { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const ben = await Client.register(server.port, "Ben Oak");
  let { look: from } = (await anna.send("GET", "/api/me")).json;
  const sees = async (id) => (await ben.send("GET", `/api/looks/${id}`)).json;
  for (const { id, recipe: preset } of CATALOGUE.presets) {
    /* As far as it goes: every slider at an end, every mark, whatever the preset wears. */
    const ends = (part) =>
      Object.fromEntries(
        CATALOGUE.sliders.flatMap((one, i) =>
          (one.part === "face") === (part === "face") && i % 4 === 0 ? [[one.id, one.max]] : [],
        ),
      );
    const recipe = { v: 1, body: ends("body"), face: ends("face"), ...preset, skin: 3 };
    const words = `As ${id}, "with" \\ a slash, ünïcode and 👒`;
    const put = await anna.send("PUT", "/api/me/look", { from, recipe: padded(recipe), words });
    assert.equal(put.status, 200, id);
    const seen = await sees(put.json.id);
    assert.deepEqual(seen.recipe, put.json.recipe);
    assert.deepEqual(seen.recipe, withoutZeros(recipe), id);
    assert.equal(seen.words, words);
    from = put.json.id;
  }
});

test("what is no look is refused by name, and nothing is changed by it", async (t) => {
  const server = await serve(await demo(t), { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const { look: from } = (await anna.send("GET", "/api/me")).json;
  const before = (await anna.send("GET", "/api/me/look")).json;
  const of = async (recipe) => {
    const { status, json } = await anna.send("PUT", "/api/me/look", { from, recipe });
    return `${status} ${json.error?.code}`;
  };
  const wear = (wear) => JSON.stringify({ v: 1, wear });
  const tee = { id: "tee" };
  for (const [recipe, said] of [
    [wear([{ id: "made_up" }]), "looks.item"],
    [wear([tee, { id: "shirt" }]), "looks.slot"],
    [wear(Array(300).fill(tee)), "looks.long"],
    [wear(Array(1000).fill(tee)), "input.length"],
    [wear(Array(40).fill(tee)), "looks.slot"],
    [wear([{ ...tee, colours: [99] }]), "looks.colours"],
    [wear([{ ...tee, colours: Array(9).fill(1) }]), "looks.colours"],
    [wear([{ ...tee, pattern: 999, pattern_colour: 1 }]), "looks.pattern"],
    ['{"v":1,"v":1}', "looks.twice"],
    ['{"v":1,"skin":1,"skin":2}', "looks.twice"],
    ['{"v":1,"wear":[{"id":"tee","id":"jeans"}]}', "looks.twice"],
    ['{"v":1,"body":{"made_up":1}}', "looks.unknown"],
    ['{"v":2}', "looks.version"],
    ['{"skin":1,"v":1}', "looks.version"],
    ["{}", "looks.version"],
    ['{"v":1,"skin":9999}', "looks.range"],
    ['{"v":1,"skin":-1}', "looks.range"],
    ['{"v":1,"skin":99999999999999999999999}', "looks.range"],
    ...["1.0", "1e0", "01", "+1", '"1"', "true", "null", "[1]", "- 1", "0x1", "NaN"].map((n) => [
      `{"v":1,"skin":${n}}`,
      "looks.form",
    ]),
    ["[".repeat(2000), "looks.form"],
    [`{"v":1,"body":${"{".repeat(1000)}`, "looks.form"],
    ['{"v":1}}', "looks.form"],
    ['{"v":1,}', "looks.form"],
    ['{"v":1,"\\u0073kin":1}', "looks.form"],
    ['{"v":1,"skín":1}', "looks.form"],
    ["x".repeat(9000), "input.length"],
  ])
    assert.equal(await of(recipe), `400 ${said}`, recipe.slice(0, 80));
  assert.match(await of('{"v":1}\0'), /^400 /);
  const raw = await fetch(`http://127.0.0.1:${server.port}/api/me/look`, {
    method: "PUT",
    headers: { authorization: `Bearer ${anna.token}`, "content-type": "application/json" },
    body: Buffer.concat([
      Buffer.from('{"recipe":"{\\"v\\":1}'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]),
  });
  assert.equal(raw.status, 400);
  const huge = await anna.send("PUT", "/api/me/look", { recipe: " ".repeat(3_000_000) });
  assert.ok([400, 413].includes(huge.status), `${huge.status}`);
  assert.deepEqual((await anna.send("GET", "/api/me/look")).json, before);
});
