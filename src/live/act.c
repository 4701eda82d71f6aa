#include <string.h>

#include "live/live_inner.h"

/*
 * Seats, emotes, moods, typing: small things that everybody sees at once.  A chair is free for
 * whoever does not perceive who sits there: "taken" would tell of them.  So several may have one,
 * none of whom perceives another; who perceives more of them is shown the last one sitting, and the
 * others beside it as if they had got up.
 */

/* Sitting is done from nearby: this far from where one stands up again. */
enum { SIT_REACH = 5 * SCENE_UNIT / 2 };

static int64_t far_squared(const struct scene_spot *a, const struct scene_spot *b)
{
    int64_t dx = a->x - b->x, dz = a->z - b->z;
    return dx * dx + dz * dz;
}

static void tell_seat(struct member *member)
{
    struct out_seat seat = member_place(member, member);
    move_placed(member);
    room_cast(member->room, member, NULL, OUT_SEAT, &seat);
}

static bool perceives(const struct member *viewer, const struct member *subject)
{
    return !slots_has(&viewer->hidden, subject->slot);
}

bool act_beside(const struct member *member, const struct member *viewer)
{
    const struct room *room = member->room;
    if (!member->seat || member == viewer || room->seats[member->seat] < 2) {
        return false;
    }
    for (unsigned slot = 0; slot < room->high; slot++) {
        const struct member *other = room->members[slot];
        if (other && other->seat == member->seat && other->sat > member->sat &&
            perceives(viewer, other)) {
            return true;
        }
    }
    return false;
}

struct scene_spot act_spot(const struct member *member, const struct member *viewer)
{
    return act_beside(member, viewer) ? member->room->scene->seats[member->seat - 1].stand
                                      : member->at;
}

void act_share_with(struct member *viewer, unsigned seat, const struct member *one)
{
    ASSERT_CODE(viewer->room == one->room && seat <= SCENE_SEATS_MAX);
    const struct room *room = viewer->room;
    for (unsigned slot = 0; slot < room->high; slot++) {
        const struct member *other = room->members[slot];
        if (other && other != one && other != viewer && other->seat == seat &&
            perceives(viewer, other)) {
            struct out_seat place = member_place(other, viewer);
            member_tell(viewer, OUT_SEAT, &place);
        }
    }
}

void act_share(struct room *room, unsigned seat, const struct member *one)
{
    if (!seat || room->seats[seat] == (one->seat == seat)) {
        return; /* no chair, or nobody else on it */
    }
    for (unsigned slot = 0; slot < room->high; slot++) {
        struct member *viewer = room->members[slot];
        if (viewer && viewer != one && perceives(viewer, one)) {
            act_share_with(viewer, seat, one);
        }
    }
}

void act_part(struct member *one, struct member *other)
{
    if (one->seat && one->seat == other->seat && (perceives(one, other) || perceives(other, one))) {
        act_stand(one->sat < other->sat ? one : other);
    }
}

static bool taken(const struct member *member, int64_t number)
{
    const struct room *room = member->room;
    for (unsigned slot = 0; room->seats[number] && slot < room->high; slot++) {
        const struct member *other = room->members[slot];
        if (other && other->seat == number && perceives(member, other)) {
            return true;
        }
    }
    return false;
}

void act_sit(struct member *member, int64_t number)
{
    struct room *room = member->room;
    const struct scene *scene = room->scene;
    if (number > (int64_t)scene->seats_count) {
        peer_refuse(member->peer, "sit", "rooms.no_seat");
        return;
    }
    const struct scene_seat *seat = &scene->seats[number - 1];
    const struct scene_spot *from =
        member->seat ? &scene->seats[member->seat - 1].stand : &member->at;
    if (member->seat == number) {
        return;
    }
    if (taken(member, number)) {
        peer_refuse(member->peer, "sit", "rooms.seat_taken");
        return;
    }
    if (far_squared(from, &seat->stand) > (int64_t)SIT_REACH * SIT_REACH) {
        peer_refuse(member->peer, "sit", "rooms.seat_far");
        return;
    }
    unsigned before = member->seat;
    if (before) {
        ASSERT_CODE(room->seats[before] > 0);
        room->seats[before]--;
    }
    room->seats[number]++;
    member->seat = (uint8_t)number;
    member->sat = ++room->sat;
    member->at = seat->at;
    member->flags = 0;
    act_share(room, (unsigned)number, member);
    tell_seat(member);
    act_share(room, before, member);
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot] && room->members[slot] != member) {
            act_part(member, room->members[slot]);
        }
    }
}

void act_stand(struct member *member)
{
    if (!member->seat) {
        return;
    }
    unsigned seat = member->seat;
    ASSERT_CODE(seat <= member->room->scene->seats_count && member->room->seats[seat] > 0);
    member->at = member->room->scene->seats[seat - 1].stand;
    member->room->seats[seat]--;
    member->seat = 0;
    member->flags = 0;
    tell_seat(member);
    act_share(member->room, seat, member);
}

void act_emote(struct member *member, const char *name)
{
    struct out_emote emote = {member->number, name};
    room_cast(member->room, member, NULL, OUT_EMOTE, &emote);
}

void act_mood(struct member *member, const char *mood)
{
    uint8_t number = 0;
    for (uint8_t i = 0; live_moods[i]; i++) {
        number = strcmp(live_moods[i], mood) == 0 ? i : number;
    }
    if (member->mood != number) {
        struct out_mood told = {member->number, mood};
        member->mood = number;
        room_cast(member->room, member, NULL, OUT_MOOD, &told);
    }
}

void act_typing(struct member *member, bool on)
{
    bool was = member->typing_until_ms > 0;
    member->typing_until_ms = on ? member->room->reactor->steady_ms + TYPING_MS : 0;
    if (was != on) {
        struct out_slot typing = {member->number, on};
        room_cast(member->room, member, member, OUT_TYPING, &typing);
    }
}
