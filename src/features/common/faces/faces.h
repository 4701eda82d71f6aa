#ifndef FEATURES_FACES_FACES_H
#define FEATURES_FACES_FACES_H

#include "call/json.h"
#include "store/store.h"

/*
 * A person as others see them in passing: in lists, beside their words, in a room.  One struct, one
 * list of columns, one reader and the fields of a shape, for all that show people.
 *  - Not here: who may see whom (contact), and what else a page tells (profiles).
 */
enum { FACE_ID_MAX = 32, FACE_NAME_MAX = 32, FACE_AVATAR_MAX = 32, FACE_COLOUR_MAX = 99 };

struct face {
    const char *id, *name, *avatar; /* id: public; NULL all three: there is nobody */
    struct json_numbers colours;    /* of the avatar's slots, 0 to FACE_COLOUR_MAX */
};

/* Of an account under this alias, FACE_COLUMNS columns of a statement. */
#define FACE_OF(who_) who_ ".public_id, " who_ ".avatar_name, " who_ ".avatar, " who_ ".colours"
COLUMNS(FACE_PUBLIC_ID, FACE_AVATAR_NAME, FACE_AVATAR, FACE_COLOURS, FACE_COLUMNS);

/* `first`: where FACE_OF begins in the row.  Lives as long as the rows. */
struct face face_read(const struct rows *rows, size_t i, size_t first);
/* The same of `colours` as stored, by whom reads a row otherwise.  What is no number is passed
 * over. */
void face_colours(const char *text, struct json_numbers *ret);

/* The fields of a shape of `type_`, which holds a struct face as its member `face`. */
#define FACE_TEXT(type_, name_, max_, ...)                                                        \
    {                                                                                             \
        .name = #name_, .kind = JSON_TEXT, .offset = JSON_TYPED(type_, face.name_, const char *), \
        .min = 1, .max = max_, __VA_ARGS__                                                        \
    }
#define FACE_COLOURS(type_)                                                       \
    {                                                                             \
        .name = "colours", .kind = JSON_NUMBERS,                                  \
        .offset = JSON_TYPED(type_, face.colours, struct json_numbers), .min = 0, \
        .max = FACE_COLOUR_MAX                                                    \
    }
#define J_FACE(type_)                                                         \
    FACE_TEXT(type_, id, FACE_ID_MAX), FACE_TEXT(type_, name, FACE_NAME_MAX), \
        FACE_TEXT(type_, avatar, FACE_AVATAR_MAX), FACE_COLOURS(type_)
/* Where there may be nobody. */
#define J_FACE_IF(type_, flags_)                                \
    FACE_TEXT(type_, id, FACE_ID_MAX, .flags = flags_),         \
        FACE_TEXT(type_, name, FACE_NAME_MAX, .flags = flags_), \
        FACE_TEXT(type_, avatar, FACE_AVATAR_MAX, .flags = flags_), FACE_COLOURS(type_)

/* "person": where nothing but the face is told. */
JSON_SHAPE_SHARED(face_shape, struct face);

#endif
