#include "privacy/keys.h"

#include <inttypes.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "privacy/keys_back.h"

/*
 * The cache of unwrapped keys is 4-way set-associative: bounded at birth, and the
 * key of the one that was longest unused makes room.  It lies in locked memory.
 */
enum { WAYS = 4, SETS = 2048, POOL_MAX = 2 * KEYS_POOL_MIN, CONTEXT_MAX = 48 };
enum { FIRST_START_MS = 60 * 60 * 1000 };

struct cached {
    int64_t id; /* 0: empty */
    uint64_t used;
};

/* A durable key that nobody has. */
struct pooled {
    int64_t id;
    int64_t made_ms;
};

/* What must not be swapped out. */
struct secrets {
    uint8_t master[KEY_BYTES];
    uint8_t blind[KEY_BYTES];
    uint8_t members[SETS * WAYS][KEY_BYTES];
};

struct keys {
    struct key_back *back;
    int64_t (*clock_ms)(void);
    enum err (*reserve)(void *ctx, int64_t high);
    void *reserve_ctx;
    uint8_t id[STORE_ID_BYTES];
    struct secrets *secrets; /* `members` under `cache_lock`, the rest never changes */
    pthread_mutex_t lock;    /* of the back end, which may be slow, and of the pool */
    int64_t reserved;        /* the highest id that may be given out */
    size_t pooled;
    struct pooled pool[POOL_MAX]; /* the oldest first */
    pthread_mutex_t cache_lock;   /* of all below; never held over the back end */
    uint64_t uses, burns;
    struct cached cache[SETS * WAYS];
};

static void bind_id(char ret[CONTEXT_MAX], const char *context, int64_t id)
{
    int len = snprintf(ret, CONTEXT_MAX, "%s:%" PRId64, context, id);
    ASSERT_CODE(len > 0 && len < CONTEXT_MAX);
}

static void master_check(const uint8_t master[KEY_BYTES], const uint8_t id[STORE_ID_BYTES],
                         uint8_t ret[HASH_BYTES])
{
    char text[64] = "bauta key store:";
    crypto_hex(id, STORE_ID_BYTES, text + strlen(text));
    crypto_hmac(master, text, strlen(text), ret);
}

/* ---- opening ---- */

static enum err make_head(struct keys *keys, struct key_head *ret)
{
    struct key_head head;
    crypto_random(head.id, sizeof(head.id));
    crypto_random(keys->secrets->blind, KEY_BYTES);
    master_check(keys->secrets->master, head.id, head.check);
    crypto_seal(keys->secrets->master, "blind", keys->secrets->blind, KEY_BYTES, head.blind);
    TRY(keys->back->ops->start(keys->back, &head));
    *ret = head;
    return OK;
}

static enum err read_head(struct keys *keys, const struct key_head *head,
                          char ret_why[KEYS_WHY_MAX])
{
    uint8_t check[HASH_BYTES];
    master_check(keys->secrets->master, head->id, check);
    if (!crypto_equal(check, head->check, sizeof(check)) ||
        crypto_open(keys->secrets->master, "blind", head->blind, WRAPPED_BYTES,
                    keys->secrets->blind) != OK) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "The key store was made with another master key: give the "
                 "right one with --key-file.");
        return ERR_INVALID;
    }
    memcpy(keys->id, head->id, sizeof(keys->id));
    return OK;
}

/*
 * A new database beside old keys is a mistake of the operator's, and the sweep would
 * burn all keys that it does not know.  A first start that was cut short may go on.
 */
static enum err refuse_strange_keys(struct keys *keys, const char *dir, char ret_why[KEYS_WHY_MAX])
{
    int64_t ids[KEYS_BATCH];
    size_t count = 0;
    TRY(keys->back->ops->list(keys->back, 0, keys->clock_ms() - FIRST_START_MS, ids, &count));
    if (count > 0) {
        snprintf(
            ret_why, KEYS_WHY_MAX,
            "The database is new, but the key store (%.80s) holds keys of another one. Restore "
            "that database, or give this one an empty key store.",
            dir);
        return ERR_INVALID;
    }
    return OK;
}

static enum err unlock_store(struct keys *keys, const struct keys_options *options,
                             char ret_why[KEYS_WHY_MAX])
{
    const char *expected = options->expected_id ? options->expected_id : "";
    struct key_head head;
    char id[KEYS_ID_MAX];
    snprintf(ret_why, KEYS_WHY_MAX,
             "The key store cannot be read or written, or another process has it.");
    enum err err = keys->back->ops->head(keys->back, &head);
    bool new_store = err == ERR_MISSING;
    if (new_store && *expected) {
        snprintf(ret_why, KEYS_WHY_MAX,
                 "The key store of this database is lost: its members' "
                 "sealed fields cannot be opened. Restore the key store from its own backup.");
        return ERR_INVALID;
    }
    if (err != OK && !new_store) {
        return err;
    }
    TRY(keys_master(options, new_store, keys->secrets->master, ret_why));
    if (new_store) {
        snprintf(ret_why, KEYS_WHY_MAX, "The key store cannot be written.");
        TRY(make_head(keys, &head));
    }
    TRY(read_head(keys, &head, ret_why));
    if (!*expected) {
        return new_store ? OK : refuse_strange_keys(keys, options->dir, ret_why);
    }
    keys_id(keys, id);
    if (strcmp(id, expected) != 0) {
        snprintf(ret_why, KEYS_WHY_MAX, "This key store belongs to another database.");
        return ERR_INVALID;
    }
    return OK;
}

enum err keys_start(const struct keys_options *options, struct key_back *back, struct keys **ret,
                    char ret_why[KEYS_WHY_MAX])
{
    crypto_start();
    struct keys *keys = calloc(1, sizeof(*keys));
    struct secrets *secrets = sodium_malloc(sizeof(*secrets));
    if (!keys || !secrets) {
        free(keys);
        sodium_free(secrets);
        back->ops->close(back);
        snprintf(ret_why, KEYS_WHY_MAX, "There is no memory for the keys.");
        return ERR_BUSY;
    }
    keys->back = back;
    keys->secrets = secrets;
    keys->clock_ms = options->clock_ms ? options->clock_ms : time_now_ms;
    keys->reserve = options->reserve;
    keys->reserve_ctx = options->reserve_ctx;
    pthread_mutex_init(&keys->lock, NULL);
    pthread_mutex_init(&keys->cache_lock, NULL);
    enum err err = unlock_store(keys, options, ret_why);
    if (err == OK) {
        err = keys_refill(keys);
    }
    if (err != OK) {
        keys_close(keys);
        return err;
    }
    *ret = keys;
    return OK;
}

void keys_close(struct keys *keys)
{
    if (keys) {
        keys->back->ops->close(keys->back);
        sodium_free(keys->secrets); /* wiped */
        pthread_mutex_destroy(&keys->lock);
        pthread_mutex_destroy(&keys->cache_lock);
        free(keys);
    }
}

void keys_id(const struct keys *keys, char ret[KEYS_ID_MAX])
{
    crypto_hex(keys->id, sizeof(keys->id), ret);
}

/* ---- the pool, under the lock except `reserve` ---- */

/*
 * The database learns of ids before they are given out, many at once: so a store that lost its end
 * gives none of them twice, though the rows that had them are gone.
 */
static enum err reserve(struct keys *keys)
{
    pthread_mutex_lock(&keys->lock);
    int64_t high = keys->back->ops->high(keys->back);
    bool enough = !keys->reserve || high + KEYS_RESERVE / 2 <= keys->reserved;
    pthread_mutex_unlock(&keys->lock);
    if (enough) {
        return OK;
    }
    TRY(keys->reserve(keys->reserve_ctx, high + KEYS_RESERVE));
    pthread_mutex_lock(&keys->lock);
    keys->reserved = MAX(keys->reserved, high + KEYS_RESERVE);
    pthread_mutex_unlock(&keys->lock);
    return OK;
}

/* Keys that waited for half their life are dated anew: so none is made in vain, and none is old. */
static enum err freshen(struct keys *keys, int64_t now_ms)
{
    int64_t ids[POOL_MAX];
    size_t old = 0;
    while (old < keys->pooled && now_ms - keys->pool[old].made_ms > KEYS_POOL_LIFE_MS / 2) {
        ids[old] = keys->pool[old].id;
        old++;
    }
    if (old > 0) {
        TRY(keys->back->ops->redate(keys->back, ids, old, now_ms));
    }
    for (size_t i = 0; i < old; i++) {
        keys->pool[i].made_ms = now_ms;
    }
    return OK;
}

static enum err make(struct keys *keys, size_t count, int64_t now_ms)
{
    struct key_row rows[POOL_MAX];
    int64_t ids[POOL_MAX];
    uint8_t key[KEY_BYTES];
    char context[CONTEXT_MAX];
    ASSERT_CODE(keys->pooled + count <= POOL_MAX);
    int64_t most = keys->back->ops->high(keys->back) + (int64_t)count;
    if (keys->reserve && most > keys->reserved) {
        return ERR_BUSY; /* others were quicker than it could be written down */
    }
    TRY(keys->back->ops->next_ids(keys->back, count, ids));
    for (size_t i = 0; i < count; i++) {
        ASSERT_CODE(ids[i] > 0); /* 0 is an empty place's in the cache */
        rows[i].id = ids[i];
        rows[i].made_ms = now_ms;
        crypto_random(key, sizeof(key));
        bind_id(context, "member", ids[i]);
        crypto_seal(keys->secrets->master, context, key, sizeof(key), rows[i].wrapped);
    }
    crypto_wipe(key, sizeof(key));
    TRY(keys->back->ops->add(keys->back, rows, count));
    for (size_t i = 0; i < count; i++) {
        keys->pool[keys->pooled++] = (struct pooled){ids[i], now_ms};
    }
    return OK;
}

static enum err refill(struct keys *keys)
{
    int64_t now_ms = keys->clock_ms();
    TRY(freshen(keys, now_ms));
    return keys->pooled < KEYS_POOL_MIN ? make(keys, POOL_MAX - keys->pooled, now_ms) : OK;
}

enum err keys_refill(struct keys *keys)
{
    TRY(reserve(keys));
    pthread_mutex_lock(&keys->lock);
    enum err err = refill(keys);
    pthread_mutex_unlock(&keys->lock);
    return err;
}

enum err keys_take(struct keys *keys, int64_t *ret_key_id)
{
    enum err err = OK;
    TRY(reserve(keys));
    pthread_mutex_lock(&keys->lock);
    if (keys->pooled == 0 || keys->clock_ms() - keys->pool[0].made_ms > KEYS_POOL_LIFE_MS) {
        err = refill(keys);
    }
    if (err == OK) {
        ASSERT_CODE(keys->pooled > 0);
        *ret_key_id = keys->pool[0].id;
        keys->pooled--;
        memmove(keys->pool, keys->pool + 1, keys->pooled * sizeof(keys->pool[0]));
    }
    pthread_mutex_unlock(&keys->lock);
    return err;
}

/* ---- the cache, under its lock ---- */

static size_t set_of(int64_t id)
{
    return (size_t)((uint64_t)id * 0x9e3779b97f4a7c15 >> 53) % SETS * WAYS;
}

/* Where the id is, or where it would go. */
static size_t way_of(const struct keys *keys, int64_t id)
{
    size_t best = set_of(id);
    for (size_t way = set_of(id); way < set_of(id) + WAYS; way++) {
        if (keys->cache[way].id == id) {
            return way;
        }
        if (keys->cache[way].used < keys->cache[best].used) {
            best = way;
        }
    }
    return best;
}

/* False: not there; 0 is an empty place's.  A hit makes it the last one to go. */
static bool cache_get(struct keys *keys, int64_t id, uint8_t ret_key[KEY_BYTES])
{
    size_t way = way_of(keys, id);
    if (id == 0 || keys->cache[way].id != id) {
        return false;
    }
    keys->cache[way].used = ++keys->uses;
    memcpy(ret_key, keys->secrets->members[way], KEY_BYTES);
    return true;
}

static void cache_put(struct keys *keys, int64_t id, const uint8_t key[KEY_BYTES])
{
    size_t way = way_of(keys, id);
    keys->cache[way] = (struct cached){id, ++keys->uses};
    memcpy(keys->secrets->members[way], key, KEY_BYTES);
}

static void forget(struct keys *keys, int64_t id)
{
    size_t way = way_of(keys, id);
    if (keys->cache[way].id == id) {
        crypto_wipe(keys->secrets->members[way], KEY_BYTES);
        keys->cache[way] = (struct cached){0};
    }
}

static enum err unwrap(const struct keys *keys, int64_t id, uint8_t ret_key[KEY_BYTES])
{
    struct key_row row;
    char context[CONTEXT_MAX];
    TRY(keys->back->ops->read(keys->back, id, &row));
    bind_id(context, "member", id);
    return crypto_open(keys->secrets->master, context, row.wrapped, WRAPPED_BYTES, ret_key);
}

bool keys_opens(const struct keys *keys, const struct key_row *row)
{
    uint8_t key[KEY_BYTES];
    char context[CONTEXT_MAX];
    bind_id(context, "member", row->id);
    enum err err = crypto_open(keys->secrets->master, context, row->wrapped, WRAPPED_BYTES, key);
    crypto_wipe(key, sizeof(key));
    return err == OK;
}

enum err keys_page(struct keys *keys, int64_t from, int64_t to, struct key_row *ret_rows,
                   size_t *ret_count)
{
    pthread_mutex_lock(&keys->lock);
    enum err err = keys->back->ops->page(keys->back, from, to, ret_rows, ret_count);
    pthread_mutex_unlock(&keys->lock);
    return err;
}

int64_t keys_high(struct keys *keys)
{
    pthread_mutex_lock(&keys->lock);
    int64_t high = keys->back->ops->high(keys->back);
    pthread_mutex_unlock(&keys->lock);
    return high;
}

/* Reading may take a while in a database, so it is done without a lock. */
enum err keys_member(struct call *call, int64_t id, uint8_t ret_key[KEY_BYTES])
{
    struct keys *keys = call->keys;
    ASSERT_CODE(!call->tx); /* whoever writes would wait for another database, or a disk */
    pthread_mutex_lock(&keys->cache_lock);
    bool hit = cache_get(keys, id, ret_key);
    uint64_t burns = keys->burns;
    pthread_mutex_unlock(&keys->cache_lock);
    if (hit) {
        return OK;
    }
    enum err err = unwrap(keys, id, ret_key);
    if (err == ERR_BROKEN) {
        log_line(LOG_ERROR, "privacy", "a key record does not open: `bauta check` says whose",
                 LOG_N(LOG_COUNT, 1));
    }
    if (err != OK) {
        return err == ERR_MISSING ? call_fail(call, err, "keys.burned") : err;
    }
    pthread_mutex_lock(&keys->cache_lock);
    if (keys->burns == burns) { /* else it may be the one that was burned meanwhile */
        cache_put(keys, id, ret_key);
    }
    pthread_mutex_unlock(&keys->cache_lock);
    return OK;
}

/* ---- look-ups ---- */

enum err keys_blind(struct call *call, const char *context, const char *text,
                    uint8_t ret_hash[HASH_BYTES])
{
    ASSERT_CODE(*context); /* else one use finds what another stored */
    size_t context_len = strlen(context) + 1, text_len = strlen(text);
    char *both = arena_alloc(call->arena, context_len + text_len + 1);
    memcpy(both, context, context_len);
    memcpy(both + context_len, text, text_len + 1);
    crypto_hmac(call->keys->secrets->blind, both, context_len + text_len, ret_hash);
    return OK;
}

/* ---- burning ---- */

/* A key that is read meanwhile is cached before it is forgotten here, or not at all. */
static enum err burn(struct keys *keys, const int64_t *ids, size_t count)
{
    pthread_mutex_lock(&keys->lock);
    enum err err = keys->back->ops->burn(keys->back, ids, count);
    pthread_mutex_unlock(&keys->lock);
    for (size_t i = 0; i < count; i++) {
        keys_forget(keys, ids[i]);
    }
    return err;
}

enum err keys_burn(struct keys *keys, int64_t key_id)
{
    return burn(keys, &key_id, 1);
}

void keys_forget(struct keys *keys, int64_t key_id)
{
    pthread_mutex_lock(&keys->cache_lock);
    keys->burns++;
    forget(keys, key_id);
    pthread_mutex_unlock(&keys->cache_lock);
}

enum err keys_still(struct keys *keys, enum err (*step)(void *arg), void *arg)
{
    pthread_mutex_lock(&keys->lock);
    enum err err = step(arg);
    pthread_mutex_unlock(&keys->lock);
    return err;
}

enum err keys_sweep(struct keys *keys, bool (*used)(void *ctx, int64_t key_id), void *ctx,
                    int64_t now_ms, int64_t older_ms, size_t *ret_burned)
{
    ASSERT_CODE(older_ms >= 0); /* or keys would be burned that were handed out just now */
    /* Whoever takes a key gets one younger than this, so what is older was taken before. */
    int64_t before_ms = now_ms - older_ms - KEYS_POOL_LIFE_MS;
    int64_t ids[KEYS_BATCH];
    int64_t after = 0;
    size_t count = 0, burned = 0;
    TRY(keys_refill(keys)); /* dates those that wait anew */
    do {
        pthread_mutex_lock(&keys->lock);
        enum err err = keys->back->ops->list(keys->back, after, before_ms, ids, &count);
        pthread_mutex_unlock(&keys->lock);
        TRY(err);
        after = count > 0 ? ids[count - 1] : after;
        size_t unused = 0;
        for (size_t i = 0; i < count; i++) {
            if (!used(ctx, ids[i])) {
                ids[unused++] = ids[i];
            }
        }
        if (unused > 0) {
            TRY(burn(keys, ids, unused));
            burned += unused;
        }
    } while (count > 0);
    *ret_burned = burned;
    return OK;
}
