#include "api/api_inner.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"

/*
 * Queues and threads.  Reactors push batches into `fresh`; a call that comes back
 * from the writer or from the hashers goes into `ready`, which is served first.
 * No thread waits for another's commit.
 */
int64_t api_now_ms(const struct api *api)
{
    if (api->options.clock_ms) {
        return api->options.clock_ms(api->options.clock_ctx);
    }
    return time_now_ms();
}

int64_t api_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t api_steady_ms(struct api *api)
{
    if (!api->options.clock_ms) {
        return api_now_us() / 1000;
    }
    int64_t now_ms = api_now_ms(api), was_ms = atomic_exchange(&api->wall_ms, now_ms);
    int64_t gone_ms = was_ms ? MAX(now_ms - was_ms, 0) : 0;
    return atomic_fetch_add(&api->steady_ms, gone_ms) + gone_ms;
}

static void put(struct queue *queue, struct work *work)
{
    ASSERT_CODE(!work->next && (!queue->first || queue->last != &work->next));
    if (!queue->first) {
        queue->last = &queue->first;
    }
    work->next = NULL;
    *queue->last = work;
    queue->last = &work->next;
    queue->count++;
}

static struct work *take(struct queue *queue)
{
    struct work *work = queue->first;
    if (work) {
        ASSERT_CODE(queue->count > 0);
        queue->first = work->next;
        queue->count--;
        work->next = NULL;
    }
    return work;
}

/* Under the lock: wakes as many as there is work for, nobody who is awake. */
static void wake(struct api *api, size_t count)
{
    for (; count > 0 && api->sleeping > 0; count--) {
        api->sleeping--;
        pthread_cond_signal(&api->more);
    }
}

void api_push(struct api *api, struct work *work)
{
    ASSERT_CODE(work->stage != STAGE_START);
    pthread_mutex_lock(&api->lock);
    put(&api->ready, work);
    wake(api, 1);
    pthread_mutex_unlock(&api->lock);
}

bool api_push_slow(struct api *api, struct work *work)
{
    pthread_mutex_lock(&api->lock);
    bool room = api->slow.count < api->slow_max;
    if (room) {
        put(&api->slow, work);
        pthread_cond_signal(&api->slow_more);
    }
    pthread_mutex_unlock(&api->lock);
    return room;
}

void api_closed(struct api *api)
{
    pthread_mutex_lock(&api->lock);
    ASSERT_CODE(api->open > 0);
    if (--api->open == 0) {
        pthread_cond_broadcast(&api->quiet);
    }
    pthread_mutex_unlock(&api->lock);
}

static struct work *work_new(struct api *api, struct arena *arena)
{
    struct work *work = arena_try(arena, sizeof(*work));
    if (!work) {
        return NULL;
    }
    work->api = api;
    work->arena = arena;
    work->start_us = api_now_us();
    work->call.arena = arena;
    work->call.keys = api->options.keys;
    work->call.settings = api->options.settings;
    work->call.place = api->options.place;
    work->call.presence = api->options.presence;
    work->call.outbound = api->options.outbound;
    work->call.sandbox = api->options.sandbox;
    work->call.providers = api->options.providers;
    struct rng rng = {.state = atomic_fetch_add(&api->seed, 1)};
    work->call.rng.state = rng_next(&rng);
    work->start = arena_mark(arena);
    return work;
}

void api_refusal(struct api_request *request)
{
    request->status = 503;
    request->body_type = "application/json";
    request->answer = "{\"error\":{\"code\":\"api.busy\",\"text\":\"Too much to do. Try again in a "
                      "moment.\"}}";
    request->answer_len = strlen(request->answer);
    request->retry_ms = 1000;
}

/* Answered by the reactor itself, without a word to a worker. */
static void refuse(struct api *api, struct api_request *request)
{
    atomic_fetch_add(&api->refused, 1);
    api_refusal(request);
    request->done(request);
}

void api_submit(struct api *api, struct api_request *batch)
{
    struct queue made = {0};
    struct api_request *refused = NULL;
    for (struct api_request *next = NULL; batch; batch = next) {
        next = batch->next;
        ASSERT_CODE(batch->done);
        struct work *work = work_new(api, batch->arena);
        if (!work) {
            batch->next = refused;
            refused = batch;
            continue;
        }
        work->request = batch;
        put(&made, work);
    }
    pthread_mutex_lock(&api->lock);
    size_t before = api->fresh.count;
    for (struct work *work = NULL; (work = take(&made));) {
        if (api->draining || api->fresh.count >= QUEUE_MAX) {
            work->request->next = refused;
            refused = work->request;
            continue;
        }
        put(&api->fresh, work);
        api->open++;
    }
    wake(api, api->fresh.count - before);
    pthread_mutex_unlock(&api->lock);
    for (struct api_request *next = NULL; refused; refused = next) {
        next = refused->next;
        refuse(api, refused);
    }
}

enum err api_inner(struct api *api, const struct api_inner *inner)
{
    const struct api_steps *steps = inner->route->steps;
    ASSERT_CODE(inner->done && inner->route->who != API_WHO_UNSET);
    ASSERT_CODE(inner->route->tx == API_TX_NONE || steps->apply);
    struct arena *arena = inner->arena ? inner->arena : arena_new(API_ARENA_MAX);
    struct arena *own = inner->arena ? NULL : arena;
    struct work *work = arena ? work_new(api, arena) : NULL;
    if (!work || !(work->in = arena_try(arena, steps->in_size + 1)) ||
        !(work->out = arena_try(arena, steps->out_size + 1))) {
        arena_free(own);
        return ERR_BUSY;
    }
    work->start = arena_mark(arena);
    work->inner = *inner;
    work->route = inner->route;
    work->steps = steps;
    work->entry = &api->routes.entries[api->routes.count + 1];
    work->call.actor = inner->actor;
    memcpy(work->in, inner->in ? inner->in : "", inner->in ? steps->in_size : 0);
    pthread_mutex_lock(&api->lock);
    bool room = !api->closed && api->fresh.count < QUEUE_MAX;
    if (room) {
        put(&api->fresh, work);
        api->open++;
        wake(api, 1);
    }
    pthread_mutex_unlock(&api->lock);
    if (!room) {
        arena_free(own);
        return ERR_BUSY;
    }
    return OK;
}

static void *work_for_ever(void *arg)
{
    struct worker *worker = arg;
    struct api *api = worker->api;
    pthread_mutex_lock(&api->lock);
    for (;;) {
        struct work *work = take(&api->ready);
        work = work ? work : take(&api->fresh);
        if (!work && api->stop) {
            break;
        }
        if (!work) {
            api->sleeping++;
            pthread_cond_wait(&api->more, &api->lock);
            continue;
        }
        pthread_mutex_unlock(&api->lock);
        work_run(worker, work);
        pthread_mutex_lock(&api->lock);
    }
    pthread_mutex_unlock(&api->lock);
    return NULL;
}

/*
 * Hashing takes a core for 50 ms at a time: it gets what rooms and other calls leave over, in
 * slices so short that whoever wakes need not wait for the end of one (kernels from 6.12 on;
 * older ones let the waking thread in at once and take no notice of the slice).
 */
static void give_way(void)
{
    const struct { /* the kernel's struct sched_attr, whose header does not bear <sched.h> */
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t slice_ns, deadline, period;
    } attr = {.size = sizeof(attr),
              .policy = SCHED_BATCH,
              .nice = HASHER_NICE,
              .slice_ns = HASHER_SLICE_NS};
    /* Where the kernel will not have it, hashing is only less polite. */
    (void)syscall(SYS_sched_setattr, 0, &attr, 0);
}

static void *hash_for_ever(void *arg)
{
    struct worker *hasher = arg;
    struct api *api = hasher->api;
    give_way();
    pthread_mutex_lock(&api->lock);
    while (!api->stop) {
        struct work *work = take(&api->slow);
        if (!work) {
            pthread_cond_wait(&api->slow_more, &api->lock);
            continue;
        }
        pthread_mutex_unlock(&api->lock);
        work_prepare(work);
        api_push(api, work);
        pthread_mutex_lock(&api->lock);
    }
    pthread_mutex_unlock(&api->lock);
    return NULL;
}

bool api_own_thread(const struct api *api)
{
    bool own = false;
    for (int i = 0; i < api->workers_count; i++) {
        own = own || pthread_equal(api->workers[i].thread, pthread_self());
    }
    for (int i = 0; i < api->hashers_count; i++) {
        own = own || pthread_equal(api->hashers[i].thread, pthread_self());
    }
    return own;
}

static bool start(struct worker *worker, struct api *api, void *(*run)(void *))
{
    pthread_attr_t attr;
    worker->api = api;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, WORKER_STACK);
    bool started = pthread_create(&worker->thread, &attr, run, worker) == 0;
    pthread_attr_destroy(&attr);
    return started;
}

static enum err start_threads(struct api *api)
{
    const struct api_options *options = &api->options;
    api->workers = calloc((size_t)options->workers, sizeof(*api->workers));
    api->hashers = calloc((size_t)options->hashers, sizeof(*api->hashers));
    ASSERT_START(api->workers && api->hashers);
    for (int i = 0; i < options->workers; i++) {
        struct worker *worker = &api->workers[i];
        TRY(store_conn_new(options->store, &worker->conn));
        if (!start(worker, api, work_for_ever)) {
            store_conn_free(worker->conn);
            return ERR_BROKEN;
        }
        api->workers_count++;
    }
    for (int i = 0; i < options->hashers; i++) {
        if (!start(&api->hashers[i], api, hash_for_ever)) {
            return ERR_BROKEN;
        }
        api->hashers_count++;
    }
    return OK;
}

enum err api_new(const struct api_options *options, struct api **ret)
{
    ASSERT_START(options->workers > 0 && options->hashers > 0);
    struct api *api = calloc(1, sizeof(*api));
    ASSERT_START(api);
    api->options = *options;
    uint64_t seed = options->seed;
    if (!seed) {
        crypto_random(&seed, sizeof(seed));
    }
    atomic_init(&api->seed, seed);
    api->started_ms = api_now_ms(api);
    api->slow_max = (size_t)options->hashers * SLOW_PER_HASHER;
    pthread_mutex_init(&api->lock, NULL);
    pthread_mutex_init(&api->text_lock, NULL);
    pthread_cond_init(&api->more, NULL);
    pthread_cond_init(&api->slow_more, NULL);
    pthread_cond_init(&api->quiet, NULL);
    routes_make(&api->routes, options->features);
    api->sessions = sessions_new();
    api->limits = limits_new(seed, options->settings ? options->settings->limit_scale : 1);
    for (const struct feature *const *at = options->features; *at; at++) {
        ASSERT_START(!(*at)->sign_in || !api->sign_in);
        ASSERT_START(!(*at)->acted || !api->acted);
        api->sign_in = (*at)->sign_in ? (*at)->sign_in : api->sign_in;
        api->acted = (*at)->acted ? (*at)->acted : api->acted;
    }
    enum err err = start_threads(api);
    if (err != OK) {
        api_free(api);
        return err;
    }
    *ret = api;
    return OK;
}

void api_ready(struct api *api, bool ready)
{
    atomic_store(&api->is_ready, ready);
}

static void wait_for_none(struct api *api, bool closed)
{
    pthread_mutex_lock(&api->lock);
    api->closed = api->closed || closed;
    while (api->open > 0) {
        pthread_cond_wait(&api->quiet, &api->lock);
    }
    pthread_mutex_unlock(&api->lock);
}

void api_drain(struct api *api)
{
    api_ready(api, false);
    pthread_mutex_lock(&api->lock);
    api->draining = true;
    pthread_mutex_unlock(&api->lock);
    who_flush(api, true);
    wait_for_none(api, false);
}

void api_stop(struct api *api)
{
    wait_for_none(api, true);
}

void api_free(struct api *api)
{
    if (!api) {
        return;
    }
    pthread_mutex_lock(&api->lock);
    api->closed = api->stop = true;
    pthread_cond_broadcast(&api->more);
    pthread_cond_broadcast(&api->slow_more);
    pthread_mutex_unlock(&api->lock);
    for (int i = 0; i < api->hashers_count; i++) {
        pthread_join(api->hashers[i].thread, NULL);
    }
    for (int i = 0; i < api->workers_count; i++) {
        pthread_join(api->workers[i].thread, NULL);
        store_conn_free(api->workers[i].conn);
    }
    ASSERT_CODE(api->open == 0); /* each has had its answer */
    free(api->workers);
    free(api->hashers);
    routes_free(&api->routes);
    sessions_free(api->sessions);
    limits_free(api->limits);
    free(api->openapi);
    pthread_cond_destroy(&api->quiet);
    pthread_cond_destroy(&api->slow_more);
    pthread_cond_destroy(&api->more);
    pthread_mutex_destroy(&api->text_lock);
    pthread_mutex_destroy(&api->lock);
    free(api);
}
