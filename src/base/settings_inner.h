#ifndef BASE_SETTINGS_INNER_H
#define BASE_SETTINGS_INNER_H

#include "base/settings.h"

/* What settings.c and settings_now.c share. */

/* A row, the struct that it fills, and its number among all; without a row: no such setting. */
struct place {
    const struct setting *row;
    void *own;
    size_t number;
};

/* Goes to the next row of all; false after the last.  Begins with {0} and 0. */
bool place_next(struct settings *settings, struct place *at, size_t *part);
/* `len` bytes of a name; dashes stand for underscores. */
struct place place_named(struct settings *settings, const char *name, size_t len);
void *place_field(struct place place);
bool place_holds_text(const struct setting *row);
/* `where` begins the sentence: "bauta.conf:12: ".  ERR_BUSY: no memory. */
MUST_USE enum err place_put(struct place place, const char *text, const char *where,
                            char ret_why[SETTINGS_WHY_MAX]);
/* ERR_INVALID, with the sentence. */
enum err settings_bad(char ret_why[SETTINGS_WHY_MAX], const char *format, ...) PRINTF(2, 3);
/* What no row can say of itself. */
MUST_USE enum err settings_checks(struct settings *settings, char ret_why[SETTINGS_WHY_MAX]);

#endif
