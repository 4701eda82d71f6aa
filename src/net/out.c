#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "net/net_inner.h"

/* Frames and the queues of what a connection has still to send. */

enum { VECTORS = 64, SENDS_A_FLUSH = 16, TLS_RECORD = 16 * 1024, FRAME_ROOM = 8 * 1024 };

/* Not zeroed: whoever asks for it fills it. */
static struct net_frame *frame_alloc(size_t len)
{
    ASSERT_CODE(len <= UINT32_MAX); /* a socket takes less: net_sock_send, and a few pings more */
    struct net_frame *frame = heap_grow(NULL, sizeof(*frame) + len);
    if (frame) {
        frame->refs = 1;
        frame->len = frame->size = (uint32_t)len;
        frame->last = 0;
    }
    return frame;
}

/* Four times as much: few pieces when much is said at once, and little room when little is. */
static struct net_frame *behind(struct net_frame *before, size_t len)
{
    ASSERT_CODE(before->refs > 0 && before->len <= before->size);
    if (before->size - before->len >= len) {
        before->refs++;
        return before;
    }
    struct net_frame *frame =
        frame_alloc(MAX(len, MIN((size_t)before->size * 4, (size_t)FRAME_ROOM)));
    if (frame) {
        frame->len = 0;
    }
    return frame;
}

struct net_frame *net_frame_new(struct net_frame *before, bool binary, size_t len,
                                uint8_t **ret_payload)
{
    size_t head_len = ws_head_len(len), whole = head_len + len;
    struct net_frame *frame = before ? behind(before, whole) : frame_alloc(whole);
    uint8_t head[10];
    if (!frame) {
        return NULL;
    }
    (void)ws_head(head, binary ? WS_OP_BINARY : WS_OP_TEXT, len);
    frame->last = before ? frame->len : 0;
    frame->len = frame->last + (uint32_t)whole;
    memcpy(frame->bytes + frame->last, head, head_len);
    *ret_payload = frame->bytes + frame->last + head_len;
    return frame;
}

void net_frame_keep(struct net_frame *frame)
{
    frame->refs++;
}

void net_frame_drop(struct net_frame *frame)
{
    if (frame && --frame->refs == 0) {
        free(frame);
    }
}

struct net_frame *out_frame_of(const void *bytes, size_t len)
{
    struct net_frame *frame = frame_alloc(len);
    if (frame && bytes) {
        memcpy(frame->bytes, bytes, len);
    }
    return frame;
}

static struct out_block *block_take(struct reactor *reactor)
{
    struct out_block *block = reactor->blocks;
    if (block) {
        reactor->blocks = block->next;
        reactor->block_count--;
    } else if (!(block = heap_grow(NULL, sizeof(*block)))) {
        return NULL;
    }
    block->next = NULL;
    block->first = 0;
    block->count = 0;
    return block;
}

static void block_give(struct reactor *reactor, struct out_block *block)
{
    if (reactor->block_count < BLOCKS_KEPT) {
        block->next = reactor->blocks;
        reactor->blocks = block;
        reactor->block_count++;
    } else {
        free(block);
    }
}

void out_blocks_free(struct reactor *reactor)
{
    while (reactor->blocks) {
        struct out_block *next = reactor->blocks->next;
        free(reactor->blocks);
        reactor->block_count--;
        reactor->blocks = next;
    }
    ASSERT_CODE(reactor->block_count == 0);
}

static void piece_drop(const struct piece *piece)
{
    if (piece->kind == PIECE_FRAME) {
        net_frame_drop(piece->owner);
    } else if (piece->kind == PIECE_REQUEST) {
        request_free(piece->owner);
    }
}

void out_add(struct conn *conn, struct piece piece)
{
    struct out *out = &conn->out;
    if (!out->last || out->last->first + out->last->count == BLOCK_PIECES) {
        struct out_block *block = block_take(conn->reactor);
        if (!block) {
            piece_drop(&piece);
            conn_break(conn);
            return;
        }
        if (out->last) {
            out->last->next = block;
        } else {
            out->first = block;
        }
        out->last = block;
    }
    out->last->pieces[out->last->first + out->last->count++] = piece;
    out->bytes += piece.len;
    conn_dirty(conn);
}

void out_add_frame(struct conn *conn, struct net_frame *frame)
{
    if (frame) {
        out_add(conn, (struct piece){frame->bytes, frame->len, PIECE_FRAME, frame});
    } else {
        conn_break(conn);
    }
}

/*
 * TLS wants what it could not write to be offered again, at least as much of it: while it waits, no
 * piece grows, which might not fit then where it did.
 */
static struct piece *grows(const struct conn *conn)
{
    struct out_block *last = conn->out.last;
    return last && last->count && !(conn->tls && conn->blocked)
               ? &last->pieces[last->first + last->count - 1]
               : NULL;
}

void out_add_last(struct conn *conn, struct net_frame *frame)
{
    const uint8_t *at = frame->bytes + frame->last;
    uint32_t len = frame->len - frame->last;
    struct piece *piece = grows(conn);
    if (piece && piece->owner == frame && piece->at + piece->len == at) {
        piece->len += len;
        conn->out.bytes += len;
        if (!conn->dirty.next) { /* nearly always it is */
            conn_dirty(conn);
        }
    } else {
        frame->refs++;
        out_add(conn, (struct piece){at, len, PIECE_FRAME, frame});
    }
}

/* The first block has nothing left. */
static void block_done(struct conn *conn)
{
    struct out_block *block = conn->out.first;
    conn->out.first = block->next;
    if (!block->next) {
        conn->out.last = NULL;
    }
    block_give(conn->reactor, block);
}

static void out_sent(struct conn *conn, size_t len)
{
    ASSERT_CODE(len <= conn->out.bytes);
    conn->out.bytes -= len;
    while (conn->out.first) {
        struct out_block *block = conn->out.first;
        struct piece *piece = &block->pieces[block->first];
        if (piece->len > len) {
            piece->at += len;
            piece->len -= (uint32_t)len;
            return;
        }
        len -= piece->len;
        piece_drop(piece);
        block->first++;
        if (--block->count == 0) {
            block_done(conn);
        }
        if (len == 0 && conn->out.bytes) {
            return;
        }
    }
}

void out_drop(struct conn *conn)
{
    while (conn->out.first) {
        struct out_block *block = conn->out.first;
        for (uint32_t i = 0; i < block->count; i++) {
            piece_drop(&block->pieces[block->first + i]);
        }
        block_done(conn);
    }
    conn->out.bytes = 0;
}

/*
 * Copies the small pieces at the front of the queue behind one another; stops before
 * a large one, or where the next does not fit.
 */
static size_t gather(struct conn *conn, uint8_t *to, size_t cap)
{
    size_t len = 0;
    for (struct out_block *block = conn->out.first; block; block = block->next) {
        for (uint32_t i = 0; i < block->count; i++) {
            const struct piece *piece = &block->pieces[block->first + i];
            if (piece->len > SMALL_PIECE || piece->len > cap - len) {
                return len;
            }
            memcpy(to + len, piece->at, piece->len);
            len += piece->len;
        }
    }
    return len;
}

static int send_tls(struct conn *conn)
{
    const struct piece *first = &conn->out.first->pieces[conn->out.first->first];
    if (first->len > SMALL_PIECE) {
        return tls_write(conn->tls, first->at, MIN(first->len, (uint32_t)TLS_RECORD));
    }
    size_t len = gather(conn, conn->reactor->write_buf, TLS_RECORD);
    return tls_write(conn->tls, conn->reactor->write_buf, len);
}

/* A large piece with what stands beside it, from where it lies. */
static ssize_t send_vectors(struct conn *conn)
{
    struct iovec vectors[VECTORS];
    size_t used = 0;
    for (struct out_block *block = conn->out.first; block; block = block->next) {
        for (uint32_t i = 0; i < block->count && used < VECTORS; i++) {
            const struct piece *piece = &block->pieces[block->first + i];
            /* iovec has no const; sendmsg doesn't write */
            memcpy(&vectors[used].iov_base, &piece->at, sizeof(piece->at));
            vectors[used++].iov_len = piece->len;
        }
    }
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = used};
    return sendmsg(conn->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static ssize_t send_plain(struct conn *conn)
{
    const struct piece *first = &conn->out.first->pieces[conn->out.first->first];
    ssize_t put;
    if (first->len == conn->out.bytes) {
        put = send(conn->fd, first->at, first->len, MSG_NOSIGNAL | MSG_DONTWAIT);
    } else {
        size_t len = gather(conn, conn->reactor->write_buf, WRITE_BYTES);
        bool worth = len == conn->out.bytes || len > WRITE_BYTES / 2;
        put = worth ? send(conn->fd, conn->reactor->write_buf, len, MSG_NOSIGNAL | MSG_DONTWAIT)
                    : send_vectors(conn);
    }
    if (put < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? TLS_AGAIN : TLS_END;
    }
    return put;
}

bool out_send(struct conn *conn)
{
    bool waited = conn->blocked;
    bool full = false;
    for (int i = 0; conn->out.bytes && i < SENDS_A_FLUSH; i++) {
        ssize_t put = conn->tls ? send_tls(conn) : send_plain(conn);
        if (put == TLS_END) {
            return false;
        }
        if (put == TLS_AGAIN) {
            full = true;
            break;
        }
        count(&conn->reactor->counters.bytes_out, (uint64_t)put);
        conn->put += put;
        out_sent(conn, (size_t)put);
    }
    conn->blocked = conn->out.bytes > 0;
    if (conn->blocked && !waited) {
        unsent_watch(conn);
    }
    if (!conn->blocked) {
        unsent_free(conn);
    }
    return !full || !conn->http || unsent_keep(conn);
}

void out_detach(struct conn *conn)
{
    if (!conn->out.bytes) {
        return;
    }
    struct net_frame *all = frame_alloc(conn->out.bytes);
    struct out_block *only = all ? heap_grow(NULL, sizeof(*only)) : NULL;
    size_t len = 0;
    if (!only) {
        net_frame_drop(all);
        out_drop(conn);
        conn->overflown = true; /* it dies where it arrives */
        return;
    }
    for (struct out_block *block = conn->out.first; block; block = block->next) {
        for (uint32_t i = 0; i < block->count; i++) {
            const struct piece *piece = &block->pieces[block->first + i];
            ASSERT_CODE(piece->len <= all->size - len);
            memcpy(all->bytes + len, piece->at, piece->len);
            len += piece->len;
        }
    }
    out_drop(conn);
    ASSERT_CODE(len == all->size);
    *only = (struct out_block){.count = 1};
    only->pieces[0] = (struct piece){all->bytes, (uint32_t)len, PIECE_FRAME, all};
    conn->out = (struct out){only, only, len};
}
