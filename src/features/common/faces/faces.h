#ifndef FEATURES_FACES_FACES_H
#define FEATURES_FACES_FACES_H

#include "call/face.h"
#include "store/store.h"

/* The columns that make a struct face, and their reader: one for all that show people. */

/* Of an account under this alias, FACE_COLUMNS columns of a statement. */
#define FACE_OF(who_) \
    who_ ".public_id, " who_ ".avatar_name, " who_ ".avatar, " who_ ".colours, " who_ ".look"
COLUMNS(FACE_PUBLIC_ID, FACE_AVATAR_NAME, FACE_AVATAR, FACE_COLOURS, FACE_LOOK, FACE_COLUMNS);

/* `first`: where FACE_OF begins in the row.  Lives as long as the rows. */
struct face face_read(const struct rows *rows, size_t i, size_t first);
/* The same of `colours` as stored, by whom reads a row otherwise.  What is no number is passed
 * over. */
void face_colours(const char *text, struct json_numbers *ret);

/* "person": where nothing but the face is told. */
JSON_SHAPE_SHARED(face_shape, struct face);

#endif
