import { parts } from "../gen/parts/admin.ts";
import { inPlace, type PageProps } from "../rows.ts";
import { t } from "../text.ts";
import { Page } from "../ui/page.tsx";
import { PartNav } from "../ui/part_nav.tsx";
import { NotFound } from "./not_found.tsx";

const PARTS = inPlace(parts.flatMap((part) => part.admin)).map((part, i) => ({
  ...part,
  href: i === 0 ? "/admin" : `/admin/${part.name}`,
}));

export function Admin({ params }: PageProps) {
  const part = params.part ? PARTS.find((one) => one.name === params.part) : PARTS[0];
  if (!part) return <NotFound />;
  return (
    <Page key={part.name} title={t(part.text)}>
      <PartNav label={t("nav.admin")} parts={PARTS} />
      <part.Part />
    </Page>
  );
}
