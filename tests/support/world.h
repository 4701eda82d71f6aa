#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"
#include "base/settings.h"
#include "tests/support/test_store.h"

/*
 * A small world for one test: a new, migrated database with a few people in it, an
 * api with its threads, and a clock that the test turns.  Requests go in as net
 * would hand them over; there is no socket, and world_send waits for the answer.
 */
enum { NOBODY, ANA, BEN, CLEO, DAN, ADA, PEOPLE }; /* ADA is an administrator */

enum { WORLD_EVENTS_MAX = 64 };
#define WORLD_START_MS INT64_C(1800000000000) /* January 2027 */

struct world_cookie {
    char name[64], value[512];
    int64_t max_age_s;
};

struct world_answer {
    int status;
    const char *body; /* "" for none; until the next world_send */
    const char *type;
    const char *allow; /* NULL when there is none */
    int64_t retry_ms;
    bool upgrade;
    struct world_cookie cookies[4];
    size_t cookie_count;
};

struct world {
    struct test_store store;
    struct settings settings;
    struct keys *keys;
    struct sandbox *sandbox;
    bool proved;
    bool ended; /* sessions are over by time, though the store still has them */
    char keys_dir[TEST_FOLDER_MAX];
    struct api *api;
    const struct feature **features; /* the test's own and what the world needs */
    _Atomic int64_t now_ms;
    struct arena *arena; /* of the last request */
    struct arena *kept;  /* until the end */
    struct world_answer last;
    /* Headers of the next requests; NULL: what our client sends. */
    const char *key, *origin, *csrf, *type, *cookie, *authorization, *address, *language;
    bool asks, allowed; /* of a file: it is announced only; it was announced (api.h) */
    bool insecure;      /* plain http */
    /* What was told after commits, oldest first. */
    pthread_mutex_t lock;
    struct event events[WORLD_EVENTS_MAX];
    char event_json[WORLD_EVENTS_MAX][256];
    size_t event_count;
    /* What the world's sign-in was told of use, rehearsals included. */
    size_t touches, touched;
    atomic_int_fast64_t loads; /* how often the sign-in was asked for somebody */
    int64_t last_touched;
    int64_t account_ids[PEOPLE];
    char public_ids[PEOPLE][PUBLIC_ID_LEN + 1];
    bool minors[PEOPLE]; /* who signs in as one, from their first call on */
};

struct world_options {
    const struct feature *const *features; /* ends with NULL */
    bool pg;
    bool own_sign_in;            /* the features' sign-in is used, not the world's */
    bool full_hashes;            /* passwords cost what they do in a server */
    bool once;                   /* `apply` is not run twice */
    bool one_store;              /* what is tested is in memory: SQLite is enough */
    bool proved;                 /* sessions were just proved by a passkey; ADA has every role */
    bool sandbox;                /* foreign files are decoded, by the worker beside the test */
    int64_t limit_scale;         /* 0: limits never strike */
    struct outbound *outbound;   /* the test's own; NULL: nobody is asked */
    struct providers *providers; /* the same */
    const struct presence *presence;                     /* NULL: nobody is anywhere */
    void (*event)(void *ctx, const struct event *event); /* told instead of the world */
};

void world_new(const struct world_options *options, struct world **ret);
void world_free(struct world *world);
/* The operator says something else from now on. */
void world_set(struct world *world, const char *name, const char *text);

/*
 * Sends a request and answers with its status; the rest is in world->last.  `path`
 * may have a query; `json` may be NULL.  `who` signs in by the world's own tokens.
 */
int world_send(struct world *world, int who, const char *method, const char *path,
               const char *json);
/* A raw route's: these bytes, of this type; they need to live until it returns. */
int world_send_file(struct world *world, int who, const char *method, const char *path,
                    const char *type, const void *bytes, size_t len);
int world_sendf(struct world *world, int who, const char *method, const char *json,
                const char *path_format, ...) PRINTF(5, 6);

/* Sends several at once, as net would in one batch; statuses come back in ret. */
void world_send_many(struct world *world, int who, const char *method, const char *path,
                     const char *const *jsons, size_t count, int *ret);

/* The same, each from somebody else. */
void world_send_all(struct world *world, const int *who, const char *method, const char *path,
                    const char *const *jsons, size_t count, int *ret);

/* Does the body of the last answer hold this text? */
bool world_says(const struct world *world, const char *text);
/* The same of a word by itself: a few letters stand in an id, too, by chance. */
bool world_says_word(const struct world *world, const char *word);
/* The text value of the first field of that name in the last body; "" when there is none. */
const char *world_field(struct world *world, const char *name);
/* The code of the last refusal, "" when it was none. */
const char *world_code(struct world *world);

/* Puts rows in place that would take too many requests to make. */
void world_script(struct world *world, const char *sql);
/* One number from the database. */
int64_t world_count(struct world *world, const char *sql);

/* Runs an `apply`-like function inside one write transaction, with the world's clock. */
enum err world_do(struct world *world, int who, enum err (*fn)(struct call *call, void *arg),
                  void *arg);

/*
 * The statements of this call fail one after the other, each as `err`: after every
 * failure `check` must find the world unchanged; at last the call succeeds.
 */
void world_faults(struct world *world, int who, const char *method, const char *path,
                  const char *json, void (*check)(struct world *world));

/* Runs the group once on each store at hand.  Each test gets a new world. */
struct world_test {
    const char *name;
    void (*run)(struct world *world);
};
#define WORLD_TEST(function_) \
    {                         \
#function_, function_ \
    }
int world_run(const struct world_options *options, const struct world_test *tests, size_t count);

/* Repeatable chance: BAUTA_TEST_SEED chooses another, the seed is printed. */
uint64_t world_seed(void);

#endif
