#include "tests/support/world.h"

#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "privacy/keys.h"
#include "sandbox/sandbox.h"
#include "store/migrate.h"

enum { FEATURES_MAX = 32 };
static const char *const names[PEOPLE] = {"", "ana", "ben", "cleo", "dan", "ada"};

static struct world *the_world; /* the sign-in has no context; one world at a time */

static int64_t world_clock(void *ctx)
{
    return atomic_load(&((struct world *)ctx)->now_ms);
}

static void token_of(int who, char ret[32])
{
    snprintf(ret, 32, "token-of-%s", names[who]);
}

/* ADA is an administrator and in support; where sessions are proved, of every role. */
static unsigned roles_of(int who)
{
    unsigned all = ROLE_MODERATOR | ROLE_PRIVACY | ROLE_SUPPORT | ROLE_ADMIN;
    return who != ADA ? 0 : the_world->proved ? all : ROLE_ADMIN | ROLE_SUPPORT;
}

/* Known tokens of the people who always live here; everybody has a session and a bearer token. */
static enum err sign_in_load(struct call *call UNUSED, const uint8_t hash[HASH_BYTES], bool bearer,
                             struct actor *ret)
{
    atomic_fetch_add(&the_world->loads, 1);
    for (int who = ANA; who < PEOPLE; who++) {
        char token[32];
        uint8_t own[HASH_BYTES];
        token_of(who, token);
        crypto_sha256(token, strlen(token), own);
        if (memcmp(own, hash, HASH_BYTES) == 0) {
            *ret = (struct actor){
                .id = the_world->account_ids[who],
                .session_id = 1000 + who,
                .used_ms = WORLD_START_MS,
                .roles = roles_of(who),
                .by_token = bearer,
                .minor = the_world->minors[who],
                .proof = who == ADA || the_world->proved ? PROOF_PASSKEY : PROOF_NONE,
                .proved_ms = who == ADA || the_world->proved ? atomic_load(&the_world->now_ms) : 0,
                .scopes = SCOPE_READ | SCOPE_WRITE | SCOPE_LIVE,
                .session_ends_ms = the_world->ended ? WORLD_START_MS - 1 : 0,
                .language = "en"};
            snprintf(ret->name, sizeof(ret->name), "%s", names[who]);
            snprintf(ret->public_id, sizeof(ret->public_id), "%s", the_world->public_ids[who]);
            return OK;
        }
    }
    return ERR_MISSING;
}

static enum err sign_in_touch(struct call *call UNUSED, const int64_t *ids, size_t count)
{
    pthread_mutex_lock(&the_world->lock);
    the_world->touches++;
    the_world->touched += count;
    the_world->last_touched = ids[0];
    pthread_mutex_unlock(&the_world->lock);
    return OK;
}

static const struct api_sign_in sign_in = {.load = sign_in_load, .touch = sign_in_touch};
static const struct feature sign_in_feature = {.name = "world", .sign_in = &sign_in};

static void heard(void *ctx, const struct event *event)
{
    struct world *world = ctx;
    pthread_mutex_lock(&world->lock);
    if (world->event_count < WORLD_EVENTS_MAX) {
        size_t at = world->event_count++;
        world->events[at] = *event;
        snprintf(world->event_json[at], sizeof(world->event_json[at]), "%s",
                 event->json ? event->json : "");
        world->events[at].json = world->event_json[at];
    }
    pthread_mutex_unlock(&world->lock);
}

static void make_people(struct world *world)
{
    char sql[1024];
    for (int who = ANA; who < PEOPLE; who++) {
        int64_t key_id = 0;
        assert_int_equal(keys_take(world->keys, &key_id), OK);
        assert_int_equal(key_id, who);
        world->account_ids[who] = who;
        snprintf(world->public_ids[who], sizeof(world->public_ids[who]), "%s%.*s", names[who],
                 (int)(PUBLIC_ID_LEN - strlen(names[who])), "aaaaaaaaaaaaaaaaaaaaaaaaaa");
        snprintf(sql, sizeof(sql),
                 "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                 " skeleton_version,"
                 " key_id, country, age_band, role, state, language, avatar, colours,"
                 " created_at_ms, seen_at_ms) VALUES (%d, '%s', '%s', '%s', '%s', '1', %d, 'ID', "
                 "'18', '%s',"
                 " 'active', 'en', 'mia', '[]', 0, 4000000000000)", /* always here */
                 who, world->public_ids[who], names[who], names[who], names[who], who,
                 who == ADA ? "admin" : "member");
        world_script(world, sql);
    }
}

static void open_keys(struct world *world)
{
    char why[KEYS_WHY_MAX] = "";
    assert_true(test_folder("keys", world->keys_dir));
    const struct keys_options options = {.dir = world->keys_dir};
    if (keys_open(&options, &world->keys, why) != OK) {
        fail_msg("keys: %s", why);
    }
}

static int remove_one(const char *path, const struct stat *stat_ UNUSED, int kind UNUSED,
                      struct FTW *ftw UNUSED)
{
    return remove(path);
}

/* The test's features; their sign-in is left out when the world's is used. */
static void take_features(struct world *world, const struct world_options *options)
{
    size_t count = 0;
    static struct feature copies[FEATURES_MAX];
    world->features = calloc(FEATURES_MAX + 2, sizeof(struct feature *));
    for (const struct feature *const *at = options->features; at && *at; at++) {
        assert_true(count < FEATURES_MAX);
        copies[count] = **at;
        if (!options->own_sign_in) {
            copies[count].sign_in = NULL;
        }
        world->features[count] = &copies[count];
        count++;
    }
    if (!options->own_sign_in) {
        world->features[count] = &sign_in_feature;
    }
}

void world_new(const struct world_options *options, struct world **ret)
{
    char why[SETTINGS_WHY_MAX] = "";
    struct world *world = calloc(1, sizeof(*world));
    the_world = world;
    world->proved = options->proved;
    log_threshold(LOG_ERROR);
    crypto_start();
#ifdef BAUTA_CHECKED
    crypto_password_cheap(!options->full_hashes);
#endif
    pthread_mutex_init(&world->lock, NULL);
    atomic_store(&world->now_ms, WORLD_START_MS); /* January 2027 */
    world->arena = arena_new(API_ARENA_MAX);
    world->kept = arena_new(API_ARENA_MAX);
    test_store_migrated(options->pg, !options->once, &world->store);
    assert_int_equal(
        settings_read(features_settings(features), NULL, NULL, 0, NULL, &world->settings, why), OK);
    free((char *)(uintptr_t)world->settings.registration);
    world->settings.registration = strdup("open"); /* a test that wants another sets it */
    world->settings.limit_scale = options->limit_scale ? options->limit_scale : 1000000;
    open_keys(world);
    make_people(world);
    take_features(world, options);
    if (options->sandbox) {
        assert_int_equal(sandbox_new(NULL, &world->sandbox), OK);
        assert_null(sandbox_missing(world->sandbox));
    }
    const struct api_options api_options = {
        .features = world->features,
        .store = world->store.store,
        .keys = world->keys,
        .settings = &world->settings,
        .sandbox = world->sandbox,
        .outbound = options->outbound,
        .providers = options->providers,
        .presence = options->presence,
        .workers = 2,
        .hashers = 1,
        .clock_ms = world_clock,
        .clock_ctx = world,
        .seed = world_seed(),
        .event = options->event ? options->event : heard,
        .event_ctx = world,
    };
    assert_int_equal(api_new(&api_options, &world->api), OK);
    api_ready(world->api, true);
    *ret = world;
}

void world_set(struct world *world, const char *name, const char *text)
{
    char why[SETTINGS_WHY_MAX] = "";
    if (settings_put(&world->settings, name, text, why) != OK) {
        fail_msg("%s", why);
    }
}

void world_free(struct world *world)
{
    api_drain(world->api);
    api_free(world->api);
    keys_close(world->keys);
    sandbox_free(world->sandbox);
    assert_int_equal(nftw(world->keys_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    test_store_free(&world->store);
    arena_free(world->kept);
    settings_now_end(&world->settings);
    settings_free(&world->settings);
    arena_free(world->arena);
    pthread_mutex_destroy(&world->lock);
    free(world->features);
    free(world);
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    size_t left;
};

static void answered(struct api_request *request)
{
    struct waiting *waiting = request->owner;
    pthread_mutex_lock(&waiting->lock);
    waiting->left--;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
}

static const char * or (const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static struct api_request *make(struct world *world, int who, const char *method, const char *path,
                                const char *json, struct waiting *waiting)
{
    char token[32];
    struct arena *arena = world->arena;
    struct api_request *request = arena_alloc(arena, sizeof(*request));
    char *copy = arena_text(arena, path, strlen(path));
    char *query = strchr(copy, '?');
    if (query) {
        *query++ = '\0';
    }
    token_of(who, token);
    const char *cookie = who == NOBODY
                             ? ""
                             : arena_printf(arena, "%s%s=%s", world->insecure ? "" : "__Host-",
                                            SESSION_COOKIE, token);
    *request = (struct api_request){
        .arena = arena,
        .method = method,
        .path = copy,
        .query = query ? query : "",
        .host = "world.example",
        .origin = or (world->origin, ""),
        .cookie = or (world->cookie, cookie),
        .authorization = or (world->authorization, ""),
        .content_type = or (world->type, json ? "application/json" : ""),
        .idempotency_key = or (world->key, ""),
        .accept_language = or (world->language, "en"),
        .user_agent = "test",
        .csrf = or (world->csrf, "1"),
        .body = json ? arena_text(arena, json, strlen(json)) : "",
        .body_len = json ? strlen(json) : 0,
        .secure = !world->insecure,
        .owner = waiting,
        .done = answered,
    };
    snprintf(request->address, sizeof(request->address), "%s", or (world->address, "192.0.2.1"));
    return request;
}

static void wait_for(struct world *world, struct waiting *waiting, struct api_request *batch)
{
    pthread_mutex_init(&waiting->lock, NULL);
    pthread_cond_init(&waiting->done, NULL);
    api_submit(world->api, batch);
    pthread_mutex_lock(&waiting->lock);
    while (waiting->left > 0) {
        pthread_cond_wait(&waiting->done, &waiting->lock);
    }
    pthread_mutex_unlock(&waiting->lock);
    pthread_cond_destroy(&waiting->done);
    pthread_mutex_destroy(&waiting->lock);
}

/* Sends one request and keeps its answer. */
static int send_one(struct world *world, struct api_request *request)
{
    struct waiting waiting = {.left = 1};
    request->owner = &waiting;
    wait_for(world, &waiting, request);
    world->last = (struct world_answer){
        .status = request->status,
        .body = arena_text(world->arena, or (request->answer, ""), request->answer_len),
        .type = request->body_type,
        .allow = request->allow,
        .retry_ms = request->retry_ms,
        .upgrade = request->upgrade,
    };
    for (const struct cookie *cookie = request->cookies;
         cookie && world->last.cookie_count < COUNT(world->last.cookies); cookie = cookie->next) {
        struct world_cookie *copy = &world->last.cookies[world->last.cookie_count++];
        snprintf(copy->name, sizeof(copy->name), "%s", cookie->name);
        snprintf(copy->value, sizeof(copy->value), "%s", cookie->value);
        copy->max_age_s = cookie->max_age_s;
    }
    atomic_fetch_add(&world->now_ms, 1);
    return request->status;
}

int world_send(struct world *world, int who, const char *method, const char *path, const char *json)
{
    arena_reset(world->arena);
    return send_one(world, make(world, who, method, path, json, NULL));
}

int world_send_file(struct world *world, int who, const char *method, const char *path,
                    const char *type, const void *bytes, size_t len)
{
    arena_reset(world->arena);
    struct api_request *request = make(world, who, method, path, NULL, NULL);
    request->content_type = type;
    request->asks = world->asks;
    request->allowed = world->allowed;
    request->body = world->asks ? NULL : bytes;
    request->body_len = len;
    return send_one(world, request);
}

int world_sendf(struct world *world, int who, const char *method, const char *json,
                const char *path_format, ...)
{
    char path[512];
    va_list args;
    va_start(args, path_format);
    vsnprintf(path, sizeof(path), path_format, args);
    va_end(args);
    return world_send(world, who, method, path, json);
}

enum { MANY_MAX = 256 };

void world_send_all(struct world *world, const int *who, const char *method, const char *path,
                    const char *const *jsons, size_t count, int *ret)
{
    struct api_request *requests[MANY_MAX], *batch = NULL;
    struct waiting waiting = {.left = count};
    arena_reset(world->arena);
    struct arena *shared = world->arena;
    for (size_t i = count; i > 0; i--) {
        world->arena = arena_new(API_ARENA_MAX); /* they run at the same time */
        requests[i - 1] = make(world, who[i - 1], method, path, jsons[i - 1], &waiting);
        requests[i - 1]->next = batch;
        batch = requests[i - 1];
    }
    world->arena = shared;
    wait_for(world, &waiting, batch);
    for (size_t i = 0; i < count; i++) {
        ret[i] = requests[i]->status;
        arena_free(requests[i]->arena);
    }
}

void world_send_many(struct world *world, int who, const char *method, const char *path,
                     const char *const *jsons, size_t count, int *ret)
{
    int all[MANY_MAX];
    assert_true(count <= MANY_MAX);
    for (size_t i = 0; i < count; i++) {
        all[i] = who;
    }
    world_send_all(world, all, method, path, jsons, count, ret);
}

const char *world_code(struct world *world)
{
    return world->last.status >= 400 ? world_field(world, "code") : "";
}

void world_script(struct world *world, const char *sql)
{
    assert_int_equal(store_script(world->store.store, sql), OK);
}

struct counting {
    struct sql sql;
    int64_t number;
};

static enum err count_in(struct store_tx *tx, void *arg)
{
    struct counting *counting = arg;
    struct arena *arena = arena_new(1 << 20);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &counting->sql, NO_BIND, &rows);
    counting->number = err == OK && rows.count > 0 ? row_i64(&rows, 0, 0) : -1;
    arena_free(arena);
    return err;
}

int64_t world_count(struct world *world, const char *sql)
{
    /* Prepared statements are known by their row's address and name: both live as long as the
     * store. */
    struct counting *counting = arena_alloc(world->kept, sizeof(*counting));
    static int number;
    counting->sql = (struct sql){.name = arena_printf(world->kept, "world_count_%d", number++),
                                 .text = arena_text(world->kept, sql, strlen(sql))};
    assert_int_equal(store_do(world->store.store, false, count_in, counting), OK);
    return counting->number;
}

struct doing {
    struct world *world;
    int who;
    enum err (*fn)(struct call *call, void *arg);
    void *arg;
};

static enum err do_in(struct store_tx *tx, void *arg)
{
    struct doing *doing = arg;
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct call call;
    store_call(&call, tx, arena, atomic_load(&doing->world->now_ms));
    call.actor.id = doing->world->account_ids[doing->who];
    call.settings = &doing->world->settings;
    call.rng.state = 7;
    enum err err = doing->fn(&call, doing->arg);
    arena_free(arena);
    return err;
}

enum err world_do(struct world *world, int who, enum err (*fn)(struct call *call, void *arg),
                  void *arg)
{
    struct doing doing = {world, who, fn, arg};
    return store_do(world->store.store, true, do_in, &doing);
}

void world_faults(struct world *world, int who, const char *method, const char *path,
                  const char *json, void (*check)(struct world *world))
{
    enum { STATEMENTS_MAX = 200 };
    for (uint64_t nth = 1; nth <= STATEMENTS_MAX; nth++) {
        store_fail_at(world->store.store, nth, ERR_BROKEN);
        int status = world_send(world, who, method, path, json);
        store_fail_at(world->store.store, 0, OK);
        if (status < 400) {
            assert_true(nth > 1); /* it used the store at all */
            return;
        }
        assert_int_equal(status, 500);
        assert_string_equal(world_code(world), "api.broken");
        if (check) {
            check(world);
        }
    }
    fail_msg("the call never succeeds");
}

uint64_t world_seed(void)
{
    static uint64_t seed;
    if (!seed) {
        const char *chosen = getenv("BAUTA_TEST_SEED");
        seed = chosen ? strtoull(chosen, NULL, 10) : 42;
        print_message("# seed %llu (BAUTA_TEST_SEED)\n", (unsigned long long)seed);
    }
    return seed;
}
