#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "call/id.h"
#include "live/live_inner.h"
#include "live/queue.h"

/* One socket: what it says is read here and handed to who does it. */

struct live *live_new(const struct live_options *options)
{
    struct live *live = heap_new(sizeof(*live));
    ASSERT_START(live);
    ASSERT_START(options->reactors > 0 && options->reactors <= 64);
    live->options = *options;
    live->options.limit_scale = MAX(options->limit_scale, 1);
    pthread_mutex_init(&live->directory_lock, NULL);
    pthread_mutex_init(&live->presence_lock, NULL);
    pthread_mutex_init(&live->online_lock, NULL);
    live->due_end = &live->due;
    live->reactors = heap_new((size_t)options->reactors * sizeof(*live->reactors));
    ASSERT_START(live->reactors);
    for (int i = 0; i < options->reactors; i++) {
        struct reactor *reactor = &live->reactors[i];
        reactor->live = live;
        reactor->number = i;
        reactor->scratch = arena_new(SCRATCH_MAX);
        ASSERT_START(reactor->scratch);
        reactor->inbox_end = &reactor->inbox;
        reactor->unsaved_end = &reactor->unsaved;
        reactor->rng.state = (uint64_t)i;
        pthread_mutex_init(&reactor->inbox_lock, NULL);
    }
    return live;
}

void live_free(struct live *live)
{
    if (!live) {
        return;
    }
    for (int i = 0; i < live->options.reactors; i++) {
        struct reactor *reactor = &live->reactors[i];
        tell_ends(reactor);
        for (struct post *post = reactor->inbox, *next = NULL; post; post = next) {
            next = post->next;
            ask_free(post->ask);
            free(post);
        }
        for (size_t b = 0; b < ROOM_BUCKETS; b++) {
            for (struct room *room = reactor->rooms[b], *next = NULL; room; room = next) {
                next = room->next;
                room_free(room);
            }
        }
        arena_free(reactor->scratch);
        pthread_mutex_destroy(&reactor->inbox_lock);
    }
    directory_free(live);
    pthread_mutex_destroy(&live->presence_lock);
    online_free(live);
    free(live->reactors);
    free(live);
}

const char *peer_sentence(const struct live_peer *peer, const char *code)
{
    return peer->reactor->live->options.sentence(peer->language, code);
}

void peer_send(struct live_peer *peer, enum live_message message, const void *object)
{
    const struct live_link *link = &peer->reactor->live->options.link;
    size_t len = 0;
    struct live_frame *frame = peer->lost ? NULL : tell_frame(peer->reactor, message, object, &len);
    if (frame) {
        link->send(link->ctx, peer->sock, frame);
        link->drop(link->ctx, frame);
    } else {
        peer_lose(peer);
    }
}

void peer_lose(struct live_peer *peer)
{
    peer->reactor->lost = peer->reactor->lost || !peer->lost;
    peer->lost = true;
}

/* Closing one tells others of it, who may be lost by that. */
static void sweep_lost(struct reactor *reactor)
{
    while (reactor->lost) {
        reactor->lost = false;
        directory_end(reactor, NULL);
    }
}

bool peer_may(struct live_peer *peer, enum live_rate rate)
{
    ASSERT_CODE(rate > 0 && rate < RATE_COUNT);
    return peer->account &&
           rate_take(&peer->account->rates[rate - 1], rate, peer->reactor->steady_ms,
                     peer->reactor->live->options.limit_scale);
}

void peer_refuse(struct live_peer *peer, const char *re, const char *code)
{
    struct out_why why = {.re = re, .code = code, .text = peer_sentence(peer, code)};
    atomic_fetch_add_explicit(&peer->reactor->live->refused, 1, memory_order_relaxed);
    peer_send(peer, OUT_REFUSED, &why);
    if (!peer_may(peer, RATE_REFUSED)) {
        peer_close(peer, 1008, "too many refused messages");
    }
}

void peer_out(struct live_peer *peer, const char *code)
{
    struct out_why why = {.code = code, .text = peer_sentence(peer, code)};
    enter_leave(peer, false);
    peer_send(peer, OUT_OUT, &why);
}

void peer_close(struct live_peer *peer, int code, const char *reason)
{
    const struct live_link *link = &peer->reactor->live->options.link;
    if (peer->stage == STAGE_CLOSING) {
        return;
    }
    bool over = code == CODE_SIGNED_OUT ||
                code == CODE_ACCOUNT_ENDED; /* else the place is kept for coming back */
    peer->over = over;
    enter_leave(peer, !over);
    peer->stage = STAGE_CLOSING;
    link->close(link->ctx, peer->sock, code, reason);
}

static const char *role_name(unsigned roles)
{
    return roles & ROLE_ADMIN ? "admin" : "member";
}

/* Completes the wish: what no room can be called is as missing as one that has ended. */
static void ask_enter(struct live_peer *peer, const char *room, struct wish *wish)
{
    if (!id_looks_public(room)) {
        peer_refuse(peer, "enter", "rooms.missing");
        return;
    }
    text_put(wish->room, sizeof(wish->room), room);
    enter_room(peer, wish);
}

void live_open(struct live *live, struct live_sock *sock, int reactor, const struct actor *actor,
               const char *room)
{
    const struct live_link *link = &live->options.link;
    struct live_peer *peer = heap_new(sizeof(*peer));
    ASSERT_CODE(reactor >= 0 && reactor < live->options.reactors && actor->id > 0);
    if (!peer) {
        link->close(link->ctx, sock, CODE_CROWDED, "");
        return;
    }
    *peer = (struct live_peer){.sock = sock,
                               .reactor = &live->reactors[reactor],
                               .account_id = actor->id,
                               .session_id = actor->session_id,
                               .ends_ms = actor->session_ends_ms};
    reactor_wake(peer->reactor);
    memcpy(peer->language, actor->language, sizeof(peer->language));
    link->attach(link->ctx, sock, peer);
    int ended = directory_add(peer);
    online_come(peer);
    atomic_fetch_add_explicit(&live->peers, 1, memory_order_relaxed);
    struct out_hello hello = {{actor->public_id, actor->name, role_name(actor->roles)}, HOLD_MS};
    if (ended) {
        peer_close(peer, ended, "");
        return;
    }
    peer_send(peer, OUT_HELLO, &hello);
    if (*room && !peer_may(peer, RATE_ENTER)) {
        peer_refuse(peer, "enter", "live.often");
    } else if (*room) {
        ask_enter(peer, room, &(struct wish){.resume = false});
    }
}

void live_gone(struct live_peer *peer)
{
    struct live *live = peer->reactor->live;
    enter_leave(peer, true);
    directory_remove(peer);
    online_go(peer);
    atomic_fetch_sub_explicit(&live->peers, 1, memory_order_relaxed);
    wish_free(peer->wish);
    free(peer);
}

static void obey(struct live_peer *peer, enum live_verb verb, const struct in_message *in)
{
    struct member *member = peer->member;
    struct out_pong pong = {in->n};
    struct wish wish = {.resume = in->has_seq, .seq = in->seq};
    switch (verb) {
    case VERB_ENTER:
        ask_enter(peer, in->room, &wish);
        break;
    case VERB_LEAVE:
        enter_leave(peer, false);
        break;
    case VERB_SAY:
        chat_say(member, in->cid, in->text);
        break;
    case VERB_TYPING:
        act_typing(member, in->on);
        break;
    case VERB_SIT:
        act_sit(member, in->seat);
        break;
    case VERB_STAND:
        act_stand(member);
        break;
    case VERB_EMOTE:
        act_emote(member, in->name);
        break;
    case VERB_MOOD:
        act_mood(member, in->mood);
        break;
    case VERB_PING:
        peer_send(peer, OUT_PONG, &pong);
        break;
    case VERB_COUNT:
        break;
    }
}

/* What stays unsaid is named by its cid, so that the client knows which line it was. */
static void refuse(struct live_peer *peer, const struct in_message *in, const char *code)
{
    if (in->t && in->cid && strcmp(in->t, "say") == 0) {
        struct out_nack nack = {in->cid, code, peer_sentence(peer, code)};
        peer_send(peer, OUT_NACK, &nack);
        if (!peer_may(peer, RATE_REFUSED)) {
            peer_close(peer, 1008, "too many refused messages");
        }
        return;
    }
    peer_refuse(peer, in->t ? in->t : "", code);
}

struct reading {
    struct call call;
    const char *text;
    size_t len;
    struct in_message in;
    enum live_verb verb;
};

static enum err read_message(void *arg)
{
    struct reading *it = arg;
    return wire_read(&it->call, it->text, it->len, &it->in, &it->verb);
}

void live_text(struct live_peer *peer, const char *text, size_t len)
{
    struct reactor *reactor = peer->reactor;
    struct reading it = {{.arena = reactor->scratch}, text, len, {0}, VERB_COUNT};
    const struct in_message *in = &it.in;
    if (peer->stage == STAGE_CLOSING || peer->stage == STAGE_MOVING) {
        return;
    }
    reactor_wake(reactor);
    arena_reset(reactor->scratch);
    if (arena_run(reactor->scratch, read_message, &it) != OK) {
        if (arena_ran_out(reactor->scratch)) {
            peer_lose(peer); /* nobody knows what it said: it comes again, and says it again */
        } else {
            refuse(peer, in, it.call.fail_code);
        }
        return;
    }
    const struct verb_row *row = &verb_rows[it.verb];
    if (row->in_room && !peer->member) {
        refuse(peer, in, "live.not_in");
    } else if (row->rate && !peer_may(peer, row->rate)) {
        refuse(peer, in, "live.often");
    } else {
        obey(peer, it.verb, in);
    }
}

void live_binary(struct live_peer *peer, const uint8_t *bytes, size_t len)
{
    if (peer->stage == STAGE_CLOSING || peer->stage == STAGE_MOVING) {
        return;
    }
    reactor_wake(peer->reactor);
    if (len != 7 || bytes[0] != 1) {
        peer_refuse(peer, "move", "live.unknown");
    } else if (peer->member) {
        move_to(peer->member, bytes); /* one that comes just after `out` is nobody's fault */
    }
}

void live_resident(struct live_peer *peer)
{
    peer->resident = true;
}

bool live_around(const struct live_peer *peer, struct live_around *ret)
{
    const struct member *member = peer->member;
    if (!member) {
        return false;
    }
    const struct room *room = member->room;
    *ret = (struct live_around){room->scene, member->at.x, member->at.z, member->seat, 0};
    for (unsigned slot = 0; slot < room->high; slot++) {
        const struct member *other = room->members[slot];
        ret->visitors += other && !(other->peer && other->peer->resident);
    }
    return true;
}

void live_turn(struct live *live, int reactor)
{
    ASSERT_CODE(reactor >= 0 && reactor < live->options.reactors);
    struct reactor *here = &live->reactors[reactor];
    reactor_wake(here);
    save_go_on(here);
    room_sweep_slow(here);
    sweep_lost(here);
    tell_ends(here);
    room_sweep_empty(here);
}

void live_tick(struct live *live, int reactor)
{
    ASSERT_CODE(reactor >= 0 && reactor < live->options.reactors);
    struct reactor *here = &live->reactors[reactor];
    reactor_wake(here);
    here->ticks++;
    arena_reset(here->scratch);
    post_drain(here);
    post_catch_up(here);
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        for (struct room *room = here->rooms[i], *next = NULL; room; room = next) {
            next = room->next;
            move_tick(room);
        }
    }
    save_go_on(here);
    online_tick(here);
    directory_sweep(here);
    room_sweep_slow(here);
    sweep_lost(here);
    tell_ends(here);
    room_sweep_empty(here);
    atomic_fetch_add_explicit(&live->ticks, 1, memory_order_relaxed);
}

void live_drain(struct live *live)
{
    atomic_store(&live->draining, true);
    for (int i = 0; i < live->options.reactors; i++) {
        post_put(&live->reactors[i], post_new(POST_DRAIN, 0, 0, NULL), true);
    }
}

void live_stats(struct live *live, struct live_stats *ret)
{
    *ret = (struct live_stats){
        .peers = atomic_load(&live->peers),
        .rooms = atomic_load(&live->rooms),
        .people = atomic_load(&live->people),
        .queued = atomic_load(&live->queued),
        .lines = atomic_load(&live->lines),
        .unstored = atomic_load(&live->unstored),
        .ticks = atomic_load(&live->ticks),
        .slow = atomic_load(&live->slow),
        .refused = atomic_load(&live->refused),
    };
}
