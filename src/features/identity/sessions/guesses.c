#include "features/identity/sessions/guesses.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

#include "base/time.h"

enum { SETS = 2048, WAYS = 8, DOUBLINGS = 7 };

struct guesses {
    uint64_t key;
    int64_t last_ms, until_ms, told_ms;
    uint32_t count;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* holds `all` */
static struct guesses all[SETS * WAYS];

uint64_t guesses_key(const char *what, const char *which)
{
    uint8_t hash[HASH_BYTES], both[2 * HASH_BYTES];
    uint64_t key = 0;
    crypto_sha256(what, strlen(what), both);
    crypto_sha256(which, strlen(which), both + HASH_BYTES);
    crypto_sha256(both, sizeof(both), hash);
    memcpy(&key, hash, sizeof(key));
    return key | 1;
}

/* Under the lock; NULL when there is none.  A clock that went back forgets, too. */
static struct guesses *find(uint64_t key, int64_t now_ms)
{
    struct guesses *set = &all[key / 2 % SETS * WAYS];
    for (struct guesses *at = set; at < set + WAYS; at++) {
        if (at->key == key && now_ms - at->last_ms < TIME_DAY && now_ms >= at->last_ms) {
            return at;
        }
    }
    return NULL;
}

static struct guesses *find_or_make(uint64_t key, int64_t now_ms)
{
    ASSERT_CODE(key);
    struct guesses *found = find(key, now_ms);
    if (found) {
        return found;
    }
    struct guesses *set = &all[key / 2 % SETS * WAYS], *best = set;
    for (struct guesses *at = set; at < set + WAYS; at++) {
        bool over = at->key == key || now_ms - at->last_ms >= TIME_DAY;
        if (over || !at->key) {
            best = at;
            break;
        }
        best = at->count < best->count ? at : best;
    }
    *best = (struct guesses){.key = key, .last_ms = now_ms};
    return best;
}

static int64_t cost_ms(uint32_t count)
{
    ASSERT_CODE(count >= GUESSES_FREE);
    uint32_t over = count - GUESSES_FREE;
    int64_t ms = (int64_t)GUESSES_FIRST_MS << (over < DOUBLINGS ? over : DOUBLINGS);
    return ms < GUESSES_MOST_MS ? ms : GUESSES_MOST_MS;
}

uint64_t guesses_network(uint64_t key, const char *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    uint8_t text[sizeof(key) + 16] = {0}, hash[HASH_BYTES], *bytes = text + sizeof(key);
    uint64_t network = 0;
    memcpy(text, &key, sizeof(key));
    if (inet_pton(AF_INET, address, bytes) != 1 && inet_pton(AF_INET6, address, bytes) == 1) {
        if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
            memmove(bytes, bytes + sizeof(mapped), 4);
            memset(bytes + 4, 0, sizeof(mapped));
        } else {
            memset(bytes + 6, 0, 10);
        }
    }
    crypto_sha256(text, sizeof(text), hash);
    memcpy(&network, hash, sizeof(network));
    return network | 1;
}

static int64_t later(int64_t a_ms, int64_t b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

/* Under the lock, when the free ones are used up. */
static int64_t wait_by(struct guesses *whole, uint64_t network, int64_t now_ms)
{
    struct guesses *own = find(network, now_ms);
    if (own) {
        int64_t until_ms = later(own->until_ms, whole->until_ms);
        if (until_ms > now_ms) {
            return until_ms - now_ms;
        }
        whole->until_ms = now_ms + GUESSES_SHARED_MS;
    }
    /* They count from the first try on: several at once are not each the first. */
    own = own ? own : find_or_make(network, now_ms);
    own->until_ms = now_ms + cost_ms(GUESSES_FREE + own->count);
    own->count++;
    own->last_ms = now_ms;
    return 0;
}

int64_t guesses_wait_by(const struct guesses_by *by, int64_t now_ms)
{
    ASSERT_CODE(by->key);
    if (!by->network) {
        return guesses_wait(by->key, now_ms);
    }
    pthread_mutex_lock(&lock);
    struct guesses *whole = find(by->key, now_ms);
    bool many = whole && whole->count >= GUESSES_FREE;
    int64_t wait_ms = many ? wait_by(whole, by->network, now_ms) : 0;
    pthread_mutex_unlock(&lock);
    return wait_ms;
}

int64_t guesses_wait(uint64_t key, int64_t now_ms)
{
    int64_t wait_ms = 0;
    pthread_mutex_lock(&lock);
    struct guesses *at = find(key, now_ms);
    if (at && at->count >= GUESSES_FREE) {
        wait_ms = at->until_ms > now_ms ? at->until_ms - now_ms : 0;
        at->until_ms = wait_ms ? at->until_ms : now_ms + cost_ms(at->count);
    }
    pthread_mutex_unlock(&lock);
    return wait_ms;
}

bool guesses_wrong(uint64_t key, int64_t now_ms)
{
    pthread_mutex_lock(&lock);
    struct guesses *at = find_or_make(key, now_ms);
    at->count++;
    at->last_ms = now_ms;
    if (at->count >= GUESSES_FREE) {
        at->until_ms = now_ms + cost_ms(at->count);
    }
    bool tell = at->count >= GUESSES_FREE && (!at->told_ms || now_ms - at->told_ms >= TIME_DAY);
    at->told_ms = tell ? now_ms : at->told_ms;
    pthread_mutex_unlock(&lock);
    return tell;
}

bool guesses_told(uint64_t key, int64_t now_ms)
{
    pthread_mutex_lock(&lock);
    bool first = !find(key, now_ms);
    if (first) {
        find_or_make(key, now_ms)->count = GUESSES_FREE; /* a flood of names does not drop it */
    }
    pthread_mutex_unlock(&lock);
    return first;
}

void guesses_right(uint64_t key)
{
    pthread_mutex_lock(&lock);
    struct guesses *set = &all[key / 2 % SETS * WAYS];
    for (struct guesses *at = set; at < set + WAYS; at++) {
        if (at->key == key) {
            *at = (struct guesses){0};
        }
    }
    pthread_mutex_unlock(&lock);
}

/* A network's own wrong ones are counted when it is let try (wait_by). */
void guesses_wrong_by(const struct guesses_by *by, int64_t now_ms)
{
    if (!by->network) {
        (void)guesses_wrong(by->key, now_ms);
        return;
    }
    pthread_mutex_lock(&lock);
    struct guesses *whole = find_or_make(by->key, now_ms);
    whole->count++;
    whole->last_ms = now_ms;
    pthread_mutex_unlock(&lock);
}

void guesses_right_by(const struct guesses_by *by)
{
    guesses_right(by->key);
    if (by->network) {
        guesses_right(by->network);
    }
}
