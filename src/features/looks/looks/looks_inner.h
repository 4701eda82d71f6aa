#ifndef FEATURES_LOOKS_LOOKS_INNER_H
#define FEATURES_LOOKS_LOOKS_INNER_H

#include "features/looks/looks/looks.h"

/* What the files of this feature share. */

/*
 * A recipe that was kept, as it may be worn: mended, without what is not its owner's, covered.
 * ERR_MISSING keys.burned.
 */
MUST_USE enum err looks_open(struct call *call, const struct looks_found *whose,
                             struct sealed recipe, const char *context, int64_t row_id,
                             struct looks_recipe *ret);

#endif
