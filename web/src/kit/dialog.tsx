import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../lib/text.ts";
import { IconButton } from "./parts.tsx";

/**
 * A modal window: the browser keeps the focus inside and gives it back when it closes. `firm`: a click
 * beside it does not close it.
 */
export function Dialog({
  title,
  close,
  children,
  side,
  firm,
}: {
  title: string;
  close: () => void;
  children: ComponentChildren;
  side?: boolean;
  firm?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the effects of what stands in it: they may move the focus.
  useLayoutEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    element.showModal();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      class={side ? "side" : undefined}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => !firm && event.target === dialog.current && close()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t("app.close")} onClick={close} />
      </header>
      {children}
    </dialog>
  );
}
