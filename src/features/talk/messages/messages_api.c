#include "api/api.h"

#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "call/id.h"
#include "features/identity/names/names.h"
#include "features/talk/messages/messages_shapes_inner.h"

static const struct api_limit sends = {.name = "messages", .burst = 10, .per_ms = 10 * TIME_S};
static const struct api_limit changes = {
    .name = "message changes", .burst = 30, .per_ms = TIME_MIN};
static const struct api_limit marks = {.name = "message marks", .burst = 60, .per_ms = TIME_MIN};
static const struct api_limit typing = {.name = "typing", .burst = 2, .per_ms = 6 * TIME_S};
static const struct api_limit reads = {.name = "messages.read", .burst = 120, .per_ms = TIME_MIN};
static const struct api_limit opens = {.name = "conversations", .burst = 60, .per_ms = TIME_H};
static const struct api_limit adds = {
    .name = "messages.add", .burst = MESSAGES_ADDED_DAY, .per_ms = TIME_DAY};
static const struct api_limit searches = {
    .name = "messages.search", .burst = MESSAGES_SLICES_MIN, .per_ms = TIME_MIN};

/* ---- conversations ---- */

STEPS(list, list_asked, list, struct messages_listed, apply, finish);
STEP(list, apply)
{
    bool requests = in->box && strcmp(in->box, "requests") == 0;
    return messages_list(call, requests, in->after, state);
}

STEP(list, finish)
{
    TRY(messages_list_open(call, state));
    *out = (struct list_out){
        .items = {state->all, state->count}, .next = state->next, .requests = state->requests};
    return OK;
}

STEPS(one, which, conversation, struct messages_listed, apply, finish);
STEP_IS(one, apply, messages_one(call, in->id, state));

static enum err open_one(struct call *call, struct messages_listed *listed,
                         struct messages_conversation *ret)
{
    TRY(messages_list_open(call, listed));
    *ret = listed->all[0];
    return OK;
}

STEP_IS(one, finish, open_one(call, state, out));

struct open_state {
    struct messages_listed listed;
    struct messages_opening opening;
};

STEPS(open, opened, conversation, struct open_state, look, prepare, apply, finish);
STEP(open, look)
{
    struct messages_opening *opening = &state->opening;
    if (in->people.count == 0) {
        return call_fail_field(call, ERR_INVALID, "input.missing", "people");
    }
    opening->people = in->people.items;
    opening->people_count = in->people.count;
    return messages_open_look(call, opening);
}

/* A group is nobody's who runs this place. */
static enum err read_name(struct call *call, const char *name, const char **ret)
{
    TRY(messages_trim(call, name, "name", ret));
    return names_staffs(call, *ret)
               ? call_fail_field(call, ERR_INVALID, "messages.reserved", "name")
               : OK;
}

STEP(open, prepare)
{
    struct messages_opening *opening = &state->opening;
    uint8_t chance[16];
    crypto_random(chance, sizeof(chance));
    id_public(chance, opening->id);
    if (in->name) {
        TRY(read_name(call, in->name, &opening->name));
    }
    return messages_open_seal(call, opening);
}

STEP(open, apply)
{
    TRY(messages_start(call, &state->opening));
    return messages_one(call, state->opening.made, &state->listed);
}

STEP_IS(open, finish, open_one(call, &state->listed, out));

struct change_state {
    struct messages_listed listed;
    struct sealed key;
    struct sealed name;
};

STEPS(change, changed, conversation, struct change_state, look, prepare, apply, finish);
STEP(change, look)
{
    return in->name ? messages_key_look(call, in->id, &state->key) : OK;
}

STEP(change, prepare)
{
    const char *name = NULL;
    if (!in->name) {
        return OK;
    }
    TRY(read_name(call, in->name, &name));
    return state->key.at ? messages_seal(call, in->id, &state->key, "name", name, &state->name)
                         : OK;
}

STEP(change, apply)
{
    TRY(in->name ? messages_rename(call, in->id, &state->name)
                 : messages_mute(call, in->id, in->muted));
    return messages_one(call, in->id, &state->listed);
}

STEP_IS(change, finish, open_one(call, &state->listed, out));

STEPS(forget, which, none, struct none, apply);
STEP_IS(forget, apply, messages_forget(call, in->id));

STEPS(accept, which, conversation, struct messages_listed, apply, finish);
STEP(accept, apply)
{
    TRY(messages_accept(call, in->id));
    return messages_one(call, in->id, state);
}

STEP_IS(accept, finish, open_one(call, state, out));

STEPS(add, added, conversation, struct open_state, look, prepare, apply, finish);
STEP(add, look)
{
    struct messages_opening *opening = &state->opening;
    const char **people = arena_alloc(call->arena, sizeof(*people));
    people[0] = in->person;
    opening->people = people;
    opening->people_count = 1;
    return messages_open_look(call, opening);
}

STEP(add, prepare)
{
    struct messages_opening *opening = &state->opening;
    strncpy(opening->id, in->id, PUBLIC_ID_LEN); /* another one is none, and found nowhere */
    return messages_open_seal(call, opening);
}

STEP(add, apply)
{
    TRY(messages_add(call, in->id, &state->opening));
    return messages_one(call, in->id, &state->listed);
}

STEP_IS(add, finish, open_one(call, &state->listed, out));

STEPS(remove, added, none, struct none, apply);
STEP_IS(remove, apply, messages_remove(call, in->id, in->person));

/* ---- messages ---- */

static bool client_id(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] ==
           '\0';
}

STEPS(send, sent, messages_message_shape, struct messages_send, look, prepare, apply, finish);
STEP_IS(send, look, messages_key_look(call, in->id, &state->key));

STEP(send, prepare)
{
    state->id = in->id;
    state->cid = in->cid;
    state->reply = in->reply;
    state->mentions = in->mentions.items;
    state->mentions_count = in->mentions.count;
    if (!client_id(in->cid)) {
        return call_fail_field(call, ERR_INVALID, "input.text", "cid");
    }
    TRY(messages_trim(call, in->text, "text", &state->text));
    return state->key.at
               ? messages_seal(call, state->id, &state->key, state->cid, state->text, &state->body)
               : OK;
}

STEP_IS(send, apply, messages_put(call, state));

STEP(send, finish)
{
    TRY(messages_open(call, &state->sent, 1)); /* of a repeat */
    *out = state->sent.message;
    return OK;
}

STEPS(edit, edited, messages_message_shape, struct messages_change, look, prepare, apply, finish);
STEP(edit, look)
{
    state->id = in->id;
    state->seq = in->seq;
    return messages_change_look(call, state);
}

STEP(edit, prepare)
{
    TRY(messages_trim(call, in->text, "text", &state->text));
    return messages_seal(call, state->id, &state->key, state->client_id, state->text, &state->body);
}

STEP_IS(edit, apply, messages_edit(call, state, out));

/* The answer holds words: a `finish` keeps it out of the store of repeats. */
STEP(edit, finish)
{
    return OK;
}

STEPS(take_back, one, none, struct none, apply);
STEP_IS(take_back, apply, messages_take_back(call, in->id, in->seq));

STEPS(react, reacted, none, struct none, apply);
STEP_IS(react, apply, messages_react(call, in->id, in->seq, in->emoji, in->on));

STEPS(page, page_asked, page, struct messages_page, apply, finish);
STEP_IS(page, apply, messages_read_page(call, in, state));

STEP(page, finish)
{
    struct messages_message *all = arena_alloc(call->arena, (state->count + 1) * sizeof(*all));
    TRY(messages_open(call, state->all, state->count));
    for (size_t i = 0; i < state->count; i++) {
        all[i] = state->all[i].message;
    }
    *out = (struct page_out){{all, state->count}, state->before, state->after};
    return OK;
}

STEPS(mark, one, none, struct none, apply);
STEP_IS(mark, apply, messages_mark(call, in->id, in->seq));

STEPS(typing, which, none, struct none, apply);
STEP_IS(typing, apply, messages_typing(call, in->id));

STEPS(search, searched, found_list, struct messages_search, prepare, apply, finish);
STEP(search, prepare)
{
    state->cursor = in->cursor;
    TRY(messages_fold(call, in->q, &state->folded));
    return *state->folded ? OK : call_fail_field(call, ERR_INVALID, "messages.empty", "q");
}

STEP_IS(search, apply, messages_search(call, state));

STEP(search, finish)
{
    struct messages_sealed *all = NULL;
    size_t count = 0;
    TRY(messages_search_open(call, state, &all, &count));
    struct found *items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct found){all[i].conversation, all[i].message};
    }
    *out = (struct search_out){{items, count}, state->next, state->searched_ms};
    return OK;
}

STEPS(choice_get, none, choice_shape, struct none, apply);
STEP_IS(choice_get, apply, messages_show_read(call, &out->show_read));

STEPS(choice_put, choice_shape, none, struct none, apply);
STEP_IS(choice_put, apply, messages_show_read_set(call, in->show_read));

JOB_STEPS(sweep, struct none, apply);
STEP_IS(sweep, apply, messages_sweep(call));

#define CONVERSATION "/api/conversations/{id}"
#define MESSAGE CONVERSATION "/messages/{seq}"
/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/conversations", API_MEMBER, API_TX_READ, 0, 200, &list_steps, .limits = {&reads},
     .about = "One's conversations, or those that wait in the request box; the newest first."},
    {"POST", "/api/conversations", API_MEMBER, API_TX_WRITE, 0, 201, &open_steps,
     .limits = {&opens},
     .about = "With one person: the one conversation of the two, old or new; nobody is told before"
              " the first message.  With more: a group."},
    {"GET", CONVERSATION, API_MEMBER, API_TX_READ, 0, 200, &one_steps, .limits = {&reads},
     .about = "One conversation."},
    {"PATCH", CONVERSATION, API_MEMBER, API_TX_WRITE, 0, 200, &change_steps, .limits = {&changes},
     .about = "Name a group that one made, or mute a conversation for oneself."},
    {"DELETE", CONVERSATION, API_MEMBER, API_TX_WRITE, 0, 204, &forget_steps, .limits = {&changes},
     .about = "Forget it for oneself: it comes back with the next message; a group is left."},
    {"POST", CONVERSATION "/accept", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 200,
     &accept_steps, .limits = {&changes},
     .about = "Out of the request box; DELETE refuses, and nobody is told."},
    {"POST", CONVERSATION "/people", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 200, &add_steps,
     .limits = {&changes, &adds},
     .about = "Into a group that one made; they see what comes after."},
    {"DELETE", CONVERSATION "/people/{person}", API_MEMBER, API_TX_WRITE, 0, 204, &remove_steps,
     .limits = {&changes}, .about = "Out of a group that one made."},
    {"GET", CONVERSATION "/messages", API_MEMBER, API_TX_READ, 0, 200, &page_steps,
     .limits = {&reads},
     .about = "Messages, oldest first: the last ones, or those before, after or around a number."},
    {"POST", CONVERSATION "/messages", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 201,
     &send_steps, .limits = {&sends}, .about = "Write; answered when it is stored for good."},
    {"PATCH", MESSAGE, API_MEMBER, API_TX_WRITE, 0, 200, &edit_steps, .limits = {&changes},
     .about = "Change what one wrote, within 15 minutes."},
    {"DELETE", MESSAGE, API_MEMBER, API_TX_WRITE, 0, 204, &take_back_steps, .limits = {&changes},
     .about = "Take back what one wrote, within 15 minutes."},
    {"POST", MESSAGE "/reactions", API_MEMBER, API_TX_WRITE, 0, 204, &react_steps,
     .limits = {&changes}, .about = "React to a message, or no longer."},
    {"POST", CONVERSATION "/read", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 204, &mark_steps,
     .limits = {&marks}, .about = "Read up to here."},
    {"POST", CONVERSATION "/typing", API_MEMBER, API_TX_READ, 0, 204, &typing_steps,
     .limits = {&typing}, .about = "One is writing; ends by itself after 6 s."},
    {"GET", "/api/messages/search", API_MEMBER, API_TX_READ, 0, 200, &search_steps,
     .limits = {&searches},
     .about = "One slice of a search through one's conversations, the newest first; next goes on."},
    {"GET", "/api/me/messages", API_MEMBER, API_TX_READ, 0, 200, &choice_get_steps,
     .about = "Whether others see how far one has read."},
    {"PUT", "/api/me/messages", API_MEMBER, API_TX_WRITE, 0, 204, &choice_put_steps,
     .limits = {&changes}, .about = "Show how far one has read, or not."},
    {0},
};

static const struct job_kind jobs[] = {
    {"messages.sweep", 10 * TIME_S, 5, 30 * TIME_S, &sweep_steps, API_TX_WRITE,
     .about = "Deletes messages that nobody can see any more, and conversations that all left."},
    {0},
};

static const struct topic_kind topics[] = {
    {"messages", "messages.topic", "messages.why", 20},
    {"messages_strangers", "messages.topic_strangers", "messages.why_strangers", 30},
    {0},
};

static const struct notice_kind notices[] = {
    {"messages.friend", "messages", "/messages/{target}", "A friend wrote."},
    {"messages.stranger", "messages_strangers", "/messages/{target}", "Somebody else wrote."},
    {"messages.request", "messages_strangers", "/messages/{target}",
     "Somebody wants to write, or asks into a group."},
    {"messages.mention", "messages", "/messages/{target}", "Somebody named the reader."},
    {0},
};
/* clang-format on */

extern const struct feature messages_feature; /* named in features.gen.c */
const struct feature messages_feature = {.name = "messages",
                                         .routes = routes,
                                         .jobs = jobs,
                                         .notices = notices,
                                         .topics = topics,
                                         .live = messages_events,
                                         .captures = messages_captures,
                                         .ending = &messages_ending};
