#include "net/testing_client.h"

/* Time, numbers, proxies, starting and draining. */

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: h\r\n\r\n"
#define MORE "\r\nHost: h\r\n\r\n"

static void slow_heads_slow_bodies_and_idle_connections_end(void **state)
{
    struct world *world = *state;
    world->options.head_ms = world->options.body_ms = world->options.idle_ms = 300;
    world_start(world);
    int silent = dial(world);
    int head = dial(world);
    int body = dial(world);
    int idle = dial(world);
    put_text(head, "GET /api/x HTTP/1.1\r\nHost:");
    put_text(body, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nno");
    assert_int_equal(ask(idle, GET("/api/x")), 200);
    assert_true(at_end(silent));
    assert_true(get_reply(head, false));
    assert_int_equal(reply.status, 408);
    assert_true(at_end(head));
    assert_true(get_reply(body, false));
    assert_int_equal(reply.status, 408);
    assert_true(at_end(body));
    assert_true(at_end(idle));
    close(silent), close(head), close(body), close(idle);
    assert_int_equal(atomic_load(&fake.seen), 1);
}

static void a_byte_now_and_then_does_not_buy_time(void **state)
{
    struct world *world = *state;
    world->options.head_ms = 600;
    world_start(world);
    int fd = dial(world);
    put_text(fd, "GET /api/x HTTP/1.1\r\nX: ");
    int drops = 0;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    while (poll(&wait, 1, 50) == 0) { /* it drips until it is cut off */
        put_text(fd, "y");
        assert_true(++drops < 400);
    }
    assert_true(get_reply(fd, false));
    assert_int_equal(reply.status, 408);
    close(fd);
}

static void connections_are_limited_in_all_and_per_address(void **state)
{
    struct world *world = *state;
    world->options.connections_max = 5;
    world->options.connections_per_address = 3;
    world_start(world);
    int first[3];
    int second[2];
    for (int i = 0; i < 3; i++) {
        first[i] = dial(world);
        assert_int_equal(ask(first[i], GET("/api/x")), 200);
    }
    int over = dial(world);
    assert_true(get_reply(over, false));
    assert_int_equal(reply.status, 503);
    close(over);
    for (int i = 0; i < 2; i++) {
        second[i] = dial_from(world->port, "127.0.0.2");
        assert_int_equal(ask(second[i], GET("/api/x")), 200);
    }
    over = dial_from(world->port, "127.0.0.3");
    assert_true(get_reply(over, false));
    assert_int_equal(reply.status, 503);
    close(over);
    close(second[0]);
    struct net_stats stats;
    WAIT_FOR((net_stats(world->net, &stats), stats.connections == 4));
    assert_int_equal(stats.refused, 2);
    over = dial_from(world->port, "127.0.0.3");
    assert_int_equal(ask(over, GET("/api/x")), 200);
    close(over), close(second[1]);
    for (int i = 0; i < 3; i++) {
        close(first[i]);
    }
}

/* A proxy without keep-alive: every call is a connection of the same address. */
static void a_connection_that_both_sides_ended_is_not_counted_any_more(void **state)
{
    enum { CALLS = 400 };
    struct world *world = *state;
    world->options.connections_per_address = 40;
    world_start(world);
    for (int i = 0; i < CALLS; i++) {
        int fd = dial(world);
        assert_int_equal(ask(fd, "GET /api/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
                         200);
        assert_true(at_end(fd));
        close(fd);
    }
    struct net_stats stats;
    WAIT_FOR((net_stats(world->net, &stats), stats.connections == 0));
    assert_int_equal(stats.refused, 0);
}

/* Whoever is still sending when they are refused is listened to, so that the refusal reaches them.
 */
static void a_refusal_reaches_who_goes_on_sending(void **state)
{
    enum { PIECES = 25, EVERY_MS = 100 }; /* longer than one patience, by an announced length */
    static char piece[16 * 1024];
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n");
    for (int i = 0; i < PIECES; i++) {
        assert_int_equal(send(fd, piece, sizeof(piece), MSG_NOSIGNAL), sizeof(piece));
        (void)poll(NULL, 0, EVERY_MS);
    }
    assert_true(get_reply(fd, false));
    assert_int_equal(reply.status, 413);
    assert_true(at_end(fd));
    close(fd);
}

static void who_never_stops_sending_is_cut_off(void **state)
{
    enum { LIMIT = 64 * 1024 * 1024 };
    static char piece[64 * 1024];
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 400000\r\n\r\n");
    size_t sent = 0;
    while (sent < LIMIT && send(fd, piece, sizeof(piece), MSG_NOSIGNAL) > 0) {
        sent += sizeof(piece);
    }
    assert_true(sent < LIMIT);
    close(fd);
}

/* One too many is told so, also when its request was there before the refusal. */
static void who_is_turned_away_hears_why(void **state)
{
    enum { TRIES = 50 };
    struct world *world = *state;
    world->options.connections_per_address = 1;
    world_start(world);
    int first = dial(world);
    assert_int_equal(ask(first, GET("/api/x")), 200);
    for (int i = 0; i < TRIES; i++) {
        static char body[60000];
        int fd = dial(world);
        put_text(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
        put_bytes(fd, body, sizeof(body));
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, 503);
        assert_true(has_line("Retry-After: 10"));
        char byte;
        assert_int_equal(recv(fd, &byte, 1, 0), 0); /* an end, no reset */
        close(fd);
    }
    struct net_stats stats;
    net_stats(world->net, &stats);
    assert_int_equal(stats.refused, TRIES);
    close(first);
}

static void large_answers_arrive_whole_at_a_slow_reader(void **state)
{
    /* All at once more than a kernel takes for us; at a smaller window than this it sends a little
     * every 200 ms. */
    enum { LEN = 900 * 1024, ANSWERS = 6, WINDOW = 16 * 1024 };
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    int small = WINDOW;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    char request[64];
    snprintf(request, sizeof(request), "GET /api/big?%d HTTP/1.1" MORE, LEN);
    for (int i = 0; i < ANSWERS; i++) {
        put_text(fd, request);
    }
    for (int i = 0; i < ANSWERS; i++) {
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.body_len, LEN);
        assert_int_equal(strspn(reply.body, "b"), LEN);
    }
    close(fd);
}

static void forwarded_addresses_are_believed_only_from_proxies(void **state)
{
    struct world *world = *state;
    world->options.trusted_proxies = "127.0.0.9, 10.0.0.0/8";
    world_start(world);
    static const char request[] = "GET /api/x HTTP/1.1\r\nHost: h\r\n"
                                  "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.1.2.3\r\n"
                                  "X-Forwarded-Proto: https\r\n\r\n";
    assert_int_equal(ask_once(world, request), 200);
    assert_non_null(strstr(reply.body, "address=127.0.0.1 secure=0"));
    int fd = dial_from(world->port, "127.0.0.9");
    assert_int_equal(ask(fd, request), 200);
    assert_non_null(strstr(reply.body, "address=203.0.113.7 secure=1"));
    assert_true(has_line("Strict-Transport-Security: max-age=63072000"));
    assert_int_equal(ask(fd, "GET /api/x HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 2001:db8::1\r\n"
                             "X-Forwarded-For: junk\r\n\r\n"),
                     200);
    assert_non_null(strstr(reply.body, "address=127.0.0.9"));
    close(fd);
    struct net_stats stats;
    net_stats(world->net, &stats);
    assert_int_equal(stats.forwarded_from_private, 1);
    assert_int_equal(stats.requests_total_window, 3);
}

static void a_request_whose_asker_left_is_answered_to_nobody(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, GET("/api/hold"));
    WAIT_FOR(atomic_load(&fake.seen) == 1);
    struct linger hard = {1, 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close(fd);
    assert_int_equal(ask_once(world, GET("/api/release")), 200);
}

static bool listens(const struct world *world)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)world->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    bool taken = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
    close(fd);
    return taken;
}

static void draining_ends_idle_connections_and_finishes_open_requests(void **state)
{
    struct world *world = *state;
    world_start(world);
    int idle = dial(world);
    int busy = dial(world);
    assert_int_equal(ask(idle, GET("/api/x")), 200);
    int other = dial(world);
    put_text(busy, GET("/api/hold"));
    WAIT_FOR(atomic_load(&fake.seen) == 2);
    struct net_stats before;
    struct net_stats after;
    net_stats(world->net, &before);
    put_text(other, "GET /api/release HTTP/1.1\r\n");
    WAIT_FOR((net_stats(world->net, &after), after.bytes_in > before.bytes_in));
    net_drain(world->net);
    assert_true(at_end(idle));
    put_text(other, "Host: h\r\n\r\n");
    assert_true(get_reply(other, false));
    assert_true(has_line("Connection: close"));
    assert_true(get_reply(busy, false));
    assert_int_equal(reply.status, 200);
    assert_true(has_line("Connection: close"));
    assert_true(at_end(busy));
    WAIT_FOR(!listens(world)); /* each reactor closes its own door, in its own time */
    close(idle), close(busy), close(other);
}

static void a_taken_port_is_said_so(void **state)
{
    struct world *world = *state;
    world_start(world);
    char place[32];
    char why[256];
    struct net *second = NULL;
    struct net_options options = world->options;
    snprintf(place, sizeof(place), "127.0.0.1:%d", world->port);
    options.listen = place;
    assert_int_equal(net_start(&options, &second, why), ERR_BUSY);
    assert_non_null(strstr(why, "another program listens there"));
    options.listen = "::1:80";
    assert_int_equal(net_start(&options, &second, why), ERR_INVALID);
    options.listen = "127.0.0.1:0";
    options.trusted_proxies = "10.0.0.0/33";
    assert_int_equal(net_start(&options, &second, why), ERR_INVALID);
    assert_non_null(strstr(why, "10.0.0.0/33"));
}

static void metrics_have_their_own_listener(void **state)
{
    struct world *world = *state;
    world->options.metrics_listen = "127.0.0.1:0";
    world_start(world);
    int fd = dial_from(net_metrics_port(world->net), "127.0.0.1");
    assert_int_equal(ask(fd, GET("/metrics")), 200);
    assert_int_equal(ask(fd, GET("/")), 404);
    assert_int_equal(ask(fd, GET("/api/x")), 404);
    close(fd);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(slow_heads_slow_bodies_and_idle_connections_end),
        NET_TEST(a_byte_now_and_then_does_not_buy_time),
        NET_TEST(connections_are_limited_in_all_and_per_address),
        NET_TEST(a_connection_that_both_sides_ended_is_not_counted_any_more),
        NET_TEST(a_refusal_reaches_who_goes_on_sending),
        NET_TEST(who_never_stops_sending_is_cut_off),
        NET_TEST(who_is_turned_away_hears_why),
        NET_TEST(large_answers_arrive_whole_at_a_slow_reader),
        NET_TEST(forwarded_addresses_are_believed_only_from_proxies),
        NET_TEST(a_request_whose_asker_left_is_answered_to_nobody),
        NET_TEST(draining_ends_idle_connections_and_finishes_open_requests),
        NET_TEST(a_taken_port_is_said_so),
        NET_TEST(metrics_have_their_own_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
