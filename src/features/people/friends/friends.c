#include "features/people/friends/friends.h"

#include "base/arena.h"
#include "base/time.h"
#include "features/common/contact/contact.h"
#include "features/notify/notices/notices.h"
#include "store/store.h"

/* The other and what is between the two: `mine` is what I asked, `theirs` what they asked me. */
SQL(friends_between,
    "SELECT a.id, a.public_id, a.avatar_name, f.since_ms, mine.at_ms, theirs.at_ms, a.key_id,"
    " theirs.note_ct FROM account a LEFT JOIN friendship f ON f.account_id = $1 AND f.friend_id = "
    "a.id"
    " LEFT JOIN friend_request mine ON mine.from_id = $1 AND mine.to_id = a.id"
    " AND mine.withdrawn = 0 LEFT JOIN friend_request theirs ON theirs.from_id = a.id"
    " AND theirs.to_id = $1 AND theirs.withdrawn = 0 AND NOT " CONTACT_KEPT(
        "$1") " WHERE a.public_id = $2 AND a.state = 'active' AND" CONTACT_PERCEIVES("$1", "a"));
COLUMNS(OTHER_ID, OTHER_PUBLIC_ID, OTHER_AVATAR_NAME, OTHER_SINCE_MS, OTHER_MINE_AT_MS,
        OTHER_THEIRS_AT_MS, OTHER_KEY_ID, OTHER_NOTE_CT);
/* sees: server - how many there are, of the two who are about to be friends */
SQL(friends_counted, "SELECT (SELECT COUNT(*) FROM friendship WHERE account_id = $1) AS mine,"
                     " (SELECT COUNT(*) FROM friendship WHERE account_id = $2) AS theirs,"
                     " (SELECT COUNT(*) FROM friend_request WHERE from_id = $1 AND to_id <> $2"
                     " AND withdrawn = 0) AS open");
COLUMNS(COUNTED_MINE, COUNTED_THEIRS, COUNTED_OPEN);
/* A flood does not shut the door on who comes after it: who has waited longest gives way, as
 * silently as if they had been refused. */
#define OLDEST(which_, from_)                                                              \
    "SELECT from_id FROM friend_request WHERE to_id = $1 AND withdrawn = 0 AND refused_ms" \
    " IS NULL" which_ " ORDER BY at_ms DESC, from_id LIMIT 50 OFFSET " from_
SQL(friends_oldest_no,
    "UPDATE friend_request SET refused_ms = $3 WHERE to_id = $1 AND (from_id IN (" OLDEST(
        "", "$2") ") OR from_id IN (" OLDEST(" AND at_ms > $4", "$5") "))");
/* sees: server - how many, not who */
SQL(friends_asked_lately, "SELECT COUNT(*) FROM (SELECT 1 AS one FROM friend_request"
                          " WHERE to_id = $1 AND from_id <> $2 AND at_ms > $3 LIMIT $4) u");
SQL(friends_put_request,
    "INSERT INTO friend_request (from_id, to_id, note_ct, at_ms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (from_id, to_id) DO UPDATE SET note_ct = excluded.note_ct,"
    " at_ms = excluded.at_ms, withdrawn = 0, refused_ms = CASE WHEN friend_request.refused_ms"
    " > $5 THEN friend_request.refused_ms END WHERE friend_request.from_id = $1"
    " RETURNING refused_ms");
SQL(friends_befriend, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                      " VALUES ($1, $2, $3), ($2, $1, $3) ON CONFLICT DO NOTHING");
SQL(friends_answered, "DELETE FROM friend_request WHERE (from_id = $1 AND to_id = $2)"
                      " OR (from_id = $2 AND to_id = $1)");
SQL(friends_no, "UPDATE friend_request SET refused_ms = $3 WHERE from_id = $2 AND to_id = $1"
                " AND withdrawn = 0 AND refused_ms IS NULL");
/* The note goes; the rest stays as it is for one that waited and one that was refused. */
SQL(friends_back, "UPDATE friend_request SET withdrawn = 1, note_ct = NULL WHERE from_id = $1"
                  " AND to_id = $2 AND withdrawn = 0 RETURNING refused_ms");
SQL(friends_part_two, "DELETE FROM friendship WHERE (account_id = $1 AND friend_id = $2)"
                      " OR (account_id = $2 AND friend_id = $1)");
SQL(friends_like, "UPDATE friendship SET favourite = $3 WHERE account_id = $1 AND friend_id = $2");
/* What was refused stays known: a block and its end are no way to ask again at once. */
SQL(friends_shut, "UPDATE friend_request SET withdrawn = 1, note_ct = NULL WHERE refused_ms"
                  " IS NOT NULL AND ((from_id = $1 AND to_id = $2)"
                  " OR (from_id = $2 AND to_id = $1))");
SQL(friends_drop, "DELETE FROM friend_request WHERE refused_ms IS NULL AND"
                  " ((from_id = $1 AND to_id = $2) OR (from_id = $2 AND to_id = $1))");

static const char asked_kind[] = "friends.asked", added_kind[] = "friends.added";

static enum err none(struct call *call)
{
    return call_fail_field(call, ERR_MISSING, "people.none", "id");
}

const struct live_event friends_events[] = {
    {"friends", NULL, "Your friends or requests changed: ask for them again.",
     "says nothing but: ask again"},
    {NULL},
};

static void tell(struct call *call, int64_t account_id)
{
    call_tell(call, &friends_events[0], account_id, NULL);
}

static enum err find(struct call *call, const char *id, struct rows *ret)
{
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &friends_between, BIND(I64(call->actor.id), TEXT(id)), ret));
    return ret->count ? OK : none(call);
}

static enum err friends_of_both(struct call *call, const struct rows *counted)
{
    if (row_i64(counted, 0, COUNTED_MINE) >= FRIENDS_MAX) {
        return call_fail(call, ERR_LIMIT, "friends.many");
    }
    return row_i64(counted, 0, COUNTED_THEIRS) >= FRIENDS_MAX
               ? call_fail(call, ERR_LIMIT, "friends.later")
               : OK;
}

/* They asked: now the two are friends, and the one who asked is told. */
static enum err befriend(struct call *call, const struct rows *other)
{
    struct rows counted;
    int64_t id = row_i64(other, 0, OTHER_ID);
    struct val pair[] = {I64(call->actor.id), I64(id)};
    TRY(store_run(call, &friends_counted, pair, COUNT(pair), &counted));
    TRY(friends_of_both(call, &counted));
    TRY(store_run(call, &friends_befriend, BIND(pair[0], pair[1], I64(call->now_ms)), NULL));
    TRY(store_run(call, &friends_answered, pair, COUNT(pair), NULL));
    TRY(notices_drop(call, call->actor.id, asked_kind, row_text(other, 0, OTHER_PUBLIC_ID)));
    TRY(notices_drop(call, id, asked_kind, call->actor.public_id));
    TRY(notices_post(call, &(struct notices_new){.account_id = id,
                                                 .kind = added_kind,
                                                 .about_id = call->actor.id,
                                                 .target = call->actor.public_id}));
    tell(call, call->actor.id);
    tell(call, id);
    return OK;
}

/*
 * Whatever an earlier request led to, the same statements run and the same comes back.  Only
 * whether the other hears of it differs.
 */
static enum err put(struct call *call, int64_t other, struct sealed note)
{
    struct rows counted, put, lately;
    struct val me = I64(call->actor.id), day = I64(call->now_ms - TIME_DAY);
    TRY(store_run(call, &friends_counted, BIND(me, I64(other)), &counted));
    TRY(friends_of_both(call, &counted));
    if (row_i64(&counted, 0, COUNTED_OPEN) >= FRIENDS_SENT_MAX) {
        return call_fail(call, ERR_LIMIT, "friends.sent");
    }
    TRY(store_run(call, &friends_asked_lately, BIND(I64(other), me, day, I64(FRIENDS_SHOWN_A_DAY)),
                  &lately));
    TRY(store_run(call, &friends_oldest_no,
                  BIND(I64(other), I64(FRIENDS_WAITING_MAX - 1), I64(call->now_ms), day,
                       I64(FRIENDS_SHOWN_A_DAY - 1)),
                  NULL));
    TRY(store_run(
        call, &friends_put_request,
        BIND(me, I64(other), SEALED(note), I64(call->now_ms), I64(call->now_ms - FRIENDS_AGAIN_MS)),
        &put));
    tell(call, call->actor.id);
    TRY(notices_drop(call, other, asked_kind, call->actor.public_id)); /* of an earlier one */
    /* Refused a short while ago; or enough for a day: it waits in the list. */
    bool quiet = !row_null(&put, 0, ONLY) || row_i64(&lately, 0, ONLY) >= FRIENDS_SHOWN_A_DAY;
    if (!quiet) {
        tell(call, other);
    }
    return notices_post(call, &(struct notices_new){.account_id = other,
                                                    .kind = asked_kind,
                                                    .about_id = call->actor.id,
                                                    .target = call->actor.public_id,
                                                    .quiet = quiet});
}

enum err friends_ask(struct call *call, const char *id, struct sealed note,
                     struct friends_asked *ret)
{
    struct rows other;
    bool may = false;
    enum err found = find(call, id, &other);
    int64_t other_id = found == OK ? row_i64(&other, 0, OTHER_ID) : 0;
    if (found != OK && found != ERR_MISSING) {
        return found;
    }
    if (other_id == call->actor.id) {
        return call_fail_field(call, ERR_CONFLICT, "friends.self", "id");
    }
    TRY(contact_may(call, call->actor.id, other_id, CONTACT_REQUEST, &may));
    /* Whom they perceive they may ask, but for their parents.  Nobody is nobody, even where a
     * damaged row has number 0. */
    if (found != OK || !may) {
        return found == OK ? call_fail(call, ERR_DENIED, "friends.parents") : none(call);
    }
    if (!row_null(&other, 0, OTHER_SINCE_MS)) {
        return call_fail_field(call, ERR_CONFLICT, "friends.already", "id");
    }
    int64_t at_ms = row_i64(&other, 0, OTHER_MINE_AT_MS);
    bool both = !row_null(&other, 0, OTHER_THEIRS_AT_MS);
    if (both) {
        TRY(befriend(call, &other));
    } else if (row_null(&other, 0, OTHER_MINE_AT_MS) || at_ms <= call->now_ms - FRIENDS_AGAIN_MS) {
        TRY(put(call, other_id, note));
        at_ms = call->now_ms;
    }
    *ret = (struct friends_asked){.id = row_text(&other, 0, OTHER_PUBLIC_ID),
                                  .name = row_text(&other, 0, OTHER_AVATAR_NAME),
                                  .relation = both ? "friend" : "asked",
                                  .at_ms = both ? call->now_ms : at_ms};
    return OK;
}

enum err friends_accept(struct call *call, const char *id, struct friends_accepted *ret)
{
    struct rows other;
    TRY(find(call, id, &other));
    if (row_null(&other, 0, OTHER_THEIRS_AT_MS)) {
        return none(call);
    }
    *ret = (struct friends_accepted){
        .name = row_text(&other, 0, OTHER_AVATAR_NAME),
        .sealed = sealed_read(&other, 0, OTHER_NOTE_CT, row_i64(&other, 0, OTHER_KEY_ID))};
    return befriend(call, &other);
}

enum err friends_refuse(struct call *call, const char *id)
{
    struct rows other, changed;
    TRY(find(call, id, &other));
    TRY(store_run(call, &friends_no,
                  BIND(I64(call->actor.id), I64(row_i64(&other, 0, OTHER_ID)), I64(call->now_ms)),
                  &changed));
    if (changed.changed == 0) {
        return none(call);
    }
    tell(call, call->actor.id);
    return notices_drop(call, call->actor.id, asked_kind, row_text(&other, 0, OTHER_PUBLIC_ID));
}

enum err friends_withdraw(struct call *call, const char *id)
{
    struct rows other, changed;
    TRY(find(call, id, &other));
    int64_t other_id = row_i64(&other, 0, OTHER_ID);
    TRY(store_run(call, &friends_back, BIND(I64(call->actor.id), I64(other_id)), &changed));
    if (changed.count == 0) {
        return none(call);
    }
    tell(call, call->actor.id);
    if (row_null(&changed, 0, ONLY)) {
        tell(call, other_id);
    }
    return notices_drop(call, other_id, asked_kind, call->actor.public_id);
}

enum err friends_remove(struct call *call, const char *id)
{
    struct rows other, changed;
    TRY(find(call, id, &other));
    TRY(store_run(call, &friends_part_two,
                  BIND(I64(call->actor.id), I64(row_i64(&other, 0, OTHER_ID))), &changed));
    if (changed.changed == 0) {
        return none(call);
    }
    tell(call, call->actor.id);
    /* A room that friends alone may enter asks them again. */
    call_emit(call, EVENT_CONTACT_CHANGED, call->actor.id, row_i64(&other, 0, OTHER_ID), NULL);
    return notices_drop(call, call->actor.id, added_kind, row_text(&other, 0, OTHER_PUBLIC_ID));
}

enum err friends_favour(struct call *call, const char *id, bool favourite)
{
    struct rows other, changed;
    TRY(find(call, id, &other));
    TRY(store_run(call, &friends_like,
                  BIND(I64(call->actor.id), I64(row_i64(&other, 0, OTHER_ID)), I64(favourite)),
                  &changed));
    if (changed.changed == 0) {
        return none(call);
    }
    tell(call, call->actor.id);
    return OK;
}

enum err friends_part(struct call *call, int64_t other, const char *other_public_id)
{
    struct val pair[] = {I64(call->actor.id), I64(other)};
    static const char *const kinds[] = {asked_kind, added_kind};
    ASSERT_CODE(call->actor.id && other != call->actor.id);
    TRY(store_run(call, &friends_part_two, pair, COUNT(pair), NULL));
    TRY(store_run(call, &friends_shut, pair, COUNT(pair), NULL));
    TRY(store_run(call, &friends_drop, pair, COUNT(pair), NULL));
    for (size_t i = 0; i < COUNT(kinds); i++) {
        TRY(notices_drop(call, call->actor.id, kinds[i], other_public_id));
        TRY(notices_drop(call, other, kinds[i], call->actor.public_id));
    }
    return OK;
}
