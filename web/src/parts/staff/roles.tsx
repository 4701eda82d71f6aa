import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

const ROLES = ["moderator", "support", "privacy", "payout", "admin"] as const;
type Role = (typeof ROLES)[number];

/** Who works for the site, and by which roles: given and taken here. */
export function Roles() {
  const { data, failed, again } = useLoad("GET /api/admin/staff", {});
  const take = (id: string, role: string) =>
    send("DELETE /api/admin/staff/{id}/{role}", { id, role: role as Role }).then(again, complain);
  return (
    <>
      <Section id="roles" title={t("roles.title")} lead={t("roles.lead")}>
        {failed ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading rows={1} />
        ) : (
          <ul class="table">
            {data.items.map((one) => (
              <li key={one.id}>
                <div class="grow">
                  <strong>
                    <bdi>{one.avatar_name}</bdi>
                  </strong>
                  <ul class="role-list">
                    {one.roles.map((role) => (
                      <li key={role}>
                        <span class="tag">{t(`people.role_${role}`)}</span>
                        {!(role === "admin" && one.id === me.value?.id) && (
                          <Button
                            kind="line slim bad"
                            aria-label={t("roles.take_name", {
                              name: one.avatar_name,
                              role: t(`people.role_${role}`),
                            })}
                            onClick={() => void take(one.id, role)}
                          >
                            {t("roles.take")}
                          </Button>
                        )}
                      </li>
                    ))}
                  </ul>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Give again={again} />
    </>
  );
}

function Give({ again }: { again: () => void }) {
  const form = useForm();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("moderator");
  const add = async () => {
    if (!name.trim()) return form.fail({ avatar_name: t("roles.name_missing") });
    await send("POST /api/admin/staff", { avatar_name: name.trim(), role });
    toast(t("roles.given", { name: name.trim(), role: t(`people.role_${role}`) }));
    setName("");
    again();
  };
  return (
    <Section id="give" title={t("roles.give_title")}>
      <Form state={form} submit={add} button={t("roles.give")} icon="plus">
        <Field
          form={form}
          name="avatar_name"
          label={t("roles.name")}
          value={name}
          set={setName}
          hint={t("roles.name_hint")}
          autocomplete="off"
          required
        />
        <Choices
          legend={t("roles.which")}
          hint={t(`roles.what_${role}`)}
          options={ROLES.map((one) => ({ value: one, label: t(`people.role_${one}`) }))}
          value={role}
          set={(value) => setRole(value as Role)}
        />
      </Form>
    </Section>
  );
}
