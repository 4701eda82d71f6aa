#ifndef FEATURES_SEEN_SEEN_TEST_H
#define FEATURES_SEEN_SEEN_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/common/contact/contact.h"
#include "features/people/friends/friends.h"
#include "features/people/profiles/profiles.h"
#include "store/store.h"
#include "tests/support/members.h"
#include "tests/support/world.h"

/*
 * What the tests of the preview share: Ben, who chooses, and one of each kind of viewer.  What
 * there is to choose is read from the shapes of the routes.
 */

static const struct viewer {
    const char *kind;
    int who;
} viewers[] = {
    {"nobody", NOBODY}, {"stranger", CLEO}, {"friend", DAN}, {"blocked", ANA}, {"admin", ADA}};

/* Of whom there are all kinds: somebody of age, a minor, and one whom a parent keeps from people.
 */
enum age { ADULT, MINOR, KEPT, AGES };

static int64_t inside[] = {BEN};
static struct presence_room places[1];

UNUSED static void read_places(void *ctx UNUSED, struct arena *arena UNUSED,
                               const struct presence_room **ret, size_t *ret_count)
{
    *ret = places;
    *ret_count = places[0].room_id ? COUNT(places) : 0;
}

UNUSED static void read_online(void *ctx UNUSED, const int64_t *ids, size_t count, bool *ret)
{
    for (size_t i = 0; i < count; i++) {
        ret[i] = ids[i] == BEN;
    }
}

/* ---- what there is to choose ---- */

UNUSED static const struct api_route *route_of(const char *method, const char *path)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->path, path) == 0 && strcmp(route->method, method) == 0) {
                return route;
            }
        }
    }
    fail_msg("%s %s is gone", method, path);
    return NULL;
}

/* The n-th value that such a field can have, as JSON; false: there are fewer. */
UNUSED static bool value_at(const struct json_field *field, size_t n, char ret[32])
{
    const char *words = field->kind == JSON_CHOICE ? field->choices : "false true";
    assert_true(field->kind == JSON_CHOICE || field->kind == JSON_BOOL);
    for (const char *at = words; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (n-- == 0) {
            snprintf(ret, 32, field->kind == JSON_CHOICE ? "\"%.*s\"" : "%.*s", (int)len, at);
            return true;
        }
        at += len;
    }
    return false;
}

enum { CHOICES_MAX = 16 };

/* Where a member chooses about others, field by field. */
static const char *const chosen_at[] = {"/api/me/contact", "/api/me/messages",
                                        "/api/me/look/choice"};

/* The n-th field of these; NULL: there are fewer. */
UNUSED static const struct json_field *choice_at(size_t n)
{
    for (size_t i = 0; i < COUNT(chosen_at); i++) {
        const struct json_shape *shape = route_of("PUT", chosen_at[i])->steps->in;
        if (n < shape->field_count) {
            return &shape->fields[n];
        }
        n -= shape->field_count;
    }
    return NULL;
}

/* What Ben chooses: of each choice, a place among its values. */
struct life {
    size_t choices[CHOICES_MAX], turn;
    enum age age;
};

UNUSED static void choose(struct world *w, const struct life *life)
{
    for (size_t i = 0, n = 0; i < COUNT(chosen_at); i++) {
        const struct json_shape *shape = route_of("PUT", chosen_at[i])->steps->in;
        char json[1000] = "{";
        size_t len = 1;
        for (size_t k = 0; k < shape->field_count; k++, n++) {
            char value[32] = "";
            assert_true(n < CHOICES_MAX && value_at(&shape->fields[k], life->choices[n], value));
            len += (size_t)snprintf(json + len, sizeof(json) - len, "%s\"%s\":%s", k ? "," : "",
                                    shape->fields[k].name, value);
        }
        snprintf(json + len, sizeof(json) - len, "}");
        assert_int_equal(world_send(w, BEN, "PUT", chosen_at[i], json), 204);
    }
}

UNUSED static const char *said_of(const char *field)
{
    static const char *const values[][2] = {{"relationship", "single"},
                                            {"state", "WY"},
                                            {"languages", "sv\\nid"},
                                            {"links", "https://example.org/"}};
    for (size_t i = 0; i < COUNT(values); i++) {
        if (strcmp(values[i][0], field) == 0) {
            return values[i][1];
        }
    }
    return "some words";
}

UNUSED static int64_t version_of(struct world *w, const char *table)
{
    char sql[80];
    snprintf(sql, sizeof(sql), "SELECT COALESCE(MAX(version), 0) FROM %s WHERE account_id = 2",
             table);
    return world_count(w, sql);
}

/* `audience` of every field; NULL: by turns. */
UNUSED static void say(struct world *w, size_t turn, const char *only, const char *audience)
{
    static const char *const whom[] = {"everyone", "friends", "nobody"};
    char json[3000];
    size_t len = (size_t)snprintf(json, sizeof(json), "{\"version\":%d,\"fields\":[",
                                  (int)version_of(w, "profile"));
    for (const struct profiles_rule *rule = profiles_rules; rule->name; rule++, turn++) {
        bool this = only && strcmp(rule->name, only) == 0;
        len += (size_t)snprintf(json + len, sizeof(json) - len,
                                "%s{\"name\":\"%s\",\"value\":\"%s\",\"audience\":\"%s\"}",
                                rule == profiles_rules ? "" : ",", rule->name,
                                rule->kind == PROFILES_COMPUTED ? "" : said_of(rule->name),
                                !only  ? whom[turn % COUNT(whom)]
                                : this ? audience
                                       : "everyone");
    }
    snprintf(json + len, sizeof(json) - len, "]}");
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/profile", json), 200);
}

static char room[32], place[32]; /* Ben's own, and Dan's, in which Ben is */

UNUSED static void decorate(struct world *w, const char *audience)
{
    char json[600];
    snprintf(json, sizeof(json),
             "{\"style\":\"dawn\",\"version\":%d,\"audience\":\"%s\",\"blocks\":["
             "{\"kind\":\"text\",\"text\":\"welcome\"},{\"kind\":\"room\",\"room\":\"%s\"},"
             "{\"kind\":\"friends\"},"
             "{\"kind\":\"guestbook\"}]}",
             (int)version_of(w, "home"), audience, room);
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/home", json), 200);
}

UNUSED static void live(struct world *w, const struct life *life)
{
    member_real(w, BEN, life->age == ADULT ? "1990-01-15" : "2012-01-15", "US");
    if (life->age == ADULT) {
        world_script(w, "DELETE FROM guardian WHERE account_id = 2");
    } else {
        member_kept(w, BEN, life->age == KEPT);
    }
    choose(w, life);
    say(w, life->turn, NULL, NULL);
    decorate(w, life->turn % 2 ? "friends" : "everyone");
}

/* ---- people ---- */

UNUSED static enum err find_by_name(struct call *call, void *arg)
{
    struct friends_words *words = arg;
    TRY(friends_words_look(call, words));
    TRY(friends_words_prepare(call, words));
    return friends_words_apply(call, words);
}

UNUSED static void open_room(struct world *w, int who, char ret[32])
{
    char json[120];
    snprintf(json, sizeof(json), "{\"name\":\"Room %d\",\"scene\":\"cafe\",\"language\":\"en\"}",
             who);
    assert_int_equal(world_send(w, who, "POST", "/api/rooms", json), 201);
    snprintf(ret, 32, "%s", world_field(w, "id"));
}

/* Both write, and Ben reads what was written to him. */
UNUSED static void talk_to(struct world *w, int who)
{
    static const char hello[] = "{\"cid\":\"hello\",\"text\":\"hello\"}";
    char json[80], id[32];
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[BEN]);
    assert_int_equal(world_send(w, who, "POST", "/api/conversations", json), 201);
    snprintf(id, sizeof(id), "%s", world_field(w, "id"));
    assert_int_equal(world_sendf(w, who, "POST", hello, "/api/conversations/%s/messages", id), 201);
    assert_int_equal(world_sendf(w, BEN, "POST", "{}", "/api/conversations/%s/accept", id), 200);
    assert_int_equal(world_sendf(w, BEN, "POST", hello, "/api/conversations/%s/messages", id), 201);
    assert_int_equal(world_sendf(w, BEN, "POST", "{\"seq\":1}", "/api/conversations/%s/read", id),
                     204);
}

/* Dan is Ben's friend, Ben has blocked Ana, and is in a room of Dan's. */
UNUSED static void meet(struct world *w)
{
    struct friends_words words;
    for (int who = ANA; who < PEOPLE; who++) {
        member_real(w, who, "1990-01-15", "ID");
    }
    open_room(w, BEN, room);
    open_room(w, DAN, place);
    places[0] = (struct presence_room){world_count(w, "SELECT id FROM room WHERE owner_id = 4"),
                                       COUNT(inside), inside};
    assert_int_equal(world_do(w, ANA, find_by_name, &words), OK);
    for (int who = ANA; who < PEOPLE; who++) {
        if (who != BEN) {
            talk_to(w, who);
        }
    }
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES"
                    " (2, 4, 1), (4, 2, 1)");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (2, 1, 1)");
}

/* ---- what the preview says ---- */

enum { TEXT_MAX = 20000 };

UNUSED static int preview(struct world *w, const char *path, const char *kind)
{
    return world_sendf(w, BEN, "GET", NULL, "%s?by=%s", path, kind);
}

/* All that the preview says, of every kind of viewer. */
UNUSED static char *all_of(struct world *w)
{
    static const char *const paths[] = {"/api/me/seen", "/api/me/profile/preview",
                                        "/api/me/home/preview"};
    char *all = calloc(1, TEXT_MAX * 4);
    size_t len = 0;
    for (size_t i = 0; i < COUNT(viewers); i++) {
        for (size_t p = 0; p < COUNT(paths); p++) {
            if (viewers[i].who != NOBODY || p == 0) {
                preview(w, paths[p], viewers[i].kind);
                len += (size_t)snprintf(all + len, TEXT_MAX * 4 - len, "%s\n", w->last.body);
            }
        }
    }
    assert_true(len < TEXT_MAX * 4 - 1);
    return all;
}

static const struct presence seen_presence = {read_places, NULL, read_online};

#endif
