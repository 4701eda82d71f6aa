#ifndef FEATURES_SESSIONS_SESSIONS_H
#define FEATURES_SESSIONS_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/call.h"
#include "base/crypto.h"
#include "features/tickets/tickets.h"

/*
 * Who is signed in: sessions (browsers, by cookie) and tokens (programs, by
 * bearer header).  Both are random secrets of which only a hash is stored.
 *  - "Stay signed in" keeps a session for settings->session_days after its last
 *    use; without it the cookie dies with the browser and the session after a day.
 *  - Not here: second factors (factors), passkeys, outside accounts.
 */
enum { SESSIONS_MAX = 50, TOKENS_MAX = 20, TOKEN_LABEL_MAX = 40 };

/* A session on its way; made in `prepare`, stored in `apply`, its cookie set in `finish`. */
struct sessions_new {
    char token[64];
    uint8_t hash[HASH_BYTES];
    const char *device;  /* "Firefox · Android" */
    const char *country; /* NULL: not known */
    bool remember;
    enum proof proof;         /* sessions_prepare says PROOF_PASSWORD; others put theirs here */
    struct ticket_new second; /* for the step to a second factor */
};

void sessions_prepare(struct call *call, bool remember, struct sessions_new *ret);

/* The oldest of more than SESSIONS_MAX end.  Sets ret_id. */
MUST_USE enum err sessions_store(struct call *call, int64_t account_id,
                                 const struct sessions_new *session, int64_t *ret_id);
void sessions_cookie(struct call *call, const struct sessions_new *session);

/*
 * The one way in for everybody who has proved a first factor (password, passkey, outside
 * account).  In `apply`; then `sessions_cookie` in `finish` when there is an id.  A passkey
 * proves both factors; after another proof an account with a second factor gets no session
 * but a ticket SESSIONS_SECOND, with which POST /api/sessions/second is asked.  The session
 * that this browser had before ends.  A sign-in from a device that was not seen before is
 * told by mail.  ERR_MISSING sessions.wrong (no such account), ERR_DENIED sessions.waiting,
 * sessions.ended.
 */
#define SESSIONS_SECOND "sessions.second"
enum { SESSIONS_SECOND_TRIES = 5, SESSIONS_SECOND_MS = 10 * 60 * 1000 };
struct sessions_arrival {
    const char *id, *avatar_name; /* NULL when a second factor is wanted */
    const char *ticket;           /* or this */
    const char *ways;             /* "code passkey recovery": what can be asked for */
};
MUST_USE enum err sessions_arrive(struct call *call, int64_t account_id,
                                  const struct sessions_new *session, struct sessions_arrival *ret);

/*
 * This session was proved again, by that.  A session that a passkey began counts by the
 * newest proof, others by the strongest: a password does not prolong what wants a passkey.
 */
MUST_USE enum err sessions_proved(struct call *call, enum proof proof);

/* All of the account's but `keep` (0: none is kept); tells their sockets. */
MUST_USE enum err sessions_end_all(struct call *call, int64_t account_id, int64_t keep);

/* ---- what the routes do ---- */

struct sessions_sign_in {
    const char *name, *password;
    bool remember;
};

/* Look, prepare and apply of signing in.  ERR_LOGIN sessions.wrong for all that does not fit,
 * ERR_DENIED sessions.waiting, sessions.ended for the right password of such an account. */
struct sessions_found {
    int64_t account_id, version;
    const char *hash, *state;
    struct sessions_new session;
};
MUST_USE enum err sessions_find(struct call *call, const char *name, struct sessions_found *ret);
MUST_USE enum err sessions_prove(struct call *call, const char *password, bool remember,
                                 struct sessions_found *found);
MUST_USE enum err sessions_begin(struct call *call, const struct sessions_found *found,
                                 struct sessions_arrival *ret);

struct sessions_session {
    int64_t id;
    bool current, remember;
    const char *device, *country;
    int64_t created_ms, used_ms;
};
MUST_USE enum err sessions_list(struct call *call, struct sessions_session **ret,
                                size_t *ret_count);
/* ERR_MISSING sessions.none: not the actor's, or gone. */
MUST_USE enum err sessions_end(struct call *call, int64_t session_id);

struct sessions_token {
    int64_t id;
    const char *label;
    int64_t created_ms, used_ms;
};
/* ERR_LIMIT tokens.many. */
MUST_USE enum err tokens_add(struct call *call, const char *label, const uint8_t hash[HASH_BYTES],
                             int64_t *ret_id);
MUST_USE enum err tokens_list(struct call *call, struct sessions_token **ret, size_t *ret_count);
MUST_USE enum err tokens_end(struct call *call, int64_t token_id);

/* For struct api_sign_in. */
MUST_USE enum err sessions_load(struct call *call, const uint8_t hash[HASH_BYTES], bool bearer,
                                struct actor *ret);
MUST_USE enum err sessions_touch(struct call *call, const int64_t *session_ids, size_t count);

/* Sessions that ended by time; for the sweep. */
MUST_USE enum err sessions_sweep(struct call *call);

#endif
