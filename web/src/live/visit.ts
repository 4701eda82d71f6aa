// One visit to a room: who is there, where, what is said. Signals for the page, calls for the 3D
// view when there is one. The text-only room lives on the signals alone.
import { computed, signal } from "@preact/signals";
import { Walker } from "../world/walk.ts";
import { seatOf, type SceneData } from "../world/scene.ts";
import { Acts } from "./acts.ts";
import { Around, type Met } from "./around.ts";
import { Events, type Happening } from "./events.ts";
import { Lines, type LinesPort } from "./lines.ts";
import type { Pending } from "./outbox.ts";
import {
  decodeMoves,
  encodeMove,
  type Entered,
  type FromServer,
  type Line,
  type Person,
  type RoomInfo,
  type Spot,
} from "./protocol.ts";
import { Typists } from "./typists.ts";
import type { View } from "./view.ts";
import { browserChance, Socket, type Chance, type SocketState, type Wire } from "./socket.ts";

/** What a portrait is drawn from. */
export interface Face {
  avatar: string;
  look?: string;
}
export type Phase = "entering" | "queued" | "in" | "out" | "refused" | "ended";
export interface Port {
  connect: () => Wire;
  /** What is for the member rather than for the room: everything is handed on. */
  tell?: (message: FromServer) => void;
  fetchAfter: (seq: number) => Promise<Line[]>;
  /** Keeps what was said and has no answer, for another life of this page. */
  keep?: (pending: Pending[]) => void;
  id: () => string;
  now: () => number;
  /** How far `now` is ahead of the server's clock, as far as that is known. */
  ahead_ms?: () => number;
  chance?: Chance;
  /** A refusal that no line or phase shows. */
  complain: (text: string) => void;
}

const BUSY_MS = 1500;
/* What a person did not ask for by a button needs no excuse. */
const QUIET = new Set(["typing", "ping", "move", "leave"]);
const TYPING_AGAIN_MS = 4000;
const SIT_REACH_M = 2.3;

export class Visit {
  readonly phase = signal<Phase>("entering");
  readonly connection = signal<SocketState>("connecting");
  readonly room = signal<RoomInfo | null>(null);
  /** How long lines are kept here; known a moment after entering. */
  readonly keepDays = signal<number | null>(null);
  readonly people = signal<Person[]>([]);
  readonly mySlot = signal(-1);
  readonly typists: Typists<number, true>;
  readonly queue = signal(0);
  readonly said = signal<{ code: string; text: string } | null>(null);
  readonly draft = signal("");
  readonly events = new Events();
  /** Lines that came while nobody looked. */
  readonly missed = signal(0);
  /** I am on my way somewhere. */
  readonly going = signal(false);
  /** Changes when somebody has walked: for lists that say where people are. */
  readonly steps = signal(0);
  readonly me = computed(() => this.people.value.find((one) => one.slot === this.mySlot.value));
  readonly lines: Lines;
  readonly acts: Acts;
  private readonly socket: Socket;
  private readonly chance: Chance;
  private readonly spots = new Map<number, Spot>();
  private readonly around: Around;
  /* Of those who have left: their lines stay. */
  private readonly faces = new Map<string, Face>();
  private walker: Walker | null = null;
  private scene: SceneData | null = null;
  private view: View | null = null;
  private hidden = false;
  private typed_ms = -Infinity;
  private stopAgain: () => void = () => undefined;
  private stopCatching: () => void = () => undefined;
  private afterStanding: (() => void) | null = null;

  constructor(
    readonly id: string,
    private readonly port: Port,
  ) {
    this.chance = port.chance ?? browserChance;
    const lines: LinesPort = {
      carry: ({ cid, text }) =>
        this.phase.peek() === "in" && this.socket.send({ t: "say", cid, text }),
      keep: port.keep,
      now: port.now,
      id: port.id,
      chance: this.chance,
      fetchAfter: port.fetchAfter,
    };
    this.lines = new Lines(lines);
    this.around = new Around(this.people, this.spots, this.mySlot, port.ahead_ms);
    this.acts = new Acts(this.chance, port.now, (message) => this.socket.send(message));
    this.typists = new Typists(this.chance, (slot, on) => this.view?.typing(slot, on));
    this.socket = new Socket(
      port.connect,
      {
        state: (state, code) => this.connected(state, code),
        message: (message) => this.take(message),
        frame: (frame) => this.moves(frame),
      },
      this.chance,
    );
  }

  start(): void {
    this.socket.start();
  }

  /** False when the room cannot be told, or may not hear it: one's place is held there for a while. */
  close(): boolean {
    const told = this.socket.send({ t: "leave" }) && !this.socket.doubted;
    this.socket.end();
    this.lines.close();
    this.acts.stop();
    this.stopAgain();
    this.stopCatching();
    this.typists.clear();
    return told;
  }

  wake(): void {
    this.socket.wake();
  }

  /* --- what I do --- */

  say(text: string): void {
    this.lines.outbox.add(text, {});
    this.typed_ms = -Infinity;
  }

  typingNow(on: boolean): void {
    const now = this.port.now();
    if (on && now - this.typed_ms < TYPING_AGAIN_MS) return;
    if (!on && this.typed_ms === -Infinity) return;
    this.typed_ms = on ? now : -Infinity;
    this.socket.send({ t: "typing", on });
  }

  walkTo(x: number, z: number, run = false): void {
    this.standing(() => {
      this.view?.target?.(x, z);
      this.walker?.goTo(x, z, run);
    });
  }

  steer(dx: number, dz: number, run: boolean): void {
    if (dx === 0 && dz === 0) {
      this.walker?.steer(0, 0, run);
      this.afterStanding = null;
    } else this.standing(() => this.walker?.steer(dx, dz, run));
  }

  sit(n: number): void {
    const seat = this.scene && seatOf(this.scene, n);
    if (!seat) return;
    this.standing(() => {
      const [x, z] = seat.stand;
      const sit = () => this.socket.send({ t: "sit", seat: n });
      const at = this.walker?.at;
      this.view?.target?.(x, z);
      if (!this.walker || !at) return;
      if (this.walker.goTo(x, z, false, sit)) return;
      if (Math.hypot(at.x - x, at.z - z) <= SIT_REACH_M) sit();
    });
  }

  stand(): void {
    this.socket.send({ t: "stand" });
  }

  /** A lap: the walker moves by `dt_s`. The page calls it from its frame or its timer. */
  tick(dt_s: number): void {
    if (this.phase.peek() !== "in" || this.me.peek()?.seat) return;
    this.walker?.tick(dt_s);
    this.going.value = (this.walker?.at.flags ?? 0) !== 0;
  }

  /* Who sits gets up first; the server says where that is. */
  private standing(then: () => void): void {
    if (this.phase.peek() !== "in") return;
    if (!this.me.peek()?.seat) return then();
    if (!this.afterStanding) this.stand();
    this.afterStanding = then;
  }

  /** What somebody looks like who is here, or was. */
  faceOf(id: string): Face | undefined {
    return this.people.value.find((one) => one.id === id) ?? this.faces.get(id);
  }

  spot(slot: number): Spot | undefined {
    return this.spots.get(slot);
  }

  /** Who spoke or stood near in the last minute, as far as it is known here. */
  met(): Met[] {
    return this.around.met(this.lines.lines.peek(), this.port.now());
  }

  /* --- the view --- */

  furnish(scene: SceneData): void {
    this.scene = scene;
    this.walker = new Walker(
      scene,
      (x, z, yaw, flags) => this.socket.send(encodeMove({ x, z, yaw, flags })),
      (x, z, yaw, flags) => this.moved(this.mySlot.peek(), { x, z, yaw, flags }),
    );
    const me = this.me.peek();
    if (me) this.walker.place(me.x, me.z, me.yaw);
  }

  attach(view: View | null): void {
    this.view = view;
    if (!view) return;
    for (const one of this.people.peek())
      view.put({ ...one, ...this.spots.get(one.slot) }, this.isMe(one.slot));
    for (const slot of this.typists.now.peek().keys()) view.typing(slot, true);
  }

  /** A hidden page takes in no lines; when it is seen again, one fetch brings them. */
  hide(hidden: boolean): void {
    if (this.hidden === hidden) return;
    this.hidden = hidden;
    if (hidden) return;
    this.missed.value = 0;
    this.wake();
    if (this.phase.peek() === "in") this.catchUp();
    this.attach(this.view);
  }

  private catchUp(): void {
    this.stopCatching();
    this.lines.fill().catch(() => {
      this.stopCatching = this.chance.after(BUSY_MS, () => this.catchUp());
    });
  }

  private isMe(slot: number): boolean {
    return slot === this.mySlot.peek();
  }

  /* --- what the server says --- */

  private connected(state: SocketState, code: number): void {
    this.connection.value = state;
    if (state === "lost" && this.phase.peek() === "queued") this.phase.value = "entering";
    if (state !== "ended" || code === 1000) return;
    this.said.value = { code: `live.${code}`, text: "" };
    this.phase.value = "ended";
  }

  private enter(): void {
    const { known, seq } = this.lines;
    this.socket.send({ t: "enter", room: this.id, ...(known ? { seq } : {}) });
  }

  /** After `out`: in again, by the person's wish. */
  again(): void {
    this.said.value = null;
    this.phase.value = "entering";
    if (this.socket.ready) this.enter();
    else this.socket.start();
  }

  private take(message: FromServer): void {
    this.port.tell?.(message);
    switch (message.t) {
      case "hello":
        if (this.phase.peek() !== "out" && this.phase.peek() !== "refused") this.enter();
        return;
      case "entered":
        return this.entered(message);
      case "queued":
        this.queue.value = message.place;
        this.phase.value = "queued";
        return;
      case "room":
        this.room.value = message.room;
        return;
      case "line":
        return this.line(message);
      case "ack": {
        const me = this.me.peek();
        return this.lines.acked(message.cid, message.seq, message.id, {
          id: me?.id ?? "",
          name: me?.name ?? "",
        });
      }
      case "blocked":
        return this.blocked(message.on, message.id);
      case "nack":
        return this.lines.refused(message.cid, message.code, message.text);
      case "again":
        return this.catchUp();
      case "out":
        return this.out(message.code, message.text);
      case "refused":
        return this.refused(message.re, message.code, message.text);
      case "place":
        return this.place(message);
      default:
        return this.somebody(message);
    }
  }

  private blocked(on: boolean, id?: string): void {
    if (on && id) this.around.forget(id);
    if (on && id) return this.lines.forget(id);
    const asked: Promise<unknown> = on ? this.lines.forgetSomebody() : this.lines.refill();
    void asked.catch(() => undefined);
  }

  private somebody(message: FromServer): void {
    switch (message.t) {
      case "joined":
        return this.joined(message.p);
      case "left":
        return this.left(message.slot);
      case "away":
        this.change(message.slot, { away: message.on });
        this.view?.away(message.slot, message.on);
        return;
      case "typing":
        if (!message.on) this.typists.ends(message.slot);
        else if (!this.isMe(message.slot)) this.typists.begins(message.slot, true);
        return;
      case "seat":
        return this.seated(message);
      case "emote":
        this.view?.emote(message.slot, message.name);
        return this.happened(`emote_${message.name}`, message.slot);
      case "mood":
        this.change(message.slot, { mood: message.mood });
        this.view?.mood(message.slot, message.mood);
        return this.happened(`mood_${message.mood}`, message.slot);
      case "look":
        this.change(message.slot, {
          avatar: message.avatar,
          colours: message.colours,
          look: message.look,
        });
        this.view?.look(message.slot, message.avatar, message.colours, message.look);
    }
  }

  private entered(message: Entered): void {
    this.around.moves(this.mySlot.peek(), this.port.now());
    this.room.value = message.room;
    this.mySlot.value = message.you;
    const gone = this.people.peek().map((one) => one.slot);
    const here = new Set(message.people.map((one) => one.slot));
    for (const slot of gone) if (!here.has(slot)) this.view?.drop(slot);
    this.remember(this.people.peek());
    this.people.value = message.people;
    this.typists.clear();
    this.spots.clear();
    for (const { slot, x, z, yaw } of message.people) this.spots.set(slot, { x, z, yaw, flags: 0 });
    this.phase.value = "in";
    this.afterStanding = null;
    const me = this.me.peek();
    if (me) this.walker?.place(me.x, me.z, me.yaw);
    this.lines.entered(message);
    this.attach(this.view);
    this.acts.entered(me?.mood);
  }

  private line(line: Line): void {
    this.around.heard(line, this.port.now());
    if (this.hidden) {
      this.missed.value++;
      return;
    }
    this.lines.arrived(line);
    const from = this.people.peek().find((one) => one.id === line.from);
    if (!from) return;
    this.typists.ends(from.slot);
    this.view?.say(from.slot, line.text);
  }

  private out(code: string, text: string): void {
    if (code === "rooms.slow") return; /* the socket closes, and comes back */
    this.said.value = { code, text };
    this.phase.value = "out";
  }

  private refused(re: string, code: string, text: string): void {
    if (re === "say") return this.lines.refusedSome(code, text);
    if (re === "enter" && code === "live.busy") {
      this.stopAgain = this.chance.after(BUSY_MS, () => this.enter());
    } else if (re === "enter" && this.phase.peek() !== "in") {
      this.said.value = { code, text };
      this.phase.value = "refused";
    } else if (!QUIET.has(re)) this.port.complain(text);
  }

  private place({ x, z, yaw }: { x: number; z: number; yaw: number }): void {
    this.walker?.place(x, z, yaw);
    this.moved(this.mySlot.peek(), { x, z, yaw, flags: 0 });
  }

  private joined(person: Person): void {
    const old = this.people.peek().some((one) => one.slot === person.slot);
    this.people.value = old
      ? this.people.peek().map((one) => (one.slot === person.slot ? person : one))
      : [...this.people.peek(), person];
    this.spots.set(person.slot, { x: person.x, z: person.z, yaw: person.yaw, flags: 0 });
    this.view?.put(person, this.isMe(person.slot));
    if (!old) this.happened("joined", person.slot);
  }

  private remember(people: Person[]): void {
    for (const { id, avatar, look } of people)
      this.faces.set(id, { avatar, ...(look ? { look } : {}) });
  }

  private left(slot: number): void {
    this.around.moves(slot, this.port.now());
    this.happened("left", slot);
    this.typists.ends(slot);
    this.remember(this.people.peek().filter((one) => one.slot === slot));
    this.people.value = this.people.peek().filter((one) => one.slot !== slot);
    this.spots.delete(slot);
    this.view?.drop(slot);
  }

  private seated({ slot, seat, x, z, yaw }: Extract<FromServer, { t: "seat" }>): void {
    const was = this.people.peek().find((one) => one.slot === slot)?.seat ?? 0;
    this.around.moves(slot, this.port.now());
    this.change(slot, { seat, x, z, yaw });
    this.spots.set(slot, { x, z, yaw, flags: 0 });
    this.view?.seat(slot, seat, x, z, yaw);
    if (this.isMe(slot)) {
      this.walker?.place(x, z, yaw);
      this.going.value = false;
      const then = this.afterStanding;
      this.afterStanding = null;
      if (seat === 0) then?.();
    }
    if (was !== seat) this.happened(seat ? "sat" : "stood", slot);
  }

  private moves(frame: ArrayBuffer): void {
    decodeMoves(
      frame,
      (slot) => this.spots.get(slot),
      (slot, spot) => this.moved(slot, spot),
    );
  }

  private moved(slot: number, spot: Spot): void {
    if (!this.spots.has(slot)) return;
    this.around.moves(slot, this.port.now());
    this.spots.set(slot, spot);
    if (this.hidden) return;
    this.view?.move(slot, spot.x, spot.z, spot.yaw, spot.flags);
    if (spot.flags === 0) this.steps.value++;
  }

  private change(slot: number, part: Partial<Person>): void {
    this.people.value = this.people
      .peek()
      .map((one) => (one.slot === slot ? { ...one, ...part } : one));
  }

  private happened(what: Happening, slot: number): void {
    const person = this.people.peek().find((one) => one.slot === slot);
    if (!person) return;
    const after = this.lines.lines.peek().at(-1)?.seq ?? 0;
    this.events.add(what, person.name, this.isMe(slot), after, this.port.now());
  }
}
