import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { language, t } from "../../lib/text.ts";
import { Password, type FormState } from "../../kit/form.tsx";
import { Button } from "../../kit/parts.tsx";

/** NIST SP 800-63B-4 without a second factor; the server counts the same way. */
const LEAST = 15;

export const passwordFault = (password: string, least = LEAST): string | null =>
  [...password].length < least ? t("password.short", { n: least }) : null;

/** A new password: a passphrase to take over, or one's own. */
export function NewPassword({
  form,
  value,
  set,
  least = LEAST,
}: {
  form: FormState;
  value: string;
  set: (password: string) => void;
  /** Fewer code points will do where signing in takes two steps. */
  least?: number;
}) {
  const [offer, setOffer] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    send("GET /api/passphrase", { language: language.value }).then(
      ({ passphrase }) => current && setOffer(passphrase),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [round]);
  return (
    <div class="stack tight">
      <Password
        form={form}
        name="password"
        label={t("password.new")}
        value={value}
        set={set}
        autocomplete="new-password"
        required
        hint={t("password.rules", { n: least })}
      />
      {offer && (
        <div class="offer">
          <div>
            <span class="hint">{t("password.offer")}</span>
            <strong class="phrase">{offer}</strong>
          </div>
          <div class="row">
            <Button
              kind="line slim"
              icon="check"
              onClick={() => {
                form.clear("password");
                set(offer);
              }}
            >
              {t("password.take")}
            </Button>
            <Button kind="slim" icon="refresh" onClick={() => setRound(round + 1)}>
              {t("password.another")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
