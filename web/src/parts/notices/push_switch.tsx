import { useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { pushState, switchPushOff, switchPushOn } from "./push.ts";
import { t } from "../../lib/text.ts";
import { Switch } from "../../kit/choices.tsx";
import type { Loaded } from "../../kit/load.ts";
import { Button, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

export type Told = Out<"GET /api/me/notices">;

/** Pushes to this browser: explained first, asked for by a click. */
export function PushHere({
  told,
  change,
}: {
  told: Loaded<Told>;
  change: (wish: Partial<Told["choice"]>) => void;
}) {
  const [busy, setBusy] = useState(false);
  const { here, devices, choice } = told.data!;
  const state = pushState(here);
  const act = (run: () => Promise<unknown>) => () => {
    setBusy(true);
    run()
      .catch(complain)
      .finally(() => {
        setBusy(false);
        told.again();
      });
  };
  return (
    <Section id="push" title={t("push.title")} lead={t("push.lead")}>
      {state === "missing" ? (
        <Notice>
          <p>{t("push.missing")}</p>
        </Notice>
      ) : state === "denied" ? (
        <Notice kind="bad">
          <p>{t("push.denied")}</p>
        </Notice>
      ) : state === "on" ? (
        <Notice kind="good" icon="check">
          <p>{t("push.on")}</p>
        </Notice>
      ) : (
        <p>{t("push.off")}</p>
      )}
      <div class="row">
        {state === "off" && (
          <Button kind="main" icon="bell" busy={busy} onClick={act(switchPushOn)}>
            {t("push.switch_on")}
          </Button>
        )}
        {state === "on" && (
          <>
            <Button
              kind="line"
              busy={busy}
              onClick={act(async () => {
                await send("POST /api/push/test", {});
                toast(t("push.tested"));
              })}
            >
              {t("push.test")}
            </Button>
            <Button kind="line" busy={busy} onClick={act(switchPushOff)}>
              {t("push.switch_off")}
            </Button>
          </>
        )}
      </div>
      {devices > (here ? 1 : 0) && (
        <p class="mute small">{t("push.others", { n: devices - (here ? 1 : 0) })}</p>
      )}
      <div class="switches">
        <Switch
          label={t("push.names")}
          hint={t("push.names_hint")}
          on={choice.names}
          set={(names) => change({ names })}
        />
      </div>
    </Section>
  );
}
