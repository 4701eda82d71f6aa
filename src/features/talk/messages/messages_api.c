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

static enum err list_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct list_in *asked = in;
    bool requests = asked->box && strcmp(asked->box, "requests") == 0;
    return messages_list(call, requests, asked->after, call->state);
}

static enum err list_finish(struct call *call, const void *in UNUSED, void *out)
{
    struct messages_listed *listed = call->state;
    TRY(messages_list_open(call, listed));
    *(struct list_out *)out = (struct list_out){
        .items = {listed->all, listed->count}, .next = listed->next, .requests = listed->requests};
    return OK;
}

static enum err one_apply(struct call *call, const void *in, void *out UNUSED)
{
    return messages_one(call, ((const struct change_in *)in)->id, call->state);
}

static enum err one_finish(struct call *call, const void *in UNUSED, void *out)
{
    struct messages_listed *listed = call->state;
    TRY(messages_list_open(call, listed));
    *(struct messages_conversation *)out = listed->all[0];
    return OK;
}

/* `listed` stands first: one_finish shapes the answer. */
struct open_state {
    struct messages_listed listed;
    struct messages_opening opening;
};

static enum err open_look(struct call *call, const void *in, void *out UNUSED)
{
    const struct open_in *wish = in;
    struct messages_opening *opening = &((struct open_state *)call->state)->opening;
    if (wish->people.count == 0) {
        return call_fail_field(call, ERR_INVALID, "input.missing", "people");
    }
    opening->people = wish->people.items;
    opening->people_count = wish->people.count;
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

static enum err open_prepare(struct call *call, const void *in, void *out UNUSED)
{
    const struct open_in *wish = in;
    struct messages_opening *opening = &((struct open_state *)call->state)->opening;
    uint8_t chance[16];
    crypto_random(chance, sizeof(chance));
    id_public(chance, opening->id);
    if (wish->name) {
        TRY(read_name(call, wish->name, &opening->name));
    }
    return messages_open_seal(call, opening);
}

static enum err open_apply(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    struct open_state *state = call->state;
    TRY(messages_start(call, &state->opening));
    return messages_one(call, state->opening.made, &state->listed);
}

struct change_state {
    struct messages_listed listed;
    struct sealed key;
    struct sealed name;
};

static enum err change_look(struct call *call, const void *in, void *out UNUSED)
{
    const struct change_in *change = in;
    struct change_state *state = call->state;
    return change->name ? messages_key_look(call, change->id, &state->key) : OK;
}

static enum err change_prepare(struct call *call, const void *in, void *out UNUSED)
{
    const struct change_in *change = in;
    struct change_state *state = call->state;
    const char *name = NULL;
    if (!change->name) {
        return OK;
    }
    TRY(read_name(call, change->name, &name));
    return state->key.at ? messages_seal(call, change->id, &state->key, "name", name, &state->name)
                         : OK;
}

static enum err change_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct change_in *change = in;
    struct change_state *state = call->state;
    TRY(change->name ? messages_rename(call, change->id, &state->name)
                     : messages_mute(call, change->id, change->muted));
    return messages_one(call, change->id, &state->listed);
}

static enum err forget_apply(struct call *call, const void *in, void *out UNUSED)
{
    return messages_forget(call, ((const struct change_in *)in)->id);
}

static enum err accept_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct change_in *which_one = in;
    TRY(messages_accept(call, which_one->id));
    return messages_one(call, which_one->id, call->state);
}

static enum err add_look(struct call *call, const void *in, void *out UNUSED)
{
    const struct person_in *whom = in;
    struct messages_opening *opening = &((struct open_state *)call->state)->opening;
    const char **people = arena_alloc(call->arena, sizeof(*people));
    people[0] = whom->person;
    opening->people = people;
    opening->people_count = 1;
    return messages_open_look(call, opening);
}

static enum err add_prepare(struct call *call, const void *in, void *out UNUSED)
{
    const struct person_in *whom = in;
    struct messages_opening *opening = &((struct open_state *)call->state)->opening;
    strncpy(opening->id, whom->id, PUBLIC_ID_LEN); /* another one is none, and found nowhere */
    return messages_open_seal(call, opening);
}

static enum err add_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct person_in *whom = in;
    struct open_state *state = call->state;
    TRY(messages_add(call, whom->id, &state->opening));
    return messages_one(call, whom->id, &state->listed);
}

static enum err remove_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct person_in *whom = in;
    return messages_remove(call, whom->id, whom->person);
}

/* ---- messages ---- */

static bool client_id(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")] ==
           '\0';
}

static enum err send_look(struct call *call, const void *in, void *out UNUSED)
{
    struct messages_send *send = call->state;
    return messages_key_look(call, ((const struct send_in *)in)->id, &send->key);
}

static enum err send_prepare(struct call *call, const void *in, void *out UNUSED)
{
    const struct send_in *wish = in;
    struct messages_send *send = call->state;
    send->id = wish->id;
    send->cid = wish->cid;
    send->reply = wish->reply;
    send->mentions = wish->mentions.items;
    send->mentions_count = wish->mentions.count;
    if (!client_id(wish->cid)) {
        return call_fail_field(call, ERR_INVALID, "input.text", "cid");
    }
    TRY(messages_trim(call, wish->text, "text", &send->text));
    return send->key.at
               ? messages_seal(call, send->id, &send->key, send->cid, send->text, &send->body)
               : OK;
}

static enum err send_apply(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return messages_put(call, call->state);
}

static enum err send_finish(struct call *call, const void *in UNUSED, void *out)
{
    struct messages_send *send = call->state;
    TRY(messages_open(call, &send->sent, 1)); /* of a repeat */
    *(struct messages_message *)out = send->sent.message;
    return OK;
}

static enum err edit_look(struct call *call, const void *in, void *out UNUSED)
{
    const struct message_in *wish = in;
    struct messages_change *change = call->state;
    change->id = wish->id;
    change->seq = wish->seq;
    return messages_change_look(call, change);
}

static enum err edit_prepare(struct call *call, const void *in, void *out UNUSED)
{
    struct messages_change *change = call->state;
    TRY(messages_trim(call, ((const struct message_in *)in)->text, "text", &change->text));
    return messages_seal(call, change->id, &change->key, change->client_id, change->text,
                         &change->body);
}

static enum err edit_apply(struct call *call, const void *in UNUSED, void *out)
{
    return messages_edit(call, call->state, out);
}

/* The answer holds words: a `finish` keeps it out of the store of repeats. */
static enum err edit_finish(struct call *call UNUSED, const void *in UNUSED, void *out UNUSED)
{
    return OK;
}

static enum err take_back_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct message_in *wish = in;
    return messages_take_back(call, wish->id, wish->seq);
}

static enum err react_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct message_in *wish = in;
    return messages_react(call, wish->id, wish->seq, wish->emoji, wish->on);
}

static enum err page_apply(struct call *call, const void *in, void *out UNUSED)
{
    return messages_read_page(call, in, call->state);
}

static enum err page_finish(struct call *call, const void *in UNUSED, void *out)
{
    struct messages_page *read = call->state;
    struct messages_message *all = arena_alloc(call->arena, (read->count + 1) * sizeof(*all));
    TRY(messages_open(call, read->all, read->count));
    for (size_t i = 0; i < read->count; i++) {
        all[i] = read->all[i].message;
    }
    *(struct page_out *)out = (struct page_out){{all, read->count}, read->before, read->after};
    return OK;
}

static enum err mark_apply(struct call *call, const void *in, void *out UNUSED)
{
    const struct message_in *wish = in;
    return messages_mark(call, wish->id, wish->seq);
}

static enum err typing_apply(struct call *call, const void *in, void *out UNUSED)
{
    return messages_typing(call, ((const struct change_in *)in)->id);
}

static enum err search_prepare(struct call *call, const void *in, void *out UNUSED)
{
    const struct search_in *asked = in;
    struct messages_search *search = call->state;
    search->cursor = asked->cursor;
    TRY(messages_fold(call, asked->q, &search->folded));
    return *search->folded ? OK : call_fail_field(call, ERR_INVALID, "messages.empty", "q");
}

static enum err search_apply(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return messages_search(call, call->state);
}

static enum err search_finish(struct call *call, const void *in UNUSED, void *out)
{
    struct messages_search *search = call->state;
    struct search_out *answer = out;
    struct messages_sealed *all = NULL;
    size_t count = 0;
    TRY(messages_search_open(call, search, &all, &count));
    struct found *items = arena_alloc(call->arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct found){all[i].conversation, all[i].message};
    }
    *answer = (struct search_out){{items, count}, search->next, search->searched_ms};
    return OK;
}

static enum err choice_get(struct call *call, const void *in UNUSED, void *out)
{
    return messages_show_read(call, &((struct choice *)out)->show_read);
}

static enum err choice_put(struct call *call, const void *in, void *out UNUSED)
{
    return messages_show_read_set(call, ((const struct choice *)in)->show_read);
}

static enum err sweep_apply(struct call *call, const void *in UNUSED, void *out UNUSED)
{
    return messages_sweep(call);
}

#define CONVERSATION "/api/conversations/{id}"
#define MESSAGE CONVERSATION "/messages/{seq}"
/* clang-format off: a table reads as a table */
static const struct api_route routes[] = {
    {"GET", "/api/conversations", API_MEMBER, API_TX_READ, 0, 200, &list_asked, &list,
     sizeof(struct messages_listed), .apply = list_apply, .finish = list_finish, .limits = {&reads},
     .about = "One's conversations, or those that wait in the request box; the newest first."},
    {"POST", "/api/conversations", API_MEMBER, API_TX_WRITE, 0, 201, &opened, &conversation,
     sizeof(struct open_state), .look = open_look, .prepare = open_prepare, .apply = open_apply,
     .finish = one_finish, .limits = {&opens},
     .about = "With one person: the one conversation of the two, old or new; nobody is told before"
              " the first message.  With more: a group."},
    {"GET", CONVERSATION, API_MEMBER, API_TX_READ, 0, 200, &which, &conversation,
     sizeof(struct messages_listed), .apply = one_apply, .finish = one_finish, .limits = {&reads},
     .about = "One conversation."},
    {"PATCH", CONVERSATION, API_MEMBER, API_TX_WRITE, 0, 200, &changed, &conversation,
     sizeof(struct change_state), .look = change_look, .prepare = change_prepare,
     .apply = change_apply, .finish = one_finish, .limits = {&changes},
     .about = "Name a group that one made, or mute a conversation for oneself."},
    {"DELETE", CONVERSATION, API_MEMBER, API_TX_WRITE, 0, 204, &which, .apply = forget_apply,
     .limits = {&changes},
     .about = "Forget it for oneself: it comes back with the next message; a group is left."},
    {"POST", CONVERSATION "/accept", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 200, &which,
     &conversation, sizeof(struct messages_listed), .apply = accept_apply, .finish = one_finish,
     .limits = {&changes}, .about = "Out of the request box; DELETE refuses, and nobody is told."},
    {"POST", CONVERSATION "/people", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 200, &added,
     &conversation, sizeof(struct open_state), .look = add_look, .prepare = add_prepare,
     .apply = add_apply, .finish = one_finish, .limits = {&changes, &adds},
     .about = "Into a group that one made; they see what comes after."},
    {"DELETE", CONVERSATION "/people/{person}", API_MEMBER, API_TX_WRITE, 0, 204, &added,
     .apply = remove_apply, .limits = {&changes}, .about = "Out of a group that one made."},
    {"GET", CONVERSATION "/messages", API_MEMBER, API_TX_READ, 0, 200, &page_asked, &page,
     sizeof(struct messages_page), .apply = page_apply, .finish = page_finish, .limits = {&reads},
     .about = "Messages, oldest first: the last ones, or those before, after or around a number."},
    {"POST", CONVERSATION "/messages", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 201, &sent,
     &messages_message_shape, sizeof(struct messages_send), .look = send_look,
     .prepare = send_prepare, .apply = send_apply, .finish = send_finish, .limits = {&sends},
     .about = "Write; answered when it is stored for good."},
    {"PATCH", MESSAGE, API_MEMBER, API_TX_WRITE, 0, 200, &edited, &messages_message_shape,
     sizeof(struct messages_change), .look = edit_look, .prepare = edit_prepare,
     .apply = edit_apply, .finish = edit_finish, .limits = {&changes},
     .about = "Change what one wrote, within 15 minutes."},
    {"DELETE", MESSAGE, API_MEMBER, API_TX_WRITE, 0, 204, &one, .apply = take_back_apply,
     .limits = {&changes}, .about = "Take back what one wrote, within 15 minutes."},
    {"POST", MESSAGE "/reactions", API_MEMBER, API_TX_WRITE, 0, 204, &reacted, .apply = react_apply,
     .limits = {&changes}, .about = "React to a message, or no longer."},
    {"POST", CONVERSATION "/read", API_MEMBER, API_TX_WRITE, API_KNOWS_REPEATS, 204, &one,
     .apply = mark_apply, .limits = {&marks}, .about = "Read up to here."},
    {"POST", CONVERSATION "/typing", API_MEMBER, API_TX_READ, 0, 204, &which, .apply = typing_apply,
     .limits = {&typing}, .about = "One is writing; ends by itself after 6 s."},
    {"GET", "/api/messages/search", API_MEMBER, API_TX_READ, 0, 200, &searched, &found_list,
     sizeof(struct messages_search), .prepare = search_prepare, .apply = search_apply,
     .finish = search_finish, .limits = {&searches},
     .about = "One slice of a search through one's conversations, the newest first; next goes on."},
    {"GET", "/api/me/messages", API_MEMBER, API_TX_READ, 0, 200, .out = &choice_shape,
     .apply = choice_get, .about = "Whether others see how far one has read."},
    {"PUT", "/api/me/messages", API_MEMBER, API_TX_WRITE, 0, 204, &choice_shape,
     .apply = choice_put, .limits = {&changes}, .about = "Show how far one has read, or not."},
    {0},
};

static const struct job_kind jobs[] = {
    {"messages.sweep", 10 * TIME_S, 5, 30 * TIME_S, .apply = sweep_apply, .tx = API_TX_WRITE,
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
                                         .ending = &messages_ending};
