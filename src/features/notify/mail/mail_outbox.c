#include "features/notify/mail/mail_outbox.h"

#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "base/time.h"
#include "call/id.h"
#include "features/common/contact/contact.h"
#include "features/notify/mail/mail_bounces.h"
#include "store/store.h"

enum { LATER_MAX_H = 4, SWEEP_ROWS = 500, DOUBLINGS = 12 };
const int64_t MAIL_LEASE_MS = 20 * TIME_MIN;

/* Leases that ended: their postman is gone. */
SQL(mail_unlease, "UPDATE mail SET state = 'waiting', lease = 0, due_ms = $2"
                  " WHERE state = 'sending' AND rank IN (0, 1) AND due_ms <= $1");
SQL(mail_take, "UPDATE mail SET state = 'sending', lease = $1, due_ms = $2, tries = tries + 1"
               " WHERE id IN (SELECT id FROM mail WHERE state = 'waiting' AND rank = $3"
               " AND due_ms <= $4 ORDER BY due_ms LIMIT $5)");
#define ROW                                                                                     \
    "SELECT m.id, m.key_id, m.tries, m.kind, m.topic, m.language, m.elsewhere, m.to_ct,"        \
    " m.values_ct, m.ends_ms, m.account_id, a.public_id, a.email_ct, a.email_verified,"         \
    " b.dead_ms, m.created_ms FROM mail m LEFT JOIN account a ON a.id = m.account_id LEFT JOIN" \
    " mail_address b ON b.account_id = a.id AND b.address_bi = a.email_bi"
COLUMNS(LETTER_ID, LETTER_KEY_ID, LETTER_TRIES, LETTER_KIND, LETTER_TOPIC, LETTER_LANGUAGE,
        LETTER_ELSEWHERE, LETTER_TO_CT, LETTER_VALUES_CT, LETTER_ENDS_MS, LETTER_ACCOUNT_ID,
        LETTER_PUBLIC_ID, LETTER_EMAIL_CT, LETTER_EMAIL_VERIFIED, LETTER_DEAD_MS,
        LETTER_CREATED_MS);
/* sees: server - the postman writes to each at their own address */
SQL(mail_taken, ROW " WHERE m.lease = $1 AND m.state = 'sending' ORDER BY m.rank, m.id LIMIT $2");
/* sees: staff - a site without a relay shows its mails to administrators */
SQL(mail_kept, ROW " WHERE m.state = 'waiting' ORDER BY m.id DESC LIMIT 30");
/* sees: staff - one of them */
SQL(mail_kept_one, ROW " WHERE m.id = $1 AND m.state = 'waiting'");
/* sees: server - when to look again */
SQL(mail_next, "SELECT MIN(due_ms) FROM mail WHERE state IN ('waiting', 'sending') AND rank = $1");

#define GONE " lease = 0, to_ct = NULL, values_ct = NULL,"
SQL(mail_sent,
    "UPDATE mail SET state = 'sent'," GONE " why = NULL, settled_ms = $2 WHERE lease = $1"
    " AND id IN " CONTACT_LIST("$3", "$4"));
SQL(mail_given_up, "UPDATE mail SET state = $3," GONE " why = $4, settled_ms = $5"
                   " WHERE lease = $1 AND id = $2");
SQL(mail_dead, "UPDATE mail SET state = 'dead', lease = 0, why = $3, settled_ms = $4"
               " WHERE lease = $1 AND id = $2");
SQL(mail_later, "UPDATE mail SET state = 'waiting', lease = 0, why = $3, due_ms = $4"
                " WHERE lease = $1 AND id = $2");
/* sees: server - how often it was tried */
SQL(mail_tries_and_owner, "SELECT tries, account_id, elsewhere FROM mail WHERE lease = $1"
                          " AND id = $2");
COLUMNS(TRIED_TRIES, TRIED_ACCOUNT_ID, TRIED_ELSEWHERE);
SQL(mail_release, "UPDATE mail SET state = 'waiting', lease = 0, due_ms = $2, tries = tries - 1"
                  " WHERE lease = $1 AND state = 'sending'");
SQL(mail_late, "UPDATE mail SET state = 'dead'," GONE " settled_ms = $1,"
               " why = COALESCE(why, 'late') WHERE id IN (SELECT id FROM mail WHERE state IN"
               " ('waiting', 'dead') AND ends_ms <= $1 AND values_ct IS NOT NULL LIMIT $2)");

/* A dead address gets nothing; but what the account needs is tried once a day. */
static const char *reason(struct call *call, const struct rows *rows, size_t i)
{
    bool necessary = row_null(rows, i, LETTER_TOPIC),
         elsewhere = row_i64(rows, i, LETTER_ELSEWHERE) != 0;
    bool own = !row_null(rows, i, LETTER_ACCOUNT_ID) && !elsewhere;
    int64_t dead_ms = row_i64(rows, i, LETTER_DEAD_MS);
    if (row_i64(rows, i, LETTER_ENDS_MS) <= call->now_ms) {
        return "late";
    }
    if (own && row_null(rows, i, LETTER_EMAIL_CT)) {
        return "no address";
    }
    if (own && !necessary && row_i64(rows, i, LETTER_EMAIL_VERIFIED) == 0) {
        return "unverified";
    }
    if (own && dead_ms && !(necessary && dead_ms <= call->now_ms - TIME_DAY)) {
        return "dead address";
    }
    return NULL;
}

static struct mail_leased leased(struct call *call, const struct rows *rows, size_t i)
{
    struct mail_leased ret = {
        .id = row_i64(rows, i, LETTER_ID),
        .tries = row_i64(rows, i, LETTER_TRIES),
        .account_id = row_i64(rows, i, LETTER_ACCOUNT_ID),
        .kind = row_text(rows, i, LETTER_KIND),
        .topic = row_text(rows, i, LETTER_TOPIC),
        .language = row_text(rows, i, LETTER_LANGUAGE),
        .public_id = row_text(rows, i, LETTER_PUBLIC_ID),
        .elsewhere = row_i64(rows, i, LETTER_ELSEWHERE) != 0,
        .created_ms = row_i64(rows, i, LETTER_CREATED_MS),
        .drop = reason(call, rows, i),
    };
    int64_t key_id = row_i64(rows, i, LETTER_KEY_ID);
    ret.to = sealed_read(rows, i, ret.elsewhere ? LETTER_TO_CT : LETTER_EMAIL_CT, key_id);
    ret.words = sealed_read(rows, i, LETTER_VALUES_CT, key_id);
    return ret;
}

static enum err take(struct call *call, int64_t lease, int64_t rank, size_t *room)
{
    struct rows rows;
    TRY(store_run(call, &mail_take,
                  BIND(I64(lease), I64(call->now_ms + MAIL_LEASE_MS), I64(rank), I64(call->now_ms),
                       I64((int64_t)*room)),
                  &rows));
    *room -= MIN(rows.changed, *room);
    return OK;
}

static enum err wait_for_next(struct call *call, int64_t *ret_ms)
{
    *ret_ms = -1;
    for (int64_t rank = 0; rank <= 1; rank++) {
        struct rows rows;
        TRY(store_run(call, &mail_next, BIND(I64(rank)), &rows));
        if (rows.count > 0 && !row_null(&rows, 0, ONLY)) {
            int64_t wait_ms = MAX(row_i64(&rows, 0, ONLY) - call->now_ms, 0);
            *ret_ms = *ret_ms < 0 ? wait_ms : MIN(*ret_ms, wait_ms);
        }
    }
    return OK;
}

static struct mail_leased *all_leased(struct call *call, const struct rows *rows)
{
    struct mail_leased *items = arena_alloc(call->arena, (rows->count + 1) * sizeof(*items));
    for (size_t i = 0; i < rows->count; i++) {
        items[i] = leased(call, rows, i);
    }
    return items;
}

enum err mail_lease(struct call *call, bool first, struct lease *ret)
{
    size_t room = MAIL_BATCH;
    struct rows rows;
    ret->id = id_new(call);
    int64_t until_ms = call->now_ms + (first ? MAIL_LEASE_MS : 0);
    TRY(store_run(call, &mail_unlease, BIND(I64(until_ms), I64(call->now_ms)), NULL));
    TRY(take(call, ret->id, 0, &room));
    if (room > 0) {
        TRY(take(call, ret->id, 1, &room));
    }
    if (room == MAIL_BATCH) {
        return wait_for_next(call, &ret->wait_ms);
    }
    TRY(store_run(call, &mail_taken, BIND(I64(ret->id), I64(MAIL_BATCH)), &rows));
    JSON_LIST_SET(ret->items, all_leased(call, &rows), rows.count);
    return OK;
}

enum err mail_read_kept(struct call *call, int64_t id, struct mail_leased **ret, size_t *ret_count)
{
    struct rows rows;
    if (call->settings->smtp_url && *call->settings->smtp_url) {
        return call_fail(call, ERR_MISSING, "mail.gone"); /* then they are nobody else's to read */
    }
    TRY(id ? store_run(call, &mail_kept_one, BIND(I64(id)), &rows)
           : store_run(call, &mail_kept, NO_BIND, &rows));
    *ret = all_leased(call, &rows);
    *ret_count = rows.count;
    return OK;
}

/* ---- what the operator says ---- */

static const struct setting setting_rows[] = {
    SETTING_TEXT(struct mail_settings, mail_from, NULL,
                 "Address that mail comes from. Without it: no-reply@ the host of public_url."),
    SETTING_TEXT(struct mail_settings, mail_bounces, NULL,
                 "bounces@world.example: mail that cannot be delivered comes back to "
                 "bounces+TOKEN@world.example. Without it: to mail_from, and nobody is told."),
    SETTING_TEXT(struct mail_settings, mail_bounce_secret, NULL,
                 "What whoever reports a bounce to /api/mail/bounces must know; 16 characters or "
                 "more. Without it nobody may report."),
    SETTING_NUMBER(struct mail_settings, mail_retry_s, 1, 3600, "seconds", "60",
                   "A mail that the relay did not take is tried again after this, then each time "
                   "later, up to four hours."),
    {0},
};
const struct setting_group mail_setting_group = {setting_rows, sizeof(struct mail_settings), NULL};

const struct mail_settings *mail_settings(const struct settings *settings)
{
    return settings_own(settings, &mail_setting_group);
}

/* ---- what became of them ---- */

/* "tries" counts this one; doubled each time, half of it by chance. */
static int64_t back_off(struct call *call, int64_t tries)
{
    int64_t most = (mail_settings(call->settings)->mail_retry_s * TIME_S)
                   << MIN(MAX(tries - 1, 0), DOUBLINGS);
    most = MIN(most, LATER_MAX_H * TIME_H);
    return most / 2 + (int64_t)(rng_next(&call->rng) % (uint64_t)most);
}

static enum err settle_one(struct call *call, int64_t lease, const struct mail_result *one)
{
    struct rows rows;
    struct val why = TEXT(one->why);
    ASSERT_CODE(one->end > MAIL_SENT && one->end <= MAIL_DROPPED);
    if (one->end == MAIL_DEAD) {
        return store_run(call, &mail_dead, BIND(I64(lease), I64(one->id), why, I64(call->now_ms)),
                         NULL);
    }
    if (one->end == MAIL_DROPPED) {
        return store_run(call, &mail_given_up,
                         BIND(I64(lease), I64(one->id), TEXT("dropped"), why, I64(call->now_ms)),
                         NULL);
    }
    TRY(store_run(call, &mail_tries_and_owner, BIND(I64(lease), I64(one->id)), &rows));
    if (rows.count == 0) {
        return OK; /* the lease ended, somebody else has it */
    }
    int64_t tries = row_i64(&rows, 0, TRIED_TRIES),
            account_id = row_i64(&rows, 0, TRIED_ACCOUNT_ID);
    if (one->end == MAIL_BOUNCED) {
        if (account_id && row_i64(&rows, 0, TRIED_ELSEWHERE) == 0) {
            TRY(mail_address_failed(call, account_id, true, one->why));
        }
        return store_run(call, &mail_given_up,
                         BIND(I64(lease), I64(one->id), TEXT("bounced"), why, I64(call->now_ms)),
                         NULL);
    }
    if (tries >= MAIL_TRIES) {
        return store_run(call, &mail_dead, BIND(I64(lease), I64(one->id), why, I64(call->now_ms)),
                         NULL);
    }
    return store_run(call, &mail_later,
                     BIND(I64(lease), I64(one->id), why, I64(call->now_ms + back_off(call, tries))),
                     NULL);
}

enum err mail_settle(struct call *call, const struct mail_results *results)
{
    int64_t sent[MAIL_BATCH];
    size_t sent_count = 0, others = 0;
    ASSERT_CODE(call->tx && results->count <= MAIL_BATCH);
    for (size_t i = 0; i < results->count; i++) {
        if (results->items[i].end == MAIL_SENT) {
            sent[sent_count++] = results->items[i].id;
        }
    }
    if (sent_count > 0) {
        TRY(store_run(call, &mail_sent,
                      BIND(I64(results->lease), I64(call->now_ms),
                           TEXT(contact_list(call, sent, sent_count)), I64((int64_t)sent_count)),
                      NULL));
    }
    for (size_t i = 0; i < results->count; i++) {
        enum mail_end end = results->items[i].end;
        if (end != MAIL_SENT && end != MAIL_UNTRIED) {
            ASSERT_CODE(++others <= MAIL_OTHERS);
            TRY(settle_one(call, results->lease, &results->items[i]));
        }
    }
    return results->last
               ? store_run(call, &mail_release, BIND(I64(results->lease), I64(call->now_ms)), NULL)
               : OK;
}

enum err mail_sweep(struct call *call)
{
    return store_sweep(call, &mail_late, BIND(I64(call->now_ms), I64(SWEEP_ROWS)), SWEEP_ROWS);
}
