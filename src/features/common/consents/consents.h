#ifndef FEATURES_CONSENTS_CONSENTS_H
#define FEATURES_CONSENTS_CONSENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "call/call.h"

/*
 * Consents: what a person agreed to or took back, when, to which text, how.  A row is
 * never changed: the newest of a purpose counts.
 *  - The text is the catalogue sentence `consents.<purpose>`; what is kept is its language
 *    and hash, so that it can be shown which words were agreed to.
 *  - Not here: what follows from a consent; a parent's consent (guardians) uses it.
 */
enum { CONSENT_PURPOSE_MAX = 40 };

/* Purposes: "marketing", "performance"; a parent's by part: "parent.account", "parent.chat",
 * "parent.marketing", "parent.performance".
 * `how`: "registration", "settings", "unsubscribe", "parent", "staff".
 * ERR_DENIED consents.parent_denied: the member's own wish, but a parent has not allowed it. */
MUST_USE enum err consents_record(struct call *call, int64_t account_id, const char *purpose,
                                  bool given, const char *how);
/* The same of somebody who is not asking now, and read the words in this language. */
MUST_USE enum err consents_record_in(struct call *call, const char *language, int64_t account_id,
                                     const char *purpose, bool given, const char *how);
/* Never asked is false. */
MUST_USE enum err consents_given(struct call *call, int64_t account_id, const char *purpose,
                                 bool *ret);

#endif
