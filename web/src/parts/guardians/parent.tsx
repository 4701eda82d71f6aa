import { useEffect, useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { place } from "../../lib/router.ts";
import { showDay, t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { Decide } from "./decide.tsx";
import { HandIn } from "./form.tsx";
import { ChildNow } from "./child.tsx";

export type View = Out<"POST /api/parents/open">;

/** Where the link of the mail leads: /parent#LINK.  The link alone decides nothing. */
export function Parent() {
  const link = place.value.hash.slice(1);
  const [view, setView] = useState<View | null>(null);
  const [upload, setUpload] = useState<string | null>(null);
  const [over, setOver] = useState(!link);
  const [ended, setEnded] = useState(false);
  const [failed, setFailed] = useState(false);
  /** What stands now, and the way to hand in a form when there is one. */
  const load = (ticket: string | null = null) => {
    if (!link) return;
    setFailed(false);
    send("POST /api/parents/open", { link }).then(
      (found) => (setView(found), setUpload(ticket)),
      (error: unknown) => (error instanceof Refused ? setOver(true) : setFailed(true)),
    );
  };
  useEffect(() => load(), [link]);
  if (failed) return <Failed retry={() => load()} />;
  if (ended)
    return (
      <Page key="ended" title={t("parents.ended_title")}>
        <Notice kind="good" icon="check">
          <p>{t(view?.state === "active" ? "parents.ended_account" : "parents.ended_request")}</p>
        </Notice>
      </Page>
    );
  if (over) return <LinkAgain />;
  if (!view)
    return (
      <Page title={t("parents.title")}>
        <Loading />
      </Page>
    );
  if (view.child_here)
    return (
      <Page key="child" title={t("parents.child_title")}>
        <Notice kind="bad">
          <p>{t("parents.child")}</p>
        </Notice>
      </Page>
    );
  const name = view.avatar_name ?? "";
  if (upload)
    return <HandIn view={view} upload={upload} done={() => load()} back={() => setUpload(null)} />;
  return (
    <Page
      key={view.state}
      title={t(`parents.${view.state}_title`, { name })}
      lead={t(`parents.${view.state}_lead`, { name, day: showDay(view.ends_ms) })}
    >
      {view.state === "asked" && <Decide link={link} view={view} form={load} done={() => load()} />}
      {view.state === "proving" && (
        <>
          <Notice icon="check" kind="good">
            <p>
              {view.method === "call"
                ? t("parents.call_waits")
                : t("parents.form_waits", { n: view.pages })}
            </p>
          </Notice>
          <details class="more">
            <summary>{t("parents.change")}</summary>
            <Decide link={link} view={view} form={load} done={() => load()} />
          </details>
        </>
      )}
      {view.erase_ms > 0 && <Back link={link} day={showDay(view.erase_ms)} done={() => load()} />}
      {view.state === "active" && !view.erase_ms && view.child[0] && (
        <ChildNow
          key={JSON.stringify(view.more)}
          link={link}
          view={view}
          child={view.child[0]}
          form={load}
          done={() => load()}
        />
      )}
      <Collected view={view} />
      {!view.erase_ms && (
        <End link={link} active={view.state === "active"} name={name} done={() => setEnded(true)} />
      )}
    </Page>
  );
}

function Collected({ view }: { view: View }) {
  return (
    <Section id="collected" title={t("parents.collected")} lead={t("parents.collected_lead")}>
      <table class="data-table">
        <thead>
          <tr>
            <th scope="col">{t("parents.collected_what")}</th>
            <th scope="col">{t("parents.collected_why")}</th>
          </tr>
        </thead>
        <tbody>
          {view.collected.map((row) => (
            <tr key={row.data}>
              <th scope="row">{row.data}</th>
              <td>{row.purpose}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** No, or no longer.  It cannot be undone, so it is asked once more. */
function End({
  link,
  active,
  name,
  done,
}: {
  link: string;
  active: boolean;
  name: string;
  done: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const kind = active ? "withdraw" : "no";
  const end = () => send("POST /api/parents/end", { link }).then(done, complain);
  return (
    <Section id="end" title={t(`parents.${kind}_title`)} lead={t(`parents.${kind}_lead`)}>
      <div class="row">
        <Button kind="line bad" icon="trash" onClick={() => setAsking(true)}>
          {t(`parents.${kind}`)}
        </Button>
      </div>
      {asking && (
        <Dialog title={t(`parents.${kind}_title`)} close={() => setAsking(false)}>
          <div class="stack">
            <p>{t(`parents.${kind}_sure`, { name })}</p>
            <div class="row">
              <Button kind="main bad" onClick={() => void end()}>
                {t(active ? "parents.withdraw" : "parents.erase_all")}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </Section>
  );
}

/** The account is closed and not erased yet. */
function Back({ link, day, done }: { link: string; day: string; done: () => void }) {
  const back = () => send("POST /api/parents/back", { link }).then(done, complain);
  return (
    <Section id="back" title={t("parents.closed_title")} lead={t("parents.closed_lead", { day })}>
      <div class="row">
        <Button kind="main" icon="check" onClick={() => void back()}>
          {t("parents.open_again")}
        </Button>
      </div>
    </Section>
  );
}

function LinkAgain() {
  const form = useForm();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const submit = async () => {
    if (!/^\S+@\S+$/.test(email.trim())) return form.fail({ email: t("register.email_wrong") });
    await send("POST /api/parents/again", { email: email.trim() });
    setSent(true);
  };
  return (
    <Page key="over" title={t("parents.over_title")} lead={t("parents.over_lead")}>
      {sent ? (
        <Notice kind="good" icon="mail">
          <p>{t("parents.again_done")}</p>
        </Notice>
      ) : (
        <Form state={form} submit={submit} button={t("parents.again")} icon="send">
          <Field
            form={form}
            name="email"
            label={t("parents.again_email")}
            type="email"
            value={email}
            set={setEmail}
            autocomplete="email"
            required
          />
        </Form>
      )}
    </Page>
  );
}
