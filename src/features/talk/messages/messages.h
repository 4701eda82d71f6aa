#ifndef FEATURES_MESSAGES_MESSAGES_H
#define FEATURES_MESSAGES_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "call/json.h"
#include "features/common/captures/captures.h"
#include "features/common/faces/faces.h"
#include "privacy/sealed.h"

/*
 * Messages: conversations between two members, or in a group of up to 20.
 *  - Whoever is no friend lands in the request box and says at most three things until they are
 *    accepted, which is an act of its own; a minor sees that something waits and not the words.
 *    Nobody writes to whom contact.h says no, however long they have written.
 *  - Everybody accepts a group for themselves.  Who refuses is not asked again for a while; who
 *    asks sees none of it.
 *  - A block takes the conversation of the two away from both, with its messages, and so does the
 *    end of one account; in a group they do not notice each other.  Unblocking brings it back.
 *  - A body is sealed with its writer's key for this conversation, and that with the writer's own:
 *    erasing one person takes their words and no others (docs/decisions/0013-messages.md).
 *  - A message is there when it is answered, once: the same client id is the same message.
 *  - Forgetting is for oneself; when nobody is left who can see a message it is deleted.
 *  - Not here: blocks, ages, who may write to whom (contact), mail and push (notices).
 */
enum {
    MESSAGES_PAGE = 50,
    MESSAGES_PAGE_MAX = 100,
    MESSAGES_LIST = 30,
    MESSAGES_PEOPLE_MAX = 20, /* in a group, its maker too */
    MESSAGES_TEXT_MAX = 2000, /* code points */
    MESSAGES_NAME_MAX = 60,
    MESSAGES_CID_MAX = 32,
    MESSAGES_MENTIONS_MAX = 10,
    MESSAGES_REACTIONS_MAX = 8,           /* kinds; each of a person at most once */
    MESSAGES_UNREAD_MAX = 100,            /* counted no further */
    MESSAGES_KEPT_MAX = 2000,             /* conversations of a member who begins one more */
    MESSAGES_NEW_MAX = 30,                /* begun in a day */
    MESSAGES_NEW_FEW = 10,                /* by a minor, or in the first day of an account */
    MESSAGES_ADDED_DAY = 50,              /* times that somebody adds people to groups */
    MESSAGES_REQUEST_MAX = 3,             /* said before it is accepted */
    MESSAGES_BOX_MAX = 50,                /* requests that wait; the oldest go */
    MESSAGES_ASKED_DAY = 20,              /* so many a day are told of by a notice */
    MESSAGES_DAY_SAID = 4000,             /* by one member in a day, UTC; changes count, too */
    MESSAGES_DAY_BYTES = 2 * 1024 * 1024, /* as they are stored */
    MESSAGES_EDIT_MS = 15 * 60 * 1000,
    MESSAGES_QUERY_MIN = 2,
    MESSAGES_QUERY_MAX = 64,
    MESSAGES_FOUND_MAX = 30,
};
/* So long a refusal holds, and who was asked into a group stands in its list of people. */
extern const int64_t MESSAGES_ASKED_MS;
#define MESSAGES_EMOJI "👍 ❤️ 😂 😮 😢 🙏 🎉 👏"

struct messages_mention {
    const char *id, *name;
};
struct messages_reaction {
    const char *emoji;
    int64_t count;
    bool mine;
};
struct messages_message {
    int64_t seq, at, edited_ms, reply;
    const char *from, *name, *text, *cid;
    JSON_LIST_OF(struct messages_mention) mentions;
    JSON_LIST_OF(struct messages_reaction) reactions;
    bool gone, mine;
    bool waits; /* no words before the reader accepts */
};
struct messages_mark {
    const char *id;
    int64_t seq;
};
struct messages_conversation {
    const char *id, *kind, *name, *state, *asked_by;
    JSON_LIST_OF(struct face) people;
    JSON_LIST_OF(struct messages_mark) reads;
    int64_t unread, last_ms;
    bool mine, muted, may_write;
    struct messages_message last;
};
JSON_SHAPE_SHARED(messages_message_shape, struct messages_message);
extern const struct live_event messages_events[];
extern const struct capture_kind messages_captures[]; /* what can be reported */

/* As it comes from the store: `message` has all but the text. */
struct messages_sealed {
    struct messages_message message;
    const char *conversation; /* public id */
    int64_t sender_id;
    const char *client_id;
    struct sealed key;  /* the writer's for this conversation, by the writer's own */
    struct sealed body; /* by that one */
};

/* ---- sealing (messages_seal.c): outside of `apply` ---- */

/* A new key for that member in that conversation.  ERR_MISSING keys.burned. */
MUST_USE enum err messages_key_new(struct call *call, const char *conversation, int64_t key_id,
                                   struct sealed *ret);
/* `row` tells apart what one writer says: a client id, or "name". */
MUST_USE enum err messages_seal(struct call *call, const char *conversation,
                                const struct sealed *key, const char *row, const char *text,
                                struct sealed *ret);
/* Opens all, each writer's key once.  Without text stays what was taken back or whose key burned.
 */
MUST_USE enum err messages_open(struct call *call, struct messages_sealed *all, size_t count);
/* White space at the ends goes.  ERR_INVALID when nothing is left that can be seen. */
MUST_USE enum err messages_trim(struct call *call, const char *text, const char *field,
                                const char **ret);

/* ---- conversations (messages.c) ---- */

/* Whom a new conversation is with, looked up before their keys are made. */
struct messages_opening {
    const char *const *people; /* public ids */
    size_t people_count;
    const char *name; /* trimmed, or NULL */
    char id[PUBLIC_ID_LEN + 1];
    /* found by messages_open_look: the opener is the last of them */
    int64_t ids[MESSAGES_PEOPLE_MAX], key_ids[MESSAGES_PEOPLE_MAX];
    size_t count;
    struct sealed keys[MESSAGES_PEOPLE_MAX], sealed_name;
    const char *made; /* which one it is */
};
/* ERR_MISSING people.none when one of them is not there. */
MUST_USE enum err messages_open_look(struct call *call, struct messages_opening *opening);
MUST_USE enum err messages_open_seal(struct call *call, struct messages_opening *opening);
/* ERR_DENIED messages.not_now: they chose so.  ERR_LIMIT messages.many. */
MUST_USE enum err messages_start(struct call *call, struct messages_opening *opening);

/* What is still sealed of a list of conversations: last messages and names. */
struct messages_listed {
    struct messages_conversation *all;
    struct messages_sealed *last, *names;
    size_t count;
    const char *next;
    int64_t requests;
};
MUST_USE enum err messages_list(struct call *call, bool requests, const char *after,
                                struct messages_listed *ret);
/* ERR_MISSING messages.none, as everywhere below, for what is not there or not one's own. */
MUST_USE enum err messages_one(struct call *call, const char *id, struct messages_listed *ret);
MUST_USE enum err messages_list_open(struct call *call, struct messages_listed *listed);

MUST_USE enum err messages_mute(struct call *call, const char *id, bool muted);
/* The conversation, and in a group whoever came into it since.  ERR_DENIED messages.not_now: one's
 * parents do not allow it.  ERR_LIMIT messages.full. */
MUST_USE enum err messages_accept(struct call *call, const char *id);
MUST_USE enum err messages_forget(struct call *call, const char *id);

/* ---- groups (messages_group.c): by their maker, who alone has the key of the name ---- */

MUST_USE enum err messages_rename(struct call *call, const char *id, const struct sealed *name);
MUST_USE enum err messages_add(struct call *call, const char *id,
                               const struct messages_opening *who);
MUST_USE enum err messages_remove(struct call *call, const char *id, const char *person);

/* ---- writing (messages_send.c) ---- */

struct messages_send {
    const char *id, *cid, *text;
    int64_t reply; /* 0: none */
    const char *const *mentions;
    size_t mentions_count;
    struct sealed key; /* look */
    struct sealed body;
    struct messages_sealed sent; /* the message, or the first one of this cid: then it is sealed */
};
/* The writer's own key in that conversation; none there is no error. */
MUST_USE enum err messages_key_look(struct call *call, const char *id, struct sealed *ret);
MUST_USE enum err messages_put(struct call *call, struct messages_send *send);

struct messages_change {
    const char *id;
    int64_t seq;
    const char *text, *client_id;
    struct sealed key;
    struct sealed body;
};
/* ERR_MISSING for what is not one's own, ERR_CONFLICT messages.late after 15 minutes. */
MUST_USE enum err messages_change_look(struct call *call, struct messages_change *change);
MUST_USE enum err messages_edit(struct call *call, const struct messages_change *change,
                                struct messages_message *ret);
MUST_USE enum err messages_take_back(struct call *call, const char *id, int64_t seq);
MUST_USE enum err messages_react(struct call *call, const char *id, int64_t seq, const char *emoji,
                                 bool on);

/* ---- reading (messages_read.c) ---- */

struct messages_asked {
    const char *id;
    int64_t before, after, around, limit; /* 0: not asked */
};
struct messages_page {
    struct messages_sealed *all; /* oldest first */
    size_t count;
    int64_t before, after; /* 0: nothing more there */
};
MUST_USE enum err messages_read_page(struct call *call, const struct messages_asked *asked,
                                     struct messages_page *ret);
/*
 * What a report holds: the message `seq` and those before it, oldest first; such as the actor may
 * read, or could before a block, the end of the writer's account or before they were put out of the
 * group (what they had read), and also words that wait for their yes.  ERR_MISSING when it is taken
 * back.
 */
MUST_USE enum err messages_reported(struct call *call, const char *id, int64_t seq, int64_t limit,
                                    struct messages_sealed **ret, size_t *ret_count);
MUST_USE enum err messages_mark(struct call *call, const char *id, int64_t seq);
MUST_USE enum err messages_typing(struct call *call, const char *id);
MUST_USE enum err messages_show_read(struct call *call, bool *ret);
MUST_USE enum err messages_show_read_set(struct call *call, bool show);

/* ---- search (messages_search.c) ---- */

/*
 * One slice, newest first.  A feature reads no clock, so a slice is bounded by what it opens:
 * MESSAGES_SLICE messages and MESSAGES_SLICE_BYTES of them, which stays below 50 ms
 * (tests/load/bench_messages.c prints it) and 2 MB, and so many slices a minute are asked for.
 */
enum { MESSAGES_SLICE = 1000, MESSAGES_SLICE_BYTES = 512 * 1024, MESSAGES_SLICES_MIN = 20 };
struct messages_search {
    const char *folded;          /* of what is looked for; NULL: nothing in it to compare */
    const char *cursor;          /* of the slice before; NULL: from now on back */
    struct messages_sealed *all; /* what was looked through, still sealed */
    size_t count;
    int64_t careful; /* who searches: what waits is not found */
    int64_t searched_ms;
    const char *next; /* NULL: that was all */
};
MUST_USE enum err messages_fold(struct call *call, const char *text, const char **ret);
MUST_USE enum err messages_search(struct call *call, struct messages_search *search);
/* Those that hold it, opened; at most MESSAGES_FOUND_MAX, then `next` goes on behind the last. */
MUST_USE enum err messages_search_open(struct call *call, struct messages_search *search,
                                       struct messages_sealed **ret, size_t *ret_count);

/* Deletes what nobody can see any more; some at a time. */
MUST_USE enum err messages_sweep(struct call *call);

struct account_ending;
extern const struct account_ending messages_ending; /* what goes when an account ends */

#endif
