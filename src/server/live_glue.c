#include "server/live_glue.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/catalogue.h"
#include "base/time.h"
#include "home/home.h"
#include "residents/residents.h"
#include "server/live_asks.h"

struct glue {
    struct live *live;
    struct live_answers answers;
    _Atomic(struct api *) api;
    _Atomic(struct net *) net;
    struct net_sock_handler handler;
    struct presence presence;
    int64_t drain_ms;
    struct residents *residents; /* NULL: no demo */
};

/* ---- live -> net ---- */

static struct net_sock *sock_of(struct live_sock *sock)
{
    return (struct net_sock *)(void *)sock;
}

static struct live_sock *live_of(struct net_sock *sock)
{
    return (struct live_sock *)(void *)sock;
}

static struct net_frame *frame_of(struct live_frame *frame)
{
    return (struct net_frame *)(void *)frame;
}

static struct live_frame *link_frame(void *ctx UNUSED, struct live_frame *before, bool binary,
                                     size_t len, uint8_t **ret_payload)
{
    return (struct live_frame *)(void *)net_frame_new(frame_of(before), binary, len, ret_payload);
}

static void link_drop(void *ctx UNUSED, struct live_frame *frame)
{
    net_frame_drop(frame_of(frame));
}

static void link_send(void *ctx UNUSED, struct live_sock *sock, struct live_frame *frame)
{
    if (!residents_own(sock)) {
        net_sock_send(sock_of(sock), frame_of(frame));
    }
}

static size_t link_queued(void *ctx UNUSED, const struct live_sock *sock)
{
    return residents_own(sock) ? 0 : net_sock_queued((const struct net_sock *)(const void *)sock);
}

static void link_close(void *ctx UNUSED, struct live_sock *sock, int code, const char *reason)
{
    if (residents_own(sock)) {
        residents_close(sock, code);
    } else {
        net_sock_close(sock_of(sock), code, reason);
    }
}

static void link_attach(void *ctx UNUSED, struct live_sock *sock, struct live_peer *peer)
{
    if (residents_own(sock)) {
        residents_attach(sock, peer);
    } else {
        net_sock_set_data(sock_of(sock), peer);
    }
}

static void on_arrived(void *ctx UNUSED, void *data, struct net_sock *sock)
{
    live_arrived(data, sock ? live_of(sock) : NULL);
}

static void link_move(void *ctx UNUSED, struct live_sock *sock, int reactor,
                      struct live_peer *peer UNUSED)
{
    if (residents_own(sock)) {
        residents_move(sock, reactor);
    } else {
        ASSERT_CODE(net_sock_reactor(sock_of(sock)) != reactor);
        net_sock_move(sock_of(sock), reactor);
    }
}

static enum err link_post(void *ctx, int reactor, void (*fn)(void *arg), void *arg)
{
    struct glue *glue = ctx;
    struct net *net = atomic_load(&glue->net);
    return net ? net_post(net, reactor, fn, arg) : ERR_BUSY;
}

static int64_t link_now(void *ctx, int reactor)
{
    struct glue *glue = ctx;
    struct net *net = atomic_load(&glue->net);
    return net ? net_now_ms(net, reactor) : time_now_ms(); /* a call may end before it is known */
}

static int64_t link_steady(void *ctx UNUSED)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t link_wall(void *ctx UNUSED)
{
    return time_now_ms();
}

/* ---- net -> live ---- */

enum { CODE_TRY_LATER = 1013 };

static void on_open(void *ctx, struct net_sock *sock, const struct actor *actor, const char *room)
{
    struct glue *glue = ctx;
    ASSERT_CODE(!net_sock_data(sock));
    if (!atomic_load(&glue->net)) {
        net_sock_close(sock, CODE_TRY_LATER, "starting");
        return;
    }
    live_open(glue->live, live_of(sock), net_sock_reactor(sock), actor, room);
}

static void on_text(void *ctx UNUSED, struct net_sock *sock, const char *text, size_t len)
{
    if (net_sock_data(sock)) {
        live_text(net_sock_data(sock), text, len);
    }
}

static void on_binary(void *ctx UNUSED, struct net_sock *sock, const uint8_t *bytes, size_t len)
{
    if (net_sock_data(sock)) {
        live_binary(net_sock_data(sock), bytes, len);
    }
}

static void on_gone(void *ctx UNUSED, struct net_sock *sock)
{
    if (net_sock_data(sock)) {
        live_gone(net_sock_data(sock));
        net_sock_set_data(sock, NULL);
    }
}

static void on_turn(void *ctx, int reactor)
{
    struct glue *glue = ctx;
    if (atomic_load(&glue->net)) {
        live_turn(glue->live, reactor);
    }
}

static void on_tick(void *ctx, int reactor, int64_t now_ms UNUSED)
{
    struct glue *glue = ctx;
    if (atomic_load(&glue->net)) {
        live_tick(glue->live, reactor);
        residents_tick(glue->residents, reactor);
    }
}

static enum err on_ask(void *ctx, struct live_ask *ask)
{
    struct glue *glue = ctx;
    struct api *api = atomic_load(&glue->api);
    return api ? asks_hand(&glue->answers, api, ask) : ERR_BUSY;
}

/* ---- the server's side ---- */

struct glue *glue_new(const struct settings *settings, int reactors)
{
    struct glue *glue = calloc(1, sizeof(*glue));
    ASSERT_START(glue);
    const struct live_options options = {
        .link = {.frame = link_frame,
                 .drop = link_drop,
                 .send = link_send,
                 .queued = link_queued,
                 .close = link_close,
                 .attach = link_attach,
                 .move = link_move,
                 .post = link_post,
                 .now_ms = link_now,
                 .steady_ms = link_steady,
                 .wall_ms = link_wall,
                 .ctx = glue},
        .ask = on_ask,
        .ask_ctx = glue,
        .sentence = catalogue_text,
        .reactors = reactors,
        .history = settings->history,
        .limit_scale = settings->limit_scale,
        .hide_percent = (int)settings->bench_hidden,
    };
    asks_find(features, &glue->answers);
    ASSERT_START(reactors > 0);
    glue->live = live_new(&options);
    glue->drain_ms = settings->drain_ms;
    glue->residents = settings->demo && settings->demo_residents ? residents_new(glue->live) : NULL;
    glue->presence = (struct presence){live_presence, glue->live, live_online};
    glue->handler = (struct net_sock_handler){.open = on_open,
                                              .text = on_text,
                                              .binary = on_binary,
                                              .arrived = on_arrived,
                                              .gone = on_gone,
                                              .turn = on_turn,
                                              .tick = on_tick,
                                              .tick_ms = LIVE_TICK_MS,
                                              .text_max = LIVE_TEXT_MAX,
                                              .binary_max = LIVE_BINARY_MAX,
                                              .ctx = glue};
    return glue;
}

void glue_connect(struct glue *glue, struct api *api, struct net *net)
{
    ASSERT_START(!atomic_load(&glue->api) && !atomic_load(&glue->net));
    atomic_store(&glue->api, api);
    atomic_store(&glue->net, net);
    residents_start(glue->residents, api);
}

const struct net_sock_handler *glue_handler(struct glue *glue)
{
    return &glue->handler;
}

const struct presence *glue_presence(struct glue *glue)
{
    return &glue->presence;
}

void glue_event(void *ctx, const struct event *event)
{
    live_event(((struct glue *)ctx)->live, event);
}

void glue_metrics(void *ctx, struct buf *out)
{
    struct live_stats stats;
    live_stats(((struct glue *)ctx)->live, &stats);
    const struct {
        const char *name, *type;
        uint64_t value;
    } lines[] = {
        {"sockets", "gauge", stats.peers},           {"rooms", "gauge", stats.rooms},
        {"people", "gauge", stats.people},           {"queued", "gauge", stats.queued},
        {"unstored", "gauge", stats.unstored},       {"lines_total", "counter", stats.lines},
        {"slow_total", "counter", stats.slow},       {"ticks_total", "counter", stats.ticks},
        {"refused_total", "counter", stats.refused},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        buf_printf(out, "# TYPE bauta_live_%s %s\nbauta_live_%s %llu\n", lines[i].name,
                   lines[i].type, lines[i].name, (unsigned long long)lines[i].value);
    }
}

/* Waits until every line that was told is stored and acknowledged, as long as drain_ms. */
void glue_drain(struct glue *glue)
{
    enum { LOOK_MS = 10, LOOK_NS = LOOK_MS * 1000000, AT_LEAST_MS = 2 * LIVE_TICK_MS };
    const struct timespec look = {.tv_nsec = LOOK_NS};
    struct live_stats stats;
    live_drain(glue->live);
    for (int64_t waited_ms = 0; waited_ms < glue->drain_ms; waited_ms += LOOK_MS) {
        live_stats(glue->live, &stats);
        if (waited_ms > AT_LEAST_MS && stats.unstored == 0) {
            break;
        }
        nanosleep(&look, NULL);
    }
}

void glue_end(struct glue *glue)
{
    if (glue) {
        residents_end(glue->residents);
    }
}

void glue_free(struct glue *glue)
{
    if (glue) {
        live_free(glue->live);
        residents_free(glue->residents);
        free(glue);
    }
}
