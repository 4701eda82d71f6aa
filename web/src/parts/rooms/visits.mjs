export const visits = {
  "/rooms/:id": async ({ page }) => {
    const list = await page.evaluate(() => fetch("/api/rooms").then((answer) => answer.json()));
    return [`/rooms/${list.items[0].id}`];
  },
};
