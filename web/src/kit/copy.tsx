import { useState } from "preact/hooks";
import { t } from "../lib/text.ts";
import { Button } from "./parts.tsx";

export function Copy({ text }: { text: string }) {
  const [done, setDone] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => undefined,
    );
  };
  return (
    <div class="row">
      <Button kind="line slim" icon={done ? "check" : "copy"} onClick={copy}>
        {t(done ? "app.copied" : "app.copy")}
      </Button>
    </div>
  );
}
