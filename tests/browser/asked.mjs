// What journeys need and do not show: asked of the server as the person, without the pages for it.

/** What the server answers this person's page; null: nothing. */
export const asks = (one, method, path, body) =>
  one.page.evaluate(
    async ([how, where, json]) => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      const said = json ? { body: JSON.stringify(json) } : {};
      const answer = await fetch(where, { method: how, headers, ...said });
      return answer.status === 204 ? null : answer.json();
    },
    [method, path, body],
  );

/** Both want it; their public ids. */
export async function areFriends(one, other) {
  const [{ id }, { id: whom }] = [
    await asks(one, "GET", "/api/me"),
    await asks(other, "GET", "/api/me"),
  ];
  await asks(one, "POST", "/api/friends/requests", { id: whom });
  await asks(other, "POST", `/api/friends/requests/${id}/accept`);
  return [id, whom];
}
