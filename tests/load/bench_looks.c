#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/settings.h"
#include "features/looks/looks/looks.h"
#include "privacy/keys.h"
#include "store/migrate.h"
#include "tests/load/spent.h"

/*
 * What a look costs the server: bench_looks FOLDER, which must be empty.  A long recipe is read,
 * covered, written and sealed by itself; then 64 members change theirs through the api, without
 * sockets, each again when the last is acknowledged (SQLite, synchronous=FULL), and look at one
 * another.  It prints; it decides nothing.
 */
enum { MEMBERS = 64, ALONE = 20000, CHANGES = 20000, LONG_ENOUGH = 1500 };

extern const struct feature looks_feature;

struct member {
    struct api_request request;
    struct arena *arena;
    int number;
    char body[3 * LOOKS_RECIPE_MAX], path[64], token[32], look[PUBLIC_ID_LEN + 1];
};

static struct store *store;
static struct keys *keys;
static struct api *api;
static struct member members[MEMBERS];
static atomic_int begun, done_well, lately;
static bool looking;
static char recipe[LOOKS_RECIPE_MAX + 1], quoted[2 * LOOKS_RECIPE_MAX];
static sem_t ended;

static enum err load(struct call *call UNUSED, const uint8_t hash[HASH_BYTES], bool bearer,
                     struct actor *ret)
{
    for (int i = 0; i < MEMBERS; i++) {
        char token[32];
        uint8_t own[HASH_BYTES];
        snprintf(token, sizeof(token), "bench-%d", i);
        crypto_sha256(token, strlen(token), own);
        if (memcmp(own, hash, HASH_BYTES) == 0) {
            *ret = (struct actor){.id = i + 1,
                                  .session_id = 1000 + i,
                                  .by_token = bearer,
                                  .scopes = SCOPE_READ | SCOPE_WRITE,
                                  .language = "en"};
            return OK;
        }
    }
    return ERR_MISSING;
}

static enum err touch(struct call *call UNUSED, const int64_t *ids UNUSED, size_t count UNUSED)
{
    return OK;
}

static const struct api_sign_in sign_in = {load, touch};
static const struct feature entry = {.name = "bench", .sign_in = &sign_in};

/* ---- by itself ---- */

/* As much as somebody sets who takes their time. */
static void make_recipe(void)
{
    const struct looks_catalogue *of = looks_catalogue();
    struct arena *arena = arena_new(1 << 22);
    struct looks_recipe made;
    size_t len = 0;
    const struct json_numbers none = {0};
    looks_preset(of, "", &none, &made);
    for (size_t i = 0; i < of->sliders_count && len < LONG_ENOUGH; i++) {
        made.sliders[i] = (int16_t)MIN(of->sliders[i].max, 17);
        looks_write(arena, of, &made, &len);
    }
    snprintf(recipe, sizeof(recipe), "%.*s", (int)len, looks_write(arena, of, &made, &len));
    char *to = quoted;
    for (const char *at = recipe; *at; at++) {
        if (*at == '"') {
            *to++ = '\\';
        }
        *to++ = *at;
    }
    *to = '\0';
    arena_free(arena);
}

static void alone(void)
{
    struct arena *arena = arena_new(API_ARENA_MAX);
    struct call call = {.arena = arena, .keys = keys, .actor = {.id = 1}};
    double cpu = cpu_s();
    for (int i = 0; i < ALONE; i++) {
        struct looks_change change = {.key_id = 1, .account_id = 1};
        arena_reset(arena);
        if (looks_take(&call, recipe, &change.recipe) != OK || looks_seal(&call, &change) != OK) {
            exit(1);
        }
    }
    cpu = cpu_s() - cpu;
    printf("a recipe of %zu bytes read, checked, covered, written and sealed: %.1f us of CPU\n",
           strlen(recipe), cpu * 1e6 / ALONE);
    arena_free(arena);
}

/* ---- through the api ---- */

static void acknowledge(struct api_request *request);

static void ask(struct member *member)
{
    if (atomic_fetch_add(&begun, 1) >= CHANGES) {
        if (atomic_fetch_sub(&lately, 1) == 1) {
            sem_post(&ended);
        }
        return;
    }
    int len = snprintf(member->body, sizeof(member->body), "{");
    if (*member->look) {
        len += snprintf(member->body + len, sizeof(member->body) - (size_t)len, "\"from\":\"%s\",",
                        member->look);
    }
    snprintf(member->body + len, sizeof(member->body) - (size_t)len, "\"recipe\":\"%s\"}", quoted);
    snprintf(member->path, sizeof(member->path), "/api/looks/%s",
             members[(member->number + 1) % MEMBERS].look);
    arena_reset(member->arena);
    member->request = (struct api_request){.arena = member->arena,
                                           .method = looking ? "GET" : "PUT",
                                           .path = looking ? member->path : "/api/me/look",
                                           .query = "",
                                           .host = "bench",
                                           .origin = "",
                                           .cookie = "",
                                           .authorization = member->token,
                                           .content_type = looking ? "" : "application/json",
                                           .idempotency_key = "",
                                           .accept_language = "en",
                                           .user_agent = "",
                                           .csrf = "1",
                                           .body = looking ? "" : member->body,
                                           .body_len = looking ? 0 : strlen(member->body),
                                           .secure = true,
                                           .owner = member,
                                           .done = acknowledge};
    snprintf(member->request.address, sizeof(member->request.address), "127.0.0.1");
    api_submit(api, &member->request);
}

static void acknowledge(struct api_request *request)
{
    struct member *member = request->owner;
    if (request->status != 200) {
        fprintf(stderr, "%d %.300s\n", request->status, request->answer ? request->answer : "");
        exit(1);
    }
    atomic_fetch_add(&done_well, 1);
    if (!looking) {
        snprintf(member->look, sizeof(member->look), "%s", request->answer + strlen("{\"id\":\""));
    }
    ask(member);
}

static void many(const char *what)
{
    atomic_store(&begun, 0);
    atomic_store(&done_well, 0);
    atomic_store(&lately, MEMBERS);
    double cpu = cpu_s();
    uint64_t began_us = now_us();
    for (int i = 0; i < MEMBERS; i++) {
        ask(&members[i]);
    }
    sem_wait(&ended);
    double took_s = (double)(now_us() - began_us) / 1e6;
    int done = atomic_load(&done_well);
    printf("%d %s, %d members at once: %.0f/s, %.1f us of CPU each (wanted 100)\n", done, what,
           MEMBERS, done / took_s, (cpu_s() - cpu) * 1e6 / done);
}

/* ---- the world ---- */

static enum err make_people(struct store_tx *tx, void *arg)
{
    SQL(bench_person, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                      " skeleton_version, key_id, country, age_band, role, state, language,"
                      " avatar, colours, created_at_ms, seen_at_ms) VALUES ($1, $2, $2, $2, $2,"
                      " '1', $1, 'ID', '18', 'member', 'active', 'en', 'mia', '[]', 0, 0)");
    struct call call;
    store_call(&call, tx, arg, 1);
    for (int i = 0; i < MEMBERS; i++) {
        TRY(store_run(&call, &bench_person,
                      BIND(I64(i + 1), TEXT(arena_printf(arg, "member%020d", i))), NULL));
    }
    return OK;
}

static bool take_keys(void)
{
    for (int i = 0; i < MEMBERS; i++) {
        int64_t id = 0;
        if (keys_refill(keys) != OK || keys_take(keys, &id) != OK || id != i + 1) {
            return false;
        }
    }
    return true;
}

static void start(const char *folder)
{
    static struct settings settings;
    char url[512], why[KEYS_WHY_MAX] = "";
    static const struct feature *const list[] = {&looks_feature, &entry, NULL};
    size_t ran = 0;
    struct arena *arena = arena_new((size_t)1 << 22);
    snprintf(url, sizeof(url), "sqlite:%s/bench.db", folder);
    const struct store_options options = {.url = url, .cache_bytes = 64 << 20, .pool = 4};
    const struct keys_options key_options = {.dir = folder};
    bool up =
        settings_read(features_settings(features), NULL, NULL, 0, NULL, &settings, why) == OK &&
        store_open(&options, &store, why) == OK &&
        migrate_up(store, migrations, migration_count, 1, &ran, why) == OK &&
        keys_open(&key_options, &keys, why) == OK && take_keys() &&
        store_do(store, true, make_people, arena) == OK;
    settings.limit_scale = 1000000;
    const struct api_options api_options = {.features = list,
                                            .store = store,
                                            .keys = keys,
                                            .settings = &settings,
                                            .workers = 2,
                                            .hashers = 1};
    if (!up || api_new(&api_options, &api) != OK) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    api_ready(api, true);
    arena_free(arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "bench_looks FOLDER\n");
        return 2;
    }
    log_threshold(LOG_ERROR);
    crypto_start();
    sem_init(&ended, 0, 0);
    make_recipe();
    start(argv[1]);
    for (int i = 0; i < MEMBERS; i++) {
        members[i].arena = arena_new(API_ARENA_MAX);
        members[i].number = i;
        snprintf(members[i].token, sizeof(members[i].token), "Bearer bench-%d", i);
    }
    alone();
    many("looks changed");
    many("looks changed");
    looking = true;
    many("looks looked at");
    api_drain(api);
    api_stop(api);
    api_free(api);
    keys_close(keys);
    store_close(store);
    return 0;
}
