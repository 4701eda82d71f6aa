#include <string.h>

#include "call/id.h"
#include "features/common/prose/prose.h"
#include "features/looks/looks/looks_inner.h"
#include "store/store.h"

/* Names and recipes are sealed, and each as long as any other: NAME_SIZE bytes hold every name. */
enum { NAME_SIZE = LOOKS_OUTFIT_NAME_MAX * 4 };
#define UNREADABLE "?" /* for a name that does not open */

#define OUTFIT "SELECT id, public_id, name_ct, recipe_ct FROM outfit WHERE account_id = $1"
COLUMNS(OUTFIT_ID, OUTFIT_PUBLIC_ID, OUTFIT_NAME_CT, OUTFIT_RECIPE_CT);
SQL(looks_outfits_all, OUTFIT " ORDER BY id LIMIT $2");
SQL(looks_outfit_row, OUTFIT " AND public_id = $2");
SQL(looks_outfits_count, "SELECT COUNT(*) FROM outfit WHERE account_id = $1");
SQL(looks_outfit_key, "SELECT key_id, (SELECT o.id FROM outfit o WHERE o.account_id = $1"
                      " AND o.public_id = $2) AS outfit_id FROM account WHERE id = $1");
COLUMNS(KEY_KEY_ID, KEY_OUTFIT_ID);
SQL(looks_outfit_insert, "INSERT INTO outfit (id, account_id, public_id, name_ct, recipe_ct)"
                         " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
SQL(looks_outfit_change, "UPDATE outfit SET name_ct = $3, recipe_ct = $4 WHERE id = $1"
                         " AND account_id = $2");
SQL(looks_outfit_delete, "DELETE FROM outfit WHERE account_id = $1 AND public_id = $2");

static struct looks_outfit_row read_row(const struct rows *rows, size_t i, int64_t key_id)
{
    return (struct looks_outfit_row){.id = row_i64(rows, i, OUTFIT_ID),
                                     .public_id = row_text(rows, i, OUTFIT_PUBLIC_ID),
                                     .name = sealed_read(rows, i, OUTFIT_NAME_CT, key_id),
                                     .recipe = sealed_read(rows, i, OUTFIT_RECIPE_CT, key_id)};
}

enum err looks_outfits(struct call *call, struct looks_outfits *ret)
{
    struct rows rows;
    TRY(looks_own(call, &ret->own));
    TRY(store_run(call, &looks_outfits_all, BIND(I64(call->actor.id), I64(LOOKS_OUTFITS_MAX)),
                  &rows));
    ret->rows = arena_alloc(call->arena, (rows.count + 1) * sizeof(*ret->rows));
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret->rows[i] = read_row(&rows, i, ret->own.recipe.key_id);
    }
    return OK;
}

static enum err open_name(struct call *call, const struct looks_outfit_row *row, const char **ret)
{
    const char *text = NULL;
    TRY(sealed_open_row(call, row->name, "outfit.name_ct", row->id, &text));
    *ret = looks_unpad(call, text ? text : "");
    return OK;
}

enum err looks_outfits_open(struct call *call, const struct looks_outfits *outfits,
                            struct looks_outfit *ret)
{
    for (size_t i = 0; i < outfits->count; i++) {
        const struct looks_outfit_row *row = &outfits->rows[i];
        struct looks_recipe recipe;
        ret[i].id = row->public_id;
        enum err err = open_name(call, row, &ret[i].name);
        if (err == ERR_BROKEN) { /* it stands there, so that its owner can be rid of it */
            ret[i].name = UNREADABLE;
            err = OK;
        }
        TRY(err);
        err = looks_open(call, &outfits->own, row->recipe, "outfit.recipe_ct", row->id, &recipe);
        if (err == ERR_BROKEN) { /* and keeps no other from being shown */
            looks_preset(looks_catalogue(), "", &outfits->own.colours, &recipe);
            err = OK;
        }
        TRY(err);
        ret[i].recipe = looks_write(call->arena, looks_catalogue(), &recipe, NULL);
    }
    return OK;
}

/* ---- keeping one ---- */

enum err looks_outfit_look(struct call *call, const char *public_id, struct looks_outfit_new *ret)
{
    struct rows rows;
    if (strlen(public_id) != PUBLIC_ID_LEN || !id_looks_public(public_id)) {
        return call_fail_field(call, ERR_INVALID, "looks.outfit_id", "id");
    }
    TRY(store_run(call, &looks_outfit_key, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_LOGIN, "api.login");
    }
    ret->public_id = public_id;
    ret->look.account_id = call->actor.id;
    ret->look.key_id = row_i64(&rows, 0, KEY_KEY_ID);
    ret->fresh = row_null(&rows, 0, KEY_OUTFIT_ID);
    ret->id = row_i64(&rows, 0, KEY_OUTFIT_ID);
    return OK;
}

enum err looks_outfit_prepare(struct call *call, const char *name, const char *recipe,
                              struct looks_outfit_new *outfit)
{
    const char *clean = NULL;
    struct buf padded = {.arena = call->arena};
    TRY(prose_clean(call, "name", name, LOOKS_OUTFIT_NAME_MAX, false, &clean));
    if (!*clean) {
        return call_fail_field(call, ERR_INVALID, "looks.outfit_name", "name");
    }
    TRY(looks_take(call, recipe, &outfit->look.recipe));
    TRY(looks_seal(call, &outfit->look));
    buf_puts(&padded, clean);
    looks_pad(&padded, NAME_SIZE);
    if (outfit->fresh) {
        outfit->id = id_new(call); /* what is sealed is bound to it */
    }
    TRY(sealed_row(call, outfit->look.key_id, "outfit.name_ct", outfit->id, padded.at,
                   &outfit->name));
    return sealed_row(call, outfit->look.key_id, "outfit.recipe_ct", outfit->id, outfit->look.text,
                      &outfit->look.sealed);
}

enum err looks_outfit_put(struct call *call, const struct looks_outfit_new *outfit)
{
    struct rows rows;
    struct val id = I64(outfit->id), me = I64(call->actor.id);
    TRY(looks_owns(call, &outfit->look.recipe));
    if (outfit->fresh) {
        TRY(store_run(call, &looks_outfits_count, BIND(me), &rows));
        if (row_i64(&rows, 0, ONLY) >= LOOKS_OUTFITS_MAX) {
            return call_fail(call, ERR_CONFLICT, "looks.outfits_many");
        }
        TRY(store_run(call, &looks_outfit_insert,
                      BIND(id, me, TEXT(outfit->public_id), SEALED(outfit->name),
                           SEALED(outfit->look.sealed)),
                      &rows));
    } else {
        TRY(store_run(call, &looks_outfit_change,
                      BIND(id, me, SEALED(outfit->name), SEALED(outfit->look.sealed)), &rows));
    }
    /* Meanwhile another page kept one of this id, or ended it. */
    return rows.changed ? OK : call_fail(call, ERR_CONFLICT, "looks.changed");
}

/* ---- wearing and ending one ---- */

enum err looks_outfit_find(struct call *call, const char *public_id, struct looks_outfit_worn *ret)
{
    struct rows rows;
    TRY(looks_own(call, &ret->own));
    TRY(store_run(call, &looks_outfit_row, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "looks.no_outfit", "id");
    }
    ret->look.account_id = ret->own.account_id;
    ret->look.key_id = ret->own.recipe.key_id;
    ret->row = read_row(&rows, 0, ret->look.key_id);
    return OK;
}

enum err looks_outfit_take(struct call *call, struct looks_outfit_worn *worn)
{
    TRY(looks_open(call, &worn->own, worn->row.recipe, "outfit.recipe_ct", worn->row.id,
                   &worn->look.recipe));
    return looks_seal(call, &worn->look);
}

enum err looks_outfit_end(struct call *call, const char *public_id)
{
    struct rows rows;
    TRY(store_run(call, &looks_outfit_delete, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    return rows.changed ? OK : call_fail_field(call, ERR_MISSING, "looks.no_outfit", "id");
}
