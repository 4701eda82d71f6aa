#ifndef LIVE_INNER_H
#define LIVE_INNER_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/heap.h"
#include "call/scene.h"
#include "live/live.h"
#include "live/wire.h"

/* Everything hangs on a reactor and is touched by its thread only, but where a lock is named. */
enum {
    ROOM_BUCKETS = 256,
    DIRECTORY_BUCKETS = 4096,
    ENDED_KEPT = 1024,
    ACCOUNT_SOCKETS_MAX = 32,
    DAY_LINES_MAX = 5000, /* of one member in all rooms, a day */
    DAY_BYTES_MAX = 1024 * 1024,
    SWEEP_BUCKETS = 64, /* of the directory, a tick */
    INBOX_MAX = 8192,   /* tells that wait for a reactor; then "fetch again" */
    QUEUE_MAX = 500,    /* who waits before a full room */
    PENDING_MAX = 500,  /* who waits for the answer to "may I come in" */
    RECENT_MAX = 256,   /* lines a room remembers beyond those not yet stored */
    UNSTORED_MAX = 512,
    LINES_MAX = 1024, /* RECENT_MAX + UNSTORED_MAX, a power of two */
    HISTORY_LINES = 50,
    SEND_CAP = 256 * 1024,    /* bytes a member may be behind */
    ENTERED_MAX = 192 * 1024, /* of one `entered`, so that more can come before it is read */
    STALE_CAP = 32 * 1024,    /* beyond this, ticks are left out for a member */
    SCRATCH_MAX = 4 * 1024 * 1024,
    ASK_ARENA_MAX = 8 * 1024 * 1024, /* as much as any call may take */
    CLIENT_ID_MAX = 32,
    CAREFUL_MAX = 16,
    LINE_POINTS_MAX = 1000,
    LINE_BYTES = 4 * LINE_POINTS_MAX,
    NAME_BYTES = 128, /* of a person: 32 characters */
    AVATAR_BYTES = 32,
    VISIBILITY_BYTES = 16,
    TITLE_BYTES = 240, /* of a room: 60 */
    TOPIC_BYTES = 480, /* the same: 120 */
    LINE_WIRE = 312,   /* a line as JSON, beyond its name and text, at most */
    PERSON_WIRE = 360, /* the same of a person */
    ROOM_WIRE = 1024,  /* and of all else in `entered` */
    SLOT_WORDS = 4,
    ONLINE_TICKS = 4, /* between two looks at who came or went */
};
_Static_assert(ROOM_WIRE + 6 * (TITLE_BYTES + TOPIC_BYTES) +
                       LIVE_SLOTS * (PERSON_WIRE + 2 * NAME_BYTES) + 6 * LINE_BYTES <=
                   ENTERED_MAX,
               "a full room fits, and a line");
/* Who comes or goes is told when it has stayed so for a moment; coming again soon, later. */
enum { ONLINE_QUIET_MS = 1000, ONLINE_AGAIN_MS = 10 * 1000 };
enum { HOLD_MS = 60 * 1000, TYPING_MS = 6 * 1000, LAG_MS = 1000, CAREFUL_MS = 60 * 1000 };
enum { DAY_MS = 24 * 60 * 60 * 1000 };
enum { ENDED_MS = 60 * 1000, ACCOUNT_MS = 60 * 1000 }; /* the second: above every rate's time */
enum { CODE_CROWDED = 1013, CODE_SIGNED_OUT = 4401, CODE_ACCOUNT_ENDED = 4403, CODE_AGAIN = 4410 };

/* A set of slots. */
struct slots {
    uint64_t words[SLOT_WORDS];
};

static inline bool slots_has(const struct slots *set, unsigned slot)
{
    return set->words[slot / 64] >> slot % 64 & 1;
}

static inline void slots_put(struct slots *set, unsigned slot, bool in)
{
    ASSERT_CODE(slot < SLOT_WORDS * 64);
    uint64_t bit = UINT64_C(1) << slot % 64;
    set->words[slot / 64] = in ? set->words[slot / 64] | bit : set->words[slot / 64] & ~bit;
}

static inline bool slots_any(const struct slots *set)
{
    return (set->words[0] | set->words[1] | set->words[2] | set->words[3]) != 0;
}

static inline bool slots_meet(const struct slots *a, const struct slots *b)
{
    return ((a->words[0] & b->words[0]) | (a->words[1] & b->words[1]) |
            (a->words[2] & b->words[2]) | (a->words[3] & b->words[3])) != 0;
}

struct room;
struct member;
struct reactor;

enum stage {
    STAGE_LOBBY,   /* no room */
    STAGE_MOVING,  /* on the way to another reactor: nobody's */
    STAGE_PENDING, /* asked whether it may come in */
    STAGE_QUEUED,  /* may, but the room is full */
    STAGE_IN,
    STAGE_CLOSING, /* closed by us; waits for `gone` */
};

/* Where somebody wants to go, until they are in. */
struct wish {
    char room[PUBLIC_ID_LEN + 1];
    bool resume, recheck; /* the second: queued, and the door may say something else by now */
    int64_t seq;
    struct slots unseen; /* queued: whom in the room they do not perceive */
    int64_t *apart;      /* and whom of all; lost: there was no memory for it, they count nobody */
    uint32_t apart_count, place, told; /* queued: which place it is, and which they know */
    bool apart_lost, invisible;
};

struct live_peer {
    struct live_sock *sock;  /* what fan-out looks at comes first */
    struct reactor *reactor; /* where it is, or is moving to; changed under directory_lock */
    bool lost;     /* no memory for what it is told: closed at the end of the turn, it comes back */
    uint8_t stage; /* enum stage */
    bool turn_came; /* pending from the queue: a place is kept */
    bool over;      /* signed out: its end is no lost connection */
    bool counted;   /* among who is online */
    bool resident;  /* of a demo: moved by a script */
    char language[LANGUAGE_MAX];
    int64_t account_id, session_id;
    struct room *room;       /* pending, queued, in */
    struct member *member;   /* in */
    struct live_peer *next;  /* the room's pending or queue */
    struct wish *wish;       /* moving, pending, queued */
    struct account *account; /* NULL: no memory, or one socket too many */
    int64_t ends_ms;         /* its sign-in, as known when it came; 0 never */
    /* directory_lock */
    bool missed; /* something could not be told */
    int ended;   /* a closing code that must be carried out */
    struct live_peer *directory_next;
};

/* Somebody with sockets, or with one up to a minute ago: what they may do counts for all. */
struct account {
    struct account *next; /* the bucket */
    int64_t id, gone_ms;
    unsigned sockets;
    /* Without directory_lock: */
    _Atomic uint32_t rates[RATE_COUNT - 1]; /* wire.h; of what has one */
    _Atomic uint32_t day;                   /* of what was said on it: */
    _Atomic uint32_t day_lines, day_bytes;
};

/* A line that may have been said before: the store is asked first, one by one. */
struct careful {
    struct careful *next;
    char client_id[CLIENT_ID_MAX + 1];
    char text[];
};

struct member {
    /* what fan-out looks at */
    struct room *room;
    struct live_peer *peer; /* NULL: connection lost, seat and presence kept */
    int32_t credit;         /* bytes until its queue is looked at again */
    uint8_t slot, seat, colours_count;
    uint8_t number; /* what others know the slot by: chance, tells of nobody else */
    bool too_slow : 1, place_due : 1, full_due : 1, admin : 1;
    uint8_t flags, told_flags, mood; /* mood: of live_moods */
    bool invisible;                  /* not counted for who is not in */
    bool unseen_lost;    /* one could not be remembered: nobody who is not in is perceived */
    struct slots hidden; /* whom it does not perceive */
    struct slots stale;  /* whose place it does not have as of the last tick */
    int64_t account_id, key_id, away_until_ms, typing_until_ms, careful_until_ms;
    int64_t path, path_ms;   /* units it may walk at once; as of then */
    struct careful *careful; /* the first is being asked about */
    int64_t *unseen;         /* accounts that are not in now and that it does not perceive */
    uint32_t unseen_count;
    uint32_t sat; /* when it sat down: a chair is the last one's, for whom it perceives */
    char *name;   /* and behind it, in the same block: */
    char *avatar; /* and behind that what they look like: member_look_id() */
    struct scene_spot at, told; /* now; as of the last tick */
    uint8_t colours[JSON_NUMBERS_MAX];
    char public_id[PUBLIC_ID_LEN + 1];
};

struct line {
    int64_t seq, at_ms, sender_id, key_id;
    char from[PUBLIC_ID_LEN + 1];
    char client_id[CLIENT_ID_MAX + 1];
    int64_t first_seq; /* the number it is stored under; another one, if said before */
    bool stored, failed;
    bool nobody; /* its writer's account has ended: shown to nobody */
    struct room *room;
    struct line *next_unsaved; /* the reactor's, in the order of numbers */
    const char *name, *avatar; /* behind the struct, as are text and look: when it was said */
    const char *text;
};

enum room_state { ROOM_NEW, ROOM_LOADING, ROOM_OPEN };

struct room {
    struct room *next; /* the reactor's bucket */
    struct reactor *reactor;
    enum room_state state;
    int64_t id, owner_id, capacity, seq; /* seq: the last number, or born: */
    int64_t born;                        /* numbers up to this one are of lives before */
    int64_t forgotten; /* lines up to this number may be stored that are not remembered */
    int64_t ahead_ms;  /* what its numbers call now, beyond steady_ms */
    char public_id[PUBLIC_ID_LEN + 1];
    char name[TITLE_BYTES + 1], topic[TOPIC_BYTES + 1], language[LANGUAGE_MAX + 1];
    char visibility[VISIBILITY_BYTES + 1];
    const struct scene *scene;
    struct member *members[LIVE_SLOTS + 1]; /* by slot; the last is always NULL */
    unsigned count, high;                   /* members; one beyond the highest slot in use */
    uint8_t order[LIVE_SLOTS];              /* slots of members, by the number that is told */
    uint8_t seats[SCENE_SEATS_MAX + 1];     /* by number: how many sit there; 0 unused */
    uint32_t sat;                           /* so often somebody sat down */
    struct live_peer *pending, *queue;
    unsigned pending_count, queue_count, reserved, unstored; /* the last: of its lines */
    bool recount;               /* who waits may have other places: they perceive others */
    struct live_ask *admitting; /* one at a time: pairs can't be missed */
    struct live_peer *asked[LIVE_ADMIT_MAX]; /* whom it is about; NULL: gone meanwhile */
    bool recheck, rechecking;                /* its row changed; it is asked about */
    bool gone;                               /* the store has it not */
    struct slots recheck_slots;              /* and who in it did */
    bool recheck_queue;                      /* and some who wait */
    /* what was said: a ring of `lines_cap` (a power of two) from `lines_first` */
    struct line **lines;
    struct line_mark *lines_marks;
    size_t lines_cap, lines_first, lines_count;
    bool resting, telling; /* may be empty; was told in this turn, the last to all as `told` */
    struct room *rest_next, *telling_next;
    struct live_frame *told;
    /* presence_lock */
    struct room *present_next, **present_back;
    int64_t accounts[LIVE_SLOTS];
    size_t accounts_count;
};

enum post_kind {
    POST_ANSWER,
    POST_TELL,
    POST_PRESENCE,
    POST_ENDED,
    POST_ACCOUNT_ENDED,
    POST_ACCOUNT_CHANGED,
    POST_PARTED,
    POST_CONTACT_CHANGED,
    POST_ROOM_CHANGED,
    POST_ROOM_REMOVED,
    POST_DRAIN,
};

struct post {
    struct post *next;
    enum post_kind kind;
    int64_t account_id, id;
    struct live_ask *ask;
    int64_t *ids; /* presence: who is told; behind the text */
    size_t ids_count;
    char json[]; /* tell, presence */
};

struct reactor {
    struct live *live;
    int number;
    int64_t now_ms;    /* what is written down, and when a sign-in ends */
    int64_t steady_ms; /* all spans: somebody may set the other one */
    uint64_t ticks;
    struct arena *scratch; /* one message at a time */
    struct room *rooms[ROOM_BUCKETS];
    struct room *telling, *resting; /* these: freed if still empty at the end of the turn */
    struct line *unsaved, **unsaved_end;
    bool saving;
    unsigned alone;     /* so many lines are stored one by one, to find the bad one */
    unsigned slow;      /* members to be sent away at the end of the turn */
    bool lost;          /* and peers to be closed then */
    atomic_bool missed; /* some of its peers have missed something */
    atomic_bool deaf;   /* a post to it could not be made */
    struct rng rng;
    /* inbox_lock */
    pthread_mutex_t inbox_lock;
    struct post *inbox, **inbox_end;
    size_t inbox_count;
    bool woken;
};

/* An account that has a socket, or had one a moment ago, or is shown as online (online.c). */
struct online {
    struct online *next;     /* the bucket */
    struct online *due_next; /* of those to be looked at */
    int64_t account_id;
    int64_t until_ms; /* without a socket: held until then */
    int64_t due_ms;   /* looked at, not before */
    int64_t told_ms;  /* when friends were told of its going */
    unsigned sockets;
    bool due : 1;   /* is among those to be looked at */
    bool asked : 1; /* the store is being asked who may know */
    bool again : 1; /* what it is asked about has changed meanwhile */
    bool force : 1; /* asked about even if nothing is to be seen here: a choice has changed */
    bool shown : 1; /* what friends were told last, and lists say */
};

/* What lies idle by the ten thousand just fills its blocks of the heap (16 n - 8 bytes). */
_Static_assert(sizeof(struct live_peer) <= 120 && sizeof(struct member) <= 248 &&
                   sizeof(struct account) <= 88 && sizeof(struct online) <= 56,
               "none takes a block more");

/* Ended a moment ago: a socket whose sign-in was checked before that may still come. */
struct ended {
    bool session; /* else an account */
    int64_t id, at_ms, wall_ms;
    int code;
};

struct live {
    struct live_options options;
    struct reactor *reactors;
    pthread_mutex_t directory_lock; /* holds directory and what struct live_peer says */
    struct live_peer *directory[DIRECTORY_BUCKETS];
    struct account *accounts[DIRECTORY_BUCKETS];
    struct ended ended[ENDED_KEPT];
    size_t ended_next, swept;      /* the next to be written, and bucket to be looked at */
    int64_t latest_ms;             /* that the clock on the wall has ever shown */
    pthread_mutex_t presence_lock; /* holds present and what struct room says */
    struct room *present;
    pthread_mutex_t online_lock; /* holds the next four and what struct online says */
    struct online *online[DIRECTORY_BUCKETS];
    struct online *due, **due_end;
    bool knowing; /* one question at a time */
    atomic_bool draining;
    atomic_uint_fast64_t peers, rooms, people, queued, lines, unstored, ticks, slow, refused;
};

static inline void reactor_wake(struct reactor *reactor)
{
    const struct live_link *link = &reactor->live->options.link;
    reactor->now_ms = link->now_ms(link->ctx, reactor->number);
    reactor->steady_ms = link->steady_ms(link->ctx);
}

/* Of the directory, and of who is online. */
static inline size_t account_bucket(int64_t account_id)
{
    return (uint64_t)account_id * UINT64_C(0x9e3779b97f4a7c15) >> 52;
}
_Static_assert(DIRECTORY_BUCKETS == 1 << (64 - 52), "the hash's upper bits choose the bucket");

/* post.c: between reactors and from outside */
/* NULL, for want of memory: at the next tick the reactor looks at all that a post can change. */
void post_put(struct reactor *reactor, struct post *post, bool always);
struct post *post_new(enum post_kind kind, int64_t account_id, int64_t id, const char *json);
void post_drain(struct reactor *reactor);
void post_catch_up(struct reactor *reactor);
void presence_update(struct room *room);

/* directory.c: account -> its sockets */
/* 0, or the closing code: its sign-in has ended a moment ago, or it is one socket too many. */
int directory_add(struct live_peer *peer);
void directory_remove(struct live_peer *peer);
void directory_move(struct live_peer *peer, struct reactor *to);
/* After a move: carries out what happened on the way; false: the peer is being closed. */
bool directory_arrived(struct live_peer *peer);
/* To all sockets of an account on this reactor; *frame is made once and dropped by the caller. */
void directory_send(struct reactor *reactor, int64_t account_id, const char *json,
                    struct live_frame **frame);
/* Which reactors have sockets of this account: bits. */
uint64_t directory_where(struct live *live, int64_t account_id);
/* Its sockets on this reactor have missed something. */
void directory_missed(struct live *live, const struct reactor *reactor, int64_t account_id);
/* Marks first: a socket on its way to another reactor, or just being made, does not slip by. */
void directory_mark_ended(struct live *live, bool session, int64_t id, int code);
/* A part of it a tick: sign-ins that are over by time, accounts that have been gone for long. */
void directory_sweep(struct reactor *reactor);
void directory_free(struct live *live);
/* Closes the marked sockets of a session or a whole account; NULL: all marked or lost. */
void directory_end(struct reactor *reactor, const struct post *post);
void directory_again(struct reactor *reactor); /* tells those who have missed something */

/* online.c */
void online_come(struct live_peer *peer);
void online_go(struct live_peer *peer);
/* A choice (`force`) or a block has changed what friends may know of them. */
void online_changed(struct live *live, int64_t account_id, bool force);
void online_tick(struct reactor *reactor);
void online_answer(struct reactor *reactor, struct live_ask *ask);
void online_told(struct reactor *reactor, const struct post *post);
void online_free(struct live *live);

/* peer.c */
bool peer_may(struct live_peer *peer, enum live_rate rate); /* one more message of that kind? */
void peer_refuse(struct live_peer *peer, const char *re, const char *code);
void peer_out(struct live_peer *peer, const char *code);
void peer_close(struct live_peer *peer, int code, const char *reason);
/* It could not be told something and is told nothing any more, lest it believe it knew all. */
void peer_lose(struct live_peer *peer);
void peer_send(struct live_peer *peer, enum live_message message, const void *object);
const char *peer_sentence(const struct live_peer *peer, const char *code);

/* enter.c: the way in */
void enter_room(struct live_peer *peer, const struct wish *wish);
/* Out of room, queue and waiting; `stay`: a lost connection, presence is kept. */
void enter_leave(struct live_peer *peer, bool stay);
void enter_go_on(struct room *room);
/* What was asked about this account (0: about all), also for the queue, may be old news. */
void enter_ask_again(struct room *room, int64_t account_id);
void enter_refuse(struct live_peer *peer, const char *code);
void enter_refuse_pending(struct room *room, const char *code);
void enter_show(struct room *room, struct member *member, const struct wish *wish, int64_t since);
void enter_settled(struct live_peer *peer, enum stage stage);

/* admit.c: answers */
void enter_loaded(struct room *room, struct live_ask *ask);
void enter_admitted(struct room *room, struct live_ask *ask);

/* room.c: the room and its people */
struct room *room_find(struct reactor *reactor, const char *public_id);
struct room *room_by_id(struct reactor *reactor, int64_t id);
struct room *room_make(struct reactor *reactor, const char *public_id); /* NULL: no memory */
/* It may be empty now.  It is freed at the end of a turn or tick only, where nobody up the stack
 * holds it: whatever a handler calls, its room stays until it returns. */
void room_rest(struct room *room);
void room_sweep_empty(struct reactor *reactor);
void room_free(struct room *room);
bool room_facts(struct room *room, const struct live_facts *facts);
struct member *room_member(const struct room *room, int64_t account_id);
bool room_rechecks(const struct room *room); /* is anything to be asked about once more? */
struct member *room_join(struct room *room, const struct live_verdict *verdict); /* the same */
/* Whom of those in it somebody does not perceive, by the answer to a question about them. */
void room_unseen(const struct room *room, int64_t account_id, const struct live_admit_out *admitted,
                 struct slots *ret);
void room_part(struct room *room, int64_t one, int64_t other); /* they are hidden at once */
bool room_pair_hidden(const struct live_admit_out *admitted, int64_t viewer, int64_t subject);
void room_leave(struct room *room, struct member *member); /* frees the member */
void member_free(struct member *member);
const char *member_look_id(const struct member *member);                     /* "" for none */
bool member_wear(struct member *member, const struct live_verdict *verdict); /* has it changed? */
/* Of everybody's lines and presence: does the viewer perceive that account? */
bool room_perceives(const struct room *room, const struct member *viewer, int64_t account_id);
/* Fills the matrix for one who came or changed; `told`: the others hear of it one by one. */
void room_perceive(struct room *room, struct member *member, const struct live_ask *ask, bool told);

/* tell.c */
struct live_frame *tell_frame(struct reactor *reactor, enum live_message message,
                              const void *object, size_t *ret_len); /* NULL: no memory */
void tell_ends(struct reactor *reactor); /* at the end of a turn or tick */
void room_snapshot(struct room *room, struct member *viewer, bool resume, int64_t since);
void room_tell_facts(struct room *room);
void room_tell_joined(struct room *room, struct member *member);
unsigned room_here(const struct room *room, const struct member *viewer);
/* To all who perceive `subject`, but not to `except`. */
void room_cast(struct room *room, const struct member *subject, const struct member *except,
               enum live_message message, const void *object);
void room_cast_line(struct member *member, const struct line *line); /* and to its writer */
void member_send(struct member *member, struct live_frame *frame, size_t len); /* NULL: lost */
void member_too_slow(struct member *member);
void member_tell(struct member *member, enum live_message message, const void *object);
struct out_person member_face(const struct member *member, const struct member *viewer);
struct out_seat member_place(const struct member *member, const struct member *viewer);
struct out_look member_look(const struct member *member);
double turn_radians(uint8_t yaw);
void room_sweep_slow(struct reactor *reactor);

/* act.c: seats, emotes, moods, typing */
void act_sit(struct member *member, int64_t number);
void act_stand(struct member *member);
/* Who sits on a chair that somebody else took whom the viewer perceives: shown beside it. */
bool act_beside(const struct member *member, const struct member *viewer);
struct scene_spot act_spot(const struct member *member, const struct member *viewer);
/* `one` came to that chair, or left it, or its viewer: how the others on it are shown now. */
void act_share(struct room *room, unsigned seat, const struct member *one);
void act_share_with(struct member *viewer, unsigned seat, const struct member *one);
/* Two who perceive each other do not stay on one chair: the earlier gets up. */
void act_part(struct member *one, struct member *other);
void act_emote(struct member *member, const char *name);
void act_mood(struct member *member, const char *mood);
void act_typing(struct member *member, bool on);

/* move.c */
void move_to(struct member *member, const uint8_t *bytes);
/* Told by a message: nobody can add a step to the place before. */
void move_placed(struct member *member);
void move_tick(struct room *room);

/* chat.c, save.c */
void chat_say(struct member *member, const char *client_id, const char *text);
void chat_number(struct member *member, const char *client_id, const char *text);
bool chat_load(struct room *room, const struct live_load_out *loaded); /* false: no memory */
void chat_forget(struct room *room, int64_t account_id);
void chat_trim(struct room *room);
void chat_free(struct room *room);
struct line *chat_find(const struct room *room, int64_t sender_id, const char *client_id);
bool chat_busy(const struct room *room);
void chat_ack(struct member *member, const char *client_id, int64_t seq);
void chat_nack(struct member *member, const char *client_id, const char *code);
struct line *chat_at(const struct room *room, size_t i);
struct out_line chat_face(const struct line *line, int64_t viewer_account);
void save_add(struct reactor *reactor, struct line *line);
void save_go_on(struct reactor *reactor);
void save_answer(struct reactor *reactor, struct live_ask *ask);
void save_ask_said(struct member *member, const char *client_id, const char *text);
void save_forget_careful(struct member *member);
void save_said(struct reactor *reactor, struct live_ask *ask);
struct live_ask *ask_new(struct reactor *reactor, enum live_ask_kind kind); /* NULL: no memory */
void ask_free(struct live_ask *ask);

#endif
