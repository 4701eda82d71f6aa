import { useEffect, useRef, useState } from "preact/hooks";
import { offerPasskeys, passkeysMissing, signInByPasskey } from "../passkey.ts";
import { t } from "../text.ts";
import { PasskeyButton } from "./passkey_ways.tsx";
import { Notice } from "./parts.tsx";

/**
 * Signing in by a passkey: a button, and the browser's own offer at a field with
 * autocomplete "username webauthn". `done` is called when the session stands.
 */
export function PasskeySignIn({
  remember,
  done,
}: {
  remember: boolean;
  done: () => Promise<void>;
}) {
  const missing = passkeysMissing();
  const [offered, setOffered] = useState("");
  const kept = useRef(remember);
  kept.current = remember;
  const stop = useRef<() => void>(() => undefined);
  const listen = () => {
    stop.current = offerPasskeys(() => kept.current, done, setOffered);
  };
  useEffect(() => {
    listen();
    return () => stop.current();
  }, []);
  const ask = async () => {
    stop.current();
    setOffered("");
    try {
      await signInByPasskey(kept.current);
    } catch (error) {
      listen();
      throw error;
    }
    await done();
  };
  if (missing) return <p class="mute small">{t(missing)}</p>;
  return (
    <div class="stack">
      {offered && (
        <Notice kind="bad">
          <p role="alert">{offered}</p>
        </Notice>
      )}
      <PasskeyButton text={t("passkey.sign_in")} ask={ask} />
    </div>
  );
}
