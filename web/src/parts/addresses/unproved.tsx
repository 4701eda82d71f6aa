import type { VNode } from "preact";
import { send } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Button } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";

/** Another mail with the link, for whoever did not open it yet. */
export const mailAgain = () =>
  send("POST /api/me/email/verify", {}).then(() => toast(t("email.resent")), complain);

export function Unproved({ later }: { later: VNode }) {
  return (
    <>
      <p>{t("email.remind", { email: me.value?.email ?? "" })}</p>
      <div class="row">
        <Button kind="line slim" icon="mail" onClick={() => void mailAgain()}>
          {t("email.resend")}
        </Button>
        {later}
      </div>
    </>
  );
}
