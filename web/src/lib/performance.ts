// How the 3D view runs here, told once a visit and only with the member's consent: words of closed
// lists, nothing that points to a person or a device.
import { send } from "./api.ts";
import { report, type Hints, type Report } from "./report.ts";

const WATCH_MS = 20_000;

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
