#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"

/*
 * What a back end must do, and what both share.  Included by src/store/ only.
 * A back end gives links (connections) and the steps of a transaction; when to
 * begin, rehearse, try again and commit is decided in tx.c and writer.c, once.
 */
enum {
    STORE_QUEUE_MAX = 4096,
    STORE_BATCH_MAX = 64,      /* jobs a commit */
    STORE_JOB_STATEMENTS = 64, /* more in one `apply` is counted as an overrun */
    STORE_SLICE_US = 5000,     /* so is more time; background work yields after it */
    STORE_TRIES = 8,           /* of a transaction that lost a race */
    STORE_FULL_US = 60000000,  /* a failure for want of room is believed this long */
    STORE_SCHEMA_MAX = 8192,   /* columns of a database */
};

/* TX_SCHEMA: one at a time in the whole database, whatever nodes there are. */
enum tx_kind { TX_READ, TX_WRITE, TX_SCHEMA };
/* LINK_WRITER: of the writer thread, which never waits for somebody else's. */
enum link_use { LINK_READ, LINK_WRITE, LINK_WRITER };

/* One connection; the back end's own struct begins with it.  One thread at a time uses it. */
struct store_link {
    struct store *store;
};

struct store_tx {
    struct store *store;
    struct store_link *link;
    enum tx_kind kind;
    bool again;      /* lost a race: the whole transaction is to be run again */
    bool faulted;    /* store_fail_at struck */
    bool changed;    /* some statement wrote a row */
    bool full;       /* some statement found no room */
    bool short_;     /* of memory */
    bool forget;     /* store_forget */
    enum err failed; /* why it is spoiled; OK while it is not */
    size_t statements;
    uint64_t trace; /* of the statements so far and what they were given */
    char why[256];
};

struct store_ops {
    /* A link for this thread until `give`.  `kept` is the conn's own, or NULL. */
    enum err (*take)(struct store *store, enum link_use use, struct store_link **kept,
                     struct store_link **ret);
    void (*give)(struct store *store, struct store_link *link);
    void (*drop)(struct store *store, struct store_link *kept); /* the conn goes; NULL too */

    enum err (*begin)(struct store_tx *tx);
    enum err (*commit)(struct store_tx *tx); /* on failure nothing is open any more */
    void (*rollback)(struct store_tx *tx);   /* also when nothing is open */
    enum err (*mark)(struct store_tx *tx);   /* a savepoint; they do not nest deeper than two */
    enum err (*unmark)(struct store_tx *tx, bool keep);
    bool (*open)(const struct store_tx *tx); /* false: the back end threw it away */
    enum err (*run)(struct store_tx *tx, struct arena *arena, const struct sql *sql,
                    const struct val *in, size_t in_count, struct rows *ret);
    enum err (*script)(struct store_tx *tx, const char *text);

    enum err (*sound)(struct store_tx *tx, bool *ret); /* NULL: it sees to that itself */
    enum err (*schema)(struct store_tx *tx, struct arena *arena, struct store_column **ret,
                       size_t *ret_count);
    enum err (*backup)(struct store *store, const char *path);
    enum err (*identity)(struct store *store, char ret[STORE_IDENTITY_MAX]);
    void (*close)(struct store *store); /* the writer is gone, conns too */
    bool writes_here;                   /* store_write with a conn runs on the caller's thread */
};

struct writer;

struct store {
    const struct store_ops *ops;
    struct writer *writer;
    bool twice, read_only;
    atomic_bool reachable;
    atomic_uint_fast64_t full_us; /* when a write last found no room; 0: one was done since */
    atomic_int conns;
    atomic_uint_fast64_t writes, batches, batch_most, overruns, commit_us, retries, failed_commits;
    atomic_uint_fast64_t fail_at; /* 0: off */
    atomic_int fail_err;
};

struct store_conn {
    struct store *store;
    struct store_link *link;
};

/* Back ends; `store` is opened, its writer not yet started. */
MUST_USE enum err store_open_sqlite(const struct store_options *options, const char *path,
                                    struct store **ret, char ret_why[256]);
MUST_USE enum err store_open_pg(const struct store_options *options, struct store **ret,
                                char ret_why[256]);

/* Records why a step failed, returns `err`. */
MUST_USE enum err tx_note(struct store_tx *tx, enum err err, const char *what, const char *why);
/* The same for a write that found no room. */
MUST_USE enum err tx_full(struct store_tx *tx, const char *what, const char *why);
/* One whole transaction for one job on `link`, tried again while it loses races. */
MUST_USE enum err tx_alone(struct store *store, struct store_link *link, enum tx_kind kind,
                           struct store_job *job);
/* `apply` inside an open transaction: rehearsed when the store says so. */
MUST_USE enum err tx_apply(struct store_tx *tx, struct store_job *job);
void tx_start(struct store_tx *tx, struct store *store, struct store_link *link, enum tx_kind kind);
/* Commits; times it, counts it, logs why it failed. */
MUST_USE enum err tx_commit(struct store_tx *tx);

/* The writer thread: two queues, one commit a batch. */
MUST_USE enum err writer_new(struct store *store, struct writer **ret);
void writer_free(struct writer *writer); /* after the last job; accepts NULL */
MUST_USE enum err writer_add(struct writer *writer, struct store_job *job);
size_t writer_queued(struct writer *writer);
bool writer_here(const struct writer *writer); /* is this its thread? */

/* Long work on the writer's link, outside any transaction: one step between two batches. */
struct errand {
    bool (*step)(struct errand *errand, struct store_link *link); /* true: finished */
};
/* Blocks until it is finished.  One at a time. */
MUST_USE enum err writer_errand(struct writer *writer, struct errand *errand);

/* A job with `schema` set that the caller waits for. */
MUST_USE enum err store_do_schema(struct store *store,
                                  enum err (*fn)(struct store_tx *tx, void *arg), void *arg);

uint64_t store_now_us(void); /* monotonic, for slices and statistics only */

#endif
