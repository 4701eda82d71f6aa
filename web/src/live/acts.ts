// What I do with body and face: gestures for a moment, a mood until I leave. The server takes a few
// of a second: a quick second one waits, a third replaces it.
import type { Emote, Mood, ToServer } from "./protocol.ts";
import type { Chance } from "./socket.ts";

const EVERY_MS = 550;

export class Acts {
  private readonly gestures: Paced;
  private readonly moods: Paced;
  private mood: Mood | null = null;

  constructor(chance: Chance, now: () => number, send: (message: ToServer) => void) {
    this.gestures = new Paced(chance, now, send);
    this.moods = new Paced(chance, now, send);
  }

  emote(name: Emote): void {
    this.gestures.do({ t: "emote", name });
  }

  feel(mood: Mood): void {
    this.mood = mood;
    this.moods.do({ t: "mood", mood });
  }

  /** I am in, and the server has me in this mood: one that died has forgotten it. */
  entered(mood = "calm"): void {
    if (this.mood && this.mood !== mood) this.feel(this.mood);
  }

  stop(): void {
    this.gestures.stop();
    this.moods.stop();
  }
}

class Paced {
  private last_ms = -Infinity;
  private stopWaiting: () => void = () => undefined;

  constructor(
    private readonly chance: Chance,
    private readonly now: () => number,
    private readonly send: (message: ToServer) => void,
  ) {}

  do(message: ToServer): void {
    this.stop();
    const wait = this.last_ms + EVERY_MS - this.now();
    const act = () => {
      this.last_ms = this.now();
      this.send(message);
    };
    if (wait <= 0) act();
    else this.stopWaiting = this.chance.after(wait, act);
  }

  stop(): void {
    this.stopWaiting();
  }
}
