#include "features/safety/reports/reports.h"

#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "features/common/prose/prose.h"
#include "features/notify/notices/notices.h"
#include "features/safety/staff/staff.h"
#include "privacy/sealed.h"
#include "store/store.h"

/* Officers: what waits, one of it, how it ends.  Never one of their own or about themselves. */

#define NOT_ONES_OWN " COALESCE(r.reporter_id, 0) <> $1 AND COALESCE(r.subject_id, 0) <> $1"
#define ROW                                                                                   \
    "SELECT r.public_id, s.avatar_name, r.reason, r.outcome, r.at_ms, r.decided_ms,"          \
    " (SELECT COUNT(*) FROM report o WHERE o.subject_id = r.subject_id AND o.outcome IS NULL" \
    " AND o.id <> r.id) AS others, r.kind"
COLUMNS(REPORT_PUBLIC_ID, REPORT_AVATAR_NAME, REPORT_REASON, REPORT_OUTCOME, REPORT_AT_MS,
        REPORT_DECIDED_MS, REPORT_OTHERS, REPORT_KIND);

/* sees: staff - reports that wait for an officer */
SQL(reports_open, ROW " FROM report r LEFT JOIN account s ON s.id = r.subject_id"
                      " WHERE r.outcome IS NULL AND" NOT_ONES_OWN
                      " ORDER BY CASE WHEN r.reason = 'danger' THEN 0 ELSE 1 END, r.at_ms, r.id"
                      " LIMIT $2");
/* sees: staff - how many wait */
SQL(reports_count, "SELECT COUNT(*) AS waiting_all, COALESCE(SUM(CASE WHEN r.reason = 'danger' "
                   "THEN 1 ELSE 0 END), 0) AS danger"
                   " FROM report r WHERE r.outcome IS NULL AND" NOT_ONES_OWN);
COLUMNS(WAITING_ALL, WAITING_DANGER);
/* sees: staff - reports that officers decided */
SQL(reports_done, ROW " FROM report r LEFT JOIN account s ON s.id = r.subject_id"
                      " WHERE r.outcome IS NOT NULL AND" NOT_ONES_OWN
                      " ORDER BY r.decided_ms DESC, r.id LIMIT $2");
/* sees: staff - one report */
SQL(reports_one, ROW ", r.id, r.key_id, r.reporter_id, r.subject_id, p.avatar_name, d.avatar_name,"
                     " r.words_ct, r.seen_ct, r.why_ct FROM report r"
                     " LEFT JOIN account s ON s.id = r.subject_id"
                     " LEFT JOIN account p ON p.id = r.reporter_id"
                     " LEFT JOIN account d ON d.id = r.decided_by"
                     " WHERE r.public_id = $2 AND" NOT_ONES_OWN);
COLUMNS(REPORT_ID = REPORT_KIND + 1, REPORT_KEY_ID, REPORT_REPORTER_ID, REPORT_SUBJECT_ID,
        REPORT_REPORTER_AVATAR_NAME, REPORT_OFFICER_AVATAR_NAME, REPORT_WORDS_CT, REPORT_SEEN_CT,
        REPORT_WHY_CT);
SQL(reports_end, "UPDATE report SET outcome = $2, why_ct = $3, decided_by = $4, decided_ms = $5"
                 " WHERE id = $1 AND outcome IS NULL");

static struct reports_row read_row(const struct rows *rows, size_t i)
{
    return (struct reports_row){.id = row_text(rows, i, REPORT_PUBLIC_ID),
                                .name = row_text(rows, i, REPORT_AVATAR_NAME),
                                .reason = row_text(rows, i, REPORT_REASON),
                                .outcome = row_text(rows, i, REPORT_OUTCOME),
                                .at_ms = row_i64(rows, i, REPORT_AT_MS),
                                .decided_ms = row_i64(rows, i, REPORT_DECIDED_MS),
                                .others = row_i64(rows, i, REPORT_OTHERS),
                                .kind = row_text(rows, i, REPORT_KIND)};
}

enum err reports_waiting(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct rows rows;
    /* By it they are kept from their own and from those about themselves. */
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &reports_count, BIND(I64(call->actor.id)), &rows));
    *ret_count = row_i64(&rows, 0, WAITING_ALL);
    *ret_urgent = row_i64(&rows, 0, WAITING_DANGER);
    return OK;
}

enum err reports_list(struct call *call, bool decided, struct reports_row **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, decided ? &reports_done : &reports_open,
                  BIND(I64(call->actor.id), I64(REPORTS_LIST_MAX)), &rows));
    struct reports_row *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = read_row(&rows, i);
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err reports_find(struct call *call, const char *public_id, struct reports_one *ret)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &reports_one, BIND(I64(call->actor.id), TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "reports.none", "id");
    }
    *ret = (struct reports_one){.row = read_row(&rows, 0),
                                .id = row_i64(&rows, 0, REPORT_ID),
                                .key_id = row_i64(&rows, 0, REPORT_KEY_ID),
                                .reporter_id = row_i64(&rows, 0, REPORT_REPORTER_ID),
                                .subject_id = row_i64(&rows, 0, REPORT_SUBJECT_ID),
                                .reporter = row_text(&rows, 0, REPORT_REPORTER_AVATAR_NAME),
                                .officer = row_text(&rows, 0, REPORT_OFFICER_AVATAR_NAME)};
    ret->words = sealed_read(&rows, 0, REPORT_WORDS_CT, ret->key_id);
    ret->seen = sealed_read(&rows, 0, REPORT_SEEN_CT, ret->key_id);
    ret->why = sealed_read(&rows, 0, REPORT_WHY_CT, ret->key_id);
    return OK;
}

static bool is(const struct reports_decision *decision, const char *outcome)
{
    return strcmp(decision->outcome, outcome) == 0;
}

enum err reports_decide_look(struct call *call, const struct reports_decision *decision,
                             struct reports_deciding *ret)
{
    TRY(reports_find(call, decision->id, &ret->one));
    ret->kind = reports_kind(ret->one.row.kind);
    if (is(decision, "emptied") && !(ret->kind && ret->kind->empty)) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "outcome");
    }
    return !is(decision, "nothing") && ret->one.subject_id
               ? mail_to_account(call, ret->one.subject_id, &ret->to)
               : OK;
}

enum err reports_decide_prepare(struct call *call, const struct reports_decision *decision,
                                struct reports_deciding *it)
{
    const char *why = NULL;
    ASSERT_CODE(!call->tx);
    TRY(prose_clean(call, "why", decision->why, REPORTS_WHY_MAX, true, &why));
    if (!*why) {
        return call_fail_field(call, ERR_INVALID, "reports.why", "why");
    }
    TRY(sealed_text(call, it->one.key_id, "report.why_ct", why, &it->why));
    const char *contact = call->settings->contact_email;
    const struct mail_value values[] = {
        {"why", why}, {"contact", contact && *contact ? contact : mail_link(call, "/")}};
    bool empties = is(decision, "emptied");
    return it->to.account_id
               ? mail_prepare(call, &it->to, empties ? "reports.emptied" : "reports.warned",
                              empties ? "/profile/home" : "/notices", values, COUNT(values),
                              &it->mail)
               : OK;
}

/* What an officer does about somebody, who hears of it. */
static enum err take_measure(struct call *call, const struct reports_decision *decision,
                             const struct reports_one *one, const struct reports_deciding *it)
{
    bool empties = is(decision, "emptied");
    if (empties) {
        TRY(it->kind->empty(call, one->subject_id));
    }
    TRY(notices_post(call,
                     &(struct notices_new){.account_id = one->subject_id,
                                           .kind = empties ? "reports.emptied" : "reports.warned",
                                           .target = one->row.id}));
    return mail_post(call, &it->mail);
}

enum err reports_decide(struct call *call, const struct reports_decision *decision,
                        const struct reports_deciding *it)
{
    struct reports_one one = {0};
    struct rows ended = {0};
    ASSERT_CODE(it->why.at);
    ASSERT_CODE(!is(decision, "emptied") || (it->kind && it->kind->empty));
    TRY(reports_find(call, decision->id, &one));
    call->acted.on = one.id;
    call->acted.subject = one.subject_id;
    TRY(store_run(call, &reports_end,
                  BIND(I64(one.id), TEXT(decision->outcome), SEALED(it->why), I64(call->actor.id),
                       I64(call->now_ms)),
                  &ended));
    if (ended.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "reports.decided");
    }
    if (one.subject_id && it->to.account_id) {
        TRY(take_measure(call, decision, &one, it));
    }
    const char *heard = is(decision, "nothing")   ? "reports.nothing"
                        : is(decision, "emptied") ? "reports.acted"
                                                  : "reports.spoken";
    return one.reporter_id ? notices_post(call, &(struct notices_new){.account_id = one.reporter_id,
                                                                      .kind = heard,
                                                                      .target = one.row.id})
                           : OK;
}
