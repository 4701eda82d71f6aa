import { useEffect, useState } from "preact/hooks";
import { assetJson } from "../../lib/assets.ts";
import { hasText, language, showMoment, t } from "../../lib/text.ts";
import { consentName, useConsents } from "./consent.ts";
import { Icon } from "../../kit/icons.tsx";
import { Button, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

export interface Kept {
  what: string[];
  use: string;
  basis: string;
  keep: string | { after: string; length: number; unit: "D" | "M" | "Y" };
  also?: Kept["keep"][]; // other times by which it ends
  who: string[];
}
export interface Table {
  table: string;
  rows: Kept[];
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

const UNITS = { D: "day", M: "month", Y: "year" };

function howLong(keep: Kept["keep"]): string {
  if (typeof keep === "string") return t(`data.with_${keep}`);
  if (keep.length === 0) return t(`data.at_${keep.after}`);
  const time = new Intl.NumberFormat(language.value, {
    style: "unit",
    unit: UNITS[keep.unit],
    unitDisplay: "long",
  }).format(keep.length);
  return t(`data.after_${keep.after}`, { time });
}

/** A word of the inventory in the reader's language; one without a translation is English. */
export function Word({ kind, text }: { kind: string; text: string }) {
  const key = `data.${kind}_${slug(text)}`;
  return hasText(key) ? <>{t(key)}</> : <span lang="en">{text}</span>;
}

function Facts({ row }: { row: Kept }) {
  return (
    <div class="stack tight">
      <p class="kept-what">
        {row.what.map((text, i) => (
          <>
            {i > 0 && ", "}
            <Word kind="what" text={text} />
          </>
        ))}
      </p>
      <dl class="kept">
        <dt>{t("data.why")}</dt>
        <dd>
          <Word kind="use" text={row.use} />
        </dd>
        <dt>{t("data.ground")}</dt>
        <dd>
          <Word kind="basis" text={row.basis} />
        </dd>
        <dt>{t("data.kept")}</dt>
        <dd>{[row.keep, ...(row.also ?? [])].map(howLong).join("; ")}</dd>
        <dt>{t("data.who")}</dt>
        <dd>
          {(row.who.length > 0 ? row.who : ["nobody"]).map((one, i) => (
            <>
              {i > 0 && ", "}
              <Word kind="who" text={one} />
            </>
          ))}
        </dd>
      </dl>
    </div>
  );
}

export function useInventory() {
  const [data, setData] = useState<Table[] | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    assetJson<Table[]>("inventory.json").then(setData, () => setFailed(true));
  };
  useEffect(load, []);
  return { data, failed, load };
}

/** The data inventory as a member reads it. */
export function About() {
  const { data, failed, load } = useInventory();
  return (
    <Section id="about" title={t("data.about")} lead={t("data.about_lead")}>
      {failed ? (
        <Failed retry={load} />
      ) : !data ? (
        <Loading height="3rem" />
      ) : (
        <div class="stack tight">
          {data.map(({ table, rows }) => (
            <details key={table} class="more card">
              <summary>
                <Word kind="table" text={table} />
              </summary>
              <div class="stack loose">
                {rows.map((row, i) => (
                  <Facts key={i} row={row} />
                ))}
              </div>
            </details>
          ))}
        </div>
      )}
    </Section>
  );
}

export function Consents() {
  const { data, failed, again, put } = useConsents();
  const given = data?.items.filter((one) => one.given) ?? [];
  return (
    <Section id="consents" title={t("data.consents")} lead={t("data.consents_lead")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        <>
          {given.length === 0 ? (
            <p>{t("data.consents_none")}</p>
          ) : (
            <ul class="table">
              {given.map((one) => (
                <li key={one.purpose}>
                  <Icon name="check" />
                  <div class="grow">
                    <strong>{consentName(one)}</strong>
                    <p class="small">{one.text ?? t("data.words_changed")}</p>
                    <p class="mute small">{t("data.given", { when: showMoment(one.at_ms) })}</p>
                  </div>
                  {one.own && (
                    <Button
                      kind="line slim"
                      aria-label={t("data.withdraw_name", { name: consentName(one) })}
                      onClick={() => void put(one, false)}
                    >
                      {t("data.withdraw")}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
          {data.history.length > 0 && (
            <details class="more card">
              <summary>{t("data.history")}</summary>
              <ul class="stack tight history">
                {data.history.map((one, i) => (
                  <li key={i} class="small">
                    <strong>{consentName(one)}</strong>
                    <br />
                    {t(one.given ? "data.given" : "data.withdrawn", {
                      when: showMoment(one.at_ms),
                    })}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Section>
  );
}

export function Copy() {
  return (
    <Section id="copy" title={t("data.copy")}>
      <p>{t("data.copy_lead")}</p>
    </Section>
  );
}
