import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { site } from "../lib/session.ts";

/* The page that the browser opened leaves the focus where browsers put it. */
let opened = false;

/** Title of the document and, after a change of page or step, the focus: both are the heading's. */
export function Heading({
  children,
  title,
  unseen,
}: {
  children: ComponentChildren;
  title: string;
  unseen?: boolean;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${site.value?.name ?? "Bauta"}`;
  }, [title, site.value]);
  useEffect(() => {
    if (opened) heading.current?.focus({ preventScroll: true });
    opened = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={unseen ? "unseen" : undefined}>
      {children}
    </h1>
  );
}

export function Page({
  title,
  lead,
  wide,
  actions,
  children,
}: {
  title: string;
  lead?: string;
  wide?: boolean;
  actions?: ComponentChildren;
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
