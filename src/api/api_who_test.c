#include "tests/support/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who may call what, from where. */
/* Every route, every kind of person: what is not opened is closed. */
static void each_route_is_open_to_those_it_names_only(struct world *w)
{
    for (const struct api_route *route = notes_routes; route->method; route++) {
        char path[64];
        size_t at = 0;
        for (const char *from = route->path; *from;) {
            path[at++] = *from == '{' ? '1' : *from;
            from += *from == '{' ? strcspn(from, "}") + 1 : 1;
        }
        path[at] = '\0';
        const int people[] = {NOBODY, ANA, ADA};
        for (size_t i = 0; i < COUNT(people); i++) {
            int status = world_send(w, people[i], route->method, path, NULL);
            bool closed = status == 401 || status == 403;
            bool wanted = (route->who != API_ANYONE && people[i] == NOBODY) ||
                          (route->who == API_ADMIN && people[i] != ADA);
            if (closed != wanted || (closed && status != (people[i] == NOBODY ? 401 : 403))) {
                fail_msg("%s %s answers %d to %d", route->method, path, status, people[i]);
            }
        }
    }
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
    w->authorization = "Bearer token-of-ada";
    notes_expect(w, NOBODY, "POST", "/api/t/admin", NULL, 204, ""); /* no ambient right */
}

static void the_live_door_opens_for_members(struct world *w)
{
    notes_expect(w, NOBODY, "GET", "/api/live", NULL, 401, "api.login");
    notes_expect(w, ANA, "GET", "/api/live?room=abc", NULL, 101, "");
    assert_true(w->last.upgrade);
    notes_expect(w, ANA, "GET", "/api/live?rooms=abc", NULL, 400, "input.unknown");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_route_is_open_to_those_it_names_only),
        WORLD_TEST(a_session_comes_by_cookie_or_bearer),
        WORLD_TEST(cookies_get_their_outer_name),
        WORLD_TEST(a_foreign_page_cannot_act),
        WORLD_TEST(the_live_door_opens_for_members),
    };
    const struct world_options options = {.features = notes_features};
    return world_run(&options, tests, COUNT(tests));
}
