// Those who decide: what the journeys of their desks have in common.

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

/** Somebody who registered with a passkey, and whom an administrator made an officer. */
export async function officer(world, chief, name, options) {
  const one = await world.someone(options);
  const { page } = one;
  await device(one);
  await one.goto("/register");
  await one.answersAge();
  await page.fill("[name=avatar_name]", name);
  await page.fill("[name=email]", `${name.toLowerCase().replace(/\W/g, "")}@example.org`);
  await page.click("form button[type=submit]");
  await page.waitForURL("**/rooms");
  one.name = name;
  await chief.goto("/admin/staff");
  await chief.page.fill("[name=avatar_name]", name);
  await chief.page.click("form button[type=submit]");
  await chief.page.locator(".table li", { hasText: name }).first().waitFor();
  await one.goto("/staff");
  return one;
}
