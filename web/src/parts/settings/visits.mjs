export const visits = {
  "/settings/:part": ({ links }) => links("/settings", ".part-card a"),
};
