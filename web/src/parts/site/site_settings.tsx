import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Refused, send } from "../../lib/api.ts";
import { siteChanged } from "../../lib/session.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Field, Form, Select, useForm, type FormState } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { Draft, inTurn, waysBack, type Setting } from "./setting.ts";

/** What of the site is set here. Which there are, and their words, come from the server's rows. */
export function SiteSettings() {
  const { data, failed, refused, again, set } = useLoad("GET /api/admin/settings", {});
  const [reload] = useState(() =>
    inTurn(
      () => send("GET /api/admin/settings", {}),
      (fresh) => set(() => fresh),
    ),
  );
  if (failed || refused) return <Failed retry={again} />;
  if (!data) return <Loading rows={6} />;
  const versionOf = async (name: string) =>
    (await reload()).items.find((one) => one.name === name)?.version ?? 0;
  const groups = [...new Set(data.items.map((one) => one.group))];
  return (
    <>
      <p class="mute">{t("site_set.lead")}</p>
      {groups.map((group) => {
        const rows = data.items.filter((one) => one.group === group);
        return (
          <Section key={group} id={`set-${group}`} title={rows[0]!.group_title}>
            {rows.map((one) =>
              one.fixed ? (
                <Fixed key={one.name} one={one} />
              ) : (
                <Row key={one.name} one={one} read={() => versionOf(one.name)} />
              ),
            )}
          </Section>
        );
      })}
    </>
  );
}

/** As it is read: a choice by its words, a number with its unit. */
function shown(one: Setting, value: string): string {
  if (value === "") return t("site_set.empty");
  const words = one.choices.find((choice) => choice.value === value)?.title ?? value;
  return one.unit ? `${words} ${one.unit}` : words;
}

/** Where whoever runs the machine has set it. */
function place(one: Setting): string {
  const { name } = one;
  if (one.fixed === "environment") return `BAUTA_${name.toUpperCase()}`;
  return one.fixed === "flag" ? `--${name.replaceAll("_", "-")}` : name;
}

function Fixed({ one }: { one: Setting }) {
  return (
    <div class="stack tight site-set" data-setting={one.name}>
      <h3>{one.title}</h3>
      <p class="row nowrap">
        <Icon name="lock" />
        <span class="grow" dir="auto">
          {shown(one, one.value)}
        </span>
      </p>
      <p class="hint">{one.about}</p>
      <p class="hint">
        {t(`site_set.fixed_${one.fixed}`)} <code>{place(one)}</code>
      </p>
      {one.stored && <p class="hint">{t("site_set.waits")}</p>}
    </div>
  );
}

function bounds(one: Setting): string {
  if (one.kind === "number") {
    return t("site_set.between", { min: one.min, max: one.max, unit: one.unit ?? "" });
  }
  return one.kind === "text" ? t("site_set.at_most", { n: one.max }) : "";
}

/** What can be seen here to be wrong is said without asking. */
function fault(one: Setting, value: string): string | null {
  if (one.kind === "number") {
    const fits = /^\d{1,9}$/.test(value) && +value >= one.min && +value <= one.max;
    return fits ? null : bounds(one);
  }
  return one.kind === "text" && one.min > 0 && value === "" ? t("site_set.needed") : null;
}

/** A setting that is being changed; `read` asks how all stands now and tells this one's version. */
function useChange(one: Setting, read: () => Promise<number>) {
  const [draft] = useState(() => new Draft());
  const [unread, setUnread] = useState(false);
  const look = async () => {
    try {
      draft.told(await read());
      setUnread(false);
    } catch {
      setUnread(true); /* nothing is changed on top of what is not known */
    }
  };
  /* Null: as standard. What is stored is stored, whatever becomes of reading it. */
  const put = async (wanted: string | null, version: number) => {
    const { name } = one;
    try {
      await send("PUT /api/admin/settings/{name}", { name, value: wanted, version });
    } catch (error) {
      if (error instanceof Refused && error.status === 409)
        await read().then(
          (now) => draft.told(now),
          () => {},
        );
      throw error;
    }
    toast(t("site_set.saved", { name: one.title }));
    await Promise.all([look(), siteChanged().catch(() => {})]);
    draft.saved(wanted);
  };
  return { draft, put, look, unread };
}

function Row({ one, read }: { one: Setting; read: () => Promise<number> }) {
  const form = useForm();
  const { draft, put, look, unread } = useChange(one, read);
  const place = useRef<HTMLDivElement>(null);
  const value = draft.typed.value ?? one.value;
  const focus = () => place.current?.querySelector<HTMLElement>("input, select, button")?.focus();
  const was = useRef(unread);
  useLayoutEffect(() => {
    /* What had the focus went with the form, or with the button that asks again. */
    if (was.current !== unread && document.activeElement === document.body) focus();
    was.current = unread;
  }, [unread]);
  const submit = async () => {
    const wrong = fault(one, value.trim());
    if (wrong) return form.fail({ value: wrong });
    await put(value.trim(), draft.version(one.version));
  };
  /* The button that was pressed goes: the focus goes to what it changed. */
  const back = async (wanted: string | null) => {
    await put(wanted, one.version);
    focus();
  };
  return (
    <div class="site-set" ref={place} data-setting={one.name}>
      {one.unfit && (
        <Notice kind="bad">
          <p>{t("site_set.unfit")}</p>
        </Notice>
      )}
      {unread ? (
        <>
          <h3>{one.title}</h3>
          <Failed retry={() => void look()} />
        </>
      ) : (
        <Form
          state={form}
          submit={submit}
          button={t("app.save")}
          buttonLabel={t("site_set.save", { name: one.title })}
          quiet={value === one.value}
          more={<Ways one={one} back={back} />}
        >
          <Input
            one={one}
            form={form}
            value={value}
            set={(next) => draft.type(next, one.version)}
          />
        </Form>
      )}
    </div>
  );
}

function Ways({ one, back }: { one: Setting; back: (wanted: string | null) => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const { undo, standard } = waysBack(one);
  const go = (wanted: string | null) => {
    if (busy) return;
    setBusy(true);
    void back(wanted)
      .catch(complain)
      .finally(() => setBusy(false));
  };
  const button = (text: "undo" | "standard", wanted: string | null) => {
    const value = shown(one, wanted ?? one.standard);
    return (
      <Button
        kind="line slim"
        busy={busy}
        aria-label={t(`site_set.${text}_name`, { value, name: one.title })}
        onClick={() => go(wanted)}
      >
        {t(`site_set.${text}`, { value })}
      </Button>
    );
  };
  return (
    <>
      {undo && button("undo", one.former)}
      {standard && button("standard", null)}
    </>
  );
}

function Input({
  one,
  ...rest
}: {
  one: Setting;
  form: FormState;
  value: string;
  set: (value: string) => void;
}) {
  const field = { ...rest, name: "value", label: one.title, hint: <Hint one={one} /> };
  return one.kind === "choice" ? (
    <Select
      {...field}
      options={one.choices.map((choice) => ({ value: choice.value, label: choice.title }))}
    />
  ) : (
    <Field
      {...field}
      type={one.kind === "email" ? "email" : "text"}
      inputMode={one.kind === "number" ? "numeric" : undefined}
      maxLength={one.kind === "number" ? 9 : one.max}
      autocomplete="off"
      spellcheck={false}
      required={one.min > 0}
      after={one.unit && <span class="mute unit">{one.unit}</span>}
    />
  );
}

function Hint({ one }: { one: Setting }) {
  return (
    <>
      {one.about} {bounds(one)} {t("site_set.usual", { value: shown(one, one.standard) })}
      {one.version > 0 && (
        <>
          <br />
          {one.by
            ? t("site_set.changed_by", { when: showMoment(one.changed_ms), name: one.by })
            : t("site_set.changed", { when: showMoment(one.changed_ms) })}
        </>
      )}
    </>
  );
}
