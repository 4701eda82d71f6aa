#ifndef FEATURES_CONTACT_CONTACT_H
#define FEATURES_CONTACT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"

/*
 * Who may have to do with whom: the one place that knows.  Every list of other
 * people's rows carries the predicate, every act on somebody asks contact_may();
 * so a new rule (a block, an age, an audience) holds everywhere at once.
 *  - An ended account is perceived by nobody; everybody perceives oneself.
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
};

enum { CONTACT_PEOPLE_MAX = 920 };

/*
 * The rule in SQL: `viewer_` is a parameter ("$2"), `subject_` the name that the
 * table `account` has in the statement ("a").
 */
#define CONTACT_PERCEIVES(viewer_, subject_) \
    " (" subject_ ".state <> 'ended' OR " subject_ ".id = " viewer_ ") "

/*
 * A list of ids as one parameter, which the subset of SQL that both databases share can
 * unfold: `at_` is contact_list()'s text, `count_` how many; at most CONTACT_PEOPLE_MAX.
 */
#define CONTACT_LIST(at_, count_)                                                        \
    "(WITH RECURSIVE place (i) AS (SELECT 0 WHERE " count_ " > 0 UNION ALL SELECT i + 1" \
    " FROM place WHERE i + 1 < " count_ ") SELECT CAST(substr(" at_ ", i * 20 + 1, 20)"  \
    " AS BIGINT) FROM place)"
const char *contact_list(struct call *call, const int64_t *ids, size_t count);

/* The rule for two people by account.id; somebody who does not exist is perceived by nobody. */
MUST_USE enum err contact_may(struct call *call, int64_t viewer, int64_t subject,
                              enum contact_act act, bool *ret);

struct contact_pair {
    uint16_t viewer, subject; /* places in `ids` */
};

/*
 * Who of `ids` (at most CONTACT_PEOPLE_MAX) does not perceive whom.  Pairs among
 * those before `fresh` are not told again: they were in the room already.
 */
MUST_USE enum err contact_hidden(struct call *call, const int64_t *ids, size_t count, size_t fresh,
                                 struct contact_pair **ret, size_t *ret_count);

#endif
