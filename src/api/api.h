#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/steps.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "call/call.h"
#include "call/feature.h"
#include "call/json.h"
#include "call/roles.h"
#include "store/store.h"

/*
 * The api: from a parsed HTTP request to a feature and back.  It knows nothing
 * of sockets (net/ calls it), and its only table is the one of repeats.  It alone checks
 * the sign-in, limits and CSRF, reads the input, opens and closes the
 * transaction, tries again after ERR_BUSY, keeps Idempotency-Keys, turns enum
 * err into a status and a sentence in the reader's language.
 */
enum {
    API_BODY_MAX = 64 * 1024,
    API_RAW_MAX = 16 * 1024 * 1024,
    API_ARENA_MAX = 8 * 1024 * 1024,
    API_TRIES = 5,
    API_PARAMS_MAX = 4,
    API_PROOF_MS = 10 * 60 * 1000,
};

enum api_tx {
    API_TX_NONE,
    API_TX_READ,
    API_TX_WRITE,
};

/* Who may call: denied by default, so 0 is not a choice (a test looks). */
enum api_who {
    API_WHO_UNSET,
    API_ANYONE,
    API_MEMBER,
    API_STAFF, /* no row's: those after it are of staff, a power each (call/roles.h); no token */
#define X(power_, name_, roles_, passkey_) API_##power_,
    POWERS(X)
#undef X
};

/*
 * A rate: `burst` calls at once, refilled over `per_ms`.  Per account (or, for
 * nobody, per address).  An `address` limit is soft: beyond it the caller is asked
 * for a proof of work, beyond 20 times of it refused.
 */
struct api_limit {
    const char *name;
    int burst;
    int64_t per_ms;
    bool address;
    /* Counted by this text field of the input instead of by account: as soft as `address`. */
    const char *field;
    /* With `field`: asked after `look`, which may put something else to count by into
     * call->counts_as. */
    bool looked;
};

enum api_flag {
    API_SLOW_POOL = 1 << 0,      /* `prepare` runs in the bounded pool (Argon2id) */
    API_UPGRADE = 1 << 1,        /* 101: the connection becomes the member's socket */
    API_PLAIN = 1 << 2,          /* `out` has a field `text`: answered as text, not JSON */
    API_NO_IDEMPOTENCY = 1 << 3, /* answer holds a secret: never kept */
    API_BACKGROUND = 1 << 4,
    API_BATCH = 1 << 5, /* on PostgreSQL, too, through the one writer: many commits in one */
    /*
     * A risky act: the session must have been proved within API_PROOF_MS (else
     * ERR_DENIED "api.prove", and the client asks for a proof); not by token.
     */
    API_STEP_UP = 1 << 6,
    /*
     * The body is a file and no JSON: bytes of one of the types in `accept`, up to
     * `body_max`, in call->body.  `in` is filled from path and query, as for GET.
     */
    API_RAW = 1 << 7,
    /*
     * Whoever sends it is nobody: cookies and tokens are not looked at, so no foreign page
     * can make it act for somebody, and mail programs may POST without our header.
     */
    API_NOBODY = 1 << 8,
    /* The feature knows a repeat itself, by an id that the client chose: no key is kept. */
    API_KNOWS_REPEATS = 1 << 9,
    /*
     * An act of staff on others: call_passkey(), as for every power that wants one anyway.
     * Without a passkey such acts are done on the machine: `bauta admin`.
     */
    API_PASSKEY = 1 << 10,
    /*
     * The answer speaks of nobody but whoever asks, so it may be kept for a repeat.  What others
     * show may be hidden from them by then: any other answer is never kept.
     */
    API_OWN_ANSWER = 1 << 11,
    /* Of oneself and not of a program: who may come near, what is agreed to, where one is signed
     * in.  Refused to every token (ERR_DENIED "api.no_token"). */
    API_NO_TOKEN = 1 << 12,
    /* Leaves a line of staff (call->acted) though it is a member's own: staff do more by it.  The
       client has a sentence for it, as for all that staff does. */
    API_STAFF_LINE = 1 << 13,
};

/* The power that the row asks for; POWER_NONE: it is no staff's. */
static inline enum power api_power(enum api_who who)
{
    return who > API_STAFF ? (enum power)(who - API_STAFF) : POWER_NONE;
}

struct api_route {
    const char *method;
    const char *path; /* {name} fills the field of that name in `in`; so does ?name= of a GET */
    enum api_who who;
    enum api_tx tx;
    unsigned flags;
    int status;                    /* on success: 200, 201, 202, 204 */
    const struct api_steps *steps; /* STEPS or INNER_STEPS made them (api/steps.h) */
    const struct api_limit *limits[3];
    const char *about;  /* one sentence: the documentation and the client's comment */
    size_t body_max;    /* of a raw route, at most API_RAW_MAX */
    const char *accept; /* of a raw route: "application/pdf image/jpeg" */
    /* Of staff, and shows members' data: what kind of a look it is.  It leaves its line
     * (call->acted) in the transaction that reads, or shows nothing; so that is one that writes. */
    const char *look;
};

/* Work that happens later, once or again and again: jobs/ runs it. */
struct job_kind {
    const char *name; /* "accounts.sweep" */
    int64_t every_ms; /* 0: only when queued */
    int tries;        /* then it goes to the dead letters */
    int64_t timeout_ms;
    const struct api_steps *steps; /* JOB_STEPS made them */
    enum api_tx tx;
    const char *about;
};

struct job_in {
    int64_t id;
    const char *payload; /* JSON or "" */
    int tries;
};

/* How the api finds out who asks; the accounts feature is the only one that has it. */
struct api_sign_in {
    /* By SHA-256 of the token.  ERR_MISSING when there is none; in a read transaction. */
    enum err (*load)(struct call *call, const uint8_t hash[HASH_BYTES], bool bearer,
                     struct actor *ret);
    /* Writes down that these sessions were used; in a write transaction. */
    enum err (*touch)(struct call *call, const int64_t *session_ids, size_t count);
};

/* What they ask of the operator, ended by NULL: for settings_read.  Stands until asked again. */
const struct setting_group *const *features_settings(const struct feature *const list[]);

/* ---- net's side ---- */

struct api;

/* Made by net for each request; all its memory is in `arena`; freed by net after `done`. */
struct api_request {
    struct api_request *next; /* the api's queues */
    struct arena *arena;
    const char *method;
    const char *path;  /* still percent-encoded, without the query; begins with / */
    const char *query; /* without ?; "" when there is none */
    /* header values, "" when absent */
    const char *host, *origin, *cookie, *authorization, *content_type, *idempotency_key,
        *accept_language, *user_agent, *csrf; /* csrf: the header X-Bauta */
    const char *body; /* need not lie in the arena; nothing of the answer points into it */
    size_t body_len;
    char address[48]; /* the client's IP after trusted proxies */
    bool secure;
    bool metrics; /* came by the metrics listener */
    /*
     * A large body is announced, and nothing of it is here yet: who asks, the limits and `look`
     * are gone through as if it were.  Answered 100: it may come, with `allowed`, and is not
     * counted again.  Any other answer is the request's.
     */
    bool asks, allowed;
    void *owner;                               /* net's */
    void (*done)(struct api_request *request); /* any thread, exactly once */
    /* the answer, set before `done` */
    int status;
    const char *body_type; /* "application/json" */
    const char *answer;
    size_t answer_len;
    const struct cookie *cookies; /* names as they go out; attributes are net's to write */
    int64_t retry_ms;             /* > 0: Retry-After, rounded up to seconds */
    const char *allow;            /* with 405: the header Allow; else NULL */
    bool upgrade;                 /* status 101: `actor` may open its socket */
    struct actor actor;
};

/*
 * Takes a batch of requests (linked by `next`) from a reactor; never blocks.
 * When the queue is full they are answered 503 at once.
 */
void api_submit(struct api *api, struct api_request *batch);

/* How large a request's body may be: known before it is read.  Any thread; never blocks. */
size_t api_body_max(const struct api *api, const char *method, const char *path);

/* ---- live's and jobs' side: the same way, without HTTP ---- */

/*
 * A call from inside: `route` is a row (method may be NULL) whose `in` is a C
 * struct of the type that its steps name, copied (NULL: zeroed).  `done` comes on a worker thread
 * with the out struct; everything in it dies when `done` returns, or with `arena`, if the asker
 * gives one: the call takes all its memory there, and it is the asker's again with `done`.
 */
struct api_inner {
    const struct api_route *route;
    const void *in;
    struct arena *arena; /* may be NULL */
    struct actor actor;
    void *owner;
    void (*done)(void *owner, enum err err, const struct call *call, const void *out);
};
MUST_USE enum err api_inner(struct api *api,
                            const struct api_inner *inner); /* ERR_BUSY: queue full */

/*
 * The same, waiting for the answer: for threads of their own (commands, the clock of
 * the jobs), never on a worker.  ret_code: of a refusal, static, or NULL.
 */
MUST_USE enum err api_wait(struct api *api, const struct api_route *route, const void *in,
                           void *ret_out, const char **ret_code);

/* ---- the server's side ---- */

struct api_options {
    const struct feature *const *features;
    struct store *store;
    struct keys *keys;
    const struct settings *settings;
    struct outbound *outbound;       /* may be NULL: then nobody is asked */
    struct sandbox *sandbox;         /* may be NULL: then no foreign file is taken */
    struct providers *providers;     /* may be NULL: nobody signs in with an outside account */
    const struct place *place;       /* may be NULL */
    const struct presence *presence; /* may be NULL */
    int workers;
    int hashers;
    int64_t (*clock_ms)(void *ctx); /* NULL: the system's */
    void *clock_ctx;
    uint64_t seed; /* 0: from the system */
    /* Told of every event after its commit; any thread; must not block. */
    void (*event)(void *ctx, const struct event *event);
    void *event_ctx;
    /* Adds lines to /metrics; may be NULL. */
    void (*metrics)(void *ctx, struct buf *out);
    void *metrics_ctx;
};

/* ERR_BROKEN when threads or connections cannot be had.  Not ready until api_ready(). */
MUST_USE enum err api_new(const struct api_options *options, struct api **ret);
void api_ready(struct api *api, bool ready); /* what /readyz says */
void api_drain(struct api *api); /* no new requests; returns when the open ones are answered */
void api_stop(struct api *api);  /* no calls from inside either; returns when none runs any more */
void api_free(struct api *api);  /* accepts NULL */

/* From other nodes and the event list: cached sessions of an account are dropped. */
void api_forget_account(struct api *api, int64_t account_id);
void api_forget_session(struct api *api, int64_t session_id);

/* OpenAPI 3.1 and the TypeScript face of every route. */
void api_openapi(const struct feature *const *list, struct buf *out);
void api_typescript(const struct feature *const *list, struct buf *out);

#endif
