#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/feature.h"
#include "call/id.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/sessions/sessions.h"
#include "features/identity/sessions/sessions_inner.h"
#include "features/notify/notices/notices.h"
#include "store/store.h"

enum { SWEEP_BATCH = 100 };

SQL(tokens_count, "SELECT count(*) FROM token WHERE account_id = $1");
SQL(tokens_insert, "INSERT INTO token (id, account_id, token_hash, label, scopes, created_at_ms,"
                   " used_at_ms, ends_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $6, $7)");
SQL(tokens_of, "SELECT id, label, scopes, created_at_ms, used_at_ms, ends_at_ms FROM token"
               " WHERE account_id = $1 ORDER BY id DESC LIMIT $2");
COLUMNS(TOKEN_ID, TOKEN_LABEL, TOKEN_SCOPES, TOKEN_CREATED_AT_MS, TOKEN_USED_AT_MS,
        TOKEN_ENDS_AT_MS);
SQL(tokens_delete, "DELETE FROM token WHERE id = $1 AND account_id = $2");
SQL(tokens_delete_all, "DELETE FROM token WHERE account_id = $1 RETURNING id");
/* sees: server - what ended by time */
SQL(tokens_ended, "DELETE FROM token WHERE id IN (SELECT id FROM token WHERE ends_at_ms > 0"
                  " AND ends_at_ms <= $1 LIMIT $2) RETURNING id, account_id");
COLUMNS(ENDED_ID, ENDED_ACCOUNT_ID);
/* sees: server - tokens from before they had an end */
SQL(tokens_endless, "SELECT DISTINCT account_id FROM token WHERE ends_at_ms = 0 LIMIT $1");
SQL(tokens_give_end, "UPDATE token SET ends_at_ms = $2 WHERE account_id = $1 AND ends_at_ms = 0");

enum err tokens_add(struct call *call, const struct tokens_new *wish,
                    const uint8_t hash[HASH_BYTES], struct sessions_token *ret)
{
    struct rows rows;
    int64_t scopes = (wish->read ? SCOPE_READ : 0) | (wish->write ? SCOPE_WRITE : 0) |
                     (wish->live ? SCOPE_LIVE : 0);
    ASSERT_CODE(call->actor.id);
    if (!scopes) {
        return call_fail(call, ERR_INVALID, "tokens.scope");
    }
    TRY(store_run(call, &tokens_count, BIND(I64(call->actor.id)), &rows));
    if (row_i64(&rows, 0, ONLY) >= TOKENS_MAX) {
        return call_fail(call, ERR_LIMIT, "tokens.many");
    }
    struct sessions_token made = {.id = id_new(call),
                                  .label = wish->label,
                                  .read = wish->read,
                                  .write = wish->write,
                                  .live = wish->live,
                                  .created_ms = call->now_ms,
                                  .used_ms = call->now_ms,
                                  .ends_ms = call->now_ms + wish->days * TIME_DAY};
    TRY(store_run(call, &tokens_insert,
                  BIND(I64(made.id), I64(call->actor.id), BYTES(hash, HASH_BYTES),
                       TEXT(wish->label), I64(scopes), I64(call->now_ms), I64(made.ends_ms)),
                  NULL));
    const struct notices_new notice = {call->actor.id, "tokens.made", 0, ""};
    TRY(notices_post(call, &notice));
    TRY(alert_owner(call, "tokens.made", call->actor.id, made.id));
    *ret = made;
    return OK;
}

enum err tokens_list(struct call *call, struct sessions_token **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &tokens_of, BIND(I64(call->actor.id), I64(TOKENS_MAX)), &rows));
    struct sessions_token *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t scopes = row_i64(&rows, i, TOKEN_SCOPES);
        all[i] = (struct sessions_token){.id = row_i64(&rows, i, TOKEN_ID),
                                         .label = row_text(&rows, i, TOKEN_LABEL),
                                         .read = (scopes & SCOPE_READ) != 0,
                                         .write = (scopes & SCOPE_WRITE) != 0,
                                         .live = (scopes & SCOPE_LIVE) != 0,
                                         .created_ms = row_i64(&rows, i, TOKEN_CREATED_AT_MS),
                                         .used_ms = row_i64(&rows, i, TOKEN_USED_AT_MS),
                                         .ends_ms = row_i64(&rows, i, TOKEN_ENDS_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err tokens_end(struct call *call, int64_t token_id)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &tokens_delete, BIND(I64(token_id), I64(call->actor.id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "tokens.none");
    }
    call_emit(call, EVENT_SESSION_ENDED, call->actor.id, token_id, NULL);
    return OK;
}

enum err tokens_end_all(struct call *call, int64_t account_id)
{
    struct rows gone;
    TRY(store_run(call, &tokens_delete_all, BIND(I64(account_id)), &gone));
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, account_id, row_i64(&gone, i, ONLY), NULL);
    }
    return OK;
}

/* Those without an end get one, and whose they are is told once for all of them. */
static enum err give_ends(struct call *call)
{
    struct rows rows;
    TRY(store_run(call, &tokens_endless, BIND(I64(SWEEP_BATCH)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t account_id = row_i64(&rows, i, ONLY);
        TRY(store_run(call, &tokens_give_end,
                      BIND(I64(account_id), I64(call->now_ms + ALERT_TOKEN_DAYS * TIME_DAY)),
                      NULL));
        TRY(alert_owner(call, "tokens.old", account_id, 0));
    }
    return OK;
}

enum err tokens_sweep(struct call *call)
{
    struct rows gone;
    TRY(give_ends(call));
    TRY(store_run(call, &tokens_ended, BIND(I64(call->now_ms), I64(SWEEP_BATCH)), &gone));
    call->again |= gone.count == SWEEP_BATCH;
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, row_i64(&gone, i, ENDED_ACCOUNT_ID),
                  row_i64(&gone, i, ENDED_ID), NULL);
    }
    return OK;
}

/* ---- when an account ends ---- */

static enum err shut(struct call *call, int64_t account_id)
{
    TRY(sessions_end_all(call, account_id, 0));
    return tokens_end_all(call, account_id);
}

const struct account_ending sessions_ending = {.shut = shut};
