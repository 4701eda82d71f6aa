#include "outside/courier.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"

enum { LOOK_MS = 30 * 1000 /* an event that was missed */, REST_MIN_MS = 10 };

struct thread {
    struct courier *courier;
    pthread_t id;
    struct courier_hand hand;
    void *wish;
    const struct lease *leased; /* the call's, while it lasts */
    bool answered;              /* under the courier's lock */
    enum err err;
};

struct courier {
    const struct courier_kind *kind;
    const struct settings *settings;
    void *own;
    struct api *api;
    struct thread *threads;
    bool started;

    pthread_mutex_t lock; /* holds the rest */
    pthread_cond_t change;
    uint64_t woken[2]; /* how often the first was called, and the others */
    bool first_waits;
    atomic_bool stop;
};

/* ---- asking the api ---- */

const char *courier_text(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, text, strlen(text)) : NULL;
}

const uint8_t *courier_bytes(struct arena *arena, const uint8_t *bytes, size_t len)
{
    return bytes ? (const uint8_t *)arena_text(arena, (const char *)bytes, len) : NULL;
}

struct sealed courier_sealed(struct arena *arena, struct sealed sealed)
{
    sealed.at = courier_bytes(arena, sealed.at, sealed.len);
    return sealed;
}

/* The call's memory dies when this returns.  What does not fit is leased again, later. */
static enum err keep(void *arg)
{
    struct thread *thread = arg;
    struct courier_hand *hand = &thread->hand;
    struct json_list items = {0};
    thread->courier->kind->keep(hand->batch_arena, &thread->leased->items, &items);
    hand->lease.items = items;
    return OK;
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct thread *thread = owner;
    thread->leased = out;
    if (err == OK && out) {
        thread->hand.lease =
            (struct lease){.id = thread->leased->id, .wait_ms = thread->leased->wait_ms};
        err = arena_run(thread->hand.batch_arena, keep, thread);
    }
    pthread_mutex_lock(&thread->courier->lock);
    ASSERT_CODE(!thread->answered); /* once: then the hand goes on */
    thread->err = err;
    thread->answered = true;
    pthread_cond_broadcast(&thread->courier->change);
    pthread_mutex_unlock(&thread->courier->lock);
}

static enum err lease(struct thread *thread)
{
    struct courier *courier = thread->courier;
    const struct api_inner inner = {
        .route = courier->kind->lease, .in = thread->wish, .owner = thread, .done = answered};
    arena_reset(thread->hand.batch_arena);
    thread->hand.lease = (struct lease){.wait_ms = -1};
    thread->answered = false;
    if (courier->kind->wish) {
        courier->kind->wish(courier->own, thread->wish);
    }
    TRY(api_inner(courier->api, &inner));
    pthread_mutex_lock(&courier->lock);
    while (!thread->answered) {
        pthread_cond_wait(&courier->change, &courier->lock);
    }
    pthread_mutex_unlock(&courier->lock);
    return thread->err;
}

void courier_settle(struct courier *courier, const struct api_route *route, const char *room,
                    const void *results, size_t count)
{
    const char *code = NULL;
    if (api_wait(courier->api, route, results, NULL, &code) != OK) {
        log_line(LOG_WARN, room, "results not written down", LOG_N(LOG_COUNT, (int64_t)count));
    }
}

/* ---- the threads ---- */

static bool is_first(const struct thread *thread)
{
    return thread == thread->courier->threads;
}

static void call_hands(struct courier *courier, bool first, bool others)
{
    pthread_mutex_lock(&courier->lock);
    courier->woken[0] += first;
    courier->woken[1] += others || !courier->first_waits;
    pthread_cond_broadcast(&courier->change);
    pthread_mutex_unlock(&courier->lock);
}

static uint64_t called(struct thread *thread)
{
    struct courier *courier = thread->courier;
    pthread_mutex_lock(&courier->lock);
    uint64_t woken = courier->woken[!is_first(thread)];
    pthread_mutex_unlock(&courier->lock);
    return woken;
}

/* Until then or, if it may be woken, until it is called again after `seen` was read. */
static void wait_for(struct thread *thread, int64_t ms, bool wakeable, uint64_t seen)
{
    struct courier *courier = thread->courier;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&courier->lock);
    courier->first_waits = courier->first_waits || is_first(thread);
    while (!atomic_load(&courier->stop) &&
           !(wakeable && courier->woken[!is_first(thread)] != seen) &&
           pthread_cond_timedwait(&courier->change, &courier->lock, &until) == 0) {
    }
    courier->first_waits = courier->first_waits && !is_first(thread);
    pthread_mutex_unlock(&courier->lock);
}

/* How long to rest after it; 0: there is more. */
static int64_t turn(struct thread *thread, bool *ret_wakeable)
{
    struct courier *courier = thread->courier;
    const struct courier_kind *kind = courier->kind;
    struct courier_hand *hand = &thread->hand;
    enum err err = lease(thread);
    *ret_wakeable = true;
    if (err == OK && hand->lease.items.count >= kind->full) {
        call_hands(courier, false, true); /* there may be more */
    }
    if (err == OK && hand->lease.items.count > 0) {
        *ret_wakeable = false;
        hand->settings = settings_hold(courier->settings);
        int64_t rest_ms = kind->send(courier->own, hand);
        settings_drop(courier->settings, hand->settings);
        ASSERT_CODE(rest_ms >= 0);
        return rest_ms;
    }
    if (err != OK && hand->lease.id && kind->give_back) {
        kind->give_back(courier->own, hand->lease.id);
    }
    int64_t next_ms = err != OK ? TIME_S : is_first(thread) ? hand->lease.wait_ms : LOOK_MS;
    return next_ms < 0 ? LOOK_MS : MIN(MAX(next_ms, REST_MIN_MS), LOOK_MS);
}

int64_t courier_turn(struct courier *courier)
{
    ASSERT_CODE(!courier->started); /* the hand is its thread's */
    bool wakeable = false;
    return turn(courier->threads, &wakeable);
}

static void *run(void *arg)
{
    struct thread *thread = arg;
    while (!atomic_load(&thread->courier->stop)) {
        bool wakeable = false;
        uint64_t seen = called(thread);
        int64_t rest_ms = turn(thread, &wakeable);
        if (rest_ms > 0) {
            wait_for(thread, rest_ms, wakeable, seen);
        }
    }
    return NULL;
}

/* ---- its life ---- */

struct courier *courier_new(const struct courier_kind *kind, const struct settings *settings,
                            void *own)
{
    struct courier *courier = calloc(1, sizeof(*courier));
    pthread_condattr_t attr;
    ASSERT_START(courier);
    *courier = (struct courier){.kind = kind, .settings = settings, .own = own};
    ASSERT_START(kind->hands > 0 && kind->full > 0 && kind->keep && kind->send);
    ASSERT_START(kind->lease->steps->out_size == sizeof(struct lease));
    ASSERT_START(kind->wish || kind->lease->steps->in_size == 0);
    courier->threads = calloc(kind->hands, sizeof(*courier->threads));
    ASSERT_START(courier->threads);
    for (size_t i = 0; i < kind->hands; i++) {
        struct thread *thread = &courier->threads[i];
        thread->courier = courier;
        thread->hand.batch_arena = arena_new(kind->batch_bytes);
        thread->hand.item_arena = arena_new(kind->item_bytes);
        thread->wish = calloc(1, kind->lease->steps->in_size + 1);
        ASSERT_START(thread->hand.batch_arena && thread->hand.item_arena && thread->wish);
    }
    pthread_mutex_init(&courier->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&courier->change, &attr);
    pthread_condattr_destroy(&attr);
    return courier;
}

void courier_attach(struct courier *courier, struct api *api)
{
    ASSERT_CODE(!courier->started);
    courier->api = api;
}

void courier_start(struct courier *courier, struct api *api)
{
    courier_attach(courier, api);
    courier->started = true;
    for (size_t i = 0; i < courier->kind->hands; i++) {
        struct thread *thread = &courier->threads[i];
        ASSERT_START(pthread_create(&thread->id, NULL, run, thread) == 0);
    }
}

void courier_wake(struct courier *courier)
{
    if (courier) {
        call_hands(courier, true, false);
    }
}

const atomic_bool *courier_stopping(const struct courier *courier)
{
    return &courier->stop;
}

void courier_stop(struct courier *courier)
{
    if (courier && courier->started) {
        atomic_store(&courier->stop, true);
        courier_wake(courier);
        for (size_t i = 0; i < courier->kind->hands; i++) {
            pthread_join(courier->threads[i].id, NULL);
        }
        courier->started = false;
    }
}

void courier_free(struct courier *courier)
{
    if (!courier) {
        return;
    }
    courier_stop(courier);
    for (size_t i = 0; i < courier->kind->hands; i++) {
        arena_free(courier->threads[i].hand.batch_arena);
        arena_free(courier->threads[i].hand.item_arena);
        free(courier->threads[i].wish);
    }
    free(courier->threads);
    pthread_cond_destroy(&courier->change);
    pthread_mutex_destroy(&courier->lock);
    free(courier);
}
