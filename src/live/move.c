#include <math.h>
#include <string.h>

#include "live/live_inner.h"

/*
 * Where people are: each move is checked against the scene and a walker's speed;
 * twenty times a second each viewer gets one frame of what moved.  An entry is a
 * small step from the place of the last tick, or, for whoever has not got that
 * (just came, far away, behind), the whole place.
 */
enum {
    SPEED = 4 * SCENE_UNIT, /* a second */
    NEAR = 8 * SCENE_UNIT,
    CROWD = 50,                     /* beyond this many, who is far away comes less often */
    FAR_EVERY = 500 / LIVE_TICK_MS, /* ticks: twice a second */
    ENTRY_MAX = 7,
    FLAG_STEP = 0x80,
    FLAGS_KNOWN = 3, /* walking, running */
    FRAME_STEPS = 2,
    FRAME_WHOLE = 3,
};

static bool inside(const struct scene_box *box, int x, int z)
{
    return x > box->x0 && x < box->x1 && z > box->z0 && z < box->z1;
}

static bool walkable(const struct scene *scene, int x, int z)
{
    if (!inside(&scene->walk, x, z)) {
        return false;
    }
    for (size_t i = 0; i < scene->blocked_count; i++) {
        if (inside(&scene->blocked[i], x, z)) {
            return false;
        }
    }
    return true;
}

/* Takes the way from what the walker may go; a second's worth can be saved up. */
static bool fast_enough(struct member *member, int64_t dx, int64_t dz)
{
    int64_t now_ms = member->room->reactor->steady_ms;
    int64_t speed = SPEED * member->room->reactor->live->options.limit_scale;
    int64_t earned = MIN(now_ms - member->path_ms, 1000) * speed / 1000;
    int64_t path = MIN(member->path + earned, speed);
    int64_t length = (int64_t)ceil(sqrt((double)(dx * dx + dz * dz)));
    bool fits = length <= path;
    member->path = fits ? path - length : path;
    member->path_ms = now_ms;
    return fits;
}

static int16_t read_i16(const uint8_t *bytes)
{
    return (int16_t)(uint16_t)(bytes[0] | bytes[1] << 8);
}

void move_to(struct member *member, const uint8_t *bytes)
{
    struct scene_spot to = {read_i16(bytes + 1), read_i16(bytes + 3), bytes[5]};
    uint8_t flags = bytes[6] & FLAGS_KNOWN;
    if (!peer_may(member->peer, RATE_MOVE)) {
        member->place_due = true;
        return;
    }
    if (member->seat && !flags) {
        return; /* the last word of the walk to the seat */
    }
    act_stand(member);
    int64_t dx = to.x - member->at.x, dz = to.z - member->at.z;
    if ((dx || dz) &&
        (!walkable(member->room->scene, to.x, to.z) || !fast_enough(member, dx, dz))) {
        member->place_due = true;
        return;
    }
    member->at = to;
    member->flags = flags;
}

void move_placed(struct member *member)
{
    struct room *room = member->room;
    member->told = member->at;
    member->told_flags = member->flags;
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            slots_put(&room->members[slot]->stale, member->slot, true);
        }
    }
}

/* ---- ticks ---- */

struct tick {
    struct room *room;
    struct live_frame *shared; /* made when the first one needs it */
    struct slots present, moved;
    size_t len;                /* of `steps` */
    uint16_t from[LIVE_SLOTS]; /* where a slot's entry stands in `steps` */
    uint8_t size[LIVE_SLOTS];
    uint8_t steps[1 + LIVE_SLOTS * ENTRY_MAX]; /* the whole frame, everybody's entry */
};

static size_t put_whole(uint8_t *to, const struct member *member, const struct scene_spot *at)
{
    uint16_t x = (uint16_t)at->x, z = (uint16_t)at->z;
    const uint8_t entry[ENTRY_MAX] = {member->number,   member->flags,     at->yaw,
                                      (uint8_t)x,       (uint8_t)(x >> 8), (uint8_t)z,
                                      (uint8_t)(z >> 8)};
    memcpy(to, entry, sizeof(entry));
    return sizeof(entry);
}

static size_t put_step(uint8_t *to, const struct member *member)
{
    int dx = member->at.x - member->told.x, dz = member->at.z - member->told.z;
    if (dx < INT8_MIN || dx > INT8_MAX || dz < INT8_MIN || dz > INT8_MAX) {
        return put_whole(to, member, &member->at);
    }
    const uint8_t entry[] = {member->number, member->flags | FLAG_STEP, member->at.yaw,
                             (uint8_t)(int8_t)dx, (uint8_t)(int8_t)dz};
    memcpy(to, entry, sizeof(entry));
    return sizeof(entry);
}

static void collect(struct tick *tick)
{
    const struct room *room = tick->room;
    ASSERT_CODE(room->count <= LIVE_SLOTS);
    tick->steps[0] = FRAME_STEPS;
    tick->len = 1;
    for (unsigned i = 0; i < room->count; i++) {
        unsigned slot = room->order[i];
        const struct member *member = room->members[slot];
        slots_put(&tick->present, slot, true);
        if (member->at.x != member->told.x || member->at.z != member->told.z ||
            member->at.yaw != member->told.yaw || member->flags != member->told_flags) {
            slots_put(&tick->moved, slot, true);
            tick->from[slot] = (uint16_t)tick->len;
            tick->size[slot] = (uint8_t)put_step(&tick->steps[tick->len], member);
            tick->len += tick->size[slot];
        }
    }
}

static void send_bytes(struct member *viewer, const uint8_t *head, size_t head_len,
                       const uint8_t *rest, size_t rest_len)
{
    const struct live_link *link = &viewer->room->reactor->live->options.link;
    uint8_t *payload = NULL;
    struct live_frame *frame = link->frame(link->ctx, NULL, true, head_len + rest_len, &payload);
    if (!frame) {
        viewer->full_due = true; /* no memory now: all of it, later */
        return;
    }
    memcpy(payload, head, head_len);
    memcpy(payload + head_len, rest, rest_len);
    member_send(viewer, frame, head_len + rest_len);
    link->drop(link->ctx, frame);
}

/* The frame that all share; who moved gets it without the own entry. */
static void send_shared(struct tick *tick, struct member *viewer)
{
    const struct live_link *link = &viewer->room->reactor->live->options.link;
    unsigned slot = viewer->slot;
    if (slots_has(&tick->moved, slot)) {
        size_t from = tick->from[slot], behind = from + tick->size[slot];
        if (tick->len - tick->size[slot] > 1) {
            send_bytes(viewer, tick->steps, from, &tick->steps[behind], tick->len - behind);
        }
        return;
    }
    if (!tick->shared) {
        uint8_t *payload = NULL;
        tick->shared = link->frame(link->ctx, NULL, true, tick->len, &payload);
        if (!tick->shared) {
            viewer->full_due = true;
            return;
        }
        memcpy(payload, tick->steps, tick->len);
    }
    member_send(viewer, tick->shared, tick->len);
}

static bool near(const struct member *a, const struct member *b)
{
    int64_t dx = a->at.x - b->at.x, dz = a->at.z - b->at.z;
    return dx * dx + dz * dz <= (int64_t)NEAR * NEAR;
}

/* A frame for one viewer: without the hidden, the far ones less often, whole where needed. */
static void send_own(struct tick *tick, struct member *viewer, bool all, bool flush, bool crowd)
{
    uint8_t bytes[1 + LIVE_SLOTS * ENTRY_MAX];
    size_t len = 1;
    bytes[0] = all ? FRAME_WHOLE : FRAME_STEPS;
    for (unsigned i = 0; i < tick->room->count; i++) {
        unsigned slot = tick->room->order[i];
        const struct member *subject = tick->room->members[slot];
        bool moved = slots_has(&tick->moved, slot), stale = slots_has(&viewer->stale, slot);
        if (subject == viewer || slots_has(&viewer->hidden, slot) ||
            !(all || moved || (flush && stale))) {
            continue;
        }
        if (!all && !flush && crowd && !near(viewer, subject)) {
            slots_put(&viewer->stale, slot, true);
        } else if (all || stale) {
            struct scene_spot at = act_spot(subject, viewer);
            len += put_whole(&bytes[len], subject, &at);
            slots_put(&viewer->stale, slot, false);
        } else {
            memcpy(&bytes[len], &tick->steps[tick->from[slot]], tick->size[slot]);
            len += tick->size[slot];
        }
    }
    if (len > 1) {
        send_bytes(viewer, bytes, len, bytes, 0);
    }
}

static void tell_moves(struct tick *tick, struct member *viewer)
{
    const struct reactor *reactor = tick->room->reactor;
    const struct live_link *link = &reactor->live->options.link;
    bool flush = (reactor->ticks + viewer->number) % FAR_EVERY == 0;
    bool crowd = tick->room->count > CROWD && room_here(tick->room, viewer) > CROWD;
    struct slots special = tick->moved, late = tick->present;
    for (size_t i = 0; i < SLOT_WORDS; i++) {
        special.words[i] &= viewer->stale.words[i] | viewer->hidden.words[i];
        late.words[i] &= viewer->stale.words[i] & ~viewer->hidden.words[i];
    }
    slots_put(&special, viewer->slot, false);
    slots_put(&late, viewer->slot, false);
    bool behind = flush && slots_any(&late);
    if (!viewer->full_due && !slots_any(&tick->moved) && !behind) {
        return;
    }
    size_t queued = link->queued(link->ctx, viewer->peer->sock);
    if (queued > SEND_CAP) {
        member_too_slow(viewer);
    } else if (queued > STALE_CAP) {
        viewer->full_due = true; /* old places are worth nothing: all of it, later */
    } else if (viewer->full_due) {
        viewer->full_due = false;
        send_own(tick, viewer, true, true, crowd);
    } else if (crowd || behind || slots_any(&special)) {
        send_own(tick, viewer, false, flush, crowd);
    } else {
        send_shared(tick, viewer);
    }
}

/* Frees the member when their time away is over. */
static void keep_house(struct room *room, struct member *member)
{
    int64_t now_ms = room->reactor->steady_ms;
    if (!member->peer) {
        if (now_ms >= member->away_until_ms) {
            room_leave(room, member);
        }
        return;
    }
    if (member->typing_until_ms && now_ms >= member->typing_until_ms) {
        act_typing(member, false);
    }
    if (member->place_due) {
        struct out_seat place = member_place(member, member);
        member->place_due = false;
        member_tell(member, OUT_PLACE, &place);
    }
}

void move_tick(struct room *room)
{
    const struct live_link *link = &room->reactor->live->options.link;
    struct tick tick = {.room = room};
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            keep_house(room, room->members[slot]);
        }
    }
    collect(&tick);
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot] && room->members[slot]->peer) {
            tell_moves(&tick, room->members[slot]);
        }
    }
    link->drop(link->ctx, tick.shared);
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            room->members[slot]->told = room->members[slot]->at;
            room->members[slot]->told_flags = room->members[slot]->flags;
        }
    }
    if (room_rechecks(room)) {
        enter_go_on(room);
    }
}
