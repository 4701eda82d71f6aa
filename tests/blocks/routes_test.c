#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/common/captures/captures.h"
#include "features/identity/names/names.h"
#include "features/people/friends/friends.h"
#include "features/talk/rooms/rooms.h"
#include "live/ask.h"
#include "store/store.h"
#include "tests/blocks/rules.h"
#include "tests/support/world.h"

/*
 * One block, true everywhere: every route of every feature, as the blocker and as the
 * blocked.  Built with CONTACT_NO_BLOCKS the same program wants the opposite: then each
 * executed row must find what it looks for, or it would prove nothing.
 */

#define NAME_OF "Quokka%d"
#define LINE_OF "marker-of-%d"
#define NOTICE_OF(who_, other_) ((who_)*100 + (other_))
static const char nobody_id[] = "zzzzzzzzzzzzzzzzzzzzzzzzzz", nobody_name[] = "Nobody At All";

static struct presence_room everywhere[8];
static int64_t here[] = {ANA, BEN, CLEO};
static size_t rooms_count;

static void read_presence(void *ctx, struct arena *arena UNUSED, const struct presence_room **ret,
                          size_t *ret_count)
{
    *ret = everywhere;
    *ret_count = *(size_t *)ctx;
}

void rule_ben_is_nowhere(void)
{
    static const int64_t others[] = {ANA, CLEO};
    for (size_t i = 0; i < rooms_count; i++) {
        everywhere[i] = (struct presence_room){everywhere[i].room_id, COUNT(others), others};
    }
}

/* ---- two people who met before one blocked the other ---- */

static enum err rename_all(struct call *call, void *arg)
{
    struct world *w = arg;
    SQL(test_rename, "UPDATE account SET avatar_name = $2, name_skeleton = $3 WHERE id = $1");
    for (int who = ANA; who < PEOPLE; who++) {
        struct name_forms forms;
        char name[32];
        snprintf(name, sizeof(name), NAME_OF, who);
        TRY(names_forms(call, name, &forms));
        TRY(store_run(call, &test_rename,
                      BIND(I64(w->account_ids[who]), TEXT(name), TEXT(forms.skeleton)), NULL));
    }
    return OK;
}

static enum err find_by_name(struct call *call, void *arg)
{
    struct friends_words *words = arg;
    TRY(friends_words_look(call, words));
    TRY(friends_words_prepare(call, words));
    return friends_words_apply(call, words);
}

/* All three are friends, and have asked each other before. */
static void know_each_other(struct world *w)
{
    struct friends_words words;
    assert_int_equal(world_do(w, ANA, find_by_name, &words), OK);
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) SELECT a.id, b.id, 1"
                    " FROM account a JOIN account b ON a.id <> b.id WHERE a.id < 4 AND b.id < 4");
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) SELECT a.id, b.id, 1"
                    " FROM account a JOIN account b ON a.id <> b.id WHERE a.id < 4 AND b.id < 4");
}

static void say_in(struct world *w, int64_t room_id, int64_t seq, int who)
{
    char text[64], client_id[32];
    struct live_save_out out = {0};
    const char *code = NULL;
    snprintf(text, sizeof(text), LINE_OF, who);
    snprintf(client_id, sizeof(client_id), "c%d-%d", (int)room_id, who);
    struct live_say line = {.room_id = room_id,
                            .seq = seq,
                            .sender_id = w->account_ids[who],
                            .key_id = who,
                            .at_ms = w->now_ms,
                            .client_id = client_id,
                            .text = text};
    struct live_save_in in = {&line, 1};
    assert_int_equal(api_wait(w->api, &rooms_save_route, &in, &out, &code), OK);
    assert_null(out.stored[0].code);
}

/* Dan's homepage: the three are his friends, and wrote into his guest book. */
static void welcome(struct world *w)
{
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (4, 1, 1),"
                    " (4, 2, 1), (4, 3, 1), (1, 4, 1), (2, 4, 1), (3, 4, 1)");
    assert_int_equal(world_send(w, DAN, "PUT", "/api/me/home",
                                "{\"style\":\"plain\",\"version\":0,\"blocks\":"
                                "[{\"kind\":\"friends\"},{\"kind\":\"guestbook\"}]}"),
                     200);
    for (int who = ANA; who <= CLEO; who++) {
        char json[64];
        snprintf(json, sizeof(json), "{\"text\":\"" LINE_OF "\"}", who);
        assert_int_equal(
            world_sendf(w, who, "POST", json, "/api/people/%s/guestbook", w->public_ids[DAN]), 201);
    }
}

static void write_in(struct world *w, int who, const char *conversation)
{
    char json[80];
    snprintf(json, sizeof(json), "{\"cid\":\"c\",\"text\":\"" LINE_OF "\"}", who);
    assert_int_equal(
        world_sendf(w, who, "POST", json, "/api/conversations/%s/messages", conversation), 201);
}

static void converse(struct world *w, struct scene_of *scene)
{
    char json[200];
    for (int who = ANA; who <= BEN; who++) {
        snprintf(json, sizeof(json), "{\"people\":[\"%s\",\"%s\"]}",
                 w->public_ids[who == ANA ? BEN : ANA], w->public_ids[CLEO]);
        assert_int_equal(world_send(w, who, "POST", "/api/conversations", json), 201);
        snprintf(scene->groups[who], sizeof(scene->groups[who]), "%s", world_field(w, "id"));
        for (int guest = ANA; guest <= CLEO; guest++) {
            assert_int_equal(world_sendf(w, guest, "POST", "{}", "/api/conversations/%s/accept",
                                         scene->groups[who]),
                             200);
        }
        for (int writer = CLEO; writer >= ANA; writer--) {
            write_in(w, writer, scene->groups[who]);
        }
    }
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[BEN]);
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations", json), 201);
    snprintf(scene->pair, sizeof(scene->pair), "%s", world_field(w, "id"));
    write_in(w, ANA, scene->pair);
    write_in(w, BEN, scene->pair);
}

/* Each of the three has a notice about each other one: two in sight without a block. */
static void hear_of_each_other(struct world *w)
{
    world_script(w, "DELETE FROM notice"); /* so that they can be counted */
    for (int who = ANA; who <= CLEO; who++) {
        for (int other = ANA; other <= CLEO; other++) {
            char sql[200];
            snprintf(sql, sizeof(sql),
                     "INSERT INTO notice (id, account_id, kind, about_id, target, count, at_ms)"
                     " VALUES (%d, %d, 'sessions.new_device', %d, '%d', 1, 1)",
                     NOTICE_OF(who, other), who, other, other);
            if (who != other) {
                world_script(w, sql);
            }
        }
    }
}

static const char *fill(const struct scene_of *scene, int who, int other, bool nobody,
                        const char *text);

static void do_what_rows_show(const struct scene_of *scene)
{
    for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
        for (int who = ANA; rule->did && who <= BEN; who++) {
            for (int other = ANA; other <= CLEO; other++) {
                if (other != who) {
                    const char *path = fill(scene, who, other, false, rule->did);
                    assert_in_range(world_send(scene->w, who, "POST", path, "{}"), 200, 299);
                }
            }
        }
    }
    world_script(scene->w, "DELETE FROM notice"); /* those of the scene are counted */
}

struct scene_of rule_scene(struct world *w)
{
    struct scene_of scene = {.w = w};
    world_script(w, "UPDATE account SET look = public_id"); /* {other} finds it, and is its trace */
    assert_int_equal(world_do(w, ANA, rename_all, w), OK);
    know_each_other(w);
    rooms_count = 0;
    for (int who = ANA; who <= DAN; who++) {
        char json[160], sql[96];
        if (who == CLEO) {
            continue;
        }
        snprintf(json, sizeof(json),
                 "{\"name\":\"Room %d\",\"scene\":\"cafe\",\"language\":\"en\",\"view\":\"whole\","
                 "\"light\":\"plain\"}", /* not what comes of the id, by chance */
                 who);
        assert_int_equal(world_send(w, who, "POST", "/api/rooms", json), 201);
        snprintf(scene.rooms[who], sizeof(scene.rooms[who]), "%s", world_field(w, "id"));
        snprintf(sql, sizeof(sql), "SELECT id FROM room WHERE owner_id = %d", who);
        int64_t room_id = world_count(w, sql);
        for (int speaker = ANA; speaker <= CLEO; speaker++) {
            say_in(w, room_id, speaker, speaker);
        }
        everywhere[rooms_count++] = (struct presence_room){room_id, COUNT(here), here};
    }
    welcome(w);
    converse(w, &scene);
    do_what_rows_show(&scene);
    hear_of_each_other(w);
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms)"
                    " SELECT 1, 2, MAX(at_ms) FROM message");
    return scene;
}

/* ---- executing a row ---- */

static const char *fill(const struct scene_of *scene, int who, int other, bool nobody,
                        const char *text)
{
    static char out[512], name[32], notice[16], line[16];
    snprintf(line, sizeof(line), "%d", nobody ? 999 : other);
    snprintf(name, sizeof(name), NAME_OF, other);
    snprintf(notice, sizeof(notice), "%d", nobody ? 1 : NOTICE_OF(who, other));
    const struct {
        const char *mark, *value;
    } words[] = {{"{other}", nobody ? nobody_id : scene->w->public_ids[other]},
                 {"{name}", nobody ? nobody_name : name},
                 {"{mine}", scene->rooms[who]},
                 {"{theirs}", nobody ? nobody_id : scene->rooms[other]},
                 {"{place}", scene->rooms[DAN]},
                 {"{third}", scene->w->public_ids[DAN]},
                 {"{pair}", nobody ? nobody_id : scene->pair},
                 {"{own}", who == ANA ? "1" : "2"},
                 {"{said}", who == ANA ? "2" : "1"},
                 {"{line}", line},
                 {"{group}", scene->groups[ANA]},
                 {"{made}", scene->groups[who]},
                 {"{notice}", notice}};
    size_t len = 0;
    for (const char *at = text; *at;) {
        const char *put = NULL;
        for (size_t i = 0; i < COUNT(words) && !put; i++) {
            if (strncmp(at, words[i].mark, strlen(words[i].mark)) == 0) {
                put = words[i].value;
                at += strlen(words[i].mark);
            }
        }
        len += (size_t)snprintf(out + len, sizeof(out) - len, put ? "%s" : "%.1s", put ? put : at);
        at += put ? 0 : 1;
        assert_true(len < sizeof(out));
    }
    return out;
}

int rule_run(const struct scene_of *scene, const struct route_rule *rule, int who, int other,
             bool nobody)
{
    char method[16], path[512];
    snprintf(method, sizeof(method), "%.*s", (int)strcspn(rule->route, " "), rule->route);
    snprintf(path, sizeof(path), "%s", fill(scene, who, other, nobody, rule->path));
    const char *json = rule->json ? fill(scene, who, other, nobody, rule->json) : NULL;
    return world_send(scene->w, who, method, path, json);
}

static bool traces(const struct scene_of *scene, int other)
{
    char name[32], line[32], room[32];
    snprintf(name, sizeof(name), NAME_OF, other);
    snprintf(room, sizeof(room), "\"name\":\"Room %d\"", other);
    snprintf(line, sizeof(line), LINE_OF, other);
    return world_says(scene->w, name) || world_says(scene->w, line) || world_says(scene->w, room) ||
           world_says(scene->w, scene->w->public_ids[other]) ||
           world_says(scene->w, "\"here\":3") || /* counts are traces, too */
           world_says(scene->w, "\"unread\":2");
}

/* True: nothing of the other is to be seen. */
static bool hidden(const struct scene_of *scene, const struct route_rule *rule, int who, int other)
{
    assert_int_equal(rule_run(scene, rule, who, other, false), 200);
    bool seen = traces(scene, other);
    assert_true(rule_run(scene, rule, CLEO, other, false) == 200 && traces(scene, other));
    return !seen;
}

/* True: refused as if it were about nobody. */
static bool refused(const struct scene_of *scene, const struct route_rule *rule, int who, int other)
{
    char body[1024];
    int status = rule_run(scene, rule, who, other, true);
    snprintf(body, sizeof(body), "%s", scene->w->last.body);
    assert_true(status == 404);
    return rule_run(scene, rule, who, other, false) == status &&
           strcmp(scene->w->last.body, body) == 0;
}

/* With the rule and without. */
static void taken(const struct scene_of *scene, const struct route_rule *rule, int who, int other)
{
    assert_int_equal(rule_run(scene, rule, who, other, true), 404);
    assert_int_equal(rule_run(scene, rule, who, other, false), 204);
}

static void judge(const struct scene_of *scene, const struct route_rule *rule, int who, int other)
{
    bool held = rule->how == RULE_HIDDEN ? hidden(scene, rule, who, other)
                                         : refused(scene, rule, who, other);
    if (held != BLOCKS_HOLD) {
        fail_msg("%s as %d about %d: the block %s\n%d %s", rule->route, who, other,
                 held ? "shows although the rule is not there" : "does not show",
                 scene->w->last.status, scene->w->last.body);
    }
}

/* ---- the tests ---- */

static const struct route_rule *rule_of(const struct api_route *route)
{
    char name[256];
    snprintf(name, sizeof(name), "%s %s", route->method, route->path);
    for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
        if (strcmp(rule->route, name) == 0) {
            return rule;
        }
    }
    fail_msg("%s has no row in its feature's _rules_test.h: how does a block show there?", name);
    return NULL;
}

static void every_route_says_how_a_block_shows_there(struct world *w UNUSED)
{
    size_t told = 0, routes = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            const struct route_rule *rule = rule_of(route);
            routes++;
            assert_int_not_equal(rule->how, RULE_NONE);
            assert_int_equal(rule->how == RULE_APART, rule->why != NULL);
            assert_int_equal(rule->how == RULE_APART, rule->path == NULL);
        }
    }
    for (const struct route_rule *row = route_rules(), *first = row; row->route; row++) {
        for (first = route_rules(); strcmp(first->route, row->route) != 0; first++) {
        }
        told += first == row; /* one route may take things of several features */
    }
    assert_int_equal(told, routes); /* no row of a route that is gone */
}

static void every_kind_of_thing_is_reported_after_a_block(struct world *w UNUSED)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct capture_kind *kind = (*feature)->captures; kind && kind->name; kind++) {
            const struct route_rule *rule = route_rules();
            char says[40];
            snprintf(says, sizeof(says), "{\"kind\":\"%s\"", kind->name);
            if (strcmp(kind->name, "room") == 0) {
                continue; /* below: as long as the two are friends */
            }
            while (rule->route && !(rule->how == RULE_TAKEN && strstr(rule->json, says))) {
                rule++;
            }
            assert_non_null(rule->route);
        }
    }
}

static void a_block_looks_like_an_absence_on_every_route(struct world *w)
{
    size_t executed = 0;
    for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
        executed += rule->how != RULE_APART;
    }
    assert_true(executed > 0);
    struct scene_of scene = rule_scene(w);
    for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
        if (rule->how == RULE_HIDDEN) {
            judge(&scene, rule, ANA, BEN);
            judge(&scene, rule, BEN, ANA);
        } else if (rule->how == RULE_TAKEN) {
            taken(&scene, rule, ANA, BEN);
            taken(&scene, rule, BEN, ANA);
        }
    }
    for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
        if (rule->how == RULE_REFUSED) { /* last: without the rule they change the world */
            judge(&scene, rule, BEN, ANA);
            if (!rule->blocked_only) {
                judge(&scene, rule, ANA, BEN);
            }
        }
    }
    printf("# %zu rows executed, rule %s\n", executed, BLOCKS_HOLD ? "holds" : "removed");
}

/* Their own rooms: for each of the two the other's is as if it had ended (alike.c compares). */
static void a_room_of_whoever_is_hidden_is_not_there_and_still_reported(struct world *w)
{
    static const struct route_rule rows[] = {
        {"GET room", RULE_REFUSED, .path = "/api/rooms/{theirs}"},
        {"GET messages", RULE_REFUSED, .path = "/api/rooms/{theirs}/messages"},
        {"POST report", RULE_TAKEN, NULL, "/api/reports",
         "{\"kind\":\"room\",\"id\":\"{theirs}\",\"reason\":\"hate\"}"},
    };
    struct scene_of scene = rule_scene(w);
    for (int who = ANA; who <= BEN; who++) {
        int other = who == ANA ? BEN : ANA;
        for (size_t i = 0; i < COUNT(rows); i++) {
            if (rows[i].how == RULE_TAKEN) {
                taken(&scene, &rows[i], who, other);
            } else {
                judge(&scene, &rows[i], who, other);
            }
        }
        assert_int_equal(world_send(w, who, "GET", "/api/rooms", NULL), 200);
        assert_true(world_says(w, scene.rooms[who]) && world_says(w, scene.rooms[DAN]));
        assert_int_equal(world_says(w, scene.rooms[other]), !BLOCKS_HOLD);
    }
}

static bool heard(struct world *w, int who, const char *t)
{
    bool found = false;
    char start[40];
    snprintf(start, sizeof(start), "{\"t\":\"%s\"", t);
    for (size_t i = 0; i < w->event_count; i++) {
        found |= w->events[i].kind == EVENT_TELL && w->events[i].account_id == who &&
                 strncmp(w->event_json[i], start, strlen(start)) == 0;
    }
    return found;
}

static void no_conversation_tells_of_the_other(struct world *w)
{
    static const char OWN[] = "/messages/4"; /* the first of these */
    static const struct {
        const char *t, *method, *path, *json;
    } acts[] = {
        {"message", "POST", "/messages", "{\"cid\":\"n\",\"text\":\"new\"}"},
        {"message_changed", "PATCH", OWN, "{\"text\":\"newer\"}"},
        {"message_changed", "POST", "/messages/1/reactions", "{\"emoji\":\"🎉\",\"on\":true}"},
        {"reading", "POST", "/read", "{\"seq\":9}"},
        {"writing", "POST", "/typing", "{}"},
        {"conversation", "PATCH", "", "{\"name\":\"Another name\"}"},
        {"message_changed", "DELETE", OWN, NULL}};
    struct scene_of scene = rule_scene(w);
    for (int who = ANA; who <= BEN; who++) {
        for (size_t i = 0; i < COUNT(acts); i++) {
            char path[160];
            size_t len =
                (size_t)snprintf(path, sizeof(path), "/api/conversations/%s", scene.groups[who]);
            snprintf(path + len, sizeof(path) - len, "%s", acts[i].path);
            w->event_count = 0;
            assert_in_range(world_send(w, who, acts[i].method, path, acts[i].json), 200, 204);
            assert_true(heard(w, CLEO, acts[i].t));
            assert_int_equal(heard(w, who == ANA ? BEN : ANA, acts[i].t), !BLOCKS_HOLD);
        }
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(every_route_says_how_a_block_shows_there),
        WORLD_TEST(every_kind_of_thing_is_reported_after_a_block),
        WORLD_TEST(a_block_looks_like_an_absence_on_every_route),
        WORLD_TEST(a_room_of_whoever_is_hidden_is_not_there_and_still_reported),
        WORLD_TEST(a_hidden_field_is_hidden_on_every_route),
        WORLD_TEST(no_live_message_has_a_place_for_what_one_says_of_oneself),
        WORLD_TEST(no_conversation_tells_of_the_other),
        WORLD_TEST(an_adult_among_strangers),
        WORLD_TEST(nobody_can_tell_an_adult_from_a_minor),
        WORLD_TEST(an_adult_among_the_blocked),
        WORLD_TEST(nobody_who_is_blocked_can_tell_an_adult_from_a_minor),
        WORLD_TEST(an_adult_among_kept_children_and_their_parents),
        WORLD_TEST(no_kept_child_or_parent_can_tell_an_adult_from_a_minor),
        WORLD_TEST(who_chose_to_be_left_alone),
        WORLD_TEST(nobody_can_tell_whom_a_parent_keeps_from_who_chose_it),
        WORLD_TEST(who_chose_to_be_left_alone_among_friends),
        WORLD_TEST(no_friend_can_tell_whom_a_parent_keeps_from_who_chose_it),
        WORLD_TEST(who_is_offline),
        WORLD_TEST(nobody_can_tell_invisible_from_offline),
        WORLD_TEST(who_says_nothing),
        WORLD_TEST(nobody_can_tell_hidden_from_empty),
        WORLD_TEST(who_is_gone),
        WORLD_TEST(nobody_can_tell_a_block_from_an_absence),
    };
    const struct presence presence = {read_presence, &rooms_count};
    const struct world_options options = {.features = features, .presence = &presence};
    return world_run(&options, tests, COUNT(tests));
}
