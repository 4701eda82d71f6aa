// Those who decide: what the journeys of their desks have in common.
import { until } from "./support.mjs";

/** A device beside this person's browser that keeps passkeys and answers at once. */
export async function device({ page }) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

const proved = new WeakSet();

/** An administrator with a passkey, just used: what they do to others or read of them asks for it. */
export async function provesByPasskey(chief) {
  const { page } = chief;
  if (proved.has(page)) return;
  proved.add(page);
  chief.expects(/Failed to load resource: .* 403/);
  await device(chief);
  await chief.goto("/settings/sign-in");
  await page.locator("#passkeys form button[type=submit]").click();
  await page.locator("#passkeys .table li").first().waitFor();
  await chief.goto("/admin/people");
  await page.locator("dialog [data-way=passkey] button").first().click();
  await page.locator(".table li", { hasText: chief.name }).first().waitFor();
}

/** Somebody who registered with a passkey, and to whom an administrator gave the two roles that have desks. */
export async function officer(world, chief, name, options) {
  const one = await world.someone(options);
  const { page } = one;
  await device(one);
  await one.goto("/register");
  await one.answersAge();
  await page.fill("[name=avatar_name]", name);
  await page.fill("[name=email]", `${name.toLowerCase().replace(/\W/g, "")}@example.org`);
  await page.click("form button[type=submit]");
  await one.goesOn();
  await page.waitForURL("**/rooms");
  one.name = name;
  await provesByPasskey(chief);
  await chief.goto("/admin/staff");
  for (const role of ["moderator", "privacy"]) {
    await chief.page.fill("[name=avatar_name]", name);
    await chief.page.locator(`.choice:has([value=${role}])`).click();
    await chief.page.click("form button[type=submit]");
    await chief.page.locator("#roles .table > li", { hasText: name }).first().waitFor();
    await until(chief.page, () => !document.querySelector("[name=avatar_name]").value);
  }
  await one.goto("/staff");
  return one;
}
