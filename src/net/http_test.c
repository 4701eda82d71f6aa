#include "net/testing.h"

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: h\r\n\r\n"
#define MORE "\r\nHost: h\r\n\r\n"

static void a_request_goes_to_the_api_and_comes_back(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    assert_int_equal(ask(fd, "GET /api/x%20y?a=1&b HTTP/1.1\r\nHost: w.example:81\r\n"
                             "X-Bauta: 1\r\n\r\n"),
                     200);
    assert_string_equal(reply.body, "method=GET path=/api/x%20y query=a=1&b host=w.example:81 "
                                    "address=127.0.0.1 secure=0 csrf=1 body=0");
    assert_true(has_line("Content-Type: application/json"));
    assert_true(has_line("Cache-Control: no-store"));
    assert_int_equal(
        ask(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"), 200);
    assert_string_equal(reply.body, "hello");
    assert_int_equal(ask(fd, GET("/healthz")), 200);
    assert_int_equal(ask(fd, "HEAD /api/x" " HTTP/1.1" MORE), 200);
    assert_true(strstr(reply.head, "Content-Length: 7") != NULL);
    assert_int_equal(ask(fd, GET("/api/none")), 204);
    assert_null(strstr(reply.head, "Content-Length"));
    close(fd);
}

static void cookies_and_waiting_times_are_written_out(void **state)
{
    struct world *world = *state;
    world_start(world);
    assert_int_equal(ask_once(world, GET("/api/cookies")), 429);
    assert_true(has_line("Set-Cookie: __Host-a=1; Path=/; HttpOnly; SameSite=Lax"));
    assert_true(has_line("Set-Cookie: b=2; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"));
    assert_true(has_line("Retry-After: 2"));
}

static void every_answer_has_the_security_lines(void **state)
{
    static const char *const requests[] = {GET("/api/x"), GET("/nothing.png"), "BAD\r\n\r\n",
                                           "POST /x HTTP/1.1" MORE};
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(requests); i++) {
        ask_once(world, requests[i]);
        assert_true(has_line("X-Content-Type-Options: nosniff"));
        assert_true(has_line("X-Frame-Options: DENY"));
        assert_true(has_line("Referrer-Policy: same-origin"));
        assert_non_null(strstr(reply.head, "\r\nPermissions-Policy: "));
        assert_non_null(strstr(reply.head, "Content-Security-Policy: default-src 'none'; "));
        assert_non_null(strstr(reply.head, "frame-ancestors 'none'"));
        assert_null(strstr(reply.head, "unsafe-inline"));
        assert_null(strstr(reply.head, "Strict-Transport-Security")); /* not by TLS */
    }
}

static void what_can_be_read_in_two_ways_is_refused(void **state)
{
    static const struct {
        int status;
        const char *request;
    } cases[] = {
        {400, "GET /api/x HTTP/1.1\nHost: h\n\n"},                             /* bare LF */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"},                 /* bare LF within */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n"},         /* obs-fold */
        {400, "GET /api/x HTTP/1.1\r\n Host: h\r\n\r\n"},                      /* fold at once */
        {400, "GET /api/x HTTP/1.1\r\nHost : h\r\n\r\n"},                      /* space, colon */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\n: y\r\n\r\n"},                /* no name */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n"},            /* bare CR */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\nX: \x01\r\n\r\n"},            /* control */
        {400, "GET /api/x HTTP/1.1\r\n\r\n"},                                  /* no Host */
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n"},            /* two of them */
        {400, "GET /api/x HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {400, "GET /api/x HTTP/1.1\r\nHost: h\r\nCookie: a\r\nCookie: b\r\n\r\n"},
        {400, "GET  /api/x HTTP/1.1" MORE},
        {400, "GET /api/x  HTTP/1.1" MORE},
        {400, "GET /api/x HTTP/1.1 " MORE},
        {400, "GET api HTTP/1.1" MORE},
        {400, "GET http://h/api/x HTTP/1.1" MORE},
        {400, "GET /api/#x HTTP/1.1" MORE},
        {400, "GET /api/\xc3\xa9 HTTP/1.1" MORE},
        {400, "GET /api/x http/1.1" MORE},
        {400, "GET /api/x HTTP/1.x" MORE},
        {400, "GE(T /api/x HTTP/1.1" MORE},
        {400, "\r\nGET /api/x HTTP/1.1" MORE},
        {505, "GET /api/x HTTP/2.0" MORE},
        {505, "GET /api/x HTTP/1.2" MORE},
        {501, "BREW /api/x HTTP/1.1" MORE},
        {501, "ABCDEFGHIJKLMNOPQ /api/x HTTP/1.1" MORE},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
              "Transfer-Encoding: chunked\r\n\r\n"},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
              "Content-Length: 1\r\n\r\nx"},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\nx"},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\nx"},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\nx"},
        {400, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\nx"},
        {413, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: "
              "99999999999999999999999999\r\n\r\n"},
        {411, "POST /api/echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {501, "POST /api/echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
        {400, "POST /api/echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {417, "GET /api/x HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n"},
    };
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int fd = dial(world);
        if (ask(fd, cases[i].request) != cases[i].status) {
            fail_msg("case %zu: %d instead of %d", i, reply.status, cases[i].status);
        }
        assert_non_null(strstr(reply.body, "{\"error\":{\"code\":\"net."));
        if (strstr(cases[i].request, "BREW") == NULL) {
            assert_true(has_line("Connection: close"));
            assert_true(at_end(fd));
        }
        close(fd);
    }
    assert_int_equal(atomic_load(&fake.seen), 0);
}

static void a_nul_in_the_head_is_refused(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_bytes(fd, "GET /api/x HTTP/1.1\r\nX: \0\r\n", 27);
    assert_true(get_reply(fd, false));
    assert_int_equal(reply.status, 400);
    close(fd);
}

static void errors_speak_the_readers_language(void **state)
{
    struct world *world = *state;
    world_start(world);
    assert_int_equal(
        ask_once(world, "GET /n.png HTTP/1.1\r\nHost: h\r\nAccept-Language: id-ID,en;q=0.5\r\n\r\n"),
        404);
    assert_string_equal(reply.body, "{\"error\":{\"code\":\"net.missing\",\"text\":"
                                    "\"Tidak ada apa pun di alamat ini.\"}}");
}

/* `len` bytes of 'a' between two texts. */
static char *padded(const char *before, size_t len, const char *after)
{
    char *text = malloc(strlen(before) + len + strlen(after) + 1);
    char *at = stpcpy(text, before);
    memset(at, 'a', len);
    strcpy(at + len, after); /* NOLINT: sized above */
    return text;
}

static int ask_padded(struct world *world, const char *before, size_t len, const char *after)
{
    char *text = padded(before, len, after);
    int status = ask_once(world, text);
    free(text);
    return status;
}

static void limits_hold_at_and_one_past(void **state)
{
    struct world *world = *state;
    world_start(world);
    static const char get[] = "GET /api/";
    size_t target = HEAD_TARGET_MAX - strlen("/api/");
    assert_int_equal(ask_padded(world, get, target, " HTTP/1.1" MORE), 200);
    assert_int_equal(ask_padded(world, get, target + 1, " HTTP/1.1" MORE), 414);

    static const char before[] = "GET /api/x HTTP/1.1\r\nHost: h\r\nX: ";
    size_t rest = HEAD_MAX - strlen(before) - strlen("\r\n\r\n");
    assert_int_equal(ask_padded(world, before, rest, "\r\n\r\n"), 200);
    assert_int_equal(ask_padded(world, before, rest + 1, "\r\n\r\n"), 431);

    char fields[16 * 65 + 1] = "";
    for (int i = 0; i < 63; i++) {
        snprintf(fields + strlen(fields), 16, "X-%d: y\r\n", i);
    }
    char request[2048];
    snprintf(request, sizeof(request), "GET /api/x HTTP/1.1\r\nHost: h\r\n%s\r\n", fields);
    assert_int_equal(ask_once(world, request), 200);
    snprintf(request, sizeof(request), "GET /api/x HTTP/1.1\r\nHost: h\r\nZ: z\r\n%s\r\n", fields);
    assert_int_equal(ask_once(world, request), 431);

    char head[128];
    snprintf(head, sizeof(head), "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
             API_BODY_MAX);
    assert_int_equal(ask_padded(world, head, API_BODY_MAX, ""), 200);
    assert_int_equal(reply.body_len, API_BODY_MAX);
    snprintf(head, sizeof(head), "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n",
             API_BODY_MAX + 1);
    assert_int_equal(ask_padded(world, head, API_BODY_MAX + 1, ""), 413);
}

static void a_request_may_be_split_at_every_byte(void **state)
{
    static const char request[] = "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n"
                                  "X: \t y \r\n\r\nbody";
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    int one = 1;
    setsockopt(fd, 6, 1, &one, sizeof(one));
    for (size_t at = 0; at <= sizeof(request) - 1; at++) {
        put_bytes(fd, request, at);
        put_bytes(fd, request + at, sizeof(request) - 1 - at);
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, "body");
    }
    for (size_t at = 0; at < sizeof(request) - 1; at++) {
        put_bytes(fd, request + at, 1);
    }
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, "body");
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    enum { MANY = 200 };
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    char *all = calloc(MANY, 128);
    for (int i = 0; i < MANY; i++) {
        snprintf(all + strlen(all), 128,
                 i % 2 ? "GET /n%d.png HTTP/1.1\r\nHost: h\r\n\r\n"
                       : "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n%04d",
                 i);
    }
    put_text(fd, all);
    for (int i = 0; i < MANY; i++) {
        assert_true(get_reply(fd, false));
        assert_int_equal(reply.status, i % 2 ? 404 : 200);
        assert_true(i % 2 || atoi(reply.body) == i);
    }
    free(all);
    close(fd);
}

static void a_closing_request_is_the_last_one(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, "GET /api/x HTTP/1.1\r\nHost: h\r\nConnection: foo, Close\r\n\r\n" GET("/api/y"));
    assert_true(get_reply(fd, false));
    assert_true(has_line("Connection: close"));
    assert_true(at_end(fd));
    close(fd);
    fd = dial(world);
    assert_int_equal(ask(fd, "GET /api/x HTTP/1.0\r\n\r\n"), 200);
    assert_true(at_end(fd));
    close(fd);
    assert_int_equal(atomic_load(&fake.seen), 2);
}

static void a_client_that_expects_100_is_told_to_go_on(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    put_text(fd, "POST /api/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
                 "Expect: 100-continue\r\n\r\n");
    assert_true(get_reply(fd, true));
    assert_int_equal(reply.status, 100);
    put_text(fd, "yes");
    assert_true(get_reply(fd, false));
    assert_string_equal(reply.body, "yes");
    close(fd);
}

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

static void large_answers_arrive_whole_at_a_slow_reader(void **state)
{
    enum { LEN = 900 * 1024 };
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    int small = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    char request[64];
    snprintf(request, sizeof(request), "GET /api/big?%d HTTP/1.1" MORE, LEN);
    put_text(fd, request);
    put_text(fd, request);
    for (int i = 0; i < 2; i++) {
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
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)world->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
    close(fd), close(idle), close(busy), close(other);
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
    close(fd);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(a_request_goes_to_the_api_and_comes_back),
        NET_TEST(cookies_and_waiting_times_are_written_out),
        NET_TEST(every_answer_has_the_security_lines),
        NET_TEST(what_can_be_read_in_two_ways_is_refused),
        NET_TEST(a_nul_in_the_head_is_refused),
        NET_TEST(errors_speak_the_readers_language),
        NET_TEST(limits_hold_at_and_one_past),
        NET_TEST(a_request_may_be_split_at_every_byte),
        NET_TEST(pipelined_requests_are_answered_in_order),
        NET_TEST(a_closing_request_is_the_last_one),
        NET_TEST(a_client_that_expects_100_is_told_to_go_on),
        NET_TEST(slow_heads_slow_bodies_and_idle_connections_end),
        NET_TEST(a_byte_now_and_then_does_not_buy_time),
        NET_TEST(connections_are_limited_in_all_and_per_address),
        NET_TEST(large_answers_arrive_whole_at_a_slow_reader),
        NET_TEST(forwarded_addresses_are_believed_only_from_proxies),
        NET_TEST(a_request_whose_asker_left_is_answered_to_nobody),
        NET_TEST(draining_ends_idle_connections_and_finishes_open_requests),
        NET_TEST(a_taken_port_is_said_so),
        NET_TEST(metrics_have_their_own_listener),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
