import { useEffect, useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { freshCode } from "../accounts/claim.ts";
import { firstLook } from "../../lib/ahead.ts";
import { go } from "../../lib/router.ts";
import { signedIn } from "../../lib/session.ts";
import { language, showDay, t } from "../../lib/text.ts";
import { Check, Field, Form, useForm } from "../../kit/form.tsx";
import { EmailField } from "../accounts/email_field.tsx";
import { NewPassword, passwordFault } from "../accounts/new_password.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";

type State = Out<"POST /api/guardians/waiting">;

const grouped = (code: string): string => code.match(/.{1,4}/g)?.join("-") ?? code;

/** The page of somebody whose parent was asked. */
export function Waiting() {
  const [state, setState] = useState<State | null>(null);
  const [none, setNone] = useState(false);
  const [failed, setFailed] = useState(false);
  const [code] = useState(freshCode);
  const load = () => {
    setFailed(false);
    send("POST /api/guardians/waiting", code ? { code } : {}).then(
      (found) => (found.state === "none" ? setNone(true) : setState(found)),
      (error: unknown) => (error instanceof Refused ? setNone(true) : setFailed(true)),
    );
  };
  useEffect(load, []);
  if (failed) return <Failed retry={load} />;
  if (none) return <ByCode found={(found) => (setState(found), setNone(false))} />;
  if (!state)
    return (
      <Page title={t("waiting.title")}>
        <Loading />
      </Page>
    );
  if (state.state === "granted") return <Join state={state} />;
  const again = () =>
    send("POST /api/guardians/again", {}).then(() => toast(t("waiting.again_done")), complain);
  return (
    <Page key={state.state} title={t("waiting.title")} lead={t("waiting.lead")}>
      <Notice icon="mail">
        <p>{t(`waiting.${state.state}`, { day: showDay(state.ends_ms) })}</p>
      </Notice>
      <p>{t("waiting.name", { name: state.avatar_name ?? "" })}</p>
      {code && (
        <div class="stack tight">
          <p>{t("waiting.code")}</p>
          <code class="code">{grouped(code)}</code>
        </div>
      )}
      <div class="row">
        <Button kind="line" icon="refresh" onClick={load}>
          {t("waiting.look")}
        </Button>
        {state.state === "asked" && (
          <Button kind="line" icon="send" onClick={() => void again()}>
            {t("waiting.again")}
          </Button>
        )}
      </div>
    </Page>
  );
}

function ByCode({ found }: { found: (state: State) => void }) {
  const form = useForm();
  const [code, setCode] = useState("");
  const submit = async () => {
    if (!code.trim()) return form.fail({ code: t("waiting.code_missing") });
    found(await send("POST /api/guardians/waiting", { code: code.trim() }));
  };
  return (
    <Page title={t("waiting.none_title")} lead={t("waiting.none_lead")}>
      <Form state={form} submit={submit} button={t("waiting.code_look")}>
        <Field
          form={form}
          name="code"
          label={t("waiting.code_label")}
          value={code}
          set={setCode}
          hint={t("waiting.code_hint")}
          autocomplete="off"
          maxLength={40}
          required
        />
      </Form>
      <p>
        <a href="/register">{t("waiting.register")}</a>
      </p>
    </Page>
  );
}

/** The consent is there: what is asked only now. */
function Join({ state }: { state: State }) {
  const form = useForm();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [marketing, setMarketing] = useState(false);
  const [remember, setRemember] = useState(false);
  const submit = async () => {
    const found: Record<string, string> = {};
    if (!/^\S+@\S+$/.test(email.trim())) found.email = t("register.email_wrong");
    const weak = passwordFault(password);
    if (weak) found.password = weak;
    if (Object.keys(found).length > 0) return form.fail(found);
    const joined = await send("POST /api/guardians/join", {
      email: email.trim(),
      password,
      marketing,
      remember,
      language: language.value,
    });
    if (joined.state === "waiting") return go("/", true);
    await signedIn();
    go(firstLook(), true);
  };
  return (
    <Page
      title={t("waiting.granted_title", { name: state.avatar_name ?? "" })}
      lead={t("waiting.granted", { day: showDay(state.ends_ms) })}
    >
      <Form state={form} submit={submit} button={t("register.create")}>
        <EmailField form={form} value={email} set={setEmail} hint={t("waiting.email_hint")} />
        <NewPassword form={form} value={password} set={setPassword} />
        <Check
          label={t("sign_in.remember")}
          hint={t("sign_in.remember_hint")}
          checked={remember}
          set={setRemember}
        />
        {state.marketing && (
          <Check label={t("register.marketing")} checked={marketing} set={setMarketing} />
        )}
      </Form>
    </Page>
  );
}
