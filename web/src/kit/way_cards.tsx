import { Icon, type IconName } from "./icons.tsx";

/** Ways to other pages, one below the other in a frame. */
export function WayCards({
  ways,
}: {
  ways: { icon: IconName; href: string; title: string; line: string }[];
}) {
  return (
    <ul class="part-cards one">
      {ways.map(({ icon, href, title, line }) => (
        <li key={href} class="part-card">
          <Icon name={icon} />
          <div class="grow">
            <h3>
              <a class="whole-link" href={href}>
                {title}
              </a>
            </h3>
            <p class="mute small">{line}</p>
          </div>
          <Icon name="chevronRight" />
        </li>
      ))}
    </ul>
  );
}
