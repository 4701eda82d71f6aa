#include <stdio.h>
#include <string.h>

#include "features/looks/looks/looks.h"
#include "features/looks/looks/looks_small_test.h"
#include "store/store.h"
#include "tests/support/world.h"

extern const struct feature looks_feature;

const struct looks_catalogue *looks_catalogue(void)
{
    return &small;
}

#define A_LOOK \
    "{\\\"v\\\":1,\\\"skin\\\":3,\\\"wear\\\":[{\\\"id\\\":\\\"dress\\\",\\\"colours\\\":[4]}]}"
#define KILT                                                                                \
    "{\\\"v\\\":1,\\\"wear\\\":[{\\\"id\\\":\\\"kilt\\\",\\\"colours\\\":[1]},{\\\"id\\\":" \
    "\\\"tee\\\"}]}"

static const char *id(int number)
{
    static char text[PUBLIC_ID_LEN + 1];
    snprintf(text, sizeof(text), "outfit%c%caaaaaaaaaaaaaaaaaa", 'a' + number / 20,
             'a' + number % 20);
    return text;
}

static int keep(struct world *w, int who, int number, const char *name, const char *recipe)
{
    char json[1024];
    snprintf(json, sizeof(json), "{\"name\":\"%s\",\"recipe\":\"%s\"}", name, recipe);
    return world_sendf(w, who, "PUT", json, "/api/me/outfits/%s", id(number));
}

static int wear(struct world *w, int who, int number)
{
    return world_sendf(w, who, "POST", "{}", "/api/me/outfits/%s/wear", id(number));
}

static void an_outfit_is_kept_under_its_name_and_worn_by_one_call(struct world *w)
{
    char look[PUBLIC_ID_LEN + 1];
    assert_int_equal(keep(w, ANA, 1, " Sunday  best ", A_LOOK), 204);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_true(world_says(w, "\"name\":\"Sunday best\""));
    assert_true(
        world_says(w, "{\"v\":1,\"skin\":3,\"wear\":[{\"id\":\"dress\",\"colours\":[4]}]}"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 0); /* kept is not worn */
    assert_int_equal(wear(w, ANA, 1), 200);
    snprintf(look, sizeof(look), "%s", world_field(w, "id"));
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/looks/%s", look), 200);
    assert_true(world_says(w, "\"id\":\"dress\""));
    assert_int_equal(wear(w, ANA, 1), 200); /* again is no failure */
    assert_string_not_equal(world_field(w, "id"), look);
}

static void the_same_id_again_is_the_same_outfit(struct world *w)
{
    assert_int_equal(keep(w, ANA, 1, "First", A_LOOK), 204);
    assert_int_equal(keep(w, ANA, 1, "First", A_LOOK), 204);
    assert_int_equal(keep(w, ANA, 1, "Second", A_LOOK), 204);
    assert_int_equal(keep(w, BEN, 1, "Another's", A_LOOK), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM outfit"), 2);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_true(world_says(w, "Second"));
    assert_false(world_says(w, "First") || world_says(w, "Another"));
}

static void one_that_can_not_be_opened_keeps_no_other_from_being_shown(struct world *w)
{
    assert_int_equal(keep(w, ANA, 1, "First", A_LOOK), 204);
    assert_int_equal(keep(w, ANA, 2, "Second", A_LOOK), 204);
    assert_int_equal(keep(w, ANA, 3, "Third", A_LOOK), 204);
    world_script(w, "UPDATE outfit SET recipe_ct = name_ct WHERE public_id ="
                    " (SELECT MIN(public_id) FROM outfit);"
                    "UPDATE outfit SET name_ct = recipe_ct WHERE public_id ="
                    " (SELECT MAX(public_id) FROM outfit)");
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_true(world_says(w, "First") && world_says(w, "Second"));
    for (int i = 1; i <= 3; i++) { /* who sees it there can be rid of it */
        assert_true(world_says(w, id(i)));
    }
    assert_int_equal(wear(w, ANA, 1), 500);                  /* it isn't worn as something else */
    assert_int_equal(keep(w, ANA, 1, "First", A_LOOK), 204); /* or put it right */
    assert_int_equal(wear(w, ANA, 1), 200);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/me/outfits/%s", id(3)), 204);
}

static void forty_are_kept_and_no_more(struct world *w)
{
    for (int i = 0; i < LOOKS_OUTFITS_MAX; i++) {
        assert_int_equal(keep(w, ANA, i, "One", A_LOOK), 204);
    }
    assert_int_equal(keep(w, ANA, LOOKS_OUTFITS_MAX, "One", A_LOOK), 409);
    assert_string_equal(world_code(w), "looks.outfits_many");
    assert_int_equal(keep(w, ANA, 3, "Changed", A_LOOK), 204); /* one of them may change */
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/me/outfits/%s", id(0)), 204);
    assert_int_equal(keep(w, ANA, LOOKS_OUTFITS_MAX, "One", A_LOOK), 204);
}

static void an_outfit_is_judged_as_a_look_is(struct world *w)
{
    assert_int_equal(keep(w, ANA, 1, "Wrong", "{\\\"v\\\":2}"), 400);
    assert_string_equal(world_code(w), "looks.version");
    assert_int_equal(keep(w, ANA, 1, "Not mine", KILT), 403);
    assert_string_equal(world_code(w), "looks.owned");
    assert_int_equal(keep(w, ANA, 1, "\xe2\x80\x8b ", A_LOOK), 400); /* nothing that is seen */
    assert_string_equal(world_code(w), "looks.outfit_name");
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/outfits/AAAAAAAAAAAAAAAAAAAAAAAAAA",
                                "{\"name\":\"a\",\"recipe\":\"" A_LOOK "\"}"),
                     400);
    assert_string_equal(world_code(w), "looks.outfit_id");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM outfit"), 0);
}

static void what_was_lost_since_is_not_worn_with_it(struct world *w)
{
    world_script(w, "INSERT INTO wardrobe (account_id, item, since_ms) VALUES (1, 'kilt', 1)");
    assert_int_equal(keep(w, ANA, 1, "Feast", KILT), 204);
    assert_int_equal(wear(w, ANA, 1), 200);
    assert_true(world_says(w, "kilt"));
    world_script(w, "DELETE FROM wardrobe");
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_false(world_says(w, "kilt"));
    assert_int_equal(wear(w, ANA, 1), 200);
    assert_false(world_says(w, "kilt"));
    assert_true(world_says(w, "jeans"));
    world_script(w, "INSERT INTO wardrobe (account_id, item, since_ms) VALUES (1, 'kilt', 1)");
    assert_int_equal(wear(w, ANA, 1), 200); /* it comes back with it */
    assert_true(world_says(w, "kilt"));
}

static void of_others_no_outfit_is_there(struct world *w)
{
    char unknown[512];
    assert_int_equal(keep(w, BEN, 1, "Ben's", A_LOOK), 204);
    assert_int_equal(wear(w, ANA, 2), 404);
    snprintf(unknown, sizeof(unknown), "%s", w->last.body);
    assert_int_equal(wear(w, ANA, 1), 404);
    assert_string_equal(w->last.body, unknown);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/me/outfits/%s", id(1)), 404);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}");
}

static void neither_names_nor_recipes_tell_by_their_size(struct world *w)
{
    static const char *const four = "\xf0\x9f\x98\x80";
    char name[LOOKS_OUTFIT_NAME_MAX * 4 + 1] = "";
    for (int i = 0; i < LOOKS_OUTFIT_NAME_MAX; i++) {
        memcpy(name + i * 4, four, 5);
    }
    assert_int_equal(keep(w, ANA, 1, "a", "{\\\"v\\\":1}"), 204);
    assert_int_equal(keep(w, ANA, 2, name, A_LOOK), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT LENGTH(name_ct)) FROM outfit"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT LENGTH(recipe_ct)) FROM outfit"), 1);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_true(world_says(w, name));
}

static void nothing_is_kept(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM outfit"), 0);
}

static void whatever_statement_fails_nothing_is_kept(struct world *w)
{
    char path[64];
    snprintf(path, sizeof(path), "/api/me/outfits/%s", id(1));
    world_faults(w, ANA, "PUT", path, "{\"name\":\"a\",\"recipe\":\"" A_LOOK "\"}",
                 nothing_is_kept);
}

int main(void)
{
    static const struct feature *const list[] = {&looks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(an_outfit_is_kept_under_its_name_and_worn_by_one_call),
        WORLD_TEST(the_same_id_again_is_the_same_outfit),
        WORLD_TEST(one_that_can_not_be_opened_keeps_no_other_from_being_shown),
        WORLD_TEST(forty_are_kept_and_no_more),
        WORLD_TEST(an_outfit_is_judged_as_a_look_is),
        WORLD_TEST(what_was_lost_since_is_not_worn_with_it),
        WORLD_TEST(of_others_no_outfit_is_there),
        WORLD_TEST(neither_names_nor_recipes_tell_by_their_size),
        WORLD_TEST(whatever_statement_fails_nothing_is_kept),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
