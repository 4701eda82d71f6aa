#ifndef FEATURES_GUARDIANS_GUARDIANS_INNER_H
#define FEATURES_GUARDIANS_GUARDIANS_INNER_H

#include "base/time.h"
#include "features/identity/guardians/guardians.h"
#include "store/store.h"

/* What the files of this folder share; nobody else includes it. */

/* Method and parts: those that wait to be proved, else those that stand. */
#define GUARDIANS_COLS                                                                         \
    "SELECT g.id, g.account_id, g.key_id, g.page_key_id, g.public_id, g.state,"                \
    " g.avatar_name, g.country, g.language, COALESCE(g.want_method, g.method) AS method, "     \
    "g.birth_ct,"                                                                              \
    " g.email_ct, g.when_ct, g.reason_ct, g.shown_ct, COALESCE(g.want_chat, g.allow_chat) AS " \
    "chat,"                                                                                    \
    " COALESCE(g.want_marketing, g.allow_marketing) AS marketing,"                             \
    " COALESCE(g.want_performance, g.allow_performance) AS performance,"                       \
    " g.child_here, g.claim_hash, g.created_at_ms, g.mailed_at_ms, g.answered_at_ms,"          \
    " g.decided_at_ms, g.ends_at_ms, g.email_bi, g.again_at_ms, g.allow_chat,"                 \
    " g.allow_marketing, g.allow_performance, g.words FROM guardian g"
COLUMNS(GUARDIAN_ID, GUARDIAN_ACCOUNT_ID, GUARDIAN_KEY_ID, GUARDIAN_PAGE_KEY_ID, GUARDIAN_PUBLIC_ID,
        GUARDIAN_STATE, GUARDIAN_AVATAR_NAME, GUARDIAN_COUNTRY, GUARDIAN_LANGUAGE, GUARDIAN_METHOD,
        GUARDIAN_BIRTH_CT, GUARDIAN_EMAIL_CT, GUARDIAN_WHEN_CT, GUARDIAN_REASON_CT,
        GUARDIAN_SHOWN_CT, GUARDIAN_CHAT, GUARDIAN_MARKETING, GUARDIAN_PERFORMANCE,
        GUARDIAN_CHILD_HERE, GUARDIAN_CLAIM_HASH, GUARDIAN_CREATED_AT_MS, GUARDIAN_MAILED_AT_MS,
        GUARDIAN_ANSWERED_AT_MS, GUARDIAN_DECIDED_AT_MS, GUARDIAN_ENDS_AT_MS, GUARDIAN_EMAIL_BI,
        GUARDIAN_AGAIN_AT_MS, GUARDIAN_ALLOW_CHAT, GUARDIAN_ALLOW_MARKETING,
        GUARDIAN_ALLOW_PERFORMANCE, GUARDIAN_WORDS);

/* What an officer saw is known by it, so every answer and every form has another. */
#define GUARDIANS_ANSWERED(now_) \
    "CASE WHEN answered_at_ms >= " now_ " THEN answered_at_ms + 1 ELSE " now_ " END"

#define GUARDIANS_UPLOAD_MS (60 * TIME_MIN)

/* The first row of a statement that begins with GUARDIANS_COLS; ERR_MISSING `code`. */
MUST_USE enum err guardians_read(struct call *call, const struct sql *sql, const struct val *in,
                                 size_t in_count, const char *code, struct guardian *ret);

/* Writes a step down; `officer` 0: not staff. */
MUST_USE enum err guardians_note(struct call *call, int64_t id, const char *what, int64_t officer);

/* A mail to the parent, sealed with the child's key.  In `prepare`. */
MUST_USE enum err guardians_mail(struct call *call, const struct guardian *guardian,
                                 const char *kind, const char *path, struct mail_draft *ret);

/* The consent is there: 14 days for the child to come back. */
MUST_USE enum err guardians_grant(struct call *call, const struct guardian *guardian,
                                  int64_t officer);

/* The account has the name once there is one. */
MUST_USE enum err guardians_fill_name(struct call *call, struct guardian *guardian);

/* Did this address get as many links as it may in a day?  `first`: of mails that ask. */
MUST_USE enum err guardians_mail_full(struct call *call, const uint8_t *email_bi, bool first,
                                      bool *ret);
/* The job tries again in some hours. */
MUST_USE enum err guardians_mail_later(struct call *call, int64_t id);

/* ---- an account's parent allows more (guardians_more.c) ---- */

/* Must an adult be proved for this answer? */
bool guardians_needs_proof(const struct guardian *guardian, const struct guardians_answer *answer);
/* In `apply`, of an account: what is taken back stops at once, what is more waits for proof. */
MUST_USE enum err guardians_more(struct call *call, const struct guardians_answer *answer,
                                 const struct guardians_answering *state,
                                 const struct guardian *now);
MUST_USE enum err guardians_more_grant(struct call *call, const struct guardian *guardian,
                                       int64_t officer);
/* Refused, taken back or silent (`what`): all stays as it stood. */
MUST_USE enum err guardians_more_end(struct call *call, const struct guardian *guardian,
                                     const char *what, int64_t officer);

/* The pictures of the form go with their key. */
MUST_USE enum err guardians_pages_end(struct call *call, const struct guardian *guardian);

/* The key is burned by a job, when no mail needs it any more. */
MUST_USE enum err guardians_burn_later(struct call *call, int64_t key_id);

#endif
