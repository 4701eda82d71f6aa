#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "features/identity/guardians/guardians_inner.h"
#include "privacy/sealed.h"

#define CASES(method_)                                                                        \
    "SELECT g.public_id, COALESCE(a.avatar_name, g.avatar_name) AS name, g.country, " method_ \
    " AS method, g.state, g.created_at_ms, g.answered_at_ms, g.ends_at_ms, g.decided_at_ms,"  \
    " g.child_here FROM guardian g LEFT JOIN account a ON a.id = g.account_id"
COLUMNS(CASE_PUBLIC_ID, CASE_NAME, CASE_COUNTRY, CASE_METHOD, CASE_STATE, CASE_CREATED_AT_MS,
        CASE_ANSWERED_AT_MS, CASE_ENDS_AT_MS, CASE_DECIDED_AT_MS, CASE_CHILD_HERE);
/* sees: staff - cases that wait for an officer */
SQL(guardians_waiting,
    CASES("COALESCE(g.want_method, g.method)") " WHERE g.state = 'proving' ORDER "
                                               "BY g.ends_at_ms, g.id LIMIT $1");
/* sees: staff - cases that officers decided */
SQL(guardians_decided, CASES("g.method") " WHERE g.decided_at_ms IS NOT NULL AND g.state IN "
                                         "('granted', 'active') ORDER BY "
                                         "g.decided_at_ms DESC, g.id LIMIT $1");
/* sees: staff - one case */
SQL(guardians_case_row, GUARDIANS_COLS " WHERE g.public_id = $1");
/* sees: staff - the name of a case's account */
SQL(guardians_case_name, "SELECT avatar_name FROM account WHERE id = $1");
/* sees: staff - what happened in a case, and by which officer */
SQL(guardians_steps_of, "SELECT s.what, s.at_ms, a.avatar_name FROM guardian_step s"
                        " LEFT JOIN account a ON a.id = s.officer_id WHERE s.guardian_id = $1"
                        " ORDER BY s.id DESC LIMIT $2"); /* the latest */
SQL(guardians_page_count, "SELECT count(*) FROM guardian_page WHERE guardian_id = $1");
COLUMNS(STEP_WHAT, STEP_AT_MS, STEP_AVATAR_NAME);
SQL(guardians_page_one, "SELECT picture_ct FROM guardian_page WHERE guardian_id = $1"
                        " AND page = $2");
SQL(guardians_granted_row, "UPDATE guardian SET state = 'granted', decided_by = $2,"
                           " decided_at_ms = $3, ends_at_ms = $4, upload_hash = NULL,"
                           " upload_ends_ms = NULL WHERE id = $1 AND state = $5");
/* sees: server - whether, not who; nothing is known where a restore took the hash */
SQL(guardians_own_address,
    "SELECT 1 FROM guardian g JOIN account a ON a.id = $2 WHERE g.id = $1 AND (g.email_bi IS NULL"
    " OR a.email_bi = g.email_bi OR EXISTS (SELECT 1 FROM address_change c WHERE c.account_id = "
    "a.id"
    " AND c.email_bi = g.email_bi)) LIMIT 1");
SQL(guardians_reasoned, "UPDATE guardian SET reason_ct = $2, shown_ct = $3 WHERE id = $1");

enum err guardians_cases(struct call *call, bool decided, struct guardians_case **ret,
                         size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, decided ? &guardians_decided : &guardians_waiting,
                  BIND(I64(GUARDIANS_CASES_MAX)), &rows));
    struct guardians_case *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct guardians_case){
            .id = row_text(&rows, i, CASE_PUBLIC_ID),
            .avatar_name = row_text(&rows, i, CASE_NAME),
            .country = row_text(&rows, i, CASE_COUNTRY),
            .method = row_text(&rows, i, CASE_METHOD),
            .state = row_text(&rows, i, CASE_STATE),
            .created_ms = row_i64(&rows, i, CASE_CREATED_AT_MS),
            .answered_ms = row_i64(&rows, i, CASE_ANSWERED_AT_MS),
            .ends_ms = row_i64(&rows, i, CASE_ENDS_AT_MS),
            .decided_ms = row_i64(&rows, i, CASE_DECIDED_AT_MS),
            .child_here = row_i64(&rows, i, CASE_CHILD_HERE) != 0,
        };
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err guardians_by_id(struct call *call, const char *public_id, struct guardian *ret)
{
    struct rows rows;
    TRY(guardians_read(call, &guardians_case_row, BIND(TEXT(public_id)), "guardians.case", ret));
    if (strcmp(ret->state, "asked") == 0) { /* staff have no business with it yet */
        return call_fail(call, ERR_MISSING, "guardians.case");
    }
    if (ret->account_id) {
        TRY(store_run(call, &guardians_case_name, BIND(I64(ret->account_id)), &rows));
        ret->avatar_name = rows.count ? row_text(&rows, 0, ONLY) : NULL;
    }
    return OK;
}

enum err guardians_steps(struct call *call, int64_t id, struct guardians_step **ret,
                         size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &guardians_steps_of, BIND(I64(id), I64(GUARDIANS_STEPS_MAX)), &rows));
    struct guardians_step *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        size_t row = rows.count - 1 - i; /* in their order */
        all[i] = (struct guardians_step){row_text(&rows, row, STEP_WHAT),
                                         row_text(&rows, row, STEP_AVATAR_NAME),
                                         row_i64(&rows, row, STEP_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err guardians_pages(struct call *call, int64_t id, int64_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &guardians_page_count, BIND(I64(id)), &rows));
    *ret_count = row_i64(&rows, 0, ONLY);
    return OK;
}

enum err guardians_page(struct call *call, const struct guardian *guardian, int64_t page,
                        struct sealed *ret)
{
    struct rows rows;
    TRY(store_run(call, &guardians_page_one, BIND(I64(guardian->id), I64(page)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "guardians.page");
    }
    *ret = sealed_read(&rows, 0, ONLY, guardian->page_key_id);
    return OK;
}

enum err guardians_grant(struct call *call, const struct guardian *guardian, int64_t officer)
{
    struct rows rows;
    ASSERT_CODE(officer || call->settings->demo);
    TRY(store_run(call, &guardians_granted_row,
                  BIND(I64(guardian->id), officer ? I64(officer) : NIL, I64(call->now_ms),
                       I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY), TEXT(guardian->state)),
                  &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    return guardians_note(call, guardian->id, officer ? "granted" : "granted_sandbox", officer);
}

static bool blank(const char *text)
{
    return !text || text[strspn(text, " \t\n")] == '\0';
}

enum err guardians_decide_prepare(struct call *call, const struct guardians_decision *decision,
                                  struct guardians_deciding *state)
{
    const struct guardian *guardian = &state->guardian;
    ASSERT_CODE(!call->tx && call->actor.id);
    if (strcmp(guardian->state, "proving") != 0) {
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    if (blank(decision->reason)) {
        return call_fail_field(call, ERR_INVALID, "guardians.reason", "reason");
    }
    bool by_call = guardian->method && strcmp(guardian->method, "call") == 0;
    if (decision->grant && by_call && blank(decision->shown)) {
        return call_fail_field(call, ERR_INVALID, "guardians.shown", "shown");
    }
    bool more = guardian->account_id;
    if (!decision->grant) {
        return guardians_mail(call, guardian, more ? "guardians.more_refused" : "guardians.refused",
                              NULL, &state->mail);
    }
    TRY(sealed_text(call, guardian->key_id, "guardian.reason_ct", decision->reason,
                    &state->reason));
    if (!blank(decision->shown)) {
        TRY(sealed_text(call, guardian->key_id, "guardian.shown_ct", decision->shown,
                        &state->shown));
    }
    return guardians_mail(call, guardian, more ? "guardians.more_granted" : "guardians.granted",
                          NULL, &state->mail);
}

enum err guardians_decide_apply(struct call *call, const struct guardians_decision *decision,
                                const struct guardians_deciding *state)
{
    struct guardian now;
    ASSERT_CODE(call->actor.id);
    ASSERT_CODE(!decision->grant || state->reason.at);
    TRY(guardians_by_id(call, decision->id, &now));
    struct rows own;
    TRY(store_run(call, &guardians_own_address, BIND(I64(now.id), I64(call->actor.id)), &own));
    if (own.count > 0) {
        return call_fail(call, ERR_DENIED, "guardians.own_case");
    }
    bool same = strcmp(now.state, "proving") == 0 && now.answered_ms == decision->answered_ms;
    if (!same) { /* decided, or something else was answered or handed in since it was looked at */
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    if (!decision->grant) {
        TRY(now.account_id ? guardians_more_end(call, &now, "more_refused", call->actor.id)
                           : guardians_erase(call, &now));
        return mail_post(call, &state->mail); /* after the erasing, which drops older ones */
    }
    TRY(now.account_id ? guardians_more_grant(call, &now, call->actor.id)
                       : guardians_grant(call, &now, call->actor.id));
    TRY(store_run(call, &guardians_reasoned,
                  BIND(I64(now.id), SEALED(state->reason), SEALED(state->shown)), NULL));
    return mail_post(call, &state->mail);
}
