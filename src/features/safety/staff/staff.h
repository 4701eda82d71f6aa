#ifndef FEATURES_STAFF_STAFF_H
#define FEATURES_STAFF_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "call/feature.h"
#include "call/json.h"
#include "features/identity/names/names.h"

/*
 * Who of the members works for the site, by which roles (call/roles.h says what each may), and at
 * what they looked.  An administrator gives and takes roles, none to themselves; the last one
 * stays.
 *  - Every act of theirs, and every look at a member's data, leaves a line in the transaction of
 * it: without the line nothing is done or shown.
 *  - Each line is chained to the one before it by a hash of its salted seal.  So what is changed or
 *    removed by hand is found, and an erasure, which takes what a line says and its salt, breaks
 *    nothing.
 *  - Not here: what these are (guardians, reports).
 */
enum { STAFF_MAX = 100, STAFF_LINES_PAGE = 100 };

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

/* ---- the log (staff_log.c) ---- */

/*
 * The line of an act or, with the kind of it, of a look, by the actor or (none) at the machine; on
 * what, of whose data: call->acted.  The api calls it in the transaction of the act.  A second line
 * is for whoever told of it.
 */
MUST_USE enum err staff_writes(struct call *call, const char *act, const char *look);

struct staff_done {
    int64_t id, at_ms;
    bool machine, look;                 /* machine: by a command there */
    const char *by, *act, *on, *reason; /* by, on: names; NULL: erased, or no account */
    const char *what;                   /* what no id says: acted.what; may be NULL */
    const char *about;                  /* the number of a case or report; NULL: none, erased */
};
/* The latest first, those before `before` (0: all), at most STAFF_LINES_PAGE; without those that
 * three years have emptied. */
MUST_USE enum err staff_acts(struct call *call, int64_t before, struct staff_done **ret,
                             size_t *ret_count);

struct staff_seen {
    const char *what;
    int64_t at_ms;
};
/*
 * Looks of staff at the actor's data, the latest first.  One at a report about them is told when
 * something was done about it, or when the report is erased: that there is one, and whether anybody
 * told of them, is not to be found out here.  Then with the month alone.
 */
MUST_USE enum err staff_seen_by_staff(struct call *call, struct staff_seen **ret,
                                      size_t *ret_count);

struct staff_head {
    int64_t lines;
    const char *head; /* hex; "": there is none that is chained */
};
MUST_USE enum err staff_head(struct call *call, struct staff_head *ret);

/* What was checked so far; zeroed before the first piece. */
struct staff_check {
    int64_t lines, emptied, older; /* older: from before the chain */
    uint8_t chain[HASH_BYTES];
    bool chained, found; /* found: `head` is that of a line */
    bool done;
    int64_t broken;  /* the line that does not hold; 0: none */
    const char *why; /* of that; static */
};
/* The next lines of the log, up to STAFF_CHECK_PIECE; head: of which it is to be found, or NULL. */
enum { STAFF_CHECK_PIECE = 500 };
MUST_USE enum err staff_check(struct call *call, const uint8_t *head, struct staff_check *it);

/* What lines say is emptied after three years. */
MUST_USE enum err staff_sweep(struct call *call);

#endif
