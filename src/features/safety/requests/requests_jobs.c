#include "base/time.h"
#include "features/safety/requests/requests_inner.h"
#include "privacy/keys.h"

/* What ends soon, what is late, what is over. */

enum { WEEK_DAYS = 7, SHORT_DAYS = 2, ALARM_MAX = 100 };
enum { ALARM_LATE = 3 };

/* sees: server - which clocks end; officers are told that some do, their desk which */
SQL(requests_ending,
    "SELECT id, CASE WHEN due_ms <= $1 THEN 3 WHEN due_ms <= $2 THEN 2 ELSE 1 END AS alarm"
    " FROM request WHERE state IN ('open', 'person') AND ((due_ms <= $1 AND alarm < 3) OR"
    " (due_ms <= $2 AND alarm < 2) OR (due_ms <= $3 AND alarm < 1)) ORDER BY due_ms LIMIT $4");
COLUMNS(ENDING_ID, ENDING_ALARM);
SQL(requests_alarmed, "UPDATE request SET alarm = $2 WHERE id = $1");
/* sees: server - answered long ago, and nobody said that it is no answer */
SQL(requests_settle,
    "UPDATE request SET state = 'closed', closed_ms = $2 WHERE id IN (SELECT id FROM request"
    " WHERE state = 'answered' AND answered_ms <= $1 LIMIT $3)");
/* sees: server - whose member is erased */
SQL(requests_orphans,
    "UPDATE request SET state = 'closed', closed_ms = $1, outcome = COALESCE(outcome, 'gone')"
    " WHERE id IN (SELECT id FROM request WHERE account_id IS NULL AND own_key_id IS NULL"
    " AND state <> 'closed' LIMIT $2)");
/* sees: server - what is over, and what nobody proved to have asked */
SQL(requests_ended, "SELECT id, own_key_id FROM request WHERE closed_ms <= $1"
                    " OR (state = 'proving' AND made_ms <= $2) ORDER BY id LIMIT $3");
COLUMNS(ENDED_ID, ENDED_OWN_KEY_ID);
SQL(requests_delete, "DELETE FROM request WHERE id = $1");

enum err requests_alarm(struct call *call)
{
    struct rows rows;
    bool soon = false, late = false;
    TRY(store_run(call, &requests_ending,
                  BIND(I64(call->now_ms), I64(call->now_ms + SHORT_DAYS * TIME_DAY),
                       I64(call->now_ms + WEEK_DAYS * TIME_DAY), I64(ALARM_MAX)),
                  &rows));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t alarm = row_i64(&rows, i, ENDING_ALARM);
        late = late || alarm == ALARM_LATE;
        soon = soon || alarm < ALARM_LATE;
        TRY(store_run(call, &requests_alarmed, BIND(I64(row_i64(&rows, i, ENDING_ID)), I64(alarm)),
                      NULL));
    }
    call->again = rows.count == ALARM_MAX;
    if (soon) {
        TRY(requests_tell_officers(call, "requests.soon"));
    }
    return late ? requests_tell_officers(call, "requests.late") : OK;
}

enum err requests_over_look(struct call *call, struct requests_over *ret)
{
    struct rows rows;
    TRY(store_run(call, &requests_ended,
                  BIND(I64(call->now_ms - REQUESTS_KEPT_DAYS * TIME_DAY),
                       I64(call->now_ms - REQUESTS_PROVE_DAYS * TIME_DAY), I64(REQUESTS_SWEEP_MAX)),
                  &rows));
    ASSERT_CODE(rows.count <= REQUESTS_SWEEP_MAX);
    ret->count = rows.count;
    call->again = rows.count == REQUESTS_SWEEP_MAX;
    for (size_t i = 0; i < rows.count; i++) {
        ret->ids[i] = row_i64(&rows, i, ENDED_ID);
        ret->keys[i] = row_i64(&rows, i, ENDED_OWN_KEY_ID);
    }
    return OK;
}

enum err requests_over_burn(struct call *call, const struct requests_over *over)
{
    ASSERT_CODE(!call->tx && over->count <= REQUESTS_SWEEP_MAX);
    for (size_t i = 0; i < over->count; i++) {
        if (over->keys[i]) {
            TRY(keys_burn(call->keys, over->keys[i]));
        }
    }
    return OK;
}

enum err requests_over_apply(struct call *call, const struct requests_over *over)
{
    ASSERT_CODE(call->tx && over->count <= REQUESTS_SWEEP_MAX);
    TRY(store_run(call, &requests_settle,
                  BIND(I64(call->now_ms - REQUESTS_ANSWER_DAYS * TIME_DAY), I64(call->now_ms),
                       I64(REQUESTS_SWEEP_MAX)),
                  NULL));
    TRY(store_run(call, &requests_orphans, BIND(I64(call->now_ms), I64(REQUESTS_SWEEP_MAX)), NULL));
    for (size_t i = 0; i < over->count; i++) {
        TRY(store_run(call, &requests_delete, BIND(I64(over->ids[i])), NULL));
    }
    return OK;
}
