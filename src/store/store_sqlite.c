#include "store/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

/* Opening and closing of connections, and the steps of a transaction. */

enum {
    BUSY_MS = 5000,
    CACHE_DEFAULT = 64 * 1024 * 1024,
    CACHE_READERS = 8, /* how many read connections share half of the cache */
    CHECKPOINT_PAGES = 4000,
    EXIT_FSYNC = 70,
};

static const char *const control_text[CONTROL_COUNT_] = {
    [BEGIN_READ] = "BEGIN",      [BEGIN_WRITE] = "BEGIN IMMEDIATE", /* takes the lock at once: never
                                                                       fails half way for it */
    [COMMIT] = "COMMIT",         [ROLLBACK] = "ROLLBACK",           [MARK] = "SAVEPOINT job",
    [MARK_KEEP] = "RELEASE job", [MARK_UNDO] = "ROLLBACK TO job",
};

/* After a failed fsync the kernel may have thrown the pages away and call the next one a success.
 */
static void stop_if_disk_lies(int code, const char *why)
{
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
        log_line(LOG_ERROR, "store",
                 "fsync failed: stopping, because only a restart can find "
                 "out what is on the disk",
                 LOG_T(LOG_WHY, why));
        _exit(EXIT_FSYNC);
    }
}

/* No room on the disk, or none that its owner may have. */
static bool no_room(sqlite3 *db, int code)
{
    int system = (code & 0xff) == SQLITE_IOERR ? sqlite3_system_errno(db) : 0;
    return (code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE || system == ENOSPC ||
           system == EDQUOT;
}

enum err lite_failed(struct store_tx *tx, sqlite3 *db, const char *what)
{
    int code = sqlite3_extended_errcode(db);
    const char *why = sqlite3_errmsg(db);
    stop_if_disk_lies(code, why);
    if (no_room(db, code)) {
        return tx_full(tx, what, why);
    }
    enum err err = ERR_BROKEN;
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
            code == SQLITE_CONSTRAINT_ROWID || code == SQLITE_CONSTRAINT_FOREIGNKEY) {
            err = ERR_CONFLICT;
        }
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
        err = ERR_BUSY;
        break;
    default:
        break;
    }
    return tx_note(tx, err, what, why);
}

/*
 * The second wall: whatever a statement's text may say, it cannot leave the
 * database, change its shape or its settings, or touch the transaction.
 */
static int authorize(void *ctx, int action, const char *a, const char *b, const char *database,
                     const char *trigger)
{
    const struct lite_link *link = ctx;
    (void)b;
    (void)database;
    (void)trigger;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return link->trusted || strncmp(a, "sqlite_", 7) != 0 ? SQLITE_OK : SQLITE_DENY;
    default:
        return link->trusted ? SQLITE_OK : SQLITE_DENY;
    }
}

static int on_commit(void *ctx, sqlite3 *db, const char *name, int pages)
{
    (void)ctx;
    /* Our own in place of wal_autocheckpoint, which hides a failed fsync. */
    if (pages >= CHECKPOINT_PAGES) {
        int code = sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if (code != SQLITE_OK) {
            stop_if_disk_lies(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
        }
    }
    return SQLITE_OK;
}

static int prepare_control(struct lite_link *link)
{
    int code = SQLITE_OK;
    for (int i = 0; i < CONTROL_COUNT_ && code == SQLITE_OK; i++) {
        code = sqlite3_prepare_v3(link->db, control_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                                  &link->control[i], NULL);
    }
    return code;
}

/* Bytes one connection may use for pages: half is the writer's, half the readers'. */
static int64_t cache_share(const struct lite_store *s, enum link_use use)
{
    int64_t half = (s->cache_bytes ? s->cache_bytes : CACHE_DEFAULT) / 2;
    return use == LINK_WRITE ? half : half / CACHE_READERS;
}

static int set_up(struct lite_store *s, struct lite_link *link, enum link_use use)
{
    char text[512];
    sqlite3 *db = link->db;
    bool writes = use == LINK_WRITE && !s->base.read_only;
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MS);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!writes) {
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    /* LIKE as PostgreSQL has it. */
    snprintf(text, sizeof(text),
             "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
             "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
             "PRAGMA case_sensitive_like = ON; PRAGMA journal_size_limit = 67108864;"
             "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -%lld; PRAGMA query_only = %d;"
             "PRAGMA mmap_size = %lld",
             (long long)cache_share(s, use) / 1024, !writes, writes ? 0LL : 2147418112LL);
    link->trusted = true;
    int code = sqlite3_set_authorizer(db, authorize, link);
    if (code == SQLITE_OK) {
        code = sqlite3_exec(db, text, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        code = prepare_control(link);
    }
    link->trusted = false;
    if (writes) {
        sqlite3_wal_hook(db, on_commit, NULL);
    }
    return code;
}

static void link_close(struct lite_link *link)
{
    for (int i = 0; i < CONTROL_COUNT_; i++) {
        sqlite3_finalize(link->control[i]);
    }
    lite_forget(link);
    int code = sqlite3_close(link->db);
    ASSERT_CODE(code == SQLITE_OK);
    free(link);
}

/* Another process has it for a moment, or memory is short; nothing else becomes better by itself.
 */
static bool may_pass(int code)
{
    int kind = code & 0xff;
    return kind == SQLITE_BUSY || kind == SQLITE_LOCKED || kind == SQLITE_PROTOCOL ||
           kind == SQLITE_NOMEM;
}

static enum err link_open(struct lite_store *s, enum link_use use, struct lite_link **ret,
                          char ret_why[256])
{
    struct lite_link *link = calloc(1, sizeof(*link));
    if (!link) {
        snprintf(ret_why, 256, "There is no memory for a connection to the database.");
        return ERR_BUSY;
    }
    link->base.store = &s->base;
    int flags =
        SQLITE_OPEN_NOMUTEX | (s->base.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (s->memory) {
        flags |= SQLITE_OPEN_CREATE;
    }
    int code = sqlite3_open_v2(s->path, &link->db, flags, NULL);
    if (code == SQLITE_OK) {
        code = set_up(s, link, use);
    }
    if (code != SQLITE_OK) {
        bool full = no_room(link->db, code);
        snprintf(ret_why, 256, "The database %.100s does not open: %.80s%s.", s->path,
                 sqlite3_errmsg(link->db), full ? "; its disk is full: make room" : "");
        link_close(link);
        return may_pass(code) ? ERR_BUSY : ERR_INVALID;
    }
    *ret = link;
    return OK;
}

static enum err lite_take(struct store *store, enum link_use use, struct store_link **kept,
                          struct store_link **ret)
{
    struct lite_store *s = lite_store(store);
    if (s->memory) { /* there is one connection only: readers and the writer take turns */
        pthread_mutex_lock(&s->turn);
        *ret = &s->writer->base;
        return OK;
    }
    if (use != LINK_READ) {
        ASSERT_CODE(use == LINK_WRITER && writer_here(store->writer));
        *ret = &s->writer->base;
        return OK;
    }
    if (!*kept) {
        struct lite_link *link = NULL;
        char why[256];
        if (link_open(s, LINK_READ, &link, why) != OK) {
            log_line(LOG_ERROR, "store", "no read connection", LOG_T(LOG_WHY, why));
            return ERR_BUSY;
        }
        *kept = &link->base;
    }
    *ret = *kept;
    return OK;
}

static void lite_give(struct store *store, struct store_link *link)
{
    struct lite_store *s = lite_store(store);
    (void)link;
    if (s->memory) {
        pthread_mutex_unlock(&s->turn);
    }
}

static void lite_drop(struct store *store, struct store_link *kept)
{
    (void)store;
    if (kept) {
        link_close(lite_link(kept));
    }
}

static enum err control(struct store_tx *tx, enum control what)
{
    struct lite_link *link = lite_link(tx->link);
    /* A step may prepare anew (after a migration), and then the authorizer asks again. */
    bool trusted = link->trusted;
    link->trusted = true;
    int code = sqlite3_step(link->control[what]);
    link->trusted = trusted;
    enum err err = OK;
    if (code != SQLITE_DONE) {
        err = lite_failed(tx, link->db, control_text[what]);
    }
    sqlite3_reset(link->control[what]);
    return err;
}

static bool lite_open(const struct store_tx *tx)
{
    return !sqlite3_get_autocommit(lite_link(tx->link)->db);
}

static enum err lite_begin(struct store_tx *tx)
{
    lite_link(tx->link)->trusted = tx->kind == TX_SCHEMA;
    return control(tx, tx->kind == TX_READ ? BEGIN_READ : BEGIN_WRITE);
}

static void lite_rollback(struct store_tx *tx)
{
    lite_link(tx->link)->trusted = false;
    if (lite_open(tx)) {
        enum err err = control(tx, ROLLBACK);
        ASSERT_CODE(err == OK || !lite_open(tx));
    }
}

/* Waits for nobody: where one reads, the next commit tries again. */
static void empty_log(struct lite_link *link)
{
    sqlite3_busy_timeout(link->db, 0);
    int code = sqlite3_wal_checkpoint_v2(link->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(link->db, BUSY_MS);
    link->forget = code != SQLITE_OK;
    if (code != SQLITE_OK) {
        stop_if_disk_lies(sqlite3_extended_errcode(link->db), sqlite3_errmsg(link->db));
    }
}

static enum err lite_commit(struct store_tx *tx)
{
    enum err err = control(tx, COMMIT);
    if (err != OK) { /* a failed COMMIT leaves it open */
        char why[sizeof(tx->why)];
        memcpy(why, tx->why, sizeof(why));
        lite_rollback(tx);
        memcpy(tx->why, why, sizeof(why));
        err = ERR_BUSY;
    }
    struct lite_link *link = lite_link(tx->link);
    link->trusted = false;
    link->forget |= tx->forget && err == OK;
    if (link->forget && err == OK) {
        empty_log(link);
    }
    return err;
}

static enum err lite_mark(struct store_tx *tx)
{
    ASSERT_CODE(lite_open(tx)); /* else the RELEASE would be its commit */
    return control(tx, MARK);
}

static enum err lite_unmark(struct store_tx *tx, bool keep)
{
    if (!keep) {
        TRY(control(tx, MARK_UNDO));
    }
    return control(tx, MARK_KEEP);
}

static void lite_close(struct store *store)
{
    struct lite_store *s = lite_store(store);
    if (s->writer) {
        link_close(s->writer);
    }
    pthread_mutex_destroy(&s->turn);
    free(s->path);
    free(s);
}

static const struct store_ops lite_ops = {
    .take = lite_take,
    .give = lite_give,
    .drop = lite_drop,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .mark = lite_mark,
    .unmark = lite_unmark,
    .open = lite_open,
    .run = lite_run,
    .script = lite_script,
    .schema = lite_schema,
    .sound = lite_sound,
    .backup = lite_backup,
    .identity = lite_identity,
    .close = lite_close,
};

/*
 * SQLite makes its files as readable as the umask allows; nobody else has business in
 * them.  One that is there is not opened: closing it would drop the process's locks.
 */
static enum err make_file(const struct lite_store *s, char ret_why[256])
{
    int file = open(s->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
    }
    if (file < 0 ? errno == EEXIST : lite_sync_folder(s->path) == OK) {
        return OK;
    }
    snprintf(ret_why, 256, "The database %.140s cannot be made: %s.", s->path, strerror(errno));
    return ERR_INVALID;
}

static void configure_once(void)
{
    /* With the statistics' lock two readers are no faster than one. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_initialize();
}

enum err store_open_sqlite(const struct store_options *options, const char *path,
                           struct store **ret, char ret_why[256])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_once);
    struct lite_store *s = calloc(1, sizeof(*s));
    char *copy = strdup(path);
    if (!s || !copy) {
        free(s);
        free(copy);
        snprintf(ret_why, 256, "There is no memory for the store.");
        return ERR_BUSY;
    }
    s->base.ops = &lite_ops;
    s->base.read_only = options->read_only;
    s->path = copy;
    s->cache_bytes = options->cache_bytes;
    s->memory = strcmp(path, ":memory:") == 0;
    pthread_mutex_init(&s->turn, NULL);
    enum err err = s->memory || options->read_only ? OK : make_file(s, ret_why);
    if (err == OK) {
        err = link_open(s, LINK_WRITE, &s->writer, ret_why);
    }
    if (err != OK) {
        lite_close(&s->base);
        return err;
    }
    atomic_store(&s->base.reachable, true);
    *ret = &s->base;
    return OK;
}
