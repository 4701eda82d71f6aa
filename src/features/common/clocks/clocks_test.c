#include "features/common/clocks/clocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"
#include "base/time.h"
#include "features/common/clocks/clocks_inner.h"

/* Noon of a day, by the system's own calendar. */
static int64_t noon(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12};
    return (int64_t)timegm(&tm) * 1000;
}

static int64_t due(const char *name, int64_t from_ms, bool extended)
{
    return clocks_due(clocks_rule(name), from_ms, extended);
}

static int weekday(int64_t ms)
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    gmtime_r(&s, &tm);
    return tm.tm_wday;
}

static void a_month_ends_on_its_date_or_the_last_day_of_the_next(void **state UNUSED)
{
    static const struct {
        int from[3], to[3], extended[3];
    } all[] = {
        {{2027, 1, 15}, {2027, 2, 15}, {2027, 4, 15}},
        {{2027, 1, 29}, {2027, 3, 1}, {2027, 4, 29}}, /* 28 February is a Sunday */
        {{2027, 1, 31}, {2027, 3, 1}, {2027, 4, 30}},
        {{2028, 1, 31},
         {2028, 2, 29},
         {2028, 5, 1}}, /* 29 February, a Tuesday; 30 April a Sunday */
        {{2028, 2, 29}, {2028, 3, 29}, {2028, 5, 29}},
        {{2027, 3, 31}, {2027, 4, 30}, {2027, 6, 30}},
        {{2027, 5, 31}, {2027, 6, 30}, {2027, 8, 31}},
        {{2027, 12, 31}, {2028, 1, 31}, {2028, 3, 31}},
        {{2027, 11, 30}, {2027, 12, 30}, {2028, 2, 29}},
        {{2027, 4, 1}, {2027, 5, 3}, {2027, 7, 1}},    /* 1 May is a Saturday: no holiday, but so */
        {{2099, 12, 31}, {2100, 2, 1}, {2100, 3, 31}}, /* 31 January 2100 is a Sunday */
        {{2100, 1, 31}, {2100, 3, 1}, {2100, 4, 30}},  /* no leap year; 28 February is a Sunday */
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        int64_t from = noon(all[i].from[0], all[i].from[1], all[i].from[2]);
        assert_int_equal(due("gdpr", from, false), noon(all[i].to[0], all[i].to[1], all[i].to[2]));
        assert_int_equal(due("gdpr", from, true),
                         noon(all[i].extended[0], all[i].extended[1], all[i].extended[2]));
    }
}

/* Every day of four centuries and more, beside the system's calendar. */
static void every_day_of_four_centuries_is_counted_as_the_calendar_does(void **state UNUSED)
{
    for (int64_t from = noon(1969, 12, 1); from < noon(2405, 1, 1); from += TIME_DAY) {
        time_t s = (time_t)(from / 1000);
        struct tm tm;
        gmtime_r(&s, &tm);
        int day = tm.tm_mday, month = tm.tm_mon + 1;
        tm.tm_mon += 1;
        tm.tm_mday = 1;
        int64_t first = (int64_t)timegm(&tm) * 1000; /* of the next month */
        gmtime_r(&(time_t){(time_t)(first / 1000)}, &tm);
        int64_t wanted = first + (day - 1) * TIME_DAY;
        gmtime_r(&(time_t){(time_t)(wanted / 1000)}, &tm);
        while (tm.tm_mon % 12 != month % 12) { /* beyond its end: back to the last day of it */
            wanted -= TIME_DAY;
            gmtime_r(&(time_t){(time_t)(wanted / 1000)}, &tm);
        }
        while (weekday(wanted) == 0 || weekday(wanted) == 6) {
            wanted += TIME_DAY;
        }
        if (due("gdpr", from, false) != wanted) {
            fail_msg("from %lld: %lld, not %lld", (long long)from,
                     (long long)due("gdpr", from, false), (long long)wanted);
        }
        assert_int_equal(due("notice", from, false), from + 30 * TIME_DAY);
        assert_int_equal(due("ccpa", from, true), from + 90 * TIME_DAY);
        /* Ten working days are two weeks, from a weekend the Friday before they are over. */
        int64_t ack = due("ccpa_receipt", from, false);
        int lost = weekday(from) == 6 ? 1 : weekday(from) == 0 ? 2 : 0;
        assert_int_equal(ack, from + (14 - lost) * TIME_DAY);
    }
}

static void hours_are_exact_and_days_begin_where_the_day_begins_last(void **state UNUSED)
{
    int64_t at = noon(2027, 1, 15) + 123;
    assert_int_equal(due("pdp", at, false), at + 72 * TIME_H);
    assert_int_equal(due("pdp", at, true), at + 72 * TIME_H); /* there is nothing to extend it by */
    assert_int_equal(due("intimate", at, false), at + 48 * TIME_H);
    /* One second before noon UTC it is the 14th, still, twelve hours behind. */
    assert_int_equal(due("notice", noon(2027, 1, 15) - 1000, false), noon(2027, 2, 13));
    assert_int_equal(due("notice", noon(2027, 1, 15), false), noon(2027, 2, 14));
    assert_int_equal(due("notice", noon(2027, 1, 16) - 1, false), noon(2027, 2, 14));
    /* What came later is never due earlier. */
    for (int64_t ms = noon(2027, 1, 27); ms < noon(2027, 3, 3); ms += TIME_H) {
        for (const struct clock_rule *rule = data_clocks; rule->name; rule++) {
            assert_true(clocks_due(rule, ms, false) <= clocks_due(rule, ms + TIME_H, false));
            assert_true(clocks_due(rule, ms, false) <= clocks_due(rule, ms, true));
        }
    }
}

static void the_earliest_that_counts_in_the_country_is_promised(void **state UNUSED)
{
    static const char all[] = "notice gdpr swiss pdp ccpa_receipt ccpa shine";
    struct clock_due found[CLOCKS_MAX];
    int64_t from = noon(2027, 3, 15);
    /* 31 days in Germany, 30 by the notice; in February the law is earlier. */
    assert_int_equal(clocks_of(all, "DE", from, false, found), 2);
    assert_string_equal(found[0].rule->name, "notice");
    assert_string_equal(found[1].rule->name, "gdpr");
    assert_int_equal(clocks_of(all, "DE", noon(2027, 2, 15), false, found), 2);
    assert_string_equal(found[0].rule->name, "gdpr");
    assert_int_equal(clocks_first(all, "DE", from, false), noon(2027, 4, 14));
    assert_int_equal(clocks_of(all, "ID", from, false, found), 2);
    assert_string_equal(found[0].rule->name, "pdp");
    assert_int_equal(clocks_of(all, "US", from, false, found), 3); /* receipt is no answer */
    assert_int_equal(clocks_of(all, "", from, false, found), 1);
    assert_int_equal(clocks_of(all, NULL, from, false, found), 1);
    assert_int_equal(clocks_of("nothing", "DE", from, false, found), 0);
    assert_int_equal(clocks_first("", "DE", from, false), INT64_MAX);
    /* A part of a name is none, nor is a part of a country. */
    assert_int_equal(clocks_of("not gdp ccpa_", "DE", from, false, found), 0);
    assert_false(clocks_apply(clocks_rule("gdpr"), "D"));
    assert_false(clocks_apply(clocks_rule("gdpr"), "AT BE"));
    assert_null(clocks_rule("none"));
}

static void an_extension_is_told_before_the_first_term_is_over(void **state UNUSED)
{
    int64_t from = noon(2027, 3, 15), end = noon(2027, 4, 14); /* by the notice */
    assert_true(clocks_extendable("notice gdpr", "DE", from, end - 1));
    assert_false(clocks_extendable("notice gdpr", "DE", from, end));
    assert_false(clocks_extendable("shine", "US", from, from)); /* nothing to extend */
    /* What cannot be extended is over, and the others go on: they may be. */
    assert_true(clocks_extendable("notice pdp", "ID", from, from + 4 * TIME_DAY));
    assert_int_equal(clocks_first("notice pdp", "ID", from, true), from + 72 * TIME_H);
    assert_int_equal(clocks_first("notice gdpr", "DE", from, true), noon(2027, 6, 13));
}

static void a_year_begins_where_it_begins_last(void **state UNUSED)
{
    assert_int_equal(clocks_year(noon(2027, 12, 31)), noon(2027, 1, 1));
    assert_int_equal(clocks_year(noon(2028, 1, 1) - 1), noon(2027, 1, 1));
    assert_int_equal(clocks_year(noon(2028, 1, 1)), noon(2028, 1, 1));
}

/* Laws change: somebody has to look at the files once a year. */
static void the_laws_are_looked_at_once_a_year(void **state UNUSED)
{
    int64_t now_ms = (int64_t)time(NULL) * 1000;
    assert_true(text_age(data_clocks_written, now_ms) < 1);
    assert_true(text_age(data_authorities_written, now_ms) < 1);
}

static void there_is_an_authority_for_every_country_with_a_law_of_data(void **state UNUSED)
{
    static const char places[] =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK "
        "GB CH ID US-CA";
    size_t count = 0, rows = 0;
    for (const char *at = places; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        bool found = false;
        for (const struct clock_authority *one = data_authorities; one->country; one++) {
            found = found || (strlen(one->country) == strcspn(at, " ") &&
                              strncmp(one->country, at, strcspn(at, " ")) == 0);
        }
        assert_true(found);
        count++;
    }
    for (const struct clock_authority *one = data_authorities; one->country; one++, rows++) {
        assert_memory_equal(one->url, "https://", 8);
        assert_true(*one->name);
    }
    assert_int_equal(rows, count);
    assert_true(rows <= CLOCKS_AUTHORITIES_MAX);
    assert_non_null(strstr(clocks_rule("gdpr")->where, "AT BE BG"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_ends_on_its_date_or_the_last_day_of_the_next),
        cmocka_unit_test(every_day_of_four_centuries_is_counted_as_the_calendar_does),
        cmocka_unit_test(hours_are_exact_and_days_begin_where_the_day_begins_last),
        cmocka_unit_test(the_earliest_that_counts_in_the_country_is_promised),
        cmocka_unit_test(an_extension_is_told_before_the_first_term_is_over),
        cmocka_unit_test(a_year_begins_where_it_begins_last),
        cmocka_unit_test(the_laws_are_looked_at_once_a_year),
        cmocka_unit_test(there_is_an_authority_for_every_country_with_a_law_of_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
