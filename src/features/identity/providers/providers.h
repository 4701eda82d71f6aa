#ifndef FEATURES_PROVIDERS_PROVIDERS_H
#define FEATURES_PROVIDERS_PROVIDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/crypto.h"
#include "call/call.h"
#include "features/identity/providers/ask.h"
#include "features/identity/providers/registry.h"
#include "features/identity/sessions/sessions.h"
#include "features/identity/tickets/tickets.h"
#include "privacy/sealed.h"

/*
 * Signing in with an outside account (OpenID Connect: authorization code, PKCE, nonce).
 *  - A provider is contacted when somebody has asked for it, never before.
 *  - We ask who it is (openid) and nothing else; access tokens are not kept.
 *  - A trip to a provider belongs to one browser: its state is a ticket that only fits with
 *    that browser's cookie, and nonce and PKCE verifier are made from both, so neither lies
 *    anywhere.
 *  - Of somebody who has no account yet nothing is kept but a ticket, and the subject in it
 *    can be read only by who holds the ticket's text.
 *  - Not here: what a provider says (ask.h), whether a token is right (jwt.h).
 */
enum {
    PROVIDERS_TRIP_MS = 10 * 60 * 1000,
    PROVIDERS_NEW_MS = 15 * 60 * 1000,
    PROVIDERS_CODE_MAX = 2048,
};
#define PROVIDERS_COOKIE "bauta_provider"
#define PROVIDERS_BACK "/sign-in/back"
#define PROVIDERS_STATE "providers.state"
#define PROVIDERS_NEW "providers.new"

/* Where a trip is to lead. */
enum providers_purpose { PROVIDERS_SIGN_IN, PROVIDERS_LINK, PROVIDERS_PROVE };

/* ---- setting out: prepare, apply ---- */

struct providers_wish {
    const char *provider;
    bool remember, reopen; /* of the session that is signed in to */
};
struct providers_start {
    struct ticket_new ticket;
    const char *note, *cookie;
    int64_t account_id;
};
/* ERR_MISSING providers.none, ERR_BUSY providers.away.  Sets the cookie. */
MUST_USE enum err providers_set_out(struct call *call, const struct providers_wish *wish,
                                    enum providers_purpose purpose, struct providers_start *start,
                                    const char **ret_url);
MUST_USE enum err providers_set_out_apply(struct call *call, const struct providers_start *start);

/* ---- coming back: look, prepare, both again, apply, finish ---- */

struct providers_back {
    const char *state, *code, *iss, *error;
};
struct providers_arrived {
    const char *status; /* in, second, unknown, linked, proved */
    const char *provider, *name;
    const char *ticket; /* of `second` and `unknown` */
    const char *ways;   /* of `second` */
};
struct providers_trip {
    struct ticket ticket;
    const char *provider_id, *binding;
    enum providers_purpose purpose;
    bool remember, reopen;
    int64_t key_id; /* of the account that the trip is for, or that is signed in to */
    int64_t owner;  /* of the outside account, as far as known before `apply`; 0: nobody */
    const struct provider *provider;
    const char *fault; /* the trip is over and has failed: told after the commit */
    uint8_t subject_bi[HASH_BYTES];
    struct sealed subject_ct;
    struct sessions_new session;
    struct ticket_new fresh; /* for somebody who is not known yet */
    const char *fresh_note;
    bool has_session;
};
MUST_USE enum err providers_back_look(struct call *call, const struct providers_back *in,
                                      struct providers_trip *trip);
/* ERR_DENIED providers.browser: another browser, or another member, set out. */
MUST_USE enum err providers_back_prepare(struct call *call, const struct providers_back *in,
                                         struct providers_trip *trip);
/* Only the provider's answer says whose trip it is: then the session learns its town. */
MUST_USE enum err providers_back_look_again(struct call *call, struct providers_trip *trip);
MUST_USE enum err providers_back_prepare_again(struct call *call, struct providers_trip *trip);
/* ERR_CONFLICT providers.taken, providers.other, providers.linked. */
MUST_USE enum err providers_back_apply(struct call *call, const struct providers_back *in,
                                       struct providers_trip *trip, struct providers_arrived *ret);
MUST_USE enum err providers_back_finish(struct call *call, const struct providers_trip *trip);

/* ---- registering with such a ticket: look, prepare, apply ---- */

struct providers_join {
    const char *provider_id, *subject;
    uint8_t subject_bi[HASH_BYTES];
    struct sealed subject_ct;
};
MUST_USE enum err providers_join_look(struct call *call, const char *ticket,
                                      struct providers_join *ret);
MUST_USE enum err providers_join_prepare(struct call *call, int64_t key_id,
                                         struct providers_join *join);
MUST_USE enum err providers_join_apply(struct call *call, const char *ticket, int64_t account_id,
                                       const struct providers_join *join);

/* ---- in settings ---- */

struct providers_linked {
    const char *provider, *name;
    int64_t since_ms, used_ms;
};
MUST_USE enum err providers_list(struct call *call, struct providers_linked **ret,
                                 size_t *ret_count);
/* ERR_MISSING providers.unlinked, ERR_CONFLICT providers.last: no other way in is left. */
MUST_USE enum err providers_unlink(struct call *call, const char *provider);

/* ---- the row, for tests ---- */

struct providers_row {
    int64_t account_id;
    const char *provider;
    const uint8_t *subject_bi;
    struct sealed subject_ct;
};
MUST_USE enum err providers_link(struct call *call, const struct providers_row *row);

/* Those linked from that moment on are gone: an owner takes the account back from a thief. */
MUST_USE enum err providers_forget_since(struct call *call, int64_t account_id, int64_t since_ms);

#endif
