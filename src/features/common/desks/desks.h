#ifndef FEATURES_DESKS_DESKS_H
#define FEATURES_DESKS_DESKS_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"
#include "call/roles.h"

/*
 * Where something waits for staff to decide or to look after: a row of the feature that has it
 * (struct feature).  How much waits is knowledge, too: what power a desk asks for stands in the row
 * and is asked in one place (desks_api.c), so nobody hears of a desk that is not theirs.  Its page
 * is below /staff or below /admin, and so is the way on which it is told.
 */
enum { DESKS_MAX = 16 }; /* a test counts them */

struct desk {
    const char *name; /* "reports": in the client a desk below /staff is titled <name>.title */
    const char *path; /* its page in the client */
    enum power may;   /* POWER_NONE: nobody; the rows of features are tested for it */
    /* What it counts is shown with a passkey only (API_PASSKEY), so is the count.  So is that of
     * a power that wants one anyway. */
    bool passkey;
    int place; /* among the desks, the smallest first */
    /* In a read transaction: how many wait that the actor may see to, and how many of them hurry.
     */
    enum err (*waiting)(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
};

#endif
