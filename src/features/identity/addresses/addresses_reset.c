#include <string.h>

#include "base/arena.h"
#include "call/feature.h"
#include "features/identity/addresses/addresses.h"
#include "features/identity/emails/emails.h"
#include "features/identity/factors/factors.h"
#include "features/identity/passwords/passwords.h"
#include "privacy/sealed.h"
#include "store/queue.h"
#include "store/store.h"

/* A new password by mail; and the look-up hashes, without which nobody could ask for one. */

/* sees: server - nobody is told whom the letter goes to */
SQL(addresses_by_email, "SELECT id FROM account WHERE email_bi = $1 AND email_verified = 1");
/* sees: own - whose link it is */
SQL(addresses_password_of, "SELECT password_version, avatar_name, key_id, email_ct FROM account"
                           " WHERE id = $1 AND (state <> 'ended' OR (end_reason IS NULL"
                           " AND erase_at_ms > $2))");
COLUMNS(PASSWORD_VERSION, PASSWORD_AVATAR_NAME, PASSWORD_KEY_ID, PASSWORD_EMAIL_CT);
SQL(addresses_password, "UPDATE account SET password_hash = $2,"
                        " password_version = password_version + 1"
                        " WHERE id = $1 AND password_version = $3");
/* sees: server - makes look-up hashes anew */
SQL(addresses_unblinded, "SELECT id, key_id, email_ct FROM account WHERE email_bi IS NULL"
                         " AND email_ct IS NOT NULL AND id > $1 ORDER BY id LIMIT $2");
COLUMNS(UNBLINDED_ID, UNBLINDED_KEY_ID, UNBLINDED_EMAIL_CT);
SQL(addresses_reblind, "UPDATE account SET email_bi = $2, email_verified = CASE WHEN EXISTS"
                       " (SELECT 1 FROM account o WHERE o.email_bi = $2 AND o.email_verified = 1"
                       " AND o.id <> $1) THEN 0 ELSE email_verified END"
                       " WHERE id = $1 AND email_ct = $3 AND email_bi IS NULL");

enum err addresses_reset_ask(struct call *call, const uint8_t email_bi[HASH_BYTES])
{
    struct rows rows;
    TRY(store_run(call, &addresses_by_email, BIND(BYTES(email_bi, HASH_BYTES)), &rows));
    return accounts_letter(call, "reset", rows.count ? row_i64(&rows, 0, ONLY) : 0, 0);
}

enum err addresses_reset_look(struct call *call, const char *text, struct addresses_reset *reset)
{
    struct ticket ticket;
    struct rows rows;
    TRY(tickets_see(call, ADDRESSES_RESET, text, &ticket));
    TRY(store_run(call, &addresses_password_of, BIND(I64(ticket.account_id), I64(call->now_ms)),
                  &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "tickets.gone");
    }
    reset->account_id = ticket.account_id;
    reset->password.version = row_i64(&rows, 0, PASSWORD_VERSION);
    reset->password.name = row_text(&rows, 0, PASSWORD_AVATAR_NAME);
    reset->password.row.id = ticket.account_id;
    reset->password.row.key_id = row_i64(&rows, 0, PASSWORD_KEY_ID);
    reset->password.row.email =
        sealed_read(&rows, 0, PASSWORD_EMAIL_CT, reset->password.row.key_id);
    return mail_to_account(call, reset->account_id, &reset->to);
}

enum err addresses_reset_prepare(struct call *call, const char *password,
                                 struct addresses_reset *reset)
{
    ASSERT_CODE(!call->tx && reset->password.row.id == reset->account_id);
    TRY(accounts_password_make(call, password, &reset->password));
    sessions_prepare(call, false, &reset->device);
    return mail_prepare(call, &reset->to, "accounts.password_set", "/reset", NULL, 0, &reset->mail);
}

enum err addresses_reset_apply(struct call *call, const char *text,
                               const struct addresses_reset *reset)
{
    struct ticket ticket;
    struct rows rows;
    ASSERT_CODE(*reset->password.fresh && *reset->device.device_token);
    TRY(tickets_take(call, ADDRESSES_RESET, text, &ticket));
    TRY(store_run(
        call, &addresses_password,
        BIND(I64(reset->account_id), TEXT(reset->password.fresh), I64(reset->password.version)),
        &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "accounts.address_moved");
    }
    TRY(factors_password_set(call, reset->account_id, reset->password.is_short));
    TRY(accounts_shut(call, reset->account_id));
    TRY(sessions_know_device(call, reset->account_id, &reset->device));
    return mail_post(call, &reset->mail);
}

enum err addresses_blind_look(struct call *call, struct addresses_blind *batch)
{
    struct rows rows;
    TRY(store_run(call, &addresses_unblinded, BIND(I64(batch->after), I64(ADDRESSES_BLIND_BATCH)),
                  &rows));
    ASSERT_CODE(rows.count <= ADDRESSES_BLIND_BATCH);
    batch->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        batch->ids[i] = row_i64(&rows, i, UNBLINDED_ID);
        batch->emails[i] =
            sealed_read(&rows, i, UNBLINDED_EMAIL_CT, row_i64(&rows, i, UNBLINDED_KEY_ID));
    }
    return OK;
}

enum err addresses_blind_prepare(struct call *call, struct addresses_blind *batch)
{
    ASSERT_CODE(!call->tx && batch->count <= ADDRESSES_BLIND_BATCH);
    for (size_t i = 0; i < batch->count; i++) {
        const char *email = NULL;
        enum err err =
            sealed_open_row(call, batch->emails[i], "account.email_ct", batch->ids[i], &email);
        batch->known[i] = err == OK;
        if (err == ERR_MISSING || err == ERR_BROKEN) {
            call->fail_code = NULL; /* erased after the backup, or damaged: the others go on */
            continue;
        }
        TRY(err);
        TRY(emails_blind(call, email, batch->hashes[i]));
    }
    return OK;
}

enum err addresses_blind_apply(struct call *call, const struct addresses_blind *batch)
{
    ASSERT_CODE(call->tx && batch->count <= ADDRESSES_BLIND_BATCH);
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->known[i]) {
            TRY(store_run(call, &addresses_reblind,
                          BIND(I64(batch->ids[i]), BYTES(batch->hashes[i], HASH_BYTES),
                               SEALED(batch->emails[i])),
                          NULL));
        }
    }
    return batch->count == ADDRESSES_BLIND_BATCH
               ? job_queue(call, "accounts.blind_more",
                           arena_printf(call->arena, "%lld",
                                        (long long)batch->ids[ADDRESSES_BLIND_BATCH - 1]),
                           0, 0)
               : OK;
}

/* ---- when an account ends ---- */

static enum err shut(struct call *call, int64_t account_id)
{
    static const char *const kinds[] = {ADDRESSES_VERIFY, ADDRESSES_CHANGE, ADDRESSES_RESET};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        TRY(tickets_drop(call, account_id, kinds[i]));
    }
    return OK;
}

const struct account_ending addresses_ending = {.shut = shut};
