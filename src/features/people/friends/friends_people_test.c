#include "features/people/friends/friends_test.h"

#include "live/ask.h"

extern const struct feature rooms_feature;

/* ---- what a test says ---- */

static enum err find_words(struct call *call, void *arg UNUSED)
{
    struct friends_words words = {.count = 0};
    do {
        TRY(friends_words_look(call, &words));
        TRY(friends_words_prepare(call, &words));
        TRY(friends_words_apply(call, &words));
    } while (words.count == FRIENDS_WORDS_BATCH);
    return OK;
}

static void name(struct world *w, int who, const char *to)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "UPDATE account SET avatar_name = '%s', name_fold = NULL"
             " WHERE id = %d",
             to, who);
    world_script(w, sql);
    assert_int_equal(world_do(w, ANA, find_words, NULL), OK);
}

/* Percent-encoded, as it stands in an address. */
static int search(struct world *w, int who, const char *text)
{
    char path[400];
    size_t len = (size_t)snprintf(path, sizeof(path), "/api/people?search=");
    for (const char *at = text; *at; at++) {
        len += (size_t)snprintf(path + len, sizeof(path) - len, "%%%02x", (unsigned char)*at);
    }
    return world_send(w, who, "GET", path, NULL);
}

static bool finds(struct world *w, int who, const char *text, int whom)
{
    assert_int_equal(search(w, who, text), 200);
    return world_says(w, w->public_ids[whom]);
}

static void choose(struct world *w, int who, const char *join, const char *findable, bool invisible)
{
    char json[200];
    snprintf(json, sizeof(json),
             "{\"messages\":\"everyone\",\"join_me\":\"%s\",\"findable\":\"%s\",\"invisible\":%s}",
             join, findable, invisible ? "true" : "false");
    assert_int_equal(world_send(w, who, "PUT", "/api/me/contact", json), 204);
    assert_int_equal(world_send(w, who, "GET", "/api/me/contact", NULL), 200);
    assert_true(world_says(w, json));
}

/* As everybody's choice was who wants to be found. */
static void all_want_to_be_found(struct world *w)
{
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, findable,"
                    " invisible) SELECT id, 'everyone', 'friends', 'everyone', 0 FROM account"
                    " WHERE NOT EXISTS (SELECT 1 FROM people_choice c WHERE c.account_id ="
                    " account.id)");
}

static void befriend(struct world *w, int a, int b)
{
    assert_int_equal(ask(w, a, b), 201);
    assert_int_equal(answer(w, b, a, "accept"), 200);
}

/* ---- by name ---- */

static void people_are_found_by_the_beginning_of_a_word(struct world *w)
{
    name(w, BEN, "Élodie van-der Ångström");
    assert_false(finds(w, ANA, "elodie", BEN)); /* friends only, unless one chooses otherwise */
    all_want_to_be_found(w);
    const char *const found[] = {"elo",
                                 "ÉLODIE",
                                 "van der",
                                 "DER ang",
                                 "angstrom",
                                 "elodie  van",
                                 "Élodie van-der Ångström"};
    for (size_t i = 0; i < COUNT(found); i++) {
        assert_true(finds(w, ANA, found[i], BEN));
    }
    const char *const not [] = {"lodie", "ngstrom", "elodie der", "%%", "e_o", "elodiez", "!!!"};
    for (size_t i = 0; i < COUNT(not ); i++) {
        assert_false(finds(w, ANA, not [i], BEN));
    }
    assert_false(finds(w, BEN, "elodie", BEN)); /* nobody finds oneself */
    assert_int_equal(search(w, ANA, "e"), 400);
    assert_int_equal(search(w, ANA, "e."), 200); /* one letter is left */
    assert_true(world_says(w, "\"items\":[]"));
    assert_int_equal(search(w, NOBODY, "elodie"), 401);
    name(w, BEN, "Somebody Else");
    assert_false(finds(w, ANA, "elodie", BEN));
    assert_true(finds(w, ANA, "else", BEN));
}

static void what_is_found_says_what_one_is_to_the_other(struct world *w)
{
    all_want_to_be_found(w);
    name(w, BEN, "Ben Budi");
    assert_true(finds(w, ANA, "budi", BEN) && world_says(w, "\"relation\":\"none\""));
    ask(w, ANA, BEN);
    assert_true(finds(w, ANA, "budi", BEN) && world_says(w, "\"relation\":\"asked\""));
    name(w, ANA, "Ana Budi");
    assert_true(finds(w, BEN, "ana", ANA) && world_says(w, "\"relation\":\"asking\""));
    answer(w, BEN, ANA, "refuse");
    assert_true(finds(w, ANA, "ben", BEN) && world_says(w, "\"relation\":\"asked\""));
    assert_true(finds(w, BEN, "ana", ANA) && world_says(w, "\"relation\":\"none\""));
    answer(w, BEN, ANA, "accept");
    assert_true(finds(w, ANA, "ben", BEN) && world_says(w, "\"relation\":\"friend\""));
}

static void who_does_not_want_it_is_not_found(struct world *w)
{
    name(w, BEN, "Ben Budi");
    choose(w, BEN, "friends", "friends", false);
    assert_false(finds(w, ANA, "ben", BEN));
    befriend(w, ANA, BEN);
    assert_true(finds(w, ANA, "ben", BEN));
    choose(w, BEN, "friends", "nobody", false);
    assert_false(finds(w, ANA, "ben", BEN));
    choose(w, BEN, "friends", "everyone", false);
    world_script(w, "UPDATE account SET age_band = '13' WHERE id IN (2, 4)");
    for (int who = ANA; who < PEOPLE; who++) {
        assert_int_equal(finds(w, who, "ben", BEN), who != BEN); /* whatever their ages */
    }
    member_kept(w, BEN, true); /* as if they had chosen "nobody" */
    assert_false(finds(w, ANA, "ben", BEN) || finds(w, CLEO, "ben", BEN));
    assert_int_equal(world_send(w, ANA, "GET", "/api/people?search=ben", NULL), 200);
    member_kept(w, BEN, false);
    const char *const states[] = {"ended", "waiting"};
    for (size_t i = 0; i < COUNT(states); i++) {
        char sql[100];
        snprintf(sql, sizeof(sql), "UPDATE account SET state = '%s' WHERE id = 2", states[i]);
        world_script(w, sql);
        assert_false(finds(w, ANA, "ben", BEN));
    }
}

static void what_is_found_comes_in_pages_and_each_once(struct world *w)
{
    char path[400] = "/api/people?search=an", next[200];
    size_t seen = 0, pages = 0;
    crowd(w, 1000, 90);
    all_want_to_be_found(w);
    world_script(w, "UPDATE account SET avatar_name = 'An An ' || (id % 9) WHERE id >= 1000");
    assert_int_equal(world_do(w, ANA, find_words, NULL), OK);
    do {
        assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
        for (const char *at = w->last.body; (at = strstr(at, "\"id\":\"p")); at++) {
            seen++;
        }
        snprintf(next, sizeof(next), "%s", world_field(w, "next"));
        size_t len = (size_t)snprintf(path, sizeof(path), "/api/people?search=an&after=");
        for (const char *at = next; *at; at++) {
            len += (size_t)snprintf(path + len, sizeof(path) - len, "%%%02x", (unsigned char)*at);
        }
        pages++;
    } while (strcmp(next, "null") != 0 && pages < 20);
    assert_int_equal(seen, 90);
    assert_int_equal(pages, 90 / FRIENDS_FOUND_PAGE + 1);
}

/* A cursor is of one asker and one list: made up, it asks nothing about anybody. */
static void a_place_in_a_list_is_no_question_about_somebody(struct world *w)
{
    char path[4096], body[512] = "";
    static const char *const lists[] = {"/api/people?search=an&", "/api/friends?",
                                        "/api/friends/requests?"};
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    for (size_t i = 0; i < COUNT(lists); i++) {
        const char *const made_up[] = {"nobody.an", w->public_ids[BEN], w->public_ids[CLEO]};
        for (size_t k = 0; k < COUNT(made_up); k++) {
            snprintf(path, sizeof(path), "%safter=%s", lists[i], made_up[k]);
            assert_int_equal(world_send(w, ANA, "GET", path, NULL), 400);
            assert_string_equal(world_code(w), "input.cursor");
            assert_true(!*body || strcmp(body, w->last.body) == 0);
            snprintf(body, sizeof(body), "%s", w->last.body);
        }
    }
}

static void names_are_not_read_off_quickly(struct world *w)
{
    int allowed = 0;
    while (search(w, ANA, "bu") == 200) {
        allowed++;
    }
    assert_int_equal(w->last.status, 429);
    assert_int_equal(allowed, 60);
}

/* ---- where they are ---- */

static struct presence_room places[1];
static int64_t inside[] = {BEN};
static size_t places_count;
static bool ben_online;

static void read_places(void *ctx UNUSED, struct arena *arena UNUSED,
                        const struct presence_room **ret, size_t *ret_count)
{
    *ret = places;
    *ret_count = places_count;
}

static void read_online(void *ctx UNUSED, const int64_t *ids, size_t count, bool *ret)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = ben_online && ids[i] == BEN;
    }
}

static int follow(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "GET", NULL, "/api/people/%s/room", id);
}

static void enter_room(struct world *w)
{
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) VALUES (7, 'room7', 'Merpati',"
                    " 'merpati', 'cafe', 'en', 10, 'public', 4, 7, 1)");
    places[0] = (struct presence_room){7, COUNT(inside), inside};
    places_count = 1;
    ben_online = true;
}

static bool lists(struct world *w, const char *text)
{
    assert_int_equal(world_send(w, ANA, "GET", "/api/friends", NULL), 200);
    return world_says(w, text);
}

static void a_friend_is_followed_where_one_may_come_in(struct world *w)
{
    static const char *const bars[][2] = {
        {"UPDATE room SET visibility = 'closed'", "UPDATE room SET visibility = 'unlisted'"},
        {"INSERT INTO room_removed (room_id, account_id, by_id, until_ms) VALUES (7, 1, 4,"
         " 1900000000000)",
         "DELETE FROM room_removed"},
        {"UPDATE room SET ended_ms = 1", "UPDATE room SET ended_ms = NULL"},
        {"DELETE FROM friendship", "INSERT INTO friendship (account_id, friend_id, since_ms)"
                                   " VALUES (1, 2, 1), (2, 1, 1)"},
        {"INSERT INTO people_choice (account_id, messages, join_me, invisible) VALUES (2,"
         " 'everyone', 'everyone', 1)",
         "UPDATE people_choice SET invisible = 0"},
        {"UPDATE people_choice SET join_me = 'nobody'", "DELETE FROM people_choice"},
        {"INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)",
         "DELETE FROM block"}};
    char body[512];
    befriend(w, ANA, BEN);
    assert_int_equal(follow(w, ANA, w->public_ids[BEN]), 404);
    assert_string_equal(world_code(w), "friends.elsewhere");
    snprintf(body, sizeof(body), "%s", w->last.body);
    assert_true(lists(w, "\"room_id\":null,\"room_name\":null"));
    enter_room(w);
    for (size_t i = 0; i < COUNT(bars); i++) {
        assert_int_equal(follow(w, ANA, w->public_ids[BEN]), 200);
        assert_string_equal(w->last.body, "{\"id\":\"room7\",\"name\":\"Merpati\"}");
        assert_true(lists(w, "\"room_id\":\"room7\",\"room_name\":\"Merpati\""));
        world_script(w, bars[i][0]);
        assert_int_equal(follow(w, ANA, w->public_ids[BEN]), 404);
        assert_string_equal(w->last.body, body);
        assert_false(lists(w, "room7") || world_says(w, "Merpati"));
        world_script(w, bars[i][1]);
    }
    assert_int_equal(follow(w, ANA, "nobody"), 404);
    assert_string_equal(w->last.body, body);
    places_count = 0;
}

/* The same that POST /api/conversations would say. */
static void a_friend_s_row_says_whether_one_may_write(struct world *w)
{
    befriend(w, ANA, BEN);
    assert_true(lists(w, "\"may_write\":true"));
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, invisible) VALUES"
                    " (2, 'nobody', 'everyone', 0)");
    assert_true(lists(w, "\"may_write\":false"));
    world_script(w, "UPDATE people_choice SET messages = 'friends'");
    assert_true(lists(w, "\"may_write\":true"));
    const int kept[] = {BEN, ANA};
    for (size_t i = 0; i < COUNT(kept); i++) {
        member_kept(w, kept[i], true);
        assert_true(lists(w, "\"may_write\":false"));
        member_kept(w, kept[i], false);
        assert_true(lists(w, "\"may_write\":true"));
    }
}

static void who_is_invisible_is_offline_in_every_list(struct world *w)
{
    befriend(w, ANA, BEN);
    enter_room(w);
    assert_true(lists(w, "\"online\":true"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms", NULL), 200);
    assert_true(world_says(w, "\"here\":1"));
    choose(w, BEN, "everyone", "everyone", true);
    assert_true(lists(w, "\"online\":false"));
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms", NULL), 200);
    assert_true(world_says(w, "\"here\":0"));
    assert_false(world_says(w, w->public_ids[BEN]));
    places_count = 0;
    ben_online = false;
}

/* ---- who is told ---- */

struct known {
    struct live_know_in in;
    struct live_know_out out;
    char public_id[PUBLIC_ID_LEN + 1]; /* of the first */
};

static enum err know(struct call *call, void *arg)
{
    struct known *known = arg;
    known->out = (struct live_know_out){.count = 0};
    TRY(friends_know(call, &known->in, &known->out));
    for (size_t i = 0; i < known->out.count; i++) { /* outlives the call as numbers only */
        struct live_known *one = &known->out.known[i];
        int64_t sum = 0;
        for (size_t k = 0; k < one->friends_count; k++) {
            sum += one->friend_ids[k];
        }
        one->friend_ids = NULL;
        snprintf(known->public_id, sizeof(known->public_id), "%s", known->out.known[0].public_id);
        one->account_id = one->account_id * 1000 + sum;
    }
    return OK;
}

static void friends_who_perceive_them_are_told(struct world *w)
{
    static int64_t ids[] = {BEN};
    static struct known known;
    known.in = (struct live_know_in){ids, COUNT(ids)};
    assert_int_equal(world_do(w, ANA, know, &known), OK);
    assert_true(known.out.count == 1 && known.out.known[0].friends_count == 0);
    befriend(w, ANA, BEN);
    befriend(w, CLEO, BEN);
    assert_int_equal(world_do(w, ANA, know, &known), OK);
    assert_int_equal(known.out.known[0].account_id, BEN * 1000 + ANA + CLEO);
    assert_string_equal(known.public_id, w->public_ids[BEN]);
    assert_true(known.out.known[0].visible);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 2, 1)");
    choose(w, BEN, "everyone", "everyone", true);
    assert_int_equal(world_do(w, ANA, know, &known), OK);
    assert_int_equal(known.out.known[0].account_id, BEN * 1000 + CLEO);
    assert_false(known.out.known[0].visible);
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 2");
    assert_int_equal(world_do(w, ANA, know, &known), OK);
    assert_false(known.out.known[0].visible);
}

int main(void)
{
    static const struct feature *const list[] = {&friends_feature, &blocks_feature, &rooms_feature,
                                                 NULL};
    static const struct presence presence = {read_places, NULL, read_online};
    static const struct world_test tests[] = {
        WORLD_TEST(people_are_found_by_the_beginning_of_a_word),
        WORLD_TEST(what_is_found_says_what_one_is_to_the_other),
        WORLD_TEST(who_does_not_want_it_is_not_found),
        WORLD_TEST(a_place_in_a_list_is_no_question_about_somebody),
        WORLD_TEST(what_is_found_comes_in_pages_and_each_once),
        WORLD_TEST(a_friend_is_followed_where_one_may_come_in),
        WORLD_TEST(a_friend_s_row_says_whether_one_may_write),
        WORLD_TEST(who_is_invisible_is_offline_in_every_list),
        WORLD_TEST(friends_who_perceive_them_are_told),
    };
    static const struct world_test limited[] = {WORLD_TEST(names_are_not_read_off_quickly)};
    const struct world_options options = {.features = list, .presence = &presence};
    const struct world_options strict = {.features = list, .limit_scale = 1};
    int failed = world_run(&options, tests, COUNT(tests));
    return failed | world_run(&strict, limited, COUNT(limited));
}
