import { t } from "../../lib/text.ts";
import type { SeenRow } from "../../rows.ts";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { ChildFacts, FactTable, yesOrNot } from "./facts.tsx";

/** What the parent's own page shows of me, and what they allowed. */
function Parent() {
  const { data, failed, refused, again } = useLoad("GET /api/me/parent", {});
  const child = data?.child[0];
  return (
    <>
      <Section id="seen-parent" title={t("seen.parent_facts")}>
        {failed || refused ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading rows={4} />
        ) : (
          child && <ChildFacts child={child} />
        )}
      </Section>
      {data && (
        <Section id="seen-allowed" title={t("seen.parent_allows")}>
          <FactTable
            facts={[
              ["seen.parent_chat", yesOrNot(data.chat)],
              ["seen.parent_marketing", yesOrNot(data.marketing)],
              ["seen.parent_performance", yesOrNot(data.performance)],
            ]}
          />
        </Section>
      )}
    </>
  );
}

export const seen: SeenRow[] = [{ place: 10, when: (by) => by === "parent", Seen: Parent }];
