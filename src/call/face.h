#ifndef CALL_FACE_H
#define CALL_FACE_H

#include "call/json.h"

/*
 * A person as others see them in passing: in lists, beside their words, in a room.  One struct and
 * the fields of a shape, for all that show people; features/common/faces reads it from a row.
 *  - Not here: who may see whom (contact), and what else a page tells (profiles).
 */
/* `avatar` of whom only the look tells what they look like: of everybody whose choice is sealed. */
#define FACE_AVATAR_SEALED "look"
enum { FACE_ID_MAX = 32, FACE_NAME_MAX = 32, FACE_AVATAR_MAX = 32, FACE_COLOUR_MAX = 99 };

struct face {
    const char *id, *name, *avatar; /* id: public; NULL all three: there is nobody */
    const char *look; /* the id of what they look like (features/looks); NULL: none yet */
    struct json_numbers colours; /* of the avatar's slots, 0 to FACE_COLOUR_MAX */
};

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
#define FACE_LOOK(type_) FACE_TEXT(type_, look, FACE_ID_MAX, .flags = JSON_OPTIONAL | JSON_OMIT)
#define J_FACE(type_)                                                         \
    FACE_TEXT(type_, id, FACE_ID_MAX), FACE_TEXT(type_, name, FACE_NAME_MAX), \
        FACE_TEXT(type_, avatar, FACE_AVATAR_MAX), FACE_COLOURS(type_), FACE_LOOK(type_)
/* Where there may be nobody. */
#define J_FACE_IF(type_, flags_)                                                         \
    FACE_TEXT(type_, id, FACE_ID_MAX, .flags = flags_),                                  \
        FACE_TEXT(type_, name, FACE_NAME_MAX, .flags = flags_),                          \
        FACE_TEXT(type_, avatar, FACE_AVATAR_MAX, .flags = flags_), FACE_COLOURS(type_), \
        FACE_LOOK(type_)

#endif
