#ifndef FEATURES_NOTICES_NOTICES_DIGEST_H
#define FEATURES_NOTICES_NOTICES_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "features/notify/mail/mail.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/notices/notices_choice.h"
#include "store/store.h"

/*
 * The mail about what is new: what is unread some time after the first of it, gathered in one
 * mail, a line each, without any word that somebody wrote.
 *  - notice_digest has a row while a mail is on its way; a job of that account looks when it
 *    is due.  The mail's row and the mark on each notice are one transaction: nothing is
 *    told twice, nothing is lost.
 *  - A notice is told by mail once until it was read, whatever happens again.
 *  - About one topic only, the mail hangs on that topic's switch; about several, on the
 *    switch "digest", which stops all of them (docs/decisions/0014-notices.md).
 */
enum { DIGEST_LINES = 6 };
#define DIGEST_JOB "notices.digest"

struct digest {
    int64_t account_id, since_ms;
    int64_t again_ms; /* not now, then */
    bool waits, wanted, ready;
    struct notices_choice choice;
    struct rows notices; /* what waits */
    struct mail_topics topics;
    struct mail_to to;
    struct mail_draft draft;
};
MUST_USE enum err digest_look(struct call *call, const char *payload, struct digest *digest);
MUST_USE enum err digest_prepare(struct call *call, struct digest *digest);
MUST_USE enum err digest_apply(struct call *call, struct digest *digest);

/* In `apply`: the account chose anew; what waits is looked at again at once. */
MUST_USE enum err notices_digest_again(struct call *call, int64_t account_id);

#endif
