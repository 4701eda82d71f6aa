import { useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import { send } from "../../lib/api.ts";
import { place } from "../../lib/router.ts";
import { me, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { ownPath, setOut, type Purpose } from "../../lib/trip.ts";
import { Check, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading, Notice } from "../../kit/parts.tsx";
import { ThirdParty } from "./third_party.tsx";
import { NotFound } from "../../kit/not_found.tsx";

const purposeOf = (text: string | null): Purpose =>
  me.value && (text === "link" || text === "prove") ? text : "sign-in";

/** What will be shared with whom, before anybody is contacted: only the button does that. */
export function Provider({ params }: PageProps) {
  const { data, failed, again } = useLoad("GET /api/providers", {});
  const [remember, setRemember] = useState(false);
  const form = useForm();
  const query = new URLSearchParams(place.value.search);
  const purpose = purposeOf(query.get("for"));
  const one = data?.items.find((row) => row.id === params.provider);
  if (failed) return <Failed retry={again} />;
  if (!data)
    return (
      <div class="page">
        <Loading />
      </div>
    );
  if (!one) return <NotFound />;
  const { name, host } = one;
  const to = ownPath(query.get("to"), purpose === "sign-in" ? "/rooms" : "/settings/sign-in");
  const leave = () =>
    form.run(async () => {
      const provider = one.id;
      const { url } =
        purpose === "link"
          ? await send("POST /api/providers/{provider}/link", { provider })
          : purpose === "prove"
            ? await send("POST /api/providers/{provider}/prove", { provider })
            : await send("POST /api/providers/{provider}/sign-in", { provider, remember });
      setOut({ provider, name, purpose, to, remember });
      location.assign(url);
    });
  const fault = Object.values(form.faults)[0];
  const titles: Record<Purpose, string> = {
    "sign-in": t("provider.title", { name }),
    link: t("provider.title_link", { name }),
    prove: t("provider.title_prove", { name }),
  };
  return (
    <Page title={titles[purpose]} lead={t("provider.lead", { name })}>
      <ThirdParty
        party={{
          name,
          host,
          learns: one.learns ?? t("provider.learns", { site: site.value?.name ?? "" }),
          gets: one.gets ?? t("provider.gets", { name }),
          terms: one.terms_url,
          privacy: one.privacy_url,
        }}
        button={t("provider.go", { name })}
        busy={form.busy}
        go={() => void leave()}
      >
        {purpose === "sign-in" && (
          <Check
            label={t("sign_in.remember")}
            hint={t("sign_in.remember_hint")}
            checked={remember}
            set={setRemember}
          />
        )}
        {fault && (
          <div role="alert">
            <Notice kind="bad">
              <p>{fault}</p>
            </Notice>
          </div>
        )}
      </ThirdParty>
      <p>
        <a href={purpose === "sign-in" ? "/sign-in" : to}>{t("provider.not")}</a>
      </p>
    </Page>
  );
}
