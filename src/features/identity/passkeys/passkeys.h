#ifndef FEATURES_PASSKEYS_PASSKEYS_H
#define FEATURES_PASSKEYS_PASSKEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "call/call.h"
#include "call/json.h"
#include "features/identity/passkeys/webauthn.h"
#include "features/identity/tickets/tickets.h"
#include "features/notify/mail/mail.h"
#include "privacy/sealed.h"

/*
 * Passkeys: keys of a member's own devices that prove who they are to this site alone.
 *  - A challenge is a ticket of one purpose: five minutes, one use, and for a member's
 *    second factor or proof only for that member.
 *  - Whatever does not fit, in whatever way, is one refusal: ERR_DENIED passkeys.refused.
 *  - A passkey that asked its owner (PIN, finger, face) proves both factors; one that did
 *    not is a second factor only.
 *  - Not here: reading WebAuthn (webauthn.h), what a proof opens (sessions).
 */
enum {
    PASSKEYS_MAX = 20,
    PASSKEY_LABEL_MAX = 40,
    PASSKEY_HANDLE_LEN = 32,
    PASSKEY_TRANSPORTS_MAX = 64,
};

enum passkeys_purpose {
    PASSKEYS_ADD,    /* to an account */
    PASSKEYS_NEW,    /* with a new account */
    PASSKEYS_IN,     /* to sign in; whose it is shows only then */
    PASSKEYS_SECOND, /* after another first factor */
    PASSKEYS_PROVE,  /* that a session is still its owner's */
};

/* ---- asking a browser ---- */

struct passkeys_known {
    const char *id, *transports;
};
struct passkeys_options {
    const char *challenge, *site, *site_name, *user; /* user: only where one is made */
    const char *verification;                        /* "required", "preferred" */
    JSON_LIST_OF(struct passkeys_known)
    keys; /* of struct passkeys_known: not these (made), one of these (asked) */
};
JSON_SHAPE_SHARED(passkeys_options_shape, struct passkeys_options);

/* ERR_DENIED passkeys.no_place: this address cannot have passkeys.  In `prepare`. */
struct passkeys_asked {
    struct webauthn_site site;
    struct ticket_new ticket;
    uint8_t handle[PASSKEY_HANDLE_LEN];
};
MUST_USE enum err passkeys_prepare(struct call *call, struct passkeys_asked *ret);
/* In `apply`.  `account_id` is 0 where nobody is known. */
MUST_USE enum err passkeys_ask(struct call *call, enum passkeys_purpose purpose, int64_t account_id,
                               const struct passkeys_asked *asked, struct passkeys_options *ret);

/* ---- a new passkey ---- */

struct passkeys_new {
    const char *client_data, *attestation, *transports, *label;
};
JSON_SHAPE_SHARED(passkeys_new_shape, struct passkeys_new);

struct passkeys_made {
    struct webauthn_data data;
    char challenge[WEBAUTHN_CHALLENGE_LEN + 1];
    const char *transports;
    struct sealed label;
};
/* In `prepare`; `key_id` seals the label. */
MUST_USE enum err passkeys_check(struct call *call, enum passkeys_purpose purpose, int64_t key_id,
                                 const struct passkeys_new *wish, struct passkeys_made *ret);
/* In `apply`.  ERR_LIMIT passkeys.many. */
MUST_USE enum err passkeys_store(struct call *call, enum passkeys_purpose purpose,
                                 int64_t account_id, const struct passkeys_made *made,
                                 int64_t *ret_id);

/* ---- a proof ---- */

struct passkeys_proof {
    const char *id, *client_data, *auth_data, *signature, *user;
};
JSON_SHAPE_SHARED(passkeys_proof_shape, struct passkeys_proof);

struct passkeys_found {
    int64_t id, account_id, key_id, count;
    bool syncable, copied, refused;
    const uint8_t *handle;
    struct webauthn_key key;
    struct webauthn_data data;
    char challenge[WEBAUTHN_CHALLENGE_LEN + 1];
    struct mail_to to;
    struct mail_draft mail;
};
/* In `look`: finds it, or leaves ret->id 0. */
MUST_USE enum err passkeys_find(struct call *call, const struct passkeys_proof *proof,
                                struct passkeys_found *ret);
/* In `prepare`: everything that a signature can say. */
MUST_USE enum err passkeys_judge(struct call *call, enum passkeys_purpose purpose,
                                 const struct passkeys_proof *proof, struct passkeys_found *found);
/*
 * In `apply`: uses the challenge up.  A counter that went back is told to the member, so
 * this commits: when found->refused is set nothing more may be done, and `finish` refuses
 * by passkeys_refuse.
 */
MUST_USE enum err passkeys_use(struct call *call, enum passkeys_purpose purpose,
                               struct passkeys_found *found);
MUST_USE enum err passkeys_refuse(struct call *call);

/* ---- a member's own ---- */

struct passkeys_passkey {
    int64_t id;
    const char *label;
    bool synced, syncable, verifies;
    int64_t created_ms, used_ms;
    struct sealed label_ct;
};
MUST_USE enum err passkeys_list(struct call *call, struct passkeys_passkey **ret,
                                size_t *ret_count);
/* In `finish`: opens the labels. */
MUST_USE enum err passkeys_open(struct call *call, struct passkeys_passkey *all, size_t count);
/* ERR_MISSING passkeys.none. */
MUST_USE enum err passkeys_one(struct call *call, int64_t id, struct passkeys_passkey *ret);
MUST_USE enum err passkeys_seal(struct call *call, int64_t key_id, const char *label,
                                struct sealed *ret);
MUST_USE enum err passkeys_rename(struct call *call, int64_t id, struct sealed label);
/* ERR_MISSING passkeys.none, ERR_CONFLICT passkeys.last: there would be no way in. */
MUST_USE enum err passkeys_remove(struct call *call, int64_t id);

/* How many an account has: whether a passkey can be its second factor. */
MUST_USE enum err passkeys_count(struct call *call, int64_t account_id, int64_t *ret);

/* Those added from that moment on are gone: an owner takes the account back from a thief. */
MUST_USE enum err passkeys_forget_since(struct call *call, int64_t account_id, int64_t since_ms);

#endif
