// A scene as the 3D view and the text-only mode both know it: where feet may be, seats, places.
import { assetJson } from "../lib/assets";

export type Rect = [minx: number, minz: number, maxx: number, maxz: number];
export type Vec3 = [x: number, y: number, z: number];

export interface Seat {
  n: number;
  name: string;
  x: number;
  /** Height of the seat's surface. */
  y: number;
  z: number;
  yaw: number;
  /** The free point beside the seat from which one sits down. */
  stand: [x: number, z: number];
}

export interface Place {
  name: string;
  x: number;
  z: number;
}

export interface SceneData {
  id: string;
  /** Extents in x and z; the centre is the origin. */
  size: [x: number, z: number];
  walk: Rect;
  blocked: Rect[];
  spawn: [x: number, z: number, yaw: number][];
  seats: Seat[];
  places: Place[];
  camera: { position: Vec3; target: Vec3 };
  background: string;
  /** How bright the surroundings' own light is; the usual when left out. */
  environment?: number;
  ambient: { sky: string; ground: string; intensity: number };
  sun: { colour: string; intensity: number; position: Vec3 };
  lamps: { colour: string; intensity: number; position: Vec3; distance: number }[];
  cutaway: boolean;
}

/** A scene's plan (a few KB), fetched once. Rejects when it cannot be had. */
export function loadScene(id: string): Promise<SceneData> {
  return assetJson<SceneData>(`scenes/${id}.json`);
}

export function seatOf(scene: SceneData, n: number): Seat | undefined {
  return scene.seats.find((seat) => seat.n === n);
}

/** Seats that nobody in `taken` (numbers of seats in use) sits on. */
export function freeSeats(scene: SceneData, taken: Iterable<number>): Seat[] {
  const used = new Set(taken);
  return scene.seats.filter((seat) => !used.has(seat.n));
}

/** The place (or null) whose point is nearest to (x, z): "Mia is at the window". */
export function nearestPlace(scene: SceneData, x: number, z: number): Place | null {
  let best: Place | null = null;
  let least = Infinity;
  for (const place of scene.places) {
    const d = Math.hypot(place.x - x, place.z - z);
    if (d < least) [best, least] = [place, d];
  }
  return best;
}
