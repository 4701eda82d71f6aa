#include "features/people/seen/seen_test.h"

/*
 * No choice of who sees or does something is forgotten by the preview, and nothing but one's own
 * choices is in it.
 */

static void each_choice_is_seen_in_the_preview(struct world *w)
{
    meet(w);
    live(w, &(struct life){.age = ADULT});
    for (size_t field = 0; choice_at(field); field++) {
        char value[32], *first = NULL;
        for (size_t n = 0; value_at(choice_at(field), n, value); n++) {
            struct life life = {.age = ADULT};
            life.choices[field] = n;
            choose(w, &life);
            char *all = all_of(w);
            if (first && strcmp(first, all) == 0) {
                fail_msg("\"%s\": %s changes nothing in the preview", choice_at(field)->name,
                         value);
            }
            free(n ? all : NULL);
            first = n ? first : all;
        }
        free(first);
    }
}

static void each_audience_is_seen_in_the_preview(struct world *w)
{
    static const char *const narrower[] = {"friends", "nobody"};
    meet(w);
    live(w, &(struct life){.age = ADULT});
    for (const struct profiles_rule *rule = profiles_rules; rule->name; rule++) {
        say(w, 0, rule->name, "everyone");
        char *before = all_of(w);
        for (size_t i = 0; i < COUNT(narrower); i++) {
            say(w, 0, rule->name, narrower[i]);
            char *after = all_of(w);
            if (strcmp(before, after) == 0) {
                fail_msg("%s for %s: nothing in the preview is changed", rule->name, narrower[i]);
            }
            free(before);
            before = after;
        }
        free(before);
    }
    decorate(w, "everyone");
    char *everyone = all_of(w);
    decorate(w, "friends");
    char *friends = all_of(w);
    assert_string_not_equal(everyone, friends);
    free(everyone);
    free(friends);
}

/* What members switch that is nobody else's. */
static const struct {
    const char *route, *why;
} apart[] = {
    {"PUT /api/me/mail/{topic}", "what one is sent"},
    {"PUT /api/me/notices", "what one is told"},
    {"PUT /api/me/notices/{topic}", "what one is told"},
    {"PUT /api/me/consents/{purpose}", "what the site may do"},
    {"PUT /api/me/password", "where one is signed in"},
    {"PATCH /api/me", "what one is sent"},
};

/* May it say who sees or does something?  A switch of one's own does, or `apart` says why not. */
static bool of_people(const char *route, const struct json_field *field)
{
    const char *words = field->kind == JSON_CHOICE ? field->choices : "";
    return (strstr(words, "friends") && (strstr(words, "everyone") || strstr(words, "nobody"))) ||
           (field->kind == JSON_BOOL && strstr(route, " /api/me"));
}

static bool is_known(const char *route)
{
    bool known =
        strcmp(route, "PUT /api/me/profile") == 0 || strcmp(route, "PUT /api/me/home") == 0;
    for (size_t i = 0; i < COUNT(chosen_at); i++) {
        known |= strcmp(route + strcspn(route, "/"), chosen_at[i]) == 0;
    }
    for (size_t i = 0; i < COUNT(apart); i++) {
        known |= strcmp(route, apart[i].route) == 0;
    }
    return known;
}

static size_t walk(const char *route, const struct json_shape *shape, int depth)
{
    size_t found = 0;
    for (size_t i = 0; shape && depth < JSON_DEPTH_MAX && i < shape->field_count; i++) {
        bool here = of_people(route, &shape->fields[i]);
        if (here && !is_known(route)) {
            fail_msg("%s chooses by \"%s\" who may see or do something: the preview has to say it,"
                     " and this test to choose it",
                     route, shape->fields[i].name);
        }
        found += here + walk(route, shape->fields[i].shape, depth + 1);
    }
    return found;
}

static void no_route_has_a_choice_of_who_sees_me_that_is_not_tried_here(struct world *w UNUSED)
{
    size_t found = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            char name[256];
            snprintf(name, sizeof(name), "%s %s", route->method, route->path);
            found += strcmp(route->method, "GET") == 0 ? 0 : walk(name, route->steps->in, 0);
        }
    }
    assert_true(found >= COUNT(apart) + COUNT(chosen_at));
}

/* What is told beside somebody's face, and where the preview says it, or why it need not. */
static const struct {
    const char *shape, *fields, *where;
} beside[] = {
    {"person_card", "role display_name fields relation may", "GET /api/me/profile/preview"},
    {"friend", "online may_write room_id room_name", "GET /api/me/seen"},
    {"friend", "favourite since_ms", "what the viewer chose, and since when they are friends"},
    {"found_person", "relation", "what the viewer knows"},
    {"friend_request", "at_ms note waits", "what was said to the viewer"},
    {"friend_sent", "at_ms", "what the viewer did"},
};

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = strstr(words, word); at; at = strstr(at + 1, word)) {
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len])) {
            return true;
        }
    }
    return false;
}

static bool is_face(const struct json_shape *shape)
{
    bool face = false;
    for (size_t i = 0; i < shape->field_count; i++) {
        face |= strcmp(shape->fields[i].name, "colours") == 0;
    }
    return face && strcmp(shape->type_name, "me") != 0;
}

static void look_beside(const char *where, const struct json_shape *shape, int depth)
{
    for (size_t i = 0; shape && depth < JSON_DEPTH_MAX && i < shape->field_count; i++) {
        const char *field = shape->fields[i].name;
        bool known = !is_face(shape) || has_word("id name avatar colours look", field);
        for (size_t k = 0; k < COUNT(beside); k++) {
            known |=
                strcmp(beside[k].shape, shape->type_name) == 0 && has_word(beside[k].fields, field);
        }
        if (!known) {
            fail_msg("%s tells \"%s\" of a %s: where does the preview say that?", where, field,
                     shape->type_name);
        }
        look_beside(where, shape->fields[i].shape, depth + 1);
    }
}

/* Staff's own pages are told of in words. */
static void nothing_is_told_of_a_person_that_the_preview_does_not_know_of(struct world *w UNUSED)
{
    size_t looked = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (route->who == API_MEMBER || route->who == API_ANYONE) {
                look_beside(route->path, route->steps->out, 0);
                looked++;
            }
        }
        for (const struct live_event *event = (*feature)->live; event && event->t; event++) {
            look_beside(event->t, event->shape, 0);
        }
    }
    assert_true(looked > 0);
}

static uint64_t work_of(struct world *w)
{
    statements_count(w);
    free(all_of(w));
    return statements_counted(w);
}

/* Friends and blocks come and go, others choose: the answer and the work for it stay the same. */
static void the_preview_depends_on_nobody_else(struct world *w)
{
    static const char *const changes[] = {
        "DELETE FROM friendship",
        "INSERT INTO friendship (account_id, friend_id, since_ms) VALUES (2, 3, 1), (3, 2, 1),"
        " (2, 5, 1), (5, 2, 1)",
        "INSERT INTO people_choice (account_id, messages, join_me, findable, invisible) VALUES"
        " (3, 'nobody', 'nobody', 'everyone', 1), (5, 'nobody', 'nobody', 'nobody', 0)",
        "DELETE FROM block",
        "INSERT INTO block (account_id, other_id, since_ms) VALUES (3, 2, 1), (2, 5, 1)",
        "UPDATE account SET state = 'ended' WHERE id = 4",
        "UPDATE account SET age_band = '13' WHERE id = 3"};
    meet(w);
    live(w, &(struct life){.age = MINOR});
    char *before = all_of(w);
    uint64_t work = work_of(w);
    for (size_t i = 0; i < COUNT(changes); i++) {
        world_script(w, changes[i]);
        char *after = all_of(w);
        assert_string_equal(after, before);
        assert_int_equal(work_of(w), work);
        free(after);
    }
    free(before);
}

static void nobody_hears_of_the_preview_and_nobody_has_anothers(struct world *w)
{
    meet(w);
    live(w, &(struct life){.age = ADULT});
    int64_t notices = world_count(w, "SELECT COUNT(*) FROM notice");
    w->event_count = 0;
    free(all_of(w));
    assert_int_equal(w->event_count, 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), notices);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/seen?by=friend", NULL), 401);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/home/preview?by=friend", NULL), 401);
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/me/parent", NULL), 401);
    assert_int_equal(preview(w, "/api/me/seen", "god"), 400);
}

/* From `name` to the end of what it stands for: a list of one object, or a word. */ int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(each_choice_is_seen_in_the_preview),
        WORLD_TEST(each_audience_is_seen_in_the_preview),
        WORLD_TEST(no_route_has_a_choice_of_who_sees_me_that_is_not_tried_here),
        WORLD_TEST(nothing_is_told_of_a_person_that_the_preview_does_not_know_of),
        WORLD_TEST(the_preview_depends_on_nobody_else),
        WORLD_TEST(nobody_hears_of_the_preview_and_nobody_has_anothers),
    };
    const struct world_options options = {.features = features, .presence = &seen_presence};
    return world_run(&options, tests, COUNT(tests));
}
