// After somebody got out of a room at once: whom they mean, and what was done about them. A block and a
// report know nothing of each other: neither waits for the other or fails with it.
import { signal } from "@preact/signals";
import { Cancelled, randomId, Refused, send, Unreachable } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { toast } from "../../kit/toast.tsx";
import type { Met } from "../../live/around.ts";
import { blockUnsaid } from "../blocks/block.ts";
import type { Reason } from "../reports/reporting.ts";

/**
 * `asks`: a friendship would end, which is asked first. `none`: they said nothing to report. `open`: it was
 * reported before, and what is told now came too late.
 */
export type Step = "todo" | "doing" | "done" | "none" | "open" | "asks" | "failed";
type What = "block" | "report";

export interface One extends Met {
  chosen: boolean;
  block: Step;
  report: Step;
  /** Why the last try failed. */
  why: Partial<Record<What, string>>;
}

/** What the staff are told beside what was said. */
export interface Told {
  reason: Reason;
  text: string;
}

const OPEN: Step[] = ["todo", "failed"];

export const PRESS_MS = 500;

/** A double press counts once, and one that was meant for the room counts for nothing here. */
export class Presses {
  constructor(private last_ms: number) {}

  /** Whether a press counts. */
  counts(now_ms: number): boolean {
    if (now_ms - this.last_ms < PRESS_MS) return false;
    this.last_ms = now_ms;
    return true;
  }

  /** Something else stands under the finger from now on. */
  again(now_ms: number): void {
    this.last_ms = now_ms;
  }
}

export class Exit {
  readonly people = signal<One[]>([]);
  /* What is sent again after its answer was lost is done once. */
  private readonly keys = new Map<string, string>();
  private over = false;
  private readonly whose = me.peek()?.id;

  /** `held`: the room may not know yet that one has gone. */
  constructor(
    readonly room: string,
    met: Met[],
    readonly held = false,
  ) {
    this.people.value = met.map((one, i) => ({
      ...one,
      chosen: i === 0 && one.said > 0,
      block: "todo",
      report: "todo",
      why: {},
    }));
  }

  choose(id: string, chosen: boolean): void {
    this.set(id, { chosen });
  }

  /** Who is chosen and not done with. */
  open({ text }: Told): One[] {
    return this.people.value.filter(
      (one) => one.chosen && (OPEN.includes(one.block) || reports(one, text)),
    );
  }

  /** Of all who are chosen what is not done yet. Never rejects: what failed says so itself. */
  async act(told: Told): Promise<void> {
    await Promise.all(this.open(told).map((one) => this.actOn(one, told)));
  }

  private async actOn(one: One, told: Told): Promise<void> {
    const blocked = OPEN.includes(one.block) ? this.block(one, true) : undefined;
    if (one.seq === undefined) {
      await blocked;
      return this.fromBehind(one.id, told);
    }
    const reported = reports(one, told.text) ? this.report(one, told) : undefined;
    await Promise.all([blocked, reported]);
  }

  /* Who has no line: their page is reported, and behind a block nothing of it is kept but the name. */
  private async fromBehind(id: string, told: Told): Promise<void> {
    const one = this.one(id);
    if (one.block !== "done") return;
    if (reports(one, told.text)) await this.report(one, told);
    else if (OPEN.includes(one.report)) this.set(id, { report: "none" });
  }

  /** Also a friend, who was asked about. Never rejects, as `act`. */
  async blockFriend(one: One, told: Told): Promise<void> {
    await this.block(one, false);
    if (one.seq === undefined) await this.fromBehind(one.id, told);
  }

  private block({ id, name }: One, unless_friend: boolean): Promise<void> {
    const whom = unless_friend ? { id, unless_friend } : { id };
    return this.try("block", { id, name }, () =>
      blockUnsaid(whom, this.key(`block ${JSON.stringify(whom)}`)),
    );
  }

  private report({ id, name, seq }: One, { reason, text }: Told): Promise<void> {
    const words = text.trim() ? { text } : {};
    const key = this.key(`report ${JSON.stringify([id, reason, words])}`);
    const what = seq === undefined ? { kind: "page", id } : { kind: "line", id: this.room, seq };
    const call = () => send("POST /api/reports", { ...what, reason, ...words }, key);
    return this.try("report", { id, name }, call, "text" in words);
  }

  private async try(
    what: What,
    { id, name }: { id: string; name: string },
    call: () => Promise<unknown>,
    told = false,
  ): Promise<void> {
    this.set(id, { [what]: "doing" });
    let step: Step = "done";
    let why = "";
    try {
      await call();
    } catch (error) {
      step = stepOf(error, told);
      why = error instanceof Refused ? error.message || t("app.refused") : t("app.unreachable");
    }
    this.set(id, { [what]: step, why: { ...this.one(id).why, [what]: why } });
    // Who has gone on hears of it where they are, and whoever comes after them here does not.
    if (!this.over || step === "done" || me.peek()?.id !== this.whose) return;
    toast(step === "open" ? why : t(`out.${what}_failed`, { name, why }));
  }

  /** The page has gone; what is on its way goes on. */
  leave(): void {
    this.over = true;
  }

  private key(of: string): string {
    const key = this.keys.get(of) ?? randomId();
    this.keys.set(of, key);
    return key;
  }

  private one(id: string): One {
    return this.people.peek().find((one) => one.id === id)!;
  }

  private set(id: string, part: Partial<One>): void {
    this.people.value = this.people
      .peek()
      .map((one) => (one.id === id ? { ...one, ...part } : one));
  }
}

/* Without a line there is something to report once the person says it, and the block is made. */
const reports = ({ seq, block, report }: One, text: string): boolean =>
  seq === undefined
    ? block === "done" && (OPEN.includes(report) || report === "none") && text.trim() !== ""
    : OPEN.includes(report);

/* `told`: with words, which whoever reads the report that is open does not have. */
function stepOf(error: unknown, told: boolean): Step {
  const known = [Refused, Unreachable, Cancelled].some((kind) => error instanceof kind);
  if (!known) console.warn("exit", error);
  if (!(error instanceof Refused)) return "failed";
  if (error.code === "blocks.friend") return "asks";
  if (error.code !== "reports.open") return "failed";
  return told ? "open" : "done";
}

/** There while the page after a room shows it: kept by this page alone, and gone with a reload. */
export const exit = signal<Exit | null>(null);
