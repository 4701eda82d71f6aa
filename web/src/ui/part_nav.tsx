import { place } from "../router.ts";
import { t } from "../text.ts";

/** The parts of a page that has several addresses. */
export function PartNav({
  label,
  parts,
}: {
  label: string;
  parts: { href: string; text: string }[];
}) {
  return (
    <nav aria-label={label} class="part-nav">
      <ul class="part-list">
        {parts.map(({ href, text }) => (
          <li key={href}>
            <a href={href} aria-current={place.value.path === href ? "page" : undefined}>
              {t(text)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
