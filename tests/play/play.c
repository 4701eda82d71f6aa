#include "tests/play/play.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "live/wire.h"
#include "store/store.h"
#include "tests/hostile/request.h"
#include "tests/play/server.h"
#include "tests/play/wire.h"
#include "tests/support/world.h"

enum {
    MEMBERS = 4, /* ANA, BEN, CLEO, DAN; CLEO is the witness */
    ROOMS = 2,
    ARENA_MAX = 64 << 20,
    FLOOD = 16,
    CALLS_OPEN = 6,
    TALKED = 400,
    STOPS_MAX = 2, /* a script: each costs a moment */
    SCRIPTS_A_WORLD = 64
};

struct player {
    int who, fd; /* fd: the socket, -1: none */
};

static struct {
    struct world *world;
    struct player players[MEMBERS];
    char rooms[ROOMS][PUBLIC_ID_LEN + 1], pair[PUBLIC_ID_LEN + 1];
    struct hostile_names names;
    const struct api_route *routes[512];
    size_t routes_count, scripts, floods, stops;
} play;

/* ---- the clock: the program's own, and what the script adds ---- */

static _Atomic int64_t passed_ms;
int __real_clock_gettime(clockid_t clock, struct timespec *ret);
int __wrap_clock_gettime(clockid_t clock, struct timespec *ret);

int __wrap_clock_gettime(clockid_t clock, struct timespec *ret)
{
    int done = __real_clock_gettime(clock, ret);
    int64_t passed = atomic_load(&passed_ms);
    ret->tv_sec += passed / 1000;
    ret->tv_nsec += passed % 1000 * 1000000;
    if (ret->tv_nsec >= 1000000000) {
        ret->tv_nsec -= 1000000000;
        ret->tv_sec++;
    }
    return done;
}

static void pass(int64_t ms)
{
    atomic_fetch_add(&passed_ms, ms);
    atomic_fetch_add(&play.world->now_ms, ms);
}

/* ---- sockets ---- */

static const char *const people[] = {"", "ana", "ben", "cleo", "dan"};

static int call_as(int who, const char *method, const char *path, const char *json)
{
    char cookie[32];
    snprintf(cookie, sizeof(cookie), "token-of-%s", people[who]);
    return play_call(cookie, method, path, json);
}

static void ask_as(int who, const char *method, const char *path, const char *json, bool wait)
{
    int fd = call_as(who, method, path, json);
    if (wait) {
        (void)play_get_until(fd, NULL);
    }
    close(fd);
}

static void hang_up(struct player *player)
{
    if (player->fd >= 0) {
        close(player->fd);
        player->fd = -1;
    }
}

static void sit_up(struct player *player, const char *room)
{
    char head[512];
    hang_up(player);
    player->fd = play_dial();
    snprintf(head, sizeof(head),
             "GET /api/live?room=%s HTTP/1.1\r\nHost: h\r\nCookie: bauta_session=token-of-%s\r\n"
             "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
             room, people[player->who]);
    play_put(player->fd, head, strlen(head));
    if (!play_get_until(player->fd, "\"hello\"")) {
        hang_up(player);
    }
}

/* ---- a world ---- */

static void make_places(void)
{
    struct world *w = play.world;
    char json[200];
    world_script(w, "INSERT INTO friendship (account_id, friend_id, since_ms) SELECT a.id, b.id, 1"
                    " FROM account a JOIN account b ON a.id <> b.id WHERE a.id < 5 AND b.id < 5");
    for (int i = 0; i < ROOMS; i++) {
        assert_int_equal(world_send(w, ANA, "POST", "/api/rooms",
                                    "{\"name\":\"R\",\"scene\":\"cafe\",\"language\":\"en\"}"),
                         201);
        snprintf(play.rooms[i], sizeof(play.rooms[i]), "%s", world_field(w, "id"));
    }
    snprintf(json, sizeof(json), "{\"people\":[\"%s\"]}", w->public_ids[BEN]);
    assert_int_equal(world_send(w, ANA, "POST", "/api/conversations", json), 201);
    snprintf(play.pair, sizeof(play.pair), "%s", world_field(w, "id"));
    play.names = (struct hostile_names){play.rooms[0], play.pair, w->public_ids[BEN]};
}

/* Routes that cost a hash each are left to the test made from the rows. */
static void take_routes(void)
{
    play.routes_count = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *route = (*feature)->routes; route && route->path; route++) {
            if (!(route->flags & (API_SLOW_POOL | API_RAW | API_UPGRADE))) {
                assert_true(play.routes_count < COUNT(play.routes));
                play.routes[play.routes_count++] = route;
            }
        }
    }
}

void play_start(void)
{
    play.world = play_server_new();
    take_routes();
    make_places();
    play.scripts = play.floods = 0;
    for (int i = 0; i < MEMBERS; i++) {
        play.players[i] = (struct player){ANA + i, -1};
    }
}

/* Whoever is there is still there: a server that ends hangs up. */
void play_end(void)
{
    play_server_free();
    for (int i = 0; i < MEMBERS; i++) {
        hang_up(&play.players[i]);
    }
}

/* ---- what a script can do ---- */

struct script {
    const uint8_t *at, *end;
    struct arena *arena;
};

static unsigned next(struct script *script, unsigned below)
{
    unsigned byte = script->at < script->end ? *script->at++ : 0;
    return byte % below;
}

static unsigned next_wide(struct script *script, size_t below)
{
    unsigned high = next(script, 256);
    return (high << 8 | next(script, 256)) % (unsigned)below;
}

static const char *usual(void *ctx UNUSED, const struct json_field *field)
{
    return strcmp(field->name, "room") == 0     ? play.rooms[0]
           : strcmp(field->name, "cid") == 0    ? "c1"
           : strcmp(field->name, "avatar") == 0 ? "mia"
                                                : NULL;
}

/* A verb as its row wants it; `hostile`: one field of its shape is anything at all. */
static void do_verb(struct script *script, struct player *player, bool hostile)
{
    const struct verb_row *verb = &verb_rows[next(script, VERB_COUNT)];
    size_t field = hostile ? next(script, (unsigned)in_shape.field_count) : SIZE_MAX;
    const char *json = NULL;
    if (hostile) {
        struct hostile_values values =
            hostile_values(script->arena, &in_shape.fields[field], usual, NULL);
        json = values.at[next(script, (unsigned)MIN(values.count, (size_t)256))].json;
    }
    struct buf out = {.arena = script->arena};
    const char *comma = "{";
    for (size_t i = 0; i < in_shape.field_count; i++) {
        const char *value = i == field ? json
                            : i == 0
                                ? arena_printf(script->arena, "\"%s\"", verb->t)
                                : hostile_fitting(script->arena, &in_shape.fields[i], usual, NULL);
        if ((i == field || i == 0 || (verb->needs >> i & 1)) && *value) {
            buf_printf(&out, "%s\"%s\":", comma, in_shape.fields[i].name);
            buf_puts(&out, value);
            comma = ",";
        }
    }
    buf_puts(&out, "}");
    if (out.len <= UINT16_MAX) {
        play_frame(player->fd, 0x81, out.at, out.len);
    }
}

static void do_bytes(struct script *script, struct player *player)
{
    size_t wanted = next(script, 64);
    int first = next(script, 2) ? 0x82 : 0x81;
    bool raw = next(script, 4) == 0;
    size_t len = MIN(wanted, (size_t)(script->end - script->at));
    if (raw && player->fd >= 0) {
        play_put(player->fd, script->at, len); /* no frame at all */
    } else {
        play_frame(player->fd, first, script->at, len);
    }
    script->at += len;
}

static void do_route(struct script *script, struct player *player, bool hostile)
{
    struct hostile_call call = {.names = &play.names,
                                .route = play.routes[next_wide(script, play.routes_count)]};
    const struct json_shape *shape = call.route->steps->in;
    if (hostile && shape && shape->field_count > 0) {
        call.field = &shape->fields[next(script, (unsigned)shape->field_count)];
        struct hostile_values values =
            hostile_values(script->arena, call.field, hostile_usual_words, &call);
        call.value = &values.at[next_wide(script, values.count)];
    }
    const struct hostile_request request = hostile_request(script->arena, &call);
    ask_as(player->who, call.route->method, request.path, request.json, next(script, 8) != 0);
}

/* Many messages, of one letter or as large as they may be, of letters that take four bytes. */
static void do_flood(struct script *script)
{
    unsigned kind = next(script, 3); /* small, large, one after the other */
    char path[128];
    struct buf json = {.arena = script->arena};
    if (play.floods++ > 100) {
        return; /* enough of them: a script ends */
    }
    snprintf(path, sizeof(path), "/api/conversations/%s/messages", play.pair);
    for (int i = 0; i < FLOOD; i++) {
        bool large = kind == 1 || (kind == 2 && i % 4 < 2);
        json.len = 0;
        buf_printf(&json, "{\"cid\":\"f%zu-%d\",\"text\":\"", play.floods, i);
        for (int n = 0; n < (large ? 2000 : 1); n++) {
            buf_puts(&json, large ? "\xf0\x9f\x98\x80" : "a");
        }
        buf_puts(&json, "\"}");
        (void)world_send(play.world, i % 2 ? ANA : BEN, "POST", path, json.at);
        pass(3); /* a slice of a search has so many, and just not too many large ones among them */
    }
}

/* What is busy at one of its statements is tried again, or refused. */
static void do_retry(struct script *script, struct player *player)
{
    store_fail_at(play.world->store.store, 1 + next(script, 6), ERR_BUSY);
    do_route(script, player, false);
    store_fail_at(play.world->store.store, 0, OK);
}

/* A call has no more memory, of its own or of the machine's: it fails, and nothing else does. */
static void do_short(struct script *script, struct player *player)
{
    arena_fail_at(1 + next(script, 48), next(script, 2));
    do_route(script, player, false);
    arena_fail_at(0, false);
}

/* Two go from room to room and talk, until the server has hung up or they have had their say. */
static void *talk_on(void *arg UNUSED)
{
    char text[96];
    for (int i = 0; i < TALKED; i++) {
        snprintf(text, sizeof(text), "{\"t\":\"enter\",\"room\":\"%s\"}",
                 play.rooms[i / 8 % ROOMS]);
        if (i % 8) {
            snprintf(text, sizeof(text), "{\"t\":\"say\",\"cid\":\"e%d\",\"text\":\"x\"}", i);
        }
        play_frame(play.players[i % 2].fd, 0x81, text, strlen(text));
    }
    return NULL;
}

/* The server ends while people sit in rooms, talk and wait for answers, and begins again. */
static void do_stop(struct script *script)
{
    int open[CALLS_OPEN];
    pthread_t talk;
    bool gently = next(script, 2);
    if (play.stops++ >= STOPS_MAX) {
        return;
    }
    for (int i = 0; i < CALLS_OPEN; i++) {
        const struct hostile_call call = {
            .names = &play.names, .route = play.routes[next_wide(script, play.routes_count)]};
        const struct hostile_request request = hostile_request(script->arena, &call);
        open[i] = call_as(ANA + i % MEMBERS, call.route->method, request.path, request.json);
    }
    assert_int_equal(pthread_create(&talk, NULL, talk_on, NULL), 0);
    play_server_stop(gently);
    pthread_join(talk, NULL);
    for (int i = 0; i < CALLS_OPEN; i++) { /* answered or not: it ends */
        assert_false(play_get_until(open[i], NULL));
        close(open[i]);
    }
    for (int i = 0; i < MEMBERS; i++) {
        assert_true(play.players[i].fd < 0 || !play_get_until(play.players[i].fd, NULL));
        hang_up(&play.players[i]);
    }
    play_server_again();
}

static void do_line_feeds(struct player *player)
{
    char text[2100] = "{\"t\":\"say\",\"cid\":\"n\",\"text\":\"x";
    size_t len = strlen(text);
    for (int i = 0; i < 998; i++) {
        memcpy(text + len, "\\n", 2);
        len += 2;
    }
    memcpy(text + len, "x\"}", 3);
    play_frame(player->fd, 0x81, text, len + 3);
}

static void do_owner(struct script *script)
{
    char path[128], json[96];
    const char *room = play.rooms[next(script, ROOMS)];
    const char *other = play.world->public_ids[BEN + next(script, 3)];
    snprintf(path, sizeof(path), "/api/rooms/%s/remove", room);
    snprintf(json, sizeof(json), "{\"account\":\"%s\"}", other);
    ask_as(ANA, "POST", path, json, true);
}

static void do_block(struct script *script, struct player *player)
{
    char path[64], json[64];
    const char *other = people[1 + next(script, MEMBERS)];
    snprintf(path, sizeof(path), "/api/blocks/%s",
             play.world->public_ids[1 + next(script, MEMBERS)]);
    snprintf(json, sizeof(json), "{\"name\":\"%s\"}", other);
    bool end = next(script, 2);
    ask_as(player->who, end ? "DELETE" : "POST", end ? path : "/api/blocks", end ? NULL : json,
           true);
}

enum act {
    ACT_OPEN,
    ACT_VERB,
    ACT_VERB_HOSTILE,
    ACT_BYTES,
    ACT_CUT,
    ACT_CLOSE,
    ACT_ROUTE,
    ACT_ROUTE_HOSTILE,
    ACT_OWNER,
    ACT_FLOOD,
    ACT_SEARCH,
    ACT_TIME,
    ACT_BLOCK,
    ACT_LINE_FEEDS,
    ACT_LISTEN,
    ACT_RETRY,
    ACT_STOP,
    ACT_SHORT,
    ACTS
};

static void act(struct script *script)
{
    static const int64_t spans_ms[] = {50, 1000, 11000, 61000, 3600000, 86400000};
    enum act what = next(script, ACTS);
    struct player *player = &play.players[next(script, MEMBERS)];
    if (player->who == CLEO) {
        player = &play.players[0]; /* the witness does nothing of it */
    }
    switch (what) {
    case ACT_OPEN:
        sit_up(player, play.rooms[next(script, ROOMS)]);
        break;
    case ACT_VERB:
    case ACT_VERB_HOSTILE:
        do_verb(script, player, what == ACT_VERB_HOSTILE);
        break;
    case ACT_BYTES:
        do_bytes(script, player);
        break;
    case ACT_CUT:
        hang_up(player);
        break;
    case ACT_CLOSE:
        play_frame(player->fd, 0x88, "\x03\xe8", 2);
        break;
    case ACT_ROUTE:
    case ACT_ROUTE_HOSTILE:
        do_route(script, player, what == ACT_ROUTE_HOSTILE);
        break;
    case ACT_OWNER:
        do_owner(script);
        break;
    case ACT_FLOOD:
        do_flood(script);
        break;
    case ACT_SEARCH:
        ask_as(ANA, "GET",
               next(script, 2) ? "/api/messages/search?q=zz"
                               : "/api/messages/search?q=%F0%9F%98%80",
               NULL, true);
        break;
    case ACT_TIME:
        pass(spans_ms[next(script, COUNT(spans_ms))]);
        break;
    case ACT_BLOCK:
        do_block(script, player);
        break;
    case ACT_LINE_FEEDS:
        do_line_feeds(player);
        break;
    case ACT_RETRY:
        do_retry(script, player);
        break;
    case ACT_STOP:
        do_stop(script);
        break;
    case ACT_SHORT:
        do_short(script, player);
        break;
    case ACT_LISTEN:
    case ACTS:
        if (player->fd >= 0) {
            play_drain(player->fd);
        }
        break;
    }
}

/* Whoever did nothing wrong is answered, and a room, if it is still there, can be entered. */
static void witness(void)
{
    struct player *cleo = &play.players[CLEO - ANA];
    sit_up(cleo, play.rooms[0]);
    assert_true(cleo->fd >= 0);
    play_frame(cleo->fd, 0x81, "{\"t\":\"ping\",\"n\":7}", 18);
    if (!play_get_until(cleo->fd, "\"pong\"")) {
        fail_msg("the witness is not answered any more");
    }
    hang_up(cleo);
}

void play_script(const uint8_t *bytes, size_t len)
{
    struct script script = {bytes, bytes + MIN(len, (size_t)PLAY_SCRIPT_MAX), NULL};
    play.stops = 0;
    while (script.at < script.end) {
        script.arena = arena_new(ARENA_MAX);
        act(&script);
        arena_free(script.arena);
    }
    witness();
    for (int i = 0; i < MEMBERS; i++) {
        hang_up(&play.players[i]);
    }
    if (++play.scripts >= SCRIPTS_A_WORLD) { /* what scripts did to a world ends with it */
        play_end();
        play_start();
    }
}
