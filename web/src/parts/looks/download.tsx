import { useState } from "preact/hooks";
import { Button, Notice } from "../../kit/parts.tsx";
import { number, t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import type { NoFile, Stage } from "./take_along.ts";

/* It says nothing of whose it is to who sees the folder. */
const FILE = "look.vrm";
const MB = 1024 * 1024;

function save(bytes: Uint8Array) {
  const url = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "model/gltf-binary" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: FILE });
  link.click();
  URL.revokeObjectURL(url);
}

type State =
  | { is: "idle" }
  | { is: "busy"; stage: Stage }
  | { is: "done"; megabytes: number; left: string[]; seated: boolean }
  | { is: "failed"; why: NoFile };

/** The look that is being made, for other worlds: one's own, of whom nobody else has a button. */
export function Download({ recipe, catalogue }: { recipe: Recipe; catalogue: Catalogue }) {
  const [state, setState] = useState<State>({ is: "idle" });
  const take = async () => {
    setState({ is: "busy", stage: "shape" });
    try {
      const { takeAlong } = await import("./take_along.ts");
      const { bytes, left, seated } = await takeAlong(recipe, catalogue, (stage) =>
        setState({ is: "busy", stage }),
      );
      save(bytes);
      const megabytes = Math.round((bytes.length / MB) * 10) / 10;
      setState({ is: "done", megabytes, left, seated });
    } catch (error) {
      const { why = "parts" } = error as { why?: NoFile };
      if (why === "parts") console.warn("look", error);
      setState({ is: "failed", why });
    }
  };
  return (
    <details class="look-group">
      <summary>{t("look.take_title")}</summary>
      <div class="stack tight">
        <p class="hint" id="look-take">
          {t("look.take_text")}
        </p>
        <div class="row">
          <Button
            kind="line"
            busy={state.is === "busy"}
            aria-describedby="look-take"
            onClick={() => void take()}
          >
            {t("look.take_button")}
          </Button>
        </div>
        <div role="status" class="stack tight">
          {state.is === "busy" && <p class="mute">{t(`look.take_${state.stage}`)}</p>}
          {state.is === "done" && (
            <>
              <p>{t("look.take_done", { file: FILE, size: number(state.megabytes) })}</p>
              {state.left.length > 0 && (
                <p>{t("look.take_left", { things: state.left.join(", ") })}</p>
              )}
              {state.seated && <p>{t("look.take_seat")}</p>}
            </>
          )}
          {state.is === "failed" && (
            <Notice kind="bad">
              <p>{t(`look.take_no_${state.why}`)}</p>
            </Notice>
          )}
        </div>
      </div>
    </details>
  );
}
