#ifndef PRIVACY_CURSOR_H
#define PRIVACY_CURSOR_H

#include "base/err.h"
#include "call/call.h"

/*
 * Where a page of a list ended, for who asks for the next one.  It carries the place itself (the
 * values by which the list is ordered), never an id that would be looked up: so it can't be
 * made up to ask about a row that one may not see.  It is sealed, and opens for the same asker
 * and the same list only; the same place gives the same text.  In any step of a call.
 */
enum {
    CURSOR_NUMBERS = 3,
    CURSOR_BYTES = 2100, /* of `text` */
    CURSOR_MAX = 3000,   /* of a sealed one: for shapes */
};

struct cursor {
    int64_t at[CURSOR_NUMBERS];
    const char *text; /* NULL is "" */
};

/*
 * `list` names the list and whatever must be the same for the next page ("rooms",
 * "friends.found:ada").  ERR_LARGE input.length when `text` is longer than CURSOR_BYTES.
 */
MUST_USE enum err cursor_seal(struct call *call, const char *list, const struct cursor *cursor,
                              const char **ret);
/* ERR_INVALID input.cursor for one that was not made here for this asker and list. */
MUST_USE enum err cursor_open(struct call *call, const char *list, const char *sealed,
                              struct cursor *ret);

#endif
