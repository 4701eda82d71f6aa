#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/emails/emails.h"
#include "features/safety/requests/requests_inner.h"
#include "privacy/keys.h"

/*
 * Somebody without an account, or who cannot sign in: by a link that goes to their address.  It
 * counts when that was opened, and from when it was asked, so that the proof of an address costs
 * the person nothing of the time.
 */
enum { LINK_BYTES = 32, LINK_TEXT = 45 };

/* sees: server - counts only */
SQL(requests_mails, "SELECT COUNT(*) FROM request WHERE email_bi = $1 AND made_ms > $2");
/* sees: server - counts only */
SQL(requests_proving, "SELECT COUNT(*) FROM request WHERE state = 'proving'");
SQL(requests_guest_row,
    "INSERT INTO request (id, public_id, kind, state, own_key_id, email_ct, email_bi, link_hash,"
    " link_ct, purpose, country, language, made_ms, from_ms, due_ms)"
    " VALUES ($1, $2, $3, 'proving', $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)");
/* sees: own - whose link it is */
SQL(requests_by_link, REQUESTS_ROW " WHERE r.link_hash = $1"
                                   " AND (r.state <> 'proving' OR r.made_ms > $2)");
/* sees: server - counts only */
SQL(requests_yearly_of, "SELECT COUNT(*) FROM request r JOIN request o ON o.email_bi = r.email_bi"
                        " WHERE o.id = $1 AND r.id <> $1 AND r.kind = o.kind AND r.made_ms >= $2"
                        " AND r.state <> 'proving' AND COALESCE(r.outcome, '') <> 'withdrawn'");
SQL(requests_proved_address, "UPDATE request SET state = 'open' WHERE id = $1"
                             " AND state = 'proving'");

static void link_hash(const char *link, uint8_t ret[HASH_BYTES])
{
    crypto_sha256(link, strlen(link), ret);
}

enum err requests_guest_prepare(struct call *call, const struct requests_guest *wish,
                                struct requests_guest_asking *it)
{
    const struct requests_new asked = {wish->kind, wish->purpose, wish->text};
    const char *email = NULL;
    uint8_t secret[LINK_BYTES];
    char link[LINK_TEXT];
    ASSERT_CODE(!call->tx);
    it->it.country = wish->country;
    it->it.language = wish->language          ? wish->language
                      : *call->actor.language ? call->actor.language
                                              : "en";
    TRY(requests_check(call, &asked, wish->country, &it->it.kind));
    TRY(emails_check(call, wish->email, "email", &email));
    TRY(emails_blind(call, email, it->email_bi));
    TRY(keys_take(call->keys, &it->it.key_id));
    TRY(requests_prepare(call, wish->text, &it->it));
    crypto_random(secret, sizeof(secret));
    crypto_base64url(secret, sizeof(secret), link);
    link_hash(link, it->link_hash);
    TRY(sealed_text(call, it->it.key_id, "request.email_ct", email, &it->email));
    TRY(sealed_text(call, it->it.key_id, "request.link_ct", link, &it->link));
    const struct mail_to to = {
        .key_id = it->it.key_id, .email = email, .language = it->it.language};
    return mail_prepare(call, &to, "requests.confirm",
                        arena_printf(call->arena, "/privacy/request#%s", link), NULL, 0, &it->mail);
}

enum err requests_guest_add(struct call *call, const struct requests_guest *wish,
                            const struct requests_guest_asking *it)
{
    struct rows rows;
    ASSERT_CODE(it->it.kind && it->email.at && it->link.at && it->it.text.at);
    TRY(store_run(call, &requests_mails,
                  BIND(BYTES(it->email_bi, HASH_BYTES), I64(call->now_ms - TIME_DAY)), &rows));
    if (row_i64(&rows, 0, ONLY) >= REQUESTS_MAILS_A_DAY) {
        return OK;
    }
    TRY(store_run(call, &requests_proving, NO_BIND, &rows));
    if (row_i64(&rows, 0, ONLY) >= REQUESTS_PROVING_MAX) {
        return call_fail(call, ERR_LIMIT, "requests.full");
    }
    struct requests_one one = {.id = id_new(call)};
    TRY(store_run(call, &requests_guest_row,
                  BIND(I64(one.id), TEXT(it->it.public_id), TEXT(it->it.kind->name),
                       I64(it->it.key_id), SEALED(it->email), BYTES(it->email_bi, HASH_BYTES),
                       BYTES(it->link_hash, HASH_BYTES), SEALED(it->link),
                       TEXT(it->it.kind->purposes ? wish->purpose : NULL), TEXT(it->it.country),
                       TEXT(it->it.language), I64(call->now_ms),
                       I64(clocks_first(it->it.kind->clocks, it->it.country, call->now_ms, false))),
                  NULL));
    TRY(requests_write(call, &one, "asked", NULL, it->it.text));
    return mail_post(call, &it->mail);
}

enum err requests_linked(struct call *call, const char *link, struct requests_one *ret)
{
    struct rows rows;
    uint8_t hash[HASH_BYTES];
    link_hash(link, hash);
    /* An hour before its end nothing counts any more: the job may have begun to end it. */
    TRY(store_run(
        call, &requests_by_link,
        BIND(BYTES(hash, HASH_BYTES), I64(call->now_ms - REQUESTS_PROVE_DAYS * TIME_DAY + TIME_H)),
        &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "requests.gone", "link");
    }
    requests_read_one(call, &rows, ret);
    ret->row.holder = NULL;
    ret->row.held = ret->row.mine = false;
    return requests_read_entries(call, ret, false);
}

enum err requests_confirm_prepare(struct call *call, const char *link,
                                  struct requests_confirming *it)
{
    const char *email = NULL;
    TRY(sealed_open(call, it->one.email, "request.email_ct", &email));
    const struct mail_to to = {
        .key_id = it->one.own_key_id, .email = email, .language = it->one.row.language};
    return mail_prepare(call, &to, "requests.received",
                        arena_printf(call->arena, "/privacy/request#%s", link), NULL, 0, &it->mail);
}

enum err requests_confirm(struct call *call, const struct requests_confirming *it)
{
    const struct request_kind *kind = requests_kind(it->one.row.kind);
    struct rows rows;
    if (kind && kind->yearly) {
        TRY(store_run(call, &requests_yearly_of,
                      BIND(I64(it->one.id), I64(clocks_year(it->one.row.made_ms))), &rows));
        if (row_i64(&rows, 0, ONLY)) {
            return call_fail(call, ERR_CONFLICT, "requests.yearly");
        }
    }
    TRY(store_run(call, &requests_proved_address, BIND(I64(it->one.id)), &rows));
    if (rows.changed == 0) {
        return OK;
    }
    TRY(requests_write(call, &it->one, "confirmed", NULL, (struct sealed){0}));
    TRY(requests_tell_officers(call, "requests.new"));
    return mail_post(call, &it->mail);
}
