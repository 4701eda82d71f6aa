import { decideBlock, type Blocking } from "./block.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Button } from "../../kit/parts.tsx";

/** Before a friend is blocked. */
export function BlockQuestion({ what: { name } }: { what: Blocking }) {
  return (
    <Dialog title={t("blocks.friend", { name })} close={() => decideBlock(false)}>
      <div class="stack">
        <p>{t("blocks.friend_what", { name })}</p>
        <div class="row">
          <Button kind="bad" icon="ban" onClick={() => decideBlock(true)}>
            {t("blocks.block_name", { name })}
          </Button>
          <Button kind="line" onClick={() => decideBlock(false)}>
            {t("blocks.friend_keep")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
