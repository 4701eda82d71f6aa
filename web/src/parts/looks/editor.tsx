import { useEffect, useId, useState } from "preact/hooks";
import dices from "lucide-static/icons/dices.svg";
import redoIcon from "lucide-static/icons/redo-2.svg";
import undoIcon from "lucide-static/icons/undo-2.svg";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, IconButton, Loading, Notice } from "../../kit/parts.tsx";
import { wanted } from "../../lib/ahead.ts";
import { t } from "../../lib/text.ts";
import { Colours } from "./colours.tsx";
import { copied, inClothesOf } from "./copied.ts";
import { Download } from "./download.tsx";
import { inOrder } from "./edit.ts";
import { Faces } from "./faces.tsx";
import { Ink, isInk } from "./ink.tsx";
import { Group, type Ruled } from "./numbers.tsx";
import { OwnWords } from "./own_words.tsx";
import { byNumber, Outfits } from "./outfits.tsx";
import { LookPreview, Words } from "./preview.tsx";
import { Slots } from "./slots.tsx";
import { shuffled, STYLES } from "./styles.ts";
import { Tabs } from "./tabs.tsx";
import { tell } from "./tell.ts";
import { type Editor, useEditor } from "./use_editor.ts";

const TABS = ["face", "body", "hair", "clothes", "things", "outfits"] as const;
type Tab = (typeof TABS)[number];

const SLOTS_OF: Partial<Record<Tab, string[]>> = {
  hair: ["hair", "brows", "lashes", "beard"],
  clothes: ["top", "legs", "dress", "over", "outer", "feet", "base"],
  things: ["head", "eyewear", "hearing", "limb", "hand", "ears", "neck", "hands", "back"],
};
/** By how the names of sliders begin; what nothing names is of the whole. */
const FACE_GROUPS: [string, RegExp][] = [
  ["face", /^(face|forehead|temples|head)/],
  ["eye", /^eye/],
  ["brow", /^brow/],
  ["nose", /^nose/],
  ["mouth", /^(mouth|lip|dimples)/],
  ["chin", /^(jaw|chin)/],
  ["cheek", /^cheek/],
  ["ear", /^ear/],
];
const BODY_WHOLE = /^(age|figure|weight|muscle|height|proportions)$/;

/** Body, face, hair and clothes: what others see of one. Nothing is worn before one says so. */
export function LookEditor() {
  const { editor, failed, again } = useEditor();
  if (!editor)
    return (
      <Page wide title={t("avatar.title")} lead={t("avatar.lead")}>
        {failed ? <Failed retry={again} /> : <Loading height="14rem" />}
      </Page>
    );
  return <Opened editor={editor} />;
}

const isTyped = (one: EventTarget | null) =>
  one instanceof HTMLInputElement && !["radio", "range", "checkbox"].includes(one.type);

/** Ctrl+Z and its likes, where no text is being written. */
function useKeys({ undo, redo }: Editor) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyped(event.target)) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [undo, redo]);
}

function Opened({ editor }: { editor: Editor }) {
  const [tab, setTab] = useState<Tab>("face");
  const [before, setBefore] = useState(false);
  useKeys(editor);
  useEffect(() => {
    if (!copied.peek()) return;
    editor.change(inClothesOf(editor.recipe, copied.peek()!, editor.catalogue));
    copied.value = null;
  }, []);
  const seen = before ? editor.worn : editor.recipe;
  const words = tell(seen, editor.catalogue);
  return (
    <Page wide title={t("avatar.title")} lead={t("avatar.lead")}>
      <div class="look-editor">
        <div class="look-side" onKeyDown={byNumber(editor)}>
          <LookPreview
            recipe={seen}
            rests={editor.rests}
            words={words}
            face={tab === "face" || tab === "hair"}
          />
          <Bar editor={editor} before={before} setBefore={setBefore} />
        </div>
        <div class="stack look-controls">
          {editor.theirs && <Changed editor={editor} />}
          {editor.restored && !editor.theirs && (
            <Notice>
              <p>{t("look.restored")}</p>
              <div class="row">
                <Button kind="line" onClick={editor.drop}>
                  {t("look.drop")}
                </Button>
              </div>
            </Notice>
          )}
          {!editor.fits && (
            <Notice kind="bad">
              <p>{t("look.long")}</p>
            </Notice>
          )}
          <Tabs
            label={t("look.parts")}
            tabs={TABS.map((id) => ({ id, label: t(`look.tab_${id}`) }))}
            open={tab}
            choose={(id) => setTab(id as Tab)}
          >
            <Panel key={tab} tab={tab} editor={editor} />
          </Tabs>
          <details class="look-group">
            <summary>{t("look.words")}</summary>
            <Words words={words} />
            <OwnWords editor={editor} made={words} />
          </details>
          <Download recipe={seen} catalogue={editor.catalogue} />
          {wanted("") && (
            <div class="row">
              <a class="button line" href={wanted()}>
                {t("look.go_on")}
              </a>
            </div>
          )}
        </div>
      </div>
    </Page>
  );
}

function Bar({
  editor,
  before,
  setBefore,
}: {
  editor: Editor;
  before: boolean;
  setBefore: (on: boolean) => void;
}) {
  const { canUndo, canRedo, changed, fits, busy, undo, redo, wear } = editor;
  return (
    <div class="look-bar">
      <IconButton
        kind="line"
        icon={undoIcon}
        label={t("look.undo")}
        aria-disabled={!canUndo}
        onClick={undo}
      />
      <IconButton
        kind="line"
        icon={redoIcon}
        label={t("look.redo")}
        aria-disabled={!canRedo}
        onClick={redo}
      />
      <IconButton
        kind="line"
        icon="eye"
        label={t("look.before")}
        title={t("look.before_hint")}
        aria-pressed={before}
        onClick={() => setBefore(!before)}
      />
      <Button
        kind="main"
        icon="check"
        busy={busy}
        disabled={!changed || !fits}
        onClick={() => void wear()}
      >
        {t("look.wear")}
      </Button>
    </div>
  );
}

function Changed({ editor }: { editor: Editor }) {
  return (
    <div role="alert">
      <Notice kind="bad">
        <h2>{t("look.changed_title")}</h2>
        <p>{t("look.changed_text")}</p>
        <div class="row">
          <Button kind="line" onClick={editor.takeTheirs}>
            {t("look.take_theirs")}
          </Button>
          <Button kind="line" busy={editor.busy} onClick={() => void editor.wearMine()}>
            {t("look.wear_mine")}
          </Button>
        </div>
      </Notice>
    </div>
  );
}

function Panel({ tab, editor }: { tab: Tab; editor: Editor }) {
  if (tab === "face") return <Face editor={editor} />;
  if (tab === "body") return <Body editor={editor} />;
  if (tab === "outfits") return <Outfits editor={editor} />;
  return (
    <>
      {tab === "clothes" && <Shuffle editor={editor} />}
      <Slots key={tab} slots={SLOTS_OF[tab] ?? []} editor={editor} />
    </>
  );
}

function Shuffle({ editor }: { editor: Editor }) {
  const [style, setStyle] = useState("everyday");
  const { recipe, catalogue, owns, change } = editor;
  const id = useId();
  return (
    <div class="stack tight">
      <label for={id}>{t("look.style")}</label>
      <div class="look-shuffle">
        <select
          id={id}
          class="input"
          aria-describedby={`${id}h`}
          value={style}
          onChange={(event) => setStyle(event.currentTarget.value)}
        >
          {Object.keys(STYLES).map((one) => (
            <option key={one} value={one}>
              {t(`look_style.${one}`)}
            </option>
          ))}
        </select>
        <Button
          kind="line"
          icon={dices}
          onClick={() => change(shuffled(recipe, style, catalogue, owns))}
        >
          {t("look.shuffle")}
        </Button>
      </div>
      <p class="hint" id={`${id}h`}>
        {t("look.shuffle_hint")}
      </p>
    </div>
  );
}

const rulesOf = (editor: Editor, of: "body" | "face", fits: (id: string) => boolean): Ruled[] =>
  editor.catalogue.file.sliders
    .filter(({ id, part }) => (of === "face") === (part !== "body") && fits(id))
    .map(({ id, part, min, max }) => ({ id, min, max, of: part === "face" ? "face" : "body" }));

function Face({ editor }: { editor: Editor }) {
  const { catalogue, recipe, change } = editor;
  const { marks } = catalogue.file;
  return (
    <>
      <details class="look-group">
        <summary>{t("look.faces")}</summary>
        <Faces
          legend={t("look.faces")}
          titled
          hint={t("look.faces_hint")}
          catalogue={catalogue}
          may={editor.owns}
          recipe={recipe}
          choose={change}
        />
      </details>
      <Colours
        legend={t("look.skin")}
        shades={catalogue.colours("skin")}
        chosen={recipe.skin ?? 0}
        choose={(skin) => change(inOrder({ ...recipe, skin }, catalogue))}
      />
      <Colours
        legend={t("look.eyes")}
        shades={catalogue.colours("eyes")}
        chosen={recipe.eyes ?? 0}
        choose={(eyes) => change(inOrder({ ...recipe, eyes }, catalogue))}
      />
      {FACE_GROUPS.map(([name, fits]) => (
        <Group
          key={name}
          title={t(`look.group_${name}`)}
          rules={rulesOf(editor, "face", (id) => fits.test(id))}
          editor={editor}
        />
      ))}
      <Group
        title={t("look.group_marks")}
        rules={marks
          .filter(({ id }) => !isInk(id))
          .map(({ id, max }) => ({ id, min: 0, max, of: "marks" }))}
        editor={editor}
      />
    </>
  );
}

function Body({ editor }: { editor: Editor }) {
  const whole = rulesOf(editor, "body", (id) => BODY_WHOLE.test(id));
  const parts = [
    ...rulesOf(editor, "body", (id) => !BODY_WHOLE.test(id)),
    ...rulesOf(editor, "face", (id) => id.startsWith("neck")),
  ];
  return (
    <>
      <Group title={t("look.group_body")} rules={whole} editor={editor} open />
      <Group title={t("look.group_parts")} rules={parts} editor={editor} />
      <Ink editor={editor} />
    </>
  );
}
