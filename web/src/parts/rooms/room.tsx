import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import type { Phase, Visit } from "../../live/visit.ts";
import { openPerson } from "../../lib/person.ts";
import { useWayOut } from "../panic/panic.tsx";
import { reported } from "../reports/reporting.ts";
import { go } from "../../lib/router.ts";
import { Chat } from "../../room/chat.tsx";
import { EditRoom } from "../../room/edit_room.tsx";
import { loadLabels } from "../../room/labels.ts";
import { People, Places, Seats, TextRoom, Whereabouts } from "../../room/lists.tsx";
import { drawable, wantsText } from "../../room/mode.ts";
import { headFor } from "../../room/way_in.ts";
import { useVisit } from "../../room/open.ts";
import { Stage } from "../../room/stage.tsx";
import { Toolbar } from "../../room/toolbar.tsx";
import { signedOut } from "../../lib/session.ts";
import { languageName, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Bell } from "../notices/bell.tsx";
import { Heading } from "../../kit/page.tsx";
import { Button, Empty, IconButton, Loading } from "../../kit/parts.tsx";
import { useNarrow } from "../../lib/theme.ts";
import { useFit } from "../../kit/window.ts";
import { loadScene, type SceneData } from "../../world/scene.ts";

type Tab = "chat" | "people" | "places";
const OUTSIDE: Phase[] = ["refused", "out", "queued"];
const TABS: Tab[] = ["chat", "people", "places"];
const TEXT_TICK_MS = 100;

export function Room({ params }: PageProps) {
  const id = params.id!;
  const visit = useVisit(id);
  useFit();
  return visit ? (
    <Visited key={id} visit={visit} />
  ) : (
    <div class="page">
      <Loading />
    </div>
  );
}

function Visited({ visit }: { visit: Visit }) {
  const [scene, setScene] = useState<SceneData | null>(null);
  const wanted = visit.room.value?.scene;
  const phase = visit.phase.value;
  useEffect(() => {
    if (!wanted) return;
    headFor(wanted);
    void loadLabels();
    loadScene(wanted).then(
      (found) => {
        visit.furnish(found);
        setScene(found);
      },
      () => (visit.said.value = { code: "room.no_scene", text: "" }),
    );
  }, [wanted]);
  useEffect(() => {
    if (phase === "ended") signedOut();
  }, [phase]);
  // Also while the room is still drawn: one is in it.
  useWayOut(visit, !OUTSIDE.includes(phase));
  if (phase === "refused" || phase === "out") return <Outside visit={visit} />;
  if (phase === "queued") return <Queue visit={visit} />;
  if (!visit.room.value || !scene) return <Entering visit={visit} />;
  return <Inside visit={visit} scene={scene} />;
}

function Entering({ visit }: { visit: Visit }) {
  const lost = visit.connection.value === "lost";
  return (
    <div class="page">
      <Heading title={t("room.entering")}>{t("room.entering")}</Heading>
      {lost ? <p role="status">{t("room.reconnecting")}</p> : <Loading rows={2} height="8rem" />}
      <div class="row">
        <a class="button line" href="/rooms">
          {t("room.back")}
        </a>
      </div>
    </div>
  );
}

function Queue({ visit }: { visit: Visit }) {
  return (
    <div class="page">
      <Heading title={t("room.full")}>{t("room.full")}</Heading>
      <Empty icon="users" title={t("room.queue", { n: visit.queue.value })}>
        <p class="mute" role="status">
          {t("room.queue_hint")}
        </p>
        <a class="button line" href="/rooms">
          {t("room.queue_leave")}
        </a>
      </Empty>
    </div>
  );
}

function Outside({ visit }: { visit: Visit }) {
  const said = visit.said.value;
  const again = said?.code === "rooms.elsewhere";
  const text = said?.text || t("missing.lead");
  return (
    <div class="page">
      <Heading title={t("room.outside")}>{t("room.outside")}</Heading>
      <Empty icon="doorOpen" title={text}>
        <div class="row">
          {again && (
            <Button kind="main" onClick={() => visit.again()}>
              {t("room.come_here")}
            </Button>
          )}
          <a class="button line" href="/rooms">
            {t("room.back")}
          </a>
        </div>
      </Empty>
    </div>
  );
}

function Inside({ visit, scene }: { visit: Visit; scene: SceneData }) {
  const [tab, setTab] = useState<Tab>("chat");
  const [picked, setPicked] = useState<number>();
  const [editing, setEditing] = useState(false);
  const narrow = useNarrow();
  const text = wantsText.value || !drawable.value;
  const room = visit.room.value!;
  const { topic } = room;
  const missed = visit.missed.value;
  const tabs = text && !narrow ? [TABS[0]!] : TABS;
  const current = tabs.includes(tab) ? tab : "chat";
  const pick = (slot: number) => {
    setPicked(slot);
    setTab("people");
    const person = visit.people.peek().find((one) => one.slot === slot);
    if (person) openPerson(person.id);
  };
  useEffect(() => {
    if (!text) return;
    const timer = setInterval(() => visit.tick(TEXT_TICK_MS / 1000), TEXT_TICK_MS);
    return () => clearInterval(timer);
  }, [visit, text]);
  const toolbar = (
    <Toolbar
      visit={visit}
      scene={scene}
      people={tabs.length > 1 ? () => setTab("people") : undefined}
    />
  );
  return (
    <div class={`room ${text ? "text" : "drawn"}`}>
      <header class="room-head">
        <IconButton icon="arrowLeft" label={t("room.leave")} onClick={() => go("/rooms")} />
        <div class="grow">
          <Heading title={missed > 0 ? `(${missed}) ${room.name}` : room.name}>{room.name}</Heading>
          <p class="mute small">
            {t("room.people_count", { n: visit.people.value.length })} ·{" "}
            {languageName(room.language)}
            {topic && (
              <>
                {" · "}
                <bdi title={topic}>{topic}</bdi>
              </>
            )}
          </p>
        </div>
        <Bell />
        {room.mine ? (
          <IconButton icon="settings" label={t("room.edit")} onClick={() => setEditing(true)} />
        ) : (
          <IconButton
            icon="flag"
            label={t("report.open_room")}
            onClick={() => (reported.value = { kind: "room", id: room.id, name: room.name })}
          />
        )}
        <Button icon="logOut" kind="wide-only" onClick={() => go("/rooms")}>
          {t("room.leave")}
        </Button>
      </header>
      <Banner visit={visit} />
      <div class="room-stage">
        {text ? (
          narrow ? (
            <Whereabouts visit={visit} scene={scene} />
          ) : (
            <TextRoom visit={visit} scene={scene} />
          )
        ) : (
          <Stage visit={visit} scene={scene} picked={pick} />
        )}
        {toolbar}
      </div>
      <aside class="room-side" aria-label={t("room.chat")}>
        {tabs.length > 1 ? (
          <Tabs tabs={tabs} current={current} choose={setTab} people={visit.people.value.length} />
        ) : (
          <h2 class="side-title">{t("room.chat")}</h2>
        )}
        <div
          class="side-panel"
          id="side-panel"
          role={tabs.length > 1 ? "tabpanel" : undefined}
          aria-labelledby={tabs.length > 1 ? `tab-${current}` : undefined}
        >
          {current === "chat" && <Chat visit={visit} all={text} />}
          {current === "people" && (
            <div class="side-scroll">
              <People visit={visit} scene={scene} picked={picked} />
            </div>
          )}
          {current === "places" && (
            <div class="side-scroll stack">
              <h2>{t("room.seats")}</h2>
              <Seats visit={visit} scene={scene} />
              <h2>{t("room.places")}</h2>
              <Places visit={visit} scene={scene} />
            </div>
          )}
        </div>
      </aside>
      {editing && <EditRoom room={room} close={() => setEditing(false)} />}
    </div>
  );
}

function Tabs({
  tabs,
  current,
  choose,
  people,
}: {
  tabs: Tab[];
  current: Tab;
  choose: (tab: Tab) => void;
  people: number;
}) {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length]!;
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t("room.views")} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`tab-${tab}`}
          class="tab"
          aria-selected={tab === current}
          aria-controls="side-panel"
          tabIndex={tab === current ? 0 : -1}
          onClick={() => choose(tab)}
        >
          {t(`room.tab_${tab}`, { n: people })}
        </button>
      ))}
    </div>
  );
}

function Banner({ visit }: { visit: Visit }) {
  const away = visit.connection.value !== "open" || visit.phase.value === "entering";
  return (
    <div class="room-banner" role="status">
      {away && (
        <p>
          <Icon name="wifiOff" />
          {t("room.reconnecting")}
        </p>
      )}
    </div>
  );
}
