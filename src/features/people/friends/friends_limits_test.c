#include "features/people/friends/friends_test.h"

/* ---- limits ---- */

static void lists_are_full_at_their_limits_and_not_before(struct world *w)
{
    crowd(w, 1000, FRIENDS_MAX + 2);
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms, refused_ms) SELECT 1, id,"
                    " 1800000000000, CASE WHEN id < 1050 THEN 1 END FROM account"
                    " WHERE id BETWEEN 1000 AND 1098");
    assert_int_equal(ask(w, ANA, BEN), 201);
    assert_int_equal(ask(w, ANA, CLEO), 429); /* refused ones count, or one could tell them */
    assert_string_equal(world_code(w), "friends.sent");
    assert_int_equal(ask(w, ANA, BEN), 201); /* is among them */
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) SELECT id, 4,"
                    " 1700000000000 FROM account WHERE id BETWEEN 1000 AND 1998");
    assert_int_equal(ask(w, BEN, DAN), 201);
    assert_int_equal(ask(w, CLEO, DAN), 201); /* a flood shuts nobody out: the oldest gives way */
    assert_non_null(strstr(requests(w, DAN), w->public_ids[CLEO]));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request WHERE to_id = 4 AND"
                                    " refused_ms IS NULL"),
                     FRIENDS_WAITING_MAX);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) SELECT 3, id, 1"
                    " FROM account WHERE id BETWEEN 1000 AND 5999");
    assert_int_equal(answer(w, DAN, CLEO, "accept"), 429);
    assert_string_equal(world_code(w), "friends.later");
    assert_int_equal(ask(w, CLEO, BEN), 429);
    assert_string_equal(world_code(w), "friends.many");
    world_script(w, "DELETE FROM friendship WHERE friend_id = 5999");
    assert_int_equal(answer(w, DAN, CLEO, "accept"), 200);
}

static size_t notices_of_ben(struct world *w)
{
    return (size_t)world_count(w, "SELECT COUNT(*) FROM notice WHERE account_id = 2");
}

/* Who asks is answered alike, whether or not somebody hears of it. */
static void fifty_requests_a_day_are_shown_and_the_oldest_give_way(struct world *w)
{
    crowd(w, 1000, FRIENDS_SHOWN_A_DAY);
    assert_int_equal(ask(w, ADA, BEN), 201);
    assert_int_equal(notices_of_ben(w), 1);
    world_script(w, "DELETE FROM notice");
    world_script(w, "DELETE FROM friend_request");
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) SELECT id, 2,"
                    " 1800000000000 - 5000 + id FROM account WHERE id >= 1000");
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) VALUES (4, 2, 1)");
    for (int whom = BEN; whom <= CLEO; whom++) {
        assert_int_equal(ask(w, ANA, whom), 201);
        assert_string_equal(world_field(w, "relation"), "asked");
    }
    assert_int_equal(notices_of_ben(w), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request WHERE to_id = 2 AND"
                                    " refused_ms IS NULL"),
                     FRIENDS_SHOWN_A_DAY + 1); /* and the one of long ago */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request WHERE to_id = 2 AND"
                                    " refused_ms IS NOT NULL AND from_id = 1000"),
                     1);
    assert_non_null(strstr(requests(w, BEN), w->public_ids[ANA]));
    w->now_ms += TIME_DAY;
    assert_int_equal(ask(w, CLEO, BEN), 201); /* another day */
    assert_int_equal(notices_of_ben(w), 1);
}

static void five_thousand_requests_to_one_are_read_in_pages(struct world *w)
{
    char path[160] = "/api/friends/requests", next[128];
    size_t seen = 0, pages = 0;
    crowd(w, 1000, 5000);
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms, refused_ms) SELECT id, 1,"
                    " 1800000000000 - id % 7, CASE WHEN id >= 2000 THEN 1 END FROM account"
                    " WHERE id >= 1000");
    do {
        assert_int_equal(world_send(w, ANA, "GET", path, NULL), 200);
        for (const char *at = w->last.body; (at = strstr(at, "\"id\":")); at++) {
            seen++;
        }
        snprintf(next, sizeof(next), "%s", world_field(w, "next"));
        snprintf(path, sizeof(path), "/api/friends/requests?after=%s", next);
        pages++;
    } while (strcmp(next, "null") != 0);
    assert_int_equal(seen, 1000);
    assert_int_equal(pages, 1000 / FRIENDS_ASKED_PAGE + 1);
}

static void thirty_requests_a_day_are_enough(struct world *w)
{
    crowd(w, 100, FRIENDS_SENT_A_DAY + 1);
    for (int i = 0; i <= FRIENDS_SENT_A_DAY; i++) {
        char json[64];
        snprintf(json, sizeof(json), "{\"id\":\"p%d\"}", 100 + i);
        assert_int_equal(world_send(w, ANA, "POST", "/api/friends/requests", json),
                         i < FRIENDS_SENT_A_DAY ? 201 : 429);
    }
    assert_true(w->last.retry_ms > 0);
}

/* ---- friends ---- */

/* All names but those of a few who have just come. */
static enum err fold(struct call *call, void *arg UNUSED)
{
    SQL(test_fold, "UPDATE account SET name_fold = $1 WHERE id = $2");
    for (int64_t id = 1500; id < 6000; id++) {
        const char *name = arena_printf(call->arena, "n%d", (int)id);
        TRY(store_run(call, &test_fold, BIND(BYTES(name, strlen(name)), I64(id)), NULL));
    }
    return OK;
}

static void friends_come_in_pages_favourites_first_and_then_by_name(struct world *w)
{
    char path[600] = "/api/friends", next[512];
    static char order[5000][8];
    size_t seen = 0;
    crowd(w, 1000, 5000);
    assert_int_equal(world_do(w, ANA, fold, NULL), OK);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms, favourite)"
                    " SELECT 1, id, 1, CASE WHEN id % 100 = 7 THEN 1 ELSE 0 END FROM account"
                    " WHERE id >= 1000");
    do {
        assert_int_equal(world_send(w, ANA, "GET", path, NULL), 200);
        for (const char *at = w->last.body; (at = strstr(at, "\"name\":\"")); at++) {
            snprintf(order[seen++], sizeof(order[0]), "%.5s", at + strlen("\"name\":\""));
        }
        snprintf(next, sizeof(next), "%s", world_field(w, "next"));
        snprintf(path, sizeof(path), "/api/friends?after=%s", next);
    } while (strcmp(next, "null") != 0);
    assert_int_equal(seen, 5000);
    for (size_t i = 1; i < seen; i++) {
        bool one = strcmp(order[i - 1] + 3, "07") == 0, other = strcmp(order[i] + 3, "07") == 0;
        bool folded = order[i][1] > '1' || order[i][2] >= '5';
        assert_true(one >= other);
        assert_true(one != other || !folded || strcmp(order[i - 1], order[i]) < 0);
    }
}

static void a_page_of_friends_takes_two_statements(struct world *w)
{
    uint64_t statements = 0;
    crowd(w, 1000, FRIENDS_PAGE);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                    " SELECT 1, id, 1 FROM account WHERE id >= 1000");
    do {
        store_fail_at(w->store.store, ++statements, ERR_BROKEN);
    } while (world_send(w, ANA, "GET", "/api/friends", NULL) == 500);
    store_fail_at(w->store.store, 0, OK);
    assert_int_equal(w->last.status, 200);
    assert_int_equal(statements - 1, 2); /* however many friends, wherever they are */
}

/* One character of it becomes eighteen: folded, the name is longer than any limit. */
static void a_name_that_grows_when_it_is_folded_finds_nobody(struct world *w)
{
    static const int times[] = {14, 32};
    for (size_t i = 0; i < COUNT(times); i++) {
        char path[512] = "/api/people?search=";
        for (int n = 0; n < times[i]; n++) {
            strcat(path, "%EF%B7%BA");
        }
        assert_int_equal(world_send(w, ANA, "GET", path, NULL), 200);
        assert_true(world_says(w, "\"items\":[]"));
    }
}

int main(void)
{
    static const struct feature *const list[] = {&friends_feature, &blocks_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(lists_are_full_at_their_limits_and_not_before),
        WORLD_TEST(fifty_requests_a_day_are_shown_and_the_oldest_give_way),
        WORLD_TEST(a_name_that_grows_when_it_is_folded_finds_nobody),
        WORLD_TEST(five_thousand_requests_to_one_are_read_in_pages),
        WORLD_TEST(friends_come_in_pages_favourites_first_and_then_by_name),
    };
    static const struct world_test limited[] = {WORLD_TEST(thirty_requests_a_day_are_enough)};
    static const struct world_test counted[] = {WORLD_TEST(a_page_of_friends_takes_two_statements)};
    const struct world_options options = {.features = list};
    const struct world_options strict = {.features = list, .limit_scale = 1};
    const struct world_options once = {.features = list, .once = true};
    int failed = world_run(&options, tests, COUNT(tests));
    failed |= world_run(&once, counted, COUNT(counted));
    return failed | world_run(&strict, limited, COUNT(limited));
}
