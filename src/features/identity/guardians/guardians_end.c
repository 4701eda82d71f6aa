#include <string.h>

#include "base/arena.h"
#include "features/identity/emails/emails.h"
#include "features/identity/guardians/guardians_inner.h"
#include "privacy/sealed.h"
#include "store/queue.h"

/* sees: server - after a restore addresses are found again */
SQL(guardians_unblinded, "SELECT id, key_id, email_ct FROM guardian WHERE email_bi IS NULL"
                         " AND id > $1 ORDER BY id LIMIT $2");
COLUMNS(UNBLINDED_ID, UNBLINDED_KEY_ID, UNBLINDED_EMAIL_CT);
SQL(guardians_blinded, "UPDATE guardian SET email_bi = $2 WHERE id = $1 AND email_bi IS NULL");
SQL(guardians_delete, "DELETE FROM guardian WHERE id = $1");
/* sees: server - the parent of who needs none any more */
SQL(guardians_of_child, "SELECT id, page_key_id FROM guardian WHERE account_id = $1 LIMIT 1");
COLUMNS(OF_CHILD_ID, OF_CHILD_PAGE_KEY_ID);
/* The child cannot open it again: there is a reason that is not its own. */
SQL(guardians_close,
    "UPDATE account SET end_reason = COALESCE(end_reason, CASE state WHEN 'waiting' THEN"
    " 'parent.waiting' ELSE 'parent' END), state = 'ended', erase_at_ms = CASE WHEN erase_at_ms"
    " <= $2 THEN erase_at_ms ELSE $2 END WHERE id = $1");
SQL(guardians_reopen,
    "UPDATE account SET state = CASE end_reason WHEN 'parent.waiting' THEN 'waiting' ELSE 'active'"
    " END, end_reason = NULL, erase_at_ms = NULL WHERE id = $1 AND state = 'ended'"
    " AND end_reason IN ('parent', 'parent.waiting') AND erase_at_ms > $2");
/* sees: own - the parent who ended it */
SQL(guardians_closed, "SELECT erase_at_ms FROM account WHERE id = $1 AND state = 'ended'"
                      " AND end_reason IN ('parent', 'parent.waiting')");
/* sees: server - counts only */
SQL(guardians_ended_lately, "SELECT count(*) FROM guardian_step WHERE guardian_id = $1"
                            " AND what = 'withdrawn' AND at_ms > $2");
/* sees: server - what is over is erased */
SQL(guardians_over, "SELECT id, key_id, page_key_id, account_id FROM guardian"
                    " WHERE ends_at_ms <= $1 ORDER BY ends_at_ms LIMIT $2");
COLUMNS(OVER_ID, OVER_KEY_ID, OVER_PAGE_KEY_ID, OVER_ACCOUNT_ID);
/* sees: server - whose form's pictures go */
SQL(guardians_shown_long, "SELECT id, page_key_id FROM guardian WHERE decided_at_ms <= $1"
                          " AND state IN ('granted', 'active')"
                          " AND page_key_id IS NOT NULL ORDER BY decided_at_ms LIMIT $2");
COLUMNS(SHOWN_LONG_ID, SHOWN_LONG_PAGE_KEY_ID);
SQL(guardians_pages_gone, "DELETE FROM guardian_page WHERE guardian_id = $1");
SQL(guardians_page_key_gone, "UPDATE guardian SET page_key_id = NULL WHERE id = $1");
/* sees: server - does an unsent mail need this key */
SQL(guardians_mail_open, "SELECT 1 FROM mail WHERE key_id = $1"
                         " AND state IN ('waiting', 'sending') LIMIT 1");

enum err guardians_burn_later(struct call *call, int64_t key_id)
{
    return job_queue(call, "guardians.burn",
                     arena_printf(call->arena, "{\"key\":\"%lld\"}", (long long)key_id), 0, 0);
}

/*
 * The row goes with its pages and steps (their tables say so), mails that wait are dropped,
 * the keys are burned by jobs of the same transaction: a crash cannot lose them.
 */
enum err guardians_erase(struct call *call, const struct guardian *guardian)
{
    ASSERT_CODE(call->tx);
    TRY(mail_drop(call, 0, guardian->key_id));
    TRY(store_run(call, &guardians_delete, BIND(I64(guardian->id)), NULL));
    if (guardian->page_key_id) {
        TRY(guardians_burn_later(call, guardian->page_key_id));
    }
    return guardians_burn_later(call, guardian->key_id);
}

enum err guardians_pages_end(struct call *call, const struct guardian *guardian)
{
    ASSERT_CODE(call->tx);
    if (!guardian->page_key_id) {
        return OK;
    }
    TRY(store_run(call, &guardians_pages_gone, BIND(I64(guardian->id)), NULL));
    TRY(store_run(call, &guardians_page_key_gone, BIND(I64(guardian->id)), NULL));
    return guardians_burn_later(call, guardian->page_key_id);
}

enum err guardians_end_prepare(struct call *call, const char *link, struct guardians_ending *state)
{
    const char *path = arena_printf(call->arena, "/parent#%s", link);
    ASSERT_CODE(!call->tx);
    return state->guardian.account_id
               ? guardians_mail(call, &state->guardian, "guardians.ended", path, &state->mail)
               : OK;
}

enum err guardians_end(struct call *call, const struct guardians_ending *state)
{
    struct rows lately;
    const struct guardian *guardian = &state->guardian;
    int64_t id = guardian->account_id;
    ASSERT_CODE(call->tx);
    if (!id) {
        return guardians_erase(call, guardian);
    }
    if (guardian->raising) {
        TRY(guardians_more_end(call, guardian, "parts", 0));
    } else { /* the account's own end burns only the account's key */
        TRY(guardians_pages_end(call, guardian));
    }
    TRY(store_run(call, &guardians_ended_lately,
                  BIND(I64(guardian->id), I64(call->now_ms - TIME_DAY)), &lately));
    TRY(guardians_note(call, guardian->id, "withdrawn", 0));
    TRY(store_run(call, &guardians_close, BIND(I64(id), I64(call->now_ms + ACCOUNTS_REGRET_MS)),
                  NULL));
    call_emit(call, EVENT_ACCOUNT_ENDED, id, 0, NULL); /* first: their rooms hear no sign-in end */
    TRY(accounts_shut(call, id));
    /* Ended and taken back in turn: the same mail, with the same way back, is there already. */
    bool enough = row_i64(&lately, 0, ONLY) >= GUARDIANS_MAILS_A_DAY;
    return enough ? OK : mail_post(call, &state->mail);
}

enum err guardians_end_back(struct call *call, const struct guardian *guardian)
{
    struct rows rows;
    TRY(store_run(call, &guardians_reopen, BIND(I64(guardian->account_id), I64(call->now_ms)),
                  &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "guardians.link");
    }
    call_emit(call, EVENT_ACCOUNT_CHANGED, guardian->account_id, 0, NULL);
    return guardians_note(call, guardian->id, "taken_back", 0);
}

enum err guardians_ended(struct call *call, int64_t account_id, int64_t *ret_erase_ms)
{
    struct rows rows;
    TRY(store_run(call, &guardians_closed, BIND(I64(account_id)), &rows));
    *ret_erase_ms = rows.count ? row_i64(&rows, 0, ONLY) : 0;
    return OK;
}

enum err guardians_grown(struct call *call, int64_t account_id)
{
    struct rows rows;
    TRY(store_run(call, &guardians_of_child, BIND(I64(account_id)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        if (!row_null(&rows, i, OF_CHILD_PAGE_KEY_ID)) {
            TRY(guardians_burn_later(call, row_i64(&rows, i, OF_CHILD_PAGE_KEY_ID)));
        }
        TRY(store_run(call, &guardians_delete, BIND(I64(row_i64(&rows, i, OF_CHILD_ID))), NULL));
    }
    return OK;
}

static enum err sweep_requests(struct call *call)
{
    struct rows rows;
    TRY(store_run(call, &guardians_over, BIND(I64(call->now_ms), I64(GUARDIANS_SWEEP_MAX)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct guardian over = {.id = row_i64(&rows, i, OVER_ID),
                                      .key_id = row_i64(&rows, i, OVER_KEY_ID),
                                      .page_key_id = row_i64(&rows, i, OVER_PAGE_KEY_ID),
                                      .account_id = row_i64(&rows, i, OVER_ACCOUNT_ID)};
        TRY(over.account_id ? guardians_more_end(call, &over, "more_over", 0)
                            : guardians_erase(call, &over));
    }
    return OK;
}

enum err guardians_sweep(struct call *call)
{
    struct rows rows;
    TRY(sweep_requests(call));
    TRY(store_run(
        call, &guardians_shown_long,
        BIND(I64(call->now_ms - GUARDIANS_PAGE_DAYS * TIME_DAY), I64(GUARDIANS_SWEEP_MAX)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct guardian shown = {.id = row_i64(&rows, i, SHOWN_LONG_ID),
                                       .page_key_id = row_i64(&rows, i, SHOWN_LONG_PAGE_KEY_ID)};
        TRY(guardians_pages_end(call, &shown));
    }
    return OK;
}

enum err guardians_mail_waits(struct call *call, int64_t key_id, bool *ret)
{
    struct rows rows;
    TRY(store_run(call, &guardians_mail_open, BIND(I64(key_id)), &rows));
    *ret = rows.count > 0;
    return OK;
}

enum err guardians_blind_look(struct call *call, struct guardians_blinding *ret)
{
    struct rows rows;
    TRY(store_run(call, &guardians_unblinded, BIND(I64(ret->after), I64((int64_t)COUNT(ret->rows))),
                  &rows));
    ASSERT_CODE(rows.count <= COUNT(ret->rows));
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret->rows[i].id = row_i64(&rows, i, UNBLINDED_ID);
        ret->rows[i].known = true;
        ret->rows[i].email =
            sealed_read(&rows, i, UNBLINDED_EMAIL_CT, row_i64(&rows, i, UNBLINDED_KEY_ID));
    }
    return OK;
}

enum err guardians_blind_prepare(struct call *call, struct guardians_blinding *state)
{
    ASSERT_CODE(!call->tx && state->count <= COUNT(state->rows));
    for (size_t i = 0; i < state->count; i++) {
        const char *email = NULL;
        enum err err = sealed_open(call, state->rows[i].email, "guardian.email_ct", &email);
        if (err == ERR_MISSING || err == ERR_BROKEN) { /* burned since the backup, or damaged */
            call->fail_code = NULL;
            state->rows[i].known = false;
            continue;
        }
        TRY(err);
        TRY(emails_blind(call, email, state->rows[i].bi));
    }
    return OK;
}

enum err guardians_blind_apply(struct call *call, const struct guardians_blinding *state)
{
    ASSERT_CODE(call->tx && state->count <= COUNT(state->rows));
    for (size_t i = 0; i < state->count; i++) {
        if (state->rows[i].known) {
            TRY(store_run(call, &guardians_blinded,
                          BIND(I64(state->rows[i].id), BYTES(state->rows[i].bi, HASH_BYTES)),
                          NULL));
        }
    }
    return state->count == COUNT(state->rows)
               ? job_queue(
                     call, "guardians.blind_more",
                     arena_printf(call->arena, "%lld", (long long)state->rows[state->count - 1].id),
                     0, 0)
               : OK;
}
