import { useEffect, useState } from "preact/hooks";
import { Area, Form, useForm } from "../../kit/form.tsx";
import { Button } from "../../kit/parts.tsx";
import { toast } from "../../kit/toast.tsx";
import { t } from "../../lib/text.ts";
import { ownLook, wearLook } from "./send_look.ts";
import type { Editor } from "./use_editor.ts";

/** Bytes of UTF-8: what is kept is as long as any other. */
const WORDS_BYTES = 500;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** What is said of the look that is worn, in one's own words instead of those that are made of it. */
export function OwnWords({ editor, made }: { editor: Editor; made: string[] }) {
  const form = useForm();
  const [text, setText] = useState("");
  const [kept, setKept] = useState("");
  useEffect(() => {
    ownLook().then(
      ({ words }) => {
        setKept(words ?? "");
        setText(words ?? "");
      },
      () => undefined,
    );
  }, []);
  const save = async (words: string) => {
    if (bytesOf(words) > WORDS_BYTES) return form.fail({ words: t("look.words_long") });
    const now = await ownLook();
    const worn = await wearLook(now.id, now.recipe, words);
    editor.isWorn(worn);
    setKept(worn.words ?? "");
    setText(worn.words ?? "");
    toast(t("look.words_saved"));
  };
  if (editor.changed) return <p class="hint">{t("look.words_later")}</p>;
  return (
    <Form state={form} submit={() => save(text)} button={t("look.words_save")} icon="check">
      <Area
        form={form}
        name="words"
        label={t("look.own_words")}
        hint={t("look.own_words_hint")}
        value={text}
        set={setText}
        most={WORDS_BYTES}
        rows={3}
      />
      <div class="row">
        <Button kind="line" type="button" onClick={() => setText(made.join(". "))}>
          {t("look.words_from")}
        </Button>
        {kept && (
          <Button kind="line" type="button" onClick={() => void form.run(() => save(""))}>
            {t("look.words_none")}
          </Button>
        )}
      </div>
    </Form>
  );
}
