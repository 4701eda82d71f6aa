import { t } from "../../lib/text.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { Button, Notice } from "../../kit/parts.tsx";

/** What the server says no with when the owner has closed the account, and it is not erased yet. */
export const CLOSED = "sessions.closed";

/** Shall it be opened again? `open` signs in once more, with `reopen`. */
export function Closed({
  why,
  open,
  leave,
}: {
  why: string;
  open: () => Promise<void>;
  leave: () => void;
}) {
  const form = useForm();
  return (
    <Form state={form} submit={open} button={t("closed.open")} icon="check">
      <Notice>
        <h2>{t("closed.title")}</h2>
        <p role="status">{why}</p>
        <div class="row">
          <Button kind="line slim" onClick={leave}>
            {t("closed.leave")}
          </Button>
        </div>
      </Notice>
    </Form>
  );
}
