#include "tests/support/notes.h"
#include "tests/support/parents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who may call what, from where. */
enum { ROLES_ALL = ROLE_MODERATOR | ROLE_SUPPORT | ROLE_PRIVACY | ROLE_ADMIN };

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

/* "": it is open to them.  Ada has roles, all of them where sessions are proved. */
static const char *refusal(const struct world *w, const struct api_route *route, int who)
{
    if (route->who == API_ANYONE) {
        return "";
    }
    if (who == NOBODY) {
        return "api.login";
    }
    unsigned roles = who != ADA ? 0 : w->proved ? ROLES_ALL : ROLE_ADMIN | ROLE_SUPPORT;
    enum power power = api_power(route->who);
    return power && !roles_may(roles, power) ? "api.role" : "";
}

static void knock(struct world *w, const struct api_route *route, int who)
{
    char path[128];
    fill(route->path, path);
    int status = world_send(w, who, route->method, path, NULL);
    const char *wanted = refusal(w, route, who), *code = world_code(w);
    bool fits = *wanted ? status == (who == NOBODY ? 401 : 403) && strcmp(code, wanted) == 0
                        : strcmp(code, "api.login") != 0 && strcmp(code, "api.role") != 0;
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
    "GET /api/policies",
    "GET /api/policies/{kind}/{number}",
    "GET /api/providers",
    "GET /api/scenes",
    "GET /api/site",
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
    "GET /api/requests/kinds",
    "GET /api/authorities",
    "POST /api/requests",
    "POST /api/requests/open",
    "POST /api/requests/confirm",
    "POST /api/requests/words",
    "POST /api/requests/withdraw",
    "POST /api/undos",
    "POST /api/verifications",
};
static const struct {
    const char *name, *roles; /* of these roles, and of no other */
} for_staff[] = {
    {"DELETE /api/admin/policies/{kind}/{number}", "privacy admin"},
    {"DELETE /api/admin/staff/{id}/{role}", "admin"},
    {"DELETE /api/invites/{id}", "support admin"},
    {"GET /api/admin/accounts", "support admin"},
    {"GET /api/admin/accounts/{id}/names", "moderator support"},
    {"GET /api/admin/acts", "privacy admin"},
    {"GET /api/admin/checklist", "admin"},
    {"GET /api/admin/jobs", "admin"},
    {"GET /api/admin/log", "privacy admin"},
    {"GET /api/admin/mail", "admin"},
    {"GET /api/admin/mail/{id}", "admin"},
    {"GET /api/admin/performance", "admin"},
    {"GET /api/admin/policies/{kind}/draft", "privacy admin"},
    {"GET /api/admin/rooms/{id}", "moderator admin"},
    {"GET /api/admin/settings", "admin"},
    {"GET /api/admin/staff", "admin"},
    {"GET /api/admin/waiting", "support privacy admin"},
    {"GET /api/invites", "support admin"},
    {"GET /api/staff/cases", "privacy"},
    {"GET /api/staff/cases/{id}", "privacy"},
    {"GET /api/staff/cases/{id}/pages/{page}", "privacy"},
    {"GET /api/staff/reports", "moderator"},
    {"GET /api/staff/reports/{id}", "moderator"},
    {"GET /api/staff/requests", "privacy"},
    {"GET /api/staff/requests/{id}", "privacy"},
    {"POST /api/staff/requests/{id}/claim", "privacy"},
    {"POST /api/staff/requests/{id}/note", "privacy"},
    {"POST /api/staff/requests/{id}/question", "privacy"},
    {"POST /api/staff/requests/{id}/extension", "privacy"},
    {"POST /api/staff/requests/{id}/proof", "privacy"},
    {"POST /api/staff/requests/{id}/answer", "privacy"},
    {"POST /api/staff/requests/{id}/closure", "privacy"},
    {"GET /api/staff/waiting", "moderator privacy"},
    {"POST /api/admin/accounts/{id}/approve", "support admin"},
    {"POST /api/admin/accounts/{id}/end", "admin"},
    {"POST /api/admin/jobs/{id}/retry", "admin"},
    {"POST /api/admin/mail/test", "admin"},
    {"POST /api/admin/mail/{id}/again", "admin"},
    {"POST /api/admin/policies/{kind}/publish", "privacy admin"},
    {"POST /api/admin/staff", "admin"},
    {"POST /api/invites", "support admin"},
    {"POST /api/staff/cases/{id}/decision", "privacy"},
    {"POST /api/staff/reports/{id}/decision", "moderator"},
    {"PUT /api/admin/policies/{kind}/draft/{language}", "privacy admin"},
    {"PUT /api/admin/settings/{name}", "admin"},
};
/* clang-format on */

static bool is_for_anyone(const char *name)
{
    for (size_t i = 0; i < COUNT(for_anyone); i++) {
        if (strcmp(for_anyone[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Of whom it is; NULL: it is no staff's. */
static const char *roles_of(const char *name)
{
    for (size_t i = 0; i < COUNT(for_staff); i++) {
        if (strcmp(for_staff[i].name, name) == 0) {
            return for_staff[i].roles;
        }
    }
    return NULL;
}

static void expect(struct world *w, const struct api_route *route, int who, const char *as,
                   const char *wanted)
{
    char path[128];
    fill(route->path, path);
    int status = world_send(w, who, route->method, path, NULL);
    const char *code = world_code(w);
    bool closed = strcmp(code, "api.login") == 0 || strcmp(code, "api.role") == 0;
    if (closed ? strcmp(code, wanted) != 0 : *wanted != 0) {
        fail_msg("%s %s answers %d %s to %s, and not \"%s\"", route->method, route->path, status,
                 code, as, wanted);
    }
}

/* BEN has this role alone, and signed in with a passkey. */
static void be_of(struct world *w, const char *role)
{
    char sql[200];
    bool admin = strcmp(role, "admin") == 0;
    snprintf(sql, sizeof(sql),
             "DELETE FROM staff; UPDATE account SET role = '%s' WHERE id = 2;%s%s%s",
             admin ? "admin" : "member",
             admin ? "" : " INSERT INTO staff (account_id, role, since_ms) VALUES (2, '",
             admin ? "" : role, admin ? "" : "', 1)");
    world_script(w, sql);
    api_forget_account(w->api, BEN);
}

/* proves: SEC-1d */
static void who_may_call_what_is_written_down_twice(struct world *w)
{
    static const char *const all[] = {"moderator", "support", "privacy", "payout", "admin"};
    size_t found = 0;
    for (const struct feature *const *at = w->features; *at; at++) {
        for (const struct api_route *route = (*at)->routes; route && route->method; route++) {
            char name[160];
            snprintf(name, sizeof(name), "%s %s", route->method, route->path);
            const char *roles = roles_of(name);
            bool open = is_for_anyone(name);
            world_script(w, "DELETE FROM session; DELETE FROM staff;" /* one signs out or ends */
                            " UPDATE account SET state = 'active', end_reason = NULL,"
                            " erase_at_ms = NULL");
            parents_begin(w);
            found += open || roles;
            expect(w, route, NOBODY, "nobody", open ? "" : "api.login");
            expect(w, route, ANA, "a member", roles ? "api.role" : "");
            for (size_t i = 0; roles && i < COUNT(all); i++) {
                be_of(w, all[i]);
                expect(w, route, BEN, all[i], strstr(roles, all[i]) ? "" : "api.role");
            }
        }
    }
    /* and no row of a route that is gone */
    assert_int_equal(found, COUNT(for_anyone) + COUNT(for_staff));
}

/* Nothing that nobody thought of: a power that the table does not have is nobody's. */
static void what_is_not_in_the_table_of_powers_is_nobodys(struct world *w UNUSED)
{
    unsigned every = ROLES_ALL | ROLE_PAYOUT;
    assert_false(roles_may(every, POWER_NONE));
    assert_false(roles_may(every, POWER_END));
    assert_false(roles_may(every, (enum power)(POWER_END + 1)));
    for (enum power power = POWER_NONE + 1; power < POWER_END; power++) {
        assert_false(roles_may(0, power));
        assert_true(roles_may(every, power));
        assert_true(*roles_power_name(power));
    }
    assert_int_equal(roles_named("officer"), 0);
    assert_int_equal(roles_named(""), 0);
    /* what members wrote, reported or proved is not an administrator's */
    assert_false(roles_may(ROLE_ADMIN, POWER_REPORTS) || roles_may(ROLE_ADMIN, POWER_CONSENT) ||
                 roles_may(ROLE_ADMIN, POWER_REQUESTS) || roles_may(ROLE_ADMIN, POWER_NAMES));
    for (unsigned bit = 1; bit < ROLE_ADMIN; bit <<= 1) { /* nobody else raises anybody */
        assert_false(roles_may(bit, POWER_ROLES));
    }
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
        WORLD_TEST(what_is_not_in_the_table_of_powers_is_nobodys),
    };
    const struct world_options options = {.features = notes_features};
    const struct world_options all = {.features = features};
    const struct world_options officers = {.features = features, .proved = true};
    const struct world_options own = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests)) + world_run(&all, matrix, COUNT(matrix)) +
           world_run(&officers, matrix, COUNT(matrix)) + world_run(&own, twice, COUNT(twice));
}
