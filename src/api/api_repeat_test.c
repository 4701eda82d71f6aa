#include "tests/support/notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What runs twice, is asked twice, or fails half-way. */
static void a_repeat_gets_the_first_answer(struct world *w)
{
    w->key = "key-1";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    char first[256];
    snprintf(first, sizeof(first), "%s", w->last.body);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    assert_string_equal(w->last.body, first);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_int_equal(w->event_count, 1); /* told once */
    notes_expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":4}", 409,
                 "input.idempotency");
    notes_expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 409, "input.idempotency");
    notes_expect(w, BEN, "POST", "/api/t/notes", NOTE_, 201, ""); /* another's key is another key */
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 6);
    atomic_fetch_add(&w->now_ms, 24 * 60 * 60 * 1000);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, ""); /* kept for a day */
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 9);
}

static void a_refusal_is_not_kept(struct world *w)
{
    w->key = "key-2";
    notes_expect(w, ANA, "POST", "/api/t/notes", "{\"name\":\"a\",\"number\":99}", 409,
                 "api.clash");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
}

static void a_secret_answer_is_not_kept_but_done_once(struct world *w)
{
    w->key = "key-3";
    notes_expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 201, "");
    notes_expect(w, ANA, "POST", "/api/t/secrets", NOTE_, 409, "input.repeated");
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency WHERE body IS NULL"), 1);
}

static void an_answer_that_may_speak_of_others_is_not_kept_but_done_once(struct world *w)
{
    w->key = "key-6";
    notes_expect(w, ANA, "POST", "/api/t/others", NOTE_, 201, "");
    notes_expect(w, ANA, "POST", "/api/t/others", NOTE_, 409, "input.repeated");
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency WHERE body IS NULL"), 1);
    /* Nor is one told that an older version kept. */
    world_script(w, "UPDATE idempotency SET status = 201, body = request_hash");
    notes_expect(w, ANA, "POST", "/api/t/others", NOTE_, 409, "input.repeated");
}

static void a_kept_status_that_is_none_is_told_to_nobody(struct world *w)
{
    w->key = "key-7";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    world_script(w, "UPDATE idempotency SET status = -500");
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 409, "input.repeated");
    world_script(w, "UPDATE idempotency SET status = 404");
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 409, "input.repeated");
}

static void repeats_at_the_same_time_act_once(struct world *w)
{
    enum { COUNT_ = 40 };
    const char *jsons[COUNT_];
    int statuses[COUNT_];
    for (size_t i = 0; i < COUNT_; i++) {
        jsons[i] = NOTE_;
    }
    w->key = "key-4";
    world_send_many(w, ANA, "POST", "/api/t/notes", jsons, COUNT_, statuses);
    for (size_t i = 0; i < COUNT_; i++) {
        assert_int_equal(statuses[i], 201);
    }
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
}

static void a_key_is_short_and_visible(struct world *w)
{
    char key[202];
    memset(key, 'k', sizeof(key));
    key[200] = '\0';
    w->key = key;
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    key[200] = 'k';
    key[201] = '\0';
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 400, "input.idempotency_key");
    w->key = "a b";
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 400, "input.idempotency_key");
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM meta WHERE name = 'a'"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency"), 0);
    assert_int_equal(w->event_count, 0);
}

static void each_statement_may_fail(struct world *w)
{
    w->key = "key-5";
    world_faults(w, ANA, "POST", "/api/t/notes", NOTE_, nothing_changed);
    world_faults(w, ANA, "GET", "/api/t/notes/a", NULL, NULL);
}

static void a_lost_race_is_run_again(struct world *w)
{
    store_fail_at(w->store.store, 1, ERR_BUSY);
    notes_expect(w, ANA, "POST", "/api/t/notes", NOTE_, 201, "");
    store_fail_at(w->store.store, 0, OK);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'a'"), 3);
    assert_string_equal(world_field(w, "runs"), "1");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_repeat_gets_the_first_answer),
        WORLD_TEST(a_refusal_is_not_kept),
        WORLD_TEST(a_secret_answer_is_not_kept_but_done_once),
        WORLD_TEST(an_answer_that_may_speak_of_others_is_not_kept_but_done_once),
        WORLD_TEST(a_kept_status_that_is_none_is_told_to_nobody),
        WORLD_TEST(repeats_at_the_same_time_act_once),
        WORLD_TEST(a_key_is_short_and_visible),
        WORLD_TEST(each_statement_may_fail),
        WORLD_TEST(a_lost_race_is_run_again),
    };
    const struct world_options options = {.features = notes_features};
    return world_run(&options, tests, COUNT(tests));
}
