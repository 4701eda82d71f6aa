import { send, type Out } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Choices, Switch } from "../../kit/choices.tsx";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { WayCards } from "../../kit/way_cards.tsx";

type Choice = Out<"GET /api/me/contact">;
const WHO: Choice["messages"][] = ["everyone", "friends", "nobody"];

/** "Friends & user settings": who may come near, and the way to the list of the blocked. */
export function Contact() {
  const { data, failed, again, set } = useLoad("GET /api/me/contact", {});
  const change = (wish: Partial<Choice>) => {
    const before = data!;
    const after = { ...before, ...wish };
    set(() => after);
    send("PUT /api/me/contact", after).catch((error: unknown) => {
      set(() => before);
      complain(error);
    });
  };
  const who = WHO.map((value) => ({ value, label: t(`contact.${value}`) }));
  return (
    <Section id="people" title={t("contact.title")} lead={t("contact.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={3} />
      ) : (
        <>
          <Choices
            legend={t("contact.messages")}
            hint={t("contact.messages_hint")}
            options={who}
            value={data.messages}
            set={(messages) => change({ messages: messages as Choice["messages"] })}
          />
          <Choices
            legend={t("contact.join_me")}
            hint={t("contact.join_me_hint")}
            options={who}
            value={data.join_me}
            set={(join_me) => change({ join_me: join_me as Choice["join_me"] })}
          />
          <Choices
            legend={t("contact.findable")}
            hint={t("contact.findable_hint")}
            options={who}
            value={data.findable}
            set={(findable) => change({ findable: findable as Choice["findable"] })}
          />
          <div class="switches">
            <Switch
              label={t("contact.invisible")}
              hint={t("contact.invisible_hint")}
              on={data.invisible}
              set={(invisible) => change({ invisible })}
            />
          </div>
        </>
      )}
      <WayCards
        ways={[
          {
            icon: "userMinus",
            href: "/settings/privacy/blocked",
            title: t("blocks.manage"),
            line: t("blocks.manage_line"),
          },
        ]}
      />
    </Section>
  );
}
