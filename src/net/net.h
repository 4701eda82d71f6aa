#ifndef NET_NET_H
#define NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api.h"
#include "base/err.h"

/*
 * Bytes only: reactors (one libuv loop a thread, each with its own SO_REUSEPORT
 * listener), TLS, strict HTTP/1.1, WebSocket frames, static files from memory.
 * Requests below /api/ and the probes go to the api in batches, one wake-up a
 * loop turn; WebSocket messages go to the handler given here.  Net knows nothing
 * of rooms, members or the store.
 */
struct net;
struct net_sock; /* one WebSocket; belongs to the reactor it is on */

/*
 * Bytes that many sockets send: made once, counted.  `len` bytes follow; a
 * WebSocket frame with its head in front, so that fan-out is a pointer a member.
 */
struct net_frame {
    uint32_t refs; /* of one reactor: not atomic; frames never cross reactors */
    uint32_t len, size;
    uint32_t last; /* where the last message begins: what a socket is given */
    uint8_t bytes[];
};

/*
 * Room for `len` bytes of payload behind a head of that length; payload is at *ret_payload.  With
 * `before` (may be NULL) behind that one's last message, if there is room, else in one that will
 * have some: who is sent one after the other has them queued as one piece.  One reference.
 */
struct net_frame *net_frame_new(struct net_frame *before, bool binary, size_t len,
                                uint8_t **ret_payload);
void net_frame_keep(struct net_frame *frame);
void net_frame_drop(struct net_frame *frame); /* accepts NULL */

/* ---- what a handler does to a socket; only on the socket's own reactor ---- */

/* Queues its last message; written at the end of the loop turn, many in one send. */
void net_sock_send(struct net_sock *sock, struct net_frame *frame);
size_t net_sock_queued(const struct net_sock *sock); /* bytes not yet with the kernel */
/* Sends what is queued, then the close frame; no message comes after this. */
void net_sock_close(struct net_sock *sock, int code, const char *reason);
int net_sock_reactor(const struct net_sock *sock);
void *net_sock_data(const struct net_sock *sock);
void net_sock_set_data(struct net_sock *sock, void *data);
/*
 * To another reactor: stops reading, sends what is queued, passes descriptor, TLS,
 * parser and unread bytes.  The handler's `arrived` runs there; until then the socket is
 * nobody's.
 */
void net_sock_move(struct net_sock *sock, int reactor);

/*
 * Runs `fn(arg)` on that reactor's thread at its next turn.  Any thread.  ERR_BUSY
 * when the mailbox (8192) is full.  One wake-up a turn, whatever the number.
 */
MUST_USE enum err net_post(struct net *net, int reactor, void (*fn)(void *arg), void *arg);
int net_reactors(const struct net *net);
int64_t net_now_ms(struct net *net, int reactor); /* the reactor's clock, read once a turn */

struct net_sock_handler {
    /* 101 is sent; `room` is ?room= or "". */
    void (*open)(void *ctx, struct net_sock *sock, const struct actor *actor, const char *room);
    /* Whole messages, at most text_max/binary_max bytes, text valid UTF-8; not NUL-terminated. */
    void (*text)(void *ctx, struct net_sock *sock, const char *text, size_t len);
    void (*binary)(void *ctx, struct net_sock *sock, const uint8_t *bytes, size_t len);
    /* After a move; NULL: the server has stopped meanwhile, and `gone` does not come. */
    void (*arrived)(void *ctx, void *data, struct net_sock *sock);
    /* The last word about a socket, whoever closed it.  Free its data here. */
    void (*gone)(void *ctx, struct net_sock *sock);
    /* Once a loop turn of each reactor after its events, before writing. */
    void (*turn)(void *ctx, int reactor);
    /* Every tick_ms on each reactor. */
    void (*tick)(void *ctx, int reactor, int64_t now_ms);
    int tick_ms;
    size_t text_max, binary_max;
    void *ctx;
};

struct net_options {
    const char *listen;             /* "127.0.0.1:8080", "[::]:443"; port 0: the system chooses */
    const char *metrics_listen;     /* own listener for /metrics; NULL: by token on the main one */
    const char *tls_cert, *tls_key; /* PEM files, both or none */
    int reactors;
    int connections_max, connections_per_address;
    int head_ms, body_ms, idle_ms; /* slow heads, slow bodies, idle keep-alive */
    int stall_ms;     /* who is too slow in taking an answer for so long is cut off; 0: 30 s */
    int tls_check_ms; /* so often a new certificate is looked for; 0: 10 s */
    size_t body_max;
    const char *trusted_proxies; /* "10.0.0.0/8 ::1"; X-Forwarded-For is believed only from these */
    const char *public_url;      /* the site's own origin; NULL: from Host */
    const unsigned char *pack;   /* the client's files, made by tools/pack.py */
    size_t pack_len;
    struct api *api;
    const struct net_sock_handler *sock;
};

/* Binds and starts the threads.  ret_why: "port 8080 is taken: …", what to do. */
MUST_USE enum err net_start(const struct net_options *options, struct net **ret, char ret_why[256]);
int net_port(const struct net *net);
int net_metrics_port(const struct net *net); /* 0: no listener of its own */
/* Reads the certificate again; the old one stays when the new one is bad. */
void net_tls_reload(struct net *net);
/* No new connections; keep-alive ends after the open answers. */
void net_drain(struct net *net);
/*
 * Closes all and joins the threads.  What is posted from now on is thrown away with the rest:
 * others may still do so until net_free().  Both accept NULL.
 */
void net_stop(struct net *net);
void net_free(struct net *net);

struct net_stats {
    uint64_t connections, sockets, accepted, requests, bytes_in, bytes_out, refused, tls_failures;
    uint64_t forwarded_from_private; /* requests with X-Forwarded-For from one untrusted private
                                        address */
    uint64_t requests_total_window;
};
void net_stats(struct net *net, struct net_stats *ret);

#endif
