#include "live/fake_test.h"
#include "live/wire.h"
#include "tests/hostile/values.h"

/*
 * Every message of the live protocol, from its row, against somebody who means no good: each
 * field in turn with all that tests/hostile/values.c makes, then bytes without any sense.
 * Wanted: an answer or a closed socket, and nobody else in the room is the worse for it.
 */
enum { ATTACKER, WITNESS, ARENA_MAX = 64 << 20, GOT_ENOUGH = FAKE_GOT / 4, ODD_FRAMES = 20000 };

static uint64_t chances;

static unsigned chance(unsigned below)
{
    struct rng rng = {chances++};
    return (unsigned)(rng_next(&rng) >> 33) % below;
}

static struct fake *start(void)
{
    struct fake *fake = fake_new(1, true);
    live_free(fake->live);
    fake_start(fake, 1, true, 1000000);
    return fake;
}

/* Both are in the room, with space for what they will hear. */
static void settle(struct fake *fake, bool in_room)
{
    fake_tick(fake, 1000);
    for (int sock = ATTACKER; sock <= WITNESS; sock++) {
        struct live_sock *s = &fake->socks[sock];
        if (!s->open || s->count > GOT_ENOUGH) {
            fake_lose(fake, sock);
            fake_enter(fake, sock, sock + 1, "rooma");
        }
    }
    if (in_room) {
        fake_say(fake, ATTACKER, "{\"t\":\"enter\",\"room\":\"rooma\"}");
        fake_run(fake);
    }
    fake_forget(fake, ATTACKER);
    fake_forget(fake, WITNESS);
}

static void send_bytes(struct fake *fake, bool binary, const void *bytes, size_t len)
{
    struct live_sock *s = &fake->socks[ATTACKER];
    if (s->open && s->peer && binary) {
        live_binary(s->peer, bytes, len);
    } else if (s->open && s->peer) {
        live_text(s->peer, bytes, len);
    }
    fake_run(fake);
}

static void witness_is_well(struct fake *fake, const char *after)
{
    fake_say(fake, WITNESS, "{\"t\":\"ping\",\"n\":7}");
    fake_run(fake);
    if (!fake->socks[WITNESS].open || !fake_heard(fake, WITNESS, "pong")) {
        fail_msg("somebody else is the worse for: %.300s", after);
    }
}

static const char *usual(void *ctx UNUSED, const struct json_field *field)
{
    return strcmp(field->name, "room") == 0     ? "rooma"
           : strcmp(field->name, "cid") == 0    ? "c1"
           : strcmp(field->name, "avatar") == 0 ? "mia"
                                                : NULL;
}

/* The message of a verb: what it needs fits, `field` has `json`. */
static const char *message(struct arena *arena, const struct verb_row *verb, size_t field,
                           const char *json)
{
    struct buf out = {.arena = arena};
    const char *comma = "{";
    for (size_t i = 0; i < in_shape.field_count; i++) {
        const struct json_field *each = &in_shape.fields[i];
        const char *fits = i == 0 ? arena_printf(arena, "\"%s\"", verb->t)
                                  : hostile_fitting(arena, each, usual, NULL);
        const char *value = i == field ? json : fits;
        if ((i == field || i == 0 || (verb->needs >> i & 1)) && *value) {
            buf_printf(&out, "%s\"%s\":", comma, each->name);
            buf_puts(&out, value);
            comma = ",";
        }
    }
    buf_puts(&out, *comma == '{' ? "{}" : "}");
    return out.at;
}

static void attack(struct fake *fake, const struct verb_row *verb, size_t field)
{
    struct arena *arena = arena_new(ARENA_MAX);
    struct hostile_values values = hostile_values(arena, &in_shape.fields[field], usual, NULL);
    for (size_t i = 0; i < values.count; i++) {
        struct arena_mark mark = arena_mark(arena);
        const struct hostile_value *value = &values.at[i];
        settle(fake, verb->in_room);
        const char *text = message(arena, verb, field, value->json);
        if (strlen(text) <= LIVE_TEXT_MAX) { /* net closes at longer ones */
            send_bytes(fake, false, text, strlen(text));
            bool no = fake_heard(fake, ATTACKER, "refused") || fake_heard(fake, ATTACKER, "nack") ||
                      !fake->socks[ATTACKER].open;
            if (value->refused && !no) {
                fail_msg("no word about %s of %s: %.300s", value->why, verb->t, text);
            }
            witness_is_well(fake, text);
        }
        arena_rewind(arena, mark);
    }
    arena_free(arena);
}

static void every_message_is_answered_whatever_is_in_it(void **state UNUSED)
{
    struct fake *fake = start();
    for (size_t v = 0; v < VERB_COUNT; v++) {
        for (size_t field = 0; field < in_shape.field_count; field++) {
            if (field == 0 || ((verb_rows[v].needs | verb_rows[v].may) >> field & 1)) {
                attack(fake, &verb_rows[v], field);
            }
        }
    }
    fake_free(fake);
}

/* The room in the address of the socket itself. */
static void a_socket_opens_into_any_room_and_harms_nobody(void **state UNUSED)
{
    struct fake *fake = start();
    struct arena *arena = arena_new(ARENA_MAX);
    const struct json_field *room = json_field_named(&in_shape, "room", 4);
    struct hostile_values values = hostile_values(arena, room, usual, NULL);
    for (size_t i = 0; i < values.count; i++) {
        if (values.at[i].plain && !memchr(values.at[i].plain, 0, values.at[i].plain_len)) {
            settle(fake, false);
            fake_lose(fake, ATTACKER);
            fake_enter(fake, ATTACKER, ATTACKER + 1, values.at[i].plain);
            witness_is_well(fake, values.at[i].plain);
        }
    }
    arena_free(arena);
    fake_free(fake);
}

/* Good messages with a byte changed, cut, or doubled, and frames of movement. */
static void bytes_without_sense_harm_nobody(void **state UNUSED)
{
    static const char *const good[] = {"{\"t\":\"enter\",\"room\":\"room1\",\"seq\":0}",
                                       "{\"t\":\"say\",\"cid\":\"c2\",\"text\":\"hello\"}",
                                       "{\"t\":\"sit\",\"seat\":1}",
                                       "{\"t\":\"emote\",\"name\":\"wave\"}",
                                       "{\"t\":\"mood\",\"mood\":\"happy\"}",
                                       "{\"t\":\"leave\"}",
                                       "\x01\x10\x01\x10\x01\x40\x02"};
    struct fake *fake = start();
    for (int i = 0; i < ODD_FRAMES; i++) {
        char bytes[128];
        const char *from = good[chance(COUNT(good))];
        size_t len = strlen(from);
        memcpy(bytes, from, len);
        for (unsigned changes = chance(4); changes > 0; changes--) {
            bytes[chance((unsigned)len)] = (char)chance(256);
        }
        len = chance(8) ? len : chance((unsigned)len + 1);
        if (i % 64 == 0) {
            settle(fake, chance(2));
        }
        send_bytes(fake, chance(4) == 0, bytes, len);
        if (i % 64 == 63) {
            witness_is_well(fake, "bytes without sense");
        }
    }
    fake_free(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_answered_whatever_is_in_it),
        cmocka_unit_test(a_socket_opens_into_any_room_and_harms_nobody),
        cmocka_unit_test(bytes_without_sense_harm_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
