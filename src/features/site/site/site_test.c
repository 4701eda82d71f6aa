#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "features/site/site/site.h"
#include "store/store.h"
#include "tests/support/world.h"

/* Settings in the pages.  ADA is an administrator. */

extern const struct feature site_feature;

/* From here on as a server has them: with what the store says. */
static void begins(struct world *w)
{
    settings_now_begin(&w->settings);
}

static int put(struct world *w, const char *name, const char *value, int version)
{
    char json[3000];
    snprintf(json, sizeof(json),
             value ? "{\"value\":\"%s\",\"version\":%d}" : "{\"value\":%s,\"version\":%d}",
             value ? value : "null", version);
    return world_sendf(w, ADA, "PUT", json, "/api/admin/settings/%s", name);
}

/* What the page says of one row. */
static const char *row(struct world *w, const char *name)
{
    static char of[4000];
    char start[100];
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/settings", NULL), 200);
    snprintf(start, sizeof(start), "{\"name\":\"%s\"", name);
    const char *at = strstr(w->last.body, start);
    assert_non_null(at);
    const char *end = strstr(at, "\"by\":");
    assert_non_null(end);
    snprintf(of, sizeof(of), "%.*s", (int)(end - at) + 20, at);
    return of;
}

static void assert_row(struct world *w, const char *name, const char *says)
{
    const char *of = row(w, name);
    if (!strstr(of, says)) {
        fail_msg("%s does not say %s", of, says);
    }
}

static const char *site_name(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/site", NULL), 200);
    return world_field(w, "name");
}

static void a_change_holds_at_once_and_is_stored_with_who_when_and_what_was(struct world *w)
{
    begins(w);
    assert_string_equal(site_name(w), "Bauta");
    assert_int_equal(put(w, "site_name", "  Harbour ", 0), 204);
    assert_string_equal(site_name(w), "Harbour");
    assert_row(w, "site_name", "\"value\":\"Harbour\",\"standard\":\"Bauta\"");
    assert_row(w, "site_name",
               "\"stored\":true,\"unfit\":false,\"undo\":true,\"former\":null,"
               "\"version\":1");
    assert_row(w, "site_name", "\"by\":\"ada\"");
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting WHERE value = 'Harbour'"
                                    " AND by_id = 5 AND changed_ms > 0"),
                     1);
    assert_int_equal(put(w, "site_name", "Port", 1), 204);
    assert_row(w, "site_name", "\"former\":\"Harbour\",\"version\":2");
    assert_int_equal(put(w, "session_days", "7", 0), 204); /* a feature's own row */
    assert_row(w, "session_days", "\"value\":\"7\"");
    assert_row(w, "session_days", "\"version\":3"); /* of any of them */
}

static void each_change_leaves_a_line_of_staff_with_both_values(struct world *w)
{
    begins(w);
    assert_int_equal(put(w, "site_name", "Harbour", 0), 204);
    assert_int_equal(put(w, "site_name", "Port \\\"7\\\"", 1), 204);
    assert_int_equal(put(w, "site_name", NULL, 2), 204);
    assert_int_equal(put(w, "site_name", "x", 0), 409);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/acts", NULL), 200);
    assert_true(world_says(w, "\"what\":\"site_name: standard, \\\"Bauta\\\" -> "
                              "\\\"Harbour\\\"\""));
    assert_true(world_says(w, "\\\"Harbour\\\" -> \\\"Port \\\"7\\\"\\\"\""));
    assert_true(world_says(w, "-> standard, \\\"Bauta\\\"\""));
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE by_id = 5 AND act ="
                                    " 'PUT /api/admin/settings/{name}'"),
                     3);
}

static void the_former_value_and_the_standard_come_back(struct world *w)
{
    begins(w);
    assert_int_equal(put(w, "site_name", "Harbour", 0), 204);
    assert_int_equal(put(w, "site_name", NULL, 1), 204);
    assert_string_equal(site_name(w), "Bauta");
    assert_row(w, "site_name",
               "\"stored\":false,\"unfit\":false,\"undo\":true,"
               "\"former\":\"Harbour\",\"version\":2");
    assert_int_equal(put(w, "site_name", "Harbour", 2), 204);
    assert_string_equal(site_name(w), "Harbour");
    assert_int_equal(put(w, "contact_email", "a@b.example", 0), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE what = 'contact_email'"),
                     1); /* an address may be somebody's, and these lines never go */
    assert_int_equal(put(w, "contact_email", NULL, 4), 204); /* whose standard is nothing at all */
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/site", NULL), 200);
    assert_true(world_says(w, "\"email\":null"));
}

static void what_was_changed_meanwhile_is_not_written_over(struct world *w)
{
    begins(w);
    assert_int_equal(put(w, "site_name", "Harbour", 0), 204);
    assert_int_equal(put(w, "site_name", "Port", 0), 409);
    assert_string_equal(world_code(w), "site.changed");
    assert_string_equal(site_name(w), "Harbour");
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 1); /* of what was done */
}

/* What the first of them said holds, in memory as in the store. */
static void of_several_who_saw_the_same_one_wins(struct world *w)
{
    enum { AT_ONCE = 8 };
    char texts[AT_ONCE][60], sql[120];
    const char *jsons[AT_ONCE];
    int statuses[AT_ONCE], won = 0;
    begins(w);
    for (int i = 0; i < AT_ONCE; i++) {
        snprintf(texts[i], sizeof(texts[i]), "{\"value\":\"Harbour %d\",\"version\":0}", i);
        jsons[i] = texts[i];
    }
    world_send_many(w, ADA, "PUT", "/api/admin/settings/site_name", jsons, AT_ONCE, statuses);
    for (int i = 0; i < AT_ONCE; i++) {
        won += statuses[i] == 204;
        assert_true(statuses[i] == 204 || statuses[i] == 409 || statuses[i] == 503);
    }
    assert_int_equal(won, 1);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM site_setting WHERE value = '%s'",
             site_name(w));
    assert_int_equal(world_count(w, sql), 1);
}

static void what_the_operator_fixed_is_shown_as_such_and_refused(struct world *w)
{
    static char flag[] = "--session-days=7", variable[] = "BAUTA_SESSION_DAYS=7";
    static const struct {
        int argc;
        char *argv[1], *environment[2];
        const char *fixed;
    } ways[] = {{1, {flag}, {NULL}, "flag"}, {0, {NULL}, {variable}, "environment"}};
    for (size_t i = 0; i < COUNT(ways); i++) {
        char why[SETTINGS_WHY_MAX], says[60];
        settings_now_end(&w->settings);
        settings_free(&w->settings);
        assert_int_equal(settings_read(features_settings(features), NULL, ways[i].environment,
                                       ways[i].argc, ways[i].argv, &w->settings, why),
                         OK);
        w->settings.limit_scale = 1000000;
        begins(w);
        snprintf(says, sizeof(says), "\"fixed\":\"%s\"", ways[i].fixed);
        assert_row(w, "session_days", says);
        assert_row(w, "site_name", "\"fixed\":null");
        assert_int_equal(put(w, "session_days", "9", 0), 409);
        assert_string_equal(world_code(w), "site.fixed");
        assert_int_equal(settings_change(&w->settings, "session_days", "9", 1), OK);
        assert_row(w, "session_days", "\"value\":\"7\""); /* what the store says is beneath */
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting"), 0);
}

static void what_is_out_of_bounds_is_refused_at_its_field(struct world *w)
{
    static const struct {
        const char *name, *value, *code;
    } wrong[] = {
        {"session_days", "0", "site.number"},      {"session_days", "366", "site.number"},
        {"session_days", "7x", "site.number"},     {"session_days", "", "site.number"},
        {"registration", "opened", "site.choice"}, {"site_name", "", "site.text"},
        {"site_name", "   ", "site.text"},         {"site_name", "Har\\nbour", "site.text"},
        {"contact_email", "nobody", "site.email"}, {"contact_email", "a@b\\nX: y", "site.email"},
        {"contact_email", "a b@c", "site.email"}};
    begins(w);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(put(w, wrong[i].name, wrong[i].value, 0), 400);
        if (strcmp(world_code(w), wrong[i].code) != 0 || !world_says(w, "\"field\":\"value\"")) {
            fail_msg("%s = %s: %s", wrong[i].name, wrong[i].value, w->last.body);
        }
    }
    char longest[102];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[101] = '\0';
    assert_int_equal(put(w, "site_name", longest, 0), 400);
    longest[100] = '\0';
    assert_int_equal(put(w, "site_name", longest, 0), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting"), 1);
}

static void secrets_paths_and_what_belongs_to_the_machine_are_not_there(struct world *w)
{
    static const char *const never[] = {"smtp_url",  "data",    "public_url",  "listen",
                                        "memory_mb", "keys",    "limit_scale", "metrics_token",
                                        "providers", "history", "site-name",   "nothing"};
    begins(w);
    for (size_t i = 0; i < COUNT(never); i++) {
        assert_int_equal(put(w, never[i], "1", 0), 404);
        assert_string_equal(world_code(w), "site.none");
    }
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/settings", NULL), 200);
    for (size_t i = 0; i < COUNT(never); i++) {
        char name[40];
        snprintf(name, sizeof(name), "\"name\":\"%s\"", never[i]);
        assert_false(world_says(w, name));
    }
}

static void nobody_but_administrators_sees_or_changes_them(struct world *w)
{
    begins(w);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/admin/settings", NULL), 401);
    assert_int_equal(world_send(w, ANA, "GET", "/api/admin/settings", NULL), 403);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/admin/settings/site_name",
                                "{\"value\":\"X\",\"version\":0}"),
                     403);
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting"), 0);
}

static void every_row_has_its_words_in_both_languages(struct world *w)
{
    struct setting_view *all = NULL;
    size_t count = 0;
    settings_views(&w->settings, w->kept, &all, &count);
    assert_true(count >= 10);
    for (size_t i = 0; i < 2; i++) {
        w->language = catalogue_languages[i];
        assert_int_equal(world_send(w, ADA, "GET", "/api/admin/settings", NULL), 200);
        const char *bare = strstr(w->last.body, "\"setting."); /* a key instead of a sentence */
        if (bare) {
            fail_msg("without words: %.60s", bare);
        }
    }
}

/* As a server reads them when it starts. */
static enum err fold(struct call *call, void *arg)
{
    struct world *w = arg;
    struct site_stored *all = NULL;
    size_t count = 0;
    TRY(site_stored(call, &all, &count));
    for (size_t i = 0; i < count; i++) {
        enum err err = settings_change(&w->settings, all[i].name, all[i].value, all[i].version);
        assert_true(err == OK || err == ERR_INVALID || err == ERR_MISSING);
    }
    return OK;
}

static void whatever_stands_in_the_store_the_standard_holds_where_it_does_not_fit(struct world *w)
{
    static char script[4000];
    int len = snprintf(script, sizeof(script),
                       "INSERT INTO site_setting (name, value, former, version, changed_ms) VALUES"
                       " ('session_days', '100000', 'no number', 9223372036854775807, -5),"
                       " ('registration', 'by lot', NULL, -7, 9223372036854775807),"
                       " ('gone_since', 'x', 'y', 9223372036854775807, 1),"
                       " ('smtp_url', 'smtp://evil.example', NULL, 5, 1),"
                       " ('room_capacity', '7', '8', 6, 1), ('site_name', '%02000d', NULL, 8, 1)",
                       7);
    assert_true(len < (int)sizeof(script));
    world_script(w, script);
    begins(w);
    assert_int_equal(world_do(w, ADA, fold, w), OK);
    assert_row(w, "session_days", "\"value\":\"30\"");
    assert_row(w, "session_days", "\"stored\":false,\"unfit\":true,\"undo\":false,\"former\":null");
    assert_row(w, "registration", "\"unfit\":true");
    assert_row(w, "registration", "\"version\":0,\"changed_ms\":1"); /* of 2027, and 13 digits */
    assert_null(strstr(row(w, "registration"), "9223372036854775807"));
    assert_row(w, "site_name", "\"unfit\":true");
    assert_row(w, "room_capacity", "\"value\":\"7\"");
    assert_row(w, "room_capacity", "\"undo\":true,\"former\":\"8\"");
    assert_string_equal(site_name(w), "Bauta");
    const struct settings *held = settings_hold(&w->settings);
    assert_true(!held->smtp_url || !*held->smtp_url);
    settings_drop(&w->settings, held);
    /* and it can be mended, whatever the versions are */
    assert_row(w, "session_days", "\"version\":0,\"changed_ms\":0");
    assert_int_equal(put(w, "session_days", "9", 0), 204);
    assert_row(w, "session_days", "\"value\":\"9\"");
    assert_row(w, "session_days", "\"version\":9");
    assert_int_equal(put(w, "session_days", "10", 9), 204);
    assert_row(w, "session_days", "\"value\":\"10\"");
    assert_int_equal(put(w, "registration", "closed", 0), 204);
    assert_row(w, "registration", "\"value\":\"closed\"");
}

static void run_job(struct world *w)
{
    const struct job_kind *row = site_feature.jobs;
    assert_string_equal(row->name, "site.settings");
    const struct api_route route = {.who = API_ADMIN, .tx = row->tx, .steps = row->steps};
    const struct job_in in = {.id = 1, .payload = ""};
    const char *code = NULL;
    assert_int_equal(api_wait(w->api, &route, &in, NULL, &code), OK);
}

/* A commit whose answer was lost: the store has it, and nobody told the memory. */
static void what_was_stored_without_a_word_holds_within_a_minute(struct world *w)
{
    begins(w);
    world_script(w, "INSERT INTO site_setting (name, value, version, changed_ms) VALUES"
                    " ('site_name', 'Harbour', 4, 1)");
    assert_string_equal(site_name(w), "Bauta");
    run_job(w);
    assert_string_equal(site_name(w), "Harbour");
}

static void the_account_that_changed_it_may_be_erased(struct world *w)
{
    begins(w);
    assert_int_equal(put(w, "site_name", "Harbour", 0), 204);
    world_script(w, "DELETE FROM account WHERE id = 5");
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting WHERE by_id IS NULL"), 1);
    assert_string_equal(site_name(w), "Harbour");
}

static void nothing_faults(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT count(*) FROM site_setting"), 0);
    assert_string_equal(site_name(w), "Bauta");
}

static void each_statement_may_fail(struct world *w)
{
    begins(w);
    world_faults(w, ADA, "GET", "/api/admin/settings", NULL, NULL);
    world_faults(w, ADA, "PUT", "/api/admin/settings/site_name",
                 "{\"value\":\"Harbour\",\"version\":0}", nothing_faults);
    assert_string_equal(site_name(w), "Harbour");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_change_holds_at_once_and_is_stored_with_who_when_and_what_was),
        WORLD_TEST(each_change_leaves_a_line_of_staff_with_both_values),
        WORLD_TEST(the_former_value_and_the_standard_come_back),
        WORLD_TEST(what_was_changed_meanwhile_is_not_written_over),
        WORLD_TEST(of_several_who_saw_the_same_one_wins),
        WORLD_TEST(what_the_operator_fixed_is_shown_as_such_and_refused),
        WORLD_TEST(what_is_out_of_bounds_is_refused_at_its_field),
        WORLD_TEST(secrets_paths_and_what_belongs_to_the_machine_are_not_there),
        WORLD_TEST(nobody_but_administrators_sees_or_changes_them),
        WORLD_TEST(every_row_has_its_words_in_both_languages),
        WORLD_TEST(whatever_stands_in_the_store_the_standard_holds_where_it_does_not_fit),
        WORLD_TEST(what_was_stored_without_a_word_holds_within_a_minute),
        WORLD_TEST(the_account_that_changed_it_may_be_erased),
        WORLD_TEST(each_statement_may_fail),
    };
    const struct world_options options = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests));
}
