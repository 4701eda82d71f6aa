import { useEffect } from "preact/hooks";
import { parts } from "../../gen/parts/admin.ts";
import { inPlace, type PageProps } from "../../rows.ts";
import { may } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Page } from "../../kit/page.tsx";
import { PartNav } from "../../kit/part_nav.tsx";
import { NotFound } from "../../kit/not_found.tsx";
import { adminsWaits } from "../staff/waits.ts";

const ALL = inPlace(parts.flatMap((part) => part.admin));

export function Admin({ params }: PageProps) {
  const own = ALL.filter((part) => may(part.may)).map((part, i) => ({
    ...part,
    href: i === 0 ? "/admin" : `/admin/${part.name}`,
  }));
  const part = params.part ? own.find((one) => one.name === params.part) : own[0];
  useEffect(() => void adminsWaits.look(), [part?.name]);
  if (!part) return <NotFound />;
  const desks = adminsWaits.desks.value ?? [];
  const waits = (href: string) => desks.find(({ path }) => path === href)?.waiting;
  return (
    <Page key={part.name} title={t(part.text)}>
      <PartNav
        label={t("nav.admin")}
        parts={own.map(({ href, text }) => ({ href, text, count: waits(href) }))}
      />
      <part.Part />
    </Page>
  );
}
