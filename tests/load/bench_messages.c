#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/settings.h"
#include "call/id.h"
#include "privacy/keys.h"
#include "store/migrate.h"
#include "tests/load/spent.h"

/*
 * Direct messages through the api, without sockets: bench_messages FOLDER, which must be empty.
 * 64 members write to each other in pairs, each the next one when the last is acknowledged
 * (SQLite, synchronous=FULL); then one conversation of 100,000 messages is opened at its end, in
 * the middle and at its beginning, and searched.  It prints; it decides nothing.
 */
enum { MEMBERS = 64, MESSAGES = 10000, LONG = 100000, A_DAY = 7000, ROUNDS = 25 };

extern const struct feature messages_feature;

struct member {
    struct api_request request;
    struct arena *arena;
    int number;
    char body[128], path[96], cookie[64];
    uint64_t began_us;
};

static struct store *store;
static struct api *api;
static struct member members[MEMBERS];
static char pair_ids[MEMBERS / 2][PUBLIC_ID_LEN + 1];
static atomic_int written, acknowledged, refused, lately;
static int wanted, runs;
static uint64_t waits_us[MESSAGES + LONG];
static sem_t ended;

static int by_size(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static const char *public_id(int number)
{
    static _Thread_local char id[PUBLIC_ID_LEN + 1];
    snprintf(id, sizeof(id), "member%02daaaaaaaaaaaaaaaaaa", number);
    return id;
}

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
            snprintf(ret->public_id, sizeof(ret->public_id), "%s", public_id(i));
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

/* ---- asking ---- */

static void ask(struct member *member, const char *method, const char *path, const char *query,
                const char *body, void (*done)(struct api_request *request))
{
    arena_reset(member->arena);
    member->request = (struct api_request){.arena = member->arena,
                                           .method = method,
                                           .path = path,
                                           .query = query,
                                           .host = "bench",
                                           .origin = "",
                                           .cookie = "",
                                           .authorization = member->cookie,
                                           .content_type = *body ? "application/json" : "",
                                           .idempotency_key = "",
                                           .accept_language = "en",
                                           .user_agent = "",
                                           .csrf = "1",
                                           .body = body,
                                           .body_len = strlen(body),
                                           .secure = true,
                                           .owner = member,
                                           .done = done};
    snprintf(member->request.address, sizeof(member->request.address), "127.0.0.1");
    member->began_us = now_us();
    api_submit(api, &member->request);
}

static void finished(struct api_request *request UNUSED)
{
    sem_post(&ended);
}

static double ask_one(struct member *member, const char *method, const char *path,
                      const char *query, const char *body, int status)
{
    ask(member, method, path, query, body, finished);
    sem_wait(&ended);
    if (member->request.status != status) {
        fprintf(stderr, "%s %s: %d %.300s\n", method, path, member->request.status,
                member->request.answer ? member->request.answer : "");
        exit(1);
    }
    return (double)(now_us() - member->began_us) / 1000;
}

/* ---- writing ---- */

static void acknowledge(struct api_request *request);

static void write_next(struct member *member)
{
    int number = atomic_fetch_add(&written, 1);
    if (number >= wanted) {
        if (atomic_fetch_sub(&lately, 1) == 1) {
            sem_post(&ended);
        }
        return;
    }
    snprintf(
        member->body, sizeof(member->body),
        "{\"cid\":\"m%d-%d\",\"text\":\"sixty bytes of what somebody writes to one other %d\"}",
        runs, number, number);
    ask(member, "POST", member->path, "", member->body, acknowledge);
}

static void acknowledge(struct api_request *request)
{
    struct member *member = request->owner;
    int count = atomic_fetch_add(request->status == 201 ? &acknowledged : &refused, 1);
    if (request->status == 201) {
        waits_us[count] = now_us() - member->began_us;
    }
    write_next(member);
}

static void write_many(int count, int askers)
{
    struct store_stats before, after;
    atomic_store(&written, 0);
    atomic_store(&acknowledged, 0);
    atomic_store(&refused, 0);
    atomic_store(&lately, askers);
    wanted = count;
    runs++;
    store_stats(store, &before);
    uint64_t began_us = now_us();
    double cpu = cpu_s();
    for (int i = 0; i < askers; i++) {
        write_next(&members[i]);
    }
    sem_wait(&ended);
    double took_s = (double)(now_us() - began_us) / 1e6;
    int done = atomic_load(&acknowledged);
    cpu = cpu_s() - cpu;
    store_stats(store, &after);
    qsort(waits_us, (size_t)done, sizeof(waits_us[0]), by_size);
    printf("%d direct messages, %d members: %.0f acknowledged/s, median %.1f ms, 99 %% %.1f ms,"
           " %.0f commits/s, %.0f us of CPU each, refused %d\n",
           done, askers, done / took_s, (double)waits_us[done / 2] / 1000,
           (double)waits_us[(size_t)done * 99 / 100] / 1000,
           (double)(after.batches - before.batches) / took_s, cpu * 1e6 / done,
           atomic_load(&refused));
}

/* ---- the world ---- */

static enum err make_people(struct store_tx *tx, void *arg)
{
    SQL(bench_person, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                      " skeleton_version, key_id, country, age_band, role, state, language,"
                      " avatar, colours, created_at_ms, seen_at_ms) VALUES ($1, $2, $2, $2, $2,"
                      " '1', $1, 'ID', '18', 'member', 'active', 'en', 'mia', '[]', 0, 0)");
    SQL(bench_friends, "INSERT INTO friendship (account_id, friend_id, since_ms)"
                       " VALUES ($1, $2, 1)");
    struct call call;
    store_call(&call, tx, arg, 1);
    for (int i = 0; i < MEMBERS; i++) {
        const char *id = arena_printf(arg, "%s", public_id(i));
        TRY(store_run(&call, &bench_person, BIND(I64(i + 1), TEXT(id)), NULL));
    }
    for (int i = 0; i < MEMBERS; i++) {
        TRY(store_run(&call, &bench_friends, BIND(I64(i + 1), I64((i ^ 1) + 1)), NULL));
    }
    return OK;
}

/* So that the limit of a day is not what is measured. */
static enum err begin_day(struct store_tx *tx, void *arena)
{
    SQL(bench_day, "DELETE FROM message_day");
    struct call call;
    store_call(&call, tx, arena, 1);
    return store_run(&call, &bench_day, NULL, 0, NULL);
}

static void open_all(void)
{
    for (int i = 0; i < MEMBERS; i++) {
        char body[64];
        members[i].arena = arena_new(API_ARENA_MAX);
        members[i].number = i;
        snprintf(members[i].cookie, sizeof(members[i].cookie), "Bearer bench-%d", i);
        snprintf(body, sizeof(body), "{\"people\":[\"%s\"]}", public_id(i ^ 1));
        ask_one(&members[i], "POST", "/api/conversations", "", body, 201);
        const char *id = strstr(members[i].request.answer, "\"id\":\"");
        snprintf(pair_ids[i / 2], sizeof(pair_ids[0]), "%s", id ? id + strlen("\"id\":\"") : "");
        snprintf(members[i].path, sizeof(members[i].path), "/api/conversations/%s/messages",
                 pair_ids[i / 2]);
    }
}

static void start(const char *folder)
{
    static struct settings settings;
    char url[512], why[KEYS_WHY_MAX] = "";
    static const struct feature *const list[] = {&messages_feature, &entry, NULL};
    struct keys *keys = NULL;
    size_t ran = 0;
    struct arena *arena = arena_new((size_t)1 << 22);
    snprintf(url, sizeof(url), "sqlite:%s/bench.db", folder);
    const struct store_options options = {.url = url, .cache_bytes = 64 << 20, .pool = 4};
    const struct keys_options key_options = {.dir = folder};
    bool up =
        settings_read(features_settings(features), NULL, NULL, 0, NULL, &settings, why) == OK &&
        store_open(&options, &store, why) == OK &&
        migrate_up(store, migrations, migration_count, 1, &ran, why) == OK &&
        keys_open(&key_options, &keys, why) == OK &&
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

/* ---- a long conversation ---- */

static void open_at(const char *what, const char *query)
{
    uint64_t most = 0, all[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        all[i] = (uint64_t)(ask_one(&members[1], "GET", members[0].path, query, "", 200) * 1000);
        most = MAX(most, all[i]);
    }
    qsort(all, ROUNDS, sizeof(all[0]), by_size);
    printf("opened %s: median %.2f ms, most %.2f ms (wanted 20)\n", what,
           (double)all[ROUNDS / 2] / 1000, (double)most / 1000);
}

static void search(const char *word)
{
    char query[256], cursor[128] = "";
    double most = 0, sum = 0, cpu = cpu_s();
    int slices = 0;
    do {
        snprintf(query, sizeof(query), "q=%s%s%s", word, *cursor ? "&cursor=" : "", cursor);
        double took = ask_one(&members[1], "GET", "/api/messages/search", query, "", 200);
        const char *next = strstr(members[1].request.answer, "\"next\":\"");
        sscanf(next ? next : "\"next\":\"\"", "\"next\":\"%127[^\"]", cursor);
        if (!next) {
            *cursor = '\0';
        }
        most = MAX(most, took);
        sum += took;
        slices++;
    } while (*cursor);
    printf("search through %d: %d slices, %.1f ms each, most %.1f ms (wanted 50), %.1f ms of CPU"
           " each, %.1f s in all\n",
           LONG, slices, sum / slices, most, (cpu_s() - cpu) * 1000 / slices, sum / 1000);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "bench_messages FOLDER\n");
        return 2;
    }
    log_threshold(LOG_ERROR);
    crypto_start();
    sem_init(&ended, 0, 0);
    start(argv[1]);
    open_all();
    write_many(MESSAGES / 10, MEMBERS);
    write_many(MESSAGES, MEMBERS);
    write_many(MESSAGES / 10, 1);
    for (int i = 2; i < MEMBERS; i++) { /* all into the first pair's */
        members[i] = (struct member){.arena = members[i].arena, .number = i % 2};
        snprintf(members[i].cookie, sizeof(members[i].cookie), "Bearer bench-%d", i % 2);
        snprintf(members[i].path, sizeof(members[i].path), "%s", members[0].path);
    }
    for (int left = LONG; left > 0; left -= A_DAY) {
        struct arena *arena = arena_new(1 << 16);
        if (store_do(store, true, begin_day, arena) != OK) {
            return 1;
        }
        arena_free(arena);
        write_many(MIN(left, A_DAY), MEMBERS);
    }
    open_at("at its end", "");
    open_at("before 50,000", "before=50000&limit=100");
    open_at("around 50,000", "around=50000&limit=100");
    open_at("at its beginning", "around=1&limit=100");
    search("nothing+like+it");
    api_drain(api);
    api_free(api);
    store_close(store);
    return 0;
}
