#ifndef FEATURES_NOTICES_NOTICES_H
#define FEATURES_NOTICES_NOTICES_H

#include <stdint.h>

#include "base/call.h"

/*
 * Notices: what a member is told of, wherever they are.  A feature posts one inside the
 * transaction that made it; the kinds are rows of the features (struct notice_kind in
 * api/api.h), their words the catalogue's <kind>.notice with {name} and {count}.
 *  - One row for (member, kind, target): what happens again is counted until it was read.
 *  - Whoever it is about is seen by the rule of contact.h: a block hides notices, too.
 */
struct notices_new {
    int64_t account_id; /* who is told */
    const char *kind;   /* "friends.asked" */
    int64_t about_id;   /* who did it; 0: the site */
    const char *target; /* public id of what it leads to, fills {target} of the kind's path; "" */
};

/* In `apply`.  Nobody is told of what they did themselves: that is no error and no row. */
MUST_USE enum err notices_post(struct call *call, const struct notices_new *notice);

/* In `apply`: it was seen elsewhere (a conversation was read), or is not so any more (withdrawn:
 * the row goes).  None of it is no error. */
MUST_USE enum err notices_read(struct call *call, int64_t account_id, const char *kind,
                               const char *target);
MUST_USE enum err notices_drop(struct call *call, int64_t account_id, const char *kind,
                               const char *target);

#endif
