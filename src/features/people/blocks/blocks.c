#include "features/people/blocks/blocks.h"

#include "base/arena.h"
#include "features/common/contact/contact.h"
#include "features/people/friends/friends.h"
#include "store/store.h"

#define MINE                                                                                     \
    "EXISTS (SELECT 1 FROM block m WHERE m.account_id = $1 AND m.other_id = a.id AND m.entry_id" \
    " = 0)"
#define FRIEND "CASE WHEN " CONTACT_FRIENDS("$1", "a") " THEN 1 ELSE 0 END AS friend"

/* Whom one blocked by id is still found by oneself, and by nobody else. */
SQL(blocks_by_id, "SELECT a.id, a.avatar_name, " FRIEND " FROM account a WHERE a.public_id = $2"
                  " AND (" MINE " OR" CONTACT_PERCEIVES("$1", "a") ")");
COLUMNS(WHOM_ID, WHOM_AVATAR_NAME, WHOM_FRIEND);
/*
 * Whoever a typed name may mean: all that keep it from being free (renames_free), the one whose
 * name it is to the letter before who has a look-alike.
 */
#define ALIKE "(x.name_skeleton IN ($1, $2) OR x.name_look IN ($1, $2))"
#define FAR "CASE WHEN x.name_skeleton = $1 THEN 0 ELSE 2 END"
/* sees: server - of a name that the asker typed; nothing of it is answered */
SQL(blocks_meant,
    "SELECT w.account_id, w.guardian_id, COALESCE(a.public_id, '') AS public_id FROM ("
    "SELECT x.id AS account_id, 0 AS guardian_id, " FAR " AS far FROM account x WHERE " ALIKE
    " UNION ALL SELECT x.account_id, 0, 1 + " FAR " FROM account_name x"
    " WHERE x.kept_until_ms > $3 AND " ALIKE " UNION ALL SELECT x.account_id, 0, 1 + " FAR
    " FROM name_hold x WHERE x.ends_at_ms > $3 AND " ALIKE " UNION ALL SELECT 0, x.id, 1 + " FAR
    " FROM guardian x WHERE " ALIKE ") w LEFT JOIN account a ON a.id = w.account_id"
    " ORDER BY w.far, w.account_id, w.guardian_id LIMIT 1");
COLUMNS(MEANT_ACCOUNT_ID, MEANT_GUARDIAN_ID, MEANT_PUBLIC_ID);
SQL(blocks_all, "SELECT a.public_id, b.name, b.since_ms, 0 AS typed, b.other_id AS place"
                " FROM block b JOIN account a ON a.id = b.other_id WHERE b.account_id = $1"
                " AND b.entry_id = 0 UNION ALL SELECT n.public_id, n.name, n.since_ms, 1, n.id"
                " FROM block_name n WHERE n.account_id = $1"
                " ORDER BY since_ms DESC, typed, place LIMIT 1000");
COLUMNS(ALL_PUBLIC_ID, ALL_NAME, ALL_SINCE_MS, ALL_TYPED, ALL_PLACE);
SQL(blocks_counted, "SELECT (SELECT COUNT(*) FROM block WHERE account_id = $1 AND entry_id = 0)"
                    " + (SELECT COUNT(*) FROM block_name WHERE account_id = $1) AS counted_all,"
                    " (SELECT COUNT(*) FROM block_name WHERE account_id = $1"
                    " AND name_skeleton = $2) AS same");
COLUMNS(COUNTED_ALL, COUNTED_SAME);
SQL(blocks_mine, "SELECT since_ms, name FROM block WHERE account_id = $1 AND other_id = $2"
                 " AND entry_id = 0");
COLUMNS(MINE_SINCE_MS, MINE_NAME);
SQL(blocks_insert, "INSERT INTO block (account_id, other_id, since_ms, entry_id, name)"
                   " VALUES ($1, $2, $3, 0, $4)");
SQL(blocks_enter, "INSERT INTO block_name (id, account_id, public_id, name, name_skeleton,"
                  " guardian_id, since_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                  " ON CONFLICT (account_id, name_skeleton) DO UPDATE SET guardian_id ="
                  " COALESCE(excluded.guardian_id, block_name.guardian_id)"
                  " RETURNING id, public_id, name, since_ms");
COLUMNS(ENTRY_ID, ENTRY_PUBLIC_ID, ENTRY_NAME, ENTRY_SINCE_MS);
SQL(blocks_mean, "INSERT INTO block (account_id, other_id, since_ms, entry_id) SELECT $1, a.id, $3,"
                 " $4 FROM account a WHERE a.id = $2 ON CONFLICT DO NOTHING");
SQL(blocks_drop_entry, "DELETE FROM block_name WHERE account_id = $1 AND public_id = $2"
                       " RETURNING id");
SQL(blocks_drop, "DELETE FROM block WHERE account_id = $1 AND entry_id = $2 AND ($2 <> 0"
                 " OR other_id = (SELECT id FROM account WHERE public_id = $3))"
                 " RETURNING other_id");
SQL(blocks_chosen, "SELECT messages, join_me, findable, invisible FROM people_choice"
                   " WHERE account_id = $1");
COLUMNS(CHOSEN_MESSAGES, CHOSEN_JOIN_ME, CHOSEN_FINDABLE, CHOSEN_INVISIBLE);
SQL(blocks_choose, "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)"
                   " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account_id) DO UPDATE SET"
                   " messages = excluded.messages, join_me = excluded.join_me,"
                   " findable = excluded.findable, invisible = excluded.invisible");

enum err blocks_list(struct call *call, struct blocks_one **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &blocks_all, BIND(I64(call->actor.id)), &rows));
    struct blocks_one *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] =
            (struct blocks_one){row_text(&rows, i, ALL_PUBLIC_ID), row_text(&rows, i, ALL_NAME),
                                row_i64(&rows, i, ALL_SINCE_MS), row_i64(&rows, i, ALL_TYPED) == 1};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

struct told {
    const char *id; /* NULL, it was by a typed name: whose lines go is not told */
    bool on;
};
JSON_SHAPE(told, "blocked_told", struct told,
           J_TEXT(struct told, id, 1, 32, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_BOOL(struct told, on));

const struct live_event blocks_events[] = {
    {"blocked", &told, "You blocked or unblocked somebody, maybe elsewhere.",
     "what the asker did, told to their own devices"},
    {NULL},
};

static void tell(struct call *call, const char *id, bool on)
{
    call_tell(call, &blocks_events[0], call->actor.id, &(struct told){id, on});
}

static void part(struct call *call, int64_t other)
{
    call_emit(call, EVENT_PARTED, call->actor.id, other, NULL);
}

static enum err none(struct call *call, const char *field)
{
    return call_fail_field(call, ERR_MISSING, "people.none", field);
}

static enum err has_room(struct call *call, const char *skeleton)
{
    struct rows counted;
    TRY(store_run(call, &blocks_counted, BIND(I64(call->actor.id), TEXT(skeleton)), &counted));
    return row_i64(&counted, 0, COUNTED_ALL) < BLOCKS_MAX || row_i64(&counted, 0, COUNTED_SAME) > 0
               ? OK
               : call_fail(call, ERR_LIMIT, "blocks.many");
}

enum err blocks_add(struct call *call, const char *id, bool unless_friend, struct blocks_one *ret)
{
    struct rows whom, mine;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &blocks_by_id, BIND(I64(call->actor.id), TEXT(id)), &whom));
    int64_t other = whom.count ? row_i64(&whom, 0, WHOM_ID) : 0;
    if (whom.count == 0 || other == call->actor.id) {
        return whom.count ? call_fail_field(call, ERR_CONFLICT, "blocks.self", "id")
                          : none(call, "id");
    }
    TRY(store_run(call, &blocks_mine, BIND(I64(call->actor.id), I64(other)), &mine));
    if (mine.count > 0) {
        *ret = (struct blocks_one){id, row_text(&mine, 0, MINE_NAME),
                                   row_i64(&mine, 0, MINE_SINCE_MS), false};
        return OK;
    }
    TRY(has_room(call, ""));
    if (unless_friend && row_i64(&whom, 0, WHOM_FRIEND) == 1) {
        return call_fail_field(call, ERR_CONFLICT, "blocks.friend", "id");
    }
    *ret = (struct blocks_one){id, row_text(&whom, 0, WHOM_AVATAR_NAME), call->now_ms, false};
    TRY(store_run(call, &blocks_insert,
                  BIND(I64(call->actor.id), I64(other), I64(call->now_ms), TEXT(ret->name)), NULL));
    TRY(friends_part(call, other, id));
    part(call, other);
    tell(call, id, true);
    return OK;
}

/* The statements are the same whoever is meant: with nobody there yet they find no rows. */
enum err blocks_add_typed(struct call *call, const struct name_forms *forms, const char *id,
                          struct blocks_one *ret)
{
    struct rows meant, entry;
    int64_t me = call->actor.id;
    ASSERT_CODE(me && forms->name && forms->skeleton && forms->look);
    TRY(store_run(call, &blocks_meant,
                  BIND(TEXT(forms->skeleton), TEXT(forms->look), I64(call->now_ms)), &meant));
    if (meant.count == 0) {
        return none(call, "name");
    }
    int64_t other = row_i64(&meant, 0, MEANT_ACCOUNT_ID),
            guardian = row_i64(&meant, 0, MEANT_GUARDIAN_ID);
    if (other == me) {
        return call_fail_field(call, ERR_CONFLICT, "blocks.self", "name");
    }
    TRY(has_room(call, forms->skeleton));
    TRY(store_run(call, &blocks_enter,
                  BIND(I64(id_new(call)), I64(me), TEXT(id), TEXT(forms->name),
                       TEXT(forms->skeleton), guardian ? I64(guardian) : NIL, I64(call->now_ms)),
                  &entry));
    TRY(store_run(call, &blocks_mean,
                  BIND(I64(me), I64(other), I64(call->now_ms), I64(row_i64(&entry, 0, ENTRY_ID))),
                  NULL));
    TRY(friends_part(call, other, row_text(&meant, 0, MEANT_PUBLIC_ID)));
    if (other) {
        part(call, other);
    }
    tell(call, NULL, true);
    *ret =
        (struct blocks_one){row_text(&entry, 0, ENTRY_PUBLIC_ID), row_text(&entry, 0, ENTRY_NAME),
                            row_i64(&entry, 0, ENTRY_SINCE_MS), true};
    return OK;
}

enum err blocks_remove(struct call *call, const char *id)
{
    struct rows entry, dropped;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &blocks_drop_entry, BIND(I64(call->actor.id), TEXT(id)), &entry));
    int64_t entry_id = entry.count ? row_i64(&entry, 0, ONLY) : 0;
    TRY(store_run(call, &blocks_drop, BIND(I64(call->actor.id), I64(entry_id), TEXT(id)),
                  &dropped));
    if (entry.count + dropped.count == 0) {
        return none(call, "id");
    }
    for (size_t i = 0; i < dropped.count; i++) {
        call_emit(call, EVENT_CONTACT_CHANGED, call->actor.id, row_i64(&dropped, i, ONLY), NULL);
    }
    tell(call, entry.count ? NULL : id, false);
    return OK;
}

enum err blocks_choice_read(struct call *call, struct blocks_choice *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &blocks_chosen, BIND(I64(call->actor.id)), &rows));
    *ret = rows.count ? (struct blocks_choice){row_text(&rows, 0, CHOSEN_MESSAGES),
                                               row_text(&rows, 0, CHOSEN_JOIN_ME),
                                               row_text(&rows, 0, CHOSEN_FINDABLE),
                                               row_i64(&rows, 0, CHOSEN_INVISIBLE) == 1}
                      : (struct blocks_choice){CONTACT_USUAL_MESSAGES, CONTACT_USUAL_JOIN,
                                               CONTACT_USUAL_FINDABLE, false};
    return OK;
}

enum err blocks_choice_set(struct call *call, const struct blocks_choice *choice)
{
    ASSERT_CODE(call->actor.id && choice->messages && choice->join_me && choice->findable);
    TRY(store_run(call, &blocks_choose,
                  BIND(I64(call->actor.id), TEXT(choice->messages), TEXT(choice->join_me),
                       TEXT(choice->findable), I64(choice->invisible)),
                  NULL));
    call_emit(call, EVENT_CONTACT_CHANGED, call->actor.id, 0, NULL);
    return OK;
}
