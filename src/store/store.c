#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/backend.h"

/* The door: what a statement, a read and a write are, whichever database is behind. */

uint64_t store_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool fault_due(struct store *store)
{
    uint64_t left = atomic_load(&store->fail_at);
    while (left > 0 && !atomic_compare_exchange_weak(&store->fail_at, &left, left - 1)) {
    }
    return left == 1;
}

static uint64_t mix(uint64_t trace, const void *at, size_t len)
{
    const uint8_t *bytes = at;
    for (size_t i = 0; i < len; i++) {
        trace = (trace ^ bytes[i]) * 0x100000001b3; /* FNV-1a */
    }
    return trace;
}

/* What a rehearsal is compared by: the statement and what it is given. */
static uint64_t trace_call(uint64_t trace, const struct sql *sql, const struct val *in,
                           size_t in_count)
{
    trace = mix(trace, sql->name, strlen(sql->name) + 1);
    for (size_t i = 0; i < in_count; i++) {
        trace = mix(trace, &in[i].kind, sizeof(in[i].kind));
        if (in[i].kind == VAL_I64) {
            trace = mix(trace, &in[i].i64, sizeof(in[i].i64));
        } else if (in[i].kind != VAL_NULL) {
            size_t len = in[i].kind == VAL_TEXT ? strlen(in[i].at) : in[i].len;
            trace = mix(trace, &len, sizeof(len));
            trace = mix(trace, in[i].at, len);
        }
    }
    return trace;
}

struct statement {
    struct store_tx *tx;
    struct arena *arena;
    const struct sql *sql;
    const struct val *in;
    size_t in_count;
    struct rows *ret;
};

static enum err run_statement(void *arg)
{
    const struct statement *s = arg;
    return s->tx->store->ops->run(s->tx, s->arena, s->sql, s->in, s->in_count, s->ret);
}

enum err store_run(struct call *call, const struct sql *sql, const struct val *in, size_t in_count,
                   struct rows *ret)
{
    struct store_tx *tx = call->tx;
    ASSERT_CODE(tx);
    ASSERT_CODE(in_count <= STORE_PARAMS_MAX);
    if (tx->failed != OK) {
        return tx->failed;
    }
    struct store *store = tx->store;
    struct rows rows = {0};
    enum err err;
    tx->statements++;
    if (store->twice) {
        tx->trace = trace_call(tx->trace, sql, in, in_count);
    }
    if (fault_due(store)) {
        tx->faulted = true;
        err = tx_note(tx, (enum err)atomic_load(&store->fail_err), sql->name,
                      "fault asked for by a test");
    } else {
        struct statement statement = {tx, call->arena, sql, in, in_count, &rows};
        err = arena_run(call->arena, run_statement, &statement);
        if (err != OK && arena_ran_out(call->arena)) {
            tx->short_ = true;
            err = tx_note(tx, err, sql->name, "out of memory");
        }
    }
    tx->failed = err;
    if (err == OK) {
        tx->changed |= rows.changed > 0;
        tx->trace = mix(tx->trace, &rows.count, sizeof(rows.count));
        tx->trace = mix(tx->trace, &rows.changed, sizeof(rows.changed));
        if (ret) {
            *ret = rows;
        }
    }
    return err;
}

enum err store_sweep(struct call *call, const struct sql *sql, const struct val *in,
                     size_t in_count, int64_t most)
{
    struct rows rows;
    ASSERT_CODE(most > 0); /* else it would be due again for ever */
    TRY(store_run(call, sql, in, in_count, &rows));
    call->again |= (int64_t)rows.changed >= most;
    return OK;
}

void store_forget(struct call *call)
{
    ASSERT_CODE(call->tx && call->tx->kind == TX_WRITE);
    call->tx->forget = true;
}

static const struct val *cell(const struct rows *rows, size_t row, size_t col)
{
    ASSERT_CODE(row < rows->count);
    ASSERT_CODE(col == ONLY ? rows->cols == 1 : col < rows->cols);
    return &rows->cells[row * rows->cols + (col == ONLY ? 0 : col)];
}

int64_t row_i64(const struct rows *rows, size_t row, size_t col)
{
    const struct val *val = cell(rows, row, col);
    ASSERT_CODE(val->kind == VAL_I64 || val->kind == VAL_NULL);
    return val->i64;
}

const char *row_text(const struct rows *rows, size_t row, size_t col)
{
    const struct val *val = cell(rows, row, col);
    ASSERT_CODE(val->kind == VAL_TEXT || val->kind == VAL_NULL);
    return val->at;
}

const uint8_t *row_bytes(const struct rows *rows, size_t row, size_t col, size_t *ret_len)
{
    const struct val *val = cell(rows, row, col);
    ASSERT_CODE(val->kind == VAL_BYTES || val->kind == VAL_NULL);
    *ret_len = val->len;
    return val->at;
}

bool row_null(const struct rows *rows, size_t row, size_t col)
{
    return cell(rows, row, col)->kind == VAL_NULL;
}

enum err store_conn_new(struct store *store, struct store_conn **ret)
{
    struct store_conn *conn = calloc(1, sizeof(*conn));
    if (!conn) {
        return ERR_BUSY;
    }
    conn->store = store;
    struct store_link *link = NULL;
    enum err err = store->ops->take(store, LINK_READ, &conn->link, &link);
    if (err != OK && store_is_sqlite(store)) {
        free(conn);
        return err;
    }
    if (err == OK) {
        store->ops->give(store,
                         link); /* PostgreSQL may come later; a file that does not open will not */
    }
    atomic_fetch_add(&store->conns, 1);
    *ret = conn;
    return OK;
}

void store_conn_free(struct store_conn *conn)
{
    if (conn) {
        conn->store->ops->drop(conn->store, conn->link);
        atomic_fetch_sub(&conn->store->conns, 1);
        free(conn);
    }
}

static void run_here(struct store_conn *conn, enum tx_kind kind, struct store_job *job)
{
    struct store *store = conn->store;
    struct store_link *link = NULL;
    enum link_use use = kind == TX_READ ? LINK_READ : LINK_WRITE;
    enum err err = store->ops->take(store, use, &conn->link, &link);
    if (err == OK) {
        err = tx_alone(store, link, kind, job);
        store->ops->give(store, link);
    }
    job->done(job, err);
}

void store_read(struct store_conn *conn, struct store_job *job)
{
    ASSERT_CODE(!job->schema);
    run_here(conn, TX_READ, job);
}

enum err store_write(struct store *store, struct store_conn *conn, struct store_job *job)
{
    ASSERT_CODE(!conn || conn->store == store);
    if (store->read_only) {
        job->done(job, ERR_BUSY);
        return OK;
    }
    if (conn && store->ops->writes_here) {
        run_here(conn, job->schema ? TX_SCHEMA : TX_WRITE, job);
        return OK;
    }
    return writer_add(store->writer, job);
}

/* A job that somebody waits for. */
struct waiting {
    struct store_job job;
    enum err (*fn)(struct store_tx *tx, void *arg);
    void *arg;
    pthread_mutex_t lock; /* of `done` and `err` */
    pthread_cond_t cond;
    bool done;
    enum err err;
};

static enum err waiting_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct waiting *waiting = (struct waiting *)job;
    (void)rehearsal;
    return waiting->fn(tx, waiting->arg);
}

static void waiting_done(struct store_job *job, enum err err)
{
    struct waiting *waiting = (struct waiting *)job;
    pthread_mutex_lock(&waiting->lock);
    waiting->done = true;
    waiting->err = err;
    pthread_cond_signal(&waiting->cond);
    pthread_mutex_unlock(&waiting->lock);
}

static enum err do_job(struct store *store, bool write, bool schema,
                       enum err (*fn)(struct store_tx *tx, void *arg), void *arg)
{
    struct waiting waiting = {
        .job = {.apply = waiting_apply, .done = waiting_done, .schema = schema},
        .fn = fn,
        .arg = arg,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .cond = PTHREAD_COND_INITIALIZER,
    };
    struct store_conn *conn = NULL;
    ASSERT_CODE(!writer_here(store->writer)); /* it would wait for itself */
    if (!write || store->ops->writes_here) {
        TRY(store_conn_new(store, &conn));
    }
    enum err err = OK;
    if (write) {
        err = store_write(store, conn, &waiting.job);
    } else {
        store_read(conn, &waiting.job);
    }
    if (err == OK) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.done) {
            pthread_cond_wait(&waiting.cond, &waiting.lock);
        }
        pthread_mutex_unlock(&waiting.lock);
        err = waiting.err;
    }
    store_conn_free(conn);
    return err;
}

enum err store_do(struct store *store, bool write, enum err (*fn)(struct store_tx *tx, void *arg),
                  void *arg)
{
    return do_job(store, write, false, fn, arg);
}

enum err store_do_schema(struct store *store, enum err (*fn)(struct store_tx *tx, void *arg),
                         void *arg)
{
    return do_job(store, true, true, fn, arg);
}

enum err store_tx_script(struct store_tx *tx, const char *text)
{
    ASSERT_START(tx->kind == TX_SCHEMA);
    if (tx->failed == OK) {
        tx->failed = tx->store->ops->script(tx, text);
    }
    return tx->failed;
}

struct script {
    const char *text;
};

static enum err run_script(struct store_tx *tx, void *arg)
{
    const struct script *script = arg;
    return store_tx_script(tx, script->text);
}

enum err store_script(struct store *store, const char *text)
{
    return store_do_schema(store, run_script, &(struct script){text});
}

void store_call(struct call *call, struct store_tx *tx, struct arena *arena, int64_t now_ms)
{
    *call = (struct call){.arena = arena, .tx = tx, .now_ms = now_ms};
}

void store_tx_spoil(struct store_tx *tx, enum err err)
{
    ASSERT_CODE(err != OK);
    tx->short_ = true;
    tx->failed = tx_note(tx, err, "apply", "out of memory");
}

const char *store_tx_why(const struct store_tx *tx)
{
    return tx->why;
}

struct schema_want {
    struct store_tx *tx;
    struct arena *arena;
    struct store_column *columns;
    size_t count;
};

static enum err take_schema(void *arg)
{
    struct schema_want *want = arg;
    return want->tx->store->ops->schema(want->tx, want->arena, &want->columns, &want->count);
}

static enum err read_schema(struct store_tx *tx, void *arg)
{
    struct schema_want *want = arg;
    want->tx = tx;
    return arena_run(want->arena, take_schema, want);
}

static int by_name(const void *a, const void *b)
{
    const struct store_column *left = a, *right = b;
    int order = strcmp(left->table, right->table);
    return order ? order : strcmp(left->column, right->column);
}

enum err store_schema(struct store *store, struct arena *arena, struct store_column **ret,
                      size_t *ret_count)
{
    struct schema_want want = {.arena = arena};
    TRY(store_do(store, false, read_schema, &want));
    if (want.count > 0) {
        qsort(want.columns, want.count, sizeof(*want.columns), by_name);
    }
    *ret = want.columns;
    *ret_count = want.count;
    return OK;
}

static enum err read_sound(struct store_tx *tx, void *arg)
{
    return tx->store->ops->sound(tx, arg);
}

bool store_sound(struct store *store)
{
    bool sound = false;
    return !store->ops->sound || (store_do(store, false, read_sound, &sound) == OK && sound);
}

enum err store_identity(struct store *store, char ret[STORE_IDENTITY_MAX])
{
    return store->ops->identity(store, ret);
}

enum err store_backup(struct store *store, const char *path)
{
    return store->ops->backup(store, path);
}

bool store_full(const struct store *store)
{
    uint64_t at_us = atomic_load(&store->full_us);
    return at_us > 0 && store_now_us() - at_us < STORE_FULL_US;
}

void store_stats(struct store *store, struct store_stats *ret)
{
    *ret = (struct store_stats){
        .writes = atomic_load(&store->writes),
        .batches = atomic_load(&store->batches),
        .batch_most = atomic_load(&store->batch_most),
        .overruns = atomic_load(&store->overruns),
        .commit_us = atomic_load(&store->commit_us),
        .retries = atomic_load(&store->retries),
        .failed_commits = atomic_load(&store->failed_commits),
        .queued = writer_queued(store->writer),
        .reachable = atomic_load(&store->reachable),
        .full = store_full(store),
    };
}

void store_fail_at(struct store *store, uint64_t nth, enum err err)
{
    atomic_store(&store->fail_err, (int)err);
    atomic_store(&store->fail_at, nth);
}
