#ifndef LIVE_FAKE_STORE_TEST_H
#define LIVE_FAKE_STORE_TEST_H

/* Included by fake_test.h in its middle: what answers live's questions. */

/* ---- the rooms feature, as simply as it can be said ---- */

UNUSED static int fake_room_of(const struct fake *fake, const char *id)
{
    for (int i = 0; i < FAKE_ROOMS; i++) {
        if (strcmp(fake->rooms[i].id, id) == 0 && !fake->rooms[i].ended) {
            return i;
        }
    }
    return -1;
}

UNUSED static void fake_public_id(int account, char ret[PUBLIC_ID_LEN + 1])
{
    snprintf(ret, PUBLIC_ID_LEN + 1, "account%d", account);
}

UNUSED static char *fake_text(struct live_ask *ask, const char *text)
{
    return arena_text(ask->arena, text, strlen(text));
}

UNUSED static void fake_facts(const struct fake *fake, int room, struct live_ask *ask)
{
    const struct fake_room *row = &fake->rooms[room];
    ask->facts = (struct live_facts){.id = room + 1,
                                     .owner_id = row->owner,
                                     .capacity = row->capacity,
                                     .name = fake_text(ask, row->id),
                                     .scene = "lounge",
                                     .language = "en",
                                     .visibility = row->visibility};
    memcpy(ask->facts.public_id, row->id, sizeof(row->id));
}

UNUSED static void fake_load(struct fake *fake, struct live_ask *ask)
{
    int room = fake_room_of(fake, ask->room);
    if (room < 0) {
        ask->err = ERR_MISSING;
        return;
    }
    fake_facts(fake, room, ask);
    ask->heard = arena_alloc(ask->arena, 200 * sizeof(*ask->heard));
    for (size_t i = 0; i < fake->lines_count; i++) {
        const struct fake_line *line = &fake->lines[i];
        if (line->room != room) {
            continue;
        }
        if (ask->heard_count == 200) {
            memmove(ask->heard, ask->heard + 1, 199 * sizeof(*ask->heard));
            ask->heard_count--;
            ask->more = true;
        }
        char from[PUBLIC_ID_LEN + 1];
        fake_public_id((int)line->sender, from);
        ask->heard[ask->heard_count++] =
            (struct live_heard){.seq = line->seq,
                                .at_ms = line->at_ms,
                                .sender_id = line->sender,
                                .from = fake_text(ask, from),
                                .name = fake_text(ask, from),
                                .avatar = "mia",
                                .client_id = fake_text(ask, line->client_id),
                                .text = fake_text(ask, line->text)};
        ask->seq = line->seq;
    }
}

UNUSED static void fake_admit(struct fake *fake, struct live_ask *ask)
{
    int room = fake_room_of(fake, ask->room);
    if (room < 0) {
        ask->err = ERR_MISSING;
        return;
    }
    fake_facts(fake, room, ask);
    for (size_t i = 0; i < ask->entrants_count; i++) {
        const struct live_entrant *who = &ask->entrants[i];
        struct live_verdict *verdict = &ask->verdicts[i];
        char id[PUBLIC_ID_LEN + 1];
        fake_public_id((int)who->account_id, id);
        *verdict = (struct live_verdict){.account_id = who->account_id,
                                         .key_id = 7,
                                         .public_id = fake_text(ask, id),
                                         .name = fake_text(ask, id),
                                         .role = "member",
                                         .avatar = fake->avatar ? fake->avatar : "mia",
                                         .invisible = fake->invisible[who->account_id]};
        if (fake->long_names) { /* no two the same: 28 characters of four bytes, then a number */
            char name[129] = "";
            for (int c = 0; c < 28; c++) {
                strcat(name, "\xf0\x9f\x98\x80"); /* NOLINT: far below its size */
            }
            snprintf(name + 112, 17, "%04d", (int)who->account_id);
            verdict->name = fake_text(ask, name);
            verdict->avatar = "an-avatar-with-a-very-long-name1";
            verdict->colours_count = LIVE_COLOURS_MAX;
            memset(verdict->colours, LIVE_COLOUR_MAX, LIVE_COLOURS_MAX);
        }
        bool closed = strcmp(fake->rooms[room].visibility, "closed") == 0;
        int64_t owner = fake->rooms[room].owner;
        bool missing = (closed && who->account_id != owner) || fake->hides[who->account_id][owner];
        verdict->code = missing                                ? "rooms.missing"
                        : fake->removed[room][who->account_id] ? "rooms.removed"
                                                               : NULL;
        for (size_t l = 0; l < fake->lines_count; l++) {
            const struct fake_line *line = &fake->lines[l];
            if (line->room == room && line->seq <= who->seq &&
                (line->seq == who->seq || !fake->hides[who->account_id][line->sender])) {
                verdict->since = line->seq;
            }
        }
    }
    size_t n = ask->present_count + ask->entrants_count;
    ask->hidden = arena_alloc(ask->arena, (n * n + 1) * sizeof(*ask->hidden));
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < n; b++) {
            int64_t viewer = a < ask->present_count
                                 ? ask->present[a]
                                 : ask->entrants[a - ask->present_count].account_id;
            int64_t subject = b < ask->present_count
                                  ? ask->present[b]
                                  : ask->entrants[b - ask->present_count].account_id;
            if (fake->hides[viewer][subject]) {
                ask->hidden[ask->hidden_count++] = (struct live_pair){viewer, subject};
            }
        }
    }
}

UNUSED static struct fake_line *fake_find(struct fake *fake, const struct live_say *say)
{
    for (size_t i = 0; i < fake->lines_count; i++) {
        struct fake_line *line = &fake->lines[i];
        if (line->room == say->room_id - 1 && line->sender == say->sender_id &&
            strcmp(line->client_id, say->client_id) == 0) {
            return line;
        }
    }
    return NULL;
}

UNUSED static void fake_save(struct fake *fake, struct live_ask *ask)
{
    ask->err = fake->save_err;
    for (size_t i = 0; i < ask->says_count; i++) {
        if (fake->bad_sender && ask->says[i].sender_id == fake->bad_sender) {
            ask->err = ERR_BROKEN;
        }
    }
    for (size_t i = 0; ask->err == OK && i < ask->says_count; i++) {
        struct live_say *say = &ask->says[i];
        struct fake_line *old = fake_find(fake, say);
        say->stored_seq = old ? old->seq : say->seq;
        if (!old) {
            struct fake_line *line = &fake->lines[fake->lines_count++];
            assert_true(fake->lines_count < FAKE_LINES);
            *line = (struct fake_line){(int)say->room_id - 1, say->seq, say->at_ms,
                                       say->sender_id,        "",       ""};
            snprintf(line->client_id, sizeof(line->client_id), "%s", say->client_id);
            snprintf(line->text, sizeof(line->text), "%.63s", say->text);
        }
    }
}

/* Everybody is everybody's friend when the test wants it, but for whom the rule hides. */
UNUSED static void fake_know(struct fake *fake, struct live_ask *ask)
{
    fake->knows++;
    ask->err = fake->know_err;
    ask->known = arena_alloc(ask->arena, ask->present_count * sizeof(*ask->known));
    for (size_t i = 0; fake->friendly && i < ask->present_count; i++) {
        int64_t who = ask->present[i], *ids = arena_alloc(ask->arena, FAKE_ACCOUNTS * sizeof(*ids));
        struct live_known *known = &ask->known[ask->known_count++];
        *known = (struct live_known){
            .account_id = who, .visible = !fake->invisible[who], .friend_ids = ids};
        fake_public_id((int)who, known->public_id);
        for (int64_t viewer = 1; viewer < FAKE_ACCOUNTS; viewer++) {
            if (viewer != who && !fake->hides[viewer][who]) {
                ids[known->friends_count++] = viewer;
            }
        }
    }
}

struct fake_answering {
    struct fake *fake;
    struct live_ask *ask;
};

UNUSED static enum err fake_fill(void *arg)
{
    const struct fake_answering *it = arg;
    struct fake *fake = it->fake;
    struct live_ask *ask = it->ask;
    if (ask->kind == LIVE_LOAD) {
        fake_load(fake, ask);
    } else if (ask->kind == LIVE_ADMIT) {
        fake_admit(fake, ask);
    } else if (ask->kind == LIVE_SAVE) {
        fake_save(fake, ask);
    } else if (ask->kind == LIVE_KNOW) {
        fake_know(fake, ask);
    } else {
        struct fake_line *old = fake_find(fake, &ask->says[0]);
        ask->says[0].stored_seq = old ? old->seq : 0;
    }
    return OK;
}

/* Answers the oldest question, as the server does; false when there is none. */
UNUSED static bool fake_answer(struct fake *fake)
{
    struct live_ask *ask = fake->asks;
    if (!ask) {
        return false;
    }
    fake->asks = ask->next;
    struct fake_answering answering = {fake, ask};
    enum err err =
        ask->arena ? arena_run(ask->arena, fake_fill, &answering) : fake_fill(&answering);
    ask->err = err == OK ? ask->err : err;
    live_answer(fake->live, ask);
    return true;
}

#endif
