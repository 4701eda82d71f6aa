import { useState } from "preact/hooks";
import { send } from "../lib/api.ts";
import type { RoomInfo } from "../live/protocol.ts";
import { AboutFields, tagsOf, type About } from "../parts/rooms/about.tsx";
import { VISIBILITIES } from "../parts/rooms/new.tsx";
import { go } from "../lib/router.ts";
import { t } from "../lib/text.ts";
import { Dialog } from "../kit/dialog.tsx";
import { Field, Form, Select, useForm } from "../kit/form.tsx";
import { useLoad } from "../kit/load.ts";
import { Button, Failed, Loading } from "../kit/parts.tsx";
import { later, toast } from "../kit/toast.tsx";

/** What the room's owner may change; closing it for good can be undone for some seconds. */
export function EditRoom({ room, close }: { room: RoomInfo; close: () => void }) {
  const form = useForm();
  const [name, setName] = useState(room.name);
  const [capacity, setCapacity] = useState(String(room.capacity));
  const [visibility, setVisibility] = useState(room.visibility);
  const own = useLoad("GET /api/rooms/{id}", { id: room.id });
  const was: About | null = own.data && { ...own.data, tags: own.data.tags.join(" ") };
  const [changed, setChanged] = useState<Partial<About>>({});
  const about = was && { ...was, ...changed };
  const submit = async () => {
    if (!name.trim()) return form.fail({ name: t("new_room.name_missing") });
    await send("PATCH /api/rooms/{id}", {
      id: room.id,
      name: name.trim(),
      capacity: Number(capacity),
      visibility,
      ...changed,
      tags: changed.tags === undefined ? undefined : tagsOf(changed.tags),
    });
    toast(t("app.saved"));
    close();
  };
  const shut = () => {
    close();
    go("/rooms");
    later(
      t("room.closing", { name: room.name }),
      () => send("DELETE /api/rooms/{id}", { id: room.id }),
      () => go(`/rooms/${encodeURIComponent(room.id)}`),
    );
  };
  return (
    <Dialog title={t("room.edit")} close={close}>
      <Form state={form} submit={submit} button={t("app.save")}>
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
        <Field
          form={form}
          name="capacity"
          label={t("new_room.capacity")}
          value={capacity}
          set={setCapacity}
          type="number"
          min={2}
          max={200}
          required
        />
        <Select
          form={form}
          name="visibility"
          label={t("new_room.visibility")}
          value={visibility}
          set={setVisibility}
          hint={t(`new_room.${visibility}_hint`)}
          options={VISIBILITIES.map((value) => ({ value, label: t(`room_list.${value}`) }))}
        />
        {about ? (
          <AboutFields
            form={form}
            scene={room.scene}
            about={about}
            change={(now) => setChanged((old) => ({ ...old, ...now }))}
          />
        ) : own.failed ? (
          <Failed retry={own.again} />
        ) : (
          <Loading rows={2} height="4rem" />
        )}
      </Form>
      <hr />
      <div class="stack tight">
        <p class="mute small">{t("room.close_hint")}</p>
        <div class="row">
          <Button kind="line bad" icon="trash" onClick={shut}>
            {t("room.close")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
