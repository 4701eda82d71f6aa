#include "features/people/friends/friends_test.h"

#include "privacy/sweep.h"

/* ---- rules ---- */

static void who_asks_and_is_accepted_is_a_friend(struct world *w)
{
    w->event_count = 0;
    assert_int_equal(ask_with(w, BEN, ANA, "We met at the cafe"), 201);
    assert_string_equal(world_field(w, "relation"), "asked");
    assert_int_equal(told(w, ANA, again) + told(w, BEN, again), 2);
    assert_int_equal(told(w, ANA, noticed), 1);
    assert_int_equal(notices_of(w, ANA, "asked"), 1);
    assert_non_null(strstr(requests(w, ANA), "\"note\":\"We met at the cafe\""));
    assert_non_null(strstr(requests(w, BEN), w->public_ids[ANA]));
    assert_null(strstr(w->last.body, "cafe"));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request WHERE note_ct IS NOT"
                                    " NULL AND length(note_ct) > 40"),
                     1); /* sealed: longer than it was, by as much as sealing takes */
    w->event_count = 0;
    assert_int_equal(answer(w, ANA, BEN, "accept"), 200);
    assert_true(are_friends(w, ANA, BEN));
    assert_int_equal(told(w, ANA, again) + told(w, BEN, again), 2);
    assert_int_equal(notices_of(w, ANA, "asked"), 0);
    assert_int_equal(notices_of(w, BEN, "added"), 1);
    assert_int_equal(notices_of(w, ANA, "added"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"), 0);
    assert_int_equal(ask(w, ANA, BEN), 409);
    assert_string_equal(world_code(w), "friends.already");
    assert_int_equal(answer(w, ANA, BEN, "accept"), 404);
}

static void two_who_asked_each_other_are_friends(struct world *w)
{
    assert_int_equal(ask(w, BEN, ANA), 201);
    assert_int_equal(answer(w, ANA, BEN, "refuse"), 204);
    assert_int_equal(ask(w, ANA, BEN), 201); /* thought again; Ben's wish still stands */
    assert_string_equal(world_field(w, "relation"), "friend");
    assert_true(are_friends(w, ANA, BEN));
    assert_int_equal(notices_of(w, BEN, "added"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"), 0);
    assert_int_equal(ask(w, CLEO, ANA), 201);
    assert_int_equal(withdraw(w, CLEO, ANA), 204);
    assert_int_equal(ask(w, ANA, CLEO), 201);
    assert_string_equal(world_field(w, "relation"), "asked"); /* Cleo did not want it any more */
}

static void removing_tells_nobody(struct world *w)
{
    ask(w, BEN, ANA);
    answer(w, ANA, BEN, "accept");
    w->event_count = 0;
    int64_t before = world_count(w, "SELECT COUNT(*) FROM notice");
    assert_int_equal(unfriend(w, ANA, BEN), 204);
    assert_int_equal(told(w, ANA, again), 1);
    for (size_t i = 0; i < w->event_count; i++) {
        assert_int_equal(w->events[i].account_id, w->account_ids[ANA]);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), before);
    assert_false(are_friends(w, ANA, BEN));
    assert_int_equal(unfriend(w, ANA, BEN), 404);
    assert_int_equal(unfriend(w, BEN, ANA), 404);
    assert_string_equal(world_code(w), "people.none");
}

/* ---- a refusal is silent ---- */

struct view {
    char list[4096], answer[512];
    uint64_t statements;
    size_t events;
};

/* At this very moment, although every request takes a millisecond of the world. */
static int64_t moment_ms;

static int ask_then(struct world *w, int who, int whom)
{
    w->now_ms = moment_ms;
    return ask_with(w, who, whom, "hello");
}

/* All that an asker can see: their list, what asking again says, and how much work it is. */
static struct view look(struct world *w, int who, int whom)
{
    struct view view = {.statements = 0};
    snprintf(view.list, sizeof(view.list), "%s", requests(w, who));
    do {
        store_fail_at(w->store.store, ++view.statements, ERR_BROKEN);
    } while (ask_then(w, who, whom) == 500);
    store_fail_at(w->store.store, 0, OK);
    assert_int_equal(w->last.status, 201);
    snprintf(view.answer, sizeof(view.answer), "%s", w->last.body);
    w->event_count = 0;
    assert_int_equal(ask_then(w, who, whom), 201);
    assert_string_equal(w->last.body, view.answer);
    for (size_t i = 0; i < w->event_count; i++) {
        view.events += w->events[i].account_id == w->account_ids[who];
    }
    return view;
}

static void same(struct world *w)
{
    struct view refused = look(w, BEN, ANA), waiting = look(w, CLEO, ANA);
    assert_string_equal(refused.list, waiting.list);
    assert_string_equal(refused.answer, waiting.answer);
    assert_int_equal(refused.statements, waiting.statements);
    assert_int_equal(refused.events, waiting.events);
}

static void a_refusal_cannot_be_told_from_waiting(struct world *w)
{
    moment_ms = w->now_ms;
    assert_int_equal(ask_then(w, BEN, ANA), 201);
    assert_int_equal(ask_then(w, CLEO, ANA), 201);
    w->event_count = 0;
    assert_int_equal(answer(w, ANA, BEN, "refuse"), 204);
    for (size_t i = 0; i < w->event_count; i++) {
        assert_int_not_equal(w->events[i].account_id, w->account_ids[BEN]);
    }
    assert_int_equal(answer(w, ANA, BEN, "refuse"), 404); /* there is none any more */
    assert_null(strstr(requests(w, ANA), w->public_ids[BEN]));
    same(w);
    moment_ms += 10 * TIME_DAY;
    same(w);
    moment_ms += 25 * TIME_DAY; /* a new one now, for both */
    same(w);
    for (int who = BEN; who <= CLEO; who++) {
        assert_int_equal(withdraw(w, who, ANA), 204);
        assert_int_equal(withdraw(w, who, ANA), 404);
    }
    same(w);
}

static void who_was_refused_and_asks_again_within_thirty_days_tells_nobody(struct world *w)
{
    assert_int_equal(ask(w, BEN, ANA), 201);
    w->now_ms += 40 * TIME_DAY;
    assert_int_equal(answer(w, ANA, BEN, "refuse"), 204);
    const int64_t days[] = {0, 1, 29};
    int64_t refused_ms = w->now_ms;
    for (size_t i = 0; i < COUNT(days); i++) {
        w->now_ms = refused_ms + days[i] * TIME_DAY;
        w->event_count = 0;
        withdraw(w, BEN, ANA); /* no way around it either */
        assert_int_equal(ask_with(w, BEN, ANA, "please"), 201);
        assert_int_equal(told(w, ANA, again) + told(w, ANA, noticed), 0);
        assert_int_equal(notices_of(w, ANA, "asked"), 0);
        assert_null(strstr(requests(w, ANA), w->public_ids[BEN]));
    }
    world_sendf(w, BEN, "POST", "{\"id\":\"anaaaaaaaaaaaaaaaaaaaaaaaa\"}", "/api/blocks");
    world_sendf(w, BEN, "DELETE", NULL, "/api/blocks/%s", w->public_ids[ANA]);
    assert_int_equal(ask(w, BEN, ANA), 201); /* nor is a block and its end */
    assert_null(strstr(requests(w, ANA), w->public_ids[BEN]));
    withdraw(w, BEN, ANA);
    w->now_ms = refused_ms + FRIENDS_AGAIN_MS;
    assert_int_equal(ask(w, BEN, ANA), 201);
    assert_int_equal(notices_of(w, ANA, "asked"), 1);
    assert_non_null(strstr(requests(w, ANA), w->public_ids[BEN]));
}

static void asking_again_is_as_much_work_after_a_refusal(struct world *w)
{
    const int askers[] = {BEN, CLEO};
    uint64_t statements[2];
    assert_int_equal(ask(w, BEN, ANA), 201);
    assert_int_equal(ask(w, CLEO, ANA), 201);
    assert_int_equal(answer(w, ANA, BEN, "refuse"), 204);
    for (size_t i = 0; i < COUNT(askers); i++) {
        assert_int_equal(withdraw(w, askers[i], ANA), 204);
    }
    for (int begun = 0; begun < 2; begun++) { /* is a mail on its way that will tell of it */
        for (size_t i = 0; i < COUNT(askers); i++) {
            world_script(w, begun ? "SELECT 1" : "DELETE FROM notice_digest");
            statements_count(w);
            assert_int_equal(ask(w, askers[i], ANA), 201);
            statements[i] = statements_counted(w);
            assert_int_equal(withdraw(w, askers[i], ANA), 204);
        }
        assert_int_equal(statements[0], statements[1]);
    }
}

static void asking_again_while_it_waits_changes_nothing(struct world *w)
{
    assert_int_equal(ask_with(w, BEN, ANA, "first"), 201);
    w->now_ms += TIME_DAY;
    w->event_count = 0;
    assert_int_equal(ask_with(w, BEN, ANA, "second"), 201);
    assert_int_equal(w->event_count, 0);
    assert_non_null(strstr(requests(w, ANA), "first"));
    assert_int_equal(withdraw(w, BEN, ANA), 204);
    assert_int_equal(notices_of(w, ANA, "asked"), 0);
    assert_null(strstr(requests(w, ANA), w->public_ids[BEN]));
    assert_null(strstr(requests(w, BEN), w->public_ids[ANA]));
    assert_int_equal(answer(w, ANA, BEN, "accept"), 404);
    assert_int_equal(ask_with(w, BEN, ANA, "third"), 201);
    assert_non_null(strstr(requests(w, ANA), "third"));
}

/* ---- words of strangers ---- */

static void
a_minor_reads_a_strangers_words_after_accepting_and_the_asker_cannot_tell(struct world *w)
{
    char answers[2][512], lists[2][1024];
    member_real(w, CLEO, "2012-01-15", "ID");
    for (int i = 0; i < 2; i++) {
        int whom = i ? CLEO : BEN;
        moment_ms = w->now_ms;
        assert_int_equal(ask_then(w, ANA, whom), 201);
        snprintf(answers[i], sizeof(answers[i]), "%s", w->last.body);
        snprintf(lists[i], sizeof(lists[i]), "%s", requests(w, ANA));
        assert_int_equal(withdraw(w, ANA, whom), 204);
        w->now_ms = moment_ms;
    }
    assert_int_equal(strlen(answers[0]) + 1, strlen(answers[1])); /* a name is longer */
    assert_int_equal(strlen(lists[0]) + 1, strlen(lists[1]));
    assert_int_equal(ask_with(w, ANA, BEN, "psst"), 201);
    assert_int_equal(ask_with(w, ANA, CLEO, "psst"), 201);
    assert_non_null(strstr(requests(w, BEN), "\"note\":\"psst\",\"waits\":false"));
    assert_non_null(strstr(requests(w, CLEO), w->public_ids[ANA]));
    assert_true(world_says(w, "\"waits\":true") && !world_says_word(w, "psst"));
    assert_int_equal(answer(w, CLEO, ANA, "accept"), 200);
    assert_string_equal(world_field(w, "note"), "psst");
}

/* ---- who is not there ---- */

static void who_is_not_there_and_who_is_hidden_get_one_answer(struct world *w)
{
    static const struct {
        const char *method, *before, *after, *json;
    } acts[] = {{"POST", "/api/friends/requests", NULL, NULL},
                {"POST", "/api/friends/requests/", "/accept", NULL},
                {"POST", "/api/friends/requests/", "/refuse", NULL},
                {"DELETE", "/api/friends/requests/", "", NULL},
                {"DELETE", "/api/friends/", "", NULL},
                {"PATCH", "/api/friends/", "", "{\"favourite\":true}"}};
    char body[512], path[128], json[96];
    crowd(w, 100, 3);
    world_script(w, "UPDATE account SET state = 'ended' WHERE id = 100");
    world_script(w, "UPDATE account SET state = 'waiting' WHERE id = 101");
    world_script(w, "INSERT INTO block (account_id, other_id, since_ms) VALUES (102, 1, 1),"
                    " (1, 2, 1)");
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) SELECT id, 1, 1"
                    " FROM account WHERE id >= 100");
    world_script(w, "INSERT INTO friend_request (from_id, to_id, at_ms) SELECT 1, id, 1"
                    " FROM account WHERE id >= 100");
    const char *const ids[] = {"nobody", "p100", "p101", "p102", w->public_ids[BEN]};
    for (size_t i = 0; i < COUNT(acts); i++) {
        for (size_t k = 0; k < COUNT(ids); k++) {
            bool by_path = acts[i].after != NULL;
            snprintf(path, sizeof(path), "%s%s%s", acts[i].before, by_path ? ids[k] : "",
                     by_path ? acts[i].after : "");
            snprintf(json, sizeof(json), "{\"id\":\"%s\"}", ids[k]);
            const char *in = by_path ? acts[i].json : json;
            assert_int_equal(world_send(w, ANA, acts[i].method, path, in), 404);
            assert_true(k == 0 || strcmp(w->last.body, body) == 0);
            snprintf(body, sizeof(body), "%s", w->last.body);
        }
        assert_string_equal(world_code(w), "people.none");
        assert_int_equal(world_send(w, NOBODY, acts[i].method, path, NULL), 401);
    }
    assert_null(strstr(requests(w, ANA), "\"p1")); /* nor are they in a list */
    assert_int_equal(ask(w, ANA, ANA), 409);
    assert_string_equal(world_code(w), "friends.self");
}

/* What an asker can see of it is what they see of any request. */
static void
a_child_who_is_kept_from_people_is_asked_like_anybody_and_is_shown_nothing(struct world *w)
{
    member_kept(w, BEN, true);
    assert_int_equal(ask_with(w, ANA, BEN, "psst"), 201);
    assert_string_equal(world_field(w, "relation"), "asked");
    assert_non_null(strstr(requests(w, ANA), w->public_ids[BEN]));
    assert_string_equal(requests(w, BEN), "{\"in\":[],\"out\":[],\"next\":null}");
    assert_int_equal(world_send(w, BEN, "GET", "/api/notices", NULL), 200);
    assert_true(world_says(w, "\"items\":[]"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/notices/count", NULL), 200);
    assert_true(world_says(w, ":0"));
    assert_int_equal(answer(w, BEN, ANA, "accept"), 404);
    assert_int_equal(ask(w, BEN, CLEO), 403);
    assert_string_equal(world_code(w), "friends.parents");
    assert_int_equal(ask(w, BEN, ANA), 403);
    member_kept(w, BEN, false); /* the parent thought again */
    assert_non_null(strstr(requests(w, BEN), w->public_ids[ANA]));
    assert_int_equal(answer(w, BEN, ANA, "accept"), 200);
}

static void a_block_ends_requests_in_both_directions(struct world *w)
{
    ask(w, BEN, ANA);
    ask(w, ANA, CLEO);
    answer(w, CLEO, ANA, "refuse");
    for (int whom = BEN; whom <= CLEO; whom++) {
        char json[96];
        snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[whom]);
        assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 201);
        assert_int_equal(world_sendf(w, ANA, "DELETE", NULL, "/api/blocks/%s", w->public_ids[whom]),
                         204);
        assert_string_equal(requests(w, whom), "{\"in\":[],\"out\":[],\"next\":null}");
    }
    assert_string_equal(requests(w, ANA), "{\"in\":[],\"out\":[],\"next\":null}");
    assert_int_equal(notices_of(w, ANA, "asked"), 0);
    assert_int_equal(answer(w, ANA, BEN, "accept"), 404);
}

/* A repeat with the same Idempotency-Key is asked again what may be seen by now. */
static void a_repeat_after_a_block_tells_nothing(struct world *w)
{
    char json[96], path[96];
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[ANA]);
    snprintf(path, sizeof(path), "/api/friends/requests/%s/accept", w->public_ids[CLEO]);
    assert_int_equal(ask(w, CLEO, BEN), 201);
    w->key = "one-wish";
    assert_int_equal(world_send(w, BEN, "POST", "/api/friends/requests", json), 201);
    assert_true(world_says(w, "\"name\":\"ana\""));
    assert_int_equal(world_send(w, BEN, "POST", "/api/friends/requests", json), 201);
    assert_true(world_says(w, "\"name\":\"ana\"")); /* lost answers are given again */
    w->key = "one-yes";
    assert_int_equal(world_send(w, BEN, "POST", path, NULL), 200);
    w->key = "one-block";
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[BEN]);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", json), 201);
    assert_int_equal(world_send(w, CLEO, "POST", "/api/blocks", json), 201);
    assert_int_equal(world_send(w, CLEO, "POST", "/api/blocks", json), 201);
    assert_true(world_says(w, "\"name\":\"ben\"")); /* whom one blocked one knows */
    w->key = "one-wish";
    snprintf(json, sizeof(json), "{\"id\":\"%s\"}", w->public_ids[ANA]);
    assert_int_equal(world_send(w, BEN, "POST", "/api/friends/requests", json), 404);
    assert_false(world_says(w, "\"name\""));
    w->key = "one-yes";
    assert_int_equal(world_send(w, BEN, "POST", path, NULL), 409);
    assert_false(world_says(w, "\"name\""));
    w->key = NULL;
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM idempotency WHERE body IS NOT NULL"), 0);
}

static void a_note_is_two_hundred_characters_at_most(struct world *w)
{
    char note[FRIENDS_NOTE_MAX * 2 + 3];
    for (size_t i = 0; i <= FRIENDS_NOTE_MAX; i++) {
        memcpy(note + 2 * i, "é", 3);
    }
    assert_int_equal(ask_with(w, BEN, ANA, note), 400);
    note[FRIENDS_NOTE_MAX * 2] = '\0';
    assert_int_equal(ask_with(w, BEN, ANA, note), 201);
    assert_non_null(strstr(requests(w, ANA), note));
}

static void a_favourite_is_ones_own_affair(struct world *w)
{
    ask(w, BEN, ANA);
    answer(w, ANA, BEN, "accept");
    w->event_count = 0;
    assert_int_equal(favour(w, ANA, BEN, true), 204);
    assert_int_equal(told(w, BEN, again), 0);
    assert_int_equal(world_send(w, ANA, "GET", "/api/friends", NULL), 200);
    assert_true(world_says(w, "\"favourite\":true"));
    assert_int_equal(world_send(w, BEN, "GET", "/api/friends", NULL), 200);
    assert_true(world_says(w, "\"favourite\":false"));
    assert_int_equal(favour(w, ANA, BEN, false), 204);
    assert_int_equal(favour(w, ANA, CLEO, true), 404);
}

/* ---- failures ---- */

static void nothing_happened(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 0);
}

static void it_still_waits(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friendship"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"
                                    " WHERE refused_ms IS NULL AND withdrawn = 0"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 1);
}

static void a_failing_statement_changes_nothing(struct world *w)
{
    char json[160], path[96];
    snprintf(json, sizeof(json), "{\"id\":\"%s\",\"note\":\"hi\"}", w->public_ids[ANA]);
    world_faults(w, BEN, "POST", "/api/friends/requests", json, nothing_happened);
    snprintf(path, sizeof(path), "/api/friends/requests/%s", w->public_ids[ANA]);
    world_faults(w, BEN, "DELETE", path, NULL, it_still_waits);
    world_script(w, "DELETE FROM friend_request");
    ask(w, BEN, ANA);
    snprintf(path, sizeof(path), "/api/friends/requests/%s/refuse", w->public_ids[BEN]);
    world_faults(w, ANA, "POST", path, NULL, it_still_waits);
    world_script(w, "DELETE FROM friend_request");
    ask(w, BEN, ANA);
    snprintf(path, sizeof(path), "/api/friends/requests/%s/accept", w->public_ids[BEN]);
    world_faults(w, ANA, "POST", path, NULL, it_still_waits);
    assert_true(are_friends(w, ANA, BEN));
    world_faults(w, ANA, "GET", "/api/friends", NULL, NULL);
    world_faults(w, ANA, "GET", "/api/friends/requests", NULL, NULL);
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return sweep_run(call);
}

static void a_request_ends_after_a_year(struct world *w)
{
    int64_t asked_ms = w->now_ms;
    ask(w, BEN, ANA);
    w->now_ms = asked_ms + 365 * TIME_DAY - 1;
    assert_int_equal(world_do(w, ANA, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"), 1);
    w->now_ms += 2;
    assert_int_equal(world_do(w, ANA, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM friend_request"), 0);
}

static void nobody_is_nobody_though_a_damaged_row_has_number_0(struct world *w)
{
    world_script(w, "UPDATE account SET id = 0 WHERE id = 4");
    assert_int_equal(
        world_send(w, ANA, "POST", "/api/friends/requests", "{\"id\":\"nobody-at-all\"}"), 404);
    assert_string_equal(world_code(w), "people.none");
    assert_int_equal(world_send(w, ANA, "GET", "/api/people/nobody-at-all/room", NULL), 404);
}

int main(void)
{
    static const struct feature *const list[] = {&friends_feature, &blocks_feature,
                                                 &notices_feature, NULL};
    static const struct world_test tests[] = {
        WORLD_TEST(who_asks_and_is_accepted_is_a_friend),
        WORLD_TEST(two_who_asked_each_other_are_friends),
        WORLD_TEST(removing_tells_nobody),
        WORLD_TEST(a_refusal_cannot_be_told_from_waiting),
        WORLD_TEST(who_was_refused_and_asks_again_within_thirty_days_tells_nobody),
        WORLD_TEST(asking_again_is_as_much_work_after_a_refusal),
        WORLD_TEST(asking_again_while_it_waits_changes_nothing),
        WORLD_TEST(a_minor_reads_a_strangers_words_after_accepting_and_the_asker_cannot_tell),
        WORLD_TEST(who_is_not_there_and_who_is_hidden_get_one_answer),
        WORLD_TEST(a_child_who_is_kept_from_people_is_asked_like_anybody_and_is_shown_nothing),
        WORLD_TEST(a_block_ends_requests_in_both_directions),
        WORLD_TEST(a_repeat_after_a_block_tells_nothing),
        WORLD_TEST(a_note_is_two_hundred_characters_at_most),
        WORLD_TEST(a_favourite_is_ones_own_affair),
        WORLD_TEST(a_failing_statement_changes_nothing),
        WORLD_TEST(a_request_ends_after_a_year),
        WORLD_TEST(nobody_is_nobody_though_a_damaged_row_has_number_0),
    };
    const struct world_options options = {.features = list};
    return world_run(&options, tests, COUNT(tests));
}
