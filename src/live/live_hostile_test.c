#include "live/fake_test.h"

/* What no client of ours sends, and what empties a room at the wrong moment. */

/* `count` times the same character, as many bytes as it has. */
static const char *run_of(const char *character, int count)
{
    static char text[1024];
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        strcat(text, character); /* NOLINT: far below its size */
    }
    return text;
}

static const char *const widths[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

static void a_room_that_no_server_named_is_missing_whatever_its_bytes(void **state)
{
    struct fake *fake = *state;
    for (size_t i = 0; i < COUNT(widths); i++) {
        for (int points = 25; points <= 27; points++) {
            fake_open(fake, 1, 1, "");
            fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"%s\"}", run_of(widths[i], points));
            fake_run(fake);
            assert_true(fake_heard_with(fake, 1, "refused", "code",
                                        points > PUBLIC_ID_LEN ? "input.length" : "rooms.missing"));
            fake_lose(fake, 1);
            fake_open(fake, 2, 2, run_of(widths[i], points));
            fake_run(fake);
            assert_true(fake_heard_with(fake, 2, "refused", "code", "rooms.missing"));
            fake_lose(fake, 2);
        }
    }
    fake_open(fake, 1, 1, "");
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"%saaaaaaaaaaaaaaaa\"}",
             run_of("\xe2\x82\xac", 10));
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "refused", "code", "rooms.missing"));
    struct live_stats stats;
    live_stats(fake->live, &stats);
    assert_int_equal(stats.rooms, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_WORLD(a_room_that_no_server_named_is_missing_whatever_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
