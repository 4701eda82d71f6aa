#ifndef PRIVACY_KEYS_H
#define PRIVACY_KEYS_H

#include "base/arena.h"
#include "base/crypto.h"
#include "call/call.h"

/*
 * Member keys: one random 256-bit key a member, wrapped by the master key, kept
 * outside the database so that backups of the database forget with them.
 * Erasing a member burns the key.  A key is durable before a row uses it:
 * registration takes one from a pool of already durable unassigned keys.
 * Thread-safe; a bounded cache holds unwrapped keys.
 */
struct keys;
struct store;

enum {
    KEYS_ID_MAX = 33,
    KEYS_WHY_MAX = 256,
    KEYS_POOL_MIN = 32, /* keys_refill fills up to twice as many */
    KEYS_RESERVE = 256, /* ids that are written down ahead: so many are lost by a kill */
    KEYS_POOL_LIFE_MS = 24 * 60 * 60 * 1000, /* a key older than this is never handed out */
};

struct keys_options {
    const char *dir; /* the local file store: DIR/keys */
    const char *url; /* or a second PostgreSQL database; NULL for files */
    /*
     * 32 bytes, mode 0600; made when missing and in `dir`.  NULL: DIR/keys/master.
     * "credential:NAME" is a file that systemd hands over in $CREDENTIALS_DIRECTORY.
     */
    const char *master_file;
    /* What keys_id() said when this database was made; NULL or "": a new database. */
    const char *expected_id;
    int64_t used_max; /* the highest key id that the database knows: none below is given out */
    /* Before an id is given out, some ids beyond it are written down here; NULL: nowhere. */
    enum err (*reserve)(void *ctx, int64_t high);
    void *reserve_ctx;
    struct store *database;    /* with `url`: the members' database, which must be another one */
    int64_t (*clock_ms)(void); /* NULL: the system's */
};

/*
 * ERR_INVALID with a sentence in ret_why: wrong mode, wrong length, store of
 * another master key, a key store lost while the database has keys in use, a new
 * database beside the keys of another (the sweep would burn them).
 * ERR_BUSY: out of reach now.
 */
MUST_USE enum err keys_open(const struct keys_options *options, struct keys **ret,
                            char ret_why[KEYS_WHY_MAX]);
void keys_close(struct keys *keys); /* accepts NULL */

/* Which key store this is: the server keeps it in `meta` ("keys.id") and asks for the same again.
 */
void keys_id(const struct keys *keys, char ret[KEYS_ID_MAX]);

/* GONE: there is no record of it, so the store is behind its database.  BURNED is as it should be.
 */
enum key_state { KEY_GOOD, KEY_BURNED, KEY_GONE, KEY_DAMAGED };
enum { KEYS_COMPARE_MAX = 1000 };

/* How it stands with each of these ids, ascending and at most KEYS_COMPARE_MAX. */
MUST_USE enum err keys_compare(struct keys *keys, const int64_t *ids, size_t count,
                               enum key_state *ret);
/* The highest id that was ever given out; 0 where ids are chance. */
int64_t keys_high(struct keys *keys);

/*
 * A durable key that nobody has: its id goes into account.key_id.  In `prepare`.
 * Never waits for the disk while keys_refill runs in time.
 */
MUST_USE enum err keys_take(struct keys *keys, int64_t *ret_key_id);

/* Makes new durable keys when fewer than KEYS_POOL_MIN wait: a job, every minute. */
MUST_USE enum err keys_refill(struct keys *keys);

/*
 * Keys that may have been handed out longer than `older_ms` ago and that `used`
 * does not know are burned.  `used` may be asked about thousands.  A job, daily.
 */
MUST_USE enum err keys_sweep(struct keys *keys, bool (*used)(void *ctx, int64_t key_id), void *ctx,
                             int64_t now_ms, int64_t older_ms, size_t *ret_burned);

/* A keyed hash for lookups (e-mail): HMAC under a key that is not in the database. */
MUST_USE enum err keys_blind(struct call *call, const char *context, const char *text,
                             uint8_t ret_hash[HASH_BYTES]);

/* Overwrites and forgets: durable when it returns.  Again is no error. */
MUST_USE enum err keys_burn(struct keys *keys, int64_t key_id);

/* Runs `step` while no key is made, dated or burned here: for a copy of DIR/keys. */
MUST_USE enum err keys_still(struct keys *keys, enum err (*step)(void *arg), void *arg);

/* Another node burned it: drops what is cached here. */
void keys_forget(struct keys *keys, int64_t key_id);

#endif
