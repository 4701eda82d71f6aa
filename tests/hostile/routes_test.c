#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "features/friends/friends.h"
#include "tests/hostile/request.h"
#include "tests/support/world.h"

/*
 * Every route of every feature, from its row, against somebody who means no good: each field
 * of its input in turn with all that tests/hostile/values.c makes.  Wanted: an answer of the
 * documented set, the process alive, and nothing written by what the shape refuses.  Then
 * input that fits, with every statement failing in turn, and every kind of caller.
 */
enum { ARENA_MAX = 64 << 20, STATEMENTS_MAX = 200, SLOW_EVERY = 40 };

struct scene {
    struct world *w;
    char room[PUBLIC_ID_LEN + 1], pair[PUBLIC_ID_LEN + 1];
    struct hostile_names names;
    sqlite3 *file;
    PGconn *pg;
    int64_t version;
    const struct api_route *route;
};

/* ---- a world with something in it ---- */

static void converse(struct scene *scene)
{
    char json[200];
    struct world *w = scene->w;
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[BEN]);
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations", json), 201);
    snprintf(scene->pair, sizeof(scene->pair), "%s", world_field(w, "id"));
    assert_int_equal(world_sendf(w, ANA, "POST", "{\"cid\":\"a\",\"text\":\"hello\"}",
                                 "/api/conversations/%s/messages", scene->pair),
                     201);
}

static void open_watch(struct scene *scene)
{
    const struct test_store *store = &scene->w->store;
    if (store->pg) {
        scene->pg = PQconnectdb(store->url);
        assert_int_equal(PQstatus(scene->pg), CONNECTION_OK);
        PGresult *sql = PQexec(
            scene->pg,
            "SELECT 'SELECT SUM(s) FROM (' || string_agg(format('SELECT SUM(hashtext(t::text))"
            " AS s FROM %I t', tablename), ' UNION ALL ') || ') every' FROM pg_tables"
            " WHERE schemaname = 'public'");
        PQclear(PQprepare(scene->pg, "sum", PQgetvalue(sql, 0, 0), 0, NULL));
        PQclear(sql);
    } else {
        assert_int_equal(
            sqlite3_open_v2(strchr(store->url, ':') + 1, &scene->file, SQLITE_OPEN_READONLY, NULL),
            SQLITE_OK);
    }
}

static void scene_open(struct scene *scene, struct world *w)
{
    *scene = (struct scene){.w = w};
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) SELECT a.id, b.id, 1"
                    " FROM account a JOIN account b ON a.id <> b.id WHERE a.id < 4 AND b.id < 4");
    assert_int_equal(world_send(w, ANA, "POST", "/api/rooms",
                                "{\"name\":\"A room\",\"scene\":\"cafe\",\"language\":\"en\"}"),
                     201);
    snprintf(scene->room, sizeof(scene->room), "%s", world_field(w, "id"));
    converse(scene);
    assert_int_equal(world_send(w, BEN, "PUT", "/api/me/home",
                                "{\"style\":\"plain\",\"version\":0,\"blocks\":"
                                "[{\"kind\":\"guestbook\"}]}"),
                     200);
    world_script(w, "INSERT INTO notice (id, account_id, kind, about_id, target, count, at_ms)"
                    " VALUES (1, 1, 'sessions.new_device', 2, '2', 1, 1)");
    scene->names = (struct hostile_names){scene->room, scene->pair, w->public_ids[BEN]};
    open_watch(scene);
}

static void scene_close(struct scene *scene)
{
    PQfinish(scene->pg);
    sqlite3_close(scene->file);
}

/* Grows or changes with every commit that wrote something. */
static int64_t written(struct scene *scene)
{
    if (scene->pg) {
        PGresult *rows = PQexecPrepared(scene->pg, "sum", 0, NULL, NULL, NULL, 0);
        assert_int_equal(PQresultStatus(rows), PGRES_TUPLES_OK);
        int64_t sum = strtoll(PQgetvalue(rows, 0, 0), NULL, 10);
        PQclear(rows);
        return sum;
    }
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(scene->file, "PRAGMA data_version", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t version = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

/* ---- a request from a row ---- */

static bool in_query(const struct api_route *route)
{
    return strcmp(route->method, "GET") == 0 || (route->flags & API_RAW);
}

/* Sends the row's call as `who`; `field` (may be NULL) gets `value`, twice if wished. */
static int send(struct arena *arena, struct scene *scene, int who, const struct json_field *field,
                const struct hostile_value *value, bool twice)
{
    const struct hostile_call call = {&scene->names, scene->route, field, value, twice};
    const struct hostile_request request = hostile_request(arena, &call);
    if (request.type) {
        return world_send_file(scene->w, who, scene->route->method, request.path, request.type,
                               "%PDF-1.4 not so", 15);
    }
    return world_send(scene->w, who, scene->route->method, request.path, request.json);
}

/* ---- what an answer must be ---- */

static void judge(const struct scene *scene, int status, const struct hostile_value *value,
                  const char *field)
{
    static const int refusals[] = {400, 401, 403, 404, 405, 409, 413, 415, 429, 503, 507};
    const struct world_answer *last = &scene->w->last;
    bool documented = status >= 200 && status < 300;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        documented |= status == refusals[i];
    }
    bool told = status < 400 || (world_code(scene->w)[0] && *world_field(scene->w, "text"));
    if (!documented || !told || !text_utf8(last->body, strlen(last->body))) {
        fail_msg("%s %s, %s %s: %d %.200s", scene->route->method, scene->route->path, field,
                 value->why, status, last->body);
    }
    if (value->refused && status < 400) {
        fail_msg("%s %s takes %s %s", scene->route->method, scene->route->path, field, value->why);
    }
}

/* Does the row's call reach code that takes its time? */
static bool slow(const struct api_route *route)
{
    return route->flags & (API_SLOW_POOL | API_RAW);
}

static size_t send_all(struct arena *arena, struct scene *scene, const struct json_field *field,
                       const struct hostile_values *values, bool refused)
{
    size_t sent = 0;
    bool in_path = strstr(scene->route->path, arena_printf(arena, "{%s}", field->name)) != NULL;
    for (size_t i = 0; i < values->count; i++) {
        const struct hostile_value *value = &values->at[i];
        bool can = value->plain || !(in_path || in_query(scene->route));
        bool now =
            value->refused == refused && (refused || !slow(scene->route) || i % SLOW_EVERY == 0);
        if (!can || !now || (in_path && value->plain_len == 0)) {
            continue;
        }
        struct arena_mark mark = arena_mark(arena);
        judge(scene, send(arena, scene, ANA, field, value, false), value, field->name);
        arena_rewind(arena, mark);
        sent++;
    }
    return sent;
}

static void not_written(struct scene *scene, int64_t before, const char *what)
{
    if (written(scene) != before) {
        fail_msg("%s %s: something was written by %s", scene->route->method, scene->route->path,
                 what);
    }
}

static size_t attack(struct scene *scene)
{
    struct hostile_call call = {.names = &scene->names, .route = scene->route};
    const struct json_shape *shape = scene->route->in;
    size_t sent = 0;
    for (int round = 0; round < 2; round++) { /* what the shape refuses goes first */
        for (size_t i = 0; shape && i < shape->field_count; i++) {
            struct arena *arena = arena_new(ARENA_MAX);
            const struct json_field *field = &shape->fields[i];
            struct hostile_values values = hostile_values(arena, field, hostile_usual_words, &call);
            int64_t before = written(scene);
            sent += send_all(arena, scene, field, &values, round == 0);
            if (round == 0) {
                not_written(scene, before, "what its shape refuses");
            }
            arena_free(arena);
        }
    }
    return sent;
}

/* A body that is none: the object's frame, doubled and unknown fields. */
static void attack_body(struct scene *scene)
{
    static const char *const bodies[] = {"{",
                                         "[]",
                                         "null",
                                         "{}x",
                                         "{\"unknown\":1}",
                                         "\"\"",
                                         "{\"a\":1,\"a\":1}",
                                         "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                                         "{\"\\u0000\":1}",
                                         "{\"\xff\":1}",
                                         "-",
                                         "1e9"};
    struct arena *arena = arena_new(ARENA_MAX);
    struct hostile_call call = {.names = &scene->names, .route = scene->route};
    if (!in_query(scene->route)) {
        const struct hostile_request request = hostile_request(arena, &call);
        int64_t before = written(scene);
        for (size_t i = 0; i < COUNT(bodies); i++) {
            const struct hostile_value value = {.why = bodies[i], .refused = true};
            judge(scene, world_send(scene->w, ANA, scene->route->method, request.path, bodies[i]),
                  &value, "the body");
        }
        for (size_t i = 0; scene->route->in && i < scene->route->in->field_count; i++) {
            const struct json_field *field = &scene->route->in->fields[i];
            const struct hostile_value value = {
                .json = hostile_fitting(arena, field, hostile_usual_words, &call),
                .why = "twice",
                .refused = true};
            if (!(request.in_path >> i & 1)) {
                judge(scene, send(arena, scene, ANA, field, &value, true), &value, field->name);
            }
        }
        not_written(scene, before, "a body that is none");
    }
    arena_free(arena);
}

/* ---- the tests ---- */

/* A world for each feature, so that what one ends another has. */
static size_t each_feature(const struct world *like, void (*run)(struct scene *scene, size_t *done))
{
    size_t done = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        const struct world_options options = {
            .features = features, .pg = like->store.pg, .proved = true};
        struct world *w = NULL;
        struct scene scene;
        world_new(&options, &w);
        scene_open(&scene, w);
        for (int ending = 0; ending < 2; ending++) { /* what ends things goes last */
            for (const struct api_route *route = (*feature)->routes; route && route->path;
                 route++) {
                scene.route = route;
                if ((strcmp(route->method, "DELETE") == 0) == ending) {
                    run(&scene, &done);
                }
            }
        }
        scene_close(&scene);
        world_free(w);
    }
    return done;
}

static void run_attack(struct scene *scene, size_t *done)
{
    attack_body(scene);
    *done += attack(scene);
}

static void every_route_answers_whatever_is_sent(struct world *w)
{
    size_t sent = each_feature(w, run_attack);
    print_message("# %zu requests\n", sent);
    assert_true(sent > 1000);
}

static void run_callers(struct scene *scene, size_t *done)
{
    static const char *const tokens[] = {NULL, "Bearer token-of-ben", "Bearer nobody's",
                                         "Basic YTph"};
    const struct hostile_value value = {.why = "fitting input"};
    for (int who = NOBODY; who < PEOPLE; who++) {
        for (size_t i = 0; i < (who == NOBODY ? COUNT(tokens) : 1); i++) {
            struct arena *arena = arena_new(ARENA_MAX);
            scene->w->authorization = tokens[i];
            int status = send(arena, scene, who, NULL, &value, false);
            judge(scene, status, &value, "caller");
            enum api_who may = scene->route->who;
            if (status < 300 && may != API_ANYONE &&
                (who == NOBODY ? i != 1 : who != ADA && may != API_MEMBER)) {
                fail_msg("%s %s answers %d to somebody who may not call it", scene->route->method,
                         scene->route->path, status);
            }
            *done += status < 300;
            scene->w->authorization = NULL;
            arena_free(arena);
        }
    }
}

static void every_kind_of_caller_gets_a_documented_answer(struct world *w)
{
    size_t taken = each_feature(w, run_callers);
    print_message("# %zu calls went through\n", taken);
    assert_true(taken > 100);
}

static void run_faults(struct scene *scene, size_t *done)
{
    const struct hostile_value value = {.why = "fitting input, a statement failing"};
    for (uint64_t nth = 1; nth <= STATEMENTS_MAX; nth++) {
        struct arena *arena = arena_new(ARENA_MAX);
        int64_t before = written(scene);
        store_fail_at(scene->w->store.store, nth, ERR_BROKEN);
        int status =
            send(arena, scene, scene->route->who == API_MEMBER ? ANA : ADA, NULL, &value, false);
        store_fail_at(scene->w->store.store, 0, OK);
        arena_free(arena);
        if (status != 500) {
            judge(scene, status, &value, "caller");
            return;
        }
        assert_string_equal(world_code(scene->w), "api.broken");
        not_written(scene, before, "a call with a failing statement");
        (*done)++;
    }
    fail_msg("%s %s never ends", scene->route->method, scene->route->path);
}

/* Their call began before the erasure was committed, and goes on behind it. */
static void run_erased(struct scene *scene, size_t *done)
{
    static const int askers[] = {ANA, ADA};
    const struct hostile_value value = {.why = "fitting input, the caller erased meanwhile"};
    world_script(scene->w, "DELETE FROM account WHERE avatar_name IN ('ana', 'ada')");
    for (size_t i = 0; i < COUNT(askers); i++) {
        struct arena *arena = arena_new(ARENA_MAX);
        judge(scene, send(arena, scene, askers[i], NULL, &value, false), &value, "caller");
        arena_free(arena);
        (*done)++;
    }
}

static void who_was_erased_while_calling_gets_a_documented_answer(struct world *w)
{
    assert_true(each_feature(w, run_erased) > 200);
}

static void a_statement_that_fails_leaves_nothing_half_written(struct world *w)
{
    size_t failed = each_feature(w, run_faults);
    print_message("# %zu statements failed\n", failed);
    assert_true(failed > 200);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(who_was_erased_while_calling_gets_a_documented_answer),
        WORLD_TEST(every_route_answers_whatever_is_sent),
        WORLD_TEST(every_kind_of_caller_gets_a_documented_answer),
        WORLD_TEST(a_statement_that_fails_leaves_nothing_half_written),
    };
    const struct world_options options = {.features = NULL};
    return world_run(&options, tests, COUNT(tests));
}
