import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Switch } from "../../kit/choices.tsx";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";

/** Whether others see how far one has read, and the other way round. */
export function ReadMarks() {
  const { data, failed, again, set } = useLoad("GET /api/me/messages", {});
  const change = (show_read: boolean) => {
    set(() => ({ show_read }));
    send("PUT /api/me/messages", { show_read }).catch((error: unknown) => {
      set(() => ({ show_read: !show_read }));
      complain(error);
    });
  };
  return (
    <Section id="messages" title={t("nav.messages")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : (
        <div class="switches">
          <Switch
            label={t("talk.show_read")}
            hint={t("talk.show_read_hint")}
            on={data.show_read}
            set={change}
          />
        </div>
      )}
    </Section>
  );
}
