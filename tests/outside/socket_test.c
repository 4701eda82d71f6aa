#include "net/testing_client.h"
#include "tests/outside/outside.h"

/*
 * The cases of the Autobahn test suite by their numbers, 1 to 7, 9, 10, 12 and 13, written anew:
 * against net with an echo behind it.  Sections 8 and 11 are not used there.  What only we ask
 * of a socket stands in src/net/sock_test.c.
 */

struct part {
    int first;         /* the frame's first byte */
    const char *bytes; /* NULL: no more */
    size_t len;
};
/* clang-format off: bytes stay on one line */
#define P(first_, text_)                 \
    {                                    \
        first_, text_, sizeof(text_) - 1 \
    }
/* clang-format on */
#define SAID(text_) P(0x81, text_)
#define PING(text_) P(0x89, text_)
#define PONG(text_) P(0x8a, text_)
#define BEGIN(text_) P(0x01, text_)
#define MORE(text_) P(0x00, text_)
#define END(text_) P(0x80, text_)

enum { PARTS_MAX = 12, STAYS = 0 };

struct sock_case {
    const char *id;
    int code; /* it closes with; STAYS */
    struct part sent[PARTS_MAX], heard[PARTS_MAX];
};

#define BYTES_125                                                            \
    "0123456789012345678901234567890123456789012345678901234567890123456789" \
    "0123456789012345678901234567890123456789012345678901234"

static const struct sock_case pings[] = {
    {"2.1", STAYS, {PING("")}, {PONG("")}},
    {"2.2", STAYS, {PING("Hello, world!")}, {PONG("Hello, world!")}},
    {"2.3",
     STAYS,
     {PING("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")},
     {PONG("\x00\xff\xfe\xfd\xfc\xfb\x00\xff")}},
    {"2.4 and 2.6", STAYS, {PING(BYTES_125)}, {PONG(BYTES_125)}},
    {"2.5", 1002, {PING(BYTES_125 "5")}, {{0}}},
    {"2.7", STAYS, {PONG("")}, {{0}}},
    {"2.8", STAYS, {PONG("nobody asked")}, {{0}}},
    {"2.9", STAYS, {PONG("nobody asked"), PING("I do")}, {PONG("I do")}},
    {"2.10 and 2.11",
     STAYS,
     {PING("0"), PING("1"), PING("2"), PING("3"), PING("4"), PING("5"), PING("6"), PING("7"),
      PING("8"), PING("9")},
     {PONG("0"), PONG("1"), PONG("2"), PONG("3"), PONG("4"), PONG("5"), PONG("6"), PONG("7"),
      PONG("8"), PONG("9")}},
};

static const struct sock_case reserved_bits[] = {
    {"3.1", 1002, {P(0x91, "Hello")}, {{0}}},
    {"3.2", 1002, {SAID("Hello"), P(0xa1, "Hello"), PING("")}, {SAID("Hello")}},
    {"3.3", 1002, {SAID("Hello"), P(0xb1, "Hello"), PING("")}, {SAID("Hello")}},
    {"3.4", 1002, {SAID("Hello"), P(0xc1, "Hello"), PING("")}, {SAID("Hello")}},
    {"3.5", 1002, {P(0xd2, "\x00\xff\xfe\xfd")}, {{0}}},
    {"3.6", 1002, {P(0xe9, "Hello")}, {{0}}},
    {"3.7", 1002, {P(0xf8, "")}, {{0}}},
};

static const struct sock_case opcodes[] = {
    {"4.1.1", 1002, {P(0x83, "")}, {{0}}},
    {"4.1.2", 1002, {P(0x84, "reserved")}, {{0}}},
    {"4.1.3", 1002, {SAID("Hello"), P(0x85, ""), PING("")}, {SAID("Hello")}},
    {"4.1.4", 1002, {SAID("Hello"), P(0x86, "reserved"), PING("")}, {SAID("Hello")}},
    {"4.1.5", 1002, {SAID("Hello"), P(0x87, "reserved"), PING("")}, {SAID("Hello")}},
    {"4.2.1", 1002, {P(0x8b, "")}, {{0}}},
    {"4.2.2", 1002, {P(0x8c, "reserved")}, {{0}}},
    {"4.2.3", 1002, {SAID("Hello"), P(0x8d, ""), PING("")}, {SAID("Hello")}},
    {"4.2.4", 1002, {SAID("Hello"), P(0x8e, "reserved"), PING("")}, {SAID("Hello")}},
    {"4.2.5", 1002, {SAID("Hello"), P(0x8f, "reserved"), PING("")}, {SAID("Hello")}},
};

static const struct sock_case fragments[] = {
    {"5.1", 1002, {P(0x09, "frag"), END("ment")}, {{0}}},
    {"5.2", 1002, {P(0x0a, "frag"), END("ment")}, {{0}}},
    {"5.3 to 5.5", STAYS, {BEGIN("frag"), END("ment")}, {SAID("fragment")}},
    {"5.6 to 5.8",
     STAYS,
     {BEGIN("frag"), PING("ping"), END("ment")},
     {PONG("ping"), SAID("fragment")}},
    {"5.9 to 5.11", 1002, {END("of nothing"), SAID("Hello")}, {{0}}},
    {"5.12 to 5.14", 1002, {MORE("of nothing"), SAID("Hello")}, {{0}}},
    {"5.15",
     1002,
     {BEGIN("frag"), END("ment"), MORE("of nothing"), SAID("Hello")},
     {SAID("fragment")}},
    {"5.16", 1002, {MORE("of nothing"), BEGIN("frag"), END("ment")}, {{0}}},
    {"5.17", 1002, {END("of nothing"), BEGIN("frag"), END("ment")}, {{0}}},
    {"5.18", 1002, {BEGIN("frag"), SAID("ment")}, {{0}}},
    {"5.19 and 5.20",
     STAYS,
     {BEGIN("one"), MORE("two"), PING("first"), MORE("three"), MORE("four"), PING("second"),
      END("five")},
     {PONG("first"), PONG("second"), SAID("onetwothreefourfive")}},
    {"5, of bytes", STAYS, {P(0x02, ""), MORE("\xff"), END("")}, {P(0x82, "\xff")}},
};

static const struct sock_case closings[] = {
    {"7.1.1", 1000, {SAID("Hello"), P(0x88, "\x03\xe8")}, {SAID("Hello")}},
    {"7.1.2", 1000, {P(0x88, "\x03\xe8"), P(0x88, "\x03\xe8")}, {{0}}},
    {"7.1.3", 1000, {P(0x88, "\x03\xe8"), PING("")}, {{0}}},
    {"7.1.4", 1000, {P(0x88, "\x03\xe8"), SAID("Hello")}, {{0}}},
    {"7.1.5", 1000, {BEGIN("frag"), P(0x88, "\x03\xe8"), END("ment")}, {{0}}},
    {"7.3.2", 1002, {P(0x88, "\x03")}, {{0}}},
    {"7.3.3", 1000, {P(0x88, "\x03\xe8")}, {{0}}},
    {"7.3.4", 1000, {P(0x88, "\x03\xe8Hello")}, {{0}}},
    {"7.3.6", 1002, {P(0x88, "\x03\xe8" BYTES_125)}, {{0}}},
    {"7.5.1", 1007, {P(0x88, "\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80")}, {{0}}},
    {"text, close, text that is none", 1000, {P(0x88, "\x03\xe8"), P(0xff, "x")}, {{0}}},
};

/* A client that writes `chop` bytes at a time. */
static void put_parts(int fd, const struct part *parts, size_t chop)
{
    uint8_t bytes[4096];
    size_t len = 0;
    for (size_t i = 0; i < PARTS_MAX && parts[i].bytes; i++) {
        assert_true(len + parts[i].len + 14 < sizeof(bytes));
        len += frame_bytes(bytes + len, parts[i].first, parts[i].bytes, parts[i].len);
    }
    for (size_t at = 0; at < len; at += chop) {
        put_bytes(fd, bytes + at, MIN(chop, len - at));
    }
}

static bool hears_part(int fd, const struct part *part)
{
    return get_frame(fd) == (part->first & 0x0f) && got.len == part->len &&
           memcmp(got.bytes, part->bytes, part->len) == 0;
}

static bool goes_as_wanted(int fd, const struct sock_case *one)
{
    static const struct part still = PONG("still there?");
    for (size_t i = 0; i < PARTS_MAX && one->heard[i].bytes; i++) {
        if (!hears_part(fd, &one->heard[i])) {
            return false;
        }
    }
    if (one->code != STAYS) {
        return closes_with(fd, one->code);
    }
    put_frame(fd, 0x89, "still there?", 12);
    return hears_part(fd, &still);
}

static void run_cases(struct world *world, const char *part, const struct sock_case *cases,
                      size_t count)
{
    static const size_t chops[] = {SIZE_MAX / 2, 1};
    world_start(world);
    for (size_t i = 0; i < count * COUNT(chops); i++) {
        const struct sock_case *one = &cases[i / COUNT(chops)];
        int fd = dial_sock(world);
        put_parts(fd, one->sent, chops[i % COUNT(chops)]);
        if (!goes_as_wanted(fd, one)) {
            fail_msg("Autobahn %s", one->id);
        }
        close(fd);
    }
    OUTSIDE_TOLD("Autobahn", part, count * COUNT(chops), 0, "");
}

static void pings_are_answered_with_their_own_bytes(void **state)
{
    run_cases(*state, "2 pings and pongs", pings, COUNT(pings));
}

static void reserved_bits_end_the_connection(void **state)
{
    run_cases(*state, "3 reserved bits", reserved_bits, COUNT(reserved_bits));
}

static void unknown_opcodes_end_the_connection(void **state)
{
    run_cases(*state, "4 opcodes", opcodes, COUNT(opcodes));
}

static void fragments_make_a_message(void **state)
{
    run_cases(*state, "5 fragmentation", fragments, COUNT(fragments));
}

static void a_close_is_the_last_that_is_heard(void **state)
{
    run_cases(*state, "7.1, 7.3, 7.5 closing", closings, COUNT(closings));
}

static void a_close_is_answered_with_its_own_code(void **state)
{
    static const int good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                               1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
    static const int bad[] = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535};
    struct world *world = *state;
    char payload[125];
    world_start(world);
    for (size_t i = 0; i < COUNT(good) + COUNT(bad); i++) {
        int code = i < COUNT(good) ? good[i] : bad[i - COUNT(good)];
        memset(payload, 'r', sizeof(payload)); /* 7.3.5: with as long a reason as there may be */
        payload[0] = (char)(code >> 8), payload[1] = (char)code;
        int fd = dial_sock(world);
        put_frame(fd, 0x88, payload, i % 2 ? sizeof(payload) : 2);
        if (!closes_with(fd, i < COUNT(good) ? code : 1002)) {
            fail_msg("Autobahn 7.7, 7.9, 7.13: %d", code);
        }
        close(fd);
    }
    int fd = dial_sock(world); /* 7.3.1 */
    put_frame(fd, 0x88, "", 0);
    assert_true(closes_with(fd, 0));
    close(fd);
    WAIT_FOR(atomic_load(&world->gone) == atomic_load(&world->opened));
    OUTSIDE_TOLD("Autobahn", "7.7, 7.9, 7.13 codes of a close", COUNT(good) + COUNT(bad) + 1, 0,
                 "1012 to 1014, newer than the suite's first edition, are taken");
}

/* ---- long messages: 1, 9, 10 ---- */

static uint8_t *pattern(size_t len)
{
    uint8_t *bytes = malloc(len + 1);
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)('a' + i % 23);
    }
    return bytes;
}

static size_t echo_len(int fd, int opcode)
{
    uint8_t head[10];
    assert_true(get_exactly(fd, head, 2));
    assert_int_equal(head[0], 0x80 | opcode);
    size_t more = head[1] == 126 ? 2 : head[1] == 127 ? 8 : 0;
    size_t len = more ? 0 : head[1];
    assert_true(get_exactly(fd, head + 2, more));
    for (size_t i = 0; i < more; i++) {
        len = len << 8 | head[2 + i];
    }
    return len;
}

static void comes_back(int fd, int opcode, const uint8_t *bytes, size_t len)
{
    uint8_t *back = malloc(len + 1);
    assert_int_equal(echo_len(fd, opcode), len);
    assert_true(get_exactly(fd, back, len));
    assert_memory_equal(back, bytes, len);
    free(back);
}

/* One message in frames of `fragment` bytes, written `chop` bytes at a time. */
static void echo(int fd, int opcode, size_t len, size_t fragment, size_t chop)
{
    uint8_t *bytes = pattern(len);
    uint8_t *frames = malloc(len + 14 * (len / MIN(fragment, len + 1) + 2));
    size_t at = 0;
    size_t frames_len = 0;
    do {
        size_t now = MIN(fragment, len - at);
        int first = (at ? 0 : opcode) | (at + now == len ? 0x80 : 0);
        frames_len += frame_bytes(frames + frames_len, first, bytes + at, now);
        at += now;
    } while (at < len);
    for (size_t i = 0; i < frames_len; i += chop) {
        put_bytes(fd, frames + i, MIN(chop, frames_len - i));
    }
    comes_back(fd, opcode, bytes, len);
    free(frames), free(bytes);
}

static void messages_of_every_length_come_back(void **state)
{
    static const size_t lengths[] = {0, 1, 125, 126, 127, 128, 65535, 65536, 70000};
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    size_t done = 0;
    for (int opcode = 1; opcode <= 2; opcode++) {
        for (size_t i = 0; i < COUNT(lengths); i++, done++) {
            echo(fd, opcode, lengths[i], SIZE_MAX / 2, SIZE_MAX / 2);
        }
        echo(fd, opcode, 65536, SIZE_MAX / 2, 997);
        done++;
    }
    close(fd);
    OUTSIDE_TOLD("Autobahn", "1 framing", done, 0, "");
}

static void large_messages_come_back_however_they_are_cut(void **state)
{
    enum { LARGE = 1 << 20 };
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    size_t done = 0;
    for (int opcode = 1; opcode <= 2; opcode++) {
        for (size_t len = 1 << 16; len <= LARGE; len *= 4, done++) { /* 9.1, 9.2 */
            echo(fd, opcode, len, SIZE_MAX / 2, SIZE_MAX / 2);
        }
        for (size_t cut = 64; cut <= 1 << 18; cut *= 4, done++) { /* 9.3, 9.4 */
            echo(fd, opcode, LARGE, cut, SIZE_MAX / 2);
        }
        for (size_t chop = 64; chop <= 2048; chop *= 2, done++) { /* 9.5, 9.6 */
            echo(fd, opcode, LARGE / 4, SIZE_MAX / 2, chop);
        }
    }
    echo(fd, 1, 65536, 1300, SIZE_MAX / 2); /* 10.1.1 */
    close(fd);
    static const size_t too_large[] = {4 << 20, 8 << 20, 16 << 20};
    for (size_t i = 0; i < 2 * COUNT(too_large); i++) { /* refused at their first bytes */
        uint8_t head[32];
        fd = dial_sock(world);
        (void)frame_bytes(head, (int)(0x81 + i / COUNT(too_large)), "", 0);
        head[1] = 0x80 | 127;
        for (int at = 0; at < 8; at++) {
            head[2 + at] = (uint8_t)((uint64_t)too_large[i % COUNT(too_large)] >> (56 - 8 * at));
        }
        put_bytes(fd, head, 14);
        assert_true(closes_with(fd, 1009));
        close(fd);
    }
    OUTSIDE_TOLD("Autobahn", "9.1 to 9.6 large messages, 10.1.1", done + 1, 2 * COUNT(too_large),
                 "messages over the limit (a megabyte here, less in the product) get 1009");
}

static void a_thousand_small_messages_come_back_one_by_one(void **state)
{
    enum { TIMES = 1000 };
    static const size_t lengths[] = {0, 16, 64, 256, 1024, 4096};
    struct world *world = *state;
    world_start(world);
    int fd = dial_sock(world);
    for (size_t i = 0; i < 2 * COUNT(lengths); i++) {
        for (int time = 0; time < TIMES; time++) {
            echo(fd, 1 + (int)(i / COUNT(lengths)), lengths[i % COUNT(lengths)], SIZE_MAX / 2,
                 SIZE_MAX / 2);
        }
    }
    close(fd);
    OUTSIDE_TOLD("Autobahn", "9.7 and 9.8 a thousand there and back", 2 * COUNT(lengths), 0, "");
}

/* 12 and 13: each kind of offer is passed over, which is an answer (RFC 7692, 5). */
static void compression_is_not_taken_up(void **state)
{
#define OFFER(what_) HANDSHAKE("/api/live", "Sec-WebSocket-Extensions: " what_ "\r\n")
    static const char *const offers[] = {
        OFFER("permessage-deflate"),
        OFFER("permessage-deflate; client_max_window_bits"),
        OFFER("permessage-deflate; client_no_context_takeover; server_no_context_takeover"),
        OFFER("permessage-deflate; server_max_window_bits=9; client_max_window_bits=15"),
        OFFER("permessage-deflate; server_max_window_bits=8, permessage-deflate"),
        OFFER("permessage-deflate; nothing=\"of the kind\""),
        OFFER("x-webkit-deflate-frame, permessage-bzip2"),
    };
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(offers); i++) {
        int fd = dial(world);
        assert_int_equal(ask(fd, offers[i]), 101);
        assert_null(strcasestr(reply.head, "Sec-WebSocket-Extensions"));
        echo(fd, 1, 1000, 300, SIZE_MAX / 2);
        put_frame(fd, 0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00", 7); /* "Hello", compressed */
        assert_true(closes_with(fd, 1002));
        close(fd);
    }
    OUTSIDE_TOLD("Autobahn", "12 and 13 compression", 0, COUNT(offers),
                 "permessage-deflate is not offered: what is said beside secrets is not packed");
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(messages_of_every_length_come_back),
        NET_TEST(pings_are_answered_with_their_own_bytes),
        NET_TEST(reserved_bits_end_the_connection),
        NET_TEST(unknown_opcodes_end_the_connection),
        NET_TEST(fragments_make_a_message),
        NET_TEST(a_close_is_the_last_that_is_heard),
        NET_TEST(a_close_is_answered_with_its_own_code),
        NET_TEST(large_messages_come_back_however_they_are_cut),
        NET_TEST(a_thousand_small_messages_come_back_one_by_one),
        NET_TEST(compression_is_not_taken_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
