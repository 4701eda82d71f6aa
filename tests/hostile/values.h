#ifndef TESTS_HOSTILE_VALUES_H
#define TESTS_HOSTILE_VALUES_H

#include "call/json.h"

/*
 * What somebody who means no good puts into a field, made from the field's own row: each
 * limit and one past it, in code points and in bytes, with characters of one to four bytes,
 * NUL, runs of line feeds, lone surrogates, text from right to left, numbers at their ends,
 * and every other type.  A new row is covered without being told.
 */
struct hostile_value {
    const char *json; /* as it stands in a body; "" leaves the field out */
    const char
        *plain; /* as it stands in a path or query, not yet percent-encoded; NULL: it can't */
    size_t plain_len;
    const char *why;
    bool refused; /* the shape alone must refuse it */
};

struct hostile_values {
    struct arena *arena;
    struct hostile_value *at;
    size_t count, room;
};

/* What makes sense in a text field (or in a list of texts), or NULL: a word made from its row. */
typedef const char *hostile_usual(void *ctx, const struct json_field *field);

/* All of one field; struct and list fields bring those of their inner rows. */
struct hostile_values hostile_values(struct arena *arena, const struct json_field *field,
                                     hostile_usual *usual, void *ctx);

/* A value that fits, as JSON. */
const char *hostile_fitting(struct arena *arena, const struct json_field *field,
                            hostile_usual *usual, void *ctx);

/*
 * The object with fitting values of all fields but those of bit `skip`; `name` (may be NULL)
 * gets `json` instead; with `twice` it stands there a second time.
 */
const char *hostile_object(struct arena *arena, const struct json_shape *shape, uint64_t skip,
                           const char *name, const char *json, bool twice, hostile_usual *usual,
                           void *ctx);

#endif
