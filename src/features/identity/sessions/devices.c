#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/sessions/sessions.h"
#include "features/identity/sessions/sessions_inner.h"
#include "store/store.h"

enum { TOKEN_CHARS = 43 };

SQL(devices_of, "SELECT id FROM device WHERE account_id = $1 AND hash = $2");
SQL(devices_others, "SELECT CASE WHEN seen_at_ms > created_at_ms OR EXISTS"
                    " (SELECT 1 FROM device WHERE account_id = $1) THEN 1 ELSE 0 END"
                    " FROM account WHERE id = $1");
SQL(devices_add, "INSERT INTO device (id, account_id, hash, label, country, first_at_ms,"
                 " seen_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $6)");
SQL(devices_again, "UPDATE device SET label = $2, country = $3, seen_at_ms = $4 WHERE id = $1");
SQL(devices_surplus, "DELETE FROM device WHERE id IN (SELECT id FROM device WHERE account_id = $1"
                     " ORDER BY seen_at_ms DESC, id LIMIT 1000 OFFSET $2)");
SQL(devices_drop, "DELETE FROM device WHERE account_id = $1"
                  " AND id = (SELECT device_id FROM session WHERE id = $2)");
SQL(devices_drop_but, "DELETE FROM device WHERE account_id = $1 AND id <>"
                      " COALESCE((SELECT device_id FROM session WHERE id = $2), 0)");

/* The first that stands in the User-Agent wins: Edge and Opera name Chrome too, Chrome Safari. */
static const char *named(const char *agent, const char *const pairs[][2])
{
    for (size_t i = 0; pairs[i][0]; i++) {
        if (strstr(agent, pairs[i][0])) {
            return pairs[i][1];
        }
    }
    return "?";
}

const char *devices_label(struct call *call)
{
    static const char *const browsers[][2] = {
        {"Edg/", "Edge"},       {"OPR/", "Opera"},    {"SamsungBrowser", "Samsung Internet"},
        {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"},
        {"Chrome", "Chrome"},   {"Safari", "Safari"}, {NULL, NULL},
    };
    static const char *const systems[][2] = {
        {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},   {"Windows", "Windows"},
        {"Mac OS", "macOS"},    {"CrOS", "ChromeOS"}, {"Linux", "Linux"}, {NULL, NULL},
    };
    const char *agent = call->origin.user_agent ? call->origin.user_agent : "";
    return arena_printf(call->arena, "%s \u00b7 %s", named(agent, browsers), named(agent, systems));
}

static const char *token_that_came(struct call *call)
{
    const char *token = call_cookie_read(call, DEVICE_COOKIE);
    uint8_t bytes[SECRET_LEN];
    bool ours = token && strlen(token) == TOKEN_CHARS &&
                crypto_base64url_read(token, bytes, sizeof(bytes)) == SECRET_LEN;
    return ours ? token : NULL;
}

void devices_token(struct call *call, char ret_token[64])
{
    const char *token = token_that_came(call);
    uint8_t secret[SECRET_LEN];
    if (token) {
        memcpy(ret_token, token, TOKEN_CHARS + 1);
        return;
    }
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), ret_token);
}

/* Another one for each account: two people at one computer do not find each other here. */
static void hash_of(struct call *call, int64_t account_id, const char *token,
                    uint8_t ret[HASH_BYTES])
{
    const char *both = arena_printf(call->arena, "%lld:%s", (long long)account_id, token);
    crypto_sha256(both, strlen(both), ret);
}

enum err devices_known(struct call *call, int64_t account_id, int64_t *ret_id)
{
    const char *token = token_that_came(call);
    uint8_t hash[HASH_BYTES];
    struct rows rows;
    hash_of(call, account_id, token ? token : "", hash);
    TRY(store_run(call, &devices_of, BIND(I64(account_id), BYTES(hash, HASH_BYTES)), &rows));
    *ret_id = rows.count && token ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

enum err devices_seen(struct call *call, int64_t account_id, const char *token, const char *label,
                      const char *country, int64_t *ret_id, bool *ret_new)
{
    uint8_t hash[HASH_BYTES];
    struct rows rows, others;
    ASSERT_CODE(*token);
    hash_of(call, account_id, token, hash);
    TRY(store_run(call, &devices_of, BIND(I64(account_id), BYTES(hash, HASH_BYTES)), &rows));
    if (rows.count) {
        *ret_id = row_i64(&rows, 0, ONLY);
        *ret_new = false;
        return store_run(call, &devices_again,
                         BIND(I64(*ret_id), TEXT(label), TEXT(country), I64(call->now_ms)), NULL);
    }
    TRY(store_run(call, &devices_others, BIND(I64(account_id)), &others));
    *ret_new = others.count && row_i64(&others, 0, ONLY);
    *ret_id = id_new(call);
    TRY(store_run(call, &devices_add,
                  BIND(I64(*ret_id), I64(account_id), BYTES(hash, HASH_BYTES), TEXT(label),
                       TEXT(country), I64(call->now_ms)),
                  NULL));
    return store_run(call, &devices_surplus, BIND(I64(account_id), I64(DEVICES_MAX)), NULL);
}

enum err devices_forget(struct call *call, int64_t account_id, int64_t session_id)
{
    return store_run(call, &devices_drop, BIND(I64(account_id), I64(session_id)), NULL);
}

enum err devices_forget_but(struct call *call, int64_t account_id, int64_t session_id)
{
    return store_run(call, &devices_drop_but, BIND(I64(account_id), I64(session_id)), NULL);
}
