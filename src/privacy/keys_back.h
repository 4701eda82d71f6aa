#ifndef PRIVACY_KEYS_BACK_H
#define PRIVACY_KEYS_BACK_H

#include "privacy/keys.h"

/* Between keys.c and sealed.c, and the two places where wrapped keys are kept. */
enum { WRAPPED_BYTES = KEY_BYTES + SEAL_EXTRA, STORE_ID_BYTES = 16, KEYS_BATCH = 64 };

struct key_row {
    int64_t id;
    int64_t made_ms;
    uint8_t wrapped[WRAPPED_BYTES];
    bool burned; /* of `page` only */
};

/* What belongs to the store as a whole. */
struct key_head {
    uint8_t id[STORE_ID_BYTES];
    uint8_t check[HASH_BYTES];    /* tells the right master key from a wrong one */
    uint8_t blind[WRAPPED_BYTES]; /* the key of blind indexes: stays when the master key changes */
};

struct key_back {
    const struct key_back_ops *ops;
};

/* Any thread; one at a time (keys.c holds its lock) except `read`. */
struct key_back_ops {
    /* ERR_MISSING when the store is new; then `start` makes it. */
    enum err (*head)(struct key_back *back, struct key_head *ret);
    enum err (*start)(struct key_back *back, const struct key_head *head);
    enum err (*next_ids)(struct key_back *back, size_t count, int64_t *ret_ids);
    enum err (*add)(struct key_back *back, const struct key_row *rows, size_t count); /* durable */
    enum err (*redate)(struct key_back *back, const int64_t *ids, size_t count, int64_t made_ms);
    enum err (*read)(struct key_back *back, int64_t id,
                     struct key_row *ret); /* ERR_MISSING: burned */
    enum err (*burn)(struct key_back *back, const int64_t *ids, size_t count); /* durable */
    /* The next living keys after `after`, made before `before_ms`. */
    enum err (*list)(struct key_back *back, int64_t after, int64_t before_ms,
                     int64_t ret_ids[KEYS_BATCH], size_t *ret_count);
    /* The first records from..to, burned ones, too. */
    enum err (*page)(struct key_back *back, int64_t from, int64_t to,
                     struct key_row ret_rows[KEYS_BATCH], size_t *ret_count);
    int64_t (*high)(struct key_back *back); /* given out so far; 0: ids are chance */
    void (*close)(struct key_back *back);
};

MUST_USE enum err keys_file_open(const struct keys_options *options, struct key_back **ret,
                                 char ret_why[KEYS_WHY_MAX]);
MUST_USE enum err keys_pg_open(const struct keys_options *options, struct key_back **ret,
                               char ret_why[KEYS_WHY_MAX]);

/* Reads the master key, or makes it when `may_make` says that nothing is lost by that. */
MUST_USE enum err keys_master(const struct keys_options *options, bool may_make,
                              uint8_t ret_key[KEY_BYTES], char ret_why[KEYS_WHY_MAX]);
/* DIR/keys and, inside it, `name`; the folder is made. */
MUST_USE enum err keys_folder(const struct keys_options *options, char ret_why[KEYS_WHY_MAX]);
/* All bytes to a new file under a temporary name, then under its own: whole or not at all. */
MUST_USE enum err keys_write_file(const char *path, const void *bytes, size_t len);

/* A member's key, out of the cache or the store; ERR_MISSING keys.burned.  To be wiped. */
MUST_USE enum err keys_member(struct call *call, int64_t id, uint8_t ret_key[KEY_BYTES]);

/* For comparing: does the master key open it?  And KEYS_BATCH records, under the lock. */
bool keys_opens(const struct keys *keys, const struct key_row *row);
MUST_USE enum err keys_page(struct keys *keys, int64_t from, int64_t to, struct key_row *ret_rows,
                            size_t *ret_count);

/* keys.c, over whichever back end was opened. */
MUST_USE enum err keys_start(const struct keys_options *options, struct key_back *back,
                             struct keys **ret, char ret_why[KEYS_WHY_MAX]);

#endif
