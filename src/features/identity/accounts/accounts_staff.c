#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/accounts.h"
#include "features/notify/notices/notices.h"
#include "store/queue.h"
#include "store/store.h"

/* What only staff do with other people's accounts, and housekeeping. */

/* contact: staff see every account; the routes are theirs alone. */
/* sees: staff - the list of accounts */
SQL(accounts_find,
    "SELECT public_id, avatar_name, state, end_reason, created_at_ms, seen_at_ms,"
    " (SELECT n.name FROM account_name n WHERE n.account_id = account.id ORDER BY n.until_ms DESC"
    " LIMIT 1) AS former, " SESSIONS_ROLES(
        "account") " AS roles"
                   " FROM account WHERE ($1 = '' OR state = $1) AND ($2 = '' OR name_skeleton LIKE"
                   " $2 || '%' OR ($4 = 1 AND id IN (SELECT account_id FROM account_name WHERE "
                   "name_skeleton LIKE"
                   " $2 || '%'))) ORDER BY id DESC LIMIT $3");
COLUMNS(PERSON_PUBLIC_ID, PERSON_AVATAR_NAME, PERSON_STATE, PERSON_END_REASON, PERSON_CREATED_AT_MS,
        PERSON_SEEN_AT_MS, PERSON_FORMER, PERSON_ROLES);
/* sees: staff - how many wait to be let in */
SQL(accounts_waiting_count, "SELECT COUNT(*) FROM account WHERE state = 'waiting'");
SQL(accounts_approve_row, "UPDATE account SET state = 'active' WHERE public_id = $1"
                          " AND state = 'waiting' RETURNING id");
SQL(accounts_end_row,
    "UPDATE account SET state = 'ended', end_reason = $2, ended_ms = $3 WHERE public_id = $1"
    " AND (state <> 'ended' OR (erase_at_ms IS NOT NULL AND (end_reason IS NULL"
    " OR end_reason IN ('parent', 'parent.waiting'))))"
    " RETURNING id");
/* sees: server - computes skeletons anew */
SQL(accounts_stale_rows, "SELECT id, avatar_name FROM account WHERE skeleton_version <> $1"
                         " ORDER BY id LIMIT $2");
COLUMNS(STALE_ID, STALE_AVATAR_NAME);
/* sees: server - who looks the same by now; the later of the two is asked to take another name */
SQL(accounts_alike, "SELECT CASE WHEN o.id > $2 THEN o.id ELSE $2 END FROM account o"
                    " WHERE o.name_skeleton = $1 AND o.id <> $2 LIMIT 1");
/* Two old names that look alike only now: both stay, this one keeps its old forms. */
SQL(accounts_fresh_row,
    "UPDATE account SET skeleton_version = $4, name_fold = NULL,"
    " name_look = $3, name_skeleton = CASE WHEN EXISTS (SELECT 1 FROM account o WHERE"
    " o.name_skeleton = $2 AND o.id <> $1) THEN name_skeleton ELSE $2 END WHERE id = $1");

enum err accounts_people(struct call *call, const char *search, const char *state,
                         struct accounts_person **ret, size_t *ret_count)
{
    struct rows rows;
    struct name_forms forms = {.skeleton = ""};
    /* At the machine nobody is signed in, and everything is there anyway. */
    bool names = !call->actor.id || roles_may(call->actor.roles, POWER_NAMES);
    if (search && *search && names_forms(call, search, &forms) != OK) {
        *ret_count = 0; /* no name can look like that */
        return OK;
    }
    if (strpbrk(forms.skeleton, "%_\\")) {
        *ret_count = 0;
        return OK;
    }
    TRY(store_run(
        call, &accounts_find,
        BIND(TEXT(state ? state : ""), TEXT(forms.skeleton), I64(ACCOUNTS_PAGE), I64(names)),
        &rows));
    struct accounts_person *all = arena_alloc(call->arena, rows.count * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct accounts_person){
            .id = row_text(&rows, i, PERSON_PUBLIC_ID),
            .avatar_name = row_text(&rows, i, PERSON_AVATAR_NAME),
            .state = row_text(&rows, i, PERSON_STATE),
            .reason = row_text(&rows, i, PERSON_END_REASON),
            .created_ms = row_i64(&rows, i, PERSON_CREATED_AT_MS),
            .seen_ms = names ? row_i64(&rows, i, PERSON_SEEN_AT_MS) : 0,
            .former = names ? row_text(&rows, i, PERSON_FORMER) : NULL,
        };
        const char **roles = arena_alloc(call->arena, ROLES_MAX * sizeof(*roles));
        unsigned bits = (unsigned)row_i64(&rows, i, PERSON_ROLES);
        JSON_LIST_SET(all[i].roles, roles, roles_list(bits, roles));
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err accounts_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent)
{
    struct rows rows;
    TRY(store_run(call, &accounts_waiting_count, NO_BIND, &rows));
    *ret_count = row_i64(&rows, 0, ONLY);
    *ret_urgent = 0;
    return OK;
}

enum err accounts_approve(struct call *call, const char *public_id)
{
    struct rows rows;
    TRY(store_run(call, &accounts_approve_row, BIND(TEXT(public_id)), &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    call->acted.on = call->acted.subject = row_i64(&rows, 0, ONLY);
    return OK;
}

enum err accounts_end(struct call *call, const char *public_id, const char *reason)
{
    struct rows rows;
    if (strcmp(public_id, call->actor.public_id) == 0) {
        return call_fail(call, ERR_CONFLICT, "accounts.self");
    }
    TRY(accounts_leaves_an_admin(call, public_id));
    TRY(store_run(call, &accounts_end_row, BIND(TEXT(public_id), TEXT(reason), I64(call->now_ms)),
                  &rows));
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "accounts.none");
    }
    int64_t id = call->acted.on = call->acted.subject = row_i64(&rows, 0, ONLY);
    call_emit(call, EVENT_ACCOUNT_ENDED, id, 0, NULL); /* first: their rooms hear no sign-in end */
    TRY(accounts_shut(call, id));
    return OK;
}

enum err accounts_stale_look(struct call *call, struct accounts_stale *ret)
{
    struct rows rows;
    TRY(store_run(call, &accounts_stale_rows,
                  BIND(TEXT(names_version()), I64((int64_t)COUNT(ret->ids))), &rows));
    ASSERT_CODE(rows.count <= COUNT(ret->ids));
    ret->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        ret->ids[i] = row_i64(&rows, i, STALE_ID);
        TRY(names_forms(call, row_text(&rows, i, STALE_AVATAR_NAME), &ret->forms[i]));
    }
    return OK;
}

enum err accounts_stale_apply(struct call *call, const struct accounts_stale *stale)
{
    ASSERT_CODE(call->tx && stale->count <= COUNT(stale->ids));
    for (size_t i = 0; i < stale->count; i++) {
        struct rows alike;
        TRY(store_run(call, &accounts_alike,
                      BIND(TEXT(stale->forms[i].skeleton), I64(stale->ids[i])), &alike));
        if (alike.count > 0) {
            const struct notices_new notice = {row_i64(&alike, 0, ONLY), "accounts.name_alike", 0,
                                               ""};
            TRY(notices_post(call, &notice));
        }
        TRY(store_run(call, &accounts_fresh_row,
                      BIND(I64(stale->ids[i]), TEXT(stale->forms[i].skeleton),
                           TEXT(stale->forms[i].look), TEXT(names_version())),
                      NULL));
    }
    return stale->count == COUNT(stale->ids) ? job_queue(call, "accounts.skeletons_more", "", 0, 0)
                                             : OK;
}
