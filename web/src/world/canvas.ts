// What is known of the graphics before three.js is there: whether this device has any, and how much
// it is likely to draw. The canvas on which that was tried is the one that the first room draws on.
import type { Level, Quality } from "./quality";

/** A first level; frame times correct it within seconds. */
export function guess(): Level {
  const cores = navigator.hardwareConcurrency || 4;
  const memory = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
  const phone = window.matchMedia("(pointer: coarse)").matches;
  const saver = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
  if (saver || cores <= 2 || memory <= 2) return "low";
  return phone || cores < 8 ? "medium" : "high";
}

export const levelOf = (quality: Quality): Level => (quality === "auto" ? guess() : quality);
export const isSmooth = (quality: Quality): boolean => levelOf(quality) !== "low";

/** How often the graphics are asked whether they are done. */
const FENCE_MS = 10;
/** For a room that is entered soon; then the graphics are given back. */
const KEPT_MS = 60_000;
let tried: { canvas: HTMLCanvasElement; smooth: boolean } | null = null;

/** Whether there are graphics: they take a while to come, so they are kept for whoever asks next. */
export function canDraw(quality: Quality): boolean {
  const smooth = isSmooth(quality);
  const canvas = blank();
  try {
    if (!context(canvas, smooth)) return false;
  } catch {
    return false;
  }
  const own = (tried = { canvas, smooth });
  setTimeout(() => tried === own && release(), KEPT_MS);
  return true;
}

/** A canvas with graphics: the one that was tried, if it is as wanted, or a new one. */
export function takeCanvas(smooth: boolean): HTMLCanvasElement {
  const had = tried;
  if (had?.smooth === smooth && !context(had.canvas, smooth)?.isContextLost()) {
    tried = null;
    return had.canvas;
  }
  release();
  return blank();
}

/** The graphics have done all that they were asked for, or are gone. */
export async function caughtUp(gl: WebGL2RenderingContext, busy = () => false): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  while ((fence && gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.UNSIGNALED) || busy())
    await new Promise((go) => setTimeout(go, FENCE_MS));
}

/**
 * The graphics that were tried have begun: whoever asks them anything before, waits for them with a
 * page that stands still.
 */
export async function begun(): Promise<void> {
  const gl = tried && context(tried.canvas, tried.smooth);
  if (gl && !gl.isContextLost()) await caughtUp(gl);
}

/** Of the least size: each change of it waits for the graphics. */
function blank(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  return canvas;
}

/** As three.js asks for it. */
function context(canvas: HTMLCanvasElement, smooth: boolean): WebGL2RenderingContext | null {
  return canvas.getContext("webgl2", { antialias: smooth, powerPreference: "high-performance" });
}

function release(): void {
  if (tried) context(tried.canvas, tried.smooth)?.getExtension("WEBGL_lose_context")?.loseContext();
  tried = null;
}
