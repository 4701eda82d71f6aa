import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused, send } from "../../lib/api.ts";
import { passkeysMissing } from "../passkeys/passkey.ts";
import { onTheWay, signedInTo, wanted } from "../../lib/ahead.ts";
import { go } from "../../lib/router.ts";
import { me, signedIn, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { takeSecond } from "../../lib/trip.ts";
import { Closed, CLOSED } from "../sessions/closed.tsx";
import { CodeField, RecoveryField } from "../factors/code_field.tsx";
import { Check, Field, Form, Password, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Notice } from "../../kit/parts.tsx";
import { PasskeySignIn } from "../passkeys/sign_in.tsx";
import { SecondByPasskey } from "../passkeys/ways.tsx";
import { WayBack } from "../guardians/way_back.tsx";
import { ProviderLinks } from "../providers/links.tsx";
import { RoomAhead } from "../rooms/ahead.tsx";

/** All is proved: in. */
export async function arrive(): Promise<void> {
  await signedIn();
  go(signedInTo(wanted()), true);
}

/** What the first step answers when there is a second one. */
export interface Second {
  ticket: string;
  ways: string;
}
export interface SecondProps {
  ticket: string;
  /** The ticket is over: begin again, with this to say. */
  over: (why: string) => void;
}

/* The second step's ways, in the server's words; a feature adds its way. */
const WAYS: Record<string, ComponentType<SecondProps>> = {
  passkey: ({ ticket, over }) => <SecondByPasskey ticket={ticket} over={over} done={arrive} />,
  code: ByCode,
  recovery: ByRecovery,
};

export function SignIn() {
  const [second, setSecond] = useState<Second | null>(takeSecond);
  const [why, setWhy] = useState("");
  useEffect(() => {
    if (me.value) go(wanted(), true);
  }, []);
  const over = (text: string) => {
    setWhy(text);
    setSecond(null);
  };
  if (second)
    return (
      <Page key="second" title={t("second.title")} lead={t("second.lead")}>
        <SecondStep second={second} over={over} />
      </Page>
    );
  return (
    <Page key="first" title={t("sign_in.title")}>
      <RoomAhead />
      <p class="mute small row">
        <Icon name="lock" />
        <span>
          {t("sign_in.here")} <strong class="phrase">{location.origin}</strong>
        </span>
      </p>
      {why && (
        <Notice kind="bad">
          <p role="alert">{why}</p>
        </Notice>
      )}
      <FirstStep next={setSecond} />
      <ProviderLinks to={wanted()} />
      <p>
        <a href="/reset">{t("sign_in.forgot")}</a>
      </p>
      {site.value?.registration !== "closed" && (
        <p>
          {t("sign_in.new")} <a href={onTheWay("/register")}>{t("nav.register")}</a>
        </p>
      )}
      <WayBack />
    </Page>
  );
}

function FirstStep({ next }: { next: (second: Second) => void }) {
  const form = useForm();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  const [closed, setClosed] = useState<{ why: string; open: () => Promise<void> } | null>(null);
  const enter = async (reopen: boolean) => {
    const wish = { name: name.trim(), password, remember, ...(reopen ? { reopen } : {}) };
    const answer = await send("POST /api/sessions", wish);
    if (answer.ticket) next({ ticket: answer.ticket, ways: answer.ways ?? "" });
    else await arrive();
  };
  const submit = async () => {
    const missing: Record<string, string> = {};
    if (!name.trim()) missing.name = t("sign_in.name_missing");
    if (!password) missing.password = t("sign_in.password_missing");
    if (Object.keys(missing).length > 0) return form.fail(missing);
    try {
      await enter(false);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== CLOSED) throw error;
      setClosed({ why: error.message, open: () => enter(true) });
    }
  };
  if (closed) return <Closed {...closed} leave={() => setClosed(null)} />;
  return (
    <>
      <PasskeySignIn
        remember={remember}
        done={arrive}
        closed={(why, open) => setClosed({ why, open })}
      />
      {!passkeysMissing() && <p class="mute">{t("passkey.or_password")}</p>}
      <Form state={form} submit={submit} button={t("nav.sign_in")}>
        <Field
          form={form}
          name="name"
          label={t("sign_in.name")}
          value={name}
          set={setName}
          autocomplete="username webauthn"
          autocapitalize="off"
          spellcheck={false}
          required
        />
        <Password
          form={form}
          name="password"
          label={t("sign_in.password")}
          value={password}
          set={setPassword}
          autocomplete="current-password"
          required
        />
        <Check
          label={t("sign_in.remember")}
          hint={t("sign_in.remember_hint")}
          checked={remember}
          set={setRemember}
        />
      </Form>
    </>
  );
}

function SecondStep({ second, over }: { second: Second; over: (why: string) => void }) {
  const ways = second.ways.split(" ").filter((way) => way in WAYS);
  const [way, setWay] = useState(ways[0]);
  const Way = way === undefined ? undefined : WAYS[way];
  return (
    <div class="stack" data-way={way}>
      {Way && <Way key={way} ticket={second.ticket} over={over} />}
      <div class="row">
        {ways
          .filter((one) => one !== way)
          .map((one) => (
            <Button key={one} kind="line slim" onClick={() => setWay(one)}>
              {t(`second.by_${one}`)}
            </Button>
          ))}
        <Button kind="slim" icon="arrowLeft" onClick={() => over("")}>
          {t("second.back")}
        </Button>
      </div>
    </div>
  );
}

/** Shows a code; a ticket that is used up leads back to the beginning. */
async function show(
  input: { ticket: string; code?: string; recovery?: string },
  over: SecondProps["over"],
): Promise<void> {
  try {
    await send("POST /api/sessions/second", input);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "tickets.gone") throw error;
    return over(t("second.over"));
  }
  await arrive();
}

function ByCode({ ticket, over }: SecondProps) {
  const form = useForm();
  const [code, setCode] = useState("");
  const submit = async () => {
    if (!code.trim()) return form.fail({ code: t("second.code_missing") });
    await show({ ticket, code }, over);
  };
  return (
    <Form state={form} submit={submit} button={t("second.go")}>
      <CodeField form={form} value={code} set={setCode} />
    </Form>
  );
}

function ByRecovery({ ticket, over }: SecondProps) {
  const form = useForm();
  const [recovery, setRecovery] = useState("");
  const submit = async () => {
    if (!recovery.trim()) return form.fail({ recovery: t("second.recovery_missing") });
    await show({ ticket, recovery }, over);
  };
  return (
    <Form state={form} submit={submit} button={t("second.go")}>
      <RecoveryField form={form} value={recovery} set={setRecovery} />
    </Form>
  );
}
