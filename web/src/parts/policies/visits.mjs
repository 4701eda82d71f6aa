export const visits = {
  "/policies/:kind": async () => ["/policies/terms"],
  "/policies/:kind/:number": async () => ["/policies/terms/1"],
};
