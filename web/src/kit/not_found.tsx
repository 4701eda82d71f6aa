import { t } from "../lib/text.ts";
import { Page } from "./page.tsx";

export function NotFound() {
  return (
    <Page title={t("missing.title")} lead={t("missing.lead")}>
      <div class="row">
        <a class="button main" href="/">
          {t("missing.home")}
        </a>
      </div>
    </Page>
  );
}
