// What the desks of officers have in common: the way between them, a queue, one of it.
import type { ComponentChildren } from "preact";
import { t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { place } from "../../lib/router.ts";
import { useLoad, type Loaded } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { PartNav } from "../../kit/part_nav.tsx";
import { Empty, Failed, Loading, Notice } from "../../kit/parts.tsx";

export type Decided = "yes" | "no";

/** What waits, or what was decided; a row each. */
export function Desk<T>({
  title,
  lead,
  decided,
  setDecided,
  list,
  row,
}: {
  title: string;
  lead: string;
  decided: Decided;
  setDecided: (decided: Decided) => void;
  list: Omit<Loaded<{ items: T[] }>, "set">;
  row: (one: T) => ComponentChildren;
}) {
  const desks = useLoad("GET /api/staff/waiting", {}).data?.items ?? [];
  const hurried = desks.find(({ urgent, path }) => urgent > 0 && path !== place.value.path);
  return (
    <Page title={title} lead={lead}>
      <PartNav
        label={t("nav.staff")}
        parts={desks.map(({ name, path, waiting }) => ({
          href: path,
          text: `${name}.title`,
          count: waiting,
        }))}
      />
      {hurried && (
        <Notice kind="bad" icon="alert">
          <p>
            <a href={hurried.path}>{t(`${hurried.name}.urgent`, { n: hurried.urgent })}</a>
          </p>
        </Notice>
      )}
      <Choices
        legend={t("officer.which")}
        options={[
          { value: "no", label: t("officer.waiting") },
          { value: "yes", label: t("officer.decided") },
        ]}
        value={decided}
        set={(value) => setDecided(value as Decided)}
      />
      {!list.data || list.failed || list.refused ? (
        <NotYet {...list} />
      ) : list.data.items.length === 0 ? (
        <Empty icon="check" title={t(`officer.none_${decided}`)} />
      ) : (
        <ul class="table">{list.data.items.map(row)}</ul>
      )}
    </Page>
  );
}

/** Instead of what is asked for: it is on its way, was refused, or did not come. */
export function NotYet({
  failed,
  refused,
  again,
}: Pick<Loaded<unknown>, "failed" | "refused" | "again">) {
  if (refused)
    return (
      <Notice kind="bad">
        <p>{refused.message}</p>
      </Notice>
    );
  return failed ? <Failed retry={again} /> : <Loading />;
}
