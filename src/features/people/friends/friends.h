#ifndef FEATURES_FRIENDS_FRIENDS_H
#define FEATURES_FRIENDS_FRIENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/contact/contact.h"
#include "features/common/faces/faces.h"
#include "features/talk/rooms/rooms.h"
#include "privacy/sealed.h"

/*
 * Friends: who asked whom, who is whose, who of them is online and where; and finding
 * people by name.
 *  - A request waits until it is accepted, refused or withdrawn.  Whoever was refused cannot
 *    tell: every answer, list and count is that of a request that waits.  Asked again too
 *    soon after a refusal, nobody is told, and whoever asked cannot tell that either.
 *  - Whoever asks is a stranger, and the caution comes with every request.  A minor reads their
 *    words after accepting; nobody else's answers tell that they wait.
 *  - Two who asked each other are friends.
 *  - A block ends friendship and requests (blocks calls friends_part).
 *  - Online is who has a socket and is not invisible (live/, by call->presence).
 *  - Not here: who may have to do with whom (contact), profiles, messages.
 */
enum {
    FRIENDS_MAX = 5000,
    FRIENDS_SENT_MAX = 100,     /* requests of one's own that are open */
    FRIENDS_SENT_A_DAY = 30,    /* times that somebody may ask, a day */
    FRIENDS_WAITING_MAX = 1000, /* that wait for one person's answer; the oldest give way */
    FRIENDS_SHOWN_A_DAY = 50,   /* of these, that came within a day; more bring no notice */
    FRIENDS_NOTE_MAX = 200,
    FRIENDS_PAGE = 100,
    FRIENDS_ASKED_PAGE = 25,
    FRIENDS_FOUND_PAGE = 20,
    FRIENDS_FOLD_MAX = 400,   /* bytes of a folded name */
    FRIENDS_SEARCH_MAX = 32,  /* characters that are looked for */
    FRIENDS_WORDS_MAX = 16,   /* words of a name that it is found by */
    FRIENDS_WORDS_BATCH = 16, /* names, a run of the job */
};
#define FRIENDS_AGAIN_MS INT64_C(2592000000) /* 30 days: asking again before is no news */

/*
 * What the two are to each other, as $1 of a statement sees an account named `a`; for
 * whoever shows people.  A refusal is not to be seen in it.
 */
#define FRIENDS_RELATIONS "none friend asked asking"
#define FRIENDS_RELATION                                                                     \
    "CASE WHEN EXISTS (SELECT 1 FROM friendship x WHERE x.account_id = $1 AND x.friend_id =" \
    " a.id) THEN 'friend' WHEN EXISTS (SELECT 1 FROM friend_request x WHERE x.from_id = $1"  \
    " AND x.to_id = a.id AND x.withdrawn = 0) THEN 'asked' WHEN EXISTS (SELECT 1 FROM"       \
    " friend_request x WHERE x.from_id = a.id AND x.to_id = $1 AND x.withdrawn = 0"          \
    " AND x.refused_ms IS NULL AND NOT " CONTACT_KEPT("$1") ") THEN 'asking' ELSE 'none' END"

/* ---- requests (friends.c); each ends with ERR_MISSING people.none for whom one cannot see ---- */

struct friends_asked {
    const char *id, *name, *relation; /* "asked", or "friend" when both had asked */
    int64_t at_ms;
};

/*
 * `note` is sealed with the asker's key, or none.  ERR_CONFLICT friends.self,
 * friends.already; ERR_LIMIT friends.sent, friends.many (one's own list is full),
 * friends.later (the other can take no more: it does not say why).
 */
MUST_USE enum err friends_ask(struct call *call, const char *id, struct sealed note,
                              struct friends_asked *ret);
/* A refused one, too: whoever refused may think again.  ERR_LIMIT as above. */
struct friends_accepted {
    const char *name, *note;
    struct sealed sealed;
};
MUST_USE enum err friends_accept(struct call *call, const char *id, struct friends_accepted *ret);
/* In `finish`: their words, at last. */
MUST_USE enum err friends_accept_open(struct call *call, struct friends_accepted *one);
MUST_USE enum err friends_refuse(struct call *call, const char *id);
MUST_USE enum err friends_withdraw(struct call *call, const char *id);
MUST_USE enum err friends_remove(struct call *call, const char *id);
MUST_USE enum err friends_favour(struct call *call, const char *id, bool favourite);
/* A block: nothing is left between the actor and the other, and nobody is told. */
MUST_USE enum err friends_part(struct call *call, int64_t other, const char *other_public_id);

/* ---- lists (friends_list.c) ---- */

struct friends_one {
    int64_t account_id;
    struct face face;
    bool favourite, online, may_write;
    bool joins;                      /* their choice: they tell where they are */
    const char *room_id, *room_name; /* where they are, if the actor may follow; or NULL */
    int64_t since_ms;
};
/* A page; `next` NULL at its end.  `who`: presence, read in `prepare`; `online` is filled by
 * friends_online in `finish`. */
MUST_USE enum err friends_list(struct call *call, const struct rooms_who *who, const char *after,
                               struct friends_one **ret, size_t *ret_count, const char **ret_next);
void friends_online(struct call *call, struct friends_one *all, size_t count);

struct friends_request {
    struct face face;
    const char *note;
    int64_t at_ms;
    bool waits; /* the note is there after accepting */
    struct sealed sealed;
};
/* Who asks me, a page, the newest first; friends_open opens the notes in `finish`. */
MUST_USE enum err friends_asking(struct call *call, const char *after, struct friends_request **ret,
                                 size_t *ret_count, const char **ret_next);
MUST_USE enum err friends_open(struct call *call, struct friends_request *all, size_t count);
/* Whom I asked, the newest first. */
MUST_USE enum err friends_asks(struct call *call, struct friends_request **ret, size_t *ret_count);

/* ERR_MISSING friends.elsewhere, whatever the reason. */
MUST_USE enum err friends_room(struct call *call, const struct rooms_who *who, const char *id,
                               const char **ret_id, const char **ret_name);

/* ---- people by name (friends_people.c) ---- */

/* A name, or the beginning of one, as it is looked for; "" when nothing is left.  ICU works
 * here: not in `apply`. */
MUST_USE enum err friends_fold(struct call *call, const char *name, const char **ret);

struct friends_found {
    struct face face;
    const char *relation;
};
MUST_USE enum err friends_find(struct call *call, const char *fold, const char *after,
                               struct friends_found **ret, size_t *ret_count,
                               const char **ret_next);

/* Names that are new or have changed: looked up, folded, put where they are found. */
struct friends_words {
    struct {
        int64_t id;
        const char *name, *fold;
    } names[FRIENDS_WORDS_BATCH];
    size_t count;
};
MUST_USE enum err friends_words_look(struct call *call, struct friends_words *ret);
MUST_USE enum err friends_words_prepare(struct call *call, struct friends_words *words);
MUST_USE enum err friends_words_apply(struct call *call, const struct friends_words *words);

/* ---- what live asks (live/ask.h): who is told when somebody comes or goes ---- */

struct api_route;
extern const struct api_route friends_known_route;
struct live_know_in;
struct live_know_out;
MUST_USE enum err friends_know(struct call *call, const struct live_know_in *asked,
                               struct live_know_out *answer);

extern const struct live_event friends_events[];

/* ---- `bauta demo` ---- */
MUST_USE enum err friends_demo(struct call *call);

#endif
