#include <string.h>

#include "base/arena.h"
#include "features/notify/notices/notices.h"
#include "features/talk/messages/messages_inner.h"
#include "features/talk/rooms/rooms.h"
#include "privacy/cursor.h"
#include "store/store.h"

/* Where a member stands in a conversation; their list of them. */

#define SELF                                                                     \
    "(SELECT g.allow_chat FROM guardian g WHERE g.account_id = $1) AS parents, " \
    "(SELECT " MESSAGES_MINOR("v") " FROM account v WHERE v.id = $1) AS minor"
#define STANDS                                                                   \
    "c.id, c.public_id, c.kind, c.last_seq, c.maker_id, m.state, m.accepted_ms," \
    " m.since_seq, m.read_seq, " SELF
COLUMNS(PLACE_ID, PLACE_PUBLIC_ID, PLACE_KIND, PLACE_LAST_SEQ, PLACE_MAKER_ID, PLACE_STATE,
        PLACE_ACCEPTED_MS, PLACE_SINCE_SEQ, PLACE_READ_SEQ, PLACE_PARENTS, PLACE_MINOR);
#define PLACE                                                                         \
    "SELECT " STANDS ", (SELECT x.seq FROM message x WHERE x.sender_id = $1"          \
    " AND x.conversation_id = c.id AND x.client_id = $3) AS said FROM conversation c" \
    " JOIN conversation_member m ON m.conversation_id = c.id AND m.account_id = $1"   \
    " WHERE c.public_id = $2 AND "
COLUMNS(PLACE_SAID = PLACE_MINOR + 1);
SQL(messages_place_of, PLACE "m.state <> 'left' AND " MESSAGES_THERE);
/* Who was put out of a group keeps their mark of how far they had read. */
SQL(messages_place_reported, PLACE "(m.state <> 'left' OR m.read_seq > m.since_seq)");
#define CAREFUL \
    MESSAGES_MINOR("a") " AS minor, CASE WHEN " CONTACT_KEPT("a.id") " THEN 1 ELSE 0 END AS kept"
SQL(messages_members_of,
    "SELECT a.id, a.public_id, a.avatar_name, m.state, m.accepted_ms, m.muted, m.since_seq,"
    " f.since_ms, m.asked_ms, p.show_read, CASE WHEN" CONTACT_PERCEIVES(
        "$1", "a") "THEN 1 ELSE 0 END AS seen, m.waits_seq, " CAREFUL
                   " FROM conversation_member m JOIN account a ON a.id = m.account_id"
                   " LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = a.id"
                   " LEFT JOIN message_choice p ON p.account_id = a.id"
                   " WHERE m.conversation_id = $2 AND (CAST($3 AS BIGINT) = 0 OR a.id = $1"
                   " OR " MESSAGES_LISTED(
                       "$4") ") ORDER BY CASE WHEN a.id = $1 THEN 0 ELSE 1 END, a.id LIMIT 21");
COLUMNS(MEMBER_ID, MEMBER_PUBLIC_ID, MEMBER_AVATAR_NAME, MEMBER_STATE, MEMBER_ACCEPTED_MS,
        MEMBER_MUTED, MEMBER_SINCE_SEQ, MEMBER_FRIENDS_SINCE_MS, MEMBER_ASKED_MS, MEMBER_SHOW_READ,
        MEMBER_SEEN, MEMBER_WAITS_SEQ, MEMBER_MINOR, MEMBER_KEPT);

#define UNREAD                                                                     \
    "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM message x JOIN account a"         \
    " ON a.id = x.sender_id WHERE x.conversation_id = c.id AND x.seq > m.read_seq" \
    " AND x.sender_id <> $1 AND x.gone_ms IS NULL AND" CONTACT_PERCEIVES(          \
        "$1", "a") " LIMIT 100) u) AS unread"
/* The name of a group is its maker's words. */
#define ROW                                                                             \
    "SELECT " STANDS ", m.muted, m.last_ms, " UNREAD ", c.name_ct,"                     \
    " w.key_ct, n.key_id, (SELECT f.since_ms FROM friendship f WHERE f.account_id = $1" \
    " AND f.friend_id = n.id) AS maker_friend, m.asked_ms FROM conversation_member m"   \
    " JOIN conversation c ON c.id = m.conversation_id"                                  \
    " LEFT JOIN account n ON n.id = c.maker_id AND" CONTACT_PERCEIVES(                  \
        "$1", "n") "LEFT JOIN conversation_member w ON w.conversation_id = c.id AND "   \
                   "w.account_id = n.id"                                                \
                   " WHERE m.account_id = $1 AND " MESSAGES_THERE
COLUMNS(LISTED_MUTED = PLACE_MINOR + 1, LISTED_LAST_MS, LISTED_UNREAD, LISTED_NAME_CT,
        LISTED_KEY_CT, LISTED_KEY_ID, LISTED_MAKER_FRIEND, LISTED_ASKED_MS);
/* Whom a parent keeps from people is shown nothing of what waits. */
#define BOXED " AND (m.state <> 'request' OR NOT " CONTACT_KEPT("$1") ")"
SQL(messages_listed, ROW " AND m.state = $2" BOXED " AND m.last_ms > 0 AND (m.last_ms, c.public_id)"
                         " < ($3, $4) ORDER BY m.last_ms DESC, c.public_id DESC LIMIT $5");
SQL(messages_found, ROW " AND m.state <> 'left' AND c.public_id = $2");
SQL(messages_waiting,
    "SELECT COUNT(*) FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id"
    " WHERE m.account_id = $1 AND m.state = 'request'" BOXED
    " AND m.last_ms > 0 AND " MESSAGES_THERE);
SQL(messages_people,
    "SELECT a.id, " FACE_OF(
        "a") ", m.state, m.accepted_ms,"
             " m.read_seq, p.show_read, f.since_ms FROM conversation_member m"
             " JOIN account a ON a.id = m.account_id LEFT JOIN message_choice p ON p.account_id = "
             "a.id"
             " LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = a.id"
             " WHERE m.conversation_id = $2 AND m.account_id <> $1 AND (CAST($3 AS BIGINT) = 0"
             " OR " MESSAGES_LISTED("$4") ") AND" CONTACT_PERCEIVES("$1",
                                                                    "a") "ORDER BY a.id LIMIT 19");
COLUMNS(PERSON_ID, PERSON_FACE, PERSON_STATE = PERSON_FACE + FACE_COLUMNS, PERSON_ACCEPTED_MS,
        PERSON_READ_SEQ, PERSON_SHOW_READ, PERSON_FRIENDS_SINCE_MS);
/* sees: server - how many */
SQL(messages_full_of, "SELECT COUNT(*) FROM conversation_member m WHERE m.conversation_id = $2"
                      " AND m.account_id <> $1 AND " MESSAGES_LISTED("$3"));

SQL(messages_set_muted, "UPDATE conversation_member SET muted = $3 WHERE account_id = $1"
                        " AND conversation_id = $2");
SQL(messages_take_in, "UPDATE conversation_member SET state = 'in', accepted_ms = $3,"
                      " refused_ms = 0, waits_seq = NULL"
                      " WHERE account_id = $1 AND conversation_id = $2");
/* Who was asked stands in the list of people until the time is over: refusing shows nowhere. */
SQL(messages_leave, "UPDATE conversation_member SET since_seq = $3, read_seq = $3, last_ms = 0,"
                    " accepted_ms = 0, refused_ms = CASE WHEN state = 'request' THEN $4"
                    " ELSE refused_ms END, asked_ms = CASE WHEN state = 'request' THEN asked_ms"
                    " ELSE 0 END, state = 'left' WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_due, "UPDATE conversation SET due = 1 WHERE id = $1");

static bool flag_or(const struct rows *rows, size_t row, size_t col, bool usual)
{
    return row_null(rows, row, col) ? usual : row_i64(rows, row, col) != 0;
}

static struct messages_place read_place(const struct call *call, const struct rows *rows, size_t i)
{
    return (struct messages_place){.id = row_i64(rows, i, PLACE_ID),
                                   .viewer_id = call->actor.id,
                                   .public_id = row_text(rows, i, PLACE_PUBLIC_ID),
                                   .group = strcmp(row_text(rows, i, PLACE_KIND), "group") == 0,
                                   .last_seq = row_i64(rows, i, PLACE_LAST_SEQ),
                                   .maker_id = row_i64(rows, i, PLACE_MAKER_ID),
                                   .request =
                                       strcmp(row_text(rows, i, PLACE_STATE), "request") == 0,
                                   .left = strcmp(row_text(rows, i, PLACE_STATE), "left") == 0,
                                   .accepted_ms = row_i64(rows, i, PLACE_ACCEPTED_MS),
                                   .since_seq = row_i64(rows, i, PLACE_SINCE_SEQ),
                                   .read_seq = row_i64(rows, i, PLACE_READ_SEQ),
                                   .minor = row_i64(rows, i, PLACE_MINOR) != 0,
                                   .parents = flag_or(rows, i, PLACE_PARENTS, true)};
}

static enum err find_place(struct call *call, const struct sql *how, const char *id,
                           const char *cid, struct messages_place *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, how, BIND(I64(call->actor.id), TEXT(id), TEXT(cid)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    *ret = read_place(call, &rows, 0);
    ret->said_seq = row_i64(&rows, 0, PLACE_SAID);
    return OK;
}

enum err messages_place(struct call *call, const char *id, const char *cid,
                        struct messages_place *ret)
{
    return find_place(call, &messages_place_of, id, cid ? cid : "", ret);
}

enum err messages_place_for_report(struct call *call, const char *id, struct messages_place *ret)
{
    return find_place(call, &messages_place_reported, id, "", ret);
}

enum err messages_members(struct call *call, const struct messages_place *place,
                          struct messages_member **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &messages_members_of,
                  BIND(I64(call->actor.id), I64(place->id), I64(place->group),
                       I64(call->now_ms - MESSAGES_ASKED_MS)),
                  &rows));
    struct messages_member *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct messages_member){.account_id = row_i64(&rows, i, MEMBER_ID),
                                          .id = row_text(&rows, i, MEMBER_PUBLIC_ID),
                                          .name = row_text(&rows, i, MEMBER_AVATAR_NAME),
                                          .state = row_text(&rows, i, MEMBER_STATE),
                                          .accepted_ms = row_i64(&rows, i, MEMBER_ACCEPTED_MS),
                                          .muted = row_i64(&rows, i, MEMBER_MUTED) != 0,
                                          .since_seq = row_i64(&rows, i, MEMBER_SINCE_SEQ),
                                          .friends = !row_null(&rows, i, MEMBER_FRIENDS_SINCE_MS),
                                          .asked_ms = row_i64(&rows, i, MEMBER_ASKED_MS),
                                          .shows = flag_or(&rows, i, MEMBER_SHOW_READ, true),
                                          .seen = row_i64(&rows, i, MEMBER_SEEN) != 0,
                                          .waits_seq = row_null(&rows, i, MEMBER_WAITS_SEQ)
                                                           ? -1
                                                           : row_i64(&rows, i, MEMBER_WAITS_SEQ),
                                          .minor = row_i64(&rows, i, MEMBER_MINOR) != 0,
                                          .parents = row_i64(&rows, i, MEMBER_KEPT) == 0};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

/* ---- what waits, and who is let in ---- */

bool messages_held(const struct messages_place *viewer, bool mine, bool friends,
                   int64_t sender_asked_ms)
{
    bool let = viewer->group
                   ? viewer->maker_id == viewer->viewer_id || sender_asked_ms < viewer->accepted_ms
                   : viewer->accepted_ms > 0;
    bool careful = viewer->minor && (viewer->request || !let);
    return !mine && !friends && (careful || !viewer->parents);
}

bool messages_lets(const struct messages_place *place, bool friends, int64_t accepted_ms,
                   int64_t other_asked_ms)
{
    return friends || (place->group ? other_asked_ms <= accepted_ms : accepted_ms > 0);
}

enum err messages_near(struct call *call, const struct messages_place *place, int64_t other,
                       bool *ret)
{
    ASSERT_CODE(call->tx && call->actor.id);
    *ret = true;
    if (place->group) {
        return OK;
    }
    TRY(contact_may(call, call->actor.id, other, CONTACT_MESSAGE, ret));
    return *ret ? contact_may(call, other, call->actor.id, CONTACT_MESSAGE, ret) : OK;
}

/* ---- lists ---- */

/* The other of a pair decides whether one may write; in a group, being in it. */
static enum err may_write(struct call *call, const struct messages_place *place,
                          const struct rows *people, bool *ret)
{
    bool may = place->parents && !place->request && (place->group || people->count > 0);
    if (may && !place->group) {
        TRY(contact_may(call, call->actor.id, row_i64(people, 0, PERSON_ID), CONTACT_MESSAGE,
                        &may));
    }
    *ret = may;
    return OK;
}

static enum err add_people(struct call *call, const struct messages_place *place, int64_t asked_ms,
                           bool shows, struct messages_conversation *ret)
{
    struct rows rows;
    TRY(store_run(call, &messages_people,
                  BIND(I64(call->actor.id), I64(place->id), I64(place->group),
                       I64(call->now_ms - MESSAGES_ASKED_MS)),
                  &rows));
    struct face *people = arena_alloc(call->arena, (rows.count + 1) * sizeof(*people));
    struct messages_mark *reads = arena_alloc(call->arena, (rows.count + 1) * sizeof(*reads));
    for (size_t i = 0; i < rows.count; i++) {
        people[i] = face_read(&rows, i, PERSON_FACE);
        if (place->group && place->request && row_i64(&rows, i, PERSON_ID) == place->maker_id) {
            ret->asked_by = people[i].id; /* nobody else asks anybody in */
        }
        bool lets = messages_lets(place, !row_null(&rows, i, PERSON_FRIENDS_SINCE_MS),
                                  row_i64(&rows, i, PERSON_ACCEPTED_MS), asked_ms);
        bool near = shows && lets && strcmp(row_text(&rows, i, PERSON_STATE), "in") == 0 &&
                    flag_or(&rows, i, PERSON_SHOW_READ, true);
        if (near) {
            TRY(messages_near(call, place, row_i64(&rows, i, PERSON_ID), &near));
        }
        if (near) {
            reads[ret->reads.count++] =
                (struct messages_mark){people[i].id, row_i64(&rows, i, PERSON_READ_SEQ)};
        }
    }
    JSON_LIST_SET(ret->people, people, rows.count);
    ret->reads.items = reads;
    return may_write(call, place, &rows, &ret->may_write);
}

/* The name waits to be opened as if it were a message. */
static struct messages_sealed read_name(const struct rows *rows, size_t i)
{
    struct messages_sealed name = {
        .conversation = row_text(rows, i, PLACE_PUBLIC_ID),
        .sender_id = row_i64(rows, i, PLACE_MAKER_ID),
        .client_id = "name",
        .key = sealed_read(rows, i, LISTED_KEY_CT, row_i64(rows, i, LISTED_KEY_ID))};
    if (name.key.at) {
        name.body = sealed_read(rows, i, LISTED_NAME_CT, 0);
    }
    return name;
}

static enum err read_one(struct call *call, const struct rows *rows, size_t i, bool shows,
                         struct messages_listed *listed)
{
    struct messages_place place = read_place(call, rows, i);
    struct messages_conversation *one = &listed->all[i];
    struct messages_sealed *last = NULL;
    size_t found = 0;
    *one = (struct messages_conversation){.id = place.public_id,
                                          .kind = row_text(rows, i, PLACE_KIND),
                                          .state = row_text(rows, i, PLACE_STATE),
                                          .mine = place.group && place.maker_id == call->actor.id,
                                          .muted = row_i64(rows, i, LISTED_MUTED) != 0,
                                          .unread = row_i64(rows, i, LISTED_UNREAD),
                                          .last_ms = row_i64(rows, i, LISTED_LAST_MS)};
    TRY(add_people(call, &place, row_i64(rows, i, LISTED_ASKED_MS), shows && !place.request, one));
    TRY(messages_rows(call, &place, (struct messages_span){MESSAGES_BEFORE, INT64_MAX, 1}, &last,
                      &found));
    listed->last[i] = found ? last[0] : (struct messages_sealed){.conversation = place.public_id};
    listed->names[i] = read_name(rows, i);
    bool friend = !row_null(rows, i, LISTED_MAKER_FRIEND);
    if ((place.request && !friend) || messages_held(&place, one->mine, friend, 0)) {
        listed->names[i].body.at = NULL; /* a name is words, too, and asks before its group does */
    }
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
    const char *name = requests ? "conversations.requests" : "conversations";
    struct cursor at = {.at = {INT64_MAX}};
    ASSERT_CODE(call->actor.id);
    if (after) {
        TRY(cursor_open(call, name, after, &at));
    }
    TRY(store_run(call, &messages_waiting, BIND(I64(call->actor.id)), &waiting));
    TRY(store_run(call, &messages_listed,
                  BIND(I64(call->actor.id), TEXT(requests ? "request" : "in"), I64(at.at[0]),
                       TEXT(at.text ? at.text : ""), I64(MESSAGES_LIST)),
                  &rows));
    TRY(read_all(call, &rows, ret));
    ret->requests = row_i64(&waiting, 0, ONLY);
    if (rows.count == MESSAGES_LIST) {
        const struct messages_conversation *last = &ret->all[rows.count - 1];
        at = (struct cursor){{last->last_ms}, last->id};
        TRY(cursor_seal(call, name, &at, &ret->next));
    }
    return OK;
}

enum err messages_one(struct call *call, const char *id, struct messages_listed *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &messages_found, BIND(I64(call->actor.id), TEXT(id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    return read_all(call, &rows, ret);
}

enum err messages_list_open(struct call *call, struct messages_listed *listed)
{
    ASSERT_CODE(!call->tx);
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

static enum err fits(struct call *call, const struct messages_place *place)
{
    struct rows rows;
    if (!place->group) {
        return OK;
    }
    TRY(store_run(call, &messages_full_of,
                  BIND(I64(call->actor.id), I64(place->id), I64(call->now_ms - MESSAGES_ASKED_MS)),
                  &rows));
    return row_i64(&rows, 0, ONLY) < MESSAGES_PEOPLE_MAX
               ? OK
               : call_fail(call, ERR_LIMIT, "messages.full");
}

enum err messages_accept(struct call *call, const char *id)
{
    struct messages_place place = {0};
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_place(call, id, NULL, &place));
    if (!place.request && !place.group && place.accepted_ms) {
        return OK;
    }
    if (!place.parents) {
        return call_fail(call, ERR_DENIED, "messages.not_now");
    }
    TRY(place.request ? fits(call, &place) : OK);
    TRY(store_run(call, &messages_take_in,
                  BIND(I64(call->actor.id), I64(place.id), I64(call->now_ms)), NULL));
    if (!place.request) { /* who came in since, or is a friend no more: nobody else is told */
        messages_tell_own(call, id);
        return OK;
    }
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
    if (place.group && !place.request) { /* refusing is silent */
        TRY(messages_members(call, &place, &members, &count));
        messages_tell_again(call, &place, members, count);
    } else {
        messages_tell_own(call, id);
    }
    TRY(store_run(call, &messages_leave,
                  BIND(I64(call->actor.id), I64(place.id), I64(place.last_seq), I64(call->now_ms)),
                  NULL));
    TRY(store_run(call, &messages_due, BIND(I64(place.id)), NULL));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        TRY(notices_drop(call, call->actor.id, kinds[i], id));
    }
    return OK;
}
