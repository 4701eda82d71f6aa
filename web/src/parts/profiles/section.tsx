import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { countries } from "../../lib/countries.ts";
import { me, signedIn } from "../../lib/session.ts";
import { showDay, t } from "../../lib/text.ts";
import { Field, Form, Select, useForm } from "../../kit/form.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import { WayCards } from "../../kit/way_cards.tsx";

export function Profile() {
  const member = me.value!;
  const form = useForm();
  const [country, setCountry] = useState(member.country);
  const [realName, setRealName] = useState(member.real_name ?? "");
  const submit = async () => {
    await send("PATCH /api/me", { country, real_name: realName.trim() });
    await signedIn();
    toast(t("app.saved"));
  };
  return (
    <>
      <div class="card row">
        <Portrait look={member.look} avatar={member.avatar} name={member.avatar_name} size="l" />
        <div class="grow">
          <h2>{member.avatar_name}</h2>
          <p class="mute small">{t("settings.since", { day: showDay(member.created_ms) })}</p>
          {member.birth_date && (
            <p class="mute small">
              {t("settings.born", { day: showDay(Date.parse(`${member.birth_date}T12:00:00`)) })}
            </p>
          )}
        </div>
        <a class="button line" href="/avatar">
          {t("settings.change_avatar")}
        </a>
      </div>
      <WayCards
        ways={[
          {
            icon: "user",
            href: "/profile",
            title: t("profile.title"),
            line: t("profile.settings_line"),
          },
        ]}
      />
      <Section id="you" title={t("settings.you")} lead={t("settings.you_lead")}>
        <Form state={form} submit={submit} button={t("app.save")}>
          <Select
            form={form}
            name="country"
            label={t("birth.country")}
            value={country}
            set={setCountry}
            options={countries.value}
          />
          <Field
            form={form}
            name="real_name"
            label={t("register.real_name")}
            value={realName}
            set={setRealName}
            hint={t("register.real_name_hint")}
            autocomplete="name"
          />
        </Form>
      </Section>
    </>
  );
}
