#include "tests/support/notes.h"

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

/* Every route there is, every kind of person: what is not opened is closed. */
/* proves: SEC-1d */
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
    const struct world_options options = {.features = notes_features};
    const struct world_options all = {.features = features};
    const struct world_options officers = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests)) + world_run(&all, matrix, COUNT(matrix)) +
           world_run(&officers, matrix, COUNT(matrix));
}
