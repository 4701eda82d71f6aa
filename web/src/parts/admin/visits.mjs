export const visits = {
  "/admin/:part": ({ links }) => links("/admin", ".part-nav a"),
};
