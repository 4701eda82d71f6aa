#include "features/safety/reports/reports.h"

#include <string.h>

#include "base/arena.h"
#include "store/store.h"

/* Rooms, what is said in them, and messages. */

/* sees: server - for the officer: a room's owner need not be named to the reporter */
SQL(reports_owner, "SELECT a.avatar_name FROM account a WHERE a.id = $1");

/* Why it is not there for the reporter is nobody's business. */
static enum err missing(struct call *call, enum err err)
{
    return err == OK || err == ERR_MISSING || err == ERR_DENIED
               ? call_fail(call, ERR_MISSING, "reports.missing")
               : err;
}

static const char *place_of(struct call *call, const struct reports_new *wish)
{
    return wish->seq ? arena_printf(call->arena, "%s:%lld", wish->id, (long long)wish->seq)
                     : wish->id;
}

enum err reports_look_room(struct call *call, const struct reports_new *wish,
                           struct reports_capture *ret)
{
    struct rows owner;
    struct rooms_reported *room = &ret->room;
    enum err err = rooms_reported(call, wish->id, wish->seq, REPORTS_TALK_MAX - !wish->seq, room);
    if (err != OK) {
        return missing(call, err);
    }
    if (wish->seq) {
        ret->kind = "line";
        ret->subject_id = room->lines[room->count - 1].sender_id;
        ret->name = room->lines[room->count - 1].name;
    } else {
        TRY(store_run(call, &reports_owner, BIND(I64(room->owner_id)), &owner));
        ret->kind = "room";
        ret->subject_id = room->owner_id;
        ret->name = owner.count ? row_text(&owner, 0, ONLY) : NULL;
    }
    ret->place = place_of(call, wish);
    return ret->name && ret->subject_id != call->actor.id ? OK : missing(call, OK);
}

enum err reports_look_message(struct call *call, const struct reports_new *wish,
                              struct reports_capture *ret)
{
    enum err err = messages_reported(call, wish->id, wish->seq, REPORTS_TALK_MAX, &ret->said,
                                     &ret->said_count);
    if (err != OK) {
        return missing(call, err);
    }
    ret->kind = "message";
    ret->place = place_of(call, wish);
    ret->subject_id = ret->said[ret->said_count - 1].sender_id;
    ret->name = ret->said[ret->said_count - 1].message.name;
    return ret->subject_id != call->actor.id ? OK : missing(call, OK);
}

/* What its owner says of a room beside its name. */
static struct json_list about(struct call *call, const struct rooms_reported *room)
{
    struct reports_field *all = arena_alloc(call->arena, 2 * sizeof(*all));
    size_t count = 0;
    if (*room->topic) {
        all[count++] = (struct reports_field){"room_topic", room->topic};
    }
    if (*room->tags) {
        all[count++] = (struct reports_field){"room_tags", room->tags};
    }
    return (struct json_list){all, count};
}

enum err reports_talk_open(struct call *call, const struct reports_capture *it,
                           struct reports_seen *ret)
{
    size_t count = it->said ? it->said_count : it->room.count;
    struct reports_entry *all = arena_alloc(call->arena, (count + 1) * sizeof(*all));
    *ret = (struct reports_seen){
        .name = it->name, .style = "plain", .room = it->room.name, .entries.items = all};
    if (strcmp(it->kind, "room") == 0) {
        ret->fields = about(call, &it->room);
    }
    TRY(messages_open(call, it->said, it->said_count));
    for (size_t i = 0; i < count; i++) {
        const char *text = NULL;
        if (it->said) {
            const struct messages_message *one = &it->said[i].message;
            all[ret->entries.count] = (struct reports_entry){one->name, one->text, one->at};
            text = one->text;
        } else {
            const struct rooms_sealed *one = &it->room.lines[i];
            TRY(rooms_open(call, one, &text));
            all[ret->entries.count] = (struct reports_entry){one->name, text, one->at_ms};
        }
        if (!text && i == count - 1 && strcmp(it->kind, "room") != 0) {
            return missing(call, OK);
        }
        ret->entries.count += text != NULL;
    }
    return OK;
}
