import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { may, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Copy } from "../../kit/copy.tsx";
import { Button, Notice } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";

/* For one person, as the page of invitations proposes. */
const USES = 1;
const DAYS = 7;

/**
 * In a world by invitation the link of a room is for members alone. Administrators get one with an
 * invitation in it; all others are told.
 */
export function InvitedLink({ url }: { url: string }) {
  const [made, setMade] = useState("");
  const [busy, setBusy] = useState(false);
  if (site.value?.registration !== "invite") return null;
  const make = async () => {
    setBusy(true);
    try {
      const { code } = await send("POST /api/invites", { uses: USES, days: DAYS });
      setMade(`${url}?invite=${code}`);
    } finally {
      setBusy(false);
    }
  };
  if (!may("invites")) return <p class="mute small">{t("inviting.members")}</p>;
  return (
    <>
      <p class="mute small">{t("inviting.to_room", { n: DAYS })}</p>
      <div class="row">
        <Button kind="line" icon="plus" busy={busy} onClick={() => void make().catch(complain)}>
          {t("inviting.to_room_make")}
        </Button>
      </div>
      <div role="status">
        {made && (
          <Notice kind="good" icon="link">
            <p>{t("inviting.fresh")}</p>
            <code class="code">{made}</code>
            <Copy key={made} text={made} />
          </Notice>
        )}
      </div>
    </>
  );
}
