#ifndef FEATURES_MAIL_MAIL_UNSUBSCRIBE_H
#define FEATURES_MAIL_MAIL_UNSUBSCRIBE_H

#include <stdint.h>

#include "call/call.h"

/*
 * Unsubscribing without signing in (RFC 8058).  A ticket names the account, the topic and
 * a proof that this server made it; it works as long as the account is there, and again.  It only
 * switches off: a mail that was passed on, or lies in an old mailbox, agrees to nothing.
 */
MUST_USE enum err mail_unsubscribe_ticket(struct call *call, const char *public_id,
                                          const char *topic, const char **ret);

struct mail_ticket {
    const char *public_id, *topic;
};
/* In `prepare`.  ERR_MISSING mail.ticket: none of ours. */
MUST_USE enum err mail_unsubscribe_read(struct call *call, const char *ticket,
                                        struct mail_ticket *ret);
/* In `apply`.  An account that is gone is no error: nothing is sent to it any more. */
MUST_USE enum err mail_unsubscribe(struct call *call, const struct mail_ticket *ticket);
/* Is it switched on?  Of an account that is gone: no. */
MUST_USE enum err mail_unsubscribe_state(struct call *call, const struct mail_ticket *ticket,
                                         bool *ret);

#endif
