#ifndef FEATURES_MAIL_MAIL_H
#define FEATURES_MAIL_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/call.h"
#include "privacy/sealed.h"

/*
 * Mail: the outbox.  A mail is posted inside the transaction that wants it, so it is sent
 * exactly if that commits; its address and values are sealed with the key of whom it is
 * about.  What it says are catalogue keys, in the reader's language:
 *   <kind>.subject  <kind>.title  <kind>.text (paragraphs apart by \n\n)  <kind>.button
 * with {values}; {site} and {name} are always there.  The kinds are rows of the features
 * (struct mail_kind).
 *  - Not here: what features have to say; bounded digests; in-app notifications.
 */
enum { MAIL_VALUES_MAX = 8, MAIL_VALUE_MAX = 500, MAIL_PATH_MAX = 200 };

struct mail_value {
    const char *name, *text;
};

/* To whom: a member at the address of the moment of sending, or a sealed address. */
struct mail_to {
    int64_t account_id;   /* whom it is about; 0: nobody that has an account */
    int64_t key_id;       /* seals address and values; of the account, when there is one */
    const char *email;    /* NULL: the account's own, at the moment of sending */
    const char *language; /* "en", "id" */
    const char *name;     /* avatar name, for {name}; may be NULL */
    /* HASH_BYTES of emails_blind, when mail_today is to count this one; else NULL. */
    const uint8_t *email_bi;
};

struct mail_draft {
    int64_t id, account_id, key_id;
    const char *kind, *language;
    const char *topic; /* NULL: the kind's; else of what this one mail is (mail_topics.h) */
    struct sealed to, values;
    const uint8_t *email_bi; /* as in struct mail_to */
    uint8_t code_hash[32];   /* of the code by which a member asks "was this really from us?" */
};

/*
 * In `prepare`: seals.  `path` is where the button leads ("/verify#token"), or NULL.
 * ERR_MISSING keys.burned when the key is gone.
 */
MUST_USE enum err mail_prepare(struct call *call, const struct mail_to *to, const char *kind,
                               const char *path, const struct mail_value *values, size_t count,
                               struct mail_draft *ret);
/*
 * In `apply`: puts it into the outbox, or, when the member does not want the kind,
 * drops it without a word.  Unverified addresses get only mails of kinds that are `necessary`.
 */
MUST_USE enum err mail_post(struct call *call, const struct mail_draft *draft);

/* How many mails that are counted (struct mail_to) went to this address within a day, whoever
 * wanted them. */
MUST_USE enum err mail_today(struct call *call, const uint8_t email_bi[32], int64_t *ret);

/* To the account itself, in `look`: fills key, language and name.  ERR_MISSING accounts.none. */
MUST_USE enum err mail_to_account(struct call *call, int64_t account_id, struct mail_to *ret);

/* The site's own address with `path`: public_url, or where this machine serves it. */
const char *mail_link(struct call *call, const char *path);

/* The account's address was proved just now: mail goes there again, whatever bounced.  In `apply`.
 */
MUST_USE enum err mail_address_works(struct call *call, int64_t account_id);

/* All that waits for this account or sealed by this key is dropped (0: not by that). */
MUST_USE enum err mail_drop(struct call *call, int64_t account_id, int64_t key_id);

#endif
