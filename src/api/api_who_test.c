#include "tests/support/notes.h"
#include "tests/support/parents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who may call what, from where. */
/* The route's path with something in the place of each {name}. */
static void fill(const char *pattern, char ret[128])
{
    size_t at = 0;
    for (const char *from = pattern; *from && at < 127;) {
        ret[at++] = (char)(*from == '{' ? '1' : *from);
        from += *from == '{' ? strcspn(from, "}") + 1 : 1;
    }
    ret[at] = '\0';
}

/* "": it is open to them.  Ada is an administrator, and in a world of officers one of those. */
static const char *refusal(const struct world *w, const struct api_route *route, int who)
{
    if (route->who == API_ANYONE) {
        return "";
    }
    if (who == NOBODY) {
        return "api.login";
    }
    if (route->who == API_ADMIN) {
        return who == ADA ? "" : "api.admin";
    }
    return route->who == API_OFFICER && (who != ADA || !w->proved) ? "api.officer" : "";
}

static void knock(struct world *w, const struct api_route *route, int who)
{
    char path[128];
    fill(route->path, path);
    int status = world_send(w, who, route->method, path, NULL);
    const char *wanted = refusal(w, route, who), *code = world_code(w);
    bool fits = *wanted ? status == (who == NOBODY ? 401 : 403) && strcmp(code, wanted) == 0
                        : strcmp(code, "api.login") != 0 && strcmp(code, "api.admin") != 0 &&
                              strcmp(code, "api.officer") != 0;
    if (!fits || status >= 500) {
        fail_msg("%s %s answers %d %s to %d", route->method, path, status, world_code(w), who);
    }
}

/*
 * Who may call what, written down once more: a route that is opened by mistake is not what
 * stands here.  What is in none of the lists is for members.
 */
/* clang-format off: a list reads as a list */
static const char *const for_anyone[] = {
    "GET /api/mail/unsubscribe/{ticket}",
    "GET /api/names/{name}",
    "GET /api/passphrase",
    "GET /api/providers",
    "GET /api/scenes",
    "GET /api/site",
    "GET /api/terms",
    "GET /api/visitors/rooms/{id}",
    "POST /api/accounts",
    "POST /api/accounts/passkey/options",
    "POST /api/age",
    "POST /api/claims",
    "POST /api/guardians",
    "POST /api/guardians/again",
    "POST /api/guardians/join",
    "POST /api/guardians/waiting",
    "POST /api/invites/look",
    "POST /api/mail/bounces",
    "POST /api/mail/topic",
    "POST /api/mail/unsubscribe/{ticket}",
    "POST /api/parents/again",
    "POST /api/parents/answer",
    "POST /api/parents/back",
    "POST /api/parents/end",
    "POST /api/parents/form",
    "POST /api/parents/open",
    "POST /api/passwords",
    "POST /api/providers/back",
    "POST /api/providers/{provider}/sign-in",
    "POST /api/resets",
    "POST /api/sessions",
    "POST /api/sessions/passkey",
    "POST /api/sessions/passkey/options",
    "POST /api/sessions/second",
    "POST /api/sessions/second/passkey",
    "POST /api/sessions/second/passkey/options",
    "POST /api/undos",
    "POST /api/verifications",
};
static const char *const for_officers[] = {
    "GET /api/staff/cases",
    "GET /api/staff/cases/{id}",
    "GET /api/staff/cases/{id}/pages/{page}",
    "GET /api/staff/reports",
    "GET /api/staff/reports/{id}",
    "GET /api/staff/waiting",
    "POST /api/staff/cases/{id}/decision",
    "POST /api/staff/reports/{id}/decision",
};
static const char *const for_admins[] = {
    "DELETE /api/admin/staff/{id}",
    "DELETE /api/invites/{id}",
    "GET /api/admin/accounts",
    "GET /api/admin/accounts/{id}/names",
    "GET /api/admin/acts",
    "GET /api/admin/checklist",
    "GET /api/admin/jobs",
    "GET /api/admin/looks",
    "GET /api/admin/mail",
    "GET /api/admin/mail/{id}",
    "GET /api/admin/performance",
    "GET /api/admin/rooms/{id}",
    "GET /api/admin/settings",
    "GET /api/admin/staff",
    "GET /api/admin/waiting",
    "GET /api/invites",
    "POST /api/admin/accounts/{id}/approve",
    "POST /api/admin/accounts/{id}/end",
    "POST /api/admin/jobs/{id}/retry",
    "POST /api/admin/mail/test",
    "POST /api/admin/mail/{id}/again",
    "POST /api/admin/staff",
    "POST /api/invites",
    "PUT /api/admin/settings/{name}",
};
/* clang-format on */

static const struct {
    enum api_who who;
    const char *const *routes;
    size_t count;
} lists[] = {{API_ANYONE, for_anyone, COUNT(for_anyone)},
             {API_OFFICER, for_officers, COUNT(for_officers)},
             {API_ADMIN, for_admins, COUNT(for_admins)}};

static enum api_who listed(const char *name)
{
    for (size_t i = 0; i < COUNT(lists); i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            if (strcmp(lists[i].routes[j], name) == 0) {
                return lists[i].who;
            }
        }
    }
    return API_MEMBER;
}

/* Ben is an officer and no administrator, Ada an administrator and no officer. */
static const char *refusal_by_list(enum api_who whose, int who)
{
    if (whose == API_ANYONE || (whose == API_MEMBER && who != NOBODY)) {
        return "";
    }
    return who == NOBODY        ? "api.login"
           : whose == API_ADMIN ? (who == ADA ? "" : "api.admin")
           : who == BEN         ? ""
                                : "api.officer";
}

/* proves: SEC-1d */
static void who_may_call_what_is_written_down_twice(struct world *w)
{
    static const int people[] = {NOBODY, ANA, BEN, ADA};
    size_t found = 0, wanted = 0;
    for (const struct feature *const *at = w->features; *at; at++) {
        for (const struct api_route *route = (*at)->routes; route && route->method; route++) {
            char name[160], path[128];
            snprintf(name, sizeof(name), "%s %s", route->method, route->path);
            fill(route->path, path);
            enum api_who whose = listed(name);
            world_script(w, "DELETE FROM session; DELETE FROM staff;" /* one signs out or ends */
                            " UPDATE account SET state = 'active', end_reason = NULL,"
                            " erase_at_ms = NULL");
            parents_begin(w);
            found += whose != API_MEMBER;
            for (size_t i = 0; i < COUNT(people); i++) {
                const char *refused = refusal_by_list(whose, people[i]);
                int status = world_send(w, people[i], route->method, path, NULL);
                const char *code = world_code(w);
                bool closed = strcmp(code, "api.login") == 0 || strcmp(code, "api.admin") == 0 ||
                              strcmp(code, "api.officer") == 0;
                if (closed ? strcmp(code, refused) != 0 : *refused != 0) {
                    fail_msg("%s answers %d %s to %d, and not \"%s\"", name, status, code,
                             people[i], refused);
                }
            }
        }
    }
    for (size_t i = 0; i < COUNT(lists); i++) {
        wanted += lists[i].count;
    }
    assert_int_equal(found, wanted); /* and no row of a route that is gone */
}

/* Every route there is, every kind of person: what is not opened is closed. */
static void each_route_is_open_to_those_it_names_only(struct world *w)
{
    const int people[] = {NOBODY, ANA, ADA};
    size_t routes = 0;
    for (const struct feature *const *at = w->features; *at; at++) {
        for (const struct api_route *route = (*at)->routes; route && route->method; route++) {
            for (size_t i = 0; i < COUNT(people); i++) {
                knock(w, route, people[i]);
            }
            routes++;
        }
    }
    assert_true(routes > 10);
}

static void a_session_comes_by_cookie_or_bearer(struct world *w)
{
    w->cookie = "";
    w->authorization = "Bearer token-of-ben";
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "ben");
    w->authorization = "Bearer no-such-token";
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 401, "api.token");
    w->authorization = NULL;
    w->cookie = "a=b; __Host-bauta_session=token-of-cleo; c=d";
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "cleo");
    w->cookie = "bauta_session=token-of-cleo"; /* the plain name does not count under TLS */
    notes_expect(w, NOBODY, "POST", "/api/t/notes", NOTE_, 401, "api.login");
    w->cookie = "__Host-bauta_session=over";
    notes_expect(w, NOBODY, "GET", "/api/t/slow", NULL, 200, "");
    notes_expect(w, NOBODY, "GET", "/api/t/notes/a", NULL, 401, "api.login");
}

/* Also where the store still has it. */
static void a_session_that_has_ended_is_nobody_s(struct world *w)
{
    w->ended = true;
    notes_expect(w, ANA, "GET", "/api/t/notes/a", NULL, 401, "api.login");
    notes_expect(w, ANA, "GET", "/api/t/keys/1", NULL, 200, "");
    assert_string_equal(world_field(w, "name"), "");
}

static void cookies_get_their_outer_name(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=a", NULL, 200, "");
    assert_string_equal(w->last.cookies[0].name, "__Host-note");
    w->insecure = true;
    notes_expect(w, NOBODY, "GET", "/api/t/keys/1?text=a", NULL, 200, "");
    assert_string_equal(w->last.cookies[0].name, "note");
}

static void a_foreign_page_cannot_act(struct world *w)
{
    w->origin = "https://evil.example";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    notes_expect(w, NOBODY, "POST", "/api/t/soft", NULL, 403, "api.csrf");
    notes_expect(w, ANA, "PUT", "/api/t/notes/a", "{\"number\":1}", 403, "api.csrf");
    notes_expect(w, ANA, "GET", "/api/live", NULL, 403, "api.csrf");
    notes_expect(w, ANA, "GET", "/api/t/notes/zz", NULL, 404,
                 "api.missing");        /* reading is harmless */
    w->origin = "http://world.example"; /* the scheme counts */
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "null";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "https://world.example.evil.example";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->origin = "https://world.example";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    /* What a form can send without asking first: */
    w->csrf = "";
    notes_expect(w, ADA, "POST", "/api/t/admin", NULL, 403, "api.csrf");
    w->type = "application/x-www-form-urlencoded";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->type = "text/plain";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 403, "api.csrf");
    w->type = NULL;
    w->origin = NULL;
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, ""); /* JSON needs a preflight */
    w->authorization = "Bearer token-of-ana";                     /* brings no ambient right */
    w->type = "text/plain";
    notes_expect(w, NOBODY, "POST", "/api/t/notes", NOTE_, 415, "api.type");
    w->type = NULL;
    w->authorization = "Bearer token-of-ada";
    notes_expect(w, NOBODY, "POST", "/api/t/admin", NULL, 403, "api.no_token");
}

static void the_live_door_opens_for_members(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/live", NULL, 401, "api.login");
    notes_expect(w, ANA, "GET", "/api/live?room=abc", NULL, 101, "");
    assert_true(w->last.upgrade);
    notes_expect(w, ANA, "GET", "/api/live?rooms=abc", NULL, 400, "input.unknown");
}

static void use_is_written_down_after_ten_minutes_and_not_before(struct world *w)
{
    atomic_store(&w->now_ms, WORLD_START_MS + 10 * 60 * 1000 - 10);
    for (int i = 0; i < 5; i++) {
        notes_expect(w, ANA, "GET", "/api/t/slow", NULL, 200, "");
    }
    api_drain(w->api); /* what waits is written then at the latest */
    assert_int_equal(w->touches, 0);
}

static void use_is_written_down_once(struct world *w)
{
    atomic_store(&w->now_ms, WORLD_START_MS + 10 * 60 * 1000);
    for (int i = 0; i < 5; i++) {
        notes_expect(w, ANA, "GET", "/api/t/slow", NULL, 200, "");
    }
    api_drain(w->api);
    assert_int_equal(w->last_touched, 1000 + ANA);
    assert_int_equal(w->touched, 2); /* one session, rehearsed once */
}

static void an_ended_session_is_forgotten(struct world *w)
{
    notes_expect(w, ANA, "GET", "/api/t/notes/none", NULL, 404, "api.missing");
    w->account_ids[ANA] = BEN; /* what the sign-in would say from now on */
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_int_equal(w->events[0].account_id, ANA); /* from memory */
    api_forget_session(w->api, 1000 + ANA);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_int_equal(w->events[1].account_id, BEN);
    w->account_ids[ANA] = ANA;
    api_forget_account(w->api, BEN);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_int_equal(w->events[2].account_id, ANA);
    w->account_ids[ANA] = BEN;
    atomic_fetch_add(&w->now_ms, 60 * 1000); /* the belt: a minute */
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_int_equal(w->events[3].account_id, BEN);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_route_is_open_to_those_it_names_only),
        WORLD_TEST(a_session_comes_by_cookie_or_bearer),
        WORLD_TEST(a_session_that_has_ended_is_nobody_s),
        WORLD_TEST(cookies_get_their_outer_name),
        WORLD_TEST(a_foreign_page_cannot_act),
        WORLD_TEST(the_live_door_opens_for_members),
        WORLD_TEST(use_is_written_down_after_ten_minutes_and_not_before),
        WORLD_TEST(use_is_written_down_once),
        WORLD_TEST(an_ended_session_is_forgotten),
    };
    static const struct world_test matrix[] = {
        WORLD_TEST(each_route_is_open_to_those_it_names_only),
    };
    static const struct world_test twice[] = {
        WORLD_TEST(who_may_call_what_is_written_down_twice),
    };
    const struct world_options options = {.features = notes_features};
    const struct world_options all = {.features = features};
    const struct world_options officers = {.features = features, .proved = true};
    const struct world_options own = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests)) + world_run(&all, matrix, COUNT(matrix)) +
           world_run(&officers, matrix, COUNT(matrix)) + world_run(&own, twice, COUNT(twice));
}
