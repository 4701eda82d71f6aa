#include <pthread.h>

#include "base/arena.h"
#include "features/talk/rooms/rooms.h"
#include "live/fake_test.h"
#include "tests/blocks/rules.h"
#include "tests/support/members.h"

/*
 * What a socket is told of Ben: live itself, asking the real rooms who may come in, who is there
 * and what was said.  He is there and speaks, the viewer comes, he goes and comes again; somebody
 * else stays all the time.
 */

struct answer {
    struct live_ask *ask;
    pthread_mutex_t lock;
    pthread_cond_t there;
    bool done;
};

static void answered(void *owner, enum err err, const struct call *call, const void *out)
{
    struct answer *answer = owner;
    (void)call;
    pthread_mutex_lock(&answer->lock);
    answer->ask->err = err;
    answer->ask->out = out;
    answer->done = true;
    pthread_cond_signal(&answer->there);
    pthread_mutex_unlock(&answer->lock);
}

static void ask_rooms(struct world *w, struct live_ask *ask, const struct api_route *route)
{
    struct answer answer = {ask, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    const struct api_inner inner = {
        .route = route, .in = &ask->in, .arena = ask->arena, .owner = &answer, .done = answered};
    assert_int_equal(api_inner(w->api, &inner), OK);
    pthread_mutex_lock(&answer.lock);
    while (!answer.done) {
        pthread_cond_wait(&answer.there, &answer.lock);
    }
    pthread_mutex_unlock(&answer.lock);
}

static bool answer_one(struct world *w, struct fake *fake)
{
    static const struct live_know_out nobody; /* friends hear of it by messages of their own */
    static const struct live_save_out kept;
    struct live_ask *ask = fake->asks;
    if (!ask) {
        return false;
    }
    fake->asks = ask->next;
    if (ask->kind == LIVE_LOAD || ask->kind == LIVE_ADMIT) {
        ask_rooms(w, ask, ask->kind == LIVE_LOAD ? &rooms_load_route : &rooms_admit_route);
    } else {
        ask->err = OK;
        ask->out = ask->kind == LIVE_SAVE ? (const void *)&kept : &nobody;
    }
    live_answer(ask);
    return true;
}

static void run(struct world *w, struct fake *fake)
{
    do {
        fake_turn(fake);
        fake_bury(fake);
    } while (fake_move_one(fake) || fake_post_one(fake) || answer_one(w, fake));
}

static void come(struct world *w, struct fake *fake, int who, const char *room)
{
    fake_open(fake, who, who, room);
    run(w, fake);
}

/* Where somebody stands and in which order is left to chance. */
static void without_places(json_t *one)
{
    static const char *const chance[] = {"slot", "you", "x", "z", "yaw"};
    for (size_t i = 0; i < COUNT(chance); i++) {
        json_object_del(one, chance[i]);
    }
}

static const char *id_of(const json_t *people, size_t i)
{
    return json_string_value(json_object_get(json_array_get(people, i), "id"));
}

static void without_chance(json_t *message)
{
    json_t *people = json_object_get(message, "people");
    without_places(message);
    without_places(json_object_get(message, "p"));
    for (size_t i = 0; i < json_array_size(people); i++) {
        without_places(json_array_get(people, i));
        for (size_t j = i; j > 0 && strcmp(id_of(people, j - 1), id_of(people, j)) > 0; j--) {
            json_t *one = json_incref(json_array_get(people, j));
            json_array_remove(people, j);
            json_array_insert_new(people, j - 1, one);
        }
    }
}

static void put(struct buf *told, const struct live_frame *frame)
{
    json_t *message = json_loadb((const char *)frame->bytes, frame->len, 0, NULL);
    assert_non_null(message);
    without_chance(message);
    char *text = json_dumps(message, JSON_COMPACT | JSON_SORT_KEYS);
    buf_puts(told, text);
    buf_puts(told, "\n");
    free(text);
    json_decref(message);
}

/* One line a message, as `viewer` got it. */
const char *alike_live(const struct scene_of *scene, int viewer, const char *room)
{
    struct world *w = scene->w;
    struct fake *fake = fake_new(1, false);
    struct buf told = {.arena = w->kept};
    buf_puts(&told, "");
    if (scene->live == LIVE_BEN) {
        come(w, fake, viewer == ADA ? ANA : ADA, room);
        come(w, fake, BEN, room);
        fake_say(fake, BEN, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"words\"}");
        run(w, fake);
    }
    come(w, fake, viewer, room);
    if (scene->live == LIVE_BEN) {
        fake_say(fake, BEN, "{\"t\":\"leave\"}");
        run(w, fake);
        fake_say(fake, BEN, "{\"t\":\"enter\",\"room\":\"%s\"}", room);
        run(w, fake);
    }
    const struct live_sock *sock = &fake->socks[viewer];
    for (size_t i = 0; i < sock->count; i++) {
        const struct live_frame *frame = sock->got[i];
        if (!frame->binary) {
            put(&told, frame);
        }
    }
    for (int i = 0; i < FAKE_SOCKS; i++) {
        fake_lose(fake, i);
    }
    run(w, fake);
    fake_free(fake);
    return told.at;
}
