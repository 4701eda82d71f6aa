#include "residents/residents.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "base/catalogue.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/text.h"
#include "features/identity/accounts/accounts.h"
#include "store/store.h"

enum {
    ROOMS = 3,
    MATES = 4, /* in a room */
    PEOPLE = ROOMS * MATES,
    LINES = 6,
    STEP_MS = 100,
    GREETING_MS = 3000,
    BACK_MS = 60 * 1000, /* who was sent out tries again */
    CODE_ENDED = 4403,
    TRIES = 12,
    WIDE = 40, /* off furniture, 1/256 m; who finds no such way goes closer */
    CLOSE = 4,
    LOOK = 20, /* so far apart are the points of a way that are looked at */
};
#define PACE 1.3 /* metres a second */

_Static_assert((int)PEOPLE == (int)ACCOUNTS_DEMO_PEOPLE, "each has a room");

/* What is said after the greeting, in turns; in other scenes nothing. */
static const struct {
    const char *scene, *lines[LINES];
} plays[ROOMS] = {
    {"lounge",
     {"residents.lounge_a", "residents.lounge_b", "residents.lounge_c", "residents.lounge_d",
      "residents.lounge_e", "residents.lounge_f"}},
    {"cafe",
     {"residents.cafe_a", "residents.cafe_b", "residents.cafe_c", "residents.cafe_d",
      "residents.cafe_e", "residents.cafe_f"}},
    {"garden",
     {"residents.garden_a", "residents.garden_b", "residents.garden_c", "residents.garden_d",
      "residents.garden_e", "residents.garden_f"}},
};

struct script {
    char room[PUBLIC_ID_LEN + 1], language[LANGUAGE_MAX];
    int64_t next_ms; /* of the room's thread, as is what follows */
    int line;        /* 0: the greeting */
    int mates;       /* who is in this play: of a demo from before there were so many, fewer */
    bool watched;
};

struct resident {
    struct residents *all;
    struct actor actor;
    struct script *script;
    int mate;
    _Atomic int reactor; /* whose thread has it */
    struct live_peer *peer;
    bool arrives, closed, over, in;
    int64_t next_ms;
    bool walks;
    double x, z, to_x, to_z;
    int64_t to_seat; /* 0: none */
    struct rng rng;
};

struct residents {
    struct live *live;
    atomic_bool ready;
    struct resident people[PEOPLE];
    size_t count;
    struct script scripts[ROOMS];
};

/* ---- who they are ---- */

/* Those whom `bauta demo` made: of the first accounts of all, who have the names that it gave. */
SQL(residents_people, "SELECT id, public_id, avatar_name, state FROM account ORDER BY id LIMIT $1");
COLUMNS(PERSON_ID, PERSON_PUBLIC_ID, PERSON_AVATAR_NAME, PERSON_STATE);
SQL(residents_rooms, "SELECT public_id, language FROM room WHERE owner_id = $1 AND ended_ms IS NULL"
                     " AND visibility = 'public' ORDER BY id LIMIT $2");
COLUMNS(ROOM_PUBLIC_ID, ROOM_LANGUAGE);

struct found {
    struct actor people[PEOPLE];
    struct script scripts[ROOMS];
    size_t count, rooms;
};

static bool is_theirs(const char *name)
{
    bool is = false;
    for (size_t i = 0; i < ACCOUNTS_DEMO_PEOPLE; i++) {
        is = is || strcmp(name, accounts_demo_names[i]) == 0;
    }
    return is;
}

INNER_STEPS(find, struct none, struct found, struct none, apply);
STEP(find, apply)
{
    struct rows rows;
    TRY(store_run(call, &residents_people, BIND(I64(PEOPLE)), &rows));
    for (size_t i = 0; i < rows.count; i++) {
        ASSERT_CODE(out->count < PEOPLE);
        struct actor *one = &out->people[out->count];
        if (is_theirs(row_text(&rows, i, PERSON_AVATAR_NAME)) &&
            strcmp(row_text(&rows, i, PERSON_STATE), "active") == 0) {
            one->id = row_i64(&rows, i, PERSON_ID);
            text_put(one->public_id, sizeof(one->public_id), row_text(&rows, i, PERSON_PUBLIC_ID));
            text_put(one->name, sizeof(one->name), row_text(&rows, i, PERSON_AVATAR_NAME));
            out->count++;
        }
    }
    if (out->count == 0) {
        return OK;
    }
    TRY(store_run(call, &residents_rooms, BIND(I64(out->people[0].id), I64(ROOMS)), &rows));
    for (out->rooms = 0; out->rooms < rows.count; out->rooms++) {
        ASSERT_CODE(out->rooms < ROOMS);
        struct script *script = &out->scripts[out->rooms];
        text_put(script->room, sizeof(script->room), row_text(&rows, out->rooms, ROOM_PUBLIC_ID));
        text_put(script->language, sizeof(script->language),
                 row_text(&rows, out->rooms, ROOM_LANGUAGE));
    }
    return OK;
}

static const struct api_route find_route = {.who = API_ADMIN,
                                            .tx = API_TX_READ,
                                            .status = 200,
                                            .steps = &find_steps,
                                            .about = "Who lives in this demo?"};

static void were_found(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct residents *all = owner;
    const struct found *found = out;
    ASSERT_CODE(!atomic_load(&all->ready)); /* their threads read what is filled here */
    if (err != OK || found->rooms == 0) {
        log_line(LOG_WARN, "server", "nobody lives in this demo", LOG_N(LOG_COUNT, 0));
        return;
    }
    memcpy(all->scripts, found->scripts, sizeof(all->scripts));
    for (all->count = 0; all->count < found->count; all->count++) {
        struct resident *one = &all->people[all->count];
        size_t room = all->count % found->rooms;
        one->all = all;
        one->actor = found->people[all->count];
        one->script = &all->scripts[room];
        one->mate = one->script->mates++;
        one->rng.state = (uint64_t)one->actor.id;
        memcpy(one->actor.language, one->script->language, sizeof(one->actor.language));
    }
    atomic_store(&all->ready, true);
}

/* ---- what they do ---- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t chance(struct resident *one, int64_t from, int64_t to)
{
    ASSERT_CODE(from < to);
    return from + (int64_t)(rng_next(&one->rng) % (uint64_t)(to - from));
}

static struct live_sock *sock_of(struct resident *one)
{
    return (struct live_sock *)(void *)((char *)one + 1);
}

static struct resident *resident_of(struct live_sock *sock)
{
    ASSERT_CODE(residents_own(sock)); /* or it is the network's */
    return (struct resident *)(void *)((char *)sock - 1);
}

static void send(struct resident *one, json_t *message)
{
    char *text = message ? json_dumps(message, JSON_COMPACT) : NULL;
    if (text) {
        live_text(one->peer, text, strlen(text));
    }
    free(text);
    json_decref(message);
}

static bool free_at(const struct scene *scene, double x, double z, int off)
{
    const struct scene_box *walk = &scene->walk;
    if (x < walk->x0 + off || x > walk->x1 - off || z < walk->z0 + off || z > walk->z1 - off) {
        return false;
    }
    for (size_t i = 0; i < scene->blocked_count; i++) {
        const struct scene_box *box = &scene->blocked[i];
        if (x > box->x0 - off && x < box->x1 + off && z > box->z0 - off && z < box->z1 + off) {
            return false;
        }
    }
    return true;
}

/* Straight on. */
static bool way_free(const struct scene *scene, const struct resident *one, int off)
{
    double length = hypot(one->to_x - one->x, one->to_z - one->z);
    int looks = (int)(length / LOOK) + 1;
    for (int i = 0; i < looks; i++) {
        double part = (double)i / looks;
        if (!free_at(scene, one->x + (one->to_x - one->x) * part,
                     one->z + (one->to_z - one->z) * part, off)) {
            return false;
        }
    }
    return true;
}

/* To a chair, or to any place. */
static void set_out(struct resident *one, const struct live_around *around, bool to_seat)
{
    const struct scene *scene = around->scene;
    one->x = around->x;
    one->z = around->z;
    for (int i = 0; i < TRIES && !one->walks; i++) {
        const struct scene_box *walk = &scene->walk;
        one->to_seat = 0;
        one->to_x = (double)chance(one, walk->x0, walk->x1 + 1);
        one->to_z = (double)chance(one, walk->z0, walk->z1 + 1);
        if (to_seat && scene->seats_count > 0) {
            one->to_seat = chance(one, 1, (int64_t)scene->seats_count + 1);
            one->to_x = scene->seats[one->to_seat - 1].stand.x;
            one->to_z = scene->seats[one->to_seat - 1].stand.z;
        }
        one->walks = way_free(scene, one, i < TRIES / 2 ? WIDE : CLOSE) &&
                     free_at(scene, one->to_x, one->to_z, to_seat ? 0 : WIDE);
    }
}

static void step(struct resident *one, int64_t now)
{
    double dx = one->to_x - one->x, dz = one->to_z - one->z, left = hypot(dx, dz);
    double pace = PACE * SCENE_UNIT * STEP_MS / 1000;
    bool there = left <= pace;
    one->x = there ? one->to_x : one->x + dx / left * pace;
    one->z = there ? one->to_z : one->z + dz / left * pace;
    int yaw = (int)lround(atan2(dx, dz) / (2 * M_PI) * 256);
    uint16_t x = (uint16_t)(int16_t)lround(one->x), z = (uint16_t)(int16_t)lround(one->z);
    const uint8_t move[] = {1,
                            (uint8_t)x,
                            (uint8_t)(x >> 8),
                            (uint8_t)z,
                            (uint8_t)(z >> 8),
                            (uint8_t)yaw,
                            there ? 0 : 1};
    live_binary(one->peer, move, sizeof(move));
    one->next_ms = now + STEP_MS;
    if (there) {
        one->walks = false;
        one->next_ms = now + chance(one, 6000, 20000);
        if (one->to_seat) {
            send(one, json_pack("{s:s,s:I}", "t", "sit", "seat", (json_int_t)one->to_seat));
            one->next_ms = now + chance(one, 25000, 70000);
        }
    }
}

static void choose(struct resident *one, const struct live_around *around, int64_t now)
{
    static const char *const emotes[] = {"wave", "laugh", "think", "shrug", "clap"};
    int64_t what = chance(one, 0, 10);
    one->next_ms = now + chance(one, 2000, 6000);
    if (around->seat) {
        send(one, json_pack("{s:s}", "t", "stand"));
    } else if (what == 0) {
        send(one, json_pack("{s:s,s:s}", "t", "emote", "name",
                            emotes[chance(one, 0, (int64_t)COUNT(emotes))]));
    } else {
        set_out(one, around, what > 6);
    }
}

static const char *line_of(const char *scene, int line)
{
    ASSERT_CODE(line <= LINES);
    for (size_t i = 0; line > 0 && i < COUNT(plays); i++) {
        if (strcmp(plays[i].scene, scene) == 0) {
            return plays[i].lines[line - 1];
        }
    }
    return line == 0 ? "residents.greeting" : NULL;
}

/* The room's people take turns; the greeting is for whoever comes into an empty room. */
static void talk(struct resident *one, const struct live_around *around, int64_t now)
{
    struct script *script = one->script;
    char cid[32];
    if (!script->watched) {
        script->watched = true;
        script->line = 0;
        script->next_ms = now + GREETING_MS;
    }
    const char *key = line_of(around->scene->id, script->line);
    if (!key || now < script->next_ms || script->line % script->mates != one->mate) {
        return;
    }
    if (script->line == 0) {
        send(one, json_pack("{s:s,s:s}", "t", "emote", "name", "wave"));
    }
    snprintf(cid, sizeof(cid), "r%lld", (long long)now);
    send(one, json_pack("{s:s,s:s,s:s}", "t", "say", "cid", cid, "text",
                        catalogue_text(script->language, key)));
    script->line = script->line < LINES ? script->line + 1 : 1;
    script->next_ms = now + (script->line == 1 ? BACK_MS : chance(one, 11000, 22000));
}

static void live_on(struct resident *one, int64_t now)
{
    struct live_around around;
    if (!live_around(one->peer, &around)) {
        one->in = one->walks = false;
        if (now >= one->next_ms) {
            one->next_ms = now + BACK_MS;
            send(one, json_pack("{s:s,s:s}", "t", "enter", "room", one->script->room));
        }
        return;
    }
    if (!one->in) {
        one->in = true;
        one->next_ms = now + chance(one, 1000, 8000);
    }
    if (around.visitors > 0) {
        talk(one, &around, now);
    } else {
        one->script->watched = false;
    }
    if (now < one->next_ms) {
        return;
    }
    if (one->walks) {
        step(one, now);
    } else if (around.visitors > 0) {
        choose(one, &around, now);
    }
}

static void turn(struct resident *one, int reactor, int64_t now)
{
    if (one->arrives) {
        one->arrives = false;
        live_arrived(one->peer, sock_of(one));
    } else if (one->closed) {
        struct live_peer *peer = one->peer;
        one->closed = one->walks = false;
        one->peer = NULL;
        one->next_ms = now + BACK_MS;
        if (peer) {
            live_gone(peer);
        }
    } else if (one->peer) {
        live_on(one, now);
    } else if (!one->over && now >= one->next_ms) {
        live_open(one->all->live, sock_of(one), reactor, &one->actor, "");
        if (one->peer) {
            live_resident(one->peer);
        }
    }
}

void residents_tick(struct residents *all, int reactor)
{
    if (!all || !atomic_load(&all->ready)) {
        return;
    }
    int64_t now = now_ms();
    for (size_t i = 0; i < all->count; i++) {
        if (atomic_load(&all->people[i].reactor) == reactor) {
            turn(&all->people[i], reactor, now);
        }
    }
}

void residents_attach(struct live_sock *sock, struct live_peer *peer)
{
    resident_of(sock)->peer = peer;
}

void residents_close(struct live_sock *sock, int code)
{
    struct resident *one = resident_of(sock);
    one->closed = true;
    one->over = code == CODE_ENDED;
}

void residents_move(struct live_sock *sock, int reactor)
{
    struct resident *one = resident_of(sock);
    one->arrives = true;
    atomic_store(&one->reactor, reactor);
}

/* ---- start and end ---- */

struct residents *residents_new(struct live *live)
{
    struct residents *all = heap_new(sizeof(*all));
    if (all) {
        all->live = live;
    }
    return all;
}

void residents_start(struct residents *all, struct api *api)
{
    const struct api_inner inner = {.route = &find_route, .owner = all, .done = were_found};
    if (all && api_inner(api, &inner) != OK) {
        log_line(LOG_WARN, "server", "nobody lives in this demo", LOG_N(LOG_COUNT, 0));
    }
}

void residents_end(struct residents *all)
{
    for (size_t i = 0; all && i < all->count; i++) {
        if (all->people[i].peer) {
            live_gone(all->people[i].peer);
            all->people[i].peer = NULL;
        }
    }
}

void residents_free(struct residents *all)
{
    free(all);
}
