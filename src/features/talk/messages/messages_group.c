#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "call/id.h"
#include "features/notify/notices/notices.h"
#include "features/talk/messages/messages_inner.h"
#include "store/store.h"

/* Beginning a conversation, and who is in a group. */

SQL(messages_whom, "SELECT a.id, a.key_id FROM account a WHERE a.public_id = $2 AND a.id <> $1"
                   " AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(WHOM_ID, WHOM_KEY_ID);
SQL(messages_self, "SELECT key_id, created_at_ms FROM account WHERE id = $1");
COLUMNS(SELF_KEY_ID, SELF_CREATED_AT_MS);
/* Opened again it is there at once, even empty. */
SQL(messages_pair, "SELECT c.id, c.public_id FROM conversation c WHERE c.low_id = $1"
                   " AND c.high_id = $2");
COLUMNS(PAIR_ID, PAIR_PUBLIC_ID);
/* Opening is no accepting: without the words that waited, unless there are others before them. */
SQL(messages_back, "UPDATE conversation_member SET state = 'in', since_seq = CASE WHEN waits_seq"
                   " <= since_seq THEN (SELECT c.last_seq FROM conversation c WHERE c.id = $2)"
                   " ELSE since_seq END WHERE account_id = $1 AND conversation_id = $2"
                   " AND state = 'left'");
/* What others began counts for them alone. */
SQL(messages_counted, "SELECT (SELECT COUNT(*) FROM conversation_member m WHERE m.account_id = $1"
                      " AND m.state = 'in') AS kept, (SELECT COUNT(*) FROM conversation c"
                      " WHERE c.maker_id = $1 AND c.created_ms > $2) AS made");
COLUMNS(COUNTED_KEPT, COUNTED_MADE);
SQL(messages_make, "INSERT INTO conversation (id, public_id, kind, low_id, high_id, maker_id,"
                   " name_ct, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                   " ON CONFLICT DO NOTHING");
SQL(messages_enter,
    "INSERT INTO conversation_member (conversation_id, account_id, state, accepted_ms, since_seq,"
    " read_seq, last_ms, asked_ms, key_ct) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)"
    " ON CONFLICT (conversation_id, account_id) DO UPDATE SET state = excluded.state,"
    " accepted_ms = excluded.accepted_ms, since_seq = excluded.since_seq,"
    " read_seq = excluded.read_seq, last_ms = excluded.last_ms, asked_ms = excluded.asked_ms");
SQL(messages_lets_in, "UPDATE conversation_member SET accepted_ms = $3 WHERE account_id = $1"
                      " AND conversation_id = $2");
SQL(messages_friends, "SELECT friend_id FROM friendship WHERE account_id = $1"
                      " AND friend_id IN " CONTACT_LIST("$2", "$3") " LIMIT 20");
SQL(messages_named, "UPDATE conversation SET name_ct = $2 WHERE id = $1");
/* An ask that is taken back was one: putting out and asking again is no way to ask for ever. */
SQL(messages_put_out, "UPDATE conversation_member SET last_ms = 0, asked_ms = 0, accepted_ms = 0,"
                      " refused_ms = CASE WHEN state = 'request' THEN $3 ELSE refused_ms END,"
                      " state = 'left' WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_look_due, "UPDATE conversation SET due = 1 WHERE id = $1");

/* ---- who, and their keys ---- */

static bool known(const struct messages_opening *opening, int64_t id)
{
    for (size_t i = 0; i < opening->count; i++) {
        if (opening->ids[i] == id) {
            return true;
        }
    }
    return false;
}

enum err messages_open_look(struct call *call, struct messages_opening *opening)
{
    struct rows rows;
    /* The opener is one more. */
    ASSERT_CODE(call->actor.id && opening->people_count < MESSAGES_PEOPLE_MAX);
    opening->count = 0;
    for (size_t i = 0; i < opening->people_count; i++) {
        TRY(store_run(call, &messages_whom, BIND(I64(call->actor.id), TEXT(opening->people[i])),
                      &rows));
        if (rows.count == 0) {
            return call_fail_field(call, ERR_MISSING, "people.none", "people");
        }
        if (!known(opening, row_i64(&rows, 0, WHOM_ID))) {
            opening->ids[opening->count] = row_i64(&rows, 0, WHOM_ID);
            opening->key_ids[opening->count++] = row_i64(&rows, 0, WHOM_KEY_ID);
        }
    }
    TRY(store_run(call, &messages_self, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "people.none");
    }
    opening->ids[opening->count] = call->actor.id;
    opening->key_ids[opening->count++] = row_i64(&rows, 0, SELF_KEY_ID);
    return OK;
}

enum err messages_open_seal(struct call *call, struct messages_opening *opening)
{
    ASSERT_CODE(!call->tx && *opening->id);
    ASSERT_CODE(opening->count > 0 && opening->count <= MESSAGES_PEOPLE_MAX);
    for (size_t i = 0; i < opening->count; i++) {
        enum err err = messages_key_new(call, opening->id, opening->key_ids[i], &opening->keys[i]);
        if (err == ERR_MISSING) { /* erased a moment ago */
            return call_fail_field(call, ERR_MISSING, "people.none", "people");
        }
        TRY(err);
    }
    if (!opening->name || opening->count <= 2) {
        return OK;
    }
    return messages_seal(call, opening->id, &opening->keys[opening->count - 1], "name",
                         opening->name, &opening->sealed_name);
}

static enum err not_now(struct call *call)
{
    return call_fail(call, ERR_DENIED, "messages.not_now");
}

static enum err within_limits(struct call *call)
{
    struct rows self, counted;
    TRY(store_run(call, &messages_self, BIND(I64(call->actor.id)), &self));
    if (self.count == 0) { /* erased a moment ago */
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    TRY(store_run(call, &messages_counted, BIND(I64(call->actor.id), I64(call->now_ms - TIME_DAY)),
                  &counted));
    bool few = call->actor.minor || row_i64(&self, 0, SELF_CREATED_AT_MS) > call->now_ms - TIME_DAY;
    if (row_i64(&counted, 0, COUNTED_KEPT) >= MESSAGES_KEPT_MAX ||
        row_i64(&counted, 0, COUNTED_MADE) >= (few ? MESSAGES_NEW_FEW : MESSAGES_NEW_MAX)) {
        return call_fail(call, ERR_LIMIT, "messages.many");
    }
    return OK;
}

/* ---- two ---- */

/* Somebody who comes in. */
struct entry {
    int64_t account_id;
    const char *state;
    int64_t accepted_ms, since_seq, last_ms, asked_ms;
    const struct sealed *key;
};

static enum err enter(struct call *call, int64_t conversation_id, struct entry one)
{
    return store_run(call, &messages_enter,
                     BIND(I64(conversation_id), I64(one.account_id), TEXT(one.state),
                          I64(one.accepted_ms), I64(one.since_seq), I64(one.last_ms),
                          I64(one.asked_ms), SEALED(*one.key)),
                     NULL);
}

static enum err make(struct call *call, struct messages_opening *opening, struct val low,
                     struct val high, int64_t *ret_id)
{
    struct rows rows;
    const struct sealed *name = &opening->sealed_name;
    *ret_id = id_new(call);
    TRY(store_run(call, &messages_make,
                  BIND(I64(*ret_id), TEXT(opening->id),
                       TEXT(low.kind == VAL_NULL ? "group" : "pair"), low, high,
                       I64(call->actor.id), SEALED(*name), I64(call->now_ms)),
                  &rows));
    opening->made = opening->id;
    return rows.changed ? OK : ERR_BUSY; /* the other began it in the same moment */
}

static enum err start_pair(struct call *call, struct messages_opening *opening)
{
    struct rows rows;
    int64_t other = opening->ids[0], own = call->actor.id, id = 0;
    struct val low = I64(MIN(own, other)), high = I64(MAX(own, other));
    bool may = false;
    TRY(contact_may(call, own, other, CONTACT_PERCEIVE, &may));
    if (!may) {
        return call_fail_field(call, ERR_MISSING, "people.none", "people");
    }
    TRY(store_run(call, &messages_pair, BIND(low, high), &rows));
    if (rows.count) {
        opening->made = row_text(&rows, 0, PAIR_PUBLIC_ID);
        return store_run(call, &messages_back, BIND(I64(own), I64(row_i64(&rows, 0, PAIR_ID))),
                         NULL);
    }
    TRY(contact_may(call, own, other, CONTACT_MESSAGE, &may));
    if (!may) {
        return not_now(call);
    }
    TRY(within_limits(call));
    TRY(make(call, opening, low, high, &id));
    /* The other is not in it before the first message: nobody is told that somebody looked. */
    TRY(enter(call, id, (struct entry){other, "left", .key = &opening->keys[0]}));
    return enter(call, id, (struct entry){own, "in", .key = &opening->keys[1]});
}

/* ---- groups ---- */

static enum err are_friends(struct call *call, const int64_t *ids, size_t count, bool *ret)
{
    struct rows rows;
    TRY(store_run(
        call, &messages_friends,
        BIND(I64(call->actor.id), TEXT(contact_list(call, ids, count)), I64((int64_t)count)),
        &rows));
    for (size_t i = 0; i < count; i++) {
        ret[i] = false;
        for (size_t row = 0; row < rows.count; row++) {
            ret[i] |= row_i64(&rows, row, ONLY) == ids[i];
        }
    }
    return OK;
}

/* Each by what they chose themselves, and nothing about how they stand to each other. */
static enum err may_all(struct call *call, const int64_t *ids, size_t count)
{
    bool may = true;
    for (size_t i = 0; i < count; i++) {
        TRY(contact_may(call, call->actor.id, ids[i], CONTACT_PERCEIVE, &may));
        if (!may) {
            return call_fail_field(call, ERR_MISSING, "people.none", "people");
        }
        TRY(contact_may(call, call->actor.id, ids[i], CONTACT_INVITE, &may));
        if (!may) {
            return not_now(call);
        }
    }
    return OK;
}

/* Everybody says yes for themselves, friends too. */
static enum err ask_in(struct call *call, const struct messages_place *place,
                       const struct messages_opening *who, size_t i, bool friends)
{
    bool shown = false;
    TRY(messages_ask(call, place, who->ids[i], (struct messages_asking){.friends = friends},
                     &shown));
    return enter(call, place->id,
                 (struct entry){.account_id = who->ids[i],
                                .state = shown ? "request" : "left",
                                .since_seq = place->last_seq,
                                .last_ms = shown ? call->now_ms : 0,
                                .asked_ms = call->now_ms,
                                .key = &who->keys[i]});
}

static enum err told(struct call *call, const struct messages_place *place)
{
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_members(call, place, &members, &count));
    messages_tell_again(call, place, members, count);
    return OK;
}

static enum err start_group(struct call *call, struct messages_opening *opening)
{
    size_t others = opening->count - 1;
    bool friends[MESSAGES_PEOPLE_MAX];
    const struct val none = NIL;
    struct messages_place place = {.group = true};
    TRY(may_all(call, opening->ids, others));
    TRY(within_limits(call));
    TRY(are_friends(call, opening->ids, others, friends));
    TRY(make(call, opening, none, none, &place.id));
    place.public_id = opening->made;
    TRY(enter(call, place.id,
              (struct entry){.account_id = call->actor.id,
                             .state = "in",
                             .accepted_ms = call->now_ms,
                             .last_ms = call->now_ms,
                             .key = &opening->keys[others]}));
    for (size_t i = 0; i < others; i++) {
        TRY(ask_in(call, &place, opening, i, friends[i]));
    }
    return told(call, &place);
}

enum err messages_start(struct call *call, struct messages_opening *opening)
{
    ASSERT_CODE(opening->count >= 2 && opening->count <= MESSAGES_PEOPLE_MAX);
    /* The opener is the last of them, and each has a key. */
    ASSERT_CODE(opening->ids[opening->count - 1] == call->actor.id);
    ASSERT_CODE(opening->keys[0].at && opening->keys[opening->count - 1].at);
    return opening->count > 2 ? start_group(call, opening) : start_pair(call, opening);
}

/* Its group, when the asker made it. */
static enum err made(struct call *call, const char *id, struct messages_place *ret)
{
    TRY(messages_place(call, id, NULL, ret));
    return ret->group && ret->maker_id == call->actor.id
               ? OK
               : call_fail(call, ERR_DENIED, "messages.not_yours");
}

enum err messages_rename(struct call *call, const char *id, const struct sealed *name)
{
    struct messages_place place;
    TRY(made(call, id, &place));
    TRY(store_run(call, &messages_named, BIND(I64(place.id), SEALED(*name)), NULL));
    return told(call, &place);
}

enum err messages_add(struct call *call, const char *id, const struct messages_opening *who)
{
    struct messages_place place;
    struct messages_member *members = NULL;
    size_t count = 0;
    bool friends = false;
    ASSERT_CODE(who->count == 2 && who->keys[0].at);
    TRY(made(call, id, &place));
    TRY(messages_members(call, &place, &members, &count));
    for (size_t i = 0; i < count; i++) {
        if (members[i].account_id == who->ids[0]) {
            return OK;
        }
    }
    if (count >= MESSAGES_PEOPLE_MAX) {
        return call_fail(call, ERR_LIMIT, "messages.full");
    }
    TRY(may_all(call, who->ids, 1));
    TRY(are_friends(call, who->ids, 1, &friends));
    TRY(ask_in(call, &place, who, 0, friends));
    TRY(store_run(call, &messages_lets_in,
                  BIND(I64(call->actor.id), I64(place.id), I64(call->now_ms)), NULL));
    return told(call, &place);
}

enum err messages_remove(struct call *call, const char *id, const char *person)
{
    struct messages_place place;
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(made(call, id, &place));
    TRY(messages_members(call, &place, &members, &count));
    for (size_t i = 0; i < count; i++) {
        if (strcmp(members[i].id, person) == 0 && members[i].seen &&
            members[i].account_id != call->actor.id) {
            TRY(store_run(call, &messages_put_out,
                          BIND(I64(members[i].account_id), I64(place.id), I64(call->now_ms)),
                          NULL));
            TRY(store_run(call, &messages_look_due, BIND(I64(place.id)), NULL));
            TRY(notices_drop(call, members[i].account_id, "messages.request", id));
            messages_tell_again(call, &place, members, count);
            return OK;
        }
    }
    return call_fail_field(call, ERR_MISSING, "people.none", "person");
}
