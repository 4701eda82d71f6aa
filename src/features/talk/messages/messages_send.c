#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/notify/notices/notices.h"
#include "features/talk/messages/messages_inner.h"
#include "store/store.h"

/* Writing, changing, reacting. */

/* sees: own - the writer's own key */
SQL(messages_key_of, "SELECT a.key_id, m.key_ct FROM conversation c JOIN conversation_member m"
                     " ON m.conversation_id = c.id JOIN account a ON a.id = m.account_id"
                     " WHERE m.account_id = $1 AND c.public_id = $2");
COLUMNS(KEY_OF_KEY_ID, KEY_OF_KEY_CT);
SQL(messages_count_up, "UPDATE conversation SET last_seq = last_seq + 1 WHERE id = $1"
                       " RETURNING last_seq");
SQL(messages_insert, "INSERT INTO message (conversation_id, seq, sender_id, client_id, at_ms,"
                     " reply_seq, body_ct) VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL(messages_reached, "UPDATE conversation_member SET last_ms = $2 WHERE conversation_id = $1"
                      " AND state <> 'left' AND account_id IN " CONTACT_LIST("$3", "$4"));
/* Of a pair.  Whoever writes to a stranger lets them answer; a friend needs no letting in. */
SQL(messages_began, "UPDATE conversation_member SET state = 'in', last_ms = $3, waits_seq = NULL,"
                    " accepted_ms = CASE WHEN accepted_ms = 0 THEN $4 ELSE accepted_ms END"
                    " WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_arrived,
    "UPDATE conversation_member SET state = $3, last_ms = $4, waits_seq = $5, asked_ms = CASE"
    " WHEN $3 = 'request' AND state <> 'request' THEN $4 ELSE asked_ms END"
    " WHERE account_id = $1 AND conversation_id = $2");
/* They refused lately: it is counted, and they are shown nothing. */
SQL(messages_unheard, "UPDATE conversation_member SET state = 'left', waits_seq = $3"
                      " WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_name_one, "INSERT INTO message_mention (conversation_id, seq, account_id)"
                       " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(messages_own, "SELECT x.client_id, x.at_ms, x.gone_ms FROM message x WHERE x.sender_id = $1"
                  " AND x.conversation_id = $2 AND x.seq = $3");
COLUMNS(OWN_CLIENT_ID, OWN_AT_MS, OWN_GONE_MS);
SQL(messages_rewrite, "UPDATE message SET body_ct = $3, edited_ms = $4 WHERE conversation_id = $1"
                      " AND seq = $2");
SQL(messages_wipe, "UPDATE message SET body_ct = NULL, edited_ms = NULL, gone_ms = $3"
                   " WHERE conversation_id = $1 AND seq = $2");
SQL(messages_unname, "DELETE FROM message_mention WHERE conversation_id = $1 AND seq = $2");
SQL(messages_unreact, "DELETE FROM message_reaction WHERE conversation_id = $1 AND seq = $2");
SQL(messages_react_on, "INSERT INTO message_reaction (conversation_id, seq, account_id, emoji,"
                       " at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
SQL(messages_react_off, "DELETE FROM message_reaction WHERE conversation_id = $1 AND seq = $2"
                        " AND account_id = $3 AND emoji = $4");

SQL(messages_spend, "INSERT INTO message_day (account_id, day, said, bytes) VALUES ($1, $2, 1, $3)"
                    " ON CONFLICT (account_id) DO UPDATE SET day = excluded.day,"
                    " said = CASE WHEN message_day.day = excluded.day THEN message_day.said ELSE 0"
                    " END + 1, bytes = CASE WHEN message_day.day = excluded.day THEN"
                    " message_day.bytes ELSE 0 END + excluded.bytes RETURNING said, bytes");
COLUMNS(SPENT_SAID, SPENT_BYTES);

enum err messages_key_look(struct call *call, const char *id, struct sealed *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &messages_key_of, BIND(I64(call->actor.id), TEXT(id)), &rows));
    if (rows.count) {
        *ret = sealed_read(&rows, 0, KEY_OF_KEY_CT, row_i64(&rows, 0, KEY_OF_KEY_ID));
    }
    return OK;
}

static enum err not_now(struct call *call)
{
    return call_fail(call, ERR_DENIED, "messages.not_now");
}

/* ---- who hears it ---- */

struct told {
    struct messages_member *all; /* of a pair also who left, of a group who was asked */
    size_t count;
    struct messages_member *own, *other; /* other: of a pair */
    bool named[MESSAGES_PEOPLE_MAX + 1]; /* places in `all` */
    size_t named_count;
};

static enum err read_told(struct call *call, const struct messages_place *place, struct told *told)
{
    TRY(messages_members(call, place, &told->all, &told->count));
    ASSERT_CODE(told->count <= COUNT(told->named));
    for (size_t i = 0; i < told->count; i++) {
        if (told->all[i].account_id == call->actor.id) {
            told->own = &told->all[i];
        } else if (!place->group) {
            told->other = &told->all[i];
        }
    }
    return OK;
}

/* What was begun holds only while both still may: each message asks again. */
static enum err may_write(struct call *call, const struct messages_place *place,
                          const struct told *told)
{
    const struct messages_member *other = told->other;
    bool may = false;
    if (!place->parents) {
        return not_now(call);
    }
    if (place->request) {
        return call_fail(call, ERR_CONFLICT, "messages.accept");
    }
    if (place->group) {
        return OK;
    }
    if (!other || !other->seen) {
        return not_now(call);
    }
    TRY(contact_may(call, call->actor.id, other->account_id, CONTACT_MESSAGE, &may));
    if (!may) {
        return not_now(call);
    }
    return other->friends || other->accepted_ms || other->waits_seq < 0 ||
                   place->last_seq - other->waits_seq < MESSAGES_REQUEST_MAX
               ? OK
               : call_fail(call, ERR_DENIED, "messages.wait");
}

static enum err find_named(struct call *call, const struct messages_send *send, struct told *told)
{
    for (size_t i = 0; i < send->mentions_count; i++) {
        size_t at = 0;
        while (at < told->count &&
               (!told->all[at].seen || strcmp(told->all[at].id, send->mentions[i]) != 0)) {
            at++;
        }
        if (at == told->count) {
            return call_fail_field(call, ERR_MISSING, "people.none", "mentions");
        }
        told->named_count += !told->named[at];
        told->named[at] = true;
    }
    return OK;
}

static enum err check_reply(struct call *call, const struct messages_place *place, int64_t seq)
{
    struct messages_sealed *one = NULL;
    size_t count = 0;
    if (seq) {
        TRY(messages_rows(call, place, (struct messages_span){MESSAGES_AT, seq, 1}, &one, &count));
    }
    return !seq || count ? OK : call_fail_field(call, ERR_MISSING, "messages.none", "reply");
}

/* ---- putting it there ---- */

/* What a member writes in a day has a limit; changing what was written is writing, too. */
static enum err spend(struct call *call, size_t bytes)
{
    struct rows rows;
    TRY(store_run(call, &messages_spend,
                  BIND(I64(call->actor.id), I64(call->now_ms / TIME_DAY), I64((int64_t)bytes)),
                  &rows));
    return row_i64(&rows, 0, SPENT_SAID) <= MESSAGES_DAY_SAID &&
                   row_i64(&rows, 0, SPENT_BYTES) <= MESSAGES_DAY_BYTES
               ? OK
               : call_fail(call, ERR_LIMIT, "messages.day");
}

static enum err insert(struct call *call, const struct messages_place *place,
                       const struct messages_send *send, const struct told *told, int64_t *ret_seq)
{
    struct rows rows;
    TRY(store_run(call, &messages_count_up, BIND(I64(place->id)), &rows));
    *ret_seq = row_i64(&rows, 0, ONLY);
    TRY(store_run(call, &messages_insert,
                  BIND(I64(place->id), I64(*ret_seq), I64(call->actor.id), TEXT(send->cid),
                       I64(call->now_ms), send->reply ? I64(send->reply) : NIL, SEALED(send->body)),
                  NULL));
    for (size_t i = 0; i < told->count && told->named_count; i++) {
        if (told->named[i]) {
            TRY(store_run(call, &messages_name_one,
                          BIND(I64(place->id), I64(*ret_seq), I64(told->all[i].account_id)), NULL));
        }
    }
    return OK;
}

/* The other of a pair: a friend, and whoever let them in, has it (again); a stranger is asked. */
static enum err reach_other(struct call *call, const struct messages_place *place,
                            struct messages_member *other)
{
    bool in = other->friends || other->accepted_ms, shown = true;
    const struct messages_asking how = {.again = strcmp(other->state, "request") == 0};
    const struct val who = I64(other->account_id), where = I64(place->id);
    const struct val waits = I64(other->waits_seq < 0 ? place->last_seq : other->waits_seq);
    if (!in) {
        TRY(messages_ask(call, place, other->account_id, how, &shown));
    }
    if (!shown) {
        other->state = "left";
        return store_run(call, &messages_unheard, BIND(who, where, waits), NULL);
    }
    other->state = in ? "in" : "request";
    return store_run(call, &messages_arrived,
                     BIND(who, where, TEXT(other->state), I64(call->now_ms), in ? NIL : waits),
                     NULL);
}

static enum err reach(struct call *call, const struct messages_place *place, struct told *told)
{
    int64_t ids[MESSAGES_PEOPLE_MAX + 1];
    size_t count = 0;
    if (told->other) {
        TRY(reach_other(call, place, told->other));
        return store_run(call, &messages_began,
                         BIND(I64(call->actor.id), I64(place->id), I64(call->now_ms),
                              I64(told->other->friends ? 0 : call->now_ms)),
                         NULL);
    }
    for (size_t i = 0; i < told->count; i++) {
        if (told->all[i].seen) {
            ids[count++] = told->all[i].account_id;
        }
    }
    return store_run(call, &messages_reached,
                     BIND(I64(place->id), I64(call->now_ms), TEXT(contact_list(call, ids, count)),
                          I64((int64_t)count)),
                     NULL);
}

/* Whoever is asked was told of that, once; who is not in it is told nothing. */
static enum err notify(struct call *call, const struct messages_place *place,
                       const struct told *told)
{
    for (size_t i = 0; i < told->count; i++) {
        const struct messages_member *one = &told->all[i];
        const char *kind = told->named[i] ? "messages.mention"
                           : one->friends ? "messages.friend"
                                          : "messages.stranger";
        if (one == told->own || !one->seen || strcmp(one->state, "in") != 0) {
            continue;
        }
        if (!one->muted || told->named[i]) {
            TRY(notices_post(call, &(struct notices_new){one->account_id, kind, call->actor.id,
                                                         place->public_id}));
        }
    }
    return OK;
}

/* Those who are named and do not perceive each other: asked only when somebody is named. */
static enum err hidden_from(struct call *call, const struct told *told,
                            bool ret[MESSAGES_PEOPLE_MAX + 1][MESSAGES_PEOPLE_MAX + 1])
{
    int64_t ids[MESSAGES_PEOPLE_MAX + 1];
    size_t places[MESSAGES_PEOPLE_MAX + 1], count = 0, pairs_count = 0;
    struct contact_pair *pairs = NULL;
    for (int named = 0; named <= 1; named++) {
        for (size_t i = 0; i < told->count; i++) {
            if (told->named[i] == named) {
                places[count] = i;
                ids[count++] = told->all[i].account_id;
            }
        }
    }
    TRY(contact_hidden(call, ids, count, count - told->named_count, &pairs, &pairs_count));
    for (size_t i = 0; i < pairs_count; i++) {
        ret[places[pairs[i].viewer]][places[pairs[i].subject]] = true;
    }
    return OK;
}

static enum err tell(struct call *call, const struct messages_place *place, const struct told *told,
                     struct messages_message *message)
{
    bool hidden[MESSAGES_PEOPLE_MAX + 1][MESSAGES_PEOPLE_MAX + 1] = {{false}};
    if (told->named_count && place->group) {
        TRY(hidden_from(call, told, hidden));
    }
    for (size_t i = 0; i < told->count; i++) {
        const struct messages_member *one = &told->all[i];
        struct messages_mention *named =
            arena_alloc(call->arena, (told->named_count + 1) * sizeof(*named));
        struct messages_message theirs = *message;
        size_t count = 0;
        for (size_t at = 0; at < told->count; at++) {
            if (told->named[at] && !hidden[i][at]) {
                named[count++] = (struct messages_mention){told->all[at].id, told->all[at].name};
            }
        }
        JSON_LIST_SET(theirs.mentions, named, count);
        if (one == told->own) {
            *message = theirs;
        } else {
            theirs.mine = false;
            theirs.cid = NULL;
        }
        messages_tell_fresh(call, place, told->own, one, &theirs);
    }
    return OK;
}

static enum err repeated(struct call *call, struct messages_place *place,
                         struct messages_send *send)
{
    struct messages_sealed *one = NULL;
    size_t count = 0;
    place->since_seq = 0;
    TRY(messages_rows(call, place, (struct messages_span){MESSAGES_AT, place->said_seq, 1}, &one,
                      &count));
    TRY(messages_details(call, call->actor.id, place->id, one, count));
    if (count == 0) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    send->sent = one[0];
    return OK;
}

enum err messages_put(struct call *call, struct messages_send *send)
{
    struct messages_place place;
    struct told told = {0};
    int64_t seq = 0;
    ASSERT_CODE(send->id && send->cid && *send->cid);
    ASSERT_CODE(!send->key.at || send->body.at); /* who has a key has sealed with it */
    TRY(messages_place(call, send->id, send->cid, &place));
    if (place.said_seq) {
        return repeated(call, &place, send);
    }
    if (!send->body.at) { /* came in while this was on its way */
        return ERR_BUSY;
    }
    TRY(read_told(call, &place, &told));
    TRY(may_write(call, &place, &told));
    TRY(check_reply(call, &place, send->reply));
    TRY(find_named(call, send, &told));
    TRY(spend(call, send->body.len));
    TRY(insert(call, &place, send, &told, &seq));
    TRY(reach(call, &place, &told));
    TRY(notify(call, &place, &told));
    send->sent.message = (struct messages_message){.seq = seq,
                                                   .at = call->now_ms,
                                                   .reply = send->reply,
                                                   .from = told.own->id,
                                                   .name = told.own->name,
                                                   .text = send->text,
                                                   .cid = send->cid,
                                                   .mine = true};
    TRY(tell(call, &place, &told, &send->sent.message));
    return OK;
}

/* ---- changing one's own ---- */

static enum err own(struct call *call, const char *id, int64_t seq, struct messages_place *place,
                    struct rows *ret)
{
    TRY(messages_place(call, id, NULL, place));
    TRY(store_run(call, &messages_own, BIND(I64(call->actor.id), I64(place->id), I64(seq)), ret));
    if (ret->count == 0 || seq <= place->since_seq || !row_null(ret, 0, OWN_GONE_MS)) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    return row_i64(ret, 0, OWN_AT_MS) > call->now_ms - MESSAGES_EDIT_MS
               ? OK
               : call_fail(call, ERR_CONFLICT, "messages.late");
}

enum err messages_change_look(struct call *call, struct messages_change *change)
{
    struct messages_place place;
    struct rows rows;
    TRY(own(call, change->id, change->seq, &place, &rows));
    change->client_id = row_text(&rows, 0, OWN_CLIENT_ID);
    return messages_key_look(call, change->id, &change->key);
}

enum err messages_edit(struct call *call, const struct messages_change *change,
                       struct messages_message *ret)
{
    struct messages_place place;
    struct messages_sealed *one = NULL;
    struct told told = {0};
    size_t count = 0;
    struct rows rows;
    TRY(own(call, change->id, change->seq, &place, &rows));
    TRY(read_told(call, &place, &told));
    TRY(may_write(call, &place, &told)); /* changing what one said is saying it */
    TRY(spend(call, change->body.len));
    TRY(store_run(call, &messages_rewrite,
                  BIND(I64(place.id), I64(change->seq), SEALED(change->body), I64(call->now_ms)),
                  NULL));
    TRY(messages_rows(call, &place, (struct messages_span){MESSAGES_AT, change->seq, 1}, &one,
                      &count));
    TRY(messages_details(call, call->actor.id, place.id, one, count));
    if (count != 1) {
        return ERR_MISSING;
    }
    *ret = one->message;
    ret->text = change->text;
    return messages_tell_changed(call, &place, change->seq, change->text);
}

enum err messages_take_back(struct call *call, const char *id, int64_t seq)
{
    struct messages_place place;
    struct rows rows;
    TRY(own(call, id, seq, &place, &rows));
    TRY(store_run(call, &messages_wipe, BIND(I64(place.id), I64(seq), I64(call->now_ms)), NULL));
    TRY(store_run(call, &messages_unname, BIND(I64(place.id), I64(seq)), NULL));
    TRY(store_run(call, &messages_unreact, BIND(I64(place.id), I64(seq)), NULL));
    return messages_tell_changed(call, &place, seq, NULL);
}

enum err messages_react(struct call *call, const char *id, int64_t seq, const char *emoji, bool on)
{
    struct messages_place place;
    struct messages_sealed *one = NULL;
    struct messages_member *members = NULL;
    size_t count = 0;
    struct rows rows;
    bool near = true;
    TRY(messages_place(call, id, NULL, &place));
    TRY(messages_rows(call, &place, (struct messages_span){MESSAGES_AT, seq, 1}, &one, &count));
    if (count == 0 || one->message.gone) {
        return call_fail(call, ERR_MISSING, "messages.none");
    }
    if (on && !place.group) {
        TRY(messages_members(call, &place, &members, &count));
        near = count == 2;
    }
    if (members && near) {
        TRY(messages_near(call, &place, members[1].account_id, &near));
    }
    if (place.request || !place.parents || !near) {
        return not_now(call);
    }
    const struct val in[] = {I64(place.id), I64(seq), I64(call->actor.id), TEXT(emoji),
                             I64(call->now_ms)};
    TRY(store_run(call, on ? &messages_react_on : &messages_react_off, in, on ? 5 : 4, &rows));
    return rows.changed ? messages_tell_changed(call, &place, seq, NULL) : OK;
}
