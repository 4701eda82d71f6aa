#include "features/people/homepages/homepages.h"

#include <stdio.h>
#include <string.h>

#include "store/store.h"
#include "tests/support/members.h"

extern const struct feature homepages_feature, profiles_feature;

static char wish[32 * 1024];

static int decorate(struct world *w, int who, int version, const char *blocks)
{
    snprintf(wish, sizeof(wish), "{\"style\":\"dawn\",\"version\":%d,\"blocks\":[%s]}", version,
             blocks);
    return world_send(w, who, "PUT", "/api/me/home", wish);
}

static int visit(struct world *w, int who, int whom, const char *what)
{
    return world_sendf(w, who, "GET", NULL, "/api/people/%s/%s", w->public_ids[whom], what);
}

static int sign(struct world *w, int who, int whom, const char *text)
{
    snprintf(wish, sizeof(wish), "{\"text\":\"%s\"}", text);
    return world_sendf(w, who, "POST", wish, "/api/people/%s/guestbook", w->public_ids[whom]);
}

static int strike(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "DELETE", NULL, "/api/guestbook/%s", id);
}

static int accept(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "POST", NULL, "/api/guestbook/%s/accept", id);
}

#define ALL_ACCEPTED "UPDATE home_entry SET held = 0"
#define BOOK "{\"kind\":\"guestbook\"}"
#define FRIENDS "{\"kind\":\"friends\"}"

static void everybody_is_real(struct world *w)
{
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", "ID");
    }
}

static void room(struct world *w, int id, int owner, const char *visibility)
{
    char sql[400];
    snprintf(sql, sizeof(sql),
             "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
             " visibility, owner_id, keep_days, created_ms) VALUES (%d, 'room%d', 'Den %d',"
             " 'den %d', 'cafe', 'en', 10, '%s', %d, 30, 0)",
             id, id, id, id, visibility, owner);
    world_script(w, sql);
}

static void befriend(struct world *w, int a, int b)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO friendship (account_id, friend_id, since_ms, favourite)"
             " VALUES (%d, %d, %d, 0), (%d, %d, %d, 1)",
             a, b, b, b, a, b);
    world_script(w, sql);
}

static void befriend_many(struct world *w, int count)
{
    char sql[800];
    snprintf(sql, sizeof(sql),
             "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
             " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
             " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d) SELECT i, 'p' || i, 'n' || i, 'n' || i, 'n' || i,"
             " '1', i, 'ID', '18', 'member', 'active', 'en', 'mia', '[]', 0, 0 FROM n",
             99 + count);
    world_script(w, sql);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                    " SELECT 2, id, id FROM account WHERE id >= 100");
}

/* ---- the page ---- */

static void a_homepage_is_made_of_ordered_blocks_in_a_style(struct world *w)
{
    everybody_is_real(w);
    room(w, 7, BEN, "public");
    befriend(w, BEN, CLEO);
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)"
                    " VALUES (3, 'everyone', 'friends', 'everyone', 0)");
    assert_int_equal(visit(w, ANA, BEN, "home"), 200);
    assert_true(world_says(w, "{\"style\":\"plain\",\"blocks\":[]}"));
    assert_int_equal(decorate(w, BEN, 0,
                              "{\"kind\":\"text\",\"text\":\"Hello\\nyou <b>\"},"
                              "{\"kind\":\"room\",\"room\":\"room7\"}," FRIENDS "," BOOK
                              ",{\"kind\":\"text\",\"text\":\"The end\"}"),
                     200);
    assert_int_equal(visit(w, ANA, BEN, "home"), 200);
    assert_string_equal(world_field(w, "style"), "dawn");
    const char *marks[] = {"Hello\\u000ayou <b>", "\"id\":\"room7\",\"name\":\"Den 7\"",
                           "\"name\":\"cleo\"", "\"kind\":\"guestbook\"", "The end"};
    const char *at = w->last.body;
    for (size_t i = 0; i < COUNT(marks); i++) {
        at = strstr(at, marks[i]);
        assert_non_null(at);
    }
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/home", NULL), 200);
    assert_true(world_says(w, "\"version\":1"));
    assert_true(world_says(w, "\"rooms\":[{\"id\":\"room7\""));
}

static void only_public_rooms_of_ones_own_are_shown(struct world *w)
{
    everybody_is_real(w);
    room(w, 7, BEN, "public");
    room(w, 8, ANA, "public");
    room(w, 9, BEN, "unlisted");
    static const char *const bad[] = {
        "{\"kind\":\"room\",\"room\":\"room8\"}", "{\"kind\":\"room\",\"room\":\"room9\"}",
        "{\"kind\":\"room\",\"room\":\"room10\"}", "{\"kind\":\"room\"}"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(decorate(w, BEN, 0, bad[i]), 400);
        assert_string_equal(world_code(w), "homepages.room");
    }
    assert_int_equal(decorate(w, BEN, 0, "{\"kind\":\"room\",\"room\":\"room7\"}"), 200);
    static const char *const ends[] = {"visibility = 'closed'",
                                       "visibility = 'public', ended_ms = 1",
                                       "ended_ms = NULL, owner_id = 1"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char sql[100];
        snprintf(sql, sizeof(sql), "UPDATE room SET %s WHERE id = 7", ends[i]);
        world_script(w, sql);
        assert_int_equal(visit(w, ANA, BEN, "home"), 200);
        assert_true(world_says(w, "\"blocks\":[]"));
    }
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/home", NULL), 200);
    assert_true(world_says(w, "\"kind\":\"room\",\"text\":null,\"rooms\":[]"));
}

static void friends_are_those_whom_the_visitor_perceives(struct world *w)
{
    everybody_is_real(w);
    befriend(w, BEN, CLEO);
    befriend(w, BEN, DAN);
    befriend(w, BEN, ADA);
    assert_int_equal(decorate(w, BEN, 0, FRIENDS), 200);
    assert_int_equal(visit(w, ANA, BEN, "home"), 200);
    assert_true(world_says(w, "\"people\":[]")); /* friends alone find them, who chose nothing */
    world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible)"
                    " VALUES (3, 'everyone', 'friends', 'everyone', 0), (4, 'everyone', 'friends',"
                    " 'everyone', 0)");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (3, 1, 1)");
    assert_int_equal(visit(w, ANA, BEN, "home"), 200);
    assert_true(world_says(w, "\"name\":\"dan\"") && !world_says_word(w, "cleo"));
    member_real(w, CLEO, "2012-01-15", "ID"); /* alike whatever the age */
    assert_int_equal(visit(w, DAN, BEN, "home"), 200);
    assert_true(world_says(w, "\"name\":\"cleo\"") && !world_says(w, "\"name\":\"ada\""));
    member_kept(w, CLEO, true);
    assert_int_equal(visit(w, DAN, BEN, "home"), 200);
    assert_false(world_says_word(w, "cleo"));
}

static void a_page_that_does_not_reach_looks_empty(struct world *w)
{
    char empty[2][256];
    static const char *const parts[] = {"home", "guestbook"};
    static const char to_friends[] = "{\"style\":\"dawn\",\"version\":1,\"audience\":\"friends\","
                                     "\"blocks\":[{\"kind\":\"text\",\"text\":\"hi\"}," BOOK "]}";
    everybody_is_real(w);
    befriend(w, BEN, DAN);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(visit(w, ANA, BEN, parts[i]), 200);
        snprintf(empty[i], sizeof(empty[i]), "%s", w->last.body);
    }
    assert_int_equal(sign(w, ANA, BEN, "hello"), 403);
    assert_int_equal(decorate(w, BEN, 0, "{\"kind\":\"text\",\"text\":\"hi\"}," BOOK), 200);
    for (int life = 0; life < 3; life++) { /* of a minor, of a kept child, by choice */
        member_real(w, BEN, life == 0 ? "2012-01-15" : "1990-01-15", "ID");
        member_kept(w, BEN, life == 1);
        if (life == 2) {
            assert_int_equal(world_send(w, BEN, "PUT", "/api/me/home", to_friends), 200);
        }
        for (int i = 0; i < 2; i++) {
            assert_int_equal(visit(w, ANA, BEN, parts[i]), 200);
            assert_string_equal(w->last.body, empty[i]);
            assert_int_equal(visit(w, DAN, BEN, parts[i]), 200);
            assert_string_not_equal(w->last.body, empty[i]);
        }
        assert_int_equal(sign(w, ANA, BEN, "hello"), 403);
    }
    assert_int_equal(world_send(w, BEN, "GET", "/api/me/home", NULL), 200);
    assert_string_equal(world_field(w, "audience"), "friends");
}

/* A page with everything on it: card, homepage, guest book. */
static void a_page_takes_five_statements_whatever_the_number_of_friends(struct world *w)
{
    char path[3][80];
    uint64_t took[2] = {0, 0};
    static const char *const parts[] = {"", "/home", "/guestbook"};
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, "{\"kind\":\"text\",\"text\":\"x\"}," FRIENDS "," BOOK),
                     200);
    assert_int_equal(sign(w, ANA, BEN, "hello"), 201);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT(parts); i++) {
            snprintf(path[i], sizeof(path[i]), "/api/people/%s%s", w->public_ids[BEN], parts[i]);
            took[round] += member_statements(w, ANA, "GET", path[i]);
        }
        if (round == 0) {
            befriend_many(w, 900);
            world_script(w, "INSERT INTO people_choice (account_id, messages, join_me, findable,"
                            " invisible) SELECT id, 'everyone', 'friends', 'everyone', 0 FROM"
                            " account WHERE id >= 100");
        }
    }
    assert_int_equal(visit(w, ANA, BEN, "home"), 200);
    assert_true(world_says(w, "\"n111\"") && !world_says(w, "\"n112\"")); /* the oldest twelve */
    print_message("# %llu statements\n", (unsigned long long)took[1]);
    assert_int_equal(took[0], took[1]);
    assert_true(took[1] > 0 && took[1] <= 5);
}

static const char *texts(int count, size_t points)
{
    static char json[28 * 1024];
    size_t len = 0;
    for (int i = 0; i < count; i++) {
        len += (size_t)snprintf(json + len, sizeof(json) - len,
                                "%s{\"kind\":\"text\",\"text\":\"%0*d\"}", i ? "," : "",
                                (int)points, i);
    }
    return json;
}

static void blocks_have_limits(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, texts(HOMEPAGES_BLOCKS_MAX, 1)), 200);
    assert_int_equal(decorate(w, BEN, 1, texts(HOMEPAGES_BLOCKS_MAX + 1, 1)), 400);
    assert_int_equal(decorate(w, BEN, 1, texts(1, HOMEPAGES_TEXT_MAX)), 200);
    assert_int_equal(decorate(w, BEN, 2, texts(1, HOMEPAGES_TEXT_MAX + 1)), 400);
    assert_string_equal(world_code(w), "input.length");
    assert_int_equal(decorate(w, BEN, 2, BOOK "," BOOK), 400);
    assert_int_equal(decorate(w, BEN, 2, FRIENDS "," FRIENDS), 400);
    assert_string_equal(world_code(w), "input.twice");
    assert_int_equal(decorate(w, BEN, 2, "{\"kind\":\"text\",\"text\":\" \\u200b \"}"), 400);
    assert_string_equal(world_code(w), "homepages.empty");
    assert_int_equal(decorate(w, BEN, 2, "{\"kind\":\"script\"}"), 400);
    assert_int_equal(decorate(w, BEN, 1, ""), 409);
    assert_string_equal(world_code(w), "homepages.changed");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/home", NULL), 401);
    assert_int_equal(decorate(w, NOBODY, 0, ""), 401);
}

static void who_is_not_there_and_who_is_hidden_get_one_answer(struct world *w)
{
    char answer[512];
    static const char *const parts[] = {"home", "guestbook"};
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    for (size_t i = 0; i < COUNT(parts); i++) {
        world_script(w, "DELETE FROM block");
        assert_int_equal(visit(w, NOBODY, BEN, parts[i]), 401);
        assert_int_equal(visit(w, ANA, BEN, parts[i]), 200);
        assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/people/%s/%s", "nobody", parts[i]),
                         404);
        snprintf(answer, sizeof(answer), "%s", w->last.body);
        assert_string_equal(world_code(w), "people.none");
        world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
        assert_int_equal(visit(w, ANA, BEN, parts[i]), 404);
        assert_string_equal(w->last.body, answer);
        assert_int_equal(sign(w, ANA, BEN, "hello"), 404);
        assert_string_equal(w->last.body, answer);
    }
    assert_int_equal(strike(w, NOBODY, "1"), 401);
}

/* ---- the guest book ---- */

static void others_write_into_the_guest_book_and_the_owner_is_told(struct world *w)
{
    everybody_is_real(w);
    befriend(w, ANA, BEN);
    assert_int_equal(sign(w, ANA, BEN, "hello"), 403); /* there is none yet */
    assert_string_equal(world_code(w), "homepages.denied");
    assert_int_equal(visit(w, ANA, BEN, "guestbook"), 200);
    assert_true(world_says(w, "{\"open\":false,\"items\":[],\"next\":null}"));
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    assert_int_equal(sign(w, BEN, BEN, "to myself"), 403);
    assert_int_equal(sign(w, ANA, BEN, "hello <i> \\ud83e\\udd8a"), 201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE account_id = 2 AND"
                                    " kind = 'homepages.entry' AND about_id = 1"),
                     1);
    assert_int_equal(visit(w, CLEO, BEN, "guestbook"), 200);
    assert_true(world_says(w, "hello <i> \xf0\x9f\xa6\x8a") && world_says(w, "\"name\":\"ana\""));
    assert_true(world_says(w, "\"mine\":false,\"removable\":false"));
    assert_int_equal(visit(w, BEN, BEN, "guestbook"), 200);
    assert_true(world_says(w, "\"mine\":false,\"removable\":true"));
    assert_int_equal(visit(w, ANA, BEN, "guestbook"), 200);
    assert_true(world_says(w, "\"mine\":true,\"removable\":true"));
    assert_int_equal(decorate(w, BEN, 1, ""), 200); /* put away with its entries, not lost */
    assert_int_equal(visit(w, CLEO, BEN, "guestbook"), 200);
    assert_true(world_says(w, "\"open\":false,\"items\":[]"));
    assert_int_equal(decorate(w, BEN, 2, BOOK), 200);
    assert_int_equal(visit(w, CLEO, BEN, "guestbook"), 200);
    assert_true(world_says(w, "hello"));
}

static void what_a_stranger_writes_waits_for_the_owners_yes_whoever_that_is(struct world *w)
{
    char id[3][32], answers[2][128];
    const int owners[] = {BEN, CLEO};
    everybody_is_real(w);
    member_real(w, CLEO, "2012-01-15", "ID");
    for (int i = 0; i < 2; i++) {
        snprintf(wish, sizeof(wish),
                 "{\"style\":\"dawn\",\"version\":0,\"audience\":\"everyone\","
                 "\"blocks\":[" BOOK "]}");
        assert_int_equal(world_send(w, owners[i], "PUT", "/api/me/home", wish), 200);
        assert_int_equal(sign(w, ANA, owners[i], "psst"), 201);
        snprintf(answers[i], sizeof(answers[i]), "%s", strstr(w->last.body, "\"waiting\":true"));
        snprintf(id[i], sizeof(id[i]), "%s", world_field(w, "id"));
        assert_int_equal(visit(w, ANA, owners[i], "guestbook"), 200);
        assert_true(world_says_word(w, "psst") && world_says(w, "\"waiting\":true"));
        assert_int_equal(visit(w, DAN, owners[i], "guestbook"), 200);
        assert_true(world_says(w, "\"items\":[]"));
        assert_int_equal(visit(w, owners[i], owners[i], "guestbook"), 200);
        assert_true(world_says(w, w->public_ids[ANA]) && world_says(w, "\"waiting\":true"));
        assert_int_equal(world_says_word(w, "psst"),
                         owners[i] == BEN); /* a minor: after accepting */
        assert_int_equal(accept(w, DAN, id[i]), 404);
        assert_int_equal(accept(w, ANA, id[i]), 404);
    }
    assert_string_equal(answers[0], answers[1]);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 3, 1)");
    assert_int_equal(accept(w, CLEO, id[1]), 404); /* it is not there */
    world_script(w, "DELETE FROM block");
    for (int i = 0; i < 2; i++) {
        assert_int_equal(accept(w, owners[i], id[i]), 204);
        assert_int_equal(accept(w, owners[i], id[i]), 404);
        assert_int_equal(visit(w, owners[i], owners[i], "guestbook"), 200);
        assert_true(world_says_word(w, "psst"));
        assert_int_equal(visit(w, DAN, owners[i], "guestbook"), 200);
        assert_true(world_says_word(w, "psst") && world_says(w, "\"waiting\":false"));
    }
    befriend(w, ANA, BEN);
    assert_int_equal(sign(w, ANA, BEN, "of a friend"), 201);
    assert_true(world_says(w, "\"waiting\":false"));
    assert_int_equal(visit(w, DAN, BEN, "guestbook"), 200);
    assert_true(world_says(w, "of a friend"));
}

static void what_waits_is_bounded_and_the_oldest_give_way(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    assert_int_equal(sign(w, ANA, BEN, "first"), 201);
    world_script(w, "INSERT INTO home_entry (id, owner_id, writer_id, body_ct, at_ms, held)"
                    " SELECT n.i, 2, 3, (SELECT body_ct FROM home_entry LIMIT 1), 0, 1 FROM"
                    " (WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c"
                    " WHERE i < 99) SELECT i FROM c) n");
    assert_int_equal(sign(w, ANA, BEN, "last"), 201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry"), HOMEPAGES_HELD_MAX);
    world_script(w, "UPDATE home_entry SET at_ms = 1800000000000 WHERE id BETWEEN 30 AND 99");
    assert_int_equal(sign(w, ANA, BEN, "of today"), 201); /* of one day: fewer */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry WHERE at_ms > 0"), 50);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry WHERE writer_id = 1"), 3);
}

static void an_entry_goes_by_its_writer_or_the_owner_and_by_nobody_else(struct world *w)
{
    char id[3][32];
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sign(w, ANA, BEN, "hello"), 201);
        snprintf(id[i], sizeof(id[i]), "%s", world_field(w, "id"));
    }
    assert_int_equal(strike(w, CLEO, id[0]), 404);
    assert_int_equal(strike(w, ADA, id[0]), 404);
    assert_string_equal(world_code(w), "homepages.no_entry");
    assert_int_equal(strike(w, ANA, id[0]), 204);
    assert_int_equal(strike(w, ANA, id[0]), 404);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    assert_int_equal(strike(w, ANA, id[1]), 204); /* one's own words stay one's own */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 1);
    assert_int_equal(strike(w, BEN, id[2]), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 0); /* nothing to look at */
}

static void entries_of_whom_one_does_not_perceive_are_not_there(struct world *w)
{
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    for (int i = 0; i < HOMEPAGES_PAGE + 5; i++) {
        assert_int_equal(sign(w, CLEO, BEN, "of cleo"), 201);
    }
    assert_int_equal(sign(w, DAN, BEN, "of dan"), 201);
    world_script(w, ALL_ACCEPTED);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (3, 1, 1)");
    assert_int_equal(visit(w, ANA, BEN, "guestbook"), 200);
    assert_true(world_says(w, "of dan") && !world_says_word(w, "cleo"));
    assert_true(world_says(w, "\"next\":null")); /* no empty page that would tell */
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 4");
    assert_int_equal(visit(w, ANA, BEN, "guestbook"), 200);
    assert_true(world_says(w, "{\"open\":true,\"items\":[],\"next\":null}"));
}

static void a_book_is_read_in_pages_and_is_full_at_a_thousand(struct world *w)
{
    char path[120], text[700];
    everybody_is_real(w);
    assert_int_equal(decorate(w, BEN, 0, BOOK), 200);
    for (int i = 0; i < HOMEPAGES_PAGE + 1; i++) {
        snprintf(text, sizeof(text), "entry-%d.", i);
        assert_int_equal(sign(w, ANA, BEN, text), 201);
        atomic_fetch_add(&w->now_ms, 1000);
    }
    world_script(w, ALL_ACCEPTED);
    assert_int_equal(visit(w, CLEO, BEN, "guestbook"), 200);
    assert_true(world_says(w, "entry-20.") && world_says(w, "entry-1.") && !world_says(w, "y-0."));
    snprintf(path, sizeof(path), "guestbook?before=%s", world_field(w, "next"));
    assert_int_equal(visit(w, CLEO, BEN, path), 200);
    assert_true(world_says(w, "entry-0.") && world_says(w, "\"next\":null"));
    memset(text, 'x', sizeof(text));
    text[HOMEPAGES_ENTRY_MAX + 1] = '\0';
    assert_int_equal(sign(w, ANA, BEN, text), 400);
    text[HOMEPAGES_ENTRY_MAX] = '\0';
    assert_int_equal(sign(w, ANA, BEN, text), 201);
    world_script(w, "INSERT INTO home_entry (id, owner_id, writer_id, body_ct, at_ms) SELECT i,"
                    " 2, 1, (SELECT body_ct FROM home_entry LIMIT 1), 0 FROM (WITH RECURSIVE c(i)"
                    " AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i<977) SELECT i FROM c) n");
    assert_int_equal(sign(w, ANA, BEN, "the last"), 201);
    world_script(w, ALL_ACCEPTED);
    assert_int_equal(sign(w, ANA, BEN, "too many"), 429);
    assert_string_equal(world_code(w), "homepages.full");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    assert_int_equal(sign(w, CLEO, BEN, "of cleo"), 201);
}

static void nothing_on_it(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_block"), 0);
}

static void nothing_written(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 0);
}

static void a_failing_statement_changes_nothing(struct world *w)
{
    char path[120];
    everybody_is_real(w);
    room(w, 7, BEN, "public");
    world_faults(w, BEN, "PUT", "/api/me/home",
                 "{\"style\":\"sea\",\"version\":0,\"blocks\":[{\"kind\":\"room\",\"room\":"
                 "\"room7\"},{\"kind\":\"guestbook\"}]}",
                 nothing_on_it);
    snprintf(path, sizeof(path), "/api/people/%s/guestbook", w->public_ids[BEN]);
    world_faults(w, ANA, "POST", path, "{\"text\":\"hello\"}", nothing_written);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM home_entry"), 1);
}

int main(void)
{
    static const struct feature *const list[] = {&homepages_feature, &profiles_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_homepage_is_made_of_ordered_blocks_in_a_style),
        WORLD_TEST(only_public_rooms_of_ones_own_are_shown),
        WORLD_TEST(friends_are_those_whom_the_visitor_perceives),
        WORLD_TEST(a_page_that_does_not_reach_looks_empty),
        WORLD_TEST(what_a_stranger_writes_waits_for_the_owners_yes_whoever_that_is),
        WORLD_TEST(what_waits_is_bounded_and_the_oldest_give_way),
        WORLD_TEST(blocks_have_limits),
        WORLD_TEST(who_is_not_there_and_who_is_hidden_get_one_answer),
        WORLD_TEST(others_write_into_the_guest_book_and_the_owner_is_told),
        WORLD_TEST(an_entry_goes_by_its_writer_or_the_owner_and_by_nobody_else),
        WORLD_TEST(entries_of_whom_one_does_not_perceive_are_not_there),
        WORLD_TEST(a_book_is_read_in_pages_and_is_full_at_a_thousand),
        WORLD_TEST(a_failing_statement_changes_nothing),
    };
    static const struct world_test counted[] = {
        WORLD_TEST(a_page_takes_five_statements_whatever_the_number_of_friends),
    };
    const struct world_options options = {.features = list};
    const struct world_options once = {.features = list, .once = true};
    return world_run(&options, tests, COUNT(tests)) + world_run(&once, counted, COUNT(counted));
}
