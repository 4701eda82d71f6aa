#ifndef FEATURES_ROOMS_ROOMS_TEST_H
#define FEATURES_ROOMS_ROOMS_TEST_H

#include <stdio.h>
#include <string.h>

#include "features/talk/rooms/rooms.h"
#include "live/ask.h"
#include "tests/support/world.h"

/* What the tests of rooms share. */

extern const struct feature rooms_feature;

UNUSED static const char *make(struct world *w, int who, const char *name, const char *visibility)
{
    static char ids[8][32];
    static size_t next;
    char json[256];
    snprintf(json, sizeof(json),
             "{\"name\":\"%s\",\"scene\":\"lounge\",\"language\":\"en\",\"visibility\":\"%s\"}",
             name, visibility);
    assert_int_equal(world_send(w, who, "POST", "/api/rooms", json), 201);
    char *id = ids[next++ % 8];
    snprintf(id, sizeof(ids[0]), "%s", world_field(w, "id"));
    return id;
}

/* ---- calls from inside, as live makes them ---- */

struct answer {
    pthread_mutex_t lock;
    pthread_cond_t come;
    bool done;
    enum err err;
    void *out;
    size_t out_size;
};

UNUSED static void answered(void *owner, enum err err, const struct call *call, const void *out)
{
    struct answer *answer = owner;
    (void)call;
    pthread_mutex_lock(&answer->lock);
    answer->err = err;
    memcpy(answer->out, out, answer->out_size);
    answer->done = true;
    pthread_cond_signal(&answer->come);
    pthread_mutex_unlock(&answer->lock);
}

UNUSED static enum err ask(struct world *w, const struct api_route *route, const void *in,
                           void *out)
{
    struct answer answer = {.out = out, .out_size = route->steps->out_size};
    pthread_mutex_init(&answer.lock, NULL);
    pthread_cond_init(&answer.come, NULL);
    const struct api_inner inner = {
        .route = route, .in = in, .arena = w->kept, .owner = &answer, .done = answered};
    assert_int_equal(api_inner(w->api, &inner), OK);
    pthread_mutex_lock(&answer.lock);
    while (!answer.done) {
        pthread_cond_wait(&answer.come, &answer.lock);
    }
    pthread_mutex_unlock(&answer.lock);
    return answer.err;
}

UNUSED static struct live_load_out load(struct world *w, const char *id)
{
    struct live_load_out out = {.seq = 0};
    struct live_load_in in = {id};
    assert_int_equal(ask(w, &rooms_load_route, &in, &out), OK);
    return out;
}

UNUSED static int64_t key_of(struct world *w, int who)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "SELECT key_id FROM account WHERE id = %lld",
             (long long)w->account_ids[who]);
    return world_count(w, sql);
}

UNUSED static struct live_save_out say(struct world *w, const struct live_load_out *room,
                                       int64_t seq, int who, const char *client_id,
                                       const char *text)
{
    struct live_save_out out = {0};
    struct live_say line = {.room_id = room->room.id,
                            .seq = seq,
                            .sender_id = w->account_ids[who],
                            .key_id = key_of(w, who),
                            .at_ms = w->now_ms,
                            .client_id = client_id,
                            .text = text};
    struct live_save_in in = {&line, 1};
    assert_int_equal(ask(w, &rooms_save_route, &in, &out), OK);
    return out;
}

UNUSED static struct live_admit_out admit(struct world *w, const char *id, int who)
{
    struct live_admit_out out = {.hidden_count = 0};
    struct live_entrant entrant = {.account_id = w->account_ids[who]};
    int64_t present[] = {w->account_ids[ADA]};
    struct live_admit_in in = {id, &entrant, 1, present, 1};
    assert_int_equal(ask(w, &rooms_admit_route, &in, &out), OK);
    return out;
}

#endif
