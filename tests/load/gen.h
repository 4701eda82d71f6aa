#ifndef TESTS_LOAD_GEN_H
#define TESTS_LOAD_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One load generator for all servers of the bench: WebSocket clients in rooms, each
 * message counted as often as it is delivered.  What differs between servers is
 * one row of functions (gen_protocols.c).
 */
enum { GEN_OUT_MAX = 512 };

struct gen_options {
    const char *protocol, *pids, *rooms_file, *token_prefix;
    int port, rooms, members, flight, rate;
    double seconds, warm_seconds;
    int moves; /* binary positions at 10 Hz instead of lines */
    int idle;  /* connect so many, then the rest, saying nothing */
    int acks;  /* a line has arrived when its sender is told that it is stored */
};

struct gen_conn {
    int fd;
    int room, member;
    bool upgraded, ready;
    uint8_t *held; /* bytes of an unfinished frame */
    size_t held_len, held_cap;
};

enum gen_seen { GEN_OTHER, GEN_READY, GEN_DELIVERED, GEN_STORED };

struct gen_protocol {
    const char *name;
    const char *subprotocol; /* NULL: none */
    bool binary, ready;      /* it is in the room when it is upgraded */
    void (*path)(const struct gen_options *options, const struct gen_conn *conn,
                 const char *room_id, char *ret, size_t cap);
    /* After the upgrade; NULL: nothing to say. */
    void (*hello)(struct gen_conn *conn);
    /* A line said in the room; returns the payload's length. */
    size_t (*say)(const struct gen_conn *conn, uint64_t number, uint8_t *ret, size_t cap);
    /* How many deliveries (or readiness) a payload means. */
    enum gen_seen (*seen)(struct gen_conn *conn, const uint8_t *at, size_t len, size_t *ret_count);
};

const struct gen_protocol *gen_protocol(const char *name);

/* Queues one masked frame to the server; exits when the socket is full or gone. */
void gen_send(struct gen_conn *conn, bool binary, const void *payload, size_t len);

/* A delivery while lines come at a rate, and what is known of all of them, as JSON fields. */
void gen_late(uint64_t now_us, const uint8_t *payload, size_t len);
void gen_late_print(void);

/*
 * Seconds on a core of the processes named, all threads, from the scheduler: the
 * kernel's utime and stime are guessed at each tick, and guess short turns wrong.
 */
double gen_cpu_of(const char *pids);
double gen_cpu(void); /* our own */

#endif
