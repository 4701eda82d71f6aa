import { useEffect, useRef, useState } from "preact/hooks";
import { Refused, send, type Item } from "../../lib/api.ts";
import { noticesChanged } from "./notices.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { complain, later } from "../../kit/toast.tsx";

type One = Item<"GET /api/notices">;
interface Shown {
  items: One[];
  more: boolean;
}

/** Page after page, until there are as many as were shown before. */
async function fetchList(wanted: number): Promise<Shown> {
  const shown: Shown = { items: [], more: true };
  do {
    const before = shown.items.at(-1)?.id;
    const page = await send("GET /api/notices", before ? { before } : {});
    shown.items.push(...page.items);
    shown.more = page.more;
  } while (shown.more && shown.items.length < wanted);
  return shown;
}

/** What one was told of, the newest first. */
export function Notices() {
  const [list, setList] = useState<Shown | null>(null);
  const [failed, setFailed] = useState(false);
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const turn = useRef(0);
  const length = useRef(1);
  const load = () => {
    const mine = ++turn.current;
    fetchList(length.current).then(
      (shown) => {
        if (mine !== turn.current) return;
        length.current = Math.max(1, shown.items.length);
        setFailed(false);
        setList(shown);
      },
      () => mine === turn.current && setFailed(true),
    );
  };
  useEffect(load, [noticesChanged.value]);
  useEffect(() => () => void turn.current++, []);
  const older = () => {
    length.current++;
    load();
  };
  const seen = (which: { id: string } | { up_to: string }) => {
    const mark = (one: One) =>
      "id" in which && one.id !== which.id ? one : { ...one, unread: false };
    setList((old) => old && { ...old, items: old.items.map(mark) });
    send("POST /api/notices/read", which).catch((error: unknown) => {
      load();
      complain(error);
    });
  };
  const remove = (one: One) => {
    const put = (gone: boolean) =>
      setAway((old) => new Set(gone ? [...old, one.id] : [...old].filter((id) => id !== one.id)));
    put(true);
    if (one.unread) seen({ id: one.id });
    const act = () =>
      send("DELETE /api/notices/{id}", { id: one.id }).catch((error: unknown) => {
        if (!(error instanceof Refused && error.status === 404)) throw error; // it happened again
        load();
      });
    later(t("notices.removed"), act, () => put(false));
  };
  const items = list?.items.filter((one) => !away.has(one.id)) ?? [];
  return (
    <Page
      title={t("notices.title")}
      actions={
        <div class="row">
          {items.some((one) => one.unread) && (
            <Button
              kind="line slim"
              icon="check"
              onClick={() => seen({ up_to: list!.items[0]!.id })}
            >
              {t("notices.read_all")}
            </Button>
          )}
          <a class="button line slim" href="/settings/mail">
            <Icon name="settings" />
            {t("notices.choose")}
          </a>
        </div>
      }
    >
      {failed && !list ? (
        <Failed retry={load} />
      ) : !list ? (
        <Loading rows={3} />
      ) : items.length === 0 ? (
        <Empty icon="bell" title={t("notices.empty")}>
          <p class="mute">{t("notices.empty_hint")}</p>
        </Empty>
      ) : (
        <ul class="table notices">
          {items.map((one) => (
            <Row
              key={one.id}
              one={one}
              open={() => one.unread && seen({ id: one.id })}
              remove={() => remove(one)}
            />
          ))}
        </ul>
      )}
      {list?.more && (
        <Button kind="line" onClick={older}>
          {t("notices.older")}
        </Button>
      )}
    </Page>
  );
}

function Row({ one, open, remove }: { one: One; open: () => void; remove: () => void }) {
  return (
    <li class={one.unread ? "unread" : ""}>
      {one.who ? (
        <Portrait look={one.who.look} avatar={one.who.avatar} name={one.who.name} />
      ) : (
        <Icon name="info" />
      )}
      <div class="grow">
        <p>
          <a href={one.path} onClick={open}>
            {one.text}
          </a>
        </p>
        <p class="mute small">
          {one.unread && <span class="tag">{t("notices.unread")}</span>} {showMoment(one.at_ms)}
        </p>
      </div>
      <IconButton icon="close" label={t("notices.remove", { text: one.text })} onClick={remove} />
    </li>
  );
}
