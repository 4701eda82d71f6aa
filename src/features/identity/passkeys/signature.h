#ifndef FEATURES_PASSKEYS_SIGNATURE_H
#define FEATURES_PASSKEYS_SIGNATURE_H

#include "features/identity/passkeys/webauthn.h"

/* What libfido2 says of keys and signatures; the only file that knows it. */

/* The point is on its curve; the modulus has its highest and its lowest bit. */
bool signature_key_good(const struct webauthn_key *key);

/* A passkey that signed its own attestation ("packed" without certificates). */
bool signature_self_good(const struct webauthn_site *site, struct webauthn_bytes client,
                         const struct webauthn_attestation *attestation,
                         const struct webauthn_key *key);

bool signature_proof_good(const struct webauthn_site *site, const struct webauthn_proof *proof,
                          const struct webauthn_key *key, bool verified);

#endif
