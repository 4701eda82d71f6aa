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

UNUSED static struct live_facts fake_facts(const struct fake *fake, int room, struct live_ask *ask)
{
    const struct fake_room *row = &fake->rooms[room];
    return (struct live_facts){.id = room + 1,
                               .owner_id = row->owner,
                               .capacity = row->capacity,
                               .public_id = fake_text(ask, row->id),
                               .name = fake_text(ask, row->id),
                               .topic = row->topic ? row->topic : "",
                               .scene = "lounge",
                               .language = "en",
                               .visibility = row->visibility};
}

UNUSED static void fake_load(struct fake *fake, struct live_ask *ask)
{
    int room = fake_room_of(fake, ask->in.load.room);
    struct live_load_out *out = arena_alloc(ask->arena, sizeof(*out));
    ask->out = out;
    if (room < 0) {
        ask->err = ERR_MISSING;
        return;
    }
    out->room = fake_facts(fake, room, ask);
    out->heard = arena_alloc(ask->arena, 200 * sizeof(*out->heard));
    for (size_t i = 0; i < fake->lines_count; i++) {
        const struct fake_line *line = &fake->lines[i];
        if (line->room != room) {
            continue;
        }
        if (out->heard_count == 200) {
            memmove(out->heard, out->heard + 1, 199 * sizeof(*out->heard));
            out->heard_count--;
            out->more = true;
        }
        char from[PUBLIC_ID_LEN + 1];
        fake_public_id((int)line->sender, from);
        out->heard[out->heard_count++] =
            (struct live_heard){.seq = line->seq,
                                .at_ms = line->at_ms,
                                .sender_id = line->sender,
                                .from = fake_text(ask, from),
                                .name = fake_text(ask, from),
                                .avatar = "mia",
                                .client_id = fake_text(ask, line->client_id),
                                .text = fake_text(ask, line->text)};
        out->seq = line->seq;
    }
}

UNUSED static void fake_admit(struct fake *fake, struct live_ask *ask)
{
    const struct live_admit_in *in = &ask->in.admit;
    int room = fake_room_of(fake, in->room);
    struct live_admit_out *out = arena_alloc(ask->arena, sizeof(*out));
    ask->out = out;
    if (room < 0) {
        ask->err = ERR_MISSING;
        return;
    }
    out->room = fake_facts(fake, room, ask);
    for (size_t i = 0; i < in->entrants_count; i++) {
        const struct live_entrant *who = &in->entrants[i];
        struct live_verdict *verdict = &out->verdicts[i];
        char id[PUBLIC_ID_LEN + 1];
        fake_public_id((int)who->account_id, id);
        *verdict = (struct live_verdict){.account_id = who->account_id,
                                         .key_id = 7,
                                         .face.id = fake_text(ask, id),
                                         .face.name = fake_text(ask, id),
                                         .role = "member",
                                         .face.avatar = fake->avatar ? fake->avatar : "mia",
                                         .face.look = fake->look,
                                         .invisible = fake->invisible[who->account_id]};
        if (fake->long_names) { /* no two the same: 28 characters of four bytes, then a number */
            char name[129] = "";
            for (int c = 0; c < 28; c++) {
                strcat(name, "\xf0\x9f\x98\x80"); /* NOLINT: far below its size */
            }
            snprintf(name + 112, 17, "%04d", (int)who->account_id);
            verdict->face.name = fake_text(ask, name);
            verdict->face.avatar = "an-avatar-with-a-very-long-name1";
            verdict->face.look = "a-look-of-26-letters-each-";
            for (size_t c = 0; c < JSON_NUMBERS_MAX; c++) {
                verdict->face.colours.at[c] = FACE_COLOUR_MAX;
            }
            verdict->face.colours.count = JSON_NUMBERS_MAX;
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
    size_t n = in->present_count + in->entrants_count;
    out->hidden = arena_alloc(ask->arena, (n * n + 1) * sizeof(*out->hidden));
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b < n; b++) {
            int64_t viewer = a < in->present_count ? in->present[a]
                                                   : in->entrants[a - in->present_count].account_id;
            int64_t subject = b < in->present_count
                                  ? in->present[b]
                                  : in->entrants[b - in->present_count].account_id;
            if (fake->hides[viewer][subject]) {
                out->hidden[out->hidden_count++] = (struct live_pair){viewer, subject};
            }
        }
    }
}

UNUSED static struct fake_line *fake_find(struct fake *fake, int64_t room_id, int64_t sender_id,
                                          const char *client_id)
{
    for (size_t i = 0; i < fake->lines_count; i++) {
        struct fake_line *line = &fake->lines[i];
        if (line->room == room_id - 1 && line->sender == sender_id &&
            strcmp(line->client_id, client_id) == 0) {
            return line;
        }
    }
    return NULL;
}

UNUSED static void fake_save(struct fake *fake, struct live_ask *ask)
{
    const struct live_save_in *in = &ask->in.save;
    struct live_save_out *out = arena_alloc(ask->arena, sizeof(*out));
    ask->err = fake->save_err;
    ask->out = out;
    for (size_t i = 0; i < in->says_count; i++) {
        if (fake->bad_sender && in->says[i].sender_id == fake->bad_sender) {
            ask->err = ERR_BROKEN;
        }
    }
    for (size_t i = 0; ask->err == OK && i < in->says_count; i++) {
        const struct live_say *say = &in->says[i];
        struct fake_line *old = fake_find(fake, say->room_id, say->sender_id, say->client_id);
        out->stored[i].seq = old ? old->seq : say->seq;
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
    const struct live_know_in *in = &ask->in.know;
    struct live_know_out *out = arena_alloc(ask->arena, sizeof(*out));
    fake->knows++;
    ask->err = fake->know_err;
    ask->out = out;
    for (size_t i = 0; fake->friendly && i < in->count; i++) {
        int64_t who = in->ids[i], *ids = arena_alloc(ask->arena, FAKE_ACCOUNTS * sizeof(*ids));
        char *id = arena_alloc(ask->arena, PUBLIC_ID_LEN + 1);
        struct live_known *known = &out->known[out->count++];
        fake_public_id((int)who, id);
        *known = (struct live_known){.account_id = who,
                                     .public_id = id,
                                     .visible = !fake->invisible[who],
                                     .friend_ids = ids};
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
        const struct live_said_in *said = &ask->in.said;
        struct live_said_out *out = arena_alloc(ask->arena, sizeof(*out));
        struct fake_line *old = fake_find(fake, said->room_id, said->sender_id, said->client_id);
        out->seq = old ? old->seq : 0;
        ask->out = out;
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
    enum err err = arena_run(ask->arena, fake_fill, &answering);
    ask->err = err == OK ? ask->err : err;
    live_answer(ask);
    return true;
}

#endif
