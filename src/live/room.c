#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/text.h"
#include "live/live_inner.h"

/* A room and its people: slots, who perceives whom, what everybody is told. */

static struct room **bucket(struct reactor *reactor, const char *public_id)
{
    uint32_t hash = 2166136261u;
    for (const char *at = public_id; *at; at++) {
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    }
    return &reactor->rooms[hash % ROOM_BUCKETS];
}

struct room *room_find(struct reactor *reactor, const char *public_id)
{
    struct room *room = *bucket(reactor, public_id);
    while (room && strcmp(room->public_id, public_id) != 0) {
        room = room->next;
    }
    return room;
}

struct room *room_by_id(struct reactor *reactor, int64_t id)
{
    for (size_t i = 0; i < ROOM_BUCKETS; i++) {
        for (struct room *room = reactor->rooms[i]; room; room = room->next) {
            if (room->state == ROOM_OPEN && room->id == id) {
                return room;
            }
        }
    }
    return NULL;
}

struct room *room_make(struct reactor *reactor, const char *public_id)
{
    ASSERT_CODE(strlen(public_id) <= PUBLIC_ID_LEN && !room_find(reactor, public_id));
    struct room *room = heap_new(sizeof(*room));
    struct room **at = bucket(reactor, public_id);
    if (!room) {
        return NULL;
    }
    text_put(room->public_id, sizeof(room->public_id), public_id);
    room->reactor = reactor;
    room->next = *at;
    *at = room;
    atomic_fetch_add_explicit(&reactor->live->rooms, 1, memory_order_relaxed);
    return room;
}

static bool needed(const struct room *room)
{
    return room->count || room->pending || room->queue || room->admitting || room->unstored ||
           room->state == ROOM_LOADING;
}

void room_free(struct room *room)
{
    ASSERT_CODE(!room->telling && !room->told); /* a frame of it would be sent by nobody */
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot]) {
            member_free(room->members[slot]);
        }
    }
    chat_free(room);
    free(room);
}

void room_rest(struct room *room)
{
    if (!room->resting && !needed(room)) {
        room->resting = true;
        room->rest_next = room->reactor->resting;
        room->reactor->resting = room;
    }
}

void room_sweep_empty(struct reactor *reactor)
{
    while (reactor->resting) {
        struct room *room = reactor->resting, **at = bucket(reactor, room->public_id);
        reactor->resting = room->rest_next;
        room->resting = false;
        if (needed(room)) { /* somebody came meanwhile */
            continue;
        }
        while (*at != room) {
            ASSERT_CODE(*at); /* it is in its bucket until here */
            at = &(*at)->next;
        }
        *at = room->next;
        atomic_fetch_sub_explicit(&reactor->live->rooms, 1, memory_order_relaxed);
        room_free(room);
    }
}

/* As much as `size` holds: no row makes a message larger than it may be. */
static bool set_text(char *at, size_t size, const char *value)
{
    char before[TOPIC_BYTES + 1];
    text_put(before, sizeof(before), at);
    text_put(at, size, value);
    return strcmp(before, at) != 0;
}

/* True when something changed that people are shown. */
bool room_facts(struct room *room, const struct live_facts *facts)
{
    const struct scene *scene = scene_named(facts->scene);
    bool changed = set_text(room->name, sizeof(room->name), facts->name);
    changed |= set_text(room->topic, sizeof(room->topic), facts->topic);
    changed |= set_text(room->language, sizeof(room->language), facts->language);
    changed |= set_text(room->visibility, sizeof(room->visibility), facts->visibility);
    changed |= room->capacity != facts->capacity;
    room->owner_id = facts->owner_id;
    room->capacity = facts->capacity;
    if (!room->scene) { /* another scene is there when the room comes to life again */
        room->id = facts->id;
        room->scene = scene ? scene : &scenes[0];
    }
    return changed;
}

struct member *room_member(const struct room *room, int64_t account_id)
{
    for (unsigned slot = 0; slot < room->high; slot++) {
        if (room->members[slot] && room->members[slot]->account_id == account_id) {
            return room->members[slot];
        }
    }
    return NULL;
}

bool room_rechecks(const struct room *room)
{
    return room->recheck || room->recheck_queue || slots_any(&room->recheck_slots);
}

unsigned room_here(const struct room *room, const struct member *viewer)
{
    unsigned here = 0;
    for (unsigned slot = 0; slot < room->high; slot++) {
        here += room->members[slot] && !slots_has(&viewer->hidden, slot);
    }
    return here;
}

/* ---- who perceives whom ---- */

/* A share of all pairs, always the same ones: only the bench asks for it. */
static bool bench_hides(const struct live *live, int64_t a, int64_t b)
{
    uint64_t low = (uint64_t)MIN(a, b), high = (uint64_t)MAX(a, b);
    struct rng rng = {low * 31 + high};
    return live->options.hide_percent > 0 &&
           (int)(rng_next(&rng) % 100) < live->options.hide_percent;
}

bool room_perceives(const struct room *room, const struct member *viewer, int64_t account_id)
{
    const struct member *present = room_member(room, account_id);
    if (present) {
        return !slots_has(&viewer->hidden, present->slot);
    }
    for (size_t i = 0; i < viewer->unseen_count; i++) {
        if (viewer->unseen[i] == account_id) {
            return false;
        }
    }
    return !viewer->unseen_lost &&
           !bench_hides(room->reactor->live, viewer->account_id, account_id);
}

/* Who goes unperceived leaves lines behind that this one is not to read either. */
static void stay_unseen(struct member *viewer, int64_t account_id)
{
    for (size_t i = 0; i < viewer->unseen_count; i++) {
        if (viewer->unseen[i] == account_id) {
            return;
        }
    }
    int64_t *more = heap_grow(viewer->unseen, ((size_t)viewer->unseen_count + 1) * sizeof(*more));
    viewer->unseen_lost |= !more;
    if (more) {
        more[viewer->unseen_count++] = account_id;
        viewer->unseen = more;
    }
}

/* Changes one pair; who is told learns it as somebody's coming or going. */
static void perceive(struct member *viewer, struct member *subject, bool hidden, bool tell)
{
    ASSERT_CODE(viewer->room == subject->room);
    if (slots_has(&viewer->hidden, subject->slot) == hidden) {
        return;
    }
    slots_put(&viewer->hidden, subject->slot, hidden);
    slots_put(&viewer->stale, subject->slot, true);
    if (tell && hidden) {
        struct out_slot left = {.slot = subject->number};
        member_tell(viewer, OUT_LEFT, &left);
    } else if (tell) {
        struct out_joined joined = {member_face(subject, viewer)};
        member_tell(viewer, OUT_JOINED, &joined);
    }
    if (tell && subject->seat) {
        act_share_with(viewer, subject->seat, subject);
    }
}

void room_part(struct room *room, int64_t one, int64_t other)
{
    struct member *first = room_member(room, one), *second = room_member(room, other);
    if (first && second) {
        perceive(first, second, true, true);
        perceive(second, first, true, true);
    }
    if (first) {
        stay_unseen(first, other);
    }
    if (second) {
        stay_unseen(second, one);
    }
}

bool room_pair_hidden(const struct live_admit_out *admitted, int64_t viewer, int64_t subject)
{
    for (size_t i = 0; i < admitted->hidden_count; i++) {
        if (admitted->hidden[i].viewer == viewer && admitted->hidden[i].subject == subject) {
            return true;
        }
    }
    return false;
}

void room_unseen(const struct room *room, int64_t account_id, const struct live_admit_out *admitted,
                 struct slots *ret)
{
    memset(ret, 0, sizeof(*ret));
    for (size_t i = 0; i < admitted->hidden_count; i++) {
        const struct member *member = admitted->hidden[i].viewer == account_id
                                          ? room_member(room, admitted->hidden[i].subject)
                                          : NULL;
        if (member) {
            slots_put(ret, member->slot, true);
        }
    }
}

void room_perceive(struct room *room, struct member *member, const struct live_ask *ask, bool told)
{
    const struct live *live = room->reactor->live;
    const struct live_admit_out *admitted = ask->out;
    size_t unseen = 0;
    for (unsigned slot = 0; slot < room->high; slot++) {
        struct member *other = room->members[slot];
        if (!other || other == member) {
            continue;
        }
        bool both = bench_hides(live, member->account_id, other->account_id);
        perceive(member, other,
                 both || room_pair_hidden(admitted, member->account_id, other->account_id), told);
        perceive(other, member,
                 both || room_pair_hidden(admitted, other->account_id, member->account_id), told);
        act_part(member, other);
    }
    for (struct live_peer *peer = room->queue; peer; peer = peer->next) {
        slots_put(&peer->wish->unseen, member->slot,
                  room_pair_hidden(admitted, peer->account_id, member->account_id));
    }
    for (size_t i = 0; i < admitted->hidden_count; i++) {
        unseen += admitted->hidden[i].viewer == member->account_id;
    }
    free(member->unseen);
    member->unseen = unseen ? heap_new(unseen * sizeof(*member->unseen)) : NULL;
    member->unseen_count = 0;
    member->unseen_lost = unseen && !member->unseen;
    if (member->unseen_lost) {
        slots_put(&room->recheck_slots, member->slot, true);
    }
    member->unseen_lost |=
        ask->in.admit.present_count == LIVE_PEOPLE_MAX; /* some were not asked about */
    for (size_t i = 0; member->unseen && i < admitted->hidden_count; i++) {
        if (admitted->hidden[i].viewer == member->account_id) {
            member->unseen[member->unseen_count++] = admitted->hidden[i].subject;
        }
    }
}

/* ---- coming and going ---- */

const char *member_look_id(const struct member *member)
{
    return member->avatar + strlen(member->avatar) + 1;
}

/* False: there is no memory for another name, avatar or look. */
static bool set_texts(struct member *member, const struct live_verdict *verdict)
{
    char name[NAME_BYTES + 1], avatar[AVATAR_BYTES + 1], look[PUBLIC_ID_LEN + 1];
    text_put(name, sizeof(name), verdict->face.name);
    text_put(avatar, sizeof(avatar), verdict->face.avatar);
    text_put(look, sizeof(look), verdict->face.look ? verdict->face.look : "");
    if (member->name && strcmp(member->name, name) == 0 && strcmp(member->avatar, avatar) == 0 &&
        strcmp(member_look_id(member), look) == 0) {
        return true;
    }
    size_t name_size = strlen(name) + 1, avatar_size = strlen(avatar) + 1;
    char *all = heap_new(name_size + avatar_size + strlen(look) + 1);
    if (all) {
        free(member->name);
        member->name = memcpy(all, name, name_size);
        member->avatar = memcpy(all + name_size, avatar, avatar_size);
        memcpy(all + name_size + avatar_size, look, strlen(look) + 1);
    }
    return all != NULL;
}

bool member_wear(struct member *member, const struct live_verdict *verdict)
{
    const struct json_numbers *worn = &verdict->face.colours;
    const char *look = verdict->face.look ? verdict->face.look : "";
    uint8_t colours[JSON_NUMBERS_MAX] = {0};
    ASSERT_CODE(worn->count <= JSON_NUMBERS_MAX);
    for (size_t i = 0; i < worn->count; i++) {
        colours[i] = (uint8_t)worn->at[i];
    }
    bool changed = strcmp(member->avatar, verdict->face.avatar) != 0 ||
                   strcmp(member_look_id(member), look) != 0 ||
                   member->colours_count != worn->count ||
                   memcmp(member->colours, colours, sizeof(colours)) != 0;
    if (!set_texts(member, verdict)) { /* the old ones stay until it is asked about again */
        slots_put(&member->room->recheck_slots, member->slot, true);
    }
    member->colours_count = (uint8_t)worn->count;
    memcpy(member->colours, colours, sizeof(colours));
    member->admin = strcmp(verdict->role, "admin") == 0;
    member->invisible = verdict->invisible;
    member->key_id = verdict->key_id;
    return changed;
}

void member_free(struct member *member)
{
    save_forget_careful(member);
    free(member->unseen);
    free(member->name);
    free(member);
}

static size_t chance(size_t below)
{
    uint64_t any = 0;
    crypto_random(&any, sizeof(any));
    return (size_t)(any % below);
}

/* Any: one that is far from who stands about would tell who does not perceive them. */
static struct scene_spot any_spawn(const struct room *room)
{
    return room->scene->spawns[chance(room->scene->spawns_count)];
}

/*
 * A number that nobody has, by chance: whoever does not perceive somebody sees no gap, and no order
 * in which people came.
 */
static void give_number(struct room *room, struct member *member)
{
    unsigned at = 0, number = (unsigned)chance(LIVE_SLOTS - room->count);
    while (at < room->count && room->members[room->order[at]]->number <= number) {
        at++; /* the number-th that is free */
        number++;
    }
    memmove(&room->order[at + 1], &room->order[at], room->count - at);
    room->order[at] = member->slot;
    member->number = (uint8_t)number;
}

static void take_number(struct room *room, const struct member *member)
{
    ASSERT_CODE(room->count > 0 && room->members[member->slot] == member);
    unsigned at = 0;
    while (room->order[at] != member->slot) {
        at++;
        ASSERT_CODE(at < room->count);
    }
    memmove(&room->order[at], &room->order[at + 1], room->count - 1 - at);
}

struct member *room_join(struct room *room, const struct live_verdict *verdict)
{
    unsigned slot = 0;
    while (room->members[slot]) {
        slot++;
    }
    ASSERT_CODE(slot < LIVE_SLOTS);
    ASSERT_CODE(verdict->account_id > 0 && !verdict->code);
    ASSERT_CODE(!room_member(room, verdict->account_id)); /* one place each */
    struct member *member = heap_new(sizeof(*member));
    if (!member || !set_texts(member, verdict)) {
        free(member);
        return NULL;
    }
    member->room = room;
    member->account_id = verdict->account_id;
    member->slot = (uint8_t)slot;
    text_put(member->public_id, sizeof(member->public_id), verdict->face.id);
    member_wear(member, verdict);
    member->at = member->told = any_spawn(room);
    give_number(room, member);
    room->members[slot] = member;
    room->high = MAX(room->high, slot + 1);
    room->count++;
    for (unsigned other = 0; other < room->high; other++) {
        if (room->members[other]) { /* a slot is used again: nothing of its last owner stays */
            slots_put(&room->members[other]->hidden, slot, false);
            slots_put(&room->members[other]->stale, slot, true);
        }
    }
    memset(&member->stale, 0xff, sizeof(member->stale));
    atomic_fetch_add_explicit(&room->reactor->live->people, 1, memory_order_relaxed);
    return member;
}

void room_leave(struct room *room, struct member *member)
{
    struct out_slot left = {.slot = member->number};
    ASSERT_CODE(member->room == room && room->members[member->slot] == member);
    room_cast(room, member, member, OUT_LEFT, &left);
    if (member->peer) {
        member->peer->member = NULL;
        member->peer->room = NULL;
        member->peer->stage = STAGE_LOBBY;
    }
    if (member->seat) {
        unsigned seat = member->seat;
        ASSERT_CODE(room->seats[seat] > 0);
        room->seats[seat]--;
        member->seat = 0;
        act_share(room, seat, member);
    }
    slots_put(&room->recheck_slots, member->slot, false);
    take_number(room, member);
    room->members[member->slot] = NULL;
    room->count--;
    for (unsigned slot = 0; slot < room->high; slot++) {
        struct member *other = room->members[slot];
        if (other && slots_has(&other->hidden, member->slot)) {
            stay_unseen(other, member->account_id);
        }
    }
    while (room->high > 0 && !room->members[room->high - 1]) {
        room->high--;
    }
    member_free(member);
    presence_update(room);
    atomic_fetch_sub_explicit(&room->reactor->live->people, 1, memory_order_relaxed);
    enter_go_on(room);
}
