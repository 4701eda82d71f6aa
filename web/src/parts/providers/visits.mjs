export const visits = {
  "/sign-in/with/:provider": () => ["/sign-in/with/nobody"],
};
