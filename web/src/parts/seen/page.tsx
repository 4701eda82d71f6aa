import { useState } from "preact/hooks";
import { parts } from "../../gen/parts/seen.ts";
import { SEEN_BY, type SeenBy } from "../../lib/seen.ts";
import { t } from "../../lib/text.ts";
import { inPlace } from "../../rows.ts";
import { Choices } from "../../kit/choices.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Failed } from "../../kit/parts.tsx";

const ROWS = inPlace(parts.flatMap((part) => part.seen));

/** What others see of me: one kind of viewer at a time, as the server would answer them. */
export function SeenPage() {
  const [by, setBy] = useState<SeenBy>("stranger");
  const parent = useLoad("GET /api/me/parent", {});
  const kinds: SeenBy[] = parent.data?.child.length ? [...SEEN_BY, "parent"] : [...SEEN_BY];
  return (
    <Page
      title={t("seen.title")}
      lead={t("seen.lead")}
      actions={
        <a class="button line" href="/settings/privacy#people">
          {t("seen.change")}
        </a>
      }
    >
      <Choices
        legend={t("seen.who")}
        options={kinds.map((value) => ({ value, label: t(`seen.${value}`) }))}
        value={by}
        set={(value) => setBy(value as SeenBy)}
      />
      {parent.failed && <Failed retry={parent.again} />}
      <p role="status">{t(`seen.is_${by}`)}</p>
      {ROWS.filter((row) => row.when(by)).map(({ place, Seen }) => (
        <Seen key={`${by} ${place}`} by={by} />
      ))}
    </Page>
  );
}
