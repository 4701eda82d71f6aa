import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Cancelled, onProve, send } from "../lib/api.ts";
import { t } from "../lib/text.ts";
import { CodeField, RecoveryField } from "../parts/factors/code_field.tsx";
import { Dialog } from "../kit/dialog.tsx";
import { Form, Password, useForm } from "../kit/form.tsx";
import { useLoad } from "../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../kit/parts.tsx";
import { ProveByPasskey } from "../parts/passkeys/ways.tsx";
import { ByProvider } from "../parts/providers/links.tsx";

export interface WayProps {
  /** The session counts as proved: the call that asked for it is repeated. */
  done: () => void;
}

/* What a member can prove themselves by, in the server's words; a feature adds its way. */
const WAYS: Record<string, ComponentType<WayProps>> = {
  passkey: ProveByPasskey,
  code: ByCode,
  password: ByPassword,
  recovery: ByRecovery,
  provider: ByProvider,
};

interface Question {
  passkey: boolean;
  done: () => void;
  cancel: () => void;
}
const asked = signal<Question | null>(null);

/* Calls that ask at the same time wait for one and the same answer. */
let waiting: Promise<void> | null = null;

onProve.call = (passkey) => {
  waiting ??= new Promise<void>((done, failed) => {
    asked.value = { passkey, done, cancel: () => failed(new Cancelled()) };
  }).finally(() => {
    waiting = null;
    asked.value = null;
  });
  return waiting;
};

/** The dialog before risky acts: "is it still you?". */
export function Prove() {
  const question = asked.value;
  if (!question) return null;
  return (
    <Dialog title={t("prove.title")} close={question.cancel}>
      <Ways question={question} />
    </Dialog>
  );
}

function Ways({ question }: { question: Question }) {
  const { data, failed, again } = useLoad("GET /api/sessions/current/proof", {});
  const [chosen, setChosen] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(
    () => box.current?.querySelector<HTMLElement>("input, .button")?.focus(),
    [data, chosen],
  );
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading rows={2} />;
  const ways = data.ways
    .split(" ")
    .filter((way) => way in WAYS && (!question.passkey || way === "passkey"));
  const way = chosen ?? ways[0];
  const Way = way === undefined ? undefined : WAYS[way];
  if (!Way)
    return (
      <Notice kind="bad">
        <p>{t(question.passkey ? "prove.passkey_only" : "prove.no_way")}</p>
      </Notice>
    );
  return (
    <div class="stack" data-way={way} ref={box}>
      <p class="mute">{t("prove.lead")}</p>
      <Way key={way} done={question.done} />
      {ways.length > 1 && (
        <div class="stack tight">
          <p class="hint">{t("prove.other")}</p>
          <div class="row">
            {ways
              .filter((one) => one !== way)
              .map((one) => (
                <Button key={one} kind="line slim" onClick={() => setChosen(one)}>
                  {t(`prove.${one}`)}
                </Button>
              ))}
          </div>
        </div>
      )}
    </div>
  );
}

function ByPassword({ done }: WayProps) {
  const form = useForm();
  const [password, setPassword] = useState("");
  const submit = async () => {
    if (!password) return form.fail({ password: t("sign_in.password_missing") });
    await send("POST /api/sessions/current/proof", { password });
    done();
  };
  return (
    <Form state={form} submit={submit} button={t("prove.go")}>
      <Password
        form={form}
        name="password"
        label={t("sign_in.password")}
        value={password}
        set={setPassword}
        autocomplete="current-password"
        required
      />
    </Form>
  );
}

function ByCode({ done }: WayProps) {
  const form = useForm();
  const [code, setCode] = useState("");
  const submit = async () => {
    if (!code.trim()) return form.fail({ code: t("second.code_missing") });
    await send("POST /api/sessions/current/proof", { code });
    done();
  };
  return (
    <Form state={form} submit={submit} button={t("prove.go")}>
      <CodeField form={form} value={code} set={setCode} />
    </Form>
  );
}

function ByRecovery({ done }: WayProps) {
  const form = useForm();
  const [recovery, setRecovery] = useState("");
  const submit = async () => {
    if (!recovery.trim()) return form.fail({ recovery: t("second.recovery_missing") });
    await send("POST /api/sessions/current/proof", { recovery });
    done();
  };
  return (
    <Form state={form} submit={submit} button={t("prove.go")}>
      <RecoveryField form={form} value={recovery} set={setRecovery} />
    </Form>
  );
}
