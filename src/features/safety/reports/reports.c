#include "features/safety/reports/reports.h"

#include "call/id.h"
#include "features/notify/notices/notices.h"
#include "privacy/keys.h"
#include "privacy/sweep.h"
#include "store/store.h"

/* A member reports; what is over goes. */

/* sees: server - is whom it is about still there? */
SQL(reports_whom, "SELECT 1 FROM account a WHERE a.id = $1");
SQL(reports_insert, "INSERT INTO report (id, public_id, reporter_id, subject_id, kind, place,"
                    " reason, key_id, words_ct, seen_ct, at_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
                    " ON CONFLICT DO NOTHING");
/* sees: server - what is over */
SQL(reports_ended,
    "SELECT id, key_id, CASE WHEN decided_ms IS NULL THEN reporter_id END AS reporter_id FROM "
    "report"
    " WHERE decided_ms <= $1 OR (decided_ms IS NULL AND at_ms <= $3) ORDER BY id LIMIT $2");
COLUMNS(ENDED_ID, ENDED_KEY_ID, ENDED_REPORTER_ID);
SQL(reports_delete, "DELETE FROM report WHERE id = $1");

enum err reports_add(struct call *call, const struct reports_new *wish,
                     const struct reports_capture *it)
{
    struct rows whom, added;
    ASSERT_CODE(call->actor.id && it->kind);
    ASSERT_CODE(*it->public_id && it->key_id && it->seen.at);
    TRY(store_run(call, &reports_whom, BIND(I64(it->it.subject_id)), &whom));
    if (whom.count == 0) {
        return call_fail(call, ERR_MISSING, "reports.missing");
    }
    TRY(store_run(call, &reports_insert,
                  BIND(I64(id_new(call)), TEXT(it->public_id), I64(call->actor.id),
                       I64(it->it.subject_id), TEXT(it->kind->name), TEXT(it->it.place),
                       TEXT(wish->reason), I64(it->key_id), SEALED(it->words), SEALED(it->seen),
                       I64(call->now_ms)),
                  &added));
    return added.changed ? OK : call_fail(call, ERR_CONFLICT, "reports.open");
}

/* ---- the end ---- */

enum err reports_over_look(struct call *call, struct reports_over *ret)
{
    struct rows rows;
    TRY(store_run(call, &reports_ended,
                  BIND(I64(sweep_cutoff(call->now_ms, sweep_time("report", "decided"))),
                       I64(REPORTS_SWEEP_MAX),
                       I64(sweep_cutoff(call->now_ms, sweep_time("report", "reported")))),
                  &rows));
    ASSERT_CODE(rows.count <= REPORTS_SWEEP_MAX);
    ret->count = rows.count;
    call->again = rows.count == REPORTS_SWEEP_MAX;
    for (size_t i = 0; i < rows.count; i++) {
        ret->ids[i] = row_i64(&rows, i, ENDED_ID);
        ret->keys[i] = row_i64(&rows, i, ENDED_KEY_ID);
        ret->tell[i] = row_i64(&rows, i, ENDED_REPORTER_ID);
    }
    return OK;
}

enum err reports_over_burn(struct call *call, const struct reports_over *over)
{
    ASSERT_CODE(!call->tx && over->count <= REPORTS_SWEEP_MAX);
    for (size_t i = 0; i < over->count; i++) {
        TRY(keys_burn(call->keys, over->keys[i]));
    }
    return OK;
}

enum err reports_over_apply(struct call *call, const struct reports_over *over)
{
    ASSERT_CODE(call->tx && over->count <= REPORTS_SWEEP_MAX);
    for (size_t i = 0; i < over->count; i++) {
        struct rows rows;
        TRY(store_run(call, &reports_delete, BIND(I64(over->ids[i])), &rows));
        if (rows.changed && over->tell[i]) {
            const struct notices_new notice = {
                .account_id = over->tell[i], .kind = "reports.lapsed", .target = ""};
            TRY(notices_post(call, &notice));
        }
    }
    return OK;
}
