#include "tests/support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/settings.h"
#include "features/identity/renames/renames.h"
#include "store/store.h"

extern const struct feature accounts_feature, renames_feature, invites_feature;

static void names_are(struct world *w, const char *mode)
{
    world_set(w, "name_change", mode);
}

static int holds(struct world *w, int who, const char *name)
{
    char json[200];
    snprintf(json, sizeof(json), "{\"name\":\"%s\"}", name);
    return world_send(w, who, "POST", "/api/me/name/hold", json);
}

static bool is_free(struct world *w, int who, const char *name)
{
    assert_int_equal(world_sendf(w, who, "GET", NULL, "/api/names/%s", name), 200);
    return world_says(w, "\"free\":true");
}

static bool told(struct world *w, enum event_kind kind, int who)
{
    bool found = false;
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->event_count; i++) {
        found |= w->events[i].kind == kind && w->events[i].account_id == w->account_ids[who];
    }
    pthread_mutex_unlock(&w->lock);
    return found;
}

static void where_names_cannot_be_had_that_is_said(struct world *w)
{
    names_are(w, "off");
    assert_int_equal(holds(w, ANA, "Kartika"), 403);
    assert_string_equal(world_code(w), "names.not_for_sale");
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 403);
    assert_string_equal(world_code(w), "names.not_for_sale");
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/name", NULL), 200);
    assert_true(world_says(w, "\"change\":\"off\""));
}

static void a_chosen_name_is_held_then_taken_and_the_old_one_remembered(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 404);
    assert_string_equal(world_code(w), "names.no_hold");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    assert_false(is_free(w, BEN, "kartika"));
    assert_true(is_free(w, ANA, "kartika"));
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 204);
    assert_true(told(w, EVENT_ACCOUNT_CHANGED, ANA)); /* rooms show the new name at once */
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/name", NULL), 200);
    assert_string_equal(world_field(w, "name"), "Kartika");
    assert_true(world_says(w, "\"held\":null"));
    assert_true(world_says(w, "\"former\":[{\"name\":\"ana\""));
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/accounts?search=ana", NULL), 200);
    assert_true(world_says(w, "\"avatar_name\":\"Kartika\""));
    assert_true(world_says(w, "\"former\":\"ana\""));
    assert_int_equal(
        world_sendf(w, ADA, "GET", NULL, "/api/admin/accounts/%s/names", w->public_ids[ANA]), 200);
    assert_true(world_says(w, "\"name\":\"ana\""));
    assert_int_equal(
        world_sendf(w, BEN, "GET", NULL, "/api/admin/accounts/%s/names", w->public_ids[ANA]), 403);
}

static void the_old_name_is_kept_ninety_days_for_who_wore_it_and_free_then(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 204);
    assert_int_equal(holds(w, BEN, "Ana"), 409);
    assert_string_equal(world_code(w), "names.taken");
    w->now_ms += RENAMES_EVERY_MS;
    assert_int_equal(holds(w, ANA, "Ana"), 200); /* its owner may have it back */
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/me/name/hold", NULL), 204);
    w->now_ms += RENAMES_KEEP_MS - RENAMES_EVERY_MS - TIME_H;
    assert_int_equal(holds(w, BEN, "Ana"), 409);
    w->now_ms += TIME_H;
    assert_int_equal(holds(w, BEN, "Ana"), 200);
}

static void a_name_changes_once_in_thirty_days(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 204);
    assert_int_equal(holds(w, ANA, "Sekar"), 429);
    assert_string_equal(world_code(w), "names.often");
    assert_true(w->last.retry_ms > RENAMES_EVERY_MS - TIME_MIN);
    w->now_ms += RENAMES_EVERY_MS - TIME_MIN;
    assert_int_equal(holds(w, ANA, "Sekar"), 429);
    w->now_ms += TIME_MIN;
    assert_int_equal(holds(w, ANA, "Sekar"), 200);
}

static void one_name_has_one_holder_and_a_member_one_hold(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    assert_int_equal(holds(w, BEN, "Kartika"), 409);
    assert_int_equal(holds(w, BEN, "KARTIKA"), 409);
    assert_int_equal(holds(w, BEN, "Melati"), 200);
    assert_int_equal(holds(w, ANA, "Sekar"), 200);
    assert_int_equal(world_count(w, "SELECT count(*) FROM name_hold"), 2);
    assert_int_equal(holds(w, CLEO, "Kartika"), 200); /* let go by the newer hold */
    assert_int_equal(holds(w, ANA, "Ben"), 409);
    assert_int_equal(holds(w, ANA, "ana"), 409);
    assert_string_equal(world_code(w), "names.own");
    assert_int_equal(holds(w, ANA, "admin"), 409);
    assert_string_equal(world_code(w), "names.reserved");
    assert_int_equal(holds(w, ANA, "a"), 400);
}

static void a_hold_ends_after_half_an_hour(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    w->now_ms += RENAMES_HOLD_MS;
    assert_true(is_free(w, BEN, "Kartika"));
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/name", NULL), 404);
    assert_int_equal(holds(w, BEN, "Kartika"), 200);
    assert_int_equal(world_send(w, BEN, "POST", "/api/me/name", NULL), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"),
                     1);
}

static void one_who_reaches_many_times_at_once_has_one_hold(struct world *w)
{
    static const char *const wishes[] = {"{\"name\":\"Kartika\"}", "{\"name\":\"kartika\"}",
                                         "{\"name\":\"KARTIKA\"}", "{\"name\":\"Kartika\"}",
                                         "{\"name\":\"K artika\"}"};
    int statuses[COUNT(wishes)];
    names_are(w, "free");
    world_send_many(w, ANA, "POST", "/api/me/name/hold", wishes, COUNT(wishes), statuses);
    for (size_t i = 0; i < COUNT(wishes); i++) {
        assert_true(statuses[i] == 200 || statuses[i] == 409 || statuses[i] == 503);
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM name_hold"), 1);
}

/* proves: REG-5b */
static void of_many_who_reach_for_a_name_at_once_one_gets_it(struct world *w)
{
    static const int everybody[] = {ANA, BEN, CLEO, DAN, ADA};
    static const char *const wishes[COUNT(everybody)] = {
        "{\"name\":\"Kartika\"}", "{\"name\":\"kartika\"}", "{\"name\":\"KARTIKA\"}",
        "{\"name\":\"Kartika\"}", "{\"name\":\"K artika\"}"};
    static const char *const none[COUNT(everybody)] = {NULL};
    int statuses[COUNT(everybody)], holders = 0, wearers = 0;
    names_are(w, "free");
    world_send_all(w, everybody, "POST", "/api/me/name/hold", wishes, COUNT(everybody), statuses);
    for (size_t i = 0; i < COUNT(everybody); i++) {
        assert_true(statuses[i] == 200 || statuses[i] == 409 || statuses[i] == 503);
        holders += statuses[i] == 200;
    }
    assert_int_equal(holders, 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM name_hold"), 1);
    world_send_all(w, everybody, "POST", "/api/me/name", none, COUNT(everybody), statuses);
    for (size_t i = 0; i < COUNT(everybody); i++) {
        wearers += statuses[i] == 204;
    }
    assert_int_equal(wearers, 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE name_skeleton = 'kartika'"),
                     1);
    for (size_t i = 0; i < COUNT(everybody); i++) { /* and it stays theirs */
        int again = holds(w, everybody[i], "KARTIKA");
        assert_true(again == (statuses[i] == 204 ? 429 : 409));
    }
}

static enum err buys(struct call *call, void *arg)
{
    struct world *w = arg;
    struct name_forms forms = {"Kartika", "kartika", "kartika"};
    int64_t ends_ms = 0;
    enum err err = renames_hold(call, w->account_ids[ANA], &forms, &ends_ms);
    return err == OK ? renames_buy(call, w->account_ids[ANA]) : err;
}

static void who_sells_names_takes_the_held_one_whatever_is_free(struct world *w)
{
    names_are(w, "off");
    assert_int_equal(world_do(w, ANA, buys, w), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'Kartika'"),
                     1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account_name WHERE name = 'ana'"), 1);
}

static void unchanged(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT count(*) FROM account_name"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM name_hold"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE avatar_name = 'ana'"), 1);
}

static void a_change_that_fails_half_way_leaves_the_name_as_it_was(struct world *w)
{
    names_are(w, "free");
    assert_int_equal(holds(w, ANA, "Kartika"), 200);
    world_faults(w, ANA, "POST", "/api/me/name", NULL, unchanged);
}

int main(void)
{
    static const struct feature *const list[] = {&accounts_feature, &renames_feature,
                                                 &invites_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(where_names_cannot_be_had_that_is_said),
        WORLD_TEST(a_chosen_name_is_held_then_taken_and_the_old_one_remembered),
        WORLD_TEST(the_old_name_is_kept_ninety_days_for_who_wore_it_and_free_then),
        WORLD_TEST(a_name_changes_once_in_thirty_days),
        WORLD_TEST(one_name_has_one_holder_and_a_member_one_hold),
        WORLD_TEST(a_hold_ends_after_half_an_hour),
        WORLD_TEST(one_who_reaches_many_times_at_once_has_one_hold),
        WORLD_TEST(of_many_who_reach_for_a_name_at_once_one_gets_it),
        WORLD_TEST(who_sells_names_takes_the_held_one_whatever_is_free),
        WORLD_TEST(a_change_that_fails_half_way_leaves_the_name_as_it_was),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
