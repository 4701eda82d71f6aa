import { useState } from "preact/hooks";
import { Refused, send } from "../../lib/api.ts";
import { showDay, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";

/** The outside accounts that one signs in with, and those that one could. */
export function Providers() {
  const linked = useLoad("GET /api/me/providers", {});
  const offered = useLoad("GET /api/providers", {});
  const [busy, setBusy] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  if (linked.data?.items.length === 0 && offered.data?.items.length === 0) return null;
  const others = offered.data?.items.filter(
    (one) => !linked.data?.items.some((own) => own.provider === one.id),
  );
  const unlink = async (provider: string, name: string) => {
    setBusy(provider);
    setSaid(null);
    try {
      await send("DELETE /api/me/providers/{provider}", { provider });
      linked.set((old) => ({ items: old.items.filter((one) => one.provider !== provider) }));
      toast(t("provider.unlinked", { name }));
    } catch (error) {
      if (error instanceof Refused) setSaid(error.message);
      else complain(error);
    } finally {
      setBusy(null);
    }
  };
  return (
    <Section id="providers" title={t("provider.settings")} lead={t("provider.settings_lead")}>
      {said && (
        <div role="alert">
          <Notice kind="bad">
            <p>{said}</p>
          </Notice>
        </div>
      )}
      {linked.failed || offered.failed ? (
        <Failed
          retry={() => {
            linked.again();
            offered.again();
          }}
        />
      ) : !linked.data || !others ? (
        <Loading rows={1} />
      ) : (
        <ul class="table">
          {linked.data.items.map(({ provider, name, since_ms, used_ms }) => (
            <li key={provider}>
              <Icon name="link" />
              <div class="grow">
                <strong>{name}</strong> <span class="tag good">{t("provider.is_linked")}</span>
                <p class="mute small">
                  {t("provider.since", { since: showDay(since_ms), used: showDay(used_ms) })}
                </p>
              </div>
              <Button
                kind="line slim"
                busy={busy === provider}
                aria-label={t("provider.unlink_name", { name })}
                onClick={() => void unlink(provider, name)}
              >
                {t("provider.unlink")}
              </Button>
            </li>
          ))}
          {others.map(({ id, name, host }) => (
            <li key={id}>
              <Icon name="globe" />
              <div class="grow">
                <strong>{name}</strong>
                <p class="mute small">{host}</p>
              </div>
              <a
                class="button line slim"
                href={`/sign-in/with/${id}?for=link&to=/settings/sign-in`}
                aria-label={t("provider.link_name", { name })}
              >
                {t("provider.link")}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
