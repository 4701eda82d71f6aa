import { useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { signedIn } from "../../lib/session.ts";
import { showDay, showTime, t } from "../../lib/text.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { NameField } from "../accounts/name_field.tsx";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

type State = Out<"GET /api/me/name">;

/** The avatar name: another one is held first, then taken. */
export function AvatarName() {
  const { data, failed, again } = useLoad("GET /api/me/name", {});
  return (
    <Section id="name" title={t("rename.title")} lead={t("rename.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : (
        <>
          <Change state={data} again={again} />
          {data.former.length > 0 && (
            <>
              <h3>{t("rename.former")}</h3>
              <ul class="table">
                {data.former.map((one) => (
                  <li key={one.until_ms}>
                    <div class="grow">
                      <strong>{one.name}</strong>
                      <p class="mute small">
                        {t("rename.worn", {
                          from: showDay(one.from_ms),
                          until: showDay(one.until_ms),
                        })}{" "}
                        {one.kept_until_ms > Date.now() &&
                          t("rename.kept", { day: showDay(one.kept_until_ms) })}
                      </p>
                    </div>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Section>
  );
}

function Change({ state, again }: { state: State; again: () => void }) {
  const form = useForm();
  const [name, setName] = useState("");
  if (state.change === "off")
    return (
      <Notice>
        <p>{t("rename.off")}</p>
      </Notice>
    );
  if (state.next_ms)
    return (
      <Notice>
        <p>{t("rename.next", { day: showDay(state.next_ms) })}</p>
      </Notice>
    );
  const hold = async () => {
    await send("POST /api/me/name/hold", { name: name.trim() });
    setName("");
    again();
  };
  const take = async () => {
    await send("POST /api/me/name", {});
    await signedIn();
    toast(t("rename.done", { name: state.held ?? "" }));
    again();
  };
  const drop = () => send("DELETE /api/me/name/hold", {}).then(again, complain);
  if (state.held)
    return (
      <Form state={form} submit={take} button={t("rename.take", { name: state.held })} icon="check">
        <Notice icon="check">
          <p role="status">
            {t("rename.held", { name: state.held, when: showTime(state.ends_ms) })}
          </p>
          <p>{t("rename.then")}</p>
          <div class="row">
            <Button kind="line slim" onClick={() => void drop()}>
              {t("rename.drop")}
            </Button>
          </div>
        </Notice>
      </Form>
    );
  return (
    <Form state={form} submit={hold} button={t("rename.hold")}>
      <NameField form={form} value={name} set={setName} />
    </Form>
  );
}
