#include "features/privacy/retention/retention.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/identity/accounts/accounts.h"
#include "features/notify/notices/notices.h"
#include "privacy/sweep.h"
#include "store/store.h"

/* A second time HALF_DAYS after the first; who was told late has GAP_DAYS before the next step. */
enum { HALF_DAYS = 15, GAP_DAYS = 13, PIECE = 100, CHOICE = 20 };

/* Who administers goes only when somebody does who was here later. */
#define NOT_THE_LAST                                                                  \
    " AND (account.role <> 'admin' OR EXISTS (SELECT 1 FROM account o WHERE o.role =" \
    " 'admin' AND o.state = 'active' AND o.seen_at_ms > account.seen_at_ms))"

/* sees: server - who was told and came back */
SQL(retention_back, "UPDATE account SET idle_told = 0, idle_told_ms = NULL WHERE id IN (SELECT id"
                    " FROM account WHERE idle_told > 0 AND seen_at_ms > idle_told_ms LIMIT $1)");
/* sees: server - who is due, of those who were told so often, and the last time long enough ago */
SQL(retention_due, "SELECT id, seen_at_ms FROM account WHERE idle_told = $1 AND seen_at_ms <= $2"
                   " AND state = 'active' AND (idle_told_ms IS NULL OR (idle_told_ms <= $3 AND"
                   " seen_at_ms <= idle_told_ms))" NOT_THE_LAST " ORDER BY seen_at_ms LIMIT $4");
COLUMNS(DUE_ID, DUE_SEEN_AT_MS);
SQL(retention_told, "UPDATE account SET idle_told = $2, idle_told_ms = $3 WHERE id = $1"
                    " AND idle_told = $4 AND seen_at_ms <= $5 AND state = 'active'");
SQL(retention_end, "UPDATE account SET state = 'ended', erase_at_ms = $2 WHERE id = $1 AND"
                   " idle_told = 2 AND seen_at_ms <= $3 AND state = 'active'" NOT_THE_LAST);
/* sees: server - whom staff ended before it was written down when */
SQL(retention_ended_before, "UPDATE account SET ended_ms = $1 WHERE id IN (SELECT id FROM account"
                            " WHERE state = 'ended' AND erase_at_ms IS NULL AND ended_ms IS NULL"
                            " LIMIT $2)");
/* sees: server - whom staff ended so long ago */
SQL(retention_ended_over, "UPDATE account SET erase_at_ms = $1 WHERE id IN (SELECT id FROM account"
                          " WHERE ended_ms <= $2 AND state = 'ended' AND erase_at_ms IS NULL"
                          " ORDER BY ended_ms LIMIT $3)");

/* Seen then or before is due for this step. */
static int64_t over(int64_t now_ms, enum retention_step step)
{
    struct sweep_time after = sweep_time("account", "activity");
    ASSERT_CODE(after.unit == 'M' && after.number > 1);
    return step == RETENTION_END
               ? sweep_cutoff(now_ms, after)
               : sweep_cutoff(now_ms - (step == RETENTION_TELL_AGAIN ? HALF_DAYS * TIME_DAY : 0),
                              (struct sweep_time){after.number - 1, 'M'});
}

enum err retention_idle_look(struct call *call, struct retention_idle *ret)
{
    struct rows rows;
    int64_t told_ms = call->now_ms - GAP_DAYS * TIME_DAY;
    for (int step = RETENTION_END; step >= RETENTION_TELL; step--) {
        ret->step = (enum retention_step)step;
        ret->over_ms = over(call->now_ms, ret->step);
        TRY(store_run(call, &retention_due,
                      BIND(I64(step), I64(ret->over_ms), I64(told_ms), I64(CHOICE)), &rows));
        if (rows.count) {
            /* By chance: one that cannot be told or ended does not keep the others. */
            size_t one = rng_next(&call->rng) % rows.count;
            ret->account_id = row_i64(&rows, one, DUE_ID);
            ret->seen_ms = row_i64(&rows, one, DUE_SEEN_AT_MS);
            return step == RETENTION_END ? OK : mail_to_account(call, ret->account_id, &ret->to);
        }
    }
    return OK;
}

/* The day from which on it may be over, as a mail says it. */
static const char *day_of_end(struct call *call, const struct retention_idle *idle)
{
    char text[16] = "";
    int64_t gaps = idle->step == RETENTION_TELL ? 2 : 1;
    int64_t end_ms = call->now_ms + gaps * GAP_DAYS * TIME_DAY;
    while (over(end_ms, RETENTION_END) < idle->seen_ms) { /* a month at most */
        end_ms += TIME_DAY;
    }
    time_t seconds = (time_t)(end_ms / TIME_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(text, sizeof(text), "%Y-%m-%d", &parts);
    return arena_text(call->arena, text, strlen(text));
}

enum err retention_idle_prepare(struct call *call, struct retention_idle *idle)
{
    ASSERT_CODE(!call->tx);
    if (!idle->account_id || idle->step == RETENTION_END) {
        return OK;
    }
    const struct mail_value values[] = {{"day", day_of_end(call, idle)}};
    enum err err = mail_prepare(call, &idle->to, "retention.idle", "/sign-in", values,
                                COUNT(values), &idle->mail);
    idle->mailed = err == OK;
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        return OK;
    }
    return err;
}

static enum err tell(struct call *call, const struct retention_idle *idle)
{
    struct rows rows;
    TRY(store_run(call, &retention_told,
                  BIND(I64(idle->account_id), I64(idle->step + 1), I64(call->now_ms),
                       I64(idle->step), I64(idle->over_ms)),
                  &rows));
    if (rows.changed == 0) { /* came back since `look` */
        return OK;
    }
    const struct notices_new notice = {
        .account_id = idle->account_id, .kind = "retention.idle", .target = ""};
    TRY(notices_post(call, &notice));
    return idle->mailed ? mail_post(call, &idle->mail) : OK;
}

enum err retention_idle_apply(struct call *call, const struct retention_idle *idle)
{
    struct rows rows;
    ASSERT_CODE(call->tx);
    TRY(store_sweep(call, &retention_back, BIND(I64(PIECE)), PIECE));
    if (!idle->account_id) {
        return OK;
    }
    call->again = true;
    if (idle->step != RETENTION_END) {
        return tell(call, idle);
    }
    TRY(store_run(call, &retention_end,
                  BIND(I64(idle->account_id), I64(call->now_ms), I64(idle->over_ms)), &rows));
    if (rows.changed == 0) {
        return OK;
    }
    call_emit(call, EVENT_ACCOUNT_ENDED, idle->account_id, 0, NULL);
    return accounts_shut(call, idle->account_id);
}

enum err retention_ended(struct call *call)
{
    int64_t over_ms = sweep_cutoff(call->now_ms, sweep_time("account", "ended"));
    TRY(store_sweep(call, &retention_ended_before, BIND(I64(call->now_ms), I64(PIECE)), PIECE));
    return store_sweep(call, &retention_ended_over,
                       BIND(I64(call->now_ms), I64(over_ms), I64(PIECE)), PIECE);
}
