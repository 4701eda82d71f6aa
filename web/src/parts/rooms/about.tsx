import { useEffect } from "preact/hooks";
import { Field, type FormState } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { t } from "../../lib/text.ts";
import { label, loadLabels } from "../../room/labels.ts";
import { LIGHTS, RoomPicture, WHOLE } from "./picture.tsx";

const TOPIC_MOST = 120;

/** What an owner says of a room beside its name; tags as they are typed. */
export interface About {
  topic: string;
  tags: string;
  view: string;
  light: string;
}

/** As they are sent: small words without the sign that some write before them. */
export const tagsOf = (typed: string): string[] =>
  typed
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((tag) => tag.replace(/^#+/, ""))
    .filter((tag, at, all) => tag !== "" && all.indexOf(tag) === at);

type Change = (about: Partial<About>) => void;

export function AboutFields({
  form,
  scene,
  about,
  change,
}: {
  form: FormState;
  scene: string;
  about: About;
  change: Change;
}) {
  return (
    <>
      <Field
        form={form}
        name="topic"
        label={t("room_about.topic")}
        hint={t("room_about.topic_hint")}
        value={about.topic}
        set={(topic) => change({ topic })}
        most={TOPIC_MOST}
        dir="auto"
        autocomplete="off"
      />
      <Field
        form={form}
        name="tags"
        label={t("room_about.tags")}
        hint={t("room_about.tags_hint")}
        value={about.tags}
        set={(tags) => change({ tags })}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
      <Pictures scene={scene} about={about} change={change} />
    </>
  );
}

function Pictures({ scene, about, change }: { scene: string; about: About; change: Change }) {
  const scenes = useLoad("GET /api/scenes", {});
  useEffect(() => void loadLabels(), []);
  if (scenes.failed) return <Failed retry={scenes.again} />;
  const found = scenes.data?.items.find(({ id }) => id === scene);
  if (!found) return <Loading rows={1} height="6rem" />;
  const { views } = found.scene as { views: string[] };
  return (
    <>
      <Choice
        name="view"
        title={t("room_about.view")}
        chosen={about.view}
        choose={(view) => change({ view })}
        options={[WHOLE, ...views].map((view) => ({
          value: view,
          label: view === WHOLE ? t("room_about.whole") : label(view),
          picture: { scene, view, light: about.light },
        }))}
      />
      <Choice
        name="light"
        title={t("room_about.light")}
        chosen={about.light}
        choose={(light) => change({ light })}
        options={LIGHTS.map((light) => ({
          value: light,
          label: t(`room_about.light_${light}`),
          picture: { scene, view: about.view, light },
        }))}
      />
    </>
  );
}

function Choice({
  name,
  title,
  chosen,
  choose,
  options,
}: {
  name: string;
  title: string;
  chosen: string;
  choose: (value: string) => void;
  options: {
    value: string;
    label: string;
    picture: { scene: string; view: string; light: string };
  }[];
}) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {!chosen && <p class="hint">{t("room_about.by_chance")}</p>}
      <div class="scene-grid pictures">
        {options.map(({ value, label: said, picture }) => (
          <label key={value} class="pick-card scene-card">
            <input
              type="radio"
              name={name}
              class="unseen-input"
              checked={value === chosen}
              onChange={() => choose(value)}
            />
            <RoomPicture room={picture} />
            <span>{said}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
