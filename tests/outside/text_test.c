#include "net/testing_client.h"
#include "tests/outside/outside.h"

/*
 * Section 6 of the Autobahn test suite by its numbers: what is UTF-8 in a text message.  Each text
 * goes in one frame, then in frames of one byte each, which cut its characters.
 */

#define KOSME "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5"

struct text_case {
    const char *id, *text; /* of several with one id each is a case of its own */
    bool good;
};

static const struct text_case cases[] = {
    {"6.1.1", "", true},
    {"6.2", "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4\xc3\xbc\xc3\xa0\xc3\xa1-UTF-8!!", true},
    {"6.2.4", KOSME, true},
    {"6.3", KOSME "\xed\xa0\x80\x65\x64\x69\x74\x65\x64", false},
    {"6.4", KOSME "\xf4\x90\x80\x80\x65\x64\x69\x74\x65\x64", false},
    {"6.5", "\xce", false},
    {"6.5", "\xce\xba", true},
    {"6.5", "\xce\xba\xe1", false},
    {"6.5", "\xce\xba\xe1\xbd", false},
    {"6.5", "\xce\xba\xe1\xbd\xb9", true},
    {"6.6", "\xce\xba\xe1\xbd\xb9\xcf", false},
    {"6.6", "\xce\xba\xe1\xbd\xb9\xcf\x83", true},
    {"6.6", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce", false},
    {"6.6", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc", true},
    {"6.6", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce", false},
    {"6.7.1", "\x01", true}, /* 6.7.1 itself is a NUL, which has its own test below */
    {"6.7.2", "\xc2\x80", true},
    {"6.7.3", "\xe0\xa0\x80", true},
    {"6.7.4", "\xf0\x90\x80\x80", true},
    {"6.8.1", "\xf8\x88\x80\x80\x80", false},
    {"6.8.2", "\xfc\x84\x80\x80\x80\x80", false},
    {"6.9.1", "\x7f", true},
    {"6.9.2", "\xdf\xbf", true},
    {"6.9.3", "\xef\xbf\xbf", true},
    {"6.9.4", "\xf4\x8f\xbf\xbf", true},
    {"6.10.1", "\xf7\xbf\xbf\xbf", false},
    {"6.10.2", "\xfb\xbf\xbf\xbf\xbf", false},
    {"6.10.3", "\xfd\xbf\xbf\xbf\xbf\xbf", false},
    {"6.11.1", "\xed\x9f\xbf", true},
    {"6.11.2", "\xee\x80\x80", true},
    {"6.11.3", "\xef\xbf\xbd", true},
    {"6.11.4", "\xf4\x8f\xbf\xbf", true},
    {"6.11.5", "\xf4\x90\x80\x80", false},
    {"6.12.1", "\x80", false},
    {"6.12.2", "\xbf", false},
    {"6.12.3", "\x80\xbf", false},
    {"6.12.4", "\x80\xbf\x80", false},
    {"6.12.5", "\x80\xbf\x80\xbf", false},
    {"6.12.6", "\x80\xbf\x80\xbf\x80", false},
    {"6.12.7", "\x80\xbf\x80\xbf\x80\xbf", false},
    {"6.12.8", "\x80\x81\x82\x83\x9e\x9f\xa0\xa1\xbe\xbf", false},
    {"6.13.1", "\xc0 \xc1 \xc2 \xde \xdf ", false},
    {"6.13.2", "\xe0 \xe1 \xee \xef ", false},
    {"6.13.3", "\xf0 \xf1 \xf6 \xf7 ", false},
    {"6.13.4", "\xf8 \xf9 \xfa \xfb ", false},
    {"6.13.5", "\xfc \xfd ", false},
    {"6.14.1", "\xc0", false},
    {"6.14.2", "\xe0\x80", false},
    {"6.14.3", "\xf0\x80\x80", false},
    {"6.14.4", "\xf8\x80\x80\x80", false},
    {"6.14.5", "\xfc\x80\x80\x80\x80", false},
    {"6.14.6", "\xdf", false},
    {"6.14.7", "\xef\xbf", false},
    {"6.14.8", "\xf7\xbf\xbf", false},
    {"6.14.9", "\xfb\xbf\xbf\xbf", false},
    {"6.14.10", "\xfd\xbf\xbf\xbf\xbf", false},
    {"6.15.1", "\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf", false},
    {"6.16.1", "\xfe", false},
    {"6.16.2", "\xff", false},
    {"6.16.3", "\xfe\xfe\xff\xff", false},
    {"6.17.1", "\xc0\xaf", false},
    {"6.17.2", "\xe0\x80\xaf", false},
    {"6.17.3", "\xf0\x80\x80\xaf", false},
    {"6.17.4", "\xf8\x80\x80\x80\xaf", false},
    {"6.17.5", "\xfc\x80\x80\x80\x80\xaf", false},
    {"6.18.1", "\xc1\xbf", false},
    {"6.18.2", "\xe0\x9f\xbf", false},
    {"6.18.3", "\xf0\x8f\xbf\xbf", false},
    {"6.18.4", "\xf8\x87\xbf\xbf\xbf", false},
    {"6.18.5", "\xfc\x83\xbf\xbf\xbf\xbf", false},
    {"6.19.1", "\xc0\x80", false},
    {"6.19.2", "\xe0\x80\x80", false},
    {"6.19.3", "\xf0\x80\x80\x80", false},
    {"6.19.4", "\xf8\x80\x80\x80\x80", false},
    {"6.19.5", "\xfc\x80\x80\x80\x80\x80", false},
    {"6.20.1", "\xed\xa0\x80", false},
    {"6.20.2", "\xed\xad\xbf", false},
    {"6.20.3", "\xed\xae\x80", false},
    {"6.20.4", "\xed\xaf\xbf", false},
    {"6.20.5", "\xed\xb0\x80", false},
    {"6.20.6", "\xed\xbe\x80", false},
    {"6.20.7", "\xed\xbf\xbf", false},
    {"6.21.1", "\xed\xa0\x80\xed\xb0\x80", false},
    {"6.21.2", "\xed\xa0\x80\xed\xbf\xbf", false},
    {"6.21.3", "\xed\xad\xbf\xed\xb0\x80", false},
    {"6.21.4", "\xed\xad\xbf\xed\xbf\xbf", false},
    {"6.21.5", "\xed\xae\x80\xed\xb0\x80", false},
    {"6.21.6", "\xed\xae\x80\xed\xbf\xbf", false},
    {"6.21.7", "\xed\xaf\xbf\xed\xb0\x80", false},
    {"6.21.8", "\xed\xaf\xbf\xed\xbf\xbf", false},
    {"6.23.1", "\xef\xbf\xb9", true},
    {"6.23.2", "\xef\xbf\xba", true},
    {"6.23.3", "\xef\xbf\xbb", true},
    {"6.23.4", "\xef\xbf\xbc", true},
    {"6.23.5", "\xef\xbf\xbd", true},
    {"6.23.6", "\xef\xbf\xbe", true},
    {"6.23.7", "\xef\xbf\xbf", true},
};

static void put_bytewise(int fd, const char *text, size_t len)
{
    put_frame(fd, 0x01, "", 0); /* 6.1.2 and 6.1.3: empty ones first and last */
    for (size_t i = 0; i < len; i++) {
        put_frame(fd, 0x00, text + i, 1);
    }
    put_frame(fd, 0x80, "", 0);
}

static void judge(const struct world *world, const char *id, const char *text, size_t len,
                  bool good)
{
    for (int bytewise = 0; bytewise < 2; bytewise++) {
        int fd = dial_sock(world);
        if (bytewise) {
            put_bytewise(fd, text, len);
        } else {
            put_frame(fd, 0x81, text, len);
        }
        bool wanted = good ? get_frame(fd) == WS_OP_TEXT && got.len == len &&
                                 memcmp(got.bytes, text, len) == 0
                           : closes_with(fd, WS_CLOSE_TEXT);
        if (!wanted) {
            fail_msg("Autobahn %s%s", id, bytewise ? ", byte by byte" : "");
        }
        close(fd);
    }
}

static void text_is_utf8_or_the_end(void **state)
{
    struct world *world = *state;
    world_start(world);
    for (size_t i = 0; i < COUNT(cases); i++) {
        judge(world, cases[i].id, cases[i].text, strlen(cases[i].text), cases[i].good);
    }
    judge(world, "6.7.1", "\0", 1, true);
    OUTSIDE_TOLD("Autobahn", "6 UTF-8 (without 6.22)", 2 * (COUNT(cases) + 1), 0, "");
}

/* U+FFFE and U+FFFF of each of the 17 planes. */
static void what_is_no_character_is_still_utf8(void **state)
{
    struct world *world = *state;
    world_start(world);
    for (unsigned plane = 0; plane <= 16; plane++) {
        for (unsigned last = 0xfffe; last <= 0xffff; last++) {
            unsigned point = plane << 16 | last;
            char text[8] = "";
            if (plane == 0) {
                snprintf(text, sizeof(text), "\xef\xbf%c", (char)(0x80 | (point & 0x3f)));
            } else {
                snprintf(text, sizeof(text), "%c%c%c%c", (char)(0xf0 | point >> 18),
                         (char)(0x80 | (point >> 12 & 0x3f)), (char)(0x80 | (point >> 6 & 0x3f)),
                         (char)(0x80 | (point & 0x3f)));
            }
            judge(world, "6.22", text, strlen(text), true);
        }
    }
    OUTSIDE_TOLD("Autobahn", "6.22 what is no character", 2 * 34, 0, "");
}

/* 6.4: the end comes with the first byte that can't be right, not with the message's. */
static void bad_utf8_is_noticed_before_the_message_is_whole(void **state)
{
    static const char bad[] = KOSME "\xf4\x90\x80\x80 and so on";
    static const size_t seen[] = {sizeof(KOSME) - 1 + 2, sizeof(KOSME) - 1 + 4};
    struct world *world = *state;
    uint8_t bytes[64];
    world_start(world);
    for (size_t i = 0; i < COUNT(seen); i++) {
        int fd = dial_sock(world);
        put_frame(fd, 0x01, bad, sizeof(KOSME) - 1); /* 6.4.1, 6.4.2: in frames */
        put_frame(fd, 0x00, bad + sizeof(KOSME) - 1, seen[i] - (sizeof(KOSME) - 1));
        assert_true(closes_with(fd, WS_CLOSE_TEXT));
        close(fd);
        fd = dial_sock(world); /* 6.4.3, 6.4.4: within one */
        size_t whole = frame_bytes(bytes, 0x81, bad, sizeof(bad) - 1);
        put_bytes(fd, bytes, whole - (sizeof(bad) - 1) + seen[i]);
        assert_true(closes_with(fd, WS_CLOSE_TEXT));
        close(fd);
    }
    OUTSIDE_TOLD("Autobahn", "6.4 the end comes at once", 2 * COUNT(seen), 0, "");
}

int main(void)
{
#define NET_TEST(name_) cmocka_unit_test_setup_teardown(name_, world_make, world_end)
    const struct CMUnitTest tests[] = {
        NET_TEST(text_is_utf8_or_the_end),
        NET_TEST(what_is_no_character_is_still_utf8),
        NET_TEST(bad_utf8_is_noticed_before_the_message_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
