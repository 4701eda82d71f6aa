// Gifts, as friends meet them.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE } from "./support.mjs";

/** As the pages of friends would, which have journeys of their own. */
const sends = (page, path, body) =>
  page.evaluate(
    async ([to, json]) => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      return (await fetch(to, { method: "POST", headers, body: json })).status;
    },
    [path, JSON.stringify(body)],
  );
const idOf = (page) => page.evaluate(async () => (await (await fetch("/api/me")).json()).id);

journey("what a friend gives comes into the open page, on a phone, too", async (world) => {
  const mia = await world.someone({ text: true });
  const budi = await world.someone({ text: true, ...PHONE });
  await mia.registers("Mira Tester");
  await budi.registers("Bodil Tester");
  const [from, to] = [await idOf(mia.page), await idOf(budi.page)];
  assert.equal(await sends(mia.page, "/api/friends/requests", { id: to }), 201);
  assert.equal(await sends(budi.page, `/api/friends/requests/${from}/accept`, {}), 200);

  await budi.goto("/gifts");
  await budi.page.getByText("Nothing yet").waitFor();
  await looksWell(budi.page);
  await mia.goto(`/people/${to}`);
  await mia.page.getByRole("button", { name: "Give Bodil Tester something" }).click();
  await mia.page.getByText("Bodil Tester has it.").waitFor();
  await budi.page.locator(".gifts li", { hasText: "Mira Tester" }).waitFor();
  await looksWell(budi.page);
});
