// People by name, and one's friends, for whoever begins a conversation or a group.
import { send } from "../../lib/api.ts";

export interface Found {
  id: string;
  name: string;
  avatar: string;
  look?: string;
}

/* A shorter beginning finds too many to be of use; friends are shown until then. */
const LEAST = 2;

export async function findPeople(typed: string): Promise<Found[]> {
  const search = typed.trim();
  if ([...search].length < LEAST) return (await send("GET /api/friends", {})).items;
  return (await send("GET /api/people", { search })).items;
}
