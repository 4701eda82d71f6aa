import { place } from "../lib/router.ts";
import { number, t } from "../lib/text.ts";

/** The parts of a page that has several addresses. */
export function PartNav({
  label,
  parts,
}: {
  label: string;
  parts: { href: string; text: string; count?: number }[];
}) {
  return (
    <nav aria-label={label} class="part-nav">
      <ul class="part-list">
        {parts.map(({ href, text, count }) => (
          <li key={href}>
            <a href={href} aria-current={place.value.path === href ? "page" : undefined}>
              {t(text)}
              {!!count && <span class="tag"> {number(count)}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
