import type { PageProps } from "../app.tsx";
import { t } from "../text.ts";
import { Page } from "../ui/page.tsx";
import { PartNav } from "../ui/part_nav.tsx";
import { NotFound } from "./not_found.tsx";
import { Devices } from "./settings_devices.tsx";
import { Profile } from "./settings_profile.tsx";
import { Programs } from "./settings_programs.tsx";

/* A feature with settings adds a row. */
const PARTS = [
  { name: "profile", href: "/settings", text: "settings.profile", Part: Profile },
  { name: "devices", href: "/settings/devices", text: "settings.devices", Part: Devices },
  { name: "programs", href: "/settings/programs", text: "settings.programs", Part: Programs },
];

export function Settings({ params }: PageProps) {
  const part = PARTS.find((one) => one.name === (params.part ?? "profile"));
  if (!part) return <NotFound />;
  return (
    <Page key={part.name} title={t(part.text)}>
      <PartNav label={t("nav.settings")} parts={PARTS} />
      <part.Part />
    </Page>
  );
}
