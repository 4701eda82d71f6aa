// Passkeys with Chromium's virtual authenticator: registering, both ways of signing in, the second
// step, the proof before risky acts, adding, renaming and removing.
import assert from "node:assert/strict";
import { looksWellEverywhere, looksWellIn } from "./looks.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

/** A device that keeps passkeys; it answers at once while it is `near`. */
class Authenticator {
  static async of(one, options = {}) {
    const it = new Authenticator();
    it.cdp = await one.page.context().newCDPSession(one.page);
    await it.cdp.send("WebAuthn.enable", { enableUI: false });
    const added = await it.cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        ...options,
      },
    });
    it.id = added.authenticatorId;
    return it;
  }

  async near(enabled) {
    await this.cdp.send("WebAuthn.setAutomaticPresenceSimulation", {
      authenticatorId: this.id,
      enabled,
    });
  }

  async verifies(isUserVerified) {
    await this.cdp.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified });
  }

  async keys() {
    const { credentials } = await this.cdp.send("WebAuthn.getCredentials", {
      authenticatorId: this.id,
    });
    return credentials;
  }

  async put(credential) {
    await this.cdp.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
  }
}

async function begins(one) {
  const { page } = one;
  await one.goto("/register");
  await one.answersAge();
  await page.locator("[name=avatar_name]").waitFor();
}

async function registersByPasskey(one, name) {
  const { page } = one;
  await begins(one);
  await page.fill("[name=avatar_name]", name);
  await page.fill("[name=email]", `${name.replace(/\W/g, "").toLowerCase()}@example.org`);
  await page.click("form button[type=submit]");
  await one.goesOn();
  await page.waitForURL("**/rooms");
  one.name = name;
}

const whoAmI = (one) =>
  one.page.evaluate(() => fetch("/api/me").then((a) => a.json().then((me) => me.avatar_name)));

/* A browser that offers nothing at the name field: this authenticator would answer there at once. */
const onlyTheButton = (page) =>
  page.addInitScript(() => {
    window.PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });

/* proves: SAF-3c */
journey(
  "a passkey is offered first, with it one registers and signs in, and no other page gets its answer",
  async (world) => {
    const one = await world.someone();
    const { page } = one;
    const device = await Authenticator.of(one);
    await begins(one);
    const ways = page.locator(".choice");
    assert.match(await ways.first().textContent(), /^Passkey/);
    assert.equal(await ways.first().locator("input").isChecked(), true);
    assert.equal(await page.locator("[name=password]").count(), 0, "no password is asked for");
    await page.fill("[name=avatar_name]", "Kunci Baru");
    await page.fill("[name=email]", "kunci@example.org");
    await page.getByRole("button", { name: "Create account with a passkey" }).click();
    await one.goesOn();
    await page.waitForURL("**/rooms");
    const [key] = await device.keys();
    assert.equal(key.rpId, "localhost");
    assert.equal(key.isResidentCredential, true);
    assert.equal(Buffer.from(key.userHandle, "base64").length, 32);

    await one.ends("/api/sessions/current");
    // A page elsewhere that passes our challenge on gets no answer to it.
    const options = await page.request.post(`${world.url}/api/sessions/passkey/options`, {
      headers: { "x-bauta": "1" },
    });
    const { challenge, site } = await options.json();
    assert.equal(site, "localhost");
    await page.goto(world.url.replace("localhost", "127.0.0.1") + "/healthz");
    const refused = await page.evaluate(
      ([text, rpId]) =>
        navigator.credentials
          .get({ publicKey: { challenge: new TextEncoder().encode(text), rpId } })
          .then(
            () => "signed",
            ({ name }) => name,
          ),
      [challenge, site],
    );
    assert.equal(refused, "SecurityError");

    await onlyTheButton(page);
    await one.goto("/sign-in");
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL("**/rooms");
    assert.equal(await whoAmI(one), "Kunci Baru");
  },
);

journey("the name field offers passkeys, and choosing one signs in", async (world) => {
  const one = await world.someone({ language: "id" });
  const { page } = one;
  await Authenticator.of(one);
  await registersByPasskey(one, "Isi Sendiri");
  await one.ends("/api/sessions/current");
  await page.goto(`${world.url}/sign-in?to=/settings/sign-in`);
  await until(page, () => location.pathname === "/settings/sign-in");
  assert.equal(await whoAmI(one), "Isi Sendiri");
});

journey("what the browser says no with is said in plain words", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 403/);
  const { page } = one;
  const device = await Authenticator.of(one);
  await registersByPasskey(one, "Salah Kunci");
  await one.goto("/settings/sign-in");
  await page.locator("#passkeys .table li").first().waitFor();
  await page.locator("#passkeys").getByRole("button", { name: "Add a passkey" }).click();
  await page.getByText("This device has a passkey for your account already.").waitFor();

  const [key] = await device.keys();
  await one.ends("/api/sessions/current");
  await device.cdp.send("WebAuthn.clearCredentials", { authenticatorId: device.id });
  await one.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("Nothing was chosen, or it took too long.").waitFor();
  assert.equal(
    await page.getByRole("button", { name: "Sign in with a passkey" }).isEnabled(),
    true,
  );
  // A counter that went back: a copy of the key.
  await onlyTheButton(page);
  await page.reload();
  await device.put({ ...key, signCount: 0 });
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await page.getByText("This passkey was not accepted.").waitFor();
});

for (const language of ["en", "id"]) {
  const words = {
    en: {
      add: "Add a passkey",
      rename: /^Rename /,
      remove: /^Remove /,
      undo: "Undo",
      save: "Save",
    },
    id: {
      add: "Tambahkan kunci sandi",
      rename: /^Ganti nama /,
      remove: /^Hapus /,
      undo: "Urungkan",
      save: "Simpan",
    },
  }[language];
  journey(`passkeys are added, renamed and removed by keyboard (${language})`, async (world) => {
    const one = await world.someone({ language, ...PHONE });
    const { page } = one;
    const device = await Authenticator.of(one);
    await one.registers("Simpan Kunci");
    await one.goto("/settings/sign-in");
    const list = page.locator("#passkeys");
    await list.getByRole("button", { name: words.add }).waitFor();
    assert.equal(await list.locator(".table").count(), 0);
    await looksWellIn(language, page, "no passkeys");

    await list.locator("[name=label]").fill("Telepon");
    await page.keyboard.press("Enter");
    await list.locator(".table li", { hasText: "Telepon" }).waitFor();
    assert.equal((await device.keys()).length, 1);
    await looksWellIn(language, page, "one passkey");

    await list.getByRole("button", { name: words.rename }).focus();
    await page.keyboard.press("Enter");
    await one.focuses(".table [name=label]");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Telepon lama");
    await page.keyboard.press("Enter");
    await list.locator(".table strong", { hasText: "Telepon lama" }).waitFor();
    await one.focuses("#passkeys button[aria-label]");
    await page.reload();
    await list.locator(".table strong", { hasText: "Telepon lama" }).waitFor();

    await list.getByRole("button", { name: words.remove }).click();
    await page.getByRole("button", { name: words.undo }).click();
    assert.equal(await list.locator(".table li").count(), 1, "undo brings it back");
    await list.getByRole("button", { name: words.remove }).click();
    await page.locator(".toast").getByRole("button").last().click();
    await until(page, () =>
      fetch("/api/passkeys")
        .then((a) => a.json())
        .then((l) => l.items.length === 0),
    );
  });
}

journey("the only way in is not removed", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 409/);
  const { page } = one;
  await Authenticator.of(one);
  await registersByPasskey(one, "Satu Pintu");
  await one.goto("/settings/sign-in");
  const list = page.locator("#passkeys");
  await list.getByRole("button", { name: /^Remove / }).click();
  await page.locator(".toast").getByRole("button", { name: "Close" }).click();
  await page.getByText("This is your only way to sign in.").waitFor();
  await list.locator(".table li").waitFor();
});

journey("after the password a passkey is the second step, and proves risky acts", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 403/);
  const { page } = one;
  const device = await Authenticator.of(one);
  await one.registers("Dua Langkah");
  await one.goto("/settings/sign-in");
  await page.locator("#passkeys [name=label]").fill("Tongkat");
  await page.keyboard.press("Enter");
  await page.locator("#passkeys .table li", { hasText: "Tongkat" }).waitFor();
  const on = await page.evaluate(() =>
    fetch("/api/factors", { method: "POST", headers: { "x-bauta": "1" } }).then((a) => a.status),
  );
  assert.ok(on < 300, `two steps: ${on}`);
  await one.ends("/api/sessions/current");

  await device.near(false);
  await one.goto("/sign-in");
  await page.fill("[name=name]", "Dua Langkah");
  await page.fill("[name=password]", PASSWORD);
  await page.click("form button[type=submit]");
  const use = page.getByRole("button", { name: "Use your passkey" });
  await use.waitFor();
  await one.focuses("button");
  await device.near(true);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/rooms");
  assert.equal(await whoAmI(one), "Dua Langkah");

  // The server counts ten minutes; the page is told that they are over, once.
  let late = true;
  await page.route("**/api/passkeys/options", (route) => {
    if (!late) return route.continue();
    late = false;
    return route.fulfill({
      status: 403,
      contentType: "application/json",
      body: JSON.stringify({ error: { code: "api.prove", text: "Prove it." } }),
    });
  });
  await one.goto("/settings/sign-in");
  await page.locator("#passkeys [name=label]").focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog").getByRole("button", { name: "Use your passkey" }).waitFor();
  await one.focuses("dialog .button.main");
  const proved = page.waitForResponse("**/api/sessions/current/passkey");
  await page.keyboard.press("Enter");
  assert.equal((await proved).status(), 204);
  await page.getByText("This device has a passkey for your account already.").waitFor();
  assert.equal(await page.locator("dialog").count(), 0);
});

for (const offered of [false, true]) {
  const way = offered ? "at the name field" : "by the button";
  journey(`an account that was closed is opened again by its passkey, ${way}`, async (world) => {
    const one = await world.someone();
    one.expects(/Failed to load resource: .* 40[13]/);
    const { page } = one;
    await Authenticator.of(one);
    if (!offered)
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
    await registersByPasskey(one, "Tutup Kunci");
    await one.ends("/api/me");
    const signIn = () =>
      offered || page.getByRole("button", { name: "Sign in with a passkey" }).click();
    const question = page.getByRole("heading", { name: "Open your account again?" });
    await page.goto(`${world.url}/sign-in`);
    await signIn();
    await question.waitFor();
    await looksWellEverywhere(page, "a closed account");
    await page.getByRole("button", { name: "Leave it closed" }).click();
    await signIn();
    await question.waitFor();
    await page.getByRole("button", { name: "Open my account again" }).click();
    await page.waitForURL("**/rooms");
    assert.equal(await whoAmI(one), "Tutup Kunci");
  });
}

journey("without a secure context the page says why and asks for a password", async (world) => {
  const one = await world.someone();
  const { page } = one;
  await page.addInitScript(() =>
    Object.defineProperty(window, "isSecureContext", { value: false }),
  );
  await begins(one);
  await page.getByText("Passkeys need a secure connection").waitFor();
  await page.locator("[name=password]").waitFor();
  await one.goto("/sign-in");
  await page.getByText("Passkeys need a secure connection").waitFor();
});
