import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moves } from "../router.ts";
import { site } from "../session.ts";

/** Title of the document and, after a change of page, the focus: both belong to the heading. */
export function Heading({ children, title, unseen }: {
  children: ComponentChildren; title: string; unseen?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${site.value?.name ?? "Bauta"}`;
  }, [title, site.value]);
  useEffect(() => {
    if (moves.peek() > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={unseen ? "unseen" : undefined}>
      {children}
    </h1>
  );
}

export function Page({ title, lead, wide, actions, children }: {
  title: string; lead?: string; wide?: boolean; actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class={`page ${wide ? "wide" : ""}`}>
      <div class="row apart page-head">
        <div class="stack tight grow">
          <Heading title={title}>{title}</Heading>
          {lead && <p class="mute">{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </div>
  );
}
