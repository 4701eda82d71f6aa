#ifndef LIVE_ALIKE_TEST_H
#define LIVE_ALIKE_TEST_H

#include "call/scene.h"
#include "live/fake_test.h"

/*
 * Two lives of a room that differ by one person alone whom the viewer does not perceive: what the
 * viewer is told must be the same, message by message.  What chance gives (slots, where one
 * appears, and with slots the order of lists) is put into words that do not depend on it.
 */
enum { VIEWER = 1, HIDDEN = 9, SEAT = 8, TOLD_MAX = 600, TOLD_LEN = 1200 };

static struct {
    char told[2][TOLD_MAX][TOLD_LEN];
    size_t count[2];
} lives;

struct ear {
    int slots[256]; /* 1 + whose */
};

UNUSED static int whose(struct ear *ear, int slot)
{
    assert_true(slot >= 0 && slot < 255);
    assert_true(ear->slots[slot] > 0); /* nobody is told of whom one was not told */
    return ear->slots[slot];
}

UNUSED static bool at_a_spawn(const json_t *person)
{
    const struct scene *scene = scene_named("lounge");
    for (size_t i = 0; i < scene->spawns_count; i++) {
        double x = json_number_value(json_object_get(person, "x")),
               z = json_number_value(json_object_get(person, "z"));
        if (lround(x * SCENE_UNIT) == scene->spawns[i].x &&
            lround(z * SCENE_UNIT) == scene->spawns[i].z) {
            return true;
        }
    }
    return false;
}

UNUSED static void learn(struct ear *ear, json_t *person)
{
    json_int_t slot = json_integer_value(json_object_get(person, "slot"));
    const char *id = json_string_value(json_object_get(person, "id"));
    ear->slots[slot] = (int)strtol(id + strlen("account"), NULL, 10);
    json_object_del(person, "slot");
    if (at_a_spawn(person)) {
        json_object_del(person, "x");
        json_object_del(person, "z");
        json_object_del(person, "yaw");
    }
}

UNUSED static int by_id(const void *a, const void *b)
{
    const json_t *one = *(json_t *const *)a, *other = *(json_t *const *)b;
    return strcmp(json_string_value(json_object_get(one, "id")),
                  json_string_value(json_object_get(other, "id")));
}

UNUSED static void learn_all(struct ear *ear, json_t *message)
{
    json_t *people = json_object_get(message, "people"), *sorted[64] = {NULL};
    size_t count = json_array_size(people);
    memset(ear, 0, sizeof(*ear));
    assert_true(count <= COUNT(sorted));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = json_incref(json_array_get(people, i));
        learn(ear, sorted[i]);
    }
    qsort(sorted, count, sizeof(json_t *), by_id);
    json_array_clear(people);
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(people, sorted[i]);
    }
    json_object_set_new(
        message, "you",
        json_integer(whose(ear, (int)json_integer_value(json_object_get(message, "you")))));
}

/* A number says when, and chance. */
UNUSED static void without_chance(json_t *of)
{
    static const char *const numbers[] = {"seq", "since", "id"};
    for (size_t i = 0; of && i < COUNT(numbers); i++) {
        const json_t *at = json_object_get(of, numbers[i]);
        const char *text = json_string_value(at) ? json_string_value(at) : "";
        int64_t number = json_is_integer(at) ? json_integer_value(at) : strtoll(text, NULL, 10);
        if (number > 1 << 20) {
            json_object_set_new(of, numbers[i], json_integer(number >> 11));
        }
    }
}

UNUSED static void without_all_chance(json_t *message)
{
    size_t i = 0;
    json_t *line = NULL;
    without_chance(message);
    json_array_foreach(json_object_get(message, "lines"), i, line)
    {
        without_chance(line);
    }
}

UNUSED static void put_text(struct ear *ear, const struct live_frame *frame, char *to)
{
    json_error_t error;
    json_t *message = json_loadb((const char *)frame->bytes, frame->len, 0, &error);
    const char *t = json_string_value(json_object_get(message, "t"));
    const json_t *slot = json_object_get(message, "slot");
    if (strcmp(t, "entered") == 0) {
        learn_all(ear, message);
    } else if (strcmp(t, "joined") == 0) {
        learn(ear, json_object_get(message, "p"));
    } else if (slot) {
        int who = whose(ear, (int)json_integer_value(slot));
        json_object_set_new(message, "slot", json_integer(who));
    }
    without_all_chance(message);
    char *text = json_dumps(message, JSON_COMPACT);
    snprintf(to, TOLD_LEN, "%.*s", TOLD_LEN - 1, text);
    free(text);
    json_decref(message);
}

UNUSED static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* A frame of places: each entry in words, in the order of those. */
UNUSED static void put_moves(struct ear *ear, const struct live_frame *frame, char *to)
{
    char entries[64][24];
    size_t count = 0, len = 0;
    for (size_t at = 1; at < frame->len; count++) {
        size_t size = frame->bytes[at + 1] & 0x80 ? 5 : 7, put = 0;
        char *entry = entries[count];
        put += (size_t)snprintf(entry, sizeof(entries[0]), " %d:", whose(ear, frame->bytes[at]));
        for (size_t i = 1; i < size; i++) {
            put += (size_t)snprintf(entry + put, sizeof(entries[0]) - put, "%02x",
                                    frame->bytes[at + i]);
        }
        at += size;
    }
    qsort(entries, count, sizeof(entries[0]), by_text);
    len = (size_t)snprintf(to, TOLD_LEN, "%d", frame->bytes[0]);
    for (size_t i = 0; i < count; i++) {
        len += (size_t)snprintf(to + len, TOLD_LEN - len, "%s", entries[i]);
    }
}

/* And all that this socket was told, from its beginning. */
UNUSED static void listen_more(const struct fake *fake, int sock, int life)
{
    struct ear ear = {{0}};
    const struct live_sock *s = &fake->socks[sock];
    for (size_t i = 0; i < s->count; i++) {
        assert_true(lives.count[life] < TOLD_MAX);
        char *to = lives.told[life][lives.count[life]++];
        (s->got[i]->binary ? put_moves : put_text)(&ear, s->got[i], to);
    }
}

UNUSED static void listen(const struct fake *fake, int sock, int life)
{
    lives.count[life] = 0;
    listen_more(fake, sock, life);
}

UNUSED static void compare(void)
{
    for (size_t i = 0; i < lives.count[0] && i < lives.count[1]; i++) {
        assert_string_equal(lives.told[0][i], lives.told[1][i]);
    }
    assert_true(lives.count[0] > 0);
    assert_int_equal(lives.count[0], lives.count[1]);
}

/* Was a socket told something with these words in it? */
UNUSED static bool was_told(const struct fake *fake, int sock, const char *what)
{
    const struct live_sock *s = &fake->socks[sock];
    for (size_t i = 0; i < s->count; i++) {
        if (memmem(s->got[i]->bytes, s->got[i]->len, what, strlen(what))) {
            return true;
        }
    }
    return false;
}

/* ---- what happens ---- */

UNUSED static void walk(struct fake *fake, int sock, double x, double z)
{
    fake_at(fake, sock, x, z, 1);
    fake_tick(fake, 1100);
}

/* Whoever is not there in this life does nothing. */
UNUSED static void come(struct fake *fake, int account, bool there)
{
    if (there) {
        fake_enter(fake, account, account, "rooma");
    }
    walk(fake, account, -3.0 + 0.1 * account, 2.0);
}

UNUSED static struct fake *begin(bool there)
{
    struct fake *fake = fake_new(1, true);
    fake->hides[VIEWER][HIDDEN] = fake->hides[HIDDEN][VIEWER] = true;
    fake->rooms[0].owner = 2;
    come(fake, 2, true); /* the room lives longer than any of the others */
    come(fake, HIDDEN, there);
    return fake;
}

#endif
