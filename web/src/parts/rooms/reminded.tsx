import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parts } from "../../gen/parts/reminders.ts";
import { remember, remembered } from "../../lib/choices.ts";
import { me, type Me } from "../../lib/session.ts";
import { allTexts, t } from "../../lib/text.ts";
import { Button, Notice } from "../../kit/parts.tsx";
import { inPlace, type Reminder } from "../../rows.ts";

const ALL = inPlace(parts.flatMap((part) => part.reminders));
const PUT_OFF_MS = 7 * 86_400_000;

const keyOf = ({ name }: Reminder, { id }: Me) => `later.${name}.${id}`;
const dueOf = (member: Me) =>
  ALL.find(
    (one) =>
      one.when(member) && Date.now() - Number(remembered(keyOf(one, member)) ?? 0) > PUT_OFF_MS,
  );

/** The first thing that this member should do soon: it is done, or put off for a week on this device. */
export function Reminders() {
  const member = me.value;
  const due = member ? dueOf(member) : undefined;
  const [, redraw] = useState(0);
  const [Said, setSaid] = useState<ComponentType<{ later: VNode }> | null>(null);
  useEffect(() => {
    setSaid(null);
    if (!due) return;
    // A reminder that does not come is said another time.
    Promise.all([due.load(), allTexts()]).then(
      ([said]) => setSaid(() => said),
      () => undefined,
    );
  }, [due]);
  if (!member || !due || !Said) return null;
  const later = () => {
    remember(keyOf(due, member), String(Date.now()));
    redraw((n) => n + 1);
    document.querySelector("h1")?.focus();
  };
  return (
    <Notice icon={due.icon}>
      <Said
        later={
          <Button kind="slim" onClick={later}>
            {t("remind.later")}
          </Button>
        }
      />
    </Notice>
  );
}
