#include "couriers/pusher.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/notify/notices/push.h"
#include "outside/courier.h"

enum {
    HANDS = 4,
    BATCH_BYTES = 1024 * 1024,
};

struct pusher {
    struct courier *courier;
    struct keys *keys;
    struct outbound *outbound;
    atomic_uint_fast64_t ends[PUSH_GONE + 1];
};

static void keep(struct arena *arena, const struct json_list *from, struct json_list *ret)
{
    struct push_leased *to = arena_alloc(arena, (from->count + 1) * sizeof(*to));
    for (size_t i = 0; i < from->count; i++) {
        const struct push_leased *one = (const struct push_leased *)from->items + i;
        to[i] = *one;
        to[i].language = courier_text(arena, one->language);
        to[i].kind = courier_text(arena, one->kind);
        to[i].target = courier_text(arena, one->target);
        to[i].name = courier_text(arena, one->name);
        to[i].topic = courier_text(arena, one->topic);
        to[i].choice.digest = courier_text(arena, one->choice.digest);
        to[i].choice.zone = courier_text(arena, one->choice.zone);
        to[i].endpoint = courier_sealed(arena, one->endpoint);
        to[i].auth = courier_sealed(arena, one->auth);
        to[i].point = courier_bytes(arena, one->point, one->point_len);
    }
    *ret = (struct json_list){to, from->count};
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

static int64_t send_batch(void *own, struct courier_hand *hand)
{
    struct pusher *pusher = own;
    const struct push_leased *items = hand->lease.items.items;
    struct push_results results = {.lease = hand->lease.id};
    char away[PUSH_ORIGIN_MAX] = "";
    size_t total = MIN(hand->lease.items.count, COUNT(results.items));
    for (size_t i = 0; i < total && !atomic_load(courier_stopping(pusher->courier)); i++) {
        struct call call = {.arena = hand->item_arena,
                            .keys = pusher->keys,
                            .settings = hand->settings,
                            .outbound = pusher->outbound,
                            .now_ms = time_now_ms()};
        struct sending one = {&call, &items[i], away, PUSH_LATER};
        arena_reset(hand->item_arena);
        enum push_end end =
            arena_run(hand->item_arena, send_one, &one) == OK ? one.end : PUSH_LATER;
        ASSERT_CODE(end < COUNT(pusher->ends));
        atomic_fetch_add(&pusher->ends[end], 1);
        results.items[results.count++] = (struct push_result){
            items[i].device_id, items[i].notice_id, items[i].tries, items[i].created_ms, end};
    }
    courier_settle(pusher->courier, &push_settle_route, "push", &results, results.count);
    return 0;
}

/* ---- its life ---- */

static const struct courier_kind kind = {.lease = &push_lease_route,
                                         .hands = HANDS,
                                         .full = PUSH_BATCH,
                                         .batch_bytes = BATCH_BYTES,
                                         .item_bytes = BATCH_BYTES,
                                         .keep = keep,
                                         .send = send_batch};

struct pusher *pusher_new(struct keys *keys, const struct settings *settings,
                          struct outbound *outbound)
{
    struct pusher *pusher = calloc(1, sizeof(*pusher));
    ASSERT_START(pusher);
    pusher->keys = keys;
    pusher->outbound = outbound;
    pusher->courier = courier_new(&kind, settings, pusher);
    return pusher;
}

int64_t pusher_turn(struct pusher *pusher)
{
    return courier_turn(pusher->courier);
}

void pusher_attach(struct pusher *pusher, struct api *api)
{
    courier_attach(pusher->courier, api);
}

void pusher_start(struct pusher *pusher, struct api *api)
{
    courier_start(pusher->courier, api);
}

void pusher_wake(struct pusher *pusher)
{
    courier_wake(pusher->courier);
}

void pusher_stop(struct pusher *pusher)
{
    courier_stop(pusher ? pusher->courier : NULL);
}

void pusher_free(struct pusher *pusher)
{
    if (pusher) {
        courier_free(pusher->courier);
        free(pusher);
    }
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
