#ifndef FEATURES_MESSAGES_MESSAGES_INNER_H
#define FEATURES_MESSAGES_MESSAGES_INNER_H

#include "features/contact/contact.h"
#include "features/messages/messages.h"

/* Between the files of this feature: a conversation as the asker stands in it. */
struct messages_place {
    int64_t id, last_seq, since_seq, read_seq, maker_id;
    const char *public_id;
    bool group, request, begun, parents; /* parents: they allow meeting people */
    int64_t said_seq;                    /* with a client id: that message, or 0 */
};

struct messages_member {
    int64_t account_id, since_seq;
    const char *id, *name, *state;
    bool begun, muted, friends, parents, shows, seen; /* seen: the asker perceives them */
};

/* Of a pair the other of the two, of a group NULL.  A block takes a pair away. */
#define MESSAGES_OTHER "(CASE WHEN c.low_id = $1 THEN c.high_id ELSE c.low_id END)"
#define MESSAGES_THERE CONTACT_UNBLOCKED("$1", MESSAGES_OTHER)

/* ERR_MISSING messages.none; `cid` may be NULL. */
MUST_USE enum err messages_place(struct call *call, const char *id, const char *cid,
                                 struct messages_place *ret);
/* All who are in it, of a pair also who left; by account.id, the asker too. */
MUST_USE enum err messages_members(struct call *call, const struct messages_place *place,
                                   struct messages_member **ret, size_t *ret_count);
/* May these meet people at all: their parents may not allow it. */
MUST_USE enum err messages_parents(struct call *call, const int64_t *ids, size_t count, bool *ret);

enum messages_way { MESSAGES_BEFORE, MESSAGES_AFTER, MESSAGES_AT };
struct messages_span {
    enum messages_way way;
    int64_t seq, limit;
};
/*
 * Messages that `viewer` sees, from the one nearest to `seq`, which itself is in only AT.  Without
 * mentions and reactions: messages_details() reads them for a page at once.
 */
MUST_USE enum err messages_rows(struct call *call, int64_t viewer, const struct messages_place *of,
                                struct messages_span span, struct messages_sealed **ret,
                                size_t *ret_count);
MUST_USE enum err messages_details(struct call *call, int64_t viewer, int64_t conversation_id,
                                   struct messages_sealed *all, size_t count);

/* ---- events (messages_tell.c) ---- */

/* Ask for the conversation again: all in it who perceive the asker, and the asker. */
void messages_tell_again(struct call *call, const struct messages_place *place,
                         const struct messages_member *members, size_t count);
void messages_tell_own(struct call *call, const char *id);
void messages_tell(struct call *call, int64_t account_id, bool fresh, const char *conversation,
                   const struct messages_message *message);
/* A message was edited, taken back or reacted to; `text` only when that is what changed. */
MUST_USE enum err messages_tell_changed(struct call *call, const struct messages_place *place,
                                        int64_t seq, const char *text);
/* "reading" (with seq) or "writing" (0), to those in it who may know. */
void messages_tell_doing(struct call *call, const struct messages_place *place,
                         const struct messages_member *members, size_t count, int64_t seq);

#endif
