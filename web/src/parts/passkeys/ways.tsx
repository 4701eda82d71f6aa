import { useEffect, useRef } from "preact/hooks";
import { Refused } from "../../lib/api.ts";
import { passSecondByPasskey, proveByPasskey } from "./passkey.ts";
import { t } from "../../lib/text.ts";
import { useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { Button } from "../../kit/parts.tsx";

/** A button that asks the browser for a passkey, and what it said no with. */
export function PasskeyButton({
  text,
  ask,
  focus,
}: {
  text: string;
  ask: () => Promise<void>;
  focus?: boolean;
}) {
  const form = useForm();
  const row = useRef<HTMLDivElement>(null);
  const fault = form.faults[""];
  useEffect(() => {
    if (focus) row.current?.querySelector("button")?.focus();
  }, []);
  return (
    <div class="stack">
      {fault && (
        <div class="notice bad" role="alert">
          <Icon name="alert" />
          <p>{fault}</p>
        </div>
      )}
      <div class="row" ref={row}>
        <Button kind="main" icon="key" busy={form.busy} onClick={() => void form.run(ask)}>
          {text}
        </Button>
      </div>
    </div>
  );
}

/** A way of the dialog before risky acts. */
export function ProveByPasskey({ done }: { done: () => void }) {
  const ask = async () => {
    await proveByPasskey();
    done();
  };
  return <PasskeyButton text={t("passkey.use")} ask={ask} focus />;
}

/** A way of the second step of signing in. */
export function SecondByPasskey({
  ticket,
  over,
  done,
}: {
  ticket: string;
  over: (why: string) => void;
  done: () => Promise<void>;
}) {
  const ask = async () => {
    try {
      await passSecondByPasskey(ticket);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "tickets.gone") throw error;
      return over(t("second.over"));
    }
    await done();
  };
  return <PasskeyButton text={t("passkey.use")} ask={ask} focus />;
}
