#ifndef FEATURES_GUARDIANS_GUARDIANS_INNER_H
#define FEATURES_GUARDIANS_GUARDIANS_INNER_H

#include "base/time.h"
#include "features/guardians/guardians.h"
#include "store/store.h"

/* What the files of this folder share; nobody else includes it. */

#define GUARDIANS_COLS                                                                    \
    "SELECT g.id, g.account_id, g.key_id, g.page_key_id, g.public_id, g.state,"           \
    " g.avatar_name, g.country, g.language, g.method, g.birth_ct, g.email_ct, g.when_ct," \
    " g.reason_ct, g.shown_ct, g.allow_chat, g.allow_marketing, g.allow_performance,"     \
    " g.child_here, g.claim_hash, g.created_at_ms, g.mailed_at_ms, g.answered_at_ms,"     \
    " g.decided_at_ms, g.ends_at_ms, g.email_bi, g.again_at_ms FROM guardian g"

/* The first row of a statement that begins with GUARDIANS_COLS; ERR_MISSING `code`. */
MUST_USE enum err guardians_read(struct call *call, const struct sql *sql, const struct val *in,
                                 size_t in_count, const char *code, struct guardian *ret);

/* Writes a step down; `officer` 0: not staff. */
MUST_USE enum err guardians_note(struct call *call, int64_t id, const char *what, int64_t officer);

/* A mail to the parent, sealed with the child's key.  In `prepare`. */
MUST_USE enum err guardians_mail(struct call *call, const struct guardian *guardian,
                                 const char *kind, const char *path, struct mail_draft *ret);

/* The consent is there: 14 days for the child to come back. */
MUST_USE enum err guardians_grant(struct call *call, const struct guardian *guardian,
                                  int64_t officer);

/* The account has the name once there is one. */
MUST_USE enum err guardians_fill_name(struct call *call, struct guardian *guardian);

/* Did this address get as many links as it may in a day?  `first`: of mails that ask. */
MUST_USE enum err guardians_mail_full(struct call *call, const uint8_t *email_bi, bool first,
                                      bool *ret);
/* The job tries again in some hours. */
MUST_USE enum err guardians_mail_later(struct call *call, int64_t id);

/* The key is burned by a job, when no mail needs it any more. */
MUST_USE enum err guardians_burn_later(struct call *call, int64_t key_id);

static inline struct val guardians_val(const struct sealed *sealed)
{
    return sealed->at ? BYTES(sealed->at, sealed->len) : NIL;
}

#endif
