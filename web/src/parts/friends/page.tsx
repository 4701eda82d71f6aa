import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { join, peopleChanged, remove, type Friend } from "./friends.ts";
import { onTold } from "../../live/channel.ts";
import { writeTo } from "../messages/action.ts";
import { t } from "../../lib/text.ts";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { PersonRow } from "../../kit/person_row.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { FindPeople } from "./find.tsx";
import { FriendRequests } from "./requests.tsx";

/** Friends, who asks to be one, and finding people. */
export function Friends() {
  return (
    <Page title={t("friends.title")} lead={t("friends.lead")}>
      <FindPeople />
      <FriendRequests />
      <MyFriends />
    </Page>
  );
}

function MyFriends() {
  const { data, failed, again, set } = useLoad("GET /api/friends", {});
  const [more, setMore] = useState<Friend[]>([]);
  const [after, setAfter] = useState<string | null>(null);
  const [gone, setGone] = useState<string[]>([]);
  useChanges(() => {
    setMore([]);
    again();
  }, peopleChanged.value);
  useEffect(() => setAfter(data?.next ?? null), [data]);
  const change = (id: string, wish: Partial<Friend>) => {
    const put = (one: Friend) => (one.id === id ? { ...one, ...wish } : one);
    set((old) => ({ ...old, items: old.items.map(put) }));
    setMore((old) => old.map(put));
  };
  useEffect(
    () =>
      onTold("presence", ({ id, online }) =>
        change(id, online ? { online } : { online, joinable: false }),
      ),
    [],
  );
  const first = data?.items ?? [];
  const seen = new Set([...first.map((one) => one.id), ...gone]);
  const list = [
    ...first.filter((one) => !gone.includes(one.id)),
    ...more.filter((one) => !seen.has(one.id)),
  ];
  const next = async () => {
    const page = await send("GET /api/friends", { after: after ?? "" });
    setMore((old) => [...old, ...page.items]);
    setAfter(page.next ?? null);
  };
  const favour = async (one: Friend) => {
    await send("PATCH /api/friends/{id}", { id: one.id, favourite: !one.favourite });
    change(one.id, { favourite: !one.favourite });
  };
  const end = (one: Friend) => {
    setGone((old) => [...old, one.id]);
    remove(one, () => setGone((old) => old.filter((id) => id !== one.id)));
  };
  return (
    <Section id="friends" title={t("friends.mine")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={3} />
      ) : list.length === 0 ? (
        <Empty icon="users" title={t("friends.none")}>
          <p class="mute">{t("friends.none_hint")}</p>
        </Empty>
      ) : (
        <ul class="table">
          {list.map((one) => (
            <FriendRow
              key={one.id}
              one={one}
              favour={() => void favour(one).catch(complain)}
              end={() => end(one)}
            />
          ))}
        </ul>
      )}
      {after && (
        <Button kind="line" onClick={() => void next().catch(complain)}>
          {t("friends.more")}
        </Button>
      )}
    </Section>
  );
}

function FriendRow({ one, favour, end }: { one: Friend; favour: () => void; end: () => void }) {
  const { name } = one;
  return (
    <PersonRow
      one={one}
      actions={
        <>
          {one.joinable && (
            <Button
              kind="line slim"
              icon="doorOpen"
              aria-label={t("friends.join_name", { name })}
              onClick={() => void join(one).catch(complain)}
            >
              {t("friends.join")}
            </Button>
          )}
          <IconButton
            icon="message"
            label={t("friends.write_name", { name })}
            onClick={() => void writeTo([one.id]).catch(complain)}
          />
          <IconButton
            icon="star"
            kind={one.favourite ? "starred" : ""}
            label={t("friends.favourite_name", { name })}
            title={t(one.favourite ? "friends.favourite_not" : "friends.favourite_make")}
            aria-pressed={one.favourite}
            onClick={favour}
          />
          <IconButton icon="userMinus" label={t("friends.remove_name", { name })} onClick={end} />
        </>
      }
    >
      <p class={`small presence ${one.online ? "on" : "mute"}`}>
        {t(one.online ? "friends.online" : "friends.offline")}
      </p>
    </PersonRow>
  );
}
