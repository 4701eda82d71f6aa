#ifndef STORE_STORE_SQLITE_H
#define STORE_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/backend.h"

/* Between the files of the SQLite back end. */
enum { STATEMENTS_SLOTS = 2 * STORE_SQL_MAX };

enum control {
    BEGIN_READ,
    BEGIN_WRITE,
    COMMIT,
    ROLLBACK,
    MARK,
    MARK_KEEP,
    MARK_UNDO,
    CONTROL_COUNT_
};

/* A prepared statement, kept for the life of the connection. */
struct lite_stmt {
    const struct sql *sql;
    sqlite3_stmt *stmt;
    int params;
    int slot[STORE_PARAMS_MAX]; /* SQLite numbers $2 by first use, not by name */
};

struct lite_link {
    struct store_link base;
    sqlite3 *db;
    bool trusted; /* for the authorizer: our own text, not a feature's */
    bool forget;  /* the log file is still to be emptied: somebody read it */
    sqlite3_stmt *control[CONTROL_COUNT_];
    size_t cached;
    struct lite_stmt cache[STATEMENTS_SLOTS]; /* by the address of the statement */
};

struct lite_store {
    struct store base;
    char *path;
    int64_t cache_bytes;
    bool memory;
    pthread_mutex_t turn; /* of the one connection to a database in memory */
    struct lite_link *writer;
};

static inline struct lite_store *lite_store(struct store *store)
{
    return (struct lite_store *)store;
}

static inline struct lite_link *lite_link(struct store_link *link)
{
    return (struct lite_link *)link;
}

/* What SQLite says went wrong, as an err.  Stops the process after a failed fsync. */
MUST_USE enum err lite_failed(struct store_tx *tx, sqlite3 *db, const char *what);

void lite_forget(struct lite_link *link); /* its prepared statements */
enum err lite_run(struct store_tx *tx, struct arena *arena, const struct sql *sql,
                  const struct val *in, size_t in_count, struct rows *ret);
enum err lite_script(struct store_tx *tx, const char *text);
enum err lite_sound(struct store_tx *tx, bool *ret);
enum err lite_schema(struct store_tx *tx, struct arena *arena, struct store_column **ret,
                     size_t *ret_count);
enum err lite_backup(struct store *store, const char *path);
enum err lite_identity(struct store *store, char ret[STORE_IDENTITY_MAX]);

/* Makes the name of a new file durable. */
MUST_USE enum err lite_sync_folder(const char *path);

#endif
