#include "tests/support/world.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "features/identity/factors/factors.h"
#include "features/identity/sessions/guesses.h"
#include "features/identity/sessions/sessions.h"
#include "jobs/jobs.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature, factors_feature,
    mail_feature, retention_feature;

#define PASSWORD "grey tram over kelapa"
#define BOT "{\"label\":\"bot\",\"read\":true,\"write\":true,\"live\":false,\"days\":30}"

static const char RIGHT[] = "{\"name\":\"Kartika\",\"password\":\"" PASSWORD "\"}";

struct browser {
    char session[640], device[640], both[1400], secret[40], recovery[RECOVERY_CODES][16];
};
static struct browser kartika, other;

static void keep_cookies(struct world *w, struct browser *browser)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        const struct world_cookie *cookie = &w->last.cookies[i];
        bool device = strstr(cookie->name, DEVICE_COOKIE) != NULL;
        snprintf(device ? browser->device : browser->session, sizeof(browser->session), "%s=%s",
                 cookie->name, cookie->value);
    }
    snprintf(browser->both, sizeof(browser->both), "%s; %s", browser->session, browser->device);
}

static int ask(struct world *w, const struct browser *browser, const char *method, const char *path,
               const char *json)
{
    w->cookie = browser ? browser->both : NULL;
    int status = world_send(w, NOBODY, method, path, json);
    w->cookie = NULL;
    return status;
}

static void begin(struct world *w)
{
    memset(&kartika, 0, sizeof(kartika));
    memset(&other, 0, sizeof(other));
    assert_int_equal(ask(w, NULL, "POST", "/api/accounts",
                         "{\"avatar_name\":\"Kartika\",\"password\":\"" PASSWORD "\","
                         "\"email\":\"k@example.org\",\"birth_date\":\"1990-01-01\","
                         "\"country\":\"ID\",\"marketing\":false}"),
                     201);
    keep_cookies(w, &kartika);
}

static const char *code_json(struct world *w, const char *ticket, const char *secret,
                             int64_t later_ms)
{
    char code[TOTP_DIGITS + 1];
    assert_true(totp_code(secret, atomic_load(&w->now_ms) + later_ms, code));
    return ticket ? arena_printf(w->kept, "{\"ticket\":\"%s\",\"code\":\"%s\"}", ticket, code)
                  : arena_printf(w->kept, "{\"code\":\"%s\"}", code);
}

static void keep_codes(struct world *w)
{
    const char *at = w->last.body;
    for (int i = 0; i < RECOVERY_CODES; i++) {
        at = strstr(at, "\"code\":\"");
        assert_non_null(at);
        at += strlen("\"code\":\"");
        snprintf(kartika.recovery[i], sizeof(kartika.recovery[i]), "%.11s", at);
    }
}

static void switch_on(struct world *w)
{
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/app", NULL), 201);
    snprintf(kartika.secret, sizeof(kartika.secret), "%s", world_field(w, "secret"));
    assert_true(world_says(w, "otpauth://totp/"));
    assert_int_equal(
        ask(w, &kartika, "POST", "/api/factors/app/confirm", code_json(w, NULL, kartika.secret, 0)),
        200);
    keep_codes(w);
    w->now_ms += TIME_MIN;
}

static void two_steps(struct world *w)
{
    begin(w);
    switch_on(w);
}

/* A ticket for the second step, from a browser that nobody knows. */
static const char *first_step(struct world *w)
{
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions", RIGHT), 201);
    assert_int_equal(w->last.cookie_count, 0);
    assert_string_equal(world_field(w, "ways"), "code recovery");
    assert_string_equal(world_field(w, "avatar_name"), "");
    const char *ticket = world_field(w, "ticket");
    return arena_text(w->kept, ticket, strlen(ticket));
}

static int second(struct world *w, const char *ticket, const char *way, const char *what)
{
    return ask(w, NULL, "POST", "/api/sessions/second",
               arena_printf(w->kept, "{\"ticket\":\"%s\",\"%s\":\"%s\"}", ticket, way, what));
}

static int64_t mails(struct world *w, const char *kind)
{
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
    assert_int_equal(world_count(w, "SELECT count(*) FROM job WHERE kind = 'sessions.tell'"), 0);
    return world_count(w,
                       arena_printf(w->kept, "SELECT count(*) FROM mail WHERE kind = '%s'", kind));
}

static void the_second_step_opens_the_door_and_a_code_is_taken_once(struct world *w)
{
    two_steps(w);
    const char *ticket = first_step(w);
    const char *code = code_json(w, ticket, kartika.secret, 0);
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions/second", code), 201);
    assert_string_equal(world_field(w, "avatar_name"), "Kartika");
    keep_cookies(w, &other);
    assert_int_equal(ask(w, &other, "GET", "/api/me", NULL), 200);
    assert_int_equal(ask(w, &other, "GET", "/api/sessions", NULL), 200);
    assert_true(world_says(w, "\"proof\":\"second\""));
    /* the ticket is used up, and so is the code */
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions/second", code), 404);
    assert_string_equal(world_code(w), "tickets.gone");
    ticket = first_step(w);
    assert_int_equal(
        ask(w, NULL, "POST", "/api/sessions/second", code_json(w, ticket, kartika.secret, 0)), 401);
    assert_string_equal(world_code(w), "factors.wrong");
    w->now_ms += TIME_MIN;
    assert_int_equal(
        ask(w, NULL, "POST", "/api/sessions/second", code_json(w, ticket, kartika.secret, 0)), 201);
}

static void one_step_early_or_late_is_let_in_and_no_more(struct world *w)
{
    static const int64_t fits[] = {-TOTP_STEP_S * TIME_S, 0, TOTP_STEP_S * TIME_S};
    two_steps(w);
    for (size_t i = 0; i < COUNT(fits); i++) {
        w->now_ms += 3 * TOTP_STEP_S * TIME_S;
        const char *ticket = first_step(w);
        assert_int_equal(ask(w, NULL, "POST", "/api/sessions/second",
                             code_json(w, ticket, kartika.secret, fits[i])),
                         201);
    }
    w->now_ms += 3 * TOTP_STEP_S * TIME_S;
    const char *ticket = first_step(w);
    for (int step = -3; step <= 3; step += 5) {
        assert_int_equal(ask(w, NULL, "POST", "/api/sessions/second",
                             code_json(w, ticket, kartika.secret, step * TOTP_STEP_S * TIME_S)),
                         401);
    }
    assert_int_equal(second(w, ticket, "code", "1234567"), 401);
    assert_int_equal(second(w, ticket, "code", "abc"), 401);
}

static void a_ticket_bears_five_tries_ten_minutes_and_no_other_door(struct world *w)
{
    two_steps(w);
    const char *ticket = first_step(w);
    for (int i = 0; i < SESSIONS_SECOND_TRIES; i++) {
        assert_int_equal(second(w, ticket, "recovery", "aaaaa-aaaaa"), 401);
    }
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[0]), 404);
    ticket = first_step(w);
    w->now_ms += SESSIONS_SECOND_MS;
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[0]), 404);
    ticket = first_step(w);
    const char *forged = arena_printf(w->kept, "%c%s", *ticket == 'x' ? 'y' : 'x', ticket + 1);
    assert_int_equal(second(w, forged, "recovery", kartika.recovery[0]), 404);
    world_script(w, "UPDATE ticket SET kind = 'accounts.verify'");
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[0]), 404);
    world_script(w, "UPDATE ticket SET kind = 'sessions.second'");
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions/second",
                         arena_printf(w->kept, "{\"ticket\":\"%s\"}", ticket)),
                     400);
    world_script(w, "UPDATE account SET state = 'ended' WHERE avatar_name = 'Kartika'");
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[0]), 403);
}

/* Whoever has the password guesses codes from an address. */
static struct guesses_by strangers(struct world *w, const char *address)
{
    int64_t id = world_count(w, "SELECT id FROM account WHERE avatar_name = 'Kartika'");
    uint64_t key = guesses_key("second", arena_printf(w->kept, "%lld", (long long)id));
    struct guesses_by by = {key, guesses_network(key, address)};
    for (int i = 0; i <= GUESSES_FREE; i++) {
        assert_int_equal(guesses_wait_by(&by, w->now_ms), 0);
        guesses_wrong_by(&by, w->now_ms);
    }
    return by;
}

static void strangers_wrong_codes_do_not_keep_the_owner_out_on_a_known_device(struct world *w)
{
    two_steps(w);
    w->address = "192.0.2.1";
    struct guesses_by by = strangers(w, w->address);
    assert_int_equal(second(w, first_step(w), "recovery", kartika.recovery[0]), 429);
    assert_string_equal(world_code(w), "sessions.slow");
    w->cookie = kartika.device;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", RIGHT), 201);
    const char *ticket = world_field(w, "ticket");
    ticket = arena_text(w->kept, ticket, strlen(ticket));
    w->cookie = kartika.device;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions/second",
                                arena_printf(w->kept, "{\"ticket\":\"%s\",\"recovery\":\"%s\"}",
                                             ticket, kartika.recovery[1])),
                     201);
    w->cookie = NULL;
    guesses_right_by(&by);
}

static void wrong_codes_from_one_network_do_not_keep_the_owner_out_in_another(struct world *w)
{
    two_steps(w);
    struct guesses_by by = strangers(w, "192.0.2.1");
    w->address = "192.0.2.1";
    assert_int_equal(second(w, first_step(w), "recovery", kartika.recovery[0]), 429);
    w->address = "198.51.100.7"; /* a new browser at a friend's */
    assert_int_equal(second(w, first_step(w), "recovery", kartika.recovery[0]), 201);
    guesses_right_by(&by);
    w->address = NULL;
}

static void a_recovery_code_works_once_and_is_told_by_mail(struct world *w)
{
    two_steps(w);
    assert_int_equal(second(w, first_step(w), "recovery", kartika.recovery[3]), 201);
    keep_cookies(w, &other);
    assert_int_equal(ask(w, &other, "GET", "/api/factors", NULL), 200);
    assert_true(world_says(w, "\"recovery_left\":9"));
    assert_int_equal(second(w, first_step(w), "recovery", kartika.recovery[3]), 401);
    assert_int_equal(mails(w, "factors.recovery_used"), 1);
    /* whatever the capitals and dashes */
    char typed[16];
    snprintf(typed, sizeof(typed), "%.5s %.5s", kartika.recovery[4], kartika.recovery[4] + 6);
    typed[0] = (char)(typed[0] >= 'a' && typed[0] <= 'z' ? typed[0] - 32 : typed[0]);
    assert_int_equal(second(w, first_step(w), "recovery", typed), 201);
    /* another member's code is nobody's here */
    const char *ticket = first_step(w);
    world_script(w, "UPDATE recovery_code SET account_id = 1");
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[5]), 401);
}

static void of_two_who_show_the_same_code_at_once_one_gets_in(struct world *w)
{
    enum { AT_ONCE = 6 };
    const char *jsons[AT_ONCE];
    int statuses[AT_ONCE], in = 0;
    two_steps(w);
    for (int i = 0; i < AT_ONCE; i++) {
        jsons[i] = arena_printf(w->kept, "{\"ticket\":\"%s\",\"recovery\":\"%s\"}", first_step(w),
                                kartika.recovery[0]);
    }
    world_send_many(w, NOBODY, "POST", "/api/sessions/second", jsons, AT_ONCE, statuses);
    for (int i = 0; i < AT_ONCE; i++) {
        in += statuses[i] == 201;
    }
    assert_int_equal(in, 1);
}

static void risky_acts_want_a_proof_and_get_it_by_each_way(struct world *w)
{
    two_steps(w);
    w->now_ms += API_PROOF_MS;
    assert_int_equal(ask(w, &kartika, "POST", "/api/tokens", BOT), 403);
    assert_string_equal(world_code(w), "api.prove");
    assert_int_equal(ask(w, &kartika, "DELETE", "/api/factors", NULL), 403);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/recovery", NULL), 403);
    assert_int_equal(ask(w, &kartika, "GET", "/api/sessions/current/proof", NULL), 200);
    assert_string_equal(world_field(w, "ways"), "code password recovery");
    const char *wrong[] = {"{\"password\":\"grey tram over kelapas\"}", "{\"code\":\"000000\"}",
                           "{\"recovery\":\"aaaaa-aaaaa\"}"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(ask(w, &kartika, "POST", "/api/sessions/current/proof", wrong[i]), 403);
        assert_int_equal(ask(w, &kartika, "DELETE", "/api/factors", NULL), 403);
    }
    assert_int_equal(ask(w, &kartika, "POST", "/api/sessions/current/proof", "{}"), 400);
    for (int i = 0; i < 3; i++) {
        const char *right =
            i == 0   ? "{\"password\":\"" PASSWORD "\"}"
            : i == 1 ? code_json(w, NULL, kartika.secret, 0)
                     : arena_printf(w->kept, "{\"recovery\":\"%s\"}", kartika.recovery[0]);
        assert_int_equal(ask(w, &kartika, "POST", "/api/sessions/current/proof", right), 204);
        assert_int_equal(ask(w, &kartika, "POST", "/api/tokens", BOT), 201);
        w->now_ms += API_PROOF_MS;
        assert_int_equal(ask(w, NULL, "POST", "/api/sessions/current/proof", right), 401);
    }
}

static void a_token_proves_nothing_and_opens_no_risky_door(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, &kartika, "POST", "/api/tokens", BOT), 201);
    w->authorization = arena_printf(w->kept, "Bearer %s", world_field(w, "token"));
    assert_int_equal(
        ask(w, NULL, "POST", "/api/sessions/current/proof", "{\"password\":\"" PASSWORD "\"}"),
        403);
    assert_string_equal(world_code(w), "api.no_token");
    static const char *const doors[][2] = {{"POST", "/api/factors/app"},
                                           {"POST", "/api/factors"},
                                           {"POST", "/api/factors/recovery"},
                                           {"DELETE", "/api/factors"},
                                           {"DELETE", "/api/factors/app"}};
    for (size_t i = 0; i < COUNT(doors); i++) {
        assert_int_equal(ask(w, NULL, doors[i][0], doors[i][1], NULL), 403);
        assert_string_equal(world_code(w), "api.no_token");
    }
    w->authorization = NULL;
    for (size_t i = 0; i < COUNT(doors); i++) {
        assert_int_equal(ask(w, NULL, doors[i][0], doors[i][1], NULL), 401);
    }
}

static void an_app_counts_only_after_its_first_code(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/app", NULL), 201);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/app/confirm", "{\"code\":\"000000\"}"),
                     400);
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions", RIGHT), 201);
    assert_string_equal(world_field(w, "ticket"), "");                         /* one step still */
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/app", NULL), 201); /* another secret */
    const char *secret = world_field(w, "secret");
    assert_int_equal(
        ask(w, &kartika, "POST", "/api/factors/app/confirm", code_json(w, NULL, secret, 0)), 200);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors/app", NULL), 409);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors", NULL), 409);
    assert_int_equal(mails(w, "factors.on"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM totp WHERE length(secret_ct) > 32"), 1);
}

static void a_new_password_ends_a_sign_in_that_was_half_done(struct world *w)
{
    two_steps(w);
    const char *ticket = first_step(w);
    assert_int_equal(
        ask(w, &kartika, "PUT", "/api/me/password", "{\"password\":\"teal kite under bulan\"}"),
        204);
    assert_int_equal(second(w, ticket, "recovery", kartika.recovery[0]), 404);
}

static void two_steps_allow_a_shorter_password_which_keeps_them_on(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, &kartika, "PUT", "/api/me/password", "{\"password\":\"teal kite\"}"),
                     400);
    assert_string_equal(world_code(w), "passwords.short");
    switch_on(w);
    assert_int_equal(ask(w, &kartika, "PUT", "/api/me/password", "{\"password\":\"tealkit\"}"),
                     400);
    assert_string_equal(world_code(w), "factors.password_least");
    assert_int_equal(ask(w, &kartika, "PUT", "/api/me/password", "{\"password\":\"teal kite\"}"),
                     204);
    assert_int_equal(ask(w, &kartika, "DELETE", "/api/factors", NULL), 409);
    assert_string_equal(world_code(w), "factors.password_short");
    assert_int_equal(
        ask(w, &kartika, "PUT", "/api/me/password", "{\"password\":\"teal kite under bulan\"}"),
        204);
    assert_int_equal(ask(w, &kartika, "DELETE", "/api/factors", NULL), 204);
    assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM totp) + (SELECT count(*) FROM"
                                    " recovery_code) + (SELECT count(*) FROM second_factor)"),
                     0);
    assert_int_equal(ask(w, &kartika, "DELETE", "/api/factors", NULL), 404);
    assert_int_equal(mails(w, "factors.off"), 1);
}

static void a_passkey_can_be_the_second_step_and_the_last_one_stays(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors", NULL), 409);
    assert_string_equal(world_code(w), "factors.no_passkey");
    world_script(w,
                 "INSERT INTO passkey (id, account_id, credential_id, algorithm, public_key,"
                 " sign_count, verifies, syncable, synced, transports, label_ct, created_at_ms)"
                 " SELECT 5, account_id, token_hash, -7, token_hash, 0, 1, 0, 0, '', token_hash, 0"
                 " FROM session");
    assert_int_equal(ask(w, &kartika, "POST", "/api/factors", NULL), 201);
    keep_codes(w);
    assert_int_equal(ask(w, NULL, "POST", "/api/sessions", RIGHT), 201);
    assert_string_equal(world_field(w, "ways"), "passkey recovery");
    assert_int_equal(second(w, world_field(w, "ticket"), "code", "123456"), 401);
}

static void statements_that_fail_change_nothing(struct world *w)
{
    two_steps(w);
    world_faults(w, NOBODY, "POST", "/api/sessions/second",
                 arena_printf(w->kept, "{\"ticket\":\"%s\",\"recovery\":\"%s\"}", first_step(w),
                              kartika.recovery[0]),
                 NULL);
    assert_int_equal(world_count(w, "SELECT count(*) FROM recovery_code WHERE used_at_ms IS NULL"),
                     RECOVERY_CODES - 1);
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature,
                                                 &sessions_feature,
                                                 &invites_feature,
                                                 &factors_feature,
                                                 &mail_feature,
                                                 &retention_feature,
                                                 NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(the_second_step_opens_the_door_and_a_code_is_taken_once),
        WORLD_TEST(one_step_early_or_late_is_let_in_and_no_more),
        WORLD_TEST(a_ticket_bears_five_tries_ten_minutes_and_no_other_door),
        WORLD_TEST(strangers_wrong_codes_do_not_keep_the_owner_out_on_a_known_device),
        WORLD_TEST(wrong_codes_from_one_network_do_not_keep_the_owner_out_in_another),
        WORLD_TEST(a_recovery_code_works_once_and_is_told_by_mail),
        WORLD_TEST(of_two_who_show_the_same_code_at_once_one_gets_in),
        WORLD_TEST(risky_acts_want_a_proof_and_get_it_by_each_way),
        WORLD_TEST(a_token_proves_nothing_and_opens_no_risky_door),
        WORLD_TEST(an_app_counts_only_after_its_first_code),
        WORLD_TEST(a_new_password_ends_a_sign_in_that_was_half_done),
        WORLD_TEST(two_steps_allow_a_shorter_password_which_keeps_them_on),
        WORLD_TEST(a_passkey_can_be_the_second_step_and_the_last_one_stays),
        WORLD_TEST(statements_that_fail_change_nothing),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
