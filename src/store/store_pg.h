#ifndef STORE_STORE_PG_H
#define STORE_STORE_PG_H

#include <libpq-fe.h>

#include "store/backend.h"

/* Between the files of the PostgreSQL back end. */
enum { PG_SLOTS = 2 * STORE_SQL_MAX };

/* A statement prepared on one connection.  Types are those of its first values; 0: the server's
 * guess. */
struct pg_stmt {
    const struct sql *sql;
    char name[64];
    size_t params;
    Oid types[STORE_PARAMS_MAX];
};

struct pg_link {
    struct store_link base;
    PGconn *conn; /* NULL: not connected */
    bool taken;   /* under the store's lock */
    bool owed;    /* a savepoint is kept; its RELEASE goes with the next command */
    size_t cached;
    struct pg_stmt cache[PG_SLOTS];
};

static inline struct pg_link *pg_link(struct store_link *link)
{
    return (struct pg_link *)link;
}

/*
 * What the server says went wrong, as an err; frees the result.  Never its detail,
 * which quotes values.  Sets tx->again after a lost race.
 */
MUST_USE enum err pg_failed(struct store_tx *tx, const char *what, PGresult *result);

enum err pg_run(struct store_tx *tx, struct arena *arena, const struct sql *sql,
                const struct val *in, size_t in_count, struct rows *ret);

#endif
