// Looks for the page: asks the worker, keeps what it made for as long as somebody wears it.
import type { Level } from "./base";
import type { Packed } from "./packer";
import type { Answer, Opening, Request } from "./worker";

/** What a worker has of Worker: tests bring their own. */
export interface Port {
  postMessage(message: Opening | Request): void;
  onmessage: ((event: MessageEvent<Answer>) => void) | null;
  terminate(): void;
}

/** There is no such look: `parts` may come later, the others stay so. */
export class NoLook extends Error {
  constructor(readonly why: "recipe" | "covered" | "parts") {
    super(`looks: ${why}`);
  }
}

/** A look as the worker made it. */
interface Made {
  look: Packed;
  marks: Record<string, number>;
}

interface Kept {
  made: Promise<Made>;
  holders: number;
}

export interface Held extends Made {
  /** Names and parents of the bones. */
  joints: string[];
  parents: number[];
  /** Gives it back; the memory goes when nobody holds it. */
  release(): void;
}

export class Looks {
  private readonly asked = new Map<number, { done(made: Made): void; fail(error: Error): void }>();
  private readonly kept = new Map<string, Kept>();
  private next = 1;
  private skeleton: { joints: string[]; parents: number[] } | null = null;
  private closed = false;

  constructor(
    private readonly port: Port,
    opening: Omit<Opening, "kind">,
  ) {
    port.onmessage = ({ data }) => this.hear(data);
    port.postMessage({ kind: "open", ...opening });
  }

  /** Names and parents of the bones; null until the base is here. */
  get bones(): { joints: string[]; parents: number[] } | null {
    return this.skeleton;
  }

  /** The look of a recipe, or of a ready avatar, at a level. Rejects with NoLook. */
  async hold(recipe: unknown, level: Level): Promise<Held> {
    const key = `${level} ${JSON.stringify(recipe)}`;
    let kept = this.kept.get(key);
    if (!kept) this.kept.set(key, (kept = { made: this.ask(recipe, level), holders: 0 }));
    kept.holders++;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      if (--kept.holders === 0 && this.kept.get(key) === kept) this.kept.delete(key);
    };
    try {
      const made = await kept.made;
      // What was made was made from the base, so the bones are known.
      const { joints, parents } = this.skeleton ?? { joints: [], parents: [] };
      return { ...made, joints, parents, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  close(): void {
    this.closed = true;
    this.port.terminate();
    for (const { fail } of this.asked.values()) fail(new NoLook("parts"));
    this.asked.clear();
    this.kept.clear();
  }

  private ask(recipe: unknown, level: Level): Promise<Made> {
    if (this.closed) return Promise.reject(new NoLook("parts"));
    const id = this.next++;
    return new Promise((done, fail) => {
      this.asked.set(id, { done, fail });
      this.port.postMessage({ kind: "assemble", id, recipe, level });
    });
  }

  private hear(answer: Answer): void {
    if (answer.kind === "open") {
      const { joints, parents } = answer;
      this.skeleton = { joints, parents };
      return;
    }
    const one = this.asked.get(answer.id);
    this.asked.delete(answer.id);
    if (answer.kind === "look") one?.done({ look: answer.look, marks: answer.marks });
    else one?.fail(new NoLook(answer.why));
  }
}
