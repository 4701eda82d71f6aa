#ifndef FEATURES_PROVIDERS_JWT_H
#define FEATURES_PROVIDERS_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * ID tokens of OpenID Connect: read and verified, nothing else.
 *  - RS256, ES256 and EdDSA (Ed25519).  `none`, HS* and all others are refused.
 *  - Keys come from `jwks`, the provider's own document.  A token that names or carries
 *    a key (jku, jwk, x5u, x5c) or critical extensions is refused.
 */
enum {
    JWT_MAX = 16 * 1024,
    JWT_KEYS_MAX = 32,
    JWT_SUBJECT_MAX = 255,
    JWT_SKEW_S = 60,     /* how far two clocks may be apart */
    JWT_AGE_S = 10 * 60, /* a token is made when it is asked for: no older one is taken */
    JWT_SIGNATURE_MAX = 1024,
};

struct jwt_wanted {
    const char *issuer, *client_id, *nonce;
    const char *access_token; /* that came with it, for at_hash; NULL: none */
    int64_t now_ms;
    int64_t fresh_ms; /* the person signed in at the provider after this; 0: whenever */
};

/*
 * NULL when all is right, with the subject in the arena; else the code of what is wrong:
 * providers.token (its form), .algorithm, .key (none of `jwks` fits: fetch them again, once),
 * .signature, .issuer, .audience, .nonce, .expired, .stale (`fresh_ms`).
 */
const char *jwt_verify(struct arena *arena, const char *text, const char *jwks,
                       const struct jwt_wanted *wanted, const char **ret_subject);

/* ---- jwk.c: one key, one signature ---- */

struct json_t;

/*
 * Is there among these keys (a JWK set) exactly the one for this algorithm and, when it is
 * not NULL, this key id?  NULL or "providers.key", "providers.signature".
 */
const char *jwk_verify(const struct json_t *set, const char *algorithm, const char *kid,
                       const char *text, size_t len, const uint8_t *signature,
                       size_t signature_len);

#endif
