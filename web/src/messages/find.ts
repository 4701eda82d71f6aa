// People by name, and one's friends, for whoever begins a conversation or a group.
import { send } from "../api.ts";

export interface Found {
  id: string;
  name: string;
  avatar: string;
}

declare module "../gen/api.ts" {
  interface Api {
    "GET /api/friends": { in: { after?: string | null }; out: { items: Found[] } };
    "GET /api/people": { in: { search: string; after?: string | null }; out: { items: Found[] } };
  }
}

/* A shorter beginning finds too many to be of use; friends are shown until then. */
const LEAST = 2;

export async function findPeople(typed: string): Promise<Found[]> {
  const search = typed.trim();
  const page =
    [...search].length < LEAST
      ? await send("GET /api/friends", {})
      : await send("GET /api/people", { search });
  return page.items;
}
