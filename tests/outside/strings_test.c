#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

#include "base/arena.h"
#include "features/common/prose/prose.h"
#include "tests/hostile/scene.h"
#include "tests/outside/outside.h"

/*
 * The big list of naughty strings (npm's blns) in every text field of every route, from the rows:
 * a documented answer, and what was taken comes back with the same bytes.  Every field gets every
 * SHARE-th string, each field others; all of them where BAUTA_OUTSIDE_ALL is set.
 */
#define LIST "tests/outside/node_modules/blns/resources/blns.json"
enum {
    ARENA_MAX = 64 << 20,
    BATCH = 128,
    SHARE = 48,
    SLOW_EVERY = 40,
    SURE_BYTES = 8,
    POINTS_MOST = 2000
};

/* Texts of pages and names of rooms: blanks that run, marks that pile up and what is not seen go
 * (prose.h). */
static const struct {
    const char *path, *field;
} pages[] = {
    {"/api/people/{id}/guestbook", "text"},
    {"/api/me/home", "blocks"},
    {"/api/me/profile", "fields"},
    {"/api/rooms", "name"},
    {"/api/rooms/{id}", "name"},
};

static json_t *list; /* texts */
static size_t share, turn, sent;

static void put_text(struct hostile_values *to, const char *name, const char *text,
                     const char *before, const char *after)
{
    struct buf json = {.arena = to->arena};
    buf_puts(&json, before);
    json_write_text(&json, text);
    buf_puts(&json, after);
    to->at[to->count++] = (struct hostile_value){
        .json = json.at, .plain = text, .plain_len = strlen(text), .why = name};
}

static void put_all(struct hostile_values *to, const char *name, const char *before,
                    const char *after)
{
    struct hostile_value *more =
        arena_alloc(to->arena, (to->count + json_array_size(list)) * sizeof(*more));
    if (to->count) {
        memcpy(more, to->at, to->count * sizeof(*more));
    }
    to->at = more;
    for (size_t i = turn++ % share; i < json_array_size(list); i += share) {
        put_text(to, name, json_string_value(json_array_get(list, i)), before, after);
    }
}

/* The whole list for each text in this field, fields within it too. */
static void put_field(struct hostile_values *to, const struct json_field *field, const char *before,
                      const char *after, struct hostile_call *call)
{
    if (field->kind == JSON_TEXT) {
        put_all(to, field->name, before, after);
    } else if (field->kind == JSON_TEXTS) {
        put_all(to, field->name, arena_printf(to->arena, "%s[", before),
                arena_printf(to->arena, "]%s", after));
    } else if (field->kind == JSON_STRUCT || field->kind == JSON_LIST) {
        bool many = field->kind == JSON_LIST;
        for (size_t i = 0; i < field->shape->field_count; i++) {
            const struct json_field *inner = &field->shape->fields[i];
            const char *object = hostile_object(to->arena, field->shape, 0, inner->name, "\x01",
                                                false, hostile_usual_words, call);
            size_t at = strcspn(object, "\x01");
            if (object[at]) {
                put_field(
                    to, inner,
                    arena_printf(to->arena, "%s%s%.*s", before, many ? "[" : "", (int)at, object),
                    arena_printf(to->arena, "%s%s%s", object + at + 1, many ? "]" : "", after),
                    call);
            }
        }
    }
}

static struct hostile_values strings_of(struct arena *arena, struct hostile_scene *scene,
                                        const struct json_field *field)
{
    struct hostile_call call = {.names = &scene->names, .route = scene->route};
    struct hostile_values values = {.arena = arena};
    put_field(&values, field, "", "", &call);
    return values;
}

/* Bodies go in batches: it is one commit a batch then. */
static void send_together(struct arena *arena, struct hostile_scene *scene,
                          const struct json_field *field, const struct hostile_values *values)
{
    const char *jsons[BATCH], *path = NULL;
    int statuses[BATCH];
    for (size_t at = 0; at < values->count; at += BATCH) {
        size_t count = MIN((size_t)BATCH, values->count - at);
        for (size_t i = 0; i < count; i++) {
            const struct hostile_call call = {&scene->names, scene->route, field,
                                              &values->at[at + i], false};
            const struct hostile_request request = hostile_request(arena, &call);
            path = request.path;
            jsons[i] = request.json;
        }
        sent += count;
        world_send_many(scene->w, ANA, scene->route->method, path, jsons, count, statuses);
        for (size_t i = 0; i < count; i++) {
            if (!hostile_documented(statuses[i])) {
                fail_msg("%s %s: %d to %s %s", scene->route->method, path, statuses[i], field->name,
                         values->at[at + i].json);
            }
        }
    }
}

static void send_singly(struct arena *arena, struct hostile_scene *scene,
                        const struct json_field *field, const struct hostile_values *values,
                        size_t every)
{
    bool in_path = strstr(scene->route->path, arena_printf(arena, "{%s}", field->name)) != NULL;
    for (size_t i = 0; i < values->count; i += every) {
        struct arena_mark mark = arena_mark(arena);
        if (values->at[i].plain_len || !in_path) {
            sent++;
            hostile_judge(scene, hostile_send(arena, scene, ANA, field, &values->at[i], false),
                          &values->at[i], field->name);
        }
        arena_rewind(arena, mark);
    }
}

static void run_strings(struct hostile_scene *scene, size_t *done)
{
    const struct json_shape *shape = scene->route->steps->in;
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        struct arena *arena = arena_new(ARENA_MAX);
        const struct json_field *field = &shape->fields[i];
        struct hostile_values values = strings_of(arena, scene, field);
        bool body = !hostile_in_query(scene->route) &&
                    !strstr(scene->route->path, arena_printf(arena, "{%s}", field->name));
        if (hostile_slow(scene->route)) {
            send_singly(arena, scene, field, &values, SLOW_EVERY);
        } else if (body) {
            send_together(arena, scene, field, &values);
        } else {
            send_singly(arena, scene, field, &values, 1);
        }
        *done += values.count != 0;
        arena_free(arena);
    }
}

/* One world for all: what ends things goes last. */
static size_t each_route(struct world *w, void (*run)(struct hostile_scene *scene, size_t *done))
{
    struct hostile_scene scene;
    size_t done = 0;
    hostile_open(&scene, w);
    for (int ending = 0; ending < 2; ending++) {
        for (const struct feature *const *feature = features; *feature; feature++) {
            for (scene.route = (*feature)->routes; scene.route && scene.route->path;
                 scene.route++) {
                if ((strcmp(scene.route->method, "DELETE") == 0) == ending) {
                    run(&scene, &done);
                }
            }
        }
    }
    assert_int_equal(world_send(w, ANA, "GET", "/api/me", NULL), 200); /* she is still there */
    hostile_close(&scene);
    return done;
}

static void every_text_field_answers_to_naughty_strings(struct world *w)
{
    sent = 0;
    size_t fields = each_route(w, run_strings);
    assert_true(fields > 100);
    OUTSIDE_TOLD("Naughty strings", arena_printf(w->kept, "%zu text fields", fields), sent, 0, "");
}

/* ---- what was taken comes back ---- */

static bool can_be_read(const char *path)
{
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->method, "GET") == 0 && strcmp(route->path, path) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* The path is read; NULL where it can't be. */
static const char *path_read(struct arena *arena, struct hostile_scene *scene)
{
    const struct hostile_call call = {.names = &scene->names, .route = scene->route};
    const char *path = hostile_request(arena, &call).path;
    bool read =
        can_be_read(scene->route->path) && world_send(scene->w, ANA, "GET", path, NULL) == 200;
    return read ? path : NULL;
}

/* Who changes something says which version they read: the one that is there. */
static int send_fresh(struct arena *arena, struct hostile_scene *scene,
                      const struct json_field *field, const struct hostile_value *value)
{
    const struct hostile_call call = {&scene->names, scene->route, field, value, false};
    const struct hostile_request request = hostile_request(arena, &call);
    const char *mark = "\"version\":", *json = request.json;
    const char *at = json ? strstr(json, mark) : NULL;
    if (at && path_read(arena, scene)) {
        at += strlen(mark);
        json = arena_printf(arena, "%.*s%s%s", (int)(at - json), json,
                            world_field(scene->w, "version"), at + strspn(at, "-0123456789"));
    }
    return world_send(scene->w, ANA, scene->route->method, request.path, json);
}

static bool says_text(struct arena *arena, const struct hostile_scene *scene, const char *text)
{
    struct buf json = {.arena = arena};
    json_write_text(&json, text);
    return world_says(scene->w, json.at);
}

/* Without what is not seen at its two ends. */
static const char *without_ends(struct arena *arena, const char *text)
{
    UChar wide[POINTS_MOST];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len = 0;
    u_strFromUTF8(wide, COUNT(wide), &len, text, -1, &code);
    assert_true(U_SUCCESS(code));
    int32_t begin = 0;
    while (begin < len && u_isUWhiteSpace(wide[begin])) {
        begin++;
    }
    while (len > begin && u_isUWhiteSpace(wide[len - 1])) {
        len--;
    }
    char *kept = arena_alloc(arena, (size_t)(len - begin) * 3 + 1);
    u_strToUTF8(kept, (len - begin) * 3 + 1, NULL, wide + begin, len - begin, &code);
    assert_true(U_SUCCESS(code));
    return kept;
}

/* As it was sent, blanks at its ends aside, or as prose_clean tidies it for pages. */
static bool says_value(struct arena *arena, const struct hostile_scene *scene,
                       const struct json_field *field, const char *text)
{
    struct call call = {.arena = arena, .origin = {.cookies = ""}};
    const char *tidy = NULL;
    bool tidied = false;
    for (size_t i = 0; i < COUNT(pages); i++) {
        tidied |= strcmp(scene->route->path, pages[i].path) == 0 &&
                  strcmp(field->name, pages[i].field) == 0;
    }
    return says_text(arena, scene, text) || says_text(arena, scene, without_ends(arena, text)) ||
           (tidied && prose_clean(&call, "", text, POINTS_MOST, true, &tidy) == OK &&
            says_text(arena, scene, tidy));
}

static bool comes_back(struct arena *arena, struct hostile_scene *scene,
                       const struct json_field *field, const char *text)
{
    return says_value(arena, scene, field, text) ||
           (path_read(arena, scene) && says_value(arena, scene, field, text));
}

/* A field that gives some texts back gives all of them back. */
static void judge_back(struct arena *arena, struct hostile_scene *scene,
                       const struct json_field *field, size_t *done)
{
    struct hostile_values values = strings_of(arena, scene, field);
    const char *lost = NULL;
    size_t back = 0;
    for (size_t i = 0; i < values.count; i++) {
        const struct hostile_value *value = &values.at[i];
        bool other = i && value->why != values.at[i - 1].why; /* a field within the field */
        back = other ? 0 : back;
        lost = other ? NULL : lost;
        if (value->plain_len >= SURE_BYTES && send_fresh(arena, scene, field, value) < 300) {
            bool same = comes_back(arena, scene, field, value->plain);
            *done += same && back++ == 0;
            sent += same;
            lost = same ? lost : value->plain;
        }
        if (back && lost) {
            fail_msg("%s %s %s: %s is not what comes back", scene->route->method,
                     scene->route->path, value->why, lost);
        }
    }
}

static void run_back(struct hostile_scene *scene, size_t *done)
{
    const struct json_shape *shape = scene->route->steps->in;
    if (hostile_in_query(scene->route) || hostile_slow(scene->route)) {
        return;
    }
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        struct arena *arena = arena_new(ARENA_MAX);
        if (!strstr(scene->route->path, arena_printf(arena, "{%s}", shape->fields[i].name))) {
            judge_back(arena, scene, &shape->fields[i], done);
        }
        arena_free(arena);
    }
}

static void what_is_taken_comes_back_the_same(struct world *w)
{
    sent = 0;
    size_t fields = each_route(w, run_back);
    assert_true(fields > 5);
    OUTSIDE_TOLD("Naughty strings",
                 arena_printf(w->kept, "%zu fields give back what they took", fields), sent, 0, "");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(every_text_field_answers_to_naughty_strings),
        WORLD_TEST(what_is_taken_comes_back_the_same),
    };
    share = getenv("BAUTA_OUTSIDE_ALL") ? 1 : SHARE;
    list = json_load_file(LIST, 0, NULL);
    if (!list) {
        print_error(LIST " is not there: tools/npm tests/outside brings it\n");
        return EXIT_FAILURE;
    }
    const struct world_options options = {.features = features, .proved = true};
    int failed = world_run(&options, tests, COUNT(tests));
    json_decref(list);
    return failed;
}
