#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time.h"
#include "features/identity/policies/policies_inner.h"
#include "features/notify/notices/notices.h"
#include "store/queue.h"

/* Members hear of a new version, a page of them at a time. */

SQL(policies_told, "SELECT " POLICIES_VERSION("$2") ", p.mailed FROM policy p WHERE p.id = $1"
                                                    " AND p.published_ms IS NOT NULL");
COLUMNS(TOLD_MAILED = ISSUE_COLUMNS);
/* sees: server - each is told the same of the site */
SQL(policies_whom, "SELECT id FROM account a WHERE id > $1 AND state = 'active' AND NOT EXISTS"
                   " (SELECT 1 FROM policy_answer o WHERE o.account_id = a.id AND o.policy_id = $2)"
                   " ORDER BY id LIMIT $3");

enum err policies_tell_look(struct call *call, const char *payload, struct policies_page *page)
{
    struct rows rows;
    int64_t id = 0, last = 0;
    const char *blank = strchr(payload, ' ');
    if (!blank ||
        !text_i64(arena_text(call->arena, payload, (size_t)(blank - payload)), 1, INT64_MAX, &id) ||
        !text_i64(blank + 1, 0, INT64_MAX, &last)) {
        return OK;
    }
    TRY(store_run(call, &policies_told, BIND(I64(id), TEXT(call->settings->language)), &rows));
    if (rows.count == 0) {
        return OK;
    }
    page->version = policies_version_read(&rows, 0);
    page->mailed = row_i64(&rows, 0, TOLD_MAILED) != 0;
    TRY(store_run(call, &policies_whom, BIND(I64(last), I64(id), I64(POLICIES_TOLD_PAGE)), &rows));
    page->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        page->ids[i] = row_i64(&rows, i, ONLY);
        if (page->mailed) {
            TRY(mail_to_account(call, page->ids[i], &page->to[i]));
        }
    }
    return OK;
}

enum err policies_tell_prepare(struct call *call, struct policies_page *page)
{
    char since[16] = "";
    time_t seconds = (time_t)(page->version.since_ms / TIME_S);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(since, sizeof(since), "%Y-%m-%d", &parts);
    if (!page->mailed) {
        return OK;
    }
    bool terms = strcmp(page->version.kind, "terms") == 0;
    const char *what = terms ? "policies.the_terms" : "policies.the_notice";
    for (size_t i = 0; i < page->count; i++) {
        const char *language = page->to[i].language;
        const struct mail_value values[] = {{"what", catalogue_text(language, what)},
                                            {"since", since}};
        const char *path = arena_printf(call->arena, "/policies/%s/%lld", page->version.kind,
                                        (long long)page->version.number);
        enum err err = mail_prepare(call, &page->to[i], "policies.changed", path, values,
                                    COUNT(values), &page->drafts[page->letters]);
        if (err == ERR_MISSING) { /* its key is burned: nobody is left to be told */
            call->fail_code = NULL;
            continue;
        }
        TRY(err);
        page->letters++;
    }
    return OK;
}

enum err policies_tell_apply(struct call *call, const struct policies_page *page)
{
    ASSERT_CODE(call->tx && page->count <= POLICIES_TOLD_PAGE && page->letters <= page->count);
    for (size_t i = 0; i < page->count; i++) {
        TRY(notices_post(call, &(struct notices_new){.account_id = page->ids[i],
                                                     .kind = "policies.changed",
                                                     .target = page->version.kind}));
    }
    for (size_t i = 0; i < page->letters; i++) {
        TRY(mail_post(call, &page->drafts[i]));
    }
    return page->count < POLICIES_TOLD_PAGE
               ? OK
               : job_queue(call, "policies.tell",
                           arena_printf(call->arena, "%lld %lld", (long long)page->version.id,
                                        (long long)page->ids[page->count - 1]),
                           0, 0);
}
