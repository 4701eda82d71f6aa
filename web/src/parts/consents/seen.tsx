import type { SeenBy } from "../../lib/seen.ts";
import { t } from "../../lib/text.ts";
import type { SeenRow } from "../../rows.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { useInventory, Word, type Table } from "./data.tsx";

/* As whom the inventory knows them: a key of privacy/recipients.json. */
const RECIPIENTS: Record<SeenBy, string[]> = {
  nobody: ["link"],
  stranger: ["room", "other_members"],
  friend: ["room", "other_members"],
  blocked: [],
  admin: ["staff"],
  parent: ["parent"],
};

function told(data: Table[], by: SeenBy): Table[] {
  const to = RECIPIENTS[by];
  return data
    .map(({ table, rows }) => ({
      table,
      rows: rows.filter(({ who }) => who.some((one) => to.includes(one))),
    }))
    .filter(({ rows }) => rows.length > 0);
}

/** In words, from the inventory: all that anybody of that kind can be told. */
function Told({ by }: { by: SeenBy }) {
  const { data, failed, load } = useInventory();
  const tables = data && told(data, by);
  return (
    <Section id="seen-told" title={t("seen.told")} lead={t(`seen.told_${by}`)}>
      {failed ? (
        <Failed retry={load} />
      ) : !tables ? (
        <Loading height="3rem" />
      ) : (
        <div class="stack tight">
          {tables.map(({ table, rows }) => (
            <details key={table} class="more card">
              <summary>
                <Word kind="table" text={table} />
              </summary>
              <ul class="stack tight">
                {rows.map((row, i) => (
                  <li key={i}>
                    <p>
                      {row.what.map((text, k) => (
                        <>
                          {k > 0 && ", "}
                          <Word kind="what" text={text} />
                        </>
                      ))}
                    </p>
                    <p class="mute small">
                      <Word kind="use" text={row.use} />
                    </p>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </div>
      )}
      <p>
        <a href="/privacy#about">{t("seen.all")}</a>
      </p>
    </Section>
  );
}

export const seen: SeenRow[] = [{ place: 90, when: () => true, Seen: Told }];
