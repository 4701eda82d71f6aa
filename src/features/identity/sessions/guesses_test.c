#include "features/identity/sessions/guesses.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/time.h"

static const int64_t start = INT64_C(1800000000000);

static void a_hundred_are_free_then_each_costs_more_up_to_an_hour(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "kartika");
    int64_t now = start, before = 0;
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
        guesses_wrong(one, start);
        guesses_wrong(two, start);
    }
    assert_true(guesses_wait(one, start) > 0);
    guesses_right(one);
    assert_int_equal(guesses_wait(one, start), 0);
    assert_true(guesses_wait(two, start) > 0);
    assert_int_equal(guesses_wait(two, start + TIME_DAY), 0);
}

static void the_owner_hears_of_it_once_a_day(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "told");
    int told = 0;
    for (int hours = 0; hours < 72; hours++) {
        for (int i = 0; i < 5; i++) {
            told += guesses_wrong(key, start + hours * TIME_H);
        }
    }
    assert_int_equal(told, 3);
}

static void of_two_counts_of_an_account_its_owner_hears_once_a_day(void **state)
{
    (void)state;
    uint64_t key = guesses_key("told", "7");
    assert_true(guesses_told(key, start));
    assert_false(guesses_told(key, start + TIME_DAY - 1));
    assert_true(guesses_told(key, start + TIME_DAY));
    assert_true(guesses_told(guesses_key("told", "8"), start));
}

static void a_flood_of_names_does_not_free_the_one_that_is_guessed_at(void **state)
{
    (void)state;
    uint64_t key = guesses_key("name", "victim");
    for (int i = 0; i < GUESSES_FREE; i++) {
        guesses_wrong(key, start);
    }
    for (uint64_t i = 0; i < 200000; i++) {
        guesses_wrong(i * UINT64_C(0x9e3779b97f4a7c15) | 1, start);
    }
    assert_true(guesses_wait(key, start) > 0);
}

/* After the flood. */
static const int64_t later = INT64_C(1800000000000) + 3 * TIME_DAY;

static void a_networks_wrong_codes_keep_no_other_out(void **state)
{
    (void)state;
    uint64_t key = guesses_key("second", "7");
    struct guesses_by thief = {key, guesses_network(key, "192.0.2.1")};
    struct guesses_by owner = {key, guesses_network(key, "2001:db8:1:2::3")};
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(guesses_wait_by(&thief, later), 0);
        guesses_wrong_by(&thief, later);
    }
    assert_int_equal(guesses_wait_by(&thief, later), 0); /* one more, as every network has */
    for (int64_t now = later; now < later + TIME_H; now += TIME_S) { /* and always again */
        if (guesses_wait_by(&thief, now) == 0) {
            guesses_wrong_by(&thief, now);
        }
    }
    assert_int_equal(guesses_wait_by(&owner, later + TIME_H), 0);
    guesses_right_by(&owner);
    assert_int_equal(guesses_wait_by(&owner, later + TIME_H), 0);
}

static void many_networks_have_few_tries_together(void **state)
{
    (void)state;
    enum { NETWORKS = 50 };
    uint64_t key = guesses_key("second", "8");
    struct guesses_by by[NETWORKS];
    char address[32];
    int tries = 0;
    for (int i = 0; i < NETWORKS; i++) {
        snprintf(address, sizeof(address), "192.0.2.%d", i + 1);
        by[i] = (struct guesses_by){key, guesses_network(key, address)};
    }
    for (int64_t now = later; now < later + TIME_H; now += TIME_S) {
        for (int i = 0; i < NETWORKS; i++) {
            if (guesses_wait_by(&by[i], now) == 0) {
                guesses_wrong_by(&by[i], now);
                tries++;
            }
        }
    }
    assert_true(tries <= GUESSES_FREE + NETWORKS + TIME_H / GUESSES_SHARED_MS);
    /* nobody waits for ever */
    int64_t wait_ms = guesses_wait_by(&by[0], later + TIME_H);
    assert_true(wait_ms <= GUESSES_MOST_MS);
}

static void several_at_once_are_not_each_the_first(void **state)
{
    (void)state;
    uint64_t key = guesses_key("second", "9");
    struct guesses_by by = {key, guesses_network(key, "192.0.2.9")}, thief = {key, 3};
    for (int i = 0; i < GUESSES_FREE; i++) {
        guesses_wrong_by(&thief, later);
    }
    assert_int_equal(guesses_wait_by(&by, later), 0);
    assert_int_equal(guesses_wait_by(&by, later), GUESSES_FIRST_MS);
}

static void a_network_is_an_address_or_what_one_household_has(void **state)
{
    (void)state;
    uint64_t one = guesses_network(1, "192.0.2.1");
    assert_true(one == guesses_network(1, "::ffff:192.0.2.1"));
    assert_true(one != guesses_network(1, "192.0.2.2"));
    assert_true(one != guesses_network(3, "192.0.2.1"));
    assert_true(guesses_network(1, "2001:db8:1::1") == guesses_network(1, "2001:db8:1:ffff::2"));
    assert_true(guesses_network(1, "2001:db8:1::1") != guesses_network(1, "2001:db8:2::1"));
    assert_true(guesses_network(1, "") == guesses_network(1, "nonsense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_are_free_then_each_costs_more_up_to_an_hour),
        cmocka_unit_test(the_right_one_and_a_day_of_peace_forget),
        cmocka_unit_test(the_owner_hears_of_it_once_a_day),
        cmocka_unit_test(of_two_counts_of_an_account_its_owner_hears_once_a_day),
        cmocka_unit_test(a_flood_of_names_does_not_free_the_one_that_is_guessed_at),
        cmocka_unit_test(a_networks_wrong_codes_keep_no_other_out),
        cmocka_unit_test(many_networks_have_few_tries_together),
        cmocka_unit_test(several_at_once_are_not_each_the_first),
        cmocka_unit_test(a_network_is_an_address_or_what_one_household_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
