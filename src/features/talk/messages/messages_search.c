#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/talk/messages/messages_inner.h"
#include "privacy/cursor.h"
#include "store/store.h"

/*
 * Search without an index on the disk: what is sealed stays sealed, so a slice opens messages and
 * compares.  Windows of time bring the newest of all conversations: wider while they are empty,
 * narrower where so much was written that sorting it would take long.
 */
enum { BATCH = 50, CROWD = 2 * BATCH, WIDER = 4, NARROWER = 16, LOOKS_MAX = 48 };
/* One look at a window asks the index once a conversation: so many in a slice. */
enum { SEEKS_MAX = 20000 };

/* How careful: 0 an adult, 1 a minor, 2 whom a parent keeps from people. */
#define CAREFUL                                                               \
    "(SELECT CASE WHEN " CONTACT_KEPT("v.id") " THEN 2 ELSE " MESSAGES_MINOR( \
        "v") " END FROM account v WHERE v.id = $1) AS careful"
SQL(messages_spread,
    "SELECT MAX(m.last_ms) AS last_ms, MIN(c.created_ms) AS first_ms, COUNT(*) AS count, " CAREFUL
    " FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id"
    " WHERE m.account_id = $1 AND m.state = 'in'");
COLUMNS(SPREAD_LAST_MS, SPREAD_FIRST_MS, SPREAD_COUNT, SPREAD_CAREFUL);
SQL(messages_crowd, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversation_member m"
                    " JOIN message x ON x.conversation_id = m.conversation_id"
                    " WHERE m.account_id = $1 AND m.state = 'in' AND x.at_ms BETWEEN $2 AND $3"
                    " LIMIT $4) u");
/* What messages_held() says, where one is in it. */
#define NOT_HELD                                                                        \
    "(CAST($7 AS BIGINT) = 0 OR x.sender_id = $1 OR EXISTS (SELECT 1 FROM friendship f" \
    " WHERE f.account_id = $1 AND f.friend_id = x.sender_id) OR ($7 = 1"                \
    " AND CASE WHEN c.kind = 'pair' THEN m.accepted_ms > 0 ELSE c.maker_id = $1"        \
    " OR w.asked_ms < m.accepted_ms END))"
/* The plus: the index by time is the one that fits, which SQLite does not see. */
SQL(messages_window,
    "SELECT x.seq, x.at_ms, x.edited_ms, x.reply_seq, x.sender_id, a.public_id, a.avatar_name,"
    " x.client_id, a.key_id, w.key_ct, x.body_ct, c.public_id FROM conversation_member m"
    " JOIN conversation c ON c.id = m.conversation_id JOIN message x ON x.conversation_id = c.id"
    " JOIN account a ON a.id = x.sender_id JOIN conversation_member w"
    " ON w.conversation_id = x.conversation_id AND w.account_id = x.sender_id"
    " WHERE m.account_id = $1 AND m.state = 'in' AND x.at_ms BETWEEN $2 AND $3"
    " AND (x.at_ms, c.public_id, x.seq) < ($3, $4, $5) AND +x.seq > m.since_seq"
    " AND x.body_ct IS NOT NULL AND " NOT_HELD " AND " MESSAGES_THERE
    " AND" CONTACT_PERCEIVES("$1",
                             "a") "ORDER BY x.at_ms DESC, c.public_id DESC, x.seq DESC LIMIT $6");
COLUMNS(FOUND_SEQ, FOUND_AT_MS, FOUND_EDITED_MS, FOUND_REPLY_SEQ, FOUND_SENDER_ID, FOUND_PUBLIC_ID,
        FOUND_AVATAR_NAME, FOUND_CLIENT_ID, FOUND_KEY_ID, FOUND_KEY_CT, FOUND_BODY_CT,
        FOUND_CONVERSATION_PUBLIC_ID);

/* Newer than this was looked through; the next window is so wide. */
struct place {
    int64_t at_ms, seq, span_ms;
    const char *conversation;
};

/* A search goes on with the same words only. */
static const char *list_of(struct call *call, const struct messages_search *search)
{
    return arena_printf(call->arena, "messages.search:%s", search->folded);
}

static enum err set_next(struct call *call, const struct place *place,
                         struct messages_search *search)
{
    const struct cursor cursor = {{place->at_ms, place->seq, place->span_ms}, place->conversation};
    return cursor_seal(call, list_of(call, search), &cursor, &search->next);
}

static enum err read_cursor(struct call *call, const struct messages_search *search,
                            struct place *ret)
{
    struct cursor cursor;
    TRY(cursor_open(call, list_of(call, search), search->cursor, &cursor));
    *ret = (struct place){cursor.at[0], cursor.at[1], cursor.at[2], cursor.text};
    return OK;
}

static struct messages_sealed read_row(const struct call *call, const struct rows *rows, size_t i)
{
    struct messages_sealed one = {
        .conversation = row_text(rows, i, FOUND_CONVERSATION_PUBLIC_ID),
        .sender_id = row_i64(rows, i, FOUND_SENDER_ID),
        .client_id = row_text(rows, i, FOUND_CLIENT_ID),
        .key = sealed_read(rows, i, FOUND_KEY_CT, row_i64(rows, i, FOUND_KEY_ID)),
        .body = sealed_read(rows, i, FOUND_BODY_CT, 0)};
    bool mine = one.sender_id == call->actor.id;
    one.message = (struct messages_message){.seq = row_i64(rows, i, FOUND_SEQ),
                                            .at = row_i64(rows, i, FOUND_AT_MS),
                                            .edited_ms = row_i64(rows, i, FOUND_EDITED_MS),
                                            .reply = row_i64(rows, i, FOUND_REPLY_SEQ),
                                            .from = row_text(rows, i, FOUND_PUBLIC_ID),
                                            .name = row_text(rows, i, FOUND_AVATAR_NAME),
                                            .mine = mine,
                                            .cid = mine ? one.client_id : NULL};
    return one;
}

/* The bytes that they take; `at` is moved behind the last of them. */
static size_t take(struct call *call, const struct rows *rows, struct messages_search *search,
                   struct place *at)
{
    size_t bytes = 0;
    ASSERT_CODE(search->count + rows->count <= MESSAGES_SLICE + BATCH);
    for (size_t i = 0; i < rows->count; i++) {
        struct messages_sealed *one = &search->all[search->count++];
        *one = read_row(call, rows, i);
        bytes += one->body.len;
        *at = (struct place){one->message.at, one->message.seq, at->span_ms, one->conversation};
    }
    return bytes;
}

/* One window, as wide as is not too crowded. */
static enum err look(struct call *call, struct messages_search *search, struct place *at,
                     size_t *bytes, int *looks)
{
    struct rows crowd, rows;
    const struct val who = I64(call->actor.id);
    int64_t from_ms = 0;
    do {
        from_ms = MAX(at->at_ms - at->span_ms, 0);
        TRY(store_run(call, &messages_crowd, BIND(who, I64(from_ms), I64(at->at_ms), I64(CROWD)),
                      &crowd));
        (*looks)++;
    } while (row_i64(&crowd, 0, ONLY) == CROWD && at->span_ms > 1 &&
             (at->span_ms = MAX(at->span_ms / NARROWER, 1)));
    (*looks)++;
    TRY(store_run(call, &messages_window,
                  BIND(who, I64(from_ms), I64(at->at_ms), TEXT(at->conversation), I64(at->seq),
                       I64(BATCH), I64(search->careful)),
                  &rows));
    *bytes += take(call, &rows, search, at);
    if (rows.count < BATCH) {
        *at = (struct place){from_ms, 0, MIN(at->span_ms * WIDER, TIME_DAY * 10000), ""};
    }
    return OK;
}

enum err messages_search(struct call *call, struct messages_search *search)
{
    struct rows spread;
    struct place at = {INT64_MAX, 0, TIME_DAY, ""};
    size_t bytes = 0;
    int looks = 0;
    ASSERT_CODE(call->actor.id && search->folded && *search->folded);
    if (search->cursor) {
        TRY(read_cursor(call, search, &at));
    }
    TRY(store_run(call, &messages_spread, BIND(I64(call->actor.id)), &spread));
    search->careful = row_i64(&spread, 0, SPREAD_CAREFUL);
    if (at.at_ms > row_i64(&spread, 0, SPREAD_LAST_MS)) {
        at = (struct place){row_i64(&spread, 0, SPREAD_LAST_MS) + 1, 0, at.span_ms, ""};
    }
    int64_t oldest_ms = MAX(row_i64(&spread, 0, SPREAD_FIRST_MS), 1);
    int64_t looks_max = MIN(LOOKS_MAX, 1 + SEEKS_MAX / (row_i64(&spread, 0, SPREAD_COUNT) + 1));
    search->count = 0;
    search->all = arena_alloc(call->arena, (MESSAGES_SLICE + BATCH) * sizeof(*search->all));
    while (looks < looks_max && search->count < MESSAGES_SLICE && bytes < MESSAGES_SLICE_BYTES &&
           at.at_ms >= oldest_ms) {
        TRY(look(call, search, &at, &bytes, &looks));
    }
    bool more = at.at_ms >= oldest_ms;
    search->searched_ms = more ? at.at_ms : 0;
    search->next = NULL;
    return more ? set_next(call, &at, search) : OK;
}

static enum err holds(struct call *call, const struct messages_sealed *one, const char *folded,
                      bool *ret)
{
    const char *text = NULL;
    *ret = false;
    if (one->message.text) {
        TRY(messages_fold(call, one->message.text, &text));
        *ret = strstr(text, folded) != NULL;
    }
    return OK;
}

enum err messages_search_open(struct call *call, struct messages_search *search,
                              struct messages_sealed **ret, size_t *ret_count)
{
    struct messages_sealed *found = arena_alloc(call->arena, MESSAGES_FOUND_MAX * sizeof(*found));
    size_t count = 0;
    ASSERT_CODE(!call->tx && search->count <= MESSAGES_SLICE + BATCH);
    for (size_t from = 0; from < search->count && count < MESSAGES_FOUND_MAX; from += BATCH) {
        struct arena_mark mark = arena_mark(call->arena);
        size_t until = MIN(from + BATCH, search->count);
        TRY(messages_open(call, search->all + from, until - from));
        for (size_t i = from; i < until && count < MESSAGES_FOUND_MAX; i++) {
            bool yes = false;
            struct arena_mark one = arena_mark(call->arena);
            TRY(holds(call, &search->all[i], search->folded, &yes));
            arena_rewind(call->arena, one);
            search->all[i].message.text = NULL;
            if (yes) {
                found[count++] = search->all[i];
            }
        }
        arena_rewind(call->arena, mark);
    }
    if (count == MESSAGES_FOUND_MAX) { /* there may be more of them behind the last */
        const struct messages_message *last = &found[count - 1].message;
        const struct place at = {last->at, last->seq, TIME_H, found[count - 1].conversation};
        search->searched_ms = last->at;
        TRY(set_next(call, &at, search));
    }
    *ret = found;
    *ret_count = count;
    return messages_open(call, found, count);
}
