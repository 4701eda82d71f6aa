// Whose eyes one looks with at oneself.
export const SEEN_BY = ["nobody", "stranger", "friend", "blocked", "admin"] as const;

/** Those whom the server knows as a kind, and the parent of a child's account. */
export type SeenBy = (typeof SEEN_BY)[number] | "parent";

/** Who is signed in, and asks as members do. */
export const isMember = (by: SeenBy): boolean => by !== "nobody" && by !== "parent";
