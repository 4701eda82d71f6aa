import { useRef, useState } from "preact/hooks";
import type { Visit } from "../live/visit.ts";
import { Refused, randomId, send } from "../lib/api.ts";
import { Cancelled, Unreachable } from "../lib/errors.ts";
import { t } from "../lib/text.ts";
import { Dialog } from "../kit/dialog.tsx";
import { Button, Empty, Failed, Loading } from "../kit/parts.tsx";
import { Portrait } from "../kit/portrait.tsx";
import { complain, toast } from "../kit/toast.tsx";
import type { Friend } from "../parts/friends/friends.ts";
import { InvitedLink } from "../parts/invites/to_room.tsx";
import { useFriends } from "../parts/friends/use_list.ts";

/* As long as the name of a message may be that is sent at most once. */
const CID_LENGTH = 32;

const roomUrl = () => location.origin + location.pathname;

async function copyLink(): Promise<void> {
  const url = roomUrl();
  try {
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      await navigator.share({ url });
      return;
    }
    await navigator.clipboard.writeText(url);
    toast(t("room.link_copied"));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) toast(url);
  }
}

/** Friends first, by a message of one's own in the conversation with each; then the link, for others. */
export function Invite({ visit, close }: { visit: Visit; close: () => void }) {
  const room = visit.room.value!;
  const link = () => {
    close();
    void copyLink();
  };
  return (
    <Dialog title={t("room.invite_to", { room: room.name })} close={close}>
      <div class="stack">
        {room.visibility === "closed" ? (
          <p class="mute">{t("room.invite_closed")}</p>
        ) : (
          <FriendsToInvite
            visit={visit}
            words={t("room.invite_words", { room: room.name, url: roomUrl() })}
          />
        )}
        <div class="stack tight">
          <h3>{t("room.invite_others")}</h3>
          <div class="row">
            <Button kind="line" icon="link" onClick={link}>
              {t("room.copy_link")}
            </Button>
          </div>
          {room.visibility !== "closed" && <InvitedLink url={roomUrl()} />}
        </div>
      </div>
    </Dialog>
  );
}

/* Whoever is in when the window opens needs no invitation; who comes then keeps the row, which says so:
   no button goes from under a finger. */
function FriendsToInvite({ visit, words }: { visit: Visit; words: string }) {
  const { shown, failed, again, more } = useFriends();
  const here = new Set(visit.people.value.map((one) => one.id));
  const met = useRef(here).current;
  const list = (shown?.items ?? []).filter((one) => one.may_write && !met.has(one.id));
  if (failed && !shown) return <Failed retry={again} />;
  if (!shown) return <Loading rows={2} />;
  return (
    <div class="stack tight">
      <h3>{t("room.invite_friends")}</h3>
      {list.length === 0 ? (
        <Empty icon="users" title={t("room.invite_nobody")}>
          <p class="mute">{t("room.invite_nobody_hint")}</p>
        </Empty>
      ) : (
        <>
          <p class="mute small">{t("room.invite_how")}</p>
          <ul class="picks" aria-label={t("room.invite_friends")}>
            {list.map((one) => (
              <FriendToInvite key={one.id} one={one} here={here.has(one.id)} words={words} />
            ))}
          </ul>
        </>
      )}
      {shown.next && (
        <Button kind="line" onClick={() => void more().catch(complain)}>
          {t("friends.more")}
        </Button>
      )}
    </div>
  );
}

function FriendToInvite({ one, here, words }: { one: Friend; here: boolean; words: string }) {
  const [state, setState] = useState<"" | "sending" | "sent">("");
  const [why, setWhy] = useState("");
  /* The same one until it is answered: tried again, it is one message. */
  const cid = useRef(randomId().slice(0, CID_LENGTH));
  const invite = async () => {
    setState("sending");
    setWhy("");
    try {
      const { id } = await send("POST /api/conversations", { people: [one.id] });
      await send("POST /api/conversations/{id}/messages", { id, cid: cid.current, text: words });
      setState("sent");
    } catch (error) {
      setState("");
      if (error instanceof Refused) setWhy(error.message || t("app.refused"));
      else if (error instanceof Unreachable) setWhy(t("app.unreachable"));
      else if (!(error instanceof Cancelled)) throw error;
    }
  };
  const done = here || state === "sent";
  const said = here ? "room.invite_here" : state === "sent" ? "room.invite_sent" : "";
  return (
    <li class="pick">
      <Portrait look={one.look} avatar={one.avatar} name={one.name} size="s" />
      <div class="grow">
        <strong dir="auto">{one.name}</strong>
        {!said && !why && (
          <p class="mute small">
            {one.room_name
              ? t("friends.in_room", { room: one.room_name })
              : t(one.online ? "friends.online" : "friends.offline")}
          </p>
        )}
        <p class={`small ${why ? "bad" : "mute"}`} role="status">
          {why || (said && t(said, { name: one.name }))}
        </p>
      </div>
      <Button
        kind="line slim"
        busy={state === "sending"}
        aria-disabled={done || state === "sending" ? "true" : undefined}
        aria-label={t("room.invite_name", { name: one.name })}
        onClick={() => !done && state === "" && void invite()}
      >
        {t("room.invite")}
      </Button>
    </li>
  );
}
