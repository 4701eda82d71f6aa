import type { ComponentChildren } from "preact";
import { Portrait } from "./portrait.tsx";

export const personHref = (id: string): string => `/people/${encodeURIComponent(id)}`;

/** Somebody in a list: face, name that leads to their page, what there is to say, what to do. */
export function PersonRow({
  one,
  children,
  actions,
  below,
}: {
  one: { id: string; name: string; avatar: string; look?: string };
  children?: ComponentChildren;
  actions?: ComponentChildren;
  below?: ComponentChildren;
}) {
  return (
    <li class="person-row">
      <Portrait look={one.look} avatar={one.avatar} name={one.name} size="s" />
      <div class="grow">
        <a href={personHref(one.id)}>
          <strong>{one.name}</strong>
        </a>
        {children}
      </div>
      {actions && <div class="row">{actions}</div>}
      {below && <div class="stack tight wide-part">{below}</div>}
    </li>
  );
}
