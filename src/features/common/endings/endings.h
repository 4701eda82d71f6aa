#ifndef FEATURES_ENDINGS_ENDINGS_H
#define FEATURES_ENDINGS_ENDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"

/*
 * What a feature does when an account ends, in the transaction of it: a row of the feature (struct
 * feature).  Most need none: a foreign key takes their rows with the account's.
 */
enum { ENDING_BATCH = 500 }; /* rows that go in one transaction */

struct account_erased {
    int64_t account_id, key_id;
};

struct account_ending {
    /* The ways in end: closed, ended by staff, the password set anew.  May be NULL. */
    enum err (*shut)(struct call *call, int64_t account_id);
    /* Its row goes after this: what no foreign key takes with it, ENDING_BATCH rows at most.
     * ret_more: some are left, and all are asked again in a transaction of its own.  May be NULL.
     */
    enum err (*erase)(struct call *call, const struct account_erased *whose, bool *ret_more);
};

#endif
