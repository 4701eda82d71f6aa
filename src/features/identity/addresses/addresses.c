#include "features/identity/addresses/addresses.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/emails/emails.h"
#include "features/identity/factors/factors.h"
#include "features/identity/passkeys/passkeys.h"
#include "features/identity/providers/providers.h"
#include "privacy/sealed.h"
#include "store/store.h"

#define CHANGE_CT "address_change.email_ct"
#define ACCOUNT_CT "account.email_ct"

SQL(addresses_own, "SELECT key_id, email_ct, email_verified FROM account WHERE id = $1");
COLUMNS(OWN_KEY_ID, OWN_EMAIL_CT, OWN_EMAIL_VERIFIED);
SQL(addresses_asked, "SELECT email_ct, ends_at_ms FROM address_change WHERE account_id = $1"
                     " AND state = 'asked' AND ends_at_ms > $2");
COLUMNS(ASKED_EMAIL_CT, ASKED_ENDS_AT_MS);
SQL(addresses_ask, "INSERT INTO address_change (id, account_id, state, email_ct, email_bi,"
                   " created_at_ms, ends_at_ms) VALUES ($1, $2, 'asked', $3, $4, $5, $6)");
SQL(addresses_unask, "DELETE FROM address_change WHERE account_id = $1 AND state = 'asked'");
/* sees: own - whose link it is */
SQL(addresses_change_row, "SELECT a.key_id, a.email_ct, a.email_verified, a.email_bi, c.email_ct,"
                          " c.created_at_ms"
                          " FROM account a LEFT JOIN address_change c ON c.account_id = a.id"
                          " AND c.id = $2 AND c.state = $3 WHERE a.id = $1");
COLUMNS(CHANGE_KEY_ID, CHANGE_EMAIL_CT, CHANGE_EMAIL_VERIFIED, CHANGE_EMAIL_BI, CHANGE_NEW_EMAIL_CT,
        CHANGE_CREATED_AT_MS);
/* sees: server - is the address proved by somebody else, or kept for who had it last */
SQL(addresses_taken, "SELECT 1 FROM account WHERE email_bi = $1 AND email_verified = 1 AND id <> $2"
                     " UNION SELECT 1 FROM address_change WHERE email_bi = $1 AND state = 'done'"
                     " AND account_id <> $2 AND ends_at_ms > $3 LIMIT 1");
SQL(addresses_verified, "UPDATE account SET email_verified = 1, email_bi = $2 WHERE id = $1"
                        " AND email_ct = $3");
SQL(addresses_switch, "UPDATE account SET email_ct = $2, email_bi = $3, email_verified = 1"
                      " WHERE id = $1 AND email_ct IS NOT DISTINCT FROM $4");
SQL(addresses_keep, "INSERT INTO address_change (id, account_id, state, email_ct, email_bi,"
                    " created_at_ms, ends_at_ms) VALUES ($1, $2, 'done', $3, $4, $5, $6)");
SQL(addresses_unasked_one, "DELETE FROM address_change WHERE id = $1 AND account_id = $2"
                           " AND state = 'asked'");
SQL(addresses_void, "DELETE FROM address_change WHERE account_id = $1 AND (id >= $2"
                    " OR state = 'asked')");
SQL(addresses_back, "UPDATE account SET email_ct = $2, email_bi = $3, email_verified = 1,"
                    " password_hash = NULL, password_version = password_version + 1,"
                    " state = CASE WHEN erase_at_ms IS NOT NULL AND end_reason IS NULL"
                    " THEN 'active' ELSE state END, erase_at_ms = CASE WHEN end_reason IS NULL"
                    " THEN NULL ELSE erase_at_ms END WHERE id = $1"
                    " AND (erase_at_ms IS NULL OR erase_at_ms > $4)");

/* ---- a change ---- */

enum err addresses_ask_look(struct call *call, struct addresses_wish *wish)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &addresses_own, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    wish->row.id = call->actor.id;
    wish->row.key_id = row_i64(&rows, 0, OWN_KEY_ID);
    wish->row.email = sealed_read(&rows, 0, OWN_EMAIL_CT, wish->row.key_id);
    wish->verified = row_i64(&rows, 0, OWN_EMAIL_VERIFIED) != 0;
    return OK;
}

enum err addresses_ask_prepare(struct call *call, const char *email, struct addresses_wish *wish)
{
    struct accounts_me me = {0};
    ASSERT_CODE(!call->tx && wish->row.id == call->actor.id);
    TRY(emails_check(call, email, "email", &wish->email));
    TRY(accounts_open(call, &wish->row, &me));
    if (me.email && strcmp(me.email, wish->email) == 0) {
        return call_fail_field(call, ERR_CONFLICT, "accounts.address_same", "email");
    }
    TRY(sealed_text(call, wish->row.key_id, CHANGE_CT, wish->email, &wish->sealed));
    return emails_blind(call, wish->email, wish->email_bi);
}

enum err addresses_ask_apply(struct call *call, const struct addresses_wish *wish)
{
    int64_t id = id_new(call);
    ASSERT_CODE(call->actor.id && wish->email && wish->sealed.at);
    TRY(addresses_ask_drop(call));
    TRY(store_run(call, &addresses_ask,
                  BIND(I64(id), I64(call->actor.id), SEALED(wish->sealed),
                       BYTES(wish->email_bi, HASH_BYTES), I64(call->now_ms),
                       I64(call->now_ms + ADDRESSES_CHANGE_MS)),
                  NULL));
    return accounts_letter(call, "ask", call->actor.id, id);
}

enum err addresses_ask_drop(struct call *call)
{
    ASSERT_CODE(call->actor.id);
    TRY(tickets_drop(call, call->actor.id, ADDRESSES_CHANGE));
    return store_run(call, &addresses_unask, BIND(I64(call->actor.id)), NULL);
}

enum err addresses_again(struct call *call)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &addresses_own, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0 || row_i64(&rows, 0, OWN_EMAIL_VERIFIED) != 0) {
        return call_fail(call, ERR_CONFLICT, "accounts.address_proved");
    }
    return accounts_letter(call, "verify", call->actor.id, 0);
}

enum err addresses_state(struct call *call, struct addresses_state *ret)
{
    struct rows rows, asked;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &addresses_own, BIND(I64(call->actor.id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    ret->row.id = call->actor.id;
    ret->row.key_id = row_i64(&rows, 0, OWN_KEY_ID);
    ret->row.email = sealed_read(&rows, 0, OWN_EMAIL_CT, ret->row.key_id);
    ret->verified = row_i64(&rows, 0, OWN_EMAIL_VERIFIED) != 0;
    TRY(store_run(call, &addresses_asked, BIND(I64(call->actor.id), I64(call->now_ms)), &asked));
    if (asked.count > 0) {
        ret->asked_ct = sealed_read(&asked, 0, ASKED_EMAIL_CT, ret->row.key_id);
        ret->ends_ms = row_i64(&asked, 0, ASKED_ENDS_AT_MS);
    }
    return OK;
}

enum err addresses_state_open(struct call *call, struct addresses_state *state)
{
    struct accounts_me me = {0};
    ASSERT_CODE(!call->tx && state->row.id == call->actor.id);
    TRY(accounts_open(call, &state->row, &me));
    state->email = me.email;
    return sealed_open(call, state->asked_ct, CHANGE_CT, &state->asked);
}

/* ---- links ---- */

static int64_t note_id(const struct ticket *ticket)
{
    int64_t id = 0;
    return text_i64(ticket->note, 1, INT64_MAX, &id) ? id : 0;
}

static enum err gone(struct call *call)
{
    return call_fail(call, ERR_MISSING, "tickets.gone");
}

enum err addresses_prove_look(struct call *call, const char *text, struct addresses_proof *proof)
{
    struct ticket ticket;
    struct rows rows;
    enum err err = tickets_see(call, ADDRESSES_VERIFY, text, &ticket);
    if (err == ERR_MISSING) {
        call->fail_code = NULL;
        proof->change = true;
        err = tickets_see(call, ADDRESSES_CHANGE, text, &ticket);
    }
    TRY(err);
    proof->account_id = ticket.account_id;
    proof->change_id = note_id(&ticket);
    TRY(store_run(call, &addresses_change_row,
                  BIND(I64(proof->account_id), I64(proof->change_id), TEXT("asked")), &rows));
    if (rows.count == 0) {
        return gone(call);
    }
    proof->key_id = row_i64(&rows, 0, CHANGE_KEY_ID);
    proof->old_ct = sealed_read(&rows, 0, CHANGE_EMAIL_CT, proof->key_id);
    proof->was_verified = row_i64(&rows, 0, CHANGE_EMAIL_VERIFIED) != 0;
    proof->new_ct = sealed_read(&rows, 0, CHANGE_NEW_EMAIL_CT, proof->key_id);
    return proof->change && !proof->new_ct.at ? gone(call) : OK;
}

enum err addresses_prove_prepare(struct call *call, struct addresses_proof *proof)
{
    const char *old = NULL, *fresh = NULL;
    int64_t key_id = proof->key_id;
    ASSERT_CODE(!call->tx);
    if (proof->old_ct.at) {
        TRY(sealed_open_row(call, proof->old_ct, ACCOUNT_CT, proof->account_id, &old));
        TRY(emails_blind(call, old, proof->old_bi));
    }
    if (!proof->change) {
        return OK;
    }
    TRY(sealed_open(call, proof->new_ct, CHANGE_CT, &fresh));
    TRY(sealed_row(call, key_id, ACCOUNT_CT, proof->account_id, fresh, &proof->account_ct));
    TRY(emails_blind(call, fresh, proof->new_bi));
    return old ? sealed_text(call, key_id, CHANGE_CT, old, &proof->change_ct) : OK;
}

static enum err must_be_free(struct call *call, const uint8_t email_bi[HASH_BYTES],
                             int64_t account_id)
{
    struct rows rows;
    TRY(store_run(call, &addresses_taken,
                  BIND(BYTES(email_bi, HASH_BYTES), I64(account_id), I64(call->now_ms)), &rows));
    return rows.count == 0 ? OK : call_fail(call, ERR_CONFLICT, "accounts.address_used");
}

/* Two that prove one address at once: the unique index is the last word. */
static enum err written(struct call *call, enum err err, const struct rows *rows)
{
    if (err == ERR_CONFLICT) {
        return call_fail(call, ERR_CONFLICT, "accounts.address_used");
    }
    TRY(err);
    return rows->changed ? OK : call_fail(call, ERR_CONFLICT, "accounts.address_moved");
}

static enum err sealed_same(struct call *call, const struct addresses_proof *proof,
                            struct rows *rows)
{
    return store_run(
        call, &addresses_verified,
        BIND(I64(proof->account_id), BYTES(proof->old_bi, HASH_BYTES), SEALED(proof->old_ct)),
        rows);
}

/* The address that was there may come back for a week, if it was proved. */
static enum err keep_old(struct call *call, const struct addresses_proof *proof)
{
    if (!proof->was_verified || !proof->change_ct.at) {
        return OK;
    }
    int64_t id = id_new(call);
    TRY(store_run(call, &addresses_keep,
                  BIND(I64(id), I64(proof->account_id), SEALED(proof->change_ct),
                       BYTES(proof->old_bi, HASH_BYTES), I64(call->now_ms),
                       I64(call->now_ms + ADDRESSES_UNDO_MS)),
                  NULL));
    return accounts_letter(call, "changed", proof->account_id, id);
}

static enum err apply_change(struct call *call, const struct addresses_proof *proof)
{
    struct rows rows;
    int64_t id = proof->account_id;
    TRY(store_run(call, &addresses_unasked_one, BIND(I64(proof->change_id), I64(id)), &rows));
    if (rows.changed == 0) {
        return gone(call);
    }
    TRY(must_be_free(call, proof->new_bi, id));
    enum err err = store_run(call, &addresses_switch,
                             BIND(I64(id), SEALED(proof->account_ct),
                                  BYTES(proof->new_bi, HASH_BYTES), SEALED(proof->old_ct)),
                             &rows);
    TRY(written(call, err, &rows));
    /* Links that went to the old address open nothing any more. */
    TRY(tickets_drop(call, id, ADDRESSES_VERIFY));
    TRY(tickets_drop(call, id, ADDRESSES_RESET));
    return keep_old(call, proof);
}

enum err addresses_prove_apply(struct call *call, const char *text,
                               const struct addresses_proof *proof)
{
    struct ticket ticket;
    struct rows rows;
    ASSERT_CODE(!proof->change || proof->account_ct.at);
    TRY(tickets_take(call, proof->change ? ADDRESSES_CHANGE : ADDRESSES_VERIFY, text, &ticket));
    if (proof->change) {
        return apply_change(call, proof);
    }
    if (!proof->old_ct.at) {
        return gone(call);
    }
    TRY(must_be_free(call, proof->old_bi, proof->account_id));
    enum err err = sealed_same(call, proof, &rows);
    return written(call, err, &rows);
}

/* ---- taking a change back ---- */

/* Ways in that a thief has built beside the new address, or in the weeks before it: one who waits
 * a day is none the better for it.  The owner adds theirs again. */
static enum err forget_ways(struct call *call, int64_t account_id, int64_t changed_ms)
{
    int64_t since_ms = changed_ms - ADDRESSES_WAYS_MS;
    TRY(passkeys_forget_since(call, account_id, since_ms));
    TRY(providers_forget_since(call, account_id, since_ms));
    return factors_forget_since(call, account_id, since_ms);
}

enum err addresses_undo_look(struct call *call, const char *text, struct addresses_undo *undo)
{
    struct ticket ticket;
    struct rows rows;
    TRY(tickets_see(call, ADDRESSES_UNDO, text, &ticket));
    undo->account_id = ticket.account_id;
    undo->change_id = note_id(&ticket);
    TRY(store_run(call, &addresses_change_row,
                  BIND(I64(undo->account_id), I64(undo->change_id), TEXT("done")), &rows));
    if (rows.count == 0 || row_null(&rows, 0, CHANGE_NEW_EMAIL_CT)) {
        return gone(call);
    }
    undo->key_id = row_i64(&rows, 0, CHANGE_KEY_ID);
    undo->old_ct = sealed_read(&rows, 0, CHANGE_NEW_EMAIL_CT, undo->key_id);
    return OK;
}

enum err addresses_undo_prepare(struct call *call, struct addresses_undo *undo)
{
    const char *old = NULL;
    ASSERT_CODE(!call->tx && undo->old_ct.at);
    TRY(sealed_open(call, undo->old_ct, CHANGE_CT, &old));
    TRY(sealed_row(call, undo->key_id, ACCOUNT_CT, undo->account_id, old, &undo->account_ct));
    TRY(emails_blind(call, old, undo->email_bi));
    tickets_prepare(&undo->fresh);
    return OK;
}

enum err addresses_undo_apply(struct call *call, const char *text,
                              const struct addresses_undo *undo)
{
    struct ticket ticket;
    struct rows rows;
    int64_t id = undo->account_id;
    ASSERT_CODE(undo->account_ct.at && *undo->fresh.text);
    TRY(tickets_take(call, ADDRESSES_UNDO, text, &ticket));
    /* An earlier undo voids the later changes, so what was seen in `look` must still be there. */
    TRY(store_run(call, &addresses_change_row, BIND(I64(id), I64(undo->change_id), TEXT("done")),
                  &rows));
    if (rows.count == 0 || row_null(&rows, 0, CHANGE_NEW_EMAIL_CT)) {
        return gone(call);
    }
    int64_t changed_ms = row_i64(&rows, 0, CHANGE_CREATED_AT_MS);
    TRY(must_be_free(call, undo->email_bi, id));
    TRY(store_run(call, &addresses_void, BIND(I64(id), I64(undo->change_id)), NULL));
    enum err err = store_run(call, &addresses_back,
                             BIND(I64(id), SEALED(undo->account_ct),
                                  BYTES(undo->email_bi, HASH_BYTES), I64(call->now_ms)),
                             &rows);
    TRY(err == OK && !rows.changed ? gone(call) : written(call, err, &rows)); /* to be erased now */
    TRY(forget_ways(call, id, changed_ms));
    TRY(accounts_shut(call, id));
    const struct ticket_facts facts = {
        .kind = ADDRESSES_RESET, .account_id = id, .life_ms = ADDRESSES_RESET_MS};
    return tickets_store(call, &undo->fresh, &facts);
}
