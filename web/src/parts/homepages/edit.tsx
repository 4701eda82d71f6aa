import { useEffect, useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { draftOf, keepDraft } from "../../lib/drafts.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Area, Form, Select, useForm, type FormState } from "../../kit/form.tsx";
import type { IconName } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, IconButton, Loading, Notice } from "../../kit/parts.tsx";
import { toast } from "../../kit/toast.tsx";
import { OwnWays } from "../profiles/own_ways.tsx";

type Own = Out<"GET /api/me/home">;
type Kind = Own["blocks"][number]["kind"];
interface Draft {
  key: number;
  kind: Kind;
  text: string;
  room: string;
}

const STYLES: Own["style"][] = ["plain", "dawn", "meadow", "sea", "night", "paper"];
const KINDS: { kind: Kind; icon: IconName; once?: boolean }[] = [
  { kind: "text", icon: "scrollText" },
  { kind: "room", icon: "sofa" },
  { kind: "friends", icon: "users", once: true },
  { kind: "guestbook", icon: "book", once: true },
];
const AUDIENCES: Own["audience"][] = ["everyone", "friends"];
const BLOCKS_MOST = 12;
const TEXT_MOST = 1000;

let keys = 0;
const drafts = (own: Own): Draft[] =>
  own.blocks.map(({ kind, text, rooms }) => ({
    key: ++keys,
    kind,
    text: text ?? "",
    room: rooms[0]?.id ?? "",
  }));

/* What is not saved, under the version that it was made from: saved over another, the server says. */
interface Unsaved {
  version: number;
  style: Own["style"];
  audience: Own["audience"];
  blocks: Omit<Draft, "key">[];
}
const DRAFT = "home";

const stateOf = (of: { style: string; audience: string; blocks: Draft[] }): string =>
  JSON.stringify([of.style, of.audience, of.blocks.map(sent)]);

function unsaved(own: Own): (Unsaved & { blocks: Draft[] }) | null {
  const kept = draftOf<Unsaved>(me.value!.id, DRAFT);
  if (!Array.isArray(kept?.blocks)) return null;
  const here = new Set(own.rooms.map(({ id }) => id));
  const blocks = kept.blocks.map((one) => ({
    ...one,
    key: ++keys,
    room: here.has(one.room) ? one.room : "",
  }));
  const found = { ...kept, blocks };
  return stateOf(found) === stateOf({ ...own, blocks: drafts(own) }) ? null : found;
}

/** My homepage: its style and its blocks, one below the other. */
export function EditHome() {
  const { data, failed, again } = useLoad("GET /api/me/home", {});
  return (
    <Page title={t("home.title")} actions={<OwnWays />}>
      {failed ? <Failed retry={again} /> : data ? <Editor own={data} /> : <Loading rows={3} />}
    </Page>
  );
}

function Editor({ own }: { own: Own }) {
  const form = useForm();
  const [begun] = useState(() => unsaved(own));
  const [restored, setRestored] = useState(begun !== null);
  const [style, setStyle] = useState(begun?.style ?? own.style);
  const [audience, setAudience] = useState(begun?.audience ?? own.audience);
  const [blocks, setBlocks] = useState(() => begun?.blocks ?? drafts(own));
  const [version, setVersion] = useState(begun?.version ?? own.version);
  const [theirs, setTheirs] = useState<Own | null>(null);
  const [saved, setSaved] = useState(() => stateOf({ ...own, blocks: drafts(own) }));
  const account = me.value!.id;
  const state = stateOf({ style, audience, blocks });
  useEffect(() => {
    const is: Unsaved = {
      version,
      style,
      audience,
      blocks: blocks.map(({ key: _, ...one }) => one),
    };
    keepDraft(account, DRAFT, state === saved ? null : is);
  }, [state, saved, version]);
  const dropBegun = () => {
    setStyle(own.style);
    setAudience(own.audience);
    setBlocks(drafts(own));
    setVersion(own.version);
    setRestored(false);
  };
  const submit = async () => {
    const empty = blocks.find((one) => faultOf(one));
    if (empty) return form.fail({ [`b${empty.key}`]: faultOf(empty)! });
    try {
      const done = await send("PUT /api/me/home", {
        style,
        audience,
        version,
        blocks: blocks.map(sent),
      });
      setVersion(done.version);
      setSaved(state);
      setRestored(false);
      setTheirs(null);
      toast(t("app.saved"));
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "homepages.changed") throw error;
      const found = await send("GET /api/me/home", {});
      setTheirs(found);
      setVersion(found.version);
      form.fail({ "": error.message });
    }
  };
  const takeTheirs = (found: Own) => {
    const mine = { style, audience, blocks };
    setStyle(found.style);
    setAudience(found.audience);
    setBlocks(drafts(found));
    setTheirs(null);
    toast(t("home.took_other"), () => {
      setStyle(mine.style);
      setAudience(mine.audience);
      setBlocks(mine.blocks);
    });
  };
  return (
    <Form state={form} submit={submit} button={t("app.save")}>
      {restored && (
        <Notice>
          <div class="stack tight">
            <p>{t("home.begun")}</p>
            <div class="row">
              <Button kind="line slim" onClick={dropBegun}>
                {t("home.begun_not")}
              </Button>
            </div>
          </div>
        </Notice>
      )}
      {theirs && <Theirs found={theirs} take={() => takeTheirs(theirs)} />}
      <Choices
        legend={t("home.style")}
        options={STYLES.map((value) => ({ value, label: t(`style.${value}`) }))}
        value={style}
        set={(value) => setStyle(value as Own["style"])}
      />
      <Select
        form={form}
        name="audience"
        label={t("home.audience")}
        hint={t(audience === "everyone" ? "home.public" : "home.to_friends")}
        value={audience}
        set={(value) => setAudience(value as Own["audience"])}
        options={AUDIENCES.map((value) => ({ value, label: t(`contact.${value}`) }))}
      />
      <BlockList
        blocks={blocks}
        set={setBlocks}
        rooms={own.rooms}
        form={form}
        style={style}
        to={audience}
      />
      <Adding blocks={blocks} add={(kind) => setBlocks([...blocks, fresh(kind, own)])} />
    </Form>
  );
}

const fresh = (kind: Kind, own: Own): Draft => ({
  key: ++keys,
  kind,
  text: "",
  room: kind === "room" ? (own.rooms[0]?.id ?? "") : "",
});

function faultOf({ kind, text, room }: Draft): string | null {
  if (kind === "text" && !text.trim()) return t("home.text_missing");
  if (kind === "room" && !room) return t("home.room_missing");
  return null;
}

const sent = ({ kind, text, room }: Draft) => ({
  kind,
  text: kind === "text" ? text : null,
  room: kind === "room" ? room : null,
});

function Theirs({ found, take }: { found: Own; take: () => void }) {
  return (
    <div class="notice other">
      <div class="stack tight">
        <p>{t("home.both")}</p>
        <ol class="stack tight">
          {found.blocks.map((block, i) => (
            <li key={i} class="prose" dir="auto">
              {block.text ?? block.rooms[0]?.name ?? t(`home.${block.kind}`)}
            </li>
          ))}
        </ol>
        <div class="row">
          <Button kind="line slim" onClick={take}>
            {t("home.take_other")}
          </Button>
        </div>
      </div>
    </div>
  );
}

function BlockList({
  blocks,
  set,
  rooms,
  form,
  style,
  to,
}: {
  blocks: Draft[];
  set: (change: (old: Draft[]) => Draft[]) => void;
  rooms: Own["rooms"];
  form: FormState;
  style: string;
  to: Own["audience"];
}) {
  const [said, setSaid] = useState("");
  const put = (changed: Draft) =>
    set((old) => old.map((one) => (one.key === changed.key ? changed : one)));
  const move = (at: number, by: number) => {
    set((old) => {
      const list = [...old];
      list.splice(at + by, 0, ...list.splice(at, 1));
      return list;
    });
    setSaid(t("home.moved", { place: at + by + 1, all: blocks.length }));
  };
  const remove = (block: Draft, at: number) => {
    set((old) => old.filter((one) => one !== block));
    toast(t("home.removed", { what: t(`home.${block.kind}`) }), () =>
      set((old) => [...old.slice(0, at), block, ...old.slice(at)]),
    );
  };
  if (blocks.length === 0) return <Empty icon="house" title={t("home.empty_own")} />;
  return (
    <>
      <ol class={`home-edit style-${style}`}>
        {blocks.map((block, at) => (
          <li key={block.key} class="home-block">
            <div class="row apart">
              <h2>{t(`home.${block.kind}`)}</h2>
              <Moves
                what={t("home.nth", { what: t(`home.${block.kind}`), place: at + 1 })}
                up={at > 0 ? () => move(at, -1) : undefined}
                down={at < blocks.length - 1 ? () => move(at, 1) : undefined}
                remove={() => remove(block, at)}
              />
            </div>
            <Inside block={block} put={put} rooms={rooms} form={form} to={to} />
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {said}
      </p>
    </>
  );
}

function Moves({
  what,
  up,
  down,
  remove,
}: {
  what: string;
  up?: () => void;
  down?: () => void;
  remove: () => void;
}) {
  return (
    <div class="row moves">
      <IconButton
        icon="arrowUp"
        label={t("home.up", { what })}
        aria-disabled={up ? undefined : "true"}
        onClick={up}
      />
      <IconButton
        icon="arrowDown"
        label={t("home.down", { what })}
        aria-disabled={down ? undefined : "true"}
        onClick={down}
      />
      <IconButton icon="trash" label={t("home.remove", { what })} onClick={remove} />
    </div>
  );
}

function Inside({
  block,
  put,
  rooms,
  form,
  to,
}: {
  block: Draft;
  put: (block: Draft) => void;
  rooms: Own["rooms"];
  form: FormState;
  to: Own["audience"];
}) {
  if (block.kind === "text")
    return (
      <Area
        form={form}
        name={`b${block.key}`}
        label={t(to === "everyone" ? "home.text_label" : "home.text_label_friends")}
        value={block.text}
        set={(text) => put({ ...block, text })}
        most={TEXT_MOST}
      />
    );
  if (block.kind !== "room") return <p class="mute">{t(`home.${block.kind}_what`)}</p>;
  if (rooms.length === 0)
    return (
      <p class="mute">
        {t("home.no_rooms")} <a href="/rooms">{t("nav.rooms")}</a>
      </p>
    );
  return (
    <Select
      form={form}
      name={`b${block.key}`}
      label={t("home.room_label")}
      value={block.room}
      set={(room) => put({ ...block, room })}
      options={[
        ...(block.room ? [] : [{ value: "", label: t("home.room_missing") }]),
        ...rooms.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

function Adding({ blocks, add }: { blocks: Draft[]; add: (kind: Kind) => void }) {
  const full = blocks.length >= BLOCKS_MOST;
  return (
    <fieldset class="choices">
      <legend>{t("home.add")}</legend>
      <div class="row">
        {KINDS.filter(({ kind, once }) => !once || !blocks.some((one) => one.kind === kind)).map(
          ({ kind, icon }) => (
            <Button key={kind} kind="line" icon={icon} disabled={full} onClick={() => add(kind)}>
              {t(`home.${kind}`)}
            </Button>
          ),
        )}
      </div>
      {full && <p class="hint">{t("home.full", { n: BLOCKS_MOST })}</p>}
    </fieldset>
  );
}
