#include "features/talk/messages/messages_test.h"

#include "base/time.h"
#include "store/store.h"

/* Pages and search: what is found, in which order, and how far a slice goes. */

static int find(struct world *w, int who, const char *query)
{
    return world_sendf(w, who, "GET", NULL, "/api/messages/search?q=%s", query);
}

static const char *cid_of(char cid[16], int i)
{
    snprintf(cid, 16, "c%d", i);
    return cid;
}

/* The numbers of a page, in their order: "3 4 5". */
static const char *numbers(struct world *w)
{
    static char out[512];
    size_t len = 0;
    *out = '\0';
    for (const char *at = w->last.body; (at = strstr(at, "{\"seq\":")); at++) {
        len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%d", len ? " " : "",
                                atoi(at + strlen("{\"seq\":")));
        assert_true(len < sizeof(out));
    }
    return out;
}

static void pages_go_on_in_both_directions(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], cid[16];
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    for (int i = 1; i <= 9; i++) {
        assert_int_equal(say(w, i % 2 ? ANA : BEN, id, cid_of(cid, i), "x"), 201);
    }
    act(w, ANA, "GET", id, "/messages?limit=3", NULL);
    assert_string_equal(numbers(w), "7 8 9");
    assert_true(world_says(w, "\"before\":7") && !world_says(w, "\"after\""));
    act(w, ANA, "GET", id, "/messages?limit=3&before=7", NULL);
    assert_string_equal(numbers(w), "4 5 6");
    assert_true(world_says(w, "\"before\":4") && world_says(w, "\"after\":6"));
    act(w, ANA, "GET", id, "/messages?limit=3&before=4", NULL);
    assert_string_equal(numbers(w), "1 2 3");
    act(w, ANA, "GET", id, "/messages?limit=3&before=1", NULL);
    assert_string_equal(numbers(w), "");
    assert_false(world_says(w, "\"before\""));
    act(w, ANA, "GET", id, "/messages?limit=3&after=6", NULL);
    assert_string_equal(numbers(w), "7 8 9");
    act(w, ANA, "GET", id, "/messages?limit=4&around=5", NULL);
    assert_string_equal(numbers(w), "3 4 5 6");
    assert_true(world_says(w, "\"before\":3") && world_says(w, "\"after\":6"));
    act(w, ANA, "GET", id, "/messages?limit=100&around=900", NULL);
    assert_string_equal(numbers(w), "1 2 3 4 5 6 7 8 9");
    assert_false(world_says(w, "\"before\"") || world_says(w, "\"after\""));
    assert_int_equal(act(w, ANA, "GET", id, "/messages?limit=101", NULL), 400);
    assert_int_equal(act(w, ANA, "GET", id, "/messages?before=0", NULL), 400);
}

static void the_list_of_conversations_goes_on_where_it_ended(struct world *w)
{
    char sql[400], next[400];
    for (int i = 0; i < MESSAGES_LIST + 2; i++) { /* two at the same moment, again and again */
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation (id, public_id, kind, maker_id, created_ms) VALUES"
                 " (%d, 'c%025d', 'group', 1, 1)",
                 100 + i, i);
        world_script(w, sql);
        snprintf(sql, sizeof(sql),
                 "INSERT INTO conversation_member (conversation_id, account_id, state, since_seq,"
                 " read_seq, last_ms, key_ct) SELECT %d, id, 'in', 0, 0, %d, email_bi FROM (SELECT"
                 " id, CAST('x' AS %s) AS email_bi FROM account WHERE id = 1) a",
                 100 + i, 1000 + i / 2, w->store.pg ? "BYTEA" : "BLOB");
        world_script(w, sql);
    }
    assert_int_equal(list(w, ANA, "in"), 200);
    assert_int_equal(times(w, "\"kind\""), MESSAGES_LIST);
    snprintf(next, sizeof(next), "%s", world_field(w, "next"));
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/conversations?after=%s", next), 200);
    assert_int_equal(times(w, "\"kind\""), 2);
    assert_true(world_says(w, "c0000000000000000000000000\"") &&
                world_says(w, "c0000000000000000000000001\""));
    assert_int_equal(world_send(w, ANA, "GET", "/api/conversations?after=x", NULL), 400);
    assert_int_equal(
        world_sendf(w, ANA, "GET", NULL, "/api/conversations?box=requests&after=%s", next),
        400); /* it is of that list */
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/conversations?after=%s", next), 400);
    assert_string_equal(world_code(w), "input.cursor"); /* and of hers */
    assert_int_equal(list(w, BEN, "in"), 200);
    assert_int_equal(times(w, "\"kind\""), 0);
}

static void search_folds_and_finds_the_newest_first_in_all_that_is_ones_own(struct world *w)
{
    char with_ben[PUBLIC_ID_LEN + 1], with_cleo[PUBLIC_ID_LEN + 1], theirs[PUBLIC_ID_LEN + 1];
    befriend(w, ANA, BEN);
    befriend(w, ANA, CLEO);
    befriend(w, BEN, CLEO);
    open_with(w, ANA, BEN, with_ben);
    open_with(w, CLEO, ANA, with_cleo);
    open_with(w, BEN, CLEO, theirs);
    say(w, ANA, with_ben, "1", "An ÉCLAIR for you");
    w->now_ms += 400 * TIME_DAY;
    say(w, CLEO, with_cleo, "1", "which éclair?");
    w->now_ms += TIME_DAY;
    say(w, BEN, with_ben, "1", "ｅ\\u0301clair, please");
    say(w, BEN, with_ben, "2", "or tea");
    say(w, BEN, theirs, "1", "secret éclair");
    assert_int_equal(find(w, ANA, "%C3%89clair"), 200);
    assert_int_equal(times(w, "\"conversation\""), 3);
    const char *newest = strstr(w->last.body, "please");
    const char *middle = newest ? strstr(newest, "which") : NULL;
    assert_true(middle && strstr(middle, "for you"));
    assert_true(world_says(w, "\"next\":null") && world_says(w, "\"searched_ms\":0"));
    assert_false(world_says(w, "secret"));
    find(w, ANA, "nothing+like+it");
    assert_true(world_says(w, "\"items\":[]"));
    act(w, ANA, "DELETE", with_ben, "", NULL);
    find(w, ANA, "%C3%A9clair");
    assert_int_equal(times(w, "\"conversation\""), 1);
    assert_int_equal(find(w, ANA, "x"), 400);
    assert_int_equal(find(w, ANA, "xx&cursor=nonsense"), 400);
    assert_int_equal(find(w, DAN, "tea"), 200);
    assert_true(world_says(w, "\"items\":[]"));
}

/* Each once, whether found in one slice or in many. */
static void a_search_goes_on_where_its_slice_ended(struct world *w)
{
    char id[PUBLIC_ID_LEN + 1], cid[16], cursor[400] = "";
    enum { ALL = 2 * MESSAGES_FOUND_MAX + 5 };
    bool seen[ALL + 1] = {false};
    int found = 0, slices = 0;
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    for (int i = 1; i <= ALL; i++) {
        assert_int_equal(say(w, ANA, id, cid_of(cid, i), "needle"), 201);
        w->now_ms += i % 3 ? 2000 : TIME_DAY;
    }
    do {
        assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/messages/search?q=needle%s%s",
                                     *cursor ? "&cursor=" : "", cursor),
                         200);
        for (const char *at = w->last.body; (at = strstr(at, "{\"seq\":")); at++) {
            int seq = atoi(at + strlen("{\"seq\":"));
            assert_false(seen[seq]);
            seen[seq] = true;
            found++;
        }
        snprintf(cursor, sizeof(cursor), "%s", world_field(w, "next"));
    } while (strcmp(cursor, "null") != 0 && ++slices < 10);
    assert_int_equal(found, ALL);
    assert_in_range(slices, 2, 3);
}

/* Writes a message as long as one may be, of letters of four bytes. */
static int say_long(struct world *w, int who, const char *id, const char *cid)
{
    static char json[MESSAGES_TEXT_MAX * 4 + 64];
    size_t len = (size_t)snprintf(json, sizeof(json), "{\"cid\":\"%s\",\"text\":\"", cid);
    for (int i = 0; i < MESSAGES_TEXT_MAX; i++, len += 4) {
        memcpy(json + len, "😀", 4);
    }
    snprintf(json + len, sizeof(json) - len, "\"}");
    return act(w, who, "POST", id, "/messages", json);
}

/* However long or short they are, what a slice takes has a limit, and it goes on behind it. */
static void a_search_through_long_messages_stays_within_a_calls_memory(struct world *w)
{
    enum { EACH = 400 };
    char id[PUBLIC_ID_LEN + 1], cid[16], cursor[400] = "";
    int slices = 0;
    befriend(w, ANA, BEN);
    open_with(w, ANA, BEN, id);
    assert_int_equal(say(w, ANA, id, "first", "needle"), 201);
    for (int i = 0; i < EACH; i++) {
        assert_int_equal(say_long(w, i % 2 ? ANA : BEN, id, cid_of(cid, i)), 201);
    }
    for (int i = EACH; i < 2 * EACH; i++) {
        assert_int_equal(say(w, ANA, id, cid_of(cid, i), "x"), 201);
    }
    do {
        assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/messages/search?q=needle%s%s",
                                     *cursor ? "&cursor=" : "", cursor),
                         200);
        assert_in_range(arena_used(w->arena), 0, 2 * 1024 * 1024);
        slices++;
        if (times(w, "needle")) {
            break;
        }
        snprintf(cursor, sizeof(cursor), "%s", world_field(w, "next"));
    } while (strcmp(cursor, "null") != 0 && slices < 100);
    assert_int_equal(times(w, "\"conversation\""), 1);
    assert_in_range(slices, 4, 12);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(pages_go_on_in_both_directions),
        WORLD_TEST(the_list_of_conversations_goes_on_where_it_ended),
        WORLD_TEST(search_folds_and_finds_the_newest_first_in_all_that_is_ones_own),
        WORLD_TEST(a_search_goes_on_where_its_slice_ended),
        WORLD_TEST(a_search_through_long_messages_stays_within_a_calls_memory),
    };
    static const struct feature *const list_of[] = {&messages_feature, NULL};
    const struct world_options options = {.features = list_of};
    return world_run(&options, tests, COUNT(tests));
}
