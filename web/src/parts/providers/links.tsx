import { t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";

/** The outside accounts that one may come in with; each leads to the page that says who learns what. */
export function ProviderLinks({ to = "" }: { to?: string }) {
  const { data } = useLoad("GET /api/providers", {});
  if (!data || data.items.length === 0) return null;
  return (
    <section class="stack" aria-label={t("provider.others")}>
      <p class="mute">{t("provider.or")}</p>
      <ul class="stack tight plain">
        {data.items.map(({ id, name }) => (
          <li key={id}>
            <a
              class="button line"
              href={`/sign-in/with/${id}${to ? `?to=${encodeURIComponent(to)}` : ""}`}
            >
              <Icon name="key" />
              {t("provider.continue", { name })}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Proving oneself leads away from here, so what was wanted is asked for once more afterwards. */
export function ByProvider() {
  const { data } = useLoad("GET /api/me/providers", {});
  const here = encodeURIComponent(location.pathname);
  return (
    <div class="stack tight">
      <p class="hint">{t("provider.prove_hint")}</p>
      {data?.items.map(({ provider, name }) => (
        <a
          key={provider}
          class="button line"
          target="_self"
          href={`/sign-in/with/${provider}?for=prove&to=${here}`}
        >
          <Icon name="key" />
          {t("provider.continue", { name })}
        </a>
      ))}
    </div>
  );
}
