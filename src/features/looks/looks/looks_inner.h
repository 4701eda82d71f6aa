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

/* Of whom a public id names.  ERR_MISSING looks.none: the actor does not perceive them. */
MUST_USE enum err looks_find_person(struct call *call, const char *public_id,
                                    struct looks_found *ret);
/* As they were written; NULL: there are none.  ERR_MISSING keys.burned. */
MUST_USE enum err looks_words_open(struct call *call, struct sealed words, int64_t account_id,
                                   const char **ret);
/* Blanks behind it, so that what is kept or sent is as long as any other; and without them. */
void looks_pad(struct buf *out, size_t size);
const char *looks_unpad(struct call *call, const char *text);
/* As JSON and blanks behind it; `words` NULL: null. */
const char *looks_words_write(struct call *call, const char *words);
/* In `apply`: staff take away what somebody wrote of their look. */
MUST_USE enum err looks_empty(struct call *call, int64_t account_id);

#endif
