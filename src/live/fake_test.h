#ifndef LIVE_FAKE_TEST_H
#define LIVE_FAKE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "live/live.h"

/*
 * A world without network and store for the tests of this folder: one thread plays
 * all reactors, sockets keep what they were sent, and a small table plays the rooms
 * feature.  Time stands still until the test turns it.
 */
enum {
    FAKE_SOCKS = 64,
    FAKE_ACCOUNTS = 320,
    FAKE_GOT = 4096,
    FAKE_LINES = 20000,
    FAKE_ROOMS = 4,
    FAKE_POSTS = 4096
};

struct live_frame {
    int refs;
    bool binary;
    size_t len;
    uint8_t bytes[];
};

struct fake;

struct live_sock {
    struct fake *fake;
    struct live_peer *peer;
    int account, reactor, code; /* code: closed with */
    bool open;
    size_t queued;
    struct live_frame *got[FAKE_GOT];
    size_t count, seen;
};

struct fake_line {
    int room;
    int64_t seq, at_ms, sender;
    char client_id[33];
    char text[64];
};

struct fake_room {
    char id[PUBLIC_ID_LEN + 1];
    int64_t owner, capacity;
    const char *visibility, *topic; /* topic: NULL for none */
    bool ended;
};

struct fake {
    struct live *live;
    int reactors;
    int64_t now_ms, set_ms; /* since the machine began; what its clock on the wall shows beyond */
    struct live_sock socks[FAKE_SOCKS];
    struct fake_room rooms[FAKE_ROOMS];
    struct fake_line lines[FAKE_LINES];
    size_t lines_count;
    bool hides[FAKE_ACCOUNTS][FAKE_ACCOUNTS]; /* by account: viewer, subject */
    bool removed[FAKE_ROOMS][FAKE_ACCOUNTS];
    int64_t session_id, session_ends_ms; /* of the sockets that come; 0: one that never ends */
    bool long_names;                     /* everybody's is as long as can be */
    const char *avatar;                  /* what people wear who are asked for; NULL: mia */
    const char *look;                    /* and the id of what they look like */
    bool friendly, invisible[FAKE_ACCOUNTS];
    size_t knows; /* questions who may know that somebody came or went */
    enum err know_err;
    struct live_ask *asks;
    bool refuse_asks;   /* ask() says ERR_BUSY */
    enum err save_err;  /* what storing says */
    int64_t bad_sender; /* storing a batch with a line of theirs fails */
    struct {
        void (*fn)(void *arg);
        void *arg;
    } posts[FAKE_POSTS];
    size_t posts_count;
    bool lose_posts;
    struct {
        struct live_sock *sock;
        int reactor;
        struct live_peer *peer;
        bool dies;
    } moves[FAKE_SOCKS];
    size_t moves_count;
    int frames; /* alive */
};

UNUSED static struct live_frame *fake_frame(void *ctx, struct live_frame *before, bool binary,
                                            size_t len, uint8_t **ret_payload)
{
    (void)before; /* no room: each is one of its own */
    struct live_frame *frame = heap_new(sizeof(*frame) + len);
    if (!frame) {
        return NULL;
    }
    frame->refs = 1;
    frame->binary = binary;
    frame->len = len;
    *ret_payload = frame->bytes;
    ((struct fake *)ctx)->frames++;
    return frame;
}

UNUSED static void fake_drop(void *ctx, struct live_frame *frame)
{
    if (frame && --frame->refs == 0) {
        ((struct fake *)ctx)->frames--;
        free(frame);
    }
}

UNUSED static void fake_send(void *ctx, struct live_sock *sock, struct live_frame *frame)
{
    (void)ctx;
    assert_true(sock->open);
    assert_true(sock->count < FAKE_GOT);
    frame->refs++;
    sock->got[sock->count++] = frame;
}

UNUSED static size_t fake_queued(void *ctx, const struct live_sock *sock)
{
    (void)ctx;
    return sock->queued;
}

UNUSED static void fake_close(void *ctx, struct live_sock *sock, int code, const char *reason)
{
    (void)ctx;
    (void)reason;
    assert_true(sock->open);
    sock->open = false;
    sock->code = code;
}

UNUSED static void fake_attach(void *ctx, struct live_sock *sock, struct live_peer *peer)
{
    (void)ctx;
    sock->peer = peer;
}

UNUSED static void fake_move(void *ctx, struct live_sock *sock, int reactor, struct live_peer *peer)
{
    struct fake *fake = ctx;
    fake->moves[fake->moves_count].sock = sock;
    fake->moves[fake->moves_count].reactor = reactor;
    fake->moves[fake->moves_count].dies = false;
    fake->moves[fake->moves_count++].peer = peer;
    sock->peer = NULL;
}

UNUSED static enum err fake_post(void *ctx, int reactor, void (*fn)(void *arg), void *arg)
{
    struct fake *fake = ctx;
    (void)reactor;
    if (fake->lose_posts || fake->posts_count == FAKE_POSTS) {
        return ERR_BUSY;
    }
    fake->posts[fake->posts_count].fn = fn;
    fake->posts[fake->posts_count++].arg = arg;
    return OK;
}

UNUSED static int64_t fake_now(void *ctx, int reactor)
{
    (void)reactor;
    const struct fake *fake = ctx;
    return fake->now_ms + fake->set_ms;
}

UNUSED static int64_t fake_steady(void *ctx)
{
    return ((struct fake *)ctx)->now_ms;
}

UNUSED static int64_t fake_wall(void *ctx)
{
    return fake_now(ctx, 0);
}

UNUSED static const char *fake_sentence(const char *language, const char *code)
{
    (void)language;
    return code;
}

UNUSED static enum err fake_ask(void *ctx, struct live_ask *ask)
{
    struct fake *fake = ctx;
    if (fake->refuse_asks) {
        return ERR_BUSY;
    }
    struct live_ask **end = &fake->asks;
    while (*end) {
        end = &(*end)->next;
    }
    ask->next = NULL;
    *end = ask;
    return OK;
}

#include "live/fake_store_test.h"

UNUSED static bool fake_post_one(struct fake *fake)
{
    if (fake->posts_count == 0) {
        return false;
    }
    void (*fn)(void *arg) = fake->posts[0].fn;
    void *arg = fake->posts[0].arg;
    memmove(fake->posts, fake->posts + 1, --fake->posts_count * sizeof(fake->posts[0]));
    fn(arg);
    return true;
}

UNUSED static bool fake_move_one(struct fake *fake)
{
    if (fake->moves_count == 0) {
        return false;
    }
    struct live_sock *sock = fake->moves[0].sock;
    struct live_peer *peer = fake->moves[0].peer;
    bool dies = fake->moves[0].dies;
    sock->reactor = fake->moves[0].reactor;
    memmove(fake->moves, fake->moves + 1, --fake->moves_count * sizeof(fake->moves[0]));
    if (dies) {
        sock->open = false;
    }
    live_arrived(peer, dies ? NULL : sock);
    return true;
}

UNUSED static void fake_turn(struct fake *fake)
{
    for (int i = 0; i < fake->reactors; i++) {
        live_turn(fake->live, i);
    }
}

/* Closed sockets hear their last word. */
UNUSED static void fake_bury(struct fake *fake)
{
    for (int i = 0; i < FAKE_SOCKS; i++) {
        struct live_sock *sock = &fake->socks[i];
        if (!sock->open && sock->peer) {
            struct live_peer *peer = sock->peer;
            sock->peer = NULL;
            live_gone(peer);
        }
    }
}

/* Until nothing is under way. */
UNUSED static void fake_run(struct fake *fake)
{
    do {
        fake_turn(fake);
        fake_bury(fake);
    } while (fake_move_one(fake) || fake_post_one(fake) || fake_answer(fake));
}

UNUSED static void fake_tick(struct fake *fake, int64_t ms)
{
    for (int64_t end = fake->now_ms + ms; fake->now_ms < end;) {
        fake->now_ms += LIVE_TICK_MS;
        for (int i = 0; i < fake->reactors; i++) {
            live_tick(fake->live, i);
        }
        fake_run(fake);
    }
}

/* ---- what a test says ---- */

UNUSED static void fake_open(struct fake *fake, int sock, int account, const char *room)
{
    struct actor actor = {.id = account,
                          .session_id = fake->session_id ? fake->session_id : 1000 + account,
                          .session_ends_ms = fake->session_ends_ms,
                          .language = "en"};
    fake_public_id(account, actor.public_id);
    snprintf(actor.name, sizeof(actor.name), "account%d", account);
    struct live_sock *s = &fake->socks[sock];
    for (size_t i = 0; i < s->count; i++) {
        fake_drop(fake, s->got[i]);
    }
    *s = (struct live_sock){
        .fake = fake, .account = account, .open = true, .reactor = sock % fake->reactors};
    live_open(fake->live, s, s->reactor, &actor, room);
}

UNUSED static void fake_say(struct fake *fake, int sock, const char *format, ...)
{
    char text[LIVE_TEXT_MAX + 100];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    struct live_sock *s = &fake->socks[sock];
    if (s->open && s->peer) {
        live_text(s->peer, text, (size_t)len);
    }
}

UNUSED static void fake_at(struct fake *fake, int sock, double x, double z, int flags)
{
    struct live_sock *s = &fake->socks[sock];
    int16_t xi = (int16_t)(x * 256), zi = (int16_t)(z * 256);
    uint8_t bytes[7] = {1, (uint8_t)xi,   (uint8_t)(xi >> 8), (uint8_t)zi, (uint8_t)(zi >> 8),
                        0, (uint8_t)flags};
    if (s->open && s->peer) {
        live_binary(s->peer, bytes, sizeof(bytes));
    }
}

UNUSED static void fake_lose(struct fake *fake, int sock)
{
    struct live_sock *s = &fake->socks[sock];
    struct live_peer *peer = s->peer;
    s->open = false;
    s->peer = NULL;
    if (peer) {
        live_gone(peer);
    }
    (void)fake;
}

/* The first unseen text frame with type `t`; NULL when there is none.  Frames before it are seen.
 */
UNUSED static json_t *fake_next(struct fake *fake, int sock, const char *t)
{
    struct live_sock *s = &fake->socks[sock];
    for (size_t i = s->seen; i < s->count; i++) {
        json_error_t error;
        if (s->got[i]->binary) {
            continue;
        }
        json_t *json = json_loadb((const char *)s->got[i]->bytes, s->got[i]->len,
                                  JSON_REJECT_DUPLICATES, &error);
        assert_non_null(json);
        if (strcmp(json_string_value(json_object_get(json, "t")), t) == 0) {
            s->seen = i + 1;
            return json;
        }
        json_decref(json);
    }
    return NULL;
}

UNUSED static bool fake_heard(struct fake *fake, int sock, const char *t)
{
    json_t *json = fake_next(fake, sock, t);
    json_decref(json);
    return json != NULL;
}

/* True when the next message of that type has that text or number in that field. */
UNUSED static bool fake_heard_with(struct fake *fake, int sock, const char *t, const char *field,
                                   const char *value)
{
    json_t *json = fake_next(fake, sock, t);
    json_t *found = json ? json_object_get(json, field) : NULL;
    char number[32] = "";
    if (json_is_integer(found)) {
        snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(found));
    } else if (json_is_boolean(found)) {
        snprintf(number, sizeof(number), "%s", json_is_true(found) ? "true" : "false");
    }
    const char *text = json_is_string(found) ? json_string_value(found) : number;
    bool same = strcmp(text, value) == 0;
    if (!same) {
        fprintf(stderr, "%s.%s is \"%s\", wanted \"%s\"\n", t, field, text, value);
    }
    json_decref(json);
    return same;
}

/* The slot of who came next, to this one's knowledge. */
UNUSED static void fake_slot(struct fake *fake, int sock, char ret[8])
{
    json_t *joined = fake_next(fake, sock, "joined");
    const json_t *person = json_object_get(joined, "p");
    assert_true(json_is_false(json_object_get(person, "away")));
    snprintf(ret, 8, "%d", (int)json_integer_value(json_object_get(person, "slot")));
    json_decref(joined);
}

UNUSED static struct live_frame *fake_moves(struct fake *fake, int sock)
{
    struct live_sock *s = &fake->socks[sock];
    for (size_t i = s->seen; i < s->count; i++) {
        if (s->got[i]->binary) {
            s->seen = i + 1;
            return s->got[i];
        }
    }
    return NULL;
}

UNUSED static void fake_forget(struct fake *fake, int sock)
{
    fake->socks[sock].seen = fake->socks[sock].count;
}

/* A server begins; `scale`: every limit times this. */
UNUSED static void fake_start(struct fake *fake, int reactors, bool history, int64_t scale)
{
    const struct live_options options = {.link = {fake_frame, fake_drop, fake_send, fake_queued,
                                                  fake_close, fake_attach, fake_move, fake_post,
                                                  fake_now, fake_steady, fake_wall, fake},
                                         .ask = fake_ask,
                                         .ask_ctx = fake,
                                         .sentence = fake_sentence,
                                         .reactors = reactors,
                                         .history = history,
                                         .limit_scale = scale};
    fake->reactors = reactors;
    fake->live = live_new(&options);
}

UNUSED static struct fake *fake_new(int reactors, bool history)
{
    struct fake *fake = calloc(1, sizeof(*fake));
    fake->now_ms = 1000000;
    fake->set_ms = INT64_C(1795046400000); /* a midnight in 2026 */
    for (int i = 0; i < FAKE_ROOMS; i++) {
        snprintf(fake->rooms[i].id, sizeof(fake->rooms[i].id), "room%c", 'a' + i);
        fake->rooms[i].capacity = 25;
        fake->rooms[i].visibility = "public";
    }
    fake_start(fake, reactors, history, 1);
    return fake;
}

UNUSED static void fake_free(struct fake *fake)
{
    for (int i = 0; i < FAKE_SOCKS; i++) {
        fake_lose(fake, i);
        for (size_t f = 0; f < fake->socks[i].count; f++) {
            fake_drop(fake, fake->socks[i].got[f]);
        }
    }
    fake_run(fake);
    live_free(fake->live);
    assert_int_equal(fake->frames, 0);
    free(fake);
}

UNUSED static int setup(void **state)
{
    *state = fake_new(1, true);
    return 0;
}

UNUSED static int setup_two(void **state)
{
    *state = fake_new(2, true);
    return 0;
}

UNUSED static int teardown(void **state)
{
    fake_free(*state);
    return 0;
}

UNUSED static void fake_enter(struct fake *fake, int sock, int account, const char *room)
{
    fake_open(fake, sock, account, room);
    fake_run(fake);
}

#define IN_WORLD(test_) cmocka_unit_test_setup_teardown(test_, setup, teardown)
#define IN_TWO(test_) cmocka_unit_test_setup_teardown(test_, setup_two, teardown)

#endif
