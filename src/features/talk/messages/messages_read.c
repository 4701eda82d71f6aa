#include <string.h>

#include "base/arena.h"
#include "features/notify/notices/notices.h"
#include "features/talk/messages/messages_inner.h"
#include "store/store.h"

/* Pages of messages, and what others are told of one's reading. */

#define ROW                                                                                 \
    "SELECT x.seq, x.at_ms, x.edited_ms, x.gone_ms, x.reply_seq, x.sender_id, a.public_id," \
    " a.avatar_name, x.client_id, a.key_id, w.key_ct, x.body_ct, w.asked_ms,"               \
    " (SELECT f.since_ms FROM friendship f WHERE f.account_id = $1"                         \
    " AND f.friend_id = x.sender_id) AS friends FROM message x"                             \
    " JOIN account a ON a.id = x.sender_id JOIN conversation_member w"                      \
    " ON w.conversation_id = x.conversation_id AND w.account_id = x.sender_id"              \
    " WHERE x.conversation_id = $2 AND"
COLUMNS(MESSAGE_SEQ, MESSAGE_AT_MS, MESSAGE_EDITED_MS, MESSAGE_GONE_MS, MESSAGE_REPLY_SEQ,
        MESSAGE_SENDER_ID, MESSAGE_PUBLIC_ID, MESSAGE_AVATAR_NAME, MESSAGE_CLIENT_ID,
        MESSAGE_KEY_ID, MESSAGE_KEY_CT, MESSAGE_BODY_CT, MESSAGE_ASKED_MS, MESSAGE_FRIENDS);
SQL(messages_before,
    ROW CONTACT_PERCEIVES("$1", "a") "AND x.seq > $3 AND x.seq < $4 ORDER BY x.seq DESC LIMIT $5");
/* One bound below: of two SQLite would take the lower and read its way up. */
SQL(messages_after, ROW CONTACT_PERCEIVES("$1", "a") "AND x.seq > $3 ORDER BY x.seq LIMIT $4");
SQL(messages_at, ROW CONTACT_PERCEIVES("$1", "a") "AND x.seq = $3 LIMIT $4");
SQL(messages_reported_rows,
    ROW CONTACT_REPORTS("$1", "a", "x.at_ms") "AND x.seq > $3"
                                              " AND x.seq <= $4 ORDER BY x.seq DESC LIMIT $5");
SQL(messages_mentions, "SELECT t.seq, a.public_id, a.avatar_name FROM message_mention t"
                       " JOIN account a ON a.id = t.account_id WHERE t.conversation_id = $2"
                       " AND t.seq IN " CONTACT_LIST("$3", "$4") " AND" CONTACT_PERCEIVES(
                           "$1", "a") "ORDER BY t.seq, a.id LIMIT 1000");
COLUMNS(MENTION_SEQ, MENTION_PUBLIC_ID, MENTION_AVATAR_NAME);
SQL(messages_reactions,
    "SELECT r.seq, r.emoji, COUNT(*) AS count, MAX(CASE WHEN a.id = $1 THEN 1 ELSE 0 END) AS mine"
    " FROM message_reaction r JOIN account a ON a.id = r.account_id"
    " WHERE r.conversation_id = $2 AND r.seq IN " CONTACT_LIST("$3", "$4") " AND" CONTACT_PERCEIVES(
        "$1", "a") "GROUP BY r.seq, r.emoji"
                   " ORDER BY r.seq, MIN(r.at_ms), r.emoji LIMIT 1000");
COLUMNS(REACTION_SEQ, REACTION_EMOJI, REACTION_COUNT, REACTION_MINE);
SQL(messages_seen, "UPDATE conversation_member SET read_seq = $3 WHERE account_id = $1"
                   " AND conversation_id = $2 AND read_seq < $3");
SQL(messages_chosen, "SELECT show_read FROM message_choice WHERE account_id = $1");
SQL(messages_choose, "INSERT INTO message_choice (account_id, show_read) VALUES ($1, $2)"
                     " ON CONFLICT (account_id) DO UPDATE SET show_read = excluded.show_read");

/* ---- rows ---- */

static struct messages_sealed read_row(const struct messages_place *of, const struct rows *rows,
                                       size_t i)
{
    struct messages_sealed one = {
        .conversation = of->public_id,
        .sender_id = row_i64(rows, i, MESSAGE_SENDER_ID),
        .client_id = row_text(rows, i, MESSAGE_CLIENT_ID),
        .key = sealed_read(rows, i, MESSAGE_KEY_CT, row_i64(rows, i, MESSAGE_KEY_ID))};
    bool mine = one.sender_id == of->viewer_id;
    one.message = (struct messages_message){.seq = row_i64(rows, i, MESSAGE_SEQ),
                                            .at = row_i64(rows, i, MESSAGE_AT_MS),
                                            .edited_ms = row_i64(rows, i, MESSAGE_EDITED_MS),
                                            .gone = !row_null(rows, i, MESSAGE_GONE_MS),
                                            .reply = row_i64(rows, i, MESSAGE_REPLY_SEQ),
                                            .from = row_text(rows, i, MESSAGE_PUBLIC_ID),
                                            .name = row_text(rows, i, MESSAGE_AVATAR_NAME),
                                            .mine = mine,
                                            .cid = mine ? one.client_id : NULL};
    one.message.waits = messages_held(of, mine, !row_null(rows, i, MESSAGE_FRIENDS),
                                      row_i64(rows, i, MESSAGE_ASKED_MS));
    if (!one.message.waits) {
        one.body = sealed_read(rows, i, MESSAGE_BODY_CT, 0);
    }
    return one;
}

enum err messages_rows(struct call *call, const struct messages_place *of,
                       struct messages_span span, struct messages_sealed **ret, size_t *ret_count)
{
    ASSERT_CODE(span.way <= MESSAGES_AT && span.limit >= 0 && span.limit <= MESSAGES_PAGE_MAX);
    struct rows rows = {0};
    enum messages_way way = span.way;
    int64_t seq = span.seq;
    const struct val who = I64(of->viewer_id), where = I64(of->id), most = I64(span.limit);
    if (way == MESSAGES_BEFORE) {
        TRY(store_run(call, &messages_before, BIND(who, where, I64(of->since_seq), I64(seq), most),
                      &rows));
    } else if (way == MESSAGES_AFTER) {
        TRY(store_run(call, &messages_after, BIND(who, where, I64(MAX(seq, of->since_seq)), most),
                      &rows));
    } else if (seq > of->since_seq) {
        TRY(store_run(call, &messages_at, BIND(who, where, I64(seq), most), &rows));
    }
    struct messages_sealed *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[way == MESSAGES_BEFORE ? rows.count - 1 - i : i] = read_row(of, &rows, i);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

/* The rows of one message stand together, in the order of the messages; `col` is its number. */
static size_t run_of(const struct rows *rows, size_t col, int64_t seq, size_t *at)
{
    size_t count = 0;
    while (*at < rows->count && row_i64(rows, *at, col) < seq) {
        (*at)++;
    }
    while (*at + count < rows->count && row_i64(rows, *at + count, col) == seq) {
        count++;
    }
    return count;
}

static void mentions_of(struct call *call, const struct rows *rows, size_t at, size_t count,
                        struct messages_message *ret)
{
    struct messages_mention *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct messages_mention){row_text(rows, at + i, MENTION_PUBLIC_ID),
                                           row_text(rows, at + i, MENTION_AVATAR_NAME)};
    }
    JSON_LIST_SET(ret->mentions, all, count);
}

static void reactions_of(struct call *call, const struct rows *rows, size_t at, size_t count,
                         struct messages_message *ret)
{
    struct messages_reaction *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct messages_reaction){row_text(rows, at + i, REACTION_EMOJI),
                                            row_i64(rows, at + i, REACTION_COUNT),
                                            row_i64(rows, at + i, REACTION_MINE) != 0};
    }
    JSON_LIST_SET(ret->reactions, all, count);
}

enum err messages_details(struct call *call, int64_t viewer, int64_t conversation_id,
                          struct messages_sealed *all, size_t count)
{
    ASSERT_CODE(count <= MESSAGES_PAGE_MAX);
    struct rows mentions, reactions;
    int64_t *seqs = arena_alloc(call->arena, (count + 1) * sizeof(*seqs));
    size_t at[2] = {0};
    if (count == 0) {
        return OK;
    }
    for (size_t i = 0; i < count; i++) {
        seqs[i] = all[i].message.seq;
    }
    const struct val in[] = {I64(viewer), I64(conversation_id),
                             TEXT(contact_list(call, seqs, count)), I64((int64_t)count)};
    TRY(store_run(call, &messages_mentions, in, COUNT(in), &mentions));
    TRY(store_run(call, &messages_reactions, in, COUNT(in), &reactions));
    for (size_t i = 0; i < count; i++) {
        size_t named = run_of(&mentions, MENTION_SEQ, seqs[i], &at[0]);
        size_t kinds = run_of(&reactions, REACTION_SEQ, seqs[i], &at[1]);
        mentions_of(call, &mentions, at[0], named, &all[i].message);
        reactions_of(call, &reactions, at[1], kinds, &all[i].message);
    }
    return OK;
}

/* ---- pages ---- */

/* The half before a place and the half from it on. */
static enum err read_around(struct call *call, const struct messages_place *place, int64_t seq,
                            int64_t limit, struct messages_page *ret)
{
    struct messages_sealed *before = NULL, *after = NULL;
    size_t before_count = 0, after_count = 0;
    TRY(messages_rows(call, place, (struct messages_span){MESSAGES_BEFORE, seq, limit / 2}, &before,
                      &before_count));
    TRY(messages_rows(call, place,
                      (struct messages_span){MESSAGES_AFTER, seq - 1, limit - limit / 2}, &after,
                      &after_count));
    ret->count = before_count + after_count;
    ret->all = arena_alloc(call->arena, (ret->count + 1) * sizeof(*ret->all));
    memcpy(ret->all, before, before_count * sizeof(*before));
    memcpy(ret->all + before_count, after, after_count * sizeof(*after));
    ret->before =
        before_count > 0 && before_count == (size_t)(limit / 2) ? before[0].message.seq : 0;
    ret->after =
        after_count == (size_t)(limit - limit / 2) ? after[after_count - 1].message.seq : 0;
    return OK;
}

enum err messages_read_page(struct call *call, const struct messages_asked *asked,
                            struct messages_page *ret)
{
    struct messages_place place;
    int64_t limit = asked->limit ? asked->limit : MESSAGES_PAGE;
    TRY(messages_place(call, asked->id, NULL, &place));
    if (asked->around) {
        TRY(read_around(call, &place, asked->around, limit, ret));
    } else if (asked->after) {
        TRY(messages_rows(call, &place, (struct messages_span){MESSAGES_AFTER, asked->after, limit},
                          &ret->all, &ret->count));
        ret->before = ret->count ? ret->all[0].message.seq : asked->after + 1;
        ret->after = ret->count == (size_t)limit ? ret->all[limit - 1].message.seq : 0;
    } else {
        TRY(messages_rows(call, &place,
                          (struct messages_span){MESSAGES_BEFORE,
                                                 asked->before ? asked->before : INT64_MAX, limit},
                          &ret->all, &ret->count));
        ret->before = ret->count == (size_t)limit ? ret->all[0].message.seq : 0;
        ret->after = asked->before && ret->count ? ret->all[ret->count - 1].message.seq : 0;
    }
    return messages_details(call, call->actor.id, place.id, ret->all, ret->count);
}

enum err messages_reported(struct call *call, const char *id, int64_t seq, int64_t limit,
                           struct messages_sealed **ret, size_t *ret_count)
{
    struct messages_place place;
    struct rows rows;
    ASSERT_CODE(call->actor.id && seq > 0 && limit > 0);
    TRY(messages_place_for_report(call, id, &place));
    if (place.left && seq > place.read_seq) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    TRY(store_run(
        call, &messages_reported_rows,
        BIND(I64(place.viewer_id), I64(place.id), I64(place.since_seq), I64(seq), I64(limit)),
        &rows));
    place.minor = false; /* an officer reads what waits for a minor's yes */
    place.parents = true;
    struct messages_sealed *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[rows.count - 1 - i] = read_row(&place, &rows, i);
    }
    *ret = all;
    *ret_count = rows.count;
    const struct messages_sealed *last = rows.count ? &all[rows.count - 1] : NULL;
    return last && last->message.seq == seq && last->body.at
               ? OK
               : call_fail(call, ERR_MISSING, "messages.none");
}

/* ---- reading and writing, as others see it ---- */

enum err messages_show_read(struct call *call, bool *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &messages_chosen, BIND(I64(call->actor.id)), &rows));
    *ret = rows.count == 0 || row_i64(&rows, 0, ONLY) != 0;
    return OK;
}

enum err messages_show_read_set(struct call *call, bool show)
{
    ASSERT_CODE(call->actor.id);
    return store_run(call, &messages_choose, BIND(I64(call->actor.id), I64(show)), NULL);
}

enum err messages_mark(struct call *call, const char *id, int64_t seq)
{
    static const char *const kinds[] = {"messages.friend", "messages.stranger", "messages.mention"};
    struct messages_place place;
    struct messages_member *members = NULL;
    size_t count = 0;
    struct rows rows;
    bool shows = false;
    TRY(messages_place(call, id, NULL, &place));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        TRY(notices_read(call, call->actor.id, kinds[i], id));
    }
    seq = MIN(seq, place.last_seq);
    TRY(store_run(call, &messages_seen, BIND(I64(call->actor.id), I64(place.id), I64(seq)), &rows));
    TRY(messages_show_read(call, &shows));
    if (rows.changed == 0) {
        return OK;
    }
    messages_tell_own(call, id);
    if (shows && !place.request) {
        TRY(messages_members(call, &place, &members, &count));
        return messages_tell_doing(call, &place, members, count, seq);
    }
    return OK;
}

enum err messages_typing(struct call *call, const char *id)
{
    struct messages_place place;
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_place(call, id, NULL, &place));
    if (!place.request && place.parents) {
        TRY(messages_members(call, &place, &members, &count));
        return messages_tell_doing(call, &place, members, count, 0);
    }
    return OK;
}
