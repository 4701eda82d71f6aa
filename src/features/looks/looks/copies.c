#include <string.h>

#include "features/looks/looks/looks_inner.h"
#include "store/store.h"

/*
 * Copying what a friend wears.  Whoever sees a look has its recipe, so nothing is kept from anybody
 * here: what is chosen is whether this product offers to copy it.
 */

SQL(looks_copies, "SELECT copies FROM look_choice WHERE account_id = $1");
SQL(looks_copies_put, "INSERT INTO look_choice (account_id, copies) VALUES ($1, $2)"
                      " ON CONFLICT (account_id) DO UPDATE SET copies = excluded.copies");

enum err looks_copies_read(struct call *call, const char **ret)
{
    struct rows rows;
    TRY(store_run(call, &looks_copies, BIND(I64(call->actor.id)), &rows));
    *ret = rows.count ? row_text(&rows, 0, ONLY) : "nobody";
    return OK;
}

enum err looks_copies_set(struct call *call, const char *copies)
{
    return store_run(call, &looks_copies_put, BIND(I64(call->actor.id), TEXT(copies)), NULL);
}

enum err looks_copy_find(struct call *call, const char *id, struct looks_found *ret)
{
    TRY(looks_find(call, id, ret));
    return ret->between.friends && ret->copied && !ret->between.self
               ? OK
               : call_fail_field(call, ERR_DENIED, "looks.no_copy", "id");
}

enum err looks_copy_show(struct call *call, const struct looks_found *found,
                         struct looks_shown *ret)
{
    struct looks_recipe theirs, copy = {0};
    const struct looks_catalogue *of = looks_catalogue();
    enum err err =
        looks_open(call, found, found->recipe, "look.recipe_ct", found->account_id, &theirs);
    if (err == ERR_MISSING) {
        return call_fail_field(call, ERR_MISSING, "looks.none", "id");
    }
    TRY(err);
    for (size_t slot = 0; slot < of->slots_count; slot++) {
        const struct looks_item *item = theirs.worn[slot].item;
        if (item && item->free && !item->intimate) {
            copy.worn[slot] = theirs.worn[slot];
        }
    }
    looks_cover(of, &copy);
    *ret = (struct looks_shown){.id = found->id,
                                .recipe = looks_write(call->arena, of, &copy, NULL),
                                .words = looks_words_write(call, NULL)};
    return OK;
}
