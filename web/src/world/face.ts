// What a face does by itself: it blinks, moves its mouth while something is said, shows a mood, and
// for a moment what a gesture wants of it. Writes into the weights of a body's expressions.
import type { Body } from "./models";

const BLINK_S = 0.14;
const BLINK_EVERY_S = [2, 6] as const;
/** A mouth has that many letters a second, and a long line is not spoken to its end. */
const LETTERS_S = 13;
const TALK_MAX_S = 6;
const TALK_MIN_S = 0.5;
const HANDS_FROM_S = 1;
const MOUTH_TAU_S = 0.045;
const MOOD_TAU_S = 0.25;
/** How much of a mood is seen all the time; a gesture shows it whole. */
const MOOD_SHARE = 0.75;
/** While the mouth speaks the mood has less of it. */
const SPOKEN_SHARE = 0.55;

const MOUTHS = ["aa", "ih", "ou", "ee", "oh"] as const;
type Mouth = (typeof MOUTHS)[number];
const OPEN: Record<Mouth, number> = { aa: 0.8, ih: 0.7, ou: 0.8, ee: 0.6, oh: 0.8 };
/** Letters that a mouth is open for, without what stands on them. */
const SHAPES: Record<string, Mouth> = {
  a: "aa",
  e: "ee",
  i: "ih",
  o: "oh",
  u: "ou",
  y: "ih",
  w: "ou",
};

export const MOODS = ["happy", "sad", "angry", "surprised", "relaxed", "doubt"] as const;
export type Mood = (typeof MOODS)[number];

/** What a face shows during a gesture. */
const MEANT: Record<string, Mood> = {
  wave: "happy",
  cheer: "happy",
  laugh: "happy",
  dance: "happy",
  clap: "happy",
  bow: "relaxed",
  shrug: "doubt",
  think: "doubt",
  thumbs: "happy",
  beckon: "happy",
  greet: "happy",
  heart: "happy",
  jump: "happy",
  flex: "happy",
  groove: "happy",
  sway: "relaxed",
  stretch: "relaxed",
  yawn: "relaxed",
  facepalm: "doubt",
  cry: "sad",
  sigh: "sad",
  shiver: "sad",
  gasp: "surprised",
};

/** What a mouth does while a text is said; null: closed. Scripts without vowels of ours move it, too. */
export function mouthsOf(text: string): (Mouth | null)[] {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const most = Math.round(TALK_MAX_S * LETTERS_S);
  return [...plain].slice(0, most).map((letter) => {
    if (/[a-z]/.test(letter)) return SHAPES[letter] ?? null;
    const code = letter.codePointAt(0)!;
    return /\p{L}/u.test(letter) && code % 2 ? MOUTHS[code % MOUTHS.length]! : null;
  });
}

export class Face {
  /** What it shows when nothing else does. */
  mood: Mood | null = null;
  private said: (Mouth | null)[] = [];
  private said_s = 0;
  private blinkIn_s: number;
  private readonly mouth: Record<Mouth, number> = { aa: 0, ih: 0, ou: 0, ee: 0, oh: 0 };
  private readonly shown: Record<Mood, number> = {
    happy: 0,
    sad: 0,
    angry: 0,
    surprised: 0,
    relaxed: 0,
    doubt: 0,
  };

  constructor(
    private readonly still: boolean,
    private readonly chance: () => number,
  ) {
    this.blinkIn_s = this.nextBlink();
  }

  /** Its mouth moves for about as long as the text takes to be said. */
  speak(text: string): void {
    const said = mouthsOf(text);
    // "?!" and emoji are said, too, by something.
    while (said.length < TALK_MIN_S * LETTERS_S) said.push(said.length % 2 ? null : "oh");
    this.said = said;
    this.said_s = 0;
  }

  /** Long enough for hands to go along with what is still to be said. */
  get long(): boolean {
    return this.said.length - this.said_s * LETTERS_S > HANDS_FROM_S * LETTERS_S;
  }

  get speaks(): boolean {
    return this.said_s * LETTERS_S < this.said.length;
  }

  /** Time passes; `act` is the gesture that is made now. */
  step(dt_s: number, faces: Body["faces"], act: string | null): void {
    this.said_s += dt_s;
    this.blinkIn_s -= dt_s;
    if (this.blinkIn_s < -BLINK_S) this.blinkIn_s = this.nextBlink();
    if (faces.length === 0) return;
    const now = this.still || !this.speaks ? null : this.said[Math.floor(this.said_s * LETTERS_S)];
    const k = 1 - Math.exp(-dt_s / MOUTH_TAU_S);
    for (const name of MOUTHS)
      this.mouth[name] += ((name === now ? OPEN[name] : 0) - this.mouth[name]) * k;
    this.feel(dt_s, act);
    for (const face of faces) this.put(face);
  }

  private feel(dt_s: number, act: string | null): void {
    const meant = act === null ? undefined : MEANT[act];
    const k = this.still ? 1 : 1 - Math.exp(-dt_s / MOOD_TAU_S);
    for (const name of MOODS) {
      const goal = meant ? (name === meant ? 1 : 0) : name === this.mood ? MOOD_SHARE : 0;
      this.shown[name] += (goal - this.shown[name]) * k;
    }
  }

  private put(face: Body["faces"][number]): void {
    face.influences.fill(0);
    const speaks = MOUTHS.reduce((sum, name) => sum + this.mouth[name], 0);
    const rest = 1 - Math.min(1, speaks) * SPOKEN_SHARE;
    for (const name of MOODS) set(face, name, this.shown[name] * rest);
    for (const name of MOUTHS) set(face, name, this.mouth[name]);
    set(face, "blink", this.lids() * (1 - 0.4 * Math.max(this.shown.happy, this.shown.relaxed)));
  }

  private lids(): number {
    if (this.still || this.blinkIn_s >= 0) return 0;
    return 1 - Math.abs(1 + (2 * this.blinkIn_s) / BLINK_S);
  }

  private nextBlink(): number {
    const [min, max] = BLINK_EVERY_S;
    return min + this.chance() * (max - min);
  }
}

function set(face: Body["faces"][number], name: string, weight: number): void {
  const named = face.names[name];
  if (named !== undefined) {
    face.influences[named] = weight;
    return;
  }
  for (const bind of face.expressions[name]?.morphTargetBinds ?? []) {
    const value = Math.max(face.influences[bind.index] ?? 0, weight * bind.weight);
    if (bind.index < face.influences.length) face.influences[bind.index] = value;
  }
}
