import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Copy } from "../../kit/copy.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { later } from "../../kit/toast.tsx";

const USES = "1";
const DAYS = "7";

export function Invites() {
  const { data, failed, again, set } = useLoad("GET /api/invites", {});
  const form = useForm();
  const [uses, setUses] = useState(USES);
  const [days, setDays] = useState(DAYS);
  const [fresh, setFresh] = useState<string | null>(null);
  const submit = async () => {
    const made = await send("POST /api/invites", { uses: Number(uses), days: Number(days) });
    setFresh(`${location.origin}/join/${made.code}`);
    again();
  };
  return (
    <>
      <Form state={form} submit={submit} button={t("inviting.create")} icon="plus">
        <div class="pair">
          <Field
            form={form}
            name="uses"
            label={t("inviting.uses")}
            type="number"
            min={1}
            value={uses}
            set={setUses}
            required
          />
          <Field
            form={form}
            name="days"
            label={t("inviting.days")}
            type="number"
            min={1}
            value={days}
            set={setDays}
            required
          />
        </div>
      </Form>
      {fresh && (
        <Notice kind="good" icon="link">
          <p>{t("inviting.fresh")}</p>
          <code class="code">{fresh}</code>
          <Copy text={fresh} />
        </Notice>
      )}
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : data.items.length === 0 ? (
        <Empty icon="link" title={t("inviting.none")} />
      ) : (
        <ul class="table">
          {data.items.map((one) => (
            <li key={one.id}>
              <div class="grow">
                <strong>{t("inviting.left", { n: one.uses_left })}</strong>
                <p class="mute small">
                  {t("inviting.made", { when: showMoment(one.created_ms) })} ·{" "}
                  {t("inviting.ends", { when: showMoment(one.ends_ms) })}
                </p>
              </div>
              <Button
                kind="line slim"
                onClick={() => {
                  const before = data;
                  set((old) => ({
                    ...old,
                    items: old.items.filter((other) => other.id !== one.id),
                  }));
                  later(
                    t("inviting.ending"),
                    () => send("DELETE /api/invites/{id}", { id: one.id }),
                    () => set(() => before),
                  );
                }}
              >
                {t("inviting.end")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
