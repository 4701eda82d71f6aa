#include "features/safety/requests/requests_scene_test.h"

/* proves: RGT-7a */
static void a_request_has_its_clock_by_the_earliest_law_of_the_askers_country(struct world *w)
{
    const struct request_kind *kinds[REQUESTS_KINDS_MAX];
    size_t count = requests_kinds(kinds);
    static const char *const countries[] = {"DE", "GB", "CH", "ID", "US", "BR", ""};
    assert_true(count >= 8);
    for (size_t i = 0; i < count * COUNT(countries); i++) {
        int64_t due_ms =
            clocks_first(kinds[i % count]->clocks, countries[i / count], WORLD_START_MS, false);
        assert_true(due_ms > WORLD_START_MS && due_ms <= WORLD_START_MS + 30 * TIME_DAY);
    }
    begin(w); /* 15 January 2027, 8 o'clock UTC: the 14th where the day begins last */
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/requests", NULL), 200);
    assert_true(world_says(w, "\"clock\":\"notice\"") && world_says(w, "\"state\":\"open\""));
    assert_int_equal(world_count(w, "SELECT due_ms - from_ms FROM request"),
                     29 * TIME_DAY + 4 * TIME_H); /* noon of 13 February */
    assert_int_equal(ask(w, DAN, "access"), 201);
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/requests", NULL), 200);
    assert_true(world_says(w, "\"clock\":\"pdp\""));
    assert_int_equal(world_count(w, "SELECT due_ms - from_ms FROM request WHERE kind = 'access'"),
                     3 * TIME_DAY);
    find(w); /* the first to end is the first in the queue */
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"name\":\"dan\"") && world_says(w, "secret words"));
    assert_true(world_says(w, "\"clocks\":[{\"name\":\"pdp\"") &&
                world_says(w, "{\"name\":\"notice\""));
    assert_int_equal(TOLD("requests.new"), 4); /* two of two officers */
}

/* proves: RGT-7b */
static void it_is_extended_with_a_reason_that_the_person_is_told_in_time(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "erase"), 201);
    find(w);
    assert_int_equal(act(w, BEN, "extension", "{\"reason\":\"complex\"}"), 409); /* not his yet */
    takes(w, BEN);
    assert_int_equal(act(w, BEN, "extension", "{\"reason\":\"lazy\"}"), 400);
    assert_int_equal(act(w, BEN, "extension", "{\"reason\":\"complex\"}"), 204);
    assert_int_equal(act(w, BEN, "extension", "{\"reason\":\"many\"}"), 409);
    assert_string_equal(world_code(w), "requests.extended");
    assert_int_equal(reads(w, ANA), 200);
    assert_true(world_says(w, "\"extended_why\":\"complex\"") &&
                world_says(w, "\"what\":\"extended\",\"code\":\"complex\""));
    assert_int_equal(world_count(w, "SELECT due_ms - from_ms FROM request"),
                     89 * TIME_DAY + 4 * TIME_H); /* 14 April: earlier than three months */
    assert_int_equal(TOLD("requests.news"), 1);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'requests.news' AND account_id = 1"),
        1);
}

static void after_the_first_term_it_is_too_late_to_extend(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "erase"), 201);
    find(w);
    takes(w, BEN);
    later(w, 31 * TIME_DAY);
    assert_int_equal(act(w, BEN, "extension", "{\"reason\":\"complex\"}"), 409);
    assert_string_equal(world_code(w), "requests.late");
    assert_int_equal(TOLD("requests.news"), 0);
}

/* proves: RGT-7c */
static void what_is_kept_about_somebody_is_told_to_them_alone(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "access"), 201);
    find(w);
    takes(w, BEN);
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 204);
    assert_int_equal(reads(w, ANA), 200); /* she signed in a moment ago */
    assert_true(world_says(w, "the answer"));
    w->now_ms += 11 * TIME_MIN;
    assert_int_equal(reads(w, ANA), 403);
    assert_string_equal(world_code(w), "api.prove");
    /* Whoever answered may be gone: what they wrote is no less about her. */
    world_script(w, "UPDATE request_entry SET by_id = NULL");
    assert_int_equal(reads(w, ANA), 403);
    later(w, 0);
    assert_int_equal(reads(w, ANA), 200);
    char of_ana[100];
    snprintf(of_ana, sizeof(of_ana), "/api/me/requests/%s", strrchr(path, '/') + 1);
    const int others[] = {NOBODY, BEN, CLEO, DAN, ADA};
    const int statuses[] = {401, 404, 404, 404, 404};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_int_equal(world_send(w, others[i], "GET", of_ana, NULL), statuses[i]);
        assert_int_equal(world_sendf(w, others[i], "POST", "{\"text\":\"x\"}", "%s/words", of_ana),
                         statuses[i]);
        assert_int_equal(world_sendf(w, others[i], "POST", "{}", "%s/withdraw", of_ana),
                         statuses[i]);
    }
}

static void nobody_but_officers_sees_the_desk_and_none_their_own_request(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "access"), 201);
    assert_int_equal(ask(w, BEN, "complaint"), 201); /* about his colleague, say */
    find(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 2);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/requests", NULL), 200);
    assert_false(world_says(w, "\"kind\":\"complaint\""));
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/waiting", NULL), 200);
    assert_true(world_says(w, "\"path\":\"/staff/requests\",\"waiting\":1"));
    assert_int_equal(world_send(w, CLEO, "GET", "/api/staff/waiting", NULL), 200);
    assert_true(world_says(w, "\"path\":\"/staff/requests\",\"waiting\":2"));
    const int others[] = {NOBODY, ANA, DAN, ADA};
    for (size_t i = 0; i < COUNT(others); i++) {
        int wanted = others[i] == NOBODY ? 401 : 403;
        assert_int_equal(world_send(w, others[i], "GET", "/api/staff/requests", NULL), wanted);
        assert_int_equal(world_send(w, others[i], "GET", path, NULL), wanted);
        assert_int_equal(act(w, others[i], "claim", "{\"take_over\":true}"), wanted);
        assert_int_equal(act(w, others[i], "answer", ANSWER_DONE), wanted);
    }
    world_script(w, "UPDATE request SET public_id = 'aaaaaaaaaaaaaaaaaaaaaaaaaa' WHERE account_id "
                    "= 2");
    snprintf(path, sizeof(path), "/api/staff/requests/aaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 404);
    assert_int_equal(act(w, BEN, "claim", "{\"take_over\":true}"), 404);
    assert_int_equal(world_send(w, CLEO, "GET", path, NULL), 200);
}

static void of_two_officers_the_second_is_told_who_holds_it_and_may_take_it_over(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    find(w);
    takes(w, BEN);
    takes(w, BEN); /* again is no error, and no line */
    assert_int_equal(act(w, CLEO, "claim", "{\"take_over\":false}"), 409);
    assert_string_equal(world_code(w), "requests.held");
    assert_int_equal(act(w, CLEO, "note", "{\"text\":\"Mine?\"}"), 409);
    assert_string_equal(world_code(w), "requests.not_yours");
    assert_int_equal(world_send(w, CLEO, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"holder\":\"ben\"") && world_says(w, "\"mine\":false"));
    assert_int_equal(act(w, CLEO, "claim", "{\"take_over\":true}"), 204);
    assert_int_equal(TOLD("requests.taken"), 1);
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 409);
    assert_int_equal(act(w, CLEO, "note", "{\"text\":\"Between us.\"}"), 204);
    assert_int_equal(act(w, CLEO, "answer", ANSWER_DONE), 204);
    assert_int_equal(act(w, CLEO, "answer", ANSWER_DONE), 409);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"what\":\"claimed\"") && world_says(w, "\"what\":\"taken\""));
    assert_true(world_says(w, "Between us.") && world_says(w, "\"officer\":\"cleo\""));
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM audit WHERE act LIKE 'POST%/claim'"), 3);
    /* Whoever asked reads neither notes nor who of the staff it was. */
    assert_int_equal(reads(w, ANA), 200);
    assert_true(world_says(w, "the answer") && world_says(w, "\"staff\":true"));
    assert_false(world_says(w, "Between us.") || world_says(w, "cleo") || world_says(w, "ben"));
    assert_false(world_says(w, "claimed") || world_says(w, "looked"));
}

static void a_look_of_staff_is_written_down_before_it_shows_anything(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "access"), 201);
    find(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry WHERE what = 'looked'"), 0);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_int_equal(world_send(w, CLEO, "GET", path, NULL), 200);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry WHERE what = 'looked'"), 2);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM audit WHERE act LIKE 'GET%/requests/{id}'"), 3);
}

static void every_act_on_a_request_leaves_a_line_that_names_its_number(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "access"), 201);
    find(w);
    takes(w, BEN);
    static const struct {
        const char *what, *json;
    } all[] = {{"note", "{\"text\":\"x\"}"},    {"question", "{\"text\":\"x\"}"},
               {"proof", "{\"how\":\"call\"}"}, {"extension", "{\"reason\":\"many\"}"},
               {"answer", ANSWER_DONE},         {"closure", "{}"}};
    for (size_t i = 0; i < COUNT(all); i++) {
        char sql[200];
        assert_int_equal(act(w, BEN, all[i].what, all[i].json), 204);
        snprintf(sql, sizeof(sql),
                 "SELECT COUNT(*) FROM audit WHERE by_id = 2 AND on_id IS NULL"
                 " AND act = 'POST /api/staff/requests/{id}/%s' AND what = '%.8s'",
                 all[i].what, strrchr(path, '/') + 1);
        assert_int_equal(world_count(w, sql), 1);
    }
}

static void asked_back_it_waits_for_the_person_and_the_clock_goes_on(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    int64_t due_ms = world_count(w, "SELECT due_ms FROM request");
    find(w);
    takes(w, BEN);
    assert_int_equal(act(w, BEN, "question", "{\"text\":\"Which name?\"}"), 204);
    assert_int_equal(reads(w, ANA), 200);
    assert_true(world_says(w, "Which name?") && world_says(w, "\"state\":\"person\""));
    assert_int_equal(world_count(w, "SELECT due_ms FROM request"), due_ms);
    later(w, TIME_DAY);
    char say[100];
    snprintf(say, sizeof(say), "/api/me/requests/%s/words", strrchr(path, '/') + 1);
    assert_int_equal(world_send(w, ANA, "POST", say, "{\"text\":\"  \"}"), 400);
    assert_int_equal(world_send(w, ANA, "POST", say, "{\"text\":\"The second.\"}"), 204);
    assert_int_equal(world_count(w, "SELECT due_ms FROM request WHERE state = 'open'"), due_ms);
    assert_int_equal(TOLD("requests.said"), 1);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "The second."));
}

static void whoever_contradicts_an_answer_asks_anew(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "rectify"), 201);
    find(w);
    takes(w, BEN);
    assert_int_equal(act(w, BEN, "closure", "{}"), 409); /* nothing is closed unanswered */
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 204);
    later(w, 20 * TIME_DAY);
    char say[100];
    snprintf(say, sizeof(say), "/api/me/requests/%s/words", strrchr(path, '/') + 1);
    assert_int_equal(world_send(w, ANA, "POST", say, "{\"text\":\"That is no answer.\"}"), 204);
    assert_in_range(world_count(w, "SELECT from_ms - made_ms FROM request WHERE state = 'open'"
                                   " AND outcome IS NULL AND due_ms > from_ms"),
                    20 * TIME_DAY, 20 * TIME_DAY + TIME_H);
    assert_int_equal(act(w, BEN, "answer", ANSWER_DONE), 204);
    assert_int_equal(act(w, BEN, "closure", "{}"), 204);
    assert_int_equal(world_send(w, ANA, "POST", say, "{\"text\":\"And yet.\"}"), 409);
    assert_string_equal(world_code(w), "requests.closed");
}

static void who_takes_a_request_back_closes_it(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "erase"), 201);
    find(w);
    char back[100];
    snprintf(back, sizeof(back), "/api/me/requests/%s/withdraw", strrchr(path, '/') + 1);
    assert_int_equal(world_send(w, ANA, "POST", back, "{}"), 204);
    assert_int_equal(world_send(w, ANA, "POST", back, "{}"), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'closed'"
                                    " AND outcome = 'withdrawn'"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry WHERE what = 'withdrawn'"),
                     1);
    assert_int_equal(act(w, BEN, "claim", "{\"take_over\":false}"), 409);
}

static void so_many_wait_of_one_member_and_no_more(struct world *w)
{
    begin(w);
    for (int i = 0; i < REQUESTS_OPEN_MAX; i++) {
        assert_int_equal(ask(w, ANA, "question"), 201);
    }
    assert_int_equal(ask(w, ANA, "question"), 429);
    assert_string_equal(world_code(w), "requests.many");
    assert_int_equal(ask(w, DAN, "question"), 201);
}

static void what_is_no_kind_is_refused(struct world *w)
{
    begin(w);
    assert_int_equal(ask(w, ANA, "weather"), 400);
    assert_true(world_says(w, "\"field\":\"kind\""));
    assert_int_equal(world_send(w, ANA, "POST", "/api/me/requests",
                                "{\"kind\":\"access\",\"purpose\":\"mail\",\"text\":\"x\"}"),
                     400);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 0);
    size_t count = 0;
    const struct request_kind *all[REQUESTS_KINDS_MAX];
    for (count = requests_kinds(all); count > 0; count--) {
        const struct request_kind *kind = all[count - 1];
        assert_ptr_equal(requests_kind(kind->name), kind);
        assert_true(strlen(kind->name) <= REQUESTS_KIND_MAX && kind->category);
        for (size_t i = 0; i < REQUESTS_ANSWERS_MAX && kind->answers[i]; i++) {
            assert_memory_equal(kind->answers[i], "requests.answer_", 16);
        }
        assert_true(clocks_first(kind->clocks, "", WORLD_START_MS, false) < INT64_MAX);
    }
}

static void nothing_changed(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request_entry"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice"), 0);
}

static void not_answered(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM request WHERE state = 'open'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail"), 0);
}

static void a_failing_statement_changes_nothing(struct world *w)
{
    begin(w);
    world_faults(w, ANA, "POST", "/api/me/requests", "{\"kind\":\"rectify\",\"text\":\"x\"}",
                 nothing_changed);
    find(w);
    takes(w, BEN);
    char answer[200];
    snprintf(answer, sizeof(answer), "%s/answer", path);
    world_faults(w, BEN, "POST", answer, ANSWER_DONE, not_answered);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_request_has_its_clock_by_the_earliest_law_of_the_askers_country),
        WORLD_TEST(it_is_extended_with_a_reason_that_the_person_is_told_in_time),
        WORLD_TEST(after_the_first_term_it_is_too_late_to_extend),
        WORLD_TEST(what_is_kept_about_somebody_is_told_to_them_alone),
        WORLD_TEST(nobody_but_officers_sees_the_desk_and_none_their_own_request),
        WORLD_TEST(of_two_officers_the_second_is_told_who_holds_it_and_may_take_it_over),
        WORLD_TEST(a_look_of_staff_is_written_down_before_it_shows_anything),
        WORLD_TEST(every_act_on_a_request_leaves_a_line_that_names_its_number),
        WORLD_TEST(asked_back_it_waits_for_the_person_and_the_clock_goes_on),
        WORLD_TEST(whoever_contradicts_an_answer_asks_anew),
        WORLD_TEST(who_takes_a_request_back_closes_it),
        WORLD_TEST(so_many_wait_of_one_member_and_no_more),
        WORLD_TEST(what_is_no_kind_is_refused),
        WORLD_TEST(a_failing_statement_changes_nothing),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
