#ifndef LIVE_ASK_H
#define LIVE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/face.h"

/*
 * What live asks, as calls from inside, and nothing else of it: a feature names its routes for it
 * in x_api.c and answers in x_live.c.  `in` of such a call is the question's struct below,
 * `out` the answer's, zeroed.  The call's memory is the question's: live reads the answer, and all
 * that it points to, where the feature has put it.
 */
enum live_ask_kind { LIVE_LOAD, LIVE_ADMIT, LIVE_SAVE, LIVE_SAID, LIVE_KNOW, LIVE_ASK_KINDS };

enum {
    LIVE_ADMIT_MAX = 16,   /* who wants in, a question */
    LIVE_PEOPLE_MAX = 900, /* in a room, waiting before it or remembered there */
    LIVE_SAVE_MAX = 64,    /* lines, a question */
    LIVE_KNOW_MAX = 32,    /* people who came or went, a question */
};

struct api_route;

/* What a feature answers: each kind is one feature's, the others are NULL. */
struct live_answers {
    const struct api_route *to[LIVE_ASK_KINDS];
};

struct live_facts {
    int64_t id, owner_id, capacity;
    const char *public_id, *name, *topic, *scene, *language, *visibility; /* topic: "" for none */
};

/* LIVE_LOAD: a room comes to life.  ERR_MISSING: there is none. */
struct live_load_in {
    const char *room; /* its public id */
};
struct live_heard {
    int64_t seq, at_ms, sender_id;
    const char *from, *name, *avatar, *look, *client_id, *text; /* look: NULL for none */
};
struct live_load_out {
    struct live_facts room;
    int64_t seq;              /* the last number that was stored */
    struct live_heard *heard; /* the last lines, oldest first */
    size_t heard_count;
    bool more; /* older ones are stored */
};

/* LIVE_ADMIT: may they come in, who are they, who perceives whom.  ERR_MISSING: no such room. */
struct live_entrant {
    int64_t account_id;
    int64_t seq; /* > 0: how far is their memory true? */
};
struct live_admit_in {
    const char *room;
    struct live_entrant *entrants; /* at most LIVE_ADMIT_MAX */
    size_t entrants_count;
    int64_t
        *present; /* who is in, who waits, whose lines are remembered; at most LIVE_PEOPLE_MAX */
    size_t present_count;
};
struct live_verdict {
    const char *code; /* NULL: may come in */
    int64_t account_id, key_id;
    int64_t since; /* the last line they know that is stored; 0: none, or too far back */
    struct face face;
    const char *role;
    bool invisible; /* shown as being nowhere to who is not in */
};
struct live_pair {
    int64_t viewer, subject;
};
struct live_admit_out {
    struct live_facts room;
    struct live_verdict verdicts[LIVE_ADMIT_MAX]; /* in the order of the entrants */
    struct live_pair *hidden;                     /* of these, who does not perceive whom */
    size_t hidden_count;
};

/* LIVE_SAVE: lines to be kept. */
struct live_say {
    int64_t room_id, seq, sender_id, key_id, at_ms;
    const char *client_id, *text;
};
struct live_save_in {
    struct live_say *says; /* at most LIVE_SAVE_MAX */
    size_t says_count;
};
struct live_stored {
    int64_t seq;      /* the first number it was stored under */
    const char *code; /* or why it was not; static text */
};
struct live_save_out {
    struct live_stored stored[LIVE_SAVE_MAX]; /* in the order of the lines */
};

/* LIVE_SAID: was it said before? */
struct live_said_in {
    int64_t room_id, sender_id;
    const char *client_id;
};
struct live_said_out {
    int64_t seq; /* 0: no */
};

/* LIVE_KNOW: these came or went; which friends may know. */
struct live_know_in {
    int64_t *ids; /* at most LIVE_KNOW_MAX */
    size_t count;
};
struct live_known {
    int64_t account_id;
    const char *public_id;
    bool visible; /* neither ended nor invisible */
    const int64_t *friend_ids;
    size_t friends_count;
};
struct live_know_out {
    struct live_known known[LIVE_KNOW_MAX]; /* who is erased is not among them */
    size_t count;
};

#endif
