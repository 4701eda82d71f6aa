#ifndef NET_INNER_H
#define NET_INNER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>
/* sys/param.h, which uv.h includes, has its own; these are base/err.h's, word for word. */
#undef MIN
#undef MAX
#define MIN(a_, b_) ((a_) < (b_) ? (a_) : (b_))
#define MAX(a_, b_) ((a_) < (b_) ? (b_) : (a_))

#include "base/heap.h"
#include "net/addr.h"
#include "net/head.h"
#include "net/net.h"
#include "net/pack.h"
#include "net/tls.h"
#include "net/wheel.h"
#include "net/ws.h"

/*
 * What the files of net share.  Everything belongs to one reactor's thread, but:
 * the mailbox (its lock), the numbers of struct counters and what `struct net`
 * marks as shared.
 */
enum {
    READ_BYTES = 64 * 1024,
    READ_ROOM = 4 * 1024,        /* a connection's own input grows by at least this */
    WRITE_BYTES = 64 * 1024,     /* small pieces are gathered up to here */
    SMALL_PIECE = 1024,          /* larger ones are sent from where they lie */
    OUT_MAX = 4 * 1024 * 1024,   /* a socket with more queued is cut off */
    PIPELINE_BYTES = 256 * 1024, /* no next request while more is queued */
    MAILBOX_MAX = 8192,
    ACCEPTS_A_TURN = 64,
    READS_A_TURN = 8,
    ARENAS_KEPT = 64,
    BLOCKS_KEPT = 4096,
    LINGER_MS = 2000,     /* for the other side to read our last words */
    DRAIN_MS = 30 * 1000, /* of who goes on sending meanwhile, at most */
    DRAIN_BYTES = 16 * 1024 * 1024,
    TURNED_AWAY_MAX = 64,       /* of a reactor: too many, and told so */
    WRITE_STALL_MS = 30 * 1000, /* for the api; of a window in which LEAST_RATE is asked for */
    LEAST_RATE = 1024,          /* bytes a second, of who has more to take */
    CLOSE_WAIT_MS = 5000,       /* for the answer to a close frame */
    TLS_CHECK_MS = 10 * 1000,
    FORWARDED_WINDOW_MS = 10 * 60 * 1000,
    ROOM_ID_MAX = 64,
    SPOOL_TOTAL = 64 * 1024 * 1024, /* of large bodies at once; beyond it 503 */
    SPOOLS_PER_ADDRESS = 4,
    SPOOL_RATE = 16 * 1024,          /* bytes a second that a large body must come with */
    UNSENT_TOTAL = 64 * 1024 * 1024, /* of answers that nobody takes; beyond it 503, or the end */
    UNSENT_HIGH = 48 * 1024 * 1024, /* from here who holds the most is closed, until half is left */
    UNSENT_PER_ADDRESS = 16 * 1024 * 1024,
    UNSENT_ROOM = 4 * 1024 * 1024, /* no request is taken with less left */
    UNSENT_UNIT = 4 * 1024,        /* they are counted in */
};

/* A list whose members know their place. */
struct link {
    struct link *next, *prev; /* NULL: in no list */
};

static inline void link_start(struct link *list)
{
    list->next = list->prev = list;
}

static inline bool link_empty(const struct link *list)
{
    return list->next == list;
}

static inline void link_take(struct link *link)
{
    if (link->next) {
        link->prev->next = link->next;
        link->next->prev = link->prev;
        link->next = link->prev = NULL;
    }
}

static inline void link_put(struct link *list, struct link *link)
{
    if (!link->next) {
        link->next = list;
        link->prev = list->prev;
        list->prev->next = link;
        list->prev = link;
    }
}

/* All of one list to the end of another. */
static inline void link_put_all(struct link *list, struct link *from)
{
    if (!link_empty(from)) {
        from->next->prev = list->prev;
        list->prev->next = from->next;
        from->prev->next = list;
        list->prev = from->prev;
        link_start(from);
    }
}

#define OWNER(type_, member_, at_) ((type_ *)(void *)((char *)(at_)-offsetof(type_, member_)))

/* ---- output: pieces that lie elsewhere ---- */

enum piece_owner { PIECE_STATIC, PIECE_FRAME, PIECE_REQUEST };

struct piece {
    const uint8_t *at;
    uint32_t len;
    uint32_t kind; /* enum piece_owner */
    void *owner;
};

enum { BLOCK_PIECES = 10 };

struct out_block {
    struct out_block *next;
    uint32_t first, count; /* of the pieces still to send */
    struct piece pieces[BLOCK_PIECES];
};

struct out {
    struct out_block *first, *last;
    size_t bytes;
};

/* ---- a connection ---- */

enum phase {
    PHASE_OPEN,
    PHASE_CLOSING, /* what is queued goes out, nothing is read any more */
    PHASE_LINGER,  /* our side is shut; what still comes is thrown away */
    PHASE_MOVING,  /* delivered after the event batch */
    PHASE_DEAD,    /* freed then */
};

struct reactor;
struct request;

/* A request with a large body, head and all, as it comes. */
struct spool {
    struct net *net;
    struct addr client;
    size_t len, whole;
    char bytes[];
};

struct http {
    struct head head;
    struct head_facts facts;
    bool head_done;
    bool begun;              /* a first byte of this head was seen */
    bool allowed;            /* its large body may come */
    int64_t body_since_ms;   /* when its large body began to come */
    struct spool *spool;     /* else NULL */
    struct request *request; /* with the api */
    struct addr client;      /* whose request came last */
    struct addr owed_by;     /* for whom what waits to be sent is counted */
    int owed;                /* in UNSENT_UNIT */
};

struct net_sock {
    void *data;
    int64_t heard_ms;
    struct ws_in in;
    int target; /* on the way to that reactor */
    bool open;  /* the handler knows it */
    bool pinged;
};

struct conn {
    /* what fan-out touches, in one line of the cache */
    struct reactor *reactor;
    struct link dirty;
    struct out out;
    int fd;
    uint8_t phase;
    uint8_t watched; /* EPOLLIN, EPOLLOUT as the kernel was told */
    bool blocked;    /* the kernel takes no more now */
    bool paused;     /* not reading on: an answer comes first */
    bool deaf;       /* paused, and there is more to read: nobody need say so again */
    bool overflown;  /* more queued than OUT_MAX, or no memory for it: dies at the turn's end */
    bool proxied;    /* the peer is a trusted proxy */
    bool counted;    /* for the address in `peer` */
    bool metrics;
    bool turned_away; /* counted nowhere but in the reactor */
    bool close_sent;  /* of a socket */
    /* the rest */
    SSL *tls;
    struct http *http; /* NULL: it is a WebSocket */
    uint8_t *in;       /* read, not yet understood */
    uint32_t in_len, in_cap;
    uint32_t drained; /* bytes thrown away in PHASE_LINGER */
    int32_t waited;   /* bytes that had not arrived at moved_ms */
    int64_t moved_ms; /* since when it is watched being blocked; when it was shut */
    int64_t put;      /* bytes given to the kernel since then */
    struct link all;  /* of the reactor; in its list of those that leave; in a mailbox */
    struct link again;
    struct wheel_node timer;
    struct addr peer; /* of a socket behind a proxy: its client */
    struct net_sock sock;
};

/* Ten thousand of them lie idle: with the heap's own eight bytes one is four lines of the cache. */
enum { CACHE_LINE = 64, HEAP_OWN = 8 };
_Static_assert(sizeof(struct conn) + HEAP_OWN <= 4 * CACHE_LINE, "they lie side by side");

static inline struct conn *conn_of(struct net_sock *sock)
{
    return OWNER(struct conn, sock, sock);
}

struct request {
    struct api_request api; /* first: `done` gets this */
    struct reactor *reactor;
    struct conn *conn; /* NULL: it died meanwhile; only on the reactor's thread */
    struct addr client;
    struct spool *spool; /* holds the body until the api is done with it; may be NULL */
    char accept[29];     /* of a WebSocket handshake, else "" */
    char room[ROOM_ID_MAX + 1];
    bool head_only, keep;
};

/* ---- a reactor ---- */

struct post {
    void (*fn)(void *arg);
    void *arg;
};

struct mailbox {
    pthread_mutex_t lock; /* over all of it */
    struct post *posts;
    size_t post_count, post_cap;
    struct link arrivals; /* connections */
    struct api_request *answers, **answers_end;
};

struct counters {
    _Atomic uint64_t connections, sockets, accepted, requests, bytes_in, bytes_out, refused;
    _Atomic uint64_t tls_failures, forwarded, window;
};

struct reactor {
    struct net *net;
    int index;
    pthread_t thread;
    uv_loop_t loop;
    uv_poll_t listener, metrics_listener, ready;
    int listen_fd, metrics_fd;
    int epoll_fd; /* its connections (poll.c) */
    uv_async_t wake;
    uv_timer_t tick, house;
    uv_prepare_t prepare;
    uv_check_t check;
    struct link conns, dirty, again;
    struct link leaving; /* dead, or to another reactor: when nobody up the stack holds them */
    struct wheel wheel;
    int64_t wall_ahead_ms;   /* wall clock = the loop's + this */
    _Atomic int64_t wall_ms; /* for other threads: as of the last turn */
    int64_t tls_check_ms, window_ms;
    struct api_request *batch, **batch_end; /* to the api at the end of the turn */
    struct arena *arenas[ARENAS_KEPT];
    size_t arena_count;
    struct out_block *blocks;
    size_t block_count;
    struct mailbox mail;
    struct post *posts; /* the mailbox's other half */
    size_t post_cap;
    struct addr forwarder; /* the private address that sends X-Forwarded-For; forwarded > 0 */
    struct counters counters;
    char date[32];
    int64_t date_s;
    bool busy;       /* something ran since the last turn */
    bool turn_again; /* the handler was called while the turn's output was written */
    int turned_away; /* connections that are told that there are too many */
    bool draining, stopping, pausing; /* pausing: no descriptors left, not accepting */
    uint8_t read_buf[READ_BYTES];
    uint8_t write_buf[WRITE_BYTES];
};

struct net {
    struct net_options options;
    struct net_sock_handler handler;
    struct pack *pack;
    struct tls *tls; /* NULL: plain */
    struct addr_ranges proxies;
    struct addr_counts *counts, *spool_counts, *unsent_counts;
    _Atomic int unsent;      /* what waits to be sent by HTTP, in UNSENT_UNIT; any thread */
    _Atomic int shedding;    /* so many reactors are to close those who hold the most */
    _Atomic int unsent_fair; /* what an address holds at most that nobody is closed for then */
    _Atomic int64_t spooled; /* bytes of large bodies; any thread */
    char *public_origin;     /* "https://world.example", or NULL */
    int port, metrics_port;
    int reactor_count, running;
    struct reactor **reactors;
    _Atomic int connection_count;
    _Atomic int64_t open; /* connections, also moving ones, and requests: 0 before reactors end */
    _Atomic bool draining, stopping;
};

/* For time-outs; read once a turn. */
static inline int64_t mono_ms(const struct reactor *reactor)
{
    return (int64_t)uv_now(&reactor->loop);
}

/* Each counter has one writer, its reactor: no locked instruction is needed. */
static inline void count(_Atomic uint64_t *counter, uint64_t by)
{
    uint64_t now = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, now + by, memory_order_relaxed);
}

/* ---- out.c ---- */
struct net_frame *out_frame_of(const void *bytes, size_t len); /* NULL: no memory */
/* Without memory it drops the piece, and the connection breaks. */
void out_add(struct conn *conn, struct piece piece);
/* Takes the reference; NULL breaks the connection. */
void out_add_frame(struct conn *conn, struct net_frame *frame);
/* Its last message, with a reference of the queue's own. */
void out_add_last(struct conn *conn, struct net_frame *frame);
void out_drop(struct conn *conn);
/* False when the connection is broken.  Sets conn->blocked. */
bool out_send(struct conn *conn);
/* All that is queued as one frame of its own, so that it may cross reactors. */
void out_detach(struct conn *conn);
void out_blocks_free(struct reactor *reactor);

/* ---- conn.c ---- */
void conn_accept(struct reactor *reactor, int fd, const struct sockaddr_storage *from,
                 bool metrics);
void conn_dirty(struct conn *conn); /* something to write, or to look at, at the turn's end */
void conn_flush(struct conn *conn);
void conn_resume(struct conn *conn); /* goes on reading, first what was read before */
void conn_read(struct conn *conn);
void conn_deadline(struct conn *conn, int64_t in_ms); /* 0 and less: at once */
void conn_close(struct conn *conn);                   /* after what is queued */
void conn_break(struct conn *conn);                   /* at the turn's end, nothing more is read */
void conn_kill(struct conn *conn);                    /* now */
void conn_expired(struct conn *conn);
void conn_depart(struct conn *conn); /* sock.target is set */
void conn_arrive(struct reactor *reactor, struct conn *conn);
void conn_ready(struct conn *conn, uint32_t events); /* of epoll */
void conn_leave_all(struct reactor *reactor);        /* between two turns */

/* ---- poll.c ---- */
MUST_USE enum err poll_start(struct reactor *reactor); /* ERR_BUSY: no descriptors or memory */
void poll_end(struct reactor *reactor);
/* Listens from now on.  False: the kernel has no memory for it. */
bool poll_add(struct conn *conn);
void conn_watch(struct conn *conn); /* the kernel hears what is to be listened to now */
void poll_remove(const struct conn *conn);

/* ---- http.c: requests ---- */
size_t http_read(struct conn *conn, const char *bytes, size_t len);
void http_expired(struct conn *conn);
void request_free(struct request *request);
/* The api lets in the large body that this connection has announced. */
void http_let_in(struct conn *conn, const struct addr *client);

/* ---- spool.c ---- */
/* NULL: too many at once, of this address or of all. */
struct spool *spool_new(struct net *net, const struct addr *client, size_t whole);
size_t spool_put(struct spool *spool, const char *bytes, size_t len); /* how many it took */
void spool_free(struct spool *spool);                                 /* accepts NULL */

/* ---- unsent.c ---- */
/* The kernel takes no more now.  False: too much waits, of this address or of all. */
bool unsent_keep(struct conn *conn);
void unsent_free(struct conn *conn);                          /* nothing waits any more */
bool unsent_full(struct net *net, const struct addr *client); /* no more requests of that address */
void unsent_watch(struct conn *conn);                         /* it is blocked from now on */
bool unsent_stalls(struct conn *conn); /* it took too little in the time it had */

/* ---- answer.c ---- */
struct answer {
    int status;
    const char *type;
    const char *more;             /* further lines, each with CR LF */
    const struct pack_file *page; /* its inline hashes; NULL: nothing may load or run */
    const char *host;             /* for connect-src; NULL: none */
    const void *body;
    size_t body_len;
    struct request *request; /* whose arena holds the body; NULL: it lies in the pack */
    bool head_only, keep, secure;
};
/* True when the body is sent from where it lies: the request is freed after that. */
bool answer_send(struct conn *conn, const struct answer *answer);
/* One of our own, with the catalogue's sentence; closes unless `keep`. */
void answer_error(struct conn *conn, const char *language, int status, bool head_only, bool keep,
                  bool secure);
void answer_request(struct request *request); /* the api is done with it */

/* ---- files.c ---- */
/* 0: answered; else the status of the error to answer with. */
int files_answer(struct conn *conn, const char *bytes, const char *host, bool head_only, bool keep,
                 bool secure);

/* ---- sock.c ---- */
int sock_asked(struct conn *conn, struct request *request, const char *bytes); /* 0 or a status */
/* False: too many of its address, or no memory. */
bool sock_open(struct conn *conn, struct request *request);
size_t sock_read(struct conn *conn, uint8_t *bytes, size_t len);
void sock_expired(struct conn *conn);
void sock_gone(struct conn *conn);

/* ---- reactor.c ---- */
MUST_USE enum err reactor_new(struct net *net, int index, struct reactor **ret);
MUST_USE enum err reactor_start(struct reactor *reactor);
void reactor_free(struct reactor *reactor);
bool reactor_here(const struct reactor *reactor); /* is this its thread? */
void reactor_wake(struct reactor *reactor);
void reactor_deliver(struct reactor *reactor, struct conn *conn); /* any thread */
void reactor_answer(struct api_request *api);                     /* any thread */
const char *reactor_date(struct reactor *reactor);
/* One less open; the last one lets the reactors end. */
void net_closed(struct net *net);

#endif
