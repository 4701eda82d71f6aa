import { useState } from "preact/hooks";
import { send, type Item } from "../../lib/api.ts";
import { hasText, showMoment, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";

type Line = Item<"GET /api/admin/acts">;
const PAGE = 100;

/** What staff did, and at what they looked; nobody can take a line away unseen. */
export function Log() {
  const { data, failed, again } = useLoad("GET /api/admin/acts", {});
  const [more, setMore] = useState<Line[]>([]);
  const [over, setOver] = useState(false);
  const all = [...(data?.items ?? []), ...more];
  const older = async () => {
    const { items } = await send("GET /api/admin/acts", { before: all.at(-1)!.id });
    setMore([...more, ...items]);
    setOver(items.length < PAGE);
  };
  return (
    <>
      <Head />
      <Section id="acts" title={t("log.acts")} lead={t("log.acts_lead")}>
        {failed ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading rows={1} />
        ) : all.length === 0 ? (
          <Empty icon="check" title={t("log.acts_none")} />
        ) : (
          <ul class="table">
            {all.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </ul>
        )}
        {!over && (data?.items.length ?? 0) === PAGE && (
          <Button kind="line" onClick={() => void older().catch(complain)}>
            {t("log.older")}
          </Button>
        )}
      </Section>
    </>
  );
}

function Row({ one }: { one: Line }) {
  return (
    <li>
      <div class="grow">
        <strong>
          <bdi>{one.machine ? t("log.machine") : (one.by ?? t("log.gone"))}</bdi>
        </strong>
        {one.on && (
          <>
            {" → "}
            <bdi>{one.on}</bdi>
          </>
        )}
        <p class="small">
          {sentence(one.act ?? "") ?? <code>{one.act}</code>}
          {one.about && ` · ${one.about}`}
        </p>
        {one.reason && <p class="small">{one.reason}</p>}
        {one.what && (
          <p class="small" dir="auto">
            {one.what}
          </p>
        )}
        <p class="mute small">{showMoment(one.at_ms)}</p>
      </div>
    </li>
  );
}

/** By its last hash a copy at home shows later whether anything before it was changed. */
function Head() {
  const { data } = useLoad("GET /api/admin/log", {});
  if (!data?.head) return null;
  return (
    <Section id="head" title={t("log.head")} lead={t("log.head_lead", { n: data.lines })}>
      <code class="code">{data.head}</code>
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
