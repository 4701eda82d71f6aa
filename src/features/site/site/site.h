#ifndef FEATURES_SITE_SITE_H
#define FEATURES_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * What administrators set of the site in the pages: the rows of base/settings.h with a group.
 *  - What a flag, a variable or the file says stands above it, and is refused here.
 *  - Each change leaves a line of staff with both values, and holds when it is answered.
 *  - Not here: who reads a setting, what bounds it (its row), how readers hold it (base).
 */
enum { SITE_ROWS_MAX = 100, SITE_ANY_VERSION = -1 };

/* What the store says of one: whatever an older program or a hand put there. */
struct site_stored {
    const char *name, *value, *former; /* value, former NULL: the standard */
    const char *by;                    /* NULL: at the machine, or erased */
    int64_t version, changed_ms;
};
/* The oldest change first, at most SITE_ROWS_MAX. */
MUST_USE enum err site_stored(struct call *call, struct site_stored **ret, size_t *ret_count);

struct site_change {
    const char *name, *value; /* value NULL: as standard */
    int64_t version;          /* that was seen; SITE_ANY_VERSION: whichever it is */
};
/*
 * Outside of the transaction: in the form in which it is kept.  ERR_MISSING site.none,
 * ERR_CONFLICT site.fixed, ERR_INVALID site.number and its kin, at the field `value`.
 */
MUST_USE enum err site_prepare(struct call *call, struct site_change *change);
/* ERR_CONFLICT site.changed: it is another version by now. */
MUST_USE enum err site_apply(struct call *call, const struct site_change *change);

#endif
