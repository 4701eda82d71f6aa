#include "base/arena.h"
#include "base/heap.h"
#include "live/fake_test.h"

/*
 * Rooms without memory: two people come, talk, walk, sit, lose their connection, come back and
 * go, another is signed out and one is removed, while the first piece of memory is refused,
 * then the second, and so on.  Each time the program goes on, nobody who keeps a socket misses
 * a line that was taken, who has to go goes, and afterwards all is as it always is.
 */
enum { PIECES_MAX = 6000, ANA = 0, BEN = 1, ENDED = 2, REMOVED = 3 };
enum refusal { OF_MACHINE, OF_LIMIT, OF_HEAP, OF_HEAP_FOR_LONG, REFUSALS };

static void refuse(enum refusal refusal, uint64_t nth)
{
    if (refusal >= OF_HEAP) {
        heap_fail_at(nth, refusal == OF_HEAP ? 1 : 40);
    } else {
        arena_fail_unguarded(true);
        arena_fail_at(nth, refusal == OF_LIMIT);
    }
}

/* Did it strike? */
static bool done(enum refusal refusal)
{
    arena_fail_unguarded(false);
    return refusal >= OF_HEAP ? heap_fail_at(0, 0) > 0 : arena_fail_at(0, false) == 0;
}

static void tell(struct fake *fake, enum event_kind kind, int64_t account_id, int64_t id)
{
    const struct event event = {
        .kind = kind, .account_id = account_id, .id = id, .json = "{\"t\":\"notices\"}"};
    live_event(fake->live, &event);
    fake_run(fake);
}

static void play(struct fake *fake)
{
    fake_enter(fake, ANA, 1, "rooma");
    fake_enter(fake, BEN, 2, "rooma");
    fake->session_id = 77;
    fake_enter(fake, ENDED, 3, "roomb");
    fake->session_id = 0;
    fake_enter(fake, REMOVED, 4, "rooma");
    fake_say(fake, ANA, "{\"t\":\"say\",\"cid\":\"c1\",\"text\":\"one\"}");
    fake_run(fake);
    fake_say(fake, BEN, "{\"t\":\"typing\",\"on\":true}");
    fake_at(fake, ANA, 1, 1, 1);
    fake_tick(fake, 100);
    fake_say(fake, ANA, "{\"t\":\"emote\",\"name\":\"wave\"}");
    fake_say(fake, BEN, "{\"t\":\"sit\",\"seat\":1}");
    fake_say(fake, BEN, "{\"t\":\"stand\"}");
    fake_say(fake, BEN, "{\"t\":\"ping\",\"n\":1}");
    fake_say(fake, BEN, "{\"t\":\"nonsense\"}");
    tell(fake, EVENT_TELL, 1, 0);
    tell(fake, EVENT_ACCOUNT_CHANGED, 2, 0);
    fake->hides[1][4] = fake->hides[2][4] = true;
    tell(fake, EVENT_CONTACT_CHANGED, 1, 4);
    tell(fake, EVENT_ROOM_CHANGED, 0, 1);
    tell(fake, EVENT_SESSION_ENDED, 0, 77);
    fake->removed[0][4] = true;
    tell(fake, EVENT_ROOM_REMOVED, 4, 1);
    fake_lose(fake, BEN);
    fake_tick(fake, 100);
    fake_open(fake, BEN, 2, "");
    fake_say(fake, BEN, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":0}");
    fake_run(fake);
    fake_say(fake, BEN, "{\"t\":\"say\",\"cid\":\"c2\",\"text\":\"two\"}");
    fake_run(fake);
    fake_say(fake, ANA, "{\"t\":\"enter\",\"room\":\"roomb\"}");
    fake_run(fake);
    fake_say(fake, ANA, "{\"t\":\"leave\"}");
    fake_tick(fake, 2000); /* friends hear that they are online */
}

static bool has_got(const struct live_sock *sock, const char *text)
{
    for (size_t i = 0; i < sock->count; i++) {
        const struct live_frame *frame = sock->got[i];
        if (!frame->binary && memmem(frame->bytes, frame->len, text, strlen(text))) {
            return true;
        }
    }
    return false;
}

/* A line that its writer was told is stored is heard by whoever is in and was not sent away. */
static void nobody_misses_a_line(struct fake *fake)
{
    const struct live_sock *ana = &fake->socks[ANA], *ben = &fake->socks[BEN];
    if (ben->open && has_got(ben, "\"t\":\"ack\",\"cid\":\"c2\"") && ana->open &&
        has_got(ana, "\"id\":\"rooma\"")) {
        assert_true(has_got(ana, "\"text\":\"two\""));
    }
    if (ben->open && has_got(ben, "\"t\":\"entered\"")) {
        for (size_t i = 0; i < fake->lines_count; i++) {
            assert_true(has_got(ben, fake->lines[i].text));
        }
    }
}

/* As if nothing had been. */
static void all_is_well(struct fake *fake)
{
    fake_tick(fake, 3000);
    assert_false(fake->socks[ENDED].open);
    assert_true(!fake->socks[REMOVED].open || has_got(&fake->socks[REMOVED], "rooms.removed") ||
                !has_got(&fake->socks[REMOVED], "\"t\":\"entered\""));
    nobody_misses_a_line(fake);
    fake_lose(fake, ANA);
    fake_lose(fake, BEN);
    fake_tick(fake, 90000);
    fake_enter(fake, ANA, 1, "rooma");
    fake_enter(fake, BEN, 2, "rooma");
    fake_forget(fake, BEN);
    fake_say(fake, ANA, "{\"t\":\"say\",\"cid\":\"c9\",\"text\":\"nine\"}");
    fake_tick(fake, 100);
    assert_true(fake_heard_with(fake, ANA, "ack", "cid", "c9"));
    assert_true(fake_heard_with(fake, BEN, "line", "text", "nine"));
}

static size_t each_piece(enum refusal refusal)
{
    for (uint64_t nth = 1; nth <= PIECES_MAX; nth++) {
        struct fake *fake = fake_new(2, true);
        fake->friendly = true;
        refuse(refusal, nth);
        play(fake);
        bool struck = done(refusal);
        all_is_well(fake);
        fake_free(fake);
        if (!struck) {
            return nth - 1;
        }
    }
    fail_msg("it never has enough");
    return 0;
}

static void sockets_without_memory_are_closed_and_come_back(void **state)
{
    (void)state;
    for (enum refusal refusal = 0; refusal < REFUSALS; refusal++) {
        size_t pieces = each_piece(refusal);
        print_message("# %d pieces refused\n", (int)pieces);
        assert_true(pieces > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sockets_without_memory_are_closed_and_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
