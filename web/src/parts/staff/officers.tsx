import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { hasText, showDay, showMoment, t } from "../../lib/text.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

/** Who decides on parents' consent, and at what they looked. */
export function Officers() {
  const form = useForm();
  const [name, setName] = useState("");
  const { data, failed, again } = useLoad("GET /api/admin/staff", {});
  const looks = useLoad("GET /api/admin/looks", {});
  const add = async () => {
    if (!name.trim()) return form.fail({ avatar_name: t("officers.name_missing") });
    await send("POST /api/admin/staff", { avatar_name: name.trim() });
    toast(t("officers.added", { name: name.trim() }));
    setName("");
    again();
  };
  const end = (id: string) => send("DELETE /api/admin/staff/{id}", { id }).then(again, complain);
  return (
    <>
      <Section id="officers" title={t("officers.title")} lead={t("officers.lead")}>
        {failed ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading rows={1} />
        ) : data.items.length === 0 ? (
          <Empty icon="users" title={t("officers.none")} />
        ) : (
          <ul class="table">
            {data.items.map((one) => (
              <li key={one.id}>
                <div class="grow">
                  <strong>{one.avatar_name}</strong>
                  <p class="mute small">{t("officers.since", { day: showDay(one.since_ms) })}</p>
                </div>
                <Button
                  kind="line slim bad"
                  aria-label={t("officers.end_name", { name: one.avatar_name })}
                  onClick={() => void end(one.id)}
                >
                  {t("officers.end")}
                </Button>
              </li>
            ))}
          </ul>
        )}
        <Form state={form} submit={add} button={t("officers.add")} icon="plus">
          <Field
            form={form}
            name="avatar_name"
            label={t("officers.name")}
            value={name}
            set={setName}
            hint={t("officers.name_hint")}
            autocomplete="off"
            required
          />
        </Form>
      </Section>
      <Section id="looks" title={t("officers.looks")} lead={t("officers.looks_lead")}>
        {looks.failed ? (
          <Failed retry={looks.again} />
        ) : !looks.data ? (
          <Loading rows={1} />
        ) : looks.data.items.length === 0 ? (
          <Empty icon="eye" title={t("officers.looks_none")} />
        ) : (
          <ul class="table">
            {looks.data.items.map((look, i) => (
              <li key={i}>
                <div class="grow">
                  {t(`officers.look_${look.what}`, {
                    name: look.officer ?? t("officers.gone"),
                    number: look.about ?? t("officers.erased"),
                  })}
                  <p class="mute small">{showMoment(look.at_ms)}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Acts />
    </>
  );
}

/**
 * What an act is called, a route or a command: of "POST /api/invites" act.post_api_invites. Without a
 * sentence the client is not built (tools/typescript.c makes the keys, too), but lines stay, and some
 * are of an older version.
 */
function sentence(act: string): string | undefined {
  const key = `act.${(act.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("_")}`;
  return hasText(key) ? t(key) : undefined;
}

/** What staff did; nobody can take a line away. */
function Acts() {
  const { data, failed, again } = useLoad("GET /api/admin/acts", {});
  return (
    <Section id="acts" title={t("officers.acts")} lead={t("officers.acts_lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : data.items.length === 0 ? (
        <Empty icon="check" title={t("officers.acts_none")} />
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>
                  {one.machine ? t("officers.machine") : (one.by ?? t("officers.gone"))}
                </strong>
                {one.on && ` → ${one.on}`}
                <p class="small">{sentence(one.act) ?? <code>{one.act}</code>}</p>
                {one.reason && <p class="small">{one.reason}</p>}
                {one.what && (
                  <p class="small" dir="auto">
                    {one.what}
                  </p>
                )}
                <p class="mute small">{showMoment(one.at_ms)}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
