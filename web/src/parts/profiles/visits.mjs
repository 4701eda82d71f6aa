export const visits = {
  "/people/:id": async ({ own, chief }) => [`/people/${await own()}`, `/people/${chief}`],
};
