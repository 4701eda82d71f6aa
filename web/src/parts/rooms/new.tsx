import { useLayoutEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { LANGUAGES } from "../../lib/choices.ts";
import { go } from "../../lib/router.ts";
import { language, languageName, t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Field, Form, Select, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { AboutFields, tagsOf, type About } from "./about.tsx";
import { Failed, Loading, ScenePreview } from "../../kit/parts.tsx";

export const VISIBILITIES = ["public", "unlisted", "closed"];
const LEAST = 2;
const MOST = 200;
export const USUAL = 25;

export function NewRoom({ close }: { close: () => void }) {
  const form = useForm();
  const [name, setName] = useState("");
  const scenes = useLoad("GET /api/scenes", {});
  const [chosen, choose] = useState("");
  const scene = chosen || scenes.data?.items[0]?.id;
  const [speaks, setSpeaks] = useState<string>(language.value);
  const [capacity, setCapacity] = useState(String(USUAL));
  const [visibility, setVisibility] = useState("public");
  const [about, setAbout] = useState<About>({ topic: "", tags: "", view: "", light: "" });
  const [more, setMore] = useState(false);
  const amiss = "topic" in form.faults || "tags" in form.faults;
  useLayoutEffect(() => {
    if (amiss) setMore(true);
  }, [amiss]);
  const submit = async () => {
    const most = Number(capacity);
    const faults: Record<string, string> = {};
    if (!name.trim()) faults.name = t("new_room.name_missing");
    if (!Number.isInteger(most) || most < LEAST || most > MOST)
      faults.capacity = t("new_room.capacity_wrong", { least: LEAST, most: MOST });
    if (Object.keys(faults).length > 0) return form.fail(faults);
    const room = await send("POST /api/rooms", {
      name: name.trim(),
      // Whoever types fast does not wait for the pictures.
      scene: scene ?? (await send("GET /api/scenes", {})).items[0]!.id,
      language: speaks,
      capacity: most,
      visibility,
      topic: about.topic,
      tags: tagsOf(about.tags),
      ...(about.view && { view: about.view }),
      ...(about.light && { light: about.light }),
    });
    close();
    go(`/rooms/${encodeURIComponent(room.id)}`);
  };
  return (
    <Dialog title={t("room_list.create")} close={close}>
      <Form state={form} submit={submit} button={t("new_room.create")}>
        <Field
          form={form}
          name="name"
          label={t("new_room.name")}
          value={name}
          set={setName}
          most={60}
          dir="auto"
          autocomplete="off"
          required
        />
        <fieldset>
          <legend>{t("new_room.scene")}</legend>
          {scenes.failed && <Failed retry={scenes.again} />}
          {!scenes.data && !scenes.failed && <Loading rows={1} height="6rem" />}
          <div class="scene-grid">
            {scenes.data?.items.map(({ id }) => (
              <label key={id} class="pick-card scene-card">
                <input
                  type="radio"
                  name="scene"
                  class="unseen-input"
                  checked={id === scene}
                  onChange={() => {
                    choose(id);
                    setAbout((old) => ({ ...old, view: "" }));
                  }}
                />
                <ScenePreview scene={id} />
                <span>{t(`scene.${id}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div class="pair">
          <Select
            form={form}
            name="language"
            label={t("new_room.language")}
            value={speaks}
            set={setSpeaks}
            options={LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))}
          />
          <Field
            form={form}
            name="capacity"
            label={t("new_room.capacity")}
            value={capacity}
            set={setCapacity}
            type="number"
            min={LEAST}
            max={MOST}
            required
          />
        </div>
        <Select
          form={form}
          name="visibility"
          label={t("new_room.visibility")}
          value={visibility}
          set={setVisibility}
          hint={t(`new_room.${visibility}_hint`)}
          options={VISIBILITIES.map((value) => ({ value, label: t(`room_list.${value}`) }))}
        />
        <details
          class="room-more"
          open={more || amiss}
          onToggle={(event) => setMore(event.currentTarget.open)}
        >
          <summary>{t("new_room.more")}</summary>
          <div class="stack">
            <AboutFields
              form={form}
              scene={scene ?? ""}
              about={about}
              change={(now) => setAbout((old) => ({ ...old, ...now }))}
            />
          </div>
        </details>
      </Form>
    </Dialog>
  );
}
