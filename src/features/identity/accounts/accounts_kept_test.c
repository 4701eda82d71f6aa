#include "tests/support/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "features/identity/sessions/sessions.h"

extern const struct feature *const features[];

/* What is kept of a person, byte by byte, and what is not. */

static int joins(struct world *w, const char *name, const char *birth, const char *email,
                 const char *more)
{
    char json[512];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\",\"email\":\"%s\","
             "\"birth_date\":\"%s\",\"country\":\"ID\",\"marketing\":false%s}",
             name, email, birth, more);
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

static void what_is_sealed_stands_in_no_byte_of_the_data_folder(struct world *w)
{
    assert_int_equal(
        joins(w, "Kartika", "1990-02-28", "someone@example.org", ",\"real_name\":\"Dewi Lestari\""),
        201);
    assert_true(kept_anywhere(w, "Kartika")); /* so the look finds what lies in clear */
    assert_false(kept_anywhere(w, "someone@example.org"));
    assert_false(kept_anywhere(w, "someone@"));
    assert_false(kept_anywhere(w, "1990-02-28"));
    assert_false(kept_anywhere(w, "Dewi Lestari"));
    assert_false(kept_anywhere(w, "Lestari"));
    assert_false(kept_anywhere(w, "grey tram"));
}

/* ---- who is too young ---- */

/* Every door that a birth date comes in by. */
static void knocks_everywhere(struct world *w, const char *birth)
{
    int was = joins(w, "Unwanted Kid", birth, "unwanted@example.org", "");
    assert_int_equal(was, 403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_int_equal(world_sendf(w, NOBODY, "POST",
                                 arena_printf(w->kept, "{\"birth_date\":\"%s\"}", birth),
                                 "/api/age"),
                     403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_int_equal(
        world_sendf(w, NOBODY, "POST",
                    arena_printf(w->kept,
                                 "{\"birth_date\":\"%s\",\"country\":\"DE\",\"avatar_name\":"
                                 "\"Unwanted Kid\",\"parent_email\":\"unwanted@example.org\"}",
                                 birth),
                    "/api/guardians"),
        403);
    assert_string_equal(world_code(w), "ages.refused");
}

/* proves: REG-2b */
static void
of_a_child_that_was_refused_no_row_no_byte_and_no_line_of_the_log_is_kept(struct world *w)
{
    char young[16];
    struct kept_log log;
    struct tm tm;
    time_t then = (time_t)(w->now_ms / 1000) - (time_t)12 * 365 * 24 * 3600;
    gmtime_r(&then, &tm);
    strftime(young, sizeof(young), "%Y-%m-%d", &tm);
    assert_int_equal(joins(w, "Grown Person", "1990-02-28", "grown@example.org", ""), 201);
    struct kept_counts before = kept_count(w);
    kept_log_begin(&log);
    w->address = "203.0.113.77";
    knocks_everywhere(w, young);
    char wait[700];
    snprintf(wait, sizeof(wait), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
    w->cookie = wait; /* once more, with what the server gave them */
    knocks_everywhere(w, young);
    knocks_everywhere(w, "1990-02-28");
    w->address = w->cookie = NULL;
    log_line(LOG_INFO, "test", "what is logged is found", LOG_T(LOG_WHY, "a marker"));
    const char *lines = kept_log_end(w, &log);
    assert_non_null(strstr(lines, "a marker"));
    kept_same_but(w, &before, "");
    const char *const told[] = {young, "Unwanted", "unwanted@example.org", "203.0.113.77"};
    for (size_t i = 0; i < COUNT(told); i++) {
        assert_false(kept_anywhere(w, told[i]));
        assert_null(strstr(lines, told[i]));
    }
    assert_true(kept_anywhere(w, "Grown Person"));
}

/* proves: REG-5b */
static void a_name_that_many_reach_for_at_once_goes_to_one_of_them(struct world *w)
{
    enum { MANY = 12 };
    const char *wishes[MANY];
    int statuses[MANY], got = 0;
    for (int i = 0; i < MANY; i++) { /* different people, the same name or what looks like it */
        wishes[i] = arena_printf(w->kept,
                                 "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
                                 "\"email\":\"person%d@example.org\",\"birth_date\":\"1990-02-28\","
                                 "\"country\":\"ID\",\"marketing\":false}",
                                 i % 3 == 0   ? "Kartika"
                                 : i % 3 == 1 ? "kartika"
                                              : "K.artika",
                                 i);
    }
    world_send_many(w, NOBODY, "POST", "/api/accounts", wishes, MANY, statuses);
    for (int i = 0; i < MANY; i++) {
        assert_true(statuses[i] == 201 || statuses[i] == 409 || statuses[i] == 503);
        got += statuses[i] == 201;
    }
    assert_int_equal(got, 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE name_skeleton ="
                                    " 'kartika'"),
                     1);
}

static const char *cookie_of(struct world *w)
{
    static char header[640];
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(header, sizeof(header), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
        }
    }
    return header;
}

/* Sealed with the member's own key, and a key has one account. */
static void a_sealed_value_moved_to_another_row_is_opened_for_nobody(struct world *w)
{
    assert_int_equal(joins(w, "Victim", "1990-02-28", "victim@example.org", ""), 201);
    assert_int_equal(joins(w, "Thief", "1991-03-29", "thief@example.org", ""), 201);
    w->cookie = cookie_of(w);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "thief@example.org"));
    world_script(w, "UPDATE account SET email_ct = (SELECT v.email_ct FROM account v WHERE"
                    " v.avatar_name = 'Victim') WHERE avatar_name = 'Thief'");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 500);
    assert_false(world_says(w, "victim@example.org"));
    assert_int_not_equal(store_script(w->store.store,
                                      "UPDATE account SET key_id = (SELECT v.key_id FROM account v"
                                      " WHERE v.avatar_name = 'Victim') WHERE avatar_name ="
                                      " 'Thief'"),
                         OK);
    w->cookie = NULL;
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(what_is_sealed_stands_in_no_byte_of_the_data_folder),
        WORLD_TEST(of_a_child_that_was_refused_no_row_no_byte_and_no_line_of_the_log_is_kept),
        WORLD_TEST(a_name_that_many_reach_for_at_once_goes_to_one_of_them),
        WORLD_TEST(a_sealed_value_moved_to_another_row_is_opened_for_nobody),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
