import { site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";

/** What everybody who registers agrees to, where the operator has terms. */
export function TermsLine() {
  if (!site.value?.terms) return null;
  return (
    <p class="small">
      {t("terms.agree")}{" "}
      <a href="/terms" target="_blank">
        {t("terms.title")}
      </a>
    </p>
  );
}
