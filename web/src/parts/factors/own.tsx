import { useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { CodeField } from "./code_field.tsx";
import { Copy } from "../../kit/copy.tsx";
import { Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { QrCode } from "./qr_code.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

type App = Out<"POST /api/factors/app">;
type Codes = Out<"POST /api/factors/recovery">["codes"];

/** Signing in with two steps: a code app, passkeys, recovery codes. */
export function Factors() {
  const { data, failed, again } = useLoad("GET /api/factors", {});
  const [app, setApp] = useState<App | null>(null);
  const [codes, setCodes] = useState<Codes | null>(null);
  const [busy, setBusy] = useState("");
  const act = (what: string, doing: () => Promise<void>) => () => {
    if (busy) return;
    setBusy(what);
    doing()
      .catch(complain)
      .finally(() => setBusy(""));
  };
  const shown = (made: { codes: Codes }) => {
    setApp(null);
    setCodes(made.codes);
    again();
  };
  const off = (text: string, doing: () => Promise<unknown>) => async () => {
    await doing();
    setCodes(null);
    toast(text);
    again();
  };
  return (
    <Section id="factors" title={t("factors.title")} lead={t("factors.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        <>
          <p>
            <span class={`tag ${data.on ? "good" : "plain"}`}>
              {t(data.on ? "factors.is_on" : "factors.is_off")}
            </span>{" "}
            {data.on && t("factors.since", { when: showMoment(data.since_ms) })}
          </p>
          {codes && <Recovery codes={codes} done={() => setCodes(null)} />}
          {app && <SetUp app={app} done={shown} cancel={() => setApp(null)} />}
          {!app && (
            <div class="row">
              {!data.code && (
                <Button
                  kind={data.on ? "line" : "main"}
                  icon="plus"
                  busy={busy === "app"}
                  onClick={act("app", async () => setApp(await send("POST /api/factors/app", {})))}
                >
                  {t("factors.app_add")}
                </Button>
              )}
              {!data.on && data.passkeys > 0 && (
                <Button
                  kind="line"
                  busy={busy === "passkey"}
                  onClick={act("passkey", async () => shown(await send("POST /api/factors", {})))}
                >
                  {t("factors.passkey_on")}
                </Button>
              )}
              {data.code && data.passkeys > 0 && (
                <Button
                  kind="line"
                  busy={busy === "app_off"}
                  onClick={act(
                    "app_off",
                    off(t("factors.app_gone"), () => send("DELETE /api/factors/app", {})),
                  )}
                >
                  {t("factors.app_off")}
                </Button>
              )}
              {data.on && (
                <Button
                  kind="line"
                  busy={busy === "off"}
                  onClick={act(
                    "off",
                    off(t("factors.gone"), () => send("DELETE /api/factors", {})),
                  )}
                >
                  {t("factors.switch_off")}
                </Button>
              )}
            </div>
          )}
          {data.on && !codes && (
            <div class="stack tight">
              <p class={data.recovery_left < 3 ? "" : "mute"}>
                {t("factors.left", { n: data.recovery_left })}
              </p>
              <div class="row">
                <Button
                  kind="line slim"
                  icon="refresh"
                  busy={busy === "codes"}
                  onClick={act("codes", async () =>
                    shown(await send("POST /api/factors/recovery", {})),
                  )}
                >
                  {t("factors.codes_new")}
                </Button>
              </div>
            </div>
          )}
        </>
      )}
    </Section>
  );
}

function SetUp({
  app,
  done,
  cancel,
}: {
  app: App;
  done: (made: { codes: Codes }) => void;
  cancel: () => void;
}) {
  const form = useForm();
  const [code, setCode] = useState("");
  const submit = async () => {
    if (!code.trim()) return form.fail({ code: t("second.code_missing") });
    done(await send("POST /api/factors/app/confirm", { code }));
  };
  return (
    <div class="stack">
      <p>{t("factors.scan")}</p>
      <QrCode text={app.uri} label={t("factors.qr")} />
      <p class="hint">{t("factors.type")}</p>
      <code class="code">{app.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      <Copy text={app.secret} />
      <Form state={form} submit={submit} button={t("factors.confirm")}>
        <CodeField form={form} value={code} set={setCode} />
      </Form>
      <div class="row">
        <Button kind="slim" onClick={cancel}>
          {t("factors.cancel")}
        </Button>
      </div>
    </div>
  );
}

function Recovery({ codes, done }: { codes: Codes; done: () => void }) {
  const text = codes.map((one) => one.code).join("\n");
  return (
    <Notice kind="good" icon="key">
      <h3 id="recovery-codes">{t("factors.codes_title")}</h3>
      <p>{t("factors.codes_lead")}</p>
      <ul class="recovery-codes" aria-labelledby="recovery-codes">
        {codes.map((one) => (
          <li key={one.code}>
            <code>{one.code}</code>
          </li>
        ))}
      </ul>
      <Copy text={text} />
      <div class="row">
        <a
          class="button line slim"
          download="recovery-codes.txt"
          href={`data:text/plain,${encodeURIComponent(text)}`}
        >
          {t("factors.codes_save")}
        </a>
        <Button kind="slim" onClick={done}>
          {t("factors.codes_kept")}
        </Button>
      </div>
    </Notice>
  );
}
