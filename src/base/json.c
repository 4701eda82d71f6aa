#include "base/json.h"

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

/* What people type may hold line feeds and tabs, but no other control characters. */
static bool plain_text(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f) {
            return false;
        }
    }
    return true;
}

static bool chosen(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = choices; *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, text, len) == 0) {
            return true;
        }
        at += word;
    }
    return false;
}

static enum err put_text(struct call *call, const struct json_field *field, const char *text,
                         size_t len, void *member)
{
    if (strlen(text) != len || !text_utf8(text, len) || !plain_text(text)) {
        return bad(call, "input.text", field);
    }
    int year = 0, month = 0, day = 0;
    if (field->kind == JSON_CHOICE && !chosen(field->choices, text)) {
        return bad(call, "input.choice", field);
    }
    if (field->kind == JSON_DATE && !text_date(text, &year, &month, &day)) {
        return bad(call, "input.date", field);
    }
    if (field->kind == JSON_TEXT) {
        int64_t points = (int64_t)text_points(text);
        if (points < field->min || points > field->max) {
            return bad(call, "input.length", field);
        }
    }
    const char *copy = arena_text(call->arena, text, len);
    memcpy(member, &copy, sizeof(copy));
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
    *(struct json_list *)member = (struct json_list){items, count};
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
        TRY(put_text(call, &each, json_string_value(item), json_string_length(item), &items[i]));
    }
    *(struct json_list *)member = (struct json_list){items, count};
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
        if (strlen(shape->fields[i].name) == len && memcmp(shape->fields[i].name, name, len) == 0) {
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

enum err json_read(struct call *call, const struct json_shape *shape, const char *text, size_t len,
                   void *ret_object, uint64_t *seen)
{
    ASSERT_CODE(shape->field_count <= JSON_FIELDS_MAX);
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

enum err json_complete(struct call *call, const struct json_shape *shape, uint64_t seen)
{
    return missing(call, shape, seen, 0);
}
