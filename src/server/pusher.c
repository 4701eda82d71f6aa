#include "server/pusher.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "features/notices/push.h"
#include "server/home.h"

enum {
    HANDS = 4,
    BATCH_BYTES = 1024 * 1024,
    LOOK_MS = 30 * 1000, /* an event that was missed */
};

/* One thread, with what it has leased. */
struct hand {
    struct pusher *pusher;
    pthread_t thread;
    struct arena *batch_arena, *send_arena;
    struct push_batch batch;
    const struct push_batch *leased; /* the call's, while it lasts */
    bool answered;                   /* under the pusher's lock */
    enum err err;
};

struct pusher {
    struct api *api;
    struct keys *keys;
    const struct settings *settings;
    struct outbound *outbound;
    struct hand hands[HANDS];
    bool started;

    pthread_mutex_t lock; /* holds the rest */
    pthread_cond_t change;
    uint64_t woken[2]; /* how often the first hand was called, and the others */
    bool first_waits;
    atomic_bool stop;
    atomic_uint_fast64_t ends[PUSH_GONE + 1];
};

/* ---- asking the api ---- */

static const uint8_t *copy(struct arena *arena, const uint8_t *bytes, size_t len)
{
    return (const uint8_t *)arena_text(arena, (const char *)bytes, len);
}

static const char *copy_text(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, text, strlen(text)) : NULL;
}

/* The call's memory dies when this returns.  What does not fit is leased again, later. */
static enum err keep(void *arg)
{
    struct hand *hand = arg;
    const struct push_batch *batch = hand->leased;
    struct arena *arena = hand->batch_arena;
    const struct push_leased *from = batch->items.items;
    struct push_leased *to = arena_alloc(arena, (batch->items.count + 1) * sizeof(*to));
    for (size_t i = 0; i < batch->items.count; i++) {
        to[i] = from[i];
        to[i].language = copy_text(arena, from[i].language);
        to[i].kind = copy_text(arena, from[i].kind);
        to[i].target = copy_text(arena, from[i].target);
        to[i].name = copy_text(arena, from[i].name);
        to[i].topic = copy_text(arena, from[i].topic);
        to[i].choice.digest = copy_text(arena, from[i].choice.digest);
        to[i].choice.zone = copy_text(arena, from[i].choice.zone);
        to[i].endpoint = copy(arena, from[i].endpoint, from[i].endpoint_len);
        to[i].auth = copy(arena, from[i].auth, from[i].auth_len);
        to[i].point = copy(arena, from[i].point, from[i].point_len);
    }
    hand->batch = *batch;
    hand->batch.items.items = to;
    return OK;
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct hand *hand = owner;
    hand->leased = out;
    if (err == OK && out) {
        err = arena_run(hand->batch_arena, keep, hand);
    }
    pthread_mutex_lock(&hand->pusher->lock);
    hand->err = err;
    hand->answered = true;
    pthread_cond_broadcast(&hand->pusher->change);
    pthread_mutex_unlock(&hand->pusher->lock);
}

static enum err lease(struct hand *hand)
{
    struct pusher *pusher = hand->pusher;
    const struct api_inner inner = {.route = &push_lease_route,
                                    .out_size = sizeof(struct push_batch),
                                    .owner = hand,
                                    .done = answered};
    arena_reset(hand->batch_arena);
    hand->batch = (struct push_batch){.wait_ms = -1};
    hand->answered = false;
    TRY(api_inner(pusher->api, &inner));
    pthread_mutex_lock(&pusher->lock);
    while (!hand->answered) {
        pthread_cond_wait(&pusher->change, &pusher->lock);
    }
    pthread_mutex_unlock(&pusher->lock);
    return hand->err;
}

/* ---- a batch ---- */

struct sending {
    struct call *call;
    const struct push_leased *item;
    char *away;
    enum push_end end;
};

static enum err send_one(void *arg)
{
    struct sending *one = arg;
    one->end = push_send(one->call, one->item, one->away);
    return OK;
}

static void send_batch(struct hand *hand)
{
    struct pusher *pusher = hand->pusher;
    const struct push_leased *items = hand->batch.items.items;
    struct push_results results = {.lease = hand->batch.lease};
    char away[PUSH_ORIGIN_MAX] = "";
    const char *code = NULL;
    size_t total = MIN(hand->batch.items.count, COUNT(results.items));
    for (size_t i = 0; i < total && !atomic_load(&pusher->stop); i++) {
        struct call call = {.arena = hand->send_arena,
                            .keys = pusher->keys,
                            .settings = pusher->settings,
                            .outbound = pusher->outbound,
                            .now_ms = home_now_ms()};
        struct sending one = {&call, &items[i], away, PUSH_LATER};
        arena_reset(hand->send_arena);
        enum push_end end =
            arena_run(hand->send_arena, send_one, &one) == OK ? one.end : PUSH_LATER;
        atomic_fetch_add(&pusher->ends[end], 1);
        results.items[results.count++] = (struct push_result){
            items[i].device_id, items[i].notice_id, items[i].tries, items[i].created_ms, end};
    }
    /* When even this fails the lease ends by itself; some may go twice then. */
    if (api_wait(pusher->api, &push_settle_route, &results, sizeof(results), NULL, 0, &code) !=
        OK) {
        log_line(LOG_WARN, "push", "results not written down",
                 LOG_N(LOG_COUNT, (int64_t)results.count));
    }
}

/* ---- the threads ---- */

/* The first hand looks after what is posted; the others come when it has its hands full. */
static bool is_first(const struct hand *hand)
{
    return hand == hand->pusher->hands;
}

/* Until then, or until it is called again after `seen` was read. */
static void wait_for(struct hand *hand, int64_t ms, uint64_t seen)
{
    struct pusher *pusher = hand->pusher;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + ms % 1000 * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&pusher->lock);
    pusher->first_waits = pusher->first_waits || is_first(hand);
    while (!atomic_load(&pusher->stop) && pusher->woken[!is_first(hand)] == seen &&
           pthread_cond_timedwait(&pusher->change, &pusher->lock, &until) == 0) {
    }
    pusher->first_waits = pusher->first_waits && !is_first(hand);
    pthread_mutex_unlock(&pusher->lock);
}

static void call_hands(struct pusher *pusher, bool first, bool others)
{
    pthread_mutex_lock(&pusher->lock);
    pusher->woken[0] += first;
    pusher->woken[1] += others || !pusher->first_waits;
    pthread_cond_broadcast(&pusher->change);
    pthread_mutex_unlock(&pusher->lock);
}

/* How long to rest after it; 0: there is more. */
static int64_t turn(struct hand *hand)
{
    enum err err = lease(hand);
    if (err == OK && hand->batch.items.count == PUSH_BATCH) {
        call_hands(hand->pusher, false, true); /* there may be more */
    }
    if (err == OK && hand->batch.items.count > 0) {
        send_batch(hand);
        return 0;
    }
    int64_t next_ms = err != OK ? TIME_S : is_first(hand) ? hand->batch.wait_ms : LOOK_MS;
    return next_ms < 0 ? LOOK_MS : MIN(MAX(next_ms, 10), LOOK_MS);
}

int64_t pusher_turn(struct pusher *pusher)
{
    return turn(pusher->hands);
}

static void *run(void *arg)
{
    struct hand *hand = arg;
    struct pusher *pusher = hand->pusher;
    while (!atomic_load(&pusher->stop)) {
        pthread_mutex_lock(&pusher->lock);
        uint64_t seen = pusher->woken[!is_first(hand)];
        pthread_mutex_unlock(&pusher->lock);
        int64_t rest_ms = turn(hand);
        if (rest_ms > 0) {
            wait_for(hand, rest_ms, seen);
        }
    }
    return NULL;
}

struct pusher *pusher_new(struct keys *keys, const struct settings *settings,
                          struct outbound *outbound)
{
    struct pusher *pusher = calloc(1, sizeof(*pusher));
    pthread_condattr_t attr;
    ASSERT_START(pusher);
    pusher->keys = keys;
    pusher->settings = settings;
    pusher->outbound = outbound;
    for (size_t i = 0; i < HANDS; i++) {
        pusher->hands[i].pusher = pusher;
        pusher->hands[i].batch_arena = arena_new(BATCH_BYTES);
        pusher->hands[i].send_arena = arena_new(BATCH_BYTES);
        ASSERT_START(pusher->hands[i].batch_arena && pusher->hands[i].send_arena);
    }
    pthread_mutex_init(&pusher->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&pusher->change, &attr);
    pthread_condattr_destroy(&attr);
    return pusher;
}

void pusher_attach(struct pusher *pusher, struct api *api)
{
    pusher->api = api;
}

void pusher_start(struct pusher *pusher, struct api *api)
{
    pusher_attach(pusher, api);
    pusher->started = true;
    for (size_t i = 0; i < HANDS; i++) {
        ASSERT_START(pthread_create(&pusher->hands[i].thread, NULL, run, &pusher->hands[i]) == 0);
    }
}

void pusher_wake(struct pusher *pusher)
{
    call_hands(pusher, true, false);
}

void pusher_stop(struct pusher *pusher)
{
    if (pusher && pusher->started) {
        atomic_store(&pusher->stop, true);
        pusher_wake(pusher);
        for (size_t i = 0; i < HANDS; i++) {
            pthread_join(pusher->hands[i].thread, NULL);
        }
        pusher->started = false;
    }
}

void pusher_free(struct pusher *pusher)
{
    if (!pusher) {
        return;
    }
    pusher_stop(pusher);
    for (size_t i = 0; i < HANDS; i++) {
        arena_free(pusher->hands[i].batch_arena);
        arena_free(pusher->hands[i].send_arena);
    }
    pthread_cond_destroy(&pusher->change);
    pthread_mutex_destroy(&pusher->lock);
    free(pusher);
}

void pusher_metrics(struct pusher *pusher, struct buf *out)
{
    static const char *const names[] = {[PUSH_SENT] = "sent",
                                        [PUSH_LATER] = "later",
                                        [PUSH_DROPPED] = "dropped",
                                        [PUSH_GONE] = "gone"};
    buf_puts(out, "# TYPE bauta_push_total counter\n");
    for (size_t i = 0; i < COUNT(names); i++) {
        buf_printf(out, "bauta_push_total{end=\"%s\"} %llu\n", names[i],
                   (unsigned long long)atomic_load(&pusher->ends[i]));
    }
}
