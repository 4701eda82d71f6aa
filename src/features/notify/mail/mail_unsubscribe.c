#include "features/notify/mail/mail_unsubscribe.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "features/notify/mail/mail_inner.h"
#include "features/notify/mail/mail_topics.h"
#include "store/store.h"

/* sees: own - whoever holds the ticket of the mail */
SQL(mail_ticket_owner, "SELECT id, language FROM account WHERE public_id = $1 LIMIT 1");
COLUMNS(OWNER_ID, OWNER_LANGUAGE);

enum err mail_unsubscribe_ticket(struct call *call, const char *public_id, const char *topic,
                                 const char **ret)
{
    char proof[MAIL_PROOF_LEN + 1];
    const char *text = arena_printf(call->arena, "%s.%s", public_id, topic);
    TRY(mail_proof(call, "mail.unsubscribe", text, proof));
    *ret = arena_printf(call->arena, "%s.%s", text, proof);
    return OK;
}

enum err mail_unsubscribe_read(struct call *call, const char *ticket, struct mail_ticket *ret)
{
    const char *made = NULL;
    size_t id_len = strcspn(ticket, ".");
    ASSERT_CODE(!call->tx);
    if (id_len != PUBLIC_ID_LEN || !ticket[id_len]) {
        return call_fail(call, ERR_MISSING, "mail.ticket");
    }
    const char *topic = ticket + id_len + 1;
    ret->public_id = arena_text(call->arena, ticket, id_len);
    ret->topic = arena_text(call->arena, topic, strcspn(topic, "."));
    TRY(mail_unsubscribe_ticket(call, ret->public_id, ret->topic, &made));
    bool same = strlen(made) == strlen(ticket) && crypto_equal(made, ticket, strlen(made));
    return same ? OK : call_fail(call, ERR_MISSING, "mail.ticket");
}

enum err mail_unsubscribe(struct call *call, const struct mail_ticket *ticket)
{
    struct rows rows;
    ASSERT_CODE(ticket->public_id && ticket->topic);
    TRY(store_run(call, &mail_ticket_owner, BIND(TEXT(ticket->public_id)), &rows));
    if (rows.count == 0) {
        return OK;
    }
    return mail_switch(call, row_i64(&rows, 0, OWNER_ID), ticket->topic, false, "unsubscribe");
}

enum err mail_unsubscribe_state(struct call *call, const struct mail_ticket *ticket, bool *ret)
{
    struct rows rows;
    ASSERT_CODE(ticket->public_id && ticket->topic);
    *ret = false;
    TRY(store_run(call, &mail_ticket_owner, BIND(TEXT(ticket->public_id)), &rows));
    return rows.count ? mail_wants(call, row_i64(&rows, 0, OWNER_ID), ticket->topic, ret) : OK;
}
