import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { showDay, showMoment, t } from "../../lib/text.ts";
import { Copy } from "../../kit/copy.tsx";
import { Check, Field, Form, Select, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { later } from "../../kit/toast.tsx";

const SCOPES = ["read", "write", "live"] as const;
const DAYS = ["30", "90", "365"];

/** Tokens: with one a program may do for this member what was chosen, until it ends. */
export function Programs() {
  const { data, failed, again, set } = useLoad("GET /api/tokens", {});
  const form = useForm();
  const [label, setLabel] = useState("");
  const [may, setMay] = useState({ read: true, write: false, live: false });
  const [days, setDays] = useState(DAYS[1]!);
  const [fresh, setFresh] = useState<string | null>(null);
  const submit = async () => {
    if (!label.trim()) return form.fail({ label: t("programs.label_missing") });
    const made = await send("POST /api/tokens", {
      label: label.trim(),
      ...may,
      days: Number(days),
    });
    setFresh(made.token);
    setLabel("");
    again();
  };
  return (
    <>
      <p>
        {t("programs.lead")} <a href="/developers">{t("programs.more")}</a>
      </p>
      {fresh && (
        <Notice kind="good" icon="key">
          <p>{t("programs.once")}</p>
          <code class="code">{fresh}</code>
          <Copy text={fresh} />
        </Notice>
      )}
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        data.items.length > 0 && (
          <ul class="table">
            {data.items.map((one) => (
              <li key={one.id}>
                <Icon name="key" />
                <div class="grow">
                  <strong>{one.label}</strong>
                  <p class="mute small">
                    {SCOPES.filter((scope) => one[scope])
                      .map((scope) => t(`programs.may_${scope}`))
                      .join(" · ")}
                  </p>
                  <p class="mute small">
                    {t("programs.made", { when: showMoment(one.created_ms) })}
                    {one.ends_ms > 0 && ` · ${t("programs.ends", { day: showDay(one.ends_ms) })}`}
                  </p>
                </div>
                <Button
                  kind="line slim"
                  aria-label={t("programs.revoke_name", { name: one.label })}
                  onClick={() => {
                    const before = data;
                    set((old) => ({
                      ...old,
                      items: old.items.filter((other) => other.id !== one.id),
                    }));
                    later(
                      t("programs.revoking", { name: one.label }),
                      () => send("DELETE /api/tokens/{id}", { id: one.id }),
                      () => set(() => before),
                    );
                  }}
                >
                  {t("programs.revoke")}
                </Button>
              </li>
            ))}
          </ul>
        )
      )}
      <Form state={form} submit={submit} button={t("programs.create")} icon="plus">
        <Field
          form={form}
          name="label"
          label={t("programs.label")}
          value={label}
          set={setLabel}
          hint={t("programs.label_hint")}
          maxLength={60}
          autocomplete="off"
          required
        />
        <fieldset class="stack tight">
          <legend>{t("programs.may")}</legend>
          {SCOPES.map((scope) => (
            <Check
              key={scope}
              label={t(`programs.may_${scope}`)}
              hint={t(`programs.may_${scope}_hint`)}
              checked={may[scope]}
              set={(on) => setMay((old) => ({ ...old, [scope]: on }))}
            />
          ))}
        </fieldset>
        <Select
          form={form}
          name="days"
          label={t("programs.days")}
          value={days}
          set={setDays}
          options={DAYS.map((one) => ({
            value: one,
            label: t("programs.days_n", { n: Number(one) }),
          }))}
        />
      </Form>
    </>
  );
}
