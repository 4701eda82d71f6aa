// How the 3D view runs here, told once a visit and only with the member's consent: words of closed
// lists, nothing that points to a person or a device.
import { send, type In } from "./api.ts";

type Report = In<"POST /api/performance">;

const WATCH_MS = 20_000;

const step = <T>(value: number, steps: [number, T][], above: T): T =>
  steps.find(([below]) => value < below)?.[1] ?? above;

interface Hints {
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
      network === "4g" || network === "3g"
        ? network
        : network?.endsWith("2g")
          ? "slow"
          : "unknown",
    quality,
  };
}

/** Watches the frames of a view that has just appeared; returns how to stop. */
export function watchPerformance(began_ms: number, quality: () => string): () => void {
  const shown_ms = performance.now();
  let frames = 0;
  let frame = 0;
  const count = () => {
    frames++;
    frame = requestAnimationFrame(count);
  };
  const end = () => {
    stop();
    if (document.hidden) return;
    const level = quality();
    const known = level === "low" || level === "high" ? level : "medium";
    const rate = (frames * 1000) / (performance.now() - shown_ms);
    void tell(report(rate, shown_ms - began_ms, known, navigator as Hints));
  };
  const timer = setTimeout(end, WATCH_MS);
  const stop = () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  };
  frame = requestAnimationFrame(count);
  return stop;
}

/* Without the consent nothing is sent; the server would refuse it, too. */
async function tell(what: Report): Promise<void> {
  try {
    const { items } = await send("GET /api/me/consents", {});
    if (items.some((one) => one.purpose === "performance" && one.given))
      await send("POST /api/performance", what);
  } catch {
    // of no importance to the person
  }
}
