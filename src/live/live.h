#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "call/call.h"
#include "call/scene.h"
#include "live/ask.h"

/*
 * Rooms in memory: who is in, where, on which seat; ticks, chat, queues, fan-out
 * by viewer class.  A room belongs to one reactor (its thread), so nothing here
 * takes a lock in fan-out.  Live knows neither sockets nor the store: both come
 * in as the functions below, wired in src/server.  docs/live.md is the protocol.
 */
struct live;
struct live_peer;  /* one member's socket, as live sees it */
struct live_sock;  /* the other side of it: net's */
struct live_frame; /* a counted frame: net's */

enum {
    LIVE_TEXT_MAX = 8192, /* a text frame from a client */
    LIVE_BINARY_MAX = 16,
    LIVE_TICK_MS = 50, /* twice the rate of a walker's reports, so that no two fall into one */
    LIVE_SLOTS = 255,  /* people in a room: a slot is a byte, 255 is none */
};

/* What live needs of the network.  All on the calling reactor; `post` from any thread. */
struct live_link {
    /*
     * Room for `len` bytes of payload; one reference, the caller's.  NULL: no memory.  Where
     * `before` (may be NULL) has room, it is that one: what is sent is a frame's last message.
     */
    struct live_frame *(*frame)(void *ctx, struct live_frame *before, bool binary, size_t len,
                                uint8_t **ret_payload);
    void (*drop)(void *ctx, struct live_frame *frame);
    /* Keeps its own reference. */
    void (*send)(void *ctx, struct live_sock *sock, struct live_frame *frame);
    size_t (*queued)(void *ctx, const struct live_sock *sock);
    /* `gone` still comes; no message does. */
    void (*close)(void *ctx, struct live_sock *sock, int code, const char *reason);
    /* Tells the socket which peer its messages are for. */
    void (*attach)(void *ctx, struct live_sock *sock, struct live_peer *peer);
    /* Comes back by live_arrived() on that reactor. */
    void (*move)(void *ctx, struct live_sock *sock, int reactor, struct live_peer *peer);
    /* Only wakes a reactor: what is lost is found at the next tick. */
    enum err (*post)(void *ctx, int reactor, void (*fn)(void *arg), void *arg);
    int64_t (*now_ms)(void *ctx, int reactor); /* the reactor's clock, read once a turn */
    int64_t (*steady_ms)(void *ctx);           /* nobody sets this one; any thread */
    int64_t (*wall_ms)(void *ctx);             /* as sign-ins bear it; any thread */
    void *ctx;
};

/* ---- what live asks of the features (live/ask.h) ---- */

/* One question.  Live makes it, fills `in` and lets go of it until live_answer(). */
struct live_ask {
    enum live_ask_kind kind;
    int reactor;
    struct live *live;
    struct arena *arena; /* of the call that answers: what `in` and `out` point to stands there */
    union {
        struct live_load_in load;
        struct live_admit_in admit;
        struct live_save_in save;
        struct live_said_in said;
        struct live_know_in know;
    } in;

    /* whoever answers fills these */
    enum err err;
    const void *out; /* the struct of its kind; of a failure nothing */

    struct live_ask *next; /* whoever answers may keep them in a list by this */
    void *owner;           /* live's own, as is the next */
    struct post *answer;   /* in which it comes back; taken beforehand, so that it can */
};

struct live_options {
    struct live_link link;
    /* Takes the request; ERR_BUSY leaves it with live.  Any reactor. */
    enum err (*ask)(void *ctx, struct live_ask *ask);
    void *ask_ctx;
    const char *(*sentence)(const char *language, const char *code);
    int reactors;
    bool history;        /* false: lines are acknowledged without being stored (bench) */
    int64_t limit_scale; /* every rate and the speed limit times this; 1 but in load tests */
    int hide_percent;    /* of all pairs do not perceive each other (bench) */
};

struct live *live_new(const struct live_options *options);
void live_free(struct live *live); /* accepts NULL; after the reactors have ended */

/* Any thread, exactly once for each request that `ask` took. */
void live_answer(struct live_ask *ask);

/* ---- net's side; each on the reactor of the socket ---- */

/* Attaches a peer to the socket; `room` is where it goes at once, or "". */
void live_open(struct live *live, struct live_sock *sock, int reactor, const struct actor *actor,
               const char *room);
void live_text(struct live_peer *peer, const char *text, size_t len);
/* Where `move` sent it; NULL: it died on the way, and `gone` does not come. */
void live_arrived(struct live_peer *peer, struct live_sock *sock);
void live_binary(struct live_peer *peer, const uint8_t *bytes, size_t len);
/* For who has no eyes (residents/residents.h): the peer is one of them, and what is around it. */
struct live_around {
    const struct scene *scene;
    int16_t x, z; /* as in movement frames */
    int64_t seat;
    unsigned visitors; /* people in the room who are no residents */
};
void live_resident(struct live_peer *peer);
bool live_around(const struct live_peer *peer, struct live_around *ret); /* false: in no room */
void live_gone(struct live_peer *peer);
void live_turn(struct live *live, int reactor);
void live_tick(struct live *live, int reactor);

/* ---- the server's side; any thread ---- */

/* What happened in a call, after its commit. */
void live_event(struct live *live, const struct event *event);
/* Who is where; see struct presence (call/call.h).  `ctx` is the struct live. */
void live_presence(void *ctx, struct arena *arena, const struct presence_room **ret,
                   size_t *ret_count);
/* Who of these is shown as online; as above. */
void live_online(void *ctx, const int64_t *ids, size_t count, bool *ret);
/* Tells everybody to come back; new lines are refused from now on. */
void live_drain(struct live *live);

struct live_stats {
    uint64_t peers, rooms, people, queued, lines, unstored, ticks, slow, refused;
};
void live_stats(struct live *live, struct live_stats *ret);

/* The TypeScript face of docs/live.md, from the table of messages. */
void live_typescript(struct buf *out);

#endif
