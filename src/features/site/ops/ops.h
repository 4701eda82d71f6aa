#ifndef FEATURES_OPS_OPS_H
#define FEATURES_OPS_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * What the site says about itself, and what its operator looks after: a checklist,
 * dead letters, and the house's own sweeps.
 *  - Not here: settings themselves (base/settings.h), measurements (/metrics).
 */
enum { OPS_LETTERS_MAX = 200, OPS_CHECKS = 9, OPS_KEYS_MAX = 500000 };

struct ops_check {
    const char *id, *state, *detail; /* state: done, open, na */
};

/* Sentences in the reader's language. */
MUST_USE enum err ops_checklist(struct call *call, struct ops_check ret[OPS_CHECKS]);

struct ops_letter {
    int64_t id, tries, failed_ms;
    const char *kind, *error;
};
MUST_USE enum err ops_letters(struct call *call, struct ops_letter **ret, size_t *ret_count);
/* All of them; none hurries. */
MUST_USE enum err ops_letters_wait(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
MUST_USE enum err ops_retry(struct call *call, int64_t id); /* ERR_MISSING ops.no_letter */

/* The keys that accounts use: read in one snapshot, asked by keys_sweep. */
struct ops_keys {
    int64_t *ids; /* ascending: by halves it is asked for one */
    size_t count;
    int64_t after, until; /* what lies outside is for another time */
};
/* At most `most` of them: where there are more, a window that lies elsewhere each time. */
MUST_USE enum err ops_keys_look(struct call *call, size_t most, struct ops_keys *ret);
MUST_USE enum err ops_keys_sweep(struct call *call, const struct ops_keys *used);

#endif
