#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "features/looks/looks/looks_small_test.h"
#include "features/looks/looks/recipe.h"

extern const struct looks_catalogue looks_made; /* the one of this build */

static const char *read_in(const struct looks_catalogue *of, const char *text,
                           struct looks_recipe *ret)
{
    /* In a block of its own length, so that a byte too far is seen. */
    size_t len = strlen(text);
    char *bytes = malloc(len ? len : 1);
    assert_non_null(bytes);
    memcpy(bytes, text, len);
    const char *code = looks_read(of, bytes, len, ret);
    free(bytes);
    return code;
}

static const char *read_small(const char *text, struct looks_recipe *ret)
{
    return read_in(&small, text, ret);
}

/* Without the blanks behind it. */
static void is_written(const struct looks_catalogue *of, const struct looks_recipe *recipe,
                       const char *wanted)
{
    struct arena *arena = arena_new(1 << 20);
    size_t len = 0;
    const char *text = looks_write(arena, of, recipe, &len);
    assert_int_equal(len, strlen(wanted));
    assert_memory_equal(text, wanted, len);
    assert_int_equal(strspn(text + len, " "), strlen(text) - len);
    arena_free(arena);
}

#define CLOTHED "{\"id\":\"jeans\"},{\"id\":\"tee\"}"

static void a_recipe_is_read_in_any_order_and_written_in_one(void **state UNUSED)
{
    struct looks_recipe recipe;
    assert_null(read_small(" { \"v\" : 1 , \"wear\":[{\"id\":\"tee\",\"pattern_colour\":5,"
                           "\"pattern\":3,\"colours\":[3,12]}, {\"id\":\"bob\",\"colours\":[1]}],"
                           "\n\"marks\":{\"scars\":0,\"freckles\":30},\"eyes\":2,\"skin\":4,"
                           "\"face\":{\"jaw_width\":-12},"
                           "\"body\":{\"size\":-50,\"build\":100,\"age\":7}}   ",
                           &recipe));
    is_written(&small, &recipe,
               "{\"v\":1,\"body\":{\"age\":7,\"build\":100,\"size\":-50},"
               "\"face\":{\"jaw_width\":-12},\"skin\":4,\"eyes\":2,\"marks\":{\"freckles\":30},"
               "\"wear\":[{\"id\":\"bob\",\"colours\":[1]},{\"id\":\"tee\",\"colours\":[3,12],"
               "\"pattern\":3,\"pattern_colour\":5}]}");
}

static void what_is_nothing_is_left_out(void **state UNUSED)
{
    struct looks_recipe recipe;
    assert_null(read_small("{\"v\":1,\"body\":{},\"face\":{\"jaw_width\":0},\"skin\":0,\"eyes\":0,"
                           "\"marks\":{},\"wear\":[]}",
                           &recipe));
    is_written(&small, &recipe, "{\"v\":1}");
    assert_null(read_small("{\"v\":1,\"wear\":[{\"id\":\"tee\",\"pattern\":0,"
                           "\"pattern_colour\":5}]}",
                           &recipe));
    is_written(&small, &recipe, "{\"v\":1,\"wear\":[{\"id\":\"tee\"}]}");
}

static const struct {
    const char *text, *code;
} wrong[] = {
    {"", "looks.form"},
    {"{", "looks.form"},
    {"[]", "looks.form"},
    {"null", "looks.form"},
    {"{\"v\":1", "looks.form"},
    {"{\"v\":1}x", "looks.form"},
    {"{\"v\":1,}", "looks.form"},
    {"{\"v\":01}", "looks.form"},
    {"{\"v\":1.0}", "looks.form"},
    {"{\"v\":\"1\"}", "looks.form"},
    {"{\"v\":1,\"skin\":- 1}", "looks.form"},
    {"{\"v\":1,\"skin\":}", "looks.form"},
    {"{\"v\":1,\"skin\":1e2}", "looks.form"},
    {"{\"v\":1,\"sk\\u0069n\":1}", "looks.form"},
    {"{\"v\":1,\"Skin\":1}", "looks.form"},
    {"{\"v\":1,\"wear\":{}}", "looks.form"},
    {"{\"v\":1,\"wear\":[[]]}", "looks.form"},
    {"{\"v\":1,\"wear\":[{}]}", "looks.form"},
    {"{\"v\":1,\"wear\":[{\"colours\":[0],\"id\":\"bob\"}]}", "looks.form"},
    {"{}", "looks.version"},
    {"{\"v\":0}", "looks.version"},
    {"{\"v\":2,\"anything\":[[{\"from\":\"tomorrow\"}]]}", "looks.version"},
    {"{\"v\":99999999999999999999}", "looks.version"},
    {"{\"skin\":1,\"v\":1}", "looks.version"},
    {"{\"v\":1,\"race\":1}", "looks.unknown"},
    {"{\"v\":1,\"head\":{\"size\":1}}", "looks.unknown"},
    {"{\"v\":1,\"body\":{\"jaw_width\":1}}", "looks.unknown"},
    {"{\"v\":1,\"marks\":{\"build\":1}}", "looks.unknown"},
    {"{\"v\":1,\"body\":{\"a_name_that_is_longer_than_any_of_ours_is\":1}}", "looks.unknown"},
    {"{\"v\":1,\"wear\":[{\"id\":\"bob\",\"layer\":1}]}", "looks.unknown"},
    {"{\"v\":1,\"v\":1}", "looks.twice"},
    {"{\"v\":1,\"skin\":1,\"skin\":1}", "looks.twice"},
    {"{\"v\":1,\"body\":{\"build\":1,\"build\":1}}", "looks.twice"},
    {"{\"v\":1,\"marks\":{\"scars\":0,\"scars\":1}}", "looks.twice"},
    {"{\"v\":1,\"wear\":[{\"id\":\"bob\",\"id\":\"bob\"}]}", "looks.twice"},
    {"{\"v\":1,\"wear\":[],\"wear\":[]}", "looks.twice"},
    {"{\"v\":1,\"body\":{\"build\":101}}", "looks.range"},
    {"{\"v\":1,\"body\":{\"build\":-101}}", "looks.range"},
    {"{\"v\":1,\"body\":{\"build\":99999999999999999999}}", "looks.range"},
    {"{\"v\":1,\"body\":{\"age\":-1}}", "looks.range"},
    {"{\"v\":1,\"body\":{\"size\":51}}", "looks.range"},
    {"{\"v\":1,\"marks\":{\"scars\":5}}", "looks.range"},
    {"{\"v\":1,\"skin\":12}", "looks.range"},
    {"{\"v\":1,\"skin\":-1}", "looks.range"},
    {"{\"v\":1,\"eyes\":6}", "looks.range"},
    {"{\"v\":1,\"wear\":[{\"id\":\"tie\"}]}", "looks.item"},
    {"{\"v\":1,\"wear\":[{\"id\":\"\"}]}", "looks.item"},
    {"{\"v\":1,\"wear\":[{\"id\":\"jeans\"},{\"id\":\"kilt\"}"
     "]}",
     "looks.slot"},
    {"{\"v\":1,\"wear\":[{\"id\":\"bob\"},{\"id\":\"bob\"}]}", "looks.slot"},
    {"{\"v\":1,\"wear\":[{\"id\":\"jeans\"},{\"id\":\"dress\""
     "}]}",
     "looks.excludes"},
    {"{\"v\":1,\"wear\":[{\"id\":\"dress\"},{\"id\":\"jeans\""
     "}]}",
     "looks.excludes"},
    {"{\"v\":1,\"wear\":[{\"id\":\"bob\"},{\"id\":\"crown\"}]}", "looks.excludes"},
    {"{\"v\":1,\"wear\":[{\"id\":\"tee\",\"colours\":[0,0,0,0,0,0,0,0,0]}]}", "looks.colours"},
    {"{\"v\":1,\"wear\":[{\"id\":\"tee\",\"colours\":[0,16]}]}", "looks.colours"},
    {"{\"v\":1,\"wear\":[{\"id\":\"tee\",\"colours\":[-1,0]}]}", "looks.colours"},
    {"{\"v\":1,\"wear\":[{\"id\":\"bob\",\"pattern\":1}]}", "looks.pattern"},
    {"{\"v\":1,\"wear\":[{\"id\":\"kilt\",\"pattern\":4}]}", "looks.pattern"},
    {"{\"v\":1,\"wear\":[{\"id\":\"kilt\",\"pattern\":1,\"pattern_colour\":16}]"
     "}",
     "looks.pattern"},
};

static void whatever_is_wrong_is_refused_by_its_name(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct looks_recipe recipe = {.skin = 7};
        const char *code = read_small(wrong[i].text, &recipe);
        if (!code || strcmp(code, wrong[i].code) != 0) {
            fail_msg("%s: %s instead of %s", wrong[i].text, code ? code : "taken", wrong[i].code);
        }
        assert_int_equal(recipe.skin, 7); /* untouched */
    }
}

static void a_thousand_items_or_more_bytes_than_fit_are_refused(void **state UNUSED)
{
    struct looks_recipe recipe;
    char text[LOOKS_RECIPE_MAX + 2];
    memset(text, ' ', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    memcpy(text, "{\"v\":1}", 7);
    assert_string_equal(read_small(text, &recipe), "looks.long");
    text[LOOKS_RECIPE_MAX] = '\0';
    assert_null(read_small(text, &recipe));

    char *many = malloc(100000);
    assert_non_null(many);
    size_t len = (size_t)snprintf(many, 100000, "{\"v\":1,\"wear\":[");
    for (int i = 0; i < 1000; i++) {
        len += (size_t)snprintf(many + len, 100000 - len, "%s{\"id\":\"tee\"}", i ? "," : "");
    }
    snprintf(many + len, 100000 - len, "]}");
    assert_string_equal(read_small(many, &recipe), "looks.long");
    looks_mend(&small, many, strlen(many), &recipe); /* as it could never have been kept */
    is_written(&small, &recipe, "{\"v\":1,\"wear\":[{\"id\":\"tee\"}]}");
    free(many);
}

/* Every head of a recipe, and every one with a byte put in its place: refused or taken, never more.
 */
static void no_broken_recipe_is_read_beyond_its_end(void **state UNUSED)
{
    static const char whole[] =
        "{\"v\":1,\"body\":{\"build\":20},\"skin\":4,\"marks\":{\"freckles\":30},\"wear\":[{\"id\":"
        "\"tee\",\"colours\":[3,12],\"pattern\":1,\"pattern_colour\":5}]}";
    struct looks_recipe recipe;
    for (size_t len = 0; len < strlen(whole); len++) {
        char text[sizeof(whole)];
        memcpy(text, whole, len);
        text[len] = '\0';
        assert_non_null(read_small(text, &recipe));
        looks_mend(&small, text, len, &recipe);
    }
    for (size_t at = 0; at < strlen(whole); at++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[sizeof(whole)];
            memcpy(text, whole, sizeof(whole));
            text[at] = (char)byte;
            looks_mend(&small, text, strlen(whole), &recipe);
            looks_read(&small, text, strlen(whole), &recipe);
        }
    }
}

static void what_was_kept_is_brought_up_to_the_catalogue_of_today(void **state UNUSED)
{
    static const char kept[] =
        "{\"v\":1,\"body\":{\"build\":500,\"gone\":4,\"age\":-7},\"skin\":40,"
        "\"marks\":{\"scars\":9,\"tail\":1},\"wear\":[{\"id\":\"bob\",\"colours\":[40]},"
        "{\"id\":\"monocle\",\"colours\":[1],\"pattern\":1},{\"id\":\"jeans\",\"colours\":[1],"
        "\"pattern\":9},{\"id\":\"dress\",\"colours\":[1]},{\"id\":\"kilt\",\"colours\":[1]}]}";
    struct looks_recipe recipe;
    looks_mend(&small, kept, strlen(kept), &recipe);
    is_written(&small, &recipe,
               "{\"v\":1,\"body\":{\"build\":100},\"skin\":11,\"marks\":{\"scars\":4},\"wear\":["
               "{\"id\":\"bob\"},{\"id\":\"jeans\",\"colours\":[1]}]}");
    looks_mend(&small, "{\"v\":2,\"skin\":1}", 16, &recipe);
    is_written(&small, &recipe, "{\"v\":1}");
}

static void an_uncovered_trunk_gets_the_usual_clothes(void **state UNUSED)
{
    static const struct {
        const char *wear, *covered;
    } rows[] = {
        {"", CLOTHED},
        {"{\"id\":\"jeans\",\"colours\":[3,4]}",
         "{\"id\":\"jeans\",\"colours\":[3,4]},{\"id\":\"tee\"}"},
        {"{\"id\":\"gown\",\"colours\":[3]}",
         "{\"id\":\"jeans\"},{\"id\":\"gown\",\"colours\":[3]}"},
        {"{\"id\":\"dress\",\"colours\":[3]}", "{\"id\":\"dress\",\"colours\":[3]}"},
        /* It bars trousers, which are needed; with it goes what covered the chest. */
        {"{\"id\":\"sash\"}", CLOTHED},
        {"{\"id\":\"hearing_aids\",\"colours\":[2]}",
         CLOTHED ",{\"id\":\"hearing_aids\",\"colours\":[2]}"},
        {"{\"id\":\"cane\"},{\"id\":\"prosthesis\"},{\"id\":\"hearing_aids\"}",
         CLOTHED ",{\"id\":\"hearing_aids\"},{\"id\":\"prosthesis\"},{\"id\":\"cane\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct looks_recipe recipe;
        char text[512];
        snprintf(text, sizeof(text), "{\"v\":1,\"wear\":[%s]}", rows[i].wear);
        assert_null(read_small(text, &recipe));
        looks_cover(&small, &recipe);
        snprintf(text, sizeof(text), "{\"v\":1,\"wear\":[%s]}", rows[i].covered);
        is_written(&small, &recipe, text);
        looks_cover(&small, &recipe);
        is_written(&small, &recipe, text);
    }
}

static void what_is_not_ones_own_is_taken_off(void **state UNUSED)
{
    static const char *const owned[] = {"crown"};
    struct looks_recipe recipe;
    assert_null(read_small("{\"v\":1,\"wear\":[{\"id\":\"kilt\",\"colours\":[1]},{\"id\":\"tee\"},{"
                           "\"id\":\"crown\",\"colours\":[1]}]}",
                           &recipe));
    assert_string_equal(looks_not_owned(&recipe, NULL, 0)->id, "kilt");
    assert_string_equal(looks_not_owned(&recipe, owned, 1)->id, "kilt");
    looks_take_off(&recipe, owned, 1);
    assert_null(looks_not_owned(&recipe, owned, 1));
    is_written(&small, &recipe,
               "{\"v\":1,\"wear\":[{\"id\":\"tee\"},{\"id\":\"crown\",\"colours\""
               ":[1]}]}");
}

static void a_ready_avatar_has_its_recipe_in_its_colours(void **state UNUSED)
{
    struct looks_recipe recipe;
    const struct json_numbers colours = {4, {2, 1, 99, -1}}, none = {0}, wild = {2, {99, -5}};
    looks_preset(&small, "mia", &colours, &recipe);
    is_written(&small, &recipe,
               "{\"v\":1,\"skin\":1,\"wear\":[{\"id\":\"bob\",\"colours\":[2]},{\"id\":\"jeans\","
               "\"colours\":[12]},{\"id\":\"tee\",\"colours\":[5,7]}]}");
    looks_preset(&small, "mia", &wild, &recipe);
    assert_int_equal(recipe.worn[S_TOP].colours[0], 0);
    looks_preset(&small, "budi", &none, &recipe);
    assert_int_equal(recipe.skin, 5);
    looks_preset(&small, "nobody_any_more", &none, &recipe);
    assert_int_equal(recipe.skin, 1);
}

/* However much it says: nothing can be told by its length. */
static void every_recipe_is_as_long_as_any_other(void **state UNUSED)
{
    struct arena *arena = arena_new(1 << 20);
    struct looks_recipe recipe = {0};
    assert_int_equal(strlen(looks_write(arena, &small, &recipe, NULL)), LOOKS_RECIPE_MAX);
    assert_null(read_small(
        "{\"v\":1,\"wear\":[" CLOTHED ",{\"id\":\"hearing_aids\",\"colours\":[2]}]}", &recipe));
    assert_int_equal(strlen(looks_write(arena, &small, &recipe, NULL)), LOOKS_RECIPE_MAX);
    arena_free(arena);
}

/* Who hears by a device may have a prosthesis and go by a cane; of what one goes by it is one. */
static void aids_of_each_kind_are_worn_together(void **state UNUSED)
{
    static const char *const together[][3] = {
        {"hearing_aids", "leg_prosthesis", "white_cane"},
        {"cochlear_implant", "leg_prosthesis", "wheelchair"},
    };
    char text[256];
    struct looks_recipe recipe;
    for (size_t i = 0; i < COUNT(together); i++) {
        snprintf(text, sizeof(text),
                 "{\"v\":1,\"wear\":[" CLOTHED ",{\"id\":\"%s\"},{\"id\":\"%s\"},{\"id\":\"%s\"}]}",
                 together[i][0], together[i][1], together[i][2]);
        assert_null(read_in(&looks_made, text, &recipe));
        is_written(&looks_made, &recipe, text);
    }
    assert_string_equal(read_in(&looks_made,
                                "{\"v\":1,\"wear\":[{\"id\":\"cane\"},{\"id\":\"wheelchair\"}]}",
                                &recipe),
                        "looks.slot");
}

/* Of the real catalogue: nothing of a preset is refused, and nothing has to be added. */
static void each_preset_is_right_and_covered(void **state UNUSED)
{
    assert_true(looks_made.presets_count >= 11);
    for (size_t i = 0; i < looks_made.presets_count; i++) {
        const struct looks_preset *preset = &looks_made.presets[i];
        const struct json_numbers none = {0};
        struct looks_recipe recipe, worn;
        struct arena *arena = arena_new(1 << 20);
        size_t len = 0;
        const char *code = read_in(&looks_made, preset->recipe, &recipe);
        if (code) {
            fail_msg("%s: %s", preset->id, code);
        }
        const char *text = looks_write(arena, &looks_made, &recipe, &len);
        text = arena_text(arena, text, len);
        assert_null(looks_not_owned(&recipe, NULL, 0));
        looks_preset(&looks_made, preset->id, &none, &worn);
        is_written(&looks_made, &worn, text);
        for (size_t colour = 0; colour < 10; colour++) { /* and in every colour that it has */
            const struct json_numbers same = {
                4, {(int64_t)colour, (int64_t)colour, (int64_t)colour, (int64_t)colour}};
            looks_preset(&looks_made, preset->id, &same, &worn);
            text = looks_write(arena, &looks_made, &worn, &len);
            assert_null(looks_read(&looks_made, text, len, &recipe));
        }
        arena_free(arena);
    }
}

static void every_item_is_found_by_its_id(void **state UNUSED)
{
    for (size_t i = 0; i < looks_made.items_count; i++) {
        assert_ptr_equal(looks_item(&looks_made, looks_made.items[i].id), &looks_made.items[i]);
    }
    assert_null(looks_item(&looks_made, ""));
    assert_null(looks_item(&looks_made, "zzz"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recipe_is_read_in_any_order_and_written_in_one),
        cmocka_unit_test(what_is_nothing_is_left_out),
        cmocka_unit_test(whatever_is_wrong_is_refused_by_its_name),
        cmocka_unit_test(a_thousand_items_or_more_bytes_than_fit_are_refused),
        cmocka_unit_test(no_broken_recipe_is_read_beyond_its_end),
        cmocka_unit_test(what_was_kept_is_brought_up_to_the_catalogue_of_today),
        cmocka_unit_test(an_uncovered_trunk_gets_the_usual_clothes),
        cmocka_unit_test(what_is_not_ones_own_is_taken_off),
        cmocka_unit_test(a_ready_avatar_has_its_recipe_in_its_colours),
        cmocka_unit_test(every_recipe_is_as_long_as_any_other),
        cmocka_unit_test(aids_of_each_kind_are_worn_together),
        cmocka_unit_test(each_preset_is_right_and_covered),
        cmocka_unit_test(every_item_is_found_by_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
