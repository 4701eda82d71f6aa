#include "features/blocks/blocks.h"

#include "base/arena.h"
#include "features/contact/contact.h"
#include "features/friends/friends.h"
#include "store/store.h"

#define MINE "EXISTS (SELECT 1 FROM block m WHERE m.account_id = $1 AND m.other_id = a.id)"

/* Who is blocked is still found by whoever blocked them, and by nobody else. */
#define WHOM                                                                                     \
    "SELECT a.id, a.public_id, a.avatar_name FROM account a WHERE a.state <> 'ended' AND (" MINE \
    " OR" CONTACT_PERCEIVES("$1", "a") ")"
SQL(blocks_by_id, WHOM " AND a.public_id = $2");
/* By a typed name also who has blocked the asker: an answer of its own would tell them so. */
/* sees: server - of a name that the asker typed */
SQL(blocks_by_name, "SELECT a.id, a.public_id, a.avatar_name FROM account a WHERE"
                    " a.state <> 'ended' AND a.name_skeleton = $1");
/* sees: own - the names of those one blocked oneself */
SQL(blocks_all, "SELECT a.public_id, a.avatar_name, b.since_ms FROM block b"
                " JOIN account a ON a.id = b.other_id WHERE b.account_id = $1"
                " AND a.state <> 'ended' ORDER BY b.since_ms DESC, a.id LIMIT 1000");
SQL(blocks_counted, "SELECT COUNT(*) FROM block WHERE account_id = $1");
SQL(blocks_mine, "SELECT since_ms FROM block WHERE account_id = $1 AND other_id = $2");
SQL(blocks_insert, "INSERT INTO block (account_id, other_id, since_ms) VALUES ($1, $2, $3)");
SQL(blocks_drop, "DELETE FROM block WHERE account_id = $1 AND other_id = $2");
SQL(blocks_chosen, "SELECT messages, join_me, findable, invisible FROM people_choice"
                   " WHERE account_id = $1");
SQL(blocks_choose, "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)"
                   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET"
                   " messages = excluded.messages, join_me = excluded.join_me,"
                   " findable = excluded.findable, invisible = excluded.invisible");

enum err blocks_list(struct call *call, struct blocks_one **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &blocks_all, BIND(I64(call->actor.id)), &rows));
    struct blocks_one *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] =
            (struct blocks_one){row_text(&rows, i, 0), row_text(&rows, i, 1), row_i64(&rows, i, 2)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

/* Rooms look at the two anew; the asker's other devices forget lines, or fetch them again. */
static void tell(struct call *call, int64_t other, const char *id, bool on)
{
    struct buf json = {.arena = call->arena};
    buf_printf(&json, "{\"t\":\"blocked\",\"id\":\"%s\",\"on\":%s}", id, on ? "true" : "false");
    call_emit(call, EVENT_CONTACT_CHANGED, call->actor.id, other, NULL);
    call_emit(call, EVENT_TELL, call->actor.id, 0, json.at);
}

static enum err find(struct call *call, const char *id, const char *skeleton, struct rows *ret)
{
    TRY(id ? store_run(call, &blocks_by_id, BIND(I64(call->actor.id), TEXT(id)), ret)
           : store_run(call, &blocks_by_name, BIND(TEXT(skeleton)), ret));
    return ret->count ? OK : call_fail_field(call, ERR_MISSING, "people.none", id ? "id" : "name");
}

static enum err put(struct call *call, int64_t other, const char *id)
{
    struct rows counted;
    struct val pair[] = {I64(call->actor.id), I64(other)};
    TRY(store_run(call, &blocks_counted, pair, 1, &counted));
    if (row_i64(&counted, 0, 0) >= BLOCKS_MAX) {
        return call_fail(call, ERR_LIMIT, "blocks.many");
    }
    TRY(store_run(call, &blocks_insert, BIND(pair[0], pair[1], I64(call->now_ms)), NULL));
    return friends_part(call, other, id);
}

enum err blocks_add(struct call *call, const char *id, const char *skeleton, struct blocks_one *ret)
{
    struct rows whom, mine;
    TRY(find(call, id, skeleton, &whom));
    int64_t other = row_i64(&whom, 0, 0);
    if (other == call->actor.id) {
        return call_fail_field(call, ERR_CONFLICT, "blocks.self", id ? "id" : "name");
    }
    TRY(store_run(call, &blocks_mine, BIND(I64(call->actor.id), I64(other)), &mine));
    if (mine.count == 0) {
        TRY(put(call, other, row_text(&whom, 0, 1)));
        tell(call, other, row_text(&whom, 0, 1), true);
    }
    *ret = (struct blocks_one){row_text(&whom, 0, 1), row_text(&whom, 0, 2),
                               mine.count ? row_i64(&mine, 0, 0) : call->now_ms};
    return OK;
}

enum err blocks_remove(struct call *call, const char *id)
{
    struct rows whom, dropped;
    TRY(find(call, id, NULL, &whom));
    int64_t other = row_i64(&whom, 0, 0);
    TRY(store_run(call, &blocks_drop, BIND(I64(call->actor.id), I64(other)), &dropped));
    if (dropped.changed == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    tell(call, other, row_text(&whom, 0, 1), false);
    return OK;
}

enum err blocks_choice_read(struct call *call, struct blocks_choice *ret)
{
    struct rows rows;
    TRY(store_run(call, &blocks_chosen, BIND(I64(call->actor.id)), &rows));
    *ret = rows.count ? (struct blocks_choice){row_text(&rows, 0, 0), row_text(&rows, 0, 1),
                                               row_text(&rows, 0, 2), row_i64(&rows, 0, 3) == 1}
                      : (struct blocks_choice){CONTACT_USUAL_MESSAGES, CONTACT_USUAL_JOIN,
                                               CONTACT_USUAL_FINDABLE, false};
    return OK;
}

enum err blocks_choice_set(struct call *call, const struct blocks_choice *choice)
{
    TRY(store_run(call, &blocks_choose,
                  BIND(I64(call->actor.id), TEXT(choice->messages), TEXT(choice->join_me),
                       TEXT(choice->findable), I64(choice->invisible)),
                  NULL));
    call_emit(call, EVENT_CONTACT_CHANGED, call->actor.id, 0, NULL);
    return OK;
}
