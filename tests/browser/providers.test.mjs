// Outside accounts in a browser: who learns what is said first, then there, back and in.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { providersFile, realProvider } from "../support/provider.mjs";
import { looksWell } from "./looks.mjs";
import { journey, PHONE } from "./support.mjs";

const folder = mkdtempSync(join(tmpdir(), "bauta-providers-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const peer = await realProvider();
after(() => peer.close());
const file = providersFile(join(folder, "providers.json"), [
  peer.row({ terms_url: "https://peer.example/terms" }),
  peer.row({ id: "gone", name: "Gone", issuer: "http://localhost:9" }),
]);

function withPeer(title, act) {
  const settings = { providers: file, outbound_loopback: "yes", limit_scale: "1000" };
  journey(title, (world) => act(world, peer.asked.splice(0)), settings);
}

/** The page as a picture, for eyes. */
async function shows(page, name) {
  if (process.env.BAUTA_SHOTS)
    await page.screenshot({ path: join(process.env.BAUTA_SHOTS, `${name}.png`), fullPage: true });
}

/** At the peer: somebody types who they are. */
async function agrees(page, who) {
  await page.getByRole("heading", { name: "Peer", exact: true }).waitFor();
  await page.fill("[name=login]", who);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function fits(page, width = 390) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} px wide`);
}

/* proves: REG-6a */
withPeer(
  "a newcomer is told who learns what, comes back from the peer and registers",
  async (world) => {
    const one = await world.someone({ ...PHONE, text: true });
    const { page } = one;
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    await one.goto("/sign-in");
    await page.getByRole("link", { name: "Continue with Peer" }).click();
    await page.getByRole("heading", { name: "Sign in with Peer" }).waitFor();
    await page.getByText("What Peer learns").waitFor();
    await page.getByText("Whose terms apply").waitFor();
    await page.getByText("follows its own terms and privacy policy, not ours").waitFor();
    await page.getByText("Nothing was sent to localhost").waitFor();
    assert.equal(
      await page.getByRole("link", { name: "Terms of Peer" }).getAttribute("href"),
      "https://peer.example/terms",
    );
    await fits(page);
    await looksWell(page);
    await shows(page, "provider_phone");
    assert.deepEqual(
      peer.asked,
      [],
      "neither browser nor server have asked the provider for anything",
    );
    assert.deepEqual([...new Set(asked)], [world.url], "nor anybody else");

    await page.getByRole("button", { name: "Go on to Peer" }).tap();
    await agrees(page, "ana at the peer");
    await page.getByText("You sign in with Peer.").waitFor();
    assert.equal(new URL(page.url()).pathname, "/register");
    await fits(page);
    await one.answersAge();
    await page.fill("[name=avatar_name]", "Ana Peer");
    await page.fill("[name=email]", "ana@example.org");
    assert.equal(await page.locator("[name=password]").count(), 0, "no password is asked for");
    await page.click("form button[type=submit]");
    await one.goesOn();
    await page.waitForURL("**/rooms");

    const other = await world.someone();
    await other.goto("/sign-in?to=/avatar");
    await other.page.getByRole("link", { name: "Continue with Peer" }).click();
    await other.page.getByRole("button", { name: "Go on to Peer" }).click();
    await agrees(other.page, "ana at the peer");
    await other.page.waitForURL("**/avatar");
    assert.doesNotMatch(other.page.url(), /code|state/);
  },
);

withPeer(
  "in Indonesian a member links by keyboard, unlinks, and says no at the peer",
  async (world) => {
    const one = await world.someone({ language: "id", text: true });
    const { page } = one;
    await one.registers("Wayan Peer");
    await one.goto("/settings/sign-in");
    const link = page.getByRole("link", { name: "Tautkan akun Peer-mu" });
    await link.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Tautkan akun Peer-mu" }).waitFor();
    await page.getByText("Yang diketahui Peer").waitFor();
    assert.deepEqual(peer.asked, []);
    const button = page.getByRole("button", { name: "Lanjut ke Peer" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Peer", exact: true }).waitFor();
    one.expects(/Failed to load resource: .* 403/);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Layanan lain itu tidak memasukkanmu").waitFor();
    await page.getByRole("link", { name: "Mulai lagi" }).click();
    await page.getByRole("button", { name: "Lanjut ke Peer" }).click();
    await agrees(page, "wayan at the peer");
    await page.waitForURL("**/settings/sign-in");
    await page.locator("#providers .tag", { hasText: "tertaut" }).waitFor();
    await page.getByText("Tertaut. Mulai sekarang").waitFor();
    await looksWell(page);
    await shows(page, "provider_settings_id");
    await page.getByRole("button", { name: "Lepaskan akun Peer-mu" }).click();
    await page.getByRole("link", { name: "Tautkan akun Peer-mu" }).waitFor();
  },
);

withPeer("a trip that another browser began ends nowhere", async (world) => {
  const one = await world.someone();
  const other = await world.someone();
  let taken = "";
  await one.page.route("**/api/providers/back", (route) => {
    const brought = new URLSearchParams(route.request().postDataJSON());
    taken = `${world.url}/sign-in/back?${brought}`;
    return route.abort();
  });
  one.expects(/ERR_FAILED/);
  await one.goto("/sign-in/with/peer");
  await one.page.getByRole("button", { name: "Go on to Peer" }).click();
  await agrees(one.page, "mallory");
  await one.page.getByRole("button", { name: "Try again" }).waitFor();
  other.expects(/Failed to load resource: .* 403/);
  await other.page.goto(taken);
  await other.page.getByText("begun in another browser").waitFor();
  await other.page.getByRole("link", { name: "Choose another way" }).click();
  await other.page.getByRole("heading", { name: "Welcome back" }).waitFor();
});

withPeer("signing in again at the peer proves who one is", async (world) => {
  const one = await world.someone();
  const { page } = one;
  await one.registers("Petra Peer");
  await one.goto("/sign-in/with/peer?for=link&to=/settings/sign-in");
  await page.getByRole("button", { name: "Go on to Peer" }).click();
  await agrees(page, "petra at the peer");
  await page.locator("#providers .tag", { hasText: "linked" }).waitFor();
  await one.goto("/sign-in/with/peer?for=prove&to=/settings/profile");
  await page.getByRole("heading", { name: "Prove that it is you" }).waitFor();
  await page.getByRole("button", { name: "Go on to Peer" }).click();
  await agrees(page, "petra at the peer");
  await page.waitForURL("**/settings/profile");
  await page.getByText("Now please do once more").waitFor();
});

withPeer("an account that was closed is opened again by the same trip", async (world) => {
  const one = await world.someone({ ...PHONE });
  one.expects(/Failed to load resource: .* 40[13]/);
  const { page } = one;
  await one.registers("Gita Peer");
  await one.goto("/sign-in/with/peer?for=link&to=/settings/sign-in");
  await page.getByRole("button", { name: "Go on to Peer" }).click();
  await agrees(page, "gita at the peer");
  await page.locator("#providers .tag", { hasText: "linked" }).waitFor();
  await one.ends("/api/me");
  await page.goto(`${world.url}/sign-in/with/peer?to=/avatar`); // the peer knows the browser by now
  await page.getByRole("button", { name: "Go on to Peer" }).click();
  await page.getByRole("heading", { name: "Open your account again?" }).waitFor();
  await looksWell(page);
  await fits(page);
  await shows(page, "provider_closed");
  await page.getByRole("button", { name: "Open my account again" }).click();
  await page.waitForURL("**/avatar");
});

withPeer("a provider that is away is said to be, and the page stays", async (world) => {
  const one = await world.someone({ ...PHONE });
  const { page } = one;
  one.expects(/Failed to load resource: .* 503/);
  await one.goto("/sign-in/with/gone");
  await page.getByRole("button", { name: "Go on to Gone" }).tap();
  await page.getByText("does not answer properly just now").waitFor();
  await looksWell(page);
  await fits(page);
  await one.goto("/sign-in/with/nobody");
  assert.equal(await page.getByRole("button", { name: /^Go on/ }).count(), 0);
});
