import { useState } from "preact/hooks";
import { send, type Item } from "../api.ts";
import { countryName } from "../countries.ts";
import { showMoment, t } from "../text.ts";
import { Form, Password, useForm } from "../ui/form.tsx";
import { Icon } from "../ui/icons.tsx";
import { useLoad } from "../ui/load.ts";
import { NewPassword, passwordFault } from "../ui/new_password.tsx";
import { Button, Failed, Loading } from "../ui/parts.tsx";
import { later, toast } from "../ui/toast.tsx";

type Session = Item<"GET /api/sessions">;

export function Devices() {
  const { data, failed, again, set } = useLoad("GET /api/sessions", {});
  const others = data?.items.filter((one) => !one.current) ?? [];
  const end = (gone: Session[], text: string, act: () => Promise<unknown>) => {
    const before = data!;
    set((old) => ({ ...old, items: old.items.filter((one) => !gone.includes(one)) }));
    later(text, act, () => set(() => before));
  };
  return (
    <>
      <section class="stack" aria-labelledby="devices">
        <h2 id="devices">{t("devices.title")}</h2>
        {failed ? (
          <Failed retry={again} />
        ) : !data ? (
          <Loading />
        ) : (
          <ul class="table">
            {data.items.map((one) => (
              <li key={one.id}>
                <Icon name="monitor" />
                <div class="grow">
                  <strong>{one.device}</strong>{" "}
                  {one.current && <span class="tag good">{t("devices.this")}</span>}
                  <p class="mute small">
                    {[
                      one.country && countryName(one.country),
                      t("devices.used", { when: showMoment(one.used_ms) }),
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                </div>
                {!one.current && (
                  <Button
                    kind="line slim"
                    aria-label={t("devices.end_name", { name: one.device })}
                    onClick={() =>
                      end([one], t("devices.ending", { name: one.device }), () =>
                        send("DELETE /api/sessions/{id}", { id: one.id }),
                      )
                    }
                  >
                    {t("devices.end")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        {others.length > 1 && (
          <div class="row">
            <Button
              kind="line"
              onClick={() =>
                end(others, t("devices.ending_all"), () => send("DELETE /api/sessions", {}))
              }
            >
              {t("devices.end_all")}
            </Button>
          </div>
        )}
      </section>
      <ChangePassword />
    </>
  );
}

function ChangePassword() {
  const form = useForm();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const submit = async () => {
    const weak = passwordFault(password);
    if (!current) return form.fail({ current: t("sign_in.password_missing") });
    if (weak) return form.fail({ password: weak });
    await send("PUT /api/me/password", { current, password });
    setCurrent("");
    setPassword("");
    toast(t("password.changed"));
  };
  return (
    <section class="stack" aria-labelledby="password">
      <h2 id="password">{t("password.change")}</h2>
      <Form state={form} submit={submit} button={t("password.change")}>
        <Password
          form={form}
          name="current"
          label={t("password.current")}
          value={current}
          set={setCurrent}
          autocomplete="current-password"
          required
        />
        <NewPassword form={form} value={password} set={setPassword} />
      </Form>
    </section>
  );
}
