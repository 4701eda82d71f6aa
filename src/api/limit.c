#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_inner.h"
#include "base/text.h"

/*
 * Limits as token buckets in memory.  Per account they are hard.  Per address they
 * are soft, because carrier networks and schools share one: beyond them a proof of
 * work is asked for, and only at twenty times of them the call is refused.
 */
enum {
    SETS = 8192,
    WAYS = 8,
    HARD_TIMES = 20,
    PROOF_LIFE_MS = 5 * 60 * 1000,
    PROOF_BITS = 17, /* about a second on a phone; one more for each doubling of the excess */
    PROOF_BITS_MAX = 21,
    PROOF_SETS = 2048,
};

/* What holds for every route besides its own rows (law.md 2.7: Mastodon's practice). */
static const struct api_limit per_account = {
    .name = "api.account", .burst = 1500, .per_ms = 300000};
static const struct api_limit per_token = {.name = "api.token", .burst = 300, .per_ms = 300000};
static const struct api_limit per_address = {
    .name = "api.address", .burst = 300, .per_ms = 300000, .address = true};
/* Tokens that are nobody's: each is a look into the store, before any other limit. */
static const struct api_limit per_bad_token = {
    .name = "api.bad_token", .burst = 100, .per_ms = 300000, .address = true};

struct bucket {
    uint64_t key;
    int64_t full_us; /* when the last token taken will have been refilled */
};

struct spent {
    uint64_t nonce;
    int64_t until_ms;
};

struct limits {
    pthread_mutex_t lock; /* holds buckets and spent */
    uint64_t seed;
    int64_t scale;
    uint8_t key[KEY_BYTES];
    struct bucket buckets[SETS * WAYS];
    struct spent spent[PROOF_SETS * WAYS];
};

struct limits *limits_new(uint64_t seed, int64_t scale)
{
    struct limits *limits = calloc(1, sizeof(*limits));
    ASSERT_START(limits);
    pthread_mutex_init(&limits->lock, NULL);
    limits->seed = seed;
    limits->scale = MAX(scale, 1);
    crypto_random(limits->key, sizeof(limits->key));
    return limits;
}

void limits_free(struct limits *limits)
{
    if (limits) {
        pthread_mutex_destroy(&limits->lock);
        crypto_wipe(limits->key, sizeof(limits->key));
        free(limits);
    }
}

/* A whole IPv4 address, the /64 of an IPv6 one; 0 for what is neither. */
static uint64_t address_number(const char *text)
{
    uint8_t bytes[16];
    uint64_t number = 0;
    if (inet_pton(AF_INET, text, bytes) == 1) {
        for (size_t i = 0; i < 4; i++) {
            number = number << 8 | bytes[i];
        }
    } else if (inet_pton(AF_INET6, text, bytes) == 1) {
        static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
        size_t from = memcmp(bytes, mapped, sizeof(mapped)) == 0 ? 12 : 0;
        for (size_t i = from; i < (from ? 16 : 8); i++) {
            number = number << 8 | bytes[i];
        }
    }
    return number;
}

static uint64_t key_of(const struct limits *limits, const struct api_limit *limit, bool by_address,
                       uint64_t subject)
{
    struct rng rng = {.state = limits->seed ^ subject ^ (by_address ? UINT64_C(1) << 63 : 0)};
    uint64_t key = rng_next(&rng);
    for (const char *at = limit->name; *at; at++) {
        key = (key ^ (uint8_t)*at) * UINT64_C(0x100000001b3);
    }
    rng.state = key;
    return rng_next(&rng) | 1;
}

/*
 * Under the lock.  In a full set the bucket that refilled first gives way: it is the
 * one that says least.
 */
static struct bucket *bucket_of(struct limits *limits, uint64_t key)
{
    ASSERT_CODE(key != 0); /* a free place's */
    struct bucket *set = &limits->buckets[key % SETS * WAYS], *best = set;
    for (struct bucket *at = set; at < set + WAYS; at++) {
        if (at->key == key) {
            return at;
        }
        best = at->full_us < best->full_us ? at : best;
    }
    *best = (struct bucket){.key = key};
    return best;
}

struct work_proof {
    uint64_t issued_ms, nonce, key;
    uint8_t mac[HASH_BYTES];
};

enum {
    PROOF_SIGNED = 3 * sizeof(uint64_t),
    PROOF_CHARS = (sizeof(struct work_proof) * 4 + 2) / 3,
    PROOF_TEXT = (sizeof(struct work_proof) + 2) / 3 * 4 + 1,
    COUNT_CHARS = 20,
};

static void ask_for_proof(struct work *work, uint64_t key)
{
    struct work_proof proof = {.issued_ms = (uint64_t)api_steady_ms(work->api), .key = key};
    char *text = arena_alloc(work->arena, PROOF_TEXT);
    crypto_random(&proof.nonce, sizeof(proof.nonce));
    crypto_hmac(work->api->limits->key, &proof, PROOF_SIGNED, proof.mac);
    crypto_base64url(&proof, sizeof(proof), text);
    work->challenge = text;
}

static bool starts_with_zeros(const uint8_t hash[HASH_BYTES], int bits)
{
    ASSERT_CODE(bits <= PROOF_BITS_MAX);
    for (int i = 0; i < bits; i++) {
        if (hash[i / 8] & 0x80 >> i % 8) {
            return false;
        }
    }
    return true;
}

/* Once only: false for a nonce that was spent, or when there is no place to remember it. */
static bool spend(struct limits *limits, const struct work_proof *proof, int64_t now_ms)
{
    struct spent *set = &limits->spent[proof->nonce % PROOF_SETS * WAYS], *free_one = NULL;
    for (struct spent *at = set; at < set + WAYS; at++) {
        if (at->until_ms <= now_ms) {
            free_one = at;
        } else if (at->nonce == proof->nonce) {
            return false;
        }
    }
    if (free_one) {
        *free_one = (struct spent){proof->nonce, (int64_t)proof->issued_ms + PROOF_LIFE_MS + 1};
    }
    return free_one != NULL;
}

/* "challenge:number", ours, for this limit and asker, fresh, hard enough, not spent. */
static bool proven(struct limits *limits, const char *text, uint64_t key, int bits, int64_t now_ms)
{
    struct work_proof proof;
    uint8_t mac[HASH_BYTES], hash[HASH_BYTES];
    size_t len = text ? strlen(text) : 0;
    char challenge[PROOF_TEXT];
    if (len <= PROOF_CHARS || len > PROOF_CHARS + 1 + COUNT_CHARS || text[PROOF_CHARS] != ':') {
        return false;
    }
    memcpy(challenge, text, PROOF_CHARS);
    challenge[PROOF_CHARS] = '\0';
    if (crypto_base64url_read(challenge, (uint8_t *)&proof, sizeof(proof)) != sizeof(proof)) {
        return false;
    }
    crypto_hmac(limits->key, &proof, PROOF_SIGNED, mac);
    crypto_sha256(text, len, hash);
    int64_t age_ms = now_ms - (int64_t)proof.issued_ms;
    return crypto_equal(mac, proof.mac, sizeof(mac)) && proof.key == key && age_ms >= 0 &&
           age_ms <= PROOF_LIFE_MS && starts_with_zeros(hash, bits) &&
           spend(limits, &proof, now_ms);
}

enum verdict { GRANTED, NEEDS_PROOF, REFUSED };

struct demand {
    const struct api_limit *limit;
    bool soft;
    uint64_t key;
    const char *proof;
    bool can_prove; /* reading calls cannot: they pass until they are refused */
    bool looks;     /* takes nothing, only says */
};

static enum verdict take(struct work *work, struct demand *demand)
{
    struct limits *limits = work->api->limits;
    int64_t now_ms = api_steady_ms(work->api), now_us = now_ms * 1000;
    int64_t per_us = demand->limit->per_ms * 1000;
    int64_t one_us = MAX(per_us / (demand->limit->burst * limits->scale), 1);
    struct bucket *bucket = bucket_of(limits, demand->key);
    int64_t full_us = MAX(bucket->full_us, now_us) + one_us;
    int64_t over_us = full_us - now_us - per_us;
    int64_t hard_us = demand->soft ? per_us * (HARD_TIMES - 1) : 0;
    if (over_us > hard_us) {
        work->call.retry_ms = MAX((over_us - hard_us) / 1000, 1000);
        return REFUSED;
    }
    if (over_us > 0 && demand->can_prove) {
        int bits = PROOF_BITS;
        for (int64_t at = over_us; at > per_us && bits < PROOF_BITS_MAX; at /= 2) {
            bits++;
        }
        work->bits = bits;
        work->proven = work->proven || proven(limits, demand->proof, demand->key, bits, now_ms);
        if (!work->proven) {
            return NEEDS_PROOF;
        }
    }
    bucket->full_us = demand->looks ? bucket->full_us : full_us;
    return GRANTED;
}

/* A text field of the input as a number; letters of ASCII count the same in both cases. */
static uint64_t field_number(const struct work *work, const char *name)
{
    const struct json_field *field = json_field_named(work->steps->in, name, strlen(name));
    const char *text = NULL;
    uint64_t number = UINT64_C(0xcbf29ce484222325);
    ASSERT_CODE(field && (field->kind == JSON_TEXT || field->kind == JSON_CHOICE));
    memcpy(&text, (const char *)work->in + field->offset, sizeof(text));
    for (const char *at = text ? text : ""; *at; at++) {
        number = (number ^ (uint8_t)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at)) *
                 UINT64_C(0x100000001b3);
    }
    return number;
}

static enum err check(struct work *work, const struct api_limit *limit)
{
    struct call *call = &work->call;
    if (work->request->allowed) {
        return OK; /* counted when it asked */
    }
    bool soft = limit->address || limit->field || !call->actor.id;
    bool named = limit->looked && call->counts_as;
    uint64_t subject = named                 ? call->counts_as
                       : limit->field        ? field_number(work, limit->field)
                       : soft                ? address_number(work->request->address)
                       : limit == &per_token ? (uint64_t)call->actor.session_id
                                             : (uint64_t)call->actor.id;
    struct demand demand = {
        .limit = limit,
        .soft = soft,
        .key = key_of(work->api->limits, limit, soft, subject),
        .proof = work->proof,
        .can_prove = soft && route_method(work->request->method) != METHOD_GET,
    };
    pthread_mutex_lock(&work->api->limits->lock);
    enum verdict verdict = take(work, &demand);
    pthread_mutex_unlock(&work->api->limits->lock);
    if (verdict == NEEDS_PROOF) {
        ask_for_proof(work, demand.key);
        return call_fail(call, ERR_LIMIT, "limits.work");
    }
    if (verdict == REFUSED) {
        return call_fail(call, ERR_LIMIT, soft ? "limits.address" : "limits.often");
    }
    return OK;
}

static enum verdict take_bad_token(struct work *work, bool looks)
{
    struct limits *limits = work->api->limits;
    uint64_t subject = address_number(work->request->address);
    struct demand demand = {.limit = &per_bad_token,
                            .soft = true,
                            .key = key_of(limits, &per_bad_token, true, subject),
                            .looks = looks};
    pthread_mutex_lock(&limits->lock);
    enum verdict verdict = take(work, &demand);
    pthread_mutex_unlock(&limits->lock);
    return verdict;
}

enum err limit_check_tokens(struct work *work)
{
    return take_bad_token(work, true) == REFUSED
               ? call_fail(&work->call, ERR_LIMIT, "limits.address")
               : OK;
}

void limit_count_token(struct work *work)
{
    (void)take_bad_token(work, false);
    work->call.retry_ms = 0; /* it is not what this call is refused for */
}

enum err limit_check(struct work *work)
{
    const struct actor *actor = &work->call.actor;
    work->proof = input_proof(work);
    TRY(check(work, actor->id ? &per_account : &per_address));
    if (actor->by_token) {
        TRY(check(work, &per_token));
    }
    for (size_t i = 0; i < COUNT(work->route->limits) && work->route->limits[i]; i++) {
        if (!work->route->limits[i]->field) {
            TRY(check(work, work->route->limits[i]));
        }
    }
    return OK;
}

static enum err check_fields(struct work *work, bool looked)
{
    for (size_t i = 0; i < COUNT(work->route->limits) && work->route->limits[i]; i++) {
        if (work->route->limits[i]->field && work->route->limits[i]->looked == looked) {
            TRY(check(work, work->route->limits[i]));
        }
    }
    return OK;
}

enum err limit_check_fields(struct work *work)
{
    return check_fields(work, false);
}

enum err limit_check_looked(struct work *work)
{
    return check_fields(work, true);
}
