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
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/look", NULL), 200); /* the editor opens */
    assert_string_equal(world_field(w, "id"), id);
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
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 1);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me", NULL), 200);
    snprintf(before, sizeof(before), "%s", world_field(w, "look"));
    assert_string_equal(id_of(w, ANA), before);
}

static enum err before_look(struct call *call, void *arg)
{
    return looks_before_look(call, arg);
}

static bool turn_follows;

static enum err before_apply(struct call *call, void *arg)
{
    enum err err = looks_before_apply(call, arg);
    turn_follows = call->again;
    return err;
}

/* As a turn of its job does: how many it finds. */
static size_t seals_some(struct world *w)
{
    static struct looks_before before;
    struct arena *arena = arena_new(1 << 20);
    assert_int_equal(world_do(w, ADA, before_look, &before), OK);
    for (size_t i = 0; i < before.count; i++) { /* rows end with their call */
        before.rows[i].avatar = i ? "mia" : "budi";
        before.rows[i].colours = "[]";
    }
    struct call call = {.arena = arena, .keys = w->keys};
    assert_int_equal(looks_before_prepare(&call, &before), OK);
    assert_int_equal(world_do(w, ADA, before_apply, &before), OK);
    arena_free(arena);
    return before.count;
}

/* The turns of an hour. */
static void seals_what_it_can(struct world *w)
{
    int turns = 0;
    do {
        seals_some(w);
        assert_true(turns++ < 10);
    } while (turn_follows);
}

static void a_choice_that_was_made_in_clear_is_sealed_and_looks_as_it_did(struct world *w)
{
    char ben[PUBLIC_ID_LEN + 1];
    world_script(w, "UPDATE account SET avatar = 'budi' WHERE id = 1");
    assert_int_equal(wear(w, BEN, "{'v':1}"), 200);
    snprintf(ben, sizeof(ben), "%s", id_of(w, BEN));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"), 4);
    assert_int_equal(seals_some(w), 4);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"
                                    " OR colours <> '[]' OR look IS NULL"),
                     0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 5);
    assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT LENGTH(recipe_ct)) FROM look"), 1);
    assert_string_equal(id_of(w, BEN), ben); /* who made a look keeps it */
    assert_int_equal(see(w, BEN, id_of(w, ANA)), 200);
    assert_string_equal(recipe_of(w), "{'v':1,'skin':5,'wear':[{'id':'dress','colours':[1]}]}");
    assert_int_equal(seals_some(w), 0);
}

/* In the file of keys, a record in the place of this id that its master key does not open. */
static void damages_key(const struct world *w, uint64_t id)
{
    enum { HEAD_BYTES = 4096, RECORD_BYTES = 128 }; /* as keys_file.c lays it */
    char path[TEST_FOLDER_MAX + 16];
    uint8_t record[RECORD_BYTES];
    snprintf(path, sizeof(path), "%s/members", w->keys_dir);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, HEAD_BYTES, SEEK_SET), 0);
    assert_int_equal(fread(record, sizeof(record), 1, file), 1);
    memcpy(record, &id, sizeof(id));
    assert_int_equal(fseek(file, (long)(HEAD_BYTES + (id - 1) * RECORD_BYTES), SEEK_SET), 0);
    assert_int_equal(fwrite(record, sizeof(record), 1, file), 1);
    assert_int_equal(fclose(file), 0);
}

static void one_key_that_does_not_open_leaves_no_other_choice_in_clear(struct world *w)
{
    damages_key(w, 1000);
    world_script(w, "UPDATE account SET key_id = 1000 WHERE id = 1");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"), 5);
    assert_int_equal(seals_some(w), 5);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 4);
}

/* More accounts than the job takes at a time come first, and none of their keys opens. */
static void keys_that_do_not_open_hold_up_nobody_behind_them(struct world *w)
{
    enum { STUCK = LOOKS_BEFORE_MAX + 10 };
    world_script(w, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                    " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
                    " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT 1000"
                    " UNION ALL SELECT i + 1 FROM n WHERE i < 1059) SELECT -i, 'p' || i, 'n' || i,"
                    " 'n' || i, 'n' || i, '1', i, 'ID', '18', 'member', 'active', 'en', 'mia',"
                    " '[]', 0, 0 FROM n");
    for (uint64_t i = 0; i < STUCK; i++) {
        damages_key(w, 1000 + i);
    }
    seals_what_it_can(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"), STUCK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look"), 5);
    /* In an hour they are looked at again; a key that is gone holds nothing back. */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM look_waiting"), 0);
    world_script(w, "UPDATE account SET key_id = key_id + 9000 WHERE id < 0");
    seals_what_it_can(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar <> 'look'"), 0);
}

static void no_choice_of_a_ready_avatar_is_kept_or_shown_in_clear(struct world *w)
{
    member_real(w, ANA, "1990-01-15", "ID");
    assert_int_equal(
        world_send(w, ANA, "PUT", "/api/me/avatar", "{\"avatar\":\"budi\",\"colours\":[]}"), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar = 'budi'"), 0);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "\"avatar\":\"look\",\"colours\":[]"));
    /* An older choice does not stay behind a look of one's own. */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar = 'mia'"), 4);
    assert_int_equal(wear(w, BEN, "{'v':1}"), 200);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE avatar = 'mia'"), 3);
    /* Nor does a hash of what was asked, which is one of eleven. */
    w->key = "a-key-of-a-repeat";
    assert_int_equal(
        world_send(w, ANA, "PUT", "/api/me/avatar", "{\"avatar\":\"budi\",\"colours\":[]}"), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
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
        WORLD_TEST(a_choice_that_was_made_in_clear_is_sealed_and_looks_as_it_did),
        WORLD_TEST(one_key_that_does_not_open_leaves_no_other_choice_in_clear),
        WORLD_TEST(keys_that_do_not_open_hold_up_nobody_behind_them),
        WORLD_TEST(no_choice_of_a_ready_avatar_is_kept_or_shown_in_clear),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
