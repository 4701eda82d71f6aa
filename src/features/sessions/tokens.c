#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "features/sessions/sessions.h"
#include "store/store.h"

SQL(tokens_count, "SELECT count(*) FROM token WHERE account_id = $1");
SQL(tokens_insert,
    "INSERT INTO token (id, account_id, token_hash, label, created_at_ms, used_at_ms)"
    " VALUES ($1, $2, $3, $4, $5, $5)");
SQL(tokens_of, "SELECT id, label, created_at_ms, used_at_ms FROM token WHERE account_id = $1"
               " ORDER BY id DESC LIMIT $2");
SQL(tokens_delete, "DELETE FROM token WHERE id = $1 AND account_id = $2");

enum err tokens_add(struct call *call, const char *label, const uint8_t hash[HASH_BYTES],
                    int64_t *ret_id)
{
    struct rows rows;
    TRY(store_run(call, &tokens_count, BIND(I64(call->actor.id)), &rows));
    if (row_i64(&rows, 0, 0) >= TOKENS_MAX) {
        return call_fail(call, ERR_LIMIT, "tokens.many");
    }
    int64_t id = id_new(call);
    TRY(store_run(
        call, &tokens_insert,
        BIND(I64(id), I64(call->actor.id), BYTES(hash, HASH_BYTES), TEXT(label), I64(call->now_ms)),
        NULL));
    *ret_id = id;
    return OK;
}

enum err tokens_list(struct call *call, struct sessions_token **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &tokens_of, BIND(I64(call->actor.id), I64(TOKENS_MAX)), &rows));
    struct sessions_token *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct sessions_token){row_i64(&rows, i, 0), row_text(&rows, i, 1),
                                         row_i64(&rows, i, 2), row_i64(&rows, i, 3)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err tokens_end(struct call *call, int64_t token_id)
{
    struct rows rows;
    TRY(store_run(call, &tokens_delete, BIND(I64(token_id), I64(call->actor.id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "tokens.none");
    }
    call_emit(call, EVENT_SESSION_ENDED, call->actor.id, token_id, NULL);
    return OK;
}
