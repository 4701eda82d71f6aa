#ifndef FEATURES_ADDRESSES_ADDRESSES_H
#define FEATURES_ADDRESSES_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/time.h"
#include "call/call.h"
#include "features/identity/accounts/accounts.h"
#include "features/identity/tickets/tickets.h"
#include "features/notify/mail/mail.h"

/*
 * E-mail addresses of accounts: proving one, changing it, taking a change back, and a new
 * password by mail.
 *  - Only a proved address is unique; only to such a one goes a link for a new password.
 *  - Nothing tells who exists.  Every question queues one job, whatever the answer; the
 *    job finds out and writes.  Who asks with somebody's proved address makes that
 *    somebody hear of it, at most once a day.
 *  - The new address is proved before it counts; then the old one is told and may take the
 *    change back for 7 days, for as long nobody else can prove it.  An address that was
 *    never proved is not told: it may be a stranger's.
 *  - Links are tickets: one use, an end, nothing learnt from a wrong one.
 */
#define ADDRESSES_VERIFY_MS (3 * TIME_DAY)
#define ADDRESSES_CHANGE_MS TIME_DAY
#define ADDRESSES_UNDO_MS (7 * TIME_DAY)
#define ADDRESSES_RESET_MS (30 * TIME_MIN)
#define ADDRESSES_RESET_EVERY_MS (5 * TIME_MIN) /* a second mail before that helps nobody */
#define ADDRESSES_USED_EVERY_MS TIME_DAY
#define ADDRESSES_WAYS_MS (30 * TIME_DAY) /* ways in this much younger than a change go with it */
enum { ADDRESSES_UNPROVED_MAX = 5 }; /* letters a day to one unproved address, of all accounts */

#define ADDRESSES_VERIFY "accounts.verify"
#define ADDRESSES_CHANGE "accounts.address"
#define ADDRESSES_UNDO "accounts.undo"
#define ADDRESSES_RESET "accounts.reset"

/* ---- letters: what the job writes ---- */

struct addresses_post {
    const char *what;
    int64_t account_id, change_id; /* from the job */
    /* found by `look` */
    struct mail_to to;
    struct sealed elsewhere; /* an address in address_change */
    int64_t life_ms, marker; /* marker: whose day is used up by it */
    const char *kind, *ticket_kind, *path;
    uint8_t email_bi[HASH_BYTES];
    size_t email_bi_len;
    bool send;
    struct ticket_new ticket;
    struct mail_draft mail;
};
MUST_USE enum err addresses_post_look(struct call *call, struct addresses_post *post);
MUST_USE enum err addresses_post_prepare(struct call *call, struct addresses_post *post);
MUST_USE enum err addresses_post_apply(struct call *call, const struct addresses_post *post);

/* ---- a change ---- */

struct addresses_wish {
    struct accounts_row row; /* by `look` */
    bool verified;
    const char *email;
    struct sealed sealed;
    uint8_t email_bi[HASH_BYTES];
};
/* ERR_INVALID accounts.email, ERR_CONFLICT accounts.address_same. */
MUST_USE enum err addresses_ask_look(struct call *call, struct addresses_wish *wish);
MUST_USE enum err addresses_ask_prepare(struct call *call, const char *email,
                                        struct addresses_wish *wish);
MUST_USE enum err addresses_ask_apply(struct call *call, const struct addresses_wish *wish);
/* Drops what was asked for; again is no error. */
MUST_USE enum err addresses_ask_drop(struct call *call);
/* The proof is asked for again.  ERR_CONFLICT accounts.address_proved. */
MUST_USE enum err addresses_again(struct call *call);

/* How things stand for the actor; `asked` is sealed until addresses_state_open. */
struct addresses_state {
    const char *email, *asked;
    bool verified;
    int64_t ends_ms; /* of what is asked for; 0: nothing is */
    struct accounts_row row;
    struct sealed asked_ct;
};
MUST_USE enum err addresses_state(struct call *call, struct addresses_state *ret);
MUST_USE enum err addresses_state_open(struct call *call, struct addresses_state *state);

/* ---- links ---- */

/* Both kinds of proof.  ERR_MISSING tickets.gone, ERR_CONFLICT accounts.address_used,
 * accounts.address_moved (lost a race). */
struct addresses_proof {
    bool change;
    int64_t account_id, change_id, key_id;
    bool was_verified;
    struct sealed old_ct, new_ct;        /* as they lie */
    struct sealed account_ct, change_ct; /* as they will lie */
    uint8_t new_bi[HASH_BYTES], old_bi[HASH_BYTES];
};
MUST_USE enum err addresses_prove_look(struct call *call, const char *ticket,
                                       struct addresses_proof *proof);
MUST_USE enum err addresses_prove_prepare(struct call *call, struct addresses_proof *proof);
MUST_USE enum err addresses_prove_apply(struct call *call, const char *ticket,
                                        const struct addresses_proof *proof);

/*
 * The old address comes back, every session, token and password ends, later changes and
 * open links are void; a closed account is open again.  The ticket of `fresh` is stored
 * as one for a new password.  Errors as above.
 */
struct addresses_undo {
    int64_t account_id, change_id, key_id;
    struct sealed old_ct, account_ct;
    uint8_t email_bi[HASH_BYTES];
    struct ticket_new fresh;
};
MUST_USE enum err addresses_undo_look(struct call *call, const char *ticket,
                                      struct addresses_undo *undo);
MUST_USE enum err addresses_undo_prepare(struct call *call, struct addresses_undo *undo);
MUST_USE enum err addresses_undo_apply(struct call *call, const char *ticket,
                                       const struct addresses_undo *undo);

/* ---- a new password by mail ---- */

/* ERR_INVALID accounts.email; else OK whoever exists. */
MUST_USE enum err addresses_reset_ask(struct call *call, const uint8_t email_bi[HASH_BYTES]);

struct addresses_reset {
    struct accounts_password_state password;
    int64_t account_id;
    struct mail_to to;
    struct mail_draft mail;
    struct sessions_new device; /* the browser that opened the link is known from now on */
};
MUST_USE enum err addresses_reset_look(struct call *call, const char *ticket,
                                       struct addresses_reset *reset);
MUST_USE enum err addresses_reset_prepare(struct call *call, const char *password,
                                          struct addresses_reset *reset);
MUST_USE enum err addresses_reset_apply(struct call *call, const char *ticket,
                                        const struct addresses_reset *reset);

/* ---- housekeeping ---- */

/* After a restore the look-up hashes are missing (no backup has them): made again. */
enum { ADDRESSES_BLIND_BATCH = 50 };
struct addresses_blind {
    int64_t after; /* ids up to this one were looked at */
    size_t count;
    int64_t ids[ADDRESSES_BLIND_BATCH];
    struct sealed emails[ADDRESSES_BLIND_BATCH];
    uint8_t hashes[ADDRESSES_BLIND_BATCH][HASH_BYTES];
    bool known[ADDRESSES_BLIND_BATCH]; /* the key is still there */
};
MUST_USE enum err addresses_blind_look(struct call *call, struct addresses_blind *batch);
MUST_USE enum err addresses_blind_prepare(struct call *call, struct addresses_blind *batch);
MUST_USE enum err addresses_blind_apply(struct call *call, const struct addresses_blind *batch);

struct account_ending;
extern const struct account_ending addresses_ending; /* what goes when an account ends */

#endif
