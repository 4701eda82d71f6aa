#include "features/identity/tickets/tickets.h"

#include <string.h>

#include "store/store.h"

SQL(tickets_insert, "INSERT INTO ticket (hash, kind, account_id, note, tries_left, created_at_ms,"
                    " ends_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)");
#define TICKET "account_id, note, created_at_ms, ends_at_ms, tries_left"
COLUMNS(TICKET_ACCOUNT_ID, TICKET_NOTE, TICKET_CREATED_AT_MS, TICKET_ENDS_AT_MS, TICKET_TRIES_LEFT);
/* sees: own - whoever holds the secret */
SQL(tickets_of, "SELECT " TICKET " FROM ticket"
                " WHERE hash = $1 AND kind = $2 AND ends_at_ms > $3");
/* sees: own - whoever holds the secret */
SQL(tickets_used, "DELETE FROM ticket WHERE hash = $1 AND kind = $2 AND ends_at_ms > $3"
                  " RETURNING " TICKET);
SQL(tickets_tried, "UPDATE ticket SET tries_left = tries_left - 1,"
                   " ends_at_ms = CASE WHEN tries_left > 1 THEN ends_at_ms ELSE 0 END"
                   " WHERE hash = $1 AND kind = $2");
SQL(tickets_delete, "DELETE FROM ticket WHERE account_id = $1 AND kind = $2");
SQL(tickets_delete_all, "DELETE FROM ticket WHERE account_id = $1");

void tickets_prepare(struct ticket_new *ret)
{
    uint8_t secret[SECRET_LEN];
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), ret->text);
    crypto_sha256(ret->text, strlen(ret->text), ret->hash);
}

enum err tickets_store(struct call *call, const struct ticket_new *ticket,
                       const struct ticket_facts *facts)
{
    const char *note = facts->note ? facts->note : "";
    ASSERT_CODE(*ticket->text && facts->kind);
    if (strlen(note) > TICKET_NOTE_MAX) {
        return ERR_BROKEN;
    }
    return store_run(call, &tickets_insert,
                     BIND(BYTES(ticket->hash, HASH_BYTES), TEXT(facts->kind),
                          facts->account_id ? I64(facts->account_id) : NIL, TEXT(note),
                          I64(MAX(facts->tries, 1)), I64(call->now_ms),
                          I64(call->now_ms + facts->life_ms)),
                     NULL);
}

static enum err find(struct call *call, const struct sql *sql, const char *kind, const char *text,
                     struct ticket *ret)
{
    uint8_t hash[HASH_BYTES];
    struct rows rows;
    crypto_sha256(text, strlen(text), hash);
    TRY(store_run(call, sql, BIND(BYTES(hash, HASH_BYTES), TEXT(kind), I64(call->now_ms)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "tickets.gone");
    }
    *ret = (struct ticket){
        .account_id = row_i64(&rows, 0, TICKET_ACCOUNT_ID),
        .note = row_text(&rows, 0, TICKET_NOTE),
        .created_ms = row_i64(&rows, 0, TICKET_CREATED_AT_MS),
        .ends_ms = row_i64(&rows, 0, TICKET_ENDS_AT_MS),
        .tries_left = row_i64(&rows, 0, TICKET_TRIES_LEFT),
    };
    return OK;
}

enum err tickets_see(struct call *call, const char *kind, const char *text, struct ticket *ret)
{
    return find(call, &tickets_of, kind, text, ret);
}

enum err tickets_take(struct call *call, const char *kind, const char *text, struct ticket *ret)
{
    return find(call, &tickets_used, kind, text, ret);
}

enum err tickets_miss(struct call *call, const char *kind, const char *text)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(text, strlen(text), hash);
    return store_run(call, &tickets_tried, BIND(BYTES(hash, HASH_BYTES), TEXT(kind)), NULL);
}

enum err tickets_drop(struct call *call, int64_t account_id, const char *kind)
{
    if (!kind) {
        return store_run(call, &tickets_delete_all, BIND(I64(account_id)), NULL);
    }
    return store_run(call, &tickets_delete, BIND(I64(account_id), TEXT(kind)), NULL);
}
