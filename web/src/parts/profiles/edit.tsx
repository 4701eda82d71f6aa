import { useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { LANGUAGES_SPOKEN } from "./languages.ts";
import { me } from "../../lib/session.ts";
import { states } from "./states.ts";
import { languageName, t } from "../../lib/text.ts";
import { Area, Field, Form, Select, useForm, type FormState } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, IconButton, Loading, Notice } from "../../kit/parts.tsx";
import { Portrait, usePortrait } from "../../kit/portrait.tsx";
import { fieldText } from "./facts.tsx";
import { toast } from "../../kit/toast.tsx";
import { OwnWays } from "./own_ways.tsx";

type Own = Out<"GET /api/me/profile">;
type One = Own["fields"][number];
const GENDERS = ["female", "male", "nonbinary"];
const RELATIONSHIPS = [
  "single",
  "together",
  "engaged",
  "married",
  "open",
  "complicated",
  "widowed",
];
const OWN_WORDS = "own";
const MOST = { about: 1000, interests: 400, links: 1010 };
/** Of a minor, these never go to adults who are no friends; links to friends only. */
const HELD = ["age", "country", "state", "links"];

/** What I say of myself, a field each, and who may see it. */
export function EditProfile() {
  const { data, failed, again } = useLoad("GET /api/me/profile", {});
  return (
    <Page title={t("profile.title")} lead={t("profile.lead")} actions={<OwnWays />}>
      <Picture />
      {failed ? <Failed retry={again} /> : data ? <Fields own={data} /> : <Loading rows={4} />}
    </Page>
  );
}

/** The portrait as it is worn, for wherever else a picture of oneself is asked for. */
function SavePortrait() {
  const { look, avatar } = me.value!;
  const { host, url } = usePortrait({ look, avatar });
  return (
    <span ref={host}>
      {url && (
        <a class="button line" href={url} download="portrait">
          {t("profile.save_portrait")}
        </a>
      )}
    </span>
  );
}

/* The only picture there is, and why. */
function Picture() {
  const { look, avatar, avatar_name } = me.value!;
  return (
    <section class="card row nowrap picture" aria-labelledby="picture">
      <Portrait look={look} avatar={avatar} name={avatar_name} size="xl" />
      <div class="stack tight grow">
        <h2 id="picture">{t("profile.picture")}</h2>
        <p class="mute">{t("profile.no_photo")}</p>
        <div class="row">
          <a class="button line" href="/avatar">
            {t("settings.change_avatar")}
          </a>
          <SavePortrait />
        </div>
      </div>
    </section>
  );
}

const without = (fields: One[], name: string): One[] => fields.filter((one) => one.name !== name);

/** The fields of the other device that are not as they stand here. */
function others(mine: One[], theirs: Own | null): One[] {
  return (theirs?.fields ?? []).filter((one) => {
    const here = mine.find(({ name }) => name === one.name)!;
    return here.value !== one.value || here.audience !== one.audience;
  });
}

function Fields({ own }: { own: Own }) {
  const form = useForm();
  const [fields, setFields] = useState<One[]>(own.fields);
  const [version, setVersion] = useState(own.version);
  const [theirs, setTheirs] = useState<Own | null>(null);
  const country = me.value!.country;
  const put = (changed: One) =>
    setFields((old) => old.map((one) => (one.name === changed.name ? changed : one)));
  const submit = async () => {
    try {
      const done = await send("PUT /api/me/profile", { version, fields: fields.map(sent) });
      setVersion(done.version);
      setTheirs(null);
      toast(t("app.saved"));
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "profiles.changed") throw error;
      const found = await send("GET /api/me/profile", {});
      setTheirs(found);
      setVersion(found.version);
      form.fail({ "": error.message });
    }
  };
  const differ = others(fields, theirs);
  const shown = country === "US" ? fields : without(fields, "state");
  return (
    <Form state={form} submit={submit} button={t("app.save")}>
      {differ.length > 0 && (
        <Notice>
          <p>{t("profile.both")}</p>
        </Notice>
      )}
      <ul class="profile-fields">
        {shown.map((one) => (
          <li key={one.name}>
            <Value one={one} form={form} set={(value) => put({ ...one, value })} />
            <Audience
              one={one}
              form={form}
              minor={own.minor}
              set={(audience) => put({ ...one, audience })}
            />
            {differ
              .filter(({ name }) => name === one.name)
              .map((other) => (
                <div key="other" class="notice other">
                  <p class="prose" dir="auto">
                    {t("profile.other", {
                      value: fieldText(other.name, other.value) || "–",
                      who: t(`contact.${other.audience}`),
                    })}
                  </p>
                  <Button kind="line slim" onClick={() => put(other)}>
                    {t("profile.take_other")}
                  </Button>
                </div>
              ))}
          </li>
        ))}
      </ul>
    </Form>
  );
}

/* Addresses are typed without their beginning; the browser knows how hosts are written. */
function sent(one: One): One {
  if (one.name !== "links") return one;
  const lines = one.value.split("\n").map((line) => line.trim());
  const whole = lines
    .filter(Boolean)
    .map((line) => (line.includes(":") ? line : `https://${line}`));
  return { ...one, value: whole.map(spelled).join("\n") };
}

function spelled(address: string): string {
  return URL.canParse(address) && /^https?:/.test(address) ? new URL(address).href : address;
}

function Audience({
  one,
  form,
  minor,
  set,
}: {
  one: One;
  form: FormState;
  minor: boolean;
  set: (audience: One["audience"]) => void;
}) {
  const kept = minor && HELD.includes(one.name);
  const who: One["audience"][] = kept ? ["friends", "nobody"] : ["everyone", "friends", "nobody"];
  return (
    <Select
      form={form}
      name={`${one.name}_audience`}
      label={t("profile.who", { field: t(`profile.${one.name}`) })}
      value={kept && one.audience === "everyone" ? "friends" : one.audience}
      set={(value) => set(value as One["audience"])}
      hint={kept ? t("profile.minor_kept") : undefined}
      options={who.map((value) => ({ value, label: t(`contact.${value}`) }))}
    />
  );
}

interface ValueProps {
  one: One;
  form: FormState;
  set: (value: string) => void;
}

function Value({ one, form, set }: ValueProps) {
  const { name, value } = one;
  const label = t(`profile.${name}`);
  const rest = { form, name, label, value, set };
  switch (name) {
    case "age":
    case "country":
      return (
        <div class="field">
          <span class="label">{label}</span>
          <p>{fieldText(name, value) || "–"}</p>
          <p class="hint">
            {t(`profile.${name}_hint`)}{" "}
            {name === "country" && <a href="/settings/profile">{t("profile.change_country")}</a>}
          </p>
        </div>
      );
    case "gender":
      return <Gender one={one} form={form} set={set} />;
    case "relationship":
      return <Select {...rest} options={chosen(RELATIONSHIPS, relationship)} />;
    case "state":
      return <Select {...rest} options={[unsaid(), ...states()]} />;
    case "languages":
      return <Languages one={one} form={form} set={set} />;
    case "about":
      return <Area {...rest} most={MOST.about} />;
    case "interests":
      return <Area {...rest} most={MOST.interests} rows={3} hint={t("profile.one_a_line")} />;
    case "links":
      return <Area {...rest} most={MOST.links} rows={3} hint={t("profile.links_hint")} />;
    case "display_name":
      return (
        <Field {...rest} hint={t("profile.display_name_hint")} maxLength={40} autocomplete="off" />
      );
  }
}

const unsaid = () => ({ value: "", label: t("profile.unsaid") });
const chosen = (values: string[], text: (value: string) => string) => [
  unsaid(),
  ...values.map((value) => ({ value, label: text(value) })),
];
const relationship = (value: string) => t(`relationship.${value}`);
const gender = (value: string) => t(`gender.${value}`);

function Gender({ one, form, set }: ValueProps) {
  const words = one.value !== "" && !GENDERS.includes(one.value);
  const [own, setOwn] = useState(words);
  return (
    <div class="stack tight">
      <Select
        form={form}
        name="gender_choice"
        label={t("profile.gender")}
        value={own ? OWN_WORDS : one.value}
        set={(value) => {
          setOwn(value === OWN_WORDS);
          set(value === OWN_WORDS ? "" : value);
        }}
        options={[...chosen(GENDERS, gender), { value: OWN_WORDS, label: t("profile.own_words") }]}
      />
      {own && (
        <Field
          form={form}
          name="gender"
          label={t("profile.own_words")}
          value={one.value}
          set={set}
          maxLength={40}
          autocomplete="off"
        />
      )}
    </div>
  );
}

function Languages({ one, form, set }: ValueProps) {
  const codes = one.value ? one.value.split("\n") : [];
  const rest = LANGUAGES_SPOKEN.filter((code) => !codes.includes(code))
    .map((value) => ({ value, label: languageName(value) }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <div class="stack tight">
      <Select
        form={form}
        name="languages"
        label={t("profile.languages")}
        hint={t("profile.languages_hint")}
        value=""
        set={(code) => code && set([...codes, code].join("\n"))}
        options={[{ value: "", label: t("profile.add_language") }, ...rest]}
      />
      <ul class="row tags">
        {codes.map((code) => (
          <li key={code} class="tag plain">
            {languageName(code)}
            <IconButton
              icon="close"
              kind="slim"
              label={t("profile.remove_language", { language: languageName(code) })}
              onClick={() => set(codes.filter((other) => other !== code).join("\n"))}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
