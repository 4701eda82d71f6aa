#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/catalogue.h"

/* The client's types, from the same rows: web/src/gen/api.ts. */
enum { NAMES_MAX = 256 };

struct names {
    const char *at[NAMES_MAX];
    size_t count;
};

static bool once(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->at[i], name) == 0) {
            return false;
        }
    }
    ASSERT_START(names->count < NAMES_MAX);
    names->at[names->count++] = name;
    return true;
}

/* A choice that comes in takes any text, so that a form's value needs no cast. */
static void write_choices(struct buf *out, const char *choices, bool in)
{
    const char *bar = "";
    for (const char *at = choices; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        buf_printf(out, "%s\"%.*s\"", bar, (int)len, at);
        bar = " | ";
        at += len;
    }
    buf_puts(out, in ? " | (string & {})" : "");
}

static void write_type(struct buf *out, const struct json_field *field, bool in)
{
    switch (field->kind) {
    case JSON_ID:
        buf_puts(out, "Id");
        break;
    case JSON_I64:
    case JSON_DOUBLE:
        buf_puts(out, "number");
        break;
    case JSON_BOOL:
        buf_puts(out, "boolean");
        break;
    case JSON_TEXT:
    case JSON_DATE:
        buf_puts(out, "string");
        break;
    case JSON_CHOICE:
        write_choices(out, field->choices, in);
        break;
    case JSON_STRUCT:
        buf_puts(out, field->shape->type_name);
        break;
    case JSON_LIST:
        buf_printf(out, "%s[]", field->shape->type_name);
        break;
    case JSON_NUMBERS:
        buf_puts(out, "number[]");
        break;
    case JSON_TEXTS:
        buf_puts(out, "string[]");
        break;
    case JSON_RAW:
        buf_puts(out, "unknown");
        break;
    }
}

static void write_fields(struct buf *out, const struct json_shape *shape, bool in)
{
    buf_puts(out, "{");
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        const struct json_field *field = &shape->fields[i];
        bool optional = field->flags & JSON_OPTIONAL, omit = field->flags & JSON_OMIT;
        buf_printf(out, " %s%s: ", field->name, (in ? optional : omit) ? "?" : "");
        write_type(out, field, in);
        buf_puts(out, optional && (in || !omit) ? " | null;" : ";");
    }
    buf_puts(out, " }");
}

static void write_named(struct buf *out, struct names *names, const struct json_shape *shape)
{
    for (size_t i = 0; shape && i < shape->field_count; i++) {
        write_named(out, names, shape->fields[i].shape);
    }
    if (shape && once(names, shape->type_name)) {
        buf_printf(out, "export type %s = ", shape->type_name);
        write_fields(out, shape, false);
        buf_puts(out, ";\n");
    }
}

static void write_row(struct buf *out, const struct api_route *row)
{
    buf_printf(out, "  /** %s */\n  \"%s %s\": { in: ", row->about, row->method, row->path);
    if (row->steps->in) {
        write_fields(out, row->steps->in, true);
    } else {
        buf_puts(out, "Record<never, never>");
    }
    const char *type = row->flags & API_PLAIN ? "string" : "void";
    buf_puts(out, row->flags & API_RAW ? "; file: Blob" : "");
    buf_printf(out, "; out: %s };\n",
               row->steps->out && !(row->flags & API_PLAIN) ? row->steps->out->type_name : type);
}

static void write_live(struct buf *out, const struct feature *const *list)
{
    buf_puts(out, "/** What features tell a member's sockets. */\nexport type Told =\n  | never");
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            buf_printf(out, "\n  /** %s */\n  | ({ t: \"%s\" }", row->about, row->t);
            buf_printf(out, row->shape ? " & %s)" : ")", row->shape ? row->shape->type_name : "");
        }
    }
    buf_puts(out, ";\n");
}

void api_typescript(const struct feature *const *list, struct buf *out)
{
    struct names names = {0};
    buf_puts(out, "/* Made from the route tables by tools/typescript.c; do not edit. */\n"
                  "export type Id = string;\n");
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            write_named(out, &names, row->steps->out);
            for (size_t i = 0; row->steps->in && i < row->steps->in->field_count; i++) {
                write_named(out, &names, row->steps->in->fields[i].shape);
            }
        }
        for (const struct live_event *row = (*at)->live; row && row->t; row++) {
            write_named(out, &names, row->shape);
        }
    }
    write_live(out, list);
    buf_puts(out, "export interface Api {\n");
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct api_route *row = (*at)->routes; row && row->method; row++) {
            if (!(row->flags & API_UPGRADE)) {
                write_row(out, row);
            }
        }
    }
    buf_puts(out, "}\n/** What a refusal can be called. */\nexport type Code =");
    for (size_t i = 0; i < catalogue_count; i++) {
        buf_puts(out, "\n  | ");
        json_write_text(out, catalogue[i].key);
    }
    buf_puts(out, ";\n");
}
