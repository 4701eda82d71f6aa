import { isMember, type SeenBy } from "../../lib/seen.ts";
import { t } from "../../lib/text.ts";
import type { SeenRow } from "../../rows.ts";
import { useLoad } from "../../kit/load.ts";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { Section } from "../../kit/section.tsx";
import { Badges, Facts } from "./facts.tsx";

/** My card, as the server makes it for one of that kind. */
function Card({ by }: { by: SeenBy }) {
  const { data, failed, refused, again } = useLoad("GET /api/me/profile/preview", { by });
  return (
    <Section id="seen-card" title={t("seen.card")}>
      {refused?.status === 404 ? (
        <div class="card">
          <Empty icon="eyeOff" title={t("seen.card_none")} />
        </div>
      ) : failed || refused ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        <div class="card stack">
          <div class="row nowrap">
            <Portrait look={data.look} avatar={data.avatar} name={data.name} size="l" />
            <div class="stack tight grow">
              <strong dir="auto">{data.display_name ?? data.name}</strong>
              {data.display_name && (
                <p class="mute" dir="auto">
                  {data.name}
                </p>
              )}
              <Badges person={data} />
            </div>
          </div>
          <Facts fields={data.fields} />
        </div>
      )}
    </Section>
  );
}

export const seen: SeenRow[] = [{ place: 20, when: isMember, Seen: Card }];
