import { useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import { send } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import { NotYet } from "../staff/desk.tsx";
import { AskFields, lacking, NO_WISH, wished } from "./ask.tsx";
import { Authority } from "./authority.tsx";
import { kindName, Request, standing } from "./view.tsx";

/** A member's requests about their data, and the way to make one. */
export function Mine({ params }: PageProps) {
  return params.id ? <One id={params.id} /> : <All />;
}

function All() {
  const { data, failed, again } = useLoad("GET /api/me/requests", {});
  return (
    <Page title={t("rights.title")} lead={t("rights.lead")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : data.items.length === 0 ? (
        <Empty icon="check" title={t("rights.none")} />
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>{kindName(one.kind)}</strong>{" "}
                <span class={`tag ${one.state === "person" ? "bad" : "plain"}`}>
                  {t(`rights.state_${one.state}`)}
                </span>
                <p class="mute small">{standing(one)}</p>
              </div>
              <a class="button line slim" href={`/privacy/requests/${one.id}`}>
                {t("rights.open")}
                <span class="unseen"> {kindName(one.kind)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <Ask done={again} />
      <Authority country={me.value?.country ?? ""} />
    </Page>
  );
}

function Ask({ done }: { done: () => void }) {
  const form = useForm();
  const [wish, setWish] = useState(NO_WISH);
  const submit = async () => {
    const lack = lacking(wish);
    if (lack) return form.fail(lack);
    await send("POST /api/me/requests", wished(wish));
    setWish(NO_WISH);
    toast(t("rights.sent"));
    done();
  };
  return (
    <Section id="ask" title={t("rights.ask")} lead={t("rights.ask_lead")}>
      <Form state={form} submit={submit} button={t("rights.ask_do")} icon="send">
        <AskFields form={form} wish={wish} set={setWish} country={me.value?.country ?? ""} />
      </Form>
    </Section>
  );
}

function One({ id }: { id: string }) {
  const { data, failed, refused, again } = useLoad("GET /api/me/requests/{id}", { id });
  if (!data || failed || refused)
    return (
      <Page key="wait" title={t("rights.one")}>
        <NotYet failed={failed} refused={refused} again={again} />
      </Page>
    );
  return (
    <Page title={kindName(data.row.kind)} lead={t(`requests.about_${data.row.kind}`)}>
      <p>
        <a href="/privacy/requests">{t("rights.back")}</a>
      </p>
      <Request
        view={data}
        say={async (text) => {
          await send("POST /api/me/requests/{id}/words", { id, text });
          again();
        }}
        withdraw={async () => {
          await send("POST /api/me/requests/{id}/withdraw", { id });
          again();
        }}
      />
    </Page>
  );
}
