#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/safety/reports/reports.h"
#include "tests/support/members.h"

extern const struct feature *const features[];

/* DAN has a page, ANA reports it, BEN is the officer. */

static char path[160];

static const char *of_page(const char *id, const char *json)
{
    static char all[REPORTS_WORDS_MAX + 300];
    snprintf(all, sizeof(all), "{\"kind\":\"page\",\"id\":\"%s\",%s", id, json + 1);
    return all;
}

static int report(struct world *w, int who, int whom, const char *json)
{
    return world_send(w, who, "POST", "/api/reports", of_page(w->public_ids[whom], json));
}

static int decide(struct world *w, const char *json)
{
    return world_sendf(w, BEN, "POST", json, "%s/decision", path);
}

static int home(struct world *w, int version, const char *text)
{
    char json[400];
    snprintf(json, sizeof(json),
             "{\"style\":\"sea\",\"version\":%d,\"blocks\":[{\"kind\":\"text\",\"text\":\"%s\"},"
             "{\"kind\":\"guestbook\"}]}",
             version, text);
    return world_send(w, DAN, "PUT", "/api/me/home", json);
}

static void begin(struct world *w)
{
    parents_begin(w);
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", "ID");
    }
    world_script(w, "UPDATE account SET email_verified = 1");
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (3, 4, 1),"
                    " (4, 3, 1)"); /* a stranger's entry would wait for his yes */
    assert_int_equal(home(w, 0, "ugly words"), 200);
    assert_int_equal(world_sendf(w, CLEO, "POST", "{\"text\":\"uglier words\"}",
                                 "/api/people/%s/guestbook", w->public_ids[DAN]),
                     201);
    assert_int_equal(
        world_send(w, DAN, "PUT", "/api/me/profile",
                   "{\"version\":0,\"fields\":[{\"name\":\"about\",\"value\":\"ugly self\","
                   "\"audience\":\"everyone\"},{\"name\":\"display_name\",\"value\":\"Secret\","
                   "\"audience\":\"friends\"}]}"),
        200);
}

/* BEN finds the only report. */
static void find(struct world *w)
{
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports", NULL), 200);
    snprintf(path, sizeof(path), "/api/staff/reports/%s", world_field(w, "id"));
}

#define HATE "{\"reason\":\"hate\",\"text\":\"Please look at this.\"}"
#define EMPTIED "{\"outcome\":\"emptied\",\"why\":\"It insults people.\"}"
#define NOTHING "{\"outcome\":\"nothing\",\"why\":\"A matter of taste.\"}"

/* proves: PRO-4b SAF-1b */
static void a_reported_page_is_kept_as_the_reporter_saw_it_whatever_its_owner_does(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    assert_int_equal(home(w, 1, "kind words"), 200);
    assert_int_equal(world_send(w, DAN, "POST", "/api/blocks", "{\"name\":\"ana\"}"), 201);
    world_script(w, "DELETE FROM account WHERE id IN (1, 4)");
    find(w);
    assert_true(world_says(w, "\"reason\":\"hate\"") && world_says(w, "\"name\":null"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM audit WHERE look = 'report'"), 0);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "ugly words") && world_says(w, "uglier words"));
    assert_true(world_says(w, "ugly self") && world_says(w, "Please look at this."));
    assert_true(world_says(w, "\"name\":\"dan\"") && world_says(w, "\"name\":\"cleo\""));
    assert_false(world_says(w, "kind words") || world_says(w, "Secret"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM audit WHERE look = 'report'"), 1);
    assert_int_equal(decide(w, EMPTIED), 204); /* there is nobody left to tell */
}

/* proves: PRO-4b */
static void an_emptied_page_is_empty_and_both_hear_of_it(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    find(w);
    assert_int_equal(decide(w, "{\"outcome\":\"emptied\",\"why\":\" \\u200b \"}"), 400);
    assert_string_equal(world_code(w), "reports.why");
    assert_int_equal(decide(w, EMPTIED), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_block"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM profile_field WHERE value_ct IS NOT"
                                    " NULL"),
                     0);
    assert_int_equal(home(w, 1, "over it"), 409); /* an open editor does not write it back */
    assert_int_equal(world_send(w, ANA, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "emptied it") && !world_says_word(w, "dan"));
    assert_int_equal(world_send(w, DAN, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "emptied your homepage") && !world_says_word(w, "ana"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE account_id = 4"
                                    " AND kind = 'reports.emptied'"),
                     1);
    assert_int_equal(decide(w, NOTHING), 409);
    assert_string_equal(world_code(w), "reports.decided");
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports", NULL), 200);
    assert_true(world_says(w, "\"items\":[]"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/reports?decided=yes", NULL), 200);
    assert_true(world_says(w, "\"outcome\":\"emptied\""));
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "It insults people.") && world_says(w, "\"officer\":\"ben\""));
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/acts", NULL), 200);
    assert_true(world_says(w, "\"act\":\"GET /api/staff/reports/{id}\",\"look\":true"));
    /* Administrators and whoever keeps watch over the log: neither who is reported nor by whom. */
    assert_true(world_says(w, "\"act\":\"POST /api/staff/reports/{id}/decision\""));
    assert_false(world_says_word(w, "dan") || world_says_word(w, "ana"));
    assert_false(world_says(w, "\"on\":\""));
}

static void who_is_reported_in_vain_notices_nothing(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    find(w);
    world_script(w, "DELETE FROM notice");
    assert_int_equal(decide(w, NOTHING), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit s JOIN report r ON r.id ="
                                    " s.on_id WHERE s.by_id = 2 AND s.act LIKE '%/decision'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE account_id <> 1"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind LIKE 'reports%'"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_block"), 2);
    assert_int_equal(world_send(w, ANA, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "found nothing against the rules"));
}

static void who_may_report_and_whom(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, NOBODY, DAN, HATE), 401);
    assert_int_equal(report(w, DAN, DAN, HATE), 400);
    assert_string_equal(world_code(w), "reports.own");
    assert_int_equal(report(w, ANA, DAN, "{\"reason\":\"taste\"}"), 400);
    assert_int_equal(world_send(w, ANA, "POST", "/api/reports", of_page("nobody", HATE)), 404);
    assert_string_equal(world_code(w), "people.none");
    assert_int_equal(report(w, ANA, DAN, "{\"reason\":\"danger\"}"), 204);
    assert_int_equal(report(w, ANA, DAN, HATE), 409); /* nothing is doubled, and it is said */
    assert_string_equal(world_code(w), "reports.open");
    assert_int_equal(report(w, CLEO, DAN, HATE), 204);
    find(w);
    assert_true(world_says(w, "\"reason\":\"danger\"") && world_says(w, "\"others\":1"));
    assert_int_equal(decide(w, NOTHING), 204);
    assert_int_equal(report(w, ANA, DAN, HATE), 204); /* anew, after the decision */
}

/* A report that is refused would tell of the block, and would leave whom Dan harms alone. */
static void a_person_can_be_reported_whoever_blocked_whom_and_when_they_have_ended(struct world *w)
{
    static const char *const acts[] = {
        "DELETE FROM block; INSERT INTO block (account_id, other_id, since_ms) VALUES (4, 1, 1)",
        "DELETE FROM block; UPDATE account SET state = 'ended' WHERE id = 4"};
    begin(w);
    for (size_t i = 0; i < COUNT(acts); i++) {
        world_script(w, acts[i]);
        assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/people/%s", w->public_ids[DAN]),
                         404);
        assert_int_equal(report(w, ANA, DAN, HATE), 204);
        assert_int_equal(report(w, ANA, DAN, HATE), 409);
        find(w);
        assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
        assert_true(world_says(w, "Please look at this.") && world_says(w, "\"name\":\"dan\""));
        assert_false(world_says(w, "ugly words")); /* the report shows no more than she sees */
        assert_int_equal(decide(w, i == 0 ? NOTHING : EMPTIED), 204);
    }
    world_script(w, "DELETE FROM account WHERE id = 4");
    assert_int_equal(report(w, ANA, DAN, HATE), 404);
}

static void whom_one_blocked_one_can_still_report(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", "{\"name\":\"dan\"}"), 201);
    assert_int_equal(report(w, ANA, DAN, "{\"reason\":\"danger\",\"text\":\"He waits.\"}"), 204);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/waiting", NULL), 200);
    assert_true(
        world_says(w, "\"items\":[{\"name\":\"officer\",\"path\":\"/staff\",\"waiting\":0"));
    assert_true(world_says(w, "\"path\":\"/staff/reports\",\"waiting\":1,\"urgent\":1"));
    find(w);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "He waits.") && world_says(w, "\"name\":\"dan\""));
    assert_false(world_says(w, "ugly words")); /* she sees nothing of him, nor does the report */
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (4, 1, 1)");
    assert_int_equal(decide(w, NOTHING), 204);
    assert_int_equal(report(w, ANA, DAN, HATE), 204); /* whoever else blocked whom */
    assert_int_equal(world_send(w, DAN, "GET", "/api/staff/waiting", NULL), 403);
}

static void words_have_a_limit(struct world *w)
{
    static char json[REPORTS_WORDS_MAX + 100];
    static char words[REPORTS_WORDS_MAX + 2];
    begin(w);
    memset(words, 'x', REPORTS_WORDS_MAX + 1);
    snprintf(json, sizeof(json), "{\"reason\":\"other\",\"text\":\"%s\"}", words);
    assert_int_equal(report(w, ANA, DAN, json), 400);
    words[REPORTS_WORDS_MAX] = '\0';
    snprintf(json, sizeof(json), "{\"reason\":\"other\",\"text\":\"%s\"}", words);
    assert_int_equal(report(w, ANA, DAN, json), 204);
    find(w);
    words[REPORTS_WHY_MAX + 1] = '\0';
    snprintf(json, sizeof(json), "{\"outcome\":\"emptied\",\"why\":\"%s\"}", words);
    assert_int_equal(decide(w, json), 400);
    words[REPORTS_WHY_MAX] = '\0';
    snprintf(json, sizeof(json), "{\"outcome\":\"emptied\",\"why\":\"%s\"}", words);
    assert_int_equal(decide(w, json), 204);
}

static void reports_are_for_officers_and_never_for_those_in_them(struct world *w)
{
    const char *all = "/api/staff/reports";
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    find(w);
    const struct {
        int who, status;
        const char *code;
    } doors[] = {{NOBODY, 401, "api.login"},
                 {ANA, 403, "api.role"},
                 {DAN, 403, "api.role"},
                 {ADA, 403, "api.role"},
                 {CLEO, 403, "api.passkey"}};
    for (size_t i = 0; i < COUNT(doors); i++) {
        assert_int_equal(world_send(w, doors[i].who, "GET", all, NULL), doors[i].status);
        assert_string_equal(world_code(w), doors[i].code);
        assert_int_equal(world_send(w, doors[i].who, "GET", path, NULL), doors[i].status);
        assert_int_equal(world_sendf(w, doors[i].who, "POST", NOTHING, "%s/decision", path),
                         doors[i].status);
    }
    assert_int_equal(decide(w, NOTHING), 204);
    assert_int_equal(report(w, BEN, DAN, HATE), 204);
    assert_int_equal(report(w, ANA, BEN, HATE), 204);
    assert_int_equal(world_send(w, BEN, "GET", all, NULL), 200);
    assert_true(world_says(w, "\"items\":[]"));
    world_script(w, "UPDATE report SET public_id = 'aaaaaaaaaaaaaaaaaaaaaaaaaa'"
                    " WHERE subject_id = 2");
    snprintf(path, sizeof(path), "/api/staff/reports/aaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 404);
    assert_int_equal(decide(w, NOTHING), 404);
    assert_string_equal(world_code(w), "reports.none");
}

static void half_a_year_after_the_decision_the_key_is_burned_and_the_row_gone(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    int64_t key = world_count(w, "SELECT key_id FROM report");
    find(w);
    w->now_ms += 300 * TIME_DAY;
    world_script(w, "UPDATE session SET proved_at_ms = 2000000000000, ends_at_ms = 3000000000000,"
                    " used_at_ms = 1900000000000");
    parents_run_jobs(w);
    assert_int_equal(decide(w, NOTHING), 204);
    w->now_ms += 181 * TIME_DAY; /* from 11 November to 10 May */
    parents_run_jobs(w);
    assert_true(parents_key_lives(w, key));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 1);
    w->now_ms += TIME_DAY;
    parents_run_jobs(w);
    assert_false(parents_key_lives(w, key));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 0);
}

static void what_nobody_decides_is_gone_after_a_year_and_the_reporter_hears_it(struct world *w)
{
    begin(w);
    assert_int_equal(report(w, ANA, DAN, HATE), 204);
    int64_t key = world_count(w, "SELECT key_id FROM report");
    w->now_ms += 365 * TIME_DAY - TIME_H;
    parents_run_jobs(w);
    assert_true(parents_key_lives(w, key));
    w->now_ms += TIME_DAY + TIME_H;
    parents_run_jobs(w);
    assert_false(parents_key_lives(w, key));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'reports.lapsed'"
                                    " AND account_id = 1"),
                     1);
}

static void nothing_is_reported(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report"), 0);
}

static void nothing_is_decided(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM report WHERE outcome IS NULL"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_block"), 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind LIKE 'reports%'"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind LIKE 'reports%'"), 0);
}

static void a_failing_statement_changes_nothing(struct world *w)
{
    char route[200];
    begin(w);
    world_faults(w, ANA, "POST", "/api/reports", of_page(w->public_ids[DAN], HATE),
                 nothing_is_reported);
    find(w);
    snprintf(route, sizeof(route), "%s/decision", path);
    world_faults(w, BEN, "POST", route, EMPTIED, nothing_is_decided);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_block"), 0);
}

static void ten_reports_a_day_are_enough(struct world *w)
{
    begin(w);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(report(w, ANA, DAN, HATE), i == 0 ? 204 : 409);
    }
    assert_int_equal(report(w, ANA, DAN, HATE), 429);
}

static void what_is_no_kind_or_lacks_its_number_is_refused(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, ANA, "POST", "/api/reports",
                                "{\"kind\":\"weather\",\"id\":\"x\",\"reason\":\"hate\"}"),
                     400);
    assert_true(world_says(w, "\"field\":\"kind\""));
    assert_int_equal(world_send(w, ANA, "POST", "/api/reports",
                                "{\"kind\":\"line\",\"id\":\"x\",\"reason\":\"hate\"}"),
                     400);
    assert_true(world_says(w, "\"field\":\"seq\""));
    nothing_is_reported(w);
}

static void each_kind_is_one_features_and_complete(struct world *w)
{
    size_t count = 0;
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct capture_kind *row = (*at)->captures; row && row->name; row++) {
            assert_ptr_equal(reports_kind(row->name), row);
            assert_true(row->look && row->open && strlen(row->name) <= REPORTS_KIND_MAX);
            count++;
        }
    }
    assert_true(count >= 4);
    assert_null(reports_kind("weather"));
    (void)w;
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_reported_page_is_kept_as_the_reporter_saw_it_whatever_its_owner_does),
        WORLD_TEST(an_emptied_page_is_empty_and_both_hear_of_it),
        WORLD_TEST(who_is_reported_in_vain_notices_nothing),
        WORLD_TEST(who_may_report_and_whom),
        WORLD_TEST(a_person_can_be_reported_whoever_blocked_whom_and_when_they_have_ended),
        WORLD_TEST(whom_one_blocked_one_can_still_report),
        WORLD_TEST(words_have_a_limit),
        WORLD_TEST(what_is_no_kind_or_lacks_its_number_is_refused),
        WORLD_TEST(each_kind_is_one_features_and_complete),
        WORLD_TEST(reports_are_for_officers_and_never_for_those_in_them),
        WORLD_TEST(half_a_year_after_the_decision_the_key_is_burned_and_the_row_gone),
        WORLD_TEST(what_nobody_decides_is_gone_after_a_year_and_the_reporter_hears_it),
        WORLD_TEST(a_failing_statement_changes_nothing),
    };
    static const struct world_test limits[] = {WORLD_TEST(ten_reports_a_day_are_enough)};
    const struct world_options options = {.features = features, .own_sign_in = true};
    const struct world_options limited = {
        .features = features, .own_sign_in = true, .limit_scale = 1};
    return world_run(&options, tests, COUNT(tests)) + world_run(&limited, limits, COUNT(limits));
}
