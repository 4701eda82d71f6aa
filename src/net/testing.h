#ifndef NET_TESTING_H
#define NET_TESTING_H

/*
 * For net's own tests only: an api that answers by path, and a socket handler that
 * obeys what it is told by text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/crypto.h"
#include "net/head.h"
#include "net/net.h"
#include "net/ws.h"

enum { PATIENCE_MS = 20000, ANSWER_MAX = 1 << 20, REACTORS = 2 };

/* ---- the api's double ---- */

struct double_api {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t thread;
    struct api_request *first, **end;
    struct api_request *held; /* /api/hold, until /api/release */
    bool stop;
    _Atomic int seen;
};

static struct double_api fake = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                 .more = PTHREAD_COND_INITIALIZER};

void api_submit(struct api *api UNUSED, struct api_request *batch)
{
    pthread_mutex_lock(&fake.lock);
    *fake.end = batch;
    while (*fake.end) {
        fake.end = &(*fake.end)->next;
    }
    pthread_cond_signal(&fake.more);
    pthread_mutex_unlock(&fake.lock);
}

/* /api/files takes five megabytes. */
size_t api_body_max(const struct api *api UNUSED, const char *method, const char *path)
{
    bool files = strcmp(method, "POST") == 0 && strcmp(path, "/api/files") == 0;
    return files ? 5 * 1024 * 1024 : API_BODY_MAX;
}

static void fake_body(struct api_request *request, const char *body, size_t len)
{
    request->answer = arena_text(request->arena, body, len);
    request->answer_len = len;
}

static void fake_facts(struct api_request *request)
{
    char *text = arena_printf(
        request->arena, "method=%s path=%s query=%s host=%s address=%s secure=%d csrf=%s body=%zu",
        request->method, request->path, request->query, request->host, request->address,
        request->secure, request->csrf, request->body_len);
    fake_body(request, text, strlen(text));
}

static void fake_answer(struct api_request *request)
{
    static struct cookie second = {.name = "b", .value = "2", .max_age_s = 60};
    static struct cookie first = {
        .next = &second, .name = "__Host-a", .value = "1", .max_age_s = -1};
    request->status = 200;
    request->body_type = "application/json";
    if (request->asks) {
        request->status = strcmp(request->query, "stranger") == 0 ? 403 : 100;
    } else if (strcmp(request->path, "/api/live") == 0) {
        request->status = 101;
        request->upgrade = true;
    } else if (strcmp(request->path, "/api/echo") == 0) {
        fake_body(request, request->body, request->body_len);
    } else if (strcmp(request->path, "/api/big") == 0) {
        size_t len = (size_t)atol(request->query);
        char *body = arena_alloc(request->arena, len + 1);
        memset(body, 'b', len);
        request->answer = body;
        request->answer_len = len;
    } else if (strcmp(request->path, "/api/costly") == 0) { /* an answer that took four megabytes */
        enum { COST = 4 << 20 };
        memset(arena_alloc(request->arena, COST), 'c', COST);
        size_t len = (size_t)atol(request->query);
        request->answer = memset(arena_alloc(request->arena, len), 'b', len);
        request->answer_len = len;
    } else if (strcmp(request->path, "/api/none") == 0) {
        request->status = 204;
    } else if (strcmp(request->path, "/api/files") == 0) {
        uint8_t hash[HASH_BYTES];
        char text[2 * HASH_BYTES + 1];
        crypto_sha256(request->body, request->body_len, hash);
        crypto_hex(hash, sizeof(hash), text);
        fake_body(request, text, strlen(text));
    } else if (strcmp(request->path, "/api/cookies") == 0) {
        request->cookies = &first;
        request->status = 429;
        request->retry_ms = 1500;
    } else {
        fake_facts(request);
    }
    atomic_fetch_add(&fake.seen, 1);
    request->done(request);
}

static void *fake_run(void *arg UNUSED)
{
    pthread_mutex_lock(&fake.lock);
    while (!fake.stop || fake.first) {
        struct api_request *request = fake.first;
        if (!request) {
            pthread_cond_wait(&fake.more, &fake.lock);
            continue;
        }
        fake.first = request->next;
        if (!fake.first) {
            fake.end = &fake.first;
        }
        struct api_request *held = NULL;
        if (strcmp(request->path, "/api/hold") == 0) {
            fake.held = request;
            atomic_fetch_add(&fake.seen, 1);
            continue;
        }
        if (strcmp(request->path, "/api/release") == 0) {
            held = fake.held;
            fake.held = NULL;
        }
        pthread_mutex_unlock(&fake.lock);
        fake_answer(request);
        if (held) {
            fake_answer(held);
        }
        pthread_mutex_lock(&fake.lock);
    }
    pthread_mutex_unlock(&fake.lock);
    return NULL;
}

/* ---- the socket handler ---- */

struct world {
    struct net *net;
    struct net_options options;
    struct net_sock_handler handler;
    int port;
    _Atomic int opened, gone, turns, ticks, arrived, lost;
    char room[64];
};

/* Without memory for it the socket is closed, as live does. */
static struct net_frame *say_behind(struct net_frame *before, struct net_sock *sock, bool binary,
                                    const void *bytes, size_t len)
{
    uint8_t *payload;
    struct net_frame *frame = net_frame_new(before, binary, len, &payload);
    net_frame_drop(before);
    if (!frame) {
        net_sock_close(sock, WS_CLOSE_LATER, "");
        return NULL;
    }
    if (len) {
        memcpy(payload, bytes, len);
    }
    net_sock_send(sock, frame);
    return frame;
}

static void say_bytes(struct net_sock *sock, bool binary, const void *bytes, size_t len)
{
    net_frame_drop(say_behind(NULL, sock, binary, bytes, len));
}

static void say(struct net_sock *sock, const char *text)
{
    say_bytes(sock, false, text, strlen(text));
}

static void on_arrived(void *ctx, void *data, struct net_sock *sock)
{
    struct world *world = ctx;
    ASSERT(data == ctx);
    if (sock) {
        char text[32];
        snprintf(text, sizeof(text), "arrived %d", net_sock_reactor(sock));
        say(sock, text);
        atomic_fetch_add(&world->arrived, 1);
    } else {
        atomic_fetch_add(&world->lost, 1);
        atomic_fetch_add(&world->gone, 1);
    }
}

static void on_open(void *ctx, struct net_sock *sock, const struct actor *actor UNUSED,
                    const char *room)
{
    struct world *world = ctx;
    snprintf(world->room, sizeof(world->room), "%s", room);
    net_sock_set_data(sock, world);
    atomic_fetch_add(&world->opened, 1);
    if (strcmp(room, "elsewhere") == 0) { /* a room whose home is another reactor */
        net_sock_move(sock, 1 - net_sock_reactor(sock));
    }
}

/* As much as a socket may have queued, to the byte: net/net_inner.h, OUT_MAX. */
static void fill_to_the_brim(struct net_sock *sock)
{
    uint8_t *payload;
    enum { FULL = 4 * 1024 * 1024 };
    size_t room = FULL - net_sock_queued(sock), head = ws_head_len(room > 10 ? room - 10 : 0);
    if (room > head) {
        struct net_frame *frame = net_frame_new(NULL, true, room - head, &payload);
        memset(payload, 'x', room - head);
        net_sock_send(sock, frame);
        net_frame_drop(frame);
    }
}

/*
 * "burst N SIZE" (where N ends in 7, "own" behind each seventh), "brim", "close CODE REASON",
 * "move REACTOR", else an echo.
 */
static void on_text(void *ctx UNUSED, struct net_sock *sock, const char *text, size_t len)
{
    char order[128] = "";
    memcpy(order, text, MIN(len, sizeof(order) - 1));
    int number = 0;
    int size = 0;
    char reason[64] = "";
    if (sscanf(order, "burst %d %d", &number, &size) == 2) {
        char *bytes = malloc((size_t)size + 1);
        memset(bytes, 'x', (size_t)size);
        struct net_frame *frame = NULL;
        for (int i = 0; i < number; i++) {
            frame = say_behind(frame, sock, false, bytes, (size_t)size);
            if (number % 10 == 7 && i % 7 == 6) { /* what one alone is told, in between */
                say_bytes(sock, false, "own", 3);
            }
        }
        net_frame_drop(frame);
        free(bytes);
    } else if (strcmp(order, "brim") == 0) {
        fill_to_the_brim(sock);
    } else if (sscanf(order, "close %d %63s", &number, reason) >= 1) {
        net_sock_close(sock, number, reason);
    } else if (sscanf(order, "move %d", &number) == 1) {
        say(sock, "leaving");
        net_sock_move(sock, number);
    } else {
        say_bytes(sock, false, text, len);
    }
}

static void on_binary(void *ctx UNUSED, struct net_sock *sock, const uint8_t *bytes, size_t len)
{
    say_bytes(sock, true, bytes, len);
}

static void on_gone(void *ctx, struct net_sock *sock)
{
    ASSERT(net_sock_data(sock) == ctx);
    atomic_fetch_add(&((struct world *)ctx)->gone, 1);
}

static void on_turn(void *ctx, int reactor UNUSED)
{
    atomic_fetch_add(&((struct world *)ctx)->turns, 1);
}

static void on_ticked(void *ctx, int reactor UNUSED, int64_t now_ms UNUSED)
{
    atomic_fetch_add(&((struct world *)ctx)->ticks, 1);
}

/* ---- starting and ending; a test changes world->options before world_start ---- */

static int world_make(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    world->handler = (struct net_sock_handler){.open = on_open,
                                               .text = on_text,
                                               .binary = on_binary,
                                               .arrived = on_arrived,
                                               .gone = on_gone,
                                               .turn = on_turn,
                                               .tick = on_ticked,
                                               .tick_ms = 50,
                                               .text_max = 1 << 20,
                                               .binary_max = 1 << 20,
                                               .ctx = world};
    world->options = (struct net_options){.listen = "127.0.0.1:0",
                                          .reactors = REACTORS,
                                          .connections_max = 1000,
                                          .connections_per_address = 500,
                                          .head_ms = 10000,
                                          .body_ms = 10000,
                                          .idle_ms = 30000,
                                          .body_max = API_BODY_MAX,
                                          .sock = &world->handler};
    crypto_start();
    fake.first = NULL;
    fake.end = &fake.first;
    fake.stop = false;
    atomic_store(&fake.seen, 0);
    pthread_create(&fake.thread, NULL, fake_run, NULL);
    *state = world;
    return 0;
}

static void world_start(struct world *world)
{
    char why[256] = "";
    enum err err = net_start(&world->options, &world->net, why);
    if (err != OK) {
        fail_msg("net_start: %s", why);
    }
    world->port = net_port(world->net);
}

static int world_end(void **state)
{
    struct world *world = *state;
    pthread_mutex_lock(&fake.lock);
    fake.stop = true;
    struct api_request *held = fake.held;
    fake.held = NULL;
    pthread_cond_signal(&fake.more);
    pthread_mutex_unlock(&fake.lock);
    if (held) {
        fake_answer(held);
    }
    net_free(world->net);
    pthread_join(fake.thread, NULL);
    assert_int_equal(atomic_load(&world->opened), atomic_load(&world->gone));
    free(world);
    return 0;
}

#endif
