#ifndef FEATURES_PROVIDERS_ASK_H
#define FEATURES_PROVIDERS_ASK_H

#include <stdbool.h>

#include "call/call.h"
#include "features/identity/providers/registry.h"

/*
 * What is asked of a provider, in `prepare` only, through outside/outbound.h, and what it
 * says believed only as far as it fits what the operator wrote.
 *  - ERR_BUSY providers.away: no answer, none in time, too large, or one that makes no sense.
 *  - ERR_DENIED providers.code: it does not know the code (used, too old, not ours).
 *  - Keys and discovery are asked for at most once in PROVIDERS_LEARNT_MS; keys once more when
 *    a token names one that is not among them, at most once in PROVIDERS_AGAIN_MS.
 */
struct ask_facts {
    const char *authorization_endpoint, *token_endpoint, *jwks_uri;
    bool by_post;   /* the secret goes into the body, not the header */
    bool names_iss; /* says in the callback who it is (RFC 9207) */
};
MUST_USE enum err ask_facts(struct call *call, const struct provider *provider,
                            struct ask_facts *ret);

struct ask_trip {
    const char *state, *nonce, *verifier; /* the verifier's hash goes to the provider first */
    const char *back;                     /* redirect_uri */
    bool again;                           /* the person must prove themselves anew */
};
/* Where the browser goes. */
const char *ask_url(struct call *call, const struct provider *provider,
                    const struct ask_facts *facts, const struct ask_trip *trip);

struct ask_tokens {
    const char *id_token, *access_token; /* the second may be NULL */
};
MUST_USE enum err ask_tokens(struct call *call, const struct provider *provider,
                             const struct ask_facts *facts, const struct ask_trip *trip,
                             const char *code, struct ask_tokens *ret);

/* The JWK set, as text.  `again`: not the remembered one, when enough time has passed. */
MUST_USE enum err ask_keys(struct call *call, const struct provider *provider,
                           const struct ask_facts *facts, bool again, const char **ret);

#endif
