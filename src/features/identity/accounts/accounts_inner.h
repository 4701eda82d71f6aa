#ifndef FEATURES_ACCOUNTS_INNER_H
#define FEATURES_ACCOUNTS_INNER_H

#include <stdbool.h>
#include <stddef.h>

/* What the files of this folder share; nobody else includes it.  tools/data.py makes the tables. */

enum { DATA_SLOTS_MAX = 8 };

struct data_avatar {
    const char *id;
    size_t slot_count;
    int colours[DATA_SLOTS_MAX];  /* how many each slot offers */
    int defaults[DATA_SLOTS_MAX]; /* the one it starts with */
    bool by_chance; /* who chooses none can be this one: it says nothing of health or belief */
};
extern const struct data_avatar data_avatars[]; /* ends with an empty row */

#endif
