// The list of rooms as it is shown. Its order is the server's when the page opens and when somebody asks
// for it; between, rooms are renewed where they stand, so that none moves under a finger.
import type { Item } from "../../lib/api.ts";
import { renewed } from "../../lib/renewed.ts";

export type RoomItem = Item<"GET /api/rooms">;

export interface Shown {
  rooms: RoomItem[];
  next: string | null;
  pages: number;
}

export interface Port {
  page(after?: string): Promise<{ items: RoomItem[]; next: string | null }>;
  /** null: there is no such room, for this person. */
  one(id: string): Promise<RoomItem | null>;
}

/* So many rooms are looked up one by one; that is as many as a page can begin with. */
const AWAY_MOST = 40;

const without = (rooms: RoomItem[], others: RoomItem[]): RoomItem[] => {
  const known = new Set(others.map((room) => room.id));
  return rooms.filter((room) => !known.has(room.id));
};

/** In the server's order. A room that stands at its top comes once more by its name. */
export async function load(port: Port, pages = 1): Promise<Shown> {
  const shown: Shown = { rooms: [], next: null, pages: 0 };
  do {
    const page = await port.page(shown.next ?? undefined);
    shown.rooms.push(...without(page.items, shown.rooms));
    shown.next = page.next;
  } while (++shown.pages < pages && shown.next);
  return shown;
}

export async function more(port: Port, old: Shown): Promise<Shown> {
  const page = await port.page(old.next ?? undefined);
  return {
    rooms: [...old.rooms, ...without(page.items, old.rooms)],
    next: page.next,
    pages: old.pages + 1,
  };
}

/** What is shown, each room at its place; those that are new come last, those that have ended go. */
export async function renew(port: Port, old: Shown): Promise<Shown> {
  const fresh = await load(port, old.pages);
  // What stood at the top and does no more is further down by its name: on a page that is not shown.
  const away = fresh.next ? without(old.rooms, fresh.rooms).slice(0, AWAY_MOST) : [];
  const looked = await Promise.all(away.map((room) => port.one(room.id)));
  const there = looked.filter((room) => room !== null);
  return { ...fresh, rooms: renewed(old.rooms, [...fresh.rooms, ...there]) };
}
