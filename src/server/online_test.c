#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "features/people/friends/friends.h"
#include "live/live.h"
#include "tests/support/world.h"

/*
 * The whole way of "somebody came online": real store and feature, live in memory, sockets
 * that only count.  One thread plays the reactors.
 */
enum { FRIENDS = 5000, FIRST = 1000, REACTORS = 2, TICKS = 400, POSTS_MAX = 64 };

struct live_frame {
    int refs;
    uint8_t bytes[];
};
struct live_sock {
    struct live_peer *peer;
    size_t heard;
};

static struct world *world;
static struct live *live;
static struct live_ask *waiting;
static int64_t now_ms;
static size_t asked;
static struct {
    void (*fn)(void *arg);
    void *arg;
} posts[POSTS_MAX];
static size_t posts_count;
static atomic_bool is_answered;

static struct live_frame *frame_new(void *ctx UNUSED, struct live_frame *before UNUSED,
                                    bool binary UNUSED, size_t len, uint8_t **ret_payload)
{
    struct live_frame *frame = calloc(1, sizeof(*frame) + len + 1);
    assert_non_null(frame);
    frame->refs = 1;
    *ret_payload = frame->bytes;
    return frame;
}

static void frame_drop(void *ctx UNUSED, struct live_frame *frame)
{
    if (frame && --frame->refs == 0) {
        free(frame);
    }
}

static void sock_send(void *ctx UNUSED, struct live_sock *sock, struct live_frame *frame)
{
    sock->heard += strstr((const char *)frame->bytes, "\"presence\"") != NULL;
}

static size_t sock_queued(void *ctx UNUSED, const struct live_sock *sock UNUSED)
{
    return 0;
}

static void sock_close(void *ctx UNUSED, struct live_sock *sock UNUSED, int code UNUSED,
                       const char *reason UNUSED)
{
}

static void sock_attach(void *ctx UNUSED, struct live_sock *sock, struct live_peer *peer)
{
    sock->peer = peer;
}

static enum err post(void *ctx UNUSED, int reactor UNUSED, void (*fn)(void *arg), void *arg)
{
    assert_true(posts_count < POSTS_MAX);
    posts[posts_count].fn = fn;
    posts[posts_count++].arg = arg;
    return OK;
}

static int64_t clock_ms(void *ctx UNUSED, int reactor UNUSED)
{
    return now_ms;
}

static int64_t steady_ms(void *ctx UNUSED)
{
    return now_ms;
}

static enum err ask(void *ctx UNUSED, struct live_ask *one)
{
    assert_true(one->kind == LIVE_KNOW && !waiting);
    waiting = one;
    asked++;
    return OK;
}

static const char *sentence(const char *language UNUSED, const char *code)
{
    return code;
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct live_ask *one = owner;
    one->err = err;
    one->out = out;
    atomic_store(&is_answered, true);
}

/* The second statement would fail. */
static void answer(void)
{
    const struct timespec moment = {.tv_nsec = 100000};
    struct live_ask *one = waiting;
    const struct api_inner inner = {.route = &friends_known_route,
                                    .in = &one->in,
                                    .arena = one->arena,
                                    .owner = one,
                                    .done = answered};
    waiting = NULL;
    atomic_store(&is_answered, false);
    store_fail_at(world->store.store, 2, ERR_BROKEN);
    assert_int_equal(api_inner(world->api, &inner), OK);
    while (!atomic_load(&is_answered)) {
        nanosleep(&moment, NULL);
    }
    store_fail_at(world->store.store, 0, OK);
    assert_int_equal(one->err, OK);
    live_answer(one);
}

static void run(void)
{
    for (int i = 0; i < TICKS && (i < 60 || waiting || posts_count); i++) {
        now_ms += LIVE_TICK_MS;
        for (int r = 0; r < REACTORS; r++) {
            live_tick(live, r);
        }
        if (waiting) {
            answer();
        }
        for (size_t k = 0; k < posts_count; k++) {
            posts[k].fn(posts[k].arg);
        }
        posts_count = 0;
    }
}

static void open_sock(struct live_sock *sock, int64_t account, int reactor)
{
    struct actor actor = {.id = account, .session_id = account, .language = "en"};
    snprintf(actor.public_id, sizeof(actor.public_id), "p%d", (int)account);
    live_open(live, sock, reactor, &actor, "");
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void start(void)
{
    const struct live_options options = {
        .link = {.frame = frame_new,
                 .drop = frame_drop,
                 .send = sock_send,
                 .queued = sock_queued,
                 .close = sock_close,
                 .attach = sock_attach,
                 .post = post,
                 .now_ms = clock_ms,
                 .steady_ms = steady_ms,
                 .wall_ms = steady_ms},
        .ask = ask,
        .sentence = sentence,
        .reactors = REACTORS,
    };
    now_ms = 1000000;
    asked = posts_count = 0;
    live = live_new(&options);
}

static void somebody_with_five_thousand_friends_online_costs_one_statement(struct world *w)
{
    static struct live_sock socks[FRIENDS], own;
    memset(socks, 0, sizeof(socks));
    world = w;
    start();
    world_script(w, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                    " skeleton_version, key_id, country, age_band, role, state, language,"
                    " avatar, colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT"
                    " 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 5999) SELECT i, 'p' || i,"
                    " 'n' || i, 'n' || i, 'n' || i, '1', i, 'ID', '18', 'member', 'active', 'en',"
                    " 'mia', '[]', 0, 0 FROM n");
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                    " SELECT 1, id, 1 FROM account WHERE id >= 1000 UNION ALL"
                    " SELECT id, 1, 1 FROM account WHERE id >= 1000");
    for (int i = 0; i < FRIENDS; i++) {
        open_sock(&socks[i], FIRST + i, i % REACTORS);
    }
    run();
    /* A start with thousands of reconnects: a question for every 32 of them. */
    assert_int_equal(asked, (FRIENDS + LIVE_KNOW_MAX - 1) / LIVE_KNOW_MAX);
    asked = 0;
    double before = seconds();
    open_sock(&own, ANA, 0);
    run();
    double took = seconds() - before;
    assert_int_equal(asked, 1);
    for (int i = 0; i < FRIENDS; i++) {
        assert_int_equal(socks[i].heard, 1);
    }
    printf("# %d friends told with 1 statement, %.1f ms with the ticks between\n", FRIENDS,
           took * 1000);
    for (int i = 0; i < FRIENDS; i++) {
        live_gone(socks[i].peer);
    }
    live_gone(own.peer);
    live_free(live);
}

int main(void)
{
    extern const struct feature friends_feature;
    static const struct feature *const list[] = {&friends_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(somebody_with_five_thousand_friends_online_costs_one_statement)};
    const struct world_options options = {.features = list, .once = true};
    return world_run(&options, tests, COUNT(tests));
}
