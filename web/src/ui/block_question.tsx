import { useEffect } from "preact/hooks";
import { blocking, decideBlock } from "../block.ts";
import { place } from "../router.ts";
import { t } from "../text.ts";
import { Dialog } from "./dialog.tsx";
import { Button } from "./parts.tsx";

/** Before a friend is blocked; empty until then. */
export function BlockQuestion() {
  useEffect(() => decideBlock(false), [place.value.path]); // whoever goes elsewhere did not say yes
  if (!blocking.value) return null;
  const { name } = blocking.value;
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
