#ifndef FEATURES_NOTICES_NOTICES_H
#define FEATURES_NOTICES_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/faces/faces.h"

/*
 * Notices: what a member is told of, wherever they are.  A feature posts one inside the
 * transaction that made it; the kinds are rows of the features (struct
 * notice_kind), their words the catalogue's <kind>.notice with {name} and {count}, and
 * <kind>.notice_many where more than one reads differently.
 *  - One row for (member, kind, target): what happens again is counted until it was read.
 *  - Whoever it is about is seen by the rule of contact.h: a block hides notices, too, and
 *    what somebody does whom the member does not perceive makes none.
 *  - Of each kind the newest stay, so that a flood of one kind pushes out no other; what has a
 *    mail of its own, because it is about safety, goes by age alone.
 *  - Web Push (push.h) and the mail that gathers what is new (notices_digest.h) follow from
 *    the row; docs/decisions/0014-notices.md.
 */
enum { NOTICES_KIND_MAX = 100, NOTICES_PAGE = 30 };

struct notices_new {
    int64_t account_id; /* who is told */
    const char *kind;   /* "friends.asked" */
    int64_t about_id;   /* who did it; 0: the site */
    const char *target; /* public id of what it leads to, fills {target} of the kind's path; "" */
    bool quiet;         /* nobody is told, and it is as much work */
};

/*
 * In `apply`.  Nobody is told of what they did themselves: that is no error and no row.  What is
 * not told, because whoever did it is not perceived or is to be unheard, runs the same statements.
 */
MUST_USE enum err notices_post(struct call *call, const struct notices_new *notice);

/* In `apply`: it was seen elsewhere (a conversation was read), or is not so any more (withdrawn:
 * the row goes).  None of it is no error. */
MUST_USE enum err notices_read(struct call *call, int64_t account_id, const char *kind,
                               const char *target);
MUST_USE enum err notices_drop(struct call *call, int64_t account_id, const char *kind,
                               const char *target);

/* ---- the member's own list ---- */

struct notices_one {
    int64_t id;
    const char *kind, *text, *path;
    struct face who; /* nobody: the site */
    int64_t count, at_ms;
    bool unread;
};

/* Those before `before` (0: the newest), at most NOTICES_PAGE; ret_more: there are others. */
MUST_USE enum err notices_list(struct call *call, int64_t before, struct notices_one **ret,
                               size_t *ret_count, bool *ret_more);
/* Exactly as many as the list would show unread. */
MUST_USE enum err notices_unread(struct call *call, int64_t *ret);
/* All up to `up_to`, or one: what happened again since then has another id and stays unread. */
MUST_USE enum err notices_seen_to(struct call *call, int64_t up_to);
MUST_USE enum err notices_seen_one(struct call *call, int64_t id);
/* ERR_MISSING notices.none. */
MUST_USE enum err notices_remove(struct call *call, int64_t id);

extern const struct live_event notices_events[];

#endif
