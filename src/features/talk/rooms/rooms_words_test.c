#include "features/talk/rooms/rooms_test.h"
#include "privacy/erasure.h"
#include "tests/support/members.h"

/* What an owner says of a room beside its name: its picture, topic and tags. */

static int change(struct world *w, int who, const char *id, const char *json)
{
    return world_sendf(w, who, "PATCH", json, "/api/rooms/%s", id);
}

static int look(struct world *w, int who, const char *id)
{
    return world_sendf(w, who, "GET", NULL, "/api/rooms/%s", id);
}

static bool lists(struct world *w, int who, const char *tag, const char *name)
{
    char mark[80];
    snprintf(mark, sizeof(mark), "\"name\":\"%s\"", name);
    assert_int_equal(world_sendf(w, who, "GET", NULL, "/api/rooms?tag=%s", tag), 200);
    return world_says(w, mark);
}

static void a_room_has_a_topic_tags_and_a_picture_that_its_owner_changes(struct world *w)
{
    assert_int_equal(
        world_send(w, ANA, "POST", "/api/rooms",
                   "{\"name\":\"Den\",\"scene\":\"cafe\",\"language\":\"en\",\"view\":\"counter\","
                   "\"light\":\"night\",\"topic\":\"  Tea \\t and\\u3000books \","
                   "\"tags\":[\"Tea\",\"board-games\",\"tea\"],\"visibility\":\"public\"}"),
        201);
    assert_true(world_says(w,
                           "\"view\":\"counter\",\"light\":\"night\",\"topic\":\"Tea and books\","
                           "\"tags\":[\"tea\",\"board-games\"]"));
    char id[32];
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    /* What is not said stays; nothing is said by nothing. */
    assert_int_equal(change(w, ANA, id, "{\"light\":\"dusk\"}"), 200);
    assert_true(world_says(w, "\"view\":\"counter\",\"light\":\"dusk\",\"topic\":\"Tea and books\","
                              "\"tags\":[\"tea\",\"board-games\"]"));
    assert_int_equal(change(w, ANA, id, "{\"topic\":\"\",\"tags\":[]}"), 200);
    assert_int_equal(look(w, BEN, id), 200);
    assert_true(world_says(w, "\"light\":\"dusk\",\"topic\":\"\",\"tags\":[]"));
    assert_int_equal(change(w, BEN, id, "{\"topic\":\"Mine\"}"), 404);
}

static void words_that_cannot_be_are_refused_with_their_field(struct world *w)
{
    static const struct {
        const char *json, *field;
    } bad[] = {
        {"{\"topic\":\"a\\u202eb\"}", "topic"},
        {"{\"topic\":\"a\\u0301\\u0301\\u0301\\u0301\\u0301\"}", "topic"},
        {"{\"tags\":[\"a b\"]}", "tags"},
        {"{\"tags\":[\"-a\"]}", "tags"},
        {"{\"tags\":[\"a-\"]}", "tags"},
        {"{\"tags\":[\"a--b\"]}", "tags"},
        {"{\"tags\":[\"\u00e9\"]}", "tags"},
        {"{\"tags\":[\"%\"]}", "tags"},
        {"{\"tags\":[\"abcdefghijklmnopqrstu\"]}", "tags"},
        {"{\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]}", "tags"},
        {"{\"view\":\"fireplace\",\"scene\":\"cafe\"}", "view"},
        {"{\"view\":\"counter\"}", "view"}, /* of another scene */
        {"{\"light\":\"noon\"}", "light"},
    };
    const char *id = make(w, ANA, "Den", "public");
    char mark[40], long_topic[160];
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_int_equal(change(w, ANA, id, bad[i].json), 400);
        snprintf(mark, sizeof(mark), "\"field\":\"%s\"", bad[i].field);
        assert_true(world_says(w, mark));
    }
    snprintf(long_topic, sizeof(long_topic), "{\"topic\":\"%0121d\"}", 0);
    assert_int_equal(change(w, ANA, id, long_topic), 400);
    snprintf(long_topic, sizeof(long_topic), "{\"topic\":\"%0120d\"}", 0);
    assert_int_equal(change(w, ANA, id, long_topic), 200);
    assert_int_equal(world_send(w, ANA, "GET", "/api/rooms?tag=a%25", NULL), 400);
    assert_true(world_says(w, "\"field\":\"tag\""));
}

static void rooms_are_found_by_a_whole_tag(struct world *w)
{
    const char *tea = make(w, ANA, "Tea room", "public");
    const char *team = make(w, ANA, "Team room", "public");
    assert_int_equal(change(w, ANA, tea, "{\"tags\":[\"x\",\"tea\"]}"), 200);
    assert_int_equal(change(w, ANA, team, "{\"tags\":[\"team\",\"tea-time\"]}"), 200);
    assert_true(lists(w, BEN, "tea", "Tea room") && !world_says(w, "Team room"));
    assert_true(lists(w, BEN, "TEA", "Tea room"));
    assert_false(lists(w, BEN, "te", "Tea room"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?tag=tea&search=team", NULL), 200);
    assert_true(world_says(w, "{\"items\":[],\"next\":null}"));
}

/* The list by a tag is the list: it shows a room whenever that does, and never else. */
static void a_tag_tells_of_no_room_that_the_list_does_not_show(struct world *w)
{
    static const char *const empty = "{\"items\":[],\"next\":null}";
    const char *hidden[] = {make(w, ANA, "By link", "unlisted"), make(w, ANA, "Mine", "closed"),
                            make(w, ANA, "Over", "public"), make(w, CLEO, "Kept", "public")};
    for (size_t i = 0; i < COUNT(hidden); i++) {
        assert_int_equal(change(w, i == 3 ? CLEO : ANA, hidden[i], "{\"tags\":[\"secret\"]}"), 200);
    }
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/rooms/%s", hidden[2]), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room WHERE tags = ' secret '"), 3);
    member_kept(w, CLEO, true);
    uint64_t none = member_statements(w, BEN, "GET", "/api/rooms?tag=nowhere");
    assert_int_equal(member_statements(w, BEN, "GET", "/api/rooms?tag=secret"), none);
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?tag=secret", NULL), 200);
    assert_true(world_says(w, empty));
    /* Nor of one whose owner a block hides. */
    const char *open = make(w, ANA, "Open", "public");
    assert_int_equal(change(w, ANA, open, "{\"tags\":[\"secret\"]}"), 200);
    assert_true(lists(w, BEN, "secret", "Open"));
    char sql[160];
    snprintf(sql, sizeof(sql),
             "INSERT INTO block (account_id, other_id, since_ms) VALUES (%lld, %lld, 1)",
             (long long)w->account_ids[ANA], (long long)w->account_ids[BEN]);
    world_script(w, sql);
    assert_int_equal(world_send(w, BEN, "GET", "/api/rooms?tag=secret", NULL), 200);
    assert_true(world_says(w, empty));
}

/* Of 8 rooms nobody chose for; each keeps the picture that it has. */
static void rooms_of_one_scene_look_different_without_anybodys_doing(struct world *w)
{
    char first[120] = "";
    size_t others = 0;
    for (int i = 0; i < 8; i++) {
        char name[16], picture[120], again[120];
        snprintf(name, sizeof(name), "Room %d", i);
        const char *id = make(w, ANA, name, "public");
        assert_int_equal(look(w, BEN, id), 200);
        snprintf(picture, sizeof(picture), "%s %s", world_field(w, "view"),
                 world_field(w, "light"));
        assert_int_equal(look(w, ANA, id), 200);
        snprintf(again, sizeof(again), "%s %s", world_field(w, "view"), world_field(w, "light"));
        assert_string_equal(picture, again);
        others += i > 0 && strcmp(first, picture) != 0;
        snprintf(first, sizeof(first), "%s", i ? first : picture);
    }
    assert_true(others > 0);
}

static void a_view_that_another_scene_has_not_gives_way(struct world *w)
{
    const char *id = make(w, ANA, "Den", "public");
    assert_int_equal(change(w, ANA, id, "{\"view\":\"fireplace\"}"), 200);
    assert_int_equal(change(w, ANA, id, "{\"scene\":\"garden\"}"), 200);
    assert_false(world_says(w, "\"view\":\"fireplace\""));
    assert_int_equal(change(w, ANA, id, "{\"view\":\"pond\"}"), 200);
    assert_true(world_says(w, "\"view\":\"pond\""));
}

static void an_ended_room_keeps_no_words(struct world *w)
{
    const char *id = make(w, ANA, "Den", "public");
    assert_int_equal(change(w, ANA, id, "{\"topic\":\"Words\",\"tags\":[\"words\"]}"), 200);
    assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/rooms/%s", id), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room WHERE topic <> '' OR tags <> ''"),
                     0);
}

static enum err erase_ana(struct call *call, void *arg)
{
    struct erasure erasure = {.plan = erasure_plan,
                              .whose = {.account_id = *(const int64_t *)arg, .key_id = 1}};
    bool done = false;
    for (int i = 0; i < ERASURE_STEPS_MAX && !done; i++) {
        TRY(erasure_turn(call, &erasure, &done));
    }
    return done ? OK : ERR_BROKEN;
}

/* The row itself goes with the sweep, which may come an hour later. */
static void a_room_of_somebody_erased_keeps_no_words(struct world *w)
{
    const char *id = make(w, ANA, "Den", "public");
    assert_int_equal(change(w, ANA, id, "{\"topic\":\"Words\",\"tags\":[\"words\"]}"), 200);
    assert_int_equal(world_do(w, ANA, erase_ana, &w->account_ids[ANA]), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM room WHERE name <> '' OR name_fold <> ''"
                                    " OR topic <> '' OR tags <> ''"),
                     0);
}

int main(void)
{
    static const struct feature *const list[] = {&rooms_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(a_room_has_a_topic_tags_and_a_picture_that_its_owner_changes),
        WORLD_TEST(words_that_cannot_be_are_refused_with_their_field),
        WORLD_TEST(rooms_are_found_by_a_whole_tag),
        WORLD_TEST(a_tag_tells_of_no_room_that_the_list_does_not_show),
        WORLD_TEST(rooms_of_one_scene_look_different_without_anybodys_doing),
        WORLD_TEST(a_view_that_another_scene_has_not_gives_way),
        WORLD_TEST(an_ended_room_keeps_no_words),
        WORLD_TEST(a_room_of_somebody_erased_keeps_no_words),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
