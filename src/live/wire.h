#ifndef LIVE_WIRE_H
#define LIVE_WIRE_H

#include <stdatomic.h>

#include "call/face.h"

/*
 * The messages of docs/live.md as tables: one row a message says its fields, its
 * limits and what it means; the rows read and write it and type the client.
 */

/* ---- from the client ---- */

enum live_rate {
    RATE_NONE,
    RATE_ENTER,
    RATE_LEAVE,
    RATE_SAY,
    RATE_SAY_LONG,
    RATE_TYPING,
    RATE_SEAT,
    RATE_EMOTE,
    RATE_PING,
    RATE_MOVE,
    RATE_REPEAT,  /* lines said again */
    RATE_NACKED,  /* lines we do not take: forty in ten seconds and the socket is closed */
    RATE_REFUSED, /* what we refuse: ten in ten seconds and the socket is closed */
    RATE_COUNT,
};

struct rate_row {
    int burst;
    int per_ms;
};
extern const struct rate_row rate_rows[RATE_COUNT];

/*
 * One more of it now?  `state` is the moment from which the full burst is there again;
 * `scale` times as much is allowed.  All threads that an account has a socket on share it.
 */
bool rate_take(_Atomic uint32_t *state, enum live_rate rate, int64_t now_ms, int64_t scale);

struct in_message {
    const char *t, *room, *cid, *text, *name, *mood;
    int64_t seq, seat, n;
    bool on;
    bool has_seq;
};

enum live_verb {
    VERB_ENTER,
    VERB_LEAVE,
    VERB_SAY,
    VERB_TYPING,
    VERB_SIT,
    VERB_STAND,
    VERB_EMOTE,
    VERB_MOOD,
    VERB_PING,
    VERB_COUNT,
};

struct verb_row {
    const char *t;
    uint32_t needs, may; /* bits of fields */
    enum live_rate rate;
    bool in_room; /* makes sense in a room only */
    const char *about;
};
extern const struct verb_row verb_rows[VERB_COUNT];
extern const struct json_shape in_shape; /* of struct in_message; bits are its fields */
#define LIVE_EMOTES                                                                               \
    "wave dance cheer laugh clap bow shrug think nod shake point thumbs beckon stop greet heart " \
    "facepalm cry sigh yawn stretch jump gasp flex shiver sway groove"
/* What a face shows as long as nothing else is chosen; the first is what everybody begins with. */
#define LIVE_MOOD_ROWS(row_) \
    row_(happy) row_(relaxed) row_(sad) row_(angry) row_(surprised) row_(doubt)
#define LIVE_MOOD_WORD(mood_) " " #mood_
#define LIVE_MOODS "calm" LIVE_MOOD_ROWS(LIVE_MOOD_WORD)
extern const char *const live_moods[]; /* ends with NULL */

/*
 * ERR_INVALID with a code as json_read() has them, live.unknown for another `t`;
 * ret->t and ret->cid may be set even then, to name what is refused.
 */
MUST_USE enum err wire_read(struct call *call, const char *text, size_t len, struct in_message *ret,
                            enum live_verb *ret_verb);

/* ---- from the server; what features tell are rows of theirs (struct live_event) ---- */

enum live_message {
    OUT_HELLO,
    OUT_ENTERED,
    OUT_QUEUED,
    OUT_JOINED,
    OUT_LEFT,
    OUT_AWAY,
    OUT_LINE,
    OUT_ACK,
    OUT_NACK,
    OUT_TYPING,
    OUT_SEAT,
    OUT_EMOTE,
    OUT_MOOD,
    OUT_LOOK,
    OUT_PLACE,
    OUT_ROOM,
    OUT_AGAIN,
    OUT_OUT,
    OUT_REFUSED,
    OUT_BYE,
    OUT_PONG,
    OUT_PRESENCE,
    OUT_COUNT,
};

struct out_me {
    const char *id, *name, *role;
};
struct out_hello {
    struct out_me me;
    int64_t hold_ms;
};
struct out_room {
    const char *id, *name, *topic, *scene, *language, *visibility;
    int64_t capacity, here;
    bool mine, moderate;
};
struct out_person {
    int64_t slot, seat;
    struct face face;
    const char *role, *mood; /* mood: NULL when calm */
    double x, z, yaw;
    bool away;
};
struct out_line {
    int64_t id, seq, at;
    const char *from, *name, *avatar, *look, *text,
        *cid; /* avatar, look: of what was said before */
    bool mine;
};
struct out_entered {
    struct out_room room;
    int64_t seq, you, since;
    bool resumed, more;
    JSON_LIST_OF(struct out_person) people;
    JSON_LIST_OF(struct out_line) lines;
};
struct out_queued {
    const char *room;
    int64_t place;
};
struct out_joined {
    struct out_person p;
};
struct out_slot { /* left, away, typing */
    int64_t slot;
    bool on;
};
struct out_ack {
    const char *cid;
    int64_t seq, id;
};
struct out_nack {
    const char *cid, *code, *text;
};
struct out_seat { /* seat, place */
    int64_t slot, seat;
    double x, z, yaw;
};
struct out_emote {
    int64_t slot;
    const char *name;
};
struct out_mood {
    int64_t slot;
    const char *mood;
};
struct out_look {
    int64_t slot;
    struct face face; /* what one wears of it */
};
struct out_room_changed {
    struct out_room room;
};
struct out_why { /* out, refused, bye */
    const char *re, *code, *text;
    int64_t in_ms;
};
struct out_pong {
    int64_t n;
};

struct out_presence {
    const char *id;
    bool online;
};

struct message_row {
    const char *t;
    const struct json_shape *shape; /* NULL: nothing but `t` */
    const char *about;
};
extern const struct message_row message_rows[OUT_COUNT];

/* The bytes of a text as JSON, with its quotes and what is escaped. */
size_t wire_text_size(const char *text);

/* The message as JSON at the end of `to`. */
void wire_write(struct buf *to, enum live_message message, const void *object);

/* A line as others are told it becomes its sender's: only its end is another, and so long. */
size_t wire_own_len(size_t len, const char *client_id);
void wire_own(uint8_t *to, const uint8_t *others, size_t len, const char *client_id);

#endif
