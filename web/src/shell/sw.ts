// The service worker: keeps the shell and what was shown last, so that the page opens without a
// connection, and shows pushes. Answers of the API are never kept.
export {};

declare const SHELL: string[];
declare const VERSION: string;
declare const ICON: string;
declare const self: ServiceWorkerGlobalScope;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface InstallEvent extends ExtendableEvent {
  addRoutes?(rule: { condition: { urlPattern: unknown }; source: "network" }): Promise<void>;
}
declare const URLPattern: new (wish: { pathname: string }) => unknown;
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface PushEvent extends ExtendableEvent {
  readonly data: { json(): unknown } | null;
}
interface ClickEvent extends ExtendableEvent {
  readonly notification: Notification;
}
interface ChangeEvent extends ExtendableEvent {
  readonly oldSubscription: PushSubscription | null;
  readonly newSubscription: PushSubscription | null;
}
interface WindowClient {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<WindowClient>;
  postMessage(message: unknown): void;
}
interface ServiceWorkerGlobalScope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(wish: { type: "window"; includeUncontrolled: boolean }): Promise<WindowClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install", on: (event: InstallEvent) => void): void;
  addEventListener(type: "activate", on: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", on: (event: FetchEvent) => void): void;
  addEventListener(type: "push", on: (event: PushEvent) => void): void;
  addEventListener(type: "notificationclick", on: (event: ClickEvent) => void): void;
  addEventListener(type: "pushsubscriptionchange", on: (event: ChangeEvent) => void): void;
}

const SHELL_CACHE = `shell-${VERSION}`;
/* Models and pictures: their names change with their content, so they survive new versions. */
const ASSET_CACHE = "assets";
const ASSETS_KEPT = 150;

self.addEventListener("install", (event) => {
  // Calls go past the worker where the browser can: what a closing page sends must not end with it.
  void event.addRoutes?.({
    condition: { urlPattern: new URLPattern({ pathname: "/api/*" }) },
    source: "network",
  });
  event.waitUntil(
    caches
      .open(SHELL_CACHE)
      .then((cache) => cache.addAll(SHELL))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name !== SHELL_CACHE && name !== ASSET_CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/a/")) event.respondWith(asset(event, request));
});

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match("/");
    if (!kept) throw error;
    return kept;
  }
}

async function asset(event: FetchEvent, request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  // Whoever asked has it while it comes.
  if (answer.status === 200) event.waitUntil(keep(request, answer.clone()));
  return answer;
}

async function keep(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(ASSET_CACHE);
  await cache.put(request, answer);
  const keys = await cache.keys();
  await Promise.all(
    keys.slice(0, Math.max(0, keys.length - ASSETS_KEPT)).map((k) => cache.delete(k)),
  );
}

/* ---- pushes ---- */

interface Pushed {
  title: string;
  text: string;
  path: string;
  tag: string;
  language: string;
  /** Also over a page that one looks at: a test that one asked for. */
  always?: boolean;
}

const windows = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

self.addEventListener("push", (event) => event.waitUntil(show(event.data?.json() as Pushed)));

/* Who looks at the page sees it there. */
async function show(pushed: Pushed): Promise<void> {
  const seen = (await windows()).some((one) => one.focused && one.visibilityState === "visible");
  if (seen && !pushed.always) return;
  await self.registration.showNotification(pushed.title, {
    body: pushed.text,
    tag: pushed.tag,
    lang: pushed.language,
    icon: ICON,
    data: pushed.path,
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(String(event.notification.data)));
});

/* Our own pages only, whatever the path says. */
async function open(path: string): Promise<void> {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const [there] = await windows();
  if (!there) return void (await self.clients.openWindow(url.href));
  there.postMessage({ go: url.pathname + url.search + url.hash });
  await there.focus().catch(() => undefined);
}

/* The browser gave itself another address: who is signed in here tells the server. */
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

async function renew(event: ChangeEvent): Promise<void> {
  const options = event.oldSubscription?.options;
  const made =
    event.newSubscription ??
    (options ? await self.registration.pushManager.subscribe(options) : null);
  if (!made) return;
  const { endpoint, keys } = made.toJSON();
  await fetch("/api/push", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Bauta": "1" },
    body: JSON.stringify({ endpoint, p256dh: keys?.p256dh, auth: keys?.auth }),
  });
}
