#include "features/people/blocks/blocks_test.h"

#include "features/common/contact/contact.h"

/* ---- what a test says ---- */

struct pair {
    int64_t viewer, subject;
    enum contact_act act;
    bool may;
};

static enum err ask(struct call *call, void *arg)
{
    struct pair *pair = arg;
    return contact_may(call, pair->viewer, pair->subject, pair->act, &pair->may);
}

static bool may(struct world *w, int viewer, int subject, enum contact_act act)
{
    struct pair pair = {w->account_ids[viewer], w->account_ids[subject], act, false};
    assert_int_equal(world_do(w, viewer, ask, &pair), OK);
    return pair.may;
}

/* One row in each direction. */
static void both(struct world *w, const char *into, int a, int b)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "INSERT INTO %s, since_ms) VALUES (%d, %d, 1), (%d, %d, 1)", into, a,
             b, b, a);
    world_script(w, sql);
}

static void befriend(struct world *w, int a, int b)
{
    both(w, "friendship (account_id, friend_id", a, b);
}

static const enum contact_act all_acts[] = {CONTACT_PERCEIVE, CONTACT_REQUEST, CONTACT_MESSAGE,
                                            CONTACT_INVITE,   CONTACT_JOIN,    CONTACT_MENTION,
                                            CONTACT_COMMENT};

/* ---- rules ---- */

static void a_typed_name_is_blocked_however_it_is_written(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1];
    assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
    assert_true(world_says(w, "\"items\":[]"));
    world_script(w, "UPDATE account SET avatar_name = 'Ben Budi' WHERE id = 2");
    names_are_real(w);
    assert_int_equal(block_named(w, ANA, "BEN BUDI"), 201);
    assert_string_equal(world_field(w, "name"), "BEN BUDI");
    assert_string_not_equal(world_field(w, "id"), w->public_ids[BEN]);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    assert_int_equal(block_named(w, ANA, "ben budi"), 201); /* again is no error */
    assert_string_equal(world_field(w, "id"), id);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 1);
    for (size_t i = 0; i < COUNT(all_acts); i++) {
        assert_false(may(w, ANA, BEN, all_acts[i]));
        assert_false(may(w, BEN, ANA, all_acts[i]));
    }
    assert_int_equal(unblock(w, ANA, BEN), 404); /* the list says nothing of whom it means */
    assert_int_equal(unblock_entry(w, ANA, id), 204);
    assert_true(may(w, BEN, ANA, CONTACT_PERCEIVE) && may(w, ANA, BEN, CONTACT_PERCEIVE));
    assert_int_equal(unblock_entry(w, ANA, id), 404);
    assert_string_equal(world_code(w), "people.none");
}

static void the_list_keeps_the_name_of_then(struct world *w)
{
    assert_int_equal(block(w, ANA, BEN), 201);
    world_script(w, "UPDATE account SET avatar_name = 'Somebody New' WHERE id = 2");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
        assert_true(world_says(w, "\"name\":\"ben\"") && !world_says(w, "Somebody New"));
        assert_int_equal(block(w, ANA, BEN), 201);
        assert_string_equal(world_field(w, "name"), "ben");
        world_script(w, "UPDATE account SET state = 'ended' WHERE id = 2"); /* tells nothing, too */
    }
    assert_int_equal(unblock(w, ANA, BEN), 204);
    assert_int_equal(block(w, ANA, BEN), 404);
}

static void who_is_not_there_and_who_is_hidden_get_one_answer(struct world *w)
{
    char answer[512];
    names_are_real(w);
    assert_int_equal(block_named(w, BEN, "Nobody At All"), 404);
    snprintf(answer, sizeof(answer), "%s", w->last.body);
    assert_string_equal(world_code(w), "people.none");
    assert_int_equal(block(w, ANA, BEN), 201);
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 3");
    const char *const names[] = {"x", "\\u202e", "!!", "Nobody\\u0000At"};
    for (size_t i = 0; i < COUNT(names); i++) {
        int status = block_named(w, BEN, names[i]);
        assert_true(status == 404 || status == 400);
        assert_true(status == 400 || strcmp(w->last.body, answer) == 0);
    }
    world_send(w, BEN, "DELETE", "/api/blocks/nobody", NULL);
    snprintf(answer, sizeof(answer), "%s", w->last.body);
    assert_int_equal(block(w, BEN, ANA), 404); /* who blocked the asker */
    assert_string_equal(w->last.body, answer);
    assert_int_equal(block(w, BEN, CLEO), 404);
    assert_string_equal(w->last.body, answer);
    assert_int_equal(unblock(w, BEN, ANA), 404);
    assert_string_equal(w->last.body, answer);
    assert_int_equal(world_send(w, BEN, "GET", "/api/blocks", NULL), 200);
    assert_true(world_says(w, "\"items\":[]"));
    assert_int_equal(block(w, BEN, BEN), 409);
    assert_string_equal(world_code(w), "blocks.self");
    assert_int_equal(world_send(w, BEN, "POST", "/api/blocks", "{}"), 400);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/blocks", NULL), 401);
}

static void a_block_ends_the_friendship_and_tells_the_blocker_alone(struct world *w)
{
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    w->event_count = 0;
    assert_int_equal(block(w, BEN, ANA), 201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 2);
    assert_int_equal(w->event_count, 2);
    for (size_t i = 0; i < w->event_count; i++) {
        const struct event *event = &w->events[i];
        assert_int_equal(event->account_id, w->account_ids[BEN]);
        if (event->kind == EVENT_TELL) {
            char json[128];
            snprintf(json, sizeof(json), "{\"t\":\"blocked\",\"id\":\"%s\",\"on\":true}",
                     w->public_ids[ANA]);
            assert_string_equal(event->json, json);
        } else {
            assert_int_equal(event->kind, EVENT_PARTED);
            assert_int_equal(event->id, w->account_ids[ANA]);
        }
    }
    assert_int_equal(unblock(w, BEN, ANA), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 2); /* does not come back */
}

static void a_friend_is_not_blocked_by_who_wants_to_be_asked_first(struct world *w)
{
    char json[96];
    snprintf(json, sizeof(json), "{\"id\":\"%s\",\"unless_friend\":true}", w->public_ids[BEN]);
    befriend(w, ANA, BEN);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 409);
    assert_string_equal(world_code(w), "blocks.friend");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 0);
    assert_int_equal(world_send(w, CLEO, "POST", "/api/blocks", json), 201); /* no friend of hers */
    assert_int_equal(block(w, ANA, BEN), 201);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 201); /* is blocked */
    assert_int_equal(unblock(w, ANA, BEN), 204);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 201);
}

/* Who is a friend by another name than they wear today would be told by it. */
static void a_typed_name_says_of_nobody_that_they_are_a_friend(struct world *w)
{
    names_are_real(w);
    befriend(w, ANA, BEN);
    for (int i = 0; i < 2; i++) {
        const char *json = i ? "{\"name\":\"cleo\",\"unless_friend\":true}"
                             : "{\"name\":\"ben\",\"unless_friend\":true}";
        assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 400);
        assert_string_equal(world_code(w), "input.unknown");
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 2);
}

static void two_blocks_are_two(struct world *w)
{
    both(w, "block (account_id, other_id", ANA, BEN);
    assert_int_equal(block(w, ANA, BEN), 201); /* one's own block is no secret */
    assert_int_equal(unblock(w, ANA, BEN), 204);
    assert_false(may(w, ANA, BEN, CONTACT_PERCEIVE));
    assert_int_equal(block(w, ANA, BEN), 404);
    assert_int_equal(unblock(w, BEN, ANA), 204);
    assert_true(may(w, ANA, BEN, CONTACT_PERCEIVE));
}

static void a_list_is_full_at_a_thousand(struct world *w)
{
    world_script(w, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                    " skeleton_version, key_id, country, age_band, role, state, language,"
                    " avatar, colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT"
                    " 100 UNION ALL SELECT i + 1 FROM n WHERE i < 1098) SELECT i, 'p' || i,"
                    " 'n' || i, 'n' || i, 'n' || i, '1', i, 'ID', '18', 'member', 'active', 'en',"
                    " 'mia', '[]', 0, 0 FROM n");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms)"
                    " SELECT 1, id, 1 FROM account WHERE id >= 100");
    assert_int_equal(block(w, ANA, BEN), 201);
    assert_int_equal(block(w, ANA, CLEO), 429);
    assert_string_equal(world_code(w), "blocks.many");
    assert_int_equal(block(w, ANA, BEN), 201); /* is in it */
    assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM block"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 2);
}

static void a_failing_statement_blocks_nobody_and_parts_no_friends(struct world *w)
{
    char json[96];
    befriend(w, ANA, BEN);
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[BEN]);
    world_faults(w, ANA, "POST", "/api/blocks", json, nothing_changed);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 0);
}

/* ---- who may come near ---- */

static void choose(struct world *w, int who, const char *messages, const char *join, bool invisible)
{
    char json[160];
    snprintf(json, sizeof(json),
             "{\"messages\":\"%s\",\"join_me\":\"%s\",\"findable\":\"everyone\",\"invisible\":%s}",
             messages, join, invisible ? "true" : "false");
    assert_int_equal(world_send(w, who, "PUT", "/api/me/contact", json), 204);
    assert_int_equal(world_send(w, who, "GET", "/api/me/contact", NULL), 200);
    assert_true(world_says(w, json));
}

static void who_may_write_or_follow_is_the_members_choice(struct world *w)
{
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/contact", NULL), 200);
    assert_true(world_says(w, "\"messages\":\"everyone\",\"join_me\":\"friends\""));
    assert_true(may(w, ANA, BEN, CONTACT_MESSAGE) && may(w, ANA, BEN, CONTACT_INVITE));
    assert_false(may(w, ANA, BEN, CONTACT_JOIN));
    choose(w, BEN, "friends", "everyone", false);
    assert_false(may(w, ANA, BEN, CONTACT_MESSAGE) || may(w, ANA, BEN, CONTACT_INVITE));
    assert_true(may(w, ANA, BEN, CONTACT_JOIN));
    befriend(w, ANA, BEN);
    assert_true(may(w, ANA, BEN, CONTACT_MESSAGE) && may(w, ANA, BEN, CONTACT_INVITE));
    choose(w, BEN, "nobody", "friends", false);
    assert_false(may(w, ANA, BEN, CONTACT_MESSAGE) || may(w, ANA, BEN, CONTACT_INVITE));
    assert_true(may(w, ANA, BEN, CONTACT_JOIN));
    choose(w, BEN, "nobody", "friends", true);
    assert_true(may(w, ANA, BEN, CONTACT_JOIN)); /* who is invisible is nowhere, and chose this */
    choose(w, BEN, "everyone", "nobody", false);
    assert_false(may(w, ANA, BEN, CONTACT_JOIN));
    assert_true(may(w, ANA, ANA, CONTACT_PERCEIVE));
    for (size_t i = 1; i < COUNT(all_acts); i++) {
        assert_false(may(w, ANA, ANA, all_acts[i]));
    }
    assert_int_equal(
        world_send(w, BEN, "PUT", "/api/me/contact",
                   "{\"messages\":\"all\",\"join_me\":\"nobody\",\"findable\":\"nobody\","
                   "\"invisible\":true}"),
        400);
}

static unsigned acts(struct world *w, int viewer, int subject)
{
    unsigned all = 0;
    for (enum contact_act act = CONTACT_PERCEIVE; act < CONTACT_ACTS; act++) {
        all |= may(w, viewer, subject, act) ? 1U << act : 0;
    }
    return all;
}

static void what_one_may_does_not_depend_on_ages(struct world *w)
{
    unsigned before[4], after[4];
    const int pairs[][2] = {{ANA, BEN}, {BEN, ANA}, {ANA, CLEO}, {DAN, BEN}};
    choose(w, BEN, "everyone", "everyone", false);
    befriend(w, ANA, CLEO);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        before[i] = acts(w, pairs[i][0], pairs[i][1]);
    }
    world_script(w, "UPDATE account SET age_band = '13' WHERE id IN (2, 3)");
    for (size_t i = 0; i < COUNT(pairs); i++) {
        after[i] = acts(w, pairs[i][0], pairs[i][1]);
        assert_int_equal(before[i], after[i]);
    }
}

static void whom_a_parent_keeps_looks_like_somebody_who_chose_nobody(struct world *w)
{
    choose(w, BEN, "nobody", "nobody", false);
    choose(w, CLEO, "everyone", "everyone", false);
    member_kept(w, CLEO, true);
    assert_int_equal(acts(w, ANA, BEN), acts(w, ANA, CLEO));
    assert_true(may(w, ANA, CLEO, CONTACT_REQUEST) && !may(w, CLEO, ANA, CONTACT_REQUEST));
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    assert_int_equal(acts(w, ANA, BEN), acts(w, ANA, CLEO));
}

/* ---- the rooms' question ---- */

struct many {
    int64_t ids[CONTACT_PEOPLE_MAX];
    size_t count, fresh;
    struct contact_pair pairs[4000];
    size_t pairs_count;
};

static enum err ask_many(struct call *call, void *arg)
{
    struct many *many = arg;
    struct contact_pair *pairs = NULL;
    TRY(contact_hidden(call, many->ids, many->count, many->fresh, &pairs, &many->pairs_count));
    assert_true(many->pairs_count <= COUNT(many->pairs));
    memcpy(many->pairs, pairs, many->pairs_count * sizeof(*pairs));
    return OK;
}

static bool hidden(const struct many *many, size_t viewer, size_t subject)
{
    for (size_t i = 0; i < many->pairs_count; i++) {
        if (many->pairs[i].viewer == viewer && many->pairs[i].subject == subject) {
            return true;
        }
    }
    return false;
}

static void rooms_learn_of_pairs_in_both_directions(struct world *w)
{
    static struct many many;
    many = (struct many){{3, 2, 1, 4, 5}, 5, 2, {{0}}, 0};
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms)"
                    " VALUES (1, 2, 1), (4, 5, 1), (3, 2, 1)");
    assert_int_equal(world_do(w, ANA, ask_many, &many), OK);
    for (size_t a = 0; a < 5; a++) {
        for (size_t b = 0; b < 5; b++) {
            bool told = (a == 2 && b == 1) || (a == 1 && b == 2) || (a == 3 && b == 4) ||
                        (a == 4 && b == 3);
            assert_int_equal(hidden(&many, a, b), told); /* 3 and 2 were in before */
        }
    }
}

int main(void)
{
    static const struct feature *const list[] = {&blocks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_typed_name_is_blocked_however_it_is_written),
        WORLD_TEST(the_list_keeps_the_name_of_then),
        WORLD_TEST(who_is_not_there_and_who_is_hidden_get_one_answer),
        WORLD_TEST(a_block_ends_the_friendship_and_tells_the_blocker_alone),
        WORLD_TEST(a_friend_is_not_blocked_by_who_wants_to_be_asked_first),
        WORLD_TEST(a_typed_name_says_of_nobody_that_they_are_a_friend),
        WORLD_TEST(two_blocks_are_two),
        WORLD_TEST(a_list_is_full_at_a_thousand),
        WORLD_TEST(a_failing_statement_blocks_nobody_and_parts_no_friends),
        WORLD_TEST(who_may_write_or_follow_is_the_members_choice),
        WORLD_TEST(what_one_may_does_not_depend_on_ages),
        WORLD_TEST(whom_a_parent_keeps_looks_like_somebody_who_chose_nobody),
        WORLD_TEST(rooms_learn_of_pairs_in_both_directions),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
