#include "features/people/blocks/blocks_test.h"

#include "features/common/contact/contact.h"

/*
 * Names that somebody types to block who has them.  DAN has "Rosa Lux" in every way in which a
 * name can be held, and ANA must not be able to tell one from another.
 */
#define NAMED                                                                 \
    "UPDATE account SET avatar_name = 'Rosa Lux', name_skeleton = 'rosalux'," \
    " name_look = 'rosalux' WHERE id = 4;"
#define WORN_BEFORE                                                             \
    "INSERT INTO account_name (id, account_id, name, name_skeleton, name_look," \
    " from_ms, until_ms, kept_until_ms) VALUES (9, 4, 'Rosa Lux', 'rosalux',"   \
    " 'rosalux', 1, 2, 9000000000000);"
#define HELD                                                                         \
    "INSERT INTO name_hold (account_id, name, name_skeleton, name_look, ends_at_ms)" \
    " VALUES (4, 'Rosa Lux', 'rosalux', 'rosalux', 9000000000000);"

static enum err ask_a_parent(struct call *call, UNUSED void *arg)
{
    SQL(test_asked, "INSERT INTO guardian (id, public_id, key_id, state, avatar_name,"
                    " name_skeleton, name_look, country, language, email_ct, link_hash,"
                    " created_at_ms, mailed_at_ms) VALUES (9, 'g', 99, 'asked', 'Rosa Lux',"
                    " 'rosalux', 'rosalux', 'DE', 'en', $1, $1, 1, 1)");
    return store_run(call, &test_asked, BIND(BYTES("x", 1)), NULL);
}

static const struct {
    const char *how, *sql;
    bool nobody_yet;
} held[] = {
    {"an adult whom everybody finds",
     NAMED "INSERT INTO people_choice (account_id, messages,"
           " join_me, findable, invisible) VALUES (4,"
           " 'everyone', 'everyone', 'everyone', 0)",
     false},
    {"whom friends find", NAMED, false},
    {"a minor", NAMED "UPDATE account SET age_band = '13' WHERE id = 4", false},
    {"whom nobody finds",
     NAMED "INSERT INTO people_choice (account_id, messages, join_me,"
           " findable, invisible) VALUES (4, 'nobody', 'nobody', 'nobody',"
           " 1)",
     false},
    {"who waits to be let in", NAMED "UPDATE account SET state = 'waiting' WHERE id = 4", false},
    {"who ended", NAMED "UPDATE account SET state = 'ended' WHERE id = 4", false},
    {"who blocked the asker",
     NAMED "INSERT INTO block (account_id, other_id, since_ms) VALUES (4, 1, 1)", false},
    {"whom the asker blocked by id",
     NAMED "INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 4, 1)", false},
    {"who wore it before", WORN_BEFORE, false},
    {"who holds it", HELD, false},
    {"a look-alike",
     "UPDATE account SET avatar_name = 'Rosa Lux', name_skeleton = 'other',"
     " name_look = 'rosalux' WHERE id = 4",
     false},
    {"a child whose parent is asked", NULL, true},
};

static const char forget[] =
    "DELETE FROM block; DELETE FROM block_name; DELETE FROM account_name; DELETE FROM name_hold;"
    "DELETE FROM guardian; DELETE FROM people_choice;"
    "UPDATE account SET state = 'active', age_band = '18', name_skeleton = 'dan',"
    " name_look = 'dan', avatar_name = 'dan' WHERE id = 4";

enum { SAID_MAX = 1000 };

static void hold(struct world *w, size_t i)
{
    world_script(w, forget);
    if (held[i].sql) {
        world_script(w, held[i].sql);
    } else {
        assert_int_equal(world_do(w, NOBODY, ask_a_parent, NULL), OK);
    }
}

/* Status, body without the entry's id, statements, and what the asker's sockets are told. */
static void said(struct world *w, int status, const char *id, char *to)
{
    uint64_t statements = statements_counted(w);
    size_t len = strlen(to);
    len +=
        (size_t)snprintf(to + len, SAID_MAX - len, "%d, %d statements ", status, (int)statements);
    for (const char *at = w->last.body; *at && len < SAID_MAX - 1;) {
        bool is_id = *id && strncmp(at, id, PUBLIC_ID_LEN) == 0;
        len += (size_t)snprintf(to + len, SAID_MAX - len, "%.*s", 1, is_id ? "#" : at);
        at += is_id ? PUBLIC_ID_LEN : 1;
    }
    for (size_t i = 0; i < w->event_count; i++) {
        if (w->events[i].kind == EVENT_TELL && w->events[i].account_id == w->account_ids[ANA]) {
            len += (size_t)snprintf(to + len, SAID_MAX - len, " told %s", w->event_json[i]);
        }
    }
    w->event_count = 0;
    statements_count(w);
}

/* Blocks by name, looks, blocks again, takes it back, looks. */
static void try_name(struct world *w, char *to)
{
    char id[PUBLIC_ID_LEN + 1] = "";
    *to = '\0';
    w->event_count = 0;
    w->now_ms = WORLD_START_MS;
    statements_count(w);
    int status = block_named(w, ANA, "rosa lux");
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    said(w, status, id, to);
    said(w, world_send(w, ANA, "GET", "/api/blocks", NULL), id, to);
    said(w, block_named(w, ANA, "Rosa LUX"), id, to);
    said(w, unblock_entry(w, ANA, id), id, to);
    said(w, world_send(w, ANA, "GET", "/api/blocks", NULL), id, to);
    statements_counted(w);
}

static void a_name_is_blocked_alike_however_it_is_held(struct world *w)
{
    char first[SAID_MAX] = "", other[SAID_MAX];
    for (size_t i = 0; i < COUNT(held); i++) {
        hold(w, i);
        if (strstr(held[i].how, "by id")) { /* that one stands in the list, too */
            world_script(w, "UPDATE block SET entry_id = 5 WHERE account_id = 1");
        }
        try_name(w, i ? other : first);
        assert_non_null(strstr(first, "201, "));
        if (i > 0 && strcmp(first, other) != 0) {
            fail_msg("%s: %s\nbut %s: %s", held[0].how, first, held[i].how, other);
        }
    }
}

static bool perceives(struct world *w)
{
    return world_count(w, "SELECT COUNT(*) FROM block WHERE account_id = 1 AND other_id = 4") == 0;
}

static void it_holds_against_whoever_has_the_name(struct world *w)
{
    for (size_t i = 0; i < COUNT(held); i++) {
        hold(w, i);
        world_script(w, "DELETE FROM block");
        assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201);
        assert_int_equal(perceives(w), held[i].nobody_yet);
    }
}

static void the_list_tells_nothing_of_what_became_of_them(struct world *w)
{
    static const char *const fates[] = {
        "UPDATE account SET avatar_name = 'Other', name_skeleton = 'other' WHERE id = 4",
        "UPDATE account SET state = 'ended' WHERE id = 4",
        "DELETE FROM account WHERE id = 4",
    };
    char list[500], id[PUBLIC_ID_LEN + 1];
    world_script(w, NAMED);
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
    snprintf(list, sizeof(list), "%s", w->last.body);
    for (size_t i = 0; i < COUNT(fates); i++) {
        assert_int_equal(perceives(w), false);
        world_script(w, fates[i]);
        assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
        assert_string_equal(w->last.body, list);
    }
    assert_int_equal(unblock_entry(w, ANA, id), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block_name"), 0);
}

/* By an old name, a new one and their id: each is an entry of its own. */
static void who_is_blocked_by_several_names_is_free_after_the_last(struct world *w)
{
    char ids[2][PUBLIC_ID_LEN + 1];
    assert_int_equal(block(w, ANA, DAN), 201);
    world_script(w, "UPDATE account SET avatar_name = 'Nero', name_skeleton = 'nero',"
                    " name_look = 'nero' WHERE id = 4;" WORN_BEFORE);
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201);
    snprintf(ids[0], sizeof(ids[0]), "%s", world_field(w, "id"));
    assert_int_equal(block_named(w, ANA, "Nero"), 201);
    snprintf(ids[1], sizeof(ids[1]), "%s", world_field(w, "id"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
    assert_true(world_says(w, "\"dan\"") && world_says(w, "Rosa Lux") && world_says(w, "Nero"));
    assert_int_equal(unblock(w, ANA, DAN), 204);
    assert_int_equal(unblock_entry(w, ANA, ids[0]), 204);
    assert_false(perceives(w));
    assert_int_equal(unblock_entry(w, BEN, ids[1]), 404); /* nobody takes back another's */
    assert_int_equal(unblock_entry(w, ANA, ids[1]), 204);
    assert_true(perceives(w));
}

/* The name has another bearer by now; both are meant. */
static void a_name_blocked_again_means_who_has_it_now_as_well(struct world *w)
{
    world_script(w, NAMED);
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201);
    world_script(w, "UPDATE account SET avatar_name = 'Other', name_skeleton = 'other',"
                    " name_look = 'other' WHERE id = 4; UPDATE account SET avatar_name ="
                    " 'Rosa Lux', name_skeleton = 'rosalux', name_look = 'rosalux' WHERE id = 3");
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block WHERE account_id = 1"), 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block_name"), 1);
    assert_int_equal(unblock_entry(w, ANA, world_field(w, "id")), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 0);
}

static void ones_own_names_are_refused_and_nobodys_is_nobodys(struct world *w)
{
    world_script(w, NAMED);
    assert_int_equal(block_named(w, DAN, "Rosa Lux"), 409);
    assert_string_equal(world_code(w), "blocks.self");
    assert_int_equal(block_named(w, ANA, "Rosa Luxe"), 404);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block_name"), 0);
}

static void a_full_list_takes_no_more_names(struct world *w)
{
    world_script(w, NAMED "INSERT INTO block_name (id, account_id, public_id, name, name_skeleton,"
                          " since_ms) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
                          " FROM n WHERE i < 999) SELECT i, 1, 'p' || i, 'n' || i, 'n' || i, 1"
                          " FROM n");
    assert_int_equal(block(w, ANA, BEN), 201);
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 429);
    assert_string_equal(world_code(w), "blocks.many");
    assert_int_equal(block(w, ANA, CLEO), 429);
    world_script(w, "UPDATE block_name SET name_skeleton = 'rosalux' WHERE id = 7");
    assert_int_equal(block_named(w, ANA, "Rosa Lux"), 201); /* is in it */
}

static void nothing_was_blocked(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block_name"), 0);
}

static void a_failing_statement_blocks_no_name(struct world *w)
{
    world_script(w, NAMED);
    world_faults(w, ANA, "POST", "/api/blocks", "{\"name\":\"rosa lux\"}", nothing_was_blocked);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 1);
}

int main(void)
{
    static const struct feature *const list[] = {&blocks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_name_is_blocked_alike_however_it_is_held),
        WORLD_TEST(it_holds_against_whoever_has_the_name),
        WORLD_TEST(the_list_tells_nothing_of_what_became_of_them),
        WORLD_TEST(who_is_blocked_by_several_names_is_free_after_the_last),
        WORLD_TEST(a_name_blocked_again_means_who_has_it_now_as_well),
        WORLD_TEST(ones_own_names_are_refused_and_nobodys_is_nobodys),
        WORLD_TEST(a_full_list_takes_no_more_names),
        WORLD_TEST(a_failing_statement_blocks_no_name),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
