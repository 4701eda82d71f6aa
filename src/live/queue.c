#include <stdlib.h>
#include <string.h>

#include "live/queue.h"

/*
 * Who waits before a full room, in the order in which they came.  The place that one is told counts
 * those before whom one perceives and who are not invisible, as the door does; whom one does not
 * perceive has no place there, nor a place that is kept for them.
 */

void wish_free(struct wish *wish)
{
    free(wish ? wish->apart : NULL);
    free(wish);
}

static size_t apart_at(const struct wish *wish, int64_t account_id)
{
    size_t at = 0;
    while (at < wish->apart_count && wish->apart[at] != account_id) {
        at++;
    }
    return at;
}

bool queue_counts(const struct live_peer *viewer, const struct live_peer *other)
{
    const struct wish *wish = viewer->wish;
    return !other->wish->invisible && !wish->apart_lost &&
           apart_at(wish, other->account_id) == wish->apart_count;
}

void queue_know(struct live_peer *peer, const struct live_verdict *verdict,
                const struct live_admit_out *admitted)
{
    struct wish *wish = peer->wish;
    size_t count = 0;
    for (size_t i = 0; i < admitted->hidden_count; i++) {
        count += admitted->hidden[i].viewer == peer->account_id;
    }
    free(wish->apart);
    wish->invisible = verdict->invisible;
    wish->apart_count = 0;
    wish->apart = count ? heap_new(count * sizeof(*wish->apart)) : NULL;
    wish->apart_lost = count && !wish->apart;
    for (size_t i = 0; wish->apart && i < admitted->hidden_count; i++) {
        if (admitted->hidden[i].viewer == peer->account_id) {
            wish->apart[wish->apart_count++] = admitted->hidden[i].subject;
        }
    }
}

static void set_apart(struct wish *wish, int64_t account_id, bool apart)
{
    size_t at = apart_at(wish, account_id);
    while (!apart && at < wish->apart_count) { /* it may stand there twice */
        wish->apart[at] = wish->apart[--wish->apart_count];
        at = apart_at(wish, account_id);
    }
    if (apart && at == wish->apart_count) {
        int64_t *more = heap_grow(wish->apart, (at + 1) * sizeof(*more));
        wish->apart_lost |= !more;
        wish->apart = more ? more : wish->apart;
        if (more) {
            wish->apart[wish->apart_count++] = account_id;
        }
    }
}

/* At the next tick. */
static void ask_if_lost(struct room *room, struct live_peer *peer)
{
    peer->wish->recheck |= peer->wish->apart_lost;
    room->recheck_queue |= peer->wish->apart_lost;
}

static unsigned place_of(const struct room *room, const struct live_peer *peer)
{
    unsigned place = 1;
    ASSERT_CODE(peer->room == room);
    for (const struct live_peer *before = room->queue; before != peer; before = before->next) {
        place += queue_counts(peer, before);
    }
    return place;
}

void queue_tell(struct live_peer *peer)
{
    ASSERT_CODE(peer->room && peer->wish);
    struct out_queued queued = {peer->room->public_id, peer->wish->place};
    peer->wish->told = peer->wish->place;
    peer_send(peer, OUT_QUEUED, &queued);
}

void queue_tell_places(struct room *room)
{
    for (struct live_peer *peer = room->queue; peer; peer = peer->next) {
        peer->wish->place = room->recount ? place_of(room, peer) : peer->wish->place;
        if (peer->wish->told != peer->wish->place) {
            queue_tell(peer);
        }
    }
    room->recount = false;
}

void queue_uncount(struct live_peer *peer)
{
    atomic_fetch_sub_explicit(&peer->reactor->live->queued, 1, memory_order_relaxed);
}

void queue_take(struct room *room, struct live_peer *peer)
{
    struct live_peer **at = &room->queue;
    while (*at != peer) {
        ASSERT_CODE(*at); /* who is queued is in the queue of its room */
        at = &(*at)->next;
    }
    ASSERT_CODE(room->queue_count > 0);
    *at = peer->next;
    room->queue_count--;
    for (struct live_peer *after = *at; after; after = after->next) {
        after->wish->place -= queue_counts(after, peer);
    }
    queue_uncount(peer);
}

/* From another device: in that one's place, as it is in the room itself. */
static bool instead(struct room *room, struct live_peer *peer)
{
    struct live_peer **at = &room->queue;
    while (*at && (*at)->account_id != peer->account_id) {
        at = &(*at)->next;
    }
    struct live_peer *before = *at;
    if (before) {
        peer->next = before->next;
        *at = peer;
        enter_out(before, "rooms.elsewhere");
    }
    return before != NULL;
}

void queue_up(struct room *room, struct live_peer *peer)
{
    if (!instead(room, peer)) {
        if (room->queue_count >= QUEUE_MAX) {
            enter_refuse(peer, "rooms.full");
            return;
        }
        room->queue_count++;
        enter_append(&room->queue, peer);
        atomic_fetch_add_explicit(&peer->reactor->live->queued, 1, memory_order_relaxed);
    }
    peer->stage = STAGE_QUEUED;
    peer->wish->place = place_of(room, peer);
    ask_if_lost(room, peer);
    queue_tell(peer);
}

void queue_know_again(struct room *room, struct live_peer *peer, const struct live_verdict *verdict,
                      const struct live_admit_out *admitted)
{
    queue_know(peer, verdict, admitted);
    for (struct live_peer *other = room->queue; other; other = other->next) {
        if (other != peer) {
            set_apart(other->wish, peer->account_id,
                      room_pair_hidden(admitted, other->account_id, peer->account_id));
        }
        ask_if_lost(room, other);
    }
    room->recount = true;
}

unsigned queue_reserved(const struct room *room, const struct live_peer *peer)
{
    unsigned count = 0;
    if (room->reserved == 0) {
        return 0;
    }
    for (const struct live_peer *other = room->pending; other; other = other->next) {
        count += other != peer && other->turn_came && queue_counts(peer, other);
    }
    for (size_t i = 0; i < LIVE_ADMIT_MAX; i++) {
        const struct live_peer *other = room->asked[i];
        count += other && other != peer && other->turn_came && queue_counts(peer, other);
    }
    return count;
}
