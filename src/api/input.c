#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "api/api_inner.h"
#include "base/text.h"

/* What came with the request becomes the struct of the route's `in` shape. */
static const struct json_shape nothing = {.type_name = "nothing"};

/* Deeper than our shapes go; counted first, because a parser recurses. */
static bool too_deep(const char *text, size_t len)
{
    size_t depth = 0;
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (inside) {
            i += c == '\\';
            inside = c != '"';
        } else if (c == '"') {
            inside = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH_MAX) {
                return true;
            }
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
        }
    }
    return false;
}

/* A raw route's: ?work=…, taken out of the query. */
static const char *proof_of_query(struct work *work)
{
    struct api_request *request = work->request;
    static const char name[] = "work=";
    const char *at = request->query;
    while (*at && strncmp(at, name, sizeof(name) - 1) != 0) {
        at += strcspn(at, "&");
        at += *at == '&';
    }
    if (!*at) {
        return NULL;
    }
    size_t len = strcspn(at, "&"), proof_len = 0;
    const char *proof = NULL;
    if (route_decode(&work->call, at + sizeof(name) - 1, len - (sizeof(name) - 1), false, &proof,
                     &proof_len) != OK) {
        return NULL;
    }
    request->query = arena_printf(request->arena, "%.*s%s", (int)(at - request->query),
                                  request->query, at + len + (at[len] == '&'));
    return proof;
}

const char *input_proof(struct work *work)
{
    struct api_request *request = work->request;
    if (work->route->flags & API_RAW) {
        return proof_of_query(work);
    }
    static const char name[] = "\"work\"";
    if (!request->body_len || request->body_len > API_BODY_MAX ||
        !memmem(request->body, request->body_len, name, sizeof(name) - 1) ||
        memchr(request->body, 0, request->body_len) || too_deep(request->body, request->body_len)) {
        return NULL;
    }
    json_t *json = json_loadb(request->body, request->body_len, JSON_REJECT_DUPLICATES, NULL);
    const char *proof = json_string_value(json_object_get(json, "work"));
    struct arena_hold hold;
    arena_hold(request->arena, &hold, json_release, json);
    if (proof) {
        proof = arena_text(request->arena, proof, strlen(proof));
        json_object_del(json, "work");
        size_t len = json_dumpb(json, NULL, 0, JSON_COMPACT);
        char *body = arena_alloc(request->arena, len + 1);
        request->body_len = json_dumpb(json, body, len, JSON_COMPACT);
        request->body = body;
    }
    arena_drop(request->arena);
    return proof;
}

static enum err one(struct work *work, const char *name, size_t name_len, const char *text,
                    size_t len, uint64_t *seen)
{
    struct call *call = &work->call;
    const struct json_shape *shape = work->steps->in;
    const struct json_field *field = json_field_named(shape, name, name_len);
    if (!field || !shape) {
        const char *cut = arena_text(call->arena, name, MIN(name_len, 40));
        return call_fail_field(call, ERR_INVALID, "input.unknown",
                               text_utf8(cut, strlen(cut)) ? cut : NULL);
    }
    uint64_t bit = UINT64_C(1) << (size_t)(field - shape->fields);
    if (*seen & bit) {
        return call_fail_field(call, ERR_INVALID, "input.twice", field->name);
    }
    if (len > PARAM_MAX_BYTES) {
        return call_fail_field(call, ERR_INVALID, "input.length", field->name);
    }
    *seen |= bit;
    return json_read_plain(call, field, text, len, work->in);
}

static enum err read_path(struct work *work, const struct found *found, uint64_t *seen)
{
    const char *at = work->route->path;
    for (size_t i = 0; i < found->count; i++) {
        at = strchr(at, '{') + 1;
        TRY(one(work, at, strcspn(at, "}"), found->params[i].text, found->params[i].len, seen));
    }
    return OK;
}

static enum err read_query(struct work *work, const char *query, uint64_t *seen)
{
    size_t count = 0;
    for (const char *at = query; *at;) {
        size_t pair = strcspn(at, "&");
        size_t name_len = strcspn(at, "=&");
        const char *name = NULL, *text = "";
        size_t len = 0;
        if (++count > QUERY_PARAMS_MAX) {
            return call_fail(&work->call, ERR_INVALID, "input.query");
        }
        TRY(route_decode(&work->call, at, name_len, true, &name, &name_len));
        size_t skip = strcspn(at, "=&") + 1;
        if (skip <= pair) {
            TRY(route_decode(&work->call, at + skip, pair - skip, true, &text, &len));
        }
        if (pair > 0) {
            TRY(one(work, name, name_len, text, len, seen));
        }
        at += pair + (at[pair] == '&');
    }
    return OK;
}

static bool is_json(const char *type)
{
    static const char want[] = "application/json";
    size_t len = strcspn(type, "; \t");
    if (len != sizeof(want) - 1 || strncasecmp(type, want, len) != 0) {
        return false;
    }
    const char *more = type + len + strspn(type + len, "; \t");
    return !*more || strcasecmp(more, "charset=utf-8") == 0 ||
           strcasecmp(more, "charset=\"utf-8\"") == 0;
}

static enum err read_body(struct work *work, const struct json_shape *shape, uint64_t *seen)
{
    struct api_request *request = work->request;
    struct call *call = &work->call;
    if (request->body_len > API_BODY_MAX) {
        return call_fail(call, ERR_LARGE, "api.large");
    }
    if (!is_json(request->content_type)) {
        work->status = 415;
        return call_fail(call, ERR_INVALID, "api.type");
    }
    if (too_deep(request->body, request->body_len)) {
        return call_fail(call, ERR_INVALID, "input.json");
    }
    return json_read(call, shape, request->body, request->body_len, work->in, seen);
}

/* The route's own word for the type that came; NULL: not accepted. */
static const char *accepted(struct work *work)
{
    const char *type = work->request->content_type;
    size_t len = strcspn(type, "; \t");
    for (const char *at = work->route->accept; *at && len > 0; at += strspn(at, " ")) {
        size_t own = strcspn(at, " ");
        if (own == len && strncasecmp(at, type, len) == 0) {
            return arena_text(work->arena, at, own);
        }
        at += own;
    }
    return NULL;
}

static enum err read_raw(struct work *work)
{
    const struct api_request *request = work->request;
    struct call *call = &work->call;
    if (request->body_len > work->route->body_max) {
        return call_fail(call, ERR_LARGE, "api.file_large");
    }
    call->body_type = accepted(work);
    if (!call->body_type) {
        work->status = 415;
        return call_fail(call, ERR_INVALID, "api.file_type");
    }
    if (request->body_len == 0) {
        return call_fail(call, ERR_INVALID, "api.file_empty");
    }
    if (!request->asks) { /* else nothing of it is here */
        call->body = (const uint8_t *)request->body;
        call->body_len = request->body_len;
    }
    return OK;
}

enum err input_read(struct work *work, const struct found *found)
{
    struct api_request *request = work->request;
    const struct json_shape *shape = work->steps->in ? work->steps->in : &nothing;
    bool get = route_method(request->method) == METHOD_GET;
    uint64_t seen = 0;
    work->in = arena_alloc(work->arena, shape->size + 1);
    TRY(read_path(work, found, &seen));
    bool raw = work->route->flags & API_RAW;
    if (*request->query && !get && !raw) {
        return call_fail(&work->call, ERR_INVALID, "input.query");
    }
    TRY(read_query(work, request->query, &seen));
    if (request->body_len > 0 && get) {
        return call_fail(&work->call, ERR_INVALID, "input.body");
    }
    if (raw) {
        TRY(read_raw(work));
    } else if (request->body_len > 0) {
        TRY(read_body(work, shape, &seen));
    }
    return json_complete(&work->call, shape, seen);
}
