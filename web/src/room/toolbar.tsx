import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { Visit } from "../live/visit.ts";
import { t } from "../lib/text.ts";
import type { IconName } from "../kit/icons.tsx";
import { Button, IconButton } from "../kit/parts.tsx";
import { toast } from "../kit/toast.tsx";
import type { SceneData } from "../world/scene.ts";
import { GetOut } from "../parts/panic/panic.tsx";
import { Invite } from "./invite.tsx";
import { GestureMenu } from "./gestures.tsx";
import { chooseQuality, chooseText, drawable, QUALITIES, quality, wantsText } from "./mode.ts";

/** A button that opens a small panel above itself. Esc, a click elsewhere or a choice closes it. */
function Menu({
  icon,
  label,
  children,
}: {
  icon: IconName;
  label: string;
  children: (close: () => void) => ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>("button")?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  return (
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <IconButton icon={icon} label={label} aria-expanded={open} onClick={() => setOpen(!open)} />
      {open && <div class="menu-panel">{children(close)}</div>}
    </div>
  );
}

/** The free seat nearest to where I stand. */
function nearestSeat(visit: Visit, scene: SceneData): number | undefined {
  const taken = new Set(visit.people.peek().map((one) => one.seat));
  const here = visit.spot(visit.mySlot.peek());
  const far = ({ stand: [x, z] }: SceneData["seats"][number]) =>
    here ? Math.hypot(x - here.x, z - here.z) : 0;
  return scene.seats.filter((seat) => !taken.has(seat.n)).sort((a, b) => far(a) - far(b))[0]?.n;
}

export function Toolbar({
  visit,
  scene,
  people,
}: {
  visit: Visit;
  scene: SceneData;
  people?: () => void;
}) {
  const [inviting, setInviting] = useState(false);
  const sitting = (visit.me.value?.seat ?? 0) > 0;
  const text = wantsText.value || !drawable.value;
  const sit = () => {
    const seat = nearestSeat(visit, scene);
    if (seat) visit.sit(seat);
    else toast(t("room.no_seat"));
  };
  return (
    <div class="toolbar" role="group" aria-label={t("room.actions")}>
      <GetOut visit={visit} />
      <Menu icon="smile" label={t("room.gestures")}>
        {(close) => <GestureMenu visit={visit} done={close} />}
      </Menu>
      <IconButton
        icon={sitting ? "stand" : "armchair"}
        label={t(sitting ? "room.stand" : "room.sit_near")}
        onClick={sitting ? () => visit.stand() : sit}
      />
      {people && (
        <IconButton icon="users" kind="to-people" label={t("room.people")} onClick={people} />
      )}
      {drawable.value && (
        <IconButton
          icon="accessibility"
          label={t("room.text_only")}
          aria-pressed={text}
          onClick={() => chooseText(!text)}
        />
      )}
      {!text && (
        <Menu icon="gauge" label={t("room.quality")}>
          {(close) => (
            <ul class="emotes one">
              {QUALITIES.map((level) => (
                <li key={level}>
                  <Button
                    kind="slim"
                    aria-pressed={quality.value === level}
                    onClick={() => {
                      chooseQuality(level);
                      close();
                    }}
                  >
                    {t(`quality.${level}`)}
                  </Button>
                </li>
              ))}
            </ul>
          )}
        </Menu>
      )}
      <Button
        kind="main"
        icon="link"
        aria-label={t("room.invite")}
        aria-haspopup="dialog"
        onClick={() => setInviting(true)}
      >
        <span class="tool-text">{t("room.invite")}</span>
      </Button>
      {inviting && <Invite visit={visit} close={() => setInviting(false)} />}
    </div>
  );
}
