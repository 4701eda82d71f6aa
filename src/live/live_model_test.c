#include "live/client_test.h"

/*
 * Random lives of many people in a few rooms, with answers, wake-ups and moves between
 * reactors coming in any order, and a server that dies now and then.  Each socket has a
 * client written from docs/live.md alone; it complains about everything that should not
 * be, and at rests all of them must agree with each other and with the store.  People are sent
 * out and let in again, block each other, rooms are closed, end with or without their owner and
 * come back.
 */
enum { GONE = 300, BLOCKERS = 12 }; /* owns a room and never comes; the first accounts block */
static bool blocked_once[FAKE_ACCOUNTS];

/* ---- what a client does ---- */

static void lost(struct client *c)
{
    c->dead = true;
    c->in = false;
    memset(c->people, 0, sizeof(c->people));
}

static void connect_(struct fake *fake, int i)
{
    clients[i].handled = 0;
    clients[i].dead = false;
    fake_open(fake, i, clients[i].account, "");
}

static void enter(struct fake *fake, int i, int room, bool resume)
{
    struct client *c = &clients[i];
    c->in = false;
    memset(c->people, 0, sizeof(c->people));
    if (resume) {
        fake_say(fake, i, "{\"t\":\"enter\",\"room\":\"room%c\",\"seq\":%lld}", 'a' + room,
                 (long long)c->seq);
        return;
    }
    forget_lines(c, 0);
    c->said_count = 0; /* another room, other lines */
    c->told = false;
    c->low = 0;
    c->room = room;
    fake_say(fake, i, "{\"t\":\"enter\",\"room\":\"room%c\"}", 'a' + room);
}

static void come(struct fake *fake, int i)
{
    struct client *c = &clients[i];
    if (c->dead || !fake->socks[i].open) {
        connect_(fake, i);
        listen(fake, i);
        if (c->room >= 0) {
            enter(fake, i, c->room, c->told);
        }
    } else if (c->room < 0) {
        enter(fake, i, (int)chance(FAKE_ROOMS), false);
    }
}

static void say(struct fake *fake, int i)
{
    struct client *c = &clients[i];
    if (c->said_count == PENDING) {
        return;
    }
    size_t s = c->said_count++;
    snprintf(c->said[s].cid, sizeof(c->said[s].cid), "c%d", ++serial);
    snprintf(c->said[s].text, sizeof(c->said[s].text), "t%d", serial);
    c->said[s].acked = false;
    fake_say(fake, i, "{\"t\":\"say\",\"cid\":\"%s\",\"text\":\"%s\"}", c->said[s].cid,
             c->said[s].text);
}

static void walk(struct fake *fake, int i)
{
    struct client *c = &clients[i];
    struct seen *me = known(c, c->you);
    bool near = chance(3) > 0;
    int x = near ? me->x + (int)chance(200) - 100 : (int)chance(2600) - 1300;
    int z = near ? me->z + (int)chance(200) - 100 : (int)chance(2200) - 1100;
    if (!me->seat) { /* a client believes itself until it is put back */
        me->x = x;
        me->z = z;
        fake_at(fake, i, x / 256.0, z / 256.0, 1);
    }
}

static void act(struct fake *fake, int i)
{
    static const char *const sayings[] = {"{\"t\":\"stand\"}",
                                          "{\"t\":\"typing\",\"on\":true}",
                                          "{\"t\":\"typing\",\"on\":false}",
                                          "{\"t\":\"emote\",\"name\":\"bow\"}",
                                          "{\"t\":\"mood\",\"mood\":\"sad\"}",
                                          "{\"t\":\"ping\",\"n\":1}"};
    unsigned what = chance(20);
    if (!clients[i].in || what == 0) {
        come(fake, i);
    } else if (what < 7) {
        walk(fake, i);
    } else if (what < 12) {
        say(fake, i);
    } else if (what < 15) {
        fake_say(fake, i, "{\"t\":\"sit\",\"seat\":%u}", 1 + chance(14));
    } else if (what < 18) {
        fake_say(fake, i, "%s", sayings[chance(COUNT(sayings))]);
    } else if (what == 18) {
        fake_lose(fake, i);
        lost(&clients[i]);
    } else if (chance(3) == 0) {
        fake_say(fake, i, "{\"t\":\"leave\"}");
        lost(&clients[i]);
        clients[i].dead = false;
        clients[i].room = -1;
    }
}

/* kill -9: what was not stored is gone, everybody's socket too. */
static void die(struct fake *fake)
{
    for (int i = 0; i < CLIENTS; i++) {
        listen(fake, i);
        fake->socks[i].open = false;
        fake->socks[i].peer = NULL;
        lost(&clients[i]);
    }
    while (fake->asks) {
        struct live_ask *ask = fake->asks;
        fake->asks = ask->next;
        live_answer(ask); /* nobody reads it: given back with the rest */
    }
    fake->posts_count = fake->moves_count = 0;
    live_free(fake->live);
    fake_start(fake, 2, true, 1000);
}

/* What happens to rooms and in them by calls from outside. */
static void happen(struct fake *fake)
{
    int at = (int)chance(FAKE_ROOMS), account = 1 + (int)chance(ACCOUNTS);
    struct fake_room *room = &fake->rooms[at];
    struct event event = {.kind = EVENT_ROOM_CHANGED, .id = at + 1};
    unsigned what = chance(6);
    if (what < 2) {
        fake->removed[at][account] = true;
        event = (struct event){.kind = EVENT_ROOM_REMOVED, .account_id = account, .id = at + 1};
    } else if (what == 2) {
        room->visibility = strcmp(room->visibility, "closed") == 0 ? "public" : "closed";
    } else if (what == 3) {
        room->ended = !room->ended;
    } else if (what == 4) {
        fake->rooms[2].ended = true;
        event = (struct event){.kind = EVENT_ACCOUNT_ENDED, .account_id = GONE, .id = 0};
    } else {
        event = (struct event){.kind = EVENT_ACCOUNT_CHANGED, .account_id = account, .id = 0};
    }
    live_event(fake->live, &event);
}

static void let_in(struct fake *fake)
{
    memset(fake->removed, 0, sizeof(fake->removed));
    for (int i = 0; i < FAKE_ROOMS; i++) {
        fake->rooms[i].ended = false;
        fake->rooms[i].visibility = "public";
        const struct event event = {.kind = EVENT_ROOM_CHANGED, .id = i + 1};
        live_event(fake->live, &event);
    }
}

static void step(struct fake *fake)
{
    unsigned what = chance(100);
    int i = (int)chance(CLIENTS);
    if (what < 55) {
        act(fake, i);
    } else if (what < 65) {
        fake_answer(fake);
    } else if (what < 75) {
        fake_post_one(fake);
    } else if (what < 80) {
        fake_move_one(fake);
    } else if (what < 90) {
        fake_turn(fake);
        fake_bury(fake);
    } else if (what < 92) {
        happen(fake);
    } else if (what < 99) {
        fake->now_ms += LIVE_TICK_MS;
        live_tick(fake->live, (int)chance(2));
    } else if (chance(3) == 0) {
        die(fake);
    }
    for (int c = 0; c < CLIENTS; c++) {
        listen(fake, c);
    }
}

/* ---- at rest ---- */

static bool hears_all(const struct fake *fake, int account)
{
    for (int other = 0; other < FAKE_ACCOUNTS; other++) {
        if (fake->hides[account][other]) {
            return false;
        }
    }
    return true;
}

/* Shown beside the chair on which somebody sits later whom they do not perceive. */
static bool beside(const struct client *c, const struct seen *seen, const struct seen *self)
{
    const struct scene *scene = scene_named("lounge");
    bool taken = false;
    for (int slot = 0; slot < 255; slot++) {
        taken |= c->people[slot].known && c->people[slot].seat == self->seat;
    }
    return taken && seen->seat == 0 && self->seat > 0 &&
           seen->x == scene->seats[self->seat - 1].stand.x &&
           seen->z == scene->seats[self->seat - 1].stand.z;
}

static bool legal(const struct seen *seen)
{
    const struct scene *scene = scene_named("lounge");
    bool ok = seen->x > scene->walk.x0 && seen->x < scene->walk.x1 && seen->z > scene->walk.z0 &&
              seen->z < scene->walk.z1;
    for (size_t i = 0; i < scene->blocked_count; i++) {
        const struct scene_box *box = &scene->blocked[i];
        ok &= !(seen->x > box->x0 && seen->x < box->x1 && seen->z > box->z0 && seen->z < box->z1);
    }
    return ok || seen->seat;
}

/* Nobody is where they may not be. */
static void check_door(const struct fake *fake, const struct client *c)
{
    const struct fake_room *room = &fake->rooms[c->room];
    assert_false(room->ended);
    assert_false(fake->removed[c->room][c->account]);
    assert_true(strcmp(room->visibility, "closed") != 0 || c->account == room->owner);
    assert_false(fake->hides[c->account][room->owner]);
}

static void check_people(const struct fake *fake, const struct client *c)
{
    bool taken[SCENE_SEATS_MAX + 1] = {false};
    for (int slot = 0; slot < 255; slot++) {
        const struct seen *seen = &c->people[slot];
        if (!seen->known) {
            continue;
        }
        assert_true(legal(seen));
        assert_false(fake->hides[c->account][seen->account]);
        assert_false(seen->seat && taken[seen->seat]);
        taken[seen->seat] = true;
        for (int i = 0; i < CLIENTS; i++) {
            const struct client *other = &clients[i];
            if (other->in && other->room == c->room && other->account == seen->account) {
                const struct seen *self = &other->people[other->you];
                assert_int_equal(other->you, slot);
                assert_false(seen->away);
                if (!beside(c, seen, self)) {
                    assert_int_equal(self->seat, seen->seat);
                    assert_int_equal(self->x, seen->x);
                    assert_int_equal(self->z, seen->z);
                }
            }
        }
    }
}

static void check_lines(const struct fake *fake, const struct client *c)
{
    int64_t last = 0;
    size_t stored = 0, heard = 0, known = 0;
    for (size_t i = 0; i < fake->lines_count; i++) {
        const struct fake_line *line = &fake->lines[i];
        if (line->room == c->room) {
            assert_true(line->seq > last); /* stored in the order of numbers */
            last = line->seq;
            if (line->seq > c->low) {
                stored++;
                while (known < c->lines_count && c->lines[known].seq < line->seq) {
                    known++;
                }
                assert_true(known < c->lines_count && c->lines[known].seq == line->seq);
                assert_string_equal(c->lines[known].text, line->text);
            }
        }
    }
    for (size_t i = 0; i < c->lines_count; i++) {
        heard += c->lines[i].seq > c->low;
    }
    assert_int_equal(heard, stored); /* nothing was told that is not there */
}

/* Everything acknowledged is stored, and everything once. */
static void check_said(const struct fake *fake, const struct client *c)
{
    for (size_t s = 0; s < c->said_count; s++) {
        size_t found = 0;
        for (size_t i = 0; i < fake->lines_count; i++) {
            found += strcmp(fake->lines[i].client_id, c->said[s].cid) == 0;
        }
        assert_true(found <= 1);
        assert_true(found == 1 || !c->said[s].acked);
    }
}

static void rest(struct fake *fake)
{
    for (int i = 0; i < 3; i++) {
        fake_run(fake);
        fake_tick(fake, 600);
        for (int c = 0; c < CLIENTS; c++) {
            listen(fake, c);
        }
    }
    for (int i = 0; i < CLIENTS; i++) {
        check_said(fake, &clients[i]);
        if (clients[i].in) {
            check_door(fake, &clients[i]);
            check_people(fake, &clients[i]);
            if (!blocked_once[clients[i].account] && hears_all(fake, clients[i].account)) {
                check_lines(fake, &clients[i]);
            }
        }
    }
}

/* Two who did not, or did, perceive each other: so they stand beside each other, or sit on one. */
static void block(struct fake *fake)
{
    int one = 1 + (int)chance(BLOCKERS), other = 1 + (int)chance(BLOCKERS);
    if (one == other) {
        return;
    }
    bool on = !fake->hides[one][other];
    fake->hides[one][other] = fake->hides[other][one] = on;
    blocked_once[one] = blocked_once[other] = true;
    const struct event event = {.kind = EVENT_CONTACT_CHANGED, .account_id = one, .id = other};
    settling = true;
    live_event(fake->live, &event);
    rest(fake);
    settling = false;
}

static void random_lives_keep_every_promise(void **state)
{
    (void)state;
    struct fake *fake = fake_new(2, true);
    live_free(fake->live);
    fake_start(fake, 2, true, 1000);
    fake->rooms[1].capacity = 3;
    fake->rooms[1].owner = 1;
    fake->rooms[2].owner = GONE;
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){.account = 1 + i % ACCOUNTS, .room = -1};
        connect_(fake, i);
    }
    int most = 0;
    for (int round = 0; round < ROUNDS; round++) {
        block(fake);
        for (int i = 0; i < STEPS; i++) {
            step(fake);
        }
        rest(fake);
        if (chance(2) == 0) {
            let_in(fake);
        }
        int in = 0;
        for (int i = 0; i < CLIENTS; i++) {
            in += clients[i].in;
        }
        most = MAX(most, in);
    }
    assert_true(most > ACCOUNTS / 2 && fake->lines_count > ROUNDS); /* something happened */
    for (int i = 0; i < CLIENTS; i++) {
        forget_lines(&clients[i], 0);
    }
    fake_free(fake);
}

int main(void)
{
    const char *chosen = getenv("BAUTA_TEST_SEED");
    seed = chosen ? strtoull(chosen, NULL, 10) : 42;
    fprintf(stderr, "# seed %llu (BAUTA_TEST_SEED)\n", (unsigned long long)seed);
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lives_keep_every_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
