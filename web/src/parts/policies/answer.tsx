import { t } from "../../lib/text.ts";
import { Button } from "../../kit/parts.tsx";
import { answer, type Asked } from "./policies.ts";

/** Yes, no, or what follows from a no: nobody is kept here. */
export function Answer({ one }: { one: Asked }) {
  if (one.answer === "agreed" || one.answer === "seen") return null;
  const terms = one.kind === "terms";
  return (
    <div class="stack tight">
      {one.answer === "declined" && (
        <>
          <p>{t("policies.declined")}</p>
          <ul>
            <li>
              <a href="/settings/data">{t("policies.data")}</a>
            </li>
            <li>
              <a href="/settings/close">{t("policies.leave")}</a>
            </li>
          </ul>
        </>
      )}
      <div class="row">
        <Button kind="main" onClick={() => void answer(one, terms ? "agreed" : "seen")}>
          {t(terms ? "policies.agree" : "policies.read")}
        </Button>
        {terms && one.answer === null && (
          <Button kind="line" onClick={() => void answer(one, "declined")}>
            {t("policies.decline")}
          </Button>
        )}
      </div>
    </div>
  );
}
