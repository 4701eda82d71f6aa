// One press, and one is out of the room: nothing is waited for, and nothing has to be loaded first.
import { useEffect } from "preact/hooks";
import siren from "lucide-static/icons/siren.svg";
import { go } from "../../lib/router.ts";
import { t } from "../../lib/text.ts";
import { IconButton } from "../../kit/parts.tsx";
import type { Visit } from "../../live/visit.ts";
import { Exit, exit } from "./exit.ts";
import { Out } from "./out.tsx";
import { pages } from "./pages.ts";

const KEY = "F8";

/* Who is in a room has the page that comes after it: there may be no line to fetch it over. */
pages[0]!.page = Out;

/** The others are told what they are told of everybody who leaves. */
function getOut(visit: Visit): void {
  const met = visit.met();
  // Coming back, now or another day, says nothing that was written today.
  visit.lines.outbox.hold();
  const told = visit.close() && navigator.onLine;
  exit.value = new Exit(visit.id, met, !told);
  // In the room's place: going back, or loading the page anew, leads to no room.
  go("/out", true);
}

/** While `on`, the key works wherever the focus is: in a field, in a window, in the picture. */
export function useWayOut(visit: Visit, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.code !== KEY || event.repeat || event.isComposing) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      getOut(visit);
    };
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, [visit, on]);
}

export function GetOut({ visit }: { visit: Visit }) {
  return (
    <IconButton
      icon={siren}
      kind="bad way-out"
      label={t("out.press")}
      title={t("out.press_key", { key: KEY })}
      aria-keyshortcuts={KEY}
      // What is written into keeps the focus until one is out: nothing moves under the finger.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => getOut(visit)}
    />
  );
}
