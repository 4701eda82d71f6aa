#include "features/looks/looks/looks_say_test.h"
#include "store/store.h"
#include "tests/support/members.h"

/* What is kept of a look, and what of it is told by its size. */

extern const struct feature looks_feature, accounts_feature;

#define AIDED \
    "{'v':1,'wear':[{'id':'hearing_aids','colours':[3]},{'id':'headscarf','colours':[3]}]}"

static void nothing_that_is_kept_or_answered_tells_by_its_size_what_somebody_wears(struct world *w)
{
    assert_int_equal(wear(w, ANA, "{'v':1}"), 200);
    assert_int_equal(wear(w, BEN, AIDED), 200);
    size_t own = strlen(w->last.body);
    assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT LENGTH(recipe_ct)) FROM look"), 1);
    assert_int_equal(see(w, CLEO, id_of(w, ANA)), 200);
    assert_int_equal(strlen(w->last.body), own);
    assert_int_equal(see(w, CLEO, id_of(w, BEN)), 200);
    assert_int_equal(strlen(w->last.body), own);
    assert_int_equal(world_send(w, CLEO, "GET", "/api/me/look", NULL), 200); /* of a ready avatar */
    assert_int_equal(strlen(strstr(w->last.body, "\"recipe\"")),
                     own - (sizeof("{\"id\":\"\",") - 1) - PUBLIC_ID_LEN);
    /* Of what is free no row says whose it is. */
    gives(w, BEN, "hearing_aids");
    gives(w, BEN, "headscarf");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM wardrobe"), 0);
    /* Nor does a repeat's, in which a hash of what was asked would stand. */
    w->key = "a-key-of-a-repeat";
    assert_int_equal(wear(w, ANA, AIDED), 200);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
}

static enum err look_for(struct call *call, void *arg)
{
    static const struct sql recipes = {
        .name = "test_recipes",
        .text = "SELECT recipe_ct FROM look UNION ALL SELECT recipe_ct FROM outfit"
                " UNION ALL SELECT name_ct FROM outfit"};
    struct rows rows;
    bool *ret = arg;
    TRY(store_run(call, &recipes, NO_BIND, &rows));
    *ret = rows.count != 3;
    for (size_t i = 0; i < rows.count; i++) {
        size_t len = 0;
        const uint8_t *bytes = row_bytes(&rows, i, 0, &len);
        *ret = *ret || memmem(bytes, len, "hearing", 7) || memmem(bytes, len, "Concert", 7);
    }
    return OK;
}

static void what_somebody_looks_like_stands_nowhere_in_clear(struct world *w)
{
    bool clear = true;
    assert_int_equal(wear(w, ANA, AIDED), 200);
    assert_int_equal(world_send(w, ANA, "PUT", "/api/me/outfits/aaaaaaaaaaaaaaaaaaaaaaaaaa",
                                "{\"name\":\"Concert\",\"recipe\":\"{\\\"v\\\":1,\\\"wear\\\":[{"
                                "\\\"id\\\":\\\"hearing_aids\\\",\\\"colours\\\":[3]}]}\"}"),
                     204);
    assert_int_equal(world_do(w, ADA, look_for, &clear), OK);
    assert_false(clear);
}

static void a_look_that_can_not_be_opened_is_put_right_by_another(struct world *w)
{
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    assert_int_equal(wear(w, BEN, "{'v':1,'skin':4}"), 200);
    char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "%s", id_of(w, ANA));
    world_script(w, "UPDATE look SET recipe_ct = (SELECT l.recipe_ct FROM look l WHERE"
                    " l.account_id = 2) WHERE account_id = 1"); /* another's opens for nobody */
    assert_int_equal(see(w, CLEO, id), 500);
    assert_int_equal(wear_from(w, ANA, id, "{'v':1,'skin':3}"), 200);
    assert_int_equal(see(w, CLEO, id_of(w, ANA)), 200);
    assert_true(world_says(w, "\"skin\":3"));
}

static void a_failure_in_the_middle_leaves_the_old_look(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE look IS NOT NULL"), 0);
}

static void whatever_statement_fails_a_look_is_whole(struct world *w)
{
    world_faults(w, ANA, "PUT", "/api/me/look", "{\"recipe\":\"" PLAIN "\"}",
                 a_failure_in_the_middle_leaves_the_old_look);
}

static void a_ready_avatar_takes_the_place_of_ones_own_look(struct world *w)
{
    member_real(w, ANA, "1990-01-15", "ID");
    assert_int_equal(wear(w, ANA, "{'v':1,'skin':3}"), 200);
    char before[PUBLIC_ID_LEN + 1];
    snprintf(before, sizeof(before), "%s", id_of(w, ANA));
    assert_int_equal(
        world_send(w, ANA, "PUT", "/api/me/avatar", "{\"avatar\":\"budi\",\"colours\":[]}"), 204);
    assert_int_equal(see(w, BEN, before), 404);
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':5,'wear':[{'id':'dress','colours':[1]}]}");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 0);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me", NULL), 200);
    snprintf(before, sizeof(before), "%s", world_field(w, "look"));
    assert_string_equal(id_of(w, ANA), before);
}

struct ids {
    struct looks_idless idless;
};

static enum err look_idless(struct call *call, void *arg)
{
    return looks_idless_look(call, &((struct ids *)arg)->idless);
}

static enum err apply_idless(struct call *call, void *arg)
{
    return looks_idless_apply(call, &((struct ids *)arg)->idless);
}

static void who_was_here_before_there_were_looks_gets_an_id_once(struct world *w)
{
    static struct ids ids;
    assert_int_equal(wear(w, BEN, "{'v':1}"), 200);
    assert_int_equal(world_do(w, ADA, look_idless, &ids), OK);
    assert_int_equal(ids.idless.count, 4);
    for (size_t i = 0; i < ids.idless.count; i++) {
        looks_new_id(ids.idless.fresh[i]);
    }
    assert_int_equal(wear(w, CLEO, "{'v':1}"), 200); /* meanwhile */
    char cleo[PUBLIC_ID_LEN + 1];
    snprintf(cleo, sizeof(cleo), "%s", id_of(w, CLEO));
    assert_int_equal(world_do(w, ADA, apply_idless, &ids), OK);
    assert_string_equal(id_of(w, CLEO), cleo);
    assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT look) FROM account"), 5);
    assert_int_equal(world_do(w, ADA, look_idless, &ids), OK);
    assert_int_equal(ids.idless.count, 0);
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_true(world_says(w, "jeans"));
}

int main(void)
{
    static const struct feature *const list[] = {&looks_feature, &accounts_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(nothing_that_is_kept_or_answered_tells_by_its_size_what_somebody_wears),
        WORLD_TEST(what_somebody_looks_like_stands_nowhere_in_clear),
        WORLD_TEST(a_look_that_can_not_be_opened_is_put_right_by_another),
        WORLD_TEST(whatever_statement_fails_a_look_is_whole),
        WORLD_TEST(a_ready_avatar_takes_the_place_of_ones_own_look),
        WORLD_TEST(who_was_here_before_there_were_looks_gets_an_id_once),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
