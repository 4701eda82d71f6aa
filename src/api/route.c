#include <string.h>

#include "api/api_inner.h"
#include "base/text.h"
#include "call/json_check.h"

/*
 * The routes as a tree of path segments, made once at start.  A literal segment
 * goes before a {name}: /api/sessions/current before /api/sessions/{id}.
 */
struct node {
    const char *text; /* NULL: a {name} */
    size_t len;
    struct node *child, *next;
    struct route_entry *at[METHODS];
    const char *allow;
};

static const char *const method_names[METHODS] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

enum method route_method(const char *method)
{
    /* HEAD is GET whose body net leaves out. */
    if (strcmp(method, "HEAD") == 0) {
        return METHOD_GET;
    }
    for (enum method i = 0; i < METHODS; i++) {
        if (strcmp(method, method_names[i]) == 0) {
            return i;
        }
    }
    return METHODS;
}

unsigned route_scope(const struct api_route *route)
{
    if (api_power(route->who) || route->flags & (API_STEP_UP | API_PASSKEY | API_NO_TOKEN)) {
        return 0;
    }
    return route->flags & API_UPGRADE                  ? SCOPE_LIVE
           : route_method(route->method) == METHOD_GET ? SCOPE_READ
                                                       : SCOPE_WRITE;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err route_decode(struct call *call, const char *text, size_t len, bool plus, const char **ret,
                      size_t *ret_len)
{
    char *out = arena_alloc(call->arena, len + 1);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            int high = len - i > 2 ? hex(text[i + 1]) : -1;
            int low = len - i > 2 ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return call_fail(call, ERR_INVALID, "input.path");
            }
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c == '\0') {
            return call_fail(call, ERR_INVALID, "input.path");
        }
        out[at++] = c;
    }
    if (!text_utf8(out, at)) {
        return call_fail(call, ERR_INVALID, "input.path");
    }
    *ret = out;
    *ret_len = at;
    return OK;
}

static struct node *child_of(struct routes *routes, struct node *node, const char *text, size_t len)
{
    bool name = text[0] == '{';
    struct node **at = &node->child;
    for (; *at; at = &(*at)->next) {
        if (name ? !(*at)->text
                 : (*at)->text && (*at)->len == len && memcmp((*at)->text, text, len) == 0) {
            return *at;
        }
    }
    *at = arena_alloc(routes->arena, sizeof(**at));
    if (!name) {
        (*at)->text = text;
        (*at)->len = len;
    }
    return *at;
}

/* Counted by a field that is not there, it would stop the server at the first call. */
static void check_limits(const struct api_route *route)
{
    for (size_t i = 0; i < COUNT(route->limits) && route->limits[i]; i++) {
        const struct api_limit *limit = route->limits[i];
        ASSERT_START(limit->name && limit->burst > 0 && limit->per_ms > 0);
        ASSERT_START(!limit->looked || limit->field);
        if (limit->field) {
            const struct json_shape *in = route->steps->in;
            const struct json_field *field =
                json_field_named(in, limit->field, strlen(limit->field));
            ASSERT_START(field && (field->kind == JSON_TEXT || field->kind == JSON_CHOICE));
        }
    }
}

/* A row that makes no sense is a bug that must not get as far as a request. */
static void check_row(const struct api_route *route, bool own)
{
    const struct api_steps *steps = route->steps;
    ASSERT_START(route->who != API_WHO_UNSET && route->who != API_STAFF);
    ASSERT_START(route->about && route->status >= 101 && route->status < 300);
    ASSERT_START(own || steps->apply || steps->prepare || (route->flags & API_UPGRADE));
    ASSERT_START(route->tx == API_TX_NONE || steps->apply);
    ASSERT_START(!steps->look_again == !steps->prepare_again);
    ASSERT_START(!steps->look_again || (steps->prepare && !(route->flags & API_SLOW_POOL)));
    ASSERT_START(!json_field_named(steps->in, "work", 4)); /* belongs to limit.c */
    ASSERT_START(!(route->flags & API_RAW) == !route->accept && !route->accept == !route->body_max);
    ASSERT_START(route->body_max <= API_RAW_MAX &&
                 (!route->accept || strcmp(route->method, "GET") != 0));
    ASSERT_START(!(route->flags & API_NOBODY) || route->who == API_ANYONE);
    ASSERT_START(!(route->flags & (API_STEP_UP | API_PASSKEY)) || route->who != API_ANYONE);
    ASSERT_START(!route->look || (api_power(route->who) && route->tx == API_TX_WRITE));
    ASSERT_START(!(route->flags & API_BATCH) || route->tx == API_TX_WRITE);
    json_check(steps->in);
    json_check(steps->out);
    ASSERT_START(!steps->in || steps->in_size == 0 || steps->in_size == steps->in->size);
    ASSERT_START(!steps->out || steps->out_size == steps->out->size);
    check_limits(route);
    size_t params = 0;
    ASSERT_START(!(route->flags & API_PLAIN) || json_field_named(steps->out, "text", 4));
    for (const char *at = strchr(route->path, '{'); at; at = strchr(at + 1, '{')) {
        ASSERT_START(++params <= API_PARAMS_MAX);
        ASSERT_START(steps->in && json_field_named(steps->in, at + 1, strcspn(at + 1, "}")));
    }
}

static void add(struct routes *routes, const struct api_route *route,
                enum err (*own)(struct work *))
{
    check_row(route, own != NULL);
    struct route_entry *entry = &routes->entries[routes->count++];
    entry->route = route;
    entry->own = own;
    entry->label = arena_printf(routes->arena, "%s %s", route->method, route->path);
    struct node *node = routes->root;
    size_t segments = 0;
    for (const char *at = route->path; *at == '/'; at += strcspn(at, "/")) {
        at++;
        node = child_of(routes, node, at, strcspn(at, "/"));
        ASSERT_START(++segments <= SEGMENTS_MAX);
    }
    enum method method = route_method(route->method);
    ASSERT_START(method != METHODS && !node->at[method]); /* two rows for one route? */
    node->at[method] = entry;
    const char *before = node->allow ? node->allow : "";
    const char *head = method == METHOD_GET ? "GET, HEAD" : route->method;
    node->allow = arena_printf(routes->arena, "%s%s%s", before, *before ? ", " : "", head);
}

const struct setting_group *const *features_settings(const struct feature *const list[])
{
    enum { GROUPS_MAX = 64 };
    static const struct setting_group *groups[GROUPS_MAX + 1];
    size_t count = 0;
    for (; *list; list++) {
        ASSERT_START(count < GROUPS_MAX);
        groups[count] = (*list)->settings;
        count += (*list)->settings != NULL;
    }
    groups[count] = NULL;
    return groups;
}

void routes_make(struct routes *routes, const struct feature *const *list)
{
    size_t count = own_routes_count;
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            count++;
        }
    }
    *routes = (struct routes){.arena = arena_new(API_ARENA_MAX)};
    ASSERT_START(routes->arena);
    routes->entries = arena_alloc(routes->arena, (count + 2) * sizeof(*routes->entries));
    routes->root = arena_alloc(routes->arena, sizeof(*routes->root));
    for (size_t i = 0; i < own_routes_count; i++) {
        add(routes, &own_routes[i].route, own_routes[i].own);
    }
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            add(routes, row, NULL);
        }
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            ASSERT_START(row->about && row->reaches);
            json_check(row->shape);
        }
    }
    ASSERT_START(routes->count == count);
    routes->entries[count].label = "none";
    routes->entries[count + 1].label = "inside";
}

void routes_free(struct routes *routes)
{
    arena_free(routes->arena);
}

/* `allow` becomes the list of the first node on the path's end that has other methods. */
static struct route_entry *walk(const struct node *node, const struct param *segments, size_t left,
                                enum method method, struct found *ret)
{
    if (left == 0) {
        if (!ret->allow) {
            ret->allow = node->allow;
        }
        return method == METHODS ? NULL : node->at[method];
    }
    for (const struct node *child = node->child; child; child = child->next) {
        if (child->text && segments->text && child->len == segments->len &&
            memcmp(child->text, segments->text, child->len) == 0) {
            struct route_entry *entry = walk(child, segments + 1, left - 1, method, ret);
            if (entry) {
                return entry;
            }
        }
    }
    for (const struct node *child = node->child; child; child = child->next) {
        if (!child->text && segments->len > 0 && ret->count < API_PARAMS_MAX) {
            ret->params[ret->count++] = *segments;
            struct route_entry *entry = walk(child, segments + 1, left - 1, method, ret);
            if (entry) {
                return entry;
            }
            ret->count--;
        }
    }
    return NULL;
}

enum err route_find(const struct routes *routes, struct call *call, const char *method,
                    const char *path, struct found *ret)
{
    struct param segments[SEGMENTS_MAX] = {{NULL, 0}};
    size_t count = 0;
    *ret = (struct found){0};
    if (strlen(path) > PATH_MAX_BYTES) {
        return call_fail(call, ERR_LARGE, "input.path");
    }
    const char *at = path;
    for (; *at == '/' && count < SEGMENTS_MAX; count++) {
        size_t len = strcspn(++at, "/");
        TRY(route_decode(call, at, len, false, &segments[count].text, &segments[count].len));
        at += len;
    }
    if (*at) { /* deeper than any route, or no / in front */
        return OK;
    }
    ret->entry = walk(routes->root, segments, count, route_method(method), ret);
    return OK;
}

struct finding {
    const struct api *api;
    struct call call;
    const char *method, *path;
    struct found found;
};

static enum err find(void *arg)
{
    struct finding *it = arg;
    return route_find(&it->api->routes, &it->call, it->method, it->path, &it->found);
}

/* Without memory to look for it: as much as any, since the call is looked at again. */
size_t api_body_max(const struct api *api, const char *method, const char *path)
{
    enum { DECODED_MAX = 16 * 1024 };
    struct finding it = {api, {.arena = arena_new(DECODED_MAX)}, method, path, {0}};
    if (!it.call.arena) {
        return API_RAW_MAX;
    }
    enum err err = arena_run(it.call.arena, find, &it);
    bool ran_out = arena_ran_out(it.call.arena);
    arena_free(it.call.arena);
    size_t own = err == OK && it.found.entry ? it.found.entry->route->body_max : 0;
    return ran_out ? API_RAW_MAX : own ? own : API_BODY_MAX;
}
