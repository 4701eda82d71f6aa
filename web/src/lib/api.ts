import { signal } from "@preact/signals";
import type { Api } from "../gen/api.ts";
import { assetUrl } from "./assets.ts";
import { askEarly, reach } from "./early.ts";
import { Cancelled, Refused, Unreachable } from "./errors.ts";
import { language } from "./text.ts";

export { Cancelled, Refused, Unreachable };

export type Route = keyof Api;
export type In<R extends Route> = Api[R]["in"];
export type Out<R extends Route> = Api[R]["out"];
/** One row of a list answer. */
export type Item<R extends Route> = Out<R> extends { items: (infer T)[] } ? T : never;

/** Share of a proof of work that is done, while one is being made; null otherwise. */
export const working = signal<number | null>(null);

/** Called when the server no longer knows us; set by session.ts. */
export const onSignedOut: { call: () => void } = { call: () => undefined };

/** Asks the person to prove once more who they are; set by shell/prove.tsx. Cancelled rejects. */
export const onProve: { call: (passkey: boolean) => Promise<void> } = {
  call: () => Promise.reject(new Cancelled()),
};
const PROVE = ["api.prove", "api.passkey"];

const TRIES = 3;
const PAUSE_MS = 400;
/* A dead connection of a phone takes minutes to be noticed by the browser. */
const ANSWER_MS = 20_000;

/**
 * The one way to the server: the route decides what goes in and what comes out. Unsafe calls carry
 * one Idempotency-Key over all tries, so a call whose connection died can be repeated safely; whoever
 * lets the person try again gives the `key` of the first time.
 */
export function send<R extends Route>(route: R, input: In<R>, key?: string): Promise<Out<R>> {
  return insist((work) =>
    work === undefined
      ? ask(route, input, key ?? randomId())
      : ask(route, { ...input, work } as In<R>, randomId()),
  );
}

/** Calls; and calls again with what the server asked for: a proof of work, or of who it is. */
export async function insist<T>(call: (work?: string) => Promise<T>): Promise<T> {
  try {
    return await insistOnWork(call);
  } catch (error) {
    if (!(error instanceof Refused) || !PROVE.includes(error.code)) throw error;
    await onProve.call(error.code === "api.passkey");
    return await insistOnWork(call);
  }
}

async function insistOnWork<T>(call: (work?: string) => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "limits.work" || !error.work) throw error;
    return await call(await prove(error.work.challenge, error.work.bits));
  }
}

/** For the next page, which asks it while it is drawn: the answer is on its way by then. */
export const askAhead = (path: string): void =>
  askEarly(path, { "Accept-Language": language.value });

async function ask<R extends Route>(route: R, input: In<R>, key: string): Promise<Out<R>> {
  const [method, pattern] = route.split(" ") as [string, string];
  const rest: Record<string, unknown> = { ...input };
  let path = pattern.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  const headers: Record<string, string> = { "Accept-Language": language.value };
  let body: string | null = null;
  if (method === "GET") {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(rest))
      if (value !== undefined && value !== "") query.set(name, String(value));
    if (query.size ?? [...query].length) path += `?${query}`;
  } else {
    headers["X-Bauta"] = "1";
    headers["Idempotency-Key"] = key;
    if (Object.keys(rest).length > 0) {
      headers["Content-Type"] = "application/json";
      body = JSON.stringify(rest);
    }
  }
  for (let tried = 1; ; tried++) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_MS);
    try {
      const { signal } = late;
      return await answer<R>(
        await reach(path, { method, headers, body, signal, keepalive: method !== "GET" }),
      );
    } catch (error) {
      const away =
        late.signal.aborted ||
        error instanceof TypeError ||
        (error instanceof Refused && error.status === 503);
      if (!away) throw error;
      if (tried === TRIES) throw error instanceof Refused ? error : new Unreachable();
      await new Promise((done) => setTimeout(done, PAUSE_MS * tried));
    } finally {
      clearTimeout(timer);
    }
  }
}

let ahead_ms = 0;

/** How far this clock was ahead of the server's at its last answer: to a second, and 0 before the first. */
export const clockAhead = (): number => ahead_ms;

async function answer<R extends Route>(got: Response): Promise<Out<R>> {
  const at = Date.parse(got.headers.get("Date") ?? "");
  if (!Number.isNaN(at)) ahead_ms = Date.now() - at;
  if (got.ok) {
    const text = await got.text();
    return (text ? JSON.parse(text) : undefined) as Out<R>;
  }
  throw refused(got.status, await got.json().catch(() => ({})));
}

/** What a refusal's JSON says. */
export function refused(status: number, json: { error?: Partial<Refused> & { text?: string } }) {
  const { code = "", text = "", field, work } = json.error ?? {};
  if (code === "api.login") onSignedOut.call();
  return new Refused(status, code, text, field, work);
}

/** 128 random bits as text; works on plain http too, where randomUUID does not exist. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function prove(challenge: string, bits: number): Promise<string> {
  working.value = 0;
  return new Promise<string>((done, failed) => {
    const worker = new Worker(assetUrl("work.js"));
    const end = () => {
      worker.terminate();
      working.value = null;
    };
    worker.onmessage = ({ data }: MessageEvent<{ share?: number; work?: string }>) => {
      if (data.work === undefined) {
        working.value = data.share ?? 0;
        return;
      }
      end();
      done(data.work);
    };
    worker.onerror = () => {
      end();
      failed(new Unreachable());
    };
    worker.postMessage({ challenge, bits });
  });
}
