#include "features/talk/rooms/rooms_test.h"
#include "tests/support/members.h"

/* What a link to a room tells whoever is not signed in. */

#define NOTHING "{\"items\":[]}"

static int64_t room_id;
static int64_t in[PEOPLE];
static size_t in_count;

static void read_presence(void *ctx UNUSED, struct arena *arena, const struct presence_room **ret,
                          size_t *ret_count)
{
    struct presence_room *room = arena_alloc(arena, sizeof(*room));
    *room = (struct presence_room){.room_id = room_id, .account_ids = in, .count = in_count};
    *ret = room;
    *ret_count = in_count > 0;
}

static const char *shown(struct world *w, int who, const char *id)
{
    static char path[96];
    snprintf(path, sizeof(path), "/api/visitors/rooms/%s", id);
    assert_int_equal(world_send(w, who, "GET", path, NULL), 200);
    return path;
}

static bool is_nothing(struct world *w, int who, const char *id)
{
    shown(w, who, id);
    return world_says(w, NOTHING);
}

static void everybody_is_in(struct world *w, const char *id)
{
    char sql[120];
    snprintf(sql, sizeof(sql), "SELECT id FROM room WHERE public_id = '%s'", id);
    room_id = world_count(w, sql);
    in_count = 0;
    for (int who = ANA; who < PEOPLE; who++) {
        in[in_count++] = w->account_ids[who];
    }
}

static void a_public_room_has_a_name_a_picture_and_a_rounded_number(struct world *w)
{
    const char *id = make(w, ANA, "Harbour", "public");
    assert_int_equal(world_sendf(w, ANA, "PATCH",
                                 "{\"view\":\"bookcase\",\"light\":\"dusk\",\"topic\":\"Boats\","
                                 "\"tags\":[\"boats\"]}",
                                 "/api/rooms/%s", id),
                     200);
    everybody_is_in(w, id);
    shown(w, NOBODY, id);
    assert_true(world_says(w, "{\"items\":[{\"name\":\"Harbour\",\"scene\":\"lounge\",\"view\":"
                              "\"bookcase\",\"light\":\"dusk\",\"here\":5}]}"));
    in_count--;
    shown(w, NOBODY, id);
    assert_true(world_says(w, "\"here\":0}"));
    in_count++;
    /* Who is shown as offline is not counted. */
    char sql[200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO people_choice (account_id, messages, join_me, invisible)"
             " VALUES (%lld, 'friends', 'friends', 1)",
             (long long)w->account_ids[CLEO]);
    world_script(w, sql);
    shown(w, NOBODY, id);
    assert_true(world_says(w, "\"here\":0}"));
}

static void rooms_that_are_not_public_look_like_none_for_the_same_work(struct world *w)
{
    const char *ids[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaa",        make(w, ANA, "Secret", "closed"),
                         make(w, ANA, "By link", "unlisted"), make(w, ANA, "Over", "public"),
                         make(w, CLEO, "Den", "public"),      make(w, BEN, "Left", "public")};
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/rooms/%s", ids[3]), 204);
    member_kept(w, CLEO, true);
    char sql[120];
    snprintf(sql, sizeof(sql), "UPDATE account SET state = 'ended' WHERE id = %lld",
             (long long)w->account_ids[BEN]);
    world_script(w, sql);
    uint64_t work = 0;
    for (size_t i = 0; i < COUNT(ids); i++) {
        everybody_is_in(w, ids[i]);
        uint64_t one = member_statements(w, NOBODY, "GET", shown(w, NOBODY, ids[i]));
        assert_true(world_says(w, NOTHING));
        work = work ? work : one;
        assert_int_equal(one, work);
    }
    /* Its owner is shown the same: this says what others see. */
    assert_true(is_nothing(w, ANA, ids[1]) && is_nothing(w, ADA, ids[1]));
}

static void for_members_whom_a_block_hides_the_owner_there_is_no_room(struct world *w)
{
    const char *id = make(w, ANA, "Harbour", "public");
    char sql[160];
    snprintf(sql, sizeof(sql),
             "INSERT INTO block (account_id, other_id, since_ms) VALUES (%lld, %lld, 1)",
             (long long)w->account_ids[ANA], (long long)w->account_ids[BEN]);
    assert_false(is_nothing(w, BEN, id));
    world_script(w, sql);
    assert_true(is_nothing(w, BEN, id));
    assert_false(is_nothing(w, CLEO, id));
}

int main(void)
{
    static const struct feature *const list[] = {&rooms_feature, NULL};
    static const struct presence presence = {.read = read_presence};
    static const struct world_test tests[] = {
        WORLD_TEST(a_public_room_has_a_name_a_picture_and_a_rounded_number),
        WORLD_TEST(rooms_that_are_not_public_look_like_none_for_the_same_work),
        WORLD_TEST(for_members_whom_a_block_hides_the_owner_there_is_no_room),
    };
    const struct world_options options = {.features = list, .presence = &presence};
    return world_run(&options, tests, COUNT(tests));
}
