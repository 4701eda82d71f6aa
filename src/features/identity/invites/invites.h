#ifndef FEATURES_INVITES_INVITES_H
#define FEATURES_INVITES_INVITES_H

#include <stddef.h>

#include "base/crypto.h"
#include "call/call.h"

/*
 * Invitations to register, with a count and an end; and the one-time link by
 * which somebody becomes an administrator (`bauta admin create`).  Only a hash of
 * the code is stored: a link can be shown once.
 */
enum { INVITES_MAX = 200, INVITE_USES_MAX = 1000, INVITE_DAYS_MAX = 365, ADMIN_LINK_HOURS = 24 };

struct invites_invite {
    int64_t id;
    int64_t uses_left, created_ms, ends_ms;
};

/* A new secret: 26 characters, and its hash.  In `prepare`. */
void invites_code(char ret_code[PUBLIC_ID_LEN + 1], uint8_t ret_hash[HASH_BYTES]);
void invites_hash(const char *code, uint8_t ret_hash[HASH_BYTES]);

/* ERR_LIMIT invites.many. */
MUST_USE enum err invites_add(struct call *call, const char *kind, const char *avatar_name,
                              const uint8_t hash[HASH_BYTES], int64_t uses, int64_t ends_ms,
                              int64_t *ret_id);
/* Would one of a member be taken?  ERR_DENIED invites.none, as by invites_use. */
MUST_USE enum err invites_look(struct call *call, const uint8_t hash[HASH_BYTES]);
/* Takes one use.  ERR_DENIED invites.none: wrong, used up or ended, which look alike. */
/* An administrator's is for the name that it was made for: ERR_DENIED invites.other_name. */
MUST_USE enum err invites_use(struct call *call, const uint8_t hash[HASH_BYTES], const char *kind,
                              const char *avatar_name);
MUST_USE enum err invites_list(struct call *call, struct invites_invite **ret, size_t *ret_count);
MUST_USE enum err invites_end(struct call *call, int64_t id); /* ERR_MISSING invites.gone */
#endif
