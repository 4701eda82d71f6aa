import { hasText, showMoment, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

/** What staff did, and at what they looked. */
export function Log() {
  return (
    <>
      <Looks />
      <Acts />
    </>
  );
}

function Looks() {
  const looks = useLoad("GET /api/admin/looks", {});
  return (
    <Section id="looks" title={t("log.looks")} lead={t("log.looks_lead")}>
      {looks.failed ? (
        <Failed retry={looks.again} />
      ) : !looks.data ? (
        <Loading rows={1} />
      ) : looks.data.items.length === 0 ? (
        <Empty icon="eye" title={t("log.looks_none")} />
      ) : (
        <ul class="table">
          {looks.data.items.map((look, i) => (
            <li key={i}>
              <div class="grow">
                {t(`log.look_${look.what}`, {
                  name: look.officer ?? t("log.gone"),
                  number: look.about ?? t("log.erased"),
                })}
                <p class="mute small">{showMoment(look.at_ms)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/**
 * What an act is called, a route or a command: of "POST /api/invites" act.post_api_invites. Without a
 * sentence the client is not built (tools/typescript.c makes the keys, too), but lines stay, and some
 * are of an older version.
 */
function sentence(act: string): string | undefined {
  const key = `act.${(act.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("_")}`;
  return hasText(key) ? t(key) : undefined;
}

/** What staff did; nobody can take a line away. */
function Acts() {
  const { data, failed, again } = useLoad("GET /api/admin/acts", {});
  return (
    <Section id="acts" title={t("log.acts")} lead={t("log.acts_lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : data.items.length === 0 ? (
        <Empty icon="check" title={t("log.acts_none")} />
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>{one.machine ? t("log.machine") : (one.by ?? t("log.gone"))}</strong>
                {one.on && ` → ${one.on}`}
                <p class="small">{sentence(one.act) ?? <code>{one.act}</code>}</p>
                {one.reason && <p class="small">{one.reason}</p>}
                {one.what && (
                  <p class="small" dir="auto">
                    {one.what}
                  </p>
                )}
                <p class="mute small">{showMoment(one.at_ms)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
