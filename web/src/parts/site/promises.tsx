import { useEffect, useState } from "preact/hooks";
import { assetJson } from "../../lib/assets.ts";
import { language, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";

interface Claim {
  id: string;
  text: { en: string; id: string };
  tests: { title: string; file: string }[];
}

/** The claims by the first letters of their ids, in the order of the list. */
function parts(claims: Claim[]): [part: string, claims: Claim[]][] {
  const found = new Map<string, Claim[]>();
  for (const one of claims) {
    const part = one.id.slice(0, 3).toLowerCase();
    found.set(part, [...(found.get(part) ?? []), one]);
  }
  return [...found];
}

function Row({ claim }: { claim: Claim }) {
  const proved = claim.tests.length > 0;
  return (
    <li id={claim.id}>
      <Icon name={proved ? "check" : "minus"} />
      <div class="grow stack tight">
        <p>{claim.text[language.value]}</p>
        {proved ? (
          <details class="more small">
            <summary>{t("promises.proved", { n: claim.tests.length })}</summary>
            <ul class="proofs" lang="en">
              {claim.tests.map(({ title, file }) => (
                <li key={file + title}>
                  {title} <span class="mute">({file})</span>
                </li>
              ))}
            </ul>
          </details>
        ) : (
          <p class="mute small">{t("promises.not_yet")}</p>
        )}
      </div>
      <span class="mute small">{claim.id}</span>
    </li>
  );
}

/** What this server promises, each sentence with the tests of this version that prove it. */
export function Promises() {
  const [claims, setClaims] = useState<Claim[] | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    assetJson<Claim[]>("promises.json").then(setClaims, () => setFailed(true));
  };
  useEffect(load, []);
  const proved = claims?.filter((one) => one.tests.length > 0).length ?? 0;
  return (
    <Page title={t("promises.title")} lead={t("promises.lead")}>
      {failed ? (
        <Failed retry={load} />
      ) : !claims ? (
        <Loading />
      ) : (
        <>
          <p>{t("promises.count", { n: proved, all: claims.length })}</p>
          {parts(claims).map(([part, rows]) => (
            <section key={part} class="stack tight" aria-labelledby={`part-${part}`}>
              <h2 id={`part-${part}`}>{t(`promises.${part}`)}</h2>
              <ul class="table">
                {rows.map((claim) => (
                  <Row key={claim.id} claim={claim} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </Page>
  );
}
