// Portraits as they are drawn from looks, each once: by the id of a look, which never changes what it
// shows. They are forgotten when nobody is signed in any more.
import { effect } from "@preact/signals";
import { send } from "../lib/api.ts";
import { assetUrl } from "../lib/assets.ts";
import { onTold } from "../live/channel.ts";
import { recipeOf } from "../lib/recipe_of.ts";
import { me } from "../lib/session.ts";
import type { PortraitAnswer, PortraitOpening, PortraitRequest } from "../looks/portrait_worker.ts";

/** Whom to draw: a look by its id, or as long as there is none, a ready avatar. */
export interface Pictured {
  look?: string | undefined;
  avatar: string;
}

/** What a worker has of Worker: tests bring their own. */
export interface PortraitPort {
  postMessage(message: PortraitOpening | PortraitRequest): void;
  onmessage: ((event: MessageEvent<PortraitAnswer>) => void) | null;
  onerror: unknown;
  terminate(): void;
}

/** Draws a face from the whole body, where a world is loaded; null for somebody it doesn't know. */
export type Studio = (look: string) => Promise<Blob | null>;

interface Entry {
  /** The picture's address; "" for none, undefined while it is drawn. */
  url?: string;
  /** It was drawn from the whole body: there is no better one. */
  whole?: boolean;
  /** Asked for, and on the way. */
  coming?: boolean;
  holders: Set<(url: string) => void>;
}

/** Recipes that are asked for at once, and pictures that are kept though nobody shows them: 5 KB each. */
const ASKED_MAX = 4;
const KEPT_MAX = 300;
/** The build lays the layers there, by the names that their list has. */
const PARTS = "/a/looks-";

export const outside = {
  open: (): PortraitPort => {
    const port = new Worker(assetUrl("portraits.js")) as unknown as PortraitPort;
    const [catalogue, layers] = ["looks/catalogue.json", "looks/layers.json"].map(assetUrl);
    port.postMessage({ kind: "open", catalogue: catalogue!, layers: layers!, parts: PARTS });
    return port;
  },
  recipe: recipeOf,
  idle: (call: () => void): void => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(call, { timeout: 500 });
    else setTimeout(call, 1);
  },
  /** Resolves when the picture can be shown at once. */
  decoded: async (url: string): Promise<void> => {
    const image = new Image();
    image.src = url;
    await image.decode();
  },
};

const entries = new Map<string, Entry>();
const waiting: string[] = [];
const drawing = new Map<number, (answer: PortraitAnswer) => void>();
let port: PortraitPort | null = null;
/** Faces that are there, and are drawn again from the body. */
const better = new Set<string>();
let studio: Studio | null = null;
let improving = false;
let next = 1;
let asked = 0;
let woken = false;
/** Which session it is: what was asked for in one before is nobody's. */
let round = 0;

const READY = "ready ";
export const keyOf = ({ look, avatar }: Pictured): string => look ?? (avatar ? READY + avatar : "");

/** The picture if it is there: "" when there is none to come. */
export const drawnPortrait = (key: string): string | undefined =>
  key ? entries.get(key)?.url : "";

/** Tells when the picture is there, or that there is none (""); until what is returned is called. */
export function holdPortrait(key: string, tell: (url: string) => void): () => void {
  const entry = entries.get(key) ?? { holders: new Set() };
  // The one that was looked at longest ago goes first.
  entries.delete(key);
  entries.set(key, entry);
  entry.holders.add(tell);
  if (entry.url !== undefined) {
    tell(entry.url);
    want(key, entry);
  } else if (!entry.coming && !waiting.includes(key)) {
    waiting.push(key);
    wake();
  }
  return () => {
    entry.holders.delete(tell);
    if (entry.url === undefined) return;
    prune();
  };
}

function prune(): void {
  let many = entries.size - KEPT_MAX;
  for (const [key, { holders, url }] of entries) {
    if (many <= 0) return;
    if (holders.size > 0 || url === undefined) continue;
    entries.delete(key);
    if (url) URL.revokeObjectURL(url);
    many--;
  }
}

function wake(): void {
  if (woken) return;
  woken = true;
  outside.idle(() => {
    woken = false;
    while (asked < ASKED_MAX && waiting.length > 0) void bring(waiting.shift()!);
  });
}

async function bring(key: string): Promise<void> {
  const entry = entries.get(key);
  if (!entry) return;
  // Whoever scrolled past is not asked for.
  if (entry.holders.size === 0) return void entries.delete(key);
  const mine = round;
  entry.coming = true;
  asked++;
  const url = await picture(key).catch(() => undefined);
  asked--;
  if (mine !== round) {
    if (url) URL.revokeObjectURL(url);
  } else if (url === undefined)
    // It may come later: whoever is shown next asks again.
    entries.delete(key);
  else {
    entry.url = url;
    for (const tell of entry.holders) tell(url);
    want(key, entry);
    prune();
  }
  if (waiting.length > 0) wake();
}

/**
 * A world is there that draws faces from whole bodies: those that are shown are drawn by it, one after the
 * other and in idle time, in the place of those made of layers. Until what is returned is called.
 */
export function portraitsFrom(made: Studio): () => void {
  studio = made;
  for (const [key, entry] of entries) want(key, entry);
  return () => {
    if (studio !== made) return;
    studio = null;
    better.clear();
  };
}

function want(key: string, { url, whole, holders }: Entry): void {
  if (!studio || !url || whole || holders.size === 0 || key.startsWith(READY)) return;
  better.add(key);
  if (!improving) void improve();
}

async function improve(): Promise<void> {
  improving = true;
  while (better.size > 0) {
    await new Promise<void>((go) => outside.idle(go));
    const [key] = better;
    if (key === undefined) break;
    better.delete(key);
    await redraw(key).catch(() => undefined);
  }
  improving = false;
}

async function redraw(key: string): Promise<void> {
  const entry = entries.get(key);
  if (!entry?.url || entry.holders.size === 0) return;
  const drawn = await studio?.(key);
  if (!drawn) return;
  const [url, old] = [URL.createObjectURL(drawn), entry.url];
  await outside.decoded(url).catch(() => undefined);
  // With the session, or for want of room, it may have been forgotten meanwhile.
  if (entries.get(key) !== entry) return URL.revokeObjectURL(url);
  entry.url = url;
  entry.whole = true;
  for (const tell of entry.holders) tell(url);
  URL.revokeObjectURL(old);
}

async function picture(key: string): Promise<string> {
  const recipe = key.startsWith(READY)
    ? { ready: key.slice(READY.length) }
    : await outside.recipe(key);
  if (recipe === null) return "";
  const { picture: drawn, why } = await draw(recipe);
  if (drawn) return URL.createObjectURL(drawn);
  if (why === "no") return "";
  throw new Error("parts");
}

function draw(recipe: unknown): Promise<PortraitAnswer> {
  port ??= opened();
  const id = next++;
  return new Promise((done) => {
    drawing.set(id, done);
    port!.postMessage({ kind: "draw", id, recipe });
  });
}

function opened(): PortraitPort {
  const made = outside.open();
  made.onmessage = ({ data }) => {
    const done = drawing.get(data.id);
    drawing.delete(data.id);
    done?.(data);
  };
  // One that could not be loaded never answers: the next who asks gets another.
  made.onerror = close;
  return made;
}

function close(): void {
  port?.terminate();
  port = null;
  for (const [id, done] of drawing) done({ id, picture: null, why: "parts" });
  drawing.clear();
}

/** Forgets all: whoever sits down next finds no face. */
export function forgetPortraits(): void {
  round++;
  waiting.length = 0;
  better.clear();
  close();
  for (const { url } of entries.values()) if (url) URL.revokeObjectURL(url);
  entries.clear();
}

/** For tests. */
export const portraitsKept = (): number => entries.size;

let signedIn = false;
effect(() => {
  const now = me.value !== null;
  if (signedIn && !now) forgetPortraits();
  signedIn = now;
});

/** One's own face changes wherever it stands: another window may have changed it. */
onTold("looks", () => {
  send("GET /api/me", {}).then(
    (now) => {
      if (me.peek()?.id === now.id) me.value = now;
    },
    () => undefined,
  );
});
