#include <string.h>

#include "call/feature.h"
#include "features/talk/messages/messages_inner.h"
#include "store/store.h"

/*
 * What nobody can see any more, nor by opening it again, goes: messages that all who are still in a
 * conversation have forgotten, and the conversation when nobody is in it, or one of two was erased.
 * One that was never accepted stays empty, so that the three things that may be said before cannot
 * be said again and again.
 */
enum { SWEEP_CONVERSATIONS = 8, SWEEP_MESSAGES = 500 };

/* sees: server - for the sweep */
SQL(messages_due_now,
    "SELECT c.id, CASE WHEN c.kind = 'pair' AND (c.low_id IS NULL OR c.high_id IS NULL) THEN"
    " c.last_seq ELSE COALESCE((SELECT MIN(m.since_seq) FROM conversation_member m"
    " WHERE m.conversation_id = c.id AND (m.state <> 'left' OR m.waits_seq > m.since_seq)),"
    " c.last_seq) END AS floor_seq,"
    " (SELECT COUNT(*) FROM conversation_member m WHERE m.conversation_id = c.id"
    " AND m.state <> 'left') AS in_it, (SELECT COUNT(*) FROM conversation_member m"
    " WHERE m.conversation_id = c.id AND m.waits_seq IS NOT NULL) AS waits, c.kind, c.low_id, "
    "c.high_id"
    " FROM conversation c WHERE c.due = 1 ORDER BY c.id LIMIT $1");
COLUMNS(DUE_ID, DUE_FLOOR_SEQ, DUE_IN_IT, DUE_WAITS, DUE_KIND, DUE_LOW_ID, DUE_HIGH_ID);
SQL(messages_drop, "DELETE FROM message WHERE conversation_id = $1 AND seq IN (SELECT seq"
                   " FROM message WHERE conversation_id = $1 AND seq <= $2 ORDER BY seq LIMIT $3)");
SQL(messages_drop_all, "DELETE FROM conversation WHERE id = $1");
SQL(messages_done, "UPDATE conversation SET due = 0 WHERE id = $1");

static enum err sweep_one(struct call *call, const struct rows *due, size_t i)
{
    struct rows rows;
    int64_t id = row_i64(due, i, DUE_ID);
    TRY(store_run(call, &messages_drop,
                  BIND(I64(id), I64(row_i64(due, i, DUE_FLOOR_SEQ)), I64(SWEEP_MESSAGES)), &rows));
    if (rows.changed == SWEEP_MESSAGES) {
        return OK; /* the rest in the next run */
    }
    bool erased = strcmp(row_text(due, i, DUE_KIND), "pair") == 0 &&
                  (row_null(due, i, DUE_LOW_ID) || row_null(due, i, DUE_HIGH_ID));
    bool left = row_i64(due, i, DUE_IN_IT) == 0 && row_i64(due, i, DUE_WAITS) == 0;
    bool goes = erased || left;
    return store_run(call, goes ? &messages_drop_all : &messages_done, BIND(I64(id)), NULL);
}

enum err messages_sweep(struct call *call)
{
    struct rows due;
    TRY(store_run(call, &messages_due_now, BIND(I64(SWEEP_CONVERSATIONS)), &due));
    for (size_t i = 0; i < due.count; i++) {
        TRY(sweep_one(call, &due, i));
    }
    return OK;
}

/* ---- when an account is erased ---- */

/* Where nobody else is left, the rest goes, too: the sweep looks there. */
SQL(messages_erase_talks,
    "UPDATE conversation SET due = 1 WHERE due = 0 AND id IN (SELECT conversation_id"
    " FROM conversation_member WHERE account_id = $1)");
/* And once more when it has lost one of two: it may have looked in between. */
SQL(messages_erase_pairs,
    "UPDATE conversation SET due = 1 WHERE due = 0 AND (low_id = $1 OR high_id = $1)");

static enum err leaves(struct call *call, const struct account_erased *whose)
{
    return store_run(call, &messages_erase_talks, BIND(I64(whose->account_id)), NULL);
}

static enum err loses_one(struct call *call, const struct account_erased *whose)
{
    return store_run(call, &messages_erase_pairs, BIND(I64(whose->account_id)), NULL);
}

static const struct account_erasing erasing[] = {
    {"conversation_member", leaves}, {"conversation", loses_one}, {0}};
const struct account_ending messages_ending = {.erasing = erasing};
