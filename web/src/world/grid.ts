// Where feet may be, as cells of 0.2 m, and the way from one point to another. Pure numbers.
import type { Rect } from "./scene";

export const BODY_RADIUS_M = 0.28;
/** Beside a chair one may stand closer than a body's radius, but never inside the furniture. */
const TIGHT_RADIUS_M = 0.015;
const CELL_M = 0.2;
const CELLS_MAX = 40_000;
/** From a cell's middle to a point within furniture's gaps, at most. */
const DOOR_MAX_M = 0.6;
/** A cell too near to furniture costs as much as a detour of this many cells. */
const TIGHT_COST = 4;

const SOLID = 0;
const TIGHT = 1;
const WIDE = 2;

export interface Point {
  x: number;
  z: number;
}

export interface Ground {
  walk: Rect;
  blocked: Rect[];
}

function distance([minx, minz, maxx, maxz]: Rect, x: number, z: number): number {
  const dx = Math.max(minx - x, x - maxx);
  const dz = Math.max(minz - z, z - maxz);
  return dx > 0 && dz > 0 ? Math.hypot(dx, dz) : Math.max(dx, dz);
}

/** Distance from a point to the nearest furniture; negative inside of it. */
export function clearance(ground: Ground, x: number, z: number): number {
  return ground.blocked.reduce((least, rect) => Math.min(least, distance(rect, x, z)), Infinity);
}

export function inside(walk: Rect, x: number, z: number): boolean {
  return x >= walk[0] && x <= walk[2] && z >= walk[1] && z <= walk[3];
}

/** May feet be here at all? */
export function standable(ground: Ground, x: number, z: number): boolean {
  return inside(ground.walk, x, z) && clearance(ground, x, z) >= TIGHT_RADIUS_M;
}

export class Grid {
  private readonly columns: number;
  private readonly rows: number;
  private readonly kind: Uint8Array;
  /** Cells with the same number can reach each other. */
  private readonly island: Uint16Array;

  constructor(private readonly ground: Ground) {
    const [minx, minz, maxx, maxz] = ground.walk;
    this.columns = Math.max(1, Math.ceil((maxx - minx) / CELL_M));
    this.rows = Math.max(1, Math.ceil((maxz - minz) / CELL_M));
    const cells = this.columns * this.rows;
    if (!(cells <= CELLS_MAX)) throw new RangeError("scene too large to walk in");
    this.kind = new Uint8Array(cells).fill(WIDE);
    this.island = new Uint16Array(cells);
    for (const rect of ground.blocked) this.take(rect);
    this.floodAll();
  }

  /**
   * Corner points of a natural way, without the start, ending at the goal or the reachable point
   * nearest to it. Empty when one cannot move at all.
   */
  path(from: Point, to: Point): Point[] {
    const start = this.doorTo(from, 0);
    if (start < 0) return [];
    const [minx, minz, maxx, maxz] = this.ground.walk;
    const wish = { x: clamp(to.x, minx, maxx), z: clamp(to.z, minz, maxz) };
    const goal = this.doorTo(wish, this.island[start]!);
    const points = [start, ...this.search(start, goal)].map((i) => this.centre(i));
    if (this.joins(goal, wish)) points.push(wish);
    return this.pull(from, points);
  }

  private x(i: number): number {
    return Math.min(this.ground.walk[0] + ((i % this.columns) + 0.5) * CELL_M, this.ground.walk[2]);
  }

  private z(i: number): number {
    const row = Math.floor(i / this.columns);
    return Math.min(this.ground.walk[1] + (row + 0.5) * CELL_M, this.ground.walk[3]);
  }

  private centre(i: number): Point {
    return { x: this.x(i), z: this.z(i) };
  }

  /** Furniture takes the cells that it lies on and narrows those around it; all others it leaves alone. */
  private take(rect: Rect): void {
    const [minx, minz] = this.ground.walk;
    const [left, top, right, bottom] = rect;
    const cell = (m: number, most: number) => clamp(Math.floor(m / CELL_M), 0, most - 1);
    const last = cell(right + BODY_RADIUS_M - minx, this.columns);
    const lowest = cell(bottom + BODY_RADIUS_M - minz, this.rows);
    for (let row = cell(top - BODY_RADIUS_M - minz, this.rows); row <= lowest; row++)
      for (let c = cell(left - BODY_RADIUS_M - minx, this.columns); c <= last; c++) {
        const i = row * this.columns + c;
        const room = distance(rect, this.x(i), this.z(i));
        const kind = room >= BODY_RADIUS_M ? WIDE : room >= TIGHT_RADIUS_M ? TIGHT : SOLID;
        this.kind[i] = Math.min(this.kind[i]!, kind);
      }
  }

  /**
   * The free cell on that island (0: any) from which one steps to the point: the nearest with a
   * straight line to it, or else simply the nearest. -1 when there is none.
   */
  private doorTo(point: Point, island: number): number {
    const free: { i: number; d: number }[] = [];
    for (let i = 0; i < this.kind.length; i++) {
      if (this.kind[i] === SOLID || (island && this.island[i] !== island)) continue;
      free.push({ i, d: Math.hypot(this.x(i) - point.x, this.z(i) - point.z) });
    }
    free.sort((a, b) => a.d - b.d);
    const near = free.find((cell) => cell.d > DOOR_MAX_M || this.joins(cell.i, point));
    const door = near && near.d <= DOOR_MAX_M ? near : free[0];
    return door ? door.i : -1;
  }

  private joins(i: number, point: Point): boolean {
    return standable(this.ground, point.x, point.z) && this.straight(this.centre(i), point);
  }

  private floodAll(): void {
    let islands = 0;
    for (let i = 0; i < this.kind.length; i++) {
      if (this.kind[i] === SOLID || this.island[i]) continue;
      islands++;
      const open = [i];
      this.island[i] = islands;
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        this.eachNeighbour(at, (next) => {
          if (this.island[next]) return;
          this.island[next] = islands;
          open.push(next);
        });
      }
    }
  }

  /** The up to eight free neighbours; never diagonally around a solid corner. */
  private eachNeighbour(i: number, visit: (next: number, length: number) => void): void {
    const c = i % this.columns;
    const r = (i - c) / this.columns;
    const free = (dc: number, dr: number): boolean => {
      const [nc, nr] = [c + dc, r + dr];
      return (
        nc >= 0 &&
        nr >= 0 &&
        nc < this.columns &&
        nr < this.rows &&
        this.kind[nr * this.columns + nc] !== SOLID
      );
    };
    for (let dr = -1; dr <= 1; dr++) {
      for (let dc = -1; dc <= 1; dc++) {
        if ((dc === 0 && dr === 0) || !free(dc, dr)) continue;
        if (dc !== 0 && dr !== 0 && !(free(dc, 0) && free(0, dr))) continue;
        visit(i + dr * this.columns + dc, dc !== 0 && dr !== 0 ? Math.SQRT2 : 1);
      }
    }
  }

  /** A*: the cells after `start` up to `goal`, which are on the same island. */
  private search(start: number, goal: number): number[] {
    const cost = new Float32Array(this.kind.length).fill(Infinity);
    const before = new Int32Array(this.kind.length).fill(-1);
    const closed = new Uint8Array(this.kind.length);
    const guess = (i: number): number => {
      const dx = Math.abs((i % this.columns) - (goal % this.columns));
      const dz = Math.abs(Math.floor(i / this.columns) - Math.floor(goal / this.columns));
      return Math.max(dx, dz) + (Math.SQRT2 - 1) * Math.min(dx, dz);
    };
    const open = new Heap();
    cost[start] = 0;
    open.push(start, guess(start));
    for (let at = open.pop(); at >= 0 && at !== goal; at = open.pop()) {
      if (closed[at]) continue;
      closed[at] = 1;
      this.eachNeighbour(at, (next, length) => {
        const sum = cost[at]! + length * (this.kind[next] === TIGHT ? TIGHT_COST : 1);
        if (sum >= cost[next]!) return;
        cost[next] = sum;
        before[next] = at;
        open.push(next, sum + guess(next));
      });
    }
    const cells: number[] = [];
    for (let i = goal; i >= 0 && i !== start; i = before[i]!) cells.push(i);
    return cells.reverse();
  }

  /** String pulling: keeps only the corners one cannot walk past in a straight line. */
  private pull(from: Point, points: Point[]): Point[] {
    const corners: Point[] = [];
    let at = from;
    for (let i = 0; i < points.length; i++) {
      const next = points[i + 1];
      if (next && this.straight(at, next)) continue;
      corners.push(points[i]!);
      at = points[i]!;
    }
    return corners;
  }

  /** A straight line may go near furniture only as near as its own ends are. */
  private straight(a: Point, b: Point): boolean {
    const room = (p: Point): number => clearance(this.ground, p.x, p.z);
    const least = Math.min(BODY_RADIUS_M, Math.max(TIGHT_RADIUS_M, Math.min(room(a), room(b))));
    const steps = Math.ceil(Math.hypot(b.x - a.x, b.z - a.z) / (CELL_M / 4));
    for (let k = 1; k < steps; k++) {
      const t = k / steps;
      if (clearance(this.ground, a.x + (b.x - a.x) * t, a.z + (b.z - a.z) * t) < least - 1e-3) {
        return false;
      }
    }
    return true;
  }
}

/** A binary heap of (cell, rank); stale entries are skipped by the search. */
class Heap {
  private readonly cells: number[] = [];
  private readonly ranks: number[] = [];

  push(cell: number, rank: number): void {
    let i = this.cells.length;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (this.ranks[up]! <= rank) break;
      this.set(i, this.cells[up]!, this.ranks[up]!);
      i = up;
    }
    this.set(i, cell, rank);
  }

  /** The cell with the least rank, or -1. */
  pop(): number {
    const top = this.cells[0];
    if (top === undefined) return -1;
    const cell = this.cells.pop()!;
    const rank = this.ranks.pop()!;
    const size = this.cells.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= size) break;
      if (down + 1 < size && this.ranks[down + 1]! < this.ranks[down]!) down++;
      if (this.ranks[down]! >= rank) break;
      this.set(i, this.cells[down]!, this.ranks[down]!);
      i = down;
    }
    this.set(i, cell, rank);
    return top;
  }

  private set(i: number, cell: number, rank: number): void {
    this.cells[i] = cell;
    this.ranks[i] = rank;
  }
}

export function clamp(v: number, min: number, max: number): number {
  return v < min ? min : v > max ? max : v;
}
