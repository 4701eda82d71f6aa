#ifndef FEATURES_PASSWORDS_INNER_H
#define FEATURES_PASSWORDS_INNER_H

#include <stddef.h>
#include <stdint.h>

/* What the files of this folder share; nobody else includes it.  tools/data.py makes the tables. */

/* First 8 bytes, big-endian, of the SHA-256 of each password nobody may have; sorted. */
extern const uint64_t data_blocked[];
extern const size_t data_blocked_count;

struct data_words {
    const char *language;
    const char *const *words;
    size_t count;
};
extern const struct data_words data_words[]; /* ends with an empty row */

#endif
