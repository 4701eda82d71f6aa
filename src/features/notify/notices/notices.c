#include "features/notify/notices/notices.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/notify/notices/notices_inner.h"
#include "store/store.h"

enum { TRIM_ROWS = 50 };

/* Is somebody the notice $1 is about, an alias of `account`, perceived, and no stranger to whom a
 * parent keeps from people?  The site always is. */
#define SEEN(viewer_)                                                                 \
    "(n.about_id IS NULL OR EXISTS (SELECT 1 FROM account a WHERE a.id = n.about_id " \
    "AND" CONTACT_PERCEIVES(viewer_, "a") "AND" CONTACT_HEARS(viewer_, "a") "))"

SQL(notices_put,
    "INSERT INTO notice (id, account_id, kind, about_id, target, count, at_ms)"
    " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT),"
    " CAST($5 AS TEXT), 1, CAST($6 AS BIGINT) WHERE CAST($7 AS BIGINT) = 0"
    " AND (CAST($4 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM account a WHERE a.id = $4"
    " AND" CONTACT_PERCEIVES(
        "$2", "a") "))"
                   " ON CONFLICT (account_id, kind, target) DO UPDATE SET id = excluded.id,"
                   " about_id = excluded.about_id, at_ms = excluded.at_ms,"
                   " count = CASE WHEN notice.read_ms IS NULL THEN notice.count + 1 ELSE 1 END,"
                   " mailed_ms = CASE WHEN notice.read_ms IS NULL THEN notice.mailed_ms END,"
                   " read_ms = NULL RETURNING count");
SQL(notices_trim, "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE account_id = $1"
                  " AND kind = $4 ORDER BY id DESC LIMIT $2 OFFSET $3)");
SQL(notices_seen, "UPDATE notice SET read_ms = $4 WHERE account_id = $1 AND kind = $2"
                  " AND target = $3 AND read_ms IS NULL");
SQL(notices_gone, "DELETE FROM notice WHERE account_id = $1 AND kind = $2 AND target = $3");

SQL(notices_page, "SELECT n.id, n.kind, n.target, n.count, n.at_ms, n.read_ms, " FACE_OF(
                      "p") " FROM notice n LEFT JOIN account p ON"
                           " p.id = n.about_id WHERE n.account_id = $1 AND n.id < $2 AND " SEEN(
                               "$1") " ORDER BY n.id DESC LIMIT $3");
COLUMNS(NOTICE_ID, NOTICE_KIND, NOTICE_TARGET, NOTICE_COUNT, NOTICE_AT_MS, NOTICE_READ_MS,
        NOTICE_FACE);
SQL(notices_counted, "SELECT COUNT(*) FROM notice n WHERE n.account_id = $1 AND n.read_ms IS NULL"
                     " AND " SEEN("$1"));
SQL(notices_seen_until, "UPDATE notice SET read_ms = $3 WHERE account_id = $1 AND id <= $2"
                        " AND read_ms IS NULL");
SQL(notices_seen_this, "UPDATE notice SET read_ms = $3 WHERE account_id = $1 AND id = $2"
                       " AND read_ms IS NULL");
SQL(notices_remove_this, "DELETE FROM notice WHERE id = (SELECT n.id FROM notice n WHERE"
                         " n.account_id = $1 AND n.id = $2 AND " SEEN("$1") ")");

/* The words and the number are asked for, never sent. */
const struct live_event notices_events[] = {
    {"notices", NULL, "Your notices changed: ask for them again.", "says nothing but: ask again"},
    {NULL},
};

static void tell(struct call *call, int64_t account_id)
{
    call_tell(call, &notices_events[0], account_id, NULL);
}

enum err notices_post(struct call *call, const struct notices_new *notice)
{
    struct rows rows;
    int64_t id = id_new(call), account_id = notice->account_id;
    const struct notice_kind *kind = notices_kind(notice->kind);
    ASSERT_CODE(call->tx && kind);
    if (account_id == notice->about_id) {
        return OK;
    }
    TRY(store_run(call, &notices_put,
                  BIND(I64(id), I64(account_id), TEXT(notice->kind),
                       notice->about_id ? I64(notice->about_id) : NIL, TEXT(notice->target),
                       I64(call->now_ms), I64(notice->quiet)),
                  &rows));
    bool heard = rows.count > 0;
    if (heard) {
        tell(call, account_id);
    }
    if (!heard || row_i64(&rows, 0, ONLY) == 1) { /* else it waits there unread */
        const struct val in[] = {I64(account_id), I64(TRIM_ROWS), I64(NOTICES_KIND_MAX),
                                 TEXT(notice->kind)};
        TRY(kind->mailed ? OK : store_run(call, &notices_trim, in, COUNT(in), NULL));
        if (kind->topic && !kind->mailed) {
            TRY(notices_digest_wait(call, account_id));
        }
    }
    return push_post(call, heard ? account_id : 0, id, kind->topic);
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
    ASSERT_CODE(notices_kind(kind));
    return change(call, &notices_seen,
                  BIND(I64(account_id), TEXT(kind), TEXT(target), I64(call->now_ms)), account_id);
}

enum err notices_drop(struct call *call, int64_t account_id, const char *kind, const char *target)
{
    return change(call, &notices_gone, BIND(I64(account_id), TEXT(kind), TEXT(target)), account_id);
}

/* ---- the list ---- */

static struct notices_one one_of(struct call *call, const struct rows *rows, size_t i)
{
    const char *kind = row_text(rows, i, NOTICE_KIND);
    const char *language = call->actor.language;
    struct face who = face_read(rows, i, NOTICE_FACE);
    return (struct notices_one){
        .id = row_i64(rows, i, NOTICE_ID),
        .kind = kind,
        .text = notices_text(call, language, kind, who.name, row_i64(rows, i, NOTICE_COUNT)),
        .path = notices_path(call, kind, row_text(rows, i, NOTICE_TARGET)),
        .who = who,
        .count = row_i64(rows, i, NOTICE_COUNT),
        .at_ms = row_i64(rows, i, NOTICE_AT_MS),
        .unread = row_null(rows, i, NOTICE_READ_MS),
    };
}

enum err notices_list(struct call *call, int64_t before, struct notices_one **ret,
                      size_t *ret_count, bool *ret_more)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(
        call, &notices_page,
        BIND(I64(call->actor.id), I64(before ? before : INT64_MAX), I64(NOTICES_PAGE + 1)), &rows));
    size_t count = MIN(rows.count, (size_t)NOTICES_PAGE);
    struct notices_one *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        all[i] = one_of(call, &rows, i);
    }
    *ret = all;
    *ret_count = count;
    *ret_more = rows.count > count;
    return OK;
}

enum err notices_unread(struct call *call, int64_t *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &notices_counted, BIND(I64(call->actor.id)), &rows));
    *ret = row_i64(&rows, 0, ONLY);
    return OK;
}

enum err notices_seen_to(struct call *call, int64_t up_to)
{
    ASSERT_CODE(call->actor.id);
    return change(call, &notices_seen_until,
                  BIND(I64(call->actor.id), I64(up_to), I64(call->now_ms)), call->actor.id);
}

enum err notices_seen_one(struct call *call, int64_t id)
{
    ASSERT_CODE(call->actor.id);
    return change(call, &notices_seen_this, BIND(I64(call->actor.id), I64(id), I64(call->now_ms)),
                  call->actor.id);
}

enum err notices_remove(struct call *call, int64_t id)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &notices_remove_this, BIND(I64(call->actor.id), I64(id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "notices.none");
    }
    tell(call, call->actor.id);
    return OK;
}
