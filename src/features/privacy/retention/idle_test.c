#include "features/identity/addresses/letters_test.h"

#include <time.h>

#include "features/privacy/retention/retention.h"

/* Members who stay away, and accounts that staff ended. */

static int64_t at(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 8};
    return (int64_t)timegm(&tm) * TIME_S;
}

/* The job of that name, as the clock runs it, until nothing more is to be done at this time. */
static void run(struct world *w, const char *name)
{
    for (const struct job_kind *row = retention_feature.jobs; row->name; row++) {
        const struct api_route route = {.who = API_ADMIN, .tx = row->tx, .steps = row->steps};
        const struct job_in in = {.id = 1, .payload = ""};
        for (int i = 0; i < 6 && strcmp(row->name, name) == 0; i++) {
            const char *code = NULL;
            assert_int_equal(api_wait(w->api, &route, &in, NULL, &code), OK);
        }
    }
}

static void idle_at(struct world *w, int64_t now_ms)
{
    w->now_ms = now_ms;
    run(w, "privacy.idle");
}

static int64_t told(struct world *w)
{
    assert_int_equal(
        world_count(w, "SELECT COALESCE(CAST(SUM(count) AS BIGINT), 0) FROM notice WHERE kind ="
                       " 'retention.idle'"),
        mails(w, "retention.idle"));
    return mails(w, "retention.idle");
}

static int64_t active(struct world *w)
{
    return world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"
                          " AND state = 'active'");
}

/* Kartika was last here on that day; the world's own people are always here. */
static void last_seen(struct world *w, int64_t at_ms)
{
    char sql[160];
    snprintf(sql, sizeof(sql),
             "UPDATE account SET seen_at_ms = CASE avatar_name WHEN 'Kartika' THEN %lld ELSE"
             " 4000000000000 END",
             (long long)at_ms);
    world_script(w, sql);
}

/*
 * proves: RET-3a
 * proves: RET-3b
 */
static void
who_stays_away_for_18_months_is_told_twice_and_erased_and_may_come_again(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    last_seen(w, at(2027, 1, 15));
    idle_at(w, at(2028, 6, 15) - TIME_S);
    assert_int_equal(told(w), 0);
    idle_at(w, at(2028, 6, 15) + TIME_S); /* 17 months */
    assert_int_equal(told(w), 1);
    idle_at(w, at(2028, 6, 30) - TIME_S);
    assert_int_equal(told(w), 1);
    idle_at(w, at(2028, 6, 30) + TIME_S); /* 17 and a half */
    assert_int_equal(told(w), 2);
    idle_at(w, at(2028, 7, 15) - TIME_S);
    assert_int_equal(active(w), 1);
    idle_at(w, at(2028, 7, 15) + TIME_S); /* 18 */
    assert_int_equal(active(w), 0);
    assert_int_equal(signs_in(w, "Kartika", PASSWORD, NULL), 403);
    run_jobs(w);
    assert_true(id_of(w, "Kartika") < 0);
    (void)proved(w, "Kartika", "kartika@example.org");
    assert_int_equal(active(w), 1);
}

static void who_comes_back_is_as_before(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    last_seen(w, at(2027, 1, 15));
    idle_at(w, at(2028, 6, 20));
    idle_at(w, at(2028, 7, 10));
    assert_int_equal(told(w), 2);
    assert_int_equal(signs_in(w, "Kartika", PASSWORD, NULL), 201);
    last_seen(w, w->now_ms + TIME_S);
    idle_at(w, at(2028, 12, 1));
    assert_int_equal(active(w), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE idle_told > 0"), 0);
    idle_at(w, at(2029, 12, 20)); /* and all begins anew */
    assert_int_equal(told(w), 3);
    assert_int_equal(active(w), 1);
}

static void a_server_that_stood_still_tells_before_it_erases(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    last_seen(w, at(2027, 1, 15));
    idle_at(w, at(2031, 1, 1));
    assert_int_equal(told(w), 1);
    idle_at(w, at(2031, 1, 10));
    assert_int_equal(told(w), 1);
    idle_at(w, at(2031, 1, 20));
    assert_int_equal(told(w), 2);
    idle_at(w, at(2031, 1, 30));
    assert_int_equal(active(w), 1);
    idle_at(w, at(2031, 2, 5));
    assert_int_equal(active(w), 0);
}

static void the_administrator_who_was_here_last_stays_and_is_not_told(struct world *w)
{
    world_script(w, "UPDATE account SET role = 'admin', seen_at_ms = 1 + id");
    world_script(w, "UPDATE account SET role = 'member', seen_at_ms = 4000000000000 WHERE id < 4");
    for (int month = 1; month < 12; month++) {
        idle_at(w, at(2031, month, 1));
    }
    assert_int_equal(told(w), 2); /* Dan */
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE role = 'admin'"
                                    " AND state = 'active' AND id = 5"),
                     1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE role = 'admin'"
                                    " AND state = 'active'"),
                     1);
}

static void whom_staff_ended_is_erased_when_the_time_to_complain_is_over(struct world *w)
{
    (void)proved(w, "Kartika", "kartika@example.org");
    last_seen(w, at(2027, 8, 31));
    w->now_ms = at(2027, 8, 31);
    world_script(w, "UPDATE account SET state = 'ended', end_reason = 'spam', ended_ms = NULL"
                    " WHERE avatar_name = 'Kartika'"); /* as of before */
    run(w, "privacy.ended");
    w->now_ms = at(2028, 2, 29) + 16 * TIME_H - TIME_S; /* no 31 February: the month's end */
    run(w, "privacy.ended");
    run_jobs(w);
    assert_true(id_of(w, "Kartika") > 0);
    w->now_ms += 2 * TIME_S;
    run(w, "privacy.ended");
    w->now_ms += TIME_H;
    run_jobs(w);
    assert_true(id_of(w, "Kartika") < 0);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(who_stays_away_for_18_months_is_told_twice_and_erased_and_may_come_again),
        WORLD_TEST(who_comes_back_is_as_before),
        WORLD_TEST(a_server_that_stood_still_tells_before_it_erases),
        WORLD_TEST(the_administrator_who_was_here_last_stays_and_is_not_told),
        WORLD_TEST(whom_staff_ended_is_erased_when_the_time_to_complain_is_over),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
