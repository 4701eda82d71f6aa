#ifndef FEATURES_PROSE_PROSE_H
#define FEATURES_PROSE_PROSE_H

#include <stdbool.h>
#include <stddef.h>

#include "call/call.h"

/*
 * What people write about themselves and to staff, as it is kept: characters that nobody sees or
 * that turn what stands around them are taken out, white space is squeezed, at most one empty line
 * in a row; `lines`: it may have several.  In `prepare`.  ERR_INVALID input.length about `field`
 * when longer than `points`.
 */
MUST_USE enum err prose_clean(struct call *call, const char *field, const char *text, size_t points,
                              bool lines, const char **ret);

#endif
