import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { number, showMoment, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { adminsWaits } from "../staff/waits.ts";

type Overview = Out<"GET /api/admin/mail">;
type Letter = Out<"GET /api/admin/mail/{id}">;

/** The outbox: how it stands, what was given up, and, without a relay, what it holds. */
export function Mail() {
  const { data, failed, again } = useLoad("GET /api/admin/mail", {});
  if (failed && !data) return <Failed retry={again} />;
  if (!data) return <Loading />;
  const test = async () => {
    await send("POST /api/admin/mail/test", {});
    toast(t("admin_mail.test_sent"));
    again();
  };
  return (
    <>
      <Section id="state" title={t("admin_mail.state")}>
        {!data.relay && (
          <Notice>
            <p>{t("admin_mail.no_relay")}</p>
          </Notice>
        )}
        {data.relay && data.waiting > 0 && data.why && (
          <Notice kind="bad">
            <p>{t("admin_mail.held", { why: data.why, since: showMoment(data.oldest_ms) })}</p>
          </Notice>
        )}
        <Counts data={data} />
        <div class="row">
          <Button kind="line" icon="mail" onClick={() => void test().catch(complain)}>
            {t("admin_mail.test")}
          </Button>
          <Button kind="line" icon="refresh" onClick={again}>
            {t("admin_mail.refresh")}
          </Button>
        </div>
      </Section>
      {!data.relay && <Kept data={data} />}
      <Letters data={data} again={again} />
    </>
  );
}

function Counts({ data }: { data: Overview }) {
  const rows = ["waiting", "sent", "bounced", "dead", "dropped"] as const;
  return (
    <dl class="facts">
      {rows.map((name) => (
        <Fragment key={name}>
          <dt>{t(COUNTED[name])}</dt>
          <dd>{number(data[name])}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
const COUNTED = {
  waiting: "admin_mail.waiting",
  sent: "admin_mail.sent",
  bounced: "admin_mail.bounced",
  dead: "admin_mail.dead",
  dropped: "admin_mail.dropped",
};

function Kept({ data }: { data: Overview }) {
  const [open, setOpen] = useState<{ id: string; letter: Letter } | null>(null);
  const show = async (id: string) => {
    if (open?.id === id) return setOpen(null);
    setOpen({ id, letter: await send("GET /api/admin/mail/{id}", { id }) });
  };
  return (
    <Section id="kept" title={t("admin_mail.kept")} lead={t("admin_mail.kept_lead")}>
      {data.kept.length === 0 ? (
        <Empty icon="mail" title={t("admin_mail.kept_none")} />
      ) : (
        <ul class="table">
          {data.kept.map((mail) => (
            <li key={mail.id} class="kept-mail">
              <div class="grow">
                <strong>{mail.subject}</strong>
                <p class="mute small">
                  {t("admin_mail.to", { to: mail.to, when: showMoment(mail.created_ms) })}
                </p>
              </div>
              <Button
                kind="line slim"
                aria-expanded={open?.id === mail.id}
                aria-label={t(
                  open?.id === mail.id ? "admin_mail.close_one" : "admin_mail.open_one",
                  {
                    subject: mail.subject,
                  },
                )}
                onClick={() => void show(mail.id).catch(complain)}
              >
                {t(open?.id === mail.id ? "admin_mail.close" : "admin_mail.open")}
              </Button>
              {open?.id === mail.id && <Words letter={open.letter} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** As text, with its links: a mail's HTML is a stranger's page and is not shown inside ours. */
function Words({ letter }: { letter: Letter }) {
  const parts = letter.text.split(/(https?:\/\/\S+)/);
  return (
    <p class="mail-text" dir="auto">
      {parts.map((part, i) =>
        i % 2 ? (
          <a key={i} href={here(part)}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}

/* A link of this site stays at the address by which it is visited just now. */
function here(link: string): string {
  const url = new URL(link);
  return url.pathname + url.search + url.hash;
}

function Letters({ data, again }: { data: Overview; again: () => void }) {
  const retry = async (id: string) => {
    await send("POST /api/admin/mail/{id}/again", { id });
    toast(t("admin_mail.resent"));
    again();
    void adminsWaits.look();
  };
  return (
    <Section id="dead" title={t("admin_mail.letters")} lead={t("admin_mail.letters_lead")}>
      {data.letters.length === 0 ? (
        <Empty icon="check" title={t("admin_mail.letters_none")} />
      ) : (
        <ul class="table">
          {data.letters.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>{one.subject}</strong>
                <p class="mute small">
                  {t("job_list.failed", { n: one.tries, when: showMoment(one.at_ms) })}
                </p>
                <code>{one.why}</code>
              </div>
              {one.again && (
                <Button kind="line slim" onClick={() => void retry(one.id).catch(complain)}>
                  {t("admin_mail.again")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
