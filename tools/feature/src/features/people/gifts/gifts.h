#ifndef FEATURES_GIFTS_GIFTS_H
#define FEATURES_GIFTS_GIFTS_H

#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "base/settings.h"
#include "features/common/faces/faces.h"

/*
 * Gifts: what friends give one another.
 *  - Who gave is shown by the rule of contact.h: whom a block hides gave nothing.
 *  - Of those that somebody was given the newest stay, as many as the operator says.
 *  - Not here: what it is, what it costs.
 */
enum { GIFTS_MAX = 100 };

struct gifts_one {
    struct face face; /* of who gave it */
    int64_t at_ms;
};

/* To a friend, by public id.  ERR_MISSING people.none: to anybody else. */
MUST_USE enum err gifts_give(struct call *call, const char *public_id);

/* What the actor was given, the newest first, at most GIFTS_MAX, in the call's arena. */
MUST_USE enum err gifts_list(struct call *call, struct gifts_one **ret, size_t *ret_count);

extern const struct live_event gifts_events[];
extern const struct setting_group gifts_setting_group;

#endif
