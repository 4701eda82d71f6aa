export const visits = {
  "/join/:invite": () => ["/join/nobodys-invitation"],
  "/welcome": () => ["/welcome#code"],
};
