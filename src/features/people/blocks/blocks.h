#ifndef FEATURES_BLOCKS_BLOCKS_H
#define FEATURES_BLOCKS_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>

#include "call/call.h"
#include "call/id.h"
#include "features/identity/names/names.h"

/*
 * Blocking: the list of those a member wants nothing to do with, and who else may come
 * near.  What a block or a choice means stands in features/contact.
 *  - A block follows the account, not the name.  The other is never told.
 *  - By id: somebody one perceives.  Unknown, ended and erased people and who has blocked the
 *    asker get the same answer.
 *  - By a typed name: whoever wears or holds it, or wore it lately, or waits for a parent's yes to
 *    come by it.  Answer and work are the same for all of them, whether they can be found or have
 *    ended, whoever blocked whom; of the person the answer has nothing, not even the id.
 *  - The list says what was typed, or the name as it was then: never what became of it.
 *  - Not here: hiding (contact), staff's measures, reports.
 */
enum { BLOCKS_MAX = 1000 };

extern const struct live_event blocks_events[];

struct blocks_one {
    const char *id, *name;
    int64_t since_ms;
    bool typed; /* `id` is of the entry, not of a person */
};

/* The newest first. */
MUST_USE enum err blocks_list(struct call *call, struct blocks_one **ret, size_t *ret_count);

/*
 * Ends friendship and requests between the two; `unless_friend`: a friendship stands in the way.
 * Again is no error.  ERR_MISSING people.none, ERR_CONFLICT blocks.self, blocks.friend, ERR_LIMIT
 * blocks.many.
 */
MUST_USE enum err blocks_add(struct call *call, const char *id, bool unless_friend,
                             struct blocks_one *ret);
/* `id`: what the entry is called, if it becomes one. */
MUST_USE enum err blocks_add_typed(struct call *call, const struct name_forms *forms,
                                   const char *id, struct blocks_one *ret);
/* As it stands in the list.  ERR_MISSING people.none: not blocked, whoever that is. */
MUST_USE enum err blocks_remove(struct call *call, const char *id);

struct blocks_choice {
    const char *messages, *join_me, *findable; /* CONTACT_CHOICES */
    bool invisible;
};
MUST_USE enum err blocks_choice_read(struct call *call, struct blocks_choice *ret);
MUST_USE enum err blocks_choice_set(struct call *call, const struct blocks_choice *choice);

#endif
