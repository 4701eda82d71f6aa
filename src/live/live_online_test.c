#include "live/fake_test.h"

/* Coming and going, as friends hear of it: everybody is everybody's friend here. */

enum { ANA = 1, BEN, CLEO, SOON_MS = 1500 };

static struct fake *begin(void **state)
{
    struct fake *fake = *state;
    fake->friendly = true;
    fake_enter(fake, ANA, ANA, "");
    fake_tick(fake, SOON_MS);
    fake_forget(fake, ANA);
    return fake;
}

static bool shown(struct fake *fake, int64_t account)
{
    bool online = false;
    live_online(fake->live, &account, 1, &online);
    return online;
}

static bool hears(struct fake *fake, int sock, const char *online)
{
    return fake_heard_with(fake, sock, "presence", "online", online);
}

static void event(struct fake *fake, enum event_kind kind, int64_t account, int64_t id)
{
    struct event event = {.kind = kind, .account_id = account, .id = id};
    live_event(fake->live, &event);
    fake_run(fake);
}

static void friends_hear_of_coming_and_going(void **state)
{
    struct fake *fake = begin(state);
    fake_enter(fake, BEN, BEN, "");
    assert_false(shown(fake, BEN));
    fake_tick(fake, SOON_MS);
    assert_true(shown(fake, BEN));
    assert_true(fake_heard_with(fake, ANA, "presence", "id", "account2"));
    assert_false(fake_heard(fake, BEN, "presence")); /* nobody is one's own friend */
    fake_lose(fake, BEN);
    fake_tick(fake, 59 * 1000);
    assert_true(shown(fake, BEN));
    assert_false(fake_heard(fake, ANA, "presence"));
    fake_tick(fake, 2000);
    assert_false(shown(fake, BEN));
    assert_true(hears(fake, ANA, "false"));
}

static void a_lost_connection_that_comes_back_is_not_told(void **state)
{
    struct fake *fake = begin(state);
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_true(hears(fake, ANA, "true"));
    size_t asked = fake->knows;
    for (int i = 0; i < 20; i++) {
        fake_lose(fake, BEN);
        fake_tick(fake, 200);
        fake_enter(fake, BEN, BEN, "");
        fake_tick(fake, 200);
    }
    fake_tick(fake, 70 * 1000);
    assert_true(shown(fake, BEN));
    assert_false(fake_heard(fake, ANA, "presence"));
    assert_int_equal(fake->knows, asked); /* nor is the store asked */
}

static void who_signs_out_is_gone_at_once_and_flapping_is_told_once_in_ten_seconds(void **state)
{
    struct fake *fake = begin(state);
    size_t heard = 0;
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_true(hears(fake, ANA, "true"));
    for (int i = 0; i < 20; i++) {
        event(fake, EVENT_SESSION_ENDED, 0, 1000 + BEN);
        fake_tick(fake, 1200);
        heard += fake_heard(fake, ANA, "presence");
        /* a new session, the old one is remembered as ended */
        struct actor actor = {.id = BEN, .session_id = 5000 + i, .language = "en"};
        fake_public_id(BEN, actor.public_id);
        fake->socks[BEN].open = true;
        live_open(fake->live, &fake->socks[BEN], 0, &actor, "");
        fake_tick(fake, 1200);
        heard += fake_heard(fake, ANA, "presence");
        event(fake, EVENT_SESSION_ENDED, 0, 5000 + i);
    }
    assert_in_range(heard, 1, 10);
    fake_tick(fake, 2000);
    assert_false(shown(fake, BEN));
}

static void two_devices_are_one_person(void **state)
{
    struct fake *fake = begin(state);
    fake_enter(fake, BEN, BEN, "");
    fake_enter(fake, 20, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_true(hears(fake, ANA, "true"));
    fake_lose(fake, 20);
    fake_tick(fake, 70 * 1000);
    assert_true(shown(fake, BEN));
    assert_false(fake_heard(fake, ANA, "presence"));
}

static void the_invisible_are_never_told_of_and_the_choice_looks_like_going(void **state)
{
    struct fake *fake = begin(state);
    fake->invisible[BEN] = true;
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_false(shown(fake, BEN));
    fake_lose(fake, BEN);
    fake_tick(fake, 70 * 1000);
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_false(fake_heard(fake, ANA, "presence"));
    fake->invisible[BEN] = false;
    event(fake, EVENT_CONTACT_CHANGED, BEN, 0);
    fake_tick(fake, 400);
    assert_true(hears(fake, ANA, "true"));
    fake->invisible[BEN] = true;
    event(fake, EVENT_CONTACT_CHANGED, BEN, 0);
    fake_tick(fake, 400);
    assert_false(shown(fake, BEN));
    assert_true(hears(fake, ANA, "false"));
}

/* The question was answered by what was true before the choice: it is not told. */
static void a_choice_made_while_the_store_is_asked_counts(void **state)
{
    struct fake *fake = begin(state);
    fake_enter(fake, BEN, BEN, "");
    for (int i = 0; i < 60 && !fake->asks; i++) {
        fake->now_ms += LIVE_TICK_MS;
        live_tick(fake->live, 0);
    }
    assert_non_null(fake->asks);
    struct live_ask *ask = fake->asks;
    fake->asks = NULL;
    fake_know(fake, ask);
    fake->invisible[BEN] = true;
    struct event changed = {.kind = EVENT_CONTACT_CHANGED, .account_id = BEN};
    live_event(fake->live, &changed);
    live_answer(ask);
    fake_tick(fake, 5000);
    assert_false(shown(fake, BEN));
    assert_false(fake_heard(fake, ANA, "presence"));
}

static void who_is_hidden_from_somebody_is_not_told_to_them(void **state)
{
    struct fake *fake = begin(state);
    fake->hides[ANA][BEN] = true;
    fake_enter(fake, CLEO, CLEO, "");
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, SOON_MS);
    assert_true(fake_heard_with(fake, CLEO, "presence", "id", "account2"));
    while (fake_heard(fake, CLEO, "presence")) {
    }
    for (size_t i = fake->socks[ANA].seen; i < fake->socks[ANA].count; i++) {
        const struct live_frame *frame = fake->socks[ANA].got[i];
        assert_null(memmem(frame->bytes, frame->len, "account2", strlen("account2")));
    }
}

static void a_store_that_is_busy_is_asked_again(void **state)
{
    struct fake *fake = begin(state);
    fake->refuse_asks = true;
    fake_enter(fake, BEN, BEN, "");
    fake_tick(fake, 3000);
    fake->refuse_asks = false;
    fake->know_err = ERR_BUSY;
    fake_tick(fake, 3000);
    assert_false(shown(fake, BEN));
    fake->know_err = OK;
    fake_tick(fake, 3000);
    assert_true(shown(fake, BEN));
    assert_true(hears(fake, ANA, "true"));
}

static void a_start_with_many_reconnects_asks_seldom(void **state)
{
    struct fake *fake = *state;
    fake->friendly = true;
    for (int i = 0; i < FAKE_SOCKS; i++) {
        fake_enter(fake, i, i + 1, "");
    }
    fake_tick(fake, SOON_MS);
    for (int i = 0; i < FAKE_SOCKS; i++) {
        assert_true(shown(fake, i + 1));
    }
    assert_int_equal(fake->knows, FAKE_SOCKS / LIVE_KNOW_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TWO(friends_hear_of_coming_and_going),
        IN_TWO(a_lost_connection_that_comes_back_is_not_told),
        IN_WORLD(who_signs_out_is_gone_at_once_and_flapping_is_told_once_in_ten_seconds),
        IN_TWO(two_devices_are_one_person),
        IN_TWO(the_invisible_are_never_told_of_and_the_choice_looks_like_going),
        IN_WORLD(a_choice_made_while_the_store_is_asked_counts),
        IN_TWO(who_is_hidden_from_somebody_is_not_told_to_them),
        IN_TWO(a_store_that_is_busy_is_asked_again),
        IN_WORLD(a_start_with_many_reconnects_asks_seldom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
