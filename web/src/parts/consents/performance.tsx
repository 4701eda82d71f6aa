import { number, percent, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

const METRICS = {
  frames: "performance_page.frames",
  load: "performance_page.load",
  memory: "performance_page.memory",
  network: "performance_page.network",
  quality: "performance_page.quality",
};

/** How the 3D view ran for those who agreed to say so: sums, never people. */
export function Performance() {
  const { data, failed, again } = useLoad("GET /api/admin/performance", {});
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading />;
  return (
    <Section id="performance" title={t("performance_page.title")} lead={t("performance_page.lead")}>
      {data.items.length === 0 ? (
        <Empty icon="info" title={t("performance_page.none")} />
      ) : (
        Object.entries(METRICS).map(([metric, text]) => {
          const rows = data.items.filter((row) => row.metric === metric);
          const all = rows.reduce((sum, row) => sum + row.count, 0);
          return (
            <table key={metric} class="sums">
              <caption>{t(text)}</caption>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.bucket}>
                    <th scope="row">{row.bucket}</th>
                    <td>{number(row.count)}</td>
                    <td>{percent(row.count / all)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        })
      )}
    </Section>
  );
}
