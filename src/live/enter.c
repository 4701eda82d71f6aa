#include <stdlib.h>
#include <string.h>

#include "live/live_inner.h"
#include "live/queue.h"

/*
 * The way in: to the room's reactor, then one question to the store for all who
 * wait (may they, who are they, who perceives whom), then in or into the queue.
 * One question a room at a time: so no pair of people is ever left unasked.
 */

void enter_append(struct live_peer **list, struct live_peer *peer)
{
    while (*list) {
        list = &(*list)->next;
    }
    peer->next = NULL;
    *list = peer;
}

static bool unlink_peer(struct live_peer **list, struct live_peer *peer)
{
    while (*list && *list != peer) {
        list = &(*list)->next;
    }
    if (!*list) {
        return false;
    }
    *list = peer->next;
    return true;
}

void enter_settled(struct live_peer *peer, enum stage stage)
{
    ASSERT_CODE(stage == STAGE_LOBBY || stage == STAGE_IN);
    peer->stage = (uint8_t)stage;
    wish_free(peer->wish);
    peer->wish = NULL;
}

void enter_refuse(struct live_peer *peer, const char *code)
{
    enter_settled(peer, STAGE_LOBBY);
    peer->room = NULL;
    peer_refuse(peer, "enter", code);
}

void enter_refuse_pending(struct room *room, const char *code)
{
    while (room->pending) {
        struct live_peer *peer = room->pending;
        room->pending = peer->next;
        room->pending_count--;
        room->reserved -= peer->turn_came;
        enter_refuse(peer, code);
    }
    ASSERT_CODE(room->pending_count == 0);
}

static void wait_for_answer(struct room *room, struct live_peer *peer, bool turn_came)
{
    ASSERT_CODE(peer->wish && peer->reactor == room->reactor && !peer->member);
    peer->stage = STAGE_PENDING;
    peer->room = room;
    peer->turn_came = turn_came;
    peer->wish->recheck = false;
    room->reserved += turn_came;
    room->pending_count++;
    enter_append(&room->pending, peer);
}

static void knock(struct live_peer *peer)
{
    struct reactor *reactor = peer->reactor;
    struct room *room = room_find(reactor, peer->wish->room);
    if (room && room->pending_count >= PENDING_MAX) {
        enter_refuse(peer, "live.busy");
        return;
    }
    room = room ? room : room_make(reactor, peer->wish->room);
    if (!room) {
        enter_refuse(peer, "live.busy");
        return;
    }
    wait_for_answer(room, peer, false);
    enter_go_on(room);
}

void live_arrived(struct live_peer *peer, struct live_sock *sock)
{
    struct live *live = peer->reactor->live;
    reactor_wake(peer->reactor);
    if (!sock) {
        peer->stage = STAGE_LOBBY;
        live_gone(peer);
        return;
    }
    peer->sock = sock;
    live->options.link.attach(live->options.link.ctx, sock, peer);
    if (directory_arrived(peer)) {
        knock(peer);
    }
}

static int home(const struct live *live, const char *public_id)
{
    uint32_t hash = 0;
    for (const char *at = public_id; *at; at++) {
        hash = hash * 31 + (uint8_t)*at;
    }
    return (int)(hash % (unsigned)live->options.reactors);
}

void enter_show(struct room *room, struct member *member, const struct wish *wish, int64_t since)
{
    int64_t true_until = wish->seq > room->born ? room->seq : since;
    room_snapshot(room, member, wish->resume, MIN(wish->seq, true_until));
}

void enter_room(struct live_peer *peer, const struct wish *wish)
{
    const struct live_link *link = &peer->reactor->live->options.link;
    struct room *room = peer->room;
    if (room && strcmp(room->public_id, wish->room) == 0) {
        if (peer->wish) {
            peer->wish->resume = wish->resume;
            peer->wish->seq = wish->seq;
        }
        if (peer->stage == STAGE_IN) {
            enter_show(room, peer->member, wish, wish->seq); /* told so when they came in */
        } else if (peer->stage == STAGE_QUEUED) {
            queue_tell(peer);
        }
        return; /* else the answer is on its way */
    }
    enter_leave(peer, false);
    peer->wish = heap_new(sizeof(*peer->wish));
    if (!peer->wish) {
        enter_refuse(peer, "live.busy");
        return;
    }
    *peer->wish = *wish;
    int reactor = home(peer->reactor->live, wish->room);
    if (reactor == peer->reactor->number) {
        knock(peer);
        return;
    }
    directory_move(peer, &peer->reactor->live->reactors[reactor]);
    link->move(link->ctx, peer->sock, reactor, peer);
}

static void lose(struct room *room, struct member *member)
{
    struct out_slot away = {member->number, true};
    ASSERT_CODE(member->room == room && room->members[member->slot] == member);
    act_typing(member, false);
    member->peer = NULL;
    member->too_slow = false;
    member->away_until_ms = room->reactor->steady_ms + HOLD_MS;
    room_cast(room, member, member, OUT_AWAY, &away);
}

void enter_leave(struct live_peer *peer, bool stay)
{
    struct room *room = peer->room;
    struct member *member = peer->member;
    enum stage stage = (enum stage)peer->stage;
    if (!room || stage == STAGE_LOBBY || stage == STAGE_CLOSING || stage == STAGE_MOVING) {
        return;
    }
    if (stage == STAGE_QUEUED) {
        queue_take(room, peer);
        queue_tell_places(room);
    }
    enter_settled(peer, STAGE_LOBBY);
    peer->room = NULL;
    peer->member = NULL;
    if (stage == STAGE_PENDING) {
        room->reserved -= peer->turn_came;
        if (unlink_peer(&room->pending, peer)) {
            room->pending_count--;
        }
        for (size_t i = 0; i < LIVE_ADMIT_MAX; i++) {
            room->asked[i] = room->asked[i] == peer ? NULL : room->asked[i];
        }
    } else if (stage == STAGE_IN && stay) {
        lose(room, member);
        return;
    } else if (stage == STAGE_IN) {
        member->peer = NULL;
        room_leave(room, member);
        return;
    }
    enter_go_on(room);
}

void enter_ask_again(struct room *room, int64_t account_id)
{
    for (size_t i = 0; i < LIVE_ADMIT_MAX; i++) {
        struct live_peer *peer = room->asked[i];
        if (peer && (account_id == 0 || peer->account_id == account_id)) {
            room->asked[i] = NULL;
            room->reserved -= peer->turn_came;
            wait_for_answer(room, peer, peer->turn_came);
        }
    }
    for (struct live_peer *peer = room->queue; peer; peer = peer->next) {
        peer->wish->recheck |= account_id == 0 || peer->account_id == account_id;
        room->recheck_queue |= peer->wish->recheck;
    }
}

/* ---- questions ---- */

/* Those who are counted where a room is shown to somebody who is not in. */
static struct slots shown(const struct room *room)
{
    struct slots shown = {{0}};
    for (unsigned slot = 0; slot < room->high; slot++) {
        slots_put(&shown, slot, room->members[slot] && !room->members[slot]->invisible);
    }
    return shown;
}

static bool full(const struct room *room, const struct slots *shown, const struct live_peer *peer)
{
    const struct slots *unseen = &peer->wish->unseen;
    int64_t count = queue_reserved(room, peer), all = (int64_t)room->count + room->reserved;
    for (size_t i = 0; i < SLOT_WORDS; i++) {
        count += __builtin_popcountll(shown->words[i] & ~unseen->words[i]);
    }
    return count >= room->capacity || all >= MIN(2 * room->capacity, LIVE_SLOTS);
}

/*
 * A room is as full for somebody as it looks to them, or a queue before free places would tell of
 * those that they do not perceive.  Twice its capacity is the end of that.
 */
bool enter_full(const struct room *room, const struct live_peer *peer)
{
    struct slots all = shown(room);
    return full(room, &all, peer);
}

/* Whose turn it is asks again: much may have changed while they waited. */
static void advance_queue(struct room *room)
{
    struct slots all = shown(room);
    for (struct live_peer *peer = room->queue, *next = NULL;
         peer && room->pending_count < PENDING_MAX; peer = next) {
        next = peer->next;
        /* For them; maybe not for the next.  Who is to be asked about anew waits for that. */
        if (!peer->wish->recheck && !full(room, &all, peer)) {
            queue_take(room, peer);
            wait_for_answer(room, peer, true);
        }
    }
    queue_tell_places(room);
}

static void load(struct room *room)
{
    struct live *live = room->reactor->live;
    ASSERT_CODE(room->state == ROOM_NEW && !room->count && !room->unstored);
    struct live_ask *ask = ask_new(room->reactor, LIVE_LOAD);
    if (!ask) {
        enter_refuse_pending(room, "live.busy");
        room_rest(room);
        return;
    }
    chat_free(room); /* what an earlier life remembered is read again */
    room->scene = NULL;
    ask->in.load.room = room->public_id; /* it stays as long as it waits */
    ask->owner = room;
    room->state = ROOM_LOADING;
    if (live->options.ask(live->options.ask_ctx, ask) != OK) {
        ask->err = ERR_BUSY;
        enter_loaded(room, ask);
    }
}

static void add_entrant(struct room *room, struct live_admit_in *in, struct live_peer *peer,
                        int64_t account_id)
{
    ASSERT_CODE(in->entrants_count < LIVE_ADMIT_MAX && account_id > 0);
    ASSERT_CODE(!room->asked[in->entrants_count]);
    struct live_entrant *entrant = &in->entrants[in->entrants_count];
    room->asked[in->entrants_count++] = peer;
    *entrant = (struct live_entrant){.account_id = account_id};
    if (peer && peer->wish->resume && peer->wish->seq <= room->born) {
        entrant->seq = peer->wish->seq;
    }
}

static bool listed(const struct live_admit_in *in, int64_t account_id)
{
    for (size_t i = 0; i < in->present_count; i++) {
        if (in->present[i] == account_id) {
            return true;
        }
    }
    return false;
}

/* Everybody who is in or waits; then whose lines are remembered, as far as there is room. */
static void add_present(const struct room *room, struct live_admit_in *in)
{
    _Static_assert((int)LIVE_SLOTS + (int)QUEUE_MAX < (int)LIVE_PEOPLE_MAX, "all of them");
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            in->present[in->present_count++] = room->members[slot]->account_id;
        }
    }
    for (const struct live_peer *peer = room->queue; peer; peer = peer->next) {
        in->present[in->present_count++] = peer->account_id;
    }
    for (size_t i = room->lines_count; i > 0 && in->present_count < LIVE_PEOPLE_MAX; i--) {
        int64_t sender_id = chat_at(room, i - 1)->sender_id;
        if (!listed(in, sender_id)) {
            in->present[in->present_count++] = sender_id;
        }
    }
}

static void admit(struct room *room)
{
    struct live *live = room->reactor->live;
    ASSERT_CODE(!room->admitting && room->state == ROOM_OPEN);
    struct live_ask *ask = ask_new(room->reactor, LIVE_ADMIT);
    if (!ask) { /* who is in is asked about at the next tick */
        enter_refuse_pending(room, "live.busy");
        room_rest(room);
        return;
    }
    struct live_admit_in *in = &ask->in.admit;
    in->room = room->public_id;
    ask->owner = room;
    for (unsigned slot = 0; slot < room->high && in->entrants_count < LIVE_ADMIT_MAX; slot++) {
        if (slots_has(&room->recheck_slots, slot)) {
            slots_put(&room->recheck_slots, slot, false);
            add_entrant(room, in, NULL, room->members[slot]->account_id);
        }
    }
    room->recheck_queue = false;
    for (struct live_peer *peer = room->queue; peer; peer = peer->next) {
        if (peer->wish->recheck && in->entrants_count < LIVE_ADMIT_MAX) {
            peer->wish->recheck = false;
            add_entrant(room, in, NULL, peer->account_id);
        }
        room->recheck_queue |= peer->wish->recheck;
    }
    while (room->pending && in->entrants_count < LIVE_ADMIT_MAX) {
        struct live_peer *peer = room->pending;
        room->pending = peer->next;
        room->pending_count--;
        add_entrant(room, in, peer, peer->account_id);
    }
    add_present(room, in);
    ASSERT_CODE(in->present_count <= LIVE_PEOPLE_MAX);
    room->rechecking = room->recheck;
    room->recheck = false;
    room->admitting = ask;
    if (live->options.ask(live->options.ask_ctx, ask) != OK) {
        ask->err = ERR_BUSY;
        enter_admitted(room, ask);
    }
}

void enter_go_on(struct room *room)
{
    if (room->admitting || room->state == ROOM_LOADING) {
        return;
    }
    if (room->state == ROOM_NEW) {
        if (!room->pending) {
            room_rest(room);
        } else if (!room->unstored) { /* else of a life before: settle comes here again */
            load(room);
        }
        return;
    }
    if (!room->recheck) { /* else it may be gone, and nobody's turn comes */
        advance_queue(room);
    }
    if (room->pending || room_rechecks(room)) {
        admit(room);
    } else {
        room_rest(room);
    }
}
