#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "live/live_inner.h"

/*
 * Lines to the store: one request a reactor at a time, in the order of their
 * numbers, so that what is stored never has a hole that a later answer would fill.
 */

/* False: no memory. */
static bool take_lists(struct live_ask *ask)
{
    if (ask->kind == LIVE_ADMIT) {
        struct live_admit_in *in = &ask->in.admit;
        in->entrants = arena_try(ask->arena, LIVE_ADMIT_MAX * sizeof(*in->entrants));
        in->present = arena_try(ask->arena, LIVE_PEOPLE_MAX * sizeof(*in->present));
        return in->entrants && in->present;
    }
    if (ask->kind == LIVE_SAVE) {
        struct live_save_in *in = &ask->in.save;
        in->says = arena_try(ask->arena, LIVE_SAVE_MAX * sizeof(*in->says));
        return in->says != NULL;
    }
    if (ask->kind == LIVE_KNOW) {
        struct live_know_in *in = &ask->in.know;
        in->ids = arena_try(ask->arena, LIVE_KNOW_MAX * sizeof(*in->ids));
        return in->ids != NULL;
    }
    return true;
}

struct live_ask *ask_new(struct reactor *reactor, enum live_ask_kind kind)
{
    ASSERT_CODE(kind < LIVE_ASK_KINDS);
    struct live_ask *ask = heap_new(sizeof(*ask));
    if (!ask) {
        return NULL;
    }
    ask->kind = kind;
    ask->reactor = reactor->number;
    ask->live = reactor->live;
    ask->arena = arena_new(ASK_ARENA_MAX);
    ask->answer = post_new(POST_ANSWER, 0, 0, NULL);
    if (!ask->answer || !ask->arena || !take_lists(ask)) {
        ask_free(ask);
        return NULL;
    }
    ask->answer->ask = ask;
    return ask;
}

void ask_free(struct live_ask *ask)
{
    if (ask) {
        arena_free(ask->arena);
        free(ask->answer);
        free(ask);
    }
}

void save_add(struct reactor *reactor, struct line *line)
{
    ASSERT_CODE(line->room && line->room->reactor == reactor && !line->stored);
    ASSERT_CODE(!line->next_unsaved);
    *reactor->unsaved_end = line;
    reactor->unsaved_end = &line->next_unsaved;
    line->room->unstored++;
    atomic_fetch_add_explicit(&reactor->live->unstored, 1, memory_order_relaxed);
}

void save_go_on(struct reactor *reactor)
{
    struct live *live = reactor->live;
    size_t most = reactor->alone ? 1 : LIVE_SAVE_MAX;
    if (reactor->saving || !reactor->unsaved) {
        return;
    }
    struct live_ask *ask = ask_new(reactor, LIVE_SAVE);
    if (!ask) {
        return; /* the next turn tries again */
    }
    struct live_save_in *in = &ask->in.save;
    for (struct line *line = reactor->unsaved; line && in->says_count < most;
         line = line->next_unsaved) {
        in->says[in->says_count++] = (struct live_say){.room_id = line->room->id,
                                                       .seq = line->seq,
                                                       .sender_id = line->sender_id,
                                                       .key_id = line->key_id,
                                                       .at_ms = line->at_ms,
                                                       .client_id = line->client_id,
                                                       .text = line->text};
    }
    reactor->saving = live->options.ask(live->options.ask_ctx, ask) == OK;
    if (!reactor->saving) {
        ask_free(ask); /* the lines stay; the next turn tries again */
    }
}

static void settle(struct line *line, int64_t seq, const char *code)
{
    struct room *room = line->room;
    ASSERT_CODE(!line->stored && room->unstored > 0);
    struct member *member = room_member(room, line->sender_id);
    line->stored = true;
    line->first_seq = seq;
    line->failed = code != NULL;
    line->nobody |= code || seq != line->seq;
    room->unstored--;
    atomic_fetch_sub_explicit(&room->reactor->live->unstored, 1, memory_order_relaxed);
    if (member && member->peer && code) {
        chat_nack(member, line->client_id, code);
    } else if (member && member->peer) {
        chat_ack(member, line->client_id, seq);
    }
    chat_trim(room);
    if (room->state == ROOM_NEW) {
        enter_go_on(room);
    } else {
        room_rest(room);
    }
}

void save_answer(struct reactor *reactor, struct live_ask *ask)
{
    const struct live_save_out *saved = ask->out;
    size_t count = ask->in.save.says_count;
    ASSERT_CODE(reactor->saving && count > 0);
    reactor->saving = false;
    if (ask->err != OK && count > 1) {
        reactor->alone = (unsigned)count; /* one of them is bad: one by one */
        count = 0;
    } else if (reactor->alone) {
        reactor->alone--;
    }
    for (size_t i = 0; i < count; i++) {
        struct line *line = reactor->unsaved;
        ASSERT_CODE(line);
        reactor->unsaved = line->next_unsaved;
        if (!reactor->unsaved) {
            reactor->unsaved_end = &reactor->unsaved;
        }
        line->next_unsaved = NULL;
        settle(line, ask->err == OK ? saved->stored[i].seq : 0,
               ask->err == OK ? saved->stored[i].code : "rooms.busy");
    }
    ask_free(ask);
    save_go_on(reactor);
}

/* ---- said before? ---- */

/* False: nobody takes the question, or there is no memory for it. */
static bool ask_first(const struct member *member)
{
    const struct live *live = member->room->reactor->live;
    struct live_ask *ask = ask_new(member->room->reactor, LIVE_SAID);
    const char *client_id = member->careful->client_id;
    size_t size = strlen(client_id) + 1;
    char *copy = ask ? arena_try(ask->arena, size) : NULL;
    if (copy) {
        memcpy(copy, client_id, size);
        ask->in.said = (struct live_said_in){member->room->id, member->account_id, copy};
    }
    if (!copy || live->options.ask(live->options.ask_ctx, ask) != OK) {
        ask_free(ask);
        return false;
    }
    return true;
}

/* `ask` NULL: it could not be asked about. */
static void decide(struct member *member, const struct careful *first, const struct live_ask *ask)
{
    const struct line *known = chat_find(member->room, member->account_id, first->client_id);
    bool told = ask && ask->err == OK;
    int64_t seq = told ? ((const struct live_said_out *)ask->out)->seq : 0;
    if (seq > 0) {
        chat_ack(member, first->client_id, seq);
    } else if (known && known->stored) {
        chat_ack(member, first->client_id, known->first_seq);
    } else if (!known && (!told || chat_busy(member->room))) {
        chat_nack(member, first->client_id, "rooms.busy");
    } else if (!known) {
        chat_number(member, first->client_id, first->text);
    }
}

static void decide_first(struct member *member, const struct live_ask *ask)
{
    struct careful *first = member->careful;
    member->careful = first->next;
    if (member->peer) {
        decide(member, first, ask);
    }
    free(first);
}

/* Asks about the first that waits; those that can't be asked about are told so. */
static void careful_go_on(struct member *member)
{
    while (member->careful && !ask_first(member)) {
        decide_first(member, NULL);
    }
}

void save_ask_said(struct member *member, const char *client_id, const char *text)
{
    struct careful **end = &member->careful;
    size_t count = 0, size = strlen(text) + 1;
    for (; *end; end = &(*end)->next) {
        if (strcmp((*end)->client_id, client_id) == 0) {
            return;
        }
        count++;
    }
    if (count >= CAREFUL_MAX) {
        chat_nack(member, client_id, "rooms.busy");
        return;
    }
    *end = heap_new(sizeof(**end) + size);
    if (!*end) {
        chat_nack(member, client_id, "rooms.busy");
        return;
    }
    text_put((*end)->client_id, sizeof((*end)->client_id), client_id);
    memcpy((*end)->text, text, size);
    if (count == 0) {
        careful_go_on(member);
    }
}

void save_forget_careful(struct member *member)
{
    while (member->careful) {
        struct careful *first = member->careful;
        member->careful = first->next;
        free(first);
    }
}

void save_said(struct reactor *reactor, struct live_ask *ask)
{
    const struct live_said_in *asked = &ask->in.said;
    struct room *room = room_by_id(reactor, asked->room_id);
    struct member *member = room ? room_member(room, asked->sender_id) : NULL;
    const struct careful *first = member ? member->careful : NULL;
    if (first && strcmp(first->client_id, asked->client_id) == 0) {
        decide_first(member, ask);
        careful_go_on(member);
    }
    ask_free(ask);
}
