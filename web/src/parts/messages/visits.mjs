export const visits = {
  "/messages/:id": async ({ sends, chief }) => {
    const { id } = await sends("/api/conversations", { people: [chief] });
    await sends(`/api/conversations/${id}/messages`, {
      cid: "a-first-message-here",
      text: "Selamat pagi",
    });
    return [`/messages/${id}`];
  },
};
