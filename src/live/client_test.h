#ifndef LIVE_CLIENT_TEST_H
#define LIVE_CLIENT_TEST_H

#include "call/scene.h"
#include "live/fake_test.h"

/*
 * A client written from docs/live.md alone, for live_model_test.c: it keeps what it is
 * told and complains about everything that should not be.
 */
enum { CLIENTS = 20, ACCOUNTS = 16, LINES_KNOWN = 8192, ROUNDS = 60, STEPS = 120, PENDING = 64 };

struct seen {
    bool known, away;
    int account, seat, x, z;
};

struct client {
    int account;
    bool in, dead;    /* dead: the socket is lost */
    int room;         /* where it is, or wants to be; -1: nowhere */
    bool told;        /* has been in once: can resume */
    int64_t seq, low; /* lines in (low, seq] are known */
    int you;
    struct seen people[256];
    struct {
        int64_t seq;
        char *text;
    } lines[LINES_KNOWN]; /* by number */
    size_t lines_count;
    struct {
        char cid[24];
        char text[24];
        bool acked;
    } said[PENDING];
    size_t said_count, handled;
};

static uint64_t seed;
static struct client clients[CLIENTS];
static int serial;
static bool settling; /* a block has been made: what was on its way may still come */

static unsigned chance(unsigned below)
{
    struct rng rng = {seed++};
    return (unsigned)(rng_next(&rng) >> 33) % below;
}

static int64_t long_number(const json_t *json, const char *field)
{
    const json_t *value = json_object_get(json, field);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static int number(const json_t *json, const char *field)
{
    return (int)long_number(json, field);
}

static int units(const json_t *json, const char *field)
{
    return (int)lround(json_number_value(json_object_get(json, field)) * SCENE_UNIT);
}

static const char *word(const json_t *json, const char *field)
{
    const char *text = json_string_value(json_object_get(json, field));
    assert_non_null(text);
    return text;
}

static int account_of(const char *public_id)
{
    assert_memory_equal(public_id, "account", 7);
    return atoi(public_id + 7); /* NOLINT: the test's own text */
}

/* ---- what a client hears ---- */

static struct seen *known(struct client *c, int slot)
{
    assert_true(c->in && slot >= 0 && slot < 255 && c->people[slot].known);
    return &c->people[slot];
}

static void put_person(const struct fake *fake, struct client *c, const json_t *p)
{
    struct seen *seen = &c->people[number(p, "slot")];
    *seen = (struct seen){true,
                          json_is_true(json_object_get(p, "away")),
                          account_of(word(p, "id")),
                          number(p, "seat"),
                          units(p, "x"),
                          units(p, "z")};
    assert_true(settling || !fake->hides[c->account][seen->account]);
}

static void put_line(const struct fake *fake, struct client *c, const json_t *line)
{
    int64_t seq = long_number(line, "seq");
    int from = account_of(word(line, "from"));
    assert_true(seq > c->seq && c->lines_count < LINES_KNOWN); /* in order, and none twice */
    assert_true(settling || !fake->hides[c->account][from]);
    assert_int_equal(json_is_true(json_object_get(line, "mine")), from == c->account);
    c->lines[c->lines_count].seq = seq;
    c->lines[c->lines_count++].text = strdup(word(line, "text"));
    c->seq = seq;
}

static void forget_lines(struct client *c, int64_t above)
{
    while (c->lines_count && c->lines[c->lines_count - 1].seq > above) {
        free(c->lines[--c->lines_count].text);
    }
    c->seq = MIN(c->seq, above);
}

static void say_again(struct fake *fake, int i)
{
    struct client *c = &clients[i];
    for (size_t s = 0; s < c->said_count; s++) {
        if (!c->said[s].acked) {
            fake_say(fake, i, "{\"t\":\"say\",\"cid\":\"%s\",\"text\":\"%s\"}", c->said[s].cid,
                     c->said[s].text);
        }
    }
}

static void hear_entered(struct fake *fake, int i, const json_t *m)
{
    struct client *c = &clients[i];
    size_t at = 0;
    json_t *item = NULL;
    const json_t *lines = json_object_get(m, "lines");
    int here = number(json_object_get(m, "room"), "here");
    memset(c->people, 0, sizeof(c->people));
    c->in = true;
    c->you = number(m, "you");
    json_array_foreach(json_object_get(m, "people"), at, item)
    {
        put_person(fake, c, item);
    }
    assert_int_equal(json_array_size(json_object_get(m, "people")), here);
    assert_int_equal(c->people[c->you].account, c->account);
    forget_lines(c, long_number(m, "since"));
    if (!json_is_true(json_object_get(m, "resumed"))) {
        forget_lines(c, 0);
        item = json_array_get(lines, 0);
        c->low = item ? long_number(item, "seq") - 1 : long_number(m, "seq");
    }
    json_array_foreach(lines, at, item)
    {
        put_line(fake, c, item);
    }
    assert_true(c->seq <= long_number(m, "seq"));
    c->seq = long_number(m, "seq");
    c->told = true;
    say_again(fake, i);
}

static void hear_ack(struct client *c, const json_t *m, bool taken)
{
    for (size_t s = 0; s < c->said_count; s++) {
        if (strcmp(c->said[s].cid, word(m, "cid")) == 0) {
            assert_true(taken || strcmp(word(m, "code"), "rooms.busy") == 0 ||
                        strcmp(word(m, "code"), "live.not_in") == 0);
            c->said[s].acked |= taken;
        }
    }
}

static void hear(struct fake *fake, int i, const json_t *m)
{
    struct client *c = &clients[i];
    const char *t = word(m, "t");
    if (strcmp(t, "entered") == 0) {
        hear_entered(fake, i, m);
    } else if (strcmp(t, "joined") == 0) {
        assert_true(c->in);
        put_person(fake, c, json_object_get(m, "p"));
    } else if (strcmp(t, "left") == 0) {
        known(c, number(m, "slot"))->known = false;
    } else if (strcmp(t, "away") == 0) {
        known(c, number(m, "slot"))->away = json_is_true(json_object_get(m, "on"));
    } else if (strcmp(t, "line") == 0) {
        put_line(fake, c, m);
    } else if (strcmp(t, "ack") == 0 || strcmp(t, "nack") == 0) {
        hear_ack(c, m, t[0] == 'a');
    } else if (strcmp(t, "seat") == 0) {
        struct seen *seen = known(c, number(m, "slot"));
        seen->seat = number(m, "seat");
        seen->x = units(m, "x");
        seen->z = units(m, "z");
    } else if (strcmp(t, "place") == 0) {
        known(c, c->you)->x = units(m, "x");
        known(c, c->you)->z = units(m, "z");
    } else if (strcmp(t, "out") == 0 || strcmp(t, "refused") == 0) {
        if (t[0] == 'o' || strcmp(word(m, "re"), "enter") == 0) {
            c->in = false;
            c->room = -1;
        }
    } else if (strcmp(t, "typing") == 0 || strcmp(t, "emote") == 0 || strcmp(t, "mood") == 0 ||
               strcmp(t, "look") == 0) {
        known(c, number(m, "slot"));
    }
}

static void hear_moves(struct client *c, const uint8_t *bytes, size_t len)
{
    assert_true(len > 1 && (bytes[0] == 2 || bytes[0] == 3));
    for (size_t at = 1; at < len;) {
        struct seen *seen = known(c, bytes[at]);
        bool step = bytes[at + 1] & 0x80;
        assert_int_not_equal(bytes[at], c->you);
        assert_true(bytes[0] == 2 || !step);
        assert_true(at + (step ? 5 : 7) <= len);
        if (step) {
            seen->x += (int8_t)bytes[at + 3];
            seen->z += (int8_t)bytes[at + 4];
        } else {
            seen->x = (int16_t)(bytes[at + 3] | bytes[at + 4] << 8);
            seen->z = (int16_t)(bytes[at + 5] | bytes[at + 6] << 8);
        }
        at += step ? 5 : 7;
    }
}

static void listen(struct fake *fake, int i)
{
    struct live_sock *sock = &fake->socks[i];
    while (clients[i].handled < sock->count) {
        const struct live_frame *frame = sock->got[clients[i].handled++];
        json_error_t error;
        if (frame->binary) {
            hear_moves(&clients[i], frame->bytes, frame->len);
            continue;
        }
        json_t *json = json_loadb((const char *)frame->bytes, frame->len, 0, &error);
        assert_non_null(json);
        hear(fake, i, json);
        json_decref(json);
    }
}

#endif
