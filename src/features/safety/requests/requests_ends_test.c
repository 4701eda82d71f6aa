#include "features/safety/requests/requests_scene_test.h"

#include "privacy/keys.h"

/* How requests end, what ends with them, and who hears in time; and those of people without an
 * account. */

#define GUEST                                                                       \
    "{\"kind\":\"rectify\",\"text\":\"What do you keep of my child?\",\"country\":" \
    "\"DE\",\"language\":\"id\",\"email\":\"someone@example.org\"}"
#define LINK_OF "{\"link\":\"guest-link\"}"

SQL(test_guest_link, "UPDATE request SET link_hash = $1 WHERE own_key_id IS NOT NULL");

static enum err put_link(struct call *call, void *arg UNUSED)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256("guest-link", 10, hash);
    return store_run(call, &test_guest_link, BIND(BYTES(hash, HASH_BYTES)), NULL);
}

/* Somebody without an account asks, and opens the link of the mail. */
static void guest_asks(struct world *w)
{
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/requests", GUEST), 202);
    assert_int_equal(world_do(w, NOBODY, put_link, NULL), OK);
}

static int by_link(struct world *w, const char *to, const char *json)
{
    return world_sendf(w, NOBODY, "POST", json, "/api/requests/%s", to);
}

static void officers_hear_a_week_before_two_days_before_and_after(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    int64_t due_ms = world_count(w, "SELECT due_ms FROM request");
    const struct {
        int64_t at_ms, soon, late;
    } all[] = {
        {due_ms - 7 * TIME_DAY - TIME_H, 0, 0},
        {due_ms - 7 * TIME_DAY + TIME_MIN, 2, 0},
        {due_ms - 6 * TIME_DAY, 2, 0},
        {due_ms - 2 * TIME_DAY + TIME_MIN, 4, 0},
        {due_ms - TIME_DAY, 4, 0},
        {due_ms + TIME_MIN, 4, 2},
        {due_ms + 5 * TIME_DAY, 4, 2},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        later(w, all[i].at_ms - w->now_ms);
        parents_run_jobs(w);
        assert_int_equal(TOLD("requests.soon"), all[i].soon);
        assert_int_equal(TOLD("requests.late"), all[i].late);
    }
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/waiting", NULL), 200);
    assert_true(world_says(w, "\"path\":\"/staff/requests\",\"waiting\":1,\"urgent\":1"));
}

static void two_years_after_its_end_a_request_is_gone_and_open_ones_stay(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    assert_int_equal(ask(w, DAN, "rectify"), 201);
    find(w);
    takes(w, BEN);
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 204);
    later(w, (REQUESTS_ANSWER_DAYS - 1) * TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'closed'"), 0);
    later(w, 2 * TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'closed'"), 1);
    later(w, (REQUESTS_KEPT_DAYS - 1) * TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 2);
    later(w, 2 * TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'open'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry e WHERE NOT EXISTS"
                                    " (SELECT 1 FROM request r WHERE r.id = e.request_id)"),
                     0);
}

static void an_erased_members_request_is_closed_and_says_nothing_any_more(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "question"), 201);
    find(w);
    takes(w, BEN);
    world_script(w, "DELETE FROM account WHERE id = 1");
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 409);
    parents_run_jobs(w);
    later(w, 2 * TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'closed'"
                                    " AND outcome = 'gone' AND account_id IS NULL"),
                     1);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_false(world_says(w, "secret words"));
    assert_true(world_says(w, "\"name\":null"));
}

static void
without_an_account_it_counts_when_the_address_is_proved_from_when_it_was_asked(struct world *w)
{
    begin(w);
    guest_asks(w);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/requests", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}");
    assert_int_equal(by_link(w, "words", "{\"link\":\"guest-link\",\"text\":\"More.\"}"), 409);
    assert_int_equal(by_link(w, "open", LINK_OF), 200);
    assert_true(world_says(w, "\"state\":\"proving\"") && world_says(w, "of my child"));
    later(w, 3 * TIME_DAY);
    assert_int_equal(by_link(w, "confirm", LINK_OF), 204);
    assert_int_equal(by_link(w, "confirm", LINK_OF), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'requests.received'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'open'"
                                    " AND from_ms = made_ms"),
                     1);
    find(w);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "of my child"));
    assert_false(world_says(w, "someone@example.org")); /* the address is for the mail alone */
    takes(w, BEN);
    /* The texts to begin with are in the language of whoever reads them. */
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "Halo,"));
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 409);
    assert_string_equal(world_code(w), "requests.unproved");
    assert_int_equal(act(w, BEN, "proof", "{\"how\":\"answers\"}"), 204);
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'requests.news'"), 1);
    assert_int_equal(by_link(w, "open", LINK_OF), 200);
    assert_true(world_says(w, "the answer"));
    assert_false(world_says(w, "ben") || world_says(w, "someone@example.org"));
    assert_int_equal(by_link(w, "withdraw", LINK_OF), 204);
}

/* The key of the request goes with it: nothing opens what was said, in no backup either. */
static void what_nobody_proves_is_gone_after_a_week_and_its_key_burned(struct world *w)
{
    begin(w);
    guest_asks(w);
    int64_t key_id = world_count(w, "SELECT own_key_id FROM request");
    later(w, REQUESTS_PROVE_DAYS * TIME_DAY - TIME_MIN);
    assert_int_equal(by_link(w, "confirm", LINK_OF), 404); /* the last hour is the job's */
    assert_string_equal(world_code(w), "requests.gone");
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 1);
    later(w, TIME_DAY);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry"), 0);
    assert_false(parents_key_lives(w, key_id));
}

static void an_answer_never_tells_whether_an_address_has_an_account(struct world *w)
{
    begin(w);
    member_mailed(w, DAN, "dan@example.org");
    const char *addresses[] = {"dan@example.org", "nobody@example.org"};
    char bodies[2][400];
    for (size_t i = 0; i < 2; i++) {
        char json[200];
        snprintf(json, sizeof(json),
                 "{\"kind\":\"erase\",\"text\":\"x\",\"country\":\"DE\",\"email\":\"%s\"}",
                 addresses[i]);
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/requests", json), 202);
        snprintf(bodies[i], sizeof(bodies[i]), "%s", w->last.body);
    }
    assert_string_equal(bodies[0], bodies[1]);
    /* Neither goes to an account, and both are asked to prove the address. */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'requests.confirm'"
                                    " AND account_id IS NULL"),
                     2);
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/requests", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}");
}

static void an_address_gets_three_mails_a_day_and_the_answer_is_the_same(struct world *w)
{
    begin(w);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/requests", GUEST), 202);
        assert_string_equal(w->last.body, "");
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'requests.confirm'"),
                     REQUESTS_MAILS_A_DAY);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), REQUESTS_MAILS_A_DAY);
    later(w, TIME_DAY + TIME_MIN);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/requests", GUEST), 202);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), REQUESTS_MAILS_A_DAY + 1);
}

static void links_are_not_guessed(struct world *w)
{
    begin(w);
    guest_asks(w);
    const char *wrong[] = {"{\"link\":\"guest-linl\"}", "{\"link\":\"x\"}",
                           "{\"link\":\"' OR 1=1 --\"}"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(by_link(w, "open", wrong[i]), 404);
        assert_int_equal(by_link(w, "confirm", wrong[i]), 404);
        assert_int_equal(by_link(w, "withdraw", wrong[i]), 404);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'proving'"), 1);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(officers_hear_a_week_before_two_days_before_and_after),
        WORLD_TEST(two_years_after_its_end_a_request_is_gone_and_open_ones_stay),
        WORLD_TEST(an_erased_members_request_is_closed_and_says_nothing_any_more),
        WORLD_TEST(without_an_account_it_counts_when_the_address_is_proved_from_when_it_was_asked),
        WORLD_TEST(what_nobody_proves_is_gone_after_a_week_and_its_key_burned),
        WORLD_TEST(an_answer_never_tells_whether_an_address_has_an_account),
        WORLD_TEST(an_address_gets_three_mails_a_day_and_the_answer_is_the_same),
        WORLD_TEST(links_are_not_guessed),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
