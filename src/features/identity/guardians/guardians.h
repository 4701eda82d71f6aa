#ifndef FEATURES_GUARDIANS_GUARDIANS_H
#define FEATURES_GUARDIANS_GUARDIANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/tickets/tickets.h"
#include "features/notify/mail/mail.h"

/*
 * A parent's consent for somebody of the age that needs it.  Until it is there, there is no
 * account: a row holds what is needed to ask, sealed with a fresh key that becomes the
 * account's.  The parent comes by a link in a mail; the link alone never grants, an adult is
 * proved by a method: a signed form or a call, both decided by staff, or, in demo folders
 * only, a sandbox.  Refused, or silent for 14 days: all of it is erased.
 *  - The child has a claim (a code, also in a cookie), the parent a link; of both only the
 *    hash is kept.
 *  - Every step is written down: that is the evidence, and it stays while the parent has a say:
 *    until the age for which they were asked (until_age).
 *  - Not here: what the parts of a consent allow (features ask consents_given).
 */
enum {
    GUARDIANS_DAYS = 14,           /* for the parent; again for staff; again for the child */
    GUARDIANS_PAGE_DAYS = 7,       /* the form's pictures, after the decision */
    GUARDIANS_MAILS_A_DAY = 3,     /* with a link, to one address; more wait for the next days */
    GUARDIANS_MAILS_OF_A_KIND = 2, /* of them that ask, or repeat: neither keeps the other out */
    GUARDIANS_LINKS_MAX = 20,      /* earlier links that are still good */
    GUARDIANS_CASES_MAX = 100,
    GUARDIANS_STEPS_MAX = 100,
    GUARDIANS_REASON_MAX = 1000,
    GUARDIANS_WHEN_MAX = 300,
    GUARDIANS_CODE_LEN = 16,
    GUARDIANS_SWEEP_MAX = 50,
};

#define GUARDIANS_CLAIM_COOKIE "bauta_claim"

/* Which methods this site offers now: "form call sandbox" or fewer words. */
const char *guardians_methods(const struct call *call);

/* ---- the child (guardians.c) ---- */

struct guardians_ask {
    const char *birth_date, *country, *avatar_name, *parent_email, *language, *invite;
};
struct guardians_asking {
    struct name_forms forms;
    int64_t id, key_id;
    int until_age;
    char public_id[PUBLIC_ID_LEN + 1];
    char code[GUARDIANS_CODE_LEN + 1];
    uint8_t claim_hash[HASH_BYTES], email_bi[HASH_BYTES], invite_hash[HASH_BYTES];
    const char *language;
    struct sealed birth, email;
    struct ticket_new link;
    struct mail_draft mail;
};
/* ERR_CONFLICT guardians.not_needed is the judge's; here the rules of names, invitations and
 * e-mail.  How many others asked this address changes no answer: the mail goes later, then. */
MUST_USE enum err guardians_ask_prepare(struct call *call, const struct guardians_ask *wish,
                                        struct guardians_asking *asking);
MUST_USE enum err guardians_ask_apply(struct call *call, const struct guardians_ask *wish,
                                      struct guardians_asking *asking);

/* A row, as far as the three sides need it. */
struct guardian {
    int64_t id, account_id, key_id, page_key_id;
    const char *public_id, *state, *avatar_name, *country, *language, *method;
    const char *words; /* the language in which the parent read what they answered */
    struct sealed birth, email, when, reason, shown;
    const uint8_t *email_bi;                       /* HASH_BYTES; NULL: a restore took it */
    bool chat, marketing, performance;             /* what the parent wants */
    bool now_chat, now_marketing, now_performance; /* what stands: less, while `raising` */
    bool raising, child_here, has_claim;
    uint8_t claim_hash[HASH_BYTES];
    int64_t created_ms, mailed_ms, again_ms, answered_ms, decided_ms, ends_ms;
};

/* ERR_MISSING guardians.none: no such code, over, refused, or used; one answer for all. */
MUST_USE enum err guardians_by_claim(struct call *call, const char *code, struct guardian *ret);
/* The code from the input, else from the cookie; NULL for none.  Dashes and case do not count. */
const char *guardians_code(struct call *call, const char *given);

struct guardians_joining {
    struct guardian guardian;
    struct accounts_new wish;
    struct accounts_draft draft;
    const char *parent_email;
};
/* The account, when the parent's consent is there: ERR_CONFLICT guardians.not_yet. */
MUST_USE enum err guardians_join_look(struct call *call, const char *code,
                                      struct guardians_joining *joining);
MUST_USE enum err guardians_join_prepare(struct call *call, const struct accounts_new *wish,
                                         struct guardians_joining *joining);
MUST_USE enum err guardians_join_apply(struct call *call, struct guardians_joining *joining);

/* ---- the parent (guardians_parent.c) ---- */

/* ERR_MISSING guardians.link: never was, over, refused. */
MUST_USE enum err guardians_by_link(struct call *call, const char *link, struct guardian *ret);
/* Notes that the link was opened; *ret_child: in the child's own browser. */
MUST_USE enum err guardians_open(struct call *call, const struct guardian *guardian,
                                 bool *ret_child);

struct guardians_answer {
    const char *link, *method, *when;
    bool account, chat, marketing, performance;
};
struct guardians_answering {
    struct guardian guardian;
    struct ticket_new upload;
    struct sealed when;
    struct mail_draft mail; /* of the sandbox: granted at once */
    bool upload_ready;      /* a form may be handed in */
    uint8_t words_hash[HASH_BYTES];
};
/* ERR_DENIED guardians.child (the child's browser), ERR_INVALID guardians.account,
 * guardians.method.  Of an account, what is taken back stops at once, without a method; what is
 * allowed beyond what stands waits until an adult is proved anew, and the account goes on. */
MUST_USE enum err guardians_answer_prepare(struct call *call, const struct guardians_answer *answer,
                                           struct guardians_answering *state);
MUST_USE enum err guardians_answer_apply(struct call *call, const struct guardians_answer *answer,
                                         struct guardians_answering *state);

struct guardians_form {
    struct guardian guardian;
    int64_t page_key_id;
    size_t count;
    struct sealed pages[6];
};
MUST_USE enum err guardians_form_look(struct call *call, const char *ticket,
                                      struct guardians_form *form);
MUST_USE enum err guardians_form_prepare(struct call *call, struct guardians_form *form);
MUST_USE enum err guardians_form_apply(struct call *call, const char *ticket,
                                       const struct guardians_form *form);

/*
 * No, or no longer.  A request is erased at once.  An account is closed at once, and the parent
 * hears so by mail; for ACCOUNTS_REGRET_MS the parent alone may take it back, then it is erased.
 */
struct guardians_ending {
    struct guardian guardian;
    struct mail_draft mail;
};
MUST_USE enum err guardians_end_prepare(struct call *call, const char *link,
                                        struct guardians_ending *state);
MUST_USE enum err guardians_end(struct call *call, const struct guardians_ending *state);
/* ERR_MISSING guardians.link: it was not ended by the parent, or is erased. */
MUST_USE enum err guardians_end_back(struct call *call, const struct guardian *guardian);
/* When the account that the parent ended is erased; 0: they did not. */
MUST_USE enum err guardians_ended(struct call *call, int64_t account_id, int64_t *ret_erase_ms);

/* The one of the actor's own account.  ERR_MISSING guardians.none: no parent was asked. */
MUST_USE enum err guardians_own(struct call *call, struct guardian *ret);
/* The privacy switches of the child's account that a parent sees. */
struct guardians_child {
    bool email_verified, marketing, real_name;
    int64_t sessions, programs, rooms, seen_ms;
    const char *country, *language;
};
MUST_USE enum err guardians_child(struct call *call, int64_t account_id,
                                  struct guardians_child *ret);

/* ---- mails with a link (guardians_mails.c) ---- */

/* A new link to the same address, earlier ones stay good: at most one in ten minutes, and one at
 * a time waits for each request. */
MUST_USE enum err guardians_again(struct call *call, int64_t id);
/* The same for all of this address, by a job: whether there are any shows in no work done now. */
MUST_USE enum err guardians_again_to(struct call *call, const uint8_t email_bi[HASH_BYTES]);
struct guardians_mailing {
    struct guardian guardian;
    bool due;   /* one is wanted, and was not sent meanwhile */
    bool later; /* the address got its mails of a day */
    struct ticket_new link;
    struct mail_draft mail;
};
MUST_USE enum err guardians_mail_look(struct call *call, int64_t id, struct guardians_mailing *ret);
MUST_USE enum err guardians_mail_prepare(struct call *call, struct guardians_mailing *state);
MUST_USE enum err guardians_mail_apply(struct call *call, const struct guardians_mailing *state);

/* ---- staff (guardians_staff.c) ---- */

struct guardians_case {
    const char *id, *avatar_name, *country, *method, *state;
    int64_t created_ms, answered_ms, ends_ms, decided_ms;
    bool child_here;
};
/* Those that wait for staff, the first to end first; or those decided, the latest first. */
MUST_USE enum err guardians_cases(struct call *call, bool decided, struct guardians_case **ret,
                                  size_t *ret_count);
/* ERR_MISSING guardians.case. */
MUST_USE enum err guardians_by_id(struct call *call, const char *public_id, struct guardian *ret);

struct guardians_step {
    const char *what, *officer;
    int64_t at_ms;
};
MUST_USE enum err guardians_steps(struct call *call, int64_t id, struct guardians_step **ret,
                                  size_t *ret_count);
MUST_USE enum err guardians_pages(struct call *call, int64_t id, int64_t *ret_count);
/* ERR_MISSING guardians.page. */
MUST_USE enum err guardians_page(struct call *call, const struct guardian *guardian, int64_t page,
                                 struct sealed *ret);

struct guardians_decision {
    const char *id, *reason, *shown;
    int64_t answered_ms; /* of what the officer saw: another answer is looked at first */
    bool grant;
};
struct guardians_deciding {
    struct guardian guardian;
    struct sealed reason, shown;
    struct mail_draft mail;
};
/* ERR_INVALID guardians.reason, guardians.shown (a call needs it); ERR_CONFLICT
 * guardians.decided: somebody else was first, or the parent went back;
 * ERR_DENIED guardians.own_case: the parent's address is the officer's own. */
MUST_USE enum err guardians_decide_prepare(struct call *call,
                                           const struct guardians_decision *decision,
                                           struct guardians_deciding *state);
MUST_USE enum err guardians_decide_apply(struct call *call,
                                         const struct guardians_decision *decision,
                                         const struct guardians_deciding *state);

/* ---- the end (guardians_end.c) ---- */

MUST_USE enum err guardians_erase(struct call *call, const struct guardian *guardian);
/* The child needs no parent any more: link, address, steps and choices of the parent go, that
 * there was a consent stays (features/consents).  Nothing says when: the day is a birthday. */
MUST_USE enum err guardians_grown(struct call *call, int64_t account_id);
/* Erases what is over: unanswered requests, and pictures of forms. */
MUST_USE enum err guardians_sweep(struct call *call);
/* Does a mail still need this key?  Then it is burned later. */
MUST_USE enum err guardians_mail_waits(struct call *call, int64_t key_id, bool *ret);

/* Backups forget by what an address is found; after a restore it is made again. */
struct guardians_blinding {
    int64_t after; /* ids up to this one were looked at */
    size_t count;
    struct {
        int64_t id;
        bool known; /* the key is still there */
        struct sealed email;
        uint8_t bi[HASH_BYTES];
    } rows[GUARDIANS_SWEEP_MAX];
};
MUST_USE enum err guardians_blind_look(struct call *call, struct guardians_blinding *ret);
MUST_USE enum err guardians_blind_prepare(struct call *call, struct guardians_blinding *state);
MUST_USE enum err guardians_blind_apply(struct call *call, const struct guardians_blinding *state);

/* ---- what is collected (guardians_collected.c) ---- */

struct guardians_collected {
    const char *data, *purpose; /* in the reader's language */
};
/* From the data inventory. */
void guardians_collected(struct call *call, struct guardians_collected **ret, size_t *ret_count);

#endif
