#include <pthread.h>

#include "base/arena.h"
#include "base/text.h"
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

static const char *copy(struct live_ask *ask, const char *text)
{
    return text ? arena_text(ask->arena, text, strlen(text)) : NULL;
}

static void take_facts(struct live_ask *ask, const struct rooms_facts *facts)
{
    ask->facts = (struct live_facts){.id = facts->id,
                                     .owner_id = facts->owner_id,
                                     .capacity = facts->capacity,
                                     .name = copy(ask, facts->name),
                                     .scene = copy(ask, facts->scene),
                                     .language = copy(ask, facts->language),
                                     .visibility = copy(ask, facts->visibility)};
    text_put(ask->facts.public_id, sizeof(ask->facts.public_id), facts->public_id);
}

static void take_load(struct live_ask *ask, const struct rooms_load_out *load)
{
    take_facts(ask, &load->room);
    ask->seq = load->seq;
    ask->more = load->more;
    ask->heard_count = load->count;
    ask->heard = arena_alloc(ask->arena, (load->count + 1) * sizeof(*ask->heard));
    for (size_t i = 0; i < load->count; i++) {
        const struct rooms_heard *line = &load->lines[i];
        ask->heard[i] = (struct live_heard){
            line->seq,
            line->at_ms,
            line->sender_id,
            copy(ask, line->from),
            copy(ask, line->name),
            copy(ask, line->avatar),
            copy(ask, line->client_id),
            copy(ask, line->text),
        };
    }
}

static void take_admit(struct live_ask *ask, const struct rooms_admit_out *admit)
{
    take_facts(ask, &admit->room);
    for (size_t i = 0; i < ask->entrants_count; i++) {
        const struct rooms_verdict *from = &admit->verdicts[i];
        ask->verdicts[i] = (struct live_verdict){.code = from->code,
                                                 .account_id = from->account_id,
                                                 .key_id = from->key_id,
                                                 .since = from->since,
                                                 .public_id = copy(ask, from->face.id),
                                                 .name = copy(ask, from->face.name),
                                                 .role = copy(ask, from->role),
                                                 .avatar = copy(ask, from->face.avatar),
                                                 .invisible = from->invisible};
    }
    ask->hidden_count = admit->hidden_count;
    ask->hidden = arena_alloc(ask->arena, (admit->hidden_count + 1) * sizeof(*ask->hidden));
    for (size_t i = 0; i < admit->hidden_count; i++) {
        ask->hidden[i] = (struct live_pair){admit->hidden[i].viewer, admit->hidden[i].subject};
    }
}

/* On a worker: what `out` points to ends when this returns. */
static void answered(void *owner, enum err err, const struct call *call, const void *out)
{
    struct answer *answer = owner;
    (void)call;
    pthread_mutex_lock(&answer->lock);
    answer->ask->err = err;
    if (err == OK && answer->ask->kind == LIVE_LOAD) {
        take_load(answer->ask, out);
    } else if (err == OK) {
        take_admit(answer->ask, out);
    }
    answer->done = true;
    pthread_cond_signal(&answer->there);
    pthread_mutex_unlock(&answer->lock);
}

static void ask_rooms(struct world *w, struct live_ask *ask, const struct api_inner *wish)
{
    struct answer answer = {ask, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    struct api_inner inner = *wish;
    inner.owner = &answer;
    inner.done = answered;
    assert_int_equal(api_inner(w->api, &inner), OK);
    pthread_mutex_lock(&answer.lock);
    while (!answer.done) {
        pthread_cond_wait(&answer.there, &answer.lock);
    }
    pthread_mutex_unlock(&answer.lock);
}

static bool answer_one(struct world *w, struct fake *fake)
{
    struct live_ask *ask = fake->asks;
    struct rooms_entrant entrants[LIVE_ADMIT_MAX];
    if (!ask) {
        return false;
    }
    fake->asks = ask->next;
    if (ask->kind == LIVE_LOAD) {
        const struct rooms_load_in in = {ask->room};
        ask_rooms(w, ask,
                  &(struct api_inner){.route = &rooms_load_route,
                                      .in = &in,
                                      .in_size = sizeof(in),
                                      .out_size = sizeof(struct rooms_load_out)});
    } else if (ask->kind == LIVE_ADMIT) {
        for (size_t i = 0; i < ask->entrants_count; i++) {
            entrants[i] = (struct rooms_entrant){ask->entrants[i].account_id, ask->entrants[i].seq};
        }
        const struct rooms_admit_in in = {ask->room, entrants, ask->entrants_count, ask->present,
                                          ask->present_count};
        ask_rooms(w, ask,
                  &(struct api_inner){.route = &rooms_admit_route,
                                      .in = &in,
                                      .in_size = sizeof(in),
                                      .out_size = sizeof(struct rooms_admit_out)});
    } else {
        ask->err = OK; /* who is online goes to friends by messages of their own */
    }
    live_answer(fake->live, ask);
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
