import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { StrangerCaution } from "./caution.tsx";
import { accept, ask, peopleChanged, type Found } from "./friends.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Area, Form, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { PersonRow } from "../../kit/person_row.tsx";
import { complain } from "../../kit/toast.tsx";

const PAUSE_MS = 400;
const LEAST = 2;
const MOST = 32;
const NOTE_MOST = 200;

/** Looks for people by the beginning of their name, once somebody has typed a little. */
export function FindPeople() {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <div class="search" role="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t("find.search")}
          placeholder={t("find.search")}
          autocapitalize="off"
          autocomplete="off"
          spellcheck={false}
          maxLength={MOST}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {[...search].length >= LEAST && <Results key={search} search={search} />}
    </>
  );
}

function Results({ search }: { search: string }) {
  const { data, failed, refused, again } = useLoad("GET /api/people", { search });
  const [more, setMore] = useState<Found[]>([]);
  const [after, setAfter] = useState<string | null>(null);
  const [asking, setAsking] = useState<Found | null>(null);
  useChanges(() => {
    setMore([]);
    again();
  }, peopleChanged.value);
  useEffect(() => setAfter(data?.next ?? null), [data]);
  const next = async () => {
    const page = await send("GET /api/people", { search, after: after ?? "" });
    setMore((old) => [...old, ...page.items]);
    setAfter(page.next ?? null);
  };
  const list = [...(data?.items ?? []), ...more];
  return (
    <div class="stack">
      <p class="unseen" role="status">
        {data && t("find.found", { n: list.length })}
      </p>
      {refused ? (
        <p class="fault">
          <Icon name="alert" />
          {refused.message}
        </p>
      ) : failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : list.length === 0 ? (
        <Empty icon="search" title={t("find.none_found")}>
          <p class="mute">{t("find.none_found_hint")}</p>
        </Empty>
      ) : (
        <ul class="table" aria-label={t("find.results")}>
          {list.map((one) => (
            <PersonRow
              key={one.id}
              one={one}
              actions={<Act one={one} open={() => setAsking(one)} />}
              below={one.relation === "asking" && <StrangerCaution />}
            />
          ))}
        </ul>
      )}
      {after && (
        <Button kind="line" onClick={() => void next().catch(complain)}>
          {t("find.more")}
        </Button>
      )}
      {asking && <AskDialog one={asking} close={() => setAsking(null)} />}
    </div>
  );
}

function Act({ one, open }: { one: Found; open: () => void }) {
  const { name, relation } = one;
  if (relation === "none")
    return (
      <Button
        kind="line slim"
        icon="userPlus"
        aria-label={t("friends.ask_name", { name })}
        onClick={open}
      >
        {t("friends.ask")}
      </Button>
    );
  if (relation === "asking")
    return (
      <Button
        kind="main slim"
        aria-label={t("friends.accept_name", { name })}
        onClick={() => void accept(one).catch(complain)}
      >
        {t("friends.accept")}
      </Button>
    );
  return <span class="tag plain">{t(`find.${relation}`)}</span>;
}

/** A few words to go with it. */
export function AskDialog({
  one,
  close,
}: {
  one: { id: string; name: string };
  close: () => void;
}) {
  const form = useForm();
  const [note, setNote] = useState("");
  const submit = async () => {
    await ask(one, note.trim());
    close();
  };
  return (
    <Dialog title={t("friends.ask_name", { name: one.name })} close={close}>
      <Form state={form} submit={submit} button={t("friends.send")} icon="send">
        <Area
          form={form}
          name="note"
          label={t("friends.note")}
          hint={t("friends.note_hint")}
          value={note}
          set={setNote}
          most={NOTE_MOST}
          rows={3}
        />
      </Form>
    </Dialog>
  );
}
