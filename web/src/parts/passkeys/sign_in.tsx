import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../../lib/api.ts";
import { offerPasskeys, passkeysMissing, signInByPasskey } from "./passkey.ts";
import { t } from "../../lib/text.ts";
import { CLOSED } from "../sessions/closed.tsx";
import { PasskeyButton } from "./ways.tsx";
import { Notice } from "../../kit/parts.tsx";

/**
 * Signing in by a passkey: a button, and the browser's own offer at a field with
 * autocomplete "username webauthn". `done` is called when the session stands, `closed` when
 * the account has to be opened first: `open` asks for the passkey again and does that.
 */
export function PasskeySignIn({
  remember,
  done,
  closed,
}: {
  remember: boolean;
  done: () => Promise<void>;
  closed: (why: string, open: () => Promise<void>) => void;
}) {
  const missing = passkeysMissing();
  const [offered, setOffered] = useState("");
  const kept = useRef(remember);
  kept.current = remember;
  const stop = useRef<() => void>(() => undefined);
  /* Was it no because the account is closed?  Then this ends here. */
  const isClosed = (error: unknown): boolean => {
    if (!(error instanceof Refused) || error.code !== CLOSED) return false;
    stop.current();
    closed(error.message, async () => {
      await signInByPasskey(kept.current, true);
      await done();
    });
    return true;
  };
  const failed = (error: unknown) => {
    if (isClosed(error)) return;
    setOffered(error instanceof Refused ? error.message : t("app.unreachable"));
  };
  const listen = () => {
    stop.current = offerPasskeys(() => kept.current, done, failed);
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
      if (isClosed(error)) return;
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
