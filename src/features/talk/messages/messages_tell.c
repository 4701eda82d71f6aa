#include <string.h>

#include "features/talk/messages/messages_inner.h"

/*
 * What the sockets are told.  Everything about somebody goes only to those who perceive them; a
 * conversation that waits in the request box is told of, never in words, and so is what a minor has
 * not accepted.
 */

struct told_message {
    const char *conversation;
    struct messages_message message;
};
JSON_SHAPE(told_message, "message_told", struct told_message,
           J_TEXT(struct told_message, conversation, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_OBJECT(struct told_message, message, messages_message_shape));

struct told_id {
    const char *id;
};
JSON_SHAPE(told_id, "conversation_told", struct told_id,
           J_TEXT(struct told_id, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN));

struct told_doing {
    const char *conversation, *id, *name;
    int64_t seq;
};
JSON_SHAPE(told_reading, "reading_told", struct told_doing,
           J_TEXT(struct told_doing, conversation, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_TEXT(struct told_doing, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_I64(struct told_doing, seq, 1, INT64_MAX));
JSON_SHAPE(told_writing, "writing_told", struct told_doing,
           J_TEXT(struct told_doing, conversation, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_TEXT(struct told_doing, id, PUBLIC_ID_LEN, PUBLIC_ID_LEN),
           J_TEXT(struct told_doing, name, 1, 32));

#define THERE "who perceives them in it: no_conversation_tells_of_the_other"
enum { FRESH, CHANGED, AGAIN, READING, WRITING };
const struct live_event messages_events[] = {
    [FRESH] = {"message", &told_message, "A message, one's own too, in a conversation one is in.",
               THERE},
    [CHANGED] = {"message_changed", &told_message,
                 "It was edited, taken back, reacted to; `text` only when it is another one: else"
                 " keep what there is.",
                 THERE},
    [AGAIN] = {"conversation", &told_id, "Ask for this conversation again.", THERE},
    [READING] = {"reading", &told_reading, "Somebody has read up to here.", THERE},
    [WRITING] = {"writing", &told_writing, "Somebody writes; ends by itself after 6 s.", THERE},
    {NULL},
};

static bool told(const struct call *call, const struct messages_member *one)
{
    return one->seen && (strcmp(one->state, "left") != 0 || one->account_id == call->actor.id);
}

static void tell_one_again(struct call *call, int64_t account_id, const char *id)
{
    call_tell(call, &messages_events[AGAIN], account_id, &(struct told_id){id});
}

void messages_tell_own(struct call *call, const char *id)
{
    ASSERT_CODE(call->tx && call->actor.id);
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
    ASSERT_CODE(own->account_id == call->actor.id);
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
    ASSERT_CODE(call->tx);
    for (size_t i = 0; i < count; i++) {
        if (told(call, &members[i])) {
            tell_one_again(call, members[i].account_id, place->public_id);
        }
    }
}

void messages_tell(struct call *call, int64_t account_id, bool fresh, const char *conversation,
                   const struct messages_message *message)
{
    call_tell(call, &messages_events[fresh ? FRESH : CHANGED], account_id,
              &(struct told_message){conversation, *message});
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

enum err messages_tell_doing(struct call *call, const struct messages_place *place,
                             const struct messages_member *members, size_t count, int64_t seq)
{
    const struct messages_member *own = NULL;
    ASSERT_CODE(call->tx && call->actor.id);
    for (size_t i = 0; i < count; i++) {
        own = members[i].account_id == call->actor.id ? &members[i] : own;
    }
    for (size_t i = 0; own && i < count; i++) {
        bool hears =
            &members[i] != own && members[i].seen && strcmp(members[i].state, "in") == 0 &&
            (!seq || members[i].shows) &&
            messages_lets(place, members[i].friends, own->accepted_ms, members[i].asked_ms);
        if (hears) {
            TRY(messages_near(call, place, members[i].account_id, &hears));
        }
        if (hears) {
            call_tell(call, &messages_events[seq ? READING : WRITING], members[i].account_id,
                      &(struct told_doing){place->public_id, own->id, own->name, seq});
        }
    }
    return OK;
}
