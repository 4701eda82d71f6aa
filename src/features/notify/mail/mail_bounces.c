#include "features/notify/mail/mail_bounces.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_outbox.h"
#include "privacy/keys.h"
#include "store/store.h"

enum { SECRET_MIN = 16 };

SQL(mail_failures, "SELECT a.email_bi, b.soft, b.dead_ms FROM account a LEFT JOIN mail_address b"
                   " ON b.account_id = a.id AND b.address_bi = a.email_bi WHERE a.id = $1");
COLUMNS(FAILURES_EMAIL_BI, FAILURES_SOFT, FAILURES_DEAD_MS);
SQL(mail_failed, "INSERT INTO mail_address (account_id, address_bi, dead_ms, soft, why, changed_ms)"
                 " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id) DO UPDATE SET"
                 " address_bi = excluded.address_bi, dead_ms = excluded.dead_ms,"
                 " soft = excluded.soft, why = excluded.why, changed_ms = excluded.changed_ms");
SQL(mail_works, "DELETE FROM mail_address WHERE account_id = $1");
SQL(mail_address_of, "SELECT b.dead_ms, b.soft FROM mail_address b JOIN account a ON a.id ="
                     " b.account_id AND a.email_bi = b.address_bi WHERE b.account_id = $1");
COLUMNS(ADDRESS_OF_DEAD_MS, ADDRESS_OF_SOFT);
/* sees: server - whose address a bounce is about */
SQL(mail_bounced_one, "SELECT m.account_id, m.elsewhere, a.key_id, a.email_ct FROM mail m"
                      " LEFT JOIN account a ON a.id = m.account_id WHERE m.id = $1");
COLUMNS(BOUNCED_ONE_ACCOUNT_ID, BOUNCED_ONE_ELSEWHERE, BOUNCED_ONE_KEY_ID, BOUNCED_ONE_EMAIL_CT);
SQL(mail_bounced_row, "UPDATE mail SET state = 'bounced', lease = 0, to_ct = NULL,"
                      " values_ct = NULL, why = $2, settled_ms = $3 WHERE id = $1");

enum err mail_address_failed(struct call *call, int64_t account_id, bool hard, const char *why)
{
    struct rows rows;
    TRY(store_run(call, &mail_failures, BIND(I64(account_id)), &rows));
    if (rows.count == 0 || row_null(&rows, 0, FAILURES_EMAIL_BI)) {
        return OK; /* no address any more */
    }
    size_t len = 0;
    const uint8_t *address = row_bytes(&rows, 0, FAILURES_EMAIL_BI, &len);
    int64_t soft = row_i64(&rows, 0, FAILURES_SOFT) + !hard;
    bool dead = hard || soft >= MAIL_SOFT_MAX || !row_null(&rows, 0, FAILURES_DEAD_MS);
    return store_run(call, &mail_failed,
                     BIND(I64(account_id), BYTES(address, len), dead ? I64(call->now_ms) : NIL,
                          I64(soft), TEXT(why), I64(call->now_ms)),
                     NULL);
}

enum err mail_address_works(struct call *call, int64_t account_id)
{
    return store_run(call, &mail_works, BIND(I64(account_id)), NULL);
}

enum err mail_address_read(struct call *call, int64_t account_id, struct mail_address_state *ret)
{
    struct rows rows;
    *ret = (struct mail_address_state){0};
    TRY(store_run(call, &mail_address_of, BIND(I64(account_id)), &rows));
    if (rows.count > 0) {
        ret->since_ms = row_i64(&rows, 0, ADDRESS_OF_DEAD_MS);
        ret->dead = ret->since_ms != 0;
        ret->soft = row_i64(&rows, 0, ADDRESS_OF_SOFT);
    }
    return OK;
}

/* ---- the way back ---- */

/* Hexadecimal: a local part survives relays that change its case. */
enum err mail_return_token(struct call *call, int64_t mail_id, const char *address,
                           char ret[MAIL_RETURN_MAX])
{
    uint8_t mac[HASH_BYTES];
    char hex[2 * HASH_BYTES + 1];
    TRY(keys_blind(call, "mail.return",
                   arena_printf(call->arena, "%" PRId64 " %s", mail_id, address), mac));
    crypto_hex(mac, sizeof(mac), hex);
    snprintf(ret, MAIL_RETURN_MAX, "%" PRIx64 "-%.20s", (uint64_t)mail_id, hex);
    return OK;
}

/* The token of "bounces+TOKEN@host", or of TOKEN alone. */
static const char *token_of(struct call *call, const char *to)
{
    const char *plus = strrchr(to, '+');
    const char *token = plus ? plus + 1 : to;
    return arena_text(call->arena, token, strcspn(token, "@>"));
}

static bool knows_secret(const struct call *call, const char *given)
{
    const char *secret = mail_settings(call->settings)->mail_bounce_secret;
    uint8_t a[HASH_BYTES], b[HASH_BYTES];
    if (!secret || strlen(secret) < SECRET_MIN) {
        return false;
    }
    crypto_sha256(secret, strlen(secret), a);
    crypto_sha256(given, strlen(given), b);
    return crypto_equal(a, b, sizeof(a));
}

enum err mail_bounce_look(struct call *call, struct mail_bounce *bounce)
{
    struct rows rows;
    char *end = NULL;
    if (!knows_secret(call, bounce->secret)) {
        return call_fail(call, ERR_DENIED, "mail.secret");
    }
    bounce->token = token_of(call, bounce->to);
    bounce->mail_id = (int64_t)strtoull(bounce->token, &end, 16);
    if (*end != '-') {
        return call_fail(call, ERR_MISSING, "mail.gone");
    }
    TRY(store_run(call, &mail_bounced_one, BIND(I64(bounce->mail_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "mail.gone");
    }
    bounce->account_id = row_i64(&rows, 0, BOUNCED_ONE_ACCOUNT_ID);
    bounce->elsewhere = row_i64(&rows, 0, BOUNCED_ONE_ELSEWHERE) != 0;
    bounce->email =
        sealed_read(&rows, 0, BOUNCED_ONE_EMAIL_CT, row_i64(&rows, 0, BOUNCED_ONE_KEY_ID));
    return OK;
}

enum err mail_bounce_prepare(struct call *call, struct mail_bounce *bounce)
{
    const char *address = "";
    char token[MAIL_RETURN_MAX];
    ASSERT_CODE(!call->tx && bounce->token);
    if (!bounce->elsewhere) {
        TRY(sealed_open_row(call, bounce->email, "account.email_ct", bounce->account_id, &address));
    }
    TRY(mail_return_token(call, bounce->mail_id, address, token));
    if (strlen(token) != strlen(bounce->token) ||
        !crypto_equal(token, bounce->token, strlen(token))) {
        return call_fail(call, ERR_MISSING, "mail.gone");
    }
    bounce->good = true;
    return OK;
}

enum err mail_bounce_apply(struct call *call, const struct mail_bounce *bounce)
{
    bool hard = strcmp(bounce->kind, "hard") == 0;
    ASSERT_CODE(bounce->good);
    if (hard) {
        TRY(store_run(call, &mail_bounced_row,
                      BIND(I64(bounce->mail_id), TEXT("bounce"), I64(call->now_ms)), NULL));
    }
    if (!bounce->account_id || bounce->elsewhere) {
        return OK;
    }
    return mail_address_failed(call, bounce->account_id, hard, "bounce");
}
