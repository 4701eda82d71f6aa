#include "live/live_inner.h"

/* The TypeScript face of the protocol, made from the tables in wire.c. */

enum { SHAPES_MAX = 64 };

static void put_type(struct buf *out, const struct json_field *field)
{
    ASSERT_START(field->shape || (field->kind != JSON_LIST && field->kind != JSON_STRUCT));
    switch (field->kind) {
    case JSON_ID:
    case JSON_TEXT:
    case JSON_CHOICE:
    case JSON_DATE:
    case JSON_RAW:
        buf_puts(out, "string");
        break;
    case JSON_I64:
    case JSON_DOUBLE:
        buf_puts(out, "number");
        break;
    case JSON_BOOL:
        buf_puts(out, "boolean");
        break;
    case JSON_NUMBERS:
        buf_puts(out, "number[]");
        break;
    case JSON_TEXTS:
        buf_puts(out, "string[]");
        break;
    case JSON_LIST:
        buf_printf(out, "%s[]", field->shape->type_name);
        break;
    case JSON_STRUCT:
        buf_puts(out, field->shape->type_name);
        break;
    }
}

static void put_field(struct buf *out, const struct json_field *field)
{
    if (field->about) {
        buf_printf(out, "  /** %s */\n", field->about);
    }
    buf_printf(out, "  %s%s: ", field->name, field->flags & JSON_OPTIONAL ? "?" : "");
    put_type(out, field);
    buf_puts(out, ";\n");
}

static void put_shape(struct buf *out, const struct json_shape *shape)
{
    buf_printf(out, "export interface %s {\n", shape->type_name);
    for (size_t i = 0; i < shape->field_count; i++) {
        put_field(out, &shape->fields[i]);
    }
    buf_puts(out, "}\n");
}

/* Shapes inside shapes first, each once: `done` has those that were written. */
static void put_nested(struct buf *out, const struct json_shape *shape,
                       const struct json_shape **done, size_t *count)
{
    for (size_t i = 0; i < *count; i++) {
        if (done[i] == shape) {
            return;
        }
    }
    ASSERT_START(*count < SHAPES_MAX);
    done[(*count)++] = shape;
    for (size_t i = 0; i < shape->field_count; i++) {
        if (shape->fields[i].shape) {
            put_nested(out, shape->fields[i].shape, done, count);
        }
    }
    put_shape(out, shape);
}

void live_typescript(struct buf *out)
{
    const struct json_shape *done[SHAPES_MAX];
    size_t count = 0;
    buf_puts(out, "// Made from src/live/wire.c: the messages of docs/live.md.\n"
                  "import type { Told } from \"./api.ts\";\n");
    for (unsigned i = 0; i < OUT_COUNT; i++) {
        if (message_rows[i].shape) {
            put_nested(out, message_rows[i].shape, done, &count);
        }
    }
    buf_puts(out, "export type FromServer =\n  /** Of the features. */\n  | Told\n");
    for (unsigned i = 0; i < OUT_COUNT; i++) {
        const struct message_row *row = &message_rows[i];
        buf_printf(out, "  /** %s */\n  | ", row->about);
        buf_printf(out, row->shape ? "({ t: \"%s\" } & " : "{ t: \"%s\" }", row->t);
        buf_puts(out, row->shape ? row->shape->type_name : "");
        buf_puts(out, row->shape ? ")\n" : "\n");
    }
    buf_puts(out, ";\nexport type ToServer =\n");
    for (unsigned i = 0; i < VERB_COUNT; i++) {
        const struct verb_row *row = &verb_rows[i];
        buf_printf(out, "  /** %s */\n  | { t: \"%s\"", row->about, row->t);
        for (size_t f = 0; f < in_shape.field_count; f++) {
            uint32_t bit = UINT32_C(1) << f;
            if ((row->needs | row->may) & bit) {
                buf_printf(out, "; %s%s: ", in_shape.fields[f].name, row->may & bit ? "?" : "");
                put_type(out, &in_shape.fields[f]);
            }
        }
        buf_puts(out, " }\n");
    }
    buf_puts(out, ";\n");
}
