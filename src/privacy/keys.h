#ifndef PRIVACY_KEYS_H
#define PRIVACY_KEYS_H

#include "base/arena.h"
#include "base/call.h"
#include "base/crypto.h"

/*
 * Member keys: one random 256-bit key a member, wrapped by the master key, kept
 * outside the database so that backups of the database forget with them.
 * Erasing a member burns the key.  A key is durable before a row uses it:
 * registration takes one from a pool of already durable unassigned keys.
 * Thread-safe; a bounded cache holds unwrapped keys.
 */
struct keys;

struct keys_options {
    const char *dir;         /* the local file store: DIR/keys */
    const char *url;         /* or a second PostgreSQL database; NULL for files */
    const char *master_file; /* 32 bytes, mode 0600; made when missing and in `dir` */
};

/*
 * ERR_INVALID with a sentence in ret_why: wrong mode, wrong length, store of
 * another master key, a key store lost while the database has keys in use.
 */
MUST_USE enum err keys_open(const struct keys_options *options, struct keys **ret,
                            char ret_why[256]);
void keys_close(struct keys *keys); /* accepts NULL */

/* A durable key that nobody has: its id goes into account.key_id.  In `prepare`. */
MUST_USE enum err keys_take(struct keys *keys, int64_t *ret_key_id);

/* Keys handed out longer than `older_ms` ago that `used` does not know are burned. */
MUST_USE enum err keys_sweep(struct keys *keys, bool (*used)(void *ctx, int64_t key_id), void *ctx,
                             int64_t now_ms, int64_t older_ms, size_t *ret_burned);

/*
 * Seals text for a member.  `context` names table and column ("account.email_ct");
 * the key's id is bound in.  In `prepare` and `finish`, never in `apply`.
 * ERR_MISSING keys.burned when the key is gone.
 */
MUST_USE enum err keys_seal(struct call *call, int64_t key_id, const char *context,
                            const char *text, const uint8_t **ret_sealed, size_t *ret_len);
MUST_USE enum err keys_open_text(struct call *call, int64_t key_id, const char *context,
                                 const uint8_t *sealed, size_t len, const char **ret_text);

/* A keyed hash for lookups (e-mail): HMAC under a key that is not in the database. */
MUST_USE enum err keys_blind(struct call *call, const char *context, const char *text,
                             uint8_t ret_hash[HASH_BYTES]);

/* Overwrites and forgets: durable when it returns. */
MUST_USE enum err keys_burn(struct keys *keys, int64_t key_id);

#endif
