// Chooses how much is drawn from how long frames take, slowly enough not to flicker.
export type Level = "low" | "medium" | "high";
export type Quality = "auto" | Level;

const LEVELS: Level[] = ["low", "medium", "high"];
export const FRAME_MS: Record<Level, number> = {
  low: 1000 / 30,
  medium: 1000 / 60,
  high: 1000 / 60,
};
const SCALE_STEP = 0.1;
const SCALE_MIN: Record<Level, number> = { low: 0.6, medium: 0.8, high: 0.8 };
const WINDOW = 60;
/** A very slow machine is judged after this time instead. */
const WINDOW_MS = 3000;
const WINDOW_LEAST = 5;
/** One long frame (a tab that slept) must not count for many. */
const FRAME_MAX_MS = 1000;
const SLOW = 1.35;
const FINE = 1.15;
/** The main thread's share of a frame below which more may be drawn. */
const IDLE_SHARE = 0.35;
const FINE_WINDOWS = 6;
/** After a step up that proved too much: so many windows without another try, doubling. */
const BAN_WINDOWS = 20;
const BAN_MAX = 640;
const TRIAL_WINDOWS = 8;

export class Governor {
  level: Level;
  /** Part of the full resolution. */
  scale = 1;
  private intervals: number[] = [];
  private works: number[] = [];
  private sum = 0;
  private fine = 0;
  private ban = 0;
  private nextBan = BAN_WINDOWS;
  private trial = 0;
  private warm = true;

  constructor(
    start: Level,
    private auto: boolean,
  ) {
    this.level = start;
  }

  /** A level that a person chose stays; the resolution still follows the frame times. */
  choose(quality: Quality, start: Level): void {
    this.auto = quality === "auto";
    this.level = quality === "auto" ? start : quality;
    this.scale = 1;
    this.restart();
  }

  /** Forgets the running measurement: something was loaded, or the page was hidden. */
  restart(): void {
    this.empty();
    this.fine = 0;
    this.warm = true;
  }

  /** Takes one frame's length and the main thread's part of it; true when something changed. */
  frame(interval_ms: number, work_ms: number): boolean {
    this.intervals.push(Math.min(interval_ms, FRAME_MAX_MS));
    this.works.push(work_ms);
    this.sum += this.intervals.at(-1)!;
    const frames = this.intervals.length;
    if (frames < WINDOW_LEAST || (frames < WINDOW && this.sum < WINDOW_MS)) return false;
    const interval = median(this.intervals);
    const work = median(this.works);
    this.empty();
    // The first window holds shader compiling and uploads.
    if (this.warm) {
      this.warm = false;
      if (interval < FRAME_MS[this.level] * SLOW * 2) return false;
    }
    return this.judge(interval, work);
  }

  private empty(): void {
    this.intervals = [];
    this.works = [];
    this.sum = 0;
  }

  private judge(interval: number, work: number): boolean {
    const budget = FRAME_MS[this.level];
    if (this.ban > 0) this.ban--;
    if (this.trial > 0) this.trial--;
    if (interval > budget * SLOW) {
      this.fine = 0;
      return this.down();
    }
    if (interval > budget * FINE) this.fine = 0;
    else this.fine++;
    if (this.fine < FINE_WINDOWS) return false;
    this.fine = 0;
    return this.up(work < budget * IDLE_SHARE);
  }

  private down(): boolean {
    if (this.trial > 0) {
      this.ban = this.nextBan;
      this.nextBan = Math.min(this.nextBan * 2, BAN_MAX);
      this.trial = 0;
    }
    if (this.scale > SCALE_MIN[this.level] + 1e-6) {
      this.scale = Math.max(SCALE_MIN[this.level], this.scale - SCALE_STEP);
      return true;
    }
    const lower = LEVELS[LEVELS.indexOf(this.level) - 1];
    if (!this.auto || !lower) return false;
    this.level = lower;
    this.scale = 1;
    this.warm = true;
    return true;
  }

  private up(idle: boolean): boolean {
    if (this.ban > 0) return false;
    if (this.scale < 1 - 1e-6) {
      this.scale = Math.min(1, this.scale + SCALE_STEP);
      this.trial = TRIAL_WINDOWS;
      return true;
    }
    const higher = LEVELS[LEVELS.indexOf(this.level) + 1];
    if (!this.auto || !higher || !idle) return false;
    this.level = higher;
    this.trial = TRIAL_WINDOWS;
    this.warm = true;
    return true;
  }
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
