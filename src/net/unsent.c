#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "net/net_inner.h"

/*
 * What an HTTP connection has still to send and nobody takes.  An answer leaves from the arena of
 * its call as long as the kernel takes it; when that ends, what is left is copied out and the
 * arena, which may be ten times as large, is free.  What waits is counted for the address that
 * asked and in all.  Who is near the bounds is asked to come back later, before any work; who
 * passes them all the same (many at once) loses the connection, and so does who takes less than
 * LEAST_RATE.  Before the bound of all is met, which would be everybody's, the addresses that hold
 * more than half of what one of them holds on average are closed: no more than half is left then.
 */

static bool counts(const struct piece *piece)
{
    return piece->kind != PIECE_STATIC; /* files of the pack: there once for everybody */
}

static size_t bytes_of(const struct out *out)
{
    size_t bytes = 0;
    for (const struct out_block *block = out->first; block; block = block->next) {
        for (uint32_t i = 0; i < block->count; i++) {
            const struct piece *piece = &block->pieces[block->first + i];
            bytes += counts(piece) ? piece->len : 0;
        }
    }
    return bytes;
}

static void shed(void *arg)
{
    struct reactor *reactor = arg;
    struct net *net = reactor->net;
    for (struct link *at = reactor->conns.next, *next; at != &reactor->conns; at = next) {
        struct conn *conn = OWNER(struct conn, all, at);
        next = at->next;
        if (atomic_load(&net->unsent) <= UNSENT_TOTAL / 2 / UNSENT_UNIT) {
            break;
        }
        if (conn->http && conn->http->owed &&
            addr_counts_of(net->unsent_counts, &conn->http->owed_by) >
                atomic_load(&net->unsent_fair)) {
            conn_kill(conn);
        }
    }
    atomic_fetch_sub(&net->shedding, 1);
}

/* Each reactor closes its own, when nobody up the stack holds them. */
static void press(struct net *net, int all)
{
    int idle = 0;
    if (all <= UNSENT_HIGH / UNSENT_UNIT ||
        !atomic_compare_exchange_strong(&net->shedding, &idle, net->reactor_count)) {
        return;
    }
    atomic_store(&net->unsent_fair, all / MAX(addr_counts_holders(net->unsent_counts), 1) / 2);
    for (int i = 0; i < net->reactor_count; i++) {
        if (net_post(net, i, shed, net->reactors[i]) != OK) {
            atomic_fetch_sub(&net->shedding, 1); /* with the next answer that waits */
        }
    }
}

/* Counts `owed` units for whoever asked; what was counted before is in them. */
static bool charge(struct conn *conn, int owed)
{
    struct http *http = conn->http;
    struct net *net = conn->reactor->net;
    ASSERT_CODE(owed >= 0 && http->owed >= 0);
    int more = owed - http->owed;
    if (http->owed == 0) {
        http->owed_by = http->client;
    }
    if (more > 0 && atomic_fetch_add(&net->unsent, more) + more > UNSENT_TOTAL / UNSENT_UNIT) {
        atomic_fetch_sub(&net->unsent, more);
        return false;
    }
    if (more > 0 && !addr_counts_take(net->unsent_counts, &http->owed_by, more)) {
        atomic_fetch_sub(&net->unsent, more);
        return false;
    }
    if (more < 0) {
        addr_counts_give(net->unsent_counts, &http->owed_by, -more);
        int before = atomic_fetch_sub(&net->unsent, -more);
        ASSERT_CODE(before >= -more);
    }
    http->owed = owed;
    press(net, more > 0 ? atomic_load(&net->unsent) : 0);
    return true;
}

void unsent_free(struct conn *conn)
{
    if (conn->http && conn->http->owed) {
        (void)charge(conn, 0);
    }
}

/* Same bytes, same lengths: TLS may be in the middle of one. */
static bool copy_out(struct piece *piece)
{
    if (piece->kind != PIECE_REQUEST) {
        return true;
    }
    struct net_frame *frame = heap_grow(NULL, sizeof(*frame) + piece->len);
    if (!frame) {
        return false;
    }
    *frame = (struct net_frame){.refs = 1, .len = piece->len};
    memcpy(frame->bytes, piece->at, piece->len);
    request_free(piece->owner);
    piece->at = frame->bytes;
    piece->kind = PIECE_FRAME;
    piece->owner = frame;
    return true;
}

bool unsent_keep(struct conn *conn)
{
    size_t bytes = bytes_of(&conn->out);
    if (!charge(conn, (int)((bytes + UNSENT_UNIT - 1) / UNSENT_UNIT))) {
        return false;
    }
    bool copied = true;
    for (struct out_block *block = conn->out.first; block && copied; block = block->next) {
        for (uint32_t i = 0; i < block->count && copied; i++) {
            copied = copy_out(&block->pieces[block->first + i]);
        }
    }
    return copied;
}

bool unsent_full(struct net *net, const struct addr *client)
{
    const int room = UNSENT_ROOM / UNSENT_UNIT;
    int all = atomic_load(&net->unsent);
    if (all + room <= UNSENT_PER_ADDRESS / UNSENT_UNIT) {
        return false; /* the common case takes no lock */
    }
    bool fits = all + room <= UNSENT_TOTAL / UNSENT_UNIT &&
                addr_counts_take(net->unsent_counts, client, room);
    if (fits) {
        addr_counts_give(net->unsent_counts, client, room);
    }
    return !fits;
}

/* What the other side has not really got yet: the kernel's own queue may be megabytes. */
static int waits(const struct conn *conn)
{
    int bytes = 0;
    return ioctl(conn->fd, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

void unsent_watch(struct conn *conn)
{
    conn->moved_ms = mono_ms(conn->reactor);
    conn->put = 0;
    conn->waited = waits(conn);
}

bool unsent_stalls(struct conn *conn)
{
    int64_t ms = mono_ms(conn->reactor) - conn->moved_ms;
    if (!conn->blocked || ms < conn->reactor->net->options.stall_ms) {
        return false;
    }
    int64_t arrived = conn->waited + conn->put - waits(conn);
    if (arrived * 1000 < ms * LEAST_RATE) {
        return true;
    }
    unsent_watch(conn);
    return false;
}
