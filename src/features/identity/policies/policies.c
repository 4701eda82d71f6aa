#include "features/identity/policies/policies.h"

#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "base/time.h"
#include "call/id.h"
#include "features/common/prose/prose.h"
#include "features/identity/policies/policies_inner.h"
#include "store/queue.h"
#include "store/store.h"

SQL(policies_current, "SELECT " POLICIES_VERSION("$2") " FROM policy p WHERE " POLICIES_ASKED(
                          "$1") " ORDER BY p.kind DESC, p.number DESC LIMIT $3");
SQL(policies_one,
    "SELECT " POLICIES_VERSION(
        "$4") " FROM policy p WHERE p.kind = $1"
              " AND p.published_ms IS NOT NULL AND (p.number = $2 OR ($2 = 0 AND p.since_ms <= $3))"
              " ORDER BY p.number DESC LIMIT 1");
SQL(policies_words, "SELECT language, text, changes FROM policy_text WHERE policy_id = $1"
                    " ORDER BY CASE WHEN language = $2 THEN 0 ELSE 1 END, language LIMIT $3");
COLUMNS(WORDS_LANGUAGE, WORDS_TEXT, WORDS_CHANGES);
SQL(policies_all, "SELECT " POLICIES_VERSION(
                      "$2") " FROM policy p WHERE p.kind = $1"
                            " AND p.published_ms IS NOT NULL ORDER BY p.number DESC LIMIT $3");
SQL(policies_drafted, "SELECT id, number, edit FROM policy WHERE kind = $1"
                      " AND published_ms IS NULL ORDER BY number DESC LIMIT 1");
COLUMNS(DRAFTED_ID, DRAFTED_NUMBER, DRAFTED_EDIT);
SQL(policies_newest,
    "SELECT COALESCE(MAX(number), 0) AS number, COALESCE(MAX(since_ms), 0) AS since_ms"
    " FROM policy WHERE kind = $1 AND published_ms IS NOT NULL");
COLUMNS(NEWEST_NUMBER, NEWEST_SINCE_MS);
SQL(policies_begin, "INSERT INTO policy (id, kind, number, edit) VALUES ($1, $2, $3, 1)");
SQL(policies_edit, "UPDATE policy SET edit = edit + 1 WHERE id = $1 AND edit = $2"
                   " AND published_ms IS NULL");
SQL(policies_put,
    "INSERT INTO policy_text (policy_id, language, text, changes) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (policy_id, language) DO UPDATE SET text = excluded.text,"
    " changes = excluded.changes");
SQL(policies_issue, "UPDATE policy SET published_ms = $2, since_ms = $3, mailed = $4 WHERE id = $1"
                    " AND published_ms IS NULL");
SQL(policies_take_back, "DELETE FROM policy WHERE kind = $1 AND number = $2"
                        " AND (published_ms IS NULL OR since_ms > $3)");
SQL(policies_any_terms,
    "SELECT 1 FROM policy WHERE kind = 'terms' AND published_ms IS NOT NULL LIMIT 1");

struct policies_version policies_version_read(const struct rows *rows, size_t row)
{
    return (struct policies_version){.id = row_i64(rows, row, ISSUE_ID),
                                     .kind = row_text(rows, row, ISSUE_KIND),
                                     .number = row_i64(rows, row, ISSUE_NUMBER),
                                     .since_ms = row_i64(rows, row, ISSUE_SINCE_MS),
                                     .changes = row_text(rows, row, ISSUE_CHANGES)};
}

static void versions(struct call *call, const struct rows *rows, struct policies_version **ret,
                     size_t *ret_count)
{
    *ret = arena_alloc(call->arena, (rows->count + 1) * sizeof(**ret));
    *ret_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) {
        (*ret)[i] = policies_version_read(rows, i);
    }
}

enum err policies_now(struct call *call, struct policies_version **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &policies_current,
                  BIND(I64(call->now_ms), TEXT(call->actor.language), I64(POLICIES_MAX)), &rows));
    versions(call, &rows, ret, ret_count);
    return OK;
}

enum err policies_past(struct call *call, const char *kind, struct policies_version **ret,
                       size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &policies_all,
                  BIND(TEXT(kind), TEXT(call->actor.language), I64(POLICIES_MAX)), &rows));
    versions(call, &rows, ret, ret_count);
    return OK;
}

enum err policies_find(struct call *call, const char *kind, int64_t number,
                       struct policies_version *ret)
{
    struct rows rows;
    TRY(store_run(call, &policies_one,
                  BIND(TEXT(kind), I64(number), I64(call->now_ms), TEXT(call->actor.language)),
                  &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "policies.none");
    }
    *ret = policies_version_read(&rows, 0);
    return OK;
}

static enum err read_words(struct call *call, int64_t id, size_t most, struct policies_text *ret,
                           size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &policies_words,
                  BIND(I64(id), TEXT(call->actor.language), I64((int64_t)most)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        ret[i] = (struct policies_text){row_text(&rows, i, WORDS_LANGUAGE),
                                        row_text(&rows, i, WORDS_TEXT),
                                        row_text(&rows, i, WORDS_CHANGES)};
    }
    *ret_count = rows.count;
    return OK;
}

enum err policies_read(struct call *call, const char *kind, int64_t number,
                       struct policies_version *ret, struct policies_text *ret_text)
{
    size_t count = 0;
    TRY(policies_find(call, kind, number, ret));
    TRY(read_words(call, ret->id, 1, ret_text, &count));
    return count ? OK : call_fail(call, ERR_MISSING, "policies.none");
}

/* ---- the operator's ---- */

enum err policies_draft(struct call *call, const char *kind, struct policies_draft *ret)
{
    struct rows rows;
    *ret = (struct policies_draft){0};
    TRY(store_run(call, &policies_drafted, BIND(TEXT(kind)), &rows));
    if (rows.count == 0) {
        TRY(store_run(call, &policies_newest, BIND(TEXT(kind)), &rows));
        ret->number = row_i64(&rows, 0, NEWEST_NUMBER) + 1;
        return OK;
    }
    ret->id = row_i64(&rows, 0, DRAFTED_ID);
    ret->number = row_i64(&rows, 0, DRAFTED_NUMBER);
    ret->edit = row_i64(&rows, 0, DRAFTED_EDIT);
    return read_words(call, ret->id, POLICIES_LANGUAGES_MAX, ret->texts, &ret->count);
}

enum err policies_write_prepare(struct call *call, struct policies_wish *wish)
{
    const char *text = wish->text + strspn(wish->text, " \t\r\n");
    size_t len = strlen(text);
    ASSERT_CODE(!call->tx);
    while (len > 0 && strchr(" \t\r\n", text[len - 1])) {
        len--;
    }
    if (len == 0) {
        return call_fail_field(call, ERR_INVALID, "policies.empty", "text");
    }
    wish->text = arena_text(call->arena, text, len);
    return prose_clean(call, "changes", wish->changes, POLICIES_CHANGES_MAX, false, &wish->changes);
}

enum err policies_write(struct call *call, const struct policies_wish *wish, int64_t *ret_edit)
{
    struct policies_draft draft;
    struct rows rows;
    ASSERT_CODE(call->tx);
    TRY(policies_draft(call, wish->kind, &draft));
    if (draft.edit != wish->edit) {
        return call_fail(call, ERR_CONFLICT, "policies.changed");
    }
    if (draft.edit == 0) {
        draft.id = id_new(call);
        TRY(store_run(call, &policies_begin,
                      BIND(I64(draft.id), TEXT(wish->kind), I64(draft.number)), NULL));
    } else {
        TRY(store_run(call, &policies_edit, BIND(I64(draft.id), I64(draft.edit)), &rows));
    }
    call->acted.what = arena_printf(call->arena, "%s %lld, %s", wish->kind, (long long)draft.number,
                                    wish->language);
    *ret_edit = draft.edit + 1;
    return store_run(
        call, &policies_put,
        BIND(I64(draft.id), TEXT(wish->language), TEXT(wish->text), TEXT(wish->changes)), NULL);
}

/* In every language of the program, and but for the first with what is new. */
static bool complete(const struct policies_draft *draft)
{
    for (size_t i = 0; catalogue_languages[i]; i++) {
        bool found = false;
        for (size_t n = 0; n < draft->count; n++) {
            const struct policies_text *text = &draft->texts[n];
            found = found || (strcmp(text->language, catalogue_languages[i]) == 0 &&
                              (draft->number == 1 || *text->changes));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

/* It is in force from `since_ms`, and members hear of it. */
static enum err issue(struct call *call, int64_t id, int64_t since_ms, bool mail)
{
    TRY(store_run(call, &policies_issue, BIND(I64(id), I64(call->now_ms), I64(since_ms), I64(mail)),
                  NULL));
    return job_queue(call, "policies.tell", arena_printf(call->arena, "%lld 0", (long long)id), 0,
                     0);
}

enum err policies_publish(struct call *call, const char *kind, int64_t edit, int64_t days,
                          bool mail)
{
    struct policies_draft draft;
    struct rows rows;
    ASSERT_CODE(call->tx && days >= 0 && days <= POLICIES_DAYS_MAX);
    TRY(policies_draft(call, kind, &draft));
    if (draft.edit == 0 || draft.edit != edit) {
        return call_fail(call, ERR_CONFLICT, "policies.changed");
    }
    if (!complete(&draft)) {
        return call_fail(call, ERR_INVALID, "policies.languages");
    }
    int64_t since_ms = call->now_ms + days * TIME_DAY;
    TRY(store_run(call, &policies_newest, BIND(TEXT(kind)), &rows));
    if (since_ms < row_i64(&rows, 0, NEWEST_SINCE_MS)) {
        return call_fail_field(call, ERR_CONFLICT, "policies.before", "days");
    }
    call->acted.what = arena_printf(call->arena, "%s %lld", kind, (long long)draft.number);
    return issue(call, draft.id, since_ms, mail);
}

enum err policies_withdraw(struct call *call, const char *kind, int64_t number)
{
    struct rows rows;
    TRY(store_run(call, &policies_take_back, BIND(TEXT(kind), I64(number), I64(call->now_ms)),
                  &rows));
    call->acted.what = arena_printf(call->arena, "%s %lld", kind, (long long)number);
    return rows.changed ? OK : call_fail(call, ERR_MISSING, "policies.none");
}

enum err policies_first(struct call *call)
{
    struct policies_draft draft;
    struct rows rows;
    if (!call->settings->terms) {
        return OK;
    }
    TRY(store_run(call, &policies_any_terms, NO_BIND, &rows));
    TRY(policies_draft(call, "terms", &draft));
    if (rows.count > 0 || draft.edit > 0) {
        return OK;
    }
    int64_t id = id_new(call);
    TRY(store_run(call, &policies_begin, BIND(I64(id), TEXT("terms"), I64(draft.number)), NULL));
    TRY(store_run(call, &policies_put,
                  BIND(I64(id), TEXT(catalogue_language(call->settings->language)),
                       TEXT(call->settings->terms), TEXT("")),
                  NULL));
    return issue(call, id, call->now_ms, false);
}
