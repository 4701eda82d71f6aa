#include "call/json_check.h"

#include <string.h>

/* What the tables of shapes promise, looked at once: a wrong row would read or write elsewhere. */

static size_t member_size(const struct json_field *field)
{
    switch (field->kind) {
    case JSON_ID:
    case JSON_I64:
        return sizeof(int64_t);
    case JSON_BOOL:
        return sizeof(bool);
    case JSON_DOUBLE:
        return sizeof(double);
    case JSON_STRUCT:
        return field->shape->size;
    case JSON_LIST:
    case JSON_TEXTS:
        return sizeof(struct json_list);
    case JSON_NUMBERS:
        return sizeof(struct json_numbers);
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
    case JSON_RAW:
        break;
    }
    return sizeof(const char *);
}

static void check(const struct json_shape *shape, int depth)
{
    ASSERT_START(depth <= JSON_DEPTH_MAX);
    ASSERT_START(shape->type_name && shape->field_count <= JSON_FIELDS_MAX);
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        bool nested = field->kind == JSON_STRUCT || field->kind == JSON_LIST;
        ASSERT_START(nested == (field->shape != NULL));
        ASSERT_START(field->offset + member_size(field) <= shape->size);
        ASSERT_START(json_field_named(shape, field->name, strlen(field->name)) == field);
        ASSERT_START(field->kind != JSON_CHOICE || field->choices);
        ASSERT_START(field->kind == JSON_TEXTS || field->min <= field->max);
        ASSERT_START(!(field->flags & JSON_FIRST) || shape->first);
        if (nested) {
            check(field->shape, depth + 1);
        }
    }
}

void json_check(const struct json_shape *shape)
{
    if (shape) {
        check(shape, 1);
    }
}
