import { site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";

/** What everybody who registers agrees to, where the operator has terms. */
export function TermsLine() {
  if (!site.value?.policies.some(({ kind }) => kind === "terms")) return null;
  return (
    <p class="small">
      {t("terms.agree")}{" "}
      <a href="/terms" target="_blank">
        {t("policies.title_terms")}
      </a>
    </p>
  );
}
