#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/notify/notices/notices.h"
#include "features/safety/requests/requests_inner.h"

/* Officers: what waits, one of it, whose it is, what is done.  Never with one of their own. */

enum { NUMBER_LEN = 8 };

#define NOT_ONES_OWN " COALESCE(r.account_id, 0) <> $1"

/* sees: staff - what waits for an answer, the first to end first */
SQL(requests_to_do, REQUESTS_ROW " WHERE r.state IN ('open', 'person') AND" NOT_ONES_OWN
                                 " ORDER BY r.due_ms, r.id LIMIT $2");
/* sees: staff - what this officer works on */
SQL(requests_held,
    REQUESTS_ROW " WHERE r.state IN ('open', 'person', 'answered')"
                 " AND r.holder_id = $1 AND" NOT_ONES_OWN " ORDER BY r.due_ms, r.id LIMIT $2");
/* sees: staff - what was answered and may be contradicted */
SQL(requests_answered, REQUESTS_ROW " WHERE r.state = 'answered' AND" NOT_ONES_OWN
                                    " ORDER BY r.answered_ms DESC, r.id LIMIT $2");
/* sees: staff - what is over */
SQL(requests_closed, REQUESTS_ROW " WHERE r.state = 'closed' AND" NOT_ONES_OWN
                                  " ORDER BY r.closed_ms DESC, r.id LIMIT $2");
/* sees: staff - one request */
SQL(requests_one, REQUESTS_ROW " WHERE r.public_id = $2 AND r.state <> 'proving' AND" NOT_ONES_OWN);
/* sees: staff - how many wait for an answer, and how many of them end soon or are late */
SQL(requests_count, "SELECT COUNT(*) AS waiting_all, COALESCE(SUM(CASE WHEN r.due_ms <= $2 THEN 1"
                    " ELSE 0 END), 0) AS hurried FROM request r WHERE r.state = 'open'"
                    " AND" NOT_ONES_OWN);
COLUMNS(WAITING_ALL, WAITING_HURRIED);
SQL(requests_take, "UPDATE request SET holder_id = $2 WHERE id = $1 AND state <> 'closed'"
                   " AND (holder_id IS NULL OR holder_id = $2 OR $3 = 1)");
SQL(requests_ask_back, "UPDATE request SET state = 'person' WHERE id = $1");
SQL(requests_extend, "UPDATE request SET extended_ms = $2, extended_why = $3, due_ms = $4,"
                     " alarm = 0 WHERE id = $1");
SQL(requests_proved, "UPDATE request SET proof = $2 WHERE id = $1");
SQL(requests_answer, "UPDATE request SET state = 'answered', outcome = $2, answered_ms = $3"
                     " WHERE id = $1");
SQL(requests_close, "UPDATE request SET state = 'closed', closed_ms = $2 WHERE id = $1");

enum err requests_waiting(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &requests_count,
                  BIND(I64(call->actor.id), I64(call->now_ms + REQUESTS_SOON_DAYS * TIME_DAY)),
                  &rows));
    *ret_count = row_i64(&rows, 0, WAITING_ALL);
    *ret_urgent = row_i64(&rows, 0, WAITING_HURRIED);
    return OK;
}

enum err requests_queue(struct call *call, const char *show, struct requests_row **ret,
                        size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call,
                  strcmp(show, "mine") == 0       ? &requests_held
                  : strcmp(show, "answered") == 0 ? &requests_answered
                  : strcmp(show, "closed") == 0   ? &requests_closed
                                                  : &requests_to_do,
                  BIND(I64(call->actor.id), I64(REQUESTS_LIST_MAX)), &rows));
    struct requests_row *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = requests_read(call, &rows, i);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err requests_find(struct call *call, const char *public_id, struct requests_one *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &requests_one, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "requests.none", "id");
    }
    requests_read_one(call, &rows, ret);
    /* Administrators read which request it was, as officers number it, and not whose. */
    call->acted.what = arena_text(call->arena, ret->row.id, NUMBER_LEN);
    return requests_read_entries(call, ret, true);
}

enum err requests_looked(struct call *call, const struct requests_one *one)
{
    call->acted.subject = one->account_id;
    /* Once in a row is enough: whoever works on it opens it after each act. */
    const struct requests_entry *last =
        one->entry_count ? &one->entries[one->entry_count - 1] : NULL;
    bool again = last && strcmp(last->what, "looked") == 0 && last->officer &&
                 strcmp(last->officer, call->actor.name) == 0;
    enum err err = again ? OK : requests_write(call, one, "looked", NULL, (struct sealed){0});
    if (err == ERR_LIMIT) { /* full of looks: it has to be answered still */
        call->fail_code = NULL;
        err = OK;
    }
    return err;
}

enum err requests_claim(struct call *call, const char *public_id, bool take_over)
{
    struct requests_one one = {0};
    struct rows rows;
    TRY(requests_find(call, public_id, &one));
    if (requests_is(&one, "closed")) {
        return call_fail(call, ERR_CONFLICT, "requests.closed");
    }
    if (one.holder_id == call->actor.id) {
        return OK;
    }
    TRY(store_run(call, &requests_take, BIND(I64(one.id), I64(call->actor.id), I64(take_over)),
                  &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "requests.held");
    }
    if (!one.holder_id) {
        return requests_write(call, &one, "claimed", NULL, (struct sealed){0});
    }
    TRY(notices_post(call, &(struct notices_new){.account_id = one.holder_id,
                                                 .kind = "requests.taken",
                                                 .target = one.row.id}));
    return requests_write(call, &one, "taken", NULL, (struct sealed){0});
}

/* ---- one act ---- */

static bool is(const struct requests_act *act, const char *what)
{
    return strcmp(act->what, what) == 0;
}

/* The person hears of it. */
static bool told(const struct requests_act *act)
{
    return is(act, "question") || is(act, "extended") || is(act, "answer");
}

enum err requests_act_look(struct call *call, const struct requests_act *act,
                           struct requests_acting *ret)
{
    TRY(requests_find(call, act->id, &ret->one));
    return told(act) && ret->one.account_id ? mail_to_account(call, ret->one.account_id, &ret->to)
                                            : OK;
}

enum err requests_act_prepare(struct call *call, const struct requests_act *act,
                              struct requests_acting *it)
{
    const char *path = "/privacy/requests";
    ASSERT_CODE(!call->tx);
    if (!it->one.key_id) { /* whose it was is erased */
        return call_fail(call, ERR_CONFLICT, "requests.closed");
    }
    if (is(act, "note") || is(act, "question") || is(act, "answer")) {
        TRY(requests_seal(call, it->one.key_id, act->text ? act->text : "", &it->text));
    }
    if (!told(act)) {
        return OK;
    }
    if (it->one.own_key_id) {
        const char *email = NULL, *link = NULL;
        TRY(sealed_open(call, it->one.email, "request.email_ct", &email));
        TRY(sealed_open(call, it->one.link, "request.link_ct", &link));
        it->to = (struct mail_to){
            .key_id = it->one.own_key_id, .email = email, .language = it->one.row.language};
        path = arena_printf(call->arena, "/privacy/request#%s", link);
    }
    return it->to.key_id ? mail_prepare(call, &it->to, "requests.news", path, NULL, 0, &it->mail)
                         : OK;
}

static enum err extend(struct call *call, const struct requests_one *one, const char *why)
{
    const struct request_kind *kind = requests_kind(one->row.kind);
    if (one->row.extended_ms) {
        return call_fail(call, ERR_CONFLICT, "requests.extended");
    }
    if (!kind ||
        !clocks_extendable(kind->clocks, one->row.country, one->row.from_ms, call->now_ms)) {
        return call_fail(call, ERR_CONFLICT, "requests.late");
    }
    int64_t due_ms = clocks_first(kind->clocks, one->row.country, one->row.from_ms, true);
    return store_run(call, &requests_extend,
                     BIND(I64(one->id), I64(call->now_ms), TEXT(why), I64(due_ms)), NULL);
}

static enum err answer(struct call *call, const struct requests_one *one, const char *outcome)
{
    const struct request_kind *kind = requests_kind(one->row.kind);
    if (kind && kind->releases && strcmp(outcome, "refused") != 0 && !one->row.proof) {
        return call_fail(call, ERR_CONFLICT, "requests.unproved");
    }
    return store_run(call, &requests_answer, BIND(I64(one->id), TEXT(outcome), I64(call->now_ms)),
                     NULL);
}

/* What the act changes in the row. */
static enum err change(struct call *call, const struct requests_act *act,
                       const struct requests_one *one)
{
    bool waits = requests_is(one, "open") || requests_is(one, "person");
    if (is(act, "note")) {
        return OK;
    }
    if (is(act, "proof")) {
        return store_run(call, &requests_proved, BIND(I64(one->id), TEXT(act->code)), NULL);
    }
    if (is(act, "closed")) {
        return requests_is(one, "answered")
                   ? store_run(call, &requests_close, BIND(I64(one->id), I64(call->now_ms)), NULL)
                   : call_fail(call, ERR_CONFLICT, "requests.unanswered");
    }
    if (!waits) {
        return call_fail(call, ERR_CONFLICT, "requests.closed");
    }
    return is(act, "question")   ? store_run(call, &requests_ask_back, BIND(I64(one->id)), NULL)
           : is(act, "extended") ? extend(call, one, act->code)
                                 : answer(call, one, act->code);
}

enum err requests_act(struct call *call, const struct requests_act *act,
                      const struct requests_acting *it)
{
    struct requests_one one = {0};
    TRY(requests_find(call, act->id, &one));
    if (one.holder_id != call->actor.id) {
        return call_fail(call, ERR_CONFLICT, "requests.not_yours");
    }
    if (requests_is(&one, "closed") || one.key_id != it->one.key_id) {
        return call_fail(call, ERR_CONFLICT, "requests.closed");
    }
    TRY(change(call, act, &one));
    TRY(requests_write(call, &one, act->what, act->code, it->text));
    if (!told(act)) {
        return OK;
    }
    if (one.account_id) {
        TRY(notices_post(call, &(struct notices_new){.account_id = one.account_id,
                                                     .kind = "requests.news",
                                                     .target = ""}));
    }
    return it->to.key_id ? mail_post(call, &it->mail) : OK;
}
