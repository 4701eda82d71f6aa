#ifndef FEATURES_POLICIES_POLICIES_INNER_H
#define FEATURES_POLICIES_POLICIES_INNER_H

#include "features/identity/policies/policies.h"
#include "store/store.h"

/* A version of `policy p`, with what is new in `language_` or in a language that there is. */
#define POLICIES_VERSION(language_)                                                              \
    "p.id, p.kind, p.number, COALESCE(p.since_ms, 0) AS since_ms,"                               \
    " COALESCE((SELECT t.changes FROM policy_text t WHERE t.policy_id = p.id"                    \
    " ORDER BY CASE WHEN t.language = " language_ " THEN 0 ELSE 1 END, t.language LIMIT 1), '')" \
    " AS changes"
COLUMNS(ISSUE_ID, ISSUE_KIND, ISSUE_NUMBER, ISSUE_SINCE_MS, ISSUE_CHANGES, ISSUE_COLUMNS);

/* Those that are in force at `now_` or will be. */
#define POLICIES_ASKED(now_)                                                                      \
    " p.published_ms IS NOT NULL AND (p.since_ms > " now_ " OR p.number = (SELECT MAX(q.number)"  \
    " FROM policy q WHERE q.kind = p.kind AND q.published_ms IS NOT NULL AND q.since_ms <= " now_ \
    ")) "

struct policies_version policies_version_read(const struct rows *rows, size_t row);
/* As policies_read, without its words. */
MUST_USE enum err policies_find(struct call *call, const char *kind, int64_t number,
                                struct policies_version *ret);

#endif
