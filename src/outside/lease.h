#ifndef OUTSIDE_LEASE_H
#define OUTSIDE_LEASE_H

#include <stdint.h>

#include "call/json.h"

/* What waits in the store to be carried to others, taken by one of those who carry for a while:
 * whoever does not settle it in time has lost it to the next. */
struct lease {
    int64_t id;
    struct json_list items; /* of the feature's own type */
    int64_t wait_ms;        /* until the next may be due; -1: nothing waits */
};

#endif
