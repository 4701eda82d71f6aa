#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/identity/sessions/sessions.h"

/* ANA makes a token and a program uses it; ADA is an administrator, CLEO an officer. */

static char bearer[128];

static int make(struct world *w, int who, const char *may, int days)
{
    char json[200];
    snprintf(json, sizeof(json),
             "{\"label\":\"weather bot\",\"read\":%s,\"write\":%s,\"live\":%s,\"days\":%d}",
             strchr(may, 'r') ? "true" : "false", strchr(may, 'w') ? "true" : "false",
             strchr(may, 'l') ? "true" : "false", days);
    int status = world_send(w, who, "POST", "/api/tokens", json);
    snprintf(bearer, sizeof(bearer), "Bearer %s", world_field(w, "token"));
    return status;
}

static int program(struct world *w, const char *method, const char *path, const char *json)
{
    w->authorization = bearer;
    int status = world_send(w, NOBODY, method, path, json);
    w->authorization = NULL;
    return status;
}

static int64_t mails(struct world *w, const char *kind)
{
    char sql[100];
    parents_run_jobs(w);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM mail WHERE kind = '%s' AND account_id = 1",
             kind);
    return world_count(w, sql);
}

/* A route for each kind of row: what a token may and what not. */
static void a_token_may_what_it_was_made_for_and_nothing_else(struct world *w)
{
    static const char *const scopes[] = {"r", "w", "l", "rw", "rwl"};
    parents_begin(w);
    for (size_t i = 0; i < COUNT(scopes); i++) {
        bool read = strchr(scopes[i], 'r'), write = strchr(scopes[i], 'w');
        assert_int_equal(make(w, ANA, scopes[i], 30), 201);
        assert_int_equal(program(w, "GET", "/api/tokens", NULL), read ? 200 : 403);
        assert_string_equal(world_code(w), read ? "" : "api.scope");
        assert_int_equal(program(w, "HEAD", "/api/tokens", NULL), read ? 200 : 403);
        assert_int_equal(program(w, "DELETE", "/api/notices/1", NULL), write ? 404 : 403);
        assert_int_equal(program(w, "GET", "/api/live", NULL), strchr(scopes[i], 'l') ? 101 : 403);
        assert_int_equal(program(w, "POST", "/api/tokens", "{}"), 403);
        assert_string_equal(world_code(w), "api.no_token"); /* none makes another */
    }
    assert_int_equal(make(w, ANA, "", 30), 400);
    assert_string_equal(world_code(w), "tokens.scope");
}

static void a_token_is_never_staff_whoever_it_belongs_to(struct world *w)
{
    parents_begin(w);
    const struct {
        int who;
        const char *method, *path;
    } doors[] = {{ADA, "GET", "/api/admin/accounts"},  {ADA, "GET", "/api/invites"},
                 {ADA, "GET", "/api/admin/mail"},      {ADA, "GET", "/api/admin/log"},
                 {ADA, "DELETE", "/api/invites/1"},    {BEN, "GET", "/api/staff/cases"},
                 {BEN, "GET", "/api/staff/reports/x"}, {CLEO, "GET", "/api/staff/reports"}};
    for (size_t i = 0; i < COUNT(doors); i++) {
        assert_int_equal(make(w, doors[i].who, "rwl", 1), 201);
        assert_int_equal(program(w, doors[i].method, doors[i].path, NULL), 403);
        assert_string_equal(world_code(w), "api.no_token");
    }
    /* Nor where a member's route lets staff do more. */
    assert_int_equal(make(w, ADA, "rwl", 1), 201);
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) VALUES (77,"
                    " 'rrrrrrrrrrrrrrrrrrrrrrrrrr', 'Quiet', 'quiet', 'lounge', 'en', 5, 'closed',"
                    " 1, 9, 1)");
    assert_int_equal(program(w, "DELETE", "/api/rooms/rrrrrrrrrrrrrrrrrrrrrrrrrr", NULL), 404);
    assert_int_equal(world_send(w, ADA, "DELETE", "/api/rooms/rrrrrrrrrrrrrrrrrrrrrrrrrr", NULL),
                     204);
}

static void a_token_ends_after_a_year_at_most_and_its_row_goes(struct world *w)
{
    parents_begin(w);
    parents_run_jobs(w); /* the sweeps have their next time from now on */
    assert_int_equal(make(w, ANA, "r", 366), 400);
    assert_int_equal(make(w, ANA, "r", 0), 400);
    assert_int_equal(make(w, ANA, "r", 365), 201);
    w->now_ms += 364 * TIME_DAY;
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 200);
    w->now_ms += TIME_DAY;
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 401);
    assert_string_equal(world_code(w), "api.token");
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM token"), 0);
}

static void a_new_token_is_told_by_a_notice_and_a_mail(struct world *w)
{
    parents_begin(w);
    assert_int_equal(make(w, ANA, "r", 30), 201);
    assert_int_equal(mails(w, "tokens.made"), 1);
    assert_int_equal(world_send(w, ANA, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "A token for a program was made") &&
                world_says(w, "/settings/programs"));
}

static void tokens_from_before_read_and_live_for_90_days_and_that_is_told_once(struct world *w)
{
    parents_begin(w);
    parents_run_jobs(w); /* the sweeps have their next time from now on */
    assert_int_equal(make(w, ANA, "rwl", 30), 201);
    char kept[128];
    snprintf(kept, sizeof(kept), "%s", bearer);
    assert_int_equal(make(w, ANA, "rwl", 30), 201);
    world_script(w, "UPDATE token SET scopes = 5, ends_at_ms = 0"); /* as the migration has them */
    w->now_ms += TIME_H; /* what is cached was loaded before */
    snprintf(bearer, sizeof(bearer), "%s", kept);
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 200);
    assert_int_equal(program(w, "DELETE", "/api/notices/1", NULL), 403);
    assert_int_equal(program(w, "GET", "/api/live", NULL), 101);
    assert_int_equal(mails(w, "tokens.old"), 1);
    w->now_ms += TIME_DAY;
    assert_int_equal(mails(w, "tokens.old"), 1);
    w->now_ms += 88 * TIME_DAY;
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 200);
    w->now_ms += TIME_DAY;
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 401);
}

static void signing_out_everywhere_ends_programs_and_a_new_password_if_asked(struct world *w)
{
    parents_begin(w);
    assert_int_equal(make(w, ANA, "r", 30), 201);
    assert_int_equal(
        world_send(w, ANA, "PUT", "/api/me/password", "{\"password\":\"teal kite under bulan\"}"),
        204);
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 200);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/password",
                                "{\"password\":\"teal kite over bulan\",\"end_tokens\":true}"),
                     204);
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 401);
    assert_int_equal(make(w, ANA, "rw", 30), 201);
    char keeper[128];
    snprintf(keeper, sizeof(keeper), "%s", bearer);
    assert_int_equal(make(w, ANA, "r", 30), 201);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/sessions", NULL), 204);
    for (int pass = 0; pass < 2; pass++) {
        assert_int_equal(program(w, "GET", "/api/tokens", NULL), 401);
        snprintf(bearer, sizeof(bearer), "%s", keeper);
    }
    assert_int_equal(make(w, ANA, "r", 30), 201);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/sessions/everywhere", NULL), 204);
    assert_int_equal(program(w, "GET", "/api/tokens", NULL), 401);
}

/* Who may come near, what is agreed to and where one is signed in is nothing for a program. */
static void a_program_signs_nobody_out_and_opens_nobody_to_strangers(struct world *w)
{
    static const struct {
        const char *method, *path, *json;
    } doors[] = {
        {"DELETE", "/api/sessions", NULL},
        {"DELETE", "/api/sessions/everywhere", NULL},
        {"DELETE", "/api/sessions/1", NULL},
        {"PUT", "/api/me/contact", "{\"messages\":\"everyone\",\"join\":\"everyone\"}"},
        {"PUT", "/api/me/mail/news", "{\"wanted\":true}"},
        {"PUT", "/api/me/consents/marketing", "{\"given\":true}"},
        {"POST", "/api/sessions/current/proof", "{\"password\":\"teal kite under bulan\"}"},
    };
    parents_begin(w);
    assert_int_equal(make(w, ANA, "rwl", 30), 201);
    for (size_t i = 0; i < COUNT(doors); i++) {
        assert_int_equal(program(w, doors[i].method, doors[i].path, doors[i].json), 403);
        assert_string_equal(world_code(w), "api.no_token");
    }
    assert_int_equal(world_send(w, ANA, "GET", "/api/sessions", NULL), 200);
}

static bool refused_for_a_passkey(struct world *w, const struct api_route *route)
{
    char path[96];
    snprintf(path, sizeof(path), "%s", route->path);
    char *id = strstr(path, "{id}");
    if (id) {
        memmove(id + 1, id + 4, strlen(id + 4) + 1);
        *id = '7';
    }
    const char *json = strcmp(route->method, "POST") == 0 ? "{}" : NULL;
    int status = world_send(w, ADA, route->method, path, json);
    return status == 403 && strcmp(world_code(w), "api.passkey") == 0;
}

/* What an administrator asks without one: how the server does, about staff, and nothing of members.
 */
static bool of_no_member(const struct api_route *route)
{
    static const char
        *const all[] =
            {
                "/api/admin/checklist",   "/api/admin/jobs",
                "/api/admin/mail",        /* kinds and counts; letters where only the operator is */
                "/api/admin/mail/{id}",   /* there alone */
                "/api/admin/mail/test",   /* to themselves */
                "/api/admin/performance", /* sums */
                "/api/admin/staff",       "/api/admin/log",
                "/api/invites",           "/api/admin/settings",
                "/api/admin/waiting", /* counts; that of people after a passkey alone */
            };
    for (size_t i = 0; i < COUNT(all); i++) {
        bool own = strcmp(route->method, "GET") == 0 || strcmp(all[i], "/api/admin/mail/test") == 0;
        if (own && strcmp(route->path, all[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Every route of administrators, by its row: one that forgets to ask is found. */
static void staff_act_on_others_only_with_a_passkey_of_the_last_12_hours(struct world *w)
{
    const struct api_route *asks[32];
    size_t count = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *one = (*feature)->routes; one && one->method; one++) {
            if (api_power(one->who) && roles_may(ROLE_ADMIN | ROLE_SUPPORT, api_power(one->who)) &&
                !of_no_member(one) && count < COUNT(asks)) {
                assert_true(one->flags & API_PASSKEY || roles_passkey(api_power(one->who)));
                asks[count++] = one;
            }
        }
    }
    assert_true(count >= 11 && count < COUNT(asks));
    parents_begin(w);
    for (int pass = 0; pass < 3; pass++) {
        const int64_t proved = w->now_ms - (pass == 1 ? 12 * TIME_H : 12 * TIME_H - 2 * TIME_MIN);
        char sql[160];
        snprintf(sql, sizeof(sql), "UPDATE session SET proof = %d, proved_at_ms = %lld",
                 pass == 0 ? PROOF_SECOND : PROOF_PASSKEY, (long long)proved);
        world_script(w, sql);
        w->now_ms += TIME_MIN; /* what is cached is loaded anew */
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(refused_for_a_passkey(w, asks[i]), pass < 2);
        }
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_token_may_what_it_was_made_for_and_nothing_else),
        WORLD_TEST(a_token_is_never_staff_whoever_it_belongs_to),
        WORLD_TEST(a_token_ends_after_a_year_at_most_and_its_row_goes),
        WORLD_TEST(a_new_token_is_told_by_a_notice_and_a_mail),
        WORLD_TEST(tokens_from_before_read_and_live_for_90_days_and_that_is_told_once),
        WORLD_TEST(signing_out_everywhere_ends_programs_and_a_new_password_if_asked),
        WORLD_TEST(a_program_signs_nobody_out_and_opens_nobody_to_strangers),
        WORLD_TEST(staff_act_on_others_only_with_a_passkey_of_the_last_12_hours),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
