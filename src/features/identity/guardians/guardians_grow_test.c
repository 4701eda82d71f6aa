#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/common/consents/consents.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/guardians/guardians.h"
#include "features/identity/sessions/sessions.h"

extern const struct feature *const features[];

/* A parent's powers: how long they last, who cannot spoil them, how they are given back. */

#define JUN_05_2028 (INT64_C(21340) * TIME_DAY) /* 16 */

SQL(test_grown, "SELECT id FROM account WHERE avatar_name = 'Rotkehlchen'");

static char child[640]; /* the cookie of its session */

static void keep_session(struct world *w)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(child, sizeof(child), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
        }
    }
}

static void joins(struct world *w)
{
    parents_ask(w);
    w->settings.demo = true;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    keep_session(w);
}

static int as_child(struct world *w, const char *method, const char *path, const char *json)
{
    w->cookie = child;
    int status = world_send(w, NOBODY, method, path, json);
    w->cookie = NULL;
    return status;
}

static void hour(struct world *w)
{
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'accounts.ages_more', '', 'waiting', 1, 0, 1)");
    parents_run_jobs(w);
}

static enum err wants(struct call *call, void *arg UNUSED)
{
    struct rows rows;
    TRY(store_run(call, &test_grown, NO_BIND, &rows));
    return consents_record(call, row_i64(&rows, 0, 0), "marketing", true, "settings");
}

static void a_parents_powers_end_on_the_day_that_needs_no_parent(struct world *w)
{
    joins(w);
    assert_int_equal(world_count(w, "SELECT until_age FROM guardian"), 16);
    w->now_ms = JUN_05_2028 - TIME_S;
    hour(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_int_equal(world_do(w, NOBODY, wants, NULL), ERR_DENIED);
    w->now_ms = JUN_05_2028;
    hour(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 404);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE state = 'active'"
                                    " AND age_band = '13' AND avatar_name = 'Rotkehlchen'"),
                     1);
    assert_int_equal(world_do(w, NOBODY, wants, NULL), OK); /* its own to say from now on */
    /* That there was a consent stays, when it ended stands nowhere. */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM consent WHERE purpose ="
                                    " 'parent.account' AND given = 1"),
                     1);
}

static void who_grew_up_before_this_version_is_free_of_the_parent_too(struct world *w)
{
    joins(w);
    world_script(w, "UPDATE guardian SET until_age = 0"); /* as the migration leaves it */
    world_script(w, "UPDATE account SET age_band = '18' WHERE avatar_name = 'Rotkehlchen'");
    hour(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian"), 1); /* 14 by its date */
    w->now_ms = JUN_05_2028;
    hour(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian"), 0);
}

static const char AMERICAN[] = "{\"avatar_name\":\"Robin\",\"password\":\"grey tram over kelapa\","
                               "\"email\":\"robin@example.org\",\"birth_date\":\"2012-06-05\","
                               "\"country\":\"US\",\"marketing\":false}";

static void a_change_of_country_is_judged_like_a_registration(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", AMERICAN), 201);
    keep_session(w);
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"DE\"}"), 403);
    assert_string_equal(world_code(w), "accounts.country_parent");
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"US\"}"), 204);
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"ID\"}"), 204);
    w->now_ms = JUN_05_2028;
    world_script(w, "UPDATE session SET ends_at_ms = 4000000000000, used_at_ms = 1850000000000");
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"DE\"}"), 204); /* 16 now */
}

static void with_a_parent_one_may_move_and_the_longer_age_counts(struct world *w)
{
    joins(w);
    world_script(w, "UPDATE guardian SET until_age = 14");
    world_script(w, "UPDATE account SET country = 'AT' WHERE avatar_name = 'Rotkehlchen'");
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"DE\"}"), 204);
    assert_int_equal(world_count(w, "SELECT until_age FROM guardian"), 16);
    assert_int_equal(as_child(w, "PATCH", "/api/me", "{\"country\":\"ID\"}"), 204);
    assert_int_equal(world_count(w, "SELECT until_age FROM guardian"), 16); /* as its ground was */
}

static char codes[GUARDIANS_MAILS_A_DAY + 2][GUARDIANS_CODE_LEN + 1];

static int asks(struct world *w, int number)
{
    char json[256];
    snprintf(json, sizeof(json),
             "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Amsel %c\","
             "\"parent_email\":\"mutter@EXAMPLE.org\"}",
             'a' + number);
    int status = world_send(w, NOBODY, "POST", "/api/guardians", json);
    snprintf(codes[number], sizeof(codes[number]), "%s", world_field(w, "code"));
    return status;
}

static int64_t posted(struct world *w, const char *kind)
{
    char sql[120];
    snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM mail WHERE kind = 'guardians.%s'", kind);
    return world_count(w, sql);
}

static int64_t mails(struct world *w, const char *kind)
{
    parents_run_jobs(w);
    return posted(w, kind);
}

static void strangers_who_ask_a_parent_lock_no_child_out_and_learn_nothing(struct world *w)
{
    parents_begin(w);
    for (int i = 0; i < GUARDIANS_MAILS_OF_A_KIND + 2; i++) { /* the last two: the real children */
        assert_int_equal(asks(w, i), 201);
        assert_int_equal(strlen(world_field(w, "code")), GUARDIANS_CODE_LEN);
    }
    assert_int_equal(mails(w, "ask"), GUARDIANS_MAILS_OF_A_KIND); /* nobody is flooded */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE state = 'asked'"),
                     GUARDIANS_MAILS_OF_A_KIND + 2);
    for (int i = 0; i < 7; i++) { /* the next day the parent hears of them */
        w->now_ms += 4 * TIME_H;
        (void)mails(w, "ask");
    }
    assert_int_equal(mails(w, "ask"), GUARDIANS_MAILS_OF_A_KIND + 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE mailed_at_ms = 0"), 0);
}

static int again(struct world *w, const char *email)
{
    char json[80];
    snprintf(json, sizeof(json), "{\"email\":\"%s\"}", email);
    return world_send(w, NOBODY, "POST", "/api/parents/again", json);
}

static int64_t waiting_mails(struct world *w)
{
    return world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'guardians.again'");
}

/* Often enough for every limit: each time all hourly jobs run, twice. */
static void nag_for_a_day(struct world *w, int requests)
{
    enum { EVERY_MS = 4 * TIME_H };
    char json[sizeof(codes[0]) + 16];
    for (int64_t end = w->now_ms + TIME_DAY - TIME_MIN; w->now_ms < end; w->now_ms += EVERY_MS) {
        for (int i = 0; i < requests; i++) {
            snprintf(json, sizeof(json), "{\"code\":\"%s\"}", codes[i]);
            assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians/again", json), 204);
        }
        assert_int_equal(again(w, "mutter@example.org"), 204);
        parents_run_jobs(w);
        assert_in_range(waiting_mails(w), 0, MAX(requests, 1)); /* one each: nothing piles up */
    }
}

static void whoever_asks_again_and_again_gets_no_more_mails_out_of_it(struct world *w)
{
    enum { REQUESTS = 4 };
    parents_begin(w);
    for (int i = 0; i < REQUESTS; i++) {
        assert_int_equal(asks(w, i), 201);
    }
    for (int day = 1; day <= 5; day++) { /* neither kind takes all the room */
        nag_for_a_day(w, REQUESTS);
        assert_in_range(posted(w, "ask") + posted(w, "again"), GUARDIANS_MAILS_A_DAY,
                        day * GUARDIANS_MAILS_A_DAY);
    }
    assert_int_equal(mails(w, "ask"), REQUESTS);
    assert_in_range(mails(w, "again"), 5, 5 * GUARDIANS_MAILS_OF_A_KIND);
}

static void before_and_after_the_consent_a_mailbox_gets_few_mails_a_day(struct world *w)
{
    static const char *const states[] = {"proving", "granted", "active"};
    joins(w);
    for (size_t i = 0; i < COUNT(states); i++) {
        char sql[64];
        snprintf(sql, sizeof(sql), "UPDATE guardian SET state = '%s'", states[i]);
        world_script(w, sql);
        w->now_ms += TIME_DAY;
        int64_t before = posted(w, "again");
        nag_for_a_day(w, 0); /* no code is good any more: by the address */
        assert_in_range(posted(w, "again") - before, 1, GUARDIANS_MAILS_OF_A_KIND);
    }
}

static void whether_an_address_is_a_parents_shows_in_no_work(struct world *w)
{
    joins(w);
    w->now_ms += TIME_H;
    assert_int_equal(again(w, "mutter@example.org"), 204);
    int64_t jobs = world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'guardians.wanted'");
    assert_int_equal(jobs, 1);
    assert_int_equal(again(w, "nobody@example.org"), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'guardians.wanted'"), 2);
    assert_int_equal(waiting_mails(w), 0); /* what differs is done later */
    assert_int_equal(mails(w, "again"), 1);
}

static void whoever_asks_for_a_link_again_spoils_none(struct world *w)
{
    joins(w);
    for (int i = 0; i < GUARDIANS_LINKS_MAX; i++) {
        w->now_ms += TIME_DAY / GUARDIANS_MAILS_OF_A_KIND;
        assert_int_equal(again(w, "mutter@example.org"), 204);
        assert_int_equal(mails(w, "again"), i + 1);
    }
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian_link"), GUARDIANS_LINKS_MAX);
    w->now_ms += TIME_DAY / GUARDIANS_MAILS_OF_A_KIND;
    assert_int_equal(again(w, "mutter@example.org"), 204);
    assert_int_equal(mails(w, "again"), GUARDIANS_LINKS_MAX + 1);
    /* so many are kept */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian_link"), GUARDIANS_LINKS_MAX);
}

SQL(test_old, "INSERT INTO guardian (id, public_id, key_id, state, country, language, email_ct,"
              " link_hash, created_at_ms, mailed_at_ms) SELECT $1, $2, 987654, 'asked', 'DE', 'de',"
              " email_ct, $3, 1, 1 FROM guardian WHERE state = 'active'");

/* Their key is burned: their address is opened no more. */
static enum err add_burned(struct call *call, void *arg UNUSED)
{
    for (int64_t i = 1; i <= 2 * GUARDIANS_SWEEP_MAX; i++) {
        TRY(store_run(call, &test_old,
                      BIND(I64(i), TEXT(arena_printf(call->arena, "%lld", (long long)i)),
                           BYTES(&i, sizeof(i))),
                      NULL));
    }
    return OK;
}

static void rows_that_cannot_be_found_again_keep_no_others_from_it(struct world *w)
{
    joins(w);
    assert_int_equal(world_do(w, NOBODY, add_burned, NULL), OK);
    world_script(w, "UPDATE guardian SET email_bi = NULL");
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'guardians.blind', '', 'waiting', 1, 0, 1)");
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE email_bi IS NOT NULL"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'guardians.blind_more'"),
                     0);
}

static void a_parent_who_ends_an_account_hears_of_it_and_may_take_it_back(struct world *w)
{
    joins(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    assert_int_equal(mails(w, "ended"), 1);
    assert_int_equal(as_child(w, "GET", "/api/me", NULL), 401); /* closed at once */
    const char *again = "{\"name\":\"Rotkehlchen\",\"password\":\"grey tram over kelapa\","
                        "\"reopen\":true}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", again), 403); /* not its own */
    assert_true(parents_key_lives(w, key));
    w->now_ms += ACCOUNTS_REGRET_MS - TIME_H;
    parents_run_jobs(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_false(world_says(w, "\"erase_ms\":0"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/back", LINK), 204);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/back", LINK), 404);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", again), 201);
    w->now_ms += ACCOUNTS_REGRET_MS;
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (8, 'accounts.erase_now', '', 'waiting', 1, 0, 1)");
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian"), 1);
}

static void ending_and_taking_back_in_turn_sends_few_mails_a_day(struct world *w)
{
    joins(w);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/back", LINK), 204);
    }
    assert_int_equal(mails(w, "ended"), 3);
    w->now_ms += TIME_DAY;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    assert_int_equal(mails(w, "ended"), 4);
}

static void seven_days_later_all_of_it_is_erased(struct world *w)
{
    joins(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    w->now_ms += ACCOUNTS_REGRET_MS + 1;
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (8, 'accounts.erase_now', '', 'waiting', 1, 0, 1)");
    parents_nothing_is_left(w, key);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/back", LINK), 404);
}

static void whom_staff_ends_meanwhile_no_parent_brings_back(struct world *w)
{
    char path[80];
    joins(w);
    assert_int_equal(as_child(w, "GET", "/api/me", NULL), 200);
    snprintf(path, sizeof(path), "/api/admin/accounts/%s/end", world_field(w, "id"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    assert_int_equal(world_send(w, ADA, "POST", path, "{\"reason\":\"sold things\"}"), 204);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/back", LINK), 404);
    assert_int_equal(
        world_count(w, "SELECT count(*) FROM account WHERE end_reason = 'sold things'"), 1);
}

static void an_officer_decides_no_case_with_their_own_address(struct world *w)
{
    char path[80];
    parents_ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("form")), 200);
    world_script(w, "UPDATE guardian SET state = 'proving'");
    world_script(w, "UPDATE account SET email_bi = (SELECT email_bi FROM guardian) WHERE id = 2");
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    snprintf(path, sizeof(path), "/api/staff/cases/%s", world_field(w, "id"));
    const char *yes = "\"grant\":true,\"reason\":\"The form is signed.\"";
    assert_int_equal(parents_decide(w, path, yes), 403);
    assert_string_equal(world_code(w), "guardians.own_case");
    world_script(w, "UPDATE account SET email_bi = NULL WHERE id = 2");
    assert_int_equal(parents_decide(w, path, yes), 204);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_parents_powers_end_on_the_day_that_needs_no_parent),
        WORLD_TEST(who_grew_up_before_this_version_is_free_of_the_parent_too),
        WORLD_TEST(a_change_of_country_is_judged_like_a_registration),
        WORLD_TEST(with_a_parent_one_may_move_and_the_longer_age_counts),
        WORLD_TEST(strangers_who_ask_a_parent_lock_no_child_out_and_learn_nothing),
        WORLD_TEST(whoever_asks_again_and_again_gets_no_more_mails_out_of_it),
        WORLD_TEST(before_and_after_the_consent_a_mailbox_gets_few_mails_a_day),
        WORLD_TEST(whether_an_address_is_a_parents_shows_in_no_work),
        WORLD_TEST(whoever_asks_for_a_link_again_spoils_none),
        WORLD_TEST(rows_that_cannot_be_found_again_keep_no_others_from_it),
        WORLD_TEST(a_parent_who_ends_an_account_hears_of_it_and_may_take_it_back),
        WORLD_TEST(ending_and_taking_back_in_turn_sends_few_mails_a_day),
        WORLD_TEST(seven_days_later_all_of_it_is_erased),
        WORLD_TEST(whom_staff_ends_meanwhile_no_parent_brings_back),
        WORLD_TEST(an_officer_decides_no_case_with_their_own_address),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
