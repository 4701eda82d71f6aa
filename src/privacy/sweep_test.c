#include "privacy/sweep.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/time.h"

/* When what the inventory says is over: the calendar, in UTC. */

static int64_t at(int year, int month, int day, int hour)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour};
    return (int64_t)timegm(&tm) * TIME_S;
}

static bool over(int64_t began_ms, int64_t number, char unit, int64_t now_ms)
{
    return began_ms <= sweep_cutoff(now_ms, (struct sweep_time){number, unit});
}

static const struct {
    int began[4];
    int64_t number;
    char unit;
    int over[4];
} spans[] = {
    {{2027, 5, 10, 12}, 90, 'D', {2027, 8, 8, 12}},
    {{2027, 5, 10, 12}, 0, 'D', {2027, 5, 10, 12}},
    {{2027, 5, 10, 12}, 12, 'M', {2028, 5, 10, 12}},
    {{2027, 5, 10, 12}, 3, 'Y', {2030, 5, 10, 12}},
    /* Ends of months: where there is no such day, with the month. */
    {{2027, 1, 31, 13}, 1, 'M', {2027, 3, 1, 0}},
    {{2027, 1, 28, 13}, 1, 'M', {2027, 2, 28, 13}},
    {{2028, 1, 30, 0}, 1, 'M', {2028, 3, 1, 0}},
    {{2028, 1, 29, 5}, 1, 'M', {2028, 2, 29, 5}},
    {{2027, 2, 28, 23}, 1, 'M', {2027, 3, 28, 23}},
    {{2027, 8, 31, 1}, 18, 'M', {2029, 3, 1, 0}},
    {{2027, 12, 31, 23}, 6, 'M', {2028, 7, 1, 0}},
    {{2027, 12, 31, 23}, 1, 'M', {2028, 1, 31, 23}},
    {{2028, 2, 29, 8}, 1, 'Y', {2029, 3, 1, 0}},
    {{2028, 2, 29, 8}, 4, 'Y', {2032, 2, 29, 8}},
    {{2027, 2, 28, 8}, 1, 'Y', {2028, 2, 28, 8}},
    {{2000, 2, 29, 8}, 12, 'M', {2001, 3, 1, 0}},
    {{2099, 2, 28, 8}, 1, 'Y', {2100, 2, 28, 8}}, /* no leap year */
    /* Clocks are put forward or back in between, or just then: not in UTC. */
    {{2027, 3, 28, 1}, 1, 'D', {2027, 3, 29, 1}},
    {{2027, 3, 27, 2}, 1, 'D', {2027, 3, 28, 2}},
    {{2027, 4, 30, 1}, 6, 'M', {2027, 10, 30, 1}},
    {{2026, 10, 31, 2}, 12, 'M', {2027, 10, 31, 2}},
};

static void it_is_over_to_the_second(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT(spans); i++) {
        const int *began = spans[i].began, *end = spans[i].over;
        int64_t from = at(began[0], began[1], began[2], began[3]);
        int64_t limit = at(end[0], end[1], end[2], end[3]);
        assert_false(over(from, spans[i].number, spans[i].unit, limit - TIME_S));
        assert_false(over(from, spans[i].number, spans[i].unit, limit - 1));
        assert_true(over(from, spans[i].number, spans[i].unit, limit));
        assert_true(over(from, spans[i].number, spans[i].unit, limit + TIME_S));
    }
}

static void the_zone_of_the_machine_says_nothing(void **state)
{
    static const char *const zones[] = {"Europe/Berlin", "Asia/Jakarta", "America/St_Johns"};
    for (size_t i = 0; i < COUNT(zones); i++) {
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        it_is_over_to_the_second(state);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

/* What was kept as over is never kept again, and every month and year is as long as the calendar
 * says. */
static void time_only_goes_on_on_every_day_of_many_years(void **state UNUSED)
{
    static const struct {
        int64_t number;
        char unit;
    } lengths[] = {{1, 'M'}, {6, 'M'}, {17, 'M'}, {18, 'M'}, {1, 'Y'}, {3, 'Y'}, {10, 'Y'}};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        int64_t before = INT64_MIN, number = lengths[i].number;
        for (int64_t now = -TIME_DAY; now < at(2110, 1, 1, 0); now += TIME_DAY / 2) {
            int64_t cutoff = sweep_cutoff(now, (struct sweep_time){number, lengths[i].unit});
            int64_t months = number * (lengths[i].unit == 'Y' ? 12 : 1);
            assert_true(cutoff >= before);
            assert_true(now - cutoff >= (months * 30 - 3) * TIME_DAY);
            assert_true(now - cutoff <= (months * 31 + 1) * TIME_DAY);
            before = cutoff;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_over_to_the_second),
        cmocka_unit_test(the_zone_of_the_machine_says_nothing),
        cmocka_unit_test(time_only_goes_on_on_every_day_of_many_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
