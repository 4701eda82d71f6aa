#ifndef FEATURES_BLOCKS_BLOCKS_H
#define FEATURES_BLOCKS_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/call.h"

/*
 * Blocking: the list of those a member wants nothing to do with, and who else may come
 * near.  What a block or a choice means stands in features/contact.
 *  - A block follows the account, not the name.  The other is never told.
 *  - Unknown, ended and erased people, and by id who has blocked the asker, get the same answer;
 *    by name one is blocked whoever blocked whom, so that trying names does not tell.
 *  - Not here: hiding (contact), staff's measures, reports.
 */
enum { BLOCKS_MAX = 1000 };

struct blocks_one {
    const char *id, *name;
    int64_t since_ms;
};

/* The newest first; their names now.  Whoever closed their account is not told. */
MUST_USE enum err blocks_list(struct call *call, struct blocks_one **ret, size_t *ret_count);

/*
 * By public id or by the forms of a typed name; the other one is NULL.  Ends friendship and
 * requests between the two.  Again is no error.  ERR_MISSING people.none, ERR_CONFLICT
 * blocks.self, ERR_LIMIT blocks.many.
 */
MUST_USE enum err blocks_add(struct call *call, const char *id, const char *skeleton,
                             struct blocks_one *ret);
/* ERR_MISSING people.none: not blocked, whoever that is. */
MUST_USE enum err blocks_remove(struct call *call, const char *id);

struct blocks_choice {
    const char *messages, *join_me, *findable; /* CONTACT_CHOICES */
    bool invisible;
};
MUST_USE enum err blocks_choice_read(struct call *call, struct blocks_choice *ret);
MUST_USE enum err blocks_choice_set(struct call *call, const struct blocks_choice *choice);

#endif
