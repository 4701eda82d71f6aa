#include "tests/hostile/values.h"

#include <inttypes.h>
#include <string.h>

enum { LONG_BYTES = 20000 };

static void add(struct hostile_values *to, const char *why, bool refused, const char *json)
{
    if (to->count == to->room) {
        size_t room = MAX(to->room * 2, (size_t)64);
        struct hostile_value *more = arena_alloc(to->arena, room * sizeof(*more));
        if (to->count) {
            memcpy(more, to->at, to->count * sizeof(*more));
        }
        to->at = more;
        to->room = room;
    }
    to->at[to->count++] = (struct hostile_value){.json = json, .why = why, .refused = refused};
}

/* A text of `unit` so many times, in quotes and bare. */
static void add_run(struct hostile_values *to, const char *why, bool refused, const char *unit,
                    int64_t times)
{
    struct buf text = {.arena = to->arena};
    buf_puts(&text, "\"");
    for (int64_t i = 0; i < times; i++) {
        buf_puts(&text, unit);
    }
    buf_puts(&text, "\"");
    add(to, why, refused, text.at);
    if (unit[0] != '\\') {
        to->at[to->count - 1].plain = arena_text(to->arena, text.at + 1, text.len - 2);
        to->at[to->count - 1].plain_len = text.len - 2;
    }
}

/* What stands in a path as these bytes, which a body would hold as `json`. */
static void add_plain(struct hostile_values *to, const char *why, bool refused, const char *json,
                      const char *plain, size_t len)
{
    add(to, why, refused, json);
    to->at[to->count - 1].plain = plain;
    to->at[to->count - 1].plain_len = len;
}

static const char *const units[] = {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

/* A limit in code points, and what a buffer of as many bytes would meet. */
static void add_lengths(struct hostile_values *to, int64_t min, int64_t max, bool free_text)
{
    for (size_t i = 0; i < COUNT(units); i++) {
        int64_t bytes = (int64_t)strlen(units[i]);
        add_run(to, "as long as it may be", !free_text, units[i], max);
        add_run(to, "one longer than it may be", true, units[i], max + 1);
        add_run(to, "as many bytes as code points may be", !free_text, units[i], max / bytes);
        add_run(to, "one more than as many bytes", false, units[i], max / bytes + 1);
    }
    struct buf mixed = {.arena = to->arena}; /* one unit more in UTF-16 than code points */
    for (int64_t i = 1; i < max; i++) {
        buf_puts(&mixed, "a");
    }
    add_run(to, "one wide character among narrow ones", !free_text,
            arena_printf(to->arena, "%s%s", mixed.at ? mixed.at : "", units[3]), 1);
    if (min > 0) {
        add_run(to, "nothing", true, "", 0);
        add_run(to, "one shorter than it may be", true, "a", min - 1);
    }
    add_run(to, "very long", max < LONG_BYTES, "a", LONG_BYTES);
}

static void add_odd_text(struct hostile_values *to, int64_t max)
{
    add_run(to, "line feeds", false, "\\n", max);
    add_run(to, "quotes, twice as long when written", false, "\\\"", max);
    add_run(to, "no-break and zero-width", false, "\xe2\x80\x8b", max);
    add_run(to, "marks that pile up", false, "\xcc\x81", max);
    add_run(to, "from right to left", false, "\xe2\x80\xae\xd7\xa9", max / 2);
    add_run(to, "blanks", false, " ", max);
    add(to, "NUL", true, "\"a\\u0000b\"");
    add(to, "a lone surrogate", true, "\"\\ud800\"");
    add(to, "a surrogate the wrong way round", true, "\"\\udc00\\ud800\"");
    add(to, "a control character", true, "\"\\u0007\"");
    add_plain(to, "no UTF-8", true, "\"\xff\xfe\"", "\xff\xfe", 2);
    add_plain(to, "a character cut off", true, "\"\xe2\x82\"", "\xe2\x82", 2);
    add_plain(to, "longer than UTF-8 needs", true, "\"\xc0\xaf\"", "\xc0\xaf", 2);
    add_plain(to, "NUL as it is", true, "\"a\\u0000\"", "a\0b", 3);
    add_plain(to, "dots and slashes", false, "\"../../x\"", "../../x", 7);
    add_plain(to, "SQL", false, "\"' OR 1=1 --\"", "' OR 1=1 --", 11);
    add_plain(to, "markup", false, "\"<b onload=x>%s%n{x}\"", "<b onload=x>%s%n{x}", 19);
}

static void add_numbers(struct hostile_values *to, const struct json_field *field, bool quoted)
{
    static const char *const odd[] = {"1e300",
                                      "-0",
                                      "1.5",
                                      "9223372036854775807",
                                      "9223372036854775808",
                                      "-9223372036854775808",
                                      "1e999",
                                      "0x10",
                                      "+1",
                                      "01",
                                      "NaN"};
    const char *quote = quoted ? "\"" : "";
    const int64_t ends[] = {field->min, field->max, 0, -1};
    for (size_t i = 0; i < COUNT(ends); i++) {
        const char *plain = arena_printf(to->arena, "%" PRId64, ends[i]);
        add_plain(to, "a number at an end", ends[i] < field->min || ends[i] > field->max,
                  arena_printf(to->arena, "%s%s%s", quote, plain, quote), plain, strlen(plain));
    }
    if (field->max < INT64_MAX) {
        const char *past = arena_printf(to->arena, "%" PRId64, field->max + 1);
        add_plain(to, "past the end", true, arena_printf(to->arena, "%s%s%s", quote, past, quote),
                  past, strlen(past));
    }
    for (size_t i = 0; i < COUNT(odd); i++) {
        add_plain(to, "an odd number", false,
                  arena_printf(to->arena, "%s%s%s", quote, odd[i], quote), odd[i], strlen(odd[i]));
    }
}

/* Every type that is not the field's. */
static void add_types(struct hostile_values *to, const struct json_field *field)
{
    static const struct {
        const char *json;
        unsigned kinds; /* where it is no mistake */
    } types[] = {
        {"1", 1 << JSON_I64 | 1 << JSON_DOUBLE},
        {"1.5", 1 << JSON_DOUBLE},
        {"true", 1 << JSON_BOOL},
        {"{}", 1 << JSON_STRUCT},
        {"[]", 1 << JSON_LIST | 1 << JSON_NUMBERS | 1 << JSON_TEXTS},
        {"[[[[[[[[[[[[[[]]]]]]]]]]]]]]", 0},
        {"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}", 0},
    };
    for (size_t i = 0; i < COUNT(types); i++) {
        bool fits = types[i].kinds >> field->kind & 1;
        add(to, "of another type", !fits, types[i].json);
    }
    if (field->kind != JSON_TEXT && field->kind != JSON_CHOICE && field->kind != JSON_DATE) {
        add_run(to, "a text", true, "x", 1);
    }
    add(to, "null", !(field->flags & JSON_OPTIONAL), "null");
    add(to, "left out", !(field->flags & JSON_OPTIONAL), "");
}

static void add_inner(struct hostile_values *to, const struct json_field *field, bool list,
                      hostile_usual *usual, void *ctx)
{
    const char *open = list ? "[" : "", *close = list ? "]" : "";
    for (size_t i = 0; i < field->shape->field_count; i++) {
        const struct json_field *inner = &field->shape->fields[i];
        struct hostile_values values = hostile_values(to->arena, inner, usual, ctx);
        for (size_t v = 0; v < values.count; v++) {
            const char *object = hostile_object(to->arena, field->shape, 0, inner->name,
                                                values.at[v].json, false, usual, ctx);
            add(to, values.at[v].why, values.at[v].refused,
                arena_printf(to->arena, "%s%s%s", open, object, close));
        }
    }
}

static const char *repeated(struct arena *arena, const char *json, int64_t times)
{
    struct buf list = {.arena = arena};
    buf_puts(&list, "[");
    for (int64_t i = 0; i < times; i++) {
        buf_puts(&list, i ? "," : "");
        buf_puts(&list, json);
    }
    buf_puts(&list, "]");
    return list.at;
}

static void add_lists(struct hostile_values *to, const struct json_field *field,
                      hostile_usual *usual, void *ctx)
{
    int64_t max = field->kind == JSON_NUMBERS ? JSON_NUMBERS_MAX : field->max;
    const char *item = NULL;
    if (field->kind == JSON_LIST) {
        add_inner(to, field, true, usual, ctx);
        item = hostile_object(to->arena, field->shape, 0, NULL, NULL, false, usual, ctx);
    } else if (field->kind == JSON_NUMBERS) {
        item = arena_printf(to->arena, "%" PRId64, field->max);
        add(to, "a number past its end", field->max < INT64_MAX,
            arena_printf(to->arena, "[%" PRId64 "]", field->max < INT64_MAX ? field->max + 1 : 0));
        add(to, "no whole number", true, "[1.5]");
    } else {
        struct json_field each = {.kind = JSON_TEXT, .min = 1, .max = field->min};
        struct hostile_values values = {.arena = to->arena};
        add_lengths(&values, 1, each.max, true);
        add_odd_text(&values, each.max);
        for (size_t v = 0; v < values.count; v++) {
            add(to, values.at[v].why, values.at[v].refused,
                repeated(to->arena, values.at[v].json, 1));
        }
        item = values.at[12].json; /* as long as it may be, of four bytes each */
    }
    add(to, "as many as there may be", false, repeated(to->arena, item, max));
    add(to, "one more than there may be", true, repeated(to->arena, item, max + 1));
}

struct hostile_values hostile_values(struct arena *arena, const struct json_field *field,
                                     hostile_usual *usual, void *ctx)
{
    struct hostile_values to = {.arena = arena};
    switch (field->kind) {
    case JSON_TEXT:
        add_lengths(&to, field->min, field->max, true);
        add_odd_text(&to, field->max);
        break;
    case JSON_CHOICE:
    case JSON_DATE:
        add_lengths(&to, 1, 16, false);
        add_odd_text(&to, 16);
        break;
    case JSON_ID:
    case JSON_I64:
    case JSON_DOUBLE:
        add_numbers(&to, field, field->kind == JSON_ID);
        break;
    case JSON_STRUCT:
        add_inner(&to, field, false, usual, ctx);
        break;
    case JSON_LIST:
    case JSON_NUMBERS:
    case JSON_TEXTS:
        add_lists(&to, field, usual, ctx);
        break;
    case JSON_BOOL:
    case JSON_RAW:
        break;
    }
    add_types(&to, field);
    return to;
}

static const char *quoted(struct arena *arena, const char *text)
{
    struct buf out = {.arena = arena};
    json_write_text(&out, text);
    return out.at;
}

const char *hostile_fitting(struct arena *arena, const struct json_field *field,
                            hostile_usual *usual, void *ctx)
{
    const char *own = usual ? usual(ctx, field) : NULL;
    switch (field->kind) {
    case JSON_TEXT:
        if (own) {
            return quoted(arena, own);
        }
        return quoted(arena, field->max < 4 || field->min > 4
                                 ? arena_printf(arena, "%.*s", (int)MAX(field->min, 1),
                                                "correct horse battery staple")
                                 : "word");
    case JSON_CHOICE:
        return arena_printf(arena, "\"%.*s\"", (int)strcspn(field->choices, " "), field->choices);
    case JSON_DATE:
        return "\"1990-05-17\"";
    case JSON_ID:
        return "\"1\"";
    case JSON_I64:
        return arena_printf(arena, "%" PRId64, field->min);
    case JSON_DOUBLE:
        return "1";
    case JSON_BOOL:
        return "true";
    case JSON_STRUCT:
        return hostile_object(arena, field->shape, 0, NULL, NULL, false, usual, ctx);
    case JSON_LIST:
        return arena_printf(arena, "[%s]",
                            hostile_object(arena, field->shape, 0, NULL, NULL, false, usual, ctx));
    case JSON_NUMBERS:
        return "[]";
    case JSON_TEXTS:
        return arena_printf(arena, "[%s]", quoted(arena, own ? own : "word"));
    case JSON_RAW:
        break;
    }
    return "null";
}

const char *hostile_object(struct arena *arena, const struct json_shape *shape, uint64_t skip,
                           const char *name, const char *json, bool twice, hostile_usual *usual,
                           void *ctx)
{
    struct buf out = {.arena = arena};
    const char *comma = "";
    buf_puts(&out, "{");
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        bool own = name && strcmp(name, field->name) == 0;
        if ((skip >> i & 1) || field->kind == JSON_RAW || (own && !*json)) {
            continue;
        }
        const char *value = own ? json : hostile_fitting(arena, field, usual, ctx);
        for (int times = own && twice ? 2 : 1; times > 0; times--) {
            buf_printf(&out, "%s\"%s\":", comma, field->name);
            buf_puts(&out, value);
            comma = ",";
        }
    }
    buf_puts(&out, "}");
    return out.at;
}
