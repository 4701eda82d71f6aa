#include "call/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The writing half: a struct by its shape, as text. */

void json_write_text(struct buf *out, const char *text)
{
    const char *end = text + strlen(text);
    buf_put(out, "\"", 1);
    for (;;) {
        size_t plain = text_unescaped(text, (size_t)(end - text));
        buf_put(out, text, plain);
        text += plain;
        if (text == end) {
            break;
        }
        char escape[8] = {'\\', *text, '\0'};
        if ((unsigned char)*text < 0x20) {
            snprintf(escape, sizeof(escape), "\\u%04x", (unsigned char)*text);
        }
        buf_puts(out, escape);
        text++;
    }
    buf_put(out, "\"", 1);
}

/* snprintf would take longer than all else in a line of a room; two digits at once. */
static void write_i64(struct buf *out, int64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    char text[24];
    size_t at = sizeof(text);
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (; left >= 10; left /= 100) {
        at -= 2;
        memcpy(text + at, pairs + 2 * (left % 100), 2);
    }
    if (left > 0 || at == sizeof(text)) {
        text[--at] = (char)('0' + left);
    }
    if (value < 0) {
        text[--at] = '-';
    }
    buf_put(out, text + at, sizeof(text) - at);
}

/* Six significant digits: of places in rooms, a tenth of a millimetre; never NaN, which JSON lacks.
 */
static void write_real(struct buf *out, double value)
{
    char text[32];
    snprintf(text, sizeof(text), "%.6g", isfinite(value) ? value : 0.0);
    buf_puts(out, text);
}

/* Of whatever type its items are: JSON_LIST_OF has the same members. */
static struct json_list list_at(const char *member)
{
    struct json_list list;
    memcpy(&list, member, sizeof(list));
    return list;
}

static void write_list(struct buf *out, const struct json_field *field, struct json_list list)
{
    buf_put(out, "[", 1);
    for (size_t i = 0; i < list.count; i++) {
        buf_put(out, ",", i ? 1 : 0);
        json_write(out, field->shape, (const char *)list.items + i * field->shape->size);
    }
    buf_put(out, "]", 1);
}

static void write_numbers(struct buf *out, const struct json_numbers *numbers)
{
    ASSERT_CODE(numbers->count <= JSON_NUMBERS_MAX);
    buf_put(out, "[", 1);
    for (size_t i = 0; i < numbers->count; i++) {
        buf_put(out, ",", i ? 1 : 0);
        write_i64(out, numbers->at[i]);
    }
    buf_put(out, "]", 1);
}

static void write_texts(struct buf *out, struct json_list list)
{
    buf_put(out, "[", 1);
    for (size_t i = 0; i < list.count; i++) {
        buf_put(out, ",", i ? 1 : 0);
        json_write_text(out, ((const char *const *)list.items)[i]);
    }
    buf_put(out, "]", 1);
}

static bool zero(const char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && bytes[i] == 0) {
        i++;
    }
    return i == size;
}

static bool left_out(const struct json_field *field, const char *member)
{
    if (!(field->flags & JSON_OMIT)) {
        return false;
    }
    switch (field->kind) {
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
    case JSON_RAW:
        return *(const char *const *)(const void *)member == NULL;
    case JSON_LIST:
    case JSON_TEXTS:
        return list_at(member).count == 0;
    case JSON_NUMBERS:
        return ((const struct json_numbers *)(const void *)member)->count == 0;
    case JSON_ID:
    case JSON_I64:
        return *(const int64_t *)(const void *)member == 0;
    case JSON_BOOL:
        return !*(const bool *)member;
    case JSON_STRUCT:
        return zero(member, field->shape->size);
    case JSON_DOUBLE:
        break;
    }
    return false;
}

static void write_value(struct buf *out, const struct json_field *field, const char *member)
{
    const void *at = member;
    const char *text = NULL;
    switch (field->kind) {
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
    case JSON_RAW:
        memcpy(&text, member, sizeof(text));
        if (!text) {
            buf_puts(out, "null");
        } else if (field->kind == JSON_RAW) {
            buf_puts(out, text);
        } else {
            json_write_text(out, text);
        }
        break;
    case JSON_ID:
        buf_put(out, "\"", 1);
        write_i64(out, *(const int64_t *)at);
        buf_put(out, "\"", 1);
        break;
    case JSON_I64:
        write_i64(out, *(const int64_t *)at);
        break;
    case JSON_BOOL:
        buf_puts(out, *(const bool *)at ? "true" : "false");
        break;
    case JSON_DOUBLE:
        write_real(out, *(const double *)at);
        break;
    case JSON_STRUCT:
        json_write(out, field->shape, at);
        break;
    case JSON_LIST:
        write_list(out, field, list_at(member));
        break;
    case JSON_NUMBERS:
        write_numbers(out, at);
        break;
    case JSON_TEXTS:
        write_texts(out, list_at(member));
        break;
    }
}

/* A C identifier: nothing to escape. */
static void write_name(struct buf *out, char before, const char *name)
{
    size_t len = strlen(name);
    char *at = buf_room(out, len + 4);
    at[0] = before;
    at[1] = '"';
    memcpy(at + 2, name, len);      /* NOLINT: the NUL follows */
    memcpy(at + 2 + len, "\":", 3); /* with its NUL */
    out->len += len + 4;
}

void json_write(struct buf *out, const struct json_shape *shape, const void *object)
{
    char comma = '{';
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        const char *member = (const char *)object + field->offset;
        if (left_out(field, member)) {
            continue;
        }
        write_name(out, comma, field->name);
        comma = ',';
        write_value(out, field, member);
    }
    buf_put(out, "{}", comma == '{' ? 1 : 0);
    buf_put(out, "}", 1);
}

void json_write_message(struct buf *out, const char *t, const struct json_shape *shape,
                        const void *object)
{
    buf_puts(out, "{\"t\":\"");
    buf_puts(out, t);
    buf_put(out, "\"", 1);
    size_t from = out->len;
    if (shape) {
        json_write(out, shape, object);
        out->at[from] = ','; /* the object goes on instead of beginning */
    }
    if (!shape || out->len == from + 2) { /* it has nothing */
        out->len = from;
        buf_put(out, "}", 1);
    }
}
