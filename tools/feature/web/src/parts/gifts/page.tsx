import { showMoment, t } from "../../lib/text.ts";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { PersonRow } from "../../kit/person_row.tsx";
import { giftsChanged } from "./gifts.ts";

/** What one was given. */
export function Gifts() {
  const { data, failed, again } = useLoad("GET /api/gifts", {});
  useChanges(again, giftsChanged.value);
  return (
    <Page title={t("gifts.title")} lead={t("gifts.lead")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={3} />
      ) : data.items.length === 0 ? (
        <Empty icon="smile" title={t("gifts.none")}>
          <p class="mute">{t("gifts.none_hint")}</p>
        </Empty>
      ) : (
        <ul class="table gifts">
          {data.items.map((one, i) => (
            <PersonRow key={`${one.at_ms}${i}`} one={one}>
              <p class="mute small">{showMoment(one.at_ms)}</p>
            </PersonRow>
          ))}
        </ul>
      )}
    </Page>
  );
}
