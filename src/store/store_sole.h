#ifndef STORE_STORE_SOLE_H
#define STORE_STORE_SOLE_H

#include "base/err.h"

/*
 * One node a PostgreSQL database: an advisory lock of its own connection, which nothing else
 * uses.  Rooms live in one process's memory, so two nodes would not hear of each other.  When the
 * connection is lost it is made and locked anew, watched every few seconds, also where the database
 * has not given up the lost one yet; `lost` is called once, from the watching thread, when another
 * node has the lock by then.
 */
struct store_sole;

enum { SOLE_WHY_MAX = 256, SOLE_WATCH_MS = 2000 };

/*
 * ERR_CONFLICT: another node has it, and ret_why names that one.  ERR_BUSY: out of reach.
 * `name` is how others will see this one: "host, process 123".
 */
MUST_USE enum err store_sole_new(const char *url, const char *name, int watch_ms,
                                 void (*lost)(void *ctx), void *ctx, struct store_sole **ret,
                                 char ret_why[SOLE_WHY_MAX]);
void store_sole_free(struct store_sole *sole); /* accepts NULL */

#endif
