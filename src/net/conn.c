#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/net_inner.h"

/* A connection's life, whatever it speaks: accepted, read, written, moved, freed. */

static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                           "Retry-After: 10\r\nConnection: close\r\n\r\n";

static void give_back(struct reactor *reactor, const struct addr *peer, bool counted,
                      bool turned_away)
{
    struct net *net = reactor->net;
    if (turned_away) {
        ASSERT_CODE(reactor->turned_away > 0);
        reactor->turned_away--;
        return;
    }
    if (counted) {
        addr_counts_give(net->counts, peer, 1);
    }
    int before = atomic_fetch_sub(&net->connection_count, 1);
    ASSERT_CODE(before > 0);
}

/* Counts it in; false when a limit is reached. */
static bool admit(struct net *net, const struct addr *peer, bool proxied)
{
    if (atomic_fetch_add(&net->connection_count, 1) >= net->options.connections_max ||
        (!proxied && !addr_counts_take(net->counts, peer, 1))) {
        atomic_fetch_sub(&net->connection_count, 1);
        return false;
    }
    return true;
}

/* NULL: no memory. */
static struct conn *conn_alloc(void)
{
    struct conn *conn = heap_aligned(CACHE_LINE, sizeof(*conn));
    if (conn && !(conn->http = heap_new(sizeof(*conn->http)))) {
        free(conn);
        return NULL;
    }
    return conn;
}

void conn_accept(struct reactor *reactor, int fd, const struct sockaddr_storage *from, bool metrics)
{
    struct net *net = reactor->net;
    ASSERT_CODE(reactor_here(reactor));
    struct addr peer = addr_of(from);
    bool proxied = addr_among(&net->proxies, &peer);
    bool turned_away = !admit(net, &peer, proxied);
    bool counted = !proxied && !turned_away;
    if (turned_away) {
        count(&reactor->counters.refused, 1);
        if (net->tls || reactor->turned_away >= TURNED_AWAY_MAX) {
            close(fd);
            return;
        }
        reactor->turned_away++;
    }
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    struct conn *conn = conn_alloc();
    if (!conn) {
        give_back(reactor, &peer, counted, turned_away);
        count(&reactor->counters.refused, 1);
        close(fd);
        return;
    }
    conn->http->client = peer;
    conn->reactor = reactor;
    conn->fd = fd;
    conn->peer = peer;
    conn->proxied = proxied;
    conn->counted = counted;
    conn->metrics = metrics;
    conn->turned_away = turned_away;
    conn->tls = net->tls && !metrics ? tls_accept(net->tls, fd) : NULL;
    if ((net->tls && !metrics && !conn->tls) || !poll_add(conn)) {
        give_back(reactor, &peer, counted, turned_away);
        count(&reactor->counters.refused, 1);
        close(fd);
        SSL_free(conn->tls);
        free(conn->http);
        free(conn);
        return;
    }
    atomic_fetch_add(&net->open, 1);
    count(&reactor->counters.accepted, 1);
    count(&reactor->counters.connections, 1);
    link_put(&reactor->conns, &conn->all);
    conn_deadline(conn, net->options.head_ms);
    if (turned_away) {
        out_add_frame(conn, out_frame_of(busy, sizeof(busy) - 1));
        conn_close(conn);
    }
    conn_watch(conn);
}

void conn_dirty(struct conn *conn)
{
    if (conn->phase != PHASE_DEAD && conn->phase != PHASE_MOVING) {
        link_put(&conn->reactor->dirty, &conn->dirty);
    }
}

void conn_deadline(struct conn *conn, int64_t in_ms)
{
    /* Once it has left nothing takes it out of the wheel again. */
    ASSERT_CODE(conn->phase != PHASE_DEAD && conn->phase != PHASE_MOVING);
    int64_t at_ms = mono_ms(conn->reactor) + in_ms;
    if (conn->blocked && conn->http) { /* no further request puts that off */
        at_ms = MIN(at_ms, conn->moved_ms + conn->reactor->net->options.stall_ms);
    }
    wheel_set(&conn->reactor->wheel, &conn->timer, at_ms);
}

static void conn_free(struct conn *conn)
{
    struct net *net = conn->reactor->net;
    ASSERT_CODE(!conn->all.next && !conn->dirty.next && !conn->again.next && !conn->timer.link);
    ASSERT_CODE(!conn->http || !conn->http->owed); /* or its address would owe it for ever */
    ws_free(&conn->sock.in);
    if (conn->http) {
        spool_free(conn->http->spool);
    }
    free(conn->http);
    free(conn->in);
    free(conn);
    net_closed(net);
}

/* Out of everything that is the reactor's; what becomes of it, when nobody holds it any more. */
static void leave(struct conn *conn, enum phase phase)
{
    ASSERT_CODE(reactor_here(conn->reactor));
    ASSERT_CODE(conn->phase != PHASE_DEAD && conn->phase != PHASE_MOVING);
    conn->phase = (uint8_t)phase;
    poll_remove(conn);
    wheel_clear(&conn->timer);
    link_take(&conn->dirty);
    link_take(&conn->again);
    link_take(&conn->all);
    link_put(&conn->reactor->leaving, &conn->all);
    count(&conn->reactor->counters.connections, (uint64_t)-1);
}

void conn_leave_all(struct reactor *reactor)
{
    struct link *at = reactor->leaving.next;
    link_start(&reactor->leaving);
    for (struct link *next = NULL; at != &reactor->leaving; at = next) {
        struct conn *conn = OWNER(struct conn, all, at);
        next = at->next;
        *at = (struct link){NULL, NULL};
        ASSERT_CODE(conn->phase == PHASE_MOVING || conn->phase == PHASE_DEAD);
        if (conn->phase == PHASE_MOVING) {
            reactor_deliver(reactor->net->reactors[conn->sock.target], conn);
        } else {
            conn_free(conn);
        }
    }
}

void conn_kill(struct conn *conn)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    leave(conn, PHASE_DEAD);
    out_drop(conn);
    unsent_free(conn);
    if (conn->http && conn->http->request) {
        conn->http->request->conn = NULL;
    }
    if (!conn->http) {
        sock_gone(conn);
    }
    give_back(conn->reactor, &conn->peer, conn->counted, conn->turned_away);
    SSL_free(conn->tls);
    close(conn->fd);
}

void conn_close(struct conn *conn)
{
    if (conn->phase == PHASE_OPEN) {
        conn->phase = PHASE_CLOSING;
        conn_dirty(conn);
    }
}

void conn_break(struct conn *conn)
{
    conn->overflown = true;
    if (conn->http) { /* a socket is open to its handler until the end, and may be moved */
        conn_close(conn);
    }
    conn_dirty(conn);
}

/*
 * All is written: shut our side, so that the last bytes are read before the end.  Who is still
 * sending is listened to for a while: a reset would take our answer away from them.
 */
static void finish(struct conn *conn)
{
    if (conn->tls) {
        tls_bye(conn->tls);
    }
    if (shutdown(conn->fd, SHUT_WR) != 0) {
        conn_kill(conn);
        return;
    }
    conn->phase = PHASE_LINGER;
    conn->paused = conn->deaf = false;
    conn->drained = 0;
    conn->moved_ms = mono_ms(conn->reactor);
    conn_deadline(conn, LINGER_MS);
}

static void drain(struct conn *conn, size_t got)
{
    int64_t left_ms = conn->moved_ms + DRAIN_MS - mono_ms(conn->reactor);
    conn->drained += (uint32_t)got;
    if (conn->drained > DRAIN_BYTES || left_ms <= 0) {
        conn_kill(conn);
    } else {
        conn_deadline(conn, MIN((int64_t)LINGER_MS, left_ms));
    }
}

void conn_flush(struct conn *conn)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    bool waited = conn->blocked;
    if (conn->overflown || !out_send(conn)) {
        conn_kill(conn);
        return;
    }
    if (conn->blocked && !waited && conn->http) {
        conn_deadline(conn, conn->reactor->net->options.stall_ms);
    }
    if (!conn->out.bytes && conn->phase == PHASE_CLOSING) {
        finish(conn);
    } else if (!conn->out.bytes && conn->paused && conn->http && !conn->http->request) {
        conn_resume(conn);
    }
    conn_watch(conn);
}

/* Keeps what was not understood yet; `bytes` may lie in conn->in. */
static void keep_rest(struct conn *conn, const uint8_t *bytes, size_t len)
{
    if (len == 0) {
        free(conn->in);
        conn->in = NULL;
        conn->in_cap = 0;
    } else if (conn->in && bytes >= conn->in && bytes < conn->in + conn->in_cap) {
        memmove(conn->in, bytes, len);
    } else {
        uint8_t *in = heap_grow(NULL, len);
        len = in ? len : 0;
        if (in) {
            memcpy(in, bytes, len);
        } else {
            conn_break(conn);
        }
        free(conn->in);
        conn->in = in;
        conn->in_cap = (uint32_t)len;
    }
    conn->in_len = (uint32_t)len;
}

static void input(struct conn *conn, uint8_t *bytes, size_t len)
{
    size_t used = conn->http ? http_read(conn, (char *)bytes, len) : sock_read(conn, bytes, len);
    bool wanted = conn->phase == PHASE_OPEN || conn->phase == PHASE_MOVING;
    keep_rest(conn, bytes + used, wanted ? len - used : 0);
}

void conn_resume(struct conn *conn)
{
    conn->paused = false;
    conn->deaf = false;
    if (conn->in_len && conn->phase == PHASE_OPEN) {
        input(conn, conn->in, conn->in_len);
    }
    if (conn->tls && conn->phase == PHASE_OPEN && !conn->paused && SSL_has_pending(conn->tls)) {
        link_put(&conn->reactor->again, &conn->again); /* epoll doesn't see these bytes */
        reactor_wake(conn->reactor);
    }
    conn_watch(conn);
}

/* False: no memory. */
static bool reserve(struct conn *conn)
{
    ASSERT_CODE(conn->in_len <= conn->in_cap);
    if (conn->in_cap - conn->in_len < READ_ROOM) {
        uint32_t cap = MAX(conn->in_cap * 2, conn->in_len + READ_ROOM);
        uint8_t *in = heap_grow(conn->in, cap);
        if (!in) {
            return false;
        }
        conn->in = in;
        conn->in_cap = cap;
    }
    return true;
}

static ssize_t receive(struct conn *conn, uint8_t *to, size_t room)
{
    if (conn->tls) {
        bool wants_write = false;
        int got = tls_read(conn->tls, to, room, &wants_write);
        if (wants_write && !conn->blocked) {
            conn->blocked = true;
            unsent_watch(conn);
        }
        if (got == TLS_END && !SSL_is_init_finished(conn->tls)) {
            count(&conn->reactor->counters.tls_failures, 1);
        }
        return got;
    }
    ssize_t got = recv(conn->fd, to, room, MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? TLS_AGAIN : TLS_END;
    }
    return got == 0 ? TLS_END : got;
}

/* The other side says no more.  An answer on its way still gets out. */
static void ended(struct conn *conn)
{
    if (conn->http && conn->phase == PHASE_OPEN && conn->out.bytes) {
        conn_close(conn);
        conn_watch(conn);
    } else {
        conn_kill(conn);
    }
}

/* TLS may hold more than epoll knows of. */
static bool reads_on(const struct conn *conn)
{
    return conn->tls && !conn->paused && !conn->overflown &&
           (conn->phase == PHASE_OPEN || conn->phase == PHASE_LINGER);
}

void conn_read(struct conn *conn)
{
    int reads = 0;
    for (; reads < READS_A_TURN; reads++) {
        uint8_t *to = conn->reactor->read_buf;
        size_t room = READ_BYTES;
        if (conn->in_len && conn->phase == PHASE_OPEN) {
            if (!reserve(conn)) {
                conn_break(conn);
                break;
            }
            to = conn->in + conn->in_len;
            room = conn->in_cap - conn->in_len;
        }
        ssize_t got = receive(conn, to, room);
        if (got == TLS_AGAIN) {
            break;
        }
        if (got == TLS_END) {
            ended(conn);
            return;
        }
        count(&conn->reactor->counters.bytes_in, (uint64_t)got);
        if (conn->phase == PHASE_OPEN) {
            size_t before = conn->in_len;
            input(conn, before ? conn->in : to, before + (size_t)got);
        } else if (conn->phase == PHASE_LINGER) {
            drain(conn, (size_t)got);
        }
        if (!reads_on(conn)) {
            break;
        }
    }
    if (reads == READS_A_TURN) {
        link_put(&conn->reactor->again, &conn->again);
        reactor_wake(conn->reactor);
    }
    conn_watch(conn);
}

void conn_ready(struct conn *conn, uint32_t events)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    if (events & EPOLLERR) {
        conn_kill(conn);
        return;
    }
    events |= events & EPOLLHUP ? conn->watched : 0U; /* whoever tries finds the end */
    events &= conn->watched;
    if (events & EPOLLOUT) {
        conn_flush(conn);
    }
    bool reads = (events & EPOLLIN) || (conn->tls && (events & EPOLLOUT));
    if (!reads || (conn->phase != PHASE_OPEN && conn->phase != PHASE_LINGER)) {
        return;
    }
    if (conn->paused) {
        conn->deaf = true;
        conn_watch(conn);
    } else {
        conn_read(conn);
    }
}

void conn_expired(struct conn *conn)
{
    if (unsent_stalls(conn) || conn->phase == PHASE_LINGER) {
        conn_kill(conn);
    } else if (conn->phase == PHASE_CLOSING) {
        conn_deadline(conn, WRITE_STALL_MS);
    } else if (!conn->http) {
        sock_expired(conn);
    } else {
        http_expired(conn);
    }
}

void conn_depart(struct conn *conn)
{
    ASSERT_CODE(!conn->http); /* sockets alone move */
    out_detach(conn);         /* frames belong to the reactor that is left */
    leave(conn, PHASE_MOVING);
    count(&conn->reactor->counters.sockets, (uint64_t)-1);
}

/* Its handler hears of it the last time. */
static void sock_lost(struct conn *conn)
{
    const struct net_sock_handler *handler = &conn->reactor->net->handler;
    conn->sock.open = false;
    handler->arrived(handler->ctx, conn->sock.data, NULL);
}

/* It can't arrive: it is in no set and no list. */
static void lost(struct conn *conn)
{
    sock_lost(conn);
    out_drop(conn);
    sock_gone(conn);
    give_back(conn->reactor, &conn->peer, conn->counted, conn->turned_away);
    SSL_free(conn->tls);
    close(conn->fd);
    conn_free(conn);
}

void conn_arrive(struct reactor *reactor, struct conn *conn)
{
    const struct net_sock_handler *handler = &reactor->net->handler;
    ASSERT_CODE(reactor_here(reactor));
    ASSERT_CODE(conn->phase == PHASE_MOVING && conn->sock.target == reactor->index);
    conn->reactor = reactor;
    conn->phase = PHASE_OPEN;
    conn->blocked = false;
    if (!poll_add(conn)) {
        lost(conn); /* epoll has no memory for it here */
        return;
    }
    link_put(&reactor->conns, &conn->all);
    count(&reactor->counters.connections, 1);
    count(&reactor->counters.sockets, 1);
    if (reactor->stopping) {
        sock_lost(conn);
        count(&reactor->counters.sockets, (uint64_t)-1);
        conn_kill(conn);
        return;
    }
    conn_deadline(conn, reactor->net->options.idle_ms / 2);
    if (conn->out.bytes || conn->overflown) {
        conn_dirty(conn);
    }
    handler->arrived(handler->ctx, conn->sock.data, &conn->sock);
    if (conn->phase == PHASE_OPEN) {
        conn_resume(conn);
    }
}
