#include "live/alike_test.h"

/* In a room: chairs, lines, doings, crowds, slots. */

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

/* The last number that a socket was told of a line. */
static int64_t last_number(const struct fake *fake, int sock)
{
    int64_t number = 0;
    const struct live_sock *s = &fake->socks[sock];
    for (size_t i = 0; i < s->count; i++) {
        json_t *message = json_loadb((const char *)s->got[i]->bytes, s->got[i]->len, 0, NULL);
        const json_t *seq = json_object_get(message, "seq");
        number = seq ? json_integer_value(seq) : number;
        json_decref(message);
    }
    return number;
}

static void comes_back(struct fake *fake, int64_t number)
{
    fake_open(fake, VIEWER, VIEWER, "");
    fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":%lld}", (long long)number);
    fake_run(fake);
}

static void says(struct fake *fake, int sock, const char *text)
{
    fake_say(fake, sock, "{\"t\":\"say\",\"cid\":\"%s\",\"text\":\"%s\"}", text, text);
    fake_tick(fake, 500);
}

/* Whether somebody unseen talks in between, and keeps the room in memory when others have gone. */
static void talk(bool there, bool empties, int life)
{
    struct fake *fake = fake_new(1, true);
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    fake->rooms[0].owner = 2;
    come(fake, HIDDEN, there);
    says(fake, HIDDEN, "before");
    come(fake, VIEWER, true); /* nothing was said yet */
    come(fake, 3, true);
    says(fake, 3, "one");
    says(fake, HIDDEN, "between");
    says(fake, VIEWER, "two");
    says(fake, HIDDEN, "last");
    int64_t number = last_number(fake, VIEWER);
    listen(fake, VIEWER, life);
    fake_lose(fake, VIEWER);
    fake_tick(fake, 61000);
    if (empties) {
        fake_lose(fake, 3);
        fake_tick(fake, 61000);
    }
    says(fake, HIDDEN, "alone");
    comes_back(fake, number);
    says(fake, HIDDEN, "again");
    says(fake, VIEWER, "three");
    listen_more(fake, VIEWER, life);
    number = last_number(fake, VIEWER);
    fake_lose(fake, VIEWER);
    comes_back(fake, number);
    fake_say(fake, VIEWER, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_tick(fake, 500);
    listen_more(fake, VIEWER, life);
    assert_true(was_told(fake, VIEWER, "\"resumed\":true"));
    fake_free(fake);
}

static void numbers_of_lines_and_coming_back_tell_of_nobody_unseen(void **state)
{
    (void)state;
    for (int empties = 0; empties < 2; empties++) {
        talk(false, empties, 0);
        talk(true, empties, 1);
        compare();
    }
}

/* Two lines after each other tell as much as two with others between them. */
static void a_number_is_when_and_chance(void **state)
{
    struct fake *fake = *state;
    bool used[2048] = {false};
    int differ = 0;
    int64_t before = 0;
    fake_enter(fake, 1, 1, "rooma");
    fake_tick(fake, 1000); /* numbers begin with the room; later somebody sets the clock back */
    for (int i = 0; i < 400; i++) {
        fake->set_ms -= i == 200 ? 3600 * 1000 : 0;
        fake_forget(fake, 1);
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"x\"}", i);
        int64_t number = last_number(fake, 1);
        if (before) { /* two seconds, by whichever clock */
            assert_int_equal((number >> 11) - (before >> 11), 2000);
        }
        differ += !used[number & 2047];
        used[number & 2047] = true;
        before = number;
        assert_true(number < INT64_C(1) << 53);
        fake_tick(fake, 2000);
    }
    assert_true(differ > 300); /* of 2,048: about 363 */
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chair_does_not_tell_who_sits_there_unseen),
        cmocka_unit_test(whoever_is_not_perceived_comes_acts_and_goes_without_a_trace),
        cmocka_unit_test(numbers_of_lines_and_coming_back_tell_of_nobody_unseen),
        cmocka_unit_test(a_crowd_is_one_of_people_who_are_perceived),
        IN_WORLD(slots_do_not_say_who_came_before),
        IN_WORLD(a_number_is_when_and_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
