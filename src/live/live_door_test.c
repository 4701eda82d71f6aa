#include "live/fake_test.h"

/* What somebody in a room is not to read, and when they may not be in it any more. */

static size_t told_of(const struct live_sock *sock, const char *what)
{
    size_t found = 0;
    for (size_t i = 0; i < sock->count; i++) {
        found += memmem(sock->got[i]->bytes, sock->got[i]->len, what, strlen(what)) != NULL;
    }
    return found;
}

static void lines_of_the_hidden_stay_hidden_when_they_came_later_and_went(void **state)
{
    struct fake *fake = *state;
    fake->hides[1][2] = fake->hides[2][1] = true;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"secret\"}");
    fake_run(fake);
    fake_say(fake, 2, "{\"t\":\"leave\"}");
    fake_run(fake);
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_int_equal(told_of(&fake->socks[1], "secret"), 0);
    assert_int_equal(told_of(&fake->socks[1], "account2"), 0);
}

/* What waits at the reactors is taken in; no question is answered. */
static void take_in(struct fake *fake)
{
    while (fake_post_one(fake)) {
    }
    fake_turn(fake);
}

/* From the moment on: the answer about the two takes its time, and an older one is under way. */
static void a_block_parts_two_before_anybody_is_asked(void **state)
{
    struct fake *fake = *state;
    const struct event changed = {.kind = EVENT_ACCOUNT_CHANGED, .account_id = 2};
    const struct event parted = {.kind = EVENT_PARTED, .account_id = 1, .id = 2};
    const struct event again = {.kind = EVENT_CONTACT_CHANGED, .account_id = 1, .id = 2};
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_enter(fake, 3, 3, "rooma");
    fake_tick(fake, 1000);
    live_event(fake->live, &changed);
    take_in(fake);
    assert_non_null(fake->asks);
    live_event(fake->live, &parted);
    take_in(fake);
    assert_int_equal(told_of(&fake->socks[1], "\"left\""), 1);
    assert_int_equal(told_of(&fake->socks[2], "\"left\""), 1);
    for (int i = 0; i < 3; i++) {
        for (int n = 1; n <= 2; n++) {
            fake_say(fake, n, "{\"t\":\"emote\",\"name\":\"wave\"}");
        }
        take_in(fake);
        assert_int_equal(told_of(&fake->socks[3], "\"emote\""), 2 * (i + 1));
        assert_int_equal(told_of(&fake->socks[1], "\"emote\""), i + 1); /* their own */
        assert_int_equal(told_of(&fake->socks[2], "\"emote\""), i + 1);
        if (i == 0) {
            assert_true(fake_answer(fake)); /* of before the block */
        } else {
            fake->hides[1][2] = fake->hides[2][1] = true;
            fake_tick(fake, 1000);
        }
        fake->now_ms += 1000; /* two gestures a second are let through */
    }
    assert_int_equal(told_of(&fake->socks[1], "account2"), 1); /* when it came */
    fake->hides[1][2] = fake->hides[2][1] = false;
    live_event(fake->live, &again);
    fake_tick(fake, 1000);
    assert_int_equal(told_of(&fake->socks[1], "account2"), 2);
}

/* Whose room it is may lose who came to it: a friendship or a parent's yes ends. */
static void everybody_in_is_asked_again_when_the_door_may_say_something_else(void **state)
{
    struct fake *fake = *state;
    static const struct event events[] = {{.kind = EVENT_ACCOUNT_CHANGED, .account_id = 2},
                                          {.kind = EVENT_ROOM_CHANGED, .id = 1}};
    fake->rooms[0].owner = 2;
    fake_enter(fake, 2, 2, "rooma");
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        fake->removed[0][1] = fake->removed[0][3] = false;
        fake_enter(fake, 1, 1, "rooma");
        fake_enter(fake, 3, 3, "rooma");
        fake_forget(fake, 1);
        fake->removed[0][1] = fake->removed[0][3] = true;
        live_event(fake->live, &events[i]);
        fake_run(fake);
        fake_tick(fake, 1000);
        assert_true(fake_heard(fake, 1, "out"));
        fake_forget(fake, 3);
    }
}

static void a_clock_that_is_set_holds_nobody_up(void **state)
{
    struct fake *fake = *state;
    static const int64_t sets[] = {-3600000, 3600000};
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        fake_enter(fake, 1, 1, "rooma");
        fake_enter(fake, 2, 2, "rooma");
        fake_tick(fake, 2000);
        fake_at(fake, 1, -3.5, 2.3, 1);
        fake_tick(fake, 1000);
        fake_forget(fake, 1);
        fake->set_ms += sets[i];
        fake_tick(fake, 1000);
        fake_at(fake, 1, -3.4, 2.3, 1);
        fake_tick(fake, 1000);
        assert_false(fake_heard(fake, 1, "place")); /* not sent back to where one was */
        fake_lose(fake, 2);
        fake_tick(fake, 50000);
        assert_false(fake_heard(fake, 1, "left")); /* the minute for coming back is a minute */
        fake_tick(fake, 11000);
        assert_true(fake_heard(fake, 1, "left"));
    }
}

static void lines_that_are_refused_without_end_close_the_socket(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    for (int i = 0; i < 60; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\" \"}");
        fake_run(fake);
    }
    assert_int_equal(told_of(&fake->socks[1], "\"nack\""), 41);
    assert_int_equal(fake->socks[1].code, 1008);
}

/* It is told at once, to whoever comes later, and not again when nothing changes. */
static void a_mood_is_seen_by_who_is_in_and_who_comes_until_one_leaves(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 1, "{\"t\":\"mood\",\"mood\":\"happy\"}");
    assert_true(fake_heard_with(fake, 2, "mood", "mood", "happy"));
    fake_say(fake, 1, "{\"t\":\"mood\",\"mood\":\"happy\"}");
    fake_run(fake);
    assert_int_equal(told_of(&fake->socks[2], "\"mood\""), 1);
    fake_lose(fake, 1);
    fake_enter(fake, 3, 3, "rooma");
    assert_int_equal(told_of(&fake->socks[3], "\"mood\":\"happy\""), 1);
    fake_enter(fake, 1, 1, "rooma"); /* back in time: as it was */
    assert_int_equal(told_of(&fake->socks[1], "\"mood\":\"happy\""), 1);
    fake_say(fake, 1, "{\"t\":\"mood\",\"mood\":\"calm\"}");
    assert_true(fake_heard_with(fake, 2, "mood", "mood", "calm"));
    fake->now_ms += 1000;
    fake_say(fake, 1, "{\"t\":\"mood\",\"mood\":\"sad\"}");
    fake_say(fake, 1, "{\"t\":\"leave\"}");
    fake_enter(fake, 1, 1, "rooma");
    fake_forget(fake, 3);
    fake_enter(fake, 4, 4, "rooma");
    assert_int_equal(told_of(&fake->socks[4], "\"mood\""), 0);
    fake_say(fake, 1, "{\"t\":\"mood\",\"mood\":\"bored\"}");
    assert_true(fake_heard_with(fake, 1, "refused", "re", "mood"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_WORLD(lines_of_the_hidden_stay_hidden_when_they_came_later_and_went),
        IN_WORLD(a_block_parts_two_before_anybody_is_asked),
        IN_WORLD(everybody_in_is_asked_again_when_the_door_may_say_something_else),
        IN_WORLD(a_clock_that_is_set_holds_nobody_up),
        IN_WORLD(a_mood_is_seen_by_who_is_in_and_who_comes_until_one_leaves),
        IN_WORLD(lines_that_are_refused_without_end_close_the_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
