import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Cancelled, Refused, Unreachable } from "../lib/api.ts";
import { t } from "../lib/text.ts";
import { Button, IconButton } from "./parts.tsx";

interface Toast {
  id: number;
  text: string;
  undo?: () => void;
  ended?: () => void;
}

const SHOWN_MS = 8000;
const MOST = 3;

const toasts = signal<Toast[]>([]);
let last = 0;

function drop(id: number, undone = false): void {
  const one = toasts.peek().find((toast) => toast.id === id);
  if (!one) return;
  toasts.value = toasts.peek().filter((toast) => toast !== one);
  (undone ? one.undo : one.ended)?.();
}

export function toast(text: string, undo?: () => void, ended?: () => void): void {
  const shown = toasts.peek();
  if (shown.length >= MOST) drop(shown[0]!.id);
  toasts.value = [...toasts.peek(), { id: ++last, text, undo, ended }];
}

/** Says what went wrong with something that has no form. */
export function complain(error: unknown): void {
  if (error instanceof Cancelled) return;
  if (error instanceof Refused) toast(error.message || t("app.refused"));
  else if (error instanceof Unreachable) toast(t("app.unreachable"));
  else throw error;
}

/**
 * Instead of "are you sure": what was asked for happens when the toast goes, and can be taken back
 * until then. Leaving the page does it at once.
 */
export function later(text: string, act: () => Promise<unknown>, undone: () => void): void {
  const now = () => {
    removeEventListener("pagehide", now);
    act().catch((error: unknown) => {
      undone();
      complain(error);
    });
  };
  addEventListener("pagehide", now);
  const undo = () => {
    removeEventListener("pagehide", now);
    undone();
  };
  toast(text, undo, now);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((one) => (
        <One key={one.id} one={one} />
      ))}
    </div>
  );
}

/* The clock stands still while somebody points at the toast or has the focus in it. */
function One({ one }: { one: Toast }) {
  const timer = useRef(0);
  const box = useRef<HTMLDivElement>(null);
  const from = useRef<EventTarget | null>(null);
  const hold = () => clearTimeout(timer.current);
  const run = () => {
    hold();
    timer.current = window.setTimeout(() => drop(one.id), SHOWN_MS);
  };
  useEffect(() => {
    run();
    return hold;
  }, []);
  const come = (event: FocusEvent) => {
    hold();
    if (!box.current!.contains(event.relatedTarget as Node | null))
      from.current = event.relatedTarget;
  };
  // A toast stands beside nothing: its keyboard goes back to where it came from.
  const close = (undone: boolean) => {
    const held = box.current!.contains(document.activeElement);
    drop(one.id, undone);
    const to = from.current;
    if (!held) return;
    const back = to instanceof HTMLElement && to.isConnected ? to : document.querySelector("h1");
    back?.focus({ preventScroll: true });
  };
  return (
    <div
      class="toast"
      ref={box}
      onMouseEnter={hold}
      onMouseLeave={run}
      onFocusIn={come}
      onFocusOut={run}
    >
      <p>{one.text}</p>
      {one.undo && <Button onClick={() => close(true)}>{t("app.undo")}</Button>}
      <IconButton icon="close" label={t("app.close")} onClick={() => close(false)} />
    </div>
  );
}
