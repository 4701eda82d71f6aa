#include "features/notices/notices.h"

#include "base/id.h"
#include "store/store.h"

SQL(notices_put, "INSERT INTO notice (id, account_id, kind, about_id, target, count, at_ms)"
                 " VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (account_id, kind, target)"
                 " DO UPDATE SET about_id = excluded.about_id, at_ms = excluded.at_ms,"
                 " count = CASE WHEN notice.read_ms IS NULL THEN notice.count + 1 ELSE 1 END,"
                 " read_ms = NULL WHERE notice.account_id = $2 RETURNING count");
SQL(notices_seen, "UPDATE notice SET read_ms = $4 WHERE account_id = $1 AND kind = $2"
                  " AND target = $3 AND read_ms IS NULL");
SQL(notices_gone, "DELETE FROM notice WHERE account_id = $1 AND kind = $2 AND target = $3");

/* All devices look again: the words and the number are asked for, never sent. */
static void tell(struct call *call, int64_t account_id)
{
    call_emit(call, EVENT_TELL, account_id, 0, "{\"t\":\"notices\"}");
}

enum err notices_post(struct call *call, const struct notices_new *notice)
{
    struct rows rows;
    struct val about = notice->about_id ? I64(notice->about_id) : (struct val){.kind = VAL_NULL};
    if (notice->account_id == notice->about_id) {
        return OK;
    }
    TRY(store_run(call, &notices_put,
                  BIND(I64(id_new(call)), I64(notice->account_id), TEXT(notice->kind), about,
                       TEXT(notice->target), I64(call->now_ms)),
                  &rows));
    if (row_i64(&rows, 0, 0) == 1) { /* else it waits there unread: the number stays */
        tell(call, notice->account_id);
    }
    return OK;
}

static enum err change(struct call *call, const struct sql *sql, const struct val *in, size_t count,
                       int64_t account_id)
{
    struct rows rows;
    TRY(store_run(call, sql, in, count, &rows));
    if (rows.changed > 0) {
        tell(call, account_id);
    }
    return OK;
}

enum err notices_read(struct call *call, int64_t account_id, const char *kind, const char *target)
{
    return change(call, &notices_seen,
                  BIND(I64(account_id), TEXT(kind), TEXT(target), I64(call->now_ms)), account_id);
}

enum err notices_drop(struct call *call, int64_t account_id, const char *kind, const char *target)
{
    return change(call, &notices_gone, BIND(I64(account_id), TEXT(kind), TEXT(target)), account_id);
}
