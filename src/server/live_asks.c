#include "server/live_asks.h"

#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/text.h"
#include "features/people/friends/friends.h"
#include "features/talk/rooms/rooms.h"

/* A question on its way: in the words of the feature. */
struct errand {
    struct live *live;
    struct live_ask *ask;
    union {
        struct rooms_load_in load;
        struct rooms_admit_in admit;
        struct rooms_save_in save;
        struct rooms_said_in said;
        struct friends_known_in known;
    } in;
    union {
        struct rooms_entrant entrants[LIVE_ADMIT_MAX];
        struct rooms_say says[LIVE_SAVE_MAX];
    } list;
};
_Static_assert((int)LIVE_ADMIT_MAX <= (int)ROOMS_ADMIT_MAX, "one call holds one question");
_Static_assert((int)LIVE_KNOW_MAX <= (int)FRIENDS_KNOWN_MAX, "one call holds one question");
_Static_assert((int)LIVE_SAVE_MAX <= (int)ROOMS_SAVE_MAX, "one call holds one question");

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
        ask->heard[i] = (struct live_heard){line->seq,
                                            line->at_ms,
                                            line->sender_id,
                                            copy(ask, line->from),
                                            copy(ask, line->name),
                                            copy(ask, line->avatar),
                                            copy(ask, line->client_id),
                                            copy(ask, line->text)};
    }
}

_Static_assert((int)LIVE_COLOUR_MAX == (int)FACE_COLOUR_MAX, "the same colours");

static void take_admit(struct live_ask *ask, const struct rooms_admit_out *admit)
{
    take_facts(ask, &admit->room);
    for (size_t i = 0; i < ask->entrants_count; i++) {
        const struct rooms_verdict *from = &admit->verdicts[i];
        struct live_verdict *to = &ask->verdicts[i];
        *to = (struct live_verdict){.code = from->code,
                                    .account_id = from->account_id,
                                    .key_id = from->key_id,
                                    .since = from->since,
                                    .public_id = copy(ask, from->face.id),
                                    .name = copy(ask, from->face.name),
                                    .role = copy(ask, from->role),
                                    .avatar = copy(ask, from->face.avatar),
                                    .invisible = from->invisible};
        to->colours_count = MIN(from->face.colours.count, LIVE_COLOURS_MAX);
        for (size_t c = 0; c < to->colours_count; c++) {
            to->colours[c] = (uint8_t)from->face.colours.at[c];
        }
    }
    ask->hidden_count = admit->hidden_count;
    ask->hidden = arena_alloc(ask->arena, (admit->hidden_count + 1) * sizeof(*ask->hidden));
    for (size_t i = 0; i < admit->hidden_count; i++) {
        ask->hidden[i] = (struct live_pair){admit->hidden[i].viewer, admit->hidden[i].subject};
    }
}

static void take_known(struct live_ask *ask, const struct friends_known_out *out)
{
    ask->known = arena_alloc(ask->arena, (out->count + 1) * sizeof(*ask->known));
    ask->known_count = out->count;
    for (size_t i = 0; i < out->count; i++) {
        const struct friends_known *from = &out->known[i];
        size_t size = from->friends_count * sizeof(int64_t);
        int64_t *ids = arena_alloc(ask->arena, size + 1);
        memcpy(ids, from->friend_ids, size);
        ask->known[i] = (struct live_known){.account_id = from->account_id,
                                            .visible = from->visible,
                                            .friend_ids = ids,
                                            .friends_count = from->friends_count};
        text_put(ask->known[i].public_id, sizeof(ask->known[i].public_id), from->public_id);
    }
}

struct taking {
    struct live_ask *ask;
    const void *out;
};

static enum err take(void *arg)
{
    const struct taking *taking = arg;
    if (taking->ask->kind == LIVE_LOAD) {
        take_load(taking->ask, taking->out);
    } else if (taking->ask->kind == LIVE_ADMIT) {
        take_admit(taking->ask, taking->out);
    } else {
        take_known(taking->ask, taking->out);
    }
    return OK;
}

static void answered(void *owner, enum err err, const struct call *call UNUSED, const void *out)
{
    struct errand *errand = owner;
    struct live_ask *ask = errand->ask;
    ask->err = err;
    if (err == OK &&
        (ask->kind == LIVE_LOAD || ask->kind == LIVE_ADMIT || ask->kind == LIVE_KNOW)) {
        struct taking taking = {ask, out};
        ask->err = arena_run(ask->arena, take, &taking);
    } else if (err == OK && ask->kind == LIVE_SAID) {
        ask->says[0].stored_seq = ((const struct rooms_said_out *)out)->seq;
    } else if (err == OK) {
        const struct rooms_save_out *saved = out;
        for (size_t i = 0; i < ask->says_count; i++) {
            ask->says[i].stored_seq = saved->said[i].seq;
            ask->says[i].stored_code = saved->said[i].code;
        }
    }
    struct live *live = errand->live;
    free(errand);
    live_answer(live, ask);
}

static void word_admit(struct errand *errand)
{
    const struct live_ask *ask = errand->ask;
    for (size_t i = 0; i < ask->entrants_count; i++) {
        errand->list.entrants[i] =
            (struct rooms_entrant){ask->entrants[i].account_id, ask->entrants[i].seq};
    }
    errand->in.admit = (struct rooms_admit_in){
        ask->room, errand->list.entrants, ask->entrants_count, ask->present, ask->present_count};
}

static void word_save(struct errand *errand)
{
    const struct live_ask *ask = errand->ask;
    for (size_t i = 0; i < ask->says_count; i++) {
        const struct live_say *say = &ask->says[i];
        errand->list.says[i] =
            (struct rooms_say){say->room_id, say->seq,       say->sender_id, say->key_id,
                               say->at_ms,   say->client_id, say->text};
    }
    errand->in.save = (struct rooms_save_in){errand->list.says, ask->says_count};
}

enum err live_asks(struct api *api, struct live *live, struct live_ask *ask)
{
    struct errand *errand = heap_new(sizeof(*errand));
    if (!errand) {
        return ERR_BUSY;
    }
    errand->live = live;
    errand->ask = ask;
    struct api_inner inner = {.in = &errand->in, .owner = errand, .done = answered};
    switch (ask->kind) {
    case LIVE_LOAD:
        errand->in.load.room = ask->room;
        inner.route = &rooms_load_route;
        inner.in_size = sizeof(errand->in.load);
        inner.out_size = sizeof(struct rooms_load_out);
        break;
    case LIVE_ADMIT:
        word_admit(errand);
        inner.route = &rooms_admit_route;
        inner.in_size = sizeof(errand->in.admit);
        inner.out_size = sizeof(struct rooms_admit_out);
        break;
    case LIVE_SAVE:
        word_save(errand);
        inner.route = &rooms_save_route;
        inner.in_size = sizeof(errand->in.save);
        inner.out_size = sizeof(struct rooms_save_out);
        break;
    case LIVE_SAID:
        errand->in.said = (struct rooms_said_in){ask->says[0].room_id, ask->says[0].sender_id,
                                                 ask->says[0].client_id};
        inner.route = &rooms_said_route;
        inner.in_size = sizeof(errand->in.said);
        inner.out_size = sizeof(struct rooms_said_out);
        break;
    case LIVE_KNOW:
        errand->in.known = (struct friends_known_in){ask->present, ask->present_count};
        inner.route = &friends_known_route;
        inner.in_size = sizeof(errand->in.known);
        inner.out_size = sizeof(struct friends_known_out);
        break;
    }
    enum err err = api_inner(api, &inner);
    if (err != OK) {
        free(errand);
    }
    return err;
}
