#include "base/arena.h"
#include "features/talk/messages/messages_inner.h"

/* A message, reported: with those before it, and also words that wait for the reporter's yes. */

struct found {
    struct messages_sealed *all;
    size_t count;
};

static enum err look(struct call *call, const struct capture_wish *wish, struct capture *ret)
{
    struct found *found = arena_alloc(call->arena, sizeof(*found));
    enum err err =
        messages_reported(call, wish->id, wish->seq, CAPTURE_TALK_MAX, &found->all, &found->count);
    if (err != OK) {
        return capture_missing(call, err);
    }
    ASSERT_CODE(found->count > 0);
    const struct messages_sealed *it = &found->all[found->count - 1];
    *ret = (struct capture){it->sender_id, it->message.name, capture_place(call, wish), found};
    return it->sender_id != call->actor.id ? OK : capture_missing(call, OK);
}

static enum err open_messages(struct call *call, const struct capture *it, struct captured *ret)
{
    const struct found *found = it->found;
    struct capture_entry *all = arena_alloc(call->arena, (found->count + 1) * sizeof(*all));
    size_t count = 0;
    TRY(messages_open(call, found->all, found->count));
    for (size_t i = 0; i < found->count; i++) {
        const struct messages_message *one = &found->all[i].message;
        if (one->text) {
            all[count++] = (struct capture_entry){one->name, one->text, one->at};
        } else if (i == found->count - 1) {
            return capture_missing(call, OK);
        }
    }
    *ret = (struct captured){.name = it->name, .style = "plain", .entries = {all, count}};
    return OK;
}

const struct capture_kind messages_captures[] = {
    {.name = "message", .numbered = true, .last = true, .look = look, .open = open_messages},
    {0},
};
