#include "features/looks/looks/looks_inner.h"

#include <string.h>

#include "base/crypto.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/common/faces/faces.h"
#include "store/store.h"

#define OF_ONE                                                                           \
    "SELECT a.id, a.key_id, a.look, a.avatar, a.colours, l.recipe_ct, l.words_ct,"       \
    " CASE WHEN a.age_band = '18' THEN 0 ELSE 1 END AS minor,"                           \
    " CASE WHEN " CONTACT_KEPT(                                                          \
        "a.id") " THEN 1 ELSE 0 END AS kept,"                                            \
                " CASE WHEN " CONTACT_FRIENDS(                                           \
                    "$1", "a") " THEN 1 ELSE 0 END AS friends, c.copies"                 \
                               " FROM account a LEFT JOIN look l ON l.account_id = a.id" \
                               " LEFT JOIN look_choice c ON c.account_id = a.id"
COLUMNS(ONE_ID, ONE_KEY_ID, ONE_LOOK, ONE_AVATAR, ONE_COLOURS, ONE_RECIPE_CT, ONE_WORDS_CT,
        ONE_MINOR, ONE_KEPT, ONE_FRIENDS, ONE_COPIES);

/* sees: own - the actor's own row */
SQL(looks_own_row, OF_ONE " WHERE a.id = $1");
SQL(looks_row, OF_ONE " WHERE a.look = $2 AND" CONTACT_PERCEIVES("$1", "a"));
SQL(looks_person_row, OF_ONE " WHERE a.public_id = $2 AND" CONTACT_PERCEIVES("$1", "a"));
/* With the look, in its transaction: what its owner lost is not in it. */
SQL(looks_owned, "SELECT item FROM wardrobe WHERE account_id = $1 LIMIT 1000");
SQL(looks_put, "INSERT INTO look (account_id, recipe_ct, words_ct) VALUES ($1, $2, $3)"
               " ON CONFLICT (account_id) DO UPDATE SET recipe_ct = excluded.recipe_ct,"
               " words_ct = excluded.words_ct");
/* The id is of the recipe: an id that changed with the words alone would tell of words that do not
 * reach whoever sees it, as a minor's do not. */
SQL(looks_say, "UPDATE look SET words_ct = $2 WHERE account_id = $1");
SQL(looks_unsay, "UPDATE look SET words_ct = NULL WHERE account_id = $1 AND words_ct IS NOT NULL");
/* Of what was chosen before nothing is left in clear. */
#define ANOTHER "UPDATE account SET look = $2, avatar = '" FACE_AVATAR_SEALED "', colours = '[]'"
SQL(looks_change_id, ANOTHER " WHERE id = $1 AND COALESCE(look, '') = $3");
SQL(looks_change_any, ANOTHER " WHERE id = $1");
SQL(looks_id_of, "SELECT look FROM account WHERE id = $1");
SQL(looks_set_id, "UPDATE account SET look = $2 WHERE id = $1");
SQL(looks_give_row, "INSERT INTO wardrobe (account_id, item, since_ms) SELECT $1, $2, $3"
                    " WHERE (SELECT COUNT(*) FROM wardrobe WHERE account_id = $1) < $4"
                    " ON CONFLICT (account_id, item) DO NOTHING");
SQL(looks_has, "SELECT since_ms FROM wardrobe WHERE account_id = $1 AND item = $2");
SQL(looks_lose_row, "DELETE FROM wardrobe WHERE account_id = $1 AND item = $2");

const struct live_event looks_events[] = {
    {"looks", NULL, "You wear another look: ask for it again.",
     "to all your own sockets; says nothing but: ask again"},
    {NULL},
};

void looks_new_id(char ret[PUBLIC_ID_LEN + 1])
{
    uint8_t chance[16];
    crypto_random(chance, sizeof(chance));
    id_public(chance, ret);
}

/* ---- what is shown ---- */

static enum err read_owned(struct call *call, int64_t account_id, const char *const **ret,
                           size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &looks_owned, BIND(I64(account_id)), &rows));
    const char **all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = row_text(&rows, i, ONLY);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

static enum err read_one(struct call *call, const struct rows *rows, struct looks_found *ret)
{
    struct looks_found found = {
        .account_id = row_i64(rows, 0, ONE_ID),
        .id = row_text(rows, 0, ONE_LOOK),
        .avatar = row_text(rows, 0, ONE_AVATAR),
        .recipe = sealed_read(rows, 0, ONE_RECIPE_CT, row_i64(rows, 0, ONE_KEY_ID)),
        .words = sealed_read(rows, 0, ONE_WORDS_CT, row_i64(rows, 0, ONE_KEY_ID)),
        .between = {.self = row_i64(rows, 0, ONE_ID) == call->actor.id,
                    .friends = row_i64(rows, 0, ONE_FRIENDS) == 1,
                    .minor = row_i64(rows, 0, ONE_MINOR) == 1,
                    .kept = row_i64(rows, 0, ONE_KEPT) == 1},
        .copied = !row_null(rows, 0, ONE_COPIES) &&
                  strcmp(row_text(rows, 0, ONE_COPIES), "friends") == 0};
    face_colours(row_text(rows, 0, ONE_COLOURS), &found.colours);
    TRY(read_owned(call, found.account_id, &found.owned, &found.owned_count));
    *ret = found;
    return OK;
}

enum err looks_own(struct call *call, struct looks_found *ret)
{
    struct rows rows;
    TRY(store_run(call, &looks_own_row, BIND(I64(call->actor.id)), &rows));
    return rows.count ? read_one(call, &rows, ret) : call_fail(call, ERR_LOGIN, "api.login");
}

enum err looks_find(struct call *call, const char *id, struct looks_found *ret)
{
    struct rows rows;
    TRY(store_run(call, &looks_row, BIND(I64(call->actor.id), TEXT(id)), &rows));
    return rows.count ? read_one(call, &rows, ret)
                      : call_fail_field(call, ERR_MISSING, "looks.none", "id");
}

enum err looks_find_person(struct call *call, const char *public_id, struct looks_found *ret)
{
    struct rows rows;
    TRY(store_run(call, &looks_person_row, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    return rows.count ? read_one(call, &rows, ret)
                      : call_fail_field(call, ERR_MISSING, "looks.none", "id");
}

enum err looks_open(struct call *call, const struct looks_found *whose, struct sealed recipe,
                    const char *context, int64_t row_id, struct looks_recipe *ret)
{
    const char *text = NULL;
    const struct looks_catalogue *of = looks_catalogue();
    TRY(sealed_open_row(call, recipe, context, row_id, &text));
    if (text) {
        looks_mend(of, text, strlen(text), ret);
    } else {
        looks_preset(of, whose->avatar, &whose->colours, ret);
    }
    looks_take_off(ret, whose->owned, whose->owned_count);
    looks_cover(of, ret);
    return OK;
}

enum err looks_show(struct call *call, const struct looks_found *found, struct looks_shown *ret)
{
    struct looks_recipe recipe;
    enum err err =
        looks_open(call, found, found->recipe, "look.recipe_ct", found->account_id, &recipe);
    if (err == ERR_MISSING) {
        return call_fail_field(call, ERR_MISSING, "looks.none", "id");
    }
    if (err == ERR_BROKEN && found->between.self) { /* who is to make another begins with one */
        looks_preset(looks_catalogue(), found->avatar, &found->colours, &recipe);
        err = OK;
    }
    TRY(err);
    *ret = (struct looks_shown){
        .id = found->id, .recipe = looks_write(call->arena, looks_catalogue(), &recipe, NULL)};
    /* They may name what is gone: then there are none, and clients make them of what is left. */
    if (recipe.lacks) {
        ret->words = looks_words_write(call, NULL);
        return OK;
    }
    return looks_words_show(call, found, &ret->words);
}

/* ---- changing ---- */

enum err looks_take(struct call *call, const char *text, struct looks_recipe *ret)
{
    const char *code = looks_read(looks_catalogue(), text, strlen(text), ret);
    return code ? call_fail_field(call, ERR_INVALID, code, "recipe") : OK;
}

void looks_take_ready(const char *avatar, const char *colours, struct looks_recipe *ret)
{
    struct json_numbers numbers = {0};
    face_colours(colours, &numbers);
    looks_preset(looks_catalogue(), avatar, &numbers, ret);
}

enum err looks_seal(struct call *call, struct looks_change *change)
{
    size_t len = 0;
    looks_cover(looks_catalogue(), &change->recipe);
    change->text = looks_write(call->arena, looks_catalogue(), &change->recipe, &len);
    if (len > LOOKS_RECIPE_MAX) {
        return call_fail_field(call, ERR_INVALID, "looks.long", "recipe");
    }
    looks_new_id(change->id);
    return sealed_row(call, change->key_id, "look.recipe_ct", change->account_id, change->text,
                      &change->sealed);
}

enum err looks_change_look(struct call *call, struct looks_change *change)
{
    struct looks_found own = {0};
    TRY(looks_own(call, &own));
    change->account_id = own.account_id;
    change->key_id = own.recipe.key_id;
    change->worn_id = own.id;
    change->worn = own.recipe;
    return OK;
}

enum err looks_compare(struct call *call, struct looks_change *change)
{
    const char *worn = NULL;
    enum err err = sealed_open_row(call, change->worn, "look.recipe_ct", call->actor.id, &worn);
    if (err != OK && err != ERR_BROKEN) { /* what can't be read is put right by another one */
        return err;
    }
    change->same = err == OK && worn && change->worn_id && strcmp(worn, change->text) == 0;
    return OK;
}

enum err looks_owns(struct call *call, const struct looks_recipe *recipe)
{
    const char *const *owned = NULL;
    size_t count = 0;
    if (!looks_not_owned(recipe, NULL, 0)) {
        return OK;
    }
    TRY(read_owned(call, call->actor.id, &owned, &count));
    return looks_not_owned(recipe, owned, count)
               ? call_fail_field(call, ERR_DENIED, "looks.owned", "recipe")
               : OK;
}

static void tell(struct call *call, int64_t account_id)
{
    call_emit(call, EVENT_ACCOUNT_CHANGED, account_id, 0, NULL); /* rooms ask for the face anew */
    call_tell(call, &looks_events[0], account_id, NULL);
}

static enum err put(struct call *call, const struct looks_change *change)
{
    TRY(looks_owns(call, &change->recipe));
    TRY(store_run(call, &looks_put,
                  BIND(I64(call->actor.id), SEALED(change->sealed), SEALED(change->words_sealed)),
                  NULL));
    tell(call, call->actor.id);
    return OK;
}

/* What is worn already, spoken of in other words. */
static enum err say(struct call *call, const struct looks_change *change)
{
    struct rows rows;
    TRY(store_run(call, &looks_id_of, BIND(I64(call->actor.id)), &rows));
    const char *id = rows.count ? row_text(&rows, 0, ONLY) : NULL;
    if (!id || strcmp(id, change->worn_id) != 0) {
        return call_fail_field(call, ERR_CONFLICT, "looks.changed", "from");
    }
    TRY(looks_owns(call, &change->recipe));
    TRY(store_run(call, &looks_say, BIND(I64(call->actor.id), SEALED(change->words_sealed)), NULL));
    call_tell(call, &looks_events[0], call->actor.id, NULL);
    return OK;
}

enum err looks_wear(struct call *call, const char *from, const struct looks_change *change)
{
    struct rows rows;
    if (change->same) {
        return say(call, change);
    }
    TRY(store_run(call, &looks_change_id,
                  BIND(I64(call->actor.id), TEXT(change->id), TEXT(from ? from : "")), &rows));
    return rows.changed ? put(call, change)
                        : call_fail_field(call, ERR_CONFLICT, "looks.changed", "from");
}

enum err looks_wear_any(struct call *call, const struct looks_change *change)
{
    TRY(store_run(call, &looks_change_any, BIND(I64(call->actor.id), TEXT(change->id)), NULL));
    return put(call, change);
}

enum err looks_first(struct call *call, const struct looks_change *change)
{
    ASSERT_CODE(change->account_id && change->sealed.at);
    return store_run(
        call, &looks_put,
        BIND(I64(change->account_id), SEALED(change->sealed), SEALED(change->words_sealed)), NULL);
}

/* ---- the wardrobe ---- */

enum err looks_wardrobe(struct call *call, const char *slot, struct looks_thing **ret,
                        size_t *ret_count)
{
    const struct looks_catalogue *of = looks_catalogue();
    const char *const *owned = NULL;
    size_t owned_count = 0, count = 0;
    TRY(read_owned(call, call->actor.id, &owned, &owned_count));
    struct looks_thing *all = arena_alloc(call->arena, (of->items_count + 1) * sizeof(*all));
    for (size_t i = 0; i < of->items_count; i++) {
        const struct looks_item *item = &of->items[i];
        const char *where = of->slots[item->slot];
        if ((!slot || strcmp(slot, where) == 0) && looks_may_wear(item, owned, owned_count)) {
            all[count++] = (struct looks_thing){item->id, where, !item->free};
        }
    }
    *ret = all;
    *ret_count = count;
    return OK;
}

enum err looks_give(struct call *call, int64_t account_id, const char *id)
{
    struct rows rows, had;
    const struct looks_item *item = looks_item(looks_catalogue(), id);
    if (!item) {
        return call_fail(call, ERR_INVALID, "looks.item");
    }
    if (item->free) {
        return OK;
    }
    TRY(store_run(call, &looks_has, BIND(I64(account_id), TEXT(id)), &had));
    if (had.count) {
        return OK;
    }
    TRY(store_run(call, &looks_give_row,
                  BIND(I64(account_id), TEXT(id), I64(call->now_ms), I64(LOOKS_OWNED_MAX)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_CONFLICT, "looks.wardrobe_full");
}

enum err looks_lose(struct call *call, int64_t account_id, const char *item, const char *fresh)
{
    struct rows rows;
    TRY(store_run(call, &looks_lose_row, BIND(I64(account_id), TEXT(item)), &rows));
    if (!rows.changed) {
        return OK;
    }
    /* Whether it was worn, or spoken of, only the seal says: their look is another in any case. */
    TRY(store_run(call, &looks_unsay, BIND(I64(account_id)), NULL));
    TRY(store_run(call, &looks_set_id, BIND(I64(account_id), TEXT(fresh)), NULL));
    tell(call, account_id);
    return OK;
}

enum err looks_empty(struct call *call, int64_t account_id)
{
    TRY(store_run(call, &looks_unsay, BIND(I64(account_id)), NULL));
    call_tell(call, &looks_events[0], account_id, NULL);
    return OK;
}
