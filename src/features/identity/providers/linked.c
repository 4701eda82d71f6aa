#include "base/arena.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/providers/providers.h"
#include "store/store.h"

/* What a member sees of it in the settings. */

SQL(providers_of, "SELECT provider, created_at_ms, used_at_ms FROM identity WHERE account_id = $1"
                  " ORDER BY created_at_ms, id LIMIT $2");
COLUMNS(LINKED_PROVIDER, LINKED_CREATED_AT_MS, LINKED_USED_AT_MS);
SQL(providers_delete, "DELETE FROM identity WHERE account_id = $1 AND provider = $2");
SQL(providers_delete_since, "DELETE FROM identity WHERE account_id = $1 AND created_at_ms >= $2");
SQL(providers_other_ways,
    "SELECT 1 FROM account WHERE id = $1 AND (password_hash IS NOT NULL OR email_verified = 1"
    " OR EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = $1 AND p.verifies = 1))");

enum err providers_list(struct call *call, struct providers_linked **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &providers_of, BIND(I64(call->actor.id), I64(PROVIDERS_MAX)), &rows));
    struct providers_linked *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        const char *id = row_text(&rows, i, LINKED_PROVIDER);
        const struct provider *provider = providers_named(call->providers, id);
        all[i] = (struct providers_linked){.provider = id,
                                           .name = provider ? provider->name : id,
                                           .since_ms = row_i64(&rows, i, LINKED_CREATED_AT_MS),
                                           .used_ms = row_i64(&rows, i, LINKED_USED_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err providers_unlink(struct call *call, const char *provider)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &providers_delete, BIND(I64(call->actor.id), TEXT(provider)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "providers.unlinked");
    }
    TRY(store_run(call, &providers_other_ways, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_CONFLICT, "providers.last");
    }
    return alert_owner(call, "providers.parted", call->actor.id, call->actor.session_id);
}

enum err providers_forget_since(struct call *call, int64_t account_id, int64_t since_ms)
{
    return store_run(call, &providers_delete_since, BIND(I64(account_id), I64(since_ms)), NULL);
}
