#include <malloc.h>

#include "net/testing_client.h"

/* Answers that nobody takes: what they hold, how many there may be, and for how long. */
#define BIG "GET /api/big?6000000 HTTP/1.1\r\nHost: h\r\n\r\n"
enum { BIG_LEN = 6000000, PER_ADDRESS = 16 << 20, TOTAL = 64 << 20, DIALS_MAX = 50 };

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void); /* NOLINT: the sanitizer's own */
static size_t held(void)
{
    return __sanitizer_get_current_allocated_bytes();
}
#else
static size_t held(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}
#endif

/* A connection that takes little into its own queue. */
static int dial_narrow(const struct world *world, const char *from)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)world->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    int room = 4096;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)), 0);
    assert_int_equal(inet_pton(AF_INET, from, &own.sin_addr), 1);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

/* The rest of the answer; how many bytes came until the connection ended, or it was whole. */
static size_t rest_of(int fd, size_t have)
{
    static char some[1 << 16];
    for (size_t more = 1; more && have < BIG_LEN; have += more) {
        more = get_some(fd, some, sizeof(some));
    }
    return have;
}

static void an_answer_that_waits_does_not_hold_what_its_call_took(void **state)
{
    enum { MANY = 8, COST = 4 << 20 };
    struct world *world = *state;
    int fds[MANY];
    world->options.stall_ms = 3600 * 1000; /* else the end would free it */
    world_start(world);
    assert_int_equal(ask_once(world, "GET /api/costly?1 HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    size_t before = held();
    for (int i = 0; i < MANY; i++) {
        char from[32];
        snprintf(from, sizeof(from), "127.0.3.%d", i + 1);
        fds[i] = dial_narrow(world, from);
        put_text(fds[i], "GET /api/costly?3500000 HTTP/1.1\r\nHost: h\r\n\r\n");
        char byte;
        assert_true(get_exactly(fds[i], &byte, 1));
    }
    WAIT_FOR(held() < before + (size_t)MANY * COST); /* what is left to send, no more */
    for (int i = 0; i < MANY; i++) {
        close(fds[i]);
    }
}

/* Asks and doesn't read until it is refused. */
static int fill(struct world *world, const char *from, int *fds)
{
    for (int count = 1;; count++) {
        assert_true(count < DIALS_MAX);
        fds[count - 1] = dial_narrow(world, from);
        put_text(fds[count - 1], BIG);
        char line[13] = "";
        assert_true(get_exactly(fds[count - 1], line, 12));
        if (strcmp(line, "HTTP/1.1 503") == 0) {
            return count;
        }
        assert_string_equal(line, "HTTP/1.1 200");
    }
}

static void close_all(const int *fds, int count)
{
    for (int i = 0; i < count; i++) {
        close(fds[i]);
    }
}

static int ask_from(const struct world *world, const char *from)
{
    int fd = dial_from(world->port, from);
    int status = ask(fd, "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    close(fd);
    return status;
}

static void what_one_address_does_not_take_is_bounded_and_others_are_served(void **state)
{
    struct world *world = *state;
    static int fds[DIALS_MAX];
    world_start(world);
    size_t before = held();
    int count = fill(world, "127.0.0.2", fds);
    assert_true(held() < before + PER_ADDRESS + BIG_LEN);
    assert_int_equal(ask_from(world, "127.0.0.2"), 503);
    assert_true(has_line("Retry-After: 10"));
    assert_int_equal(ask_from(world, "127.0.0.3"), 200);
    close_all(fds, count);
    WAIT_FOR(ask_from(world, "127.0.0.2") == 200); /* given up: there is room again */
    for (int i = 0; i < 12; i++) {                 /* and what is taken, however slowly, frees it */
        int slow = dial_narrow(world, "127.0.0.2");
        put_text(slow, BIG);
        assert_true(rest_of(slow, 0) >= BIG_LEN);
        close(slow);
    }
}

/* The first line of the answer is awaited, so that it waits to be sent; it may be cut off by then.
 */
static int ask_big(const struct world *world, const char *from)
{
    int fd = dial_narrow(world, from);
    char byte;
    put_text(fd, BIG);
    (void)recv(fd, &byte, 1, 0);
    return fd;
}

static void what_waits_in_all_is_bounded_by_closing_who_holds_the_most(void **state)
{
    enum { ADDRESSES = 12, EACH = 3 };
    struct world *world = *state;
    static int fds[ADDRESSES * EACH];
    int count = 0;
    world->options.stall_ms = 3600 * 1000; /* else time would free it */
    world_start(world);
    size_t before = held();
    int modest = dial_narrow(world, "127.0.5.1");
    put_text(modest, "GET /api/big?4500000 HTTP/1.1\r\nHost: h\r\n\r\n");
    for (int i = 0; i < ADDRESSES; i++) {
        char from[32];
        snprintf(from, sizeof(from), "127.0.4.%d", i + 1);
        for (int j = 0; j < EACH; j++) {
            fds[count++] = ask_big(world, from);
            assert_true(held() < before + TOTAL + BIG_LEN);
            assert_int_equal(ask_from(world, "127.0.0.1"), 200); /* nobody else is refused */
        }
    }
    static char some[1 << 16];
    size_t come = 0;
    for (size_t more = 1; more && come < 4500000; come += more) {
        more = get_some(modest, some, sizeof(some));
    }
    assert_true(come >= 4500000); /* who held little was not closed */
    close(modest);
    close_all(fds, count);
}

/* Reads `piece` bytes every few milliseconds for `ms`; false when the connection ended. */
static bool sip(int fd, size_t piece, int ms, size_t *ret_got)
{
    static char some[1 << 16];
    struct pollfd over = {.fd = fd, .events = POLLRDHUP};
    for (int passed = 0; passed < ms; passed += 20) {
        if (poll(&over, 1, 20) > 0) {
            return false;
        }
        ssize_t len = recv(fd, some, piece, MSG_DONTWAIT);
        *ret_got += len > 0 ? (size_t)len : 0;
    }
    return true;
}

/* The least rate is 1 KiB a second; a drop now and then buys no time, nor do further requests. */
static void who_takes_too_little_is_cut_off_and_who_is_slow_is_not(void **state)
{
    struct world *world = *state;
    size_t dripped = 0, sipped = 0;
    world->options.stall_ms = 2000;
    world_start(world);
    int drip = dial_narrow(world, "127.0.0.2");
    put_text(drip, BIG);
    while (sip(drip, 8, 200, &dripped)) {
        assert_true(dripped < 100000);
        put_text(drip, "GET /api/x HTTP/1.1\r\nHost: h\r\n\r\n");
    }
    close(drip);
    int slow = dial_narrow(world, "127.0.0.2");
    put_text(slow, BIG);
    assert_true(sip(slow, 1024, 5000, &sipped));
    assert_true(rest_of(slow, sipped) >= BIG_LEN);
    close(slow);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(an_answer_that_waits_does_not_hold_what_its_call_took),
        NET_TEST(what_one_address_does_not_take_is_bounded_and_others_are_served),
        NET_TEST(what_waits_in_all_is_bounded_by_closing_who_holds_the_most),
        NET_TEST(who_takes_too_little_is_cut_off_and_who_is_slow_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
