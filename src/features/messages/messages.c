#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "features/messages/messages_inner.h"
#include "features/notices/notices.h"
#include "features/rooms/rooms.h"
#include "store/store.h"

/* Where a member stands in a conversation; their list of them. */

#define NO_PARENTS "(SELECT g.allow_chat FROM guardian g WHERE g.account_id = $1)"
SQL(messages_place_of,
    "SELECT c.id, c.public_id, c.kind, c.last_seq, c.maker_id, m.state, m.begun, m.since_seq,"
    " m.read_seq, " NO_PARENTS ", (SELECT x.seq FROM message x WHERE x.sender_id = $1"
    " AND x.conversation_id = c.id AND x.client_id = $3) FROM conversation c"
    " JOIN conversation_member m ON m.conversation_id = c.id AND m.account_id = $1"
    " WHERE c.public_id = $2 AND m.state <> 'left' AND " MESSAGES_THERE);
enum { ID, PUBLIC_ID, KIND, LAST, MAKER, STATE, BEGUN, SINCE, READ, PARENTS, SAID };
SQL(messages_members_of,
    "SELECT a.id, a.public_id, a.avatar_name, m.state, m.begun, m.muted, m.since_seq, f.since_ms,"
    " g.allow_chat, p.show_read, CASE WHEN" CONTACT_PERCEIVES(
        "$1",
        "a") "THEN 1 ELSE 0 END FROM conversation_member m JOIN account a ON a.id = m.account_id"
             " LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = a.id"
             " LEFT JOIN guardian g ON g.account_id = a.id"
             " LEFT JOIN message_choice p ON p.account_id = a.id WHERE m.conversation_id = $2"
             " AND (m.state <> 'left' OR CAST($3 AS BIGINT) = 0) ORDER BY a.id LIMIT 20");
/* sees: server - whether, not who */
SQL(messages_kept_in, "SELECT g.account_id FROM guardian g WHERE g.allow_chat = 0"
                      " AND g.account_id IN " CONTACT_LIST("$1", "$2") " LIMIT 1");

#define UNREAD                                                                     \
    "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM message x JOIN account a"         \
    " ON a.id = x.sender_id WHERE x.conversation_id = c.id AND x.seq > m.read_seq" \
    " AND x.sender_id <> $1 AND x.gone_ms IS NULL AND" CONTACT_PERCEIVES("$1",     \
                                                                         "a") " LIMIT 100) u)"
/* The name of a group is its maker's words. */
#define ROW                                                                                        \
    "SELECT c.id, c.public_id, c.kind, c.last_seq, c.maker_id, m.state, m.begun, m.since_seq,"     \
    " m.read_seq, " NO_PARENTS ", m.muted, m.last_ms, " UNREAD ", c.name_ct, w.key_ct,"            \
    " n.key_id FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id"         \
    " LEFT JOIN account n ON n.id = c.maker_id AND" CONTACT_PERCEIVES(                             \
        "$1",                                                                                      \
        "n") "LEFT JOIN conversation_member w ON w.conversation_id = c.id AND w.account_id = n.id" \
             " WHERE m.account_id = $1 AND " MESSAGES_THERE
enum { MUTED = SAID, LAST_MS, UNREAD_COUNT, NAME, NAME_KEY, NAME_KEY_ID };
SQL(messages_listed, ROW " AND m.state = $2 AND m.last_ms > 0 AND (m.last_ms, c.public_id)"
                         " < ($3, $4) ORDER BY m.last_ms DESC, c.public_id DESC LIMIT $5");
SQL(messages_found, ROW " AND m.state <> 'left' AND c.public_id = $2");
SQL(messages_waiting,
    "SELECT COUNT(*) FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id"
    " WHERE m.account_id = $1 AND m.state = 'request' AND m.last_ms > 0 AND " MESSAGES_THERE);
SQL(messages_people,
    "SELECT a.id, a.public_id, a.avatar_name, a.avatar, a.colours, m.state, m.begun, m.read_seq,"
    " p.show_read FROM conversation_member m JOIN account a ON a.id = m.account_id"
    " LEFT JOIN message_choice p ON p.account_id = a.id WHERE m.conversation_id = $2"
    " AND m.account_id <> $1 AND (m.state <> 'left' OR CAST($3 AS BIGINT) = 0)"
    " AND" CONTACT_PERCEIVES("$1", "a") "ORDER BY a.id LIMIT 20");

SQL(messages_set_muted, "UPDATE conversation_member SET muted = $3 WHERE account_id = $1"
                        " AND conversation_id = $2");
SQL(messages_take_in, "UPDATE conversation_member SET state = 'in', begun = 1"
                      " WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_leave, "UPDATE conversation_member SET state = 'left', since_seq = $3, read_seq = $3,"
                    " last_ms = 0 WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_due, "UPDATE conversation SET due = 1 WHERE id = $1");

static bool flag_or(const struct rows *rows, size_t row, size_t col, bool usual)
{
    return row_null(rows, row, col) ? usual : row_i64(rows, row, col) != 0;
}

static struct messages_place read_place(const struct rows *rows, size_t i)
{
    return (struct messages_place){.id = row_i64(rows, i, ID),
                                   .public_id = row_text(rows, i, PUBLIC_ID),
                                   .group = strcmp(row_text(rows, i, KIND), "group") == 0,
                                   .last_seq = row_i64(rows, i, LAST),
                                   .maker_id = row_i64(rows, i, MAKER),
                                   .request = strcmp(row_text(rows, i, STATE), "request") == 0,
                                   .begun = row_i64(rows, i, BEGUN) != 0,
                                   .since_seq = row_i64(rows, i, SINCE),
                                   .read_seq = row_i64(rows, i, READ),
                                   .parents = flag_or(rows, i, PARENTS, true)};
}

enum err messages_place(struct call *call, const char *id, const char *cid,
                        struct messages_place *ret)
{
    struct rows rows;
    TRY(store_run(call, &messages_place_of,
                  BIND(I64(call->actor.id), TEXT(id), TEXT(cid ? cid : "")), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    *ret = read_place(&rows, 0);
    ret->said_seq = row_i64(&rows, 0, SAID);
    return OK;
}

enum err messages_members(struct call *call, const struct messages_place *place,
                          struct messages_member **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &messages_members_of,
                  BIND(I64(call->actor.id), I64(place->id), I64(place->group)), &rows));
    struct messages_member *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct messages_member){.account_id = row_i64(&rows, i, 0),
                                          .id = row_text(&rows, i, 1),
                                          .name = row_text(&rows, i, 2),
                                          .state = row_text(&rows, i, 3),
                                          .begun = row_i64(&rows, i, 4) != 0,
                                          .muted = row_i64(&rows, i, 5) != 0,
                                          .since_seq = row_i64(&rows, i, 6),
                                          .friends = !row_null(&rows, i, 7),
                                          .parents = flag_or(&rows, i, 8, true),
                                          .shows = flag_or(&rows, i, 9, true),
                                          .seen = row_i64(&rows, i, 10) != 0};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err messages_parents(struct call *call, const int64_t *ids, size_t count, bool *ret)
{
    struct rows rows;
    TRY(store_run(call, &messages_kept_in,
                  BIND(TEXT(contact_list(call, ids, count)), I64((int64_t)count)), &rows));
    *ret = rows.count == 0;
    return OK;
}

/* ---- lists ---- */

/* The other of a pair decides whether one may write; in a group, being in it. */
static enum err may_write(struct call *call, const struct messages_place *place,
                          const struct rows *people, bool *ret)
{
    bool may = place->parents && (place->group || people->count > 0);
    if (may && !place->group) {
        int64_t other = row_i64(people, 0, 0);
        TRY(messages_parents(call, &other, 1, &may));
        if (may && row_i64(people, 0, 6) == 0) {
            TRY(contact_may(call, call->actor.id, other, CONTACT_MESSAGE, &may));
        }
    }
    *ret = may;
    return OK;
}

static enum err add_people(struct call *call, const struct messages_place *place, bool shows,
                           struct messages_conversation *ret)
{
    struct rows rows;
    TRY(store_run(call, &messages_people,
                  BIND(I64(call->actor.id), I64(place->id), I64(place->group)), &rows));
    struct messages_person *people = arena_alloc(call->arena, (rows.count + 1) * sizeof(*people));
    struct messages_mark *reads = arena_alloc(call->arena, (rows.count + 1) * sizeof(*reads));
    for (size_t i = 0; i < rows.count; i++) {
        people[i] = (struct messages_person){.id = row_text(&rows, i, 1),
                                             .name = row_text(&rows, i, 2),
                                             .avatar = row_text(&rows, i, 3)};
        rooms_colours(row_text(&rows, i, 4), &people[i].colours);
        if (shows && strcmp(row_text(&rows, i, 5), "in") == 0 && flag_or(&rows, i, 8, true)) {
            reads[ret->reads.count++] = (struct messages_mark){people[i].id, row_i64(&rows, i, 7)};
        }
    }
    ret->people = (struct json_list){people, rows.count};
    ret->reads.items = reads;
    return may_write(call, place, &rows, &ret->may_write);
}

/* The name waits to be opened as if it were a message. */
static struct messages_sealed read_name(const struct rows *rows, size_t i)
{
    struct messages_sealed name = {.conversation = row_text(rows, i, PUBLIC_ID),
                                   .sender_id = row_i64(rows, i, MAKER),
                                   .client_id = "name",
                                   .key = {.key_id = row_i64(rows, i, NAME_KEY_ID)}};
    if (!row_null(rows, i, NAME) && !row_null(rows, i, NAME_KEY)) {
        name.key.ct = row_bytes(rows, i, NAME_KEY, &name.key.len);
        name.body = row_bytes(rows, i, NAME, &name.body_len);
    }
    return name;
}

static enum err read_one(struct call *call, const struct rows *rows, size_t i, bool shows,
                         struct messages_listed *listed)
{
    struct messages_place place = read_place(rows, i);
    struct messages_conversation *one = &listed->all[i];
    struct messages_sealed *last = NULL;
    size_t found = 0;
    *one = (struct messages_conversation){.id = place.public_id,
                                          .kind = row_text(rows, i, KIND),
                                          .state = row_text(rows, i, STATE),
                                          .mine = place.group && place.maker_id == call->actor.id,
                                          .muted = row_i64(rows, i, MUTED) != 0,
                                          .unread = row_i64(rows, i, UNREAD_COUNT),
                                          .last_ms = row_i64(rows, i, LAST_MS)};
    TRY(add_people(call, &place, shows && !place.request, one));
    TRY(messages_rows(call, call->actor.id, &place,
                      (struct messages_span){MESSAGES_BEFORE, INT64_MAX, 1}, &last, &found));
    listed->last[i] = found ? last[0] : (struct messages_sealed){.conversation = place.public_id};
    listed->names[i] = read_name(rows, i);
    return OK;
}

static enum err read_all(struct call *call, const struct rows *rows, struct messages_listed *ret)
{
    bool shows = false;
    TRY(messages_show_read(call, &shows));
    ret->count = rows->count;
    ret->all = arena_alloc(call->arena, (rows->count + 1) * sizeof(*ret->all));
    ret->last = arena_alloc(call->arena, (rows->count + 1) * sizeof(*ret->last));
    ret->names = arena_alloc(call->arena, (rows->count + 1) * sizeof(*ret->names));
    for (size_t i = 0; i < rows->count; i++) {
        TRY(read_one(call, rows, i, shows, ret));
    }
    return OK;
}

enum err messages_list(struct call *call, bool requests, const char *after,
                       struct messages_listed *ret)
{
    struct rows rows, waiting;
    int64_t last_ms = INT64_MAX;
    const char *dot = after ? strchr(after, '.') : NULL;
    if (after && (!dot || !text_i64(arena_text(call->arena, after, (size_t)(dot - after)), 0,
                                    INT64_MAX, &last_ms))) {
        return call_fail_field(call, ERR_INVALID, "input.type", "after");
    }
    TRY(store_run(call, &messages_waiting, BIND(I64(call->actor.id)), &waiting));
    TRY(store_run(call, &messages_listed,
                  BIND(I64(call->actor.id), TEXT(requests ? "request" : "in"), I64(last_ms),
                       TEXT(dot ? dot + 1 : ""), I64(MESSAGES_LIST)),
                  &rows));
    TRY(read_all(call, &rows, ret));
    ret->requests = row_i64(&waiting, 0, 0);
    if (rows.count == MESSAGES_LIST) {
        const struct messages_conversation *last = &ret->all[rows.count - 1];
        ret->next = arena_printf(call->arena, "%" PRId64 ".%s", last->last_ms, last->id);
    }
    return OK;
}

enum err messages_one(struct call *call, const char *id, struct messages_listed *ret)
{
    struct rows rows;
    TRY(store_run(call, &messages_found, BIND(I64(call->actor.id), TEXT(id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    return read_all(call, &rows, ret);
}

enum err messages_list_open(struct call *call, struct messages_listed *listed)
{
    TRY(messages_open(call, listed->last, listed->count));
    TRY(messages_open(call, listed->names, listed->count));
    for (size_t i = 0; i < listed->count; i++) {
        listed->all[i].last = listed->last[i].message;
        listed->all[i].name = listed->names[i].message.text;
    }
    return OK;
}

/* ---- one's own side of it ---- */

enum err messages_mute(struct call *call, const char *id, bool muted)
{
    struct messages_place place;
    TRY(messages_place(call, id, NULL, &place));
    TRY(store_run(call, &messages_set_muted, BIND(I64(call->actor.id), I64(place.id), I64(muted)),
                  NULL));
    messages_tell_own(call, id);
    return OK;
}

enum err messages_accept(struct call *call, const char *id)
{
    struct messages_place place = {0};
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_place(call, id, NULL, &place));
    if (!place.request) {
        return OK;
    }
    TRY(store_run(call, &messages_take_in, BIND(I64(call->actor.id), I64(place.id)), NULL));
    TRY(notices_drop(call, call->actor.id, "messages.request", id));
    TRY(messages_members(call, &place, &members, &count));
    messages_tell_again(call, &place, members, count);
    return OK;
}

enum err messages_forget(struct call *call, const char *id)
{
    static const char *const kinds[] = {"messages.friend", "messages.stranger", "messages.request",
                                        "messages.mention"};
    struct messages_place place = {0};
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_place(call, id, NULL, &place));
    if (place.group) {
        TRY(messages_members(call, &place, &members, &count));
        messages_tell_again(call, &place, members, count);
    } else {
        messages_tell_own(call, id);
    }
    TRY(store_run(call, &messages_leave,
                  BIND(I64(call->actor.id), I64(place.id), I64(place.last_seq)), NULL));
    TRY(store_run(call, &messages_due, BIND(I64(place.id)), NULL));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        TRY(notices_drop(call, call->actor.id, kinds[i], id));
    }
    return OK;
}
