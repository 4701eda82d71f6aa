import { t } from "../../lib/text.ts";

/**
 * For whoever asked a parent and comes again. Not at the question of age, where it would say which answer
 * asks less.
 */
export function WayBack() {
  return (
    <p>
      {t("waiting.back")} <a href="/waiting">{t("waiting.back_link")}</a>
    </p>
  );
}
