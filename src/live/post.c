#include <stdlib.h>
#include <string.h>

#include "live/live_inner.h"

/*
 * Between reactors and from outside: an inbox a reactor, and who is where.  Each has its lock;
 * none is taken in fan-out.
 */

/* NULL: no memory. */
struct post *post_new(enum post_kind kind, int64_t account_id, int64_t id, const char *json)
{
    size_t len = json ? strlen(json) + 1 : 0;
    struct post *post = heap_new(sizeof(*post) + len + 1);
    if (!post) {
        return NULL;
    }
    post->kind = kind;
    post->account_id = account_id;
    post->id = id;
    memcpy(post->json, json ? json : "", len);
    return post;
}

static void wake(void *arg)
{
    reactor_wake(arg);
    post_drain(arg);
}

/* Wakes the reactor once for all that lies there; a lost wake-up is made good by the tick. */
void post_put(struct reactor *reactor, struct post *post, bool always)
{
    struct live *live = reactor->live;
    bool wake_up = false, full = false;
    if (!post) {
        atomic_store(&reactor->deaf, true);
        return;
    }
    post->next = NULL;
    pthread_mutex_lock(&reactor->inbox_lock);
    full = !always && reactor->inbox_count >= INBOX_MAX;
    if (!full) {
        *reactor->inbox_end = post;
        reactor->inbox_end = &post->next;
        reactor->inbox_count++;
        wake_up = !reactor->woken;
        reactor->woken = true;
    }
    pthread_mutex_unlock(&reactor->inbox_lock);
    if (full) {
        directory_missed(live, reactor, post->account_id);
        for (size_t i = 0; i < post->ids_count; i++) {
            directory_missed(live, reactor, post->ids[i]);
        }
        free(post);
    } else if (wake_up && live->options.link.post(live->options.link.ctx, reactor->number, wake,
                                                  reactor) != OK) {
        pthread_mutex_lock(&reactor->inbox_lock);
        reactor->woken = false;
        pthread_mutex_unlock(&reactor->inbox_lock);
    }
}

static void tell(struct reactor *reactor, const struct post *post)
{
    struct live_frame *frame = NULL;
    directory_send(reactor, post->account_id, post->json, &frame);
    reactor->live->options.link.drop(reactor->live->options.link.ctx, frame);
}

static void to_all(struct live *live, enum post_kind kind, int64_t account_id, int64_t id,
                   const char *json, bool always)
{
    for (int i = 0; i < live->options.reactors; i++) {
        post_put(&live->reactors[i], post_new(kind, account_id, id, json), always);
    }
}

/* Only to reactors that have a socket of that account. */
static void tell_account(struct live *live, const struct event *event)
{
    uint64_t where = directory_where(live, event->account_id);
    for (int i = 0; i < live->options.reactors; i++) {
        if (where >> (i & 63) & 1) {
            struct post *post = post_new(POST_TELL, event->account_id, 0, event->json);
            if (post) {
                post_put(&live->reactors[i], post, false);
            } else {
                directory_missed(live, &live->reactors[i], event->account_id);
            }
        }
    }
}

void live_event(struct live *live, const struct event *event)
{
    switch (event->kind) {
    case EVENT_TELL:
        tell_account(live, event);
        break;
    case EVENT_SESSION_ENDED:
        directory_mark_ended(live, true, event->id, CODE_SIGNED_OUT);
        to_all(live, POST_ENDED, 0, event->id, NULL, true);
        break;
    case EVENT_ACCOUNT_ENDED:
        directory_mark_ended(live, false, event->account_id, CODE_ACCOUNT_ENDED);
        to_all(live, POST_ACCOUNT_ENDED, event->account_id, 0, NULL, true);
        break;
    case EVENT_ACCOUNT_CHANGED:
        to_all(live, POST_ACCOUNT_CHANGED, event->account_id, 0, NULL, true);
        break;
    case EVENT_PARTED:
    case EVENT_CONTACT_CHANGED:
        if (event->kind == EVENT_PARTED) { /* hidden first: an answer takes its time */
            to_all(live, POST_PARTED, event->account_id, event->id, NULL, true);
        }
        online_changed(live, event->account_id, event->id == 0);
        if (!event->id) { /* a choice: being invisible is one */
            to_all(live, POST_ACCOUNT_CHANGED, event->account_id, 0, NULL, true);
        } else {
            online_changed(live, event->id, false);
            to_all(live, POST_CONTACT_CHANGED, event->account_id, event->id, NULL, true);
        }
        break;
    case EVENT_ROOM_CHANGED:
        to_all(live, POST_ROOM_CHANGED, 0, event->id, NULL, true);
        break;
    case EVENT_ROOM_REMOVED:
        to_all(live, POST_ROOM_REMOVED, event->account_id, event->id, NULL, true);
        break;
    case EVENT_OUTBOX:
    case EVENT_SETTING:
        break;
    }
}

static void each_room(struct reactor *reactor, void (*fn)(struct room *room, int64_t account_id),
                      int64_t account_id)
{
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        for (struct room *room = reactor->rooms[i], *next = NULL; room; room = next) {
            next = room->next;
            fn(room, account_id);
        }
    }
}

/* The door may say something else by now, to everybody who is in. */
static void ask_all(struct room *room)
{
    room->recheck = true;
    enter_ask_again(room, 0);
    for (unsigned slot = 0; slot < room->high; slot++) {
        slots_put(&room->recheck_slots, slot, room->members[slot] != NULL);
    }
    enter_go_on(room);
}

/*
 * With its owner a room is gone.  They stand there until the store has said so: their going is told
 * with its end, as behind a block, and nobody gets their place.
 */
static void owner_ended(struct room *room, struct member *owner)
{
    if (owner && owner->peer) {
        owner->peer->member = NULL;
        owner->peer->room = NULL;
        owner->peer->stage = STAGE_LOBBY;
    }
    if (owner) {
        owner->peer = NULL;
        owner->too_slow = false;
        owner->away_until_ms = room->reactor->steady_ms + HOLD_MS;
    }
    ask_all(room);
}

static void account_ended(struct room *room, int64_t account_id)
{
    struct member *member = room_member(room, account_id);
    chat_forget(room, account_id);
    if (room->owner_id == account_id) {
        owner_ended(room, member);
    } else if (member) {
        room_leave(room, member);
    }
}

static void account_changed(struct room *room, int64_t account_id)
{
    struct member *member = room_member(room, account_id);
    enter_ask_again(room, account_id);
    if (room->owner_id == account_id) {
        ask_all(room);
    } else if (member) {
        slots_put(&room->recheck_slots, member->slot, true);
        enter_go_on(room);
    }
}

/* Both: one may be here and the other's lines remembered.  Who is just coming is asked anew. */
static void contact_changed(struct room *room, const struct post *post)
{
    const int64_t two[] = {post->account_id, post->id};
    for (size_t i = 0; i < COUNT(two); i++) {
        struct member *member = room_member(room, two[i]);
        if (member) {
            slots_put(&room->recheck_slots, member->slot, true);
        }
        enter_ask_again(room, two[i]);
    }
    enter_go_on(room);
}

static void contacts_changed(struct reactor *reactor, const struct post *post)
{
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        for (struct room *room = reactor->rooms[i], *next = NULL; room; room = next) {
            next = room->next;
            if (post->kind == POST_PARTED) {
                room_part(room, post->account_id, post->id);
            } else {
                contact_changed(room, post);
            }
        }
    }
}

static void room_removed(struct room *room, int64_t account_id)
{
    struct member *member = room_member(room, account_id);
    if (member && member->peer) {
        peer_out(member->peer, "rooms.removed");
    } else if (member) {
        room_leave(room, member);
    }
    for (struct live_peer *peer = room->queue; peer;) {
        bool theirs = peer->account_id == account_id;
        if (theirs) {
            peer_out(peer, "rooms.removed");
        }
        peer = theirs ? room->queue : peer->next; /* one going moves others, into the room too */
    }
    enter_ask_again(room, account_id);
}

static void say_bye(struct reactor *reactor)
{
    struct live *live = reactor->live;
    pthread_mutex_lock(&live->directory_lock);
    for (size_t i = 0; i < DIRECTORY_BUCKETS; i++) {
        for (struct live_peer *peer = live->directory[i]; peer; peer = peer->directory_next) {
            if (peer->reactor == reactor && peer->stage != STAGE_MOVING &&
                peer->stage != STAGE_CLOSING) {
                struct out_why why = {.code = "live.restart",
                                      .in_ms = 500 + (int64_t)(rng_next(&reactor->rng) % 2500)};
                peer_send(peer, OUT_BYE, &why);
            }
        }
    }
    pthread_mutex_unlock(&live->directory_lock);
}

static void take(struct reactor *reactor, struct post *post)
{
    struct room *room = post->id ? room_by_id(reactor, post->id) : NULL;
    switch (post->kind) {
    case POST_ANSWER:
        if (post->ask->kind == LIVE_SAVE) {
            save_answer(reactor, post->ask);
        } else if (post->ask->kind == LIVE_SAID) {
            save_said(reactor, post->ask);
        } else if (post->ask->kind == LIVE_LOAD) {
            enter_loaded(post->ask->owner, post->ask);
        } else if (post->ask->kind == LIVE_KNOW) {
            online_answer(reactor, post->ask);
        } else {
            enter_admitted(post->ask->owner, post->ask);
        }
        break;
    case POST_TELL:
        tell(reactor, post);
        break;
    case POST_PRESENCE:
        online_told(reactor, post);
        break;
    case POST_ENDED:
        directory_end(reactor, post);
        break;
    case POST_ACCOUNT_ENDED: /* rooms first: nobody gets a place in one that is gone */
        each_room(reactor, account_ended, post->account_id);
        directory_end(reactor, post);
        break;
    case POST_ACCOUNT_CHANGED:
        each_room(reactor, account_changed, post->account_id);
        break;
    case POST_PARTED:
    case POST_CONTACT_CHANGED:
        contacts_changed(reactor, post);
        break;
    case POST_ROOM_CHANGED:
        if (room) {
            ask_all(room);
        }
        break;
    case POST_ROOM_REMOVED:
        if (room) {
            room_removed(room, post->account_id);
        }
        break;
    case POST_DRAIN:
        say_bye(reactor);
        break;
    }
}

void post_drain(struct reactor *reactor)
{
    pthread_mutex_lock(&reactor->inbox_lock);
    struct post *post = reactor->inbox;
    reactor->inbox = NULL;
    reactor->inbox_end = &reactor->inbox;
    reactor->inbox_count = 0;
    reactor->woken = false;
    pthread_mutex_unlock(&reactor->inbox_lock);
    while (post) {
        struct post *next = post->next;
        take(reactor, post);
        free(post);
        post = next;
    }
}

/* A post could not be made and nobody knows which: all that one can bring about is looked at. */
void post_catch_up(struct reactor *reactor)
{
    if (atomic_exchange(&reactor->missed, false)) {
        directory_again(reactor);
    }
    if (!atomic_exchange(&reactor->deaf, false)) {
        return;
    }
    directory_end(reactor, NULL);
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        for (struct room *room = reactor->rooms[i], *next = NULL; room; room = next) {
            next = room->next;
            if (room->state == ROOM_OPEN) {
                ask_all(room);
            }
        }
    }
    if (atomic_load(&reactor->live->draining)) {
        say_bye(reactor);
    }
}

void live_answer(struct live_ask *ask)
{
    struct post *post = ask->answer;
    ASSERT_CODE(post && post->ask == ask); /* answered once */
    ASSERT_CODE(ask->reactor >= 0 && ask->reactor < ask->live->options.reactors);
    ask->answer = NULL;
    post_put(&ask->live->reactors[ask->reactor], post, true);
}

/* ---- who is where ---- */

void presence_update(struct room *room)
{
    struct live *live = room->reactor->live;
    size_t count = 0;
    pthread_mutex_lock(&live->presence_lock);
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            ASSERT_CODE(count < LIVE_SLOTS);
            room->accounts[count++] = room->members[slot]->account_id;
        }
    }
    ASSERT_CODE(count == room->count);
    room->accounts_count = count;
    if (count > 0 && !room->present_back) {
        room->present_next = live->present;
        room->present_back = &live->present;
        if (live->present) {
            live->present->present_back = &room->present_next;
        }
        live->present = room;
    } else if (count == 0 && room->present_back) {
        *room->present_back = room->present_next;
        if (room->present_next) {
            room->present_next->present_back = room->present_back;
        }
        room->present_back = NULL;
    }
    pthread_mutex_unlock(&live->presence_lock);
}

static int by_room(const void *a, const void *b)
{
    const struct presence_room *one = a, *other = b;
    return (one->room_id > other->room_id) - (one->room_id < other->room_id);
}

static void unlock(void *lock)
{
    pthread_mutex_unlock(lock);
}

void live_presence(void *ctx, struct arena *arena, const struct presence_room **ret,
                   size_t *ret_count)
{
    struct live *live = ctx;
    size_t count = 0, i = 0;
    struct arena_hold hold;
    pthread_mutex_lock(&live->presence_lock);
    arena_hold(arena, &hold, unlock, &live->presence_lock);
    for (struct room *room = live->present; room; room = room->present_next) {
        count++;
    }
    struct presence_room *all = arena_alloc(arena, (count + 1) * sizeof(*all));
    for (struct room *room = live->present; room; room = room->present_next, i++) {
        int64_t *ids = arena_alloc(arena, room->accounts_count * sizeof(*ids));
        memcpy(ids, room->accounts, room->accounts_count * sizeof(*ids));
        all[i] = (struct presence_room){room->id, room->accounts_count, ids};
    }
    arena_drop(arena);
    qsort(all, count, sizeof(*all), by_room);
    *ret = all;
    *ret_count = count;
}
