#include "live/fake_test.h"

static void two_people_meet_and_talk(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    assert_true(fake_heard(fake, 1, "hello"));
    json_t *entered = fake_next(fake, 1, "entered");
    assert_non_null(entered);
    assert_int_equal(json_array_size(json_object_get(entered, "people")), 1);
    json_decref(entered);
    fake_enter(fake, 2, 2, "rooma");
    char slot[8];
    fake_slot(fake, 1, slot);
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"  hi there \"}");
    assert_true(fake_heard_with(fake, 1, "line", "text", "hi there"));
    assert_null(fake_next(fake, 2, "ack")); /* told at once, acknowledged when it is stored */
    fake_run(fake);
    assert_true(fake_heard_with(fake, 2, "ack", "cid", "a"));
    assert_int_equal(fake->lines_count, 1);
    fake_say(fake, 2, "{\"t\":\"leave\"}");
    assert_true(fake_heard_with(fake, 1, "left", "slot", slot));
}

static void a_lost_connection_keeps_seat_and_place_for_a_minute(void **state)
{
    struct fake *fake = *state;
    char slot[8];
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_slot(fake, 1, slot);
    fake_at(fake, 2, -3.7, 0.4, 1);
    fake_tick(fake, 1000);
    fake_at(fake, 2, -3.7, 0.4, 1);
    fake_tick(fake, 1000);
    fake_say(fake, 2, "{\"t\":\"sit\",\"seat\":8}");
    assert_true(fake_heard_with(fake, 1, "seat", "seat", "8"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"one\"}");
    fake_run(fake);
    long long first = fake->lines[0].seq;
    fake_lose(fake, 2);
    assert_true(fake_heard_with(fake, 1, "away", "on", "true"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"b\",\"text\":\"two\"}");
    fake_tick(fake, 59000);
    fake_open(fake, 3, 2, "");
    fake_say(fake, 3, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":%lld}", first);
    fake_run(fake);
    json_t *entered = fake_next(fake, 3, "entered");
    assert_int_equal(json_integer_value(json_object_get(entered, "you")), atoi(slot));
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), 1);
    for (size_t i = 0; i < 2; i++) {
        json_t *one = json_array_get(json_object_get(entered, "people"), i);
        bool me = json_integer_value(json_object_get(one, "slot")) == atoi(slot);
        assert_int_equal(json_integer_value(json_object_get(one, "seat")), me ? 8 : 0);
    }
    json_decref(entered);
    assert_true(fake_heard_with(fake, 1, "away", "on", "false"));
    fake_lose(fake, 3);
    fake_tick(fake, 60100);
    assert_true(fake_heard(fake, 1, "left"));
}

static void a_seat_is_one_persons(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 1, "{\"t\":\"sit\",\"seat\":13}");
    assert_true(fake_heard_with(fake, 1, "refused", "code", "rooms.seat_far"));
    for (int s = 1; s <= 2; s++) {
        for (int step = 0; step < 3; step++) {
            fake_tick(fake, 1000);
            fake_at(fake, s, s == 1 ? -3.7 : -3.8, 2.2 - step, 1);
        }
    }
    fake_say(fake, 1, "{\"t\":\"sit\",\"seat\":8}");
    assert_true(fake_heard_with(fake, 2, "seat", "seat", "8"));
    fake_say(fake, 2, "{\"t\":\"sit\",\"seat\":8}");
    assert_true(fake_heard_with(fake, 2, "refused", "code", "rooms.seat_taken"));
    fake_say(fake, 1, "{\"t\":\"sit\",\"seat\":15}");
    assert_true(fake_heard_with(fake, 1, "refused", "code", "rooms.no_seat"));
    fake_at(fake, 1, -3.7, 0.3, 0); /* the walk's last word does not get anybody up */
    assert_null(fake_next(fake, 2, "seat"));
    fake_say(fake, 1, "{\"t\":\"stand\"}");
    assert_true(fake_heard_with(fake, 2, "seat", "seat", "0"));
    fake_forget(fake, 1);
    fake_say(fake, 2, "{\"t\":\"sit\",\"seat\":8}");
    assert_true(fake_heard_with(fake, 1, "seat", "seat", "8"));
}

static void nobody_walks_through_furniture_or_too_fast(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_tick(fake, 1000);
    fake_forget(fake, 1);
    fake_at(fake, 1, -0.2, -1.6, 1); /* the table */
    fake_tick(fake, 100);
    assert_true(fake_heard(fake, 1, "place"));
    fake_at(fake, 1, 4.5, 2.5, 1); /* 8 m at once */
    fake_tick(fake, 100);
    assert_true(fake_heard(fake, 1, "place"));
    fake_at(fake, 1, 9, 2.5, 1); /* out of the scene */
    fake_tick(fake, 100);
    assert_true(fake_heard(fake, 1, "place"));
    fake_at(fake, 1, -1.5, 2.6, 1);
    fake_tick(fake, 100);
    assert_null(fake_next(fake, 1, "place"));
}

static void a_full_room_has_a_queue_and_its_owner_gets_in(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 2;
    fake->rooms[0].owner = 9;
    for (int i = 1; i <= 4; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    assert_true(fake_heard_with(fake, 3, "queued", "place", "1"));
    assert_true(fake_heard_with(fake, 4, "queued", "place", "2"));
    fake_forget(fake, 4);
    fake_say(fake, 4, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 4, "queued", "place", "2")); /* told again */
    fake_enter(fake, 9, 9, "rooma");
    assert_true(fake_heard(fake, 9, "entered"));
    fake_say(fake, 9, "{\"t\":\"leave\"}");
    fake_run(fake);
    assert_null(fake_next(fake, 3, "entered"));
    fake_say(fake, 1, "{\"t\":\"leave\"}");
    fake_run(fake);
    assert_true(fake_heard(fake, 3, "entered"));
    assert_true(fake_heard_with(fake, 4, "queued", "place", "1"));
    fake_enter(fake, 5, 5, "rooma");
    assert_true(fake_heard_with(fake, 5, "queued", "place", "2"));
    fake_lose(fake, 4);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 5, "queued", "place", "1"));
}

static void who_is_removed_is_out_and_stays_out(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake->removed[0][2] = true;
    struct event event = {.kind = EVENT_ROOM_REMOVED, .account_id = 2, .id = 1};
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 2, "out", "code", "rooms.removed"));
    assert_true(fake_heard(fake, 1, "left"));
    fake_say(fake, 2, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 2, "refused", "code", "rooms.removed"));
}

/* The answer "may come in" is old news when the removal comes right behind it. */
static void a_removal_while_entering_is_not_overtaken(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_open(fake, 2, 2, "rooma");
    assert_non_null(fake->asks);
    struct live_ask *ask = fake->asks;
    fake->asks = NULL;
    fake_admit(fake, ask);
    fake->removed[0][2] = true;
    struct event event = {.kind = EVENT_ROOM_REMOVED, .account_id = 2, .id = 1};
    live_event(fake->live, &event);
    live_answer(ask);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 2, "refused", "code", "rooms.removed"));
    assert_null(fake_next(fake, 2, "entered"));
}

static void an_ended_room_sends_everybody_out(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 2;
    for (int i = 1; i <= 3; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    fake->rooms[0].ended = true;
    struct event event = {.kind = EVENT_ROOM_CHANGED, .id = 1};
    live_event(fake->live, &event);
    fake_run(fake);
    for (int i = 1; i <= 3; i++) {
        assert_true(fake_heard_with(fake, i, "out", "code", "rooms.closed"));
    }
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "refused", "code", "rooms.missing"));
}

static void a_changed_room_is_told(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 2;
    for (int i = 1; i <= 3; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    fake->rooms[0].capacity = 10;
    struct event event = {.kind = EVENT_ROOM_CHANGED, .id = 1};
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard(fake, 1, "room"));
    assert_true(fake_heard(fake, 3, "entered"));
}

/* A message of this type was heard, of a room with this topic. */
static void hears_topic(struct fake *fake, int sock, const char *type, const char *topic)
{
    json_t *heard = fake_next(fake, sock, type);
    const json_t *room = json_object_get(heard, "room");
    assert_string_equal(json_string_value(json_object_get(room, "topic")), topic);
    json_decref(heard);
}

static void a_new_topic_is_told_to_all_who_are_in(void **state)
{
    struct fake *fake = *state;
    const struct event changed = {.kind = EVENT_ROOM_CHANGED, .id = 1};
    fake->rooms[0].topic = "Tea";
    for (int i = 1; i <= 2; i++) {
        fake_enter(fake, i, i, "rooma");
        hears_topic(fake, i, "entered", "Tea");
    }
    fake->rooms[0].topic = "";
    live_event(fake->live, &changed);
    fake_run(fake);
    for (int i = 1; i <= 2; i++) {
        hears_topic(fake, i, "room", "");
    }
}

static void ending_a_session_closes_its_sockets_even_when_the_wake_up_is_lost(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake->lose_posts = true;
    struct event event = {.kind = EVENT_SESSION_ENDED, .id = 1001};
    live_event(fake->live, &event);
    fake_tick(fake, LIVE_TICK_MS);
    assert_int_equal(fake->socks[1].code, 4401);
    assert_true(fake_heard(fake, 2, "left"));
    fake->lose_posts = false;
    fake_open(fake, 3, 1, "rooma"); /* its sign-in was checked a moment before */
    assert_int_equal(fake->socks[3].code, 4401);
    struct event all = {.kind = EVENT_ACCOUNT_ENDED, .account_id = 2};
    live_event(fake->live, &all);
    fake_run(fake);
    assert_int_equal(fake->socks[2].code, 4403);
}

static void a_session_that_ends_on_the_way_to_another_reactor_is_closed_there(void **state)
{
    struct fake *fake = *state;
    fake_open(fake, 0, 1, "");
    fake_open(fake, 1, 1, "");
    fake_say(fake, 0, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    assert_int_equal(fake->moves_count, 1); /* one of them is on the wrong one of two reactors */
    struct event tell = {.kind = EVENT_TELL, .account_id = 1, .json = "{\"t\":\"note\"}"};
    live_event(fake->live, &tell);
    while (fake_post_one(fake)) {
    }
    struct event event = {.kind = EVENT_SESSION_ENDED, .id = 1001};
    live_event(fake->live, &event);
    while (fake_post_one(fake)) {
    }
    fake_run(fake);
    assert_int_equal(fake->socks[0].code, 4401);
    assert_int_equal(fake->socks[1].code, 4401);
}

static void a_socket_that_dies_on_the_way_leaves_nothing(void **state)
{
    struct fake *fake = *state;
    fake_open(fake, 0, 1, "");
    fake_open(fake, 1, 1, "");
    fake_say(fake, 0, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    assert_int_equal(fake->moves_count, 1);
    fake->moves[0].dies = true;
    fake_run(fake);
    struct live_stats stats;
    live_stats(fake->live, &stats);
    assert_int_equal(stats.peers, 1);
}

static void what_is_told_reaches_every_socket_of_the_account(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 0, 1, "rooma");
    fake_enter(fake, 1, 1, "roomb");
    fake_enter(fake, 2, 2, "rooma");
    struct event tell = {.kind = EVENT_TELL, .account_id = 1, .json = "{\"t\":\"note\"}"};
    live_event(fake->live, &tell);
    fake_run(fake);
    assert_true(fake_heard(fake, 0, "note"));
    assert_true(fake_heard(fake, 1, "note"));
    assert_null(fake_next(fake, 2, "note"));
}

static void coming_from_another_device_takes_the_place_over(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    json_t *entered = fake_next(fake, 1, "entered");
    char slot[8];
    snprintf(slot, sizeof(slot), "%d", (int)json_integer_value(json_object_get(entered, "you")));
    json_decref(entered);
    fake_enter(fake, 2, 2, "rooma");
    fake_forget(fake, 2);
    fake_enter(fake, 3, 1, "rooma");
    assert_true(fake_heard_with(fake, 1, "out", "code", "rooms.elsewhere"));
    assert_true(fake_heard_with(fake, 3, "entered", "you", slot));
    assert_null(fake_next(fake, 2, "left"));
    fake_lose(fake, 1);
    fake_say(fake, 3, "{\"t\":\"emote\",\"name\":\"wave\"}");
    assert_true(fake_heard_with(fake, 2, "emote", "name", "wave"));
}

static void hidden_people_leave_no_trace(void **state)
{
    struct fake *fake = *state;
    char slot[8], sign[2][24];
    fake->hides[1][2] = true; /* 1 does not perceive 2 */
    fake_enter(fake, 3, 3, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_slot(fake, 3, slot);
    snprintf(sign[0], sizeof(sign[0]), "\"slot\":%s,", slot);
    snprintf(sign[1], sizeof(sign[1]), "\"slot\":%s}", slot);
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"secret\"}");
    fake_run(fake);
    fake_enter(fake, 1, 1, "rooma");
    fake_tick(fake, 1000);
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"b\",\"text\":\"secret\"}");
    fake_say(fake, 2, "{\"t\":\"typing\",\"on\":true}");
    fake_say(fake, 2, "{\"t\":\"emote\",\"name\":\"wave\"}");
    fake_at(fake, 2, -3.5, 2.3, 1);
    fake_tick(fake, 1000);
    json_t *entered = fake_next(fake, 1, "entered");
    assert_int_equal(json_array_size(json_object_get(entered, "people")), 2);
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), 0);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(entered, "room"), "here")),
                     2);
    json_decref(entered);
    fake_lose(fake, 2);
    fake_tick(fake, 61000);
    const struct live_sock *sock = &fake->socks[1];
    for (size_t i = 0; i < sock->count; i++) {
        const struct live_frame *frame = sock->got[i];
        assert_null(memmem(frame->bytes, frame->len, "secret", 6));
        assert_null(memmem(frame->bytes, frame->len, "account2", 8));
        assert_null(memmem(frame->bytes, frame->len, sign[0], strlen(sign[0])));
        assert_null(memmem(frame->bytes, frame->len, sign[1], strlen(sign[1])));
        assert_true(!frame->binary || frame->bytes[1] != atoi(slot));
    }
    fake_enter(fake, 4, 1, "rooma"); /* nor does a line whose writer has gone */
    entered = fake_next(fake, 4, "entered");
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), 0);
    json_decref(entered);
}

static void presence_tells_who_is_where(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_enter(fake, 3, 3, "roomb");
    struct arena *arena = arena_new(1 << 20);
    const struct presence_room *rooms = NULL;
    size_t count = 0;
    live_presence(fake->live, arena, &rooms, &count);
    assert_int_equal(count, 2);
    assert_int_equal(rooms[0].room_id, 1);
    assert_int_equal(rooms[0].count, 2);
    assert_int_equal(rooms[1].account_ids[0], 3);
    fake_say(fake, 3, "{\"t\":\"leave\"}");
    fake_run(fake);
    live_presence(fake->live, arena, &rooms, &count);
    assert_int_equal(count, 1);
    arena_free(arena);
}

/* What a block will do, when there are blocks. */
static void what_is_perceived_changes_while_people_are_in(void **state)
{
    struct fake *fake = *state;
    char slot[8];
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_slot(fake, 1, slot);
    struct event event = {.kind = EVENT_ACCOUNT_CHANGED, .account_id = 2};
    fake_forget(fake, 1);
    fake->hides[1][2] = true;
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "left", "slot", slot));
    fake_say(fake, 2, "{\"t\":\"emote\",\"name\":\"wave\"}");
    assert_null(fake_next(fake, 1, "emote"));
    fake->hides[1][2] = false;
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard(fake, 1, "joined"));
    fake_at(fake, 2, -3.5, 2.3, 1);
    fake_tick(fake, 100);
    struct live_frame *frame = fake_moves(fake, 1);
    assert_int_equal(frame->bytes[2] & 0x80, 0); /* the first place after coming is whole */
}

static void in_a_crowd_who_is_far_away_comes_less_often(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 60;
    for (int i = 0; i < 52; i++) {
        fake_enter(fake, i, i + 1, "rooma");
    }
    for (int step = 0; step < 8; step++) { /* the first walks to the other end of the room */
        fake_tick(fake, 500);
        fake_at(fake, 0, -3.9 + step * 1.2, 3.0, 1);
        fake_at(fake, 1, -4.5, 3.0, 0);
    }
    fake_tick(fake, 1000);
    fake_forget(fake, 0);
    fake_forget(fake, 1);
    for (int i = 0; i < 10; i++) {
        fake_at(fake, 1, -4.5 + (i % 2) * 0.05, 3.0, 1);
        fake_tick(fake, 100);
    }
    size_t frames = 0;
    while (fake_moves(fake, 0)) {
        frames++;
    }
    assert_int_equal(frames, 2);
}

static void a_room_holds_as_many_as_slots_and_not_one_more(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].capacity = 200;
    fake->rooms[0].owner = 1;
    for (int i = 0; i < 200; i++) { /* one socket after the other, presence stays */
        fake_enter(fake, 2, 2 + i, "rooma");
        assert_true(fake_heard(fake, 2, "entered"));
        fake_lose(fake, 2);
    }
    fake_enter(fake, 3, 300, "rooma");
    assert_true(fake_heard_with(fake, 3, "queued", "place", "1"));
    fake_enter(fake, 1, 1, "rooma");
    assert_true(fake_heard(fake, 1, "entered"));
    fake_tick(fake, 61000);
    assert_true(fake_heard(fake, 3, "entered"));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_WORLD(two_people_meet_and_talk),
        IN_WORLD(a_lost_connection_keeps_seat_and_place_for_a_minute),
        IN_WORLD(a_seat_is_one_persons),
        IN_WORLD(nobody_walks_through_furniture_or_too_fast),
        IN_WORLD(a_full_room_has_a_queue_and_its_owner_gets_in),
        IN_WORLD(who_is_removed_is_out_and_stays_out),
        IN_WORLD(a_removal_while_entering_is_not_overtaken),
        IN_WORLD(an_ended_room_sends_everybody_out),
        IN_WORLD(a_changed_room_is_told),
        IN_WORLD(a_new_topic_is_told_to_all_who_are_in),
        IN_WORLD(ending_a_session_closes_its_sockets_even_when_the_wake_up_is_lost),
        IN_TWO(a_session_that_ends_on_the_way_to_another_reactor_is_closed_there),
        IN_TWO(a_socket_that_dies_on_the_way_leaves_nothing),
        IN_TWO(what_is_told_reaches_every_socket_of_the_account),
        IN_WORLD(coming_from_another_device_takes_the_place_over),
        IN_WORLD(hidden_people_leave_no_trace),
        IN_WORLD(what_is_perceived_changes_while_people_are_in),
        IN_WORLD(in_a_crowd_who_is_far_away_comes_less_often),
        IN_WORLD(a_room_holds_as_many_as_slots_and_not_one_more),
        IN_WORLD(presence_tells_who_is_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
