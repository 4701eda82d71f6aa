import { send, type Item } from "../../lib/api.ts";
import { countryName } from "../../lib/countries.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { later } from "../../kit/toast.tsx";
import { signedOut } from "../../lib/session.ts";

type Session = Item<"GET /api/sessions">;

export function Devices() {
  const { data, failed, again, set } = useLoad("GET /api/sessions", {});
  const others = data?.items.filter((one) => !one.current) ?? [];
  const end = (gone: Session[], text: string, act: () => Promise<unknown>) => {
    const before = data!;
    set((old) => ({ ...old, items: old.items.filter((one) => !gone.includes(one)) }));
    later(text, act, () => set(() => before));
  };
  const everywhere = () =>
    later(
      t("devices.leaving"),
      async () => {
        await send("DELETE /api/sessions/everywhere", {});
        signedOut();
      },
      () => undefined,
    );
  return (
    <Section id="devices" title={t("devices.title")} lead={t("devices.lead")}>
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
                    one.town,
                    one.country && countryName(one.country),
                    t("devices.used", { when: showMoment(one.used_ms) }),
                    one.proof !== "none" && t(`devices.by_${one.proof}`),
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
      <div class="row">
        {others.length > 1 && (
          <Button
            kind="line"
            onClick={() =>
              end(others, t("devices.ending_all"), () => send("DELETE /api/sessions", {}))
            }
          >
            {t("devices.end_all")}
          </Button>
        )}
        {data && (
          <Button kind="line" icon="logOut" onClick={everywhere}>
            {t("devices.everywhere")}
          </Button>
        )}
      </div>
    </Section>
  );
}
