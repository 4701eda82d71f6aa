// What was measured, in the words of closed lists that may be told.
import type { In } from "./api.ts";

export type Report = In<"POST /api/performance">;

const step = <T>(value: number, steps: [number, T][], above: T): T =>
  steps.find(([below]) => value < below)?.[1] ?? above;

export interface Hints {
  deviceMemory?: number;
  connection?: { effectiveType?: string };
}

/** The words for what was measured. */
export function report(
  frames_s: number,
  load_ms: number,
  quality: Report["quality"],
  hints: Hints,
): Report {
  const memory = hints.deviceMemory;
  const network = hints.connection?.effectiveType;
  return {
    frames: step(
      frames_s,
      [
        [15, "under15"],
        [30, "15to29"],
        [50, "30to49"],
      ],
      "50up",
    ),
    load: step(
      load_ms,
      [
        [2000, "under2s"],
        [5000, "2to5s"],
        [10000, "5to10s"],
      ],
      "over10s",
    ),
    memory:
      memory === undefined
        ? "unknown"
        : step(
            memory,
            [
              [3, "2gb"],
              [6, "4gb"],
            ],
            "8gb",
          ),
    network:
      network === "4g" || network === "3g" ? network : network?.endsWith("2g") ? "slow" : "unknown",
    quality,
  };
}
