#include "features/safety/staff/staff.h"

#include "base/arena.h"
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
    int64_t id = call->acted.on = call->acted.subject = row_i64(&rows, 0, ONLY);
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
    call->acted.on = call->acted.subject = row_i64(&rows, 0, ONLY);
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
