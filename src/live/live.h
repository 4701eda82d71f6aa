#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"
#include "base/err.h"

/*
 * Rooms in memory: who is in, where, on which seat; ticks, chat, queues, fan-out
 * by viewer class.  A room belongs to one reactor (its thread), so nothing here
 * takes a lock in fan-out.  Live knows neither sockets nor the store: both come
 * in as the functions below, wired in src/server.  docs/live.md is the protocol.
 */
struct live;
struct live_sock;  /* the other side of a member's socket: net's */
struct live_frame; /* a counted frame: net's */

/* What live needs of the network.  All on the calling reactor. */
struct live_link {
    struct live_frame *(*frame)(void *ctx, bool binary, size_t len, uint8_t **ret_payload);
    void (*keep)(void *ctx, struct live_frame *frame);
    void (*drop)(void *ctx, struct live_frame *frame);
    void (*send)(void *ctx, struct live_sock *sock, struct live_frame *frame);
    size_t (*queued)(void *ctx, const struct live_sock *sock);
    void (*close)(void *ctx, struct live_sock *sock, int code, const char *reason);
    void (*move)(void *ctx, struct live_sock *sock, int reactor,
                 void (*arrived)(void *arg, struct live_sock *sock), void *arg);
    enum err (*post)(void *ctx, int reactor, void (*fn)(void *arg), void *arg);
    int64_t (*now_ms)(void *ctx, int reactor);
    void *ctx;
};

/* What live asks of the rooms feature, through the api; answers come by live_post. */
struct live_store {
    /* May this account enter, and what is the room, and who may perceive whom. */
    enum err (*enter)(void *ctx, const struct actor *actor, const char *room_id, void *owner);
    enum err (*lines)(void *ctx, const void *lines, size_t count, void *owner);
    void *ctx;
};

#endif
