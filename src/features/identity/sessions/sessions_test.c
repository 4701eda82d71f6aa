#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "features/identity/sessions/guesses.h"
#include "features/identity/sessions/sessions.h"
#include "jobs/jobs.h"
#include "privacy/sweep.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature, mail_feature,
    factors_feature;

static const char RIGHT[] = "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapa\"}";
static char cookies[2][640];

static void keep_cookie(struct world *w, int which)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(cookies[which], sizeof(cookies[which]), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
            return;
        }
    }
    fail_msg("no session cookie: %d %s", w->last.status, w->last.body);
}

static void begin(struct world *w)
{
    w->cookie = NULL;
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/accounts",
                   "{\"avatar_name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                   "\"email\":\"k@example.org\",\"birth_date\":\"1990-01-01\","
                   "\"country\":\"ID\",\"marketing\":false}"),
        201);
    keep_cookie(w, 0);
}

static int me_with(struct world *w, const char *cookie)
{
    w->cookie = cookie;
    int status = world_send(w, NOBODY, "GET", "/api/me", NULL);
    w->cookie = NULL;
    return status;
}

/* proves: REG-7b */
static void a_remembered_session_has_a_lasting_cookie_and_another_device_goes_on(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", RIGHT), 201);
    assert_int_equal(w->last.cookies[0].max_age_s, -1); /* dies with the browser */
    keep_cookie(w, 0);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions",
                                "{\"name\":\"kartika\",\"password\":\"grey tram over kelapa\","
                                "\"remember\":true}"),
                     201);
    assert_true(w->last.cookies[0].max_age_s >= 24 * 3600);
    keep_cookie(w, 1);
    assert_int_equal(me_with(w, cookies[0]), 200);
    assert_int_equal(me_with(w, cookies[1]), 200);
    w->now_ms += 2 * TIME_DAY;
    assert_int_equal(me_with(w, cookies[0]), 401);
    assert_int_equal(me_with(w, cookies[1]), 200);
}

/* proves: REG-7d */
static void a_member_sees_their_sessions_and_ends_one(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", RIGHT), 201);
    keep_cookie(w, 1);
    w->cookie = cookies[1];
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/sessions", NULL), 200);
    assert_true(world_says(w, "\"current\":true"));
    assert_true(world_says(w, "\"current\":false"));
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/sessions", NULL), 204);
    assert_int_equal(w->events[w->event_count - 1].kind, EVENT_SESSION_ENDED);
    assert_int_equal(me_with(w, cookies[0]), 401);
    assert_int_equal(me_with(w, cookies[1]), 200);
    w->cookie = cookies[1];
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/sessions/1", NULL), 404);
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/sessions/current", NULL), 204);
    assert_int_equal(me_with(w, cookies[1]), 401);
}

/* A row may be damaged, and is then as good as one from before there were proofs. */
static void a_session_with_a_proof_that_is_none_proves_nothing(struct world *w)
{
    begin(w);
    world_script(w, "UPDATE session SET proof = 900");
    w->cookie = cookies[0];
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/sessions", NULL), 200);
    assert_true(world_says(w, "\"proof\":\"none\""));
}

static void a_wrong_name_and_a_wrong_password_look_the_same(struct world *w)
{
    char wrong_name[512];
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions",
                                "{\"name\":\"Nobody\",\"password\":\"grey tram over kelapa\"}"),
                     401);
    snprintf(wrong_name, sizeof(wrong_name), "%s", w->last.body);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions",
                                "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapas\"}"),
                     401);
    assert_string_equal(w->last.body, wrong_name);
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/sessions", "{\"name\":\"\\u202e\",\"password\":\"x\"}"),
        401);
    assert_string_equal(w->last.body, wrong_name);
}

static void a_new_password_ends_the_other_sessions(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", RIGHT), 201);
    keep_cookie(w, 1);
    w->cookie = cookies[0];
    assert_int_equal(world_send(w, NOBODY, "PUT", "/api/me/password",
                                "{\"current\":\"wrong\",\"password\":\"teal kite under bulan\"}"),
                     403);
    assert_string_equal(world_code(w), "accounts.password_wrong");
    assert_int_equal(
        world_send(
            w, NOBODY, "PUT", "/api/me/password",
            "{\"current\":\"grey tram over kelapa\",\"password\":\"teal kite under bulan\"}"),
        204);
    assert_int_equal(me_with(w, cookies[0]), 200);
    assert_int_equal(me_with(w, cookies[1]), 401);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions", RIGHT), 401);
}

static enum err sweep_now(struct call *call, void *arg UNUSED)
{
    return sweep_run(call);
}

static void a_session_ends_by_time_and_is_swept(struct world *w)
{
    begin(w);
    int64_t before = world_count(w, "SELECT COUNT(*) FROM session");
    assert_int_equal(world_do(w, NOBODY, sweep_now, NULL), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM session"), before);
    w->now_ms += (int64_t)24 * 3600 * 1000 + 1;
    assert_int_equal(me_with(w, cookies[0]), 401);
    assert_int_equal(world_do(w, NOBODY, sweep_now, NULL), OK);
    assert_true(world_count(w, "SELECT COUNT(*) FROM session") < before);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM session WHERE remember = 0"), 0);
}

static void a_program_signs_in_by_token_until_it_is_taken_back(struct world *w)
{
    char bearer[128], path[64];
    begin(w);
    w->cookie = cookies[0];
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/tokens",
                   "{\"label\":\"my bot\",\"read\":true,\"write\":false,\"live\":false,"
                   "\"days\":30}"),
        201);
    snprintf(bearer, sizeof(bearer), "Bearer %s", world_field(w, "token"));
    snprintf(path, sizeof(path), "/api/tokens/%s", world_field(w, "id"));
    w->cookie = NULL;
    w->authorization = bearer;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    w->authorization = NULL;
    w->cookie = cookies[0];
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 204);
    w->cookie = NULL;
    w->authorization = bearer;
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 401);
    w->authorization = NULL;
}

static const char BOT[] =
    "{\"label\":\"bot\",\"read\":true,\"write\":true,\"live\":false,\"days\":365}";

static void tokens_have_a_limit(struct world *w)
{
    begin(w);
    w->cookie = cookies[0];
    for (int i = 0; i < TOKENS_MAX; i++) {
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/tokens", BOT), 201);
    }
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/tokens", BOT), 429);
    assert_string_equal(world_code(w), "tokens.many");
    w->cookie = NULL;
}

static const char WRONG[] = "{\"name\":\"Kartika\",\"password\":\"grey tram over kelapas\"}";
static const char NO_SUCH[] = "{\"name\":\"Nirmala\",\"password\":\"grey tram over kelapas\"}";
static char device[640];

static void keep_device(struct world *w)
{
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, DEVICE_COOKIE)) {
            assert_int_equal(w->last.cookies[i].max_age_s, 365 * 24 * 3600);
            snprintf(device, sizeof(device), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
        }
    }
}

static int64_t mails(struct world *w, const char *kind)
{
    struct jobs *jobs = jobs_new(features);
    char sql[128];
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM mail WHERE kind = '%s'", kind);
    return world_count(w, sql);
}

static int sign_in(struct world *w, const char *cookie, const char *json)
{
    w->cookie = cookie;
    int status = world_send(w, NOBODY, "POST", "/api/sessions", json);
    w->cookie = NULL;
    return status;
}

static void a_new_device_is_told_by_mail_but_not_the_first_one(struct world *w)
{
    begin(w);
    keep_device(w);
    assert_int_equal(sign_in(w, device, RIGHT), 201);
    assert_int_equal(mails(w, "sessions.new_device"), 0);
    assert_int_equal(sign_in(w, NULL, RIGHT), 201);
    keep_device(w);
    assert_int_equal(mails(w, "sessions.new_device"), 1);
    assert_int_equal(sign_in(w, device, RIGHT), 201);
    assert_int_equal(mails(w, "sessions.new_device"), 1);
    assert_int_equal(sign_in(w, "__Host-bauta_device=not-one-of-ours", RIGHT), 201);
    assert_int_equal(mails(w, "sessions.new_device"), 2);
    assert_int_equal(world_count(w, "SELECT count(*) FROM device"), 3);
    assert_int_equal(world_count(w, "SELECT count(*) FROM device d JOIN session s ON s.device_id"
                                    " = d.id WHERE length(d.hash) = 32"),
                     5);
}

static void ending_a_session_from_afar_makes_its_device_a_stranger(struct world *w)
{
    char path[64];
    begin(w);
    assert_int_equal(sign_in(w, NULL, RIGHT), 201);
    keep_cookie(w, 1);
    keep_device(w);
    snprintf(path, sizeof(path), "/api/sessions/%lld",
             (long long)world_count(w, "SELECT max(id) FROM session"));
    w->cookie = cookies[0];
    assert_int_equal(world_send(w, NOBODY, "DELETE", path, NULL), 204);
    w->cookie = NULL;
    assert_int_equal(me_with(w, cookies[1]), 401);
    assert_int_equal(world_count(w, "SELECT count(*) FROM device"), 1);
    assert_int_equal(sign_in(w, device, RIGHT), 201);
    assert_int_equal(mails(w, "sessions.new_device"), 2);
}

static enum err store_with_town(struct call *call, void *arg)
{
    struct sessions_new *session = arg;
    int64_t id = 0;
    return sessions_store(call, call->actor.id, session, &id);
}

static void of_a_minor_the_country_alone_is_kept(struct world *w)
{
    static const uint8_t town[] = "sealed";
    for (int who = ANA; who <= BEN; who++) {
        struct sessions_new session = {.token = "t",
                                       .proof = PROOF_PASSWORD,
                                       .country = "ID",
                                       .device = "Test",
                                       .device_token = {(char)('a' + who)},
                                       .hash = {(uint8_t)who},
                                       .place = {.at = town, .len = sizeof(town)}};
        if (who == BEN) {
            world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2");
        }
        w->now_ms += 1000; /* ids are of their time */
        assert_int_equal(world_do(w, who, store_with_town, &session), OK);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM session WHERE country = 'ID'"), 2);
    assert_int_equal(world_count(w, "SELECT MAX(account_id) FROM session"
                                    " WHERE place_ct IS NOT NULL"),
                     1);
}

static void everywhere_means_here_too(struct world *w)
{
    begin(w);
    assert_int_equal(sign_in(w, NULL, RIGHT), 201);
    keep_cookie(w, 1);
    w->cookie = cookies[1];
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/sessions/everywhere", NULL), 204);
    assert_int_equal(w->last.cookies[0].max_age_s, 0);
    assert_int_equal(me_with(w, cookies[0]), 401);
    assert_int_equal(me_with(w, cookies[1]), 401);
    assert_int_equal(world_send(w, NOBODY, "DELETE", "/api/sessions/everywhere", NULL), 401);
}

/* The guesser sees the same with a name that exists and one that does not, before and after. */
static void guesses_lock_out_the_guesser_and_not_the_owner(struct world *w)
{
    char body[512];
    begin(w);
    keep_device(w);
    for (int i = 0; i < GUESSES_FREE; i++) {
        assert_int_equal(sign_in(w, NULL, WRONG), 401);
        snprintf(body, sizeof(body), "%s", w->last.body);
        assert_int_equal(sign_in(w, NULL, NO_SUCH), 401);
        assert_string_equal(w->last.body, body);
    }
    assert_int_equal(sign_in(w, NULL, RIGHT), 429);
    assert_string_equal(world_code(w), "sessions.slow");
    assert_true(w->last.retry_ms > 29000 && w->last.retry_ms <= 30000);
    snprintf(body, sizeof(body), "%s", w->last.body);
    assert_int_equal(sign_in(w, NULL, NO_SUCH), 429);
    assert_string_equal(w->last.body, body);
    assert_true(w->last.retry_ms > 29000 && w->last.retry_ms <= 30000);
    /* the owner, at a device that was used before */
    assert_int_equal(sign_in(w, device, WRONG), 401);
    assert_int_equal(sign_in(w, device, RIGHT), 201);
    /* a device of somebody else is a stranger here */
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/accounts",
                   "{\"avatar_name\":\"Mallory\",\"password\":\"teal kite on the"
                   " bulan\",\"email\":\"m@example.org\",\"birth_date\":\"1990-01-01\","
                   "\"country\":\"ID\",\"marketing\":false}"),
        201);
    keep_device(w);
    assert_int_equal(sign_in(w, device, RIGHT), 429);
    /* the owner is told, once, and at a strange device gets in after the wait */
    assert_int_equal(mails(w, "sessions.guessed"), 1);
    w->now_ms += GUESSES_FIRST_MS;
    assert_int_equal(sign_in(w, NULL, WRONG), 401);
    assert_int_equal(mails(w, "sessions.guessed"), 1);
    assert_int_equal(sign_in(w, NULL, RIGHT), 429);
    w->now_ms += 2 * GUESSES_FIRST_MS;
    assert_int_equal(sign_in(w, NULL, RIGHT), 201);
    assert_int_equal(sign_in(w, NULL, WRONG), 401); /* the count began anew */
}

/* From many addresses, so that it is the name that is counted. */
static void strangers_prove_work_for_a_name_and_a_known_device_does_not(struct world *w)
{
    char address[32];
    begin(w);
    keep_device(w);
    w->address = address;
    for (int i = 0; i < 25; i++) {
        snprintf(address, sizeof(address), "192.0.2.%d", 100 + i);
        assert_int_equal(sign_in(w, NULL, WRONG), 401);
    }
    snprintf(address, sizeof(address), "192.0.2.200");
    assert_int_equal(sign_in(w, NULL, RIGHT), 429);
    assert_string_equal(world_code(w), "limits.work");
    assert_int_equal(sign_in(w, device, RIGHT), 201);
    for (int i = 0; i < 24; i++) {
        snprintf(address, sizeof(address), "192.0.2.%d", 100 + i);
        assert_int_equal(sign_in(w, device, WRONG), 401);
    }
    assert_int_equal(sign_in(w, device, RIGHT), 429); /* its own guesses count */
    w->address = NULL;
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature, &sessions_feature,
                                                 &invites_feature,  &mail_feature,
                                                 &factors_feature,  NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_remembered_session_has_a_lasting_cookie_and_another_device_goes_on),
        WORLD_TEST(a_member_sees_their_sessions_and_ends_one),
        WORLD_TEST(a_session_with_a_proof_that_is_none_proves_nothing),
        WORLD_TEST(a_wrong_name_and_a_wrong_password_look_the_same),
        WORLD_TEST(a_new_password_ends_the_other_sessions),
        WORLD_TEST(a_session_ends_by_time_and_is_swept),
        WORLD_TEST(a_program_signs_in_by_token_until_it_is_taken_back),
        WORLD_TEST(tokens_have_a_limit),
        WORLD_TEST(a_new_device_is_told_by_mail_but_not_the_first_one),
        WORLD_TEST(ending_a_session_from_afar_makes_its_device_a_stranger),
        WORLD_TEST(of_a_minor_the_country_alone_is_kept),
        WORLD_TEST(everywhere_means_here_too),
        WORLD_TEST(guesses_lock_out_the_guesser_and_not_the_owner),
    };
    static const struct world_test limited[] = {
        WORLD_TEST(strangers_prove_work_for_a_name_and_a_known_device_does_not),
    };
    struct world_options options = {.features = list, .own_sign_in = true};
    int failed = world_run(&options, tests, COUNT(tests));
    options.limit_scale = 1;
    return failed + world_run(&options, limited, COUNT(limited));
}
