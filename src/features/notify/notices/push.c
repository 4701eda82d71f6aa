#include "features/notify/notices/push.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/notify/notices/notices_inner.h"
#include "privacy/keys.h"
#include "store/store.h"

enum { AWAY_MIN_S = 30, AWAY_MAX_H = 2 };
const int64_t PUSH_LEASE_MS = 2 * TIME_MIN, PUSH_LIFE_MS = TIME_DAY;
/* What is read at once, because its page is open, makes no other device ring. */
const int64_t PUSH_WAIT_MS = 2 * TIME_S;

SQL(push_forget_browser,
    "DELETE FROM push_device WHERE endpoint_bi = $1 OR (session_id = $2 AND account_id = $3)");
SQL(push_devices, "SELECT session_id FROM push_device WHERE account_id = $1 LIMIT 20");
SQL(push_insert,
    "INSERT INTO push_device (id, account_id, session_id, endpoint_bi, endpoint_ct, auth_ct,"
    " p256dh, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(push_forget, "DELETE FROM push_device WHERE session_id = $1 AND account_id = $2");

SQL(push_put, "INSERT INTO push (device_id, notice_id, topic, due_ms, created_ms)"
              " SELECT d.id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT),"
              " CAST($5 AS BIGINT) FROM push_device d WHERE d.account_id = $1 AND NOT EXISTS"
              " (SELECT 1 FROM push_choice c WHERE c.account_id = $1 AND c.topic = $3"
              " AND c.wanted = 0) ON CONFLICT (device_id, notice_id) DO NOTHING");
SQL(push_take, "UPDATE push SET lease = $1, due_ms = $2, tries = tries + 1 WHERE (device_id,"
               " notice_id) IN (SELECT device_id, notice_id FROM push WHERE due_ms <= $3"
               " ORDER BY due_ms LIMIT $4)");
/* sees: server - each member's own notices, on the way to their own browsers */
SQL(push_taken,
    "SELECT p.device_id, p.notice_id, p.tries, p.created_ms, p.topic, d.endpoint_ct, d.auth_ct,"
    " d.p256dh, d.account_id, o.key_id, o.language, o.state, n.kind, n.target, n.count, n.read_ms,"
    " n.about_id, a.avatar_name, " NOTICES_CHOSEN " FROM push p JOIN push_device d ON"
    " d.id = p.device_id JOIN account o ON o.id = d.account_id JOIN notice n ON n.id = p.notice_id"
    " LEFT JOIN account a ON a.id = n.about_id AND" CONTACT_PERCEIVES(
        "d.account_id", "a") "AND" CONTACT_HEARS("d.account_id",
                                                 "a") " LEFT JOIN notice_choice c ON c.account_id "
                                                      "= d.account_id WHERE "
                                                      "p.lease = $1 LIMIT $2");
COLUMNS(TAKEN_DEVICE_ID, TAKEN_NOTICE_ID, TAKEN_TRIES, TAKEN_CREATED_MS, TAKEN_TOPIC,
        TAKEN_ENDPOINT_CT, TAKEN_AUTH_CT, TAKEN_P256DH, TAKEN_ACCOUNT_ID, TAKEN_KEY_ID,
        TAKEN_LANGUAGE, TAKEN_STATE, TAKEN_KIND, TAKEN_TARGET, TAKEN_COUNT, TAKEN_READ_MS,
        TAKEN_ABOUT_ID, TAKEN_AVATAR_NAME, TAKEN_CHOSEN);
SQL(push_next, "SELECT MIN(due_ms) FROM push");
SQL(push_done, "DELETE FROM push WHERE lease = $1 AND device_id = $2 AND notice_id = $3");
SQL(push_later, "UPDATE push SET lease = 0, due_ms = $4 WHERE lease = $1 AND device_id = $2"
                " AND notice_id = $3");
SQL(push_gone, "DELETE FROM push_device WHERE id = $2 AND EXISTS (SELECT 1 FROM push WHERE"
               " lease = $1 AND device_id = $2)");

/* ---- the member's browsers ---- */

enum err push_look(struct call *call, struct push_draft *draft)
{
    ASSERT_CODE(call->actor.id);
    return call->actor.by_token ? call_fail(call, ERR_DENIED, "push.browser")
                                : sealed_own_key(call, &draft->key_id);
}

enum err push_prepare(struct call *call, const struct push_wish *wish, struct push_draft *draft)
{
    uint8_t auth[PUSH_AUTH + 1];
    ASSERT_CODE(!call->tx);
    if (!push_recipient(call, wish->endpoint)) {
        return call_fail_field(call, ERR_INVALID, "push.endpoint", "endpoint");
    }
    if (crypto_base64url_read(wish->p256dh, draft->point, PUSH_POINT) != PUSH_POINT ||
        !push_point_good(draft->point)) {
        return call_fail_field(call, ERR_INVALID, "push.key", "p256dh");
    }
    if (crypto_base64url_read(wish->auth, auth, sizeof(auth)) != PUSH_AUTH) {
        return call_fail_field(call, ERR_INVALID, "push.key", "auth");
    }
    TRY(keys_blind(call, "push_device.endpoint", wish->endpoint, draft->endpoint_bi));
    TRY(sealed_text(call, draft->key_id, "push_device.endpoint_ct", wish->endpoint,
                    &draft->endpoint));
    return sealed_bytes(call, draft->key_id, "push_device.auth_ct", auth, PUSH_AUTH, &draft->auth);
}

enum err push_add(struct call *call, const struct push_draft *draft)
{
    struct rows rows;
    int64_t session_id = call->actor.session_id;
    ASSERT_CODE(call->actor.id && !call->actor.by_token);
    ASSERT_CODE(draft->endpoint.at && draft->auth.at);
    TRY(store_run(call, &push_forget_browser,
                  BIND(BYTES(draft->endpoint_bi, HASH_BYTES), I64(session_id), I64(call->actor.id)),
                  NULL));
    TRY(store_run(call, &push_devices, BIND(I64(call->actor.id)), &rows));
    if (rows.count >= PUSH_DEVICES_MAX) {
        return call_fail(call, ERR_LIMIT, "push.many");
    }
    return store_run(call, &push_insert,
                     BIND(I64(id_new(call)), I64(call->actor.id), I64(session_id),
                          BYTES(draft->endpoint_bi, HASH_BYTES), SEALED(draft->endpoint),
                          SEALED(draft->auth), BYTES(draft->point, PUSH_POINT), I64(call->now_ms)),
                     NULL);
}

enum err push_remove(struct call *call)
{
    ASSERT_CODE(call->actor.id);
    return store_run(call, &push_forget, BIND(I64(call->actor.session_id), I64(call->actor.id)),
                     NULL);
}

enum err push_count(struct call *call, bool *ret_here, int64_t *ret_devices)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &push_devices, BIND(I64(call->actor.id)), &rows));
    *ret_here = false;
    *ret_devices = (int64_t)rows.count;
    for (size_t i = 0; i < rows.count && !call->actor.by_token; i++) {
        *ret_here = *ret_here || row_i64(&rows, i, ONLY) == call->actor.session_id;
    }
    return OK;
}

enum err push_test(struct call *call)
{
    bool here = false;
    int64_t devices = 0;
    const struct notices_new test = {call->actor.id, "notices.test", 0, ""};
    TRY(push_count(call, &here, &devices));
    return here ? notices_post(call, &test) : call_fail(call, ERR_MISSING, "push.none");
}

/* ---- the queue ---- */

enum err push_post(struct call *call, int64_t account_id, int64_t notice_id, const char *topic)
{
    struct rows put;
    TRY(store_run(call, &push_put,
                  BIND(I64(account_id), I64(notice_id), TEXT(topic),
                       I64(call->now_ms + (topic ? PUSH_WAIT_MS : 0)), I64(call->now_ms)),
                  &put));
    if (put.changed > 0) {
        call_emit(call, EVENT_OUTBOX, 0, notice_id, NULL);
    }
    return OK;
}

static struct push_leased leased(const struct call *call, const struct rows *rows, size_t i)
{
    struct push_leased one = {
        .device_id = row_i64(rows, i, TAKEN_DEVICE_ID),
        .notice_id = row_i64(rows, i, TAKEN_NOTICE_ID),
        .tries = row_i64(rows, i, TAKEN_TRIES),
        .created_ms = row_i64(rows, i, TAKEN_CREATED_MS),
        .topic = row_text(rows, i, TAKEN_TOPIC),
        .account_id = row_i64(rows, i, TAKEN_ACCOUNT_ID),
        .language = row_text(rows, i, TAKEN_LANGUAGE),
        .kind = row_text(rows, i, TAKEN_KIND),
        .target = row_text(rows, i, TAKEN_TARGET),
        .count = row_i64(rows, i, TAKEN_COUNT),
        .name = row_text(rows, i, TAKEN_AVATAR_NAME),
        .choice = notices_choice_of(rows, i, TAKEN_CHOSEN),
    };
    bool hidden = !row_null(rows, i, TAKEN_ABOUT_ID) && !one.name;
    int64_t key_id = row_i64(rows, i, TAKEN_KEY_ID);
    one.endpoint = sealed_read(rows, i, TAKEN_ENDPOINT_CT, key_id);
    one.auth = sealed_read(rows, i, TAKEN_AUTH_CT, key_id);
    one.point = row_bytes(rows, i, TAKEN_P256DH, &one.point_len);
    one.drop = hidden || !row_null(rows, i, TAKEN_READ_MS) ||
               strcmp(row_text(rows, i, TAKEN_STATE), "active") != 0 ||
               one.created_ms + PUSH_LIFE_MS <= call->now_ms || one.tries > PUSH_TRIES;
    return one;
}

enum err push_lease(struct call *call, struct lease *ret)
{
    struct rows rows;
    ret->id = id_new(call);
    ret->wait_ms = -1;
    TRY(store_run(
        call, &push_take,
        BIND(I64(ret->id), I64(call->now_ms + PUSH_LEASE_MS), I64(call->now_ms), I64(PUSH_BATCH)),
        &rows));
    if (rows.changed == 0) {
        TRY(store_run(call, &push_next, NO_BIND, &rows));
        if (!row_null(&rows, 0, ONLY)) {
            ret->wait_ms = MAX(row_i64(&rows, 0, ONLY) - call->now_ms, 0);
        }
        return OK;
    }
    TRY(store_run(call, &push_taken, BIND(I64(ret->id), I64(PUSH_BATCH)), &rows));
    struct push_leased *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = leased(call, &rows, i);
    }
    JSON_LIST_SET(ret->items, all, rows.count);
    return OK;
}

/* Doubled each time, half of it by chance. */
static int64_t back_off(struct call *call, int64_t tries)
{
    int64_t most = MIN((AWAY_MIN_S * TIME_S) << MIN(MAX(tries, 1), 12), AWAY_MAX_H * TIME_H);
    return most / 2 + (int64_t)(rng_next(&call->rng) % (uint64_t)(most / 2));
}

enum err push_settle(struct call *call, const struct push_results *results)
{
    ASSERT_CODE(call->tx && results->count <= PUSH_BATCH);
    for (size_t i = 0; i < results->count; i++) {
        const struct push_result *one = &results->items[i];
        struct val lease = I64(results->lease), device = I64(one->device_id);
        struct val notice = I64(one->notice_id);
        int64_t due_ms = call->now_ms + back_off(call, one->tries);
        ASSERT_CODE(one->end <= PUSH_GONE);
        if (one->end == PUSH_GONE) {
            TRY(store_run(call, &push_gone, BIND(lease, device), NULL));
        } else if (one->end == PUSH_LATER && one->tries < PUSH_TRIES &&
                   due_ms < one->created_ms + PUSH_LIFE_MS) {
            TRY(store_run(call, &push_later, BIND(lease, device, notice, I64(due_ms)), NULL));
        } else {
            TRY(store_run(call, &push_done, BIND(lease, device, notice), NULL));
        }
    }
    return OK;
}
