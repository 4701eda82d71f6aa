#include "store/store_sole.h"

#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"

/* Two numbers of every node's, in a space that no other lock of ours has. */
#define LOCK "1650554228, 1"
#define HOLDER                                                                       \
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid =" \
    " 1650554228 AND objid = 1 AND database ="                                       \
    " (SELECT oid FROM pg_database WHERE datname = current_database())"

struct store_sole {
    char *url, *name;
    PGconn *conn;
    char session[24]; /* by which this node has the lock, or had it last: as PostgreSQL counts */
    bool held;
    int watch_ms;
    void (*lost)(void *ctx);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock; /* of `stop` */
    pthread_cond_t wake;
    bool stop;
};

static void silent(void *ctx UNUSED, const char *text UNUSED)
{
}

/* A dead network ends the connection within half a minute, on this side and on the other. */
static bool dial(struct store_sole *sole)
{
    const char *const names[] = {"dbname",
                                 "application_name",
                                 "connect_timeout",
                                 "keepalives_idle",
                                 "keepalives_interval",
                                 "keepalives_count",
                                 "tcp_user_timeout",
                                 "options",
                                 NULL};
    static const char server_settings[] = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5"
                                          " -c tcp_keepalives_count=3 -c idle_session_timeout=0"
                                          " -c statement_timeout=10000";
    const char *const values[] = {sole->url, sole->name,      "5", "5", "5", "3",
                                  "15000",   server_settings, NULL};
    PQfinish(sole->conn);
    sole->conn = PQconnectdbParams(names, values, 1);
    PQsetNoticeProcessor(sole->conn, silent, NULL);
    return PQstatus(sole->conn) == CONNECTION_OK;
}

/* The first cell of what `text` answers, or NULL; the caller frees it. */
static char *ask(const struct store_sole *sole, const char *text)
{
    PGresult *result = PQexec(sole->conn, text);
    bool answered = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    char *cell = answered ? strdup(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return cell;
}

/* OK, ERR_CONFLICT (another has it), ERR_BUSY (out of reach). */
static enum err take(struct store_sole *sole)
{
    char *got = ask(sole, "SELECT CASE WHEN pg_try_advisory_lock(" LOCK
                          ") THEN pg_backend_pid() ELSE 0 END");
    enum err err = !got ? ERR_BUSY : strcmp(got, "0") != 0 ? OK : ERR_CONFLICT;
    if (err == OK) {
        snprintf(sole->session, sizeof(sole->session), "%s", got);
        sole->held = true;
    }
    free(got);
    return err;
}

/*
 * As take; ERR_BUSY, too, while nobody else has it: the database gives up a session, and its lock,
 * some time after the connection was lost.
 */
static enum err keep(struct store_sole *sole)
{
    char *alive = ask(sole, "SELECT 1");
    bool answers = alive != NULL;
    free(alive);
    if (answers && sole->held) { /* a lock lives as long as its session */
        return OK;
    }
    sole->held = false;
    enum err err = answers || dial(sole) ? take(sole) : ERR_BUSY;
    if (err == ERR_CONFLICT) {
        char *holder = ask(sole, HOLDER);
        err = holder && strcmp(holder, sole->session) != 0 ? ERR_CONFLICT : ERR_BUSY;
        free(holder);
    } else if (err == OK) {
        log_line(LOG_WARN, "store", "the database is locked anew: the connection was lost",
                 LOG_N(LOG_COUNT, 1));
    }
    return err;
}

static void name_the_other(const struct store_sole *sole, char ret_why[SOLE_WHY_MAX])
{
    char *other = ask(sole, "SELECT application_name || ' since '"
                            " || to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
                            " || ' UTC' FROM pg_stat_activity WHERE pid IN (" HOLDER ") LIMIT 1");
    snprintf(
        ret_why, SOLE_WHY_MAX,
        "another bauta serves this database (%.100s): rooms do not reach across nodes, so only "
        "one may; stop that one first",
        other ? other : "whose name cannot be read");
    free(other);
}

/* true: `stop` came meanwhile. */
static bool pause_for(struct store_sole *sole)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(sole->watch_ms % 1000) * 1000000;
    until.tv_sec += sole->watch_ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&sole->lock);
    int waited = 0;
    while (!sole->stop && waited != ETIMEDOUT) {
        waited = pthread_cond_timedwait(&sole->wake, &sole->lock, &until);
    }
    bool stop = sole->stop;
    pthread_mutex_unlock(&sole->lock);
    return stop;
}

static void *watch(void *arg)
{
    struct store_sole *sole = arg;
    while (!pause_for(sole)) {
        if (keep(sole) == ERR_CONFLICT) {
            char why[SOLE_WHY_MAX];
            name_the_other(sole, why);
            log_line(LOG_ERROR, "store", "another node took the database over",
                     LOG_T(LOG_WHY, why));
            sole->lost(sole->ctx);
            break;
        }
    }
    return NULL;
}

static void set_aside(struct store_sole *sole)
{
    PQfinish(sole->conn);
    pthread_cond_destroy(&sole->wake);
    pthread_mutex_destroy(&sole->lock);
    free(sole->url);
    free(sole->name);
    free(sole);
}

enum err store_sole_new(const char *url, const char *name, int watch_ms, void (*lost)(void *ctx),
                        void *ctx, struct store_sole **ret, char ret_why[SOLE_WHY_MAX])
{
    pthread_condattr_t monotonic;
    ASSERT_START(watch_ms > 0 && lost);
    struct store_sole *sole = calloc(1, sizeof(*sole));
    if (!sole) {
        return ERR_BUSY;
    }
    *sole = (struct store_sole){.watch_ms = watch_ms, .lost = lost, .ctx = ctx};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&sole->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&sole->lock, NULL);
    sole->url = strdup(url);
    sole->name = strdup(name);
    snprintf(ret_why, SOLE_WHY_MAX, "the database cannot be reached, or has no connection left");
    enum err err = sole->url && sole->name && dial(sole) ? take(sole) : ERR_BUSY;
    if (err == ERR_CONFLICT) {
        name_the_other(sole, ret_why);
    }
    if (err == OK && pthread_create(&sole->thread, NULL, watch, sole) != 0) {
        err = ERR_BUSY;
    }
    if (err != OK) {
        set_aside(sole);
        return err;
    }
    *ret = sole;
    return OK;
}

void store_sole_free(struct store_sole *sole)
{
    if (!sole) {
        return;
    }
    pthread_mutex_lock(&sole->lock);
    sole->stop = true;
    pthread_cond_signal(&sole->wake);
    pthread_mutex_unlock(&sole->lock);
    pthread_join(sole->thread, NULL);
    set_aside(sole);
}
