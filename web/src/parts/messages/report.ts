import { reported } from "../reports/reporting.ts";
import type { Message } from "./shapes.ts";

export function reportMessage(id: string, { seq, name, from, text }: Message): void {
  reported.value = { kind: "message", id, seq, name, from, text };
}
