import { useEffect } from "preact/hooks";
import { showDay, t } from "../../lib/text.ts";
import { Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import type { SettingsSection } from "../../rows.ts";
import { asked, lookAtPolicies, pathOf } from "./policies.ts";
import { title } from "./words.ts";

/** What was agreed to and read, when, and what waits. */
function Said() {
  useEffect(() => void lookAtPolicies(), []);
  const all = asked.value;
  if (all?.length === 0) return null;
  return (
    <Section id="policies" title={t("policies.said")} lead={t("policies.said_lead")}>
      {!all ? (
        <Loading rows={1} />
      ) : (
        <ul class="table">
          {all.map((one) => (
            <li key={pathOf(one)}>
              <div class="grow">
                <a href={pathOf(one)}>
                  {t("policies.version", { title: title(one.kind), number: one.number })}
                </a>
                <p class="mute small">
                  {t(`policies.said_${one.answer ?? "nothing"}`, {
                    day: showDay(one.answer ? one.at_ms : one.since_ms),
                  })}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export const sections: SettingsSection[] = [{ part: "data", place: 15, section: Said }];
