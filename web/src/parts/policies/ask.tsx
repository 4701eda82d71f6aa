import { Dialog } from "../../kit/dialog.tsx";
import { t } from "../../lib/text.ts";
import { Answer } from "./answer.tsx";
import { askLater, pathOf, type Asked } from "./policies.ts";
import { since } from "./words.ts";

/** A new version, where somebody has not said anything to it. */
export function Ask({ what: one }: { what: Asked }) {
  return (
    <Dialog title={t(`policies.new_${one.kind}`)} close={askLater} firm>
      <div class="stack" key={pathOf(one)}>
        <p>{since(one)}</p>
        {one.changes && (
          <blockquote dir="auto" class="policy-changes">
            {one.changes}
          </blockquote>
        )}
        <p>
          <a href={pathOf(one)} onClick={askLater}>
            {t("policies.whole")}
          </a>
        </p>
        <Answer one={one} />
        <p class="small mute">{t("policies.no_consent")}</p>
      </div>
    </Dialog>
  );
}
