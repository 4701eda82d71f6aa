// A slow machine and a slow line, for tools/again: what works by chance shows. And the 3D view, which is
// slow everywhere here.

/* The pages' processors are so many times slower. */
const SLOWER = Number(process.env.BAUTA_SLOWER ?? 1);
/* What pages ask is sent up to so many milliseconds late: the order of answers is nobody's promise. */
const LATER_MS = Number(process.env.BAUTA_LATER ?? 0);
/* So often a wait of a second may meet something that is late. */
const LATE_A_SECOND = 0.5;

/** What is `ms` on this machine, on one that is as slow as was asked for. */
export const patience = (ms) => ms * SLOWER + (ms / 1000) * LATE_A_SECOND * LATER_MS;

export async function slowDown(page) {
  if (SLOWER === 1) return;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

/** Half of what pages ask is sent late, by chance; what a journey answers itself is not. */
export async function holdUp(context) {
  if (LATER_MS === 0) return;
  await context.route(
    (url) => url.protocol === "http:",
    async (route) => {
      const late = Math.max(0, Math.random() * 2 - 1) * LATER_MS;
      await new Promise((go) => setTimeout(go, late));
      await route.continue().catch(() => undefined); // who asked may be gone
    },
  );
}

/* Without a graphics card a picture costs more than all else that a page does. Journeys ask that it is
   there and what stands in it: a sixteenth of its points, ten times a second, shows as much. */
const DRAWN = { ratio: 0.25, every_ms: 100 };

/* Runs in the page before its own scripts. */
function drawLittle({ ratio, every_ms }) {
  Object.defineProperty(window, "devicePixelRatio", { value: ratio, configurable: true });
  const frame = window.requestAnimationFrame.bind(window);
  const waiting = new Map();
  let asked = 0;
  let drawn_ms = 0;
  let comes = false;
  const draw = (now_ms) => {
    drawn_ms = now_ms;
    comes = false;
    for (const [one, act] of [...waiting]) if (waiting.delete(one)) act(now_ms);
  };
  window.requestAnimationFrame = (act) => {
    if (!comes) setTimeout(() => frame(draw), Math.max(0, drawn_ms + every_ms - performance.now()));
    comes = true;
    waiting.set(++asked, act);
    return asked;
  };
  window.cancelAnimationFrame = (one) => waiting.delete(one);
}

export const drawsLittle = (context) => context.addInitScript(drawLittle, DRAWN);

/** What comes of it; an error that says `what` when it has not come after so many ms. */
export function within(ms, what, coming) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(what)), ms);
  });
  return Promise.race([coming, late]).finally(() => clearTimeout(timer));
}
