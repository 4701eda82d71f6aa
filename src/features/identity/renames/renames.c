#include "features/identity/renames/renames.h"

#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "call/id.h"
#include "store/store.h"

/* contact: a name is taken whoever has it; that it is taken is all that is told. */
/* sees: server - does somebody wear the name or its look-alike */
SQL(renames_worn, "SELECT 1 FROM account WHERE id <> $3 AND (name_skeleton IN ($1, $2)"
                  " OR name_look IN ($1, $2)) LIMIT 1");
/* sees: server - is it held, was it worn lately, is a parent asked about it */
SQL(renames_kept, "SELECT 1 FROM name_hold WHERE account_id <> $3 AND ends_at_ms > $4 AND"
                  " (name_skeleton IN ($1, $2) OR name_look IN ($1, $2)) UNION"
                  " SELECT 1 FROM account_name WHERE account_id <> $3 AND kept_until_ms > $4 AND"
                  " (name_skeleton IN ($1, $2) OR name_look IN ($1, $2)) UNION"
                  " SELECT 1 FROM guardian WHERE name_skeleton IN ($1, $2)"
                  " OR name_look IN ($1, $2) LIMIT 1");
SQL(renames_over, "DELETE FROM name_hold WHERE account_id = $1 OR (name_skeleton = $2"
                  " AND ends_at_ms <= $3)");
SQL(renames_insert, "INSERT INTO name_hold (account_id, name, name_skeleton, name_look, ends_at_ms)"
                    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
SQL(renames_drop, "DELETE FROM name_hold WHERE account_id = $1");
SQL(renames_held, "SELECT name, name_skeleton, name_look, ends_at_ms FROM name_hold"
                  " WHERE account_id = $1 AND ends_at_ms > $2");
COLUMNS(HELD_NAME, HELD_NAME_SKELETON, HELD_NAME_LOOK, HELD_ENDS_AT_MS);
SQL(renames_own, "SELECT avatar_name, name_skeleton, name_look, created_at_ms FROM account"
                 " WHERE id = $1");
COLUMNS(OWN_AVATAR_NAME, OWN_NAME_SKELETON, OWN_NAME_LOOK, OWN_CREATED_AT_MS);
SQL(renames_last, "SELECT until_ms FROM account_name WHERE account_id = $1"
                  " ORDER BY until_ms DESC LIMIT 1");
SQL(renames_remember, "INSERT INTO account_name (id, account_id, name, name_skeleton, name_look,"
                      " from_ms, until_ms, kept_until_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(renames_set, "UPDATE account SET avatar_name = $2, name_skeleton = $3, name_look = $4,"
                 " skeleton_version = $5, name_fold = NULL WHERE id = $1");
SQL(renames_former_of, "SELECT name, from_ms, until_ms, kept_until_ms FROM account_name"
                       " WHERE account_id = $1 ORDER BY until_ms DESC LIMIT $2");
COLUMNS(FORMER_NAME, FORMER_FROM_MS, FORMER_UNTIL_MS, FORMER_KEPT_UNTIL_MS);
/* sees: staff - the route is for administrators alone */
SQL(renames_person, "SELECT id FROM account WHERE public_id = $1");

static enum err taken(struct call *call)
{
    return call_fail_field(call, ERR_CONFLICT, "names.taken", "avatar_name");
}

enum err renames_free(struct call *call, const struct name_forms *forms, int64_t account_id)
{
    struct rows worn, kept;
    TRY(store_run(call, &renames_worn,
                  BIND(TEXT(forms->skeleton), TEXT(forms->look), I64(account_id)), &worn));
    TRY(store_run(
        call, &renames_kept,
        BIND(TEXT(forms->skeleton), TEXT(forms->look), I64(account_id), I64(call->now_ms)), &kept));
    return worn.count + kept.count == 0 ? OK : taken(call);
}

enum err renames_hold(struct call *call, int64_t account_id, const struct name_forms *forms,
                      int64_t *ret_ends_ms)
{
    struct rows rows;
    int64_t ends_ms = call->now_ms + RENAMES_HOLD_MS;
    ASSERT_CODE(account_id && forms->name && forms->skeleton && forms->look);
    TRY(store_run(call, &renames_own, BIND(I64(account_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    if (strcmp(row_text(&rows, 0, OWN_AVATAR_NAME), forms->name) == 0) {
        return call_fail_field(call, ERR_CONFLICT, "names.own", "avatar_name");
    }
    TRY(renames_free(call, forms, account_id));
    TRY(store_run(call, &renames_over,
                  BIND(I64(account_id), TEXT(forms->skeleton), I64(call->now_ms)), NULL));
    TRY(store_run(call, &renames_insert,
                  BIND(I64(account_id), TEXT(forms->name), TEXT(forms->skeleton), TEXT(forms->look),
                       I64(ends_ms)),
                  &rows));
    if (rows.changed == 0) { /* somebody was a moment earlier */
        return taken(call);
    }
    *ret_ends_ms = ends_ms;
    return OK;
}

enum err renames_let_go(struct call *call, int64_t account_id)
{
    return store_run(call, &renames_drop, BIND(I64(account_id)), NULL);
}

/* The name so far joins the history; worn since the last change, or from the beginning. */
static enum err remember(struct call *call, int64_t account_id)
{
    struct rows own, last;
    TRY(store_run(call, &renames_own, BIND(I64(account_id)), &own));
    if (own.count == 0) { /* erased a moment ago */
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    TRY(store_run(call, &renames_last, BIND(I64(account_id)), &last));
    int64_t from_ms = last.count ? row_i64(&last, 0, ONLY) : row_i64(&own, 0, OWN_CREATED_AT_MS);
    return store_run(
        call, &renames_remember,
        BIND(I64(id_new(call)), I64(account_id), TEXT(row_text(&own, 0, OWN_AVATAR_NAME)),
             TEXT(row_text(&own, 0, OWN_NAME_SKELETON)), TEXT(row_text(&own, 0, OWN_NAME_LOOK)),
             I64(from_ms), I64(call->now_ms), I64(call->now_ms + RENAMES_KEEP_MS)),
        NULL);
}

enum err renames_buy(struct call *call, int64_t account_id)
{
    struct rows held;
    TRY(store_run(call, &renames_held, BIND(I64(account_id), I64(call->now_ms)), &held));
    if (held.count == 0) {
        return call_fail(call, ERR_MISSING, "names.no_hold");
    }
    const struct name_forms forms = {row_text(&held, 0, HELD_NAME),
                                     row_text(&held, 0, HELD_NAME_SKELETON),
                                     row_text(&held, 0, HELD_NAME_LOOK)};
    TRY(renames_free(call, &forms, account_id));
    TRY(remember(call, account_id));
    TRY(renames_let_go(call, account_id));
    enum err err = store_run(call, &renames_set,
                             BIND(I64(account_id), TEXT(forms.name), TEXT(forms.skeleton),
                                  TEXT(forms.look), TEXT(names_version())),
                             NULL);
    if (err == ERR_CONFLICT) {
        return taken(call);
    }
    TRY(err);
    call_emit(call, EVENT_ACCOUNT_CHANGED, account_id, 0, NULL);
    return OK;
}

static enum err next_change(struct call *call, int64_t *ret_ms)
{
    struct rows rows;
    TRY(store_run(call, &renames_last, BIND(I64(call->actor.id)), &rows));
    int64_t next_ms = rows.count ? row_i64(&rows, 0, ONLY) + RENAMES_EVERY_MS : 0;
    *ret_ms = next_ms > call->now_ms ? next_ms : 0;
    return OK;
}

struct own_settings {
    const char *name_change;
};

static const struct setting setting_rows[] = {
    SETTING_CHOICE(struct own_settings, name_change, "off free", "off", "free",
                   "May members change their avatar name: not at all, or once in 30 days without a "
                   "price. Demo folders are free.",
                   .group = "people"),
    {0},
};
const struct setting_group renames_setting_group = {setting_rows, sizeof(struct own_settings),
                                                    NULL};

static const char *allowed(const struct call *call)
{
    const struct own_settings *own = settings_own(call->settings, &renames_setting_group);
    return own->name_change;
}

enum err renames_may(struct call *call)
{
    int64_t next_ms = 0;
    ASSERT_CODE(call->actor.id);
    if (strcmp(allowed(call), "free") != 0) {
        return call_fail(call, ERR_DENIED, "names.not_for_sale");
    }
    TRY(next_change(call, &next_ms));
    if (next_ms) {
        call->retry_ms = next_ms - call->now_ms;
        return call_fail(call, ERR_LIMIT, "names.often");
    }
    return OK;
}

enum err renames_take(struct call *call)
{
    TRY(renames_may(call));
    return renames_buy(call, call->actor.id);
}

static enum err former_of(struct call *call, int64_t account_id, const struct renames_former **ret,
                          size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &renames_former_of, BIND(I64(account_id), I64(RENAMES_FORMER_MAX)), &rows));
    struct renames_former *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct renames_former){
            row_text(&rows, i, FORMER_NAME), row_i64(&rows, i, FORMER_FROM_MS),
            row_i64(&rows, i, FORMER_UNTIL_MS), row_i64(&rows, i, FORMER_KEPT_UNTIL_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err renames_state(struct call *call, struct renames_state *ret)
{
    struct rows own, held;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &renames_own, BIND(I64(call->actor.id)), &own));
    TRY(store_run(call, &renames_held, BIND(I64(call->actor.id), I64(call->now_ms)), &held));
    if (own.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    ret->name = row_text(&own, 0, OWN_AVATAR_NAME);
    ret->change = allowed(call);
    ret->held = held.count ? row_text(&held, 0, HELD_NAME) : NULL;
    ret->ends_ms = held.count ? row_i64(&held, 0, HELD_ENDS_AT_MS) : 0;
    TRY(next_change(call, &ret->next_ms));
    return former_of(call, call->actor.id, &ret->former, &ret->former_count);
}

enum err renames_of(struct call *call, const char *public_id, const struct renames_former **ret,
                    size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &renames_person, BIND(TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    call->acted.on = call->acted.subject = row_i64(&rows, 0, ONLY);
    return former_of(call, row_i64(&rows, 0, ONLY), ret, ret_count);
}
