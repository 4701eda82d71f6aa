#ifndef FEATURES_CONSENTS_CONSENTS_INNER_H
#define FEATURES_CONSENTS_CONSENTS_INNER_H

#include <stddef.h>

#include "base/arena.h"
#include "features/common/consents/consents.h"

/* What the files of this folder share; nobody else includes it. */
enum { CONSENT_PURPOSES = 6 };

struct consent_purpose {
    const char *name, *key; /* the words that are agreed to */
    bool own;               /* the member's to give and take back */
};
extern const struct consent_purpose consent_purposes[CONSENT_PURPOSES];
const struct consent_purpose *consents_purpose(const char *name); /* NULL: none of ours */

struct consent {
    const char *purpose, *how;
    const char *text;   /* the words as they were; NULL: they read otherwise today */
    int64_t at_ms, seq; /* of one purpose the greatest seq counts, whatever a clock said */
    bool given;
};
/* Newest first; of each purpose the last 80. */
MUST_USE enum err consents_history(struct call *call, int64_t account_id, struct consent **ret,
                                   size_t *ret_count);

#endif
