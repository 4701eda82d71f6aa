import { send, type Item } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { adminsWaits } from "../staff/waits.ts";

type Job = Item<"GET /api/admin/jobs">;

/** Work that failed as often as it may: shown until somebody looks. */
export function Jobs() {
  const { data, failed, again } = useLoad("GET /api/admin/jobs", {});
  const retry = async (job: Job) => {
    await send("POST /api/admin/jobs/{id}/retry", { id: job.id });
    toast(t("job_list.retried"));
    again();
    void adminsWaits.look();
  };
  if (failed) return <Failed retry={again} />;
  if (!data) return <Loading />;
  if (data.items.length === 0) {
    return (
      <Empty icon="check" title={t("job_list.none")}>
        <p class="mute">{t("job_list.none_hint")}</p>
      </Empty>
    );
  }
  return (
    <ul class="table">
      {data.items.map((job) => (
        <li key={job.id}>
          <div class="grow">
            <strong>{job.kind}</strong>
            <p class="mute small">
              {t("job_list.failed", { n: job.tries, when: showMoment(job.failed_ms) })}
            </p>
            <code>{job.error}</code>
          </div>
          <Button kind="line slim" onClick={() => void retry(job).catch(complain)}>
            {t("app.retry")}
          </Button>
        </li>
      ))}
    </ul>
  );
}
