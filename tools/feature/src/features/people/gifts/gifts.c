#include "features/people/gifts/gifts.h"

#include "base/arena.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/notify/notices/notices.h"
#include "store/store.h"

SQL(gifts_whom, "SELECT a.id FROM account a WHERE a.public_id = $2 AND" CONTACT_PERCEIVES(
                    "$1", "a") "AND " CONTACT_FRIENDS("$1", "a"));
SQL(gifts_put, "INSERT INTO gifts (id, account_id, from_id, at_ms) VALUES ($1, $2, $3, $4)");
/* sees: server - how many somebody was given; the oldest go */
SQL(gifts_trim, "DELETE FROM gifts WHERE id IN (SELECT id FROM gifts WHERE account_id = $1"
                " ORDER BY id DESC LIMIT 50 OFFSET $2)");
SQL(gifts_mine,
    "SELECT " FACE_OF(
        "a") ", g.at_ms FROM gifts g"
             " JOIN account a ON a.id = g.from_id WHERE g.account_id = $1 AND" CONTACT_PERCEIVES(
                 "$1", "a") "ORDER BY g.id DESC LIMIT $2");
COLUMNS(MINE_FACE, MINE_AT_MS = MINE_FACE + FACE_COLUMNS);

const struct live_event gifts_events[] = {
    {"gifts", NULL, "You were given something: ask for the list again.",
     "says nothing but: ask again"},
    {NULL},
};

struct own_settings {
    int64_t gifts_kept;
};

static const struct setting setting_rows[] = {
    SETTING_NUMBER(struct own_settings, gifts_kept, 1, GIFTS_MAX, "gifts", "100",
                   "So many of what somebody was given stay.", .group = "people"),
    {0},
};
const struct setting_group gifts_setting_group = {setting_rows, sizeof(struct own_settings), NULL};

static int64_t kept(const struct call *call)
{
    const struct own_settings *own = settings_own(call->settings, &gifts_setting_group);
    return own->gifts_kept;
}

enum err gifts_give(struct call *call, const char *public_id)
{
    struct rows rows;
    TRY(store_run(call, &gifts_whom, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "people.none", "id");
    }
    int64_t whom = row_i64(&rows, 0, ONLY);
    TRY(store_run(call, &gifts_put,
                  BIND(I64(id_new(call)), I64(whom), I64(call->actor.id), I64(call->now_ms)),
                  NULL));
    TRY(store_run(call, &gifts_trim, BIND(I64(whom), I64(kept(call))), NULL));
    call_tell(call, &gifts_events[0], whom, NULL);
    return notices_post(call, &(struct notices_new){.account_id = whom,
                                                    .kind = "gifts.given",
                                                    .about_id = call->actor.id,
                                                    .target = call->actor.public_id});
}

enum err gifts_list(struct call *call, struct gifts_one **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &gifts_mine, BIND(I64(call->actor.id), I64(GIFTS_MAX)), &rows));
    struct gifts_one *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct gifts_one){.face = face_read(&rows, i, MINE_FACE),
                                    .at_ms = row_i64(&rows, i, MINE_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}
