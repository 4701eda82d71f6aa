#include <string.h>

#include "tests/support/world.h"

extern const struct feature gifts_feature;

static void friends(struct world *w)
{
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (1, 2, 1),"
                    " (2, 1, 1)");
}

static int give(struct world *w, int who, int whom)
{
    return world_sendf(w, who, "POST", "{}", "/api/people/%s/gifts", w->public_ids[whom]);
}

static size_t told(const struct world *w, int who)
{
    size_t count = 0;
    for (size_t i = 0; i < w->event_count; i++) {
        count += w->events[i].account_id == w->account_ids[who] &&
                 strcmp(w->event_json[i], "{\"t\":\"gifts\"}") == 0;
    }
    return count;
}

static void what_a_friend_gives_is_told_at_once_and_listed(struct world *w)
{
    friends(w);
    assert_int_equal(give(w, ANA, BEN), 204);
    assert_int_equal(told(w, BEN), 1);
    assert_int_equal(told(w, ANA), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'gifts.given'"), 1);
    assert_int_equal(world_send(w, BEN, "GET", "/api/gifts", NULL), 200);
    assert_non_null(strstr(w->last.body, w->public_ids[ANA]));
    assert_int_equal(world_send(w, ANA, "GET", "/api/gifts", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}");
}

static void to_who_is_no_friend_nothing_can_be_given(struct world *w)
{
    assert_int_equal(give(w, ANA, BEN), 404);
    friends(w);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
    assert_int_equal(give(w, ANA, BEN), 404);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM gifts"), 0);
}

static void as_many_stay_as_the_operator_says_the_newest(struct world *w)
{
    friends(w);
    world_set(w, "gifts_kept", "2");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(give(w, ANA, BEN), 204);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM gifts"), 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM gifts g WHERE g.id < (SELECT MAX(id)"
                                    " FROM gifts)"),
                     1);
}

int main(void)
{
    static const struct feature *const list[] = {&gifts_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(what_a_friend_gives_is_told_at_once_and_listed),
        WORLD_TEST(to_who_is_no_friend_nothing_can_be_given),
        WORLD_TEST(as_many_stay_as_the_operator_says_the_newest),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
