import { useEffect, useRef, useState } from "preact/hooks";
import { unread } from "./notices.ts";
import { place } from "../../lib/router.ts";
import { number, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";

const SHOWN_MOST = 99;

/** The way to what one was told of. A new one is said once, politely; that some went is not. */
export function Bell() {
  const n = unread.value ?? 0;
  const [said, say] = useState("");
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (unread.value === null) return;
    if (before.current !== null && n > before.current) say(t("notices.arrived", { n }));
    else if (n === 0) say("");
    before.current = n;
  }, [unread.value]);
  return (
    <>
      <a
        class="button icon bell"
        href="/notices"
        aria-label={n > 0 ? t("notices.bell_new", { n }) : t("notices.title")}
        title={t("notices.title")}
        aria-current={place.value.path === "/notices" ? "page" : undefined}
      >
        <Icon name="bell" />
        {n > 0 && (
          <span class="badge" aria-hidden="true">
            {n > SHOWN_MOST ? `${number(SHOWN_MOST)}+` : number(n)}
          </span>
        )}
      </a>
      <span class="unseen" role="status">
        {said}
      </span>
    </>
  );
}
