#ifndef FEATURES_MESSAGES_MESSAGES_INNER_H
#define FEATURES_MESSAGES_MESSAGES_INNER_H

#include "features/common/contact/contact.h"
#include "features/identity/ages/ages.h"
#include "features/talk/messages/messages.h"

/*
 * Between the files of this feature: a conversation as somebody stands in it, the asker unless a
 * function says otherwise.
 */
struct messages_place {
    int64_t id, viewer_id, last_seq, since_seq, read_seq, maker_id;
    int64_t accepted_ms; /* since when they let the others in; 0: they do not */
    const char *public_id;
    bool group, request, minor, parents; /* parents: they allow meeting people */
    bool left;                           /* for reports: they were put out */
    int64_t said_seq;                    /* with a client id: that message, or 0 */
};

struct messages_member {
    int64_t account_id, since_seq, accepted_ms, asked_ms;
    int64_t waits_seq; /* what came after it waits for their yes; -1: nothing does */
    const char *id, *name, *state;
    bool muted, friends, shows, minor, parents, seen; /* seen: the asker perceives them */
};

/* Of a pair the other of the two, of a group NULL.  A block takes a pair away, and so does the end
 * of the other's account: the two look alike. */
#define MESSAGES_OTHER "(CASE WHEN c.low_id = $1 THEN c.high_id ELSE c.low_id END)"
#define MESSAGES_THERE                                                                  \
    "(c.kind = 'group' OR EXISTS (SELECT 1 FROM account o WHERE o.id = " MESSAGES_OTHER \
    " AND o.state <> 'ended')) AND " CONTACT_UNBLOCKED("$1", MESSAGES_OTHER)
/* Is this alias of `account` a minor? */
#define MESSAGES_MINOR(who_) "CASE WHEN " AGES_MINOR(who_) " THEN 1 ELSE 0 END"
/* In the list of people: who was asked stands there for a while, whatever they say to it. */
#define MESSAGES_LISTED(asked_since_) "(m.state = 'in' OR m.asked_ms > " asked_since_ ")"

/*
 * Do the words of a sender wait for the yes of the viewer, who is a minor?  A stranger's do until
 * the minor accepted, whatever else brought the conversation there: in a group after the sender
 * came into it; and as long as a parent keeps the viewer from people.  Who is no minor reads a
 * request.  Search says the same in SQL.
 */
bool messages_held(const struct messages_place *viewer, bool mine, bool friends,
                   int64_t sender_asked_ms);
/* Has somebody let another in, who sees then how far they read and when they write?  The same for
 * every age. */
bool messages_lets(const struct messages_place *place, bool friends, int64_t accepted_ms,
                   int64_t other_asked_ms);
/* In a pair: may the asker and `other` (an account) both write to each other?  Only then either
 * hears of the other more than words: how far they read, when they write, what pleases them. */
MUST_USE enum err messages_near(struct call *call, const struct messages_place *place,
                                int64_t other, bool *ret);

/* ERR_MISSING messages.none; `cid` may be NULL. */
MUST_USE enum err messages_place(struct call *call, const char *id, const char *cid,
                                 struct messages_place *ret);
/* For a report: whoever blocked whom, and whoever is not in it any more. */
MUST_USE enum err messages_place_for_report(struct call *call, const char *id,
                                            struct messages_place *ret);
/* All who are in it or asked, of a pair also who left: the asker first, at most 20 others. */
MUST_USE enum err messages_members(struct call *call, const struct messages_place *place,
                                   struct messages_member **ret, size_t *ret_count);

enum messages_way { MESSAGES_BEFORE, MESSAGES_AFTER, MESSAGES_AT };
struct messages_span {
    enum messages_way way;
    int64_t seq, limit;
};
/*
 * Messages that the viewer of this place sees, from the one nearest to `seq`, which itself is in
 * only AT.  Without mentions and reactions: messages_details() reads them for a page at once.
 */
MUST_USE enum err messages_rows(struct call *call, const struct messages_place *of,
                                struct messages_span span, struct messages_sealed **ret,
                                size_t *ret_count);
MUST_USE enum err messages_details(struct call *call, int64_t viewer, int64_t conversation_id,
                                   struct messages_sealed *all, size_t count);

/* ---- asking (messages_ask.c) ---- */

/*
 * Somebody is asked by the asker, into a group or by first words.  ret_shown: they are shown it;
 * who refused lately is not, and whoever asked is told nothing of that: nor by the work, which is
 * the same for whoever is asked, was asked before (`again`) or refused.  Makes room in the box.
 */
struct messages_asking {
    bool friends, again;
};
MUST_USE enum err messages_ask(struct call *call, const struct messages_place *place,
                               int64_t account_id, struct messages_asking how, bool *ret_shown);

/* ---- events (messages_tell.c) ---- */

/* Ask for the conversation again: all in it who perceive the asker, and the asker. */
void messages_tell_again(struct call *call, const struct messages_place *place,
                         const struct messages_member *members, size_t count);
void messages_tell_own(struct call *call, const char *id);
void messages_tell(struct call *call, int64_t account_id, bool fresh, const char *conversation,
                   const struct messages_message *message);
/* A message of the asker, who is `own`, to one member: in words, or that something waits. */
void messages_tell_fresh(struct call *call, const struct messages_place *place,
                         const struct messages_member *own, const struct messages_member *one,
                         const struct messages_message *message);
/* A message was edited, taken back or reacted to; `text` only when that is what changed. */
MUST_USE enum err messages_tell_changed(struct call *call, const struct messages_place *place,
                                        int64_t seq, const char *text);
/* "reading" (with seq) or "writing" (0), to those in it whom the asker let in. */
MUST_USE enum err messages_tell_doing(struct call *call, const struct messages_place *place,
                                      const struct messages_member *members, size_t count,
                                      int64_t seq);

#endif
