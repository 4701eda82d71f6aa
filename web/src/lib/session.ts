import { computed, signal } from "@preact/signals";
import { onSignedOut, send, type Out } from "./api.ts";
import { Refused, Unreachable } from "./errors.ts";
import { chooseLanguage } from "./text.ts";
import { isLanguage, remember, remembered, SIGNED_IN, type Language } from "./choices.ts";
import { forgetDrafts, keepDraftsOf } from "./drafts.ts";
import type { Who } from "../rows.ts";

export type Me = Out<"GET /api/me">;
export type Site = Out<"GET /api/site">;

export const me = signal<Me | null>(null);
export const site = signal<Site | null>(null);
/** The server did not answer when the page opened. */
export const offline = signal(false);
/** Somebody is signed in here, as far as is known while the server does not answer. */
export const inside = computed(
  () => me.value !== null || (offline.value && remembered(SIGNED_IN) !== null),
);

/* Asked again by itself, ever more seldom: a page that waits is not looked after. */
const AGAIN_MS = 1000;
const AGAIN_MOST_MS = 30_000;
const UNKNOWN = 401;
let again_ms = AGAIN_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

export async function startSession(): Promise<void> {
  clearTimeout(timer);
  try {
    // Visitors are saved a call that says 401.
    const known = remembered(SIGNED_IN) ? send("GET /api/me", {}).catch(nobody) : null;
    [site.value, me.value] = await Promise.all([send("GET /api/site", {}), known]);
    offline.value = false;
    again_ms = AGAIN_MS;
    keepDraftsOf(me.value?.id ?? null);
    if (me.value) await follow(me.value);
  } catch (error) {
    if (!(error instanceof Unreachable)) console.warn("start", error);
    offline.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => void startSession(), again_ms);
    again_ms = Math.min(again_ms * 2, AGAIN_MOST_MS);
  }
}

/** What everybody may know of the site has changed. */
export async function siteChanged(): Promise<void> {
  asked_ms = Date.now();
  site.value = await send("GET /api/site", {});
}

/* What another administrator changes is seen by who goes on to another page, a minute later at most. */
const SITE_MS = 60_000;
let asked_ms = Date.now();

/** On another page: asks what everybody may know of the site, unless that was done just now. */
export function lookAtSite(): void {
  if (site.peek() && Date.now() - asked_ms > SITE_MS) void siteChanged().catch(() => undefined);
}

function nobody(error: unknown): null {
  // A server that has no time for the question does not say that nobody is signed in.
  if (!(error instanceof Refused) || error.status !== UNKNOWN) throw error;
  remember(SIGNED_IN, null);
  return null;
}

async function follow(member: Me): Promise<void> {
  if (isLanguage(member.language)) await chooseLanguage(member.language);
}

/** The language of this device and, for a member, of the account. */
export async function setLanguage(wanted: Language): Promise<void> {
  await chooseLanguage(wanted);
  if (!me.value || me.value.language === wanted) return;
  await send("PATCH /api/me", { language: wanted });
  me.value = { ...me.value, language: wanted };
}

/** After signing in, and after changing what the server keeps of me. */
export async function signedIn(member?: Me): Promise<void> {
  const now = member ?? (await send("GET /api/me", {}));
  if (me.peek() && me.peek()!.id !== now.id) {
    // Another tab signed somebody else in: what stands here of the one before is taken down first.
    signedOut();
    await new Promise((done) => setTimeout(done));
  }
  keepDraftsOf(now.id);
  me.value = now;
  remember(SIGNED_IN, "1");
  await follow(me.value);
}

export function signedOut(): void {
  remember(SIGNED_IN, null);
  forgetDrafts();
  me.value = null;
}

/* Drafts and unsent lines are for this person's eyes; whoever sits down next finds none. */
export async function signOut(): Promise<void> {
  await send("DELETE /api/sessions/current", {});
  signedOut();
  try {
    sessionStorage.clear();
  } catch {
    /* Storage may be forbidden; then nothing is kept there. */
  }
}

onSignedOut.call = signedOut;

/** The server ended this page's connection: another tab may have signed out, or the session is over. */
export async function lookWhoIsIn(): Promise<void> {
  if (me.peek()) await signedIn().catch(() => undefined);
}

/** Is what is for these people for whoever looks? */
export const may = (who: Who): boolean =>
  who === "all" || (me.value !== null && (who === "member" || me.value.may.includes(who)));
