#include "live/inner.h"

/* Seats, emotes, typing: small things that everybody sees at once. */

/* Sitting is done from nearby: this far from where one stands up again. */
enum { SIT_REACH = 5 * SCENE_UNIT / 2 };

static int64_t far_squared(const struct scene_spot *a, const struct scene_spot *b)
{
    int64_t dx = a->x - b->x, dz = a->z - b->z;
    return dx * dx + dz * dz;
}

static void tell_seat(struct member *member)
{
    struct out_seat seat = member_place(member);
    move_placed(member);
    room_cast(member->room, member, NULL, OUT_SEAT, &seat);
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
    if (room->seats[number]) {
        peer_refuse(member->peer, "sit", "rooms.seat_taken");
        return;
    }
    if (far_squared(from, &seat->stand) > (int64_t)SIT_REACH * SIT_REACH) {
        peer_refuse(member->peer, "sit", "rooms.seat_far");
        return;
    }
    room->seats[member->seat] = 0;
    room->seats[number] = (uint8_t)(member->slot + 1);
    member->seat = (uint8_t)number;
    member->at = seat->at;
    member->flags = 0;
    tell_seat(member);
}

void act_stand(struct member *member)
{
    if (!member->seat) {
        return;
    }
    member->at = member->room->scene->seats[member->seat - 1].stand;
    member->room->seats[member->seat] = 0;
    member->seat = 0;
    member->flags = 0;
    tell_seat(member);
}

void act_emote(struct member *member, const char *name)
{
    struct out_emote emote = {member->slot, name};
    room_cast(member->room, member, NULL, OUT_EMOTE, &emote);
}

void act_typing(struct member *member, bool on)
{
    bool was = member->typing_until_ms > 0;
    member->typing_until_ms = on ? member->room->reactor->now_ms + TYPING_MS : 0;
    if (was != on) {
        struct out_slot typing = {member->slot, on};
        room_cast(member->room, member, member, OUT_TYPING, &typing);
    }
}
