#include <stdlib.h>
#include <string.h>

#include "api/api_inner.h"
#include "tests/fuzz/fuzz.h"

/*
 * A request as net hands it over: "METHOD PATH?QUERY", a line feed, the body.  It is
 * matched, decoded and read; every refusal has a code, every match fits its row.
 */
struct in {
    int64_t id, number;
    const char *name, *text;
};

JSON_SHAPE(in_shape, "in", struct in, J_ID(struct in, id, .flags = 0),
           J_TEXT(struct in, name, 1, 20, .flags = JSON_OPTIONAL),
           J_I64(struct in, number, 0, 9, .flags = JSON_OPTIONAL),
           J_TEXT(struct in, text, 0, 40, .flags = JSON_OPTIONAL));

STEPS(take, in_shape, none, struct none, prepare);
STEP(take, prepare)
{
    return OK;
}

STEPS(current, none, none, struct none, prepare);
STEP(current, prepare)
{
    return OK;
}

static const struct api_route routes[] = {
    {.method = "GET",
     .path = "/api/a/{id}",
     .who = API_ANYONE,
     .status = 200,
     .steps = &take_steps,
     .about = "a"},
    {.method = "POST",
     .path = "/api/a/{id}",
     .who = API_ANYONE,
     .status = 200,
     .steps = &take_steps,
     .about = "a"},
    {.method = "PUT",
     .path = "/api/a/{id}/b/{name}",
     .who = API_ANYONE,
     .status = 200,
     .steps = &take_steps,
     .about = "b"},
    {.method = "DELETE",
     .path = "/api/a/current",
     .who = API_ANYONE,
     .status = 204,
     .steps = &current_steps,
     .about = "c"},
    {0},
};
static const struct feature feature = {.name = "f", .routes = routes};
static const struct feature *const list[] = {&feature, NULL};

static char *cut(char **rest, char at)
{
    char *from = *rest, *end = strchr(from, at);
    *rest = end ? end + 1 : from + strlen(from);
    if (end) {
        *end = '\0';
    }
    return from;
}

static size_t names_in(const char *path)
{
    size_t count = 0;
    for (; (path = strchr(path, '{')); path++) {
        count++;
    }
    return count;
}

static void try_request(struct routes *table, struct arena *arena, char *text)
{
    char *rest = text;
    char *head = cut(&rest, '\n');
    struct api_request request = {.arena = arena,
                                  .method = cut(&head, ' '),
                                  .path = cut(&head, '?'),
                                  .query = head,
                                  .content_type = "application/json",
                                  .body = rest,
                                  .body_len = strlen(rest)};
    struct work work = {.arena = arena, .request = &request, .call = {.arena = arena}};
    struct found found;
    enum err err = route_find(table, &work.call, request.method, request.path, &found);
    ASSERT(err == OK || work.call.fail_code);
    if (err != OK || !found.entry) {
        return;
    }
    work.route = found.entry->route;
    work.steps = work.route->steps;
    ASSERT(route_method(work.route->method) == route_method(request.method));
    ASSERT(found.count == names_in(work.route->path));
    (void)input_proof(&work);
    err = input_read(&work, &found);
    ASSERT(err == OK || work.call.fail_code);
    const struct in *in = work.in;
    ASSERT(err != OK || !work.steps->in || (in->id > 0 && in->number >= 0 && in->number <= 9));
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    static struct routes table;
    if (!table.arena) {
        routes_make(&table, list);
    }
    struct arena *arena = arena_new(API_ARENA_MAX);
    if (len <= API_BODY_MAX) {
        try_request(&table, arena, arena_text(arena, (const char *)input, len));
    }
    arena_free(arena);
    return 0;
}
