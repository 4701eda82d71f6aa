#ifndef FEATURES_ACCOUNTS_DATA_H
#define FEATURES_ACCOUNTS_DATA_H

#include <stddef.h>
#include <stdint.h>

/* Tables that tools/data.py makes from data/, privacy/laws/ and assets/avatars/. */

/* First 8 bytes, big-endian, of the SHA-256 of each password nobody may have; sorted. */
extern const uint64_t data_blocked[];
extern const size_t data_blocked_count;

struct data_words {
    const char *language;
    const char *const *words;
    size_t count;
};
extern const struct data_words data_words[]; /* ends with an empty row */

struct data_age {
    char country[3];
    int age;
};
extern const struct data_age data_ages[]; /* ends with an empty row */
extern const int data_minimum_age;
extern const char *const data_ages_checked; /* "YYYY-MM-DD" */

enum { DATA_SLOTS_MAX = 8 };

struct data_avatar {
    const char *id;
    size_t slot_count;
    int colours[DATA_SLOTS_MAX];  /* how many each slot offers */
    int defaults[DATA_SLOTS_MAX]; /* the one it starts with */
};
extern const struct data_avatar data_avatars[]; /* ends with an empty row */

#endif
