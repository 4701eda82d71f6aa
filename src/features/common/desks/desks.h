#ifndef FEATURES_DESKS_DESKS_H
#define FEATURES_DESKS_DESKS_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"

/*
 * Where something waits for staff to decide or to look after: a row of the feature that has it
 * (struct feature), of officers or of administrators.  How much waits is knowledge, too: whose
 * desk it is stands in the row and is asked in one place (desks_api.c), so an officer hears
 * nothing of administrators' desks, and the other way.
 */
enum { DESKS_MAX = 16 }; /* a test counts them */

enum desk_of {
    DESK_UNSET, /* nobody's: the rows of features are tested for it */
    DESK_OFFICERS,
    DESK_ADMINS,
};

struct desk {
    const char *name; /* "reports": in the client an officers' desk is titled <name>.title */
    const char *path; /* its page in the client */
    enum desk_of of;
    /* What it counts is shown with a passkey only (API_PASSKEY), so is the count.  All that is
     * officers' needs one anyway. */
    bool passkey;
    int place; /* among the desks, the smallest first */
    /* In a read transaction: how many wait that the actor may see to, and how many of them hurry.
     */
    enum err (*waiting)(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
};

#endif
