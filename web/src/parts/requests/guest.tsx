import { useEffect, useState } from "preact/hooks";
import { Refused, send } from "../../lib/api.ts";
import { countries } from "../../lib/countries.ts";
import { place } from "../../lib/router.ts";
import { me, site } from "../../lib/session.ts";
import { language, t } from "../../lib/text.ts";
import { Field, Form, Select, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import { AskFields, lacking, NO_WISH, wished } from "./ask.tsx";
import { Authority } from "./authority.tsx";
import { kindName, Request, type View } from "./view.tsx";

/** For whoever has no account, or cannot sign in. */
export function Guest() {
  const form = useForm();
  const [wish, setWish] = useState(NO_WISH);
  const [email, setEmail] = useState("");
  const [country, setCountry] = useState(site.value?.country ?? "");
  const [sent, setSent] = useState(false);
  if (sent)
    return (
      <Page key="sent" title={t("guest.sent")}>
        <Notice kind="good" icon="mail">
          <p>{t("guest.sent_lead", { email })}</p>
        </Notice>
      </Page>
    );
  const submit = async () => {
    const lack = lacking(wish);
    if (lack) return form.fail(lack);
    if (!country) return form.fail({ country: t("guest.country_missing") });
    await send("POST /api/requests", {
      ...wished(wish),
      email,
      country,
      language: language.value,
    });
    setSent(true);
  };
  return (
    <Page title={t("guest.title")} lead={t("guest.lead")}>
      {me.value && (
        <Notice>
          <p>
            {t("guest.member")} <a href="/privacy/requests">{t("rights.title")}</a>
          </p>
        </Notice>
      )}
      <Form state={form} submit={submit} button={t("rights.ask_do")} icon="send">
        <Select
          form={form}
          name="country"
          label={t("guest.country")}
          hint={t("guest.country_hint")}
          value={country}
          set={setCountry}
          options={[{ value: "", label: t("rights.kind_none") }, ...countries.value]}
        />
        <AskFields form={form} wish={wish} set={setWish} country={country} />
        <Field
          form={form}
          name="email"
          label={t("guest.email")}
          hint={t("guest.email_hint")}
          type="email"
          autocomplete="email"
          value={email}
          set={setEmail}
          required
        />
      </Form>
      <Authority country={country} />
    </Page>
  );
}

/** Where the link of the mail leads: /privacy/request#LINK. */
export function ByLink() {
  const link = place.value.hash.slice(1);
  const [view, setView] = useState<View | null>(null);
  const [over, setOver] = useState(!link);
  const [failed, setFailed] = useState(false);
  const load = async () => {
    setFailed(false);
    try {
      setView(await send("POST /api/requests/open", { link }));
    } catch (error) {
      if (error instanceof Refused) setOver(true);
      else setFailed(true);
    }
  };
  useEffect(() => {
    if (link) void load();
  }, [link]);
  if (failed) return <Failed retry={() => void load()} />;
  if (over)
    return (
      <Page key="over" title={t("rights.one")}>
        <Notice kind="bad">
          <p>{t("guest.over")}</p>
          <p>
            <a href="/privacy/ask">{t("guest.title")}</a>
          </p>
        </Notice>
      </Page>
    );
  if (!view)
    return (
      <Page key="wait" title={t("rights.one")}>
        <Loading />
      </Page>
    );
  const confirm = async () => {
    await send("POST /api/requests/confirm", { link });
    await load();
  };
  return (
    <Page
      key={view.row.state}
      title={kindName(view.row.kind)}
      lead={t(`requests.about_${view.row.kind}`)}
    >
      <Request
        view={view}
        say={async (text) => {
          await send("POST /api/requests/words", { link, text });
          await load();
        }}
        withdraw={async () => {
          await send("POST /api/requests/withdraw", { link });
          await load();
        }}
      >
        {view.row.state === "proving" && (
          <div class="row">
            <Button kind="main" icon="check" onClick={() => void confirm().catch(complain)}>
              {t("guest.confirm")}
            </Button>
          </div>
        )}
      </Request>
    </Page>
  );
}
