import { useState } from "preact/hooks";
import { send, type Item } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Area, Form, useForm } from "../../kit/form.tsx";
import { Linked } from "../../kit/linked.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import { complain, later, toast } from "../../kit/toast.tsx";

type Entry = Item<"GET /api/people/{id}/guestbook">;
const TEXT_MOST = 500;

/** What others wrote here, the newest first, and the place to write. */
export function Guestbook({
  owner,
  comment,
}: {
  owner: { id: string; name: string };
  comment: boolean;
}) {
  const { id } = owner;
  const { data, failed, again, set } = useLoad("GET /api/people/{id}/guestbook", { id });
  const [away, setAway] = useState<string[]>([]);
  const older = async () => {
    const page = await send("GET /api/people/{id}/guestbook", { id, before: data!.next });
    set((old) => ({ ...page, items: [...old.items, ...page.items] }));
  };
  const remove = (entry: Entry) => {
    setAway((old) => [...old, entry.id]);
    later(
      t("guestbook.removed"),
      () => send("DELETE /api/guestbook/{id}", { id: entry.id }),
      () => setAway((old) => old.filter((one) => one !== entry.id)),
    );
  };
  const accept = async ({ id: entry }: Entry) => {
    await send("POST /api/guestbook/{id}/accept", { id: entry });
    toast(t("guestbook.accepted"));
    again();
  };
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading rows={2} />;
  const shown = data.items.filter((one) => !away.includes(one.id));
  return (
    <div class="stack">
      {comment && <Composer owner={owner} done={again} />}
      {shown.length === 0 && <p class="mute">{t("guestbook.empty")}</p>}
      <ul class="stack entries" hidden={shown.length === 0}>
        {shown.map((entry) => (
          <li key={entry.id} class="entry">
            <Portrait look={entry.from.look} avatar={entry.from.avatar} name={entry.from.name} />
            <div class="stack tight">
              <p>
                <PersonName id={entry.from.id} name={entry.from.name} />{" "}
                <time class="mute small" dateTime={new Date(entry.at).toISOString()}>
                  {showMoment(entry.at)}
                </time>
              </p>
              {entry.text && (
                <p class="prose" dir="auto">
                  <Linked text={entry.text} />
                </p>
              )}
              {entry.waiting && (
                <p class="mute small">
                  {t(
                    entry.mine
                      ? "guestbook.waiting"
                      : entry.text
                        ? "guestbook.asks"
                        : "guestbook.asks_unseen",
                    { name: owner.name },
                  )}
                </p>
              )}
              {entry.waiting && !entry.mine && (
                <div class="row">
                  <Button
                    kind="line slim"
                    aria-label={t("guestbook.accept_name", { name: entry.from.name })}
                    onClick={() => void accept(entry).catch(complain)}
                  >
                    {t("guestbook.accept")}
                  </Button>
                </div>
              )}
            </div>
            {entry.removable && (
              <IconButton
                icon="trash"
                kind="slim"
                label={t("guestbook.remove", { name: entry.from.name })}
                onClick={() => remove(entry)}
              />
            )}
          </li>
        ))}
      </ul>
      {data.next && (
        <div class="row">
          <Button kind="link" onClick={() => void older().catch(complain)}>
            {t("guestbook.older")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Composer({ owner, done }: { owner: { id: string; name: string }; done: () => void }) {
  const form = useForm();
  const [text, setText] = useState("");
  const submit = async () => {
    if (!text.trim()) return form.fail({ text: t("guestbook.missing") });
    const made = await send("POST /api/people/{id}/guestbook", { id: owner.id, text });
    setText("");
    done();
    toast(t(made.waiting ? "guestbook.held" : "guestbook.written"), () => {
      setText(text);
      send("DELETE /api/guestbook/{id}", { id: made.id }).then(done, complain);
    });
  };
  return (
    <Form state={form} submit={submit} button={t("guestbook.write")} icon="send">
      <Area
        form={form}
        name="text"
        label={t("guestbook.label", { name: owner.name })}
        hint={t("guestbook.public", { name: owner.name })}
        value={text}
        set={setText}
        most={TEXT_MOST}
        rows={2}
      />
    </Form>
  );
}
