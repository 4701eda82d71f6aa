#ifndef FEATURES_SESSIONS_SESSIONS_H
#define FEATURES_SESSIONS_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "call/call.h"
#include "features/identity/factors/factors.h"
#include "features/identity/sessions/guesses.h"
#include "features/identity/tickets/tickets.h"
#include "privacy/sealed.h"

/*
 * Who is signed in: sessions (browsers, by cookie) and tokens (programs, by
 * bearer header).  Both are random secrets of which only a hash is stored.
 *  - "Stay signed in" keeps a session for the setting session_days after its last
 *    use; without it the cookie dies with the browser and the session after a day.
 *  - A browser has a cookie of its own, too, which outlives the session: by it an account knows
 *    a device again.  Strangers' wrong guesses never slow down such a device, and
 *    a sign-in from another one is told by mail.  Ending a session from afar forgets its device.
 *  - A token says what it may do (enum scope; api/who.c holds it to that), ends after a year at
 *    most, and is told by notice and mail when it is made.
 *  - Not here: second factors (factors), passkeys, outside accounts.
 */
enum {
    SESSIONS_MAX = 50,
    DEVICES_MAX = 50,
    TOKENS_MAX = 20,
    TOKEN_LABEL_MAX = 40,
    TOKEN_DAYS_MAX = 365,
};
#define DEVICE_COOKIE "bauta_device"

/* A session on its way; made in `prepare`, stored in `apply`, its cookie set in `finish`. */
struct sessions_new {
    char token[64];
    uint8_t hash[HASH_BYTES];
    const char *device;  /* "Firefox · Android" */
    const char *country; /* NULL: not known */
    bool remember;
    bool reopen;              /* an account that its owner closed is opened again */
    enum proof proof;         /* sessions_prepare says PROOF_PASSWORD; others put theirs here */
    struct ticket_new second; /* for the step to a second factor */
    char device_token[64];
    char town[164];      /* "Bandung, West Java", as far as known; "" */
    struct sealed place; /* the same, sealed by sessions_place; none: not kept */
};

void sessions_prepare(struct call *call, bool remember, struct sessions_new *ret);

/* In `prepare`, by whoever knows the member's key by then: the list of sessions says the town. */
MUST_USE enum err sessions_place(struct call *call, int64_t key_id, struct sessions_new *session);

/* The oldest of more than SESSIONS_MAX end; the device is known from now on.  Sets ret_id. */
MUST_USE enum err sessions_store(struct call *call, int64_t account_id,
                                 const struct sessions_new *session, int64_t *ret_id);
/*
 * Whoever opened a link that went to the account's own address is no stranger in that
 * browser: others' guesses do not keep it out.  In `apply`; the cookie in `finish`.
 */
MUST_USE enum err sessions_know_device(struct call *call, int64_t account_id,
                                       const struct sessions_new *session);
void sessions_device_cookie(struct call *call, const struct sessions_new *session);
/* In `finish`.  After a second step `remember` is the arrival's, not the session's. */
void sessions_cookie(struct call *call, const struct sessions_new *session);

/*
 * The one way in for everybody who has proved a first factor (password, passkey, outside
 * account).  In `apply`; then `sessions_cookie` in `finish` when there is an id.  A passkey
 * proves both factors; after another proof an account with a second factor gets no session
 * but a ticket SESSIONS_SECOND, with which POST /api/sessions/second is asked.  The session
 * that this browser had before ends.  A sign-in from a device that was not seen before is
 * told by mail.  ERR_MISSING sessions.wrong (no such account), ERR_DENIED sessions.waiting,
 * sessions.ended, sessions.closed (by its owner: with session->reopen it is opened again).
 */
#define SESSIONS_SECOND "sessions.second"
enum { SESSIONS_SECOND_TRIES = 5, SESSIONS_SECOND_MS = 10 * 60 * 1000 };
struct sessions_arrival {
    int64_t session_id;
    bool remember;                /* of the session, after a second step */
    const char *id, *avatar_name; /* NULL when a second factor is wanted */
    const char *ticket;           /* or this */
    const char *ways;             /* "code passkey recovery": what can be asked for */
};
MUST_USE enum err sessions_arrive(struct call *call, int64_t account_id,
                                  const struct sessions_new *session, struct sessions_arrival *ret);

/*
 * The second step was passed, by what the caller has checked: uses the ticket up and begins
 * a session of PROOF_SECOND.  In `apply`; a wrong answer calls tickets_miss instead.
 * ERR_MISSING tickets.gone, ERR_DENIED as above.
 */
MUST_USE enum err sessions_second_pass(struct call *call, const char *ticket,
                                       const struct sessions_new *session,
                                       struct sessions_arrival *ret);

/* All of the account's but `keep` (0: none is kept), with their devices; tells their sockets. */
MUST_USE enum err sessions_end_all(struct call *call, int64_t account_id, int64_t keep);

/* ---- what the routes do ---- */

struct sessions_sign_in {
    const char *name, *password;
    bool remember, reopen;
};

/*
 * Look, prepare and apply of signing in, by avatar name or by the address that the account has
 * proved.  What does not fit goes on to `apply` like what does and is refused in `finish`
 * (`wrong`: ERR_LOGIN sessions.wrong), so that names and addresses that exist and others cost the
 * same.  ERR_LIMIT sessions.slow after too many wrong guesses; ERR_DENIED
 * sessions.waiting, sessions.ended for the right password of such an account.
 */
struct sessions_found {
    int64_t account_id, version, device_id, key_id;
    const char *hash;
    uint64_t guesses; /* what wrong ones are counted by */
    uint64_t whole;   /* of the account, however it was named; 0: nobody's */
    bool wrong, tell; /* tell: the work of a letter is done */
    bool heard;       /* it goes to the owner, too */
    struct sessions_new session;
};
MUST_USE enum err sessions_find(struct call *call, const char *name, struct sessions_found *ret);
MUST_USE enum err sessions_prove(struct call *call, const char *password, bool remember,
                                 struct sessions_found *found);
MUST_USE enum err sessions_begin(struct call *call, const struct sessions_found *found,
                                 struct sessions_arrival *ret);

/* The second step with a code. */
struct sessions_second {
    const char *ticket, *code, *recovery;
};
struct sessions_passing {
    struct factors_shown shown;
    struct guesses_by guesses;
    bool fits;
    struct sessions_new session;
};
MUST_USE enum err sessions_second_look(struct call *call, const struct sessions_second *wish,
                                       struct sessions_passing *ret);
/* ERR_INVALID factors.one: exactly one of the two; ERR_LIMIT sessions.slow. */
MUST_USE enum err sessions_second_prepare(struct call *call, const struct sessions_second *wish,
                                          struct sessions_passing *passing);
/* OK with passing->fits false: refused in `finish`. */
MUST_USE enum err sessions_second_apply(struct call *call, const struct sessions_second *wish,
                                        struct sessions_passing *passing,
                                        struct sessions_arrival *ret);

/* A session is proved again, by one of these. */
struct sessions_proof {
    const char *password, *code, *recovery;
};
struct sessions_proving {
    struct factors_shown shown;
    const char *hash;
    bool fits;
};
MUST_USE enum err sessions_proof_look(struct call *call, struct sessions_proving *ret);
/* ERR_INVALID factors.one, ERR_DENIED factors.way: not a way for this session. */
MUST_USE enum err sessions_proof_prepare(struct call *call, const struct sessions_proof *wish,
                                         struct sessions_proving *proving);
MUST_USE enum err sessions_proof_apply(struct call *call, const struct sessions_proof *wish,
                                       struct sessions_proving *proving);

struct sessions_session {
    int64_t id;
    bool current, remember;
    const char *device, *country, *town, *proof;
    int64_t created_ms, used_ms;
    struct sealed place;
};
MUST_USE enum err sessions_list(struct call *call, struct sessions_session **ret,
                                size_t *ret_count);
/* In `finish`: the towns. */
MUST_USE enum err sessions_open(struct call *call, struct sessions_session *all, size_t count);
/* ERR_MISSING sessions.none: not the actor's, or gone. */
MUST_USE enum err sessions_end(struct call *call, int64_t session_id);
/* The same, and its device is a stranger again. */
MUST_USE enum err sessions_banish(struct call *call, int64_t session_id);

struct tokens_new {
    const char *label;
    bool read, write, live;
    int64_t days;
};
struct sessions_token {
    int64_t id;
    const char *label;
    bool read, write, live;
    int64_t created_ms, used_ms, ends_ms; /* ends_ms 0: made before tokens ended; it gets one */
};
/* ERR_LIMIT tokens.many; ERR_INVALID tokens.scope: it may do nothing. */
MUST_USE enum err tokens_add(struct call *call, const struct tokens_new *wish,
                             const uint8_t hash[HASH_BYTES], struct sessions_token *ret);
MUST_USE enum err tokens_list(struct call *call, struct sessions_token **ret, size_t *ret_count);
MUST_USE enum err tokens_end(struct call *call, int64_t token_id);
/* All of the account's; tells their sockets. */
MUST_USE enum err tokens_end_all(struct call *call, int64_t account_id);
/* For the sweep: those that ended by time, and with them their sockets. */
MUST_USE enum err tokens_sweep(struct call *call);

/* For struct api_sign_in. */
MUST_USE enum err sessions_load(struct call *call, const uint8_t hash[HASH_BYTES], bool bearer,
                                struct actor *ret);
MUST_USE enum err sessions_touch(struct call *call, const int64_t *session_ids, size_t count);

struct account_ending;
extern const struct account_ending sessions_ending; /* what goes when an account ends */

/* The sum of a person's roles, of the table staff; an administrator is one by account.role. */
#define SESSIONS_ROLES(account_)                                                                \
    "(SELECT COALESCE(SUM(CASE f.role WHEN 'moderator' THEN 1 WHEN 'support' THEN 2"            \
    " WHEN 'privacy' THEN 4 ELSE 8 END), 0) FROM staff f WHERE f.account_id = " account_ ".id)" \
    " + CASE WHEN " account_ ".role = 'admin' THEN 16 ELSE 0 END"

#endif
