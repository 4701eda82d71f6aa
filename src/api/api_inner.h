#ifndef API_INNER_H
#define API_INNER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/settings.h"

/* What the files of this folder share; nobody else includes it. */
enum {
    QUEUE_MAX = 8192, /* calls that wait for a worker */
    HASHER_NICE = 10,
    HASHER_SLICE_NS = 100 * 1000,
    SLOW_PER_HASHER = 16, /* 52 ms each: nobody waits for more than a second */
    SEGMENTS_MAX = 8,     /* of a path */
    PATH_MAX_BYTES = 2048,
    PARAM_MAX_BYTES = 512,
    QUERY_PARAMS_MAX = 16,
    IDEMPOTENCY_KEY_MAX = 200,
    WORKER_STACK = 1024 * 1024, /* only what is touched counts */
    WHY_MAX = 160,
    TOUCH_MAX = 256,
    TOUCH_ID_EVERY_MS = 10 * 60 * 1000,
    TOUCH_FLUSH_MS = 30 * 1000,
    SESSION_LIFE_MS = 60 * 1000,
    LATENCY_BUCKETS = 10,
    CLASSES = 6, /* of status: 1xx .. 5xx; 0 for calls from inside that failed */
};
static const int64_t IDEMPOTENCY_LIFE_MS = 24 * 60 * 60 * 1000;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHODS };

struct work;
struct worker;
struct node;

/* A route as it runs here: its row, what it is called in logs, how it fares. */
struct route_entry {
    const struct api_route *route;
    const char *label; /* "GET /api/rooms/{id}" */
    /* Answers without a feature: probes, documents.  Sets status, body_type, answer. */
    enum err (*own)(struct work *work);
    atomic_uint_fast64_t count[CLASSES], micros;
    atomic_uint_fast64_t slower[LATENCY_BUCKETS + 1]; /* not cumulative */
};

struct routes {
    struct arena *arena;
    struct node *root;
    struct route_entry *entries; /* the last two: no such path, calls from inside */
    size_t count;
};

struct param {
    const char *text;
    size_t len;
};

struct found {
    struct route_entry *entry; /* NULL: none */
    const char *allow;         /* of a path that exists, for 405; else NULL */
    struct param params[API_PARAMS_MAX];
    size_t count;
};

struct queue {
    struct work *first, **last;
    size_t count;
};

enum stage { STAGE_START, STAGE_APPLY, STAGE_FINISH };

/* One call on its way.  Belongs to one thread at a time; queues hand it on under their lock. */
struct work {
    struct work *next;
    struct api *api;
    enum stage stage;
    struct arena *arena;
    struct api_request *request; /* NULL: from inside */
    struct api_inner inner;
    struct route_entry *entry;
    const struct api_route *route;
    const struct api_steps *steps; /* the route's */
    struct call call;
    const struct settings *settings; /* held from `begin` to the answer */
    void *in, *out;
    struct store_job job;
    enum err (*step)(struct work *work); /* what runs inside the transaction */
    /* put back before each run inside a transaction */
    struct {
        bool set, rehearsed;
        struct arena_mark mark;
        void *state, *out;
        struct call call;
        uint8_t fingerprint[HASH_BYTES];
    } saved;
    struct {
        bool on;   /* the call has a key */
        bool keep; /* and its answer may be kept */
        bool repeated;
        uint8_t key[HASH_BYTES], request[HASH_BYTES];
        int status;
        const char *answer;
    } idem;
    enum err err;
    enum err applied; /* what the last `apply` said */
    int status;       /* other than the table's, or 0 */
    int tries;
    int64_t start_us;
    char why[WHY_MAX]; /* a statement's failure, for the log: of no attempt's memory */
    bool ran_out;      /* of memory: `err` says whose limit it was */
    struct arena_mark start;
    const char *proof;     /* of work, as it came, or NULL */
    bool proven;           /* and it was good: one proof is enough for all rows */
    const char *challenge; /* a proof of work is asked for */
    int bits;
};

struct worker {
    struct api *api;
    pthread_t thread;
    struct store_conn *conn; /* NULL for hashers */
};

struct sessions;
struct limits;

struct api {
    struct api_options options;
    struct routes routes;
    struct sessions *sessions;
    struct limits *limits;
    const struct api_sign_in *sign_in;
    enum err (*acted)(struct call *call, const struct api_route *route);
    int64_t started_ms;

    /* `lock` holds all until the blank line */
    pthread_mutex_t lock;
    pthread_cond_t more, slow_more, quiet;
    struct queue ready, fresh, slow;
    int sleeping;
    size_t open;                 /* calls without an answer */
    bool draining, closed, stop; /* closed: also to calls from inside */

    struct worker *workers, *hashers;
    int workers_count, hashers_count;
    size_t slow_max;
    atomic_bool is_ready;
    atomic_int_fast64_t wall_ms, steady_ms; /* of a test's clock */
    atomic_uint_fast64_t seed;
    atomic_uint_fast64_t refused, rehearsals, retried, ran_out;

    pthread_mutex_t text_lock; /* holds openapi */
    char *openapi;
    size_t openapi_len;
};

/* api.c */
int64_t api_now_ms(const struct api *api);
int64_t api_now_us(void); /* monotonic */
/* Only goes forward, whatever becomes of the wall's clock: for limits and what waits in memory. */
int64_t api_steady_ms(struct api *api);
void api_push(struct api *api, struct work *work); /* a call that goes on */
bool api_push_slow(struct api *api, struct work *work);
bool api_own_thread(const struct api *api);    /* a worker, or one that hashes? */
void api_closed(struct api *api);              /* one call less is open */
void api_refusal(struct api_request *request); /* 503, in constants: needs no memory */

/* run.c */
void work_run(struct worker *worker, struct work *work);
void work_prepare(struct work *work); /* on a hasher */
/* It ran out of memory: nothing that it has begun to say is said. */
void work_forget(struct work *work, enum err err);
/* Runs `step` inside a read transaction on this worker. */
enum err work_read(struct worker *worker, struct work *work, enum err (*step)(struct work *work));

/* route.c */
void routes_make(struct routes *routes, const struct feature *const *list);
void routes_free(struct routes *routes);
enum method route_method(const char *method); /* METHODS: none of ours */
/* The enum scope that a token needs for it; 0: no token may. */
unsigned route_scope(const struct api_route *route);
/* ERR_INVALID for a path that is not percent-encoded UTF-8. */
MUST_USE enum err route_find(const struct routes *routes, struct call *call, const char *method,
                             const char *path, struct found *ret);
/* Percent-decoded into the arena; `plus`: + is a space.  ERR_INVALID input.path. */
MUST_USE enum err route_decode(struct call *call, const char *text, size_t len, bool plus,
                               const char **ret, size_t *ret_len);

/* input.c */
MUST_USE enum err input_read(struct work *work, const struct found *found);
/* Cuts the field `work` out of the body or a raw route's query; NULL when there is none. */
const char *input_proof(struct work *work);

/* who.c */
struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions);
MUST_USE enum err who_check(struct worker *worker, struct work *work);
void who_event(struct api *api, const struct event *event);
void who_flush(struct api *api, bool now);

/* limit.c */
struct limits *limits_new(uint64_t seed, int64_t scale);
void limits_free(struct limits *limits);
MUST_USE enum err limit_check(struct work *work);
/* Before a token is looked for in the store; and when it was nobody's. */
MUST_USE enum err limit_check_tokens(struct work *work);
void limit_count_token(struct work *work);
MUST_USE enum err limit_check_fields(struct work *work); /* the rows that need the input */
MUST_USE enum err limit_check_looked(struct work *work); /* and those that need `look`, too */

/* idem.c */
MUST_USE enum err
idem_begin(struct work *work); /* before the transaction: the key and its hashes */
MUST_USE enum err idem_before(struct work *work); /* inside: a repeat is answered */
MUST_USE enum err idem_after(struct work *work);  /* inside: the answer is kept */

/* answer.c */
/* Writes the answer or the failure, logs, counts, gives it back.  The last of a work. */
void work_send(struct work *work);

/* metrics.c */
void metrics_count(struct route_entry *entry, int status, int64_t micros);
void metrics_write(struct api *api, struct buf *out);

/* own.c */
struct own_route {
    struct api_route route;
    enum err (*own)(struct work *work);
};
extern const struct own_route own_routes[];
extern const size_t own_routes_count;

#endif
