#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "call/call.h"

/*
 * The one door to the database.  A statement is a named constant; its text is
 * the SQL that SQLite and PostgreSQL share, with parameters $1, $2, ...  Answers
 * are values in the call's arena: there is no cursor to close, so returning
 * early never leaks.  Never build SQL from pieces: the text is a literal, or it
 * is a bug.
 */
struct store;
struct store_tx;   /* one transaction (or savepoint) that statements run in */
struct store_conn; /* one thread's own connection */

struct sql {
    const char *name;    /* unique; the name of the prepared statement */
    const char *text;    /* both dialects */
    const char *pg_text; /* only where the dialects differ, with a comment that says why */
};

#define SQL(name_, text_) static const struct sql name_ = {.name = #name_, .text = text_ ""}
#define SQL2(name_, text_, pg_text_) \
    static const struct sql name_ = {.name = #name_, .text = text_ "", .pg_text = pg_text_ ""}

enum val_kind { VAL_NULL, VAL_I64, VAL_TEXT, VAL_BYTES };

struct val {
    enum val_kind kind;
    int64_t i64;
    const void *at; /* text is NUL-terminated */
    size_t len;     /* bytes only */
};

#define I64(value_) ((struct val){.kind = VAL_I64, .i64 = (value_)})
/* A NULL text is SQL's NULL. */
#define TEXT(value_) store_text(value_)
#define BYTES(at_, len_) ((struct val){.kind = VAL_BYTES, .at = (at_), .len = (len_)})
#define NIL ((struct val){.kind = VAL_NULL})
#define BIND(...)                      \
    (const struct val[]){__VA_ARGS__}, \
        sizeof((const struct val[]){__VA_ARGS__}) / sizeof(struct val)
#define NO_BIND NULL, 0

static inline struct val store_text(const char *text)
{
    return (struct val){.kind = text ? VAL_TEXT : VAL_NULL, .at = text};
}

enum { STORE_ROWS_MAX = 1000, STORE_PARAMS_MAX = 24, STORE_SQL_MAX = 512 };

struct rows {
    size_t count;
    size_t cols;
    size_t changed; /* rows written; 0 for a read */
    const struct val *cells;
};

/*
 * Runs one statement in call->tx.  `ret` may be NULL.  ERR_CONFLICT for a broken
 * unique key or foreign key, ERR_BUSY for a lost race, a full disk or a database
 * out of reach, ERR_BROKEN for the rest.  After any failure the transaction is
 * spoiled: further statements fail too, on both back ends, so write ON CONFLICT
 * and look at `changed` where a clash is expected.  More than STORE_ROWS_MAX rows
 * is ERR_BROKEN: every statement has a LIMIT.
 */
MUST_USE enum err store_run(struct call *call, const struct sql *sql, const struct val *in,
                            size_t in_count, struct rows *ret);

/*
 * What this transaction and those before it removed is to be in no log of the database either, soon
 * after the commit (SQLite; PostgreSQL keeps its own for as long as its operator says).
 */
void store_forget(struct call *call);

/*
 * In a job that repeats: store_run of a statement that writes at most `most` rows of all that
 * are due.  When it wrote so many, the job runs again soon (call->again), or what is told to end
 * on a day would end by and by where there is much of it.
 */
MUST_USE enum err store_sweep(struct call *call, const struct sql *sql, const struct val *in,
                              size_t in_count, int64_t most);

/*
 * The names of a statement's columns, in their order, right below it or below the macro that holds
 * its list; all begin alike: COLUMNS(ROOM_ID, ROOM_NAME).  tools/check-columns compares the two.
 */
#define COLUMNS(...) enum { __VA_ARGS__ }
#define ONLY SIZE_MAX /* the column of a statement that has no other */

int64_t row_i64(const struct rows *rows, size_t row, size_t col);      /* NULL is 0 */
const char *row_text(const struct rows *rows, size_t row, size_t col); /* NULL for NULL */
const uint8_t *row_bytes(const struct rows *rows, size_t row, size_t col, size_t *ret_len);
bool row_null(const struct rows *rows, size_t row, size_t col);

/* ---- For api, jobs, live's writer and tests; features run inside a transaction. ---- */

struct store_options {
    const char
        *url; /* "sqlite:PATH" ("sqlite::memory:" is one private connection) or "postgres://…" */
    int64_t cache_bytes; /* page cache, all connections together */
    int pool;            /* PostgreSQL: most connections, the writer's own not counted */
    /*
     * Run every `apply` twice (test builds): the first run is rolled back.  The
     * process stops when the second does not ask the same statements with the same
     * values for the same result.
     */
    bool twice;
    bool read_only;
};

/*
 * On failure a sentence for the operator is in `ret_why` (256 bytes).  SQLite: the
 * file is made when missing (mode 0600), and no other process may open it.  The
 * process stops (exit 70, after a log line) when the disk cannot promise that a
 * commit is there: only a restart finds out what is.
 */
MUST_USE enum err store_open(const struct store_options *options, struct store **ret,
                             char ret_why[256]);
void store_close(struct store *store); /* accepts NULL; all jobs are done first */
bool store_is_sqlite(const struct store *store);

/*
 * A unit of work.  `apply` may run more than once (rehearsal, lost race, batch
 * retried alone) and must give the same answer each time; the owner restores its
 * own state at the start of `apply`.  `done` comes exactly once, after the
 * commit's fsync or the rollback, on a store thread: it must only hand on.
 */
struct store_job {
    struct store_job *next; /* the store's */
    bool background;        /* runs only when nothing interactive waits */
    bool schema;            /* may change the database's shape: migrations only */
    enum err (*apply)(struct store_job *job, struct store_tx *tx, bool rehearsal);
    void (*done)(struct store_job *job, enum err err);
};

/*
 * Each thread that reads has one connection.  SQLite: its own read connection.
 * PostgreSQL: from the pool, for reads and writes.
 */
MUST_USE enum err store_conn_new(struct store *store, struct store_conn **ret);
void store_conn_free(struct store_conn *conn); /* accepts NULL */

/* Runs the job now, on this thread, on a fresh snapshot; `done` is called before it returns. */
void store_read(struct store_conn *conn, struct store_job *job);

/*
 * SQLite: hands the job to the one writer thread and returns at once; one commit
 * a batch.  PostgreSQL: runs it now on this thread, SERIALIZABLE, retried with
 * jitter.  `conn` may be NULL on SQLite; with PostgreSQL NULL means the writer
 * thread of the batches (room lines).  ERR_BUSY when the queue (4096) is full:
 * then `done` is not called.  `done` with ERR_BUSY means "not done, as far as we
 * know": when the connection to PostgreSQL died during the commit it may be there
 * after all, so a repeat must be recognised (Idempotency-Key, unique client ids).
 */
MUST_USE enum err store_write(struct store *store, struct store_conn *conn, struct store_job *job);

/* Blocking helper for start-up, command line and tests. */
MUST_USE enum err store_do(struct store *store, bool write,
                           enum err (*fn)(struct store_tx *tx, void *arg), void *arg);
/* Several statements of trusted text, no parameters, in one transaction: tests only. */
MUST_USE enum err store_script(struct store *store, const char *text);
/* The same inside a job that has `schema` set: migrations only. */
MUST_USE enum err store_tx_script(struct store_tx *tx, const char *text);

/* A call that only carries a transaction, for code outside the api. */
void store_call(struct call *call, struct store_tx *tx, struct arena *arena, int64_t now_ms);

/* The owner of the job ran out of memory between statements: the transaction is undone. */
void store_tx_spoil(struct store_tx *tx, enum err err);

/* Why the last statement failed: for the log, never for the answer. */
const char *store_tx_why(const struct store_tx *tx);

/* The live schema, sorted, views and indexes on expressions included as tables. */
struct store_column {
    const char *table;
    const char *column;
};
MUST_USE enum err store_schema(struct store *store, struct arena *arena, struct store_column **ret,
                               size_t *ret_count);

/*
 * Is every page and index whole?  Reads only: others may work on it meanwhile.  True of PostgreSQL,
 * which has checksums of its own.
 */
bool store_sound(struct store *store);

/* Which database this is, so that two of them can be told apart: never equal for two. */
enum { STORE_IDENTITY_MAX = 256 };
MUST_USE enum err store_identity(struct store *store, char ret[STORE_IDENTITY_MAX]);

/*
 * A consistent copy into the new file `path`, page by page on the writer's
 * connection, while serving.  SQLite only: ERR_INVALID on PostgreSQL.
 */
MUST_USE enum err store_backup(struct store *store, const char *path);

struct store_stats {
    uint64_t writes, batches, batch_most, overruns, commit_us, retries, failed_commits;
    uint64_t queued;
    bool reachable, full;
};
void store_stats(struct store *store, struct store_stats *ret);
/* Writes fail for want of room: one did within the last minute, and none was done since. */
bool store_full(const struct store *store);

/* For tests: the nth statement from now fails with `err`; 0 turns it off. */
void store_fail_at(struct store *store, uint64_t nth, enum err err);

#endif
