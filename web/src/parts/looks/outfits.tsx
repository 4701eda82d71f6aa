import { useState } from "preact/hooks";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { complain, later, toast } from "../../kit/toast.tsx";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { keepOutfit, type Shown } from "./send_look.ts";
import { chosenId } from "./sent.ts";
import type { Editor } from "./use_editor.ts";

const NAME_MAX = 40;
/** The first nine are worn by their number. */
const KEYED = 9;

async function wearOutfit(editor: Editor, id: string): Promise<void> {
  try {
    editor.isWorn((await send("POST /api/me/outfits/{id}/wear", { id })) as Shown);
    toast(t("look.saved"));
  } catch (error) {
    complain(error);
  }
}

/** 1 to 9, where nothing is being typed: for what has the focus within the element that this is given to. */
export function byNumber(editor: Editor): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    if (event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    send("GET /api/me/outfits", {}).then(({ items }) => {
      const one = items[Number(event.key) - 1];
      if (one) void wearOutfit(editor, one.id);
    }, complain);
  };
}

/** Looks that one has put aside under names. */
export function Outfits({ editor }: { editor: Editor }) {
  const form = useForm();
  const [name, setName] = useState("");
  const { data, failed, again, set } = useLoad("GET /api/me/outfits", {});
  const keep = async () => {
    await keepOutfit(chosenId(), name.trim(), editor.recipe);
    toast(t("look.outfit_kept", { name: name.trim() }));
    setName("");
    again();
  };
  const end = (id: string, called: string) => {
    set((old) => ({ ...old, items: old.items.filter((one) => one.id !== id) }));
    const gone = t("look.outfit_ended", { name: called });
    later(gone, () => send("DELETE /api/me/outfits/{id}", { id }), again);
  };
  return (
    <>
      <Form
        state={form}
        submit={keep}
        button={t("look.outfit_keep")}
        icon="plus"
        quiet={!name.trim()}
      >
        <Field
          name="name"
          label={t("look.outfit_name")}
          form={form}
          value={name}
          set={setName}
          most={NAME_MAX}
          dir="auto"
        />
      </Form>
      {failed && <Failed retry={again} />}
      {!data && !failed && <Loading rows={2} />}
      {data?.items.length === 0 && (
        <Empty icon="shirt" title={t("look.outfits_none")}>
          <p class="mute">{t("look.outfits_hint")}</p>
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <>
          <p class="hint">{t("look.outfit_keys")}</p>
          <ul class="look-outfits" onKeyDown={byNumber(editor)}>
            {data.items.map((one, i) => (
              <li key={one.id} class="row nowrap">
                <Button
                  kind="line"
                  icon="shirt"
                  aria-keyshortcuts={i < KEYED ? String(i + 1) : undefined}
                  onClick={() => void wearOutfit(editor, one.id)}
                >
                  {t("look.outfit_wear", { name: one.name })}
                  {i < KEYED && <kbd aria-hidden="true">{i + 1}</kbd>}
                </Button>
                <IconButton
                  icon="trash"
                  label={t("look.outfit_end", { name: one.name })}
                  onClick={() => end(one.id, one.name)}
                />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
