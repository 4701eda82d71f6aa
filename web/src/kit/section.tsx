import type { ComponentChildren } from "preact";

/** A part of a page under a heading of its own; `#id` in an address leads to it. */
export function Section({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="stack section" id={id} aria-labelledby={`${id}-title`}>
      <div class="stack tight">
        <h2 id={`${id}-title`}>{title}</h2>
        {lead && <p class="mute">{lead}</p>}
      </div>
      {children}
    </section>
  );
}
