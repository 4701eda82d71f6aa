#include "live/alike_test.h"

/* At the door: places, the queue, a room that ends. */

/* A place is free where one is to be seen, and none where none is. */
static void places(bool there, int life)
{
    struct fake *fake = begin(there);
    fake->rooms[0].capacity = 4;
    fake->hides[5][HIDDEN] = fake->hides[HIDDEN][5] = true;
    come(fake, 3, true);
    come(fake, 4, true);
    come(fake, VIEWER, true); /* three of four are to be seen */
    fake_say(fake, VIEWER, "{\"t\":\"leave\"}");
    come(fake, 5, true);
    fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\"}"); /* four of four */
    fake_tick(fake, 1000);
    fake_say(fake, 3, "{\"t\":\"leave\"}"); /* and three again */
    fake_tick(fake, 1000);
    assert_true(fake_heard(fake, VIEWER, "queued"));
    assert_true(fake_heard(fake, VIEWER, "entered"));
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void a_room_is_as_full_as_it_looks(void **state)
{
    (void)state;
    places(false, 0);
    places(true, 1);
    compare();
}

enum waits { STAYS, GOES, COMES_FIRST };

/* The hidden one waits before the viewer and stays, goes, or has the turn. */
static void queue(bool there, enum waits what, int life)
{
    struct fake *fake = begin(false);
    fake->rooms[0].capacity = 2;
    come(fake, 3, true);
    if (there) {
        fake_enter(fake, HIDDEN, HIDDEN, "rooma");
    }
    come(fake, VIEWER, true);
    come(fake, 4, true);
    assert_true(was_told(fake, 4, there ? "\"place\":3" : "\"place\":2"));
    if (what == GOES) {
        fake_say(fake, HIDDEN, "{\"t\":\"leave\"}");
        fake_tick(fake, 1000);
    }
    if (what == COMES_FIRST) {
        fake_say(fake, 3, "{\"t\":\"leave\"}");
        while (fake_post_one(fake)) {
        }
        fake_turn(fake);
        fake_open(fake, 5, 5, "rooma"); /* does not come in before them */
        fake->hides[5][HIDDEN] = fake->hides[HIDDEN][5] = true;
    }
    fake_tick(fake, 1000);
    fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_tick(fake, 1000);
    assert_int_equal(was_told(fake, VIEWER, "\"entered\""), what == COMES_FIRST);
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void who_waits_unseen_has_no_place_in_the_queue(void **state)
{
    (void)state;
    for (enum waits what = STAYS; what <= COMES_FIRST; what++) {
        queue(false, what, 0);
        queue(true, what, 1);
        compare();
    }
}

/* Somebody before them goes, or is blocked. */
static void gap(bool blocked, int life)
{
    struct fake *fake = begin(false);
    struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = 4, .id = VIEWER};
    fake->rooms[0].capacity = 2;
    come(fake, 3, true);
    come(fake, 4, true);
    come(fake, VIEWER, true);
    if (blocked) {
        fake->hides[VIEWER][4] = fake->hides[4][VIEWER] = true;
        live_event(fake->live, &event);
    } else {
        fake_say(fake, 4, "{\"t\":\"leave\"}");
    }
    fake_tick(fake, 1000);
    assert_true(was_told(fake, VIEWER, "\"place\":1"));
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void a_block_leaves_the_queue_as_going_does(void **state)
{
    (void)state;
    gap(false, 0);
    gap(true, 1);
    compare();
}

static void who_is_invisible_waits_unseen(void **state)
{
    struct fake *fake = *state;
    struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = 4};
    fake->rooms[0].capacity = 2;
    fake->invisible[4] = true;
    for (int i = 2; i <= 6; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    assert_true(fake_heard_with(fake, 5, "queued", "place", "1"));
    assert_true(fake_heard_with(fake, 6, "queued", "place", "2"));
    fake->invisible[4] = false;
    live_event(fake->live, &event);
    fake_tick(fake, 1000);
    assert_true(fake_heard_with(fake, 6, "queued", "place", "3"));
    fake_say(fake, 5, "{\"t\":\"leave\"}");
    assert_true(fake_heard_with(fake, 6, "queued", "place", "2"));
}

static void who_is_invisible_takes_no_place_from_others(void **state)
{
    struct fake *fake = *state;
    fake->invisible[HIDDEN] = true;
    fake->rooms[0].capacity = 2;
    fake_enter(fake, HIDDEN, HIDDEN, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_enter(fake, 3, 3, "rooma"); /* a card shows one of two */
    assert_true(fake_heard(fake, 3, "entered"));
    fake_enter(fake, 4, 4, "rooma"); /* two of two */
    assert_true(fake_heard(fake, 4, "queued"));
    fake->invisible[2] = true;
    struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = 2};
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard(fake, 4, "entered"));
    fake->invisible[3] = fake->invisible[5] = true; /* twice as many is the end */
    event.account_id = 3;
    live_event(fake->live, &event);
    fake_enter(fake, 5, 5, "rooma");
    assert_true(fake_heard(fake, 5, "queued"));
}

/* ---- a room that has ended, and one whose owner and the viewer do not perceive each other ---- */

enum where { INSIDE, BEFORE_THE_OWNER, WAITING, NEXT, AT_THE_DOOR, AWAY };

static void go_to(struct fake *fake, enum where where)
{
    if (where == BEFORE_THE_OWNER) {
        fake_enter(fake, VIEWER, VIEWER, "rooma");
    }
    fake_enter(fake, 2, 2, "rooma");
    fake_enter(fake, HIDDEN, HIDDEN, "rooma"); /* the owner: is perceived, until then */
    fake_enter(fake, 3, 3, "rooma");
    fake->rooms[0].capacity = where == WAITING || where == NEXT ? 3 : 10;
    if (where == NEXT) {
        fake_enter(fake, 4, 4, "rooma");
    }
    if (where == WAITING) {
        fake_enter(fake, 4, 4, "rooma");
        fake_enter(fake, 5, 5, "rooma");
    }
    if (where != BEFORE_THE_OWNER && where != AT_THE_DOOR) {
        fake_enter(fake, VIEWER, VIEWER, "rooma");
    }
    fake_enter(fake, 6, 6, "rooma");
    if (where == AWAY) {
        fake_lose(fake, VIEWER);
    }
}

static void an_end(enum where where, bool owner_stays, bool blocked, int life)
{
    struct fake *fake = fake_new(1, true);
    struct event event = {.kind = EVENT_ACCOUNT_ENDED, .account_id = HIDDEN};
    fake->rooms[0].owner = HIDDEN;
    go_to(fake, where);
    if (!owner_stays) {
        fake_say(fake, HIDDEN, "{\"t\":\"leave\"}");
        fake_run(fake);
    }
    if (where == NEXT) { /* a place gets free while a question is under way */
        const struct event changed = {.kind = EVENT_ACCOUNT_CHANGED, .account_id = 2};
        fake_say(fake, owner_stays ? 4 : 6, "{\"t\":\"leave\"}");
        live_event(fake->live, &changed);
        while (fake_post_one(fake)) {
        }
        fake_say(fake, 3, "{\"t\":\"leave\"}");
    }
    if (blocked) {
        event.kind = EVENT_CONTACT_CHANGED;
        event.id = VIEWER;
        fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    } else {
        fake->rooms[0].ended = true;
    }
    if (where == AT_THE_DOOR) {
        fake_open(fake, VIEWER, VIEWER, "rooma"); /* the answer is under way */
    }
    live_event(fake->live, &event);
    fake_run(fake);
    fake_tick(fake, 1000);
    if (where == AWAY) {
        fake_open(fake, VIEWER, VIEWER, "rooma");
    } else {
        fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    }
    fake_run(fake);
    fake_say(fake, blocked ? 2 : 3, "{\"t\":\"leave\"}");
    fake_tick(fake, 61000);
    bool out = where != AT_THE_DOOR && where != AWAY;
    assert_true(was_told(fake, VIEWER, "\"code\":\"rooms.closed\"") == out);
    assert_true(was_told(fake, VIEWER, "\"code\":\"rooms.missing\""));
    assert_int_equal(was_told(fake, 2, "rooms.closed"), !blocked); /* for others it is there */
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void a_room_of_whoever_is_not_perceived_is_like_one_that_has_ended(void **state)
{
    (void)state;
    for (enum where where = INSIDE; where <= AWAY; where++) {
        for (int owner_stays = 0; owner_stays < 2; owner_stays++) {
            an_end(where, owner_stays, false, 0);
            an_end(where, owner_stays, true, 1);
            compare();
        }
    }
}

/* Nor is what they are told before the store was asked; the owner's going is told with the end. */
static void an_end_comes_in_one_turn_as_a_block_does(void **state)
{
    (void)state;
    for (int blocked = 0; blocked < 2; blocked++) {
        struct fake *fake = fake_new(1, true);
        struct event event = {.kind = EVENT_ACCOUNT_ENDED, .account_id = HIDDEN};
        fake->rooms[0].owner = HIDDEN;
        go_to(fake, INSIDE);
        size_t told = fake->socks[VIEWER].count;
        if (blocked) {
            event.kind = EVENT_CONTACT_CHANGED;
            event.id = VIEWER;
            fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
        } else {
            fake->rooms[0].ended = true;
        }
        live_event(fake->live, &event);
        do {
            fake_turn(fake);
            fake_bury(fake);
        } while (fake_post_one(fake));
        assert_int_equal(fake->socks[VIEWER].count, told);
        fake_run(fake);
        assert_int_equal(fake->socks[VIEWER].count, told + 2);
        assert_true(was_told(fake, VIEWER, "\"left\"") && was_told(fake, VIEWER, "rooms.closed"));
        fake_free(fake);
    }
}

/* Of a room that is not in memory. */
static void a_door_asks_as_often_for_a_room_that_is_gone_as_behind_a_block(void **state)
{
    (void)state;
    for (int blocked = 0; blocked < 2; blocked++) {
        struct fake *fake = fake_new(1, true);
        int asked = 0;
        fake->rooms[0].owner = HIDDEN;
        fake->rooms[0].ended = !blocked;
        fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = blocked;
        fake_open(fake, VIEWER, VIEWER, "rooma");
        while (!was_told(fake, VIEWER, "rooms.missing")) {
            while (fake_post_one(fake)) {
            }
            asked += fake_answer(fake);
            assert_true(asked < 5);
            while (fake_post_one(fake)) {
            }
        }
        assert_int_equal(asked, 2);
        fake->rooms[0].ended = false; /* and it can come back */
        fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = false;
        fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\"}");
        fake_run(fake);
        assert_true(was_told(fake, VIEWER, "\"entered\""));
        fake_free(fake);
    }
}

/* Their own room, too: whom they do not perceive is not in it, and does not wait for it. */
static void an_owner_has_nobody_in_the_room_whom_they_do_not_perceive(void **state)
{
    struct fake *fake = *state;
    fake->rooms[0].owner = VIEWER;
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    fake_enter(fake, VIEWER, VIEWER, "rooma");
    fake_enter(fake, HIDDEN, HIDDEN, "rooma");
    assert_true(was_told(fake, HIDDEN, "rooms.missing"));
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = false;
    fake_say(fake, HIDDEN, "{\"t\":\"enter\",\"room\":\"rooma\"}"); /* the block is over */
    fake_run(fake);
    assert_true(was_told(fake, HIDDEN, "\"entered\""));
}

static void who_looks_otherwise_is_told_at_once_to_who_perceives_them(void **state)
{
    struct fake *fake = *state;
    const struct event event = {.kind = EVENT_ACCOUNT_CHANGED, .account_id = 2};
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake->hides[3][2] = true;
    fake_enter(fake, 3, 3, "rooma");
    fake_run(fake);
    for (int sock = 1; sock <= 3; sock++) {
        fake_forget(fake, sock);
    }
    fake->look = "afirstlook";
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "look", "look", "afirstlook"));
    assert_null(fake_next(fake, 3, "look"));
    live_event(fake->live, &event); /* nothing else has changed of them */
    fake_run(fake);
    assert_null(fake_next(fake, 1, "look"));
    fake->look = "another";
    live_event(fake->live, &event);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "look", "look", "another"));
    fake_enter(fake, 4, 4, "rooma"); /* and who comes later is told with the person */
    json_t *entered = fake_next(fake, 4, "entered");
    const json_t *people = json_object_get(entered, "people");
    assert_int_equal(json_array_size(people), 4);
    for (size_t i = 0; i < json_array_size(people); i++) {
        const char *look = json_string_value(json_object_get(json_array_get(people, i), "look"));
        const char *name = json_string_value(json_object_get(json_array_get(people, i), "id"));
        char second[PUBLIC_ID_LEN + 1];
        fake_public_id(2, second);
        if (strcmp(name, second) == 0) {
            assert_string_equal(look, "another");
        }
    }
    json_decref(entered);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_room_is_as_full_as_it_looks),
        cmocka_unit_test(who_waits_unseen_has_no_place_in_the_queue),
        cmocka_unit_test(a_block_leaves_the_queue_as_going_does),
        cmocka_unit_test(a_room_of_whoever_is_not_perceived_is_like_one_that_has_ended),
        cmocka_unit_test(an_end_comes_in_one_turn_as_a_block_does),
        cmocka_unit_test(a_door_asks_as_often_for_a_room_that_is_gone_as_behind_a_block),
        IN_WORLD(who_looks_otherwise_is_told_at_once_to_who_perceives_them),
        IN_WORLD(an_owner_has_nobody_in_the_room_whom_they_do_not_perceive),
        IN_WORLD(who_is_invisible_takes_no_place_from_others),
        IN_WORLD(who_is_invisible_waits_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
