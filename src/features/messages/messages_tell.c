#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "features/messages/messages_inner.h"

/*
 * What the sockets are told.  Everything about somebody goes only to those who perceive them; a
 * conversation that waits in the request box is told of, never in words, and so is what a minor has
 * not accepted.
 */

static bool told(const struct call *call, const struct messages_member *one)
{
    return one->seen && (strcmp(one->state, "left") != 0 || one->account_id == call->actor.id);
}

static void tell_one_again(struct call *call, int64_t account_id, const char *id)
{
    call_emit(call, EVENT_TELL, account_id, 0,
              arena_printf(call->arena, "{\"t\":\"conversation\",\"id\":\"%s\"}", id));
}

void messages_tell_own(struct call *call, const char *id)
{
    tell_one_again(call, call->actor.id, id);
}

/* As a member stands in it, to whom something is told that the asker did. */
static struct messages_place seen_by(const struct messages_place *place,
                                     const struct messages_member *one)
{
    struct messages_place theirs = *place;
    theirs.viewer_id = one->account_id;
    theirs.since_seq = one->since_seq;
    theirs.accepted_ms = one->accepted_ms;
    theirs.request = strcmp(one->state, "request") == 0;
    theirs.minor = one->minor;
    theirs.parents = one->parents;
    return theirs;
}

void messages_tell_fresh(struct call *call, const struct messages_place *place,
                         const struct messages_member *own, const struct messages_member *one,
                         const struct messages_message *message)
{
    const struct messages_place theirs = seen_by(place, one);
    if (!told(call, one)) {
        return;
    }
    if (one != own &&
        (theirs.request || messages_held(&theirs, false, one->friends, own->asked_ms))) {
        tell_one_again(call, one->account_id, place->public_id);
    } else {
        messages_tell(call, one->account_id, true, place->public_id, message);
    }
}

void messages_tell_again(struct call *call, const struct messages_place *place,
                         const struct messages_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (told(call, &members[i])) {
            tell_one_again(call, members[i].account_id, place->public_id);
        }
    }
}

void messages_tell(struct call *call, int64_t account_id, bool fresh, const char *conversation,
                   const struct messages_message *message)
{
    struct buf json = {.arena = call->arena};
    buf_puts(&json, fresh ? "{\"t\":\"message\"" : "{\"t\":\"message_changed\"");
    buf_printf(&json, ",\"conversation\":\"%s\",\"message\":", conversation);
    json_write(&json, &messages_message_shape, message);
    buf_puts(&json, "}");
    call_emit(call, EVENT_TELL, account_id, 0, json.at);
}

enum err messages_tell_changed(struct call *call, const struct messages_place *place, int64_t seq,
                               const char *text)
{
    struct messages_member *members = NULL;
    size_t count = 0;
    TRY(messages_members(call, place, &members, &count));
    for (size_t i = 0; i < count; i++) {
        const struct messages_place theirs = seen_by(place, &members[i]);
        struct messages_sealed *one = NULL;
        size_t found = 0;
        if (!told(call, &members[i])) {
            continue;
        }
        TRY(messages_rows(call, &theirs, (struct messages_span){MESSAGES_AT, seq, 1}, &one,
                          &found));
        if (found) { /* as much work, whether or not it waits: that is not the asker's to know */
            TRY(messages_details(call, members[i].account_id, place->id, one, found));
        }
        if (found && (theirs.request || one->message.waits)) {
            tell_one_again(call, members[i].account_id, place->public_id);
        } else if (found) {
            one->message.text = text;
            messages_tell(call, members[i].account_id, false, place->public_id, &one->message);
        }
    }
    return OK;
}

void messages_tell_doing(struct call *call, const struct messages_place *place,
                         const struct messages_member *members, size_t count, int64_t seq)
{
    struct buf json = {.arena = call->arena};
    int64_t accepted_ms = 0;
    for (size_t i = 0; i < count; i++) {
        if (members[i].account_id != call->actor.id) {
            continue;
        }
        accepted_ms = members[i].accepted_ms;
        if (seq) {
            buf_printf(&json,
                       "{\"t\":\"reading\",\"conversation\":\"%s\",\"id\":\"%s\",\"seq\":%" PRId64
                       "}",
                       place->public_id, members[i].id, seq);
        } else {
            buf_printf(&json, "{\"t\":\"writing\",\"conversation\":\"%s\",\"id\":\"%s\",\"name\":",
                       place->public_id, members[i].id);
            json_write_text(&json, members[i].name);
            buf_puts(&json, "}");
        }
    }
    for (size_t i = 0; json.at && i < count; i++) {
        if (members[i].account_id != call->actor.id && members[i].seen &&
            strcmp(members[i].state, "in") == 0 && (!seq || members[i].shows) &&
            messages_lets(place, members[i].friends, accepted_ms, members[i].asked_ms)) {
            call_emit(call, EVENT_TELL, members[i].account_id, 0, json.at);
        }
    }
}
