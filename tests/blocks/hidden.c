#include <stdio.h>
#include <string.h>

#include "features/talk/rooms/rooms.h"
#include "live/ask.h"
#include "store/store.h"
#include "tests/blocks/rules.h"
#include "tests/support/members.h"

/*
 * Hidden means hidden on every surface: what Ben says of himself is looked for in every
 * answer of every route, as every kind of viewer.  Who may find what is written here once
 * more, by somebody who did not read the rule.  Built with PROFILES_ALL_SHOWN the same
 * program wants each hidden value to be found, wherever it can be shown at all.
 */

enum age_rule { ANY_AGE, FRIENDS_ONLY, NEVER };

/* `mark`: as it stands in an answer, for an adult and for a minor. */
static const struct marked {
    const char *name, *value, *mark[2];
    enum age_rule of_minors;
} fields[] = {
    {"display_name", "zq-display", {"zq-display", "zq-display"}, ANY_AGE},
    {"age", "", {"\"61\"", "\"15\""}, FRIENDS_ONLY},
    {"gender", "zq-gender", {"zq-gender", "zq-gender"}, ANY_AGE},
    {"relationship", "widowed", {"\"widowed\"", "\"widowed\""}, ANY_AGE},
    {"country", "", {"\"US\"", "\"US\""}, FRIENDS_ONLY},
    {"state", "WY", {"\"WY\"", "\"WY\""}, FRIENDS_ONLY},
    {"languages", "zqz", {"\"zqz\"", "\"zqz\""}, ANY_AGE},
    {"about", "zq-about", {"zq-about", "zq-about"}, ANY_AGE},
    {"interests", "zq-interest", {"zq-interest", "zq-interest"}, ANY_AGE},
    {"links", "https://zq.example", {"zq.example", "zq.example"}, FRIENDS_ONLY},
    {NULL, NULL, {"1966-01-01", "2012-01-01"}, NEVER}, /* what the age is made of */
};

enum kind { KIND_NOBODY, KIND_BLOCKED, KIND_STRANGER, KIND_FRIEND, KIND_STAFF };
static const struct viewer {
    int who;
    enum kind kind;
} viewers[] = {{NOBODY, KIND_NOBODY},
               {ANA, KIND_BLOCKED},
               {CLEO, KIND_STRANGER},
               {DAN, KIND_FRIEND},
               {ADA, KIND_STAFF}};

/* One of the worlds that the rows are executed in. */
struct life {
    const char *audience;
    bool minor, young_viewer; /* is Ben a minor, and Cleo one, too */
};

/* A member who perceives Ben and reads his card. */
static bool reads(const struct viewer *viewer)
{
    return viewer->kind != KIND_NOBODY && (viewer->kind != KIND_BLOCKED || !BLOCKS_HOLD);
}

static bool expected(const struct life *life, const struct viewer *viewer,
                     const struct marked *field)
{
    if (field->of_minors == NEVER || !reads(viewer)) {
        return false;
    }
    if (!HIDDEN_HOLDS) {
        return true;
    }
    if (viewer->kind == KIND_FRIEND) {
        return strcmp(life->audience, "nobody") != 0;
    }
    if (life->minor && field->of_minors == FRIENDS_ONLY) { /* whatever the viewer's age */
        return false;
    }
    return strcmp(life->audience, "everyone") == 0;
}

static size_t found_hidden; /* values that only the mutant shows */

static void look(const struct scene_of *scene, const struct life *life, const struct viewer *viewer,
                 const struct route_rule *rule)
{
    for (size_t i = 0; i < COUNT(fields); i++) {
        bool wanted = rule->profile && expected(life, viewer, &fields[i]);
        bool found = world_says(scene->w, fields[i].mark[life->minor]);
        if (found != wanted) {
            fail_msg("%s of a %s for %s: %s %s to %d\n%d %s", fields[i].name,
                     life->minor ? "minor" : "grown-up", life->audience, rule->route,
                     found ? "shows it" : "does not show it", viewer->who, scene->w->last.status,
                     scene->w->last.body);
        }
        found_hidden += found && strcmp(life->audience, "nobody") == 0;
    }
}

/* Rows that are executed for blocks, and all that can be asked without knowing anything. */
static bool ask(const struct scene_of *scene, const struct viewer *viewer,
                const struct route_rule *rule)
{
    if (strncmp(rule->route, "GET ", 4) != 0) {
        return false;
    }
    if (rule->path) {
        rule_run(scene, rule, viewer->who, BEN, false);
        return true;
    }
    if (strchr(rule->route, '{')) {
        return false;
    }
    world_send(scene->w, viewer->who, "GET", rule->route + 4, NULL);
    return true;
}

static void live_it(const struct scene_of *scene, const struct life *life, int version)
{
    char json[2000];
    int len = snprintf(json, sizeof(json), "{\"version\":%d,\"fields\":[", version);
    member_real(scene->w, BEN, life->minor ? "2012-01-01" : "1966-01-01", "US");
    member_real(scene->w, CLEO, life->young_viewer ? "2010-06-01" : "1980-06-01", "ID");
    for (size_t i = 0; fields[i].name; i++) {
        len += snprintf(json + len, sizeof(json) - (size_t)len,
                        "%s{\"name\":\"%s\",\"value\":\"%s\",\"audience\":\"%s\"}", i ? "," : "",
                        fields[i].name, fields[i].value, life->audience);
    }
    snprintf(json + len, sizeof(json) - (size_t)len, "]}");
    assert_int_equal(world_send(scene->w, BEN, "PUT", "/api/me/profile", json), 200);
}

/* proves: PRO-3a */
void a_hidden_field_is_hidden_on_every_route(struct world *w)
{
    static const char *const audiences[] = {"everyone", "friends", "nobody"};
    struct scene_of scene = rule_scene(w);
    size_t asked = 0, shown = 0;
    found_hidden = 0;
    world_script(w, "DELETE FROM friendship WHERE account_id < 4 AND friend_id < 4");
    for (int i = 0; i < 9; i++) {
        struct life life = {audiences[i / 3], i % 3 > 0, i % 3 > 1};
        live_it(&scene, &life, i);
        for (const struct route_rule *rule = route_rules(); rule->route; rule++) {
            for (size_t v = 0; v < COUNT(viewers); v++) {
                if (ask(&scene, &viewers[v], rule)) {
                    look(&scene, &life, &viewers[v], rule);
                    asked++;
                }
            }
            shown += rule->profile;
        }
    }
    assert_true(shown > 0 && asked > shown);
    assert_int_equal(found_hidden > 0, !HIDDEN_HOLDS);
    printf("# %zu answers read, %zu hidden values found\n", asked, found_hidden);
}

static void check_shape(const char *message, const struct json_shape *shape)
{
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        for (size_t field = 0; fields[field].name; field++) {
            if (strcmp(shape->fields[i].name, fields[field].name) == 0) {
                fail_msg("the message \"%s\" has a field \"%s\": who may see that?", message,
                         fields[field].name);
            }
        }
        check_shape(message, shape->fields[i].shape);
    }
}

/*
 * The live protocol says no more of somebody than that they are there: there is no field for
 * the rest, and the name that rooms are given is the avatar's.
 */
void no_live_message_has_a_place_for_what_one_says_of_oneself(struct world *w)
{
    struct scene_of scene = rule_scene(w);
    struct life life = {"everyone", false, false};
    struct live_entrant ben = {.account_id = w->account_ids[BEN]};
    struct live_admit_in in = {.room = scene.rooms[ANA], .entrants = &ben, .entrants_count = 1};
    struct live_admit_out out = {0};
    const char *code = NULL;
    for (int i = 0; i < OUT_COUNT; i++) {
        check_shape(message_rows[i].t, message_rows[i].shape);
    }
    for (const struct feature *const *at = features; *at; at++) {
        for (const struct live_event *event = (*at)->live; event && event->t; event++) {
            check_shape(event->t, event->shape);
        }
    }
    live_it(&scene, &life, 0);
    assert_int_equal(api_wait(w->api, &rooms_admit_route, &in, &out, &code), OK);
    assert_int_equal(out.verdicts[0].account_id, w->account_ids[BEN]);
}
