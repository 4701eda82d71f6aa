#ifndef FEATURES_RENAMES_RENAMES_H
#define FEATURES_RENAMES_RENAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"
#include "base/time.h"
#include "call/call.h"
#include "features/identity/names/names.h"

/*
 * Changing one's avatar name: a name is chosen and held, then taken; who sells names takes
 * it by renames_buy().  What was worn before stays with the person, so that a block or a
 * report follows them, and for 90 days nobody else may have it.
 *  - One holder at a time, look-alikes included; one held name a member.
 *  - Without a price a name may be changed once in 30 days, if the site allows it at all
 *    (setting name_change).
 *  - Not here: what a name may look like (accounts/names.h), what it costs.
 */
#define RENAMES_HOLD_MS (30 * TIME_MIN)
#define RENAMES_KEEP_MS (90 * TIME_DAY)
#define RENAMES_EVERY_MS (30 * TIME_DAY)
enum { RENAMES_FORMER_MAX = 50 };

/* OK when nobody else wears, holds or lately wore it or its look-alike; else ERR_CONFLICT
 * names.taken.  In `look` or `apply`; `account_id` 0: somebody new. */
MUST_USE enum err renames_free(struct call *call, const struct name_forms *forms,
                               int64_t account_id);

/* Holds it for RENAMES_HOLD_MS instead of what was held before.  ERR_CONFLICT names.taken,
 * names.own (it is theirs already). */
MUST_USE enum err renames_hold(struct call *call, int64_t account_id,
                               const struct name_forms *forms, int64_t *ret_ends_ms);
MUST_USE enum err renames_let_go(struct call *call, int64_t account_id);

/*
 * The held name becomes the member's: whoever sold it calls this in the `apply` that moves
 * the money.  ERR_MISSING names.no_hold when nothing is held (any more).
 */
MUST_USE enum err renames_buy(struct call *call, int64_t account_id);

/* The same without a price.  Also ERR_DENIED names.not_for_sale, ERR_LIMIT names.often. */
MUST_USE enum err renames_take(struct call *call);
/* May the actor change the name without a price now?  The same refusals. */
MUST_USE enum err renames_may(struct call *call);

struct renames_former {
    const char *name;
    int64_t from_ms, until_ms, kept_until_ms;
};
struct renames_state {
    const char *name, *change; /* "off" or "free" */
    const char *held;
    int64_t ends_ms; /* of `held` */
    int64_t next_ms; /* 0: now */
    const struct renames_former *former;
    size_t former_count;
};
MUST_USE enum err renames_state(struct call *call, struct renames_state *ret);

/* For administrators: every name that person wore, newest first.  ERR_MISSING accounts.none. */
MUST_USE enum err renames_of(struct call *call, const char *public_id,
                             const struct renames_former **ret, size_t *ret_count);

extern const struct setting_group renames_setting_group;

#endif
