#include <inttypes.h>
#include <stdlib.h>

#include "base/arena.h"
#include "features/common/contact/contact.h"
#include "features/people/friends/friends.h"
#include "live/ask.h"
#include "store/store.h"

#define KNOWN(list_)                                                                     \
    "SELECT a.id, a.public_id, CASE WHEN a.state = 'active' AND NOT" CONTACT_INVISIBLE(  \
        "a") "THEN 1 ELSE 0 END AS visible, (SELECT " list_                              \
             " FROM friendship f WHERE f.account_id = a.id"                              \
             " AND " CONTACT_UNBLOCKED("f.friend_id",                                    \
                                       "a.id") ") AS friends FROM account a WHERE a.id " \
                                               "IN " CONTACT_LIST("$1", "$2") " LIMIT 32"
COLUMNS(KNOWN_ID, KNOWN_PUBLIC_ID, KNOWN_VISIBLE, KNOWN_FRIENDS);
/*
 * One row for each who came or went, with all their friends in a list: thousands of rows in one.
 * The two databases have no common word for it.  Who has ended is seen by nobody, but that they
 * go offline is told like any other going.
 */
/* sees: server - live tells these friends, and nobody else, that somebody came or went */
SQL2(friends_known_of, KNOWN("group_concat(f.friend_id)"),
     KNOWN("string_agg(CAST(f.friend_id AS TEXT), ',')"));

static void read_friends(struct call *call, const char *list, struct live_known *ret)
{
    size_t count = *list ? 1 : 0;
    for (const char *at = list; *at; at++) {
        count += *at == ',';
    }
    int64_t *ids = arena_alloc(call->arena, (count + 1) * sizeof(*ids));
    for (const char *at = list; ret->friends_count < count; at++) {
        char *end = NULL;
        ids[ret->friends_count++] = strtoll(at, &end, 10);
        at = end;
    }
    ret->friend_ids = ids;
}

enum err friends_know(struct call *call, const struct live_know_in *asked,
                      struct live_know_out *answer)
{
    struct rows rows;
    ASSERT_CODE(answer->count == 0);
    ASSERT_CODE(asked->count <= LIVE_KNOW_MAX);
    TRY(store_run(
        call, &friends_known_of,
        BIND(TEXT(contact_list(call, asked->ids, asked->count)), I64((int64_t)asked->count)),
        &rows));
    for (size_t i = 0; i < rows.count && answer->count < LIVE_KNOW_MAX; i++) {
        struct live_known *one = &answer->known[answer->count++];
        const char *list = row_text(&rows, i, KNOWN_FRIENDS);
        *one = (struct live_known){.account_id = row_i64(&rows, i, KNOWN_ID),
                                   .public_id = row_text(&rows, i, KNOWN_PUBLIC_ID),
                                   .visible = row_i64(&rows, i, KNOWN_VISIBLE) == 1};
        read_friends(call, list ? list : "", one);
    }
    return OK;
}
