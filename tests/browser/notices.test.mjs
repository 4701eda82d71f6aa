// Notices as people meet them: they come into open pages, and every device counts the same; the
// settings of push, mail and quiet hours; what the service worker does with a push.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { looksWell } from "./looks.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

async function signIn(one, name) {
  await one.goto("/sign-in");
  await one.page.fill("[name=name]", name);
  await one.page.fill("[name=password]", PASSWORD);
  await one.page.click("form button[type=submit]");
  await one.page.waitForURL("**/rooms");
  one.name = name;
}

/** A push service on this machine, which takes everything. */
async function sink() {
  const server = createServer((request, answer) => {
    request.resume();
    answer.writeHead(201).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/push`, close: () => server.close() };
}

/** A notice to oneself by the button's own route, without a browser's push service. */
const tryPush = (page, endpoint) =>
  page.evaluate(async (url) => {
    const headers = { "content-type": "application/json", "x-bauta": "1" };
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, [
      "deriveBits",
    ]);
    const point = await crypto.subtle.exportKey("raw", pair.publicKey);
    const base64 = btoa(String.fromCharCode(...new Uint8Array(point)));
    const p256dh = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const body = JSON.stringify({ endpoint: url, p256dh, auth: "BTBZMqHH6r4Tts7J_aSIgg" });
    const put = await fetch("/api/push", { method: "POST", headers, body });
    const sent = await fetch("/api/push/test", { method: "POST", headers: { "x-bauta": "1" } });
    return [put.status, sent.status];
  }, endpoint);

const bell = (page, n) =>
  page.getByRole("link", { name: n ? `Notices, ${n} unread` : "Notices", exact: true });

journey(
  "a notice comes into an open page, and both devices count the same",
  async (world) => {
    const service = await sink();
    try {
      const desk = await world.someone({ text: true });
      const phone = await world.someone({ ...PHONE, text: true });
      await desk.registers("Mia Tester");
      const { page } = desk;
      await bell(page).click();
      await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
      await looksWell(page, "no notices");

      await signIn(phone, "Mia Tester"); // a device that the account does not know
      const row = page.locator(".notices li", {
        hasText: "A new device signed in to your account",
      });
      await row.waitFor();
      await row.getByText("New", { exact: true }).waitFor();
      await Promise.all([bell(page, 1).waitFor(), bell(phone.page, 1).waitFor()]);
      assert.match(await page.locator(".top [role=status]").innerText(), /1 unread notice/);
      assert.deepEqual(await tryPush(phone.page, service.url), [204, 202]);
      await Promise.all([bell(page, 2).waitFor(), bell(phone.page, 2).waitFor()]);
      await page.locator(".notices li").nth(1).waitFor();
      await looksWell(page, "two notices");
      await world.shoot("two notices");

      await row.getByRole("link").focus();
      await page.keyboard.press("Enter"); // read on one …
      await page.waitForURL("**/settings/sign-in");
      await Promise.all([bell(page, 1).waitFor(), bell(phone.page, 1).waitFor()]); // … is read on both
      await phone.enters();
      await bell(phone.page, 1).waitFor(); // a room has no header on a phone
      await bell(phone.page, 1).click();
      await phone.page.getByRole("button", { name: "Mark all as read" }).click();
      await Promise.all([bell(page).waitFor(), bell(phone.page).waitFor()]);
      await phone.page
        .getByRole("button", { name: "Mark all as read" })
        .waitFor({ state: "detached" });

      const rows = phone.page.locator(".notices li");
      await phone.page.getByRole("button", { name: /^Remove: A new device/ }).click();
      await phone.page.locator(".notices li:nth-child(2)").waitFor({ state: "detached" });
      await phone.page.getByRole("button", { name: "Undo" }).click();
      await rows.nth(1).waitFor();
      await phone.page.getByRole("button", { name: /^Remove: A new device/ }).click();
      await phone.page.getByRole("button", { name: "Close" }).click(); // not taken back
      await page.goBack();
      await page.locator(".notices li").first().waitFor();
      await page.locator(".notices li:nth-child(2)").waitFor({ state: "detached" });
    } finally {
      service.close();
    }
  },
  { outbound_loopback: "yes" },
);

journey(
  "cara diberi tahu: sakelar, jam tenang dan email rangkuman di ponsel yang gelap",
  async (world) => {
    const one = await world.someone({
      ...PHONE,
      language: "id",
      dark: true,
      timezoneId: "Asia/Jakarta",
    });
    await one.registers("Sari Uji");
    const { page } = one;
    await page.getByRole("link", { name: "Pemberitahuan" }).click();
    await page.getByRole("heading", { name: "Belum ada apa-apa di sini" }).waitFor();
    await looksWell(page, "no notices, Indonesian");
    await page.getByRole("link", { name: "Atur cara memberitahumu" }).click();
    const push = page.getByRole("switch", { name: /^Push: Pesan dari teman/ });
    await push.waitFor();
    const saved = (path) => {
      const answer = page.waitForResponse(
        (got) => got.request().method() === "PUT" && got.url().includes(path),
      );
      answer.catch(() => undefined);
      return answer;
    };
    for (const [path, act] of [
      ["/api/me/notices/messages", () => push.focus().then(() => page.keyboard.press("Space"))],
      [
        "/api/me/mail/friends",
        () => page.getByRole("switch", { name: /^Email: Seseorang ingin berteman/ }).click(),
      ],
      ["/api/me/notices", () => page.getByText("Sekali sehari").click()],
      ["/api/me/notices", () => page.getByRole("switch", { name: "Tenang setiap hari" }).click()],
      ["/api/me/notices", () => page.getByLabel("Dari", { exact: true }).fill("21:30")],
      ["/api/me/notices", () => page.getByLabel("Sampai", { exact: true }).fill("06:15")],
      ["/api/me/notices", () => page.getByRole("switch", { name: "Tampilkan nama" }).click()],
    ]) {
      const answer = saved(path);
      await act();
      assert.equal((await answer).status(), 204, path);
    }
    await looksWell(page, "how one is told, Indonesian");
    await world.shoot("how one is told, Indonesian");
    await page.reload();
    await push.waitFor();
    assert.equal(await push.isChecked(), false);
    assert.equal(
      await page.getByRole("switch", { name: /^Push: Seseorang ingin berteman/ }).isChecked(),
      true,
    );
    assert.equal(
      await page.getByRole("switch", { name: /^Email: Seseorang ingin berteman/ }).isChecked(),
      false,
    );
    assert.equal(await page.getByLabel("Sekali sehari").isChecked(), true);
    assert.equal(await page.getByLabel("Dari", { exact: true }).inputValue(), "21:30");
    assert.equal(await page.getByLabel("Sampai", { exact: true }).inputValue(), "06:15");
    await page.getByText("Zona waktu: Asia/Jakarta").waitFor();
    assert.equal(await page.getByRole("switch", { name: "Tampilkan nama" }).isChecked(), false);
  },
);

journey(
  "a push is shown when nobody looks, and a click on it leads there, to our own pages only",
  async (world) => {
    const one = await world.someone({ text: true, push: true });
    await one.page.context().grantPermissions(["notifications"], { origin: world.url });
    await one.registers("Mia Tester");
    const { page } = one;
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    const devtools = await page.context().newCDPSession(page);
    const registered = new Promise((done) =>
      devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const found = registrations.find((row) => row.scopeURL.startsWith(world.url));
        if (found) done(found.registrationId);
      }),
    );
    await devtools.send("ServiceWorker.enable");
    const registrationId = await registered;
    const deliver = (pushed) =>
      devtools.send("ServiceWorker.deliverPushMessage", {
        origin: world.url,
        registrationId,
        data: JSON.stringify(pushed),
      });
    const pushed = {
      title: "Bauta",
      text: "Ana wrote to you",
      path: "/notices",
      tag: "t1",
      language: "en",
      always: true,
    };
    await deliver(pushed);
    const shown = () =>
      page.evaluate(async () => {
        const worker = await navigator.serviceWorker.ready;
        return (await worker.getNotifications()).map((note) => [
          note.title,
          note.body,
          note.tag,
          note.data,
        ]);
      });
    await until(
      page,
      async () => (await (await navigator.serviceWorker.ready).getNotifications()).length === 1,
    );
    assert.deepEqual(await shown(), [["Bauta", "Ana wrote to you", "t1", "/notices"]]);

    const worker = page.context().serviceWorkers()[0];
    const click = (path) =>
      worker.evaluate(async (to) => {
        await self.registration.showNotification("Bauta", { tag: "click", data: to });
        const [notification] = await self.registration.getNotifications({ tag: "click" });
        self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
      }, path);
    await click("https://evil.example/rooms");
    await click("//evil.example/rooms");
    await click("/notices");
    await page.waitForURL("**/notices");
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    assert.equal(new URL(page.url()).origin, world.url);
  },
);
