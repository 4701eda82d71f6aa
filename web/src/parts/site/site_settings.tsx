import { useRef, useState } from "preact/hooks";
import { Refused, send, type Item } from "../../lib/api.ts";
import { siteChanged } from "../../lib/session.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Field, Form, Select, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

type Setting = Item<"GET /api/admin/settings">;

/** What of the site is set here. Which there are, and their words, come from the server's rows. */
export function SiteSettings() {
  const { data, failed, again, set } = useLoad("GET /api/admin/settings", {});
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading rows={6} />;
  const reload = async () => {
    const fresh = await send("GET /api/admin/settings", {});
    set(() => fresh);
  };
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
                <Row key={one.name} one={one} reload={reload} />
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

function Row({ one, reload }: { one: Setting; reload: () => Promise<void> }) {
  const form = useForm();
  const [typed, setTyped] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const value = typed ?? one.value;

  /* Nothing typed is lost but what was just saved. Null: as standard. */
  const put = async (wanted: string | null) => {
    const { name, version } = one;
    try {
      await send("PUT /api/admin/settings/{name}", { name, value: wanted, version });
    } catch (error) {
      if (error instanceof Refused && error.status === 409) await reload();
      throw error;
    }
    await Promise.all([reload(), siteChanged()]);
    setTyped(null);
    toast(t("site_set.saved", { name: one.title }));
  };
  const submit = async () => {
    const wrong = fault(one, value.trim());
    if (wrong) return form.fail({ value: wrong });
    await put(value.trim());
  };
  /* The button that was pressed goes: the focus goes to what it changed. */
  const back = async (wanted: string | null) => {
    if (busy) return;
    setBusy(true);
    try {
      await put(wanted);
      place.current?.querySelector<HTMLElement>("input, select")?.focus();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };

  const field = {
    form,
    name: "value",
    label: one.title,
    value,
    set: setTyped,
    hint: <Hint one={one} />,
  };
  const set = one.stored || one.unfit;
  const undo = one.undo && one.version > 0 && (one.former !== null || set);
  const former = shown(one, one.former ?? one.standard);
  const standard = shown(one, one.standard);
  return (
    <div class="site-set" ref={place} data-setting={one.name}>
      {one.unfit && (
        <Notice kind="bad">
          <p>{t("site_set.unfit")}</p>
        </Notice>
      )}
      <Form
        state={form}
        submit={submit}
        button={t("app.save")}
        buttonLabel={t("site_set.save", { name: one.title })}
        quiet={value === one.value}
        more={
          <>
            {undo && (
              <Button
                kind="line slim"
                busy={busy}
                aria-label={t("site_set.undo_name", { value: former, name: one.title })}
                onClick={() => void back(one.former)}
              >
                {t("site_set.undo", { value: former })}
              </Button>
            )}
            {set && one.former !== null && (
              <Button
                kind="line slim"
                busy={busy}
                aria-label={t("site_set.standard_name", { value: standard, name: one.title })}
                onClick={() => void back(null)}
              >
                {t("site_set.standard", { value: standard })}
              </Button>
            )}
          </>
        }
      >
        {one.kind === "choice" ? (
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
        )}
      </Form>
    </div>
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
