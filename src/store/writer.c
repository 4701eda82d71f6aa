#include <stdlib.h>

#include "base/log.h"
#include "store/backend.h"

/*
 * The one thread that writes.  What waits is taken together and made durable by
 * one commit; each job has its savepoint, so one that fails fails alone.
 */
enum { INTERACTIVE, BACKGROUND, QUEUES };

struct queue {
    struct store_job *first, **last;
};

struct writer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t wake;  /* the thread: there is work */
    pthread_cond_t idle;  /* the errand is finished */
    struct queue queues[QUEUES];
    size_t queued;
    struct errand *errand;
    bool stop;
    atomic_bool urgent; /* something interactive waits: read without the lock */
};

struct batch {
    struct store_job *jobs[STORE_BATCH_MAX];
    enum err errs[STORE_BATCH_MAX];
    size_t count;
    size_t ran; /* a background batch may stop early; the rest goes back */
    bool background;
};

static void finish(struct batch *batch)
{
    ASSERT_CODE(batch->ran <= batch->count);
    for (size_t i = 0; i < batch->ran; i++) {
        batch->jobs[i]->done(batch->jobs[i], batch->errs[i]);
    }
}

/* All that were to run, or all that did. */
static void fail_all(struct batch *batch, size_t ran, enum err err)
{
    ASSERT_CODE(ran <= batch->count && err != OK);
    batch->ran = ran;
    for (size_t i = 0; i < batch->ran; i++) {
        batch->errs[i] = err;
    }
}

static enum tx_kind kind_of(const struct store_job *job)
{
    return job->schema ? TX_SCHEMA : TX_WRITE;
}

static void run_alone(struct writer *writer, struct store_link *link, struct batch *batch)
{
    batch->ran = batch->count;
    for (size_t i = 0; i < batch->count; i++) {
        batch->errs[i] = tx_alone(writer->store, link, kind_of(batch->jobs[i]), batch->jobs[i]);
    }
}

/* One job in its savepoint.  False: the whole transaction is lost. */
static bool run_one(struct store_tx *tx, struct store_job *job, enum err *ret_err)
{
    const struct store_ops *ops = tx->store->ops;
    tx->failed = OK;
    tx->faulted = false;
    if (ops->mark(tx) != OK) {
        return false;
    }
    enum err err = tx_apply(tx, job);
    if (tx->failed == ERR_BROKEN || tx->failed == ERR_BUSY) {
        log_line(LOG_WARN, "store", "a statement failed", LOG_T(LOG_WHY, tx->why));
    }
    /* A full disk can take the whole transaction with it (SQLITE_FULL, IOERR, NOMEM). */
    if (tx->again || !ops->open(tx) || ops->unmark(tx, err == OK) != OK) {
        return false;
    }
    *ret_err = err;
    return true;
}

/* False: nothing is decided, run them one by one. */
static bool run_together(struct writer *writer, struct store_link *link, struct batch *batch)
{
    ASSERT_CODE(batch->ran == 0);
    struct store *store = writer->store;
    struct store_tx tx;
    uint64_t started = store_now_us();
    tx_start(&tx, store, link, TX_WRITE);
    if (store->ops->begin(&tx) != OK) {
        log_line(LOG_WARN, "store", "no transaction begins", LOG_T(LOG_WHY, tx.why));
        fail_all(batch, batch->count, ERR_BUSY);
        return true;
    }
    uint64_t wrote = 0;
    while (batch->ran < batch->count) {
        size_t i = batch->ran++;
        if (!run_one(&tx, batch->jobs[i], &batch->errs[i])) {
            store->ops->rollback(&tx);
            return false;
        }
        wrote += batch->errs[i] == OK;
        if (batch->background &&
            (atomic_load(&writer->urgent) || store_now_us() - started > STORE_SLICE_US)) {
            break;
        }
    }
    if (tx_commit(&tx) != OK) {
        if (tx.again) {
            return false;
        }
        fail_all(batch, batch->ran, ERR_BUSY);
        wrote = 0;
    }
    atomic_fetch_add(&store->writes, wrote);
    return true;
}

static void run_batch(struct writer *writer, struct batch *batch)
{
    struct store *store = writer->store;
    struct store_link *link = NULL, *kept = NULL;
    if (store->ops->take(store, LINK_WRITER, &kept, &link) != OK) {
        fail_all(batch, batch->count, ERR_BUSY);
        return;
    }
    if (batch->count == 1) {
        run_alone(writer, link, batch);
    } else if (!run_together(writer, link, batch)) {
        atomic_fetch_add(&store->retries, 1);
        run_alone(writer, link, batch);
    }
    store->ops->give(store, link);
    atomic_fetch_add(&store->batches, 1);
    if (batch->ran > atomic_load(&store->batch_most)) {
        atomic_store(&store->batch_most, batch->ran);
    }
}

static void run_errand(struct writer *writer, struct errand *errand)
{
    struct store *store = writer->store;
    struct store_link *link = NULL, *kept = NULL;
    bool finished = store->ops->take(store, LINK_WRITER, &kept, &link) != OK;
    if (!finished) {
        finished = errand->step(errand, link);
        store->ops->give(store, link);
    }
    if (finished) {
        pthread_mutex_lock(&writer->lock);
        writer->errand = NULL;
        pthread_cond_broadcast(&writer->idle);
        pthread_mutex_unlock(&writer->lock);
    }
}

/* Under the lock.  A migration goes alone: its transaction is of another kind. */
static void take_batch(struct writer *writer, struct batch *batch)
{
    batch->background = !writer->queues[INTERACTIVE].first;
    struct queue *queue = &writer->queues[batch->background ? BACKGROUND : INTERACTIVE];
    while (queue->first && batch->count < STORE_BATCH_MAX) {
        struct store_job *job = queue->first;
        if (job->schema && batch->count > 0) {
            break;
        }
        queue->first = job->next;
        batch->jobs[batch->count++] = job;
        if (job->schema) {
            break;
        }
    }
    if (!queue->first) {
        queue->last = &queue->first;
    }
    ASSERT_CODE(writer->queued >= batch->count);
    writer->queued -= batch->count;
    ASSERT_CODE((writer->queued == 0) ==
                (!writer->queues[INTERACTIVE].first && !writer->queues[BACKGROUND].first));
    atomic_store(&writer->urgent, writer->queues[INTERACTIVE].first != NULL);
}

static void put_back(struct writer *writer, struct batch *batch)
{
    ASSERT_CODE(batch->ran == batch->count || batch->background);
    struct queue *queue = &writer->queues[BACKGROUND];
    pthread_mutex_lock(&writer->lock);
    for (size_t i = batch->count; i > batch->ran; i--) {
        struct store_job *job = batch->jobs[i - 1];
        job->next = queue->first;
        if (!queue->first) {
            queue->last = &job->next;
        }
        queue->first = job;
        writer->queued++;
    }
    pthread_mutex_unlock(&writer->lock);
}

static void *writer_main(void *arg)
{
    struct writer *writer = arg;
    for (;;) {
        struct batch batch = {0};
        pthread_mutex_lock(&writer->lock);
        while (!writer->stop && writer->queued == 0 && !writer->errand) {
            pthread_cond_wait(&writer->wake, &writer->lock);
        }
        struct errand *errand = writer->errand;
        if (writer->queued == 0 && !errand) {
            pthread_mutex_unlock(&writer->lock);
            return NULL;
        }
        take_batch(writer, &batch);
        pthread_mutex_unlock(&writer->lock);
        if (batch.count > 0) {
            run_batch(writer, &batch);
            put_back(writer, &batch);
            finish(&batch);
        }
        if (errand) {
            run_errand(writer, errand);
        }
    }
}

enum err writer_new(struct store *store, struct writer **ret)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    if (!writer) {
        return ERR_BUSY;
    }
    writer->store = store;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->wake, NULL);
    pthread_cond_init(&writer->idle, NULL);
    for (int i = 0; i < QUEUES; i++) {
        writer->queues[i].last = &writer->queues[i].first;
    }
    if (pthread_create(&writer->thread, NULL, writer_main, writer) != 0) {
        free(writer);
        return ERR_BUSY;
    }
    *ret = writer;
    return OK;
}

void writer_free(struct writer *writer)
{
    if (!writer) {
        return;
    }
    pthread_mutex_lock(&writer->lock);
    writer->stop = true;
    pthread_cond_signal(&writer->wake);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    ASSERT_CODE(writer->queued == 0 && !writer->errand); /* nobody waits for ever */
    pthread_mutex_destroy(&writer->lock);
    pthread_cond_destroy(&writer->wake);
    pthread_cond_destroy(&writer->idle);
    free(writer);
}

enum err writer_add(struct writer *writer, struct store_job *job)
{
    enum err err = ERR_BUSY;
    ASSERT_CODE(job->apply && job->done);
    pthread_mutex_lock(&writer->lock);
    if (writer->queued < STORE_QUEUE_MAX && !writer->stop) {
        struct queue *queue = &writer->queues[job->background ? BACKGROUND : INTERACTIVE];
        job->next = NULL;
        *queue->last = job;
        queue->last = &job->next;
        writer->queued++;
        if (!job->background) {
            atomic_store(&writer->urgent, true);
        }
        pthread_cond_signal(&writer->wake);
        err = OK;
    }
    pthread_mutex_unlock(&writer->lock);
    return err;
}

size_t writer_queued(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    size_t queued = writer->queued;
    pthread_mutex_unlock(&writer->lock);
    return queued;
}

bool writer_here(const struct writer *writer)
{
    return pthread_equal(writer->thread, pthread_self());
}

enum err writer_errand(struct writer *writer, struct errand *errand)
{
    enum err err = ERR_BUSY;
    ASSERT_CODE(!writer_here(writer) && errand->step);
    pthread_mutex_lock(&writer->lock);
    if (!writer->errand && !writer->stop) {
        writer->errand = errand;
        pthread_cond_signal(&writer->wake);
        while (writer->errand == errand) {
            pthread_cond_wait(&writer->idle, &writer->lock);
        }
        err = OK;
    }
    pthread_mutex_unlock(&writer->lock);
    return err;
}
