#include "features/identity/factors/factors.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "base/text.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/passwords/passwords.h"
#include "privacy/keys.h"
#include "store/store.h"

/* sees: own - whoever proves to be this account */
SQL(factors_of,
    "SELECT s.since_ms, s.short_password, t.confirmed_at_ms, t.last_step, t.secret_ct, a.key_id,"
    " CASE WHEN a.password_hash IS NULL THEN 0 ELSE 1 END AS password FROM account a LEFT JOIN "
    "second_factor s "
    "ON s.account_id = a.id"
    " LEFT JOIN totp t ON t.account_id = a.id WHERE a.id = $1");
COLUMNS(FACTOR_SINCE_MS, FACTOR_SHORT_PASSWORD, FACTOR_CONFIRMED_AT_MS, FACTOR_LAST_STEP,
        FACTOR_SECRET_CT, FACTOR_KEY_ID, FACTOR_PASSWORD);
SQL(factors_counts, "SELECT (SELECT count(*) FROM passkey WHERE account_id = $1) AS passkeys,"
                    " (SELECT count(*) FROM recovery_code WHERE account_id = $1"
                    " AND used_at_ms IS NULL) AS recovery_left,"
                    " (SELECT count(*) FROM identity WHERE account_id = $1) AS providers");
COLUMNS(COUNTS_PASSKEYS, COUNTS_RECOVERY_LEFT, COUNTS_PROVIDERS);
SQL(factors_step, "UPDATE totp SET last_step = $2 WHERE account_id = $1 AND last_step < $2"
                  " AND confirmed_at_ms IS NOT NULL");
/* The secret is the one that the code was made with: another tab may have shown a new one. */
SQL(factors_confirm, "UPDATE totp SET last_step = $2, confirmed_at_ms = $3 WHERE account_id = $1"
                     " AND confirmed_at_ms IS NULL AND secret_ct = $4");
SQL(factors_recover, "UPDATE recovery_code SET used_at_ms = $3 WHERE account_id = $1"
                     " AND hash = $2 AND used_at_ms IS NULL");
SQL(factors_codes_drop, "DELETE FROM recovery_code WHERE account_id = $1");
SQL(factors_codes_add, "INSERT INTO recovery_code (account_id, hash, used_at_ms, created_at_ms)"
                       " VALUES ($1, $2, NULL, $3)");
SQL(factors_app_add,
    "INSERT INTO totp (account_id, secret_ct, last_step, confirmed_at_ms, created_at_ms)"
    " VALUES ($1, $2, 0, NULL, $3) ON CONFLICT (account_id) DO UPDATE SET"
    " secret_ct = excluded.secret_ct, last_step = 0, created_at_ms = excluded.created_at_ms"
    " WHERE totp.confirmed_at_ms IS NULL");
SQL(factors_app_drop, "DELETE FROM totp WHERE account_id = $1");
SQL(factors_begin, "INSERT INTO second_factor (account_id, since_ms) VALUES ($1, $2)"
                   " ON CONFLICT (account_id) DO NOTHING");
SQL(factors_end, "DELETE FROM second_factor WHERE account_id = $1");
SQL(factors_end_since, "DELETE FROM second_factor WHERE account_id = $1 AND since_ms >= $2");
SQL(factors_app_since, "DELETE FROM totp WHERE account_id = $1 AND created_at_ms >= $2");
SQL(factors_codes_since, "DELETE FROM recovery_code WHERE account_id = $1 AND created_at_ms >= $2");
/* Steps that nothing is left to pass would lock the account for ever. */
SQL(factors_end_empty,
    "DELETE FROM second_factor WHERE account_id = $1"
    " AND NOT EXISTS (SELECT 1 FROM totp t WHERE t.account_id = $1 AND t.confirmed_at_ms IS NOT "
    "NULL) AND NOT EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = $1)");
SQL(factors_short, "UPDATE second_factor SET short_password = $2 WHERE account_id = $1");
SQL(factors_prove_again, "UPDATE session SET proved_at_ms = $4, proof ="
                         " CASE WHEN proof > $2 AND proof < $3 THEN proof ELSE $2 END"
                         " WHERE id = $1");

enum err factors_read(struct call *call, int64_t account_id, struct factors_facts *ret)
{
    struct rows rows, counts;
    TRY(store_run(call, &factors_of, BIND(I64(account_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "factors.none");
    }
    TRY(store_run(call, &factors_counts, BIND(I64(account_id)), &counts));
    *ret = (struct factors_facts){
        .on = !row_null(&rows, 0, FACTOR_SINCE_MS),
        .since_ms = row_i64(&rows, 0, FACTOR_SINCE_MS),
        .short_password = row_i64(&rows, 0, FACTOR_SHORT_PASSWORD) != 0,
        .code = !row_null(&rows, 0, FACTOR_CONFIRMED_AT_MS),
        .last_step = row_i64(&rows, 0, FACTOR_LAST_STEP),
        .key_id = row_i64(&rows, 0, FACTOR_KEY_ID),
        .password = row_i64(&rows, 0, FACTOR_PASSWORD) != 0,
        .passkeys = row_i64(&counts, 0, COUNTS_PASSKEYS),
        .recovery_left = row_i64(&counts, 0, COUNTS_RECOVERY_LEFT),
        .providers = row_i64(&counts, 0, COUNTS_PROVIDERS),
    };
    ret->secret = sealed_read(&rows, 0, FACTOR_SECRET_CT, ret->key_id);
    return OK;
}

static const char *joined(struct call *call, const char *const words[], const bool has[], size_t n)
{
    struct buf out = {.arena = call->arena};
    buf_puts(&out, "");
    for (size_t i = 0; i < n; i++) {
        if (has[i]) {
            buf_printf(&out, "%s%s", out.len ? " " : "", words[i]);
        }
    }
    return out.at ? out.at : "";
}

const char *factors_second_ways(struct call *call, const struct factors_facts *facts)
{
    static const char *const words[] = {"passkey", "code", "recovery"};
    const bool has[] = {facts->passkeys > 0, facts->code, facts->recovery_left > 0};
    return joined(call, words, has, COUNT(words));
}

const char *factors_proof_ways(struct call *call, const struct factors_facts *facts)
{
    static const char *const words[] = {"passkey", "code", "password", "recovery", "provider"};
    bool both = !facts->on || call->actor.proof >= PROOF_SECOND;
    const bool has[] = {facts->passkeys > 0, facts->code, facts->password && both,
                        facts->on && facts->recovery_left > 0, facts->providers > 0 && both};
    return joined(call, words, has, COUNT(words));
}

/* Of what people type only letters and digits count: "ABCDE fghij" is "abcde-fghij". */
static enum err recovery_hash(struct call *call, int64_t account_id, const char *typed,
                              uint8_t ret[HASH_BYTES])
{
    struct buf text = {.arena = call->arena};
    buf_printf(&text, "%lld:", (long long)account_id);
    text_code(&text, typed);
    return keys_blind(call, "recovery_code.hash", text.at, ret);
}

enum err factors_shown_prepare(struct call *call, const char *code, const char *recovery,
                               struct factors_shown *shown)
{
    const struct factors_facts *facts = &shown->facts;
    ASSERT_CODE(!call->tx && !code != !recovery);
    shown->by_code = code != NULL;
    if (recovery) {
        return recovery_hash(call, shown->account_id, recovery, shown->hash);
    }
    if (code && facts->secret.at) {
        const char *secret = "";
        TRY(sealed_open(call, facts->secret, "totp.secret_ct", &secret));
        shown->step = totp_step(secret, code, call->now_ms);
    }
    return OK;
}

enum err factors_shown_use(struct call *call, const struct factors_shown *shown, bool *ret_fits)
{
    struct rows rows;
    if (shown->by_code) {
        TRY(store_run(call, &factors_step, BIND(I64(shown->account_id), I64(shown->step)), &rows));
        *ret_fits = rows.changed == 1;
        return OK;
    }
    TRY(store_run(call, &factors_recover,
                  BIND(I64(shown->account_id), BYTES(shown->hash, HASH_BYTES), I64(call->now_ms)),
                  &rows));
    *ret_fits = rows.changed == 1;
    return OK;
}

enum err factors_codes_prepare(struct call *call, int64_t account_id, struct factors_codes *ret)
{
    static const char letters[] = "abcdefghijkmnopqrstuvwxyz2345679";
    ASSERT_CODE(!call->tx && account_id);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        uint8_t chance[RECOVERY_CHARS];
        char *at = ret->text[i];
        crypto_random(chance, sizeof(chance));
        for (size_t j = 0; j < RECOVERY_CHARS; j++) {
            *at++ = letters[chance[j] & 31];
            if (j == RECOVERY_CHARS / 2 - 1) {
                *at++ = '-';
            }
        }
        *at = '\0';
        TRY(recovery_hash(call, account_id, ret->text[i], ret->hash[i]));
    }
    return OK;
}

enum err factors_codes_store(struct call *call, const struct factors_codes *codes)
{
    ASSERT_CODE(call->actor.id && *codes->text[0]);
    TRY(store_run(call, &factors_codes_drop, BIND(I64(call->actor.id)), NULL));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        TRY(store_run(
            call, &factors_codes_add,
            BIND(I64(call->actor.id), BYTES(codes->hash[i], HASH_BYTES), I64(call->now_ms)), NULL));
    }
    return OK;
}

static void put_encoded(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (isalnum((unsigned char)*text) || strchr("-._~", *text)) {
            buf_put(out, text, 1);
        } else {
            buf_printf(out, "%%%02X", (unsigned char)*text);
        }
    }
}

enum err factors_app_prepare(struct call *call, struct factors_app *app)
{
    struct buf uri = {.arena = call->arena};
    const char *site = call->settings->site_name ? call->settings->site_name : "Bauta";
    ASSERT_CODE(!call->tx && call->actor.id);
    totp_secret(app->secret);
    buf_puts(&uri, "otpauth://totp/");
    put_encoded(&uri, site);
    buf_puts(&uri, ":");
    put_encoded(&uri, call->actor.name);
    buf_printf(&uri, "?secret=%s&issuer=", app->secret);
    put_encoded(&uri, site);
    app->uri = uri.at;
    return sealed_text(call, app->facts.key_id, "totp.secret_ct", app->secret, &app->sealed);
}

enum err factors_app_store(struct call *call, const struct factors_app *app)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id && app->sealed.at);
    TRY(store_run(call, &factors_app_add,
                  BIND(I64(call->actor.id), SEALED(app->sealed), I64(call->now_ms)), &rows));
    return rows.changed ? OK : call_fail(call, ERR_CONFLICT, "factors.on");
}

static enum err begin(struct call *call, const struct factors_codes *codes)
{
    TRY(store_run(call, &factors_begin, BIND(I64(call->actor.id), I64(call->now_ms)), NULL));
    TRY(factors_codes_store(call, codes));
    return alert_owner(call, "factors.on", call->actor.id, call->actor.session_id);
}

enum err factors_app_confirm(struct call *call, const struct factors_shown *shown,
                             const struct factors_codes *codes, bool *ret_fits)
{
    struct rows rows;
    ASSERT_CODE(shown->by_code && shown->account_id == call->actor.id);
    if (shown->facts.code) {
        return call_fail(call, ERR_CONFLICT, "factors.on");
    }
    if (!shown->step) {
        *ret_fits = false;
        return OK;
    }
    TRY(store_run(
        call, &factors_confirm,
        BIND(I64(call->actor.id), I64(shown->step), I64(call->now_ms), SEALED(shown->facts.secret)),
        &rows));
    *ret_fits = rows.changed == 1;
    if (!*ret_fits) {
        return OK;
    }
    TRY(begin(call, codes));
    return factors_proved(call, PROOF_SECOND);
}

enum err factors_on(struct call *call, const struct factors_codes *codes)
{
    struct factors_facts facts = {0};
    ASSERT_CODE(call->actor.id);
    TRY(factors_read(call, call->actor.id, &facts));
    if (facts.on) {
        return call_fail(call, ERR_CONFLICT, "factors.on");
    }
    if (facts.passkeys == 0) {
        return call_fail(call, ERR_CONFLICT, "factors.no_passkey");
    }
    return begin(call, codes);
}

enum err factors_off(struct call *call, bool all)
{
    struct factors_facts facts = {0};
    ASSERT_CODE(call->actor.id);
    TRY(factors_read(call, call->actor.id, &facts));
    if (all ? !facts.on : !facts.code) {
        return call_fail(call, ERR_MISSING, "factors.off");
    }
    bool ends = all || facts.passkeys == 0;
    if (ends && facts.short_password) {
        return call_fail(call, ERR_CONFLICT, "factors.password_short");
    }
    TRY(store_run(call, &factors_app_drop, BIND(I64(call->actor.id)), NULL));
    if (ends) {
        TRY(store_run(call, &factors_codes_drop, BIND(I64(call->actor.id)), NULL));
        TRY(store_run(call, &factors_end, BIND(I64(call->actor.id)), NULL));
    }
    return alert_owner(call, "factors.off", call->actor.id, call->actor.session_id);
}

enum err factors_passkey_gone(struct call *call)
{
    struct factors_facts facts = {0};
    ASSERT_CODE(call->actor.id);
    TRY(factors_read(call, call->actor.id, &facts));
    return facts.on && !facts.code && facts.passkeys == 0
               ? call_fail(call, ERR_CONFLICT, "factors.last")
               : OK;
}

size_t factors_password_min(const struct factors_facts *facts)
{
    return facts->on ? FACTORS_PASSWORD_MIN : PASSWORD_POINTS_MIN;
}

enum err factors_password_set(struct call *call, int64_t account_id, bool is_short)
{
    return store_run(call, &factors_short, BIND(I64(account_id), I64(is_short)), NULL);
}

enum err factors_forget_since(struct call *call, int64_t account_id, int64_t since_ms)
{
    TRY(store_run(call, &factors_end_since, BIND(I64(account_id), I64(since_ms)), NULL));
    TRY(store_run(call, &factors_app_since, BIND(I64(account_id), I64(since_ms)), NULL));
    TRY(store_run(call, &factors_codes_since, BIND(I64(account_id), I64(since_ms)), NULL));
    return store_run(call, &factors_end_empty, BIND(I64(account_id)), NULL);
}

enum err factors_proved(struct call *call, enum proof proof)
{
    ASSERT_CODE(call->actor.id && proof > PROOF_NONE && proof <= PROOF_PASSKEY);
    TRY(store_run(
        call, &factors_prove_again,
        BIND(I64(call->actor.session_id), I64(proof), I64(PROOF_PASSKEY), I64(call->now_ms)),
        NULL));
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->actor.id, 0, NULL); /* forget what is cached */
    return OK;
}
