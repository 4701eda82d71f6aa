#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "features/identity/accounts/accounts.h"
#include "privacy/erasure.h"
#include "privacy/keys.h"
#include "store/queue.h"

/* An account's erasure: whose time has come, how far it is, and its key. */

/* sees: server - erases */
SQL(accounts_due_count, "SELECT count(*) FROM account WHERE erase_at_ms <= $1"
                        " AND state = 'ended'");
/* sees: server - erases */
SQL(accounts_due, "SELECT a.id, a.key_id, e.id AS began FROM account a LEFT JOIN erasure e"
                  " ON e.account_id = a.id WHERE a.erase_at_ms <= $1 AND a.state = 'ended'"
                  " ORDER BY a.erase_at_ms, a.id LIMIT 1 OFFSET $2");
COLUMNS(DUE_ID, DUE_KEY_ID, DUE_BEGAN);
/* Zero: whoever asks whether it may be opened again asks for later. */
SQL(accounts_erase_begin, "UPDATE account SET erase_at_ms = 0 WHERE id = $1 AND key_id = $2"
                          " AND erase_at_ms <= $3 AND state = 'ended'");
SQL(accounts_erase_note, "INSERT INTO erasure (id, account_id, key_id, plan, step, counts,"
                         " started_ms) VALUES ($1, $2, $3, $4, 0, '', $5) ON CONFLICT DO NOTHING");
/* sees: server - erases */
SQL(accounts_erase_far, "SELECT e.plan, e.step, e.counts FROM erasure e JOIN account a"
                        " ON a.id = e.account_id WHERE e.id = $1 AND a.state = 'ended'");
COLUMNS(FAR_PLAN, FAR_STEP, FAR_COUNTS);
SQL(accounts_erase_on, "UPDATE erasure SET plan = $2, step = $3, counts = $4 WHERE id = $1");

enum err accounts_erase_look(struct call *call, struct accounts_erasing *erasing)
{
    struct rows rows;
    TRY(store_run(call, &accounts_due_count, BIND(I64(call->now_ms)), &rows));
    uint64_t count = (uint64_t)row_i64(&rows, 0, ONLY);
    /* By chance: one that cannot be erased does not keep the others. */
    TRY(store_run(call, &accounts_due,
                  BIND(I64(call->now_ms), I64(count ? (int64_t)(rng_next(&call->rng) % count) : 0)),
                  &rows));
    if (rows.count) {
        erasing->whose = (struct account_erased){.account_id = row_i64(&rows, 0, DUE_ID),
                                                 .key_id = row_i64(&rows, 0, DUE_KEY_ID)};
        erasing->began = row_i64(&rows, 0, DUE_BEGAN);
    }
    return OK;
}

enum err accounts_erase_prepare(struct call *call, struct accounts_erasing *erasing)
{
    ASSERT_CODE(!call->tx);
    if (erasing->began) { /* durable when it returns, and again is no error */
        TRY(keys_burn(call->keys, erasing->whose.key_id));
        erasing->burned = true;
    }
    return OK;
}

static enum err one_before(struct call *call, const struct account_erased *whose, const char *table,
                           const struct account_erasing *row)
{
    for (; row && row->table; row++) {
        if (strcmp(row->table, table) == 0) {
            TRY(row->before(call, whose));
        }
    }
    return OK;
}

static enum err before(struct call *call, const struct account_erased *whose, const char *table)
{
    for (size_t i = 0; features[i]; i++) {
        const struct account_ending *ending = features[i]->ending;
        TRY(one_before(call, whose, table, ending ? ending->erasing : NULL));
    }
    return OK;
}

/* The row that knew the key goes with this commit; the job remembers it over a crash. */
static enum err burn(struct call *call, int64_t key_id)
{
    return job_queue(call, "accounts.burn", arena_printf(call->arena, "%lld", (long long)key_id), 0,
                     0);
}

static enum err begin(struct call *call, const struct account_erased *whose)
{
    struct rows rows;
    TRY(store_run(call, &accounts_erase_begin,
                  BIND(I64(whose->account_id), I64(whose->key_id), I64(call->now_ms)), &rows));
    if (rows.changed == 0) { /* opened again since `look`: nothing of it goes */
        return OK;
    }
    return store_run(call, &accounts_erase_note,
                     BIND(I64(id_new(call)), I64(whose->account_id), I64(whose->key_id),
                          TEXT(erasure_plan_hash), I64(call->now_ms)),
                     NULL);
}

/* Where the last transaction left it; from the start when there is another plan since. */
static void go_on(struct erasure *erasure, const struct rows *far)
{
    size_t steps = 0;
    int64_t step = row_i64(far, 0, FAR_STEP);
    while (erasure->plan[steps].table) {
        steps++;
    }
    bool same = strcmp(row_text(far, 0, FAR_PLAN), erasure_plan_hash) == 0;
    erasure->step = same && step > 0 && (uint64_t)step <= steps ? (size_t)step : 0;
    erasure_counts_read(erasure, row_text(far, 0, FAR_COUNTS));
}

enum err accounts_erase(struct call *call, const struct accounts_erasing *erasing)
{
    bool done = false;
    struct rows far;
    struct erasure *erasure = arena_alloc(call->arena, sizeof(*erasure));
    int64_t id = erasing->whose.account_id;
    ASSERT_CODE(call->tx);
    if (!id) {
        return OK;
    }
    /* There may be another, or the rest of this one. */
    TRY(job_queue(call, "accounts.erase_now", "", 0, 0));
    if (!erasing->burned) {
        return begin(call, &erasing->whose);
    }
    TRY(store_run(call, &accounts_erase_far, BIND(I64(erasing->began)), &far));
    if (far.count == 0) { /* somebody else has finished it */
        return OK;
    }
    *erasure = (struct erasure){.plan = erasing->plan ? erasing->plan : erasure_plan,
                                .whose = erasing->whose,
                                .most_steps = erasing->most_steps,
                                .before = before,
                                .burn = burn};
    go_on(erasure, &far);
    TRY(erasure_turn(call, erasure, &done));
    if (!done) {
        return store_run(call, &accounts_erase_on,
                         BIND(I64(erasing->began), TEXT(erasure_plan_hash),
                              I64((int64_t)erasure->step), TEXT(erasure_counts(call, erasure))),
                         NULL);
    }
    call_emit(call, EVENT_ACCOUNT_ENDED, id, 0, NULL);
    store_forget(call);
    return OK;
}
