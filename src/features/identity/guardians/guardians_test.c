#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/common/consents/consents.h"
#include "features/identity/guardians/guardians.h"
#include "features/talk/rooms/rooms.h"
#include "live/ask.h"
#include "store/queue.h"
#include "tests/support/kept.h"

extern const struct feature *const features[];

SQL(test_child, "SELECT account_id FROM guardian");

/* ---- asking ---- */

static void nobody_of_that_age_gets_an_account_without_a_parent(struct world *w)
{
    parents_begin(w);
    const char *account =
        "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Kid\","
        "\"password\":\"grey tram over kelapa\",\"email\":\"k@example.org\","
        "\"marketing\":false}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", account), 403);
    assert_string_equal(world_code(w), "ages.parent");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
    parents_keep_claim(w);
    assert_int_equal(parents_as_child(w, "/api/guardians/waiting", "{}"), 200);
    assert_string_equal(world_field(w, "state"), "asked");
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 409);
    assert_string_equal(world_code(w), "guardians.not_yet");
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
}

/* proves: REG-3b */
static void only_what_asking_needs_is_kept(struct world *w)
{
    parents_begin(w);
    parents_run_jobs(w); /* whatever else there is to do */
    struct kept_counts before = kept_count(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/age",
                                "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\"}"),
                     403);
    assert_string_equal(world_code(w), "ages.parent");
    kept_same_but(w, &before, "");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
    kept_same_but(w, &before, "guardian guardian_step mail");
    parents_run_jobs(w);
    kept_same_but(w, &before, "guardian guardian_step mail job");
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian"), 1);
    assert_true(kept_anywhere(w, "Rotkehlchen")); /* a name is held, the rest is sealed */
    assert_false(kept_anywhere(w, "mutter@example.org") || kept_anywhere(w, "2012-06-05"));
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE account_id IS NULL"
                                    " AND birth_ct IS NOT NULL AND email_ct IS NOT NULL"
                                    " AND when_ct IS NULL AND method IS NULL"),
                     1);
    const char *more =
        "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Kid two\","
        "\"parent_email\":\"m@example.org\",\"email\":\"kid@example.org\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", more), 400);
    assert_string_equal(world_code(w), "input.unknown");
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.ask'"), 1);
}

static void who_needs_no_parent_or_is_too_young_asks_none(struct world *w)
{
    parents_begin(w);
    /* Judged by age before any other field: the name would not do either. */
    const char *adult = "{\"birth_date\":\"1990-06-05\",\"country\":\"DE\",\"avatar_name\":\"x\","
                        "\"parent_email\":\"no\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", adult), 409);
    assert_string_equal(world_code(w), "guardians.not_needed");
    const char *young = "{\"birth_date\":\"2018-06-05\",\"country\":\"DE\",\"avatar_name\":\"x\","
                        "\"parent_email\":\"no\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", young), 403);
    assert_string_equal(world_code(w), "ages.refused");
    world_set(w, "parent_methods", "none");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 403);
    assert_string_equal(world_code(w), "ages.parent_closed");
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian"), 0);
}

static void the_name_is_held_while_a_parent_is_asked(struct world *w)
{
    parents_ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 409);
    assert_string_equal(world_code(w), "names.taken");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/names/rotkehlchen", NULL), 200);
    assert_true(world_says(w, "\"free\":false"));
}

static void no_request(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM guardian)"
                                    " + (SELECT count(*) FROM mail)"),
                     0);
}

static void asking_happens_whole_or_not_at_all(struct world *w)
{
    parents_begin(w);
    world_faults(w, NOBODY, "POST", "/api/guardians", ASK, no_request);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian"), 1);
}

/* ---- the parent's link ---- */

static void the_link_shows_what_is_collected_and_alone_grants_nothing(struct world *w)
{
    parents_ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_string_equal(world_field(w, "avatar_name"), "Rotkehlchen");
    assert_true(world_says(w, "\"data\":\"Date of birth\""));
    assert_false(world_says(w, "mutter@"));
    assert_false(world_says(w, "2012"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 400);
    assert_string_equal(world_code(w), "guardians.method");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("form")), 200);
    assert_int_equal(strlen(world_field(w, "upload")), 43);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 409);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE state = 'asked'"), 1);
    /* tampered and foreign */
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", "{\"link\":\"other\"}"),
                     404);
    assert_string_equal(world_code(w), "guardians.link");
    assert_int_equal(world_send_file(w, NOBODY, "POST", "/api/parents/form?ticket=other",
                                     "image/png", "\x89PNG", 4),
                     404);
}

static void a_link_in_the_childs_browser_opens_nothing_and_staff_see_it(struct world *w)
{
    parents_ask(w);
    assert_int_equal(parents_as_child(w, "/api/parents/open", LINK), 200);
    assert_true(world_says(w, "\"child_here\":true"));
    assert_false(world_says(w, "Rotkehlchen"));
    assert_int_equal(parents_as_child(w, "/api/parents/answer", ANSWER("form")), 403);
    assert_string_equal(world_code(w), "guardians.child");
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE child_here = 1"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_step"
                                    " WHERE what = 'opened_by_child'"),
                     1);
}

static void grant_in_a_sandbox(struct world *w)
{
    parents_ask(w);
    w->settings.demo = true;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    assert_int_equal(parents_as_child(w, "/api/guardians/waiting", "{}"), 200);
    assert_string_equal(world_field(w, "state"), "granted");
}

static void with_consent_the_account_is_made_of_what_was_asked(struct world *w)
{
    grant_in_a_sandbox(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    const char *same = "{\"password\":\"grey tram over kelapa\",\"email\":\"Mutter@example.org\","
                       "\"marketing\":false}";
    assert_int_equal(parents_as_child(w, "/api/guardians/join", same), 409);
    assert_string_equal(world_code(w), "guardians.same_email");
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    assert_string_equal(world_field(w, "avatar_name"), "Rotkehlchen");
    assert_true(w->last.cookie_count >= 2); /* the session's, and the claim's end */
    assert_int_equal(world_count(w, "SELECT key_id FROM account WHERE avatar_name = 'Rotkehlchen'"
                                    " AND country = 'DE' AND marketing = 0"),
                     key);
    assert_int_equal(world_count(w, "SELECT count(*) FROM consent WHERE how = 'parent'"), 4);
    assert_int_equal(world_count(w, "SELECT count(*) FROM consent WHERE how = 'parent'"
                                    " AND given = 1"),
                     2); /* account and chat */
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE state = 'active'"
                                    " AND birth_ct IS NULL AND avatar_name IS NULL"
                                    " AND method = 'sandbox' AND words_hash IS NOT NULL"),
                     1);
    /* The code is used up. */
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 404);
}

/* The name is theirs from the first day; until then nobody bears it. */
static void who_blocked_the_name_of_a_child_that_waited_never_meets_them(struct world *w)
{
    parents_ask(w);
    assert_int_equal(world_send(w, ANA, "POST", "/api/blocks", "{\"name\":\"rotKEHLchen\"}"), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM block"), 0);
    w->settings.demo = true;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM block b JOIN account a ON"
                                    " a.id = b.other_id WHERE b.account_id = 1"
                                    " AND a.avatar_name = 'Rotkehlchen'"),
                     1);
    assert_int_equal(world_send(w, ANA, "GET", "/api/blocks", NULL), 200);
    assert_true(world_says(w, "rotKEHLchen"));
}

static void a_parent_sees_the_settings_and_changes_parts_later(struct world *w)
{
    grant_in_a_sandbox(w);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    world_script(w, "UPDATE account SET marketing = 1 WHERE avatar_name = 'Rotkehlchen'");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_true(world_says(w, "\"marketing\":true"));
    assert_true(world_says(w, "\"sessions\":1"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":false,"
                                "\"marketing\":false,\"performance\":false}"),
                     200);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE marketing = 1"), 0);
    assert_int_equal(world_count(w, "SELECT given FROM consent WHERE purpose = 'parent.chat'"
                                    " ORDER BY seq DESC LIMIT 1"),
                     0);
    assert_int_equal(w->events[w->event_count - 1].kind, EVENT_ACCOUNT_ENDED); /* out of rooms */
}

/* Writes down that the child wants a part for itself. */
static enum err wish(struct call *call, void *arg)
{
    struct rows rows;
    TRY(store_run(call, &test_child, NO_BIND, &rows));
    return consents_record(call, row_i64(&rows, 0, 0), arg, true, "settings");
}

static void what_a_parent_did_not_allow_the_child_cannot_turn_on(struct world *w)
{
    grant_in_a_sandbox(w);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "marketing"), ERR_DENIED);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "performance"), ERR_DENIED);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,"
                                "\"marketing\":true,\"performance\":false,\"method\":\"sandbox\"}"),
                     200);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "marketing"), OK);
}

static enum err enter(struct call *call, void *arg)
{
    struct rows rows;
    TRY(store_run(call, &test_child, NO_BIND, &rows));
    struct live_entrant child = {.account_id = row_i64(&rows, 0, 0)};
    const struct live_admit_in in = {
        .room = "roomroomroomroomroomroomro", .entrants = &child, .entrants_count = 1};
    struct live_admit_out out = {0};
    TRY(rooms_admit_route.steps->apply(call, &in, &out));
    *(const char **)arg = out.verdicts[0].code;
    return OK;
}

static void without_leave_to_meet_people_rooms_stay_shut(struct world *w)
{
    const char *code = "";
    grant_in_a_sandbox(w);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    world_script(
        w, "INSERT INTO room (id, public_id, owner_id, name, name_fold, scene, language, capacity,"
           " visibility, keep_days, created_ms) VALUES (1,"
           " 'roomroomroomroomroomroomro', 1, 'Room', 'room', 'cafe', 'en', 5, 'public', 90, 0)");
    assert_int_equal(world_do(w, NOBODY, enter, &code), OK);
    assert_null(code);
    world_script(w, "UPDATE guardian SET allow_chat = 0");
    assert_int_equal(world_do(w, NOBODY, enter, &code), OK);
    assert_string_equal(code, "rooms.parent");
}

static void a_lost_link_comes_again_to_the_same_address(struct world *w)
{
    parents_ask(w);
    assert_int_equal(parents_as_child(w, "/api/guardians/again", "{}"), 204);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"),
                     0); /* the first is not ten minutes old */
    w->now_ms += 10 * TIME_MIN;
    const char *to = "{\"email\":\"Mutter@example.org\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/again", to), 204);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"), 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200); /* still */
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/parents/again", "{\"email\":\"nobody@example.org\"}"),
        204);
}

static enum err queue_blind(struct call *call, void *arg UNUSED)
{
    return job_queue(call, "guardians.blind", "", 0, 0);
}

static void after_a_restore_a_parents_address_is_found_again(struct world *w)
{
    parents_ask(w);
    world_script(w, "UPDATE guardian SET email_bi = NULL"); /* as backups have it */
    w->now_ms += 10 * TIME_MIN;
    const char *to = "{\"email\":\"mutter@example.org\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/again", to), 204);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"), 0);
    assert_int_equal(world_do(w, NOBODY, queue_blind, NULL), OK);
    parents_run_jobs(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/again", to), 204);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"), 1);
}

/* ---- the end ---- */

/*
 * The table of mails keeps that one went, without to whom and what it said; what jobs do of
 * themselves in fourteen days is for the five grown people of the world.
 */
static void all_is_erased(struct world *w, const struct kept_counts *before, int64_t key)
{
    parents_nothing_is_left(w, key);
    kept_same_but(w, before, "mail job account_word meta");
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE to_ct IS NOT NULL"
                                    " OR values_ct IS NOT NULL"),
                     0);
    assert_false(kept_in_rows(w, "Rotkehlchen") || kept_in_rows(w, "rotkehlchen"));
}

/* proves: REG-3c */
static void a_no_and_fourteen_days_of_silence_erase_all_of_it(struct world *w)
{
    struct kept_counts before;
    world_script(w, "UPDATE account SET avatar = 'look'"); /* no look is made meanwhile */
    for (int silent = 0; silent < 2; silent++) {
        if (!silent) {
            parents_begin(w);
            parents_run_jobs(w);
            before = kept_count(w);
        }
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
        parents_keep_claim(w);
        parents_link(w);
        parents_run_jobs(w);
        int64_t key = world_count(w, "SELECT key_id FROM guardian");
        assert_true(parents_key_lives(w, key));
        if (silent) { /* what is scheduled does it, nobody else */
            w->now_ms = world_count(w, "SELECT ends_at_ms FROM guardian") - TIME_S;
            parents_run_jobs(w);
            assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
            w->now_ms += TIME_S;
            assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
            w->now_ms += TIME_H;
        } else {
            assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
        }
        all_is_erased(w, &before, key);
        assert_int_equal(parents_as_child(w, "/api/guardians/waiting", "{}"), 200);
        assert_string_equal(world_field(w, "state"), "none");
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians/waiting",
                                    "{\"code\":\"abcd-efgh-ijkl-mnop\"}"),
                         404);
        assert_string_equal(world_code(w), "guardians.none"); /* and the name is free */
    }
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(nobody_of_that_age_gets_an_account_without_a_parent),
        WORLD_TEST(only_what_asking_needs_is_kept),
        WORLD_TEST(who_needs_no_parent_or_is_too_young_asks_none),
        WORLD_TEST(the_name_is_held_while_a_parent_is_asked),
        WORLD_TEST(asking_happens_whole_or_not_at_all),
        WORLD_TEST(the_link_shows_what_is_collected_and_alone_grants_nothing),
        WORLD_TEST(a_link_in_the_childs_browser_opens_nothing_and_staff_see_it),
        WORLD_TEST(with_consent_the_account_is_made_of_what_was_asked),
        WORLD_TEST(who_blocked_the_name_of_a_child_that_waited_never_meets_them),
        WORLD_TEST(a_parent_sees_the_settings_and_changes_parts_later),
        WORLD_TEST(what_a_parent_did_not_allow_the_child_cannot_turn_on),
        WORLD_TEST(without_leave_to_meet_people_rooms_stay_shut),
        WORLD_TEST(a_lost_link_comes_again_to_the_same_address),
        WORLD_TEST(after_a_restore_a_parents_address_is_found_again),
        WORLD_TEST(a_no_and_fourteen_days_of_silence_erase_all_of_it),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
