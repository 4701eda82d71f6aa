#include "features/looks/looks/looks_inner.h"
#include "features/looks/looks/looks_say_test.h"
#include "tests/support/members.h"

/* What somebody writes of their look, whom it reaches, and what of a look a friend may copy. */

extern const struct feature looks_feature, accounts_feature, blocks_feature;

/* Ana wears `recipe` (its members, ' for ") and says `words` of it; NULL: nothing. */
static int says(struct world *w, const char *recipe, const char *words)
{
    char json[4096], quoted[2048] = "", from[PUBLIC_ID_LEN + 10] = "";
    size_t len = 0;
    for (const char *at = recipe; *at; at++) {
        len +=
            (size_t)snprintf(quoted + len, sizeof(quoted) - len, *at == '\'' ? "\\\"" : "%c", *at);
    }
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/look", NULL), 200);
    if (strncmp(w->last.body, "{\"id\":\"", 7) == 0) {
        snprintf(from, sizeof(from), "%s", world_field(w, "id"));
    }
    len = (size_t)snprintf(json, sizeof(json), "{\"recipe\":\"%s\"", quoted);
    if (*from) {
        len += (size_t)snprintf(json + len, sizeof(json) - len, ",\"from\":\"%s\"", from);
    }
    if (words) {
        len += (size_t)snprintf(json + len, sizeof(json) - len, ",\"words\":\"%s\"", words);
    }
    snprintf(json + len, sizeof(json) - len, "}");
    return world_send(w, ANA, "PUT", "/api/me/look", json);
}

static bool tells(struct world *w, int who, const char *words)
{
    char wanted[200];
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    assert_int_equal(see(w, who, id), 200);
    snprintf(wanted, sizeof(wanted), words ? "\"words\":\"%s\" " : "\"words\":null ", words);
    return world_says(w, wanted);
}

static void are_friends(struct world *w)
{
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (1, 3, 1),"
                    " (3, 1, 1)");
}

static void words_belong_to_the_look_that_they_were_written_for(struct world *w)
{
    assert_int_equal(says(w, "{'v':1,'skin':3}", "A red coat,   and boots"), 200);
    assert_true(world_says(w, "\"words\":\"A red coat, and boots\" "));
    assert_true(tells(w, BEN, "A red coat, and boots"));
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    assert_int_equal(says(w, "{'v':1,'skin':3}", "A red coat, and boots"), 200);
    assert_string_equal(id_of(w, ANA), id); /* the same is the same */
    assert_int_equal(says(w, "{'v':1,'skin':3}", "A blue coat"), 200);
    assert_true(tells(w, BEN, "A blue coat"));
    assert_string_equal(id_of(w, ANA), id); /* the id is of the recipe */
    assert_int_equal(says(w, "{'v':1,'skin':4}", NULL), 200);
    assert_true(tells(w, BEN, NULL));
    assert_int_equal(says(w, "{'v':1,'skin':4}", "  "), 200);
    assert_true(tells(w, BEN, NULL));
}

static void words_are_not_said_of_what_left_the_catalogue(struct world *w)
{
    static const uint16_t by_id[] = {I_BOB, I_DRESS, I_GOWN, I_JEANS, I_KILT, I_SASH, I_TEE};
    static const struct looks_catalogue later = SMALL_OF(by_id, COUNT(by_id));
    assert_int_equal(says(w, "{'v':1,'wear':[{'id':'headscarf','colours':[3]}]}", "A scarf"), 200);
    assert_true(tells(w, BEN, "A scarf"));
    used = &later;
    bool silent = tells(w, BEN, NULL) && tells(w, ANA, NULL);
    used = &small;
    assert_true(silent);
    assert_true(tells(w, BEN, "A scarf"));
}

static void words_are_one_line_of_what_can_be_seen_and_come_back_whole(struct world *w)
{
    char longest[2 * LOOKS_WORDS_MAX + 8] = "", json[64];
    assert_int_equal(says(w, "{'v':1}", "a \\\"b\\\" \\\\ c\\nd \\u202ee"), 200);
    assert_true(tells(w, BEN, "a \\\"b\\\" \\\\ c d e"));
    for (size_t i = 0; i < LOOKS_WORDS_MAX / 2; i++) {
        strcat(longest, "\xc3\xa9");
    }
    assert_int_equal(says(w, "{'v':1}", longest), 200);
    strcat(longest, "x");
    assert_int_equal(says(w, "{'v':1}", longest), 400);
    assert_string_equal(world_code(w), "input.length");
    assert_int_equal(says(w, "{'v':1}", "\\u0000"), 400);
    snprintf(json, sizeof(json), "{\"recipe\":\"{\\\"v\\\":1}\",\"words\":\"\xff\"}");
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/look", json), 400);
}

static void neither_a_row_nor_an_answer_tells_by_its_size_what_is_said(struct world *w)
{
    char longest[2 * LOOKS_WORDS_MAX + 8] = "";
    assert_int_equal(says(w, "{'v':1}", NULL), 200);
    size_t none = strlen(w->last.body);
    assert_int_equal(says(w, "{'v':1}", "x"), 200);
    int64_t kept = world_count(w, "SELECT LENGTH(words_ct) FROM look");
    assert_int_equal(strlen(w->last.body), none);
    for (size_t i = 0; i < LOOKS_WORDS_MAX; i++) {
        strcat(longest, "\\\"");
    }
    longest[2 * LOOKS_WORDS_MAX] = '\0';
    assert_int_equal(says(w, "{'v':1}", longest), 200);
    assert_int_equal(world_count(w, "SELECT LENGTH(words_ct) FROM look"), kept);
    assert_int_equal(strlen(w->last.body), none);
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_int_equal(strlen(w->last.body), none);
}

static void words_of_a_minor_reach_friends_as_those_of_a_profile_do(struct world *w)
{
    are_friends(w);
    assert_int_equal(says(w, "{'v':1}", "A red coat"), 200);
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 1");
    assert_true(tells(w, ANA, "A red coat"));
    assert_true(tells(w, CLEO, "A red coat"));
    assert_true(tells(w, BEN, NULL));
    world_script(w, "UPDATE account SET age_band = '18' WHERE id = 1");
    assert_true(tells(w, BEN, "A red coat"));
    member_kept(w, ANA, true);
    assert_true(tells(w, BEN, NULL));
    assert_true(tells(w, CLEO, "A red coat"));
}

static enum err empties(struct call *call, void *arg UNUSED)
{
    return looks_empty(call, ANA);
}

/* An id that changed with the words would tell whom they don't reach that there are some: of an
 * adult they reach everybody, so that hidden ones would be a minor's. */
static void nothing_that_a_stranger_sees_changes_with_words_that_do_not_reach_them(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], seen[LOOKS_RECIPE_MAX + LOOKS_WORDS_SENT + 200];
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 1");
    assert_int_equal(says(w, "{'v':1,'skin':3}", NULL), 200);
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    assert_int_equal(see(w, BEN, id), 200);
    snprintf(seen, sizeof(seen), "%s", w->last.body);
    assert_int_equal(says(w, "{'v':1,'skin':3}", "A red coat"), 200);
    assert_string_equal(id_of(w, ANA), id);
    assert_int_equal(see(w, BEN, id), 200);
    assert_string_equal(w->last.body, seen);
    assert_int_equal(says(w, "{'v':1,'skin':3}", "A blue coat"), 200);
    assert_int_equal(world_do(w, ADA, empties, NULL), OK);
    assert_string_equal(id_of(w, ANA), id);
    assert_int_equal(see(w, BEN, id), 200);
    assert_string_equal(w->last.body, seen);
}

static void what_staff_takes_away_is_gone(struct world *w)
{
    assert_int_equal(says(w, "{'v':1,'skin':3}", "Rude words"), 200);
    assert_true(tells(w, BEN, "Rude words"));
    assert_int_equal(world_do(w, ADA, empties, NULL), OK);
    assert_true(tells(w, BEN, NULL));
    assert_true(world_says(w, "\"skin\":3"));
    assert_int_equal(world_do(w, ADA, empties, NULL), OK); /* there is nothing left of it */
}

static void words_about_a_thing_end_when_it_leaves_its_owner(struct world *w)
{
    gives(w, ANA, "crown");
    assert_int_equal(says(w, "{'v':1,'wear':[{'id':'crown'}]}", "I wear a crown"), 200);
    takes(w, ANA, "crown", 1);
    assert_true(tells(w, BEN, NULL));
}

static int copies(struct world *w, int who)
{
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    return world_sendf(w, who, "GET", NULL, "/api/looks/%s/copy", id);
}

static int lets(struct world *w, const char *whom)
{
    char json[40];
    snprintf(json, sizeof(json), "{\"copies\":\"%s\"}", whom);
    return world_send(w, ANA, "PUT", "/api/me/look/choice", json);
}

static void only_friends_of_who_allows_it_are_given_what_to_copy(struct world *w)
{
    char no[400];
    assert_int_equal(says(w, "{'v':1,'skin':3}", NULL), 200);
    assert_int_equal(copies(w, BEN), 403);
    assert_string_equal(world_code(w), "looks.no_copy");
    snprintf(no, sizeof(no), "%s", w->last.body);
    are_friends(w);
    assert_int_equal(copies(w, CLEO), 403); /* nobody, until she chooses */
    assert_string_equal(w->last.body, no);
    assert_int_equal(lets(w, "friends"), 204);
    assert_int_equal(copies(w, CLEO), 200);
    assert_int_equal(copies(w, BEN), 403);
    assert_string_equal(w->last.body, no);
    assert_int_equal(lets(w, "nobody"), 204);
    assert_int_equal(copies(w, CLEO), 403);
    assert_int_equal(lets(w, "everyone"), 400);
    assert_int_equal(lets(w, "friends"), 204);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 3, 1)");
    assert_int_equal(copies(w, CLEO), 404);
    assert_int_equal(world_send(w, CLEO, "GET", "/api/looks/aaaaaaaaaaaaaaaaaaaaaaaaaa/copy", NULL),
                     404);
}

static void a_copy_is_of_free_clothes_and_says_nothing_of_body_health_or_belief(struct world *w)
{
    are_friends(w);
    assert_int_equal(lets(w, "friends"), 204);
    gives(w, ANA, "kilt");
    assert_int_equal(says(w,
                          "{'v':1,'body':{'size':9},'face':{'jaw_width':5},'skin':4,'eyes':2,"
                          "'marks':{'scars':2},'wear':[{'id':'bob','colours':[2]},{'id':'kilt'},"
                          "{'id':'tee','colours':[5]},{'id':'headscarf'},{'id':'hearing_aids'},"
                          "{'id':'prosthesis'},{'id':'cane'}]}",
                          "With a cane"),
                     200);
    assert_int_equal(copies(w, CLEO), 200);
    assert_true(world_says(w, "\"words\":null "));
    assert_string_equal(recipe_of(w), "{'v':1,'wear':[{'id':'bob','colours':[2]},{'id':'jeans'},"
                                      "{'id':'tee','colours':[5]}]}");
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look_choice"), 0);
}

static void whatever_statement_fails_a_choice_is_whole(struct world *w)
{
    world_faults(w, ANA, "PUT", "/api/me/look/choice", "{\"copies\":\"friends\"}", nothing_changed);
}

int main(void)
{
    static const struct feature *const list[] = {&looks_feature, &accounts_feature, &blocks_feature,
                                                 NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(words_belong_to_the_look_that_they_were_written_for),
        WORLD_TEST(words_are_not_said_of_what_left_the_catalogue),
        WORLD_TEST(words_are_one_line_of_what_can_be_seen_and_come_back_whole),
        WORLD_TEST(neither_a_row_nor_an_answer_tells_by_its_size_what_is_said),
        WORLD_TEST(words_of_a_minor_reach_friends_as_those_of_a_profile_do),
        WORLD_TEST(nothing_that_a_stranger_sees_changes_with_words_that_do_not_reach_them),
        WORLD_TEST(what_staff_takes_away_is_gone),
        WORLD_TEST(words_about_a_thing_end_when_it_leaves_its_owner),
        WORLD_TEST(only_friends_of_who_allows_it_are_given_what_to_copy),
        WORLD_TEST(a_copy_is_of_free_clothes_and_says_nothing_of_body_health_or_belief),
        WORLD_TEST(whatever_statement_fails_a_choice_is_whole),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
