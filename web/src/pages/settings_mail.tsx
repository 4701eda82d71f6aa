import { send } from "../api.ts";
import { showDay, t } from "../text.ts";
import { Switch } from "../ui/choices.tsx";
import { useLoad } from "../ui/load.ts";
import { Failed, Loading, Notice } from "../ui/parts.tsx";
import { Section } from "../ui/section.tsx";
import { complain } from "../ui/toast.tsx";

/** Change e-mail preferences: a switch a kind; what the account needs has none. */
export function MailSwitches() {
  const { data, failed, again, set } = useLoad("GET /api/me/mail", {});
  const show = (topic: string, wanted: boolean) =>
    set((old) => ({
      ...old,
      topics: old.topics.map((one) => (one.topic === topic ? { ...one, wanted } : one)),
    }));
  const put = async (topic: string, wanted: boolean) => {
    show(topic, wanted);
    try {
      await send("PUT /api/me/mail/{topic}", { topic, wanted });
    } catch (error) {
      show(topic, !wanted);
      complain(error);
    }
  };
  return (
    <Section id="preferences" title={t("mail_page.switches")} lead={t("mail_page.switches_lead")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={4} />
      ) : (
        <>
          {data.undeliverable && (
            <Notice kind="bad">
              <p>{t("mail_page.undeliverable", { when: showDay(data.since_ms) })}</p>
              <p>
                <a href="/settings/sign-in#email">{t("mail_page.to_address")}</a>
              </p>
            </Notice>
          )}
          <div class="switches">
            {data.topics.map((one) => (
              <Switch
                key={one.topic}
                label={one.text}
                hint={one.words ?? undefined}
                on={one.wanted}
                set={(on) => void put(one.topic, on)}
              />
            ))}
          </div>
          <Notice>
            <p>{t("mail_page.necessary")}</p>
          </Notice>
        </>
      )}
    </Section>
  );
}
