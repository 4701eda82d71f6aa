#include "call/id.h"
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
            fake_tick(fake, 6000);
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

/* ---- rooms that end while something walks through them ---- */

static void happens(struct fake *fake, enum event_kind kind, int64_t account_id, int64_t id)
{
    struct event event = {.kind = kind, .account_id = account_id, .id = id};
    live_event(fake->live, &event);
    fake_run(fake);
}

/* Everything a room was kept for is over: nothing of it is left. */
static void assert_nobody_left(struct fake *fake)
{
    struct live_stats stats;
    fake_run(fake);
    live_stats(fake->live, &stats);
    assert_int_equal(stats.rooms, 0);
    assert_int_equal(stats.people, 0);
    assert_int_equal(stats.queued, 0);
    assert_int_equal(stats.unstored, 0);
}

static void removing_the_only_person_ends_the_rooms_life_once(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].owner = 9;
    for (int present = 0; present < 2; present++) { /* with a socket, and just after losing it */
        fake_enter(fake, 1, 1, "rooma");
        assert_true(fake_heard(fake, 1, "entered"));
        if (!present) {
            fake_lose(fake, 1);
        }
        happens(fake, EVENT_ROOM_REMOVED, 1, 1);
        assert_nobody_left(fake);
        fake_lose(fake, 1);
    }
}

/* Each that goes lets the next one move up, and may be the last of the room. */
static void removing_somebody_everywhere_in_a_queue_leaves_the_others_in_order(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 2;
    for (int i = 1; i <= 2; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    for (int i = 3; i <= 8; i++) {
        fake_enter(fake, i, i == 5 ? 5 : 10 + i, "rooma");
    }
    fake->removed[0][5] = true;
    happens(fake, EVENT_ROOM_REMOVED, 5, 1);
    assert_true(fake_heard_with(fake, 5, "out", "code", "rooms.removed"));
    fake_forget(fake, 8);
    fake_say(fake, 8, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 8, "queued", "place", "5"));
    fake->removed[0][1] = true; /* who is in goes, and the first of the queue moves up */
    happens(fake, EVENT_ROOM_REMOVED, 1, 1);
    assert_true(fake_heard(fake, 3, "entered"));
    for (int i = 0; i < 20; i++) {
        fake->removed[0][i] = true;
        happens(fake, EVENT_ROOM_REMOVED, i, 1);
    }
    assert_nobody_left(fake);
}

/* What can take the last one out, each on a room of one: people, then nobody. */
static void whatever_takes_the_last_one_out_frees_the_room_once(void **state)
{
    struct fake *fake = *state;
    enum {
        REMOVED,
        ENDED,
        SIGNED_OUT,
        LOST,
        LEFT,
        BANNED,
        CHANGED,
        CONTACT,
        ROOM_ENDED,
        CLOSED,
        SLOW,
        REFUSED,
        ELSEWHERE,
        WAYS
    };
    for (int way = 0; way < WAYS; way++) {
        for (int away = 0; away < 2; away++) {
            fake->rooms[0].ended = false;
            fake->rooms[0].visibility = "public";
            memset(fake->removed, 0, sizeof(fake->removed));
            int account = 20 + 2 * way + away;
            fake_enter(fake, 1, account, "rooma");
            assert_true(fake_heard(fake, 1, "entered"));
            fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"w%d\",\"text\":\"x\"}", account);
            if (away) {
                fake_lose(fake, 1);
            }
            fake->removed[0][account] = way == CHANGED || way == CONTACT || way == REMOVED;
            fake->rooms[0].ended = way == ROOM_ENDED;
            fake->rooms[0].visibility = way == CLOSED ? "closed" : "public";
            if (way == REMOVED) {
                happens(fake, EVENT_ROOM_REMOVED, account, 1);
            } else if (way == ENDED) {
                happens(fake, EVENT_ACCOUNT_ENDED, account, 0);
            } else if (way == SIGNED_OUT) {
                happens(fake, EVENT_SESSION_ENDED, 0, 1000 + account);
            } else if (way == LOST) {
                fake_lose(fake, 1);
            } else if (way == LEFT || way == ELSEWHERE) {
                fake_say(fake, 1,
                         way == LEFT ? "{\"t\":\"leave\"}"
                                     : "{\"t\":\"enter\",\"room\":\"roomb\"}");
                fake_run(fake);
                fake_say(fake, 1, "{\"t\":\"leave\"}");
            } else if (way == CHANGED || way == BANNED) {
                happens(fake, EVENT_ACCOUNT_CHANGED, account, 0);
            } else if (way == CONTACT) {
                happens(fake, EVENT_CONTACT_CHANGED, account, 300);
            } else if (way == ROOM_ENDED || way == CLOSED) {
                happens(fake, EVENT_ROOM_CHANGED, 0, 1);
            } else if (way == SLOW) {
                fake->socks[1].queued = 1 << 20;
            } else if (way == REFUSED) {
                for (int i = 0; i < 12; i++) {
                    fake_say(fake, 1, "{\"t\":\"what\"}");
                }
            }
            fake_tick(fake, 61000); /* who has only lost the connection goes now */
            fake_lose(fake, 1);
            fake_tick(fake, 61000);
            assert_nobody_left(fake);
        }
    }
}

/* ---- what everybody is sent on coming in always fits ---- */

/* 198 people with the longest names, seen by the last one. */
static void fill(struct fake *fake)
{
    fake->rooms[0].capacity = 200;
    fake->long_names = true;
    for (int i = 0; i < 198; i++) { /* one socket after the other, presence stays */
        fake_enter(fake, 1, 100 + i, "rooma");
        assert_true(fake_heard(fake, 1, "entered"));
        fake_lose(fake, 1);
    }
}

/* As many lines as are remembered, of the text given, from somebody who stays. */
static void talk(struct fake *fake, int lines, const char *text)
{
    static int said;
    for (int i = 0; i < lines; i++) {
        fake_say(fake, 2,
                 "{\"t\":\"say\",\"cid\":\"a-client-id-as-long-as-it-%d\",\"text\":\"%s\"}", said++,
                 text);
        fake_tick(fake, 2000);
        fake_forget(fake, 2);
    }
}

static void whatever_was_said_everybody_can_come_in(void **state)
{
    struct fake *fake = *state;
    static const char *const characters[] = {"\\n", "\\\"", "\xf0\x9f\x98\x80", "x"};
    for (size_t i = 0; i < COUNT(characters); i++) {
        char text[4100] = "a";
        for (int c = 0; c < 998; c++) {
            strcat(text, characters[i]); /* NOLINT: far below its size */
        }
        strcat(text, "b");
        fake_enter(fake, 2, 2, "rooma");
        talk(fake, 60, text);
        fill(fake);
        for (int resume = 0; resume < 2; resume++) {
            fake_open(fake, 3, 3, "");
            fake_say(fake, 3,
                     resume ? "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":0}"
                            : "{\"t\":\"enter\",\"room\":\"rooma\"}");
            fake_run(fake);
            json_t *entered = fake_next(fake, 3, "entered");
            assert_non_null(entered);
            assert_int_equal(json_array_size(json_object_get(entered, "people")), 200);
            size_t lines = json_array_size(json_object_get(entered, "lines"));
            assert_true(lines > 10);
            assert_int_equal(json_is_true(json_object_get(entered, "more")), lines < 60);
            assert_true(fake->socks[3].got[fake->socks[3].seen - 1]->len <= 192 * 1024);
            json_decref(entered);
            fake_tick(fake, 1000);
            assert_true(fake->socks[3].open);
            fake_lose(fake, 3);
        }
        fake_tick(fake, 61000);
        fake_lose(fake, 2);
        fake_tick(fake, 61000);
        assert_nobody_left(fake);
    }
}

static void with_its_owners_account_a_room_sends_everybody_out(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].owner = 9;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake->rooms[0].ended = true; /* the feature knows the room no longer */
    happens(fake, EVENT_ACCOUNT_ENDED, 9, 0);
    assert_true(fake_heard_with(fake, 1, "out", "code", "rooms.closed"));
    assert_true(fake_heard_with(fake, 2, "out", "code", "rooms.closed"));
    assert_nobody_left(fake);
}

/* ---- one account, many sockets ---- */

static void what_an_account_may_say_counts_for_all_its_sockets(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 9, 9, "rooma");
    for (int i = 0; i < 6; i++) { /* each in its turn: the newer takes the place over */
        fake_open(fake, 1 + i, 1, "rooma");
        fake_run(fake);
        fake_say(fake, 1 + i, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"x\"}", i);
        fake_run(fake);
        assert_int_equal(fake_heard(fake, 1 + i, "nack"), i == 5);
    }
    fake_forget(fake, 9);
    for (int i = 0; i < 6; i++) { /* nor does coming again make it new */
        fake_lose(fake, 1 + i);
    }
    fake_tick(fake, 100);
    fake_open(fake, 1, 1, "rooma");
    fake_run(fake);
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"again\",\"text\":\"x\"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "live.often"));
    fake_tick(fake, 2000);
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"again\",\"text\":\"x\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "ack", "cid", "again"));
}

static void what_one_member_says_in_a_day_has_an_end(void **state)
{
    struct fake *fake = *state;
    char text[4100] = "";
    for (int c = 0; c < 1000; c++) {
        strcat(text, "\xf0\x9f\x98\x80"); /* NOLINT: far below its size */
    }
    int taken = 0;
    fake->now_ms = 0; /* a day begins */
    for (int i = 0; i < 300; i++) {
        fake_enter(fake, 1, 1, "rooma"); /* nor does coming again make it new */
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"d%d\",\"text\":\"%s\"}", i, text);
        fake_tick(fake, LIVE_TICK_MS);
        fake->now_ms += 10 * 1000;
        taken += fake_heard(fake, 1, "ack");
        fake_lose(fake, 1);
    }
    assert_int_equal(taken, 263); /* of 4,000 bytes: 1 MB */
    fake->now_ms = 24 * 60 * 60 * 1000 + 1;
    fake_enter(fake, 1, 1, "rooma");
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"next\",\"text\":\"x\"}");
    fake_tick(fake, 1000);
    assert_true(fake_heard(fake, 1, "ack"));
}

static void coming_in_by_the_address_counts_like_asking(void **state)
{
    struct fake *fake = *state;
    for (int i = 0; i < 10; i++) {
        fake_open(fake, 1, 1, i % 2 ? "rooma" : "roomb");
        fake_run(fake);
        fake_lose(fake, 1);
    }
    fake_open(fake, 1, 1, "rooma");
    assert_true(fake_heard_with(fake, 1, "refused", "code", "live.often"));
}

static void a_socket_too_many_is_closed_and_one_less_makes_room(void **state)
{
    struct fake *fake = *state;
    for (int i = 0; i < 32; i++) {
        fake_open(fake, i, 1, "");
        assert_true(fake->socks[i].open);
    }
    fake_open(fake, 32, 1, "");
    assert_int_equal(fake->socks[32].code, 1013);
    fake_open(fake, 33, 2, ""); /* somebody else's */
    assert_true(fake->socks[33].open);
    fake_lose(fake, 0);
    fake_open(fake, 34, 1, "");
    assert_true(fake->socks[34].open);
}

static void an_account_has_one_place_in_a_queue(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 2;
    for (int i = 1; i <= 4; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    assert_true(fake_heard_with(fake, 3, "queued", "place", "1"));
    for (int i = 10; i < 18; i++) {
        fake_enter(fake, i, 3, "rooma");
        assert_true(fake_heard_with(fake, i, "queued", "place", "1"));
    }
    assert_true(fake_heard_with(fake, 3, "out", "code", "rooms.elsewhere"));
    assert_true(fake_heard_with(fake, 16, "out", "code", "rooms.elsewhere"));
    fake_enter(fake, 5, 5, "rooma");
    assert_true(fake_heard_with(fake, 5, "queued", "place", "3"));
    fake_say(fake, 1, "{\"t\":\"leave\"}");
    fake_run(fake);
    assert_true(fake_heard(fake, 17, "entered"));
    assert_true(fake_heard_with(fake, 4, "queued", "place", "2"));
    assert_true(fake_heard_with(fake, 4, "queued", "place", "1"));
}

static void a_sign_in_that_is_over_by_time_closes_its_sockets(void **state)
{
    struct fake *fake = *state;
    fake->session_ends_ms = fake_now(fake, 0) + 60 * 1000;
    fake_enter(fake, 1, 1, "rooma");
    fake->session_ends_ms = 0;
    fake_enter(fake, 2, 2, "rooma");
    fake_tick(fake, 59 * 1000);
    assert_true(fake->socks[1].open);
    fake_tick(fake, 5 * 1000);
    assert_int_equal(fake->socks[1].code, 4410);
    assert_true(fake->socks[2].open);
}

static void an_account_that_is_opened_again_comes_in_at_once(void **state)
{
    struct fake *fake = *state;
    fake->session_id = id_at(fake_now(fake, 0) - 1000);
    fake_enter(fake, 1, 1, "rooma");
    happens(fake, EVENT_ACCOUNT_ENDED, 1, 0);
    assert_int_equal(fake->socks[1].code, 4403);
    fake_open(fake, 1, 1, "rooma"); /* its sign-in was checked a moment before the end */
    assert_int_equal(fake->socks[1].code, 4403);
    fake_bury(fake);
    fake_tick(fake, 1000);
    fake->session_id = id_at(fake_now(fake, 0));
    fake_open(fake, 1, 1, "rooma");
    assert_true(fake->socks[1].open);
    fake_lose(fake, 1);
    fake_tick(fake, 61000);
    fake->session_id = id_at(INT64_C(1790000000000)); /* a token's, which outlives both */
    fake_open(fake, 1, 1, "rooma");
    assert_true(fake->socks[1].open);
}

/* A sign-in bears the time of the wall, which somebody may set. */
static void a_clock_that_is_set_lets_nobody_in_after_their_end(void **state)
{
    struct fake *fake = *state;
    static const int64_t sets_ms[] = {-30 * 1000, -3600 * 1000, 3600 * 1000};
    for (int i = 0; i < (int)COUNT(sets_ms); i++) {
        int account = 1 + i;
        fake_tick(fake, 1000);
        fake->session_id = id_at(fake_now(fake, 0) - 500);
        fake->set_ms += sets_ms[i];
        happens(fake, EVENT_ACCOUNT_ENDED, account, 0);
        fake_tick(fake, 40 * 1000);
        fake_open(fake, 1, account, "rooma"); /* checked before the end, and slow */
        assert_int_equal(fake->socks[1].code, 4403);
        fake_bury(fake);
        fake->session_id = id_at(fake_now(fake, 0));
        fake_open(fake, 1, account, "rooma"); /* opened again: set back, it waits out the minute */
        assert_int_equal(fake->socks[1].code, sets_ms[i] < -40 * 1000 ? 4403 : 0);
        fake_lose(fake, 1);
        fake_tick(fake, 20 * 1000);
        fake_open(fake, 1, account, "rooma");
        assert_true(fake->socks[1].open);
        fake_lose(fake, 1);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_WORLD(a_room_that_no_server_named_is_missing_whatever_its_bytes),
        IN_WORLD(removing_the_only_person_ends_the_rooms_life_once),
        IN_WORLD(removing_somebody_everywhere_in_a_queue_leaves_the_others_in_order),
        IN_WORLD(whatever_takes_the_last_one_out_frees_the_room_once),
        IN_WORLD(with_its_owners_account_a_room_sends_everybody_out),
        IN_WORLD(whatever_was_said_everybody_can_come_in),
        IN_WORLD(what_an_account_may_say_counts_for_all_its_sockets),
        IN_WORLD(what_one_member_says_in_a_day_has_an_end),
        IN_WORLD(coming_in_by_the_address_counts_like_asking),
        IN_WORLD(a_socket_too_many_is_closed_and_one_less_makes_room),
        IN_WORLD(an_account_has_one_place_in_a_queue),
        IN_WORLD(a_sign_in_that_is_over_by_time_closes_its_sockets),
        IN_WORLD(an_account_that_is_opened_again_comes_in_at_once),
        IN_WORLD(a_clock_that_is_set_lets_nobody_in_after_their_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
