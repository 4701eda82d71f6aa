#include <string.h>

#include "live/live_inner.h"
#include "live/queue.h"

/* Answers to "may they come in": in, into the queue, or told why not. */

void enter_loaded(struct room *room, struct live_ask *ask)
{
    room->gone = ask->err == ERR_MISSING; /* asked twice all the same, as behind a block */
    const struct live_load_out *loaded = ask->out;
    if (ask->err == OK && chat_load(room, loaded)) {
        room_facts(room, &loaded->room);
        room->state = ROOM_OPEN;
    } else if (room->gone) {
        room->state = ROOM_OPEN;
    } else {
        chat_free(room);
        enter_refuse_pending(room, "live.busy");
        room->state = ROOM_NEW;
    }
    ask_free(ask);
    enter_go_on(room);
}

static void attach(struct room *room, struct member *member, struct live_peer *peer,
                   const struct live_verdict *verdict)
{
    struct wish wish = *peer->wish;
    ASSERT_CODE(member->account_id == peer->account_id && member->room == room);
    member->peer = peer;
    member->credit = 0;
    member->careful_until_ms = wish.resume ? room->reactor->steady_ms + CAREFUL_MS : 0;
    memset(&member->stale, 0xff, sizeof(member->stale));
    peer->room = room;
    peer->member = member;
    enter_settled(peer, STAGE_IN);
    enter_show(room, member, &wish, verdict->since);
}

void enter_out(struct live_peer *peer, const char *code)
{
    struct out_why why = {.code = code, .text = peer_sentence(peer, code)};
    enter_settled(peer, STAGE_LOBBY);
    peer->room = NULL;
    peer->member = NULL;
    peer_send(peer, OUT_OUT, &why);
}

/* Back from a lost connection, or from another device: same slot, seat and place. */
static void come_back(struct room *room, struct member *member, struct live_peer *peer,
                      const struct live_verdict *verdict, const struct live_ask *ask)
{
    struct live_peer *before = member->peer;
    struct out_slot here = {member->number, false};
    if (before) {
        enter_out(before, "rooms.elsewhere"); /* another socket of the same account */
    }
    member->peer = NULL; /* what changes for them is in the snapshot */
    member->too_slow = false;
    member_wear(member, verdict);
    room_perceive(room, member, ask, true);
    if (!before) {
        room_cast(room, member, member, OUT_AWAY, &here);
    }
    attach(room, member, peer, verdict);
}

static void place(struct room *room, struct live_peer *peer, const struct live_verdict *verdict,
                  const struct live_ask *ask)
{
    struct member *member = room_member(room, peer->account_id);
    bool turn = peer->turn_came;
    ASSERT_CODE(peer->wish && peer->stage == STAGE_PENDING && room->reserved >= turn);
    ASSERT_CODE(verdict->account_id == peer->account_id || verdict->code);
    room->reserved -= turn;
    room_unseen(room, peer->account_id, ask->out, &peer->wish->unseen);
    queue_know(peer, verdict, ask->out);
    if (verdict->code) {
        enter_refuse(peer, verdict->code);
    } else if (member) {
        come_back(room, member, peer, verdict, ask);
    } else if (room->count >= LIVE_SLOTS) {
        enter_refuse(peer, "rooms.full");
    } else if (peer->account_id != room->owner_id && !turn && enter_full(room, peer)) {
        queue_up(room, peer);
    } else {
        member = room_join(room, verdict);
        if (!member) {
            enter_refuse(peer, "live.busy");
            return;
        }
        room_perceive(room, member, ask, false);
        member->peer = peer;
        presence_update(room);
        room_tell_joined(room, member);
        attach(room, member, peer, verdict);
    }
}

static struct live_peer *waiting(const struct room *room, int64_t account_id)
{
    struct live_peer *peer = room->queue;
    while (peer && peer->account_id != account_id) {
        peer = peer->next;
    }
    return peer;
}

static void recheck(struct room *room, const struct live_verdict *verdict,
                    const struct live_ask *ask)
{
    /* A room that is not there for them any more has ended for them, whatever the reason. */
    bool missing = verdict->code && strcmp(verdict->code, "rooms.missing") == 0;
    const char *code = missing ? "rooms.closed" : verdict->code;
    struct member *member = room_member(room, verdict->account_id);
    struct live_peer *waits = waiting(room, verdict->account_id);
    if (waits && code) {
        peer_out(waits, code);
    } else if (waits) {
        queue_know_again(room, waits, verdict, ask->out);
    }
    if (!member) {
        return;
    }
    if (code && member->peer) {
        room_perceive(room, member, ask, true); /* first goes whom they do not perceive any more */
        peer_out(member->peer, code);
    } else if (code) {
        room_leave(room, member);
    } else if (!slots_has(&room->recheck_slots, member->slot)) { /* else asked again: it is old */
        bool renamed = strcmp(member->name, verdict->face.name) != 0;
        bool dressed = member_wear(member, verdict);
        struct out_look look = member_look(member);
        room_perceive(room, member, ask, true);
        if (renamed) {
            room_tell_joined(room, member);
        } else if (dressed) {
            room_cast(room, member, NULL, OUT_LOOK, &look);
        }
    }
}

static bool goes(const struct room *room, const struct member *member, bool ended)
{
    return member && (ended || member->account_id != room->owner_id);
}

/*
 * A closed room is its owner's; an ended one nobody's.  Nobody of those who go sees the others go,
 * but for the owner: so it looks the same when a room has ended for one of them alone.
 */
static void empty(struct room *room, bool ended)
{
    struct member *owner = ended ? room_member(room, room->owner_id) : NULL;
    if (owner && owner->peer) {
        enter_out(owner->peer, "rooms.closed");
        owner->peer = NULL;
    }
    if (owner) {
        room_leave(room, owner);
    }
    for (unsigned slot = 0; slot < LIVE_SLOTS; slot++) {
        struct member *member = room->members[slot];
        if (goes(room, member, ended) && member->peer) {
            enter_out(member->peer, "rooms.closed");
            member->peer = NULL;
        }
    }
    for (unsigned slot = 0; slot < LIVE_SLOTS; slot++) {
        if (goes(room, room->members[slot], ended)) {
            room_leave(room, room->members[slot]);
        }
    }
    while (room->queue) {
        struct live_peer *peer = room->queue;
        room->queue = peer->next;
        room->queue_count--;
        queue_uncount(peer);
        enter_out(peer, "rooms.closed");
    }
}

static void take_verdicts(struct room *room, struct live_ask *ask)
{
    const struct live_admit_out *admitted = ask->out;
    if (room_facts(room, &admitted->room)) {
        room_tell_facts(room);
    }
    if (strcmp(room->visibility, "closed") == 0) {
        empty(room, false);
    }
    for (size_t i = 0; i < ask->in.admit.entrants_count; i++) {
        struct live_peer *peer = room->asked[i];
        room->asked[i] = NULL;
        if (peer) {
            place(room, peer, &admitted->verdicts[i], ask);
        } else {
            recheck(room, &admitted->verdicts[i], ask);
        }
    }
    queue_tell_places(room);
}

/* Nobody comes in: there is no such room, or it could not be asked about. */
static void refuse_asked(struct room *room, const struct live_ask *ask, const char *code)
{
    for (size_t i = 0; i < ask->in.admit.entrants_count; i++) {
        struct live_peer *peer = room->asked[i];
        struct member *member = room_member(room, ask->in.admit.entrants[i].account_id);
        struct live_peer *waits = waiting(room, ask->in.admit.entrants[i].account_id);
        room->asked[i] = NULL;
        if (peer) {
            room->reserved -= peer->turn_came;
            enter_refuse(peer, code);
        } else if (member) {
            slots_put(&room->recheck_slots, member->slot, true);
        } else if (waits) {
            waits->wish->recheck = room->recheck_queue = true;
        }
    }
    enter_refuse_pending(room, code);
}

void enter_admitted(struct room *room, struct live_ask *ask)
{
    bool missing = ask->err == ERR_MISSING || (room->gone && ask->err == OK);
    if (ask->err == OK && !missing) {
        take_verdicts(room, ask);
    } else {
        refuse_asked(room, ask, missing ? "rooms.missing" : "live.busy");
        if (missing) {
            empty(room, true);
        }
        if (missing || room->gone) { /* it is read again */
            room->state = ROOM_NEW;
            memset(&room->recheck_slots, 0, sizeof(room->recheck_slots));
            room->recheck_queue = false;
        }
        room->recheck |= room->rechecking && !missing;
    }
    /* What is to be asked once more waits for the next tick. */
    bool again = !room_rechecks(room);
    room->admitting = NULL;
    ask_free(ask);
    if (again) {
        enter_go_on(room);
    }
}
