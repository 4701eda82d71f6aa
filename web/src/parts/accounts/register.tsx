import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, send } from "../../lib/api.ts";
import type { PageProps } from "../../rows.ts";
import { passkeyForNew, passkeysMissing, type NewPasskey } from "../passkeys/passkey.ts";
import { useWayIn } from "../../room/way_in.ts";
import { firstLook, invitation, isAwaited, onTheWay, wanted } from "../../lib/ahead.ts";
import { go } from "../../lib/router.ts";
import { me, signedIn, site } from "../../lib/session.ts";
import { language, t } from "../../lib/text.ts";
import { forgetNewcomer, newcomer, type Newcomer } from "../../lib/trip.ts";
import { Choices } from "../../kit/choices.tsx";
import { birthFaults, BirthFields, useBirth } from "./birth.tsx";
import { birthDate, type Birth } from "./birth_date.ts";
import { Check, Field, Form, useForm } from "../../kit/form.tsx";
import { EmailField } from "./email_field.tsx";
import { NameField } from "./name_field.tsx";
import { NewPassword, passwordFault } from "./new_password.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Notice } from "../../kit/parts.tsx";
import { ProviderLinks } from "../providers/links.tsx";
import { RoomAhead } from "../rooms/ahead.tsx";
import { TermsLine } from "../policies/terms_line.tsx";
import { AskParent } from "../guardians/ask.tsx";

type Step = "age" | "ask" | "details" | "refused" | "parent" | "waiting";

/** Registration: the age screen comes first and alone, and nothing else is asked before it. */
export function Register({ params }: PageProps) {
  const [step, setStep] = useState<Step>("age");
  const [birth, setBirth] = useBirth(site.value?.country);
  const [said, setSaid] = useState("");
  const [from, setFrom] = useState(newcomer);
  const alone = () => {
    forgetNewcomer();
    setFrom(null);
  };
  const given = params.invite ?? invitation();
  /* What is wrong with the invitation; "" from the moment when they go on without it. */
  const [bad, setBad] = useState<string | null>(null);
  const invite = bad === null ? given : "";
  // Whether it could be asked about is no news: registering tells.
  const refuseInvite = (error: unknown) =>
    error instanceof Refused && error.code === "invites.none" && setBad(error.message);
  useEffect(() => {
    if (me.value) go(wanted(), true);
    else if (given) send("POST /api/invites/look", { invite: given }).catch(refuseInvite);
  }, []);
  const open = !me.value && site.value?.registration !== "closed";
  useWayIn(open, site.value?.scene ?? null, () => "");
  const refuse = (error: unknown) => {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "ages.refused") setStep("refused");
    else if (error.code === "ages.parent") return setStep("ask");
    else if (error.code === "ages.parent_closed") setStep("parent");
    else throw error;
    setSaid(error.message);
  };
  if (site.value?.registration === "closed") {
    return (
      <Page title={t("register.title")}>
        <Notice>
          <p>{t("landing.mode_closed")}</p>
        </Notice>
      </Page>
    );
  }
  if (bad) {
    return (
      <Page key="bad" title={t("register.invite_bad")}>
        <Notice kind="bad">
          <p>{bad}</p>
        </Notice>
        <p>{t("register.invite_bad_text")}</p>
        <div class="row">
          <Button kind="line" onClick={() => setBad("")}>
            {t(
              site.value?.registration === "invite"
                ? "register.invite_other"
                : "register.invite_without",
            )}
          </Button>
        </div>
      </Page>
    );
  }
  if (step === "ask") return <AskParent birth={birth} invite={invite} refuse={refuse} />;
  if (step === "refused" || step === "parent") {
    return (
      <Page key={step} title={t(`register.${step}_title`)}>
        <Notice>
          <p>{said || t(`register.${step}_text`)}</p>
        </Notice>
        <p>{t(`register.${step}_kept`)}</p>
        <div class="row">
          <a class="button line" href="/">
            {t("missing.home")}
          </a>
        </div>
      </Page>
    );
  }
  if (step === "waiting") {
    return (
      <Page key={step} title={t("register.waiting_title")}>
        <Notice kind="good" icon="check">
          <p>{t("register.waiting_text")}</p>
        </Notice>
      </Page>
    );
  }
  return (
    <Page key={step} title={t(`register.${step}_heading`)} lead={t(`register.${step}_lead`)}>
      <RoomAhead />
      {from && (
        <Notice icon="key">
          <p>{t("provider.new", { name: from.name })}</p>
          <div class="row">
            <Button kind="line slim" onClick={alone}>
              {t("provider.new_not")}
            </Button>
          </div>
        </Notice>
      )}
      {step === "age" ? (
        <Age birth={birth} set={setBirth} refuse={refuse} done={() => setStep("details")} />
      ) : (
        <Details
          birth={birth}
          invite={invite}
          from={from}
          alone={alone}
          refuse={refuse}
          waiting={() => setStep("waiting")}
        />
      )}
      {step === "age" && !from && <ProviderLinks to={wanted("")} />}
      {step === "age" && (
        <p>
          {t("register.have")} <a href={onTheWay("/sign-in")}>{t("nav.sign_in")}</a>
        </p>
      )}
    </Page>
  );
}

function Age({
  birth,
  set,
  refuse,
  done,
}: {
  birth: Birth;
  set: (change: Partial<Birth>) => void;
  refuse: (error: unknown) => void;
  done: () => void;
}) {
  const form = useForm();
  const submit = async () => {
    const faults = birthFaults(birth);
    if (faults) return form.fail(faults);
    try {
      await send("POST /api/age", { birth_date: birthDate(birth)!, country: birth.country });
    } catch (error) {
      return refuse(error);
    }
    done();
  };
  return (
    <Form state={form} submit={submit} button={t("register.next")}>
      <BirthFields form={form} birth={birth} set={set} />
    </Form>
  );
}

function Details({
  birth,
  invite: given,
  from,
  alone,
  refuse,
  waiting,
}: {
  birth: Birth;
  invite: string;
  /** Came from a provider as somebody new: then no password is asked for. */
  from: Newcomer | null;
  alone: () => void;
  refuse: (error: unknown) => void;
  waiting: () => void;
}) {
  const form = useForm();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const missing = passkeysMissing();
  const [way, setWay] = useState(missing ? "password" : "passkey");
  const byPassword = !from && way === "password";
  /* Made, but the server refused something else: the same one will do on the next try. */
  const made = useRef<{ passkey: NewPasskey; name: string } | null>(null);
  const [marketing, setMarketing] = useState(false);
  const [remember, setRemember] = useState(false);
  const [realName, setRealName] = useState("");
  const [invite, setInvite] = useState(given);
  const byInvite = site.value?.registration === "invite";

  const faults = () => {
    const found: Record<string, string> = {};
    if (byInvite && !invite.trim()) found.invite = t("register.invite_missing");
    if ([...name.trim()].length < 3) found.avatar_name = t("name.short");
    if (!/^\S+@\S+$/.test(email.trim())) found.email = t("register.email_wrong");
    const weak = byPassword ? passwordFault(password) : null;
    if (weak) found.password = weak;
    return Object.keys(found).length > 0 ? found : null;
  };
  const submit = async () => {
    const found = faults();
    if (found) return form.fail(found);
    if (!from && way === "passkey" && made.current?.name !== name.trim()) {
      const { free, text } = await send("GET /api/names/{name}", { name: name.trim() });
      if (!free) return form.fail({ avatar_name: text ?? t("app.refused") });
      made.current = { passkey: await passkeyForNew(name.trim()), name: name.trim() };
    }
    let member;
    try {
      member = await send("POST /api/accounts", {
        avatar_name: name.trim(),
        ...(from
          ? { provider_ticket: from.ticket }
          : byPassword
            ? { password }
            : { passkey: made.current!.passkey }),
        email: email.trim(),
        birth_date: birthDate(birth)!,
        country: birth.country,
        marketing,
        remember,
        language: language.value,
        ...(realName.trim() ? { real_name: realName.trim() } : {}),
        ...(invite.trim() ? { invite: invite.trim() } : {}),
      });
    } catch (error) {
      if (error instanceof Refused && error.code === "passkeys.refused") made.current = null;
      if (!from || !(error instanceof Refused) || error.code !== "tickets.gone")
        return refuse(error);
      alone();
      return form.fail({ "": t("provider.new_over", { name: from.name }) });
    }
    forgetNewcomer();
    if (member.state === "waiting") {
      isAwaited(member.id);
      return waiting();
    }
    await signedIn(member);
    go(firstLook(), true);
  };
  return (
    <Form
      state={form}
      submit={submit}
      button={t(from || byPassword ? "register.create" : "passkey.create")}
    >
      {(byInvite || given) && (
        <Field
          form={form}
          name="invite"
          label={t("register.invite")}
          value={invite}
          set={setInvite}
          hint={t("register.invite_hint")}
          required={byInvite}
          autocomplete="off"
        />
      )}
      <NameField form={form} value={name} set={setName} />
      <EmailField form={form} value={email} set={setEmail} hint={t("register.email_hint")} />
      {!from && !missing && (
        <Choices
          legend={t("passkey.way")}
          hint={way === "passkey" && t("passkey.way_hint")}
          options={["passkey", "password"].map((value) => ({
            value,
            label: t(`passkey.way_${value}`),
          }))}
          value={way}
          set={setWay}
        />
      )}
      {byPassword && <NewPassword form={form} value={password} set={setPassword} />}
      {byPassword && missing && <p class="mute small">{t(missing)}</p>}
      <Check
        label={t("sign_in.remember")}
        hint={t("sign_in.remember_hint")}
        checked={remember}
        set={setRemember}
      />
      <Check label={t("register.marketing")} checked={marketing} set={setMarketing} />
      <details class="more">
        <summary>{t("register.real_name_more")}</summary>
        <Field
          form={form}
          name="real_name"
          label={t("register.real_name")}
          value={realName}
          set={setRealName}
          hint={t("register.real_name_hint")}
          autocomplete="name"
        />
      </details>
      <TermsLine />
    </Form>
  );
}
