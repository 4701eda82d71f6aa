import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { join, peopleChanged, remove, type Friend } from "./friends.ts";
import { writeTo } from "../messages/action.ts";
import { t } from "../../lib/text.ts";
import { useChanges } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { PersonRow } from "../../kit/person_row.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { FindPeople } from "./find.tsx";
import { FriendRequests } from "./requests.tsx";
import { useFriends } from "./use_list.ts";

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
  const { shown, failed, again, more, change } = useFriends();
  const [gone, setGone] = useState<string[]>([]);
  useChanges(again, peopleChanged.value);
  const list = shown?.items.filter((one) => !gone.includes(one.id)) ?? [];
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
      {failed && !shown ? (
        <Failed retry={again} />
      ) : !shown ? (
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
      {shown?.next && (
        <Button kind="line" onClick={() => void more().catch(complain)}>
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
          {one.room_id && (
            <Button
              kind="line slim"
              icon="doorOpen"
              aria-label={t("friends.join_name", { name })}
              onClick={() => void join(one).catch(complain)}
            >
              {t("friends.join")}
            </Button>
          )}
          {one.may_write && (
            <IconButton
              icon="message"
              label={t("friends.write_name", { name })}
              onClick={() => void writeTo([one.id]).catch(complain)}
            />
          )}
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
        {one.room_name
          ? t("friends.in_room", { room: one.room_name })
          : t(one.online ? "friends.online" : "friends.offline")}
      </p>
    </PersonRow>
  );
}
