#include "base/time.h"
#include "features/notify/notices/notices.h"
#include "features/talk/messages/messages_inner.h"
#include "store/store.h"

/*
 * Being asked.  Every limit here protects whoever is asked and shows in no answer to who asks: a
 * refusal holds, the box keeps the newest, and a flood is no flood of notices.
 */

const int64_t MESSAGES_ASKED_MS = 30 * TIME_DAY;
enum { GO_AT_ONCE = 20 };

/* A friend who was refused is refused for this group alone. */
/* sees: server - whether, not who */
SQL(messages_refused,
    "SELECT 1 FROM conversation_member m JOIN conversation c ON c.id = m.conversation_id"
    " WHERE m.account_id = $1 AND m.refused_ms > $2 AND (c.id = $3 OR (CAST($4 AS BIGINT) = 0"
    " AND (c.maker_id = $5 OR c.low_id = $5 OR c.high_id = $5))) LIMIT 1");
SQL(messages_oldest, "SELECT m.conversation_id, c.public_id FROM conversation_member m"
                     " JOIN conversation c ON c.id = m.conversation_id WHERE m.account_id = $1"
                     " AND m.state = 'request' ORDER BY m.asked_ms DESC, m.conversation_id DESC"
                     " LIMIT $2 OFFSET $3");
COLUMNS(OLDEST_CONVERSATION_ID, OLDEST_PUBLIC_ID);
SQL(messages_not_kept, "UPDATE conversation_member SET state = 'left', last_ms = 0"
                       " WHERE account_id = $1 AND conversation_id = $2");
SQL(messages_asked_lately,
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM conversation_member m"
    " WHERE m.account_id = $1 AND m.asked_ms > $2 AND (m.state = 'request' OR m.accepted_ms > 0"
    " OR m.refused_ms > $2) LIMIT $3) u");

/* For nobody it is as much work. */
static enum err make_room(struct call *call, int64_t account_id, bool nobody)
{
    struct rows rows;
    const int64_t whose = nobody ? 0 : account_id;
    TRY(store_run(call, &messages_oldest,
                  BIND(I64(account_id), I64(GO_AT_ONCE), I64(MESSAGES_BOX_MAX - 1)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        TRY(store_run(call, &messages_not_kept,
                      BIND(I64(whose), I64(row_i64(&rows, i, OLDEST_CONVERSATION_ID))), NULL));
        TRY(notices_drop(call, whose, "messages.request", row_text(&rows, i, OLDEST_PUBLIC_ID)));
    }
    return OK;
}

enum err messages_ask(struct call *call, const struct messages_place *place, int64_t account_id,
                      struct messages_asking how, bool *ret_shown)
{
    struct rows refused, lately;
    ASSERT_CODE(call->actor.id && account_id != call->actor.id);
    TRY(store_run(call, &messages_refused,
                  BIND(I64(account_id), I64(call->now_ms - MESSAGES_ASKED_MS), I64(place->id),
                       I64(how.friends), I64(call->actor.id)),
                  &refused));
    bool asks = refused.count == 0 && !how.again;
    TRY(make_room(call, account_id, !asks));
    TRY(store_run(call, &messages_asked_lately,
                  BIND(I64(account_id), I64(call->now_ms - TIME_DAY), I64(MESSAGES_ASKED_DAY)),
                  &lately));
    bool quiet = !asks || row_i64(&lately, 0, ONLY) >= MESSAGES_ASKED_DAY;
    *ret_shown = asks || how.again;
    return notices_post(call, &(struct notices_new){.account_id = account_id,
                                                    .kind = "messages.request",
                                                    .about_id = call->actor.id,
                                                    .target = place->public_id,
                                                    .quiet = quiet});
}
