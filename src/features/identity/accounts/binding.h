#ifndef FEATURES_ACCOUNTS_BINDING_H
#define FEATURES_ACCOUNTS_BINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "features/identity/accounts/accounts.h"

/*
 * What was sealed before values were bound to their row is sealed anew, a page at a time: how far
 * it came stands in `meta` ("accounts.bound"), in the page's own transaction.  New accounts are
 * bound from the start, so after the last page there is nothing to do any more.
 * A value that cannot be opened stays as it is; a job of its own that fails tells staff, and
 * binds it when its key is back.
 */
enum { BINDING_PAGE = 100, BINDING_FIELDS = 3, BINDING_UNREADABLE_MAX = 20 };
struct binding_page {
    int64_t one; /* this account alone; 0: a page */
    size_t count;
    struct {
        int64_t id;
        struct sealed old[BINDING_FIELDS], fresh[BINDING_FIELDS]; /* fresh: nothing to change */
        bool unreadable;
    } rows[BINDING_PAGE];
};
MUST_USE enum err binding_look(struct call *call, int64_t one, struct binding_page *page);
/* Of one alone: ERR_BROKEN accounts.unbound while it cannot be opened. */
MUST_USE enum err binding_prepare(struct call *call, struct binding_page *page);
MUST_USE enum err binding_apply(struct call *call, const struct binding_page *page);

#endif
