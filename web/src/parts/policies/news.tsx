import { site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Notice } from "../../kit/parts.tsx";
import { pathOf } from "./policies.ts";
import { since } from "./words.ts";

const NEWS_MS = 30 * 86_400_000;

/** A change of the terms or the notice, for everybody who comes: until a month after it holds. */
export function PolicyNews() {
  const news = (site.value?.policies ?? []).filter(
    ({ number, since_ms }) => number > 1 && since_ms > Date.now() - NEWS_MS,
  );
  return (
    <>
      {news.map((one) => (
        <Notice key={pathOf(one)}>
          <p>
            {t(`policies.new_${one.kind}`)}. {since(one)}{" "}
            <a href={pathOf(one)}>{t("policies.whole")}</a>
          </p>
        </Notice>
      ))}
    </>
  );
}
