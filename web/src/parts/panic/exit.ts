// After somebody got out of a room at once: whom they mean, and what was done about them. A block and a
// report know nothing of each other: neither waits for the other or fails with it.
import { signal } from "@preact/signals";
import { Cancelled, randomId, Refused, send, Unreachable } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { toast } from "../../kit/toast.tsx";
import type { Met } from "../../live/around.ts";
import { blockUnsaid } from "../blocks/block.ts";
import type { Reason } from "../reports/reporting.ts";

/** `asks`: a friendship would end, which is asked first. `none`: they said nothing to report. */
export type Step = "todo" | "doing" | "done" | "none" | "asks" | "failed";
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

export class Exit {
  readonly people = signal<One[]>([]);
  /* What is sent again after its answer was lost is done once. */
  private readonly keys = new Map<string, string>();
  private over = false;

  constructor(
    readonly room: string,
    met: Met[],
  ) {
    this.people.value = met.map((one, i) => ({
      ...one,
      chosen: i === 0 && one.seq !== undefined,
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
      // Their page is reported, from behind the block: of it nothing is kept but the name.
      await blocked;
      if (!told.text.trim()) return this.set(one.id, { report: "none" });
    }
    const reported = reports(one, told.text) ? this.report(one, told) : undefined;
    await Promise.all([blocked, reported]);
  }

  /** Also a friend, who was asked about. */
  blockFriend(one: One): Promise<void> {
    return this.block(one, false);
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
    return this.try("report", { id, name }, () =>
      seq === undefined
        ? send("POST /api/people/{id}/report", { id, reason, ...words }, key)
        : send("POST /api/rooms/{id}/report", { id: this.room, seq, reason, ...words }, key),
    );
  }

  private async try(
    what: What,
    { id, name }: { id: string; name: string },
    call: () => Promise<unknown>,
  ): Promise<void> {
    this.set(id, { [what]: "doing" });
    let step: Step = "done";
    let why = "";
    try {
      await call();
    } catch (error) {
      step = stepOf(error);
      why = error instanceof Refused ? error.message || t("app.refused") : t("app.unreachable");
    }
    const old = this.people.peek().find((one) => one.id === id)!;
    this.set(id, { [what]: step, why: { ...old.why, [what]: why } });
    // Who has gone on hears of it where they are.
    if (this.over && step !== "done") toast(t(`out.${what}_failed`, { name, why }));
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

  private set(id: string, part: Partial<One>): void {
    this.people.value = this.people
      .peek()
      .map((one) => (one.id === id ? { ...one, ...part } : one));
  }
}

/* Without a line there is something to report once the person says it. */
const reports = ({ seq, report }: One, text: string): boolean =>
  seq === undefined
    ? (OPEN.includes(report) || report === "none") && text.trim() !== ""
    : OPEN.includes(report);

function stepOf(error: unknown): Step {
  const known = [Refused, Unreachable, Cancelled].some((kind) => error instanceof kind);
  if (!known) console.warn("exit", error);
  if (!(error instanceof Refused)) return "failed";
  if (error.code === "blocks.friend") return "asks";
  return error.code === "reports.open" ? "done" : "failed";
}

/** There while the page after a room shows it: kept by this page alone, and gone with a reload. */
export const exit = signal<Exit | null>(null);
