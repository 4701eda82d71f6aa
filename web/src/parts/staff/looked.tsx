import { showDay, showMonth, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

/** When staff looked at one's own data, and why: not who of them it was. */
export function Looked() {
  const { data, failed, again } = useLoad("GET /api/me/looks", {});
  return (
    <Section id="looked" title={t("looked.title")} lead={t("looked.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : data.items.length === 0 ? (
        <Empty icon="eye" title={t("looked.none")} />
      ) : (
        <ul class="table">
          {data.items.map((one, i) => (
            <li key={i}>
              <div class="grow">
                {t(`looked.${one.what}`)}
                <p class="mute small">
                  {one.what === "report"
                    ? showMonth(new Date(one.at_ms).toISOString().slice(0, 7))
                    : showDay(one.at_ms)}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
