#ifndef FEATURES_PROVIDERS_REGISTRY_H
#define FEATURES_PROVIDERS_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "call/call.h"

/*
 * The sign-in providers that the operator's file names, and what was learnt from them:
 * their discovery document and keys, each for a bounded time.  Nobody is contacted
 * here.  Thread-safe: what is learnt is copied out under the lock.
 */
struct providers;

enum {
    PROVIDERS_MAX = 10,
    PROVIDERS_WHY_MAX = 256,
    PROVIDERS_FILE_MAX = 64 * 1024,
    PROVIDERS_LEARNT_MS = 60 * 60 * 1000, /* discovery and keys are asked for anew after this */
    PROVIDERS_AGAIN_MS = 60 * 1000,       /* an unknown key asks earlier, so often at most */
};

/* In English and Indonesian; NULL: the client's own words. */
struct provider_words {
    const char *en, *id;
};

/* A row of the file. */
struct provider {
    const char *id, *name, *issuer, *client_id, *client_secret, *scopes;
    /* What discovery would say, for providers whose document leaves it out. */
    const char *authorization_endpoint, *token_endpoint, *jwks_uri, *token_auth;
    struct provider_words learns, gets;
    const char *terms_url, *privacy_url;
};

/*
 * NULL or "" as path: no providers.  ERR_INVALID with a sentence that names file, place and
 * field.  `plain`: http to loopback is let through (tests).  `asks`: how many questions
 * to providers may be open at once.
 */
MUST_USE enum err providers_open(const char *path, bool plain, int asks, struct providers **ret,
                                 char ret_why[PROVIDERS_WHY_MAX]);
void providers_close(struct providers *providers); /* accepts NULL */

/* All accept NULL: a server without providers. */
size_t providers_count(const struct providers *providers);
const struct provider *providers_at(const struct providers *providers, size_t i);
const struct provider *providers_named(const struct providers *providers, const char *id);

/* https, or http to loopback where that is let through; no user, no fragment, no blanks. */
bool providers_url(const struct providers *providers, const char *url);

/* What was learnt, as the JSON text that was got: a copy in the arena, NULL when too old. */
enum provider_learnt { LEARNT_DISCOVERY, LEARNT_KEYS, LEARNT_COUNT_ };
const char *providers_recall(struct call *call, const struct provider *provider,
                             enum provider_learnt what);
/* May the keys be asked for although they are remembered?  Once in PROVIDERS_AGAIN_MS. */
bool providers_again(struct call *call, const struct provider *provider);
void providers_learn(struct call *call, const struct provider *provider, enum provider_learnt what,
                     const char *text);

/* A slow provider must not keep all workers waiting.  ERR_BUSY providers.busy. */
MUST_USE enum err providers_begin(struct call *call);
void providers_end(void *what); /* a struct providers: for arena_hold, too */

#endif
