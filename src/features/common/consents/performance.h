#ifndef FEATURES_CONSENTS_PERFORMANCE_H
#define FEATURES_CONSENTS_PERFORMANCE_H

#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * How the client runs, as members with the consent "performance" report it: words of
 * closed lists, added to the sums of a day.  Who reported is not written down anywhere;
 * sums of fewer than PERFORMANCE_LEAST are not shown.
 */
enum { PERFORMANCE_LEAST = 10, PERFORMANCE_ROWS_MAX = 200 };

#define PERFORMANCE_FRAMES "under15 15to29 30to49 50up"
#define PERFORMANCE_LOAD "under2s 2to5s 5to10s over10s"
#define PERFORMANCE_MEMORY "unknown 2gb 4gb 8gb"
#define PERFORMANCE_NETWORK "unknown slow 3g 4g"
#define PERFORMANCE_QUALITY "low medium high"

struct performance_report {
    const char *frames, *load, *memory, *network, *quality;
};
/* ERR_DENIED performance.consent. */
MUST_USE enum err performance_add(struct call *call, const struct performance_report *report);

struct performance_sum {
    const char *metric, *bucket;
    int64_t count;
};
/* Of the last 30 days. */
MUST_USE enum err performance_sums(struct call *call, struct performance_sum **ret,
                                   size_t *ret_count);

#endif
