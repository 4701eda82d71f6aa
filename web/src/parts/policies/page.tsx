import { useEffect, useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { languageName, language, t } from "../../lib/text.ts";
import { Select, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { NotFound } from "../../kit/not_found.tsx";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import type { PageProps } from "../../rows.ts";
import { Answer } from "./answer.tsx";
import { asked, pathOf, type Kind } from "./policies.ts";
import { since, title } from "./words.ts";

type Whole = Out<"GET /api/policies/{kind}/{number}">;

/** /terms: those in force. */
export const Terms = () => <Policy kind="terms" number={0} />;

export function PolicyPage({ params }: PageProps) {
  const { kind, number } = params;
  if (kind !== "terms" && kind !== "notice") return <NotFound />;
  if (number !== undefined && !/^[1-9]\d{0,8}$/.test(number)) return <NotFound />;
  return <Policy key={`${kind}${number}`} kind={kind} number={Number(number ?? 0)} />;
}

/** One version: the operator's own words, as they wrote them: plain text. */
function Policy({ kind, number }: { kind: Kind; number: number }) {
  const { data, failed, refused, again } = useLoad("GET /api/policies/{kind}/{number}", {
    kind,
    number,
  });
  const [other, setOther] = useState<Whole | null>(null);
  useEffect(() => setOther(null), [kind, number]);
  if (refused) return <NotFound />;
  const mine = data && asked.value?.find((one) => one.kind === kind && one.number === data.number);
  return (
    <Page title={title(kind)}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={6} />
      ) : (
        <div class="stack loose">
          <div class="stack tight">
            <p class="mute">{since(data)}</p>
            {data.language !== language.value && (
              <p class="mute">{t("policies.only_in", { language: languageName(data.language) })}</p>
            )}
            {data.changes && (
              <blockquote dir="auto" lang={data.language} class="policy-changes">
                {data.changes}
              </blockquote>
            )}
          </div>
          {mine && <Answer one={mine} />}
          {data.versions.length > 1 && <Compare whole={data} other={other} choose={setOther} />}
          {other ? (
            <Diff from={other} to={data} />
          ) : (
            <Words text={data.text} lang={data.language} />
          )}
          {data.versions.length > 1 && <Versions whole={data} />}
        </div>
      )}
    </Page>
  );
}

function Words({ text, lang }: { text: string; lang: string }) {
  return (
    <div class="stack" dir="auto" lang={lang}>
      {text.split(/(?:\r?\n[ \t]*){2,}/).map((part, at) => (
        <p key={at} class="prose">
          {part}
        </p>
      ))}
    </div>
  );
}

function Compare({
  whole,
  other,
  choose,
}: {
  whole: Whole;
  other: Whole | null;
  choose: (other: Whole | null) => void;
}) {
  const form = useForm();
  const load = (value: string) =>
    value
      ? send("GET /api/policies/{kind}/{number}", { kind: whole.kind, number: +value }).then(
          choose,
          complain,
        )
      : choose(null);
  return (
    <Select
      form={form}
      name="compare"
      label={t("policies.compare")}
      value={String(other?.number ?? "")}
      set={(value) => void load(value)}
      options={[
        { value: "", label: t("policies.compare_none") },
        ...whole.versions
          .filter(({ number }) => number !== whole.number)
          .map((one) => ({ value: String(one.number), label: since(one) })),
      ]}
    />
  );
}

interface Piece {
  value: string;
  added?: boolean;
  removed?: boolean;
}

/** What was taken out and what came in, word by word. */
function Diff({ from, to }: { from: Whole; to: Whole }) {
  const [pieces, setPieces] = useState<Piece[] | null>(null);
  useEffect(() => {
    let here = true;
    const [older, newer] = from.number < to.number ? [from, to] : [to, from];
    void import("./diff.ts").then(
      ({ diffWordsWithSpace }) =>
        here && setPieces(diffWordsWithSpace(older.text, newer.text, { timeout: 5000 }) ?? []),
      complain,
    );
    return () => void (here = false);
  }, [from, to]);
  if (!pieces) return <Loading rows={6} />;
  if (pieces.length === 0) return <p class="mute">{t("policies.too_different")}</p>;
  return (
    <div class="policy-diff prose" dir="auto" lang={to.language}>
      {pieces.map(({ value, added, removed }, at) =>
        added ? (
          <ins key={at}>
            <span class="unseen">{t("policies.added")} </span>
            {value}
          </ins>
        ) : removed ? (
          <del key={at}>
            <span class="unseen">{t("policies.removed")} </span>
            {value}
          </del>
        ) : (
          value
        ),
      )}
    </div>
  );
}

function Versions({ whole }: { whole: Whole }) {
  return (
    <section class="stack tight" aria-labelledby="versions">
      <h2 id="versions">{t("policies.versions")}</h2>
      <ul class="table">
        {whole.versions.map((one) => (
          <li key={one.number}>
            <div class="grow">
              {one.number === whole.number ? (
                <strong aria-current="page">{since(one)}</strong>
              ) : (
                <a href={pathOf(one)}>{since(one)}</a>
              )}
              {one.changes && (
                <p class="mute small" dir="auto">
                  {one.changes}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
