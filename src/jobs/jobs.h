#ifndef JOBS_JOBS_H
#define JOBS_JOBS_H

#include "api/api.h"

/*
 * The clock: takes due rows from the job table and runs them by their kind, through
 * the api like any other call.
 *  - At least once: a row is leased before it runs; who dies with it loses the lease,
 *    and somebody takes it again.  So a kind's steps must bear being repeated.
 *  - A failure is tried again, later each time; after the kind's tries the row is a
 *    dead letter that waits for a human.  Periodic kinds wait for their next turn.
 *  - One row per periodic kind, whatever the number of servers.
 */
enum { JOBS_AT_ONCE = 4, JOBS_POLL_MS = 5000 };

struct jobs;

struct jobs *jobs_new(const struct feature *const *list);

/* Puts the periodic rows in place and starts the thread. */
MUST_USE enum err jobs_start(struct jobs *jobs, struct api *api, char ret_why[256]);

/* Something was queued.  Any thread, also before the start. */
void jobs_wake(struct jobs *jobs);

/* No new ones; returns when those that run have ended.  Again is no error. */
void jobs_stop(struct jobs *jobs);
void jobs_free(struct jobs *jobs); /* accepts NULL */
void jobs_metrics(struct jobs *jobs, struct buf *out);

/* For tests, instead of jobs_start: everything that is due now, until nothing is. */
MUST_USE enum err jobs_attach(struct jobs *jobs, struct api *api);
void jobs_run_due(struct jobs *jobs);

#endif
