#ifndef CALL_CALL_H
#define CALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "call/roles.h"

struct arena;
struct store_tx;
struct keys;
struct place;
struct settings;
struct outbound;
struct sandbox;
struct providers;

enum { CALL_SALT_BYTES = 16 };
enum { PUBLIC_ID_LEN = 26, SECRET_LEN = 32, LANGUAGE_MAX = 8 };

/* By what a session was last proved to be its owner's; the stronger the higher. */
enum proof {
    PROOF_NONE,     /* by a session that is older than proofs */
    PROOF_PASSWORD, /* a password alone */
    PROOF_PROVIDER, /* an outside account alone */
    PROOF_SECOND,   /* a password or outside account, and a second factor */
    PROOF_PASSKEY,  /* a passkey with user verification: both at once */
};

/* What a program with a token may do: bits of actor.scopes. */
enum scope { SCOPE_READ = 1, SCOPE_WRITE = 2, SCOPE_LIVE = 4 };

/* Who asks.  Filled by the api from the session or token; id 0 is nobody. */
struct actor {
    int64_t id; /* account.id, internal */
    char public_id[PUBLIC_ID_LEN + 1];
    int64_t session_id; /* session.id or token.id; 0 is none */
    int64_t session_ends_ms;
    int64_t used_ms;             /* when the session's use was last written down */
    unsigned roles;              /* of staff: bits of call/roles.h; 0: a member like any other */
    enum proof proof;            /* of this session */
    int64_t proved_ms;           /* when */
    bool minor;                  /* under 18 at the time the session was loaded */
    bool by_token;               /* a program with a bearer token, not a cookie: never staff */
    unsigned scopes;             /* of a token: enum scope */
    char language[LANGUAGE_MAX]; /* "en", "id" */
    char name[132];              /* avatar name, UTF-8, up to 32 code points; last: api/who.c */
};

/*
 * Something that happened, to be told after the commit and never before.  The
 * kinds are a closed list: who listens is wired in src/server.
 */
enum event_kind {
    EVENT_TELL,            /* `json` goes to all sockets of `account_id` */
    EVENT_SESSION_ENDED,   /* `id` is session.id: close its sockets, forget it */
    EVENT_ACCOUNT_ENDED,   /* `account_id`: close its sockets, forget its sessions */
    EVENT_ACCOUNT_CHANGED, /* name, role, language or avatar: forget its cached sessions */
    EVENT_ROOM_CHANGED,    /* `id` is room.id: read its row again */
    EVENT_ROOM_REMOVED,    /* `account_id` may not be in room `id` any more */
    EVENT_PARTED,          /* `account_id` and `id` (account.id) perceive nothing of each other */
    EVENT_CONTACT_CHANGED, /* what `account_id` and `id` (account.id) perceive of each other */
    EVENT_OUTBOX,          /* a job was queued: wake the clock */
    EVENT_SETTING,         /* `json` is "name=value", or "name": as standard; `id` its version */
};

struct event {
    struct event *next;
    enum event_kind kind;
    int64_t account_id;
    int64_t id;
    const char *json;
};

/*
 * A message that a feature tells the sockets of members, one row of its own (struct feature): the
 * shape writes it, types it for the client and documents it.
 */
struct json_shape;
struct live_event {
    const char *t;                  /* "friends": what nobody else has, live/wire.c neither */
    const struct json_shape *shape; /* NULL: nothing but `t` */
    const char *about;              /* one sentence for the documentation and the client */
    const char *reaches;            /* whom, and so why it tells nobody of whom a block hides */
};

/* A cookie to be set with the answer.  max_age_s: -1 for the session, 0 to delete. */
struct cookie {
    struct cookie *next;
    const char *name;
    const char *value;
    int64_t max_age_s;
};

/* Repeatable chance: splitmix64 over a seed; for secrets use base/crypto.h in `prepare`. */
struct rng {
    uint64_t state;
};

/* What is known of the connection a call came by.  Never stored as it is. */
struct origin {
    const char *address;    /* the client's IP, as text; "" when there is none */
    const char *user_agent; /* "" when there is none */
    bool secure;            /* TLS, here or at a trusted proxy */
    const char *cookies;    /* the Cookie header; "" when there is none */
    const char *host;       /* the Host header; "" when there is none */
};

/*
 * Who is in which room now: live/ tells, features ask.  `read` gives a snapshot in
 * the arena, sorted by room, from any thread; in `prepare` only, so that each run
 * of `apply` sees the same.  `online` says for each id whether that account is shown as
 * online; NULL: nobody is.  From memory, any thread; in `prepare` and `finish` only.
 */
struct presence_room {
    int64_t room_id;
    size_t count;
    const int64_t *account_ids;
};
struct presence {
    void (*read)(void *ctx, struct arena *arena, const struct presence_room **ret,
                 size_t *ret_count);
    void *ctx;
    void (*online)(void *ctx, const int64_t *ids, size_t count, bool *ret);
};

/* Of an act of staff: the api writes the line that it leaves, with the act or not at all. */
struct acted {
    int64_t on;       /* the id of what it is done to; set by `apply` */
    bool staff;       /* set where a member's route lets staff do more, and by commands */
    const char *what; /* what no id says, in the call's arena: a setting's name and values */
    int64_t subject;  /* account.id of whose data it is: they hear of looks; 0: nobody's, erased */
    int64_t teller;   /* of whoever told staff of it: they hear that it was looked at */
};

/*
 * Everything one call may use.  A feature gets its memory, its data, its time
 * and its actor from here and from nowhere else, so a test can choose them all.
 */
struct call {
    struct arena *arena;             /* lives as long as this call */
    struct store_tx *tx;             /* inside `apply` only, else NULL */
    struct keys *keys;               /* sealing: in `prepare` and `finish` only */
    const struct settings *settings; /* as they are while this call lasts (settings_hold) */
    struct outbound *outbound;       /* outside/outbound.h: asking others, in `prepare` only */
    struct sandbox *sandbox;         /* sandbox/sandbox.h: foreign files, in `prepare` only */
    struct providers *providers; /* features/identity/providers/registry.h; NULL: there are none */
    const struct place *place;   /* call/place.h; may be NULL */
    const struct presence *presence; /* NULL: nobody is anywhere */
    struct actor actor;
    struct origin origin;
    /* Of a raw route (api.h, API_RAW): the bytes as they came; in `look` and `prepare` only. */
    const uint8_t *body;
    size_t body_len;
    const char *body_type; /* one of the route's accepted types */
    int64_t now_ms;        /* the only clock a feature may read */
    struct rng rng;
    uint64_t counts_as; /* set by `look` for limits with `looked` (api.h); 0: their field */
    struct acted acted;
    uint8_t salt[CALL_SALT_BYTES]; /* of the lines of an act of staff: by chance, before `apply` */
    bool again;           /* of a job that repeats: more is to be done, so not only at its time */
    void *state;          /* what the steps of this call share: STEP hands it to them typed */
    struct event *events; /* newest first */
    struct cookie *cookies;
    const char *fail_code;  /* stable: "friends.self"; its text is in the catalogue */
    const char *fail_field; /* the input field it is about, or NULL */
    int64_t retry_ms;       /* with ERR_LIMIT: when it makes sense to ask again; 0 unknown */
};

/*
 * Records why, returns `err`: return call_fail(call, ERR_LIMIT, "friends.many");
 * The code is the key of the sentence in the catalogue (<feature>.en.po, .id.po).
 */
MUST_USE enum err call_fail(struct call *call, enum err err, const char *code);
MUST_USE enum err call_fail_field(struct call *call, enum err err, const char *code,
                                  const char *field);

/*
 * What staff do to others: the session must have been proved by a passkey within
 * CALL_STAFF_PROOF_MS, else ERR_DENIED "api.passkey".  Rows of routes ask by API_PASSKEY; what only
 * `apply` finds to be such an act asks by itself.
 */
enum { CALL_STAFF_PROOF_MS = 12 * 60 * 60 * 1000 };
MUST_USE enum err call_passkey(struct call *call);
bool call_has_passkey(const struct call *call); /* the same, where without it less is answered */

/*
 * The strings must live as long as the call's arena.  A cookie's name is given
 * without the `__Host-` that the api puts before it on a secure connection; it
 * goes out with refusals too.
 */
void call_emit(struct call *call, enum event_kind kind, int64_t account_id, int64_t id,
               const char *json);
/* To all sockets of `account_id`, once committed: `object`, of the shape's struct, as it is now. */
void call_tell(struct call *call, const struct live_event *event, int64_t account_id,
               const void *object);
void call_cookie(struct call *call, const char *name, const char *value, int64_t max_age_s);

/*
 * The cookie with a session's token, set by the accounts feature and read by the api,
 * which looks the session up by SHA-256 of the token's text.
 */
#define SESSION_COOKIE "bauta_session"

/* The value that came with the call, or NULL; `name` as for call_cookie. */
const char *call_cookie_read(struct call *call, const char *name);

/* Who of these is online, as struct presence says. */
void presence_online(const struct call *call, const int64_t *ids, size_t count, bool *ret);

uint64_t rng_next(struct rng *rng);

#endif
