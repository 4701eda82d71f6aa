#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "features/identity/policies/policies_inner.h"

/* What members say to a version of the terms or the notice. */

/* One row a version: that it was declined is not said any more once it was agreed to. */
SQL(policies_own,
    "SELECT " POLICIES_VERSION(
        "$3") ", a.answer, a.language, a.how, a.at_ms FROM policy p"
              " LEFT JOIN policy_answer a ON a.policy_id = p.id AND a.account_id = $1"
              " AND (a.answer <> 'declined' OR NOT EXISTS (SELECT 1 FROM policy_answer b"
              " WHERE b.policy_id = p.id AND b.account_id = $1 AND b.answer = 'agreed'))"
              " WHERE a.answer IS NOT NULL OR (" POLICIES_ASKED(
                  "$2") ")"
                        " ORDER BY p.since_ms DESC, p.kind, p.number DESC LIMIT $4");
COLUMNS(OWN_ANSWER = ISSUE_COLUMNS, OWN_LANGUAGE, OWN_HOW, OWN_AT_MS);
SQL(policies_answered, "SELECT answer FROM policy_answer WHERE account_id = $1 AND policy_id = $2");
SQL(policies_say, "INSERT INTO policy_answer (account_id, policy_id, answer, language, how, at_ms)"
                  " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(policies_join,
    "INSERT INTO policy_answer (account_id, policy_id, answer, language, how, at_ms)"
    " SELECT $1, p.id, CASE p.kind WHEN 'terms' THEN 'agreed' ELSE 'seen' END, $3,"
    " 'registration', $2 FROM policy p WHERE p.since_ms <= $2 AND" POLICIES_ASKED("$2"));

enum err policies_mine(struct call *call, struct policies_asked **ret, size_t *ret_count)
{
    struct rows rows;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(
        call, &policies_own,
        BIND(I64(call->actor.id), I64(call->now_ms), TEXT(call->actor.language), I64(POLICIES_MAX)),
        &rows));
    struct policies_asked *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct policies_asked){.version = policies_version_read(&rows, i),
                                         .answer = row_text(&rows, i, OWN_ANSWER),
                                         .language = row_text(&rows, i, OWN_LANGUAGE),
                                         .how = row_text(&rows, i, OWN_HOW)};
        all[i].at_ms = all[i].answer ? row_i64(&rows, i, OWN_AT_MS) : 0;
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err policies_answer(struct call *call, const char *kind, int64_t number, const char *answer)
{
    struct policies_version version;
    struct rows rows;
    ASSERT_CODE(call->tx && call->actor.id);
    if ((strcmp(kind, "terms") == 0) == (strcmp(answer, "seen") == 0)) {
        return call_fail_field(call, ERR_INVALID, "policies.answer", "answer");
    }
    TRY(policies_find(call, kind, number, &version));
    TRY(store_run(call, &policies_answered, BIND(I64(call->actor.id), I64(version.id)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const char *before = row_text(&rows, i, ONLY);
        if (strcmp(before, answer) == 0) {
            return OK;
        }
        if (strcmp(before, "agreed") == 0) {
            return call_fail(call, ERR_CONFLICT, "policies.answered");
        }
    }
    return store_run(call, &policies_say,
                     BIND(I64(call->actor.id), I64(version.id), TEXT(answer),
                          TEXT(catalogue_language(call->actor.language)), TEXT("asked"),
                          I64(call->now_ms)),
                     NULL);
}

enum err policies_joined(struct call *call, int64_t account_id, const char *language)
{
    ASSERT_CODE(call->tx && account_id);
    return store_run(call, &policies_join,
                     BIND(I64(account_id), I64(call->now_ms), TEXT(catalogue_language(language))),
                     NULL);
}
