#include "tests/hostile/request.h"

#include <string.h>

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

const char *hostile_usual_words(void *ctx, const struct json_field *field)
{
    const struct hostile_call *call = ctx;
    const struct hostile_names *names = call->names;
    const char *path = call->route->path;
    bool room = begins(path, "/api/rooms"), pair = begins(path, "/api/conversations");
    bool number = begins(path, "/api/admin/jobs") || begins(path, "/api/notices");
    const struct {
        const char *name, *text;
    } words[] = {
        {"id", room     ? names->room
               : pair   ? names->pair
               : number ? "1"
                        : names->person},
        {"name", begins(path, "/api/blocks") ? "cleo" : "Some name"},
        {"account", names->person},
        {"person", names->person},
        {"people", names->person},
        {"room", names->room},
        {"avatar_name", "Newcomer Nine"},
        {"scene", "cafe"},
        {"language", "en"},
        {"avatar", "mia"},
        {"email", "someone@example.org"},
        {"parent_email", "parent@example.org"},
        {"password", "correct horse battery staple"},
        {"zone", "Europe/Berlin"},
        {"country", "ID"},
        {"emoji", "\xf0\x9f\x91\x8d"},
        {"seq", "1"},
        {"q", "hello"},
        {"purpose", "performance"},
        {"from", names->person}, /* so that a look can be changed: hostile_open() */
        {"recipe", "{\"v\":1,\"skin\":1}"},
        {"topic", "friends"},
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(field->name, words[i].name) == 0) {
            return words[i].text;
        }
    }
    return NULL;
}

static void put_encoded(struct buf *path, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        buf_printf(path, "%%%02x", (unsigned char)bytes[i]);
    }
}

/* A fitting value as it stands in a path: without quotes. */
static void put_fitting(struct buf *path, const struct hostile_call *call,
                        const struct json_field *field)
{
    const char *json =
        hostile_fitting(path->arena, field, hostile_usual_words, (void *)(uintptr_t)call);
    size_t len = strlen(json);
    bool quoted = len > 1 && json[0] == '"';
    put_encoded(path, json + quoted, len - 2 * quoted);
}

/* The path, with the call's value in the place of its field if it has one there. */
static const char *path_of(struct arena *arena, const struct hostile_call *call, uint64_t *ret_in)
{
    const struct json_shape *shape = call->route->steps->in;
    struct buf path = {.arena = arena};
    *ret_in = 0;
    for (const char *at = call->route->path; *at;) {
        if (*at != '{') {
            buf_put(&path, at++, 1);
            continue;
        }
        const struct json_field *place = json_field_named(shape, at + 1, strcspn(at + 1, "}"));
        ASSERT(place);
        *ret_in |= UINT64_C(1) << (size_t)(place - shape->fields);
        if (place == call->field && call->value->plain) {
            put_encoded(&path, call->value->plain, call->value->plain_len);
        } else {
            put_fitting(&path, call, place);
        }
        at += strcspn(at, "}") + 1;
    }
    return path.at;
}

static const char *query_of(struct arena *arena, const struct hostile_call *call, const char *path,
                            uint64_t in_path)
{
    const struct json_shape *shape = call->route->steps->in;
    struct buf out = {.arena = arena};
    const char *between = "?";
    buf_puts(&out, path);
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        const struct json_field *each = &shape->fields[i];
        bool own = each == call->field;
        bool left_out = own ? !call->value->plain : (each->flags & JSON_OPTIONAL) != 0;
        if ((in_path >> i & 1) || left_out) {
            continue;
        }
        buf_printf(&out, "%s%s=", between, each->name);
        between = "&";
        if (own) {
            put_encoded(&out, call->value->plain, call->value->plain_len);
        } else {
            put_fitting(&out, call, each);
        }
    }
    return out.at;
}

struct hostile_request hostile_request(struct arena *arena, const struct hostile_call *call)
{
    const struct api_route *route = call->route;
    bool raw = route->flags & API_RAW;
    struct hostile_request request = {0};
    request.path = path_of(arena, call, &request.in_path);
    if (raw || strcmp(route->method, "GET") == 0) {
        request.path = query_of(arena, call, request.path, request.in_path);
        request.type =
            raw ? arena_printf(arena, "%.*s", (int)strcspn(route->accept, " "), route->accept)
                : NULL;
    } else if (route->steps->in &&
               request.in_path != (UINT64_C(1) << route->steps->in->field_count) - 1) {
        request.json = hostile_object(arena, route->steps->in, request.in_path,
                                      call->field ? call->field->name : NULL,
                                      call->field ? call->value->json : NULL, call->twice,
                                      hostile_usual_words, (void *)(uintptr_t)call);
    }
    return request;
}
