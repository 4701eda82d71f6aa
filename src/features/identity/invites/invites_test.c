#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct feature accounts_feature, sessions_feature, invites_feature;

/* Who may register; the settings own their strings. */
static void doors(struct world *w, const char *mode)
{
    free((char *)(uintptr_t)w->settings.registration);
    w->settings.registration = strdup(mode);
}

static int register_with(struct world *w, const char *name, const char *code)
{
    char json[512];
    snprintf(json, sizeof(json),
             "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
             "\"email\":\"k@example.org\",\"birth_date\":\"1990-01-01\",\"country\":\"ID\","
             "\"marketing\":false,\"invite\":\"%s\"}",
             name, code);
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

static void an_invitation_is_good_for_so_many_people_and_days(struct world *w)
{
    char code[32];
    doors(w, "invite");
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":2,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    assert_int_equal(register_with(w, "Guest one", code), 201);
    assert_int_equal(register_with(w, "Guest two", code), 201);
    assert_int_equal(register_with(w, "Guest three", code), 403);
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":2,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    w->now_ms += (int64_t)24 * 3600 * 1000;
    assert_int_equal(register_with(w, "Guest three", code), 403);
    assert_string_equal(world_code(w), "invites.none");
}

static int look_at(struct world *w, const char *code)
{
    char json[96];
    snprintf(json, sizeof(json), "{\"invite\":\"%s\"}", code);
    return world_send(w, NOBODY, "POST", "/api/invites/look", json);
}

/* Wrong, used up, ended and taken back look alike; looking takes nothing. */
static void a_bad_invitation_is_told_before_the_form(struct world *w)
{
    char code[32], path[64];
    doors(w, "invite");
    assert_int_equal(look_at(w, "nobodys-invitation"), 403);
    assert_string_equal(world_code(w), "invites.none");
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    assert_int_equal(look_at(w, code), 204);
    assert_int_equal(look_at(w, code), 204);
    assert_int_equal(register_with(w, "Guest", code), 201);
    assert_int_equal(look_at(w, code), 403);
    assert_string_equal(world_code(w), "invites.none");
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    snprintf(path, sizeof(path), "/api/invites/%s", world_field(w, "id"));
    assert_int_equal(world_send(w, ADA, "DELETE", path, NULL), 204);
    assert_int_equal(look_at(w, code), 403);
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    w->now_ms += (int64_t)24 * 3600 * 1000;
    assert_int_equal(look_at(w, code), 403);
}

static void an_invitation_can_be_taken_back(struct world *w)
{
    char code[32], path[64];
    doors(w, "invite");
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":30}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    snprintf(path, sizeof(path), "/api/invites/%s", world_field(w, "id"));
    assert_int_equal(world_send(w, ADA, "GET", "/api/invites", NULL), 200);
    assert_false(world_says(w, code)); /* shown once */
    assert_int_equal(world_send(w, ADA, "DELETE", path, NULL), 204);
    assert_int_equal(world_send(w, ADA, "DELETE", path, NULL), 404);
    assert_int_equal(register_with(w, "Guest", code), 403);
}

static void a_refused_registration_does_not_use_the_invitation_up(struct world *w)
{
    char code[32];
    doors(w, "invite");
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":1}"), 201);
    snprintf(code, sizeof(code), "%s", world_field(w, "code"));
    assert_int_equal(register_with(w, "ana", code), 409);
    assert_int_equal(register_with(w, "Guest", code), 201);
}

static void only_staff_invite(struct world *w)
{
    assert_int_equal(world_send(w, ANA, "POST", "/api/invites", "{\"uses\":1,\"days\":1}"), 403);
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":0,\"days\":1}"), 400);
    assert_int_equal(world_send(w, ADA, "POST", "/api/invites", "{\"uses\":1,\"days\":366}"), 400);
}

static void an_administrator_approves_and_ends_accounts(struct world *w)
{
    doors(w, "approval");
    assert_int_equal(register_with(w, "Guest", ""), 201);
    char path[96];
    snprintf(path, sizeof(path), "/api/admin/accounts/%s/approve", world_field(w, "id"));
    assert_int_equal(world_send(w, ANA, "POST", path, NULL), 403);
    assert_int_equal(world_send(w, ADA, "POST", path, NULL), 204);
    assert_int_equal(world_send(w, ADA, "POST", path, NULL), 404);
    snprintf(path, sizeof(path), "/api/admin/accounts/%s/end", w->public_ids[BEN]);
    assert_int_equal(world_send(w, ADA, "POST", path, "{\"reason\":\"spam\"}"), 204);
    assert_int_equal(w->events[w->event_count - 1].kind, EVENT_ACCOUNT_ENDED);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/accounts?state=ended", NULL), 200);
    assert_true(world_says(w, "\"reason\":\"spam\""));
    snprintf(path, sizeof(path), "/api/admin/accounts/%s/end", w->public_ids[ADA]);
    assert_int_equal(world_send(w, ADA, "POST", path, "{\"reason\":\"spam\"}"), 409);
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature, &sessions_feature,
                                                 &invites_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(an_invitation_is_good_for_so_many_people_and_days),
        WORLD_TEST(a_bad_invitation_is_told_before_the_form),
        WORLD_TEST(an_invitation_can_be_taken_back),
        WORLD_TEST(a_refused_registration_does_not_use_the_invitation_up),
        WORLD_TEST(only_staff_invite),
        WORLD_TEST(an_administrator_approves_and_ends_accounts),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
