import type { PageProps } from "../app.tsx";
import { t } from "../text.ts";
import { Page } from "../ui/page.tsx";
import { PartNav } from "../ui/part_nav.tsx";
import { Checklist } from "./admin_checklist.tsx";
import { Invites } from "./admin_invites.tsx";
import { Jobs } from "./admin_jobs.tsx";
import { Mail } from "./admin_mail.tsx";
import { Accounts } from "./admin_people.tsx";
import { Officers } from "./admin_staff.tsx";
import { Performance } from "./admin_performance.tsx";
import { NotFound } from "./not_found.tsx";

const PARTS = [
  { name: "checklist", href: "/admin", text: "admin.checklist", Part: Checklist },
  { name: "invites", href: "/admin/invites", text: "admin.invites", Part: Invites },
  { name: "people", href: "/admin/people", text: "admin.people", Part: Accounts },
  { name: "staff", href: "/admin/staff", text: "officers.title", Part: Officers },
  { name: "jobs", href: "/admin/jobs", text: "admin.jobs", Part: Jobs },
  { name: "mail", href: "/admin/mail", text: "admin.mail", Part: Mail },
  {
    name: "performance",
    href: "/admin/performance",
    text: "admin.performance",
    Part: Performance,
  },
];

export function Admin({ params }: PageProps) {
  const part = PARTS.find((one) => one.name === (params.part ?? "checklist"));
  if (!part) return <NotFound />;
  return (
    <Page key={part.name} title={t(part.text)}>
      <PartNav label={t("nav.admin")} parts={PARTS} />
      <part.Part />
    </Page>
  );
}
