#include "base/heap.h"
#include "net/testing_client.h"

/*
 * Connections without memory: each step of a visit is refused its first piece, then the second,
 * and so on, once and for a while.  The connection ends or is answered; the next visitor
 * notices nothing.
 */
enum { PIECES_MAX = 500, LONG = 8, BODY = 70 * 1024 };

static const char large_head[] =
    "POST /api/files HTTP/1.1\r\nHost: h\r\nContent-Type: image/png\r\n"
    "Expect: 100-continue\r\nContent-Length: 71680\r\n\r\n";

/* Given in two pieces, so that the first is kept. */
static void put_twice(int fd, const char *text, size_t len)
{
    put_bytes(fd, text, len / 2);
    (void)poll(NULL, 0, 1);
    put_bytes(fd, text + len / 2, len - len / 2);
}

static bool asks(const struct world *world)
{
    static const char text[] = "POST /api/echo HTTP/1.1\r\nHost: h\r\nX-Bauta: 1\r\n"
                               "Content-Length: 6\r\n\r\nabcdef";
    int fd = dial(world);
    put_twice(fd, text, sizeof(text) - 1);
    bool good = get_reply(fd, false) && reply.status == 200 && strcmp(reply.body, "abcdef") == 0;
    if (good) {
        put_text(fd, "GET /api/big?9000 HTTP/1.1\r\nHost: h\r\n\r\n");
        good = get_reply(fd, false) && reply.body_len == 9000;
    }
    close(fd);
    return good;
}

static bool uploads(const struct world *world)
{
    static char body[BODY];
    int fd = dial(world);
    put_text(fd, large_head);
    bool good = get_reply(fd, true) && reply.status == 100;
    if (good) {
        put_twice(fd, body, sizeof(body));
        good = get_reply(fd, false) && reply.status == 200;
    }
    close(fd);
    return good;
}

static bool talks(const struct world *world)
{
    int fd = dial(world);
    put_text(fd, HANDSHAKE("/api/live?room=r", ""));
    bool good = get_reply(fd, true) && reply.status == 101;
    if (good) {
        put_frame(fd, 0x01, "on", 2);
        put_frame(fd, 0x80, "e", 1);
        good = hears(fd, "one");
    }
    if (good) {
        put_frame(fd, 0x89, "p", 1);
        good = get_frame(fd) == WS_OP_PONG;
    }
    for (int reactor = 1; good && reactor >= 0; reactor--) {
        char order[16], text[16];
        snprintf(order, sizeof(order), "move %d", reactor);
        snprintf(text, sizeof(text), "arrived %d", reactor);
        put_order(fd, order);
        do {
            good = get_frame(fd) == WS_OP_TEXT;
        } while (good && strcmp((char *)got.bytes, "leaving") == 0);
        good = good && strcmp((char *)got.bytes, text) == 0;
    }
    if (good) {
        put_order(fd, "burst 30 2000");
        for (int i = 0; good && i < 30; i++) {
            good = get_frame(fd) == WS_OP_TEXT;
        }
    }
    if (good) {
        put_order(fd, "close 1000 bye");
        good = get_frame(fd) == WS_OP_CLOSE;
    }
    close(fd);
    return good;
}

static bool goes_elsewhere_at_once(const struct world *world)
{
    int fd = dial(world);
    put_text(fd, HANDSHAKE("/api/live?room=elsewhere", ""));
    bool good = get_reply(fd, true) && reply.status == 101;
    good = good && get_frame(fd) == WS_OP_TEXT && strncmp((char *)got.bytes, "arrived", 7) == 0;
    if (good) {
        put_order(fd, "close 1000 bye");
        good = get_frame(fd) == WS_OP_CLOSE;
    }
    close(fd);
    return good;
}

static bool nobody_is_left(const struct world *world)
{
    struct net_stats stats;
    net_stats(world->net, &stats);
    return stats.connections == 0 && stats.sockets == 0;
}

static void without_memory_a_connection_ends_and_the_next_is_served(void **state)
{
    static bool (*const visits[])(const struct world *world) = {asks, uploads, talks,
                                                                goes_elsewhere_at_once};
    struct world *world = *state;
    int pieces = 0;
    world_start(world);
    for (size_t i = 0; i < COUNT(visits); i++) {
        for (int times = 1; times <= LONG; times += LONG - 1) {
            uint64_t nth = 1, refused = 1;
            for (; refused > 0; nth++) {
                assert_true(nth < PIECES_MAX);
                heap_fail_at(nth, (uint64_t)times);
                bool good = visits[i](world);
                refused = heap_fail_at(0, 0);
                assert_true(good || refused > 0);
                assert_true(visits[i](world));
                WAIT_FOR(nobody_is_left(world));
            }
            pieces += (int)nth - 2;
        }
    }
    print_message("# %d pieces refused\n", pieces);
    assert_true(pieces > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_memory_a_connection_ends_and_the_next_is_served,
                                        world_make, world_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
