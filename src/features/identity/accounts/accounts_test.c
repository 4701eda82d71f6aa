#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/invites/invites.h"
#include "features/identity/sessions/sessions.h"
#include "features/looks/looks/catalogue.h"
#include "features/looks/looks/looks.h"
#include "jobs/jobs.h"

extern const struct feature accounts_feature, sessions_feature, invites_feature, looks_feature;

/* Who may register; the settings own their strings. */
static void doors(struct world *w, const char *mode)
{
    free((char *)(uintptr_t)w->settings.registration);
    w->settings.registration = strdup(mode);
}

static const char GOOD[] = "{\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
                           "\"email\":\"%s\",\"birth_date\":\"%s\",\"country\":\"%s\","
                           "\"marketing\":false%s}";

static int register_as(struct world *w, const char *name, const char *birth, const char *more)
{
    char json[1024];
    snprintf(json, sizeof(json), GOOD, name, "someone@example.org", birth, "ID", more);
    return world_send(w, NOBODY, "POST", "/api/accounts", json);
}

static const char *cookie_of(struct world *w)
{
    static char header[640];
    for (size_t i = 0; i < w->last.cookie_count; i++) {
        if (strstr(w->last.cookies[i].name, SESSION_COOKIE)) {
            snprintf(header, sizeof(header), "%s=%s", w->last.cookies[i].name,
                     w->last.cookies[i].value);
            return header;
        }
    }
    fail_msg("no session cookie: %d %s", w->last.status, w->last.body);
    return NULL;
}

/* proves: REG-1a */
static void registering_takes_five_things_and_signs_in(struct world *w)
{
    assert_int_equal(register_as(w, "Kartika", "1990-02-28", ""), 201);
    assert_true(world_says(w, "\"avatar_name\":\"Kartika\""));
    assert_true(world_says(w, "\"real_name\":null"));
    w->cookie = cookie_of(w);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    assert_string_equal(world_field(w, "email"), "someone@example.org");
    assert_string_equal(world_field(w, "birth_date"), "1990-02-28");
    w->cookie = NULL;
}

static void who_registers_looks_like_something_from_the_start(struct world *w)
{
    assert_int_equal(register_as(w, "Kartika", "1990-02-28", ",\"avatar\":\"siti\""), 201);
    char look[PUBLIC_ID_LEN + 1];
    snprintf(look, sizeof(look), "%s", world_field(w, "look"));
    assert_int_equal(strlen(look), PUBLIC_ID_LEN);
    w->cookie = cookie_of(w);
    assert_int_equal(world_sendf(w, NOBODY, "GET", NULL, "/api/looks/%s", look), 200);
    assert_true(world_says(w, "\"id\":\"scarf_hijab")); /* hers, and nothing in clear says so */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar = 'siti'"), 0);
    w->cookie = NULL;
}

static void who_chooses_nobody_is_not_the_same_person_as_all_others_who_did_not(struct world *w)
{
    static const char *const names[] = {"Kartika", "Budiman", "Wulandari", "Setiawan"};
    char first[4096] = "";
    int others = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_int_equal(register_as(w, names[i], "1990-02-28", ""), 201);
        w->cookie = cookie_of(w);
        assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/look", NULL), 200);
        w->cookie = NULL;
        const char *recipe = strstr(w->last.body, "\"recipe\"");
        assert_non_null(recipe);
        others += i > 0 && strncmp(recipe, first, sizeof(first) - 1) != 0;
        if (i == 0) {
            snprintf(first, sizeof(first), "%s", recipe);
        }
    }
    assert_true(others > 0);
}

static void nobody_is_dressed_by_chance_in_what_tells_of_health_or_belief(struct world *w)
{
    (void)w;
    const struct looks_catalogue *of = looks_catalogue();
    uint64_t kinds = 0;
    for (int i = 0; i < 300; i++) {
        struct call call = {.arena = arena_new((size_t)1 << 16)};
        const char *avatar = NULL, *colours = NULL;
        assert_int_equal(accounts_avatar_check(&call, NULL, NULL, &avatar, &colours), OK);
        struct looks_recipe recipe = {0};
        looks_take_ready(avatar, colours, &recipe);
        for (size_t slot = 0; slot < of->slots_count; slot++) {
            const struct looks_item *worn = recipe.worn[slot].item;
            assert_false(worn && worn->intimate);
        }
        for (size_t at = 0; at < of->presets_count; at++) {
            kinds |= strcmp(of->presets[at].id, avatar) == 0 ? UINT64_C(1) << (at % 64) : 0;
        }
        arena_free(call.arena);
    }
    assert_true(__builtin_popcountll(kinds) > 5); /* it still is anybody else */
}

static void a_real_name_is_sealed_and_shown_to_its_owner(struct world *w)
{
    assert_int_equal(register_as(w, "Kartika", "1990-02-28", ",\"real_name\":\"Kartika Dewi\""),
                     201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"
                                    " AND email_ct IS NOT NULL AND birth_ct IS NOT NULL"
                                    " AND real_name_ct IS NOT NULL"),
                     1);
    w->cookie = cookie_of(w);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me", NULL), 200);
    assert_string_equal(world_field(w, "real_name"), "Kartika Dewi");
    w->cookie = NULL;
}

/* proves: REG-2c */
static void a_child_is_refused_nothing_is_kept_and_trying_again_does_not_help(struct world *w)
{
    char young[16];
    time_t then = (time_t)(w->now_ms / 1000) - (time_t)12 * 365 * 24 * 3600;
    struct tm tm;
    gmtime_r(&then, &tm);
    strftime(young, sizeof(young), "%Y-%m-%d", &tm);
    int64_t before = world_count(w, "SELECT count(*) FROM account");
    int64_t kept = world_count(w, "SELECT count(*) FROM idempotency");

    assert_int_equal(register_as(w, "Kid", young, ""), 403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_int_equal(w->last.cookie_count, 1);
    assert_int_equal(w->last.cookies[0].max_age_s, 24 * 3600);
    assert_null(strstr(w->last.cookies[0].value, young));
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), before);
    assert_int_equal(world_count(w, "SELECT count(*) FROM idempotency"), kept);

    char cookie[700];
    snprintf(cookie, sizeof(cookie), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
    w->cookie = cookie;
    assert_int_equal(register_as(w, "Kid", "1990-01-01", ""), 403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/age", "{\"birth_date\":\"1990-01-01\"}"),
                     403);
    w->now_ms += (int64_t)24 * 3600 * 1000;
    assert_int_equal(register_as(w, "Kid", "1990-01-01", ""), 201);
    w->cookie = NULL;
}

static void the_birth_date_is_judged_before_any_other_field(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts",
                                "{\"password\":7,\"surprise\":1,\"country\":\"DE\","
                                "\"birth_date\":\"2025-01-01\"}"),
                     403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_false(world_says(w, "13")); /* neutral: no hint of the limit */
}

static void a_forged_or_old_waiting_cookie_is_nothing(struct world *w)
{
    w->cookie = "__Host-bauta_wait=99999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_int_equal(register_as(w, "Forger", "1990-01-01", ""), 201);
    w->cookie = NULL;
}

static void below_the_consent_age_of_the_country_is_told_honestly(struct world *w)
{
    char json[1024], birth[16];
    time_t then = (time_t)(w->now_ms / 1000) - (time_t)(14.5 * 365.25 * 24 * 3600);
    struct tm tm;
    gmtime_r(&then, &tm);
    strftime(birth, sizeof(birth), "%Y-%m-%d", &tm);
    snprintf(json, sizeof(json), GOOD, "Teen", "teen@example.org", birth, "DE", "");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 403);
    assert_string_equal(world_code(w), "ages.parent");
    assert_int_equal(w->last.cookie_count, 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Teen'"), 0);
    snprintf(json, sizeof(json), GOOD, "Teen", "teen@example.org", birth, "AT", "");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 201);
}

/* proves: REG-2a */
static void a_day_before_the_birthday_is_too_young_and_the_day_itself_is_not(struct world *w)
{
    w->now_ms = INT64_C(1806537600000); /* 2027-04-01 */
    /* The screen of the age: what it says names no number, so it tells nobody which one counts. */
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/age", "{\"birth_date\":\"2014-04-02\"}"),
                     403);
    assert_string_equal(world_code(w), "ages.refused");
    assert_null(strpbrk(w->last.body, "0123456789"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/age", "{\"birth_date\":\"2014-04-01\"}"),
                     200);
    assert_null(strpbrk(w->last.body, "0123456789"));
    assert_int_equal(register_as(w, "Early", "2014-04-02", ""), 403);
    assert_int_equal(register_as(w, "Right", "2014-04-01", ""), 201);
}

/* proves: REG-5c */
static void a_name_or_its_look_alike_is_taken_once(struct world *w)
{
    static const char *const alike[][2] = {
        {"Paul", "PAUL"},                     /* another case */
        {"Paul", "PauI"},                     /* capital i for l */
        {"Paul", "Pau1"},                     /* one for l */
        {"Bob Cool", "B0b Co0l"},             /* zero for o */
        {"Ana Maria", "AnaMaria"},            /* a gap that is not seen */
        {"Ana Maria", "An.a-Maria"},          /* marks */
        {"J\u00f6rg", "Jo\u0308rg"},          /* composed otherwise */
        {"paec", "\u0440\u0430\u0435\u0441"}, /* all Cyrillic */
        {"coco", "\u03f2\u03bf\u03f2\u03bf"}, /* all Greek */
    };
    for (size_t i = 0; i < COUNT(alike); i++) {
        int first = register_as(w, alike[i][0], "1990-01-01", "");
        assert_true(first == 201 || (i > 0 && strcmp(alike[i][0], alike[i - 1][0]) == 0));
        assert_int_equal(register_as(w, alike[i][1], "1990-01-01", ""), 409);
        assert_string_equal(world_code(w), "names.taken");
    }
    /* A Latin name with one letter of another script reads like itself: refused whoever has it. */
    assert_int_equal(register_as(w, "P\u0430ula", "1990-01-01", ""), 400);
    assert_string_equal(world_code(w), "names.mixed");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/names/pau1", NULL), 200);
    assert_true(world_says(w, "\"free\":false"));
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/names/paula", NULL), 200);
    assert_true(world_says(w, "\"free\":true"));
}

/* A used address must not be told from a fresh one. */
static void an_address_in_use_looks_like_any_other(struct world *w)
{
    assert_int_equal(register_as(w, "First", "1990-01-01", ""), 201);
    assert_int_equal(register_as(w, "Second", "1990-01-01", ""), 201);
}

static void bad_input_is_refused_by_field(struct world *w)
{
    char json[1024];
    snprintf(json, sizeof(json), GOOD, "Somebody", "no address", "1990-01-01", "ID", "");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 400);
    assert_string_equal(world_code(w), "accounts.email");
    assert_string_equal(world_field(w, "field"), "email");
    static const char *const unseen[] = {"\u200b@x.yy", "a\u202e@x.yy", "a@x\u00ad.yy",
                                         "a\u00a0b@x.yy"};
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++) {
        snprintf(json, sizeof(json), GOOD, "Somebody", unseen[i], "1990-01-01", "ID", "");
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", json), 400);
        assert_string_equal(world_code(w), "accounts.email");
    }
    assert_int_equal(register_as(w, "ab", "1990-01-01", ""), 400);
    assert_string_equal(world_code(w), "names.short");
    assert_int_equal(register_as(w, "Somebody", "1990-02-30", ""), 400);
    assert_string_equal(world_code(w), "input.date");
    assert_int_equal(register_as(w, "Somebody", "1990-01-01", ",\"nonsense\":1"), 400);
    assert_string_equal(world_code(w), "input.unknown");
    assert_int_equal(register_as(w, "Somebody", "1990-01-01", ",\"avatar\":\"nobody\""), 400);
    assert_string_equal(world_code(w), "accounts.avatar");
}

static void registration_is_open_by_invitation_by_approval_or_closed(struct world *w)
{
    doors(w, "closed");
    assert_int_equal(register_as(w, "Guest", "1990-01-01", ""), 403);
    assert_string_equal(world_code(w), "accounts.closed");
    doors(w, "invite");
    assert_int_equal(register_as(w, "Guest", "1990-01-01", ""), 403);
    assert_string_equal(world_code(w), "accounts.invite_needed");
    assert_int_equal(
        register_as(w, "Guest", "1990-01-01", ",\"invite\":\"aaaaaaaaaaaaaaaaaaaaaaaaaa\""), 403);
    assert_string_equal(world_code(w), "invites.none");
    doors(w, "approval");
    assert_int_equal(register_as(w, "Guest", "1990-01-01", ""), 201);
    assert_true(world_says(w, "\"state\":\"waiting\""));
    assert_int_equal(w->last.cookie_count, 0);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions",
                                "{\"name\":\"Guest\",\"password\":\"grey tram over kelapa\"}"),
                     403);
    assert_string_equal(world_code(w), "sessions.waiting");
}

static void nothing_is_left_of_a_registration_that_failed_half_way(struct world *w)
{
    int64_t before = world_count(w, "SELECT count(*) FROM account");
    for (uint64_t nth = 1;; nth++) {
        store_fail_at(w->store.store, nth, ERR_BROKEN);
        int status = register_as(w, "Halfway", "1990-01-01", "");
        store_fail_at(w->store.store, 0, OK);
        if (status == 201) {
            assert_true(nth > 2);
            break;
        }
        assert_int_equal(status, 500);
        assert_int_equal(world_count(w, "SELECT count(*) FROM account"), before);
    }
}

static enum err make_link(struct call *call, void *arg)
{
    uint8_t hash[HASH_BYTES];
    int64_t id = 0;
    invites_hash(arg, hash);
    return invites_add(call, "admin", "Quay Keeper", hash, 1, call->now_ms + TIME_H, &id);
}

static int claims(struct world *w, const char *name, const char *birth)
{
    char json[400];
    snprintf(json, sizeof(json),
             "{\"invite\":\"code\",\"avatar_name\":\"%s\",\"password\":\"grey tram over kelapa\","
             "\"email\":\"q@example.org\",\"birth_date\":\"%s\",\"country\":\"ID\"}",
             name, birth);
    return world_send(w, NOBODY, "POST", "/api/claims", json);
}

static void
an_administrator_is_of_age_and_bears_the_name_that_the_link_was_made_for(struct world *w)
{
    assert_int_equal(world_do(w, NOBODY, make_link, (void *)(uintptr_t) "code"), OK);
    assert_int_equal(claims(w, "Somebody Else", "1980-02-03"), 403);
    assert_string_equal(world_code(w), "invites.other_name");
    assert_int_equal(claims(w, "Quay Keeper", "2010-02-03"), 403);
    assert_string_equal(world_code(w), "accounts.admin_adult");
    assert_int_equal(claims(w, "Quay Keeper", "1980-02-03"), 201);
    assert_int_equal(claims(w, "Quay Keeper", "1980-02-03"), 403); /* once */
}

static void run_skeletons(struct world *w)
{
    static const struct feature *const own[] = {&accounts_feature, NULL};
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'accounts.skeletons_more', '', 'waiting', 1, 0, 1)");
    struct jobs *jobs = jobs_new(own);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

/* Both registered before the tables said so; the one who came later hears of it. */
static void of_two_who_look_alike_since_an_update_the_later_is_asked_to_change(struct world *w)
{
    assert_int_equal(register_as(w, "coco", "1990-02-28", ""), 201);
    assert_int_equal(register_as(w, "Kartika", "1990-02-28", ""), 201);
    world_script(w, "UPDATE account SET avatar_name = '\u03f2\u03bf\u03f2\u03bf',"
                    " name_skeleton = 'old', name_look = 'old' WHERE avatar_name = 'Kartika'");
    world_script(w, "UPDATE account SET skeleton_version = 'before'");
    run_skeletons(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE skeleton_version ="
                                    " 'before'"),
                     0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind ="
                                    " 'accounts.name_alike'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice n JOIN account a ON a.id ="
                                    " n.account_id WHERE a.name_skeleton = 'old'"),
                     1);
    /* Nobody takes the other for it, not even at the door. */
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/sessions",
                                "{\"name\":\"\u03f2\u03bf\u03f2\u03bf\","
                                "\"password\":\"grey tram over kelapa\"}"),
                     201);
    assert_string_equal(world_field(w, "avatar_name"), "\u03f2\u03bf\u03f2\u03bf");
    assert_int_equal(register_as(w, "\u03f2oco", "1990-02-28", ""), 400); /* mixed */
    assert_int_equal(register_as(w, "\u03f9\u03bf\u03f2\u03bf", "1990-02-28", ""), 409);
    assert_string_equal(world_code(w), "names.taken");
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature, &sessions_feature,
                                                 &invites_feature, &looks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(registering_takes_five_things_and_signs_in),
        WORLD_TEST(who_registers_looks_like_something_from_the_start),
        WORLD_TEST(who_chooses_nobody_is_not_the_same_person_as_all_others_who_did_not),
        WORLD_TEST(nobody_is_dressed_by_chance_in_what_tells_of_health_or_belief),
        WORLD_TEST(a_real_name_is_sealed_and_shown_to_its_owner),
        WORLD_TEST(a_child_is_refused_nothing_is_kept_and_trying_again_does_not_help),
        WORLD_TEST(the_birth_date_is_judged_before_any_other_field),
        WORLD_TEST(a_forged_or_old_waiting_cookie_is_nothing),
        WORLD_TEST(below_the_consent_age_of_the_country_is_told_honestly),
        WORLD_TEST(a_day_before_the_birthday_is_too_young_and_the_day_itself_is_not),
        WORLD_TEST(a_name_or_its_look_alike_is_taken_once),
        WORLD_TEST(an_address_in_use_looks_like_any_other),
        WORLD_TEST(bad_input_is_refused_by_field),
        WORLD_TEST(registration_is_open_by_invitation_by_approval_or_closed),
        WORLD_TEST(nothing_is_left_of_a_registration_that_failed_half_way),
        WORLD_TEST(an_administrator_is_of_age_and_bears_the_name_that_the_link_was_made_for),
        WORLD_TEST(of_two_who_look_alike_since_an_update_the_later_is_asked_to_change),
    };
    const struct world_options options = {.features = list, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
