#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

#include <stddef.h>

/*
 * Sentences for people, by key, from the *.po pieces beside the code; the build
 * merges them (tools/catalogue.py) into one sorted table.
 */
struct catalogue_entry {
    const char *key;
    const char *texts[2]; /* in the order of catalogue_languages */
};

extern const char *const catalogue_languages[]; /* "en", "id", NULL; the first is the fallback */
extern const struct catalogue_entry catalogue[];
extern const size_t catalogue_count;

/* Never NULL: another language's text, at last the key itself. */
const char *catalogue_text(const char *language, const char *key);

/* The best of ours for an Accept-Language header or a tag; never NULL. */
const char *catalogue_language(const char *wanted);

#endif
