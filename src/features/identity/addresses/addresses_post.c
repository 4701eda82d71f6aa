#include <string.h>

#include "base/arena.h"
#include "call/id.h"
#include "features/identity/addresses/addresses.h"
#include "privacy/sealed.h"
#include "store/queue.h"
#include "store/store.h"

/* Letters: who gets which link is found out here, in a job, where nobody measures the time. */

/* contact: the mail server writes to the account's own address, or to one it gave. */
/* sees: server - the address that a letter is written to */
SQL(addresses_of, "SELECT key_id, language, avatar_name, email_bi, email_verified, state,"
                  " end_reason, erase_at_ms FROM account WHERE id = $1");
COLUMNS(ACCOUNT_KEY_ID, ACCOUNT_LANGUAGE, ACCOUNT_AVATAR_NAME, ACCOUNT_EMAIL_BI,
        ACCOUNT_EMAIL_VERIFIED, ACCOUNT_STATE, ACCOUNT_END_REASON, ACCOUNT_ERASE_AT_MS);
/* sees: server - the address that a letter is written to */
SQL(addresses_change_of, "SELECT email_ct, email_bi, state, ends_at_ms FROM address_change"
                         " WHERE id = $1 AND account_id = $2 AND ends_at_ms > $3");
COLUMNS(ADDRESS_EMAIL_CT, ADDRESS_EMAIL_BI, ADDRESS_STATE, ADDRESS_ENDS_AT_MS);
/* sees: server - who has proved this address */
SQL(addresses_holder, "SELECT id FROM account WHERE email_bi = $1 AND email_verified = 1"
                      " AND id <> $2");
/* sees: server - was a letter written a moment ago */
SQL(addresses_recent, "SELECT 1 FROM ticket WHERE account_id = $1 AND kind = $2"
                      " AND created_at_ms > $3 LIMIT 1");

#define MARK "accounts.used_address"

/* To an address that this account has not proved yet: it may be anybody's, and is not flooded. */
static enum err look_unproved(struct call *call, struct addresses_post *post, const char *kind,
                              const char *ticket_kind)
{
    int64_t today = 0;
    TRY(mail_today(call, post->email_bi, &today));
    if (today < ADDRESSES_UNPROVED_MAX) {
        post->kind = kind;
        post->ticket_kind = ticket_kind;
        post->path = "/verify#";
        post->to.email_bi = post->email_bi;
        post->send = true;
    }
    return OK;
}

/* Somebody else has proved it: they are told instead, at most once a day. */
static enum err look_holder(struct call *call, struct addresses_post *post, bool *ret_used)
{
    struct rows holder, recent;
    TRY(store_run(call, &addresses_holder,
                  BIND(BYTES(post->email_bi, post->email_bi_len), I64(post->account_id)), &holder));
    *ret_used = holder.count > 0;
    if (holder.count == 0) {
        return OK;
    }
    int64_t id = row_i64(&holder, 0, ONLY);
    TRY(store_run(call, &addresses_recent,
                  BIND(I64(id), TEXT(MARK), I64(call->now_ms - ADDRESSES_USED_EVERY_MS)), &recent));
    if (recent.count > 0) {
        return OK;
    }
    TRY(mail_to_account(call, id, &post->to));
    post->kind = "accounts.used_address";
    post->ticket_kind = MARK;
    post->path = "/reset";
    post->marker = id;
    post->life_ms = ADDRESSES_USED_EVERY_MS;
    post->elsewhere = (struct sealed){0};
    post->send = true;
    return OK;
}

static enum err look_verify(struct call *call, struct addresses_post *post,
                            const struct rows *account)
{
    bool used = false;
    if (row_i64(account, 0, ACCOUNT_EMAIL_VERIFIED) || post->email_bi_len == 0) {
        return OK; /* proved already */
    }
    TRY(look_holder(call, post, &used));
    post->life_ms = used ? post->life_ms : ADDRESSES_VERIFY_MS;
    return used ? OK : look_unproved(call, post, ADDRESSES_VERIFY, ADDRESSES_VERIFY);
}

static enum err look_change(struct call *call, struct addresses_post *post, bool done)
{
    struct rows rows;
    bool used = false;
    TRY(store_run(call, &addresses_change_of,
                  BIND(I64(post->change_id), I64(post->account_id), I64(call->now_ms)), &rows));
    if (rows.count == 0 || (strcmp(row_text(&rows, 0, ADDRESS_STATE), "done") == 0) != done) {
        return OK; /* taken back meanwhile */
    }
    post->elsewhere = sealed_read(&rows, 0, ADDRESS_EMAIL_CT, post->to.key_id);
    size_t len = 0;
    const uint8_t *hash = row_bytes(&rows, 0, ADDRESS_EMAIL_BI, &len);
    if (len != HASH_BYTES) {
        return ERR_BROKEN;
    }
    memcpy(post->email_bi, hash, len);
    post->email_bi_len = len;
    if (!done) {
        TRY(look_holder(call, post, &used));
    }
    if (used) {
        return OK;
    }
    post->life_ms = row_i64(&rows, 0, ADDRESS_ENDS_AT_MS) - call->now_ms;
    if (!done) {
        return look_unproved(call, post, "accounts.new_address", ADDRESSES_CHANGE);
    }
    post->kind = "accounts.address_changed";
    post->ticket_kind = ADDRESSES_UNDO;
    post->path = "/undo#";
    post->send = true;
    return OK;
}

static enum err look_reset(struct call *call, struct addresses_post *post,
                           const struct rows *account)
{
    struct rows recent;
    TRY(store_run(call, &addresses_recent,
                  BIND(I64(post->account_id), TEXT(ADDRESSES_RESET),
                       I64(call->now_ms - ADDRESSES_RESET_EVERY_MS)),
                  &recent));
    if (row_i64(account, 0, ACCOUNT_EMAIL_VERIFIED) && recent.count == 0) {
        post->kind = post->ticket_kind = ADDRESSES_RESET;
        post->path = "/reset#";
        post->life_ms = ADDRESSES_RESET_MS;
        post->send = true;
    }
    return OK;
}

enum err addresses_post_look(struct call *call, struct addresses_post *post)
{
    struct rows rows;
    TRY(store_run(call, &addresses_of, BIND(I64(post->account_id)), &rows));
    if (rows.count == 0) {
        return OK; /* nobody, or erased meanwhile */
    }
    bool ended = strcmp(row_text(&rows, 0, ACCOUNT_STATE), "ended") == 0;
    if (ended && (row_text(&rows, 0, ACCOUNT_END_REASON) ||
                  row_i64(&rows, 0, ACCOUNT_ERASE_AT_MS) <= call->now_ms)) {
        return OK;
    }
    post->to = (struct mail_to){.account_id = post->account_id,
                                .key_id = row_i64(&rows, 0, ACCOUNT_KEY_ID),
                                .language = row_text(&rows, 0, ACCOUNT_LANGUAGE),
                                .name = row_text(&rows, 0, ACCOUNT_AVATAR_NAME)};
    size_t len = 0;
    const uint8_t *hash = row_bytes(&rows, 0, ACCOUNT_EMAIL_BI, &len);
    if (len == HASH_BYTES) {
        memcpy(post->email_bi, hash, len);
        post->email_bi_len = len;
    }
    if (strcmp(post->what, "verify") == 0) {
        return look_verify(call, post, &rows);
    }
    if (strcmp(post->what, "reset") == 0) {
        return look_reset(call, post, &rows);
    }
    return look_change(call, post, strcmp(post->what, "changed") == 0);
}

enum err addresses_post_prepare(struct call *call, struct addresses_post *post)
{
    ASSERT_CODE(!call->tx);
    ASSERT_CODE(!post->send || (post->kind && post->ticket_kind && post->path));
    if (!post->send) {
        return OK;
    }
    enum err err = sealed_open(call, post->elsewhere, "address_change.email_ct", &post->to.email);
    if (err == ERR_MISSING) { /* erased meanwhile */
        call->fail_code = NULL;
        post->send = false;
        return OK;
    }
    TRY(err);
    tickets_prepare(&post->ticket);
    const char *path = post->marker
                           ? post->path
                           : arena_printf(call->arena, "%s%s", post->path, post->ticket.text);
    return mail_prepare(call, &post->to, post->kind, path, NULL, 0, &post->mail);
}

enum err addresses_post_apply(struct call *call, const struct addresses_post *post)
{
    ASSERT_CODE(call->tx);
    ASSERT_CODE(!post->send || *post->ticket.text);
    if (!post->send) {
        return OK;
    }
    int64_t whose = post->marker ? post->marker : post->account_id;
    /* The newest link counts, and no other; but each change has its own way back, and anybody may
     * ask for a reset: that must not spoil the link that its owner is using.  At most six of
     * them are good at a time (ADDRESSES_RESET_MS, _EVERY_MS); using one ends all. */
    if (strcmp(post->ticket_kind, ADDRESSES_UNDO) != 0 &&
        strcmp(post->ticket_kind, ADDRESSES_RESET) != 0) {
        TRY(tickets_drop(call, whose, post->ticket_kind));
    }
    const char *note =
        post->change_id ? arena_printf(call->arena, "%lld", (long long)post->change_id) : NULL;
    const struct ticket_facts facts = {.kind = post->ticket_kind,
                                       .account_id = whose,
                                       .note = post->marker ? NULL : note,
                                       .life_ms = post->life_ms};
    TRY(tickets_store(call, &post->ticket, &facts));
    return mail_post(call, &post->mail);
}
