#ifndef FEATURES_PASSKEYS_PASSKEYS_INNER_H
#define FEATURES_PASSKEYS_PASSKEYS_INNER_H

#include "features/identity/passkeys/passkeys.h"

/* What the files of this feature share. */

bool passkeys_wants_verified(enum passkeys_purpose purpose);
/* ERR_DENIED passkeys.no_place. */
MUST_USE enum err passkeys_site(struct call *call, struct webauthn_site *ret);
/* False for text that is not base64url or longer than that. */
bool passkeys_bytes(struct call *call, const char *text, size_t most, struct webauthn_bytes *ret);
/* Uses it up; gone or of another purpose is passkeys.refused. */
MUST_USE enum err passkeys_challenge(struct call *call, enum passkeys_purpose purpose,
                                     const char *challenge, struct ticket *ret);

#endif
