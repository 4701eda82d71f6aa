#ifndef FEATURES_CONTACT_CONTACT_H
#define FEATURES_CONTACT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"

/*
 * Who may have to do with whom: the one place that knows.  Every list of other
 * people's rows carries the predicate, every act on somebody asks contact_may();
 * so a new rule (a block, an age, an audience) holds everywhere at once.
 *  - An ended account is perceived by nobody; everybody perceives oneself.
 *  - A block, whoever made it, hides the two from each other; nobody is told
 *    (features/blocks; docs/decisions/0010-contact.md).
 *  - Nothing here asks for ages: what somebody is answered never depends on how old another
 *    is.  First words of a stranger (no friend) are taken and held, for all alike; what a
 *    minor is shown of them before accepting is the receiving feature's part.
 *  - Whom a parent keeps from people is to others like somebody who chose "nobody".
 *  - Being removed from a room is the room's rule (rooms.c): who is removed is not in.
 * tools/check-visibility fails the build on a statement that shows people without it.
 */
enum contact_act {
    CONTACT_PERCEIVE, /* see, hear, read */
    CONTACT_REQUEST,  /* ask to be friends */
    CONTACT_MESSAGE,  /* start a conversation */
    CONTACT_INVITE,   /* into a room or a group */
    CONTACT_JOIN,     /* see where somebody is, follow into the room */
    CONTACT_MENTION,  /* name in a line or message so that they are told */
    CONTACT_COMMENT,  /* write into a guest book, under a post */
    CONTACT_ACTS,     /* how many acts there are */
};

enum { CONTACT_PEOPLE_MAX = 920 };

/* No block between two ids.  Only the test that shows that its absence is found
 * (tests/blocks) builds without it. */
#ifdef CONTACT_NO_BLOCKS
#define CONTACT_UNBLOCKED(viewer_, subject_) "CAST(" viewer_ " AS BIGINT) IS NOT NULL"
#define CONTACT_BEFORE(viewer_, subject_, at_) CONTACT_UNBLOCKED(viewer_, subject_)
#else
#define CONTACT_UNBLOCKED(viewer_, subject_)                                        \
    "NOT EXISTS (SELECT 1 FROM block WHERE block.account_id = " viewer_             \
    " AND block.other_id = " subject_ ") AND NOT EXISTS (SELECT 1 FROM block WHERE" \
    " block.account_id = " subject_ " AND block.other_id = " viewer_ ")"
#define CONTACT_BEFORE(viewer_, subject_, at_)                                 \
    "NOT EXISTS (SELECT 1 FROM block WHERE block.account_id = " viewer_        \
    " AND block.other_id = " subject_ " AND block.since_ms < " at_ ") AND NOT" \
    " EXISTS (SELECT 1 FROM block WHERE block.account_id = " subject_          \
    " AND block.other_id = " viewer_ " AND block.since_ms < " at_ ")"
#endif

/*
 * The rule in SQL: `viewer_` is a parameter ("$2"; "0" for nobody), `subject_` the name
 * that the table `account` has in the statement ("a").  Costs two look-ups in an index.
 */
#define CONTACT_PERCEIVES(viewer_, subject_)                        \
    " (" subject_ ".state <> 'ended' OR " subject_ ".id = " viewer_ \
    ") AND " CONTACT_UNBLOCKED(viewer_, subject_ ".id") " "

/*
 * For reports: what somebody made at `at_` can be reported by whoever was shown it, whichever of
 * the two blocked the other since, and when its maker has ended, too.  What came after a block that
 * stands was shown to nobody whom it hides, and is not there: so nothing is told of the block.
 */
#define CONTACT_REPORTS(viewer_, subject_, at_) \
    " (" CONTACT_BEFORE(viewer_, subject_ ".id", at_) ") "

/*
 * A list of ids as one parameter, which the subset of SQL that both databases share can
 * unfold: `at_` is contact_list()'s text, `count_` how many; at most CONTACT_PEOPLE_MAX.
 */
#define CONTACT_LIST(at_, count_) CONTACT_UNFOLD("", at_, count_)
#define CONTACT_UNFOLD(columns_, at_, count_)                                            \
    "(WITH RECURSIVE place (i) AS (SELECT 0 WHERE " count_ " > 0 UNION ALL SELECT i + 1" \
    " FROM place WHERE i + 1 < " count_ ") SELECT " columns_ "CAST(substr(" at_          \
    ", i * 20 + 1, 20) AS BIGINT) AS id FROM place)"
const char *contact_list(struct call *call, const int64_t *ids, size_t count);

/*
 * The rule for two people by account.id, and then what the act needs:
 *  - Nobody acts on oneself, but everybody perceives oneself.
 *  - REQUEST, MENTION: perceiving is enough.
 *  - MESSAGE, INVITE, COMMENT: who may write to them is the subject's choice.
 *  - JOIN: who may follow them is.  That it allows it says nothing of where they are: who is
 *    invisible is nowhere (CONTACT_JOINS_FRIEND, CONTACT_INVISIBLE).
 *  - Whom a parent keeps from people: the stricter choice, "nobody"; they themselves do
 *    nothing but PERCEIVE and MENTION.
 * Somebody who does not exist is perceived by nobody.  One statement, whatever the answer.
 */
MUST_USE enum err contact_may(struct call *call, int64_t viewer, int64_t subject,
                              enum contact_act act, bool *ret);
/* The same for all acts at once: bit 1 << act. */
MUST_USE enum err contact_acts(struct call *call, int64_t viewer, int64_t subject, unsigned *ret);

/*
 * Who looks, where a preview may ask the same decider (docs/decisions/0027-seen.md): an account's
 * `id`; or 0, somebody who is not there and of whom is said here what else rows would say.
 */
struct contact_viewer {
    int64_t id;
    bool friends, blocked; /* with the one whom they look at, and nobody else */
};
/* The kinds of member that a preview has.  Nothing that members are shown asks for the viewer's
 * office: an administrator is a stranger there. */
#define CONTACT_KINDS "stranger friend blocked admin"
struct contact_viewer contact_viewer_like(const char *kind);
/* Of one who is there the rows say the rest, and nobody is a friend and blocked: what a caller has
 * put together otherwise is nobody's view. */
bool contact_viewer_good(const struct contact_viewer *viewer);

/* As contact_acts. */
MUST_USE enum err contact_acts_of(struct call *call, const struct contact_viewer *viewer,
                                  int64_t subject, unsigned *ret);

/*
 * What the predicates below say to such a viewer of one subject; nothing of whom they do not
 * perceive.  One statement beside that of contact_acts_of.
 */
struct contact_told {
    unsigned acts;  /* contact_acts_of */
    bool found;     /* CONTACT_FINDS */
    bool published; /* CONTACT_PUBLISHES: public rooms */
    bool shown;     /* no CONTACT_INVISIBLE: among those who are in a room, from outside */
    bool online;    /* the same in lists of friends, which nobody else is in */
    bool followed;  /* where they are, and the way there */
};
MUST_USE enum err contact_told(struct call *call, const struct contact_viewer *viewer,
                               int64_t subject, struct contact_told *ret);

/* Who may come near somebody: "everyone", "friends" or "nobody". */
#define CONTACT_CHOICES "everyone friends nobody"
#define CONTACT_USUAL_MESSAGES "everyone"
#define CONTACT_USUAL_JOIN "friends"
#define CONTACT_USUAL_FINDABLE "friends"

/* Does a parent keep this account (an id) from people? */
#define CONTACT_KEPT(id_)                                             \
    "EXISTS (SELECT 1 FROM guardian WHERE guardian.account_id = " id_ \
    " AND guardian.allow_chat = 0)"
#define CONTACT_FRIENDS(viewer_, subject_)                                    \
    "EXISTS (SELECT 1 FROM friendship WHERE friendship.account_id = " viewer_ \
    " AND friendship.friend_id = " subject_ ".id)"
/* Nobody's age plays a part.  Only the test that shows that it would be found out (tests/blocks)
 * builds with a search that leaves minors out. */
#ifdef CONTACT_TELLS_AGES
#define CONTACT_AGELESS(subject_) " AND " subject_ ".age_band = '18'"
#else
#define CONTACT_AGELESS(subject_) ""
#endif
/*
 * Beside CONTACT_PERCEIVES: may somebody be found by their name, or be named where the viewer
 * did not meet them (as somebody's friend, as the owner of a room)?  That is the subject's choice.
 */
#define CONTACT_FINDS(viewer_, subject_) \
    CONTACT_FINDS_IF(CONTACT_FRIENDS(viewer_, subject_), viewer_, subject_)
/* The same where what makes them friends is said (of a viewer of contact_told). */
/* clang-format off */
#define CONTACT_FINDS_IF(friends_, viewer_, subject_)                                       \
    " " subject_ ".state = 'active' AND (" subject_ ".id = " viewer_                        \
    " OR (NOT " CONTACT_KEPT(viewer_) " AND NOT " CONTACT_KEPT(subject_ ".id")              \
    " AND (EXISTS (SELECT 1 FROM people_choice h WHERE h.account_id = " subject_            \
    ".id AND h.findable = 'everyone'" CONTACT_AGELESS(subject_) ") OR (" friends_           \
    " AND NOT EXISTS (SELECT 1 FROM people_choice h WHERE h.account_id = " subject_         \
    ".id AND h.findable = 'nobody'))))) "
/* clang-format on */
/* Between friends: may one see where the other (an alias of `account`) is, and follow? */
#define CONTACT_JOINS_FRIEND(subject_)                                                    \
    " NOT " CONTACT_KEPT(subject_ ".id") " AND NOT EXISTS (SELECT 1 FROM people_choice j" \
                                         " WHERE j.account_id = " subject_                \
                                         ".id AND (j.join_me = 'nobody' OR j.invisible = 1)) "
/* Between friends: may one write to the other (an alias of `account`)? */
#define CONTACT_WRITES_FRIEND(viewer_, subject_)                               \
    " NOT " CONTACT_KEPT(viewer_) " AND NOT " CONTACT_KEPT(                    \
        subject_ ".id") " AND NOT EXISTS (SELECT 1 FROM people_choice m WHERE" \
                        " m.account_id = " subject_ ".id AND m.messages = 'nobody') "
/* What somebody made for everybody: of whom a parent keeps from people it reaches friends only. */
#define CONTACT_PUBLISHES(viewer_, subject_) \
    CONTACT_PUBLISHES_IF(CONTACT_FRIENDS(viewer_, subject_), viewer_, subject_)
#define CONTACT_PUBLISHES_IF(friends_, viewer_, subject_) \
    " (" subject_ ".id = " viewer_ " OR NOT " CONTACT_KEPT(subject_ ".id") " OR " friends_ ") "
/* Does what strangers send wait unseen?  The viewer is kept from them: they hear friends only. */
#define CONTACT_HEARS(viewer_, subject_) \
    " (NOT " CONTACT_KEPT(viewer_) " OR " CONTACT_FRIENDS(viewer_, subject_) ") "

/* Is somebody (an alias of `account`) shown as offline to everybody? */
#define CONTACT_INVISIBLE(subject_)                                                         \
    " EXISTS (SELECT 1 FROM people_choice WHERE people_choice.account_id = " subject_ ".id" \
    " AND people_choice.invisible = 1) "

/*
 * Whom something reaches that somebody says of themselves: the one rule, so that nobody can
 * tell whether its owner, their age or a parent keeps it.  `held`: of a minor it reaches
 * friends only, whatever they chose.
 */
struct contact_between {
    bool self, friends;
    bool minor, kept; /* the one who says it */
};
bool contact_reaches(const struct contact_between *between, const char *audience, bool held);

struct contact_pair {
    uint16_t viewer, subject; /* places in `ids` */
};

/*
 * Who of `ids` (at most CONTACT_PEOPLE_MAX) does not perceive whom.  Pairs among
 * those before `fresh` are not told again: they were in the room already.  At most
 * CONTACT_FRESH_MAX are fresh.
 */
enum { CONTACT_FRESH_MAX = 16 };
MUST_USE enum err contact_hidden(struct call *call, const int64_t *ids, size_t count, size_t fresh,
                                 struct contact_pair **ret, size_t *ret_count);

/* In `apply`: a child that waited is there now: who blocked the name meant them. */
MUST_USE enum err contact_arrived(struct call *call, int64_t guardian_id, int64_t account_id);

#endif
