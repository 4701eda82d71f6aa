#ifndef FEATURES_ALERTS_ALERTS_H
#define FEATURES_ALERTS_ALERTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "features/notify/mail/mail.h"
#include "privacy/sealed.h"

/*
 * What the owner of an account is told by mail of signing in: a new device, guesses, a second
 * factor, a program's token.
 */
enum { ALERT_TOKEN_DAYS = 90 }; /* of tokens from before they had an end, counted from the update */

/*
 * Queues a mail of this kind ("factors.on") to the account, about a session of it (0: none);
 * its words may use {when}, {device} and {place}.  Account 0 is nobody: only the work is done.
 */
MUST_USE enum err alert_owner(struct call *call, const char *kind, int64_t account_id,
                              int64_t session_id);

/* The job behind alert_owner. */
struct alert {
    bool wanted;
    const char *kind, *device, *country;
    struct sealed place;
    int64_t at_ms;
    const char *label; /* of a token */
    int64_t ends_ms;
    struct mail_to to;
    struct mail_draft draft;
};
MUST_USE enum err alert_look(struct call *call, const char *payload, struct alert *alert);
MUST_USE enum err alert_prepare(struct call *call, struct alert *alert);
MUST_USE enum err alert_apply(struct call *call, struct alert *alert);

#endif
