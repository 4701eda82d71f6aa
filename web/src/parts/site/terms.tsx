import { site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";
import { NotFound } from "../../kit/not_found.tsx";

/** The operator's own words, as they wrote them: plain text. */
export function Terms() {
  return site.value?.terms ? <Text /> : <NotFound />;
}

function Text() {
  const { data, failed, again } = useLoad("GET /api/terms", {});
  return (
    <Page title={t("terms.title")}>
      {failed ? (
        <Failed retry={again} />
      ) : data ? (
        <div class="stack" dir="auto">
          {data.text
            .trim()
            .split(/(?:\r?\n[ \t]*){2,}/)
            .map((part, at) => (
              <p key={at} class="prose">
                {part}
              </p>
            ))}
        </div>
      ) : (
        <Loading rows={6} />
      )}
    </Page>
  );
}
