#include "features/common/faces/faces.h"
#include "features/looks/looks/looks.h"
#include "store/store.h"

/*
 * Choices of ready avatars that were made in clear: sealed as recipes, then nothing of them stays.
 * Whose key does not open is marked (look_waiting) until all others have had their turn: so however
 * many there are, they hold up nobody, and are tried again in the next hour.
 */

/* sees: server - whose choice is not sealed yet; nobody is shown them */
SQL(looks_before, "SELECT id, key_id, avatar, colours FROM account"
                  " WHERE avatar <> '" FACE_AVATAR_SEALED "' AND NOT EXISTS"
                  " (SELECT 1 FROM look_waiting w WHERE w.account_id = account.id)"
                  " ORDER BY id LIMIT $1");
COLUMNS(BEFORE_ID, BEFORE_KEY_ID, BEFORE_AVATAR, BEFORE_COLOURS);
/* Who made a look of their own keeps it; who was erased meanwhile has none. */
SQL(looks_before_put,
    "INSERT INTO look (account_id, recipe_ct) SELECT a.id, $2 FROM account a WHERE a.id = $1"
    " AND a.avatar <> '" FACE_AVATAR_SEALED "' ON CONFLICT (account_id) DO NOTHING");
/* It is the same look as before, so whoever has an id keeps it. */
SQL(looks_before_end, "UPDATE account SET avatar = '" FACE_AVATAR_SEALED "', colours = '[]',"
                      " look = COALESCE(look, $2) WHERE id = $1"
                      " AND avatar <> '" FACE_AVATAR_SEALED "'");
SQL(looks_before_mark, "INSERT INTO look_waiting (account_id) SELECT a.id FROM account a"
                       " WHERE a.id = $1 ON CONFLICT (account_id) DO NOTHING");
SQL(looks_before_unmark, "DELETE FROM look_waiting");

enum err looks_before_look(struct call *call, struct looks_before *ret)
{
    struct rows rows;
    TRY(store_run(call, &looks_before, BIND(I64(LOOKS_BEFORE_MAX)), &rows));
    ret->count = MIN(rows.count, LOOKS_BEFORE_MAX);
    for (size_t i = 0; i < ret->count; i++) {
        ret->rows[i] = (struct looks_before_row){.account_id = row_i64(&rows, i, BEFORE_ID),
                                                 .key_id = row_i64(&rows, i, BEFORE_KEY_ID),
                                                 .avatar = row_text(&rows, i, BEFORE_AVATAR),
                                                 .colours = row_text(&rows, i, BEFORE_COLOURS)};
    }
    return OK;
}

enum err looks_before_prepare(struct call *call, struct looks_before *before)
{
    for (size_t i = 0; i < before->count; i++) {
        struct looks_before_row *row = &before->rows[i];
        struct looks_change change = {.account_id = row->account_id, .key_id = row->key_id};
        looks_take_ready(row->avatar, row->colours, &change.recipe);
        enum err err = looks_seal(call, &change);
        if (err == ERR_MISSING) { /* burned: the account is being erased */
            call->fail_code = NULL;
            err = OK;
        } else if (err == ERR_BROKEN) { /* else one damaged key left everybody's in clear */
            row->waits = true;
            err = OK;
        }
        TRY(err);
        row->sealed = change.sealed;
        looks_new_id(row->fresh);
    }
    return OK;
}

static enum err seal(struct call *call, const struct looks_before_row *row)
{
    struct val id = I64(row->account_id);
    if (row->sealed.at) {
        TRY(store_run(call, &looks_before_put, BIND(id, SEALED(row->sealed)), NULL));
    }
    TRY(store_run(call, &looks_before_end, BIND(id, TEXT(row->fresh)), NULL));
    /* Rooms that show them ask for the face anew: it tells of the look alone now. */
    call_emit(call, EVENT_ACCOUNT_CHANGED, row->account_id, 0, NULL);
    return OK;
}

enum err looks_before_apply(struct call *call, const struct looks_before *before)
{
    bool more = before->count == LOOKS_BEFORE_MAX;
    for (size_t i = 0; i < before->count; i++) {
        const struct looks_before_row *row = &before->rows[i];
        if (!row->waits) {
            TRY(seal(call, row));
        } else if (more) {
            TRY(store_run(call, &looks_before_mark, BIND(I64(row->account_id)), NULL));
        }
    }
    call->again = more;
    return more ? OK : store_run(call, &looks_before_unmark, NO_BIND, NULL);
}
