#include <stdlib.h>
#include <string.h>

#include "net/net_inner.h"

/*
 * Bodies larger than a connection's own input: files.  Whether one fits is known when
 * its head is here, so what is too large is refused before it comes.  All of them
 * together, and those of one address, are bounded; who sends slower than SPOOL_RATE
 * loses the place.
 */
struct spool *spool_new(struct net *net, const struct addr *client, size_t whole)
{
    struct spool *spool = NULL;
    if (!addr_counts_take(net->spool_counts, client, 1)) {
        return NULL;
    }
    int64_t before = atomic_fetch_add(&net->spooled, (int64_t)whole);
    if (before + (int64_t)whole <= SPOOL_TOTAL) {
        spool = heap_grow(NULL, sizeof(*spool) + whole); /* a page counts when it is written to */
    }
    if (!spool) {
        atomic_fetch_sub(&net->spooled, (int64_t)whole);
        addr_counts_give(net->spool_counts, client, 1);
        return NULL;
    }
    *spool = (struct spool){.net = net, .client = *client, .whole = whole};
    return spool;
}

size_t spool_put(struct spool *spool, const char *bytes, size_t len)
{
    ASSERT_CODE(spool->len <= spool->whole);
    size_t taken = MIN(len, spool->whole - spool->len);
    memcpy(spool->bytes + spool->len, bytes, taken);
    spool->len += taken;
    return taken;
}

void spool_free(struct spool *spool)
{
    if (spool) {
        int64_t before = atomic_fetch_sub(&spool->net->spooled, (int64_t)spool->whole);
        ASSERT_CODE(before >= (int64_t)spool->whole);
        addr_counts_give(spool->net->spool_counts, &spool->client, 1);
        free(spool);
    }
}
