#include "live/wire.h"

#include <string.h>

#include "live/live_inner.h"

/* clang-format off */
const struct rate_row rate_rows[RATE_COUNT] = {
    [RATE_NONE] = {1, 1},
    [RATE_ENTER] = {10, 60 * 1000},
    [RATE_LEAVE] = {30, 60 * 1000},
    [RATE_SAY] = {5, 2 * 1000},
    [RATE_SAY_LONG] = {30, 60 * 1000},
    [RATE_TYPING] = {2, 1000},
    [RATE_SEAT] = {4, 1000},
    [RATE_EMOTE] = {2, 1000},
    [RATE_PING] = {2, 1000},
    [RATE_MOVE] = {40, 2 * 1000},
    [RATE_REPEAT] = {30, 10 * 1000},
    [RATE_NACKED] = {40, 10 * 1000},
    [RATE_REFUSED] = {10, 10 * 1000},
};

#define MOOD_TEXT(mood_) #mood_,
const char *const live_moods[] = {"calm", LIVE_MOOD_ROWS(MOOD_TEXT) NULL};

#define IN struct in_message
#define MAY .flags = JSON_OPTIONAL
enum field { F_T, F_ROOM, F_SEQ, F_CID, F_TEXT, F_ON, F_SEAT, F_NAME, F_MOOD, F_N };
#define BIT(field_) (UINT32_C(1) << (field_))
static const struct json_field in_all_fields[] = {
    J_TEXT(IN, t, 1, 16, MAY), J_TEXT(IN, room, 1, PUBLIC_ID_LEN, MAY),
    J_I64(IN, seq, 0, (int64_t)1 << 53, MAY),
    J_TEXT(IN, cid, 1, CLIENT_ID_MAX, MAY), J_TEXT(IN, text, 0, LIVE_TEXT_MAX, MAY),
    J_BOOL(IN, on, MAY), J_I64(IN, seat, 1, SCENE_SEATS_MAX, MAY),
    J_CHOICE(IN, name, LIVE_EMOTES, MAY), J_CHOICE(IN, mood, LIVE_MOODS, MAY),
    J_I64(IN, n, -((int64_t)1 << 53), (int64_t)1 << 53, MAY)};
const struct json_shape in_shape = {"message", sizeof(IN), in_all_fields, COUNT(in_all_fields), NULL};

const struct verb_row verb_rows[VERB_COUNT] = {
    [VERB_ENTER] = {"enter", BIT(F_ROOM), BIT(F_SEQ), RATE_ENTER, false,
        "Go into a room; seq to resume."},
    [VERB_LEAVE] = {"leave", 0, 0, RATE_LEAVE, false, "Out of the room or its queue."},
    [VERB_SAY] = {"say", BIT(F_CID) | BIT(F_TEXT), 0, RATE_NONE, true,
        "A line; the same cid again is the same line."},
    [VERB_TYPING] = {"typing", BIT(F_ON), 0, RATE_TYPING, true, "Ends by itself after 6 s."},
    [VERB_SIT] = {"sit", BIT(F_SEAT), 0, RATE_SEAT, true, "Take a numbered seat."},
    [VERB_STAND] = {"stand", 0, 0, RATE_SEAT, true, "Get up."},
    [VERB_EMOTE] = {"emote", BIT(F_NAME), 0, RATE_EMOTE, true, "One of " LIVE_EMOTES "."},
    [VERB_MOOD] = {"mood", BIT(F_MOOD), 0, RATE_SEAT, true,
        "What my face shows until I leave: one of " LIVE_MOODS "."},
    [VERB_PING] = {"ping", BIT(F_N), 0, RATE_PING, false, "Answered by pong."},
};

JSON_SHAPE(me, "Me", struct out_me, J_TEXT(struct out_me, id, 1, 32),
    J_TEXT(struct out_me, name, 1, 32), J_TEXT(struct out_me, role, 1, 8));
JSON_SHAPE(room, "RoomInfo", struct out_room, J_TEXT(struct out_room, id, 1, 32),
    J_TEXT(struct out_room, name, 1, 60), J_TEXT(struct out_room, topic, 0, 120),
    J_TEXT(struct out_room, scene, 1, 32),
    J_TEXT(struct out_room, language, 1, 8), J_I64(struct out_room, capacity, 2, 200),
    J_TEXT(struct out_room, visibility, 1, 8), J_I64(struct out_room, here, 0, LIVE_SLOTS),
    J_BOOL(struct out_room, mine), J_BOOL(struct out_room, moderate));
JSON_SHAPE(person, "Person", struct out_person, J_I64(struct out_person, slot, 0, 254),
    J_FACE(struct out_person),
    J_REAL(struct out_person, x), J_REAL(struct out_person, z), J_REAL(struct out_person, yaw),
    J_I64(struct out_person, seat, 0, SCENE_SEATS_MAX), J_BOOL(struct out_person, away),
    J_TEXT(struct out_person, role, 1, 8),
    J_CHOICE(struct out_person, mood, LIVE_MOODS, .flags = JSON_OPTIONAL | JSON_OMIT,
             .about = "Left out: calm."));
JSON_SHAPE(line, "Line", struct out_line, J_ID(struct out_line, id),
    J_I64(struct out_line, seq, 1, INT64_MAX), J_TEXT(struct out_line, from, 1, 32),
    J_TEXT(struct out_line, name, 1, 32),
    J_TEXT(struct out_line, avatar, 1, 32, .flags = JSON_OPTIONAL | JSON_OMIT,
           .about = "of a line in `entered`: its writer may be gone"),
    J_TEXT(struct out_line, look, 1, 32, .flags = JSON_OPTIONAL | JSON_OMIT,
           .about = "the same; they may look otherwise by now, and this one is gone"),
    J_TEXT(struct out_line, text, 1, LINE_POINTS_MAX),
    J_TIME(struct out_line, at), J_BOOL(struct out_line, mine),
    J_TEXT(struct out_line, cid, 1, CLIENT_ID_MAX, .flags = JSON_OPTIONAL | JSON_OMIT,
           .about = "Of your own lines only."));

JSON_SHAPE(hello, "Hello", struct out_hello, J_OBJECT(struct out_hello, me, me),
    J_I64(struct out_hello, hold_ms, 0, INT64_MAX));
JSON_SHAPE(entered, "Entered", struct out_entered, J_OBJECT(struct out_entered, room, room),
    J_I64(struct out_entered, seq, 0, INT64_MAX),
    J_I64(struct out_entered, you, 0, 254), J_BOOL(struct out_entered, resumed),
    J_I64(struct out_entered, since, 0, INT64_MAX,
          .about = "What you have above this number is not true any more; `lines` begins behind it."),
    J_LIST(struct out_entered, people, person, LIVE_SLOTS),
    J_LIST(struct out_entered, lines, line, LINES_MAX), J_BOOL(struct out_entered, more));
JSON_SHAPE(queued, "Queued", struct out_queued, J_TEXT(struct out_queued, room, 1, 32),
    J_I64(struct out_queued, place, 1, QUEUE_MAX));
JSON_SHAPE(joined, "Joined", struct out_joined, J_OBJECT(struct out_joined, p, person));
JSON_SHAPE(left, "Left", struct out_slot, J_I64(struct out_slot, slot, 0, 254));
JSON_SHAPE(slot_on, "SlotOn", struct out_slot, J_I64(struct out_slot, slot, 0, 254),
    J_BOOL(struct out_slot, on));
JSON_SHAPE(ack, "Ack", struct out_ack, J_TEXT(struct out_ack, cid, 1, CLIENT_ID_MAX),
    J_I64(struct out_ack, seq, 1, INT64_MAX), J_ID(struct out_ack, id));
JSON_SHAPE(nack, "Nack", struct out_nack, J_TEXT(struct out_nack, cid, 1, CLIENT_ID_MAX),
    J_TEXT(struct out_nack, code, 1, 32), J_TEXT(struct out_nack, text, 1, 200));
JSON_SHAPE(seat, "Seat", struct out_seat, J_I64(struct out_seat, slot, 0, 254),
    J_I64(struct out_seat, seat, 0, SCENE_SEATS_MAX), J_REAL(struct out_seat, x),
    J_REAL(struct out_seat, z), J_REAL(struct out_seat, yaw));
JSON_SHAPE(emote, "Emote", struct out_emote, J_I64(struct out_emote, slot, 0, 254),
    J_CHOICE(struct out_emote, name, LIVE_EMOTES));
JSON_SHAPE(mood, "Mood", struct out_mood, J_I64(struct out_mood, slot, 0, 254),
    J_CHOICE(struct out_mood, mood, LIVE_MOODS));
JSON_SHAPE(look, "Look", struct out_look, J_I64(struct out_look, slot, 0, 254),
    FACE_TEXT(struct out_look, avatar, FACE_AVATAR_MAX), FACE_COLOURS(struct out_look),
    FACE_LOOK(struct out_look));
JSON_SHAPE(place, "Place", struct out_seat, J_REAL(struct out_seat, x),
    J_REAL(struct out_seat, z), J_REAL(struct out_seat, yaw));
JSON_SHAPE(changed, "RoomChanged", struct out_room_changed,
    J_OBJECT(struct out_room_changed, room, room));
JSON_SHAPE(out, "Out", struct out_why, J_TEXT(struct out_why, code, 1, 32),
    J_TEXT(struct out_why, text, 1, 200));
JSON_SHAPE(refused, "Refused", struct out_why, J_TEXT(struct out_why, re, 0, 16),
    J_TEXT(struct out_why, code, 1, 32), J_TEXT(struct out_why, text, 1, 200));
JSON_SHAPE(bye, "Bye", struct out_why, J_TEXT(struct out_why, code, 1, 32),
    J_I64(struct out_why, in_ms, 0, INT64_MAX));
JSON_SHAPE(pong, "Pong", struct out_pong,
    J_I64(struct out_pong, n, -((int64_t)1 << 53), (int64_t)1 << 53));
JSON_SHAPE(presence, "Presence", struct out_presence, J_TEXT(struct out_presence, id, 1, 32),
    J_BOOL(struct out_presence, online));

const struct message_row message_rows[OUT_COUNT] = {
    [OUT_HELLO] = {"hello", &hello, "First on every socket."},
    [OUT_ENTERED] = {"entered", &entered, "You are in."},
    [OUT_QUEUED] = {"queued", &queued, "The room is full: your place in its queue, 1 is next."},
    [OUT_JOINED] = {"joined", &joined, "Somebody came, or came back: same slot."},
    [OUT_LEFT] = {"left", &left, "Somebody went."},
    [OUT_AWAY] = {"away", &slot_on, "Somebody's connection is lost, or is back."},
    [OUT_LINE] = {"line", &line, "Somebody, you too, said something."},
    [OUT_ACK] = {"ack", &ack, "Your line is stored for good."},
    [OUT_NACK] = {"nack", &nack, "Your line was not taken; rooms.busy: try again."},
    [OUT_TYPING] = {"typing", &slot_on, "Somebody writes."},
    [OUT_SEAT] = {"seat", &seat, "Sat down; seat 0: stood up at that point."},
    [OUT_EMOTE] = {"emote", &emote, "Somebody acts."},
    [OUT_MOOD] = {"mood", &mood, "Somebody's face shows something else."},
    [OUT_LOOK] = {"look", &look, "Somebody looks different."},
    [OUT_PLACE] = {"place", &place, "You: stand here instead."},
    [OUT_ROOM] = {"room", &changed, "The room changed."},
    [OUT_AGAIN] = {"again", NULL, "Something could not be told: fetch again."},
    [OUT_OUT] = {"out", &out, "You are no longer in the room or its queue."},
    [OUT_REFUSED] = {"refused", &refused, "That message was not taken."},
    [OUT_BYE] = {"bye", &bye, "The server restarts: reconnect after about in_ms, and resume."},
    [OUT_PONG] = {"pong", &pong, "Answer to ping."},
    [OUT_PRESENCE] = {"presence", &presence, "A friend came online, or went."},
};
/* clang-format on */

bool rate_take(_Atomic uint32_t *state, enum live_rate rate, int64_t now_ms, int64_t scale)
{
    const struct rate_row *row = &rate_rows[rate];
    uint32_t now = (uint32_t)now_ms, was = atomic_load_explicit(state, memory_order_relaxed), next;
    int32_t step = (int32_t)(row->per_ms / (row->burst * scale));
    do {
        int32_t ahead = (int32_t)(was - now);   /* how much of the burst is used up, in time */
        if (ahead < 0 || ahead > row->per_ms) { /* long ago, or the clock has gone around */
            ahead = 0;
        }
        if (ahead + step > row->per_ms) {
            return false;
        }
        next = now + (uint32_t)(ahead + step);
    } while (!atomic_compare_exchange_weak_explicit(state, &was, next, memory_order_relaxed,
                                                    memory_order_relaxed));
    return true;
}

static bool client_id(const char *text)
{
    char c = *text;
    while ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-') {
        c = *++text;
    }
    return c == '\0';
}

enum err wire_read(struct call *call, const char *text, size_t len, struct in_message *ret,
                   enum live_verb *ret_verb)
{
    uint64_t seen = 0;
    TRY(json_read(call, &in_shape, text, len, ret, &seen));
    uint32_t given = (uint32_t)seen & ~BIT(F_T);
    for (unsigned verb = 0; ret->t && verb < VERB_COUNT; verb++) {
        const struct verb_row *row = &verb_rows[verb];
        if (strcmp(row->t, ret->t) != 0) {
            continue;
        }
        if ((given & row->needs) != row->needs) {
            return call_fail(call, ERR_INVALID, "input.missing");
        }
        if (given & ~(row->needs | row->may)) {
            return call_fail(call, ERR_INVALID, "input.unknown");
        }
        if (ret->cid && !client_id(ret->cid)) {
            return call_fail(call, ERR_INVALID, "input.text");
        }
        ret->has_seq = given & BIT(F_SEQ);
        *ret_verb = (enum live_verb)verb;
        return OK;
    }
    return call_fail(call, ERR_INVALID, "live.unknown");
}

size_t wire_text_size(const char *text)
{
    size_t size = 2;
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        size += c < 0x20 ? 6 : c == '"' || c == '\\' ? 2 : 1;
    }
    return size;
}

void wire_write(struct buf *to, enum live_message message, const void *object)
{
    json_write_message(to, message_rows[message].t, message_rows[message].shape, object);
}

/* `mine` and `cid` come last, and nothing in a client's id is to be escaped (client_id). */
static const char end_own[] = "true,\"cid\":\"";
enum { END_OTHERS = sizeof("false}") - 1, END_OWN = sizeof(end_own) - 1, END = 2 };

size_t wire_own_len(size_t len, const char *client_id)
{
    return len - END_OTHERS + END_OWN + strlen(client_id) + END;
}

void wire_own(uint8_t *to, const uint8_t *others, size_t len, const char *client_id)
{
    size_t same = len - END_OTHERS, id_len = strlen(client_id);
    memcpy(to, others, same);
    memcpy(to + same, end_own, END_OWN);
    memcpy(to + same + END_OWN, client_id, id_len); /* NOLINT: no text of C */
    memcpy(to + same + END_OWN + id_len, "\"}", END);
}
