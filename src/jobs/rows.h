#ifndef JOBS_ROWS_H
#define JOBS_ROWS_H

#include "jobs/jobs.h"

/* The rows of kinds, when the server starts and after the clock was set; for jobs.c. */
enum {
    LEASE_EXTRA_MS = 30 * 1000, /* a lease outlives its kind's timeout by this */
    BACK_OFF_MAX_MS = 60 * 60 * 1000,
};

/* Periodic kinds have one each.  `kinds` ends with NULL. */
MUST_USE enum err jobs_plant_rows(struct call *call, const struct job_kind *const *kinds);
/*
 * What a clock that was far ahead has put off beyond its own measure: a periodic row beyond its
 * period, a lease or a rest after a failure beyond the longest there is, and rows that were made
 * then, whose delay is counted from now.
 */
MUST_USE enum err jobs_mend_rows(struct call *call, const struct job_kind *const *kinds);

#endif
