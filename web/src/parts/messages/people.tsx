import { useEffect, useId, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { Button, IconButton } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { complain } from "../../kit/toast.tsx";
import { writeTo } from "./action.ts";
import { findPeople, type Found } from "./find.ts";
import { GROUP_MOST, NAME_MOST, type Conversation } from "./shapes.ts";
import { inbox } from "./start.ts";

const WAIT_MS = 250;

const said = (n: number, text: string): string =>
  n > 0 ? t("talk.who_found", { n }) : t(text ? "talk.who_none" : "talk.no_friends");

/** Somebody by the beginning of their name; before anything is typed, one's friends. */
function PeoplePicker({
  taken,
  pick,
  full,
}: {
  taken: (id: string) => boolean;
  pick: (who: Found) => void;
  full: boolean;
}) {
  const id = useId();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found[] | null>(null);
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    const timer = setTimeout(
      () => {
        findPeople(text).then(
          (people) => mine === turn.current && setFound(people),
          (error: unknown) => {
            if (mine !== turn.current) return;
            setFound([]);
            complain(error);
          },
        );
      },
      text ? WAIT_MS : 0,
    );
    return () => clearTimeout(timer);
  }, [text]);
  const open = (found ?? []).filter((who) => !taken(who.id));
  return (
    <div class="stack tight">
      <div class="field">
        <label for={id}>{t("talk.who")}</label>
        <input
          id={id}
          class="input"
          value={text}
          maxLength={32}
          autofocus
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby={`${id}h`}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p class="hint" id={`${id}h`}>
          {t("talk.who_hint")}
        </p>
      </div>
      <p class="mute small" role="status">
        {found && said(open.length, text)}
      </p>
      <ul class="picks" aria-label={t("talk.who_list")}>
        {open.map((who) => (
          <li key={who.id}>
            <button
              type="button"
              class="drop-row"
              disabled={full}
              onClick={() => {
                pick(who);
                setText("");
                document.getElementById(id)?.focus();
              }}
            >
              <Portrait look={who.look} avatar={who.avatar} name={who.name} size="s" />
              <span class="grow" dir="auto">
                {who.name}
              </span>
              <Icon name="plus" />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Chosen({ people, remove }: { people: Found[]; remove: (who: Found) => void }) {
  if (people.length === 0) return null;
  return (
    <ul class="chips" aria-label={t("talk.chosen")}>
      {people.map((who) => (
        <li key={who.id} class="chip">
          <span dir="auto">{who.name}</span>
          <IconButton
            kind="slim"
            icon="close"
            label={t("talk.unchoose", { name: who.name })}
            onClick={() => remove(who)}
          />
        </li>
      ))}
    </ul>
  );
}

/** With one person, or with several as a group. */
export function NewConversation({ close }: { close: () => void }) {
  const form = useForm();
  const [people, setPeople] = useState<Found[]>([]);
  const [name, setName] = useState("");
  const group = people.length > 1;
  const submit = async () => {
    if (people.length === 0) return form.fail({ "": t("talk.choose_somebody") });
    await writeTo(
      people.map((who) => who.id),
      group && name.trim() ? name.trim() : undefined,
    );
    close();
  };
  return (
    <Dialog title={t("talk.new")} close={close}>
      <Form state={form} submit={submit} button={t(group ? "talk.begin_group" : "talk.begin")}>
        <Chosen
          people={people}
          remove={(who) => setPeople(people.filter((one) => one.id !== who.id))}
        />
        <PeoplePicker
          taken={(id) => people.some((one) => one.id === id)}
          pick={(who) => {
            form.clear("");
            setPeople([...people, who]);
          }}
          full={people.length >= GROUP_MOST - 1}
        />
        {group && <GroupName form={form} value={name} set={setName} />}
      </Form>
    </Dialog>
  );
}

function GroupName({
  form,
  value,
  set,
}: {
  form: ReturnType<typeof useForm>;
  value: string;
  set: (value: string) => void;
}) {
  return (
    <Field
      form={form}
      name="name"
      label={t("talk.group_name")}
      hint={t("talk.group_name_hint")}
      value={value}
      set={set}
      maxLength={NAME_MOST}
      autocomplete="off"
    />
  );
}

/** Who is in a group; its maker names it, lets people in and takes them out. */
export function GroupDialog({ one, close }: { one: Conversation; close: () => void }) {
  const form = useForm();
  const [name, setName] = useState(one.name ?? "");
  const { id, mine, people } = one;
  const rename = async () => {
    inbox.put(await send("PATCH /api/conversations/{id}", { id, name: name.trim() }));
  };
  const add = async (who: Found) => {
    inbox.put(await send("POST /api/conversations/{id}/people", { id, person: who.id }));
  };
  return (
    <Dialog title={t("talk.group_people")} close={close}>
      <div class="stack">
        {mine && (
          <Form state={form} submit={rename} button={t("talk.save_name")} icon="check">
            <GroupName form={form} value={name} set={setName} />
          </Form>
        )}
        <InGroup one={one} />
        {mine && (
          <>
            <p class="mute small">{t("talk.group_later")}</p>
            <PeoplePicker
              taken={(other) => people.some((who) => who.id === other)}
              pick={(who) => void add(who).catch(complain)}
              full={people.length >= GROUP_MOST - 1}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}

/* Somebody is taken out when the window closes; until then one click takes that back. */
function InGroup({ one: { id, mine, people } }: { one: Conversation }) {
  const [out, setOut] = useState<string[]>([]);
  const leaving = useRef(out);
  leaving.current = out;
  useEffect(() => {
    const act = () => {
      for (const person of leaving.current.splice(0))
        send("DELETE /api/conversations/{id}/people/{person}", { id, person }).catch(complain);
    };
    addEventListener("pagehide", act);
    return () => {
      removeEventListener("pagehide", act);
      act();
    };
  }, [id]);
  return (
    <ul class="picks" aria-label={t("talk.in_group")}>
      <li class="pick">
        <Icon name="user" />
        <strong class="grow">{t("talk.you")}</strong>
      </li>
      {people.map((who) => {
        const goes = out.includes(who.id);
        const change = () => setOut(goes ? out.filter((one) => one !== who.id) : [...out, who.id]);
        return (
          <li key={who.id} class="pick">
            <Portrait look={who.look} avatar={who.avatar} name={who.name} size="s" />
            <div class="grow">
              <strong dir="auto">{who.name}</strong>
              <p class="mute small" role="status">
                {goes && t("talk.leaves")}
              </p>
            </div>
            {mine && (
              <Button
                kind="line slim"
                aria-label={t(goes ? "talk.keep_name" : "talk.remove_name", { name: who.name })}
                onClick={change}
              >
                {t(goes ? "app.undo" : "talk.remove")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
