#include <string.h>

#include "live/live_inner.h"

/* What the people of a room are told: one frame, shared by all who perceive its subject. */

/* Sent away at the end of the turn, see room_sweep_slow. */
void member_too_slow(struct member *member)
{
    if (!member->too_slow) {
        member->too_slow = true;
        member->room->reactor->slow++;
    }
}

/* Its credit is used up: how much waits is looked at.  False: too much. */
static bool credited(const struct live_link *link, struct member *member, size_t len)
{
    size_t queued = link->queued(link->ctx, member->peer->sock) + len;
    if (queued > SEND_CAP) {
        member_too_slow(member);
        return false;
    }
    member->credit = (int32_t)(SEND_CAP - queued) / 2;
    return true;
}

static inline void send_to(const struct live_link *link, struct member *member,
                           struct live_frame *frame, size_t len)
{
    struct live_peer *peer = member->peer;
    if (!peer || member->too_slow || peer->lost) {
        return;
    }
    if (!frame) {
        peer_lose(peer);
        return;
    }
    member->credit -= (int32_t)len;
    if (member->credit >= 0 || credited(link, member, len)) {
        link->send(link->ctx, peer->sock, frame);
    }
}

void member_send(struct member *member, struct live_frame *frame, size_t len)
{
    send_to(&member->room->reactor->live->options.link, member, frame, len);
}

/* What a frame says last, for as long as the frame is held. */
struct told {
    const uint8_t *at;
    size_t len;
};

struct making {
    struct reactor *reactor;
    struct live_frame *before;
    enum live_message message;
    const void *object;
    struct live_frame *frame;
    struct told told;
};

static enum err make(void *arg)
{
    struct making *it = arg;
    const struct live_link *link = &it->reactor->live->options.link;
    struct buf out = {.arena = it->reactor->scratch};
    uint8_t *payload = NULL;
    wire_write(&out, it->message, it->object);
    it->frame = link->frame(link->ctx, it->before, false, out.len, &payload);
    if (!it->frame) {
        return ERR_BUSY;
    }
    memcpy(payload, out.at, out.len);
    it->told = (struct told){payload, out.len};
    return OK;
}

static struct live_frame *frame_behind(struct reactor *reactor, struct live_frame *before,
                                       enum live_message message, const void *object,
                                       struct told *ret)
{
    struct making it = {reactor, before, message, object, NULL, {NULL, 0}};
    struct arena_mark mark = arena_mark(reactor->scratch);
    enum err err = arena_run(reactor->scratch, make, &it);
    arena_rewind(reactor->scratch, mark);
    *ret = it.told;
    return err == OK ? it.frame : NULL;
}

struct live_frame *tell_frame(struct reactor *reactor, enum live_message message,
                              const void *object, size_t *ret_len)
{
    struct told told;
    struct live_frame *frame = frame_behind(reactor, NULL, message, object, &told);
    *ret_len = told.len;
    return frame;
}

/* What a room is told in one turn lies side by side, for most to be sent as one piece. */
static struct live_frame *room_frame(struct room *room, enum live_message message,
                                     const void *object, struct told *ret)
{
    struct reactor *reactor = room->reactor;
    const struct live_link *link = &reactor->live->options.link;
    struct live_frame *before = room->told;
    room->told = frame_behind(reactor, before, message, object, ret);
    link->drop(link->ctx, before);
    if (!room->telling) {
        room->telling = true;
        room->telling_next = reactor->telling;
        reactor->telling = room;
    }
    return room->told;
}

void tell_ends(struct reactor *reactor)
{
    const struct live_link *link = &reactor->live->options.link;
    for (struct room *room = reactor->telling; room; room = room->telling_next) {
        link->drop(link->ctx, room->told);
        room->told = NULL;
        room->telling = false;
    }
    reactor->telling = NULL;
}

static void cast(const struct room *room, const struct member *subject, const struct member *except,
                 struct live_frame *frame, size_t len)
{
    const struct live_link *link = &room->reactor->live->options.link;
    const size_t word = subject->slot / 64;
    const uint64_t bit = UINT64_C(1) << subject->slot % 64;
    for (unsigned slot = 0, high = room->high; slot < high; slot++) {
        struct member *viewer = room->members[slot];
        if (viewer && viewer != except && !(viewer->hidden.words[word] & bit)) {
            send_to(link, viewer, frame, len);
        }
    }
}

void room_cast(struct room *room, const struct member *subject, const struct member *except,
               enum live_message message, const void *object)
{
    struct told told;
    ASSERT_CODE(subject->room == room);
    struct live_frame *frame = room_frame(room, message, object, &told);
    cast(room, subject, except, frame, told.len);
}

void room_cast_line(struct member *member, const struct line *line)
{
    struct room *room = member->room;
    const struct live_link *link = &room->reactor->live->options.link;
    struct out_line face = chat_face(line, 0);
    struct told told;
    struct live_frame *frame = room_frame(room, OUT_LINE, &face, &told), *own = NULL;
    uint8_t *to = NULL;
    cast(room, member, member, frame, told.len);
    size_t len = frame ? wire_own_len(told.len, line->client_id) : 0;
    if (frame && (own = link->frame(link->ctx, NULL, false, len, &to))) {
        wire_own(to, told.at, told.len, line->client_id);
    }
    member_send(member, own, len);
    link->drop(link->ctx, own);
}

void member_tell(struct member *member, enum live_message message, const void *object)
{
    const struct live_link *link = &member->room->reactor->live->options.link;
    size_t len = 0;
    struct live_frame *frame = tell_frame(member->room->reactor, message, object, &len);
    member_send(member, frame, len);
    link->drop(link->ctx, frame);
}

static void sweep_room(struct room *room)
{
    for (unsigned slot = 0; slot < room->high; slot++) {
        struct member *member = room->members[slot];
        struct live_peer *peer = member && member->too_slow ? member->peer : NULL;
        if (peer) {
            struct out_why why = {.code = "rooms.slow", .text = peer_sentence(peer, "rooms.slow")};
            member->too_slow = false;
            atomic_fetch_add_explicit(&peer->reactor->live->slow, 1, memory_order_relaxed);
            peer_send(peer, OUT_OUT, &why);
            peer_close(peer, 4408, "too slow");
        }
    }
}

/* Who can't keep up is sent away after the fan-out, never in the middle of it. */
void room_sweep_slow(struct reactor *reactor)
{
    while (reactor->slow) { /* telling of one may be too much for the next */
        reactor->slow = 0;
        for (size_t i = 0; i < ROOM_BUCKETS; i++) {
            for (struct room *room = reactor->rooms[i]; room; room = room->next) {
                sweep_room(room);
            }
        }
    }
}

/* ---- faces ---- */

double turn_radians(uint8_t yaw)
{
    return yaw * (2 * 3.14159265358979323846 / 256);
}

static double metres(int16_t units)
{
    return units / (double)SCENE_UNIT;
}

struct out_seat member_place(const struct member *member, const struct member *viewer)
{
    struct scene_spot at = act_spot(member, viewer);
    int64_t seat = act_beside(member, viewer) ? 0 : member->seat;
    return (struct out_seat){member->number, seat, metres(at.x), metres(at.z),
                             turn_radians(at.yaw)};
}

/* NULL: none yet. */
static const char *look_id(const struct member *member)
{
    const char *id = member_look_id(member);
    return *id ? id : NULL;
}

struct out_look member_look(const struct member *member)
{
    struct out_look look = {
        .slot = member->number, .face.avatar = member->avatar, .face.look = look_id(member)};
    look.face.colours.count = member->colours_count;
    for (size_t i = 0; i < member->colours_count; i++) {
        look.face.colours.at[i] = member->colours[i];
    }
    return look;
}

static const char *role_of(const struct member *member)
{
    return member->peer && member->peer->resident ? "resident" : member->admin ? "admin" : "member";
}

struct out_person member_face(const struct member *member, const struct member *viewer)
{
    struct out_seat place = member_place(member, viewer);
    struct face face = member_look(member).face;
    face.id = member->public_id;
    face.name = member->name;
    return (struct out_person){.slot = place.slot,
                               .seat = place.seat,
                               .face = face,
                               .role = role_of(member),
                               .mood = member->mood ? live_moods[member->mood] : NULL,
                               .x = place.x,
                               .z = place.z,
                               .yaw = place.yaw,
                               .away = !member->peer};
}

static struct out_room room_face(const struct room *room, const struct member *viewer)
{
    bool mine = viewer->account_id == room->owner_id;
    return (struct out_room){room->public_id,
                             room->name,
                             room->topic,
                             room->scene->id,
                             room->language,
                             room->visibility,
                             room->capacity,
                             room_here(room, viewer),
                             mine,
                             mine || viewer->admin};
}

void room_tell_facts(struct room *room)
{
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            struct out_room_changed changed = {room_face(room, room->members[slot])};
            member_tell(room->members[slot], OUT_ROOM, &changed);
        }
    }
}

void room_tell_joined(struct room *room, struct member *member)
{
    struct out_joined joined = {member_face(member, member)};
    room_cast(room, member, member, OUT_JOINED, &joined);
    for (unsigned slot = 0; slot < room->high; slot++) { /* who has another's chair is beside it */
        struct member *viewer = room->members[slot];
        if (viewer && !slots_has(&viewer->hidden, member->slot) && act_beside(member, viewer)) {
            struct out_seat place = member_place(member, viewer);
            member_tell(viewer, OUT_SEAT, &place);
        }
    }
}

/*
 * Lines that the viewer perceives and that lie after `since`, at most `most` of the
 * last ones and as many as fit into `room_left` bytes, at the end of `lines` (LINES_MAX).
 * ret_more: there are others.
 */
static size_t history(const struct room *room, const struct member *viewer, int64_t since,
                      size_t most, size_t room_left, struct out_line *lines, bool *ret_more)
{
    size_t found = 0;
    *ret_more = false;
    for (size_t i = room->lines_count; i > 0; i--) {
        const struct line *line = chat_at(room, i - 1);
        if (line->seq <= since) {
            break;
        }
        if (line->nobody || !room_perceives(room, viewer, line->sender_id)) {
            continue;
        }
        size_t size = LINE_WIRE + wire_text_size(line->name) + wire_text_size(line->text);
        if (found == most || size > room_left) {
            *ret_more = true;
            break;
        }
        room_left -= size;
        ASSERT_CODE(found < LINES_MAX);
        struct out_line *one = &lines[LINES_MAX - ++found];
        *one = chat_face(line, viewer->account_id);
        one->avatar = line->avatar; /* whoever said it may be gone */
        one->look = line->avatar + strlen(line->avatar) + 1;
        one->look = *one->look ? one->look : NULL;
    }
    return found;
}

void room_snapshot(struct room *room, struct member *viewer, bool resume, int64_t since)
{
    struct arena *scratch = room->reactor->scratch;
    struct arena_mark mark = arena_mark(scratch);
    struct out_person *people = arena_try(scratch, LIVE_SLOTS * sizeof(*people));
    struct out_line *lines = arena_try(scratch, LINES_MAX * sizeof(*lines));
    bool more = false;
    size_t count = 0, found = 0, taken = ROOM_WIRE + wire_text_size(room->name);
    if (!people || !lines) {
        peer_lose(viewer->peer);
        return;
    }
    for (unsigned i = 0; i < room->count; i++) {
        const struct member *one = room->members[room->order[i]];
        if (!slots_has(&viewer->hidden, one->slot)) {
            taken += PERSON_WIRE + wire_text_size(one->name);
            people[count++] = member_face(one, viewer);
        }
    }
    size_t room_left = taken < ENTERED_MAX ? ENTERED_MAX - taken : 0;
    bool resumed = resume && since >= room->forgotten;
    if (resumed) {
        found = history(room, viewer, since, LINES_MAX, room_left, lines, &more);
        resumed = !more;
    }
    if (!resumed) {
        found = history(room, viewer, 0, HISTORY_LINES, room_left, lines, &more);
    }
    int64_t known = resume ? since : 0; /* and nothing of whom they do not perceive */
    struct out_entered entered = {.room = room_face(room, viewer),
                                  .seq = found ? lines[LINES_MAX - 1].seq : known,
                                  .you = viewer->number,
                                  .since = known,
                                  .resumed = resumed,
                                  .more = more || room->forgotten > 0,
                                  .people = {people, count},
                                  .lines = {&lines[LINES_MAX - found], found}};
    member_tell(viewer, OUT_ENTERED, &entered);
    arena_rewind(scratch, mark);
    viewer->full_due = true;
}
