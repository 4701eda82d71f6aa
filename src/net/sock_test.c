#include "net/testing_client.h"

/*
 * WebSocket cases after the sections of the Autobahn test suite: 1 framing, 2 pings,
 * 3 reserved bits, 4 opcodes, 5 fragmentation, 6 UTF-8, 7 closing; then what is ours.
 */

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

static void messages_of_every_length_come_back(void **state)
{
    static const size_t lengths[] = {0, 1, 7, 125, 126, 127, 128, 65535, 65536, 70000, 500000};
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        echo_length(fd, 0x81, lengths[i]);
        echo_length(fd, 0x82, lengths[i]);
    }
    close(fd);
}

static void a_ping_is_answered_with_its_own_bytes(void **state)
{
    uint8_t payload[125];
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    memset(payload, 0xfe, sizeof(payload));
    for (size_t len = 0; len <= sizeof(payload); len += 25) {
        put_frame(fd, 0x89, payload, len);
        assert_int_equal(get_frame(fd), WS_OP_PONG);
        assert_int_equal(got.len, len);
        assert_memory_equal(got.bytes, payload, len);
    }
    put_frame(fd, 0x8a, "unasked", 7); /* a pong nobody asked for is nothing */
    for (int i = 0; i < 10; i++) {
        put_frame(fd, 0x89, "many", 4);
    }
    for (int i = 0; i < 10; i++) {
        assert_int_equal(get_frame(fd), WS_OP_PONG);
    }
    close(fd);
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

static void reserved_bits_and_opcodes_are_refused(void **state)
{
    static const int firsts[] = {0x91, 0xa1, 0xb1, 0xc1, 0xd1, 0xe1, 0xf1, 0xc9, 0x83, 0x84, 0x85,
                                 0x86, 0x87, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x03, 0x80, 0x00};
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(firsts); i++) {
        uint8_t bytes[32];
        fails_with(world, bytes, frame_bytes(bytes, firsts[i], "hi", 2), WS_CLOSE_PROTOCOL);
    }
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

static void fragments_are_put_together(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    put_frame(fd, 0x01, "frag", 4);
    put_frame(fd, 0x00, "", 0);
    put_frame(fd, 0x89, "in between", 10);
    put_frame(fd, 0x00, "men", 3);
    put_frame(fd, 0x8a, "", 0);
    put_frame(fd, 0x80, "ts", 2);
    assert_int_equal(get_frame(fd), WS_OP_PONG);
    assert_true(hears(fd, "fragments"));
    put_frame(fd, 0x02, "", 0);
    put_frame(fd, 0x00, "", 0);
    put_frame(fd, 0x80, "", 0);
    assert_int_equal(get_frame(fd), WS_OP_BINARY);
    assert_int_equal(got.len, 0);
    close(fd);
    uint8_t bytes[64];
    size_t len = frame_bytes(bytes, 0x01, "a", 1);
    len += frame_bytes(bytes + len, 0x81, "b", 1); /* a new message inside one */
    fails_with(world, bytes, len, WS_CLOSE_PROTOCOL);
    len = frame_bytes(bytes, 0x80, "a", 1); /* more of nothing */
    fails_with(world, bytes, len, WS_CLOSE_PROTOCOL);
}

static void frames_may_be_split_at_every_byte(void **state)
{
    uint8_t bytes[256];
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    int one = 1;
    setsockopt(fd, 6, 1, &one, sizeof(one));
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

static void text_is_utf8_or_the_end(void **state)
{
    static const char *const good[] = {"",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "\xef\xbf\xbe",
                                       "eight by eight by\xe2\x82\xac then more"};
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2",
                                      "\xc2 ",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xe2\x82",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf0\x9f\x98",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xfe",
                                      "\xff",
                                      "plain and plain and plain \xff",
                                      "\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80 edited"};
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    for (size_t i = 0; i < COUNT(good); i++) {
        put_order(fd, good[i]);
        assert_true(hears(fd, good[i]));
    }
    put_frame(fd, 0x82, "\xff\xfe", 2); /* binary may hold anything */
    assert_int_equal(get_frame(fd), WS_OP_BINARY);
    close(fd);
    for (size_t i = 0; i < COUNT(bad); i++) {
        uint8_t bytes[128];
        fails_with(world, bytes, frame_bytes(bytes, 0x81, bad[i], strlen(bad[i])), WS_CLOSE_TEXT);
    }
}

static void bad_utf8_is_noticed_before_the_message_is_whole(void **state)
{
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    put_frame(fd, 0x01, "\xce\xba\xf4\x90", 4); /* beyond U+10FFFF; more would follow */
    assert_true(closes_with(fd, WS_CLOSE_TEXT));
    close(fd);
    uint8_t bytes[64];
    fd = dial_sock(world);
    (void)frame_bytes(bytes, 0x81, "\xff 20 bytes in one   ", 20);
    put_bytes(fd, bytes, 8); /* two bytes of its payload */
    assert_true(closes_with(fd, WS_CLOSE_TEXT));
    close(fd);
}

static size_t close_bytes(uint8_t *to, int code, const char *reason)
{
    uint8_t payload[200] = {(uint8_t)(code >> 8), (uint8_t)code};
    memcpy(payload + 2, reason, strlen(reason));
    return frame_bytes(to, 0x88, payload, strlen(reason) + 2);
}

static void a_close_is_answered_with_its_own_code(void **state)
{
    static const int good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                               1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
    static const int bad[] = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535};
    uint8_t bytes[256];
    char long_reason[125] = "";
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(good); i++) {
        fails_with(world, bytes, close_bytes(bytes, good[i], "bye"), good[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        fails_with(world, bytes, close_bytes(bytes, bad[i], ""), WS_CLOSE_PROTOCOL);
    }
    memset(long_reason, 'r', 123);
    fails_with(world, bytes, close_bytes(bytes, 1000, long_reason), 1000);
    fails_with(world, bytes, frame_bytes(bytes, 0x88, "", 0), 0);
    fails_with(world, bytes, frame_bytes(bytes, 0x88, "\x03", 1), WS_CLOSE_PROTOCOL);
    fails_with(world, bytes, close_bytes(bytes, 1000, "\xed\xa0\x80"), WS_CLOSE_TEXT);
    size_t len = close_bytes(bytes, 1000, "");
    len += frame_bytes(bytes + len, 0x81, "after", 5); /* nothing after a close is heard */
    len += frame_bytes(bytes + len, 0x89, "after", 5);
    fails_with(world, bytes, len, 1000);
    WAIT_FOR(atomic_load(&world->gone) == atomic_load(&world->opened));
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
    world->options.public_url = "https://world.example/";
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
        NET_TEST(messages_of_every_length_come_back),
        NET_TEST(a_ping_is_answered_with_its_own_bytes),
        NET_TEST(reserved_bits_and_opcodes_are_refused),
        NET_TEST(frames_must_be_masked_whole_and_of_the_shortest_form),
        NET_TEST(fragments_are_put_together),
        NET_TEST(frames_may_be_split_at_every_byte),
        NET_TEST(text_is_utf8_or_the_end),
        NET_TEST(bad_utf8_is_noticed_before_the_message_is_whole),
        NET_TEST(a_close_is_answered_with_its_own_code),
        NET_TEST(the_server_closes_after_what_was_queued),
        NET_TEST(messages_over_the_limit_are_refused),
        NET_TEST(only_our_own_pages_may_open_a_socket),
        NET_TEST(a_handshake_is_checked),
        NET_TEST(frames_sent_with_the_handshake_are_read_after_it),
        NET_TEST(a_silent_socket_is_pinged_and_then_dropped),
        NET_TEST(many_frames_go_out_together),
        NET_TEST(a_socket_that_reads_nothing_is_cut_off_at_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
