import { useEffect, useRef } from "preact/hooks";
import { offerPasskeys, passkeysMissing, signInByPasskey } from "../passkey.ts";
import { t } from "../text.ts";
import { useForm } from "./form.tsx";
import { Icon } from "./icons.tsx";
import { Button } from "./parts.tsx";

/**
 * Signing in by a passkey: a button, and the browser's own offer at a field with
 * autocomplete "username webauthn". `done` is called when the session stands.
 */
export function PasskeySignIn({ remember, done }: { remember: boolean; done: () => void }) {
  const form = useForm();
  const missing = passkeysMissing();
  const kept = useRef(remember);
  kept.current = remember;
  const stop = useRef<() => void>(() => undefined);
  const listen = () => {
    stop.current = offerPasskeys(
      () => kept.current,
      done,
      (error) =>
        void form.run(async () => {
          throw error;
        }),
    );
  };
  useEffect(() => {
    listen();
    return () => stop.current();
  }, []);
  const ask = async () => {
    stop.current();
    try {
      await signInByPasskey(kept.current);
    } catch (error) {
      listen();
      throw error;
    }
    done();
  };
  const fault = form.faults[""];
  return (
    <div class="stack">
      {missing ? (
        <p class="mute small">{t(missing)}</p>
      ) : (
        <div class="row">
          <Button kind="main" icon="key" busy={form.busy} onClick={() => void form.run(ask)}>
            {t("passkey.sign_in")}
          </Button>
        </div>
      )}
      {fault && (
        <div class="notice bad" role="alert">
          <Icon name="alert" />
          <p>{fault}</p>
        </div>
      )}
    </div>
  );
}
