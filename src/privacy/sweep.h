#ifndef PRIVACY_SWEEP_H
#define PRIVACY_SWEEP_H

#include "store/store.h"

/*
 * What ends by its time alone: made from privacy/inventory by tools/inventory_sweeps.py.  Each
 * deletes rows, or empties one column of them, of which the anchor is at or before $1, at most $2.
 * The list ends with an entry without a name.
 */
struct sweep_time {
    int64_t number; /* how many of them after the anchor; 0: at it */
    char unit;      /* 'D' days, 'M' months, 'Y' years */
};
struct sweep {
    struct sql sql;
    struct sweep_time after;
};
extern const struct sweep inventory_sweeps[];

/*
 * What was anchored then or before is over now.  Days have 24 hours; months and years end on the
 * day of the same number at the same time of day, or with the month that has no such day: what
 * began on 31 January is over after a month when February is, and after a year from 29 February
 * when that month is.  All of it in UTC, where no clock is put forward or back.
 */
int64_t sweep_cutoff(int64_t now_ms, struct sweep_time after);

/*
 * How long after this anchor rows of this table end: what the inventory says (row_retain, also),
 * for a job that does more than deleting.
 */
struct sweep_time sweep_time(const char *table, const char *anchor);

/*
 * A piece of everything that is over at call->now_ms, inside `apply` of a job that repeats:
 * call->again is set while there is more.  Pieces are small, because others wait meanwhile.
 */
enum { SWEEP_EACH = 250, SWEEP_ALL = 1000 };
MUST_USE enum err sweep_run(struct call *call);

#endif
