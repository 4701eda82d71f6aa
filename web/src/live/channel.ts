// The member's own channel: what the server tells this person wherever they are. One socket a
// page: the channel's own, or that of the room one is in, which hands on what is not the room's.
import { lookWhoIsIn, me } from "../lib/session.ts";
import type { FromServer } from "./protocol.ts";
import { Socket, type Given, type SocketState, type Wire } from "./socket.ts";

type Of<T extends FromServer["t"]> = Extract<FromServer, { t: T }>;
type Take = (message: never) => void;

const takers = new Map<string, Set<Take>>();
const returners = new Set<() => void>();

let given: Given | null = null;
/** The next hello was told before: nothing has been missed since. */
let greeted = false;

/* Whoever enters a room goes on with the channel's connection: a new one is three trips to the server. */
function takeOver(): Wire | null {
  const { wire, hello } = given ?? {};
  given = null;
  if (!wire || wire.readyState > WebSocket.OPEN) return null;
  greeted = hello !== null;
  if (greeted) queueMicrotask(() => wire.onmessage?.({ data: hello }));
  return wire;
}

export function connect(): Wire {
  const old = takeOver();
  if (old) return old;
  const url = new URL("/api/live", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return new WebSocket(url) as Wire;
}

/** Calls `take` for every message of that kind; returns what ends it. */
export function onTold<T extends FromServer["t"]>(
  t: T,
  take: (message: Of<T>) => void,
): () => void {
  const all = takers.get(t) ?? new Set();
  takers.set(t, all.add(take));
  return () => all.delete(take);
}

/** Calls `run` when something may have been missed: after a lost connection, or when told so. */
export function onMissed(run: () => void): () => void {
  returners.add(run);
  return () => returners.delete(run);
}

/** From whoever holds the socket. */
export function tell(message: FromServer): void {
  const known = message.t === "hello" && greeted;
  if (message.t === "hello") greeted = false;
  if (!known && (message.t === "hello" || message.t === "again"))
    for (const run of returners) run();
  for (const take of takers.get(message.t) ?? []) take(message as never);
}

let socket: Socket | null = null;
let held = 0;

/* Whoever sits down next at a tab that was left open finds nobody's page. */
function stands(state: SocketState, code: number): void {
  if (state === "ended" && code !== 1000) void lookWhoIsIn();
}

function follow(): void {
  const wanted = me.peek() !== null && held === 0;
  if (wanted === (socket !== null)) return;
  if (me.peek()) given = socket?.give() ?? null;
  else socket?.end();
  socket = wanted
    ? new Socket(connect, { state: stands, message: tell, frame: () => undefined })
    : null;
  socket?.start();
}

/** A room's visit has a socket of its own, and tells; returns what ends that. */
export function holdChannel(): () => void {
  held++;
  follow();
  return () => {
    held--;
    follow();
  };
}

export function startChannel(): void {
  me.subscribe(follow);
  addEventListener("online", () => socket?.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") socket?.wake();
  });
}
