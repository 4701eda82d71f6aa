#include "api/api_inner.h"

#include <string.h>

/*
 * Idempotency-Key: the answer of a member's write is kept in the write's own
 * transaction, by actor and key and a hash of the request.  A refusal is not kept:
 * nothing happened, so asking again may do.  Words are kept only of answers that
 * speak of nobody but whoever asks (API_OWN_ANSWER) and hold neither a secret nor
 * what `finish` opened: of any other only the fact is, and a repeat is told that it
 * was done.  What is no POST may simply run again.
 */
SQL(idem_find, "SELECT request_hash, status, body FROM idempotency"
               " WHERE actor_id = $1 AND key_hash = $2 AND at_ms > $3 LIMIT 1");
COLUMNS(FIND_REQUEST_HASH, FIND_STATUS, FIND_BODY);
SQL(idem_keep, "INSERT INTO idempotency (actor_id, key_hash, request_hash, status, body, at_ms)"
               " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (actor_id, key_hash) DO UPDATE"
               " SET request_hash = excluded.request_hash, status = excluded.status,"
               " body = excluded.body, at_ms = excluded.at_ms");

enum err idem_begin(struct work *work)
{
    const struct api_request *request = work->request;
    const char *key = request->idempotency_key;
    size_t len = strlen(key);
    if (len == 0) {
        return OK;
    }
    for (size_t i = 0; i < len; i++) {
        if (key[i] < 0x21 || key[i] > 0x7e || len > IDEMPOTENCY_KEY_MAX) {
            return call_fail(&work->call, ERR_INVALID, "input.idempotency_key");
        }
    }
    const struct api_route *route = work->route;
    work->idem.keep = !work->steps->finish && !(route->flags & API_NO_IDEMPOTENCY) &&
                      (!work->steps->out || (route->flags & API_OWN_ANSWER));
    work->idem.on = work->call.actor.id && route->tx == API_TX_WRITE &&
                    !(route->flags & API_KNOWS_REPEATS) &&
                    (work->idem.keep || route_method(request->method) == METHOD_POST);
    if (work->idem.on) {
        struct buf all = {.arena = work->arena};
        uint8_t body[HASH_BYTES];
        crypto_sha256(key, len, work->idem.key);
        crypto_sha256(request->body, request->body_len, body);
        buf_printf(&all, "%s %s?%s %s\n", request->method, request->path, request->query,
                   work->call.body_type ? work->call.body_type : "");
        buf_put(&all, body, sizeof(body));
        crypto_sha256(all.at, all.len, work->idem.request);
    }
    return OK;
}

enum err idem_before(struct work *work)
{
    struct call *call = &work->call;
    struct rows rows;
    size_t len = 0;
    work->idem.repeated = false;
    TRY(store_run(call, &idem_find,
                  BIND(I64(call->actor.id), BYTES(work->idem.key, HASH_BYTES),
                       I64(call->now_ms - IDEMPOTENCY_LIFE_MS)),
                  &rows));
    if (rows.count == 0) {
        return OK;
    }
    const uint8_t *request = row_bytes(&rows, 0, FIND_REQUEST_HASH, &len);
    if (len != HASH_BYTES || memcmp(request, work->idem.request, HASH_BYTES) != 0) {
        return call_fail(call, ERR_CONFLICT, "input.idempotency");
    }
    work->idem.status = (int)row_i64(&rows, 0, FIND_STATUS);
    const uint8_t *answer = row_bytes(&rows, 0, FIND_BODY, &len);
    /* An older version may have kept more, a restore may have lost it, and a row may be damaged. */
    bool told = work->idem.status >= 200 && work->idem.status < 300;
    if (!work->idem.keep || !told || (work->steps->out && !answer)) {
        return call_fail(call, ERR_CONFLICT, "input.repeated");
    }
    work->idem.answer =
        arena_text(call->arena, answer ? (const char *)answer : "", answer ? len : 0);
    work->idem.repeated = true;
    return OK;
}

enum err idem_after(struct work *work)
{
    struct call *call = &work->call;
    const struct api_route *route = work->route;
    struct buf answer = {.arena = call->arena};
    if (work->idem.keep && work->steps->out) {
        json_write(&answer, work->steps->out, work->out);
    }
    return store_run(call, &idem_keep,
                     BIND(I64(call->actor.id), BYTES(work->idem.key, HASH_BYTES),
                          BYTES(work->idem.request, HASH_BYTES),
                          I64(work->idem.keep ? route->status : 0),
                          answer.len ? BYTES(answer.at, answer.len) : NIL, I64(call->now_ms)),
                     NULL);
}
