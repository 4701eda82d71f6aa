#include <string.h>

#include "base/arena.h"
#include "features/talk/rooms/rooms_inner.h"

/* A room, or a line said in it, reported. */

/* sees: server - for the officer: a room's owner need not be named to the reporter */
SQL(rooms_owner_name, "SELECT a.avatar_name FROM account a WHERE a.id = $1");

_Static_assert((int)CAPTURE_ENTRIES_MAX >= (int)CAPTURE_TALK_MAX + (int)ROOMS_MINUTE_MAX,
               "the lines before, and a minute of one writer");
_Static_assert((int)CAPTURE_NAME_MAX >= (int)ROOMS_NAME_MAX, "the name of a room");

static enum err find(struct call *call, const struct capture_wish *wish, int64_t limit,
                     struct rooms_reported **ret)
{
    struct rooms_reported *room = arena_alloc(call->arena, sizeof(*room));
    enum err err = rooms_reported(call, wish->id, wish->seq, limit, room);
    *ret = room;
    return err == OK ? OK : capture_missing(call, err);
}

static enum err of_another(struct call *call, const struct capture *it)
{
    return it->name && it->subject_id != call->actor.id ? OK : capture_missing(call, OK);
}

static enum err look_line(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    struct rooms_reported *room = NULL;
    TRY(find(call, wish, CAPTURE_TALK_MAX, &room));
    ASSERT_CODE(room->count > 0);
    const struct rooms_sealed *line = &room->lines[room->count - 1];
    *ret = (struct capture){line->sender_id, line->name, capture_place(call, wish), room};
    return of_another(call, ret);
}

static enum err look_room(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    struct rooms_reported *room = NULL;
    struct rows owner;
    TRY(find(call, &(struct capture_wish){.id = wish->id}, CAPTURE_TALK_MAX - 1, &room));
    TRY(store_run(call, &rooms_owner_name, BIND(I64(room->owner_id)), &owner));
    *ret = (struct capture){room->owner_id, owner.count ? row_text(&owner, 0, ONLY) : NULL,
                            wish->id, room};
    return of_another(call, ret);
}

/* What its owner says of a room beside its name. */
static void about(struct call *call, const struct rooms_reported *room, struct captured *ret)
{
    struct capture_field *all = arena_alloc(call->arena, 2 * sizeof(*all));
    size_t count = 0;
    if (*room->topic) {
        all[count++] = (struct capture_field){"room_topic", room->topic};
    }
    if (*room->tags) {
        all[count++] = (struct capture_field){"room_tags", room->tags};
    }
    JSON_LIST_SET(ret->fields, all, count);
}

/* `last`: it is what was reported, and has to be there. */
static enum err open_lines(struct call *call, const struct capture *it, bool last,
                           struct captured *ret)
{
    const struct rooms_reported *room = it->found;
    struct capture_entry *all = arena_alloc(call->arena, (room->count + 1) * sizeof(*all));
    size_t count = 0;
    for (size_t i = 0; i < room->count; i++) {
        const struct rooms_sealed *line = &room->lines[i];
        const char *text = NULL;
        TRY(rooms_open(call, line, &text));
        if (text) {
            all[count++] = (struct capture_entry){line->name, text, line->at_ms};
        } else if (last && i == room->count - 1) {
            return capture_missing(call, OK);
        }
    }
    *ret = (struct captured){
        .name = it->name, .style = "plain", .room = room->name, .entries = {all, count}};
    return OK;
}

static enum err open_line(struct call *call, const struct capture *it, struct captured *ret)
{
    return open_lines(call, it, true, ret);
}

static enum err open_room(struct call *call, const struct capture *it, struct captured *ret)
{
    TRY(open_lines(call, it, false, ret));
    about(call, it->found, ret);
    return OK;
}

const struct capture_kind rooms_captures[] = {
    {.name = "room", .look = look_room, .open = open_room},
    {.name = "line", .numbered = true, .last = true, .look = look_line, .open = open_line},
    {0},
};
