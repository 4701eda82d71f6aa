#include "features/looks/looks/looks_say_test.h"
#include "privacy/keys.h"

extern const struct feature looks_feature, accounts_feature, blocks_feature;

/* ---- wearing ---- */

static void who_made_no_look_has_that_of_the_ready_avatar_in_its_colours(struct world *w)
{
    world_script(w, "UPDATE account SET colours = '[2]' WHERE id = 1");
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/look", NULL), 200);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':1,'wear':[{'id':'bob','colours':[2]},"
                                      "{'id':'jeans','colours':[12]},"
                                      "{'id':'tee','colours':[5,7]}]}");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 0);
}

static void a_look_that_is_put_on_is_seen_by_others_under_a_new_id_at_once(struct world *w)
{
    char first[PUBLIC_ID_LEN + 1];
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3,'wear':[{'id':'dress','colours':[4]}]}"), 200);
    snprintf(first, sizeof(first), "%s", world_field(w, "id"));
    assert_int_equal(see(w, BEN, first), 200);
    assert_string_equal(world_field(w, "id"), first);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':3,'wear':[{'id':'dress','colours':[4]}]}");
    assert_int_equal(told(w, ANA, EVENT_ACCOUNT_CHANGED, NULL), 1); /* rooms ask anew */
    assert_int_equal(told(w, ANA, EVENT_TELL, "{\"t\":\"looks\"}"), 1);
    assert_int_equal(told(w, BEN, EVENT_TELL, NULL), 0);

    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3,'wear':[{'id':'dress','colours':[5]}]}"), 200);
    assert_string_not_equal(world_field(w, "id"), first);
    assert_int_equal(see(w, BEN, first), 404);
    assert_int_equal(see(w, ANA, first), 404);
}

static void the_usual_clothes_are_added_in_the_same_save(struct world *w)
{
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':3,'wear':[{'id':'jeans'},"
                                      "{'id':'tee'}]}");
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_true(world_says(w, "jeans"));
}

static void of_two_windows_the_later_is_told_and_changes_nothing(struct world *w)
{
    char both[PUBLIC_ID_LEN + 1], now[PUBLIC_ID_LEN + 1];
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    snprintf(both, sizeof(both), "%s", id_of(w, ANA));
    assert_int_equal(wear_from(w, ANA, both, "{'v':1,'skin':4}"), 200);
    snprintf(now, sizeof(now), "%s", world_field(w, "id"));
    assert_int_equal(wear_from(w, ANA, both, "{'v':1,'skin':5}"), 409);
    assert_string_equal(world_code(w), "looks.changed");
    assert_string_equal(id_of(w, ANA), now);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/look", NULL), 200);
    assert_true(world_says(w, "\"skin\":4"));
    /* Without saying what one saw, too. */
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/look", "{\"recipe\":\"" PLAIN "\"}"), 409);
}

static void a_look_whose_answer_was_lost_can_be_sent_again(struct world *w)
{
    char before[PUBLIC_ID_LEN + 1], now[PUBLIC_ID_LEN + 1];
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    snprintf(before, sizeof(before), "%s", id_of(w, ANA));
    assert_int_equal(wear_from(w, ANA, before, "{'v':1,'skin':4}"), 200);
    snprintf(now, sizeof(now), "%s", world_field(w, "id"));
    size_t rooms = told(w, ANA, EVENT_ACCOUNT_CHANGED, NULL);
    assert_int_equal(wear_from(w, ANA, before, "{ 'v':1 , 'skin':4}"), 200);
    assert_string_equal(world_field(w, "id"), now);
    assert_string_equal(id_of(w, ANA), now);
    assert_int_equal(told(w, ANA, EVENT_ACCOUNT_CHANGED, NULL), rooms);
    gives(w, ANA, "kilt"); /* and what is not one's own any more is not let in by it */
    assert_int_equal(wear(w, ANA, KILT), 200);
    takes(w, ANA, "kilt", 1);
    assert_int_equal(wear(w, ANA, KILT), 403);
}

static void a_look_that_is_wrong_is_refused_by_name_and_nothing_changes(struct world *w)
{
    static const struct {
        const char *recipe, *code;
    } rows[] = {
        {"{'v':2}", "looks.version"},
        {"{'v':1,'v':1}", "looks.twice"},
        {"{'v':1,'race':1}", "looks.unknown"},
        {"{'v':1,'body':{'age':-1}}", "looks.range"},
        {"{'v':1,'wear':[{'id':'monocle'}]}", "looks.item"},
        {"{'v':1,'wear':[{'id':'tee','colours':[16]}]}", "looks.colours"},
        {"{'v':1,'wear':[{'id':'kilt','colours':[1]},{'id':'jeans','colours':[1,1]}]}",
         "looks.slot"},
        {"what is this", "looks.form"},
    };
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    char before[PUBLIC_ID_LEN + 1];
    snprintf(before, sizeof(before), "%s", id_of(w, ANA));
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(wear(w, ANA, rows[i].recipe), 400);
        assert_string_equal(world_code(w), rows[i].code);
        assert_true(world_says(w, "\"field\":\"recipe\""));
    }
    char text[3000];
    snprintf(text, sizeof(text), "{'v':1}%2500s", "");
    assert_int_equal(wear(w, ANA, text), 400);
    assert_string_equal(world_code(w), "looks.long");
    assert_string_equal(id_of(w, ANA), before);
}

/* ---- what is whose ---- */

static void only_what_is_ones_own_is_worn(struct world *w)
{
    assert_int_equal(wear(w, ANA, KILT), 403);
    assert_string_equal(world_code(w), "looks.owned");
    gives(w, BEN, "kilt");
    assert_int_equal(wear(w, ANA, KILT), 403);
    gives(w, ANA, "kilt");
    gives(w, ANA, "kilt"); /* a second one is none */
    assert_int_equal(wear(w, ANA, KILT), 200);
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_true(world_says(w, "kilt"));
}

static void what_leaves_its_owner_is_worn_by_nobody_from_then_on(struct world *w)
{
    gives(w, ANA, "kilt");
    gives(w, ANA, "crown");
    assert_int_equal(wear(w, ANA,
                          "{'v':1,'wear':[{'id':'kilt','colours':[1]},{'id':'tee'},{'id':'crown','"
                          "colours':[1]}]}"),
                     200);
    char before[PUBLIC_ID_LEN + 1];
    snprintf(before, sizeof(before), "%s", id_of(w, ANA));
    takes(w, ANA, "kilt", 1);
    assert_int_equal(see(w, BEN, before), 404); /* who has it drawn already learns of it, too */
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_string_equal(
        recipe_of(w), "{'v':1,'wear':[{'id':'jeans'},{'id':'tee'},{'id':'crown','colours':[1]}]}");
    takes(w, ANA, "kilt", 0); /* it was theirs no more: nothing is told */
}

static void what_leaves_the_catalogue_while_worn_is_left_out(struct world *w)
{
    static const uint16_t by_id[] = {I_BOB, I_DRESS, I_GOWN, I_JEANS, I_KILT, I_SASH, I_TEE};
    static const struct looks_catalogue later = SMALL_OF(by_id, COUNT(by_id));
    gives(w, ANA, "crown");
    assert_int_equal(wear(w, ANA,
                          "{'v':1,'skin':2,'wear':[{'id':'crown','colours':[1]},"
                          "{'id':'headscarf','colours':[1]}]}"),
                     400);
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':2,'wear':[{'id':'crown','colours':[1]}]}"), 200);
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    used = &later;
    int status = see(w, BEN, id);
    used = &small;
    assert_int_equal(status, 200);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':2,'wear':[{'id':'jeans'},"
                                      "{'id':'tee'}]}");
}

static void the_wardrobe_is_what_one_may_wear(struct world *w)
{
    gives(w, ANA, "kilt");
    assert_int_equal(world_send(w, ANA, "GET", "/api/wardrobe?slot=legs", NULL), 200);
    assert_string_equal(w->last.body,
                        "{\"items\":[{\"id\":\"jeans\",\"slot\":\"legs\",\"owned\":false},"
                        "{\"id\":\"kilt\",\"slot\":\"legs\",\"owned\":true}]}");
    assert_int_equal(world_send(w, BEN, "GET", "/api/wardrobe", NULL), 200);
    assert_true(world_says(w, "hearing_aids"));
    assert_false(world_says(w, "kilt") || world_says(w, "crown"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/wardrobe?slot=tail", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}");
}

static void shows(struct world *w, const char *recipe)
{
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_string_equal(recipe_of(w), recipe);
}

#define BARE "{'v':1,'wear':[{'id':'jeans'},{'id':'tee'}]}"
#define OUTFIT "/api/me/outfits/aaaaaaaaaaaaaaaaaaaaaaaaaa"

/* proves: AVA-1b */
static void a_member_wears_what_they_own_as_long_as_they_own_it_and_nothing_else(struct world *w)
{
    static const char kilted[] =
        "{\"name\":\"Kilt\",\"recipe\":\"{\\\"v\\\":1,\\\"wear\\\":[{\\\"id\\\":\\\"kilt\\\"}]}\"}";
    assert_int_equal(wear(w, ANA, "{'v':1}"), 200);
    /* Of another: by no way. */
    gives(w, BEN, "kilt");
    assert_int_equal(wear(w, ANA, KILT), 403);
    assert_string_equal(world_code(w), "looks.owned");
    assert_int_equal(world_send(w, ANA, "PUT", OUTFIT, kilted), 403);
    assert_int_equal(world_send(w, ANA, "POST", OUTFIT "/wear", NULL), 404);
    shows(w, BARE);
    /* Of one's own, in every way. */
    gives(w, ANA, "kilt");
    assert_int_equal(wear(w, ANA, KILT), 200);
    shows(w, "{'v':1,'wear':[{'id':'kilt','colours':[1]},{'id':'tee'}]}");
    assert_int_equal(world_send(w, ANA, "PUT", OUTFIT, kilted), 204);
    assert_int_equal(world_send(w, ANA, "POST", OUTFIT "/wear", NULL), 200);
    shows(w, "{'v':1,'wear':[{'id':'kilt'},{'id':'tee'}]}");
    /* Taken away while it is worn and lies in an outfit, and then somebody else's alone. */
    takes(w, ANA, "kilt", 1);
    shows(w, BARE);
    assert_int_equal(world_send(w, ANA, "POST", OUTFIT "/wear", NULL), 200);
    shows(w, BARE);
    assert_int_equal(wear(w, ANA, KILT), 403);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/outfits", NULL), 200);
    assert_false(world_says(w, "kilt"));
    assert_int_equal(wear(w, BEN, KILT), 200);
}

/* ---- who may see it ---- */

static void one_answer_for_what_is_not_there_is_gone_or_is_a_blocked_persons(struct world *w)
{
    char unknown[512], ben[PUBLIC_ID_LEN + 1], gone[PUBLIC_ID_LEN + 1];
    assert_int_equal(wear(w, BEN, "{'v':1,'skin':3}"), 200);
    snprintf(gone, sizeof(gone), "%s", id_of(w, BEN));
    assert_int_equal(wear(w, BEN, "{'v':1,'skin':4}"), 200);
    snprintf(ben, sizeof(ben), "%s", id_of(w, BEN));
    assert_int_equal(see(w, ANA, ben), 200);
    assert_int_equal(see(w, ANA, "aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404);
    snprintf(unknown, sizeof(unknown), "%s", w->last.body);
    assert_int_equal(see(w, ANA, gone), 404);
    assert_string_equal(w->last.body, unknown);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    assert_int_equal(see(w, ANA, ben), 404);
    assert_string_equal(w->last.body, unknown);
    assert_int_equal(see(w, CLEO, ben), 200);
    assert_int_equal(see(w, BEN, ben), 200);
    world_script(w, "DELETE FROM block");
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 2");
    assert_int_equal(see(w, ANA, ben), 404);
    assert_string_equal(w->last.body, unknown);
    world_script(w, "DELETE FROM account WHERE id = 2"); /* while others load it */
    assert_int_equal(see(w, ANA, ben), 404);
    assert_string_equal(w->last.body, unknown);
    assert_int_equal(see(w, NOBODY, ben), 401);
    assert_int_equal(see(w, ADA, ben), 404); /* staff have no other way to it */
}

static void of_whose_key_is_burned_the_look_is_gone(struct world *w)
{
    char unknown[512];
    assert_int_equal(wear(w, BEN, "{'v':1,'skin':3}"), 200);
    assert_int_equal(see(w, ANA, "aaaaaaaaaaaaaaaaaaaaaaaaaa"), 404);
    snprintf(unknown, sizeof(unknown), "%s", w->last.body);
    char ben[PUBLIC_ID_LEN + 1];
    snprintf(ben, sizeof(ben), "%s", id_of(w, BEN));
    assert_int_equal(keys_burn(w->keys, BEN), OK);
    assert_int_equal(see(w, ANA, ben), 404);
    assert_string_equal(w->last.body, unknown);
}

static void a_minor_is_answered_as_an_adult_is(struct world *w)
{
    char adult[LOOKS_RECIPE_MAX + LOOKS_WORDS_SENT + 200];
    static const char look[] = "{'v':1,'body':{'age':100,'build':-100,'size':50}}";
    w->minors[BEN] = true;
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 2");
    assert_int_equal(wear(w, ANA, look), 200);
    snprintf(adult, sizeof(adult), "%s", strstr(w->last.body, "\"recipe\""));
    assert_int_equal(wear(w, BEN, look), 200);
    assert_string_equal(strstr(w->last.body, "\"recipe\""), adult);
    assert_int_equal(see(w, CLEO, id_of(w, BEN)), 200);
    assert_string_equal(strstr(w->last.body, "\"recipe\""), adult);
    assert_int_equal(wear(w, ANA, "{'v':1,'body':{'age':-1}}"), 400);
    snprintf(adult, sizeof(adult), "%s", w->last.body);
    assert_int_equal(wear(w, BEN, "{'v':1,'body':{'age':-1}}"), 400);
    assert_string_equal(w->last.body, adult);
}

int main(void)
{
    static const struct feature *const list[] = {&looks_feature, &accounts_feature, &blocks_feature,
                                                 NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(who_made_no_look_has_that_of_the_ready_avatar_in_its_colours),
        WORLD_TEST(a_look_that_is_put_on_is_seen_by_others_under_a_new_id_at_once),
        WORLD_TEST(the_usual_clothes_are_added_in_the_same_save),
        WORLD_TEST(of_two_windows_the_later_is_told_and_changes_nothing),
        WORLD_TEST(a_look_whose_answer_was_lost_can_be_sent_again),
        WORLD_TEST(a_look_that_is_wrong_is_refused_by_name_and_nothing_changes),
        WORLD_TEST(only_what_is_ones_own_is_worn),
        WORLD_TEST(what_leaves_its_owner_is_worn_by_nobody_from_then_on),
        WORLD_TEST(what_leaves_the_catalogue_while_worn_is_left_out),
        WORLD_TEST(a_member_wears_what_they_own_as_long_as_they_own_it_and_nothing_else),
        WORLD_TEST(the_wardrobe_is_what_one_may_wear),
        WORLD_TEST(one_answer_for_what_is_not_there_is_gone_or_is_a_blocked_persons),
        WORLD_TEST(of_whose_key_is_burned_the_look_is_gone),
        WORLD_TEST(a_minor_is_answered_as_an_adult_is),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
