#include "tests/hostile/scene.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static void converse(struct hostile_scene *scene)
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

static void open_watch(struct hostile_scene *scene)
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

void hostile_open(struct hostile_scene *scene, struct world *w)
{
    *scene = (struct hostile_scene){.w = w};
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
    world_script(w, "UPDATE account SET look = (SELECT b.public_id FROM account b WHERE b.id = 2)"
                    " WHERE id = 1");
    scene->names = (struct hostile_names){scene->room, scene->pair, w->public_ids[BEN]};
    open_watch(scene);
}

void hostile_close(struct hostile_scene *scene)
{
    PQfinish(scene->pg);
    sqlite3_close(scene->file);
}

int64_t hostile_written(struct hostile_scene *scene)
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

bool hostile_in_query(const struct api_route *route)
{
    return strcmp(route->method, "GET") == 0 || (route->flags & API_RAW);
}

int hostile_send(struct arena *arena, struct hostile_scene *scene, int who,
                 const struct json_field *field, const struct hostile_value *value, bool twice)
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

bool hostile_documented(int status)
{
    static const int refusals[] = {400, 401, 403, 404, 405, 409, 413, 415, 429, 503, 507};
    bool documented = status >= 200 && status < 300;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        documented |= status == refusals[i];
    }
    return documented;
}

void hostile_judge(const struct hostile_scene *scene, int status, const struct hostile_value *value,
                   const char *field)
{
    const struct world_answer *last = &scene->w->last;
    bool told = status < 400 || (world_code(scene->w)[0] && *world_field(scene->w, "text"));
    if (!hostile_documented(status) || !told || !text_utf8(last->body, strlen(last->body))) {
        fail_msg("%s %s, %s %s: %d %.200s", scene->route->method, scene->route->path, field,
                 value->why, status, last->body);
    }
    if (value->refused && status < 400) {
        fail_msg("%s %s takes %s %s", scene->route->method, scene->route->path, field, value->why);
    }
}

bool hostile_slow(const struct api_route *route)
{
    return route->flags & (API_SLOW_POOL | API_RAW);
}

size_t hostile_each_feature(const struct world *like,
                            void (*run)(struct hostile_scene *scene, size_t *done))
{
    size_t done = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        const struct world_options options = {
            .features = features, .pg = like->store.pg, .proved = true};
        struct world *w = NULL;
        struct hostile_scene scene;
        world_new(&options, &w);
        hostile_open(&scene, w);
        for (int ending = 0; ending < 2; ending++) { /* what ends things goes last */
            for (const struct api_route *route = (*feature)->routes; route && route->path;
                 route++) {
                scene.route = route;
                if ((strcmp(route->method, "DELETE") == 0) == ending) {
                    run(&scene, &done);
                }
            }
        }
        hostile_close(&scene);
        world_free(w);
    }
    return done;
}

void hostile_call_all(struct hostile_scene *scene, int who)
{
    int number = 0;
    char key[32];
    scene->w->key = key;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (strcmp(route->method, "DELETE") != 0 && !(route->flags & API_RAW)) {
                struct arena *arena = arena_new(1 << 22);
                snprintf(key, sizeof(key), "key-%d-%d", who, number++);
                scene->route = route;
                hostile_send(arena, scene, who, NULL, NULL, false);
                arena_free(arena);
            }
        }
    }
    scene->w->key = NULL;
}
