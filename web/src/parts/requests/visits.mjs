export const visits = {
  "/privacy/requests/:id": async ({ sends }) => {
    const { id } = await sends("/api/me/requests", { kind: "question", text: "Who are you?" });
    return [`/privacy/requests/${id}`];
  },
};
