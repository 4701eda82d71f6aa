#ifndef FEATURES_RETENTION_RETENTION_H
#define FEATURES_RETENTION_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"
#include "features/notify/mail/mail.h"

/*
 * What ends by time and is more than a row.  Who was not seen for as long as the inventory says
 * of an account is erased, and told by mail and notice a month before and half a month before.
 *  - Nobody goes who was not told twice, each time about half a month before the next step: a
 * server that stood still tells first.
 *  - Who is seen again is as before.
 *  - The administrator who was here last stays, and is not told.
 *  - Whom staff ended goes when the time in which one may complain is over (DSA Art. 20).
 *  - Not here: the erasing itself (features/identity/accounts).
 */
enum retention_step { RETENTION_TELL, RETENTION_TELL_AGAIN, RETENTION_END };

/* One account, and what is next for it. */
struct retention_idle {
    int64_t account_id; /* 0: nobody is due */
    enum retention_step step;
    int64_t over_ms; /* who was last seen then or before is due */
    int64_t seen_ms;
    bool mailed; /* a key that does not open is no reason to stay for ever */
    struct mail_to to;
    struct mail_draft mail;
};
MUST_USE enum err retention_idle_look(struct call *call, struct retention_idle *ret);
MUST_USE enum err retention_idle_prepare(struct call *call, struct retention_idle *idle);
MUST_USE enum err retention_idle_apply(struct call *call, const struct retention_idle *idle);

/* A piece of those whom staff ended. */
MUST_USE enum err retention_ended(struct call *call);

#endif
