#include "features/talk/rooms/rooms_test.h"
#include "tests/support/members.h"

/* Whom rooms reach, who is named by them, and what a page of them tells. */

static void set_state(struct world *w, int who, const char *state)
{
    char text[200];
    snprintf(text, sizeof(text), "UPDATE account SET state = '%s' WHERE id = %lld", state,
             (long long)w->account_ids[who]);
    world_script(w, text);
}

static void befriend(struct world *w, int a, int b)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (%lld, %lld, 1),"
             " (%lld, %lld, 1)",
             (long long)w->account_ids[a], (long long)w->account_ids[b],
             (long long)w->account_ids[b], (long long)w->account_ids[a]);
    world_script(w, sql);
}

static int get(struct world *w, int who, const char *id, const char *rest)
{
    return world_sendf(w, who, "GET", NULL, "/api/rooms/%s%s", id, rest);
}

static bool listed(struct world *w, int who, const char *name)
{
    assert_int_equal(world_send(w, who, "GET", "/api/rooms", NULL), 200);
    return world_says(w, name);
}

static const char *verdict(struct world *w, const char *id, int who)
{
    const char *code = admit(w, id, who).verdicts[0].code;
    return code ? code : "come in";
}

static void who_is_kept_from_people_reads_no_room_by_any_way(struct world *w)
{
    const char *id = make(w, ANA, "Harbour", "public");
    struct live_load_out room = load(w, id);
    say(w, &room, 1, ANA, "a", "hello stranger");
    assert_int_equal(get(w, CLEO, id, "/messages"), 200);
    member_kept(w, CLEO, true);
    const char *own = make(w, CLEO, "Mine alone", "closed"),
               *open = make(w, CLEO, "Mine", "public");
    assert_string_equal(verdict(w, id, CLEO), "rooms.parent");
    assert_int_equal(get(w, CLEO, id, ""), 403);
    assert_string_equal(world_code(w), "rooms.parent");
    assert_int_equal(get(w, CLEO, id, "/messages"), 403);
    assert_string_equal(world_code(w), "rooms.parent");
    assert_false(listed(w, CLEO, "Harbour"));
    assert_true(world_says(w, "Mine alone"));
    assert_int_equal(get(w, CLEO, own, "/messages"), 200);
    assert_string_equal(verdict(w, own, CLEO), "come in");
    assert_int_equal(get(w, CLEO, open, ""), 200); /* to close it, say */
    assert_int_equal(get(w, CLEO, open, "/messages"), 403);
    assert_string_equal(verdict(w, open, CLEO), "rooms.parent");
}

static void what_a_kept_child_opens_is_there_for_friends_only(struct world *w)
{
    const char *open = make(w, CLEO, "Den of Cleo", "public");
    const char *link = make(w, CLEO, "Nook of Cleo", "unlisted");
    befriend(w, CLEO, BEN);
    assert_true(listed(w, ANA, "Den of Cleo"));
    member_kept(w, CLEO, true);
    const char *const both[] = {open, link};
    for (size_t i = 0; i < COUNT(both); i++) {
        assert_int_equal(get(w, ANA, both[i], ""), 404);
        assert_int_equal(get(w, ANA, both[i], "/messages"), 404);
        assert_string_equal(verdict(w, both[i], ANA), "rooms.missing");
        assert_int_equal(get(w, BEN, both[i], ""), 200);
        assert_string_equal(verdict(w, both[i], BEN), "come in");
    }
    assert_false(listed(w, ANA, "Den of Cleo"));
    assert_true(listed(w, BEN, "Den of Cleo"));
}

/* GET /api/admin/rooms/{id} is their way, which leaves a line: staff_acts_test.c. */
static void staff_come_into_no_closed_room_and_read_none_by_the_way_of_members(struct world *w)
{
    const char *closed = make(w, ANA, "Study", "closed"), *open = make(w, ANA, "Hall", "public");
    struct live_load_out room = load(w, closed);
    say(w, &room, 1, ANA, "a", "dear diary");
    assert_string_equal(verdict(w, closed, ANA), "come in");
    assert_string_equal(verdict(w, closed, ADA), "rooms.missing");
    assert_string_equal(verdict(w, open, ADA), "come in");
    assert_int_equal(get(w, ADA, closed, ""), 404);
    assert_int_equal(get(w, ADA, closed, "/messages"), 404);
    assert_false(listed(w, ADA, "Study"));
    assert_int_equal(world_sendf(w, ADA, "GET", NULL, "/api/admin/rooms/%s", closed), 200);
    assert_true(world_says(w, "Study"));
    assert_false(world_says(w, "dear diary"));
    assert_string_equal(verdict(w, closed, ADA), "rooms.missing"); /* nor by having looked */
}

static void a_minors_room_is_unlisted_unless_they_say_public(struct world *w)
{
    static const char *const rooms[] = {"Quiet", "Loud"};
    w->minors[CLEO] = true;
    for (size_t i = 0; i < 2; i++) {
        char json[200];
        snprintf(json, sizeof(json), "{\"name\":\"%s\",\"scene\":\"lounge\",\"language\":\"en\"%s}",
                 rooms[i], i == 1 ? ",\"visibility\":\"public\"" : "");
        assert_int_equal(world_send(w, CLEO, "POST", "/api/rooms", json), 201);
        char id[32];
        snprintf(id, sizeof(id), "%s", world_field(w, "id"));
        assert_int_equal(get(w, CLEO, id, ""), 200);
        assert_string_equal(world_field(w, "visibility"), i == 1 ? "public" : "unlisted");
        assert_int_equal(listed(w, ANA, rooms[i]), i == 1);
        assert_true(listed(w, CLEO, rooms[i]));
        assert_string_equal(verdict(w, id, ANA), "come in"); /* whoever has its link */
    }
    const char *usual = "{\"name\":\"Adult\",\"scene\":\"lounge\",\"language\":\"en\"}";
    assert_int_equal(world_send(w, BEN, "POST", "/api/rooms", usual), 201);
    assert_true(listed(w, ANA, "Adult"));
}

static void with_its_owner_a_room_is_gone(struct world *w)
{
    const char *id = make(w, CLEO, "Trap", "public");
    struct live_load_out out = load(w, id);
    set_state(w, CLEO, "ended");
    assert_false(listed(w, ANA, "Trap"));
    assert_int_equal(get(w, ANA, id, ""), 404);
    assert_int_equal(get(w, ANA, id, "/messages"), 404);
    struct live_load_in in = {id};
    assert_int_equal(ask(w, &rooms_load_route, &in, &out), ERR_MISSING);
    struct live_admit_out admitted;
    struct live_entrant entrant = {.account_id = w->account_ids[ANA]};
    struct live_admit_in wish = {id, &entrant, 1, NULL, 0};
    assert_int_equal(ask(w, &rooms_admit_route, &wish, &admitted), ERR_MISSING);
    set_state(w, CLEO, "active");
    assert_int_equal(get(w, ANA, id, ""), 200);
}

static const char *no_room(struct world *w, const char *id)
{
    assert_int_equal(get(w, ANA, id, ""), 404);
    assert_int_equal(get(w, ANA, id, "/messages"), 404);
    return verdict(w, id, ANA);
}

/* And for whom the owner blocked, or who blocked the owner: everybody else stays. */
static void for_whom_a_block_hides_its_owner_a_room_is_gone_until_it_ends(struct world *w)
{
    static const char *const blocks[] = {"(3, 1, 1)", "(1, 3, 1)"};
    const char *open = make(w, CLEO, "Trap", "public"), *link = make(w, CLEO, "Nook", "unlisted");
    for (size_t i = 0; i < COUNT(blocks); i++) {
        char sql[200];
        snprintf(sql, sizeof(sql), "INSERT INTO block (account_id, other_id, since_ms) VALUES %s",
                 blocks[i]);
        world_script(w, sql);
        world_script(w, "INSERT INTO room_removed (room_id, account_id, until_ms)"
                        " SELECT id, 1, 4000000000000 FROM room");
        assert_string_equal(no_room(w, open), "rooms.missing"); /* whatever else was before */
        assert_string_equal(no_room(w, link), "rooms.missing");
        assert_false(listed(w, ANA, "Trap"));
        assert_true(listed(w, BEN, "Trap"));
        assert_string_equal(verdict(w, open, BEN), "come in");
        world_script(w, "DELETE FROM room_removed; DELETE FROM block");
        assert_int_equal(get(w, ANA, open, ""), 200);
        assert_string_equal(verdict(w, open, ANA), "come in");
    }
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (3, 5, 1)");
    assert_int_equal(get(w, ADA, open, ""), 404);
    assert_int_equal(world_sendf(w, ADA, "GET", NULL, "/api/admin/rooms/%s", open), 200);
}

static void an_owner_is_named_to_whom_they_chose(struct world *w)
{
    static const struct {
        const char *findable;
        int invisible;
        bool stranger, friend;
    } rows[] = {{"everyone", 0, true, true},
                {"everyone", 1, true, true}, /* as if offline */
                {"friends", 0, false, true},
                {"nobody", 0, false, false}};
    const char *id = make(w, CLEO, "Salon", "public");
    befriend(w, CLEO, BEN);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char sql[300];
        snprintf(sql, sizeof(sql),
                 "DELETE FROM people_choice; INSERT INTO people_choice (account_id, messages,"
                 " join_me, findable, invisible) VALUES (%lld, 'everyone', 'friends', '%s', %d)",
                 (long long)w->account_ids[CLEO], rows[i].findable, rows[i].invisible);
        world_script(w, sql);
        assert_int_equal(get(w, ANA, id, ""), 200);
        assert_int_equal(world_says(w, "\"owner_name\":null"), !rows[i].stranger);
        assert_int_equal(get(w, BEN, id, ""), 200);
        assert_int_equal(world_says(w, "\"owner_name\":null"), !rows[i].friend);
        assert_int_equal(get(w, CLEO, id, ""), 200);
        assert_false(world_says(w, "\"owner_name\":null"));
        assert_int_equal(admit(w, id, CLEO).verdicts[0].invisible, rows[i].invisible);
    }
}

/* Where a page begins is never looked up: a room one may not see answers like none. */
static void a_page_tells_nothing_of_rooms_one_may_not_see(struct world *w)
{
    world_set(w, "rooms_per_member", "100");
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof(name), "room %02d", i);
        make(w, i < 30 ? ANA : BEN, name, "public");
    }
    const char *closed = make(w, CLEO, "room 55 is secret", "closed");
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms?after=%s", closed), 400);
    assert_string_equal(world_code(w), "input.cursor");
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms?after=aaaaaaaaaaaaaaaaaaaaaaaaaa", NULL),
                     400);
    assert_string_equal(world_code(w), "input.cursor");
    char next[4096];
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms", NULL), 200);
    snprintf(next, sizeof(next), "%s", world_field(w, "next"));
    assert_int_equal(world_sendf(w, BEN, "GET", NULL, "/api/rooms?after=%s", next), 400);
    world_script(w, "UPDATE room SET name_fold = 'a' WHERE name_fold = 'room 49'");
    assert_int_equal(world_sendf(w, ANA, "GET", NULL, "/api/rooms?after=%s", next), 200);
    assert_true(world_says(w, "room 50")); /* goes on where it ended, whatever became of the last */
    assert_false(world_says(w, "room 48"));
    assert_true(world_says(w, "\"next\":null"));
}

int main(void)
{
    static const struct feature *const list[] = {&rooms_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(who_is_kept_from_people_reads_no_room_by_any_way),
        WORLD_TEST(what_a_kept_child_opens_is_there_for_friends_only),
        WORLD_TEST(with_its_owner_a_room_is_gone),
        WORLD_TEST(for_whom_a_block_hides_its_owner_a_room_is_gone_until_it_ends),
        WORLD_TEST(staff_come_into_no_closed_room_and_read_none_by_the_way_of_members),
        WORLD_TEST(a_minors_room_is_unlisted_unless_they_say_public),
        WORLD_TEST(an_owner_is_named_to_whom_they_chose),
        WORLD_TEST(a_page_tells_nothing_of_rooms_one_may_not_see),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
