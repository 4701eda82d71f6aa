// The service worker from the page's side: it opens the page without a connection and shows pushes.
import { go } from "./router.ts";

/** What it keeps it fetches itself, and then all that is fetched goes through it: the first pages come first. */
const AFTER_MS = 10_000;

const able = (): boolean => "serviceWorker" in navigator && isSecureContext;

/** Rejects when a worker that is being made is given up: what it keeps could not be fetched. */
const givenUp = (coming: ServiceWorker): Promise<never> =>
  new Promise((_, fail) => {
    const look = () => coming.state === "redundant" && fail(new Error("the worker did not come"));
    coming.addEventListener("statechange", look);
    look();
  });

/** The worker, as soon as it is there; rejects when it does not come. */
export async function worker(): Promise<ServiceWorkerRegistration> {
  const { installing } = await navigator.serviceWorker.register("/sw.js");
  const { ready } = navigator.serviceWorker;
  return installing ? Promise.race([ready, givenUp(installing)]) : ready;
}

/** Only from a server that answers: browsers complain of a worker that did not come where nobody can catch it. */
async function keep(): Promise<void> {
  try {
    await fetch("/sw.js", { method: "HEAD" });
    await worker();
  } catch {
    setTimeout(() => void keep(), AFTER_MS);
  }
}

export function startWorker(): void {
  if (!able()) return;
  navigator.serviceWorker.addEventListener("message", clicked);
  // Where there is one already, it is looked for a newer one.
  if (navigator.serviceWorker.controller) void keep();
  else setTimeout(() => void keep(), AFTER_MS);
}

/* A notification was clicked: the worker says where it leads. */
function clicked({ data }: MessageEvent): void {
  const to: unknown = data?.go;
  if (typeof to === "string" && /^\/(?!\/)/.test(to)) go(to);
}
