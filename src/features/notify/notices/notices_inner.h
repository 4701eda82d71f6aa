#ifndef FEATURES_NOTICES_NOTICES_INNER_H
#define FEATURES_NOTICES_NOTICES_INNER_H

#include "call/feature.h"
#include "features/notify/notices/notices.h"

/* What the files of this folder share; nobody else includes it. */

/* NULL for a kind that no feature has. */
const struct notice_kind *notices_kind(const char *name);

/* The sentence of a notice.  `name` NULL: the site, or nobody is to be named. */
const char *notices_text(struct call *call, const char *language, const char *kind,
                         const char *name, int64_t count);
/* Where it leads; "/notices" for a kind that is no more. */
const char *notices_path(struct call *call, const char *kind, const char *target);

/* In `apply`: the job of this account's next mail is there (notices_digest.c). */
MUST_USE enum err notices_digest_wait(struct call *call, int64_t account_id);

/* In `apply`: to all browsers of the account that want it (push.c). */
MUST_USE enum err push_post(struct call *call, int64_t account_id, int64_t notice_id,
                            const char *topic);

#endif
