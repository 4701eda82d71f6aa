#include <string.h>

#include "base/settings.h"
#include "features/common/consents/consents.h"
#include "features/identity/guardians/guardians_inner.h"

/*
 * The parts of a consent that stands.  By the link alone a parent takes back, and it stops at
 * once; to allow more an adult is proved anew, as at first.  Until then the account goes on as it
 * was: want_... hold what is asked for, allow_... what stands.
 */

SQL(guardians_stand, "UPDATE guardian SET allow_chat = $2, allow_marketing = $3,"
                     " allow_performance = $4, words = $5, words_hash = $6,"
                     " answered_at_ms = " GUARDIANS_ANSWERED("$7") " WHERE id = $1");
SQL(guardians_want_more,
    "UPDATE guardian SET state = CASE WHEN $2 = 'call' THEN 'proving' WHEN state = 'active' THEN"
    " 'asked' ELSE state END, want_method = $2, want_chat = $3, want_marketing = $4,"
    " want_performance = $5, when_ct = $6, upload_hash = $7, upload_ends_ms = $8, ends_at_ms = $9"
    " WHERE id = $1");
SQL(guardians_more_granted,
    "UPDATE guardian SET allow_chat = $2, allow_marketing = $3, allow_performance = $4,"
    " method = COALESCE(want_method, method), decided_by = $5, decided_at_ms = $6"
    " WHERE id = $1 AND state = $7");
SQL(guardians_more_over, "UPDATE guardian SET state = 'active', ends_at_ms = NULL, want_method ="
                         " NULL, want_chat = NULL, want_marketing = NULL, want_performance = NULL,"
                         " upload_hash = NULL, upload_ends_ms = NULL WHERE id = $1");
SQL(guardians_child_marketing, "UPDATE account SET marketing = 0, marketing_at_ms = $2"
                               " WHERE id = $1 AND marketing = 1");

bool guardians_needs_proof(const struct guardian *guardian, const struct guardians_answer *answer)
{
    if (guardian->account_id) {
        return (answer->chat && !guardian->now_chat) ||
               (answer->marketing && !guardian->now_marketing) ||
               (answer->performance && !guardian->now_performance);
    }
    return strcmp(guardian->state, "granted") != 0;
}

struct parts {
    bool chat, marketing, performance;
};

/* What the parent takes back stops at once; what is allowed the child may turn on itself. */
static enum err change_parts(struct call *call, const struct parts *parts,
                             const struct guardian *guardian, const char *words)
{
    int64_t id = guardian->account_id;
    if (parts->chat != guardian->now_chat) {
        TRY(consents_record_in(call, words, id, "parent.chat", parts->chat, "parent"));
    }
    if (parts->marketing != guardian->now_marketing) {
        TRY(consents_record_in(call, words, id, "parent.marketing", parts->marketing, "parent"));
    }
    if (parts->performance != guardian->now_performance) {
        TRY(consents_record_in(call, words, id, "parent.performance", parts->performance,
                               "parent"));
    }
    struct rows rows = {0};
    if (!parts->marketing) {
        TRY(store_run(call, &guardians_child_marketing, BIND(I64(id), I64(call->now_ms)), &rows));
    }
    if (rows.changed > 0) {
        TRY(consents_record_in(call, words, id, "marketing", false, "parent"));
    }
    bool reports = false;
    TRY(consents_given(call, id, "performance", &reports));
    if (reports && !parts->performance) {
        TRY(consents_record_in(call, words, id, "performance", false, "parent"));
    }
    /* Out of the room at once, when people may not be met any more: its sockets close. */
    bool out = guardian->now_chat && !parts->chat;
    call_emit(call, out ? EVENT_ACCOUNT_ENDED : EVENT_ACCOUNT_CHANGED, id, 0, NULL);
    return OK;
}

static enum err want_more(struct call *call, const struct guardians_answer *answer,
                          const struct guardians_answering *state, const struct guardian *now)
{
    bool form = strcmp(answer->method, "form") == 0;
    if (!now->raising) { /* an earlier form proved something else */
        TRY(guardians_pages_end(call, now));
    }
    TRY(guardians_note(call, now->id, "more", 0));
    return store_run(call, &guardians_want_more,
                     BIND(I64(now->id), TEXT(answer->method), I64(answer->chat),
                          I64(answer->marketing), I64(answer->performance), SEALED(state->when),
                          form ? BYTES(state->upload.hash, HASH_BYTES) : NIL,
                          form ? I64(call->now_ms + GUARDIANS_UPLOAD_MS) : NIL,
                          I64(call->now_ms + GUARDIANS_DAYS * TIME_DAY)),
                     NULL);
}

enum err guardians_more(struct call *call, const struct guardians_answer *answer,
                        const struct guardians_answering *state, const struct guardian *now)
{
    const struct parts less = {answer->chat && now->now_chat,
                               answer->marketing && now->now_marketing,
                               answer->performance && now->now_performance};
    ASSERT_CODE(now->account_id);
    TRY(change_parts(call, &less, now, call->actor.language));
    TRY(store_run(call, &guardians_stand,
                  BIND(I64(now->id), I64(less.chat), I64(less.marketing), I64(less.performance),
                       TEXT(call->actor.language), BYTES(state->words_hash, HASH_BYTES),
                       I64(call->now_ms)),
                  NULL));
    if (!guardians_needs_proof(now, answer)) {
        return now->raising ? guardians_more_end(call, now, "parts", 0)
                            : guardians_note(call, now->id, "parts", 0);
    }
    TRY(want_more(call, answer, state, now));
    if (strcmp(answer->method, "sandbox") != 0) {
        return OK;
    }
    struct guardian wanted;
    TRY(guardians_by_link(call, answer->link, &wanted));
    TRY(guardians_more_grant(call, &wanted, 0));
    return mail_post(call, &state->mail);
}

enum err guardians_more_grant(struct call *call, const struct guardian *guardian, int64_t officer)
{
    struct rows rows;
    const struct parts parts = {guardian->chat, guardian->marketing, guardian->performance};
    /* Without an officer: only in a demo, where the sandbox is a method. */
    ASSERT_CODE(officer || call->settings->demo);
    TRY(store_run(call, &guardians_more_granted,
                  BIND(I64(guardian->id), I64(parts.chat), I64(parts.marketing),
                       I64(parts.performance), officer ? I64(officer) : NIL, I64(call->now_ms),
                       TEXT(guardian->state)),
                  &rows));
    if (rows.changed == 0) {
        return call_fail(call, ERR_CONFLICT, "guardians.decided");
    }
    TRY(store_run(call, &guardians_more_over, BIND(I64(guardian->id)), NULL));
    TRY(change_parts(call, &parts, guardian, guardian->words));
    return guardians_note(call, guardian->id, officer ? "granted" : "granted_sandbox", officer);
}

enum err guardians_more_end(struct call *call, const struct guardian *guardian, const char *what,
                            int64_t officer)
{
    TRY(guardians_pages_end(call, guardian));
    TRY(store_run(call, &guardians_more_over, BIND(I64(guardian->id)), NULL));
    return guardians_note(call, guardian->id, what, officer);
}
