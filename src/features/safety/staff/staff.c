#include "features/safety/staff/staff.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/ages/ages.h"
#include "features/identity/sessions/sessions.h"
#include "store/store.h"

/* sees: staff - whom an administrator names */
SQL(staff_named, "SELECT id FROM account WHERE name_skeleton = $1 AND state = 'active'"
                 " AND " AGES_ADULT("account") " LIMIT 1");
/* sees: server - counts only */
SQL(staff_count, "SELECT count(*) FROM staff");
SQL(staff_insert, "INSERT INTO staff (account_id, role, by_id, since_ms)"
                  " VALUES ($1, $4, $2, $3) ON CONFLICT (account_id, role) DO NOTHING");
/* An administrator is one by the account's own row, as everybody who meets them may see. */
SQL(staff_admin, "UPDATE account SET role = 'admin' WHERE id = $1");
/* sees: staff - an administrator takes a role away */
SQL(staff_delete, "DELETE FROM staff WHERE role = $2 AND account_id IN"
                  " (SELECT id FROM account WHERE public_id = $1) RETURNING account_id");
SQL(staff_unadmin, "UPDATE account SET role = 'member' WHERE public_id = $1 AND role = 'admin'"
                   " RETURNING id");
/* sees: staff - the list of staff, for administrators */
SQL(staff_all,
    "SELECT a.public_id, a.avatar_name, (SELECT MIN(s.since_ms) FROM staff s WHERE"
    " s.account_id = a.id) AS since_ms, " SESSIONS_ROLES(
        "a") " AS roles FROM account a"
             " WHERE a.state <> 'ended' AND (a.role = 'admin' OR a.id IN (SELECT account_id"
             " FROM staff)) ORDER BY a.name_fold, a.id LIMIT $1");
COLUMNS(PERSON_PUBLIC_ID, PERSON_AVATAR_NAME, PERSON_SINCE_MS, PERSON_ROLES);
SQL(staff_look_add, "INSERT INTO staff_look (id, officer_id, what, guardian_id, report_id, at_ms)"
                    " VALUES ($1, $2, $3, $4, $5, $6)");
/* sees: staff - who looked at what, for administrators */
SQL(staff_look_all,
    "SELECT a.avatar_name, l.what, substr(COALESCE(g.public_id, r.public_id), 1,"
    " 8) AS look_case, l.at_ms FROM staff_look l LEFT JOIN account a ON a.id = l.officer_id"
    " LEFT JOIN guardian g ON g.id = l.guardian_id"
    " LEFT JOIN report r ON r.id = l.report_id ORDER BY l.id DESC LIMIT $1");
COLUMNS(LOOK_AVATAR_NAME, LOOK_WHAT, LOOK_CASE, LOOK_AT_MS);
SQL(staff_act_add,
    "INSERT INTO staff_act (id, by_id, act, on_id, what, at_ms) VALUES ($1, $2, $3, $4, $5, $6)");
/* sees: staff - what staff did, for administrators */
SQL(staff_act_all,
    "SELECT s.id, b.avatar_name, s.act, o.avatar_name, CASE WHEN s.act LIKE '%/end' OR"
    " s.act LIKE '%admin end' THEN o.end_reason END AS end_reason, s.at_ms, s.by_id, s.what FROM "
    "staff_act s"
    " LEFT JOIN account b ON b.id = s.by_id LEFT JOIN account o ON o.id = s.on_id"
    " WHERE s.id < $1 ORDER BY s.id DESC LIMIT $2");
COLUMNS(ACT_ID, ACT_BY_AVATAR_NAME, ACT_ACT, ACT_ON_AVATAR_NAME, ACT_END_REASON, ACT_AT_MS,
        ACT_BY_ID, ACT_WHAT);

enum err staff_add(struct call *call, const struct name_forms *forms, const char *role)
{
    struct rows rows;
    ASSERT_CODE(forms->skeleton);
    unsigned bit = roles_named(role);
    if (!bit) {
        return call_fail_field(call, ERR_INVALID, "input.choice", "role");
    }
    TRY(store_run(call, &staff_count, NO_BIND, &rows));
    if (row_i64(&rows, 0, ONLY) >= STAFF_MAX) {
        return call_fail(call, ERR_LIMIT, "staff.many");
    }
    TRY(store_run(call, &staff_named, BIND(TEXT(forms->skeleton)), &rows));
    if (rows.count == 0) {
        return call_fail_field(call, ERR_MISSING, "staff.none", "avatar_name");
    }
    int64_t id = call->acted.on = row_i64(&rows, 0, ONLY);
    if (id == call->actor.id) { /* nobody raises themselves: another one has to want it */
        return call_fail_field(call, ERR_DENIED, "staff.self", "avatar_name");
    }
    if (bit == ROLE_ADMIN) {
        TRY(store_run(call, &staff_admin, BIND(I64(id)), NULL));
    } else {
        TRY(store_run(call, &staff_insert,
                      BIND(I64(id), call->actor.id ? I64(call->actor.id) : NIL, I64(call->now_ms),
                           TEXT(role)),
                      NULL));
    }
    call->acted.what = role;
    call_emit(call, EVENT_ACCOUNT_CHANGED, id, 0, NULL);
    return OK;
}

enum err staff_end(struct call *call, const char *public_id, const char *role)
{
    struct rows rows;
    if (roles_named(role) == ROLE_ADMIN) {
        TRY(accounts_leaves_an_admin(call, public_id));
        TRY(store_run(call, &staff_unadmin, BIND(TEXT(public_id)), &rows));
    } else {
        TRY(store_run(call, &staff_delete, BIND(TEXT(public_id), TEXT(role)), &rows));
    }
    if (rows.count == 0) {
        return call_fail(call, ERR_MISSING, "staff.not");
    }
    call->acted.on = row_i64(&rows, 0, ONLY);
    call->acted.what = role;
    call_emit(call, EVENT_ACCOUNT_CHANGED, call->acted.on, 0, NULL);
    return OK;
}

enum err staff_list(struct call *call, struct staff_person **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &staff_all, BIND(I64(STAFF_MAX)), &rows));
    struct staff_person *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct staff_person){row_text(&rows, i, PERSON_PUBLIC_ID),
                                       row_text(&rows, i, PERSON_AVATAR_NAME),
                                       row_i64(&rows, i, PERSON_SINCE_MS)};
        const char **roles = arena_alloc(call->arena, ROLES_MAX * sizeof(*roles));
        unsigned bits = (unsigned)row_i64(&rows, i, PERSON_ROLES);
        JSON_LIST_SET(all[i].roles, roles, roles_list(bits, roles));
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err staff_looks_at(struct call *call, const char *what, int64_t guardian_id, int64_t report_id)
{
    ASSERT_CODE(call->actor.id && (!guardian_id || !report_id));
    ASSERT_CODE(strcmp(what, "report") == 0 ? !guardian_id : !report_id);
    return store_run(call, &staff_look_add,
                     BIND(I64(id_new(call)), I64(call->actor.id), TEXT(what),
                          guardian_id ? I64(guardian_id) : NIL, report_id ? I64(report_id) : NIL,
                          I64(call->now_ms)),
                     NULL);
}

enum err staff_looks(struct call *call, struct staff_look **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &staff_look_all, BIND(I64(STAFF_LOOKS_PAGE)), &rows));
    struct staff_look *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] =
            (struct staff_look){row_text(&rows, i, LOOK_AVATAR_NAME), row_text(&rows, i, LOOK_WHAT),
                                row_text(&rows, i, LOOK_CASE), row_i64(&rows, i, LOOK_AT_MS)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}

enum err staff_writes(struct call *call, const char *act)
{
    ASSERT_CODE(call->tx && act);
    return store_run(call, &staff_act_add,
                     BIND(I64(id_new(call)), call->actor.id ? I64(call->actor.id) : NIL, TEXT(act),
                          call->acted.on ? I64(call->acted.on) : NIL, TEXT(call->acted.what),
                          I64(call->now_ms)),
                     NULL);
}

enum err staff_acts(struct call *call, int64_t before, struct staff_done **ret, size_t *ret_count)
{
    struct rows rows;
    TRY(store_run(call, &staff_act_all,
                  BIND(I64(before ? before : INT64_MAX), I64(STAFF_LOOKS_PAGE)), &rows));
    struct staff_done *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] = (struct staff_done){.id = row_i64(&rows, i, ACT_ID),
                                     .by = row_text(&rows, i, ACT_BY_AVATAR_NAME),
                                     .act = row_text(&rows, i, ACT_ACT),
                                     .on = row_text(&rows, i, ACT_ON_AVATAR_NAME),
                                     .reason = row_text(&rows, i, ACT_END_REASON),
                                     .at_ms = row_i64(&rows, i, ACT_AT_MS),
                                     .machine = row_null(&rows, i, ACT_BY_ID),
                                     .what = row_text(&rows, i, ACT_WHAT)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}
