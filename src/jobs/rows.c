#include "jobs/rows.h"

#include "call/id.h"
#include "store/queue.h"
#include "store/store.h"

enum { FIRST_RUN_MS = 10 * 1000 }; /* of a new periodic row, spread out */

SQL(jobs_plant, "INSERT INTO job (id, kind, once, account_id, payload, state, run_at_ms, tries,"
                " created_ms) VALUES ($1, $2, $2, NULL, '', 'waiting', $3, 0, $4)"
                " ON CONFLICT (once) DO UPDATE SET state = 'waiting', tries = 0, why = NULL,"
                " run_at_ms = excluded.run_at_ms WHERE job.state = 'dead'"); /* by an older one */
SQL(jobs_sooner, "UPDATE job SET run_at_ms = $2 WHERE kind = $1 AND state IN ('waiting', 'running')"
                 " AND run_at_ms > $3");
SQL(jobs_held_long, "UPDATE job SET run_at_ms = $1 WHERE state = 'running' AND run_at_ms > $2");
SQL(jobs_rest_long, "UPDATE job SET run_at_ms = $1 WHERE state = 'waiting' AND tries > 0"
                    " AND run_at_ms > $2");
SQL(jobs_made_later, "UPDATE job SET run_at_ms = run_at_ms - (created_ms - $1), created_ms = $1"
                     " WHERE state = 'waiting' AND created_ms > $1");

enum err jobs_plant_rows(struct call *call, const struct job_kind *const *kinds)
{
    for (; *kinds; kinds++) {
        const struct job_kind *row = *kinds;
        if (row->every_ms > 0) {
            int64_t spread = MIN(row->every_ms, FIRST_RUN_MS);
            int64_t in_ms = (int64_t)(rng_next(&call->rng) % (uint64_t)spread);
            TRY(store_run(call, &jobs_plant,
                          BIND(I64(id_new(call)), TEXT(row->name), I64(call->now_ms + in_ms),
                               I64(call->now_ms)),
                          NULL));
        }
    }
    return OK;
}

enum err jobs_mend_rows(struct call *call, const struct job_kind *const *kinds)
{
    struct val now = I64(call->now_ms);
    int64_t held_ms = 0, rest_ms = (int64_t)2 * BACK_OFF_MAX_MS;
    for (; *kinds; kinds++) {
        const struct job_kind *row = *kinds;
        int64_t lease_ms = row->timeout_ms + LEASE_EXTRA_MS;
        held_ms = MAX(held_ms, lease_ms);
        if (row->every_ms > 0) {
            int64_t most_ms = call->now_ms + MAX(row->every_ms, lease_ms);
            TRY(store_run(call, &jobs_sooner, BIND(TEXT(row->name), now, I64(most_ms)), NULL));
        }
    }
    TRY(store_run(call, &jobs_held_long, BIND(now, I64(call->now_ms + held_ms)), NULL));
    TRY(store_run(call, &jobs_rest_long, BIND(now, I64(call->now_ms + rest_ms)), NULL));
    return store_run(call, &jobs_made_later, BIND(now), NULL);
}
