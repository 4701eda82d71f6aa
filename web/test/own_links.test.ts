import assert from "node:assert/strict";
import test from "node:test";
import { ownLinks } from "../src/lib/own_links.ts";

const HERE = "https://world.example";
const paths = (text: string) => ownLinks(text, HERE).flatMap(({ path }) => path ?? []);

test("addresses of rooms and people of this world lead there", () => {
  assert.deepEqual(paths(`come to ${HERE}/rooms/abc_D-1, or see (${HERE}/people/xyz).`), [
    "/rooms/abc_D-1",
    "/people/xyz",
  ]);
  assert.deepEqual(ownLinks(`a ${HERE}/rooms/b!`, HERE), [
    { text: "a " },
    { text: `${HERE}/rooms/b`, path: "/rooms/b" },
    { text: "!" },
  ]);
});

test("whatever else looks like one stays text", () => {
  for (const text of [
    "https://world.example.evil.example/rooms/a",
    "https://evil.example/https://world.example/rooms/a",
    "https://evil.example?https://world.example/rooms/a",
    "https://world.example@evil.example/rooms/a",
    "https://world.example:8443/rooms/a",
    "https://world.example//evil.example/rooms/a",
    "https://world.example/rooms/../sign-in/with/x",
    "https://world.example/rooms/a/../../settings",
    "https://world.example/rooms/a?to=/settings",
    "https://world.example/rooms/a#code",
    "https://world.example/rooms/a%2fb",
    "https://world.example/welcome#code",
    "https://world.example/api/me",
    "http://world.example/rooms/a",
    "javascript:https://world.example/rooms/a",
    "/rooms/a",
    `https://world.example/rooms/${"a".repeat(41)}`,
    "",
  ])
    assert.deepEqual(paths(text), [], text);
});

test("nothing that was written is lost or changed", () => {
  for (const text of [
    "",
    "plain",
    `${HERE}${HERE}/rooms/a ${HERE}/rooms/a${HERE}/rooms/b\n${HERE}`,
  ])
    assert.equal(
      ownLinks(text, HERE)
        .map((piece) => piece.text)
        .join(""),
      text,
    );
});
