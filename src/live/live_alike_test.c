#include "base/scene.h"
#include "live/fake_test.h"

/*
 * Two lives of a room that differ by one person alone whom the viewer does not perceive: what the
 * viewer is told must be the same, message by message.  What chance gives (slots, where one
 * appears, and with slots the order of lists) is put into words that do not depend on it.
 */
enum { VIEWER = 1, HIDDEN = 9, SEAT = 8, TOLD_MAX = 600, TOLD_LEN = 1200 };

static struct {
    char told[2][TOLD_MAX][TOLD_LEN];
    size_t count[2];
} lives;

struct ear {
    int slots[256]; /* 1 + whose */
};

static int whose(struct ear *ear, int slot)
{
    assert_true(slot >= 0 && slot < 255);
    assert_true(ear->slots[slot] > 0); /* nobody is told of whom one was not told */
    return ear->slots[slot];
}

static bool at_a_spawn(const json_t *person)
{
    const struct scene *scene = scene_named("lounge");
    for (size_t i = 0; i < scene->spawns_count; i++) {
        double x = json_number_value(json_object_get(person, "x")),
               z = json_number_value(json_object_get(person, "z"));
        if (lround(x * SCENE_UNIT) == scene->spawns[i].x &&
            lround(z * SCENE_UNIT) == scene->spawns[i].z) {
            return true;
        }
    }
    return false;
}

static void learn(struct ear *ear, json_t *person)
{
    json_int_t slot = json_integer_value(json_object_get(person, "slot"));
    const char *id = json_string_value(json_object_get(person, "id"));
    ear->slots[slot] = (int)strtol(id + strlen("account"), NULL, 10);
    json_object_del(person, "slot");
    if (at_a_spawn(person)) {
        json_object_del(person, "x");
        json_object_del(person, "z");
        json_object_del(person, "yaw");
    }
}

static int by_id(const void *a, const void *b)
{
    const json_t *one = *(json_t *const *)a, *other = *(json_t *const *)b;
    return strcmp(json_string_value(json_object_get(one, "id")),
                  json_string_value(json_object_get(other, "id")));
}

static void learn_all(struct ear *ear, json_t *message)
{
    json_t *people = json_object_get(message, "people"), *sorted[64] = {NULL};
    size_t count = json_array_size(people);
    memset(ear, 0, sizeof(*ear));
    assert_true(count <= COUNT(sorted));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = json_incref(json_array_get(people, i));
        learn(ear, sorted[i]);
    }
    qsort(sorted, count, sizeof(json_t *), by_id);
    json_array_clear(people);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(people, sorted[i]);
    }
    json_object_set_new(
        message, "you",
        json_integer(whose(ear, (int)json_integer_value(json_object_get(message, "you")))));
}

static void put_text(struct ear *ear, const struct live_frame *frame, char *to)
{
    json_error_t error;
    json_t *message = json_loadb((const char *)frame->bytes, frame->len, 0, &error);
    const char *t = json_string_value(json_object_get(message, "t"));
    const json_t *slot = json_object_get(message, "slot");
    if (strcmp(t, "entered") == 0) {
        learn_all(ear, message);
    } else if (strcmp(t, "joined") == 0) {
        learn(ear, json_object_get(message, "p"));
    } else if (slot) {
        int who = whose(ear, (int)json_integer_value(slot));
        json_object_set_new(message, "slot", json_integer(who));
    }
    char *text = json_dumps(message, JSON_COMPACT);
    snprintf(to, TOLD_LEN, "%.*s", TOLD_LEN - 1, text);
    free(text);
    json_decref(message);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* A frame of places: each entry in words, in the order of those. */
static void put_moves(struct ear *ear, const struct live_frame *frame, char *to)
{
    char entries[64][24];
    size_t count = 0, len = 0;
    for (size_t at = 1; at < frame->len; count++) {
        size_t size = frame->bytes[at + 1] & 0x80 ? 5 : 7, put = 0;
        char *entry = entries[count];
        put += (size_t)snprintf(entry, sizeof(entries[0]), " %d:", whose(ear, frame->bytes[at]));
        for (size_t i = 1; i < size; i++) {
            put += (size_t)snprintf(entry + put, sizeof(entries[0]) - put, "%02x",
                                    frame->bytes[at + i]);
        }
        at += size;
    }
    qsort(entries, count, sizeof(entries[0]), by_text);
    len = (size_t)snprintf(to, TOLD_LEN, "%d", frame->bytes[0]);
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(to + len, TOLD_LEN - len, "%s", entries[i]);
    }
}

/* All that this socket was told, from its beginning. */
static void listen(const struct fake *fake, int sock, int life)
{
    struct ear ear = {{0}};
    const struct live_sock *s = &fake->socks[sock];
    lives.count[life] = 0;
    for (size_t i = 0; i < s->count; i++) {
        assert_true(lives.count[life] < TOLD_MAX);
        char *to = lives.told[life][lives.count[life]++];
        (s->got[i]->binary ? put_moves : put_text)(&ear, s->got[i], to);
    }
}

static void compare(void)
{
    for (size_t i = 0; i < lives.count[0] && i < lives.count[1]; i++) {
        assert_string_equal(lives.told[0][i], lives.told[1][i]);
    }
    assert_true(lives.count[0] > 0);
    assert_int_equal(lives.count[0], lives.count[1]);
}

/* Was a socket told something with these words in it? */
static bool was_told(const struct fake *fake, int sock, const char *what)
{
    const struct live_sock *s = &fake->socks[sock];
    for (size_t i = 0; i < s->count; i++) {
        if (memmem(s->got[i]->bytes, s->got[i]->len, what, strlen(what))) {
            return true;
        }
    }
    return false;
}

/* ---- what happens ---- */

static void walk(struct fake *fake, int sock, double x, double z)
{
    fake_at(fake, sock, x, z, 1);
    fake_tick(fake, 1100);
}

static void sit(struct fake *fake, int sock)
{
    fake_say(fake, sock, "{\"t\":\"sit\",\"seat\":%d}", SEAT);
    fake_tick(fake, 600);
}

static void stand(struct fake *fake, int sock)
{
    fake_say(fake, sock, "{\"t\":\"stand\"}");
    fake_tick(fake, 600);
}

/* Whoever is not there in this life does nothing. */
static void come(struct fake *fake, int account, bool there)
{
    if (there) {
        fake_enter(fake, account, account, "rooma");
    }
    walk(fake, account, -3.0 + 0.1 * account, 2.0);
}

static struct fake *begin(bool there)
{
    struct fake *fake = fake_new(1, true);
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    fake->rooms[0].owner = 2;
    come(fake, 2, true); /* the room lives longer than any of the others */
    come(fake, HIDDEN, there);
    return fake;
}

static void chairs(bool there, int life)
{
    struct fake *fake = begin(there);
    walk(fake, HIDDEN, -3.7, 0.4);
    sit(fake, HIDDEN); /* first the hidden one has it */
    come(fake, VIEWER, true);
    walk(fake, VIEWER, -3.7, 0.4);
    sit(fake, VIEWER);
    come(fake, 3, true);
    stand(fake, HIDDEN);
    sit(fake, HIDDEN); /* then both, the hidden one last */
    come(fake, 4, true);
    stand(fake, VIEWER);
    sit(fake, VIEWER);
    fake_say(fake, HIDDEN, "{\"t\":\"leave\"}");
    fake_tick(fake, 600);
    stand(fake, VIEWER);
    fake_say(fake, 3, "{\"t\":\"sit\",\"seat\":%d}", SEAT);
    fake_tick(fake, 600);
    sit(fake, VIEWER); /* taken by somebody who is perceived */
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void a_chair_does_not_tell_who_sits_there_unseen(void **state)
{
    (void)state;
    chairs(false, 0);
    chairs(true, 1);
    compare();
}

static void doings(bool there, int life)
{
    struct fake *fake = begin(there);
    come(fake, VIEWER, true);
    come(fake, 3, true);
    fake_say(fake, HIDDEN, "{\"t\":\"typing\",\"on\":true}");
    fake_say(fake, HIDDEN, "{\"t\":\"emote\",\"name\":\"wave\"}");
    fake_tick(fake, 600);
    fake_say(fake, 3, "{\"t\":\"leave\"}");
    walk(fake, HIDDEN, -2.0, 2.0);
    come(fake, 3, true); /* into a slot that is free */
    come(fake, 4, true);
    walk(fake, 3, -2.5, 2.5);
    walk(fake, 4, -2.0, 2.5);
    fake_say(fake, 4, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"hi\"}");
    if (there) {
        fake_lose(fake, HIDDEN);
    }
    fake_tick(fake, 61000);
    come(fake, HIDDEN, there);
    listen(fake, VIEWER, life);
    fake_free(fake);
}

static void whoever_is_not_perceived_comes_acts_and_goes_without_a_trace(void **state)
{
    (void)state;
    doings(false, 0);
    doings(true, 1);
    compare();
}

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

static void crowd(bool there, int life)
{
    struct fake *fake = fake_new(1, true);
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    fake->rooms[0].capacity = 60;
    if (there) {
        fake_enter(fake, HIDDEN, HIDDEN, "rooma");
    }
    for (int i = 1; i <= 51; i++) {
        if (i != HIDDEN) {
            fake_enter(fake, i, i, "rooma");
        }
    }
    for (int step = 0; step < 8; step++) {
        fake_tick(fake, 500);
        fake_at(fake, VIEWER, -3.9 + step * 1.2, 3.0, 1);
        fake_at(fake, 2, -4.5, 3.0, 0);
    }
    fake_tick(fake, 1000);
    size_t from = fake->socks[VIEWER].count, moves = 0;
    for (int i = 0; i < 10; i++) {
        fake_at(fake, 2, -4.5 + (i % 2) * 0.05, 3.0, 1);
        fake_tick(fake, 100);
    }
    for (; from < fake->socks[VIEWER].count; from++) {
        moves += fake->socks[VIEWER].got[from]->binary;
    }
    snprintf(lives.told[life][0], TOLD_LEN, "%zu frames", moves);
    lives.count[life] = 1;
    fake_free(fake);
}

static void a_crowd_is_one_of_people_who_are_perceived(void **state)
{
    (void)state;
    crowd(false, 0);
    assert_string_equal(lives.told[0][0], "10 frames");
    crowd(true, 1);
    compare();
}

/* Given by chance, and to nobody twice at a time. */
static void slots_do_not_say_who_came_before(void **state)
{
    struct fake *fake = *state;
    bool used[256] = {false};
    int differ = 0;
    for (int i = 0; i < 200; i++) {
        fake_enter(fake, 1, 1, "rooma");
        json_t *entered = fake_next(fake, 1, "entered");
        int you = (int)json_integer_value(json_object_get(entered, "you"));
        json_decref(entered);
        fake_say(fake, 1, "{\"t\":\"leave\"}");
        fake_lose(fake, 1);
        fake_tick(fake, 60000);
        differ += !used[you];
        used[you] = true;
    }
    assert_true(differ > 80); /* of 255: about 138 */
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chair_does_not_tell_who_sits_there_unseen),
        cmocka_unit_test(whoever_is_not_perceived_comes_acts_and_goes_without_a_trace),
        cmocka_unit_test(a_room_is_as_full_as_it_looks),
        cmocka_unit_test(a_crowd_is_one_of_people_who_are_perceived),
        cmocka_unit_test(a_room_of_whoever_is_not_perceived_is_like_one_that_has_ended),
        IN_WORLD(an_owner_has_nobody_in_the_room_whom_they_do_not_perceive),
        IN_WORLD(who_is_invisible_takes_no_place_from_others),
        IN_WORLD(slots_do_not_say_who_came_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
