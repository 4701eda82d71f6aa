import { countryName } from "../../lib/countries.ts";
import { peopleChanged } from "../friends/friends.ts";
import type { Fields, Person } from "../../lib/person.ts";
import { stateName } from "./states.ts";
import { hasText, language, languageName, showMonth, t } from "../../lib/text.ts";
import { parts } from "../../gen/parts/person.ts";
import { inPlace } from "../../rows.ts";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Button } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";

const list = (words: string[]) => new Intl.ListFormat(language.value).format(words);

/** An address that people typed is shown as such, and followed only to the web. */
export function WebLink({ address }: { address: string }) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) return <>{address}</>;
  return (
    <a href={url.href} target="_blank" rel="noopener nofollow ugc" dir="ltr">
      {url.host + (url.pathname === "/" ? "" : url.pathname)}
    </a>
  );
}

/** What a field says, in the reader's words. */
export function fieldText(name: string, value: string): string {
  switch (name) {
    case "country":
      return countryName(value);
    case "state":
      return stateName(value);
    case "languages":
      return list(value.split("\n").map(languageName));
    case "member_since":
      return showMonth(value);
    case "gender": // or words of one's own
      return hasText(`gender.${value}`) ? t(`gender.${value}`) : value;
    case "relationship":
      return t(`relationship.${value}`);
    default:
      return value;
  }
}

function Value({ name, value }: Fields[number]) {
  const lines = value.split("\n");
  if (name === "links")
    return (
      <ul class="plain-list">
        {lines.map((line) => (
          <li key={line}>
            <WebLink address={line} />
          </li>
        ))}
      </ul>
    );
  if (name === "interests")
    return (
      <ul class="row tags">
        {lines.map((line) => (
          <li key={line} class="tag plain" dir="auto">
            {line}
          </li>
        ))}
      </ul>
    );
  return (
    <span class="prose" dir="auto">
      {fieldText(name, value)}
    </span>
  );
}

/** What somebody says of themselves, as far as the reader may see it. */
export function Facts({ fields }: { fields: Fields }) {
  return (
    <dl class="person-facts">
      {fields
        .filter((one) => one.name !== "badges")
        .map((one) => (
          <div key={one.name} class={one.name === "about" ? "wide" : undefined}>
            <dt>{t(`profile.${one.name}`)}</dt>
            <dd>
              <Value {...one} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** Somebody as I may see them, anew when something between the two of us has changed. */
export function usePerson(id: string) {
  const loaded = useLoad("GET /api/people/{id}", { id });
  useChanges(loaded.again, peopleChanged.value);
  return loaded;
}

/** Facts of the server, and whether somebody is a friend. */
export function Badges({ person }: { person: Person }) {
  const badges = person.fields.find((one) => one.name === "badges")?.value.split("\n") ?? [];
  const friend = person.relation === "friend";
  if (!friend && badges.length === 0) return null;
  return (
    <ul class="row tags">
      {friend && <li class="tag good">{t("person.friend")}</li>}
      {badges.map((one) => (
        <li key={one} class="tag">
          {t(`badge.${one}`)}
        </li>
      ))}
    </ul>
  );
}

const ACTIONS = inPlace(parts.flatMap((part) => part.actions));

/** What can be done with them; `page`: it is their own page that they stand on. */
export function PersonActions({ person, page }: { person: Person; page?: boolean }) {
  const rows = ACTIONS.filter((row) => row.when(person) && !(page && row.card));
  return (
    <>
      {rows.map(({ text, Caution }) => Caution && <Caution key={text} />)}
      <div class="row person-actions">
        {rows.map((row) => (
          <Button
            key={row.text}
            kind="line"
            icon={row.icon}
            onClick={() => void Promise.resolve(row.act(person)).catch(complain)}
          >
            {t(row.text, { name: person.name })}
          </Button>
        ))}
      </div>
    </>
  );
}
