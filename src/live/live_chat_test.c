#include "live/fake_test.h"

static bool acked(struct fake *fake, int sock, int64_t seq)
{
    char number[24];
    snprintf(number, sizeof(number), "%lld", (long long)seq);
    return fake_heard_with(fake, sock, "ack", "seq", number);
}

static void a_line_said_again_is_the_same_line(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    for (int i = 0; i < 3; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"once\"}");
    }
    fake_run(fake);
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"once\"}");
    fake_run(fake);
    assert_int_equal(fake->lines_count, 1);
    assert_true(fake_heard(fake, 1, "line"));
    assert_true(acked(fake, 1, fake->lines[0].seq));
    assert_true(acked(fake, 1, fake->lines[0].seq));
    assert_null(fake_next(fake, 1, "line"));
}

/* The server forgot everything; the client sends again what was stored long ago. */
static void a_stored_line_sent_again_after_a_restart_is_not_told_twice(void **state)
{
    struct fake *fake = *state;
    for (int i = 0; i < 300; i++) {
        struct fake_line *line = &fake->lines[fake->lines_count++];
        *line = (struct fake_line){0, i + 1, 1, i == 0 ? 1 : 2, "", "old"};
        snprintf(line->client_id, sizeof(line->client_id), "c%d", i);
    }
    fake_enter(fake, 2, 2, "rooma");
    fake_open(fake, 1, 1, "");
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":300}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "entered", "resumed", "true"));
    fake_forget(fake, 2);
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c0\",\"text\":\"old\"}");
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"new\",\"text\":\"new\"}");
    fake_run(fake);
    assert_true(acked(fake, 1, 1));
    assert_int_equal(fake->lines_count, 301);
    assert_true(acked(fake, 1, fake->lines[300].seq));
    assert_true(fake_heard_with(fake, 2, "line", "text", "new"));
}

static void lines_that_a_dead_server_had_not_stored_are_taken_back(void **state)
{
    struct fake *fake = *state;
    for (int i = 0; i < 10; i++) { /* 6 and 7 were told, not stored */
        int64_t seq = i < 5 ? i + 1 : i + 3;
        fake->lines[fake->lines_count++] = (struct fake_line){0, seq, 1, 2, "", "x"};
        snprintf(fake->lines[i].client_id, 33, "c%d", i);
    }
    fake_open(fake, 1, 1, "");
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":7}");
    fake_run(fake);
    json_t *entered = fake_next(fake, 1, "entered");
    assert_int_equal(json_integer_value(json_object_get(entered, "since")), 5);
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), 5);
    const json_t *line = json_array_get(json_object_get(entered, "lines"), 0);
    assert_non_null(json_string_value(json_object_get(line, "avatar"))); /* they may be gone */
    assert_true(json_is_true(json_object_get(entered, "resumed")));
    json_decref(entered);
}

static void an_ended_accounts_lines_are_gone_from_memory_too(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"gone\"}");
    fake_run(fake);
    struct event event = {.kind = EVENT_ACCOUNT_ENDED, .account_id = 2};
    live_event(fake->live, &event);
    fake_run(fake);
    fake_enter(fake, 3, 3, "rooma");
    json_t *entered = fake_next(fake, 3, "entered");
    assert_int_equal(json_array_size(json_object_get(entered, "lines")), 0);
    assert_int_equal(json_array_size(json_object_get(entered, "people")), 2);
    json_decref(entered);
}

static void one_bad_line_does_not_take_the_others_with_it(void **state)
{
    struct fake *fake = *state;
    for (int i = 1; i <= 3; i++) {
        fake_enter(fake, i, i, "rooma");
    }
    fake->bad_sender = 2;
    for (int i = 1; i <= 3; i++) {
        fake_say(fake, i, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"x\"}");
    }
    fake_run(fake);
    assert_true(fake_heard(fake, 1, "ack"));
    assert_true(fake_heard_with(fake, 2, "nack", "code", "rooms.busy"));
    assert_true(fake_heard(fake, 3, "ack"));
    fake->bad_sender = 0;
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"x\"}");
    fake_run(fake);
    assert_int_equal(fake->lines_count, 3);
    assert_true(acked(fake, 2, fake->lines[2].seq));
}

static void a_room_never_runs_ahead_of_its_store(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"x\"}");
    fake->now_ms += 1000;
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"b\",\"text\":\"x\"}");
    assert_true(fake_heard(fake, 1, "line"));
    assert_true(fake_heard(fake, 1, "line"));
    fake->now_ms += 1;
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c\",\"text\":\"x\"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "rooms.busy"));
    fake_run(fake);
    assert_true(fake_heard(fake, 1, "ack"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c\",\"text\":\"x\"}");
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "line", "cid", "c"));
}

static void who_is_too_slow_is_told_and_sent_away(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_tick(fake, 1000);
    fake_forget(fake, 2);
    fake->socks[2].queued = 40 * 1024; /* no ticks now */
    fake_at(fake, 1, -3.5, 2.3, 1);
    fake_tick(fake, 200);
    assert_null(fake_moves(fake, 2));
    fake->socks[2].queued = 0;
    fake_tick(fake, 200);
    struct live_frame *frame = fake_moves(fake, 2);
    assert_non_null(frame);
    assert_int_equal(frame->bytes[0], 3);
    fake->socks[2].queued = 300 * 1024;
    fake_at(fake, 1, -3.6, 2.3, 1);
    fake_tick(fake, 200);
    assert_int_equal(fake->socks[2].code, 4408);
    assert_true(fake_heard_with(fake, 2, "out", "code", "rooms.slow"));
}

static void limits_hold(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_tick(fake, 10000);
    for (int i = 0; i < 5; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"x\"}", i);
    }
    fake_run(fake);
    assert_null(fake_next(fake, 1, "nack"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"more\",\"text\":\"x\"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "live.often"));
    fake_tick(fake, 10000);
    char text[1002];
    memset(text, 'x', sizeof(text));
    text[1000] = '\0';
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"long\",\"text\":\"%s\"}", text);
    assert_true(fake_heard(fake, 1, "line"));
    text[1000] = 'x';
    text[1001] = '\0';
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"longer\",\"text\":\"%s\"}", text);
    assert_true(fake_heard_with(fake, 1, "nack", "code", "live.long"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"none\",\"text\":\" \\n \"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "live.empty"));
}

static void nonsense_is_refused_and_ends_after_ten(void **state)
{
    static const char *const nonsense[] = {
        "",
        "[]",
        "{}",
        "{\"t\":1}",
        "{\"t\":\"fly\"}",
        "{\"t\":\"enter\"}",
        "{\"t\":\"enter\",\"room\":\"x\",\"seq\":-1}",
        "{\"t\":\"leave\",\"on\":true}",
        "{\"t\":\"emote\",\"name\":\"fly\"}",
        "{\"t\":\"sit\",\"seat\":0}",
    };
    struct fake *fake = *state;
    fake_open(fake, 1, 1, "");
    for (size_t i = 0; i < COUNT(nonsense); i++) {
        fake_say(fake, 1, "%s", nonsense[i]);
        assert_true(fake_heard(fake, 1, "refused"));
        assert_true(fake->socks[1].open);
    }
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"not in a room\"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "live.not_in"));
    assert_int_equal(fake->socks[1].code, 1008);
}

static void a_busy_store_refuses_and_recovers(void **state)
{
    struct fake *fake = *state;
    fake->refuse_asks = true;
    fake_enter(fake, 1, 1, "rooma");
    assert_true(fake_heard_with(fake, 1, "refused", "code", "live.busy"));
    fake->refuse_asks = false;
    fake_say(fake, 1, "{\"t\":\"enter\",\"room\":\"rooma\"}");
    fake_run(fake);
    assert_true(fake_heard(fake, 1, "entered"));
    fake->refuse_asks = true;
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"x\"}");
    fake_run(fake);
    assert_null(fake_next(fake, 1, "ack"));
    fake->refuse_asks = false;
    fake_tick(fake, 100);
    assert_true(fake_heard(fake, 1, "ack"));
}

static void a_restart_is_announced_and_no_line_is_taken_then(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    live_drain(fake->live);
    fake_run(fake);
    assert_true(fake_heard_with(fake, 1, "bye", "code", "live.restart"));
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"a\",\"text\":\"x\"}");
    assert_true(fake_heard_with(fake, 1, "nack", "code", "rooms.busy"));
}

static void typing_ends_by_itself(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 1, "{\"t\":\"typing\",\"on\":true}");
    assert_true(fake_heard_with(fake, 2, "typing", "on", "true"));
    fake_tick(fake, 5900);
    assert_null(fake_next(fake, 2, "typing"));
    fake_tick(fake, 200);
    assert_true(fake_heard_with(fake, 2, "typing", "on", "false"));
}

static void who_missed_more_than_is_remembered_starts_afresh(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    for (int i = 0; i < 400; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"%d\"}", i, i);
        fake_tick(fake, 2000);
    }
    assert_int_equal(fake->lines_count, 400);
    const struct {
        int last; /* how many lines they had heard */
        const char *resumed;
        size_t lines;
    } tries[] = {{100, "false", 50}, {143, "false", 50}, {144, "true", 256}, {400, "true", 0}};
    for (size_t i = 0; i < COUNT(tries); i++) {
        fake_open(fake, 2, 2, "");
        fake_say(fake, 2, "{\"t\":\"enter\",\"room\":\"rooma\",\"seq\":%lld}",
                 (long long)fake->lines[tries[i].last - 1].seq);
        fake_run(fake);
        json_t *entered = fake_next(fake, 2, "entered");
        assert_int_equal(json_array_size(json_object_get(entered, "lines")), tries[i].lines);
        assert_string_equal(json_is_true(json_object_get(entered, "resumed")) ? "true" : "false",
                            tries[i].resumed);
        assert_true(json_is_true(json_object_get(entered, "more")));
        json_decref(entered);
        fake_lose(fake, 2);
    }
}

/* It ended while a line of it was not stored, and is there again: all is read from the store. */
static void a_room_that_comes_back_tells_every_line_once(void **state)
{
    struct fake *fake = *state;
    const struct event changed = {.kind = EVENT_ROOM_CHANGED, .id = 1};
    fake_enter(fake, 1, 1, "rooma");
    for (int i = 0; i < 3; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"line %d\"}", i, i);
        fake_run(fake);
    }
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"late\",\"text\":\"late\"}");
    fake->rooms[0].ended = true;
    live_event(fake->live, &changed);
    for (int i = 0; i < 2; i++) { /* asked, and told that there is none; nothing is stored */
        while (fake_post_one(fake)) {
        }
        fake_answer(fake);
    }
    while (fake_post_one(fake)) {
    }
    assert_true(fake_heard(fake, 1, "out"));
    assert_int_equal(fake->lines_count, 3);
    fake->rooms[0].ended = false;
    fake_open(fake, 2, 2, "rooma");
    fake_run(fake);
    json_t *entered = fake_next(fake, 2, "entered");
    json_t *lines = json_object_get(entered, "lines");
    assert_int_equal(json_array_size(lines), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(json_integer_value(json_object_get(json_array_get(lines, i), "seq")),
                         fake->lines[i].seq);
    }
    json_decref(entered);
    fake_say(fake, 2, "{\"t\":\"say\",\"cid\":\"next\",\"text\":\"next\"}");
    fake_run(fake);
    assert_true(acked(fake, 2, fake->lines[4].seq));
}

static void a_line_is_known_again_as_long_as_it_is_remembered(void **state)
{
    struct fake *fake = *state;
    live_free(fake->live); /* one that stores nothing and forgets at once, with high limits */
    fake_start(fake, 1, false, 1000);
    fake_enter(fake, 1, 1, "rooma");
    for (int i = 0; i < 1200; i++) {
        fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"x\"}", i);
        assert_true(fake_heard(fake, 1, "line"));
        assert_true(fake_heard(fake, 1, "ack"));
        if (i >= 255) {
            fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c%d\",\"text\":\"x\"}", i - 255);
            assert_null(fake_next(fake, 1, "line"));
            assert_true(fake_heard(fake, 1, "ack"));
        }
        fake_run(fake);
    }
    fake_say(fake, 1, "{\"t\":\"say\",\"cid\":\"c943\",\"text\":\"x\"}");
    assert_true(fake_heard(fake, 1, "line"));
}

static void its_writer_is_told_a_line_as_all_are_and_that_it_is_their_own(void **state)
{
    struct fake *fake = *state;
    fake_enter(fake, 1, 1, "rooma");
    fake_enter(fake, 2, 2, "rooma");
    fake_say(fake, 1,
             "{\"t\":\"say\",\"cid\":\"a_-Z9\","
             "\"text\":\" \\u3000\\\"false}\\\" \\u00a0b\\n\\u200b\\ufeff \"}");
    fake_run(fake);
    json_t *own = fake_next(fake, 1, "line"), *other = fake_next(fake, 2, "line");
    assert_string_equal(json_string_value(json_object_get(own, "text")), "\"false}\" \xc2\xa0"
                                                                         "b");
    assert_true(json_is_false(json_object_get(other, "mine")));
    assert_null(json_object_get(other, "cid"));
    json_object_set_new(other, "mine", json_true());
    json_object_set_new(other, "cid", json_string("a_-Z9"));
    assert_true(json_equal(own, other));
    json_decref(own);
    json_decref(other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        IN_WORLD(a_line_said_again_is_the_same_line),
        IN_WORLD(a_stored_line_sent_again_after_a_restart_is_not_told_twice),
        IN_WORLD(lines_that_a_dead_server_had_not_stored_are_taken_back),
        IN_WORLD(an_ended_accounts_lines_are_gone_from_memory_too),
        IN_WORLD(one_bad_line_does_not_take_the_others_with_it),
        IN_WORLD(a_room_never_runs_ahead_of_its_store),
        IN_WORLD(who_is_too_slow_is_told_and_sent_away),
        IN_WORLD(limits_hold),
        IN_WORLD(who_missed_more_than_is_remembered_starts_afresh),
        IN_WORLD(nonsense_is_refused_and_ends_after_ten),
        IN_WORLD(a_busy_store_refuses_and_recovers),
        IN_WORLD(a_restart_is_announced_and_no_line_is_taken_then),
        IN_WORLD(typing_ends_by_itself),
        IN_WORLD(a_room_that_comes_back_tells_every_line_once),
        IN_WORLD(a_line_is_known_again_as_long_as_it_is_remembered),
        IN_WORLD(its_writer_is_told_a_line_as_all_are_and_that_it_is_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
