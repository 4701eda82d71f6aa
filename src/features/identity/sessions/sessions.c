#include "features/identity/sessions/sessions.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "base/time.h"
#include "call/id.h"
#include "call/place.h"
#include "features/identity/ages/ages.h"
#include "features/identity/alerts/alerts.h"
#include "features/identity/sessions/sessions_inner.h"
#include "features/notify/notices/notices.h"
#include "privacy/sealed.h"
#include "store/store.h"

enum { DEVICE_COOKIE_DAYS = 365 };

SQL(sessions_insert, "INSERT INTO session (id, account_id, token_hash, remember, device, country,"
                     " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms, device_id,"
                     " place_ct)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $7, $10, $11)");
/* Of minors the country is enough, and stands in clear beside it. */
SQL(sessions_young, "UPDATE session SET place_ct = NULL WHERE id = $1 AND EXISTS (SELECT 1"
                    " FROM account a WHERE a.id = session.account_id AND " AGES_MINOR("a") ")");
SQL(sessions_surplus, "DELETE FROM session WHERE id IN (SELECT id FROM session"
                      " WHERE account_id = $1 ORDER BY used_at_ms, id LIMIT"
                      " (SELECT CASE WHEN count(*) > $2 THEN count(*) - $2 ELSE 0 END"
                      " FROM session WHERE account_id = $1)) RETURNING id");
SQL(sessions_of,
    "SELECT id, remember, device, country, created_at_ms, used_at_ms, proof, place_ct"
    " FROM session"
    " WHERE account_id = $1 AND ends_at_ms > $2 ORDER BY used_at_ms DESC, id LIMIT $3");
COLUMNS(LISTED_ID, LISTED_REMEMBER, LISTED_DEVICE, LISTED_COUNTRY, LISTED_CREATED_AT_MS,
        LISTED_USED_AT_MS, LISTED_PROOF, LISTED_PLACE_CT);
SQL(sessions_delete, "DELETE FROM session WHERE id = $1 AND account_id = $2");
SQL(sessions_delete_all, "DELETE FROM session WHERE account_id = $1 AND id <> $2 RETURNING id");
/* A session or token s, and whose it is. */
#define ACTOR                                                                    \
    "SELECT s.id, s.ends_at_ms, s.used_at_ms, a.id, a.public_id, a.avatar_name," \
    " a.language, a.age_band"
COLUMNS(ACTOR_ID, ACTOR_ENDS_AT_MS, ACTOR_USED_AT_MS, ACTOR_ACCOUNT_ID, ACTOR_PUBLIC_ID,
        ACTOR_AVATAR_NAME, ACTOR_LANGUAGE, ACTOR_AGE_BAND);
/* sees: own - whose session it is */
SQL(sessions_by_hash,
    ACTOR ", s.proof, s.proved_at_ms, " SESSIONS_ROLES(
        "a") " AS roles FROM session s"
             " JOIN account a ON a.id = s.account_id"
             " WHERE s.token_hash = $1 AND s.ends_at_ms > $2 AND a.state = 'active'");
COLUMNS(SESSION_PROOF = ACTOR_AGE_BAND + 1, SESSION_PROVED_AT_MS, SESSION_ROLES);
/* sees: own - whose token it is */
SQL(tokens_by_hash, ACTOR
    ", s.scopes FROM token s JOIN account a ON a.id = s.account_id"
    " WHERE s.token_hash = $1 AND (s.ends_at_ms = 0 OR s.ends_at_ms > $2) AND a.state = 'active'");
COLUMNS(TOKEN_SCOPES = ACTOR_AGE_BAND + 1);
SQL(sessions_used, "UPDATE session SET used_at_ms = $2, ends_at_ms = $2 + CASE remember"
                   " WHEN 1 THEN $3 ELSE $4 END WHERE id = $1");
SQL(tokens_used, "UPDATE token SET used_at_ms = $2 WHERE id = $1");
SQL(sessions_seen, "UPDATE account SET seen_at_ms = $2 WHERE id = (SELECT account_id FROM session"
                   " WHERE id = $1 UNION SELECT account_id FROM token WHERE id = $1)");

struct own_settings {
    int64_t session_days;
};

static const struct setting setting_rows[] = {
    SETTING_NUMBER(struct own_settings, session_days, 1, 365, "days", "30",
                   "A session that stays signed in ends this long after its last use.",
                   .group = "people"),
    {0},
};
const struct setting_group sessions_setting_group = {setting_rows, sizeof(struct own_settings),
                                                     NULL};

static int64_t life_days(const struct call *call)
{
    const struct own_settings *own = settings_own(call->settings, &sessions_setting_group);
    return own->session_days;
}

static int64_t life_ms(const struct call *call, bool remember)
{
    return remember ? life_days(call) * TIME_DAY : TIME_DAY;
}

void sessions_prepare(struct call *call, bool remember, struct sessions_new *ret)
{
    uint8_t secret[SECRET_LEN];
    ASSERT_CODE(!call->tx);
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), ret->token);
    crypto_sha256(ret->token, strlen(ret->token), ret->hash);
    tickets_prepare(&ret->second);
    ret->remember = remember;
    ret->proof = PROOF_PASSWORD;
    ret->device = devices_label(call);
    devices_token(call, ret->device_token);
    struct place_facts facts;
    ret->country = NULL;
    if (place_find(call->place, call->origin.address, &facts) == OK) {
        ret->country = *facts.country ? arena_text(call->arena, facts.country, 2) : NULL;
        snprintf(ret->town, sizeof(ret->town), "%s%s%s", facts.city,
                 *facts.city && *facts.region ? ", " : "", facts.region);
    }
}

enum err sessions_place(struct call *call, int64_t key_id, struct sessions_new *session)
{
    ASSERT_CODE(!call->tx && *session->token);
    return *session->town && key_id
               ? sealed_text(call, key_id, "session.place_ct", session->town, &session->place)
               : OK;
}

enum err sessions_open(struct call *call, struct sessions_session *all, size_t count)
{
    ASSERT_CODE(!call->tx);
    for (size_t i = 0; i < count; i++) {
        TRY(sealed_open(call, all[i].place, "session.place_ct", &all[i].town));
    }
    return OK;
}

enum err sessions_store(struct call *call, int64_t account_id, const struct sessions_new *session,
                        int64_t *ret_id)
{
    struct rows gone;
    int64_t id = id_new(call), device_id = 0;
    bool new_device = false;
    ASSERT_CODE(*session->token && session->proof > PROOF_NONE && session->proof <= PROOF_PASSKEY);
    TRY(devices_seen(call, account_id, session->device_token, session->device, session->country,
                     &device_id, &new_device));
    TRY(store_run(call, &sessions_insert,
                  BIND(I64(id), I64(account_id), BYTES(session->hash, HASH_BYTES),
                       I64(session->remember), TEXT(session->device), TEXT(session->country),
                       I64(call->now_ms), I64(call->now_ms + life_ms(call, session->remember)),
                       I64(session->proof), I64(device_id), SEALED(session->place)),
                  NULL));
    if (session->place.at) {
        TRY(store_run(call, &sessions_young, BIND(I64(id)), NULL));
    }
    TRY(store_run(call, &sessions_surplus, BIND(I64(account_id), I64(SESSIONS_MAX)), &gone));
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, account_id, row_i64(&gone, i, ONLY), NULL);
    }
    *ret_id = id;
    if (!new_device) {
        return OK;
    }
    const struct notices_new notice = {account_id, "sessions.new_device", 0, ""};
    TRY(notices_post(call, &notice));
    return alert_owner(call, "sessions.new_device", account_id, id);
}

enum err sessions_know_device(struct call *call, int64_t account_id,
                              const struct sessions_new *session)
{
    int64_t id = 0;
    bool is_new = false;
    ASSERT_CODE(*session->device_token);
    return devices_seen(call, account_id, session->device_token, session->device, session->country,
                        &id, &is_new);
}

void sessions_device_cookie(struct call *call, const struct sessions_new *session)
{
    ASSERT_CODE(!call->tx && *session->device_token);
    call_cookie(call, DEVICE_COOKIE, session->device_token, DEVICE_COOKIE_DAYS * TIME_DAY / TIME_S);
}

void sessions_cookie(struct call *call, const struct sessions_new *session)
{
    ASSERT_CODE(*session->token);
    sessions_device_cookie(call, session);
    call_cookie(call, SESSION_COOKIE, session->token,
                session->remember ? life_days(call) * 24 * 3600 : -1);
}

enum err sessions_end_all(struct call *call, int64_t account_id, int64_t keep)
{
    struct rows gone;
    TRY(tickets_drop(call, account_id, SESSIONS_SECOND)); /* who stands between two steps, too */
    TRY(devices_forget_but(call, account_id, keep));
    TRY(store_run(call, &sessions_delete_all, BIND(I64(account_id), I64(keep)), &gone));
    for (size_t i = 0; i < gone.count; i++) {
        call_emit(call, EVENT_SESSION_ENDED, account_id, row_i64(&gone, i, ONLY), NULL);
    }
    return OK;
}

static const char *const proofs[] = {[PROOF_NONE] = "none",
                                     [PROOF_PASSWORD] = "password",
                                     [PROOF_PROVIDER] = "provider",
                                     [PROOF_SECOND] = "second",
                                     [PROOF_PASSKEY] = "passkey"};

/* What is none of them, in a damaged row, proves nothing. */
static enum proof read_proof(const struct rows *rows, size_t row, size_t col)
{
    int64_t proof = row_i64(rows, row, col);
    return proof > PROOF_NONE && proof <= PROOF_PASSKEY ? (enum proof)proof : PROOF_NONE;
}

enum err sessions_list(struct call *call, struct sessions_session **ret, size_t *ret_count)
{
    struct rows rows;
    int64_t key_id = 0;
    ASSERT_CODE(call->actor.id);
    TRY(sealed_own_key(call, &key_id));
    TRY(store_run(call, &sessions_of,
                  BIND(I64(call->actor.id), I64(call->now_ms), I64(SESSIONS_MAX)), &rows));
    struct sessions_session *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct sessions_session){
            .id = row_i64(&rows, i, LISTED_ID),
            .current =
                !call->actor.by_token && row_i64(&rows, i, LISTED_ID) == call->actor.session_id,
            .remember = row_i64(&rows, i, LISTED_REMEMBER) != 0,
            .device = row_text(&rows, i, LISTED_DEVICE),
            .country = row_text(&rows, i, LISTED_COUNTRY),
            .created_ms = row_i64(&rows, i, LISTED_CREATED_AT_MS),
            .used_ms = row_i64(&rows, i, LISTED_USED_AT_MS),
            .proof = proofs[read_proof(&rows, i, LISTED_PROOF)],
            .place = sealed_read(&rows, i, LISTED_PLACE_CT, key_id),
        };
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err sessions_end(struct call *call, int64_t session_id)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &sessions_delete, BIND(I64(session_id), I64(call->actor.id)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "sessions.none");
    }
    call_emit(call, EVENT_SESSION_ENDED, call->actor.id, session_id, NULL);
    return OK;
}

enum err sessions_banish(struct call *call, int64_t session_id)
{
    TRY(devices_forget(call, call->actor.id, session_id));
    return sessions_end(call, session_id);
}

enum err sessions_load(struct call *call, const uint8_t hash[HASH_BYTES], bool bearer,
                       struct actor *ret)
{
    struct rows rows;
    TRY(store_run(call, bearer ? &tokens_by_hash : &sessions_by_hash,
                  BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms)), &rows));
    if (rows.count == 0) {
        return ERR_MISSING;
    }
    struct actor actor = {
        .id = row_i64(&rows, 0, ACTOR_ACCOUNT_ID),
        .session_id = row_i64(&rows, 0, ACTOR_ID),
        .session_ends_ms =
            row_i64(&rows, 0, ACTOR_ENDS_AT_MS) ? row_i64(&rows, 0, ACTOR_ENDS_AT_MS) : INT64_MAX,
        .used_ms = row_i64(&rows, 0, ACTOR_USED_AT_MS),
        .minor = ages_minor(row_text(&rows, 0, ACTOR_AGE_BAND)),
        .by_token = bearer,
    };
    if (bearer) {
        actor.scopes = (unsigned)row_i64(&rows, 0, TOKEN_SCOPES);
    } else {
        actor.proof = read_proof(&rows, 0, SESSION_PROOF);
        actor.proved_ms = row_i64(&rows, 0, SESSION_PROVED_AT_MS);
        actor.roles = (unsigned)row_i64(&rows, 0, SESSION_ROLES);
    }
    snprintf(actor.public_id, sizeof(actor.public_id), "%s", row_text(&rows, 0, ACTOR_PUBLIC_ID));
    snprintf(actor.name, sizeof(actor.name), "%s", row_text(&rows, 0, ACTOR_AVATAR_NAME));
    snprintf(actor.language, sizeof(actor.language), "%s", row_text(&rows, 0, ACTOR_LANGUAGE));
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
