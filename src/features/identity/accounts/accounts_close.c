#include "features/identity/accounts/accounts.h"
#include "features/notify/mail/mail.h"
#include "store/store.h"

/* The end of an account: closed by its owner, and all ways in with it. */

SQL(accounts_close_row, "UPDATE account SET state = 'ended', erase_at_ms = $2 WHERE id = $1"
                        " AND state <> 'ended'");
/* sees: server - the last administrator cannot leave */
SQL(accounts_admins, "SELECT count(*) FROM account WHERE role = 'admin' AND state = 'active'"
                     " AND id <> $1");
/* sees: server - is it an administrator's, and is there another? */
SQL(accounts_admin_left, "SELECT 1 FROM account a WHERE a.public_id = $1 AND a.role = 'admin'"
                         " AND a.state = 'active' AND NOT EXISTS (SELECT 1 FROM account o WHERE"
                         " o.role = 'admin' AND o.state = 'active' AND o.id <> a.id)");

enum err accounts_shut(struct call *call, int64_t account_id)
{
    ASSERT_CODE(call->tx);
    for (size_t i = 0; features[i]; i++) {
        const struct account_ending *row = features[i]->ending;
        if (row && row->shut) {
            TRY(row->shut(call, account_id));
        }
    }
    return OK;
}

/* ---- by oneself ---- */

static enum err not_the_last(struct call *call)
{
    struct rows rows;
    if (!(call->actor.roles & ROLE_ADMIN)) {
        return OK;
    }
    TRY(store_run(call, &accounts_admins, BIND(I64(call->actor.id)), &rows));
    return row_i64(&rows, 0, ONLY) > 0 ? OK : call_fail(call, ERR_CONFLICT, "accounts.last_admin");
}

enum err accounts_leaves_an_admin(struct call *call, const char *public_id)
{
    struct rows rows;
    TRY(store_run(call, &accounts_admin_left, BIND(TEXT(public_id)), &rows));
    return rows.count ? call_fail(call, ERR_CONFLICT, "accounts.no_admin") : OK;
}

enum err accounts_close_look(struct call *call, struct accounts_closing *closing)
{
    ASSERT_CODE(call->actor.id);
    TRY(not_the_last(call));
    return mail_to_account(call, call->actor.id, &closing->to);
}

enum err accounts_close_prepare(struct call *call, struct accounts_closing *closing)
{
    ASSERT_CODE(!call->tx && closing->to.account_id == call->actor.id);
    closing->erase_ms = call->now_ms + ACCOUNTS_REGRET_MS;
    return mail_prepare(call, &closing->to, "accounts.closed", "/sign-in", NULL, 0, &closing->mail);
}

enum err accounts_close_apply(struct call *call, const struct accounts_closing *closing)
{
    struct rows rows;
    int64_t id = call->actor.id;
    ASSERT_CODE(id && closing->erase_ms);
    TRY(not_the_last(call));
    TRY(store_run(call, &accounts_close_row, BIND(I64(id), I64(closing->erase_ms)), &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    call_emit(call, EVENT_ACCOUNT_ENDED, id, 0, NULL); /* first: their rooms hear no sign-in end */
    TRY(accounts_shut(call, id));
    return mail_post(call, &closing->mail);
}
