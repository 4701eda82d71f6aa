#ifndef PRIVACY_ERASURE_H
#define PRIVACY_ERASURE_H

#include "call/feature.h"
#include "store/store.h"

/*
 * What erasing a member does to the database: steps made from `erase` and `subjects` of the
 * inventory (tools/inventory_plan.py), children before the rows that they belong to, the account's
 * own row last.  Each step can be done again, and a transaction does few rows, so that a kill at
 * any step loses nothing and nobody's line waits.
 *  - Not here: whose time has come, the key, and who is told (features/identity/accounts).
 */
enum erasure_does { ERASURE_DELETES, ERASURE_CHANGES };

/* $1: whose (account.id, or with `by_key` account.key_id); $2: how many, unless `single`; then,
 * with `pseudonym`, a number of nobody. */
struct erasure_step {
    const char *table, *role;
    enum erasure_does does;
    const struct sql *sql;
    size_t keys;    /* columns of what it gives back: keys that nobody has afterwards */
    bool by_key;    /* rows that are sealed with the account's key, whoever they name */
    bool pseudonym; /* drawn anew for each step and piece: no two places have the same */
    bool single;    /* at most one row */
    bool last;      /* in the last transaction only: what knows how far it is */
};

extern const struct erasure_step erasure_plan[]; /* ends with a NULL table */
extern const char erasure_plan_hash[];           /* SHA-256 in hex; another plan, another hash */

enum { ERASURE_STEPS_MAX = 256 };

struct erasure {
    const struct erasure_step *plan;
    struct account_erased whose;
    size_t most_steps;                 /* in one transaction; 0: as many as rows allow */
    size_t step;                       /* how far it is: kept by the caller with the transaction */
    int64_t counts[ERASURE_STEPS_MAX]; /* rows by step, likewise */
    /* Before a step on this table: what is more than rows.  NULL: nothing is. */
    enum err (*before)(struct call *call, const struct account_erased *whose, const char *table);
    /* A key that belonged to a row which went.  NULL: none is told. */
    enum err (*burn)(struct call *call, int64_t key_id);
};

/*
 * Goes on from `step` for about ENDING_BATCH rows.  When all steps are done they are done once more
 * in one transaction, since others may have written meanwhile, and then the last ones: *ret_done.
 */
MUST_USE enum err erasure_turn(struct call *call, struct erasure *erasure, bool *ret_done);

/* The counts as text ("message.sender 12\n") and back; what the plan does not have is left out. */
const char *erasure_counts(struct call *call, const struct erasure *erasure);
void erasure_counts_read(struct erasure *erasure, const char *text);

#endif
