import { useEffect, useState } from "preact/hooks";
import { assetJson } from "../../lib/assets.ts";
import { t } from "../../lib/text.ts";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";

interface Credit {
  item: string;
  author: string;
  licence: string;
  source: string;
}
interface Package {
  name: string;
  version: string;
  licence: string;
  text: string;
}
/** What one maker gave to looks: ids of the catalogue. */
interface OfLooks {
  author: string;
  licence: string;
  source: string;
  base: boolean;
  patterns: string[];
  slots: { slot: string; items: string[] }[];
}
interface CreditsData {
  assets: Credit[];
  looks: OfLooks[];
  packages: Package[];
}

export function Credits() {
  const [data, setData] = useState<CreditsData | null>(null);
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    assetJson<CreditsData>("credits.json").then(setData, () => setFailed(true));
  };
  useEffect(load, []);
  return (
    <Page wide title={t("nav.credits")} lead={t("credits.lead")}>
      {failed ? (
        <Failed retry={load} />
      ) : !data ? (
        <Loading />
      ) : (
        <>
          <section class="stack tight" aria-labelledby="credit-assets">
            <h2 id="credit-assets">{t("credits.assets")}</h2>
            <div class="scroll-x" tabIndex={0} role="group" aria-labelledby="credit-assets">
              <table lang="en">
                <thead>
                  <tr>
                    <th>{t("credits.item")}</th>
                    <th>{t("credits.author")}</th>
                    <th>{t("credits.licence")}</th>
                    <th>{t("credits.source")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.assets.map((row, i) => (
                    <tr key={i}>
                      <td>{row.item}</td>
                      <td>{row.author}</td>
                      <td>{row.licence}</td>
                      <td>{row.source}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
          <Looks looks={data.looks} />
          <section class="stack tight" aria-labelledby="credit-packages">
            <h2 id="credit-packages">{t("credits.packages")}</h2>
            {data.packages.map((one) => (
              <details key={one.name} class="more card" lang="en">
                <summary>
                  {one.name} {one.version} · {one.licence}
                </summary>
                <pre>{one.text}</pre>
              </details>
            ))}
          </section>
        </>
      )}
    </Page>
  );
}

/** Everything that somebody can wear or be, by name, and whose work it is. */
function Looks({ looks }: { looks: OfLooks[] }) {
  const named = (kind: string, ids: string[]) => ids.map((id) => t(`${kind}.${id}`)).join(", ");
  return (
    <section class="stack tight" aria-labelledby="credit-looks">
      <h2 id="credit-looks">{t("credits.looks")}</h2>
      {looks.map(({ author, licence, source, base, patterns, slots }) => (
        <details key={author} class="more card">
          <summary>
            <span lang="en">
              {author} · {licence}
            </span>
          </summary>
          <div class="stack tight">
            <p>
              {t("credits.source")}: <span lang="en">{source}</span>
            </p>
            <dl class="stack tight">
              {base && (
                <div>
                  <dt class="mute">{t("credits.base")}</dt>
                  <dd>{t("credits.base_parts")}</dd>
                </div>
              )}
              {slots.map(({ slot, items }) => (
                <div key={slot}>
                  <dt class="mute">{t(`look_slot.${slot}`)}</dt>
                  <dd>{named("look_item", items)}</dd>
                </div>
              ))}
              {patterns.length > 0 && (
                <div>
                  <dt class="mute">{t("credits.patterns")}</dt>
                  <dd>{named("look_pattern", patterns)}</dd>
                </div>
              )}
            </dl>
          </div>
        </details>
      ))}
    </section>
  );
}
