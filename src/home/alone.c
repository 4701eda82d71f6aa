#include "home/alone.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "store/store.h"

struct alone {
    struct store_job job;
    struct arena *arena;
    enum err (*step)(struct call *call, void *ctx);
    void *ctx;
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    enum err err;
};

static struct alone *alone_of(struct store_job *job)
{
    return (struct alone *)(void *)((char *)job - offsetof(struct alone, job));
}

struct stepping {
    struct alone *alone;
    struct call *call;
};

static enum err take_step(void *arg)
{
    const struct stepping *stepping = arg;
    return stepping->alone->step(stepping->call, stepping->alone->ctx);
}

static enum err apply(struct store_job *job, struct store_tx *tx, bool rehearsal UNUSED)
{
    struct alone *alone = alone_of(job);
    struct call call;
    store_call(&call, tx, alone->arena, 0);
    struct stepping stepping = {alone, &call};
    return arena_run(alone->arena, take_step, &stepping);
}

static void done(struct store_job *job, enum err err)
{
    struct alone *alone = alone_of(job);
    pthread_mutex_lock(&alone->lock);
    ASSERT_CODE(!alone->is_done);
    alone->err = err;
    alone->is_done = true;
    pthread_cond_signal(&alone->done);
    pthread_mutex_unlock(&alone->lock);
}

enum err alone_run(struct store *store, enum err (*step)(struct call *call, void *ctx), void *ctx)
{
    ASSERT_CODE(store_is_sqlite(store)); /* PostgreSQL would run it beside others */
    struct alone alone = {.job = {.schema = true, .apply = apply, .done = done},
                          .arena = arena_new(1 << 20),
                          .step = step,
                          .ctx = ctx};
    if (!alone.arena) {
        return ERR_BUSY;
    }
    pthread_mutex_init(&alone.lock, NULL);
    pthread_cond_init(&alone.done, NULL);
    enum err err = store_write(store, NULL, &alone.job);
    if (err == OK) {
        pthread_mutex_lock(&alone.lock);
        while (!alone.is_done) {
            pthread_cond_wait(&alone.done, &alone.lock);
        }
        pthread_mutex_unlock(&alone.lock);
        err = alone.err;
    }
    pthread_cond_destroy(&alone.done);
    pthread_mutex_destroy(&alone.lock);
    arena_free(alone.arena);
    return err;
}
