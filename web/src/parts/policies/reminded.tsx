import type { VNode } from "preact";
import { t } from "../../lib/text.ts";
import { Answer } from "./answer.tsx";
import { pathOf, refused } from "./policies.ts";

export function Refused({ later }: { later: VNode }) {
  const one = refused.value;
  if (!one) return null;
  return (
    <>
      <Answer one={one} />
      <div class="row">
        <a href={pathOf(one)}>{t("policies.whole")}</a>
        {later}
      </div>
    </>
  );
}
