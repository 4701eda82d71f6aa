#ifndef FEATURES_REQUESTS_REQUESTS_H
#define FEATURES_REQUESTS_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "call/json.h"
#include "features/common/clocks/clocks.h"
#include "features/notify/mail/mail.h"
#include "privacy/sealed.h"

/*
 * Requests: what a person asks of staff and has a right to hear of in time.  What can be asked are
 * rows of the features that have it (struct request_kind); the queue, the clocks, the claim, what
 * is said, the log and the end are the same for all.
 *  - Of all clocks that count in the person's country the earliest is promised; nothing stops one,
 *    and staff hears before it is over and after.
 *  - One officer works on a request.  A second one is told who, and takes it over by an act that
 *    stands in the log.  Nobody meets their own.
 *  - What is said is sealed with the member's key; of somebody without an account with a key of the
 *    request's own, which is burned with the row, 24 months after it was closed.
 *  - Not here: what is asked (features/safety/rights), how long an answer may take (clocks).
 */
enum {
    REQUESTS_KIND_MAX = 16,
    REQUESTS_KINDS_MAX = 32,
    REQUESTS_TEXT_MAX = 4000,
    REQUESTS_OPEN_MAX = 20,       /* of one member at a time */
    REQUESTS_PROVING_MAX = 10000, /* of everybody without an account, whose address is not proved */
    REQUESTS_MAILS_A_DAY = 3,     /* to one address */
    REQUESTS_ENTRIES_MAX = 200,
    REQUESTS_LIST_MAX = 100,
    REQUESTS_ANSWERS_MAX = 8,
    REQUESTS_ANSWER_DAYS = 30, /* answered, and not contradicted: then it is closed */
    REQUESTS_PROVE_DAYS = 7,
    REQUESTS_KEPT_DAYS = 731, /* 24 months are never more (CCPA, 11 CCR 7101) */
    REQUESTS_SOON_DAYS = 3,   /* what hurries on the desk */
    REQUESTS_SWEEP_MAX = 50,
};
#define REQUESTS_STATES "proving open person answered closed"
#define REQUESTS_OUTCOMES "done part refused"
#define REQUESTS_REASONS "complex many"
#define REQUESTS_PROOFS "account address document answers call"

/* A feature's row: what can be asked.  Its words are the client's requests.kind_<name> and
 * requests.about_<name>. */
struct request_kind {
    const char *name, *category; /* "access", "privacy" */
    const char *clocks;          /* names of clocks between blanks, of any country */
    const char *where;           /* where the law has it ("US-CA"); NULL: everywhere */
    const char *purposes;        /* of which one is chosen, between blanks; NULL: none */
    /* Texts to begin an answer with: keys of the catalogue, requests.answer_... */
    const char *answers[REQUESTS_ANSWERS_MAX];
    int place;     /* among the kinds, the smallest first */
    bool releases; /* tells or changes what is kept of somebody: for them alone,
                    * and it has to be sure that it is them */
    bool yearly;   /* once a calendar year */
    /* In the transaction in which a member asks; ret_done: all is done by that.  May be NULL. */
    enum err (*asked)(struct call *call, const char *purpose, bool *ret_done);
};
/* The row of that name; NULL: there is none (any more).  All of them, by place. */
const struct request_kind *requests_kind(const char *name);
size_t requests_kinds(const struct request_kind *ret[REQUESTS_KINDS_MAX]);

struct requests_entry {
    const char *what, *code, *text, *officer;
    int64_t at_ms;
    bool staff; /* an officer's; the person reads no name */
};

struct requests_row {
    const char *id, *kind, *state, *purpose, *outcome, *country, *language, *clock, *extended_why,
        *proof, *name, *holder; /* name: of the member, NULL: erased, or without an account */
    int64_t made_ms, from_ms, due_ms, extended_ms, answered_ms, closed_ms;
    bool member, held; /* held: by an officer; mine: by the one who asks */
    bool mine;
};

JSON_SHAPE_SHARED(requests_row_shape, struct requests_row);
JSON_SHAPE_SHARED(requests_entry_shape, struct requests_entry);

/* A request with all that is said in it, opened by requests_open. */
struct requests_one {
    struct requests_row row;
    int64_t id, account_id, key_id, holder_id; /* key_id 0: burned, or going */
    int64_t own_key_id;
    struct sealed email, link;
    struct sealed texts[REQUESTS_ENTRIES_MAX];
    struct requests_entry *entries;
    size_t entry_count;
};

/* ---- a member asks (requests.c) ---- */

struct requests_new {
    const char *kind, *purpose, *text;
};
struct requests_asking {
    const struct request_kind *kind;
    int64_t key_id;
    const char *country, *language;
    char public_id[PUBLIC_ID_LEN + 1];
    struct sealed text;
};
/* ERR_INVALID input.choice about kind or purpose, requests.text. */
MUST_USE enum err requests_look(struct call *call, const struct requests_new *wish,
                                struct requests_asking *ret);
MUST_USE enum err requests_prepare(struct call *call, const char *text, struct requests_asking *it);
/* ERR_LIMIT requests.many; ERR_CONFLICT requests.yearly. */
MUST_USE enum err requests_add(struct call *call, const struct requests_new *wish,
                               const struct requests_asking *it);
/* The member's own, the latest first. */
MUST_USE enum err requests_mine(struct call *call, struct requests_row **ret, size_t *ret_count);
/* One of them with what the person may read.  ERR_MISSING requests.none. */
MUST_USE enum err requests_my(struct call *call, const char *public_id, struct requests_one *ret);

/* The person says more.  ERR_CONFLICT requests.closed: not here any more; ERR_LIMIT
 * requests.long. */
struct requests_saying {
    struct requests_one one;
    struct sealed text;
};
MUST_USE enum err requests_say_prepare(struct call *call, const char *text,
                                       struct requests_saying *it);
MUST_USE enum err requests_say(struct call *call, const struct requests_saying *it);
/* The person wants it no more, or is content.  Again is no error. */
MUST_USE enum err requests_withdraw(struct call *call, const struct requests_one *one);

/* After the commit: the texts of entries; one that does not open any more stays NULL. */
MUST_USE enum err requests_open(struct call *call, struct requests_one *one);

/* ---- somebody without an account (requests_guests.c) ---- */

struct requests_guest {
    const char *kind, *purpose, *text, *email, *country, *language;
};
struct requests_guest_asking {
    struct requests_asking it; /* its key is the request's own */
    struct sealed email, link;
    uint8_t email_bi[HASH_BYTES], link_hash[HASH_BYTES];
    struct mail_draft mail;
};
/* ERR_INVALID accounts.email, input.choice, requests.text.  No account is looked for, here or
 * later, so nothing tells whether there is one. */
MUST_USE enum err requests_guest_prepare(struct call *call, const struct requests_guest *wish,
                                         struct requests_guest_asking *it);
/* Does nothing more, and says nothing, when the address had REQUESTS_MAILS_A_DAY.
 * ERR_LIMIT requests.full. */
MUST_USE enum err requests_guest_add(struct call *call, const struct requests_guest *wish,
                                     const struct requests_guest_asking *it);
/* What the link of the mail opens, with what the person may read.  ERR_MISSING requests.gone. */
MUST_USE enum err requests_linked(struct call *call, const char *link, struct requests_one *ret);
struct requests_confirming {
    struct requests_one one;
    struct mail_draft mail;
};
MUST_USE enum err requests_confirm_prepare(struct call *call, const char *link,
                                           struct requests_confirming *it);
/* The address is proved: it counts, from when it was asked.  Again is no error. */
MUST_USE enum err requests_confirm(struct call *call, const struct requests_confirming *it);

/* ---- officers (requests_staff.c) ---- */

/* show: "waiting", the first to end first; "mine"; "answered"; "closed". */
MUST_USE enum err requests_queue(struct call *call, const char *show, struct requests_row **ret,
                                 size_t *ret_count);
MUST_USE enum err requests_waiting(struct call *call, int64_t *ret_count, int64_t *ret_urgent);
/* With notes and names.  ERR_MISSING requests.none: or one of this officer's own. */
MUST_USE enum err requests_find(struct call *call, const char *public_id, struct requests_one *ret);
MUST_USE enum err requests_looked(struct call *call, const struct requests_one *one);
/* ERR_CONFLICT requests.held, requests.closed. */
MUST_USE enum err requests_claim(struct call *call, const char *public_id, bool take_over);

/* One act on a request that this officer holds: what it is, and its code or text. */
struct requests_act {
    const char *id, *what, *code, *text;
};
struct requests_acting {
    struct requests_one one;
    struct sealed text;
    struct mail_to to; /* key_id 0: nobody is written to */
    struct mail_draft mail;
};
MUST_USE enum err requests_act_look(struct call *call, const struct requests_act *act,
                                    struct requests_acting *ret);
/* ERR_INVALID requests.text. */
MUST_USE enum err requests_act_prepare(struct call *call, const struct requests_act *act,
                                       struct requests_acting *it);
/* ERR_CONFLICT requests.not_yours, requests.closed, requests.unproved, requests.late,
 * requests.extended, requests.unanswered. */
MUST_USE enum err requests_act(struct call *call, const struct requests_act *act,
                               const struct requests_acting *it);

/* ---- jobs (requests_jobs.c) ---- */

/* Tells officers what ends soon and what is late; a bounded batch. */
MUST_USE enum err requests_alarm(struct call *call);
struct requests_over {
    int64_t ids[REQUESTS_SWEEP_MAX], keys[REQUESTS_SWEEP_MAX];
    size_t count;
};
/* Closes what was answered long ago or whose member is erased; finds what goes. */
MUST_USE enum err requests_over_look(struct call *call, struct requests_over *ret);
MUST_USE enum err requests_over_burn(struct call *call, const struct requests_over *over);
MUST_USE enum err requests_over_apply(struct call *call, const struct requests_over *over);

#endif
