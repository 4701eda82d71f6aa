#include "net/addr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/heap.h"
#include "base/text.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct addr *addr)
{
    return memcmp(addr->bytes, mapped, sizeof(mapped)) == 0;
}

bool addr_parse(const char *text, size_t len, struct addr *ret)
{
    char copy[INET6_ADDRSTRLEN + 1];
    struct addr addr;
    if (len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (inet_pton(AF_INET, copy, addr.bytes + 12) == 1) {
        memcpy(addr.bytes, mapped, sizeof(mapped));
    } else if (inet_pton(AF_INET6, copy, addr.bytes) != 1) {
        return false;
    }
    *ret = addr;
    return true;
}

struct addr addr_of(const struct sockaddr_storage *from)
{
    struct addr addr = {{0}};
    if (from->ss_family == AF_INET6) {
        memcpy(addr.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr, 16);
    } else if (from->ss_family == AF_INET) {
        memcpy(addr.bytes, mapped, sizeof(mapped));
        memcpy(addr.bytes + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    }
    return addr;
}

void addr_text(const struct addr *addr, char ret[ADDR_TEXT])
{
    bool v4 = is_v4(addr);
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, addr->bytes + (v4 ? 12 : 0), ret, ADDR_TEXT)) {
        ret[0] = '\0';
    }
}

static bool bits_fit(const struct addr *addr, const struct addr *range, int bits)
{
    ASSERT_CODE(bits >= 0 && bits <= 128);
    int whole = bits / 8;
    int rest = bits % 8;
    if (memcmp(addr->bytes, range->bytes, (size_t)whole) != 0) {
        return false;
    }
    return rest == 0 || (addr->bytes[whole] ^ range->bytes[whole]) >> (8 - rest) == 0;
}

static bool range_parse(const char *text, size_t len, struct addr *ret, int *ret_bits)
{
    const char *slash = memchr(text, '/', len);
    size_t addr_len = slash ? (size_t)(slash - text) : len;
    if (!addr_parse(text, addr_len, ret)) {
        return false;
    }
    int64_t most = is_v4(ret) ? 32 : 128;
    int64_t bits = most;
    if (slash) {
        char number[4] = "";
        size_t digits = len - addr_len - 1;
        if (digits == 0 || digits >= sizeof(number)) {
            return false;
        }
        memcpy(number, slash + 1, digits);
        if (!text_i64(number, 0, most, &bits)) {
            return false;
        }
    }
    *ret_bits = (int)(128 - most + bits);
    return true;
}

enum err addr_ranges(const char *text, struct addr_ranges *ret, char ret_why[256])
{
    struct addr_ranges ranges = {0};
    for (const char *at = text ? text : ""; *at;) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ", \t");
        if (len == 0) {
            break;
        }
        if (ranges.count == ADDR_RANGES_MAX) {
            snprintf(ret_why, 256, "trusted_proxies: at most %d ranges", ADDR_RANGES_MAX);
            return ERR_INVALID;
        }
        if (!range_parse(at, len, &ranges.at[ranges.count].addr, &ranges.at[ranges.count].bits)) {
            snprintf(ret_why, 256,
                     "trusted_proxies: \"%.*s\" is no address or range; write 10.0.0.0/8 or ::1",
                     (int)MIN(len, (size_t)80), at);
            return ERR_INVALID;
        }
        ranges.count++;
        at += len;
    }
    *ret = ranges;
    return OK;
}

bool addr_among(const struct addr_ranges *ranges, const struct addr *addr)
{
    for (size_t i = 0; i < ranges->count; i++) {
        if (bits_fit(addr, &ranges->at[i].addr, ranges->at[i].bits)) {
            return true;
        }
    }
    return false;
}

bool addr_private(const struct addr *addr)
{
    static const char text[] = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 "
                               "169.254.0.0/16 100.64.0.0/10 ::1 fc00::/7 fe80::/10";
    struct addr_ranges ranges;
    char why[256];
    enum err err = addr_ranges(text, &ranges, why);
    ASSERT_CODE(err == OK);
    return addr_among(&ranges, addr);
}

struct entry {
    struct entry *next;
    struct addr addr;
    int count;
};

enum { BUCKETS = 4096 };

struct addr_counts {
    pthread_mutex_t lock; /* over the buckets */
    int max, holders;
    uint8_t key[KEY_BYTES]; /* so that nobody can choose addresses of one bucket */
    struct entry *buckets[BUCKETS];
};

struct addr_counts *addr_counts_new(int max)
{
    struct addr_counts *counts = heap_new(sizeof(*counts));
    ASSERT_START(counts);
    ASSERT_START(max > 0);
    pthread_mutex_init(&counts->lock, NULL);
    counts->max = max;
    crypto_random(counts->key, sizeof(counts->key));
    return counts;
}

void addr_counts_free(struct addr_counts *counts)
{
    for (size_t i = 0; counts && i < BUCKETS; i++) {
        while (counts->buckets[i]) {
            struct entry *next = counts->buckets[i]->next;
            free(counts->buckets[i]);
            counts->buckets[i] = next;
        }
    }
    if (counts) {
        pthread_mutex_destroy(&counts->lock);
        free(counts);
    }
}

/* Where the entry is, or would be. */
static struct entry **entry_at(struct addr_counts *counts, const struct addr *addr)
{
    uint8_t hash[HASH_BYTES];
    crypto_hmac(counts->key, addr, sizeof(*addr), hash);
    struct entry **at = &counts->buckets[(hash[0] | hash[1] << 8) % BUCKETS];
    while (*at && memcmp(&(*at)->addr, addr, sizeof(*addr)) != 0) {
        at = &(*at)->next;
    }
    return at;
}

static void entry_drop(struct addr_counts *counts, struct entry **at)
{
    ASSERT_CODE(counts->holders > 0 && (*at)->count == 0);
    struct entry *gone = *at;
    *at = gone->next;
    counts->holders--;
    free(gone);
}

static struct addr counted_as(const struct addr *addr)
{
    struct addr key = *addr;
    if (!is_v4(addr)) {
        memset(key.bytes + 8, 0, 8);
    }
    return key;
}

bool addr_counts_take(struct addr_counts *counts, const struct addr *addr, int by)
{
    struct addr key = counted_as(addr);
    ASSERT_CODE(by > 0);
    pthread_mutex_lock(&counts->lock);
    struct entry **at = entry_at(counts, &key);
    if (!*at) {
        *at = heap_new(sizeof(**at));
        if (*at) {
            (*at)->addr = key;
            counts->holders++;
        }
    }
    bool fits = *at && by <= counts->max - (*at)->count;
    if (fits) {
        (*at)->count += by;
    } else if (*at && (*at)->count == 0) {
        entry_drop(counts, at);
    }
    pthread_mutex_unlock(&counts->lock);
    return fits;
}

void addr_counts_give(struct addr_counts *counts, const struct addr *addr, int by)
{
    struct addr key = counted_as(addr);
    ASSERT_CODE(by > 0);
    pthread_mutex_lock(&counts->lock);
    struct entry **at = entry_at(counts, &key);
    ASSERT_CODE(*at && (*at)->count >= by);
    (*at)->count -= by;
    if ((*at)->count == 0) {
        entry_drop(counts, at);
    }
    pthread_mutex_unlock(&counts->lock);
}

int addr_counts_of(struct addr_counts *counts, const struct addr *addr)
{
    struct addr key = counted_as(addr);
    pthread_mutex_lock(&counts->lock);
    struct entry **at = entry_at(counts, &key);
    int count = *at ? (*at)->count : 0;
    pthread_mutex_unlock(&counts->lock);
    return count;
}

int addr_counts_holders(struct addr_counts *counts)
{
    pthread_mutex_lock(&counts->lock);
    int holders = counts->holders;
    pthread_mutex_unlock(&counts->lock);
    return holders;
}
