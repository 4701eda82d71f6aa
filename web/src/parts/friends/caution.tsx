import { t } from "../../lib/text.ts";
import { Notice } from "../../kit/parts.tsx";

/** Stands wherever somebody's request can be accepted. */
export function StrangerCaution() {
  return (
    <Notice icon="shield">
      <p>{t("friends.stranger")}</p>
    </Notice>
  );
}
