#include "features/sessions/sessions.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/place.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/accounts/names.h"
#include "features/accounts/passwords.h"
#include "store/store.h"

enum { SWEEP_BATCH = 100 };

/* sees: own - who signs in */
SQL(sessions_by_name, "SELECT id, password_hash, password_version, state FROM account"
                      " WHERE name_skeleton = $1");
SQL(sessions_still, "SELECT 1 FROM account WHERE id = $1 AND password_version = $2"
                    " AND state = 'active'");
/* sees: own - who has proved a first factor */
SQL(sessions_account, "SELECT public_id, avatar_name, state FROM account WHERE id = $1");
SQL(sessions_prove_again,
    "UPDATE session SET proof = CASE WHEN proof > $2 AND proof < $3 THEN proof"
    " ELSE $2 END, proved_at_ms = $4 WHERE id = $1");
SQL(sessions_insert, "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
                     " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $7)");
SQL(sessions_surplus, "DELETE FROM session WHERE id IN (SELECT id FROM session"
                      " WHERE account_id = $1 ORDER BY used_at_ms, id LIMIT"
                      " (SELECT CASE WHEN count(*) > $2 THEN count(*) - $2 ELSE 0 END"
                      " FROM session WHERE account_id = $1)) RETURNING id");
SQL(sessions_of,
    "SELECT id, remember, device, country, created_at_ms, used_at_ms FROM session"
    " WHERE account_id = $1 AND ends_at_ms > $2 ORDER BY used_at_ms DESC, id LIMIT $3");
SQL(sessions_delete, "DELETE FROM session WHERE id = $1 AND account_id = $2");
SQL(sessions_delete_all, "DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id");
/* sees: own - whose session it is */
SQL(sessions_by_hash,
    "SELECT s.id, s.ends_at_ms, s.used_at_ms, a.id, a.public_id, a.avatar_name, a.role,"
    " a.language, a.adult_at_ms, s.proof, s.proved_at_ms, f.role FROM session s"
    " JOIN account a ON a.id = s.account_id LEFT JOIN staff f ON f.account_id = a.id"
    " WHERE s.token_hash = $1 AND s.ends_at_ms > $2 AND a.state = 'active'");
/* sees: own - whose token it is */
SQL(tokens_by_hash,
    "SELECT t.id, 0, t.used_at_ms, a.id, a.public_id, a.avatar_name, a.role, a.language,"
    " a.adult_at_ms, 0, 0, NULL FROM token t JOIN account a ON a.id = t.account_id"
    " WHERE t.token_hash = $1 AND a.state = 'active'");
SQL(sessions_used, "UPDATE session SET used_at_ms = $2, ends_at_ms = $2 + CASE remember"
                   " WHEN 1 THEN $3 ELSE $4 END WHERE id = $1");
SQL(tokens_used, "UPDATE token SET used_at_ms = $2 WHERE id = $1");
SQL(sessions_seen, "UPDATE account SET seen_at_ms = $2 WHERE id = (SELECT account_id FROM session"
                   " WHERE id = $1 UNION SELECT account_id FROM token WHERE id = $1)");
SQL(sessions_old, "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE ends_at_ms <= $1"
                  " LIMIT $2)");
SQL(tokens_count, "SELECT count(*) FROM token WHERE account_id = $1");
SQL(tokens_insert,
    "INSERT INTO token (id, account_id, token_hash, label, created_at_ms, used_at_ms)"
    " VALUES ($1, $2, $3, $4, $5, $5)");
SQL(tokens_of, "SELECT id, label, created_at_ms, used_at_ms FROM token WHERE account_id = $1"
               " ORDER BY id DESC LIMIT $2");
SQL(tokens_delete, "DELETE FROM token WHERE id = $1 AND account_id = $2");

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

static const char *device_of(struct call *call)
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

static int64_t life_ms(const struct call *call, bool remember)
{
    return remember ? call->settings->session_days * TIME_DAY : TIME_DAY;
}

void sessions_prepare(struct call *call, bool remember, struct sessions_new *ret)
{
    uint8_t secret[SECRET_LEN];
    char country[3];
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), ret->token);
    crypto_sha256(ret->token, strlen(ret->token), ret->hash);
    tickets_prepare(&ret->second);
    ret->remember = remember;
    ret->proof = PROOF_PASSWORD;
    ret->device = device_of(call);
    ret->country = place_country(call->place, call->origin.address, country) == OK
                       ? arena_text(call->arena, country, 2)
                       : NULL;
}

enum err sessions_store(struct call *call, int64_t account_id, const struct sessions_new *session,
                        int64_t *ret_id)
{
    struct rows gone;
    int64_t id = id_new(call);
    TRY(store_run(call, &sessions_insert,
                  BIND(I64(id), I64(account_id), BYTES(session->hash, HASH_BYTES),
                       I64(session->remember), TEXT(session->device), TEXT(session->country),
                       I64(call->now_ms), I64(call->now_ms + life_ms(call, session->remember)),
                       I64(session->proof)),
                  NULL));
    TRY(store_run(call, &sessions_surplus, BIND(I64(account_id), I64(SESSIONS_MAX)), &gone));
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, account_id, row_i64(&gone, i, 0), NULL);
    }
    *ret_id = id;
    return OK;
}

void sessions_cookie(struct call *call, const struct sessions_new *session)
{
    call_cookie(call, SESSION_COOKIE, session->token,
                session->remember ? call->settings->session_days * 24 * 3600 : -1);
}

enum err sessions_end_all(struct call *call, int64_t account_id, int64_t keep)
{
    struct rows gone;
    TRY(store_run(call, &sessions_delete_all, BIND(I64(account_id), I64(keep)), &gone));
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, account_id, row_i64(&gone, i, 0), NULL);
    }
    return OK;
}

enum err sessions_find(struct call *call, const char *name, struct sessions_found *ret)
{
    struct name_forms forms;
    struct rows rows;
    if (names_forms(call, name, &forms) != OK) {
        return OK; /* nobody has such a name: `prove` takes its time all the same */
    }
    TRY(store_run(call, &sessions_by_name, BIND(TEXT(forms.skeleton)), &rows));
    if (rows.count == 1) {
        ret->account_id = row_i64(&rows, 0, 0);
        ret->hash = row_text(&rows, 0, 1);
        ret->version = row_i64(&rows, 0, 2);
        ret->state = row_text(&rows, 0, 3);
    }
    return OK;
}

static enum err judge_state(struct call *call, const char *state)
{
    if (strcmp(state, "waiting") == 0) {
        return call_fail(call, ERR_DENIED, "sessions.waiting");
    }
    return strcmp(state, "active") == 0 ? OK : call_fail(call, ERR_DENIED, "sessions.ended");
}

enum err sessions_prove(struct call *call, const char *password, bool remember,
                        struct sessions_found *found)
{
    /* The hash of nothing anybody can type: an unknown name costs what a known one does. */
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$"
                                 "AAAAAAAAAAAAAAAAAAAAAA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const char *normal = "";
    if (passwords_normal(call, password, &normal) != OK) {
        normal = "";
    }
    bool known = found->hash != NULL;
    bool fits = crypto_password_fits(known ? found->hash : nobody, normal);
    if (!known || !fits) {
        return call_fail(call, ERR_LOGIN, "sessions.wrong");
    }
    TRY(judge_state(call, found->state));
    sessions_prepare(call, remember, &found->session);
    return OK;
}

enum err sessions_arrive(struct call *call, int64_t account_id, const struct sessions_new *session,
                         struct sessions_arrival *ret)
{
    struct rows rows;
    int64_t id = 0;
    TRY(store_run(call, &sessions_account, BIND(I64(account_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "sessions.wrong");
    }
    TRY(judge_state(call, row_text(&rows, 0, 2)));
    if (call->actor.id && !call->actor.by_token) { /* a new sign-in, a new secret */
        enum err err = sessions_end(call, call->actor.session_id);
        if (err != OK && err != ERR_MISSING) {
            return err;
        }
        call->fail_code = NULL;
    }
    TRY(sessions_store(call, account_id, session, &id));
    ret->id = row_text(&rows, 0, 0);
    ret->avatar_name = row_text(&rows, 0, 1);
    return OK;
}

enum err sessions_proved(struct call *call, enum proof proof)
{
    TRY(store_run(
        call, &sessions_prove_again,
        BIND(I64(call->actor.session_id), I64(proof), I64(PROOF_PASSKEY), I64(call->now_ms)),
        NULL));
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->actor.id, 0, NULL); /* forget what is cached */
    return OK;
}

enum err sessions_begin(struct call *call, const struct sessions_found *found,
                        struct sessions_arrival *ret)
{
    struct rows rows;
    /* The password may have changed while it was being hashed. */
    TRY(store_run(call, &sessions_still, BIND(I64(found->account_id), I64(found->version)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_LOGIN, "sessions.wrong");
    }
    return sessions_arrive(call, found->account_id, &found->session, ret);
}

enum err sessions_list(struct call *call, struct sessions_session **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &sessions_of,
                  BIND(I64(call->actor.id), I64(call->now_ms), I64(SESSIONS_MAX)), &rows));
    struct sessions_session *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct sessions_session){
            .id = row_i64(&rows, i, 0),
            .current = !call->actor.by_token && row_i64(&rows, i, 0) == call->actor.session_id,
            .remember = row_i64(&rows, i, 1) != 0,
            .device = row_text(&rows, i, 2),
            .country = row_text(&rows, i, 3),
            .created_ms = row_i64(&rows, i, 4),
            .used_ms = row_i64(&rows, i, 5),
        };
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err sessions_end(struct call *call, int64_t session_id)
{
    struct rows rows;
    TRY(store_run(call, &sessions_delete, BIND(I64(session_id), I64(call->actor.id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "sessions.none");
    }
    call_emit(call, EVENT_SESSION_ENDED, call->actor.id, session_id, NULL);
    return OK;
}

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

enum err sessions_load(struct call *call, const uint8_t hash[HASH_BYTES], bool bearer,
                       struct actor *ret)
{
    struct rows rows;
    if (bearer) {
        TRY(store_run(call, &tokens_by_hash, BIND(BYTES(hash, HASH_BYTES)), &rows));
    } else {
        TRY(store_run(call, &sessions_by_hash, BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)),
                      &rows));
    }
    if (rows.count == 0) {
        return ERR_MISSING;
    }
    struct actor actor = {
        .id = row_i64(&rows, 0, 3),
        .session_id = row_i64(&rows, 0, 0),
        .session_ends_ms = bearer ? INT64_MAX : row_i64(&rows, 0, 1),
        .used_ms = row_i64(&rows, 0, 2),
        .role = strcmp(row_text(&rows, 0, 6), "admin") == 0 ? ROLE_ADMIN : ROLE_MEMBER,
        .minor = row_i64(&rows, 0, 8) > call->now_ms,
        .proof = (enum proof)row_i64(&rows, 0, 9),
        .proved_ms = row_i64(&rows, 0, 10),
        .officer = row_text(&rows, 0, 11) != NULL,
        .by_token = bearer,
    };
    snprintf(actor.public_id, sizeof(actor.public_id), "%s", row_text(&rows, 0, 4));
    snprintf(actor.name, sizeof(actor.name), "%s", row_text(&rows, 0, 5));
    snprintf(actor.language, sizeof(actor.language), "%s", row_text(&rows, 0, 7));
    *ret = actor;
    return OK;
}

enum err sessions_touch(struct call *call, const int64_t *session_ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rows rows;
        TRY(store_run(call, &sessions_used,
                      BIND(I64(session_ids[i]), I64(call->now_ms), I64(life_ms(call, true)),
                           I64(life_ms(call, false))),
                      &rows));
        if (rows.changed == 0) { /* not a session's id: a token's */
            TRY(store_run(call, &tokens_used, BIND(I64(session_ids[i]), I64(call->now_ms)), NULL));
        }
        TRY(store_run(call, &sessions_seen, BIND(I64(session_ids[i]), I64(call->now_ms)), NULL));
    }
    return OK;
}

enum err sessions_sweep(struct call *call)
{
    return store_run(call, &sessions_old, BIND(I64(call->now_ms), I64(SWEEP_BATCH)), NULL);
}
