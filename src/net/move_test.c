#include "net/testing_client.h"

/* Sockets on the way: between reactors, to the end of the server; posts. */

static void a_socket_moves_and_loses_nothing(void **state)
{
    enum { MOVES = 200 };
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    size_t cap = MOVES * 64;
    uint8_t *bytes = malloc(cap);
    size_t len = 0;
    for (int i = 0; i < MOVES; i++) { /* all at once: unread bytes travel with it */
        char text[32];
        snprintf(text, sizeof(text), "move %d", i % 2);
        len += frame_bytes(bytes + len, 0x81, text, strlen(text));
        snprintf(text, sizeof(text), "line %d", i);
        len += frame_bytes(bytes + len, 0x81, text, strlen(text));
    }
    put_bytes(fd, bytes, len);
    for (int i = 0; i < MOVES; i++) {
        char text[32];
        assert_true(hears(fd, "leaving"));
        snprintf(text, sizeof(text), "arrived %d", i % 2);
        assert_true(hears(fd, text));
        snprintf(text, sizeof(text), "line %d", i);
        assert_true(hears(fd, text));
    }
    free(bytes);
    close(fd);
}

static void a_move_takes_queued_and_half_read_bytes_along(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    uint8_t bytes[256];
    size_t len = frame_bytes(bytes, 0x01, "half of ", 8);
    len += frame_bytes(bytes + len, 0x89, "x", 1);
    put_bytes(fd, bytes, len);
    assert_int_equal(get_frame(fd), WS_OP_PONG);
    put_frame(fd, 0x80, "it", 2);
    assert_true(hears(fd, "half of it"));
    put_order(fd, "burst 3 300000"); /* still queued when it moves */
    len = frame_bytes(bytes, 0x81, "move 1", 6);
    len += frame_bytes(bytes + len, 0x81, "move 0", 6);
    len += frame_bytes(bytes + len, 0x01, "begun ", 6);
    put_bytes(fd, bytes, len);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(get_frame(fd), WS_OP_TEXT);
        assert_int_equal(got.len, 300000);
    }
    assert_true(hears(fd, "leaving") && hears(fd, "arrived 1"));
    assert_true(hears(fd, "leaving") && hears(fd, "arrived 0"));
    put_frame(fd, 0x80, "there", 5);
    assert_true(hears(fd, "begun there"));
    close(fd);
}

/* Not one byte more fits, then we ask whether it still lives, and then it wants to move. */
static void a_socket_that_is_full_to_the_brim_moves_and_is_cut_off(void **state)
{
    enum { IDLE_MS = 3000, BRIMS = 12, TICK_MS = 50 };
    struct world *world = *state;
    world->options.idle_ms = IDLE_MS;
    world_start(world);
    int fd = dial_sock(world);
    for (int i = 0; i < BRIMS; i++) {
        int turns = atomic_load(&world->turns);
        put_order(fd, "brim"); /* until the kernel takes no more of it, either */
        WAIT_FOR(atomic_load(&world->turns) > turns + 2);
    }
    int ticks = atomic_load(&world->ticks);
    WAIT_FOR(atomic_load(&world->ticks) > ticks + REACTORS * (IDLE_MS * 3 / 4 / TICK_MS));
    put_order(fd, "move 1");
    WAIT_FOR(atomic_load(&world->gone) == 1);
    close(fd);
}

/* Orders without looking at what comes, until the server ends it. */
static void *move_about(void *arg)
{
    char bytes[4096];
    int fd = (int)(intptr_t)arg; /* dialled before: the server may stop at any moment now */
    do {
        put_order(fd, "move 1");
        put_order(fd, "burst 3 100");
        put_order(fd, "move 0");
    } while (get_some(fd, bytes, sizeof(bytes)) > 0);
    close(fd);
    return NULL;
}

static void sockets_move_under_load_and_while_the_server_stops(void **state)
{
    enum { MOVERS = 8, MOVES = 3000 };
    struct world *world = *state;
    pthread_t movers[MOVERS];
    int fds[MOVERS];
    world_start(world);
    for (int i = 0; i < MOVERS; i++) {
        fds[i] = dial_sock(world);
    }
    for (int i = 0; i < MOVERS; i++) {
        pthread_create(&movers[i], NULL, move_about, (void *)(intptr_t)fds[i]);
    }
    WAIT_FOR(atomic_load(&world->arrived) > MOVES);
    net_free(world->net);
    world->net = NULL;
    for (int i = 0; i < MOVERS; i++) {
        pthread_join(movers[i], NULL);
    }
    assert_int_equal(atomic_load(&world->gone), MOVERS);
}

static void stopping_closes_every_socket_with_1001(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fds[20];
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = dial_sock(world);
    }
    net_free(world->net);
    world->net = NULL;
    assert_int_equal(atomic_load(&world->gone), COUNT(fds));
    for (size_t i = 0; i < COUNT(fds); i++) {
        assert_true(closes_with(fds[i], WS_CLOSE_AWAY));
        close(fds[i]);
    }
}

static void count_up(void *arg)
{
    atomic_fetch_add((_Atomic int *)arg, 1);
}

static void posts_run_on_the_reactor_and_the_mailbox_is_bounded(void **state)
{
    struct world *world = *state;
    _Atomic int ran = 0;
    int posted = 0;
    world_start(world);
    for (int i = 0; i < 100000; i++) {
        posted += net_post(world->net, i % REACTORS, count_up, &ran) == OK;
    }
    WAIT_FOR(atomic_load(&ran) == posted);
    WAIT_FOR(atomic_load(&world->ticks) > 2);
    assert_true(atomic_load(&world->turns) > 0);
    int64_t now_ms = net_now_ms(world->net, 0);
    assert_true(now_ms > 1700000000000);
}

/* A worker may answer somebody's question after the last thread of the network has ended. */
static void what_is_posted_after_the_threads_ended_hurts_nobody(void **state)
{
    struct world *world = *state;
    _Atomic int ran = 0;
    world_start(world);
    net_stop(world->net);
    for (int i = 0; i < REACTORS; i++) {
        assert_int_equal(net_post(world->net, i, count_up, &ran), OK);
    }
    net_stop(world->net);
    net_free(world->net);
    world->net = NULL;
    assert_int_equal(atomic_load(&ran), 0);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(a_socket_moves_and_loses_nothing),
        NET_TEST(a_move_takes_queued_and_half_read_bytes_along),
        NET_TEST(a_socket_that_is_full_to_the_brim_moves_and_is_cut_off),
        NET_TEST(sockets_move_under_load_and_while_the_server_stops),
        NET_TEST(stopping_closes_every_socket_with_1001),
        NET_TEST(posts_run_on_the_reactor_and_the_mailbox_is_bounded),
        NET_TEST(what_is_posted_after_the_threads_ended_hurts_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
