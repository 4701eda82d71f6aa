#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "store/backend.h"

/* A transaction's life: begin, rehearse, apply, commit, and once more after a lost race. */

enum { TRACE_START = 0x2545f491, BACKOFF_MAX_US = 50000 };

enum err tx_note(struct store_tx *tx, enum err err, const char *what, const char *why)
{
    ASSERT_CODE(err != OK);
    snprintf(tx->why, sizeof(tx->why), "%s: %s", what, why);
    return err;
}

enum err tx_full(struct store_tx *tx, const char *what, const char *why)
{
    tx->full = true;
    atomic_store(&tx->store->full_us, store_now_us());
    return tx_note(tx, ERR_BUSY, what, why);
}

void tx_start(struct store_tx *tx, struct store *store, struct store_link *link, enum tx_kind kind)
{
    ASSERT_CODE(link->store == store);
    *tx = (struct store_tx){.store = store, .link = link, .kind = kind};
}

/* An `apply` that hides a failed statement has failed all the same. */
static enum err attempt(struct store_tx *tx, struct store_job *job, bool rehearsal)
{
    tx->failed = OK;
    tx->short_ = false;
    tx->statements = 0;
    tx->trace = TRACE_START;
    uint64_t started = store_now_us();
    enum err err = job->apply(job, tx, rehearsal);
    if (!rehearsal && tx->kind == TX_WRITE &&
        (tx->statements > STORE_JOB_STATEMENTS || store_now_us() - started > STORE_SLICE_US)) {
        atomic_fetch_add(&tx->store->overruns, 1);
    }
    return err == OK ? tx->failed : err;
}

/* Neither memory nor a disk nor a network that comes and goes says anything about `apply`. */
static bool by_chance(const struct store_tx *tx)
{
    return tx->faulted || tx->short_ || tx->again || tx->failed == ERR_BUSY ||
           tx->failed == ERR_BROKEN;
}

static enum err rehearse(struct store_tx *tx, struct store_job *job)
{
    const struct store_ops *ops = tx->store->ops;
    TRY(ops->mark(tx));
    enum err first = attempt(tx, job, true);
    uint64_t first_trace = tx->trace;
    if (by_chance(tx)) {
        return ops->unmark(tx, false) == OK ? first : ERR_BUSY;
    }
    TRY(ops->unmark(tx, false));
    enum err second = attempt(tx, job, false);
    bool equal = first == second && first_trace == tx->trace;
    if (!equal && !by_chance(tx)) {
        log_line(LOG_ERROR, "store",
                 "an apply gave two answers: it kept something of its first "
                 "run, or asked a clock",
                 LOG_N(LOG_COUNT, (int64_t)tx->statements));
    }
    ASSERT_CODE(equal || by_chance(tx));
    return second;
}

enum err tx_apply(struct store_tx *tx, struct store_job *job)
{
    ASSERT_CODE(job->schema == (tx->kind == TX_SCHEMA));
    bool twice = tx->store->twice && tx->kind != TX_SCHEMA;
    return twice ? rehearse(tx, job) : attempt(tx, job, false);
}

enum err tx_commit(struct store_tx *tx)
{
    ASSERT_CODE(tx->kind != TX_READ);
    struct store *store = tx->store;
    uint64_t started = store_now_us();
    enum err err = store->ops->commit(tx);
    atomic_fetch_add(&store->commit_us, store_now_us() - started);
    if (err == OK && tx->changed && !tx->full) {
        atomic_store(&store->full_us, 0);
    }
    if (err != OK && !tx->again) {
        atomic_fetch_add(&store->failed_commits, 1);
        log_line(LOG_ERROR, "store", "a commit failed", LOG_T(LOG_WHY, tx->why));
    }
    return err;
}

/* Losers of a race must not meet again at once: up to 1, 2, 4 … 50 ms. */
static void back_off(int tries)
{
    uint64_t most = (uint64_t)MIN(1000 << tries, BACKOFF_MAX_US);
    uint64_t us = most / 4 + store_now_us() * 0x9e3779b97f4a7c15 % most;
    nanosleep(&(struct timespec){.tv_nsec = (long)us * 1000}, NULL);
}

enum err tx_alone(struct store *store, struct store_link *link, enum tx_kind kind,
                  struct store_job *job)
{
    struct store_tx tx;
    enum err err = ERR_BUSY;
    for (int tries = 0; tries < STORE_TRIES; tries++) {
        tx_start(&tx, store, link, kind);
        err = store->ops->begin(&tx);
        if (err == OK) {
            err = tx_apply(&tx, job);
            if (err == OK && kind != TX_READ) {
                err = tx_commit(&tx);
            } else {
                store->ops->rollback(&tx);
            }
        } else if (!tx.again) {
            log_line(LOG_WARN, "store", "no transaction begins", LOG_T(LOG_WHY, tx.why));
        }
        if (!tx.again) {
            break;
        }
        atomic_fetch_add(&store->retries, 1);
        err = ERR_BUSY;
        back_off(tries);
    }
    if (tx.failed == ERR_BROKEN || tx.failed == ERR_BUSY) {
        log_line(LOG_WARN, "store", "a statement failed", LOG_T(LOG_WHY, tx.why));
    }
    if (err == OK && kind != TX_READ) {
        atomic_fetch_add(&store->writes, 1);
    }
    return err;
}
