#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "live/live.h"

/*
 * Several reactors as real threads, a store that answers on a thread of its own, and
 * events from outside at any time: for the thread sanitizer, and for hangs.
 */
enum { REACTORS = 3, SOCKS = 256, ALIVE = 72, ROOMS = 5, STORED = 1000, TURNS_MAX = 4096 };

struct live_frame {
    int refs; /* plain: a frame stays on its reactor, or the sanitizer complains */
    uint8_t bytes[];
};

struct live_sock {
    struct live_peer *peer;
    bool closed;
    size_t got;
};

struct turn {
    void (*fn)(void *arg);
    void *arg;
    struct live_peer *mover;
    struct live_sock *sock;
};

static struct live *live;
static struct box {
    pthread_mutex_t lock;
    struct turn turns[TURNS_MAX];
    size_t count;
    struct live_sock *socks[SOCKS]; /* the thread's own */
} boxes[REACTORS];
static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t store_more = PTHREAD_COND_INITIALIZER;
static struct live_ask *asks;
static bool store_ends;
static atomic_int running, stored, alive, people; /* who comes has an account of a pair */

static struct live_frame *frame_new(void *ctx, struct live_frame *before, bool binary, size_t len,
                                    uint8_t **ret_payload)
{
    struct live_frame *frame = malloc(sizeof(*frame) + len);
    (void)ctx, (void)before;
    (void)binary;
    frame->refs = 1;
    *ret_payload = frame->bytes;
    return frame;
}

static void frame_drop(void *ctx, struct live_frame *frame)
{
    (void)ctx;
    if (frame && --frame->refs == 0) {
        free(frame);
    }
}

static void sock_send(void *ctx, struct live_sock *sock, struct live_frame *frame)
{
    (void)ctx;
    sock->got++;
    frame->refs++; /* written at once, as it were */
    frame_drop(ctx, frame);
}

static size_t sock_queued(void *ctx, const struct live_sock *sock)
{
    (void)ctx;
    (void)sock;
    return 0;
}

static void sock_close(void *ctx, struct live_sock *sock, int code, const char *reason)
{
    (void)ctx;
    (void)code;
    (void)reason;
    sock->closed = true;
}

static void sock_attach(void *ctx, struct live_sock *sock, struct live_peer *peer)
{
    (void)ctx;
    sock->peer = peer;
}

static enum err put(int reactor, struct turn one)
{
    struct box *box = &boxes[reactor];
    pthread_mutex_lock(&box->lock);
    bool full = box->count == TURNS_MAX;
    if (!full) {
        box->turns[box->count++] = one;
    }
    pthread_mutex_unlock(&box->lock);
    return full ? ERR_BUSY : OK;
}

static void sock_move(void *ctx, struct live_sock *sock, int reactor, struct live_peer *peer)
{
    const pthread_key_t *self = ctx;
    struct box *mine = &boxes[(intptr_t)pthread_getspecific(*self) - 1];
    for (int i = 0; i < SOCKS; i++) {
        mine->socks[i] = mine->socks[i] == sock ? NULL : mine->socks[i];
    }
    assert_int_equal(put(reactor, (struct turn){.mover = peer, .sock = sock}), OK);
}

static enum err post(void *ctx, int reactor, void (*fn)(void *arg), void *arg)
{
    (void)ctx;
    return put(reactor, (struct turn){.fn = fn, .arg = arg});
}

/* Turned by the ticks of the first reactor: a minute's absence is over soon. */
static _Atomic int64_t clock_ms = 1000000;

static int64_t now_ms(void *ctx, int reactor)
{
    (void)ctx;
    (void)reactor;
    return atomic_load(&clock_ms);
}

static int64_t steady_ms(void *ctx)
{
    (void)ctx;
    return atomic_load(&clock_ms);
}

static const char *sentence(const char *language, const char *code)
{
    (void)language;
    return code;
}

/* ---- a store that says yes ---- */

static enum err ask(void *ctx, struct live_ask *one)
{
    (void)ctx;
    pthread_mutex_lock(&store_lock);
    struct live_ask **end = &asks;
    while (*end) {
        end = &(*end)->next;
    }
    one->next = NULL;
    *end = one;
    pthread_cond_signal(&store_more);
    pthread_mutex_unlock(&store_lock);
    return OK;
}

static struct live_facts facts_of(const char *room)
{
    return (struct live_facts){.id = 1 + room[4] - 'a',
                               .capacity = 12,
                               .public_id = room,
                               .name = "room",
                               .topic = "",
                               .scene = "cafe",
                               .language = "en",
                               .visibility = "public"};
}

static void *answer_of(struct live_ask *one, size_t size)
{
    void *out = arena_alloc(one->arena, size);
    one->out = out;
    return out;
}

static void admit(struct live_ask *one)
{
    const struct live_admit_in *in = &one->in.admit;
    struct live_admit_out *out = answer_of(one, sizeof(*out));
    out->room = facts_of(in->room);
    for (size_t i = 0; i < in->entrants_count; i++) {
        int64_t id = in->entrants[i].account_id;
        out->verdicts[i] = (struct live_verdict){
            .account_id = id,
            .role = "member",
            .face.name = "name",
            .face.avatar = "mia",
            .face.id = arena_printf(one->arena, "account%lld", (long long)id)};
    }
}

static void save(struct live_ask *one)
{
    const struct live_save_in *in = &one->in.save;
    struct live_save_out *out = answer_of(one, sizeof(*out));
    for (size_t i = 0; i < in->says_count; i++) {
        out->stored[i].seq = in->says[i].seq;
        atomic_fetch_add(&stored, 1);
    }
}

/* Everybody is a friend of everybody who was made a while before or after. */
static void know(struct live_ask *one)
{
    enum { FRIENDS = 64 };
    const struct live_know_in *in = &one->in.know;
    struct live_know_out *out = answer_of(one, sizeof(*out));
    for (size_t i = 0; i < in->count; i++) {
        int64_t *ids = arena_alloc(one->arena, FRIENDS * sizeof(*ids));
        for (int64_t k = 0; k < FRIENDS; k++) {
            ids[k] = in->ids[i] - FRIENDS / 2 + k;
        }
        out->known[out->count++] = (struct live_known){.account_id = in->ids[i],
                                                       .public_id = "account",
                                                       .visible = true,
                                                       .friend_ids = ids,
                                                       .friends_count = FRIENDS};
    }
}

static void fill(struct live_ask *one)
{
    if (one->kind == LIVE_LOAD) {
        ((struct live_load_out *)answer_of(one, sizeof(struct live_load_out)))->room =
            facts_of(one->in.load.room);
    } else if (one->kind == LIVE_ADMIT) {
        admit(one);
    } else if (one->kind == LIVE_SAVE) {
        save(one);
    } else if (one->kind == LIVE_KNOW) {
        know(one);
    } else {
        answer_of(one, sizeof(struct live_said_out));
    }
}

static void *store_thread(void *arg)
{
    pthread_mutex_lock(&store_lock);
    while (!store_ends || asks) {
        struct live_ask *one = asks;
        if (!one) {
            pthread_cond_wait(&store_more, &store_lock);
            continue;
        }
        asks = one->next;
        pthread_mutex_unlock(&store_lock);
        fill(one);
        live_answer(one);
        pthread_mutex_lock(&store_lock);
    }
    pthread_mutex_unlock(&store_lock);
    return arg;
}

/* ---- reactors ---- */

static pthread_key_t self_key;

PRINTF(2, 3) static void text(struct live_sock *sock, const char *format, ...)
{
    char message[160];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    if (sock->peer && !sock->closed) {
        live_text(sock->peer, message, (size_t)len);
    }
}

static void adopt(struct box *box, struct live_sock *sock)
{
    for (int i = 0; i < SOCKS; i++) {
        if (!box->socks[i]) {
            box->socks[i] = sock;
            return;
        }
    }
}

static void open_one(int reactor, unsigned account)
{
    struct live_sock *sock = calloc(1, sizeof(*sock));
    struct actor actor = {.id = account, .session_id = account, .language = "en", .name = "name"};
    atomic_fetch_add(&alive, 1);
    adopt(&boxes[reactor], sock);
    live_open(live, sock, reactor, &actor, account % 2 ? "roomb" : "");
}

static void bury(struct live_sock **slot)
{
    struct live_sock *sock = *slot;
    *slot = NULL;
    atomic_fetch_sub(&alive, 1);
    if (sock->peer) {
        live_gone(sock->peer);
    }
    free(sock);
}

static void take_mail(int reactor)
{
    struct box *box = &boxes[reactor];
    pthread_mutex_lock(&box->lock);
    size_t count = box->count;
    struct turn *turns = malloc((count + 1) * sizeof(*turns));
    memcpy(turns, box->turns, count * sizeof(*turns));
    box->count = 0;
    pthread_mutex_unlock(&box->lock);
    for (size_t i = 0; i < count; i++) {
        if (turns[i].mover) {
            adopt(box, turns[i].sock);
            live_arrived(turns[i].mover, turns[i].sock);
        } else {
            turns[i].fn(turns[i].arg);
        }
    }
    free(turns);
}

static void act(struct live_sock **slot, struct rng *rng)
{
    struct live_sock *sock = *slot;
    unsigned what = (unsigned)(rng_next(rng) % 24), a = (unsigned)(rng_next(rng) % ROOMS);
    uint8_t move[7] = {1, (uint8_t)a, 0, 0, 2, (uint8_t)what, 1};
    if (sock->closed || what == 0) {
        bury(slot);
    } else if (what < 4) {
        text(sock, "{\"t\":\"enter\",\"room\":\"room%c\"}", 'a' + (char)a);
    } else if (what < 12) {
        text(sock, "{\"t\":\"say\",\"cid\":\"c%u\",\"text\":\"x%u\"}",
             (unsigned)(rng_next(rng) % 100000), a);
    } else if (what < 14) {
        text(sock, "{\"t\":\"sit\",\"seat\":%u}", a + 1);
    } else if (what < 15) {
        text(sock, "{\"t\":\"leave\"}");
    } else if (sock->peer) {
        live_binary(sock->peer, move, sizeof(move));
    }
}

static void *reactor_thread(void *arg)
{
    int reactor = (int)(intptr_t)arg;
    struct box *box = &boxes[reactor];
    struct rng rng = {(uint64_t)reactor + 42};
    pthread_setspecific(self_key, (void *)(intptr_t)(reactor + 1));
    for (unsigned turn = 0; atomic_load(&stored) < STORED; turn++) {
        take_mail(reactor);
        for (int i = 0; i < SOCKS; i++) {
            if (box->socks[i] && rng_next(&rng) % 3 == 0) {
                act(&box->socks[i], &rng);
            } else if (!box->socks[i] && atomic_load(&alive) < ALIVE) {
                open_one(reactor, (unsigned)atomic_fetch_add(&people, 1) / 2 + 1);
            }
        }
        live_turn(live, reactor);
        if (turn % 10 == 0) {
            atomic_fetch_add(&clock_ms, reactor == 0 ? LIVE_TICK_MS : 0);
            live_tick(live, reactor);
        }
    }
    atomic_fetch_sub(&running, 1);
    while (atomic_load(&running) > 0) { /* sockets on their way here still have to arrive */
        const struct timespec look = {.tv_nsec = 1000000};
        take_mail(reactor);
        live_turn(live, reactor);
        nanosleep(&look, NULL);
    }
    return NULL;
}

static void disturb(struct arena *arena, struct rng *rng)
{
    static const enum event_kind kinds[] = {
        EVENT_TELL,          EVENT_SESSION_ENDED,   EVENT_CONTACT_CHANGED,
        EVENT_ACCOUNT_ENDED, EVENT_ACCOUNT_CHANGED, EVENT_ROOM_CHANGED,
        EVENT_ROOM_REMOVED,  EVENT_PARTED};
    const struct timespec pause = {.tv_nsec = 1000000};
    struct event event = {.kind = kinds[rng_next(rng) % COUNT(kinds)],
                          .account_id =
                              MAX(1 + atomic_load(&people) / 2 - (int64_t)(rng_next(rng) % 12),
                                  1), /* on a slow machine there are few yet */
                          .id = 1 + (int64_t)(rng_next(rng) % ROOMS),
                          .json = "{\"t\":\"note\"}"};
    const struct presence_room *rooms = NULL;
    size_t count = 0;
    live_event(live, &event);
    arena_reset(arena);
    live_presence(live, arena, &rooms, &count);
    bool online = false;
    live_online(live, &event.account_id, 1, &online);
    assert_true(count <= ROOMS);
    nanosleep(&pause, NULL);
}

static void reactors_share_nothing_they_should_not(void **state)
{
    pthread_t reactors[REACTORS], store;
    struct rng rng = {7};
    (void)state;
    pthread_key_create(&self_key, NULL);
    const struct live_options options = {.link = {frame_new, frame_drop, sock_send, sock_queued,
                                                  sock_close, sock_attach, sock_move, post, now_ms,
                                                  steady_ms, steady_ms, &self_key},
                                         .ask = ask,
                                         .sentence = sentence,
                                         .reactors = REACTORS,
                                         .history = true,
                                         .limit_scale = 1000};
    live = live_new(&options);
    atomic_store(&running, REACTORS);
    pthread_create(&store, NULL, store_thread, NULL);
    for (intptr_t i = 0; i < REACTORS; i++) {
        pthread_mutex_init(&boxes[i].lock, NULL);
    }
    for (intptr_t i = 0; i < REACTORS; i++) {
        pthread_create(&reactors[i], NULL, reactor_thread, (void *)i);
    }
    struct arena *arena = arena_new(1 << 20);
    while (atomic_load(&running) > 0) {
        disturb(arena, &rng);
    }
    live_drain(live);
    arena_free(arena);
    for (int i = 0; i < REACTORS; i++) {
        pthread_join(reactors[i], NULL);
    }
    pthread_mutex_lock(&store_lock);
    store_ends = true;
    pthread_cond_signal(&store_more);
    pthread_mutex_unlock(&store_lock);
    pthread_join(store, NULL);
    for (int r = 0; r < REACTORS; r++) {
        take_mail(r);
        for (int i = 0; i < SOCKS; i++) {
            if (boxes[r].socks[i]) {
                bury(&boxes[r].socks[i]);
            }
        }
    }
    live_free(live);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reactors_share_nothing_they_should_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
