import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { defaultColours, useAvatars, type AvatarInfo } from "../../lib/avatars.ts";
import { colourWords } from "./colour_name.ts";
import { drawable } from "../../room/mode.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { AvatarChoice } from "../accounts/avatar_choice.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Loading, Portrait } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import type { Preview } from "../../world/index.ts";

interface Look {
  avatar: string;
  colours: number[];
}

function worn(): Look {
  const { avatar, colours } = me.value!;
  return { avatar, colours };
}

/** Which avatar, in which colours; what is chosen is worn at once, and can be taken back. */
export function Avatar() {
  const list = useAvatars();
  const [look, setLook] = useState<Look>(worn);
  const [busy, setBusy] = useState(false);
  const info = list.find((one) => one.id === look.avatar) ?? list[0];
  const old = worn();
  const changed = look.avatar !== old.avatar || look.colours.join() !== old.colours.join();
  const put = async (wanted: Look) => {
    await send("PUT /api/me/avatar", wanted);
    if (me.value) me.value = { ...me.value, ...wanted };
  };
  const save = async () => {
    setBusy(true);
    try {
      await put(look);
      toast(t("avatar.saved"), () => {
        setLook(old);
        put(old).catch(complain);
      });
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  if (!info)
    return (
      <Page wide title={t("avatar.title")}>
        <Loading height="14rem" />
      </Page>
    );
  const choose = (id: string) => {
    const next = list.find((one) => one.id === id)!;
    setLook({ avatar: id, colours: id === old.avatar ? old.colours : defaultColours(next) });
  };
  return (
    <Page
      wide
      title={t("avatar.title")}
      lead={t("avatar.lead")}
      actions={
        <Button
          kind="main"
          icon="check"
          busy={busy}
          disabled={!changed}
          onClick={() => void save()}
        >
          {t("avatar.wear")}
        </Button>
      }
    >
      <div class="dress">
        <Turning look={look} name={info.id} />
        <div class="stack">
          <AvatarChoice list={list} chosen={info.id} choose={choose} />
          {info.slots.map((slot, i) => (
            <Colours
              key={slot.slot}
              info={info}
              index={i}
              chosen={look.colours[i] ?? slot.default}
              choose={(colour) =>
                setLook({
                  avatar: info.id,
                  colours: info.slots.map((s, k) =>
                    k === i ? colour : (look.colours[k] ?? s.default),
                  ),
                })
              }
            />
          ))}
        </div>
      </div>
    </Page>
  );
}

function colourName(hex: string): string {
  const { colour, shade } = colourWords(hex);
  const name = t(`colour.${colour}`);
  return shade ? t(`colour.${shade}`, { colour: name }) : name;
}

function Colours({
  info,
  index,
  chosen,
  choose,
}: {
  info: AvatarInfo;
  index: number;
  chosen: number;
  choose: (colour: number) => void;
}) {
  const slot = info.slots[index]!;
  return (
    <fieldset>
      <legend>{t(`part.${slot.part}`)}</legend>
      <div class="swatches">
        {slot.colours.map((colour, i) => (
          <label
            key={colour}
            class="swatch"
            style={{ background: colour }}
            title={colourName(colour)}
          >
            <input
              type="radio"
              name={`slot${slot.slot}`}
              class="unseen-input"
              checked={i === chosen}
              onChange={() => choose(i)}
              aria-label={t("avatar.colour", {
                colour: colourName(colour),
                n: i + 1,
                of: slot.colours.length,
              })}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/* The avatar, slowly turning; its portrait where there is no WebGL or until it is there. */
function Turning({ look, name }: { look: Look; name: string }) {
  const host = useRef<HTMLDivElement>(null);
  const preview = useRef<Preview | null>(null);
  const [drawn, setDrawn] = useState(false);
  const wanted = useRef(look);
  wanted.current = look;
  useEffect(() => {
    if (!drawable.peek()) return;
    let gone = false;
    const open = async () => {
      const { createPreview } = await import("../../world/index.ts");
      const made = await createPreview(
        host.current!,
        wanted.current.avatar,
        wanted.current.colours,
      );
      if (gone) return made.close();
      preview.current = made;
      setDrawn(true);
      await made.look(wanted.current.avatar, wanted.current.colours);
    };
    open().catch((error: unknown) => console.warn("preview", error));
    return () => {
      gone = true;
      preview.current?.close();
      preview.current = null;
    };
  }, []);
  useEffect(() => {
    preview.current?.look(look.avatar, look.colours).catch(() => undefined);
  }, [look]);
  return (
    <div class="turning" role="img" aria-label={t("avatar.preview", { name })}>
      <div ref={host} class="turning-view" />
      {!drawn && <Portrait avatar={name} name={name} size="xxl" />}
    </div>
  );
}
