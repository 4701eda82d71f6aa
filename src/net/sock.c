#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/net_inner.h"
#include "net/url.h"

/* WebSockets: the handshake, messages in, frames out, the closing, and moving house. */

static bool same_text(const char *bytes, struct head_span span, const char *text)
{
    return strlen(text) == span.len && strncasecmp(bytes + span.at, text, span.len) == 0;
}

static bool is_site(const char *bytes, struct head_span origin, struct head_span host,
                    const char *scheme)
{
    size_t len = strlen(scheme);
    return origin.len == len + host.len && strncasecmp(bytes + origin.at, scheme, len) == 0 &&
           strncasecmp(bytes + origin.at + len, bytes + host.at, host.len) == 0;
}

/*
 * A browser says which site's page asks.  Only our own may: cookies go with every
 * handshake, whoever began it.  A program sends no Origin.
 */
static bool origin_fits(const struct net *net, const struct head *head, const char *bytes,
                        bool secure)
{
    struct head_span origin = head_value(head, bytes, "origin");
    struct head_span host = head_host(head, bytes);
    if (origin.len == 0 || (net->public_origin && same_text(bytes, origin, net->public_origin))) {
        return true;
    }
    /* A page that came without TLS may be anybody's: it reaches no server that has TLS. */
    return is_site(bytes, origin, host, "https://") ||
           (!secure && is_site(bytes, origin, host, "http://"));
}

/* 16 bytes in base64: 22 characters and "==". */
static bool key_fits(const char *key, size_t len)
{
    for (size_t i = 0; len == 24 && i < 22; i++) {
        char c = key[i];
        bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (!alnum && c != '+' && c != '/') {
            return false;
        }
    }
    return len == 24 && key[22] == '=' && key[23] == '=';
}

/* False: no memory. */
static bool accept_of(const char *key, char ret_accept[29])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[24 + sizeof(guid)];
    uint8_t hash[20];
    memcpy(text, key, 24);
    memcpy(text + 24, guid, sizeof(guid));
    if (EVP_Digest(text, 24 + sizeof(guid) - 1, hash, NULL, EVP_sha1(), NULL) != 1) {
        return false;
    }
    EVP_EncodeBlock((unsigned char *)ret_accept, hash, sizeof(hash));
    return true;
}

int sock_asked(struct conn *conn, struct request *request, const char *bytes)
{
    const struct head *head = &conn->http->head;
    struct head_span key = head_value(head, bytes, "sec-websocket-key");
    if (!same_text(bytes, head_value(head, bytes, "sec-websocket-version"), "13")) {
        return 426;
    }
    if (!key_fits(bytes + key.at, key.len)) {
        return 400;
    }
    if (!origin_fits(conn->reactor->net, head, bytes, request->api.secure)) {
        return 403;
    }
    if (!url_query(request->api.query, "room", request->room, sizeof(request->room))) {
        return 400;
    }
    return accept_of(bytes + key.at, request->accept) ? 0 : 503;
}

/* Behind a trusted proxy all connections share an address: the socket counts for the client's. */
static bool charge(struct conn *conn, const struct request *request)
{
    if (!conn->proxied) {
        return true;
    }
    if (!addr_counts_take(conn->reactor->net->counts, &request->client, 1)) {
        return false;
    }
    conn->peer = request->client;
    conn->counted = true;
    return true;
}

bool sock_open(struct conn *conn, struct request *request)
{
    static const char form[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n";
    struct net *net = conn->reactor->net;
    struct net_sock *sock = &conn->sock;
    ASSERT_CODE(request->accept[0] && !conn->http->request);
    if (!charge(conn, request)) {
        return false;
    }
    char head[sizeof(form) + sizeof(request->accept)];
    int len = snprintf(head, sizeof(head), form, request->accept);
    unsent_free(conn);
    free(conn->http);
    conn->http =
        NULL; /* from here on what cannot be said ends a socket, which its handler may move */
    out_add_frame(conn, out_frame_of(head, (size_t)len));
    sock->open = true;
    sock->heard_ms = mono_ms(conn->reactor);
    conn_deadline(conn, net->options.idle_ms / 2);
    count(&conn->reactor->counters.sockets, 1);
    net->handler.open(net->handler.ctx, sock, &request->api.actor, request->room);
    return true;
}

static void send_control(struct conn *conn, enum ws_opcode opcode, const uint8_t *bytes, size_t len)
{
    uint8_t frame[2 + WS_CONTROL_MAX];
    ASSERT_CODE(len <= WS_CONTROL_MAX);
    (void)ws_head(frame, opcode, len);
    if (len) {
        memcpy(frame + 2, bytes, len);
    }
    out_add_frame(conn, out_frame_of(frame, len + 2));
}

static void send_close(struct conn *conn, int code, const char *reason)
{
    ASSERT_CODE(!conn->close_sent);
    uint8_t body[WS_CONTROL_MAX] = {(uint8_t)(code >> 8), (uint8_t)code};
    size_t len = 2;
    for (; *reason && len < sizeof(body); reason++) {
        body[len++] = (uint8_t)*reason;
    }
    while (*reason && len > 2 && ((uint8_t)*reason & 0xc0) == 0x80) {
        len--; /* cut in the middle of a character */
        reason--;
    }
    conn->close_sent = true;
    send_control(conn, WS_OP_CLOSE, body, code == WS_CLOSE_NONE ? 0 : len);
}

void sock_gone(struct conn *conn)
{
    struct net_sock *sock = &conn->sock;
    struct net *net = conn->reactor->net;
    if (conn->proxied && conn->counted) {
        addr_counts_give(net->counts, &conn->peer, 1);
        conn->counted = false;
    }
    if (sock->open) {
        sock->open = false;
        count(&conn->reactor->counters.sockets, (uint64_t)-1);
        conn->reactor->turn_again = true;
        conn->reactor->busy = true;
        net->handler.gone(net->handler.ctx, sock);
    }
}

/* The closing handshake is over from our side: what is queued goes out, then the end. */
static void leave(struct conn *conn)
{
    sock_gone(conn);
    conn_close(conn);
}

static void on_message(struct conn *conn, enum ws_event event, const struct ws_message *message)
{
    const struct net_sock_handler *handler = &conn->reactor->net->handler;
    struct net_sock *sock = &conn->sock;
    switch (event) {
    case WS_TEXT:
        if (!conn->close_sent) {
            handler->text(handler->ctx, sock, (const char *)message->at, message->len);
        }
        break;
    case WS_BINARY:
        if (!conn->close_sent) {
            handler->binary(handler->ctx, sock, message->at, message->len);
        }
        break;
    case WS_PING:
        if (!conn->close_sent && conn->out.bytes < PIPELINE_BYTES) {
            send_control(conn, WS_OP_PONG, message->at, message->len);
        }
        break;
    case WS_CLOSE:
    case WS_FAIL:
        if (!conn->close_sent) {
            send_close(conn, message->code, "");
        }
        leave(conn);
        break;
    case WS_PONG:
    case WS_MORE:
        break;
    }
}

size_t sock_read(struct conn *conn, uint8_t *bytes, size_t len)
{
    struct net_sock *sock = &conn->sock;
    const struct net_sock_handler *handler = &conn->reactor->net->handler;
    const struct ws_limits limits = {handler->text_max, handler->binary_max};
    size_t used = 0;
    ASSERT_CODE(sock->open); /* else what its handler knew of it is gone */
    sock->heard_ms = mono_ms(conn->reactor);
    sock->pinged = false;
    while (used < len && conn->phase == PHASE_OPEN && !conn->overflown) {
        size_t step;
        struct ws_message message;
        enum ws_event event =
            ws_read(&sock->in, &limits, bytes + used, len - used, &step, &message);
        used += step;
        if (event == WS_MORE) {
            break;
        }
        on_message(conn, event, &message);
        ws_next(&sock->in);
    }
    return used;
}

void sock_expired(struct conn *conn)
{
    struct net_sock *sock = &conn->sock;
    int64_t idle_ms = conn->reactor->net->options.idle_ms;
    int64_t silent_ms = mono_ms(conn->reactor) - sock->heard_ms;
    if (conn->close_sent || silent_ms >= idle_ms) {
        conn_kill(conn);
    } else if (silent_ms >= idle_ms / 2 && !sock->pinged) {
        sock->pinged = true;
        send_control(conn, WS_OP_PING, NULL, 0);
        conn_deadline(conn, idle_ms - silent_ms);
    } else {
        conn_deadline(conn, (sock->pinged ? idle_ms : idle_ms / 2) - silent_ms);
    }
}

void net_sock_send(struct net_sock *sock, struct net_frame *frame)
{
    struct conn *conn = conn_of(sock);
    if (conn->phase != PHASE_OPEN || conn->close_sent || conn->overflown) {
        return;
    }
    if (conn->out.bytes + (frame->len - frame->last) > OUT_MAX) {
        conn->overflown = true; /* the handler should have stopped long ago */
        conn_dirty(conn);
        return;
    }
    out_add_last(conn, frame);
}

/* Only looked at. */
static const struct conn *holder(const struct net_sock *sock)
{
    return (const void *)((const char *)sock - offsetof(struct conn, sock));
}

size_t net_sock_queued(const struct net_sock *sock)
{
    return holder(sock)->out.bytes;
}

void net_sock_close(struct net_sock *sock, int code, const char *reason)
{
    ASSERT_CODE(ws_code_fits(code));
    struct conn *conn = conn_of(sock);
    ASSERT_CODE(reactor_here(conn->reactor));
    if (conn->phase == PHASE_OPEN && !conn->close_sent) {
        send_close(conn, code, reason);
        conn_deadline(conn, CLOSE_WAIT_MS);
    }
}

int net_sock_reactor(const struct net_sock *sock)
{
    return holder(sock)->reactor->index;
}

void *net_sock_data(const struct net_sock *sock)
{
    return sock->data;
}

void net_sock_set_data(struct net_sock *sock, void *data)
{
    sock->data = data;
}

void net_sock_move(struct net_sock *sock, int reactor)
{
    struct conn *conn = conn_of(sock);
    ASSERT_CODE(reactor_here(conn->reactor));
    ASSERT_CODE(conn->phase == PHASE_OPEN && sock->open);
    ASSERT_CODE(reactor >= 0 && reactor < conn->reactor->net->reactor_count);
    sock->target = reactor;
    conn_depart(conn);
}
