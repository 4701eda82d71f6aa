#include "server/live_glue.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/catalogue.h"
#include "base/heap.h"
#include "base/text.h"
#include "features/friends/friends.h"
#include "features/rooms/rooms.h"
#include "server/home.h"

struct glue {
    struct live *live;
    _Atomic(struct api *) api;
    _Atomic(struct net *) net;
    struct net_sock_handler handler;
    struct presence presence;
    int64_t drain_ms;
};

/* ---- live -> net ---- */

static struct net_sock *sock_of(struct live_sock *sock)
{
    return (struct net_sock *)(void *)sock;
}

static struct live_sock *live_of(struct net_sock *sock)
{
    return (struct live_sock *)(void *)sock;
}

static struct net_frame *frame_of(struct live_frame *frame)
{
    return (struct net_frame *)(void *)frame;
}

static struct live_frame *link_frame(void *ctx UNUSED, bool binary, size_t len,
                                     uint8_t **ret_payload)
{
    return (struct live_frame *)(void *)net_frame_new(binary, len, ret_payload);
}

static void link_drop(void *ctx UNUSED, struct live_frame *frame)
{
    net_frame_drop(frame_of(frame));
}

static void link_send(void *ctx UNUSED, struct live_sock *sock, struct live_frame *frame)
{
    net_sock_send(sock_of(sock), frame_of(frame));
}

static size_t link_queued(void *ctx UNUSED, const struct live_sock *sock)
{
    return net_sock_queued((const struct net_sock *)(const void *)sock);
}

static void link_close(void *ctx UNUSED, struct live_sock *sock, int code, const char *reason)
{
    net_sock_close(sock_of(sock), code, reason);
}

static void link_attach(void *ctx UNUSED, struct live_sock *sock, struct live_peer *peer)
{
    net_sock_set_data(sock_of(sock), peer);
}

static void arrived(void *arg, struct net_sock *sock)
{
    live_arrived(arg, sock ? live_of(sock) : NULL);
}

static void link_move(void *ctx UNUSED, struct live_sock *sock, int reactor, struct live_peer *peer)
{
    net_sock_move(sock_of(sock), reactor, arrived, peer);
}

static enum err link_post(void *ctx, int reactor, void (*fn)(void *arg), void *arg)
{
    struct glue *glue = ctx;
    struct net *net = atomic_load(&glue->net);
    return net ? net_post(net, reactor, fn, arg) : ERR_BUSY;
}

static int64_t link_now(void *ctx, int reactor)
{
    struct glue *glue = ctx;
    struct net *net = atomic_load(&glue->net);
    return net ? net_now_ms(net, reactor) : home_now_ms(); /* a call may end before it is known */
}

static int64_t link_steady(void *ctx UNUSED)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- net -> live ---- */

enum { CODE_TRY_LATER = 1013 };

static void on_open(void *ctx, struct net_sock *sock, const struct actor *actor, const char *room)
{
    struct glue *glue = ctx;
    if (!atomic_load(&glue->net)) {
        net_sock_close(sock, CODE_TRY_LATER, "starting");
        return;
    }
    live_open(glue->live, live_of(sock), net_sock_reactor(sock), actor, room);
}

static void on_text(void *ctx UNUSED, struct net_sock *sock, const char *text, size_t len)
{
    if (net_sock_data(sock)) {
        live_text(net_sock_data(sock), text, len);
    }
}

static void on_binary(void *ctx UNUSED, struct net_sock *sock, const uint8_t *bytes, size_t len)
{
    if (net_sock_data(sock)) {
        live_binary(net_sock_data(sock), bytes, len);
    }
}

static void on_gone(void *ctx UNUSED, struct net_sock *sock)
{
    if (net_sock_data(sock)) {
        live_gone(net_sock_data(sock));
        net_sock_set_data(sock, NULL);
    }
}

static void on_turn(void *ctx, int reactor)
{
    struct glue *glue = ctx;
    if (atomic_load(&glue->net)) {
        live_turn(glue->live, reactor);
    }
}

static void on_tick(void *ctx, int reactor, int64_t now_ms UNUSED)
{
    struct glue *glue = ctx;
    if (atomic_load(&glue->net)) {
        live_tick(glue->live, reactor);
    }
}

/* ---- live -> rooms and friends, by calls from inside ---- */

/* A question on its way: in the words of the feature. */
struct errand {
    struct glue *glue;
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
    ask->epoch = load->epoch;
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
                                            copy(ask, line->client_id),
                                            copy(ask, line->text)};
    }
}

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
                                    .public_id = copy(ask, from->public_id),
                                    .name = copy(ask, from->name),
                                    .role = copy(ask, from->role),
                                    .avatar = copy(ask, from->avatar),
                                    .invisible = from->invisible};
        to->colours_count = MIN(from->colours.count, LIVE_COLOURS_MAX);
        for (size_t c = 0; c < to->colours_count; c++) {
            to->colours[c] = (uint8_t)from->colours.at[c];
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
    struct live *live = errand->glue->live;
    free(errand);
    live_answer(live, ask);
}

static void word_admit(struct errand *errand)
{
    const struct live_ask *ask = errand->ask;
    for (size_t i = 0; i < ask->entrants_count; i++) {
        errand->list.entrants[i] = (struct rooms_entrant){
            ask->entrants[i].account_id, ask->entrants[i].epoch, ask->entrants[i].seq};
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
            (struct rooms_say){say->room_id, say->epoch, say->seq,       say->sender_id,
                               say->key_id,  say->at_ms, say->client_id, say->text};
    }
    errand->in.save = (struct rooms_save_in){errand->list.says, ask->says_count};
}

static enum err on_ask(void *ctx, struct live_ask *ask)
{
    struct glue *glue = ctx;
    struct api *api = atomic_load(&glue->api);
    struct errand *errand = api ? heap_new(sizeof(*errand)) : NULL;
    if (!errand) {
        return ERR_BUSY;
    }
    errand->glue = glue;
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

/* ---- the server's side ---- */

struct glue *glue_new(const struct settings *settings, int reactors)
{
    struct glue *glue = calloc(1, sizeof(*glue));
    ASSERT_START(glue);
    const struct live_options options = {
        .link = {.frame = link_frame,
                 .drop = link_drop,
                 .send = link_send,
                 .queued = link_queued,
                 .close = link_close,
                 .attach = link_attach,
                 .move = link_move,
                 .post = link_post,
                 .now_ms = link_now,
                 .steady_ms = link_steady,
                 .ctx = glue},
        .ask = on_ask,
        .ask_ctx = glue,
        .sentence = catalogue_text,
        .reactors = reactors,
        .history = settings->history,
        .limit_scale = settings->limit_scale,
        .hide_percent = (int)settings->bench_hidden,
    };
    glue->live = live_new(&options);
    glue->drain_ms = settings->drain_ms;
    glue->presence = (struct presence){live_presence, glue->live, live_online};
    glue->handler = (struct net_sock_handler){.open = on_open,
                                              .text = on_text,
                                              .binary = on_binary,
                                              .gone = on_gone,
                                              .turn = on_turn,
                                              .tick = on_tick,
                                              .tick_ms = LIVE_TICK_MS,
                                              .text_max = LIVE_TEXT_MAX,
                                              .binary_max = LIVE_BINARY_MAX,
                                              .ctx = glue};
    return glue;
}

void glue_connect(struct glue *glue, struct api *api, struct net *net)
{
    atomic_store(&glue->api, api);
    atomic_store(&glue->net, net);
}

const struct net_sock_handler *glue_handler(struct glue *glue)
{
    return &glue->handler;
}

const struct presence *glue_presence(struct glue *glue)
{
    return &glue->presence;
}

void glue_event(void *ctx, const struct event *event)
{
    live_event(((struct glue *)ctx)->live, event);
}

void glue_metrics(void *ctx, struct buf *out)
{
    struct live_stats stats;
    live_stats(((struct glue *)ctx)->live, &stats);
    const struct {
        const char *name, *type;
        uint64_t value;
    } lines[] = {
        {"sockets", "gauge", stats.peers},           {"rooms", "gauge", stats.rooms},
        {"people", "gauge", stats.people},           {"queued", "gauge", stats.queued},
        {"unstored", "gauge", stats.unstored},       {"lines_total", "counter", stats.lines},
        {"slow_total", "counter", stats.slow},       {"ticks_total", "counter", stats.ticks},
        {"refused_total", "counter", stats.refused},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        buf_printf(out, "# TYPE bauta_live_%s %s\nbauta_live_%s %llu\n", lines[i].name,
                   lines[i].type, lines[i].name, (unsigned long long)lines[i].value);
    }
}

/* Waits until every line that was told is stored and acknowledged, as long as drain_ms. */
void glue_drain(struct glue *glue)
{
    enum { LOOK_MS = 10, LOOK_NS = LOOK_MS * 1000000, AT_LEAST_MS = 2 * LIVE_TICK_MS };
    const struct timespec look = {.tv_nsec = LOOK_NS};
    struct live_stats stats;
    live_drain(glue->live);
    for (int64_t waited_ms = 0; waited_ms < glue->drain_ms; waited_ms += LOOK_MS) {
        live_stats(glue->live, &stats);
        if (waited_ms > AT_LEAST_MS && stats.unstored == 0) {
            break;
        }
        nanosleep(&look, NULL);
    }
}

void glue_free(struct glue *glue)
{
    if (glue) {
        live_free(glue->live);
        free(glue);
    }
}
