import { closePerson, reporting } from "../../lib/person.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { Badges, Facts, PersonActions, usePerson } from "./facts.tsx";
import { LookTold } from "../looks/told.tsx";
import { ReportPerson } from "../reports/of_person.tsx";

/** Who somebody is and what can be done with them, over whatever page one is on. */
export function PersonCard({ what: id }: { what: string }) {
  const { data, failed, refused, again } = usePerson(id);
  const report = reporting.value && data;
  const title = report
    ? t("report.title", { name: data.name })
    : data
      ? (data.display_name ?? data.name)
      : t("person.title");
  return (
    <Dialog title={title} close={closePerson}>
      {failed ? (
        <Failed retry={again} />
      ) : refused ? (
        <Empty icon="user" title={refused.message} />
      ) : !data ? (
        <Loading rows={2} />
      ) : report ? (
        <ReportPerson person={data} />
      ) : (
        <div class="stack">
          <div class="row nowrap">
            <Portrait look={data.look} avatar={data.avatar} name={data.name} size="l" />
            <div class="stack tight grow">
              {data.display_name && (
                <p class="mute" dir="auto">
                  {data.name}
                </p>
              )}
              <Badges person={data} />
            </div>
          </div>
          <Facts fields={data.fields} />
          <LookTold person={data} />
          <PersonActions person={data} />
        </div>
      )}
    </Dialog>
  );
}
