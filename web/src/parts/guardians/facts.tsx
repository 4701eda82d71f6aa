import type { Out } from "../../lib/api.ts";
import { countryName } from "../../lib/countries.ts";
import { languageName, number, showDay, t } from "../../lib/text.ts";

type Child = Out<"POST /api/parents/open">["child"][number];

export const yesOrNot = (on: boolean) => t(on ? "parents.yes" : "parents.not");

export function FactTable({ facts }: { facts: [string, string][] }) {
  return (
    <table class="data-table">
      <tbody>
        {facts.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{t(key)}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a parent is shown of the child's account; the child sees the same. */
export function ChildFacts({ child }: { child: Child }) {
  const facts: [string, string][] = [
    ["email_verified", yesOrNot(child.email_verified)],
    ["marketing", yesOrNot(child.marketing)],
    ["real_name", yesOrNot(child.real_name)],
    ["country", countryName(child.country)],
    ["language", languageName(child.language)],
    ["sessions", number(child.sessions)],
    ["programs", number(child.programs)],
    ["rooms", number(child.rooms)],
    ["seen", showDay(child.seen_ms)],
  ];
  return <FactTable facts={facts.map(([key, value]) => [`parents.now_${key}`, value])} />;
}
