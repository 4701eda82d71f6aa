#include <stdlib.h>

#include "features/talk/rooms/rooms_test.h"
#include "tests/support/members.h"

/* In which order rooms are listed. */

enum { ROOMS = 30, FIRST_ROOM = 100, FIRST_GUEST = 1000, GUESTS = 80, NAMES_MAX = 4000 };

/* Who is in which room: a test says it, in any order. */
static struct presence_room places[ROOMS];
static int64_t inside[ROOMS][GUESTS];
static size_t places_count;

static void read_places(void *ctx UNUSED, struct arena *arena UNUSED,
                        const struct presence_room **ret, size_t *ret_count)
{
    *ret = places;
    *ret_count = places_count;
}

/* Rooms 100 to 129, called "r00" to "r29", owned by ADA; and people to be in them. */
static void furnish(struct world *w)
{
    places_count = 0;
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) WITH RECURSIVE n (i) AS (SELECT"
                    " 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29) SELECT 100 + i, 'id' || i,"
                    " 'r' || substr('0' || i, length('0' || i) - 1), 'r' || substr('0' || i,"
                    " length('0' || i) - 1), 'cafe', 'en', 90, 'public', 5, 90, 0 FROM n");
    world_script(w,
                 "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                 " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
                 " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT 1000 UNION"
                 " ALL SELECT i + 1 FROM n WHERE i < 1079) SELECT i, 'p' || i, 'n' || i, 'n' || i,"
                 " 'n' || i, '1', i, 'ID', '18', 'member', 'active', 'en', 'mia', '[1,2]', 0, 0"
                 " FROM n");
}

/* `count` people from guest number `guest` on come into the room; rooms come in order. */
static void come(int room, int guest, size_t count)
{
    struct presence_room *at = &places[places_count];
    for (size_t i = 0; i < count; i++) {
        inside[places_count][i] = FIRST_GUEST + guest + (int)i;
    }
    *at = (struct presence_room){FIRST_ROOM + room, count, inside[places_count]};
    places_count++;
}

/* One more, into the room that was filled last. */
static void joins(int64_t account_id)
{
    struct presence_room *at = &places[places_count - 1];
    inside[places_count - 1][at->count++] = account_id;
}

/* The names of a page, a blank after each. */
static const char *names(struct world *w, int who, const char *path)
{
    static char all[NAMES_MAX];
    size_t len = 0;
    assert_int_equal(world_send(w, who, "GET", path, NULL), 200);
    all[0] = '\0';
    for (const char *at = w->last.body; (at = strstr(at, "\"name\":\"r")); at += 8) {
        len += (size_t)snprintf(all + len, sizeof(all) - len, "%.3s ", at + 8);
    }
    return all;
}

static bool begins(struct world *w, int who, const char *with)
{
    const char *all = names(w, who, "/api/rooms");
    return strncmp(all, with, strlen(with)) == 0;
}

static void are_friends(struct world *w, int64_t one, int64_t other)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (%lld, %lld, 1),"
             " (%lld, %lld, 1)",
             (long long)one, (long long)other, (long long)other, (long long)one);
    world_script(w, sql);
}

static void the_busiest_come_first_and_who_is_in_none_stand_by_name(struct world *w)
{
    furnish(w);
    assert_true(begins(w, ANA, "r00 r01 r02 r03 "));
    come(3, 0, 2);
    come(7, 2, 5);
    come(20, 7, 2);
    come(21, 9, 0);
    assert_true(begins(w, ANA, "r07 r03 r20 r00 r01 r02 r04 r05 r06 r08 "));
    /* Of two with as many the one with a friend. */
    are_friends(w, w->account_ids[ANA], FIRST_GUEST + 7);
    assert_true(begins(w, ANA, "r07 r20 r03 r00 "));
    assert_true(begins(w, BEN, "r07 r03 r20 r00 "));
    assert_string_equal(names(w, ANA, "/api/rooms?search=r2"),
                        "r20 r21 r22 r23 r24 r25 r26 r27 r28 r29 ");
}

/* More rooms with two than stand at the top, and one in which a single person is. */
static void crowd(void)
{
    for (int i = 0; i < ROOMS - 1; i++) {
        come(i, 2 * i, 2);
    }
    come(ROOMS - 1, 2 * ROOMS, 1);
}

#define TWENTY "r00 r01 r02 r03 r04 r05 r06 r07 r08 r09 r10 r11 r12 r13 r14 r15 r16 r17 r18 r19 "

static void a_friend_s_room_follows_as_long_as_one_may_see_where_they_are(struct world *w)
{
    static const char *const bars[][2] = {
        {"INSERT INTO people_choice (account_id, messages, join_me, invisible) VALUES (1060,"
         " 'everyone', 'nobody', 0)",
         "UPDATE people_choice SET join_me = 'friends'"},
        {"UPDATE people_choice SET invisible = 1", "DELETE FROM people_choice"},
        {"INSERT INTO block (account_id, other_id, since_ms) VALUES (1060, 1, 1)",
         "DELETE FROM block"},
        {"INSERT INTO block (account_id, other_id, since_ms) VALUES (1, 1060, 1)",
         "DELETE FROM block"},
        {"UPDATE account SET state = 'ended' WHERE id = 1060",
         "UPDATE account SET state = 'active' WHERE id = 1060"},
        {"DELETE FROM friendship", ""}};
    furnish(w);
    crowd();
    assert_true(begins(w, ANA, TWENTY "r20 r21 "));
    are_friends(w, w->account_ids[ANA], FIRST_GUEST + 2 * ROOMS);
    for (size_t i = 0; i < COUNT(bars); i++) {
        assert_true(begins(w, ANA, TWENTY "r29 r20 r21 "));
        assert_true(begins(w, BEN, TWENTY "r20 r21 "));
        world_script(w, bars[i][0]);
        assert_true(begins(w, ANA, TWENTY "r20 r21 "));
        world_script(w, bars[i][1]);
    }
}

static void where_one_has_spoken_comes_next_and_only_for_oneself(struct world *w)
{
    furnish(w);
    come(4, 0, 1);
    static const struct {
        const char *room;
        int who;
    } said[] = {{"id28", ANA}, {"id28", ANA}, {"id4", ANA}, {"id12", ANA},
                {"id15", BEN}, {"id15", BEN}, {"id16", DAN}};
    for (size_t i = 0; i < COUNT(said); i++) {
        char cid[16];
        struct live_load_out room = load(w, said[i].room);
        snprintf(cid, sizeof(cid), "c%zu", i);
        assert_null(say(w, &room, (int64_t)i + 1, said[i].who, cid, "words").stored[0].code);
    }
    assert_true(begins(w, ANA, "r04 r12 r28 r00 r01 r02 r03 r05 "));
    assert_true(begins(w, BEN, "r04 r15 r00 r01 "));
    assert_true(begins(w, CLEO, "r04 r00 r01 "));
}

/* What a viewer is answered, with the number of statements. */
static void answer(struct world *w, int who, char *ret, size_t size)
{
    statements_count(w);
    assert_int_equal(world_send(w, who, "GET", "/api/rooms", NULL), 200);
    int asked = (int)statements_counted(w);
    snprintf(ret, size, "%d %s", asked, w->last.body);
}

/* Two worlds give one answer, also for as many statements. */
static void the_order_tells_nothing_of_those_whom_one_does_not_perceive(struct world *w)
{
    static const char *const hide[] = {
        "INSERT INTO block (account_id, other_id, since_ms) SELECT 1, a.id, 1 FROM account a"
        " WHERE a.id >= 1040",
        "DELETE FROM block",
        "INSERT INTO block (account_id, other_id, since_ms) SELECT a.id, 1, 1 FROM account a"
        " WHERE a.id >= 1040",
        "DELETE FROM block",
        "INSERT INTO people_choice (account_id, messages, join_me, invisible) SELECT a.id,"
        " 'everyone', 'friends', 1 FROM account a WHERE a.id >= 1040",
        "DELETE FROM people_choice",
        "UPDATE account SET state = 'ended' WHERE id >= 1040",
        "UPDATE account SET state = 'active' WHERE id >= 1040"};
    static char without[32768], with[32768];
    furnish(w);
    for (int guest = 40; guest < 60; guest++) {
        are_friends(w, w->account_ids[ANA], FIRST_GUEST + guest);
    }
    come(5, 0, 2);
    come(9, 2, 1);
    joins(FIRST_GUEST + 79);
    places[1].count = 1;
    answer(w, ANA, without, sizeof(without));
    places_count = 0;
    come(5, 0, 2);
    come(9, 2, 1);
    for (int guest = 40; guest < 80; guest++) {
        joins(FIRST_GUEST + guest);
    }
    for (size_t i = 0; i < COUNT(hide); i += 2) {
        answer(w, ANA, with, sizeof(with));
        assert_true(begins(w, ANA, "r09 r05 "));
        world_script(w, hide[i]);
        answer(w, ANA, with, sizeof(with));
        assert_string_equal(with, without);
        world_script(w, hide[i + 1]);
    }
    answer(w, ANA, without, sizeof(without));
    world_script(w, "UPDATE account SET age_band = '13' WHERE id >= 1000");
    answer(w, ANA, with, sizeof(with));
    assert_string_equal(with, without);
}

/* Whom a parent keeps from people counts nobody anywhere else: for them no room is busy. */
static void whom_a_parent_keeps_from_people_sees_no_order_of_others(struct world *w)
{
    furnish(w);
    world_script(w, "UPDATE room SET owner_id = 1");
    are_friends(w, w->account_ids[BEN], w->account_ids[ANA]);
    come(3, 0, 2);
    assert_true(begins(w, BEN, "r03 r00 "));
    member_kept(w, BEN, true);
    assert_true(begins(w, BEN, "r00 r01 r02 r03 r04 "));
}

/* However people move between two pages, no room is missing from them. */
static void all_rooms_are_on_the_pages_whatever_happens_between_them(struct world *w)
{
    bool seen[150] = {false};
    char path[4096] = "/api/rooms";
    furnish(w);
    world_script(w, "INSERT INTO room (id, public_id, name, name_fold, scene, language, capacity,"
                    " visibility, owner_id, keep_days, created_ms) WITH RECURSIVE n (i) AS (SELECT"
                    " 30 UNION ALL SELECT i + 1 FROM n WHERE i < 149) SELECT 100 + i, 'id' || i,"
                    " 'r', 'r' || i, 'cafe', 'en', 90, 'public', 5, 90, 0 FROM n");
    crowd();
    int pages = 0;
    for (; path[0]; pages++) {
        assert_int_equal(world_send(w, ANA, "GET", path, NULL), 200);
        for (const char *at = w->last.body; (at = strstr(at, "\"id\":\"id")); at += 8) {
            seen[strtol(at + 8, NULL, 10)] = true;
        }
        places_count = pages % 2 ? ROOMS : 3;
        bool more = !world_says(w, "\"next\":null");
        snprintf(path, sizeof(path), more ? "/api/rooms?after=%s" : "",
                 more ? world_field(w, "next") : "");
    }
    assert_int_equal(pages, 4);
    for (size_t i = 0; i < COUNT(seen); i++) {
        assert_true(seen[i]);
    }
}

int main(void)
{
    static const struct feature *const list[] = {&rooms_feature, NULL};
    static const struct presence presence = {.read = read_places};
    static const struct world_test tests[] = {
        WORLD_TEST(the_busiest_come_first_and_who_is_in_none_stand_by_name),
        WORLD_TEST(a_friend_s_room_follows_as_long_as_one_may_see_where_they_are),
        WORLD_TEST(where_one_has_spoken_comes_next_and_only_for_oneself),
        WORLD_TEST(the_order_tells_nothing_of_those_whom_one_does_not_perceive),
        WORLD_TEST(whom_a_parent_keeps_from_people_sees_no_order_of_others),
        WORLD_TEST(all_rooms_are_on_the_pages_whatever_happens_between_them),
    };
    const struct world_options options = {.features = list, .presence = &presence};
    return world_run(&options, tests, COUNT(tests));
}
