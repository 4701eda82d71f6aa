#ifndef FEATURES_EMAILS_EMAILS_H
#define FEATURES_EMAILS_EMAILS_H

#include "base/crypto.h"
#include "call/call.h"

/* What an e-mail address may look like, and how one is found without being read. */
enum { EMAIL_MAX = 254 };

/*
 * One address with a domain in small letters, as it is sealed and compared; ERR_INVALID
 * accounts.email about `field`.
 */
MUST_USE enum err emails_check(struct call *call, const char *email, const char *field,
                               const char **ret);

/* For look-ups of an address, whatever its capitals. */
MUST_USE enum err emails_blind(struct call *call, const char *email, uint8_t ret[HASH_BYTES]);

#endif
