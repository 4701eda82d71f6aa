#include "net/testing_client.h"

/* What only we ask of a socket; the cases of the Autobahn test suite stand in tests/outside. */

static void echo_length(int fd, int first, size_t len)
{
    uint8_t *payload = malloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        payload[i] = (uint8_t)('a' + i % 26);
    }
    put_frame(fd, first, payload, len);
    assert_int_equal(get_frame(fd), first & 0x0f);
    assert_int_equal(got.len, len);
    assert_memory_equal(got.bytes, payload, len);
    free(payload);
}

/* One frame, given as bytes, that must end the connection with `code`. */
static void fails_with(const struct world *world, const void *bytes, size_t len, int code)
{
    int fd = dial_sock(world);
    put_bytes(fd, bytes, len);
    if (!closes_with(fd, code)) {
        fail_msg("not closed with %d after %02x %02x", code, ((const uint8_t *)bytes)[0],
                 ((const uint8_t *)bytes)[1]);
    }
    close(fd);
}

static void frames_must_be_masked_whole_and_of_the_shortest_form(void **state)
{
    struct world *world = *state;
    world_start(world);
    fails_with(world, "\x81\x02hi", 4, WS_CLOSE_PROTOCOL);           /* not masked */
    fails_with(world, "\x89\xfe\x00\x7emask", 8, WS_CLOSE_PROTOCOL); /* ping of 126 */
    fails_with(world, "\x09\x80\0\0\0\0", 6, WS_CLOSE_PROTOCOL);     /* ping in pieces */
    fails_with(world, "\x08\x80\0\0\0\0", 6, WS_CLOSE_PROTOCOL);     /* close in pieces */
    fails_with(world, "\x81\xfe\x00\x05mask", 8, WS_CLOSE_PROTOCOL); /* 5 as two bytes */
    fails_with(world, "\x81\xff\0\0\0\0\0\0\xff\xffmask", 14, WS_CLOSE_PROTOCOL);
    fails_with(world, "\x81\xff\x80\0\0\0\0\0\0\0mask", 14, WS_CLOSE_PROTOCOL); /* top bit */
}

static void frames_may_be_split_at_every_byte(void **state)
{
    uint8_t bytes[256];
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    size_t len = frame_bytes(bytes, 0x01, "gr\xc3\xbc\xc3", 5);
    len += frame_bytes(bytes + len, 0x89, "p", 1);
    len += frame_bytes(bytes + len, 0x80, "\x9f Gott \xf0\x9f\x98\x80", 11);
    for (size_t at = 0; at <= len; at++) {
        put_bytes(fd, bytes, at);
        put_bytes(fd, bytes + at, len - at);
        assert_int_equal(get_frame(fd), WS_OP_PONG);
        assert_true(hears(fd, "gr\xc3\xbc\xc3\x9f Gott \xf0\x9f\x98\x80"));
    }
    for (size_t at = 0; at < len; at++) {
        put_bytes(fd, bytes + at, 1);
    }
    assert_int_equal(get_frame(fd), WS_OP_PONG);
    assert_int_equal(get_frame(fd), WS_OP_TEXT);
    close(fd);
}

static size_t close_bytes(uint8_t *to, int code, const char *reason)
{
    uint8_t payload[200] = {(uint8_t)(code >> 8), (uint8_t)code};
    memcpy(payload + 2, reason, strlen(reason));
    return frame_bytes(to, 0x88, payload, strlen(reason) + 2);
}

static void the_server_closes_after_what_was_queued(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    uint8_t bytes[256];
    size_t len = frame_bytes(bytes, 0x81, "last words", 10);
    len += frame_bytes(bytes + len, 0x81, "close 4401 signed-out", 21);
    len += frame_bytes(bytes + len, 0x81, "unheard", 7);
    put_bytes(fd, bytes, len);
    assert_true(hears(fd, "last words"));
    assert_int_equal(get_frame(fd), WS_OP_CLOSE);
    assert_int_equal(got.bytes[0] << 8 | got.bytes[1], 4401);
    assert_string_equal((char *)got.bytes + 2, "signed-out");
    put_bytes(fd, bytes, close_bytes(bytes, 4401, ""));
    assert_true(at_end(fd));
    WAIT_FOR(atomic_load(&world->gone) == 1);
    close(fd);
}

static void messages_over_the_limit_are_refused(void **state)
{
    struct world *world = *state;
    uint8_t bytes[256];
    world->handler.text_max = 100;
    world->handler.binary_max = 16;
    world_start(world);
    int fd = dial_sock(world);
    echo_length(fd, 0x81, 100);
    echo_length(fd, 0x82, 16);
    put_frame(fd, 0x01, "1234567890", 10);
    put_frame(fd, 0x80, "1234567890", 10);
    assert_true(hears(fd, "12345678901234567890"));
    close(fd);
    char text[101];
    memset(text, 't', sizeof(text));
    fails_with(world, bytes, frame_bytes(bytes, 0x81, text, 101), WS_CLOSE_LARGE);
    fails_with(world, bytes, frame_bytes(bytes, 0x82, text, 17), WS_CLOSE_LARGE);
    size_t len = frame_bytes(bytes, 0x01, text, 60);
    len += frame_bytes(bytes + len, 0x80, text, 41);
    fails_with(world, bytes, len, WS_CLOSE_LARGE);
    fails_with(world, "\x81\xff\0\0\0\0\xff\xff\xff\xffmask", 14, WS_CLOSE_LARGE); /* at its head */
}

static void only_our_own_pages_may_open_a_socket(void **state)
{
    static const struct {
        int status;
        const char *origin;
    } cases[] = {
        {101, "Origin: http://h\r\n"},
        {101, "Origin: https://H\r\n"},
        {101, "Origin: https://world.example\r\n"},
        {403, "Origin: https://evil.example\r\n"},
        {403, "Origin: null\r\n"},
        {403, "Origin: http://h.evil.example\r\n"},
        {403, "Origin: http://h:81\r\n"},
        {101, ""},
    };
    struct world *world = *state;
    world->options.public_url = "https://world.example";
    world_start(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char request[512];
        snprintf(request, sizeof(request), HANDSHAKE("/api/live", "%s"), cases[i].origin);
        assert_int_equal(ask_once(world, request), cases[i].status);
    }
}

static void a_handshake_is_checked(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    assert_int_equal(ask(fd, HANDSHAKE("/api/live?x=1&room=ab%2Dc", "")), 101);
    assert_true(has_line("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_string_equal(world->room, "ab-c");
    close(fd);
    assert_int_equal(ask_once(world, "GET /api/live HTTP/1.1\r\nHost: h\r\n\r\n"), 426);
    assert_true(has_line("Sec-WebSocket-Version: 13"));
    assert_int_equal(ask_once(world, "GET /api/live HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n"),
                     426);
    assert_int_equal(ask_once(world, "GET /api/live HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
                                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                     "Sec-WebSocket-Key: short\r\n\r\n"),
                     400);
    assert_int_equal(ask_once(world, HANDSHAKE("/api/live?room=%zz", "")), 400);
    assert_int_equal(ask_once(world, HANDSHAKE("/api/x", "")), 200); /* no socket there */
}

static void frames_sent_with_the_handshake_are_read_after_it(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial(world);
    uint8_t bytes[1024];
    static const char head[] = HANDSHAKE("/api/live", "");
    memcpy(bytes, head, sizeof(head) - 1);
    size_t len = sizeof(head) - 1;
    len += frame_bytes(bytes + len, 0x81, "eager", 5);
    put_bytes(fd, bytes, len);
    assert_true(get_reply(fd, true));
    assert_int_equal(reply.status, 101);
    assert_true(hears(fd, "eager"));
    close(fd);
}

static void a_silent_socket_is_pinged_and_then_dropped(void **state)
{
    struct world *world = *state;
    world->options.idle_ms = 2000; /* half of it to answer in, on a busy machine */
    world_start(world);
    int alive = dial_sock(world);
    int dead = dial_sock(world);
    for (int i = 0; i < 3; i++) { /* longer than the idle time, kept up by pongs alone */
        assert_int_equal(get_frame(alive), WS_OP_PING);
        put_frame(alive, 0x8a, "", 0);
    }
    assert_int_equal(get_frame(dead), WS_OP_PING);
    assert_true(at_end(dead));
    put_order(alive, "still here");
    while (get_frame(alive) == WS_OP_PING) {
    }
    assert_string_equal((char *)got.bytes, "still here");
    close(alive), close(dead);
}

static void many_frames_go_out_together(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    put_order(fd, "burst 5000 60");
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(get_frame(fd), WS_OP_TEXT);
        assert_int_equal(got.len, 60);
    }
    put_order(fd, "burst 5 300000"); /* larger than the kernel takes at once */
    put_order(fd, "burst 20 1500");
    put_order(fd, "end");
    for (int i = 0; i < 25; i++) {
        assert_int_equal(get_frame(fd), WS_OP_TEXT);
        assert_int_equal(strspn((char *)got.bytes, "x"), got.len);
    }
    assert_true(hears(fd, "end"));
    close(fd);
}

/* What lies side by side is queued as one piece, and what comes in between stays in between. */
static void what_is_told_to_all_and_to_one_comes_in_its_order(void **state)
{
    static const int sizes[] = {1, 60, 500, 3000, 20000};
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        char order[32];
        snprintf(order, sizeof(order), "burst 147 %d", sizes[s]);
        put_order(fd, order);
        put_order(fd, "echo");
        for (int i = 0; i < 147; i++) {
            assert_int_equal(get_frame(fd), WS_OP_TEXT);
            assert_int_equal(got.len, sizes[s]);
            assert_int_equal(strspn((char *)got.bytes, "x"), got.len);
            if (i % 7 == 6) {
                assert_true(hears(fd, "own"));
            }
        }
        assert_true(hears(fd, "echo"));
    }
    close(fd);
}

static void a_socket_that_reads_nothing_is_cut_off_at_the_limit(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    for (int i = 0; i < 40 && atomic_load(&world->gone) == 0; i++) {
        put_order(fd, "burst 2 1000000");
    }
    WAIT_FOR(atomic_load(&world->gone) == 1);
    close(fd);
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(frames_must_be_masked_whole_and_of_the_shortest_form),
        NET_TEST(frames_may_be_split_at_every_byte),
        NET_TEST(the_server_closes_after_what_was_queued),
        NET_TEST(messages_over_the_limit_are_refused),
        NET_TEST(only_our_own_pages_may_open_a_socket),
        NET_TEST(a_handshake_is_checked),
        NET_TEST(frames_sent_with_the_handshake_are_read_after_it),
        NET_TEST(a_silent_socket_is_pinged_and_then_dropped),
        NET_TEST(many_frames_go_out_together),
        NET_TEST(what_is_told_to_all_and_to_one_comes_in_its_order),
        NET_TEST(a_socket_that_reads_nothing_is_cut_off_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
