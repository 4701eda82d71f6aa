#include "store/store_pg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

/*
 * The pool of connections and the steps of a transaction.  While the server is
 * away every call is ERR_BUSY at once, except that one thread at a time tries to
 * connect; the first call that succeeds brings the rest back.
 */
enum {
    POOL_DEFAULT = 16,
    POOL_MAX = 128,
    WAIT_S = 5,            /* for a free connection */
    RETRY_US = 200 * 1000, /* between two attempts to connect */
    VERSION_MIN = 150000,
};

struct pg_store {
    struct store base;
    char *url;
    pthread_mutex_t lock; /* of all below and of links[].taken */
    pthread_cond_t given;
    bool connecting; /* while unreachable: somebody tries */
    uint64_t begun;  /* tries at connecting, and the last of those whose end was believed */
    uint64_t told;
    uint64_t next_try_us;
    size_t count;
    struct pg_link *links[1 + POOL_MAX];
};

/* A statement that hangs must not hold a worker for ever. */
static const char session_text[] =
    "SET client_min_messages = warning; SET statement_timeout = '30s'; SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on;"
    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on";

static struct pg_store *self(struct store *store)
{
    return (struct pg_store *)store;
}

static void silent(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

static bool exec(PGconn *conn, const char *text)
{
    PGresult *result = PQexec(conn, text);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static bool link_connect(const struct pg_store *s, struct pg_link *link)
{
    static const char *const names[] = {
        "dbname",          "connect_timeout",           "tcp_user_timeout",
        "keepalives_idle", "fallback_application_name", NULL};
    const char *const values[] = {s->url, "5", "10000", "10", "bauta", NULL};
    PQfinish(link->conn);
    memset(link->cache, 0, sizeof(link->cache));
    link->cached = 0;
    link->conn = PQconnectdbParams(names, values, 1);
    if (PQstatus(link->conn) != CONNECTION_OK) {
        return false;
    }
    PQsetNoticeProcessor(link->conn, silent, NULL);
    return exec(link->conn, session_text);
}

/* On a link that the caller has.  At most one thread tries while nothing answers. */
static enum err link_revive(struct pg_store *s, struct pg_link *link)
{
    pthread_mutex_lock(&s->lock);
    bool away = !atomic_load(&s->base.reachable);
    bool may = !away || (!s->connecting && store_now_us() >= s->next_try_us);
    s->connecting |= may && away;
    uint64_t mine = ++s->begun;
    pthread_mutex_unlock(&s->lock);
    if (!may) {
        return ERR_BUSY;
    }
    bool good = link_connect(s, link);
    pthread_mutex_lock(&s->lock);
    if (away) {
        s->connecting = false;
    }
    bool was = atomic_load(&s->base.reachable), is = was;
    if (mine > s->told) { /* who began before the last that ended knows less than is known */
        s->told = mine;
        s->next_try_us = good ? 0 : store_now_us() + RETRY_US;
        atomic_store(&s->base.reachable, is = good);
    }
    pthread_mutex_unlock(&s->lock);
    if (was != is) {
        log_line(is ? LOG_INFO : LOG_ERROR, "store",
                 is ? "the database is back" : "the database is out of reach",
                 LOG_N(LOG_COUNT, (int64_t)s->count));
    }
    return good ? OK : ERR_BUSY;
}

/* ---- the pool ---- */

/* links[0] is the writer's own. */
static struct pg_link *free_link(struct pg_store *s, enum link_use use, struct pg_link *kept)
{
    ASSERT_CODE(use != LINK_WRITER || writer_here(s->base.writer));
    if (use == LINK_WRITER) {
        return s->links[0]->taken ? NULL : s->links[0];
    }
    if (kept && !kept->taken) {
        return kept; /* its statements are prepared */
    }
    for (size_t i = 1; i < s->count; i++) {
        if (!s->links[i]->taken) {
            return s->links[i];
        }
    }
    return NULL;
}

static void pg_give(struct store *store, struct store_link *link)
{
    struct pg_store *s = self(store);
    pthread_mutex_lock(&s->lock);
    ASSERT_CODE(pg_link(link)->taken); /* twice it would be two callers' */
    pg_link(link)->taken = false;
    pthread_cond_broadcast(&s->given); /* the writer waits for one of them only */
    pthread_mutex_unlock(&s->lock);
}

static enum err pg_take(struct store *store, enum link_use use, struct store_link **kept,
                        struct store_link **ret)
{
    struct pg_store *s = self(store);
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += WAIT_S;
    pthread_mutex_lock(&s->lock);
    struct pg_link *link;
    int waited = 0;
    while (!(link = free_link(s, use, pg_link(*kept))) && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&s->given, &s->lock, &until);
    }
    if (link) {
        link->taken = true;
    }
    pthread_mutex_unlock(&s->lock);
    if (!link) {
        return ERR_BUSY;
    }
    *kept = &link->base;
    if (PQstatus(link->conn) != CONNECTION_OK && link_revive(s, link) != OK) {
        pg_give(store, &link->base);
        return ERR_BUSY;
    }
    *ret = &link->base;
    return OK;
}

static void pg_drop(struct store *store, struct store_link *kept)
{
    (void)store;
    (void)kept; /* it is the pool's */
}

/* ---- a transaction ---- */

static enum err command(struct store_tx *tx, const char *text)
{
    PGresult *result = PQexec(pg_link(tx->link)->conn, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        return pg_failed(tx, text, result);
    }
    PQclear(result);
    return OK;
}

/* Any number, so long as it is every node's. */
#define SCHEMA_LOCK "1650554228"

static const char *const begin_text[] = {
    [TX_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [TX_WRITE] = "BEGIN ISOLATION LEVEL SERIALIZABLE",
    [TX_SCHEMA] = "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;"
                  "DO 'BEGIN PERFORM pg_advisory_xact_lock(" SCHEMA_LOCK "); END'",
};

/* A server that restarted while we slept is noticed here, when nothing is lost yet. */
static enum err pg_begin(struct store_tx *tx)
{
    pg_link(tx->link)->owed = false;
    enum err err = command(tx, begin_text[tx->kind]);
    if (err != OK && PQstatus(pg_link(tx->link)->conn) != CONNECTION_OK &&
        link_revive(self(tx->store), pg_link(tx->link)) == OK) {
        err = command(tx, begin_text[tx->kind]);
    }
    return err;
}

static void pg_rollback(struct store_tx *tx)
{
    PGconn *conn = pg_link(tx->link)->conn;
    if (PQstatus(conn) == CONNECTION_OK && PQtransactionStatus(conn) != PQTRANS_IDLE) {
        exec(conn,
             "ROLLBACK"); /* when it fails the connection is dead, and the server rolls back */
    }
}

static enum err pg_commit(struct store_tx *tx)
{
    PGresult *result = PQexec(pg_link(tx->link)->conn, "COMMIT");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        enum err err = pg_failed(tx, "COMMIT", result);
        pg_rollback(tx);
        return err == OK ? ERR_BUSY : err;
    }
    bool committed = strcmp(PQcmdStatus(result), "COMMIT") == 0; /* a spoiled one says ROLLBACK */
    PQclear(result);
    return committed ? OK : tx_note(tx, ERR_BUSY, "COMMIT", "the server rolled back");
}

static enum err pg_mark(struct store_tx *tx)
{
    struct pg_link *link = pg_link(tx->link);
    bool owed = link->owed;
    link->owed = false;
    return command(tx, owed ? "RELEASE job; SAVEPOINT job" : "SAVEPOINT job");
}

/* Keeping costs no round trip of its own: the next mark pays, or the commit forgives. */
static enum err pg_unmark(struct store_tx *tx, bool keep)
{
    ASSERT_CODE(!pg_link(tx->link)->owed);
    if (keep) {
        pg_link(tx->link)->owed = true;
        return OK;
    }
    return command(tx, "ROLLBACK TO job; RELEASE job");
}

static bool pg_open(const struct store_tx *tx)
{
    PGconn *conn = pg_link(tx->link)->conn;
    return PQstatus(conn) == CONNECTION_OK && PQtransactionStatus(conn) != PQTRANS_IDLE;
}

static enum err pg_script(struct store_tx *tx, const char *text)
{
    PGresult *result = PQexec(pg_link(tx->link)->conn, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) {
        return pg_failed(tx, "script", result);
    }
    PQclear(result);
    return OK;
}

static const char schema_text[] =
    "SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r','p','v','m','f')"
    " AND a.attnum > 0 AND NOT a.attisdropped"
    " UNION ALL SELECT c.relname, '' FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND i.indexprs IS NOT NULL";

static void clear(void *result)
{
    PQclear(result);
}

static enum err pg_schema(struct store_tx *tx, struct arena *arena, struct store_column **ret,
                          size_t *ret_count)
{
    PGresult *result = PQexec(pg_link(tx->link)->conn, schema_text);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        return pg_failed(tx, "schema", result);
    }
    struct arena_hold hold;
    arena_hold(arena, &hold, clear, result);
    size_t count = MIN((size_t)PQntuples(result), (size_t)STORE_SCHEMA_MAX);
    struct store_column *columns = arena_alloc(arena, (count + 1) * sizeof(*columns));
    for (size_t i = 0; i < count; i++) {
        const char *table = PQgetvalue(result, (int)i, 0);
        const char *column = PQgetvalue(result, (int)i, 1);
        columns[i].table = arena_text(arena, table, strlen(table));
        columns[i].column = arena_text(arena, column, strlen(column));
    }
    arena_drop(arena);
    *ret = columns;
    *ret_count = count;
    return OK;
}

static enum err pg_backup(struct store *store, const char *path)
{
    (void)store;
    (void)path;
    return ERR_INVALID; /* pg_basebackup does this better */
}

static enum err pg_identity(struct store *store, char ret[STORE_IDENTITY_MAX])
{
    struct store_link *link = NULL, *kept = NULL;
    TRY(pg_take(store, LINK_READ, &kept, &link));
    PGresult *result =
        PQexec(pg_link(link)->conn, "SELECT s.system_identifier || '/' || d.oid"
                                    " FROM pg_control_system() AS s, pg_database AS d"
                                    " WHERE d.datname = current_database()");
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    if (good) {
        snprintf(ret, STORE_IDENTITY_MAX, "postgres %s", PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    pg_give(store, link);
    return good ? OK : ERR_BUSY;
}

static void pg_close(struct store *store)
{
    struct pg_store *s = self(store);
    for (size_t i = 0; i < s->count; i++) {
        PQfinish(s->links[i]->conn);
        free(s->links[i]);
    }
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->given);
    free(s->url);
    free(s);
}

static const struct store_ops pg_ops = {
    .take = pg_take,
    .give = pg_give,
    .drop = pg_drop,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .mark = pg_mark,
    .unmark = pg_unmark,
    .open = pg_open,
    .run = pg_run,
    .script = pg_script,
    .schema = pg_schema,
    .backup = pg_backup,
    .identity = pg_identity,
    .close = pg_close,
    .writes_here = true,
};

static enum err check_server(struct pg_store *s, char ret_why[256])
{
    struct pg_link *link = s->links[0];
    if (!link_connect(s, link)) {
        const char *why = PQerrorMessage(link->conn);
        snprintf(ret_why, 256, "PostgreSQL cannot be reached: %.200s", why);
        ret_why[strcspn(ret_why, "\n")] = '\0';
        return ERR_BUSY;
    }
    const char *encoding = PQparameterStatus(link->conn, "server_encoding");
    if (PQserverVersion(link->conn) < VERSION_MIN || !encoding || strcmp(encoding, "UTF8") != 0) {
        snprintf(ret_why, 256,
                 "PostgreSQL must be 15 or newer with a database in UTF8 (this: %d, "
                 "%s): CREATE DATABASE … ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0.",
                 PQserverVersion(link->conn), encoding ? encoding : "?");
        return ERR_INVALID;
    }
    return OK;
}

static bool make_links(struct pg_store *s, int pool)
{
    size_t want = 1 + (size_t)(pool > 0 ? MIN(pool, POOL_MAX) : POOL_DEFAULT);
    while (s->count < want) {
        struct pg_link *link = calloc(1, sizeof(*link));
        if (!link) {
            return false;
        }
        link->base.store = &s->base;
        s->links[s->count++] = link;
    }
    return true;
}

enum err store_open_pg(const struct store_options *options, struct store **ret, char ret_why[256])
{
    pthread_condattr_t monotonic;
    struct pg_store *s = calloc(1, sizeof(*s));
    if (!s) {
        snprintf(ret_why, 256, "There is no memory for the store.");
        return ERR_BUSY;
    }
    s->base.ops = &pg_ops;
    s->url = strdup(options->url);
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    enum err err = s->url && make_links(s, options->pool) ? OK : ERR_BUSY;
    if (err != OK) {
        snprintf(ret_why, 256, "There is no memory for the store.");
    } else {
        err = check_server(s, ret_why);
    }
    if (err != OK) {
        pg_close(&s->base);
        return err;
    }
    atomic_store(&s->base.reachable, true);
    *ret = &s->base;
    return OK;
}
