#include "call/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static enum err bad(struct call *call, const char *code, const struct json_field *field)
{
    return call_fail_field(call, ERR_INVALID, code, field ? field->name : NULL);
}

/* What a text with a NUL behind it is refused for; NULL: it fits the field. */
static const char *text_wrong(const struct json_field *field, const char *text, size_t len)
{
    int year = 0, month = 0, day = 0;
    if (strlen(text) != len || !text_utf8(text, len) || !text_typed(text, len)) {
        return "input.text";
    }
    if (field->kind == JSON_CHOICE && !text_among(field->choices, text)) {
        return "input.choice";
    }
    if (field->kind == JSON_DATE && !text_date(text, &year, &month, &day)) {
        return "input.date";
    }
    if (field->kind != JSON_TEXT) {
        return NULL;
    }
    int64_t points = (int64_t)text_points(text);
    return points < field->min || points > field->max ? "input.length" : NULL;
}

/* The text is the arena's already. */
static enum err put_text(struct call *call, const struct json_field *field, const char *text,
                         size_t len, void *member)
{
    const char *wrong = text_wrong(field, text, len);
    if (wrong) {
        return bad(call, wrong, field);
    }
    memcpy(member, &text, sizeof(text));
    return OK;
}

static enum err put_number(struct call *call, const struct json_field *field, int64_t value,
                           void *member)
{
    if (value < field->min || value > field->max) {
        return bad(call, "input.range", field);
    }
    memcpy(member, &value, sizeof(value));
    return OK;
}

enum err json_read_plain(struct call *call, const struct json_field *field, const char *text,
                         size_t len, void *object)
{
    char *member = (char *)object + field->offset;
    const char *copy = arena_text(call->arena, text, len);
    int64_t value = 0;
    switch (field->kind) {
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
        return put_text(call, field, copy, len, member);
    case JSON_ID:
    case JSON_I64:
        if (strlen(copy) != len || !text_i64(copy, INT64_MIN, INT64_MAX, &value)) {
            return bad(call, "input.type", field);
        }
        return put_number(call, field, value, member);
    case JSON_BOOL:
        if (strcmp(copy, "true") != 0 && strcmp(copy, "false") != 0) {
            return bad(call, "input.type", field);
        }
        *(bool *)member = copy[0] == 't';
        return OK;
    case JSON_DOUBLE:
    case JSON_STRUCT:
    case JSON_LIST:
    case JSON_NUMBERS:
    case JSON_TEXTS:
    case JSON_RAW:
        break;
    }
    return bad(call, "input.type", field);
}

static enum err read_object(struct call *call, const struct json_shape *shape, json_t *json,
                            void *object, uint64_t *seen);

static enum err read_list(struct call *call, const struct json_field *field, json_t *json,
                          void *member)
{
    size_t count = json_array_size(json);
    if (!json_is_array(json)) {
        return bad(call, "input.type", field);
    }
    if ((int64_t)count > field->max) {
        return bad(call, "input.length", field);
    }
    char *items = arena_alloc(call->arena, count * field->shape->size);
    for (size_t i = 0; i < count; i++) {
        uint64_t seen = 0;
        void *item = items + i * field->shape->size;
        TRY(read_object(call, field->shape, json_array_get(json, i), item, &seen));
        TRY(json_complete(call, field->shape, seen));
    }
    const struct json_list list = {items, count};
    memcpy(member, &list, sizeof(list));
    return OK;
}

static enum err read_numbers(struct call *call, const struct json_field *field, json_t *json,
                             void *member)
{
    struct json_numbers *numbers = member;
    size_t count = json_array_size(json);
    if (!json_is_array(json)) {
        return bad(call, "input.type", field);
    }
    if (count > JSON_NUMBERS_MAX) {
        return bad(call, "input.length", field);
    }
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(json, i);
        if (!json_is_integer(item)) {
            return bad(call, "input.type", field);
        }
        TRY(put_number(call, field, json_integer_value(item), &numbers->at[i]));
    }
    numbers->count = count;
    return OK;
}

static enum err read_texts(struct call *call, const struct json_field *field, json_t *json,
                           void *member)
{
    struct json_field each = {.name = field->name, .kind = JSON_TEXT, .min = 1, .max = field->min};
    size_t count = json_array_size(json);
    if (!json_is_array(json)) {
        return bad(call, "input.type", field);
    }
    if ((int64_t)count > field->max) {
        return bad(call, "input.length", field);
    }
    const char **items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        json_t *item = json_array_get(json, i);
        if (!json_is_string(item)) {
            return bad(call, "input.type", field);
        }
        size_t len = json_string_length(item);
        const char *copy = arena_text(call->arena, json_string_value(item), len);
        TRY(put_text(call, &each, copy, len, &items[i]));
    }
    const struct json_list list = {items, count};
    memcpy(member, &list, sizeof(list));
    return OK;
}

static enum err read_real(struct call *call, const struct json_field *field, json_t *json,
                          void *member)
{
    double value = json_number_value(json);
    if (!json_is_number(json) || !isfinite(value)) {
        return bad(call, "input.type", field);
    }
    *(double *)member = value;
    return OK;
}

static enum err read_field(struct call *call, const struct json_field *field, json_t *json,
                           void *object)
{
    char *member = (char *)object + field->offset;
    uint64_t seen = 0;
    switch (field->kind) {
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
    case JSON_ID:
        if (!json_is_string(json)) {
            return bad(call, "input.type", field);
        }
        return json_read_plain(call, field, json_string_value(json), json_string_length(json),
                               object);
    case JSON_I64:
        if (!json_is_integer(json)) {
            return bad(call, "input.type", field);
        }
        return put_number(call, field, json_integer_value(json), member);
    case JSON_BOOL:
        if (!json_is_boolean(json)) {
            return bad(call, "input.type", field);
        }
        *(bool *)member = json_is_true(json);
        return OK;
    case JSON_DOUBLE:
        return read_real(call, field, json, member);
    case JSON_STRUCT:
        TRY(read_object(call, field->shape, json, member, &seen));
        return json_complete(call, field->shape, seen);
    case JSON_LIST:
        return read_list(call, field, json, member);
    case JSON_NUMBERS:
        return read_numbers(call, field, json, member);
    case JSON_TEXTS:
        return read_texts(call, field, json, member);
    case JSON_RAW:
        break;
    }
    return bad(call, "input.type", field);
}

const struct json_field *json_field_named(const struct json_shape *shape, const char *name,
                                          size_t len)
{
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        const char *own = shape->fields[i].name;
        if (*own == *name && strlen(own) == len && memcmp(own, name, len) == 0) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

/* One member of the object, or nothing when it is not of this round (first or not). */
static enum err read_member(struct call *call, const struct json_shape *shape, const char *name,
                            json_t *value, bool first, void *object, uint64_t *seen)
{
    const struct json_field *field = json_field_named(shape, name, strlen(name));
    if (!field || field->kind == JSON_RAW) {
        /* The name is the caller's own and may be long or odd: cut it. */
        const char *cut = arena_printf(call->arena, "%.40s", name);
        return first ? OK
                     : call_fail_field(call, ERR_INVALID, "input.unknown",
                                       text_utf8(cut, strlen(cut)) ? cut : NULL);
    }
    if (!!(field->flags & JSON_FIRST) != first) {
        return OK;
    }
    uint64_t bit = UINT64_C(1) << (size_t)(field - shape->fields);
    if (*seen & bit) {
        return bad(call, "input.twice", field);
    }
    if (json_is_null(value) && (field->flags & JSON_OPTIONAL)) {
        return OK;
    }
    *seen |= bit;
    return read_field(call, field, value, object);
}

static enum err read_members(struct call *call, const struct json_shape *shape, json_t *json,
                             bool first, void *object, uint64_t *seen)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(json, name, value)
    {
        TRY(read_member(call, shape, name, value, first, object, seen));
    }
    return OK;
}

static enum err missing(struct call *call, const struct json_shape *shape, uint64_t seen,
                        unsigned flags)
{
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        if (!(seen & (UINT64_C(1) << i)) && !(field->flags & JSON_OPTIONAL) &&
            (field->flags & flags) == flags) {
            return bad(call, "input.missing", field);
        }
    }
    return OK;
}

static enum err read_object(struct call *call, const struct json_shape *shape, json_t *json,
                            void *object, uint64_t *seen)
{
    ASSERT_CODE(shape->field_count <= JSON_FIELDS_MAX);
    if (!json_is_object(json)) {
        return call_fail(call, ERR_INVALID, "input.json");
    }
    if (shape->first) {
        TRY(read_members(call, shape, json, true, object, seen));
        TRY(missing(call, shape, *seen, JSON_FIRST));
        TRY(shape->first(call, object));
    }
    return read_members(call, shape, json, false, object, seen);
}

void json_release(void *json)
{
    json_decref((json_t *)json);
}

enum err json_read_tree(struct call *call, const struct json_shape *shape, const char *text,
                        size_t len, void *ret_object, uint64_t *seen)
{
    json_error_t error;
    struct arena_hold hold;
    /* Jansson bounds depth (2048) and refuses bad UTF-8 by itself, but reads past a NUL. */
    if (memchr(text, 0, len)) {
        return call_fail(call, ERR_INVALID, "input.json");
    }
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        if (json_error_code(&error) == json_error_out_of_memory) {
            return ERR_BUSY;
        }
        bool twice = json_error_code(&error) == json_error_duplicate_key;
        return call_fail(call, ERR_INVALID, twice ? "input.twice" : "input.json");
    }
    arena_hold(call->arena, &hold, json_release, json);
    enum err err = read_object(call, shape, json, ret_object, seen);
    arena_drop(call->arena);
    return err;
}

/* ---- without a tree: what is plain and right, and that is nearly everything ---- */

struct plain {
    const char *at, *end;
};

static void skip_blanks(struct plain *in)
{
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\t' || *in->at == '\r')) {
        in->at++;
    }
}

static bool take(struct plain *in, char c)
{
    skip_blanks(in);
    bool there = in->at < in->end && *in->at == c;
    in->at += there;
    return there;
}

/* One in which nothing is escaped. */
static bool take_text(struct plain *in, const char **ret, size_t *ret_len)
{
    if (!take(in, '"')) {
        return false;
    }
    *ret = in->at;
    *ret_len = text_unescaped(in->at, (size_t)(in->end - in->at));
    in->at += *ret_len;
    return in->at < in->end && *in->at++ == '"';
}

/* What may stand behind it is the caller's to see: 1.5 and 1e3 are not taken as 1. */
static bool take_i64(struct plain *in, int64_t *ret)
{
    enum { DIGITS_MAX = 18 };
    bool minus = take(in, '-');
    const char *from = in->at;
    int64_t value = 0;
    for (; in->at < in->end && *in->at >= '0' && *in->at <= '9'; in->at++) {
        if (in->at - from == DIGITS_MAX) {
            return false;
        }
        value = value * 10 + (*in->at - '0');
    }
    *ret = minus ? -value : value;
    return in->at > from && (*from != '0' || in->at == from + 1);
}

static bool take_bool(struct plain *in, bool *ret)
{
    const char *word = take(in, 't') ? "rue" : take(in, 'f') ? "alse" : NULL;
    size_t len = word ? strlen(word) : 0;
    if (!word || (size_t)(in->end - in->at) < len || memcmp(in->at, word, len) != 0) {
        return false;
    }
    in->at += len;
    *ret = len == 3;
    return true;
}

static bool plain_field(struct call *call, const struct json_field *field, struct plain *in,
                        char *member)
{
    const char *text = NULL;
    size_t len = 0;
    int64_t value = 0;
    if (field->kind == JSON_BOOL) {
        return take_bool(in, (bool *)member);
    }
    if (field->kind == JSON_TEXT || field->kind == JSON_CHOICE || field->kind == JSON_DATE) {
        if (!take_text(in, &text, &len)) {
            return false;
        }
        text = arena_text(call->arena, text, len);
        memcpy(member, &text, sizeof(text));
        return !text_wrong(field, text, len);
    }
    if (field->kind != JSON_I64 || !take_i64(in, &value) || value < field->min ||
        value > field->max) {
        return false;
    }
    memcpy(member, &value, sizeof(value));
    return true;
}

/* False: it is another kind of thing, or wrong; object and *seen may be half filled. */
static bool plain_object(struct call *call, const struct json_shape *shape, struct plain *in,
                         char *object, uint64_t *seen)
{
    const char *name = NULL;
    size_t len = 0;
    if (shape->first || !take(in, '{')) {
        return false;
    }
    do {
        if (!take_text(in, &name, &len) || !take(in, ':')) {
            return false;
        }
        const struct json_field *field = json_field_named(shape, name, len);
        uint64_t bit = field ? UINT64_C(1) << (size_t)(field - shape->fields) : 0;
        if (!field || *seen & bit || !plain_field(call, field, in, object + field->offset)) {
            return false;
        }
        *seen |= bit;
    } while (take(in, ','));
    if (!take(in, '}')) {
        return false;
    }
    skip_blanks(in);
    return in->at == in->end;
}

/*
 * What has nothing escaped, nested, absent or wrong in it is taken as it stands, in one pass;
 * everything else, and above all what is wrong with it, is the tree's to say.
 */
enum err json_read(struct call *call, const struct json_shape *shape, const char *text, size_t len,
                   void *ret_object, uint64_t *seen)
{
    ASSERT_CODE(shape->field_count <= JSON_FIELDS_MAX);
    struct arena_mark mark = arena_mark(call->arena);
    struct plain in = {text, text + len};
    char *object = arena_alloc(call->arena, shape->size);
    uint64_t plain_seen = *seen;
    memcpy(object, ret_object, shape->size);
    if (plain_object(call, shape, &in, object, &plain_seen)) {
        memcpy(ret_object, object, shape->size);
        *seen = plain_seen;
        return OK;
    }
    arena_rewind(call->arena, mark);
    return json_read_tree(call, shape, text, len, ret_object, seen);
}

enum err json_complete(struct call *call, const struct json_shape *shape, uint64_t seen)
{
    ASSERT_CODE(shape->field_count <= JSON_FIELDS_MAX); /* a bit each in `seen` */
    return missing(call, shape, seen, 0);
}
