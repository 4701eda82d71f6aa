#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/inside.h"

/* A connection's life, whatever it speaks: accepted, read, written, moved, freed. */

static void on_poll(uv_poll_t *poll, int status, int events);

static const char busy[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                           "Retry-After: 10\r\nConnection: close\r\n\r\n";

static void give_back(struct reactor *reactor, const struct addr *peer, bool proxied,
                      bool turned_away)
{
    struct net *net = reactor->net;
    if (turned_away) {
        reactor->turned_away--;
        return;
    }
    if (!proxied) {
        addr_counts_give(net->counts, peer, 1);
    }
    atomic_fetch_sub(&net->connection_count, 1);
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
    size_t size = (sizeof(struct conn) + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
    struct conn *conn = heap_aligned(CACHE_LINE, size);
    if (conn && !(conn->http = heap_new(sizeof(*conn->http)))) {
        free(conn);
        return NULL;
    }
    return conn;
}

void conn_accept(struct reactor *reactor, int fd, const struct sockaddr_storage *from, bool metrics)
{
    struct net *net = reactor->net;
    struct addr peer = addr_of(from);
    bool proxied = addr_among(&net->proxies, &peer);
    bool turned_away = !admit(net, &peer, proxied);
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
        give_back(reactor, &peer, proxied, turned_away);
        count(&reactor->counters.refused, 1);
        close(fd);
        return;
    }
    conn->http->client = peer;
    conn->reactor = reactor;
    conn->fd = fd;
    conn->peer = peer;
    conn->proxied = proxied;
    conn->metrics = metrics;
    conn->turned_away = turned_away;
    conn->tls = net->tls && !metrics ? tls_accept(net->tls, fd) : NULL;
    if ((net->tls && !metrics && !conn->tls) ||
        uv_poll_init(&reactor->loop, &conn->poll, fd) != 0) {
        give_back(reactor, &peer, proxied, turned_away);
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
    int64_t at_ms = mono_ms(conn->reactor) + in_ms;
    if (conn->blocked && !conn->sock) { /* no further request puts that off */
        at_ms = MIN(at_ms, conn->moved_ms + conn->reactor->net->options.stall_ms);
    }
    wheel_set(&conn->reactor->wheel, &conn->timer, at_ms);
}

void conn_watch(struct conn *conn)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    bool listens = conn->phase == PHASE_OPEN ? !conn->deaf : conn->phase == PHASE_LINGER;
    int want = (listens ? UV_READABLE : 0) | (conn->blocked ? UV_WRITABLE : 0);
    if (want == conn->watched) {
        return;
    }
    conn->watched = (uint8_t)want;
    int bad = want ? uv_poll_start(&conn->poll, want, on_poll) : uv_poll_stop(&conn->poll);
    ASSERT_CODE(bad == 0); /* the descriptor is in epoll, the handle not closed */
}

static void conn_free(struct conn *conn)
{
    struct net *net = conn->reactor->net;
    if (conn->sock) {
        ws_free(&conn->sock->in);
    }
    free(conn->sock);
    if (conn->http) {
        spool_free(conn->http->spool);
    }
    free(conn->http);
    free(conn->in);
    free(conn);
    net_closed(net);
}

static void freed(uv_handle_t *handle)
{
    conn_free(OWNER(struct conn, poll, handle));
}

void conn_kill(struct conn *conn)
{
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    conn->phase = PHASE_DEAD;
    wheel_clear(&conn->timer);
    link_take(&conn->all);
    link_take(&conn->dirty);
    link_take(&conn->again);
    out_drop(conn);
    unsent_free(conn);
    if (conn->http && conn->http->request) {
        conn->http->request->conn = NULL;
    }
    if (conn->sock) {
        sock_gone(conn);
    }
    count(&conn->reactor->counters.connections, (uint64_t)-1);
    give_back(conn->reactor, &conn->peer, conn->proxied, conn->turned_away);
    uv_close((uv_handle_t *)&conn->poll, freed); /* epoll forgets the descriptor now */
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
    if (!conn->sock) { /* a socket is open to its handler until the end, and may be moved */
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
    if (conn->blocked && !waited && !conn->sock) {
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
    size_t used = conn->sock ? sock_read(conn, bytes, len) : http_read(conn, (char *)bytes, len);
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

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct conn *conn = OWNER(struct conn, poll, poll);
    conn->reactor->busy = true;
    if (conn->phase == PHASE_DEAD || conn->phase == PHASE_MOVING) {
        return;
    }
    if (status < 0) {
        conn_kill(conn);
        return;
    }
    if (events & UV_WRITABLE) {
        conn_flush(conn);
    }
    bool reads = (events & UV_READABLE) || (conn->tls && (events & UV_WRITABLE));
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
    } else if (conn->sock) {
        sock_expired(conn);
    } else {
        http_expired(conn);
    }
}

static void departed(uv_handle_t *handle)
{
    struct conn *conn = OWNER(struct conn, poll, handle);
    reactor_deliver(conn->reactor->net->reactors[conn->sock->target], conn);
}

void conn_depart(struct conn *conn)
{
    out_detach(conn); /* frames belong to the reactor that is left */
    wheel_clear(&conn->timer);
    link_take(&conn->all);
    link_take(&conn->dirty);
    link_take(&conn->again);
    conn->phase = PHASE_MOVING;
    count(&conn->reactor->counters.connections, (uint64_t)-1);
    count(&conn->reactor->counters.sockets, (uint64_t)-1);
    uv_close((uv_handle_t *)&conn->poll, departed);
}

/* It can't arrive: there is no handle to close. */
static void lost(struct conn *conn)
{
    struct net_sock *sock = conn->sock;
    sock->open = false;
    sock->arrived(sock->arrived_arg, NULL);
    out_drop(conn);
    sock_gone(conn);
    give_back(conn->reactor, &conn->peer, conn->proxied, conn->turned_away);
    SSL_free(conn->tls);
    close(conn->fd);
    conn_free(conn);
}

void conn_arrive(struct reactor *reactor, struct conn *conn)
{
    struct net_sock *sock = conn->sock;
    conn->reactor = reactor;
    conn->phase = PHASE_OPEN;
    conn->watched = 0;
    conn->blocked = false;
    if (uv_poll_init(&reactor->loop, &conn->poll, conn->fd) != 0) {
        lost(conn); /* epoll has no memory for it here */
        return;
    }
    link_put(&reactor->conns, &conn->all);
    count(&reactor->counters.connections, 1);
    count(&reactor->counters.sockets, 1);
    if (reactor->stopping) {
        sock->open = false;
        sock->arrived(sock->arrived_arg, NULL);
        count(&reactor->counters.sockets, (uint64_t)-1);
        conn_kill(conn);
        return;
    }
    conn_deadline(conn, reactor->net->options.idle_ms / 2);
    if (conn->out.bytes || conn->overflown) {
        conn_dirty(conn);
    }
    sock->arrived(sock->arrived_arg, sock);
    if (conn->phase == PHASE_OPEN) {
        conn_resume(conn);
    }
}
