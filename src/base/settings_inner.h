#ifndef BASE_SETTINGS_INNER_H
#define BASE_SETTINGS_INNER_H

#include "base/settings.h"

/* What settings.c and settings_now.c share. */

/* A row, the struct that it fills, and its number among all; without a row: no such setting. */
struct setting_at {
    const struct setting *row;
    void *own;
    size_t number;
};

/* Goes to the next row of all; false after the last.  Begins with {0} and 0. */
bool setting_next(struct settings *settings, struct setting_at *at, size_t *part);
/* `len` bytes of a name; dashes stand for underscores. */
struct setting_at setting_named(struct settings *settings, const char *name, size_t len);
void *setting_field(struct setting_at place);
bool setting_holds_text(const struct setting *row);
/* `where` begins the sentence: "bauta.conf:12: ".  ERR_BUSY: no memory. */
MUST_USE enum err setting_put(struct setting_at place, const char *text, const char *where,
                              char ret_why[SETTINGS_WHY_MAX]);
/* ERR_INVALID, with the sentence. */
enum err settings_bad(char ret_why[SETTINGS_WHY_MAX], const char *format, ...) PRINTF(2, 3);
/* What no row can say of itself. */
MUST_USE enum err settings_checks(struct settings *settings, char ret_why[SETTINGS_WHY_MAX]);

#endif
