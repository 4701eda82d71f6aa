import { hasText, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";

const KINDS: Record<string, string> = { done: "good", open: "bad" };

/** What an operator should see to before people come. */
export function Checklist() {
  const { data, failed, again } = useLoad("GET /api/admin/checklist", {});
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading rows={6} />;
  const open = data.items.filter((one) => one.state === "open").length;
  return (
    <>
      <p class="mute">{open > 0 ? t("check.open_count", { n: open }) : t("check.all_done")}</p>
      <ul class="table">
        {data.items.map((one) => (
          <li key={one.id}>
            <div class="grow">
              <strong>{hasText(`check.${one.id}`) ? t(`check.${one.id}`) : one.id}</strong>
              {one.detail && <p class="mute small">{one.detail}</p>}
            </div>
            <span class={`tag ${KINDS[one.state] ?? "plain"}`}>
              {t(`check.state_${one.state}`)}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
