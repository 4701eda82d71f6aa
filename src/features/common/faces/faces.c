#include "features/common/faces/faces.h"

#include "store/store.h"

/* A face and nothing else. */
struct only {
    struct face face;
};
_Static_assert(sizeof(struct only) == sizeof(struct face), "a list of faces has this shape");

JSON_SHAPE_HERE(face_shape, "person", J_FACE(struct only));

void face_colours(const char *text, struct json_numbers *ret)
{
    size_t count = 0;
    int64_t value = -1;
    for (const char *at = text; *at && count < JSON_NUMBERS_MAX; at++) {
        if (*at >= '0' && *at <= '9') {
            value = MIN((value < 0 ? 0 : value * 10) + (*at - '0'), FACE_COLOUR_MAX);
        } else if (value >= 0) {
            ret->at[count++] = value;
            value = -1;
        }
    }
    ret->count = count;
}

struct face face_read(const struct rows *rows, size_t i, size_t first)
{
    struct face face = {.id = row_text(rows, i, first + FACE_PUBLIC_ID),
                        .name = row_text(rows, i, first + FACE_AVATAR_NAME),
                        .avatar = row_text(rows, i, first + FACE_AVATAR),
                        .look = row_text(rows, i, first + FACE_LOOK)};
    const char *colours = row_text(rows, i, first + FACE_COLOURS);
    face_colours(colours ? colours : "", &face.colours);
    return face;
}
