#include <string.h>

#include "base/arena.h"
#include "features/common/contact/contact.h"
#include "features/talk/rooms/rooms_inner.h"
#include "live/ask.h"
#include "store/store.h"

#define BODY "line.body_ct"

#define FACTS "id, owner_id, capacity, public_id, name, topic, scene, language, visibility"

/* With its owner a room is gone, too. */
#define THERE                                                                            \
    "ended_ms IS NULL AND owner_id IN (SELECT o.id FROM account o WHERE o.id = owner_id" \
    " AND o.state <> 'ended')"

/* sees: server - live shows it to who may come in */
SQL(rooms_facts_of, "SELECT " FACTS ", seq_base FROM room WHERE public_id = $1 AND " THERE);
COLUMNS(FACTS_ID, FACTS_OWNER_ID, FACTS_CAPACITY, FACTS_PUBLIC_ID, FACTS_NAME, FACTS_TOPIC,
        FACTS_SCENE, FACTS_LANGUAGE, FACTS_VISIBILITY, FACTS_SEQ_BASE);
/* sees: server - the highest number, whoever wrote it */
SQL(rooms_last, "SELECT seq FROM line WHERE room_id = $1 ORDER BY seq DESC LIMIT 1");
SQL(rooms_recall, LINE_COLUMNS
    " WHERE l.room_id = $1 AND" CONTACT_PERCEIVES("0", "a") "ORDER BY l.seq DESC LIMIT $2");
/* sees: own - the entrant's own row */
SQL(rooms_entrant,
    "SELECT " FACE_OF(
        "a") ", a.role, a.key_id,"
             " a.state, (SELECT x.until_ms FROM room_removed x WHERE x.room_id = $2"
             " AND x.account_id = a.id) AS out_until_ms, CASE WHEN " CONTACT_KEPT(
                 "$1") " THEN 1 ELSE 0 END AS kept,"
                       " (SELECT CASE WHEN" CONTACT_PERCEIVES("$1", "o") "AND" CONTACT_PUBLISHES(
                           "$1",
                           "o") "THEN 1 ELSE 0 END"
                                " FROM account o WHERE o.id = $3) AS reaches, CASE "
                                "WHEN" CONTACT_INVISIBLE("a") "THEN 1 ELSE 0 END AS invisible FROM "
                                                              "account a WHERE a.id = $1");
COLUMNS(ENTRANT_FACE, ENTRANT_ROLE = ENTRANT_FACE + FACE_COLUMNS, ENTRANT_KEY_ID, ENTRANT_STATE,
        ENTRANT_OUT_UNTIL_MS, ENTRANT_KEPT, ENTRANT_REACHES, ENTRANT_INVISIBLE);
/* The number itself, whoever's: they have it.  Else the last before that they perceive. */
SQL(rooms_true_until,
    "SELECT l.seq FROM (SELECT seq, sender_id FROM line WHERE room_id = $2 AND seq <= $3"
    " ORDER BY seq DESC LIMIT $4) l JOIN account a ON a.id = l.sender_id"
    " WHERE (l.seq = $3 OR" CONTACT_PERCEIVES("$1", "a") ") ORDER BY l.seq DESC LIMIT 1");
/* sees: own - the sender's own line */
SQL(rooms_line_of, "SELECT seq FROM line WHERE sender_id = $1 AND room_id = $2"
                   " AND client_id = $3");
/* sees: server - for the sweep; what was swept in the future, by a clock that was set since, too */
SQL(rooms_due, "SELECT id, keep_days, ended_ms FROM room WHERE swept_ms < $1 OR swept_ms > $3"
               " ORDER BY swept_ms LIMIT $2");
COLUMNS(DUE_ID, DUE_KEEP_DAYS, DUE_ENDED_MS);
/* sees: server - deletes only */
SQL(rooms_forget, "DELETE FROM line WHERE room_id = $1 AND seq IN (SELECT seq FROM line"
                  " WHERE room_id = $1 AND at_ms < $2 ORDER BY at_ms LIMIT $3) RETURNING seq");
SQL(rooms_swept, "UPDATE room SET swept_ms = $2, seq_base = CASE WHEN seq_base < $3 THEN $3"
                 " ELSE seq_base END WHERE id = $1");
SQL(rooms_drop, "DELETE FROM room WHERE id = $1");

static struct live_facts read_facts(const struct rows *rows)
{
    return (struct live_facts){.id = row_i64(rows, 0, FACTS_ID),
                               .owner_id = row_i64(rows, 0, FACTS_OWNER_ID),
                               .capacity = row_i64(rows, 0, FACTS_CAPACITY),
                               .public_id = row_text(rows, 0, FACTS_PUBLIC_ID),
                               .name = row_text(rows, 0, FACTS_NAME),
                               .topic = row_text(rows, 0, FACTS_TOPIC),
                               .scene = row_text(rows, 0, FACTS_SCENE),
                               .language = row_text(rows, 0, FACTS_LANGUAGE),
                               .visibility = row_text(rows, 0, FACTS_VISIBILITY)};
}

enum err rooms_load(struct call *call, const struct live_load_in *in, struct live_load_out *load,
                    struct rooms_recall *recall)
{
    struct rows room, last, rows;
    TRY(store_run(call, &rooms_facts_of, BIND(TEXT(in->room)), &room));
    if (room.count == 0) {
        return call_fail(call, ERR_MISSING, "rooms.missing");
    }
    load->room = read_facts(&room);
    TRY(store_run(call, &rooms_last, BIND(I64(load->room.id)), &last));
    load->seq = MAX(row_i64(&room, 0, FACTS_SEQ_BASE), last.count ? row_i64(&last, 0, ONLY) : 0);
    TRY(store_run(call, &rooms_recall, BIND(I64(load->room.id), I64(ROOMS_RECALL_MAX)), &rows));
    recall->lines = rooms_read_lines(call, &rows, true);
    recall->count = rows.count;
    load->more = rows.count == ROOMS_RECALL_MAX;
    return OK;
}

enum err rooms_load_open(struct call *call, const struct rooms_recall *recall,
                         struct live_load_out *load)
{
    ASSERT_CODE(recall->count <= ROOMS_RECALL_MAX);
    load->heard = arena_alloc(call->arena, (recall->count + 1) * sizeof(*load->heard));
    for (size_t i = 0; i < recall->count; i++) {
        const struct rooms_sealed *line = &recall->lines[i];
        const char *text = NULL;
        TRY(rooms_open(call, line, &text));
        if (text) {
            load->heard[load->heard_count++] = (struct live_heard){
                line->seq,    line->at_ms, line->sender_id, line->from, line->name,
                line->avatar, line->look,  line->client_id, text};
        }
    }
    return OK;
}

/* Which line of theirs is the last true one: what a dead server had not stored is not. */
static enum err true_until(struct call *call, int64_t room_id, const struct live_entrant *who,
                           int64_t *ret)
{
    struct rows rows;
    TRY(store_run(call, &rooms_true_until,
                  BIND(I64(who->account_id), I64(room_id), I64(who->seq), I64(ROOMS_BACK_MAX)),
                  &rows));
    *ret = rows.count ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

static enum err admit_one(struct call *call, const struct live_facts *room,
                          const struct live_entrant *who, struct live_verdict *ret)
{
    struct rows rows;
    ret->account_id = who->account_id;
    ret->code = "rooms.missing";
    TRY(store_run(call, &rooms_entrant,
                  BIND(I64(who->account_id), I64(room->id), I64(room->owner_id)), &rows));
    if (rows.count == 0 || strcmp(row_text(&rows, 0, ENTRANT_STATE), "active") != 0) {
        return OK;
    }
    ret->face = face_read(&rows, 0, ENTRANT_FACE);
    ret->role = row_text(&rows, 0, ENTRANT_ROLE);
    ret->key_id = row_i64(&rows, 0, ENTRANT_KEY_ID);
    ret->invisible = row_i64(&rows, 0, ENTRANT_INVISIBLE) == 1;
    const struct rooms_viewer viewer = {.mine = who->account_id == room->owner_id,
                                        .kept = row_i64(&rows, 0, ENTRANT_KEPT) == 1,
                                        .reached = !row_null(&rows, 0, ENTRANT_REACHES) &&
                                                   row_i64(&rows, 0, ENTRANT_REACHES) == 1};
    ret->code = rooms_door(&viewer, strcmp(room->visibility, "closed") == 0);
    if (!ret->code && row_i64(&rows, 0, ENTRANT_OUT_UNTIL_MS) > call->now_ms) {
        ret->code = "rooms.removed"; /* last: of a room that is not there nothing is told */
    }
    if (!ret->code && who->seq > 0) {
        return true_until(call, room->id, who, &ret->since);
    }
    return OK;
}

enum err rooms_admit(struct call *call, const struct live_admit_in *asked,
                     struct live_admit_out *admit)
{
    struct rows rows;
    size_t count = asked->entrants_count + asked->present_count, pairs_count = 0;
    ASSERT_CODE(asked->entrants_count <= LIVE_ADMIT_MAX);
    TRY(store_run(call, &rooms_facts_of, BIND(TEXT(asked->room)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "rooms.missing");
    }
    admit->room = read_facts(&rows);
    int64_t *ids = arena_alloc(call->arena, (count + 1) * sizeof(*ids));
    for (size_t i = 0; i < asked->present_count; i++) {
        ids[i] = asked->present[i];
    }
    for (size_t i = 0; i < asked->entrants_count; i++) {
        ids[asked->present_count + i] = asked->entrants[i].account_id;
        TRY(admit_one(call, &admit->room, &asked->entrants[i], &admit->verdicts[i]));
    }
    struct contact_pair *pairs = NULL;
    TRY(contact_hidden(call, ids, count, asked->present_count, &pairs, &pairs_count));
    admit->hidden = arena_alloc(call->arena, (pairs_count + 1) * sizeof(*admit->hidden));
    admit->hidden_count = pairs_count;
    for (size_t i = 0; i < pairs_count; i++) {
        admit->hidden[i] = (struct live_pair){ids[pairs[i].viewer], ids[pairs[i].subject]};
    }
    return OK;
}

enum err rooms_save_seal(struct call *call, const struct live_save_in *save,
                         struct rooms_bodies *ret)
{
    ASSERT_CODE(!call->tx);
    ASSERT_CODE(save->says_count <= LIVE_SAVE_MAX);
    ret->lines = arena_alloc(call->arena, (save->says_count + 1) * sizeof(*ret->lines));
    for (size_t i = 0; i < save->says_count; i++) {
        const struct live_say *say = &save->says[i];
        struct rooms_sealed *line = &ret->lines[i];
        *line = (struct rooms_sealed){.seq = say->seq,
                                      .at_ms = say->at_ms,
                                      .sender_id = say->sender_id,
                                      .client_id = say->client_id};
        enum err err = sealed_text(call, say->key_id, BODY, say->text, &line->body);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
    }
    return OK;
}

static enum err find_said(struct call *call, int64_t sender_id, int64_t room_id,
                          const char *client_id, int64_t *ret_seq)
{
    struct rows rows;
    TRY(store_run(call, &rooms_line_of, BIND(I64(sender_id), I64(room_id), TEXT(client_id)),
                  &rows));
    *ret_seq = rows.count ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

enum err rooms_save(struct call *call, const struct live_save_in *save,
                    const struct rooms_bodies *sealed, struct live_save_out *saved)
{
    for (size_t i = 0; i < save->says_count; i++) {
        const struct live_say *say = &save->says[i];
        struct live_stored *stored = &saved->stored[i];
        bool is_new = false;
        stored->seq = say->seq;
        if (!sealed->lines[i].body.at) {
            stored->code = "rooms.gone";
            continue;
        }
        TRY(rooms_put(call, say->room_id, &sealed->lines[i], &is_new));
        if (!is_new) {
            TRY(find_said(call, say->sender_id, say->room_id, say->client_id, &stored->seq));
            stored->code = stored->seq ? NULL : "rooms.busy";
        }
    }
    return OK;
}

enum err rooms_said(struct call *call, const struct live_said_in *said, int64_t *ret_seq)
{
    return find_said(call, said->sender_id, said->room_id, said->client_id, ret_seq);
}

enum { SWEEP_EVERY_MS = 60 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000 };

static enum err sweep_room(struct call *call, int64_t id, int64_t older_ms, bool ended,
                           bool *ret_more)
{
    struct rows rows;
    TRY(store_run(call, &rooms_forget, BIND(I64(id), I64(older_ms), I64(ROOMS_SWEEP_LINES)),
                  &rows));
    if (ended && rows.count == 0) {
        return store_run(call, &rooms_drop, BIND(I64(id)), NULL);
    }
    int64_t highest = 0;
    for (size_t i = 0; i < rows.count; i++) {
        highest = MAX(highest, row_i64(&rows, i, ONLY));
    }
    bool again = ended || rows.count == ROOMS_SWEEP_LINES;
    *ret_more |= again;
    return store_run(call, &rooms_swept, BIND(I64(id), I64(again ? 0 : call->now_ms), I64(highest)),
                     NULL);
}

enum err rooms_sweep(struct call *call, bool *ret_more)
{
    struct rows rows;
    *ret_more = false;
    TRY(store_run(
        call, &rooms_due,
        BIND(I64(call->now_ms - SWEEP_EVERY_MS), I64(ROOMS_SWEEP_ROOMS), I64(call->now_ms)),
        &rows));
    for (size_t i = 0; i < rows.count; i++) {
        bool ended = !row_null(&rows, i, DUE_ENDED_MS);
        int64_t older_ms =
            ended ? INT64_MAX : call->now_ms - row_i64(&rows, i, DUE_KEEP_DAYS) * DAY_MS;
        TRY(sweep_room(call, row_i64(&rows, i, DUE_ID), older_ms, ended, ret_more));
    }
    return OK;
}
