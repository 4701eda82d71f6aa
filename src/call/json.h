#ifndef CALL_JSON_H
#define CALL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "call/call.h"

/*
 * JSON by shape: a table says which member of a C struct is which JSON field,
 * with its limits.  The same table reads, writes, documents (OpenAPI) and makes
 * the TypeScript type, so the four can't drift apart.
 */
enum json_kind {
    JSON_ID,      /* int64_t in C, decimal text in JSON: exact in every language */
    JSON_I64,     /* int64_t, kept within +-2^53 by min and max */
    JSON_BOOL,    /* bool */
    JSON_DOUBLE,  /* double */
    JSON_TEXT,    /* const char *, UTF-8 without NUL; min and max count code points */
    JSON_CHOICE,  /* const char *, one of `choices` */
    JSON_DATE,    /* const char *, "YYYY-MM-DD", a day that exists */
    JSON_STRUCT,  /* a struct by value, `shape` */
    JSON_LIST,    /* JSON_LIST_OF structs, `shape`; max counts items */
    JSON_NUMBERS, /* struct json_numbers; min and max bound each number */
    JSON_TEXTS, /* struct json_list of const char *, each 1 to min code points; max counts items */
    JSON_RAW,   /* const char *, JSON as it is; only written */
};

struct json_list {
    const void *items; /* an array of the shape's struct */
    size_t count;
};
/* The same as a member, of structs of one type: what is put in and what its shape says agree, or
 * it does not compile. */
#define JSON_LIST_OF(type_) \
    struct {                \
        type_ const *items; \
        size_t count;       \
    }
#define JSON_LIST_SET(list_, items_, count_) ((list_).items = (items_), (list_).count = (count_))

enum { JSON_NUMBERS_MAX = 16, JSON_DEPTH_MAX = 8, JSON_FIELDS_MAX = 48 };

struct json_numbers {
    size_t count;
    int64_t at[JSON_NUMBERS_MAX];
};

enum json_flag {
    JSON_OPTIONAL = 1 << 0, /* may be absent or null; NULL text is not written when OMIT */
    JSON_OMIT = 1 << 1, /* written only when set: NULL text, empty list, zero (all of a struct) are
                           left out */
    JSON_SECRET = 1 << 2, /* never repeated in an error or a document's example */
    JSON_FIRST = 1 << 3,  /* read, and judged by shape->first, before any other field */
};

struct json_shape;

struct json_field {
    const char *name;
    enum json_kind kind;
    unsigned flags;
    size_t offset;
    int64_t min;
    int64_t max;
    const char *choices; /* "public unlisted closed" */
    const struct json_shape *shape;
    const char *about; /* one sentence for the documentation, or NULL */
};

struct json_shape {
    const char *type_name; /* "room": the TypeScript and OpenAPI name */
    size_t size;
    const struct json_field *fields;
    size_t field_count;
    /* May refuse by the JSON_FIRST fields alone; the others are not read then. */
    enum err (*first)(struct call *call, const void *object);
};

/* Fails to compile where the member has not the C type that the kind needs. */
#define JSON_TYPED(type_, member_, c_type_)                               \
    (offsetof(type_, member_) +                                           \
     0 * sizeof(char[_Generic(((type_ *)0)->member_, c_type_ : 1, default \
                              : -1)]))

/* clang-format off: one line a kind */
#define J_ID(t_, m_, ...)                                                              \
    {                                                                                  \
        .name = #m_, .kind = JSON_ID, .offset = JSON_TYPED(t_, m_, int64_t), .min = 1, \
        .max = INT64_MAX, __VA_ARGS__                                                  \
    }
#define J_I64(t_, m_, min_, max_, ...)                                                     \
    {                                                                                      \
        .name = #m_, .kind = JSON_I64, .offset = JSON_TYPED(t_, m_, int64_t), .min = min_, \
        .max = max_, __VA_ARGS__                                                           \
    }
#define J_TIME(t_, m_, ...) J_I64(t_, m_, 0, (int64_t)1 << 53, __VA_ARGS__)
#define J_BOOL(t_, m_, ...)                                                             \
    {                                                                                   \
        .name = #m_, .kind = JSON_BOOL, .offset = JSON_TYPED(t_, m_, bool), __VA_ARGS__ \
    }
#define J_REAL(t_, m_, ...)                                                                 \
    {                                                                                       \
        .name = #m_, .kind = JSON_DOUBLE, .offset = JSON_TYPED(t_, m_, double), __VA_ARGS__ \
    }
#define J_TEXT(t_, m_, min_, max_, ...)                                                          \
    {                                                                                            \
        .name = #m_, .kind = JSON_TEXT, .offset = JSON_TYPED(t_, m_, const char *), .min = min_, \
        .max = max_, __VA_ARGS__                                                                 \
    }
#define J_CHOICE(t_, m_, choices_, ...)                                               \
    {                                                                                 \
        .name = #m_, .kind = JSON_CHOICE, .offset = JSON_TYPED(t_, m_, const char *), \
        .choices = choices_, __VA_ARGS__                                              \
    }
#define J_DATE(t_, m_, ...)                                                                     \
    {                                                                                           \
        .name = #m_, .kind = JSON_DATE, .offset = JSON_TYPED(t_, m_, const char *), __VA_ARGS__ \
    }
/* `shape_` is the name of a shape: the member is its struct. */
#define J_OBJECT(t_, m_, shape_, ...)                                                    \
    {                                                                                    \
        .name = #m_, .kind = JSON_STRUCT, .offset = JSON_TYPED(t_, m_, shape_##_struct), \
        .shape = &shape_, __VA_ARGS__                                                    \
    }
#define J_LIST(t_, m_, shape_, max_, ...)                                              \
    {                                                                                  \
        .name = #m_, .kind = JSON_LIST,                                                \
        .offset = JSON_TYPED(t_, m_.items, const shape_##_struct *), .shape = &shape_, \
        .max = max_, __VA_ARGS__                                                       \
    }
#define J_NUMBERS(t_, m_, min_, max_, ...)                                                    \
    {                                                                                         \
        .name = #m_, .kind = JSON_NUMBERS, .offset = JSON_TYPED(t_, m_, struct json_numbers), \
        .min = min_, .max = max_, __VA_ARGS__                                                 \
    }
#define J_TEXTS(t_, m_, items_, points_, ...)                                            \
    {                                                                                    \
        .name = #m_, .kind = JSON_TEXTS, .offset = JSON_TYPED(t_, m_, struct json_list), \
        .min = points_, .max = items_, __VA_ARGS__                                       \
    }
#define J_RAW(t_, m_, ...)                                                                     \
    {                                                                                          \
        .name = #m_, .kind = JSON_RAW, .offset = JSON_TYPED(t_, m_, const char *), __VA_ARGS__ \
    }
/* clang-format on */

/* name_ is the shape, name_##_struct its C type: api/steps.h makes steps of the two that agree. */
#define JSON_SHAPE(name_, type_name_, type_, ...) \
    JSON_SHAPE_MADE(name_, type_name_, type_, NULL, __VA_ARGS__)

/* The shape of nothing but a list: {"items": [...]} of what another shape says. */
#define JSON_ITEMS(name_, type_name_, shape_, max_, ...) \
    struct name_##_items {                               \
        JSON_LIST_OF(shape_##_struct) items;             \
    };                                                   \
    JSON_SHAPE(name_, type_name_, struct name_##_items,  \
               J_LIST(struct name_##_items, items, shape_, max_, __VA_ARGS__))

/* first_ takes the call and a const type_. */
#define JSON_SHAPE_FIRST(name_, type_name_, type_, first_, ...)          \
    static enum err name_##_first(struct call *call, const void *object) \
    {                                                                    \
        return first_(call, object);                                     \
    }                                                                    \
    JSON_SHAPE_MADE(name_, type_name_, type_, name_##_first, __VA_ARGS__)

#define JSON_SHAPE_MADE(name_, type_name_, type_, first_, ...)                         \
    static const struct json_field name_##_fields[] = {__VA_ARGS__};                   \
    typedef type_ name_##_struct;                                                      \
    static const struct json_shape name_ = {type_name_, sizeof(type_), name_##_fields, \
                                            COUNT(name_##_fields), first_}

/* Of several files: the one line in the header, the other in one of them. */
#define JSON_SHAPE_SHARED(name_, type_) \
    typedef type_ name_##_struct;       \
    extern const struct json_shape name_
#define JSON_SHAPE_HERE(name_, type_name_, ...)                                          \
    static const struct json_field name_##_fields[] = {__VA_ARGS__};                     \
    const struct json_shape name_ = {type_name_, sizeof(name_##_struct), name_##_fields, \
                                     COUNT(name_##_fields), NULL}

/*
 * Reads one object into `ret_object` (shape->size bytes, zeroed).  `seen` has bit
 * i set for each field i already filled (from the path) and is brought up to
 * date.  ERR_INVALID with codes input.json (no JSON), input.unknown (field),
 * input.twice, input.missing, input.type, input.length, input.range,
 * input.choice, input.date, input.text (not UTF-8, or NUL, or a control
 * character other than line feed and tab); the field is named.
 */
MUST_USE enum err json_read(struct call *call, const struct json_shape *shape, const char *text,
                            size_t len, void *ret_object, uint64_t *seen);
/* The same by jansson's tree, whatever stands there; json_read() goes without one where it can. */
MUST_USE enum err json_read_tree(struct call *call, const struct json_shape *shape,
                                 const char *text, size_t len, void *ret_object, uint64_t *seen);

/* ERR_INVALID input.missing for the first field that is neither seen nor optional. */
MUST_USE enum err json_complete(struct call *call, const struct json_shape *shape, uint64_t seen);

/* Fills one field from plain text, as it stands in a path or a query. */
MUST_USE enum err json_read_plain(struct call *call, const struct json_field *field,
                                  const char *text, size_t len, void *object);

/* NULL when the shape has no such field. */
const struct json_field *json_field_named(const struct json_shape *shape, const char *name,
                                          size_t len);

void json_write(struct buf *out, const struct json_shape *shape, const void *object);
/* {"t":T, and what the object has}; no shape, no object: {"t":T}. */
void json_write_message(struct buf *out, const char *t, const struct json_shape *shape,
                        const void *object);
/* For arena_hold: gives a json_t of jansson back; NULL too. */
void json_release(void *json);

/* With its quotes; `text` is valid UTF-8. */
void json_write_text(struct buf *out, const char *text);

#endif
