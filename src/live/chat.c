#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "live/live_inner.h"

/* Lines: numbered and told at once, remembered for those who come, stored by save.c. */

enum { LINES_FIRST = 16 };

/*
 * What finds a line by its id: of each place in the ring the hash of its line and the place of the
 * one before in the same chain, and of each chain the last place; places are counted from one. What
 * is forgotten is not taken out: places grow older along a chain, and where one is younger or is
 * none of those remembered, all behind it are forgotten.
 */
struct line_mark {
    uint32_t hash;
    uint16_t before, chain;
};
_Static_assert(LINES_MAX < UINT16_MAX, "a place fits");

static uint32_t hash_of(int64_t sender_id, const char *client_id)
{
    uint32_t hash = 2166136261u ^ (uint32_t)sender_id ^ (uint32_t)(sender_id >> 32);
    for (const char *at = client_id; *at; at++) {
        hash = (hash ^ (uint8_t)*at) * 16777619u;
    }
    return hash;
}

struct line *chat_at(const struct room *room, size_t i)
{
    ASSERT_CODE(i < room->lines_count);
    return room->lines[(room->lines_first + i) & (room->lines_cap - 1)];
}

static void mark(struct line_mark *marks, size_t cap, size_t at, uint32_t hash)
{
    uint16_t *chain = &marks[hash & (cap - 1)].chain;
    marks[at].hash = hash;
    marks[at].before = *chain;
    *chain = (uint16_t)(at + 1);
}

/* Room for one more; false: there is no memory. */
static bool reserve(struct room *room)
{
    if (room->lines_count < room->lines_cap) {
        return true;
    }
    size_t cap = room->lines_cap ? room->lines_cap * 2 : LINES_FIRST;
    ASSERT_CODE(cap <= LINES_MAX);
    struct line **lines = heap_new(cap * sizeof(struct line *));
    struct line_mark *marks = lines ? heap_new(cap * sizeof(*marks)) : NULL;
    if (!marks) {
        free(lines);
        return false;
    }
    for (size_t i = 0; i < room->lines_count; i++) {
        lines[i] = chat_at(room, i);
        mark(marks, cap, i,
             room->lines_marks[(room->lines_first + i) & (room->lines_cap - 1)].hash);
    }
    free(room->lines);
    free(room->lines_marks);
    room->lines = lines;
    room->lines_marks = marks;
    room->lines_cap = cap;
    room->lines_first = 0;
    return true;
}

/* There is room for it. */
static void remember(struct room *room, struct line *line)
{
    ASSERT_CODE(room->lines_count < room->lines_cap);
    size_t at = (room->lines_first + room->lines_count++) & (room->lines_cap - 1);
    room->lines[at] = line;
    mark(room->lines_marks, room->lines_cap, at, hash_of(line->sender_id, line->client_id));
}

/* Forgets the oldest beyond RECENT_MAX, as far as they are stored. */
void chat_trim(struct room *room)
{
    while (room->lines_count > RECENT_MAX && chat_at(room, 0)->stored) {
        room->forgotten = chat_at(room, 0)->seq;
        free(chat_at(room, 0));
        room->lines_first = (room->lines_first + 1) & (room->lines_cap - 1);
        room->lines_count--;
    }
}

void chat_free(struct room *room)
{
    for (size_t i = 0; i < room->lines_count; i++) {
        free(chat_at(room, i));
    }
    free(room->lines);
    free(room->lines_marks);
    room->lines = NULL;
    room->lines_marks = NULL;
    room->lines_count = room->lines_cap = 0;
}

void chat_forget(struct room *room, int64_t account_id)
{
    for (size_t i = 0; i < room->lines_count; i++) {
        struct line *line = chat_at(room, i);
        line->nobody |= line->sender_id == account_id;
    }
}

struct line *chat_find(const struct room *room, int64_t sender_id, const char *client_id)
{
    const struct line_mark *marks = room->lines_marks;
    if (!marks) {
        return NULL;
    }
    uint32_t hash = hash_of(sender_id, client_id);
    size_t younger = room->lines_count, place = marks[hash & (room->lines_cap - 1)].chain;
    while (place) {
        size_t at = place - 1, nth = (at - room->lines_first) & (room->lines_cap - 1);
        if (nth >= younger) {
            return NULL;
        }
        struct line *line = room->lines[at];
        if (marks[at].hash == hash && !line->failed && line->sender_id == sender_id &&
            strcmp(line->client_id, client_id) == 0) {
            return line;
        }
        younger = nth;
        place = marks[at].before;
    }
    return NULL;
}

/* For a room that has room for it; NULL: no memory. */
static struct line *line_new(struct room *room, const char *name, const char *avatar,
                             const char *look, const char *text)
{
    size_t name_size = strnlen(name, NAME_BYTES) + 1, text_size = strnlen(text, LINE_BYTES) + 1,
           avatar_size = strnlen(avatar, AVATAR_BYTES) + 1,
           look_size = strnlen(look, PUBLIC_ID_LEN) + 1;
    struct line *line =
        reserve(room) ? heap_new(sizeof(*line) + name_size + text_size + avatar_size + look_size)
                      : NULL;
    if (!line) {
        return NULL;
    }
    char *behind = (char *)(line + 1);
    text_put(behind, name_size, name);
    text_put(behind + name_size, text_size, text);
    text_put(behind + name_size + text_size, avatar_size, avatar);
    text_put(behind + name_size + text_size + avatar_size, look_size, look);
    line->name = behind;
    line->text = behind + name_size;
    line->avatar = line->text + text_size;
    return line;
}

/*
 * A number is when its line was said, which is told anyway, and chance: it grows, is given once and
 * says nothing of lines in between.  Its time runs on, whatever somebody sets the clock to; 2^53,
 * where numbers of a browser end, is in 2109.
 */
enum { NUMBER_CHANCE_BITS = 11, NUMBER_TIME_BITS = 42 };
static const int64_t number_chance = (1 << NUMBER_CHANCE_BITS) - 1;

static int64_t next_number(struct room *room, int64_t chance)
{
    const struct reactor *reactor = room->reactor;
    const int64_t most_ms = (INT64_C(1) << NUMBER_TIME_BITS) - 1;
    room->ahead_ms = MAX(room->ahead_ms, reactor->now_ms - reactor->steady_ms);
    int64_t ms = MIN(MAX(reactor->steady_ms + room->ahead_ms, 0), most_ms);
    return MAX(ms << NUMBER_CHANCE_BITS | chance, room->seq + 1);
}

/* What will be said is numbered above `last`, and above all that was told in a life before. */
static void begin(struct room *room, int64_t last, bool more)
{
    room->seq = last;
    room->ahead_ms = (last >> NUMBER_CHANCE_BITS) - room->reactor->steady_ms;
    room->seq = room->born = next_number(room, number_chance);
    room->forgotten = !more ? 0 : room->lines_count ? chat_at(room, 0)->seq - 1 : room->born;
}

bool chat_load(struct room *room, const struct live_load_out *loaded)
{
    const struct live_heard *heard = loaded->heard;
    for (size_t i = 0; i < loaded->heard_count; i++) {
        struct line *line = line_new(room, heard[i].name, heard[i].avatar,
                                     heard[i].look ? heard[i].look : "", heard[i].text);
        if (!line) {
            return false;
        }
        line->seq = line->first_seq = heard[i].seq;
        line->at_ms = heard[i].at_ms;
        line->sender_id = heard[i].sender_id;
        line->stored = true;
        text_put(line->from, sizeof(line->from), heard[i].from);
        text_put(line->client_id, sizeof(line->client_id), heard[i].client_id);
        remember(room, line);
    }
    begin(room, loaded->seq, loaded->more);
    return true;
}

struct out_line chat_face(const struct line *line, int64_t viewer_account)
{
    bool mine = line->sender_id == viewer_account;
    return (struct out_line){.id = line->seq,
                             .seq = line->seq,
                             .at = line->at_ms,
                             .from = line->from,
                             .name = line->name,
                             .text = line->text,
                             .cid = mine ? line->client_id : NULL,
                             .mine = mine};
}

void chat_ack(struct member *member, const char *client_id, int64_t seq)
{
    struct out_ack ack = {client_id, seq, seq};
    member_tell(member, OUT_ACK, &ack);
}

void chat_nack(struct member *member, const char *client_id, const char *code)
{
    struct live_peer *peer = member->peer;
    struct out_nack nack = {client_id, code, peer_sentence(peer, code)};
    member_tell(member, OUT_NACK, &nack);
    if (peer && !peer_may(peer, RATE_NACKED)) {
        peer_close(peer, 1008, "too many refused messages");
    }
}

/* The room never runs ahead of the store by more than a second or UNSTORED_MAX lines. */
bool chat_busy(const struct room *room)
{
    const struct reactor *reactor = room->reactor;
    const struct line *oldest = reactor->unsaved;
    return atomic_load_explicit(&reactor->live->draining, memory_order_relaxed) ||
           room->unstored >= UNSTORED_MAX ||
           (oldest && room->unstored && reactor->now_ms - oldest->at_ms > LAG_MS);
}

void chat_number(struct member *member, const char *client_id, const char *text)
{
    struct room *room = member->room;
    struct reactor *reactor = room->reactor;
    struct live *live = reactor->live;
    struct line *line = line_new(room, member->name, member->avatar, member_look_id(member), text);
    if (!line) {
        chat_nack(member, client_id, "rooms.busy");
        return;
    }
    room->seq = next_number(room, (int64_t)rng_next(&reactor->rng) & number_chance);
    line->seq = line->first_seq = room->seq;
    line->at_ms = reactor->now_ms;
    line->sender_id = member->account_id;
    line->key_id = member->key_id;
    memcpy(line->from, member->public_id, sizeof(line->from));
    text_put(line->client_id, sizeof(line->client_id), client_id);
    line->room = room;
    line->stored = !live->options.history;
    act_typing(member, false);
    remember(room, line);
    atomic_fetch_add_explicit(&live->lines, 1, memory_order_relaxed);
    room_cast_line(member, line);
    if (line->stored) {
        chat_ack(member, client_id, line->seq);
    } else {
        save_add(reactor, line);
    }
    chat_trim(room);
}

/* White space, as people know it, at both ends does not count. */
static const char *const blanks[] = {
    " ", "\t", "\n", "\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\x8b", "\xef\xbb\xbf"};

static size_t blank(const char *at)
{
    if (*at > ' ' && *at <= '~') {
        return 0; /* nearly all */
    }
    for (size_t i = 0; i < COUNT(blanks); i++) {
        size_t len = strlen(blanks[i]);
        if (strncmp(at, blanks[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/* The same of the last character. */
static size_t blank_end(const char *text, size_t len)
{
    if (len == 0 || (text[len - 1] > ' ' && text[len - 1] <= '~')) {
        return 0;
    }
    for (size_t i = 0; i < COUNT(blanks); i++) {
        size_t size = strlen(blanks[i]);
        if (size <= len && memcmp(text + len - size, blanks[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

/* NULL: no memory. */
static const char *trim(struct arena *arena, const char *text)
{
    while (*text && blank(text)) {
        text += blank(text);
    }
    size_t len = strlen(text), skip;
    do {
        skip = blank_end(text, len);
        len -= skip;
    } while (skip);
    char *trimmed = arena_try(arena, len + 1);
    return trimmed ? memcpy(trimmed, text, len) : NULL; /* NOLINT: it is zeroed */
}

/* A line that is known already is never refused: it was taken the first time. */
static void repeat(struct member *member, const struct line *known)
{
    if (known->stored && peer_may(member->peer, RATE_REPEAT)) {
        chat_ack(member, known->client_id, known->first_seq);
    }
}

static bool too_often(const struct member *member)
{
    return !peer_may(member->peer, RATE_SAY) || !peer_may(member->peer, RATE_SAY_LONG);
}

/*
 * What one member leaves in rooms in a day has an end, however slowly it comes.  Counted in memory:
 * how much somebody talks stands nowhere.  The day is that of the clock, in UTC.
 */
static bool too_much(const struct member *member, const char *text)
{
    const struct reactor *reactor = member->room->reactor;
    struct account *account = member->peer->account;
    uint32_t day = (uint32_t)(reactor->now_ms / DAY_MS);
    int64_t scale = reactor->live->options.limit_scale;
    if (atomic_exchange(&account->day, day) != day) {
        atomic_store(&account->day_lines, 0);
        atomic_store(&account->day_bytes, 0);
    }
    uint32_t lines = atomic_fetch_add(&account->day_lines, 1),
             bytes = atomic_fetch_add(&account->day_bytes, (uint32_t)strlen(text));
    return lines >= DAY_LINES_MAX * scale || bytes >= DAY_BYTES_MAX * scale;
}

void chat_say(struct member *member, const char *client_id, const char *text)
{
    const struct room *room = member->room;
    const struct reactor *reactor = room->reactor;
    const char *line = trim(reactor->scratch, text);
    const struct line *known = chat_find(room, member->account_id, client_id);
    bool careful = reactor->steady_ms < member->careful_until_ms || member->careful;
    if (known) {
        repeat(member, known);
    } else if (!line || chat_busy(room)) {
        chat_nack(member, client_id, "rooms.busy");
    } else if (!*line) {
        chat_nack(member, client_id, "live.empty");
    } else if (text_points(line) > LINE_POINTS_MAX) {
        chat_nack(member, client_id, "live.long");
    } else if (too_often(member)) {
        chat_nack(member, client_id, "live.often");
    } else if (!member->peer->account || too_much(member, line)) {
        chat_nack(member, client_id, "live.day");
    } else if (reactor->live->options.history && careful) {
        save_ask_said(member, client_id, line);
    } else {
        chat_number(member, client_id, line);
    }
}
