#ifndef FEATURES_STAFF_STAFF_H
#define FEATURES_STAFF_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/identity/names/names.h"

/*
 * Who of the members works for the site, by which roles (call/roles.h says what each may), and at
 * what they looked.  An administrator gives and takes roles, none to themselves; the last one
 * stays.
 *  - Every act of staff leaves a line that no statement changes or removes (staff_act).
 *  - Every look at one is written down, before anything of it is shown; kept 3 years.
 *  - Not here: what these are (guardians, reports).
 */
enum { STAFF_MAX = 100, STAFF_LOOKS_PAGE = 100 };

/* ERR_INVALID input.choice: no such role; ERR_MISSING staff.none: no such active account of an
 * adult; ERR_DENIED staff.self; ERR_LIMIT staff.many.  Again is no error. */
MUST_USE enum err staff_add(struct call *call, const struct name_forms *forms, const char *role);
/* ERR_MISSING staff.not: they do not have it; ERR_CONFLICT accounts.no_admin. */
MUST_USE enum err staff_end(struct call *call, const char *public_id, const char *role);

struct staff_person {
    const char *id, *avatar_name;
    int64_t since_ms; /* 0: an administrator by nothing but the account */
    struct json_list roles;
};
MUST_USE enum err staff_list(struct call *call, struct staff_person **ret, size_t *ret_count);

/* This officer looks at `what`: of a case ("case", "page"), or a report ("report"); the other id
 * is 0.  In the transaction that shows it. */
MUST_USE enum err staff_looks_at(struct call *call, const char *what, int64_t guardian_id,
                                 int64_t report_id);

struct staff_look {
    const char *officer, *what, *about; /* about: its number; NULL when it is erased */
    int64_t at_ms;
};
/* The latest first. */
MUST_USE enum err staff_looks(struct call *call, struct staff_look **ret, size_t *ret_count);

/* The line of an act, by the actor or (none) at the machine; on what: call->acted.  The api calls
 * it in the transaction of the act. */
MUST_USE enum err staff_writes(struct call *call, const char *act);

struct staff_done {
    int64_t id, at_ms;
    bool machine;                       /* by a command there */
    const char *by, *act, *on, *reason; /* by, on: names; NULL: erased, or no account */
    const char *what;                   /* what no id says: acted.what; may be NULL */
};
/* The latest first, those before `before` (0: all), at most STAFF_LOOKS_PAGE. */
MUST_USE enum err staff_acts(struct call *call, int64_t before, struct staff_done **ret,
                             size_t *ret_count);

#endif
