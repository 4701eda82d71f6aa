#include "features/sessions/guesses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/time.h"

static const int64_t START = INT64_C(1800000000000);

static void a_hundred_are_free_then_each_costs_more_up_to_an_hour(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "kartika");
    int64_t now = START, before = 0;
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(guesses_wait(key, now), 0);
        assert_int_equal(guesses_wrong(key, now), i == GUESSES_FREE - 1);
    }
    for (int i = 0; i < 12; i++) {
        int64_t wait = guesses_wait(key, now);
        assert_true(wait > before || wait == GUESSES_MOST_MS);
        assert_int_equal(i == 0 ? wait : GUESSES_FIRST_MS, GUESSES_FIRST_MS);
        before = wait;
        assert_int_equal(guesses_wait(key, now + wait - 1), 1);
        now += wait;
        assert_int_equal(guesses_wait(key, now), 0);
        assert_true(guesses_wait(key, now) > 0); /* of two who waited one may try */
        assert_false(guesses_wrong(key, now));
    }
    assert_int_equal(before, GUESSES_MOST_MS);
}

static void the_right_one_and_a_day_of_peace_forget(void **state)
{
    (void)state;
    uint64_t one = guesses_key("name", "one"), two = guesses_key("device", "one");
    assert_true(one != two);
    for (int i = 0; i < GUESSES_FREE; i++) {
        guesses_wrong(one, START);
        guesses_wrong(two, START);
    }
    assert_true(guesses_wait(one, START) > 0);
    guesses_right(one);
    assert_int_equal(guesses_wait(one, START), 0);
    assert_true(guesses_wait(two, START) > 0);
    assert_int_equal(guesses_wait(two, START + TIME_DAY), 0);
}

static void the_owner_hears_of_it_once_a_day(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "told");
    int told = 0;
    for (int hours = 0; hours < 72; hours++) {
        for (int i = 0; i < 5; i++) {
            told += guesses_wrong(key, START + hours * TIME_H);
        }
    }
    assert_int_equal(told, 3);
}

static void a_flood_of_names_does_not_free_the_one_that_is_guessed_at(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "victim");
    for (int i = 0; i < GUESSES_FREE; i++) {
        guesses_wrong(key, START);
    }
    for (uint64_t i = 0; i < 200000; i++) {
        guesses_wrong(i * UINT64_C(0x9e3779b97f4a7c15) | 1, START);
    }
    assert_true(guesses_wait(key, START) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_are_free_then_each_costs_more_up_to_an_hour),
        cmocka_unit_test(the_right_one_and_a_day_of_peace_forget),
        cmocka_unit_test(the_owner_hears_of_it_once_a_day),
        cmocka_unit_test(a_flood_of_names_does_not_free_the_one_that_is_guessed_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
