#include <stdio.h>
#include <string.h>

#include "api/api_inner.h"
#include "base/catalogue.h"

/* OpenAPI 3.1 from the route tables: what runs is what is documented. */
enum { SHAPES_MAX = 256 };

struct shapes {
    const struct json_shape *at[SHAPES_MAX];
    size_t count;
};

static void gather(struct shapes *shapes, const struct json_shape *shape)
{
    if (!shape) {
        return;
    }
    for (size_t i = 0; i < shapes->count; i++) {
        if (strcmp(shapes->at[i]->type_name, shape->type_name) == 0) {
            ASSERT_START(shapes->at[i] == shape ||
                         shapes->at[i]->field_count == shape->field_count);
            return;
        }
    }
    ASSERT_START(shapes->count < SHAPES_MAX);
    shapes->at[shapes->count++] = shape;
    for (size_t i = 0; i < shape->field_count; i++) {
        gather(shapes, shape->fields[i].shape);
    }
}

static void write_choices(struct buf *out, const char *choices)
{
    const char *comma = "";
    buf_puts(out, ",\"enum\":[");
    for (const char *at = choices; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        buf_printf(out, "%s\"%.*s\"", comma, (int)len, at);
        comma = ",";
        at += len;
    }
    buf_puts(out, "]");
}

static void write_type(struct buf *out, const struct json_field *field)
{
    bool null = field->flags & JSON_OPTIONAL;
    const char *text = null ? "{\"type\":[\"string\",\"null\"]" : "{\"type\":\"string\"";
    switch (field->kind) {
    case JSON_ID:
        buf_printf(out, "%s,\"pattern\":\"^[0-9]+$\"}", text);
        break;
    case JSON_I64:
        buf_printf(out, "{\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld}",
                   (long long)field->min, (long long)field->max);
        break;
    case JSON_BOOL:
        buf_puts(out, "{\"type\":\"boolean\"}");
        break;
    case JSON_DOUBLE:
        buf_puts(out, "{\"type\":\"number\"}");
        break;
    case JSON_TEXT:
        buf_printf(out, "%s,\"minLength\":%lld,\"maxLength\":%lld}", text, (long long)field->min,
                   (long long)field->max);
        break;
    case JSON_CHOICE:
        buf_puts(out, "{\"type\":\"string\"");
        write_choices(out, field->choices);
        buf_puts(out, "}");
        break;
    case JSON_DATE:
        buf_printf(out, "%s,\"format\":\"date\"}", text);
        break;
    case JSON_STRUCT:
        buf_printf(out, "{\"$ref\":\"#/components/schemas/%s\"}", field->shape->type_name);
        break;
    case JSON_LIST:
        buf_printf(out,
                   "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"},"
                   "\"maxItems\":%lld}",
                   field->shape->type_name, (long long)field->max);
        break;
    case JSON_NUMBERS:
        buf_printf(out, "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"maxItems\":%d}",
                   JSON_NUMBERS_MAX);
        break;
    case JSON_TEXTS:
        buf_printf(out,
                   "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1,"
                   "\"maxLength\":%lld},\"maxItems\":%lld}",
                   (long long)field->min, (long long)field->max);
        break;
    case JSON_RAW:
        buf_puts(out, "{}");
        break;
    }
}

static void write_about(struct buf *out, const struct json_field *field)
{
    if (field->about) {
        out->len--;                                        /* the type's closing brace */
        buf_puts(out, field->kind == JSON_RAW ? "" : ","); /* which is {} */
        buf_puts(out, "\"description\":");
        json_write_text(out, field->about);
        buf_puts(out, "}");
    }
}

static void write_fields(struct buf *out, const struct json_shape *shape, const char *path,
                         bool leave_out_path)
{
    const char *comma = "";
    buf_puts(out, "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{");
    for (size_t pass = 0; pass < 2; pass++) {
        comma = "";
        for (size_t i = 0; shape && i < shape->field_count; i++) {
            const struct json_field *field = &shape->fields[i];
            const char *mark = arena_printf(out->arena, "{%s}", field->name);
            if ((leave_out_path && strstr(path, mark)) ||
                (pass == 1 && (field->flags & (JSON_OPTIONAL | JSON_OMIT)))) {
                continue;
            }
            buf_printf(out, "%s\"%s\"", comma, field->name);
            comma = ",";
            if (pass == 0) {
                buf_puts(out, ":");
                write_type(out, field);
                write_about(out, field);
            }
        }
        buf_puts(out, pass == 0 ? "},\"required\":[" : "]}");
    }
}

static void write_parameters(struct buf *out, const struct api_route *route)
{
    const char *comma = "";
    bool get = strcmp(route->method, "GET") == 0, raw = route->flags & API_RAW;
    buf_puts(out, ",\"parameters\":[");
    for (size_t i = 0; route->steps->in && i < route->steps->in->field_count; i++) {
        const struct json_field *field = &route->steps->in->fields[i];
        bool in_path = strstr(route->path, arena_printf(out->arena, "{%s}", field->name));
        if (in_path || get || raw) {
            buf_printf(out, "%s{\"name\":\"%s\",\"in\":\"%s\",\"required\":%s,\"schema\":", comma,
                       field->name, in_path ? "path" : "query",
                       in_path || !(field->flags & JSON_OPTIONAL) ? "true" : "false");
            write_type(out, field);
            buf_puts(out, "}");
            comma = ",";
        }
    }
    if (!get && route->tx == API_TX_WRITE && route->who != API_ANYONE) {
        buf_printf(out,
                   "%s{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"schema\":{\"type\":"
                   "\"string\",\"maxLength\":%d}}",
                   comma, IDEMPOTENCY_KEY_MAX);
    }
    buf_puts(out, "]");
}

/* Who may, and what a program's token must be made for. */
static void write_security(struct buf *out, const struct api_route *route)
{
    enum api_who who = route->who;
    unsigned scope = route_scope(route);
    if (who == API_MEMBER) {
        buf_printf(out, ",\"x-token\":\"%s\"",
                   scope == SCOPE_READ    ? "read"
                   : scope == SCOPE_WRITE ? "write"
                   : scope == SCOPE_LIVE  ? "live"
                                          : "none");
    }
    if (who == API_ANYONE) {
        buf_puts(out, ",\"security\":[]");
    } else if (api_power(who)) {
        buf_printf(out, ",\"x-who\":\"%s\"", roles_power_name(api_power(who)));
    }
}

static void write_answers(struct buf *out, const struct api_route *route)
{
    buf_printf(out, ",\"responses\":{\"%d\":{\"description\":\"done\"", route->status);
    if (route->flags & API_PLAIN) {
        buf_puts(out, ",\"content\":{\"text/plain\":{}}");
    } else if (route->steps->out) {
        buf_printf(out,
                   ",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
                   "\"#/components/schemas/%s\"}}}",
                   route->steps->out->type_name);
    }
    buf_puts(out, "},\"default\":{\"description\":\"refused\",\"content\":{\"application/json\":"
                  "{\"schema\":{\"$ref\":\"#/components/schemas/error\"}}}}}");
}

static void write_file(struct buf *out, const struct api_route *route)
{
    const char *comma = "";
    buf_puts(out, ",\"requestBody\":{\"required\":true,\"content\":{");
    for (const char *at = route->accept; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        buf_printf(out, "%s\"%.*s\":{\"schema\":{\"type\":\"string\",\"maxLength\":%zu}}", comma,
                   (int)len, at, route->body_max);
        comma = ",";
        at += len;
    }
    buf_puts(out, "}}");
}

static void write_route(struct buf *out, const struct api_route *route)
{
    char method[8] = "";
    for (size_t i = 0; i < sizeof(method) - 1 && route->method[i]; i++) {
        method[i] = (char)(route->method[i] | 0x20);
        method[i + 1] = '\0';
    }
    buf_printf(out, "\"%s\":{\"summary\":", method);
    json_write_text(out, route->about);
    write_parameters(out, route);
    write_security(out, route);
    if (route->flags & API_RAW) {
        write_file(out, route);
    } else if (route->steps->in && strcmp(route->method, "GET") != 0) {
        buf_puts(out, ",\"requestBody\":{\"content\":{\"application/json\":{\"schema\":");
        write_fields(out, route->steps->in, route->path, true);
        buf_puts(out, "}}}");
    }
    write_answers(out, route);
    buf_puts(out, "}");
}

/* All rows in one list, so that those of one path can stand together. */
static const struct api_route **all_rows(const struct feature *const *list, struct arena *arena,
                                         size_t *ret_count)
{
    enum { ROWS_MAX = 1000 };
    const struct api_route **rows = arena_alloc(arena, ROWS_MAX * sizeof(struct api_route *));
    size_t count = 0;
    for (size_t i = 0; i < own_routes_count; i++) {
        rows[count++] = &own_routes[i].route;
    }
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            ASSERT_START(count < ROWS_MAX);
            rows[count++] = row;
        }
    }
    *ret_count = count;
    return rows;
}

static void write_paths(struct buf *out, const struct api_route **rows, size_t count)
{
    const char *comma = "";
    for (size_t i = 0; i < count; i++) {
        if (!rows[i]) {
            continue;
        }
        const char *path = rows[i]->path;
        buf_printf(out, "%s\"%s\":{", comma, path);
        const char *inner = "";
        for (size_t j = i; j < count; j++) {
            if (rows[j] && strcmp(rows[j]->path, path) == 0) {
                buf_puts(out, inner);
                write_route(out, rows[j]);
                rows[j] = NULL;
                inner = ",";
            }
        }
        buf_puts(out, "}");
        comma = ",";
    }
}

/* What the member's socket is told besides docs/live.md: {"t":T, and what the schema has}. */
static void write_live(struct buf *out, const struct feature *const *list)
{
    const char *comma = "";
    buf_puts(out, "\"x-live\":{");
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            buf_printf(out, "%s\"%s\":{\"description\":", comma, row->t);
            json_write_text(out, row->about);
            if (row->shape) {
                buf_printf(out, ",\"schema\":{\"$ref\":\"#/components/schemas/%s\"}",
                           row->shape->type_name);
            }
            buf_puts(out, "}");
            comma = ",";
        }
    }
    buf_puts(out, "},");
}

void api_openapi(const struct feature *const *list, struct buf *out)
{
    struct shapes shapes = {0};
    size_t count = 0;
    const struct api_route **rows = all_rows(list, out->arena, &count);
    for (size_t i = 0; i < count; i++) {
        gather(&shapes, rows[i]->steps->out);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; rows[i]->steps->in && j < rows[i]->steps->in->field_count; j++) {
            gather(&shapes, rows[i]->steps->in->fields[j].shape);
        }
    }
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            gather(&shapes, row->shape);
        }
    }
    buf_puts(out,
             "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Bauta\",\"version\":\"" BAUTA_VERSION
             "\",\"license\":{\"name\":\"AGPL-3.0-or-later\",\"identifier\":"
             "\"AGPL-3.0-or-later\"}},\"security\":[{\"cookie\":[]},{\"bearer\":[]}],"
             "\"paths\":{");
    write_paths(out, rows, count);
    buf_puts(out, "},");
    write_live(out, list);
    buf_puts(out, "\"components\":{\"securitySchemes\":{\"cookie\":{\"type\":\"apiKey\",\"in\":"
                  "\"cookie\",\"name\":\"__Host-" SESSION_COOKIE
                  "\"},\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"}},\"schemas\":{"
                  "\"error\":{\"type\":\"object\",\"properties\":{\"error\":{\"type\":\"object\","
                  "\"properties\":{\"code\":{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; i < catalogue_count; i++) {
        buf_puts(out, i ? "," : "");
        json_write_text(out, catalogue[i].key);
    }
    buf_puts(out, "]},\"text\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"work\":"
                  "{\"type\":\"object\",\"properties\":{\"challenge\":{\"type\":\"string\"},"
                  "\"bits\":{\"type\":\"integer\"}}}},\"required\":[\"code\",\"text\"]}},"
                  "\"required\":[\"error\"]}");
    for (size_t i = 0; i < shapes.count; i++) {
        buf_printf(out, ",\"%s\":", shapes.at[i]->type_name);
        write_fields(out, shapes.at[i], "", false);
    }
    buf_puts(out, "}}}\n");
}
