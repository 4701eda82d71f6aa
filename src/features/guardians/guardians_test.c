#include "tests/support/world.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/time.h"
#include "features/consents/consents.h"
#include "features/guardians/guardians.h"
#include "features/rooms/rooms.h"
#include "jobs/jobs.h"
#include "privacy/keys.h"

extern const struct feature *const features[];

#define ASK                                                                              \
    "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Rotkehlchen\"," \
    "\"parent_email\":\"mutter@example.org\"}"
#define ANSWER(method_)                                                              \
    "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,\"marketing\":false," \
    "\"performance\":false,\"method\":\"" method_ "\"}"
#define LINK "{\"link\":\"parents-link\"}"
#define JOIN                                                                  \
    "{\"password\":\"grey tram over kelapa\",\"email\":\"kind@example.org\"," \
    "\"marketing\":true}"

SQL(test_session, "INSERT INTO session (id, account_id, token_hash, remember, device,"
                  " created_at_ms, used_at_ms, ends_at_ms, proof, proved_at_ms)"
                  " VALUES ($1, $2, $3, 0, 'test', $4, $4, $5, $6, $4)");
SQL(test_child, "SELECT account_id FROM guardian");
SQL(test_link, "UPDATE guardian SET link_hash = $1");
SQL(test_form, "INSERT INTO guardian_page (guardian_id, page, picture_ct)"
               " SELECT id, 1, $1 FROM guardian");
SQL(test_form_key, "UPDATE guardian SET page_key_id = $1, state = 'proving'");

/* Everybody is signed in as world_send says; BEN by a passkey and an officer, CLEO an officer. */
static enum err sign_in_all(struct call *call, void *arg UNUSED)
{
    static const char *const names[PEOPLE] = {"", "ana", "ben", "cleo", "dan", "ada"};
    for (int who = ANA; who < PEOPLE; who++) {
        uint8_t hash[HASH_BYTES];
        const char *token = arena_printf(call->arena, "token-of-%s", names[who]);
        crypto_sha256(token, strlen(token), hash);
        TRY(store_run(call, &test_session,
                      BIND(I64(900 + who), I64(who), BYTES(hash, HASH_BYTES), I64(call->now_ms),
                           I64(call->now_ms + 1000 * TIME_DAY),
                           I64(who == BEN ? PROOF_PASSKEY : PROOF_PASSWORD)),
                      NULL));
    }
    return OK;
}

static void begin(struct world *w)
{
    assert_int_equal(world_do(w, NOBODY, sign_in_all, NULL), OK);
    world_script(w, "INSERT INTO staff (account_id, role, since_ms) VALUES (2, 'officer', 1),"
                    " (3, 'officer', 1)");
}

static enum err put_link(struct call *call, void *arg)
{
    uint8_t hash[HASH_BYTES];
    crypto_sha256(arg, strlen(arg), hash);
    return store_run(call, &test_link, BIND(BYTES(hash, HASH_BYTES)), NULL);
}

static char claim[640]; /* the child's cookie */

/* A child asks; the link of the mail is made one that the test knows. */
static void ask(struct world *w)
{
    begin(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
    assert_int_equal(w->last.cookie_count, 1);
    snprintf(claim, sizeof(claim), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
    assert_int_equal(world_do(w, NOBODY, put_link, (void *)(uintptr_t) "parents-link"), OK);
}

static void run_jobs(struct world *w)
{
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static int as_child(struct world *w, const char *path, const char *json)
{
    w->cookie = claim;
    int status = world_send(w, NOBODY, "POST", path, json);
    w->cookie = NULL;
    return status;
}

static bool key_lives(struct world *w, int64_t key_id)
{
    const uint8_t *sealed = NULL;
    size_t len = 0;
    struct call call = {.arena = w->kept, .keys = w->keys};
    return keys_seal(&call, key_id, "test", "text", &sealed, &len) == OK;
}

static void nothing_is_left(struct world *w, int64_t key_id)
{
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM guardian) + (SELECT count(*)"
                                    " FROM guardian_page) + (SELECT count(*) FROM guardian_step)"
                                    " + (SELECT count(*) FROM ticket)"),
                     0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE to_ct IS NOT NULL"
                                    " AND kind = 'guardians.ask'"),
                     0);
    assert_false(key_lives(w, key_id));
}

/* ---- asking ---- */

/* proves: REG-3a */
static void nobody_of_that_age_gets_an_account_without_a_parent(struct world *w)
{
    begin(w);
    const char *account =
        "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Kid\","
        "\"password\":\"grey tram over kelapa\",\"email\":\"k@example.org\","
        "\"marketing\":false}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/accounts", account), 403);
    assert_string_equal(world_code(w), "ages.parent");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
    snprintf(claim, sizeof(claim), "%s=%s", w->last.cookies[0].name, w->last.cookies[0].value);
    assert_int_equal(as_child(w, "/api/guardians/waiting", "{}"), 200);
    assert_string_equal(world_field(w, "state"), "asked");
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 409);
    assert_string_equal(world_code(w), "guardians.not_yet");
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
}

/* proves: REG-3b */
static void only_what_asking_needs_is_kept(struct world *w)
{
    ask(w);
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
    begin(w);
    /* Judged by age before any other field: the name would not do either. */
    const char *adult = "{\"birth_date\":\"1990-06-05\",\"country\":\"DE\",\"avatar_name\":\"x\","
                        "\"parent_email\":\"no\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", adult), 409);
    assert_string_equal(world_code(w), "guardians.not_needed");
    const char *young = "{\"birth_date\":\"2018-06-05\",\"country\":\"DE\",\"avatar_name\":\"x\","
                        "\"parent_email\":\"no\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", young), 403);
    assert_string_equal(world_code(w), "ages.refused");
    settings_replace(&w->settings.parent_methods, "none");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 403);
    assert_string_equal(world_code(w), "ages.parent_closed");
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian"), 0);
}

static void the_name_is_held_and_one_address_is_asked_by_three_at_most(struct world *w)
{
    ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 409);
    assert_string_equal(world_code(w), "names.taken");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/names/rotkehlchen", NULL), 200);
    assert_true(world_says(w, "\"free\":false"));
    char json[256];
    for (int i = 0; i < GUARDIANS_OPEN_MAX; i++) {
        snprintf(json, sizeof(json),
                 "{\"birth_date\":\"2012-06-05\",\"country\":\"DE\",\"avatar_name\":\"Amsel %c\","
                 "\"parent_email\":\"mutter@EXAMPLE.org\"}",
                 'a' + i);
        bool fits = i < GUARDIANS_OPEN_MAX - 1;
        assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", json), fits ? 201 : 429);
    }
    assert_string_equal(world_code(w), "guardians.many");
}

static void no_request(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT (SELECT count(*) FROM guardian)"
                                    " + (SELECT count(*) FROM mail)"),
                     0);
}

static void asking_happens_whole_or_not_at_all(struct world *w)
{
    begin(w);
    world_faults(w, NOBODY, "POST", "/api/guardians", ASK, no_request);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian"), 1);
}

/* ---- the parent's link ---- */

static void the_link_shows_what_is_collected_and_alone_grants_nothing(struct world *w)
{
    ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_string_equal(world_field(w, "avatar_name"), "Rotkehlchen");
    assert_true(world_says(w, "\"data\":\"Date of birth\""));
    assert_false(world_says(w, "mutter@"));
    assert_false(world_says(w, "2012"));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 400);
    assert_string_equal(world_code(w), "guardians.method");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("form")), 200);
    assert_int_equal(strlen(world_field(w, "upload")), 43);
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 409);
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
    ask(w);
    assert_int_equal(as_child(w, "/api/parents/open", LINK), 200);
    assert_true(world_says(w, "\"child_here\":true"));
    assert_false(world_says(w, "Rotkehlchen"));
    assert_int_equal(as_child(w, "/api/parents/answer", ANSWER("form")), 403);
    assert_string_equal(world_code(w), "guardians.child");
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE child_here = 1"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_step"
                                    " WHERE what = 'opened_by_child'"),
                     1);
}

static void grant_in_a_sandbox(struct world *w)
{
    ask(w);
    w->settings.demo = true;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    assert_int_equal(as_child(w, "/api/guardians/waiting", "{}"), 200);
    assert_string_equal(world_field(w, "state"), "granted");
}

/* proves: REG-3a */
static void with_consent_the_account_is_made_of_what_was_asked(struct world *w)
{
    grant_in_a_sandbox(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    const char *same = "{\"password\":\"grey tram over kelapa\",\"email\":\"Mutter@example.org\","
                       "\"marketing\":false}";
    assert_int_equal(as_child(w, "/api/guardians/join", same), 409);
    assert_string_equal(world_code(w), "guardians.same_email");
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
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
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 404);
}

static void a_parent_sees_the_settings_and_changes_parts_later(struct world *w)
{
    grant_in_a_sandbox(w);
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
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
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "marketing"), ERR_DENIED);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "performance"), ERR_DENIED);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,"
                                "\"marketing\":true,\"performance\":false}"),
                     200);
    assert_int_equal(world_do(w, NOBODY, wish, (void *)(uintptr_t) "marketing"), OK);
}

static enum err enter(struct call *call, void *arg)
{
    struct rows rows;
    TRY(store_run(call, &test_child, NO_BIND, &rows));
    const struct rooms_entrant child = {.account_id = row_i64(&rows, 0, 0)};
    const struct rooms_admit_in in = {
        .room = "roomroomroomroomroomroomro", .entrants = &child, .entrants_count = 1};
    struct rooms_admit_out out = {0};
    TRY(rooms_admit_route.apply(call, &in, &out));
    *(const char **)arg = out.verdicts[0].code;
    return OK;
}

static void without_leave_to_meet_people_rooms_stay_shut(struct world *w)
{
    const char *code = "";
    grant_in_a_sandbox(w);
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
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

static void a_parent_takes_the_consent_back_by_the_same_link(struct world *w)
{
    grant_in_a_sandbox(w);
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM session WHERE account_id > 10"), 0);
    nothing_is_left(w, key);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account"), PEOPLE - 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
}

static void a_lost_link_comes_again_to_the_same_address_and_the_old_one_ends(struct world *w)
{
    ask(w);
    assert_int_equal(as_child(w, "/api/guardians/again", "{}"), 204);
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"),
                     0); /* the first is not ten minutes old */
    w->now_ms += 10 * TIME_MIN;
    const char *to = "{\"email\":\"Mutter@example.org\"}";
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/again", to), 204);
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.again'"), 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/parents/again", "{\"email\":\"nobody@example.org\"}"),
        204);
}

/* ---- the end ---- */

/* proves: REG-3c */
static void a_no_erases_all_of_it(struct world *w)
{
    ask(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    assert_true(key_lives(w, key));
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    nothing_is_left(w, key);
    assert_int_equal(as_child(w, "/api/guardians/waiting", "{}"), 200);
    assert_string_equal(world_field(w, "state"), "none");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians/waiting",
                                "{\"code\":\"abcd-efgh-ijkl-mnop\"}"),
                     404);
    assert_string_equal(world_code(w), "guardians.none");
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/guardians", ASK), 201); /* name is free */
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return guardians_sweep(call);
}

/* proves: REG-3c */
static void fourteen_days_of_silence_erase_all_of_it(struct world *w)
{
    ask(w);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    w->now_ms = world_count(w, "SELECT ends_at_ms FROM guardian") - 1;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    w->now_ms += 1;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 404);
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    nothing_is_left(w, key);
}

/* ---- staff ---- */

struct form {
    int64_t key_id;
    const uint8_t *sealed;
    size_t len;
};
static enum err put_form(struct call *call, void *arg)
{
    const struct form *form = arg;
    TRY(store_run(call, &test_form_key, BIND(I64(form->key_id)), NULL));
    return store_run(call, &test_form, BIND(BYTES(form->sealed, form->len)), NULL);
}

/* As if a form had come through the sandbox. */
static void hand_in(struct world *w, char ret_path[96])
{
    struct form form;
    struct call call = {.arena = w->kept, .keys = w->keys};
    ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("form")), 200);
    assert_int_equal(keys_take(w->keys, &form.key_id), OK);
    assert_int_equal(keys_seal_bytes(&call, form.key_id, "guardian_page.picture_ct",
                                     (const uint8_t *)"\xff\xd8\xff\0picture", 11, &form.sealed,
                                     &form.len),
                     OK);
    assert_int_equal(world_do(w, NOBODY, put_form, &form), OK);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    snprintf(ret_path, 96, "/api/staff/cases/%s", world_field(w, "id"));
}

static void cases_are_for_officers_with_a_passkey(struct world *w)
{
    char path[96], page[128], decision[128];
    hand_in(w, path);
    snprintf(page, sizeof(page), "%s/pages/1", path);
    snprintf(decision, sizeof(decision), "%s/decision", path);
    const struct {
        const char *method, *path, *json;
    } routes[] = {{"GET", "/api/staff/cases", NULL},
                  {"GET", path, NULL},
                  {"GET", page, NULL},
                  {"POST", decision, "{\"grant\":true,\"reason\":\"x\"}"}};
    const struct {
        int who, status;
        const char *code;
    } all[] = {{NOBODY, 401, "api.login"},
               {ANA, 403, "api.officer"},
               {ADA, 403, "api.officer"}, /* an administrator is no officer */
               {CLEO, 403, "api.passkey"}};
    for (size_t i = 0; i < COUNT(routes); i++) {
        for (size_t k = 0; k < COUNT(all); k++) {
            assert_int_equal(
                world_send(w, all[k].who, routes[i].method, routes[i].path, routes[i].json),
                all[k].status);
            assert_string_equal(world_code(w), all[k].code);
        }
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff_look"), 0);
}

static void an_officer_looks_and_every_look_is_written_down(struct world *w)
{
    char path[96], page[128];
    hand_in(w, path);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_string_equal(world_field(w, "parent_email"), "mutter@example.org");
    assert_true(world_says(w, "\"pages\":1"));
    snprintf(page, sizeof(page), "%s/pages/1", path);
    assert_int_equal(world_send(w, BEN, "GET", page, NULL), 200);
    assert_string_equal(world_field(w, "jpeg"), "_9j_AHBpY3R1cmU");
    snprintf(page, sizeof(page), "%s/pages/2", path);
    assert_int_equal(world_send(w, BEN, "GET", page, NULL), 404);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/looks", NULL), 200);
    assert_true(world_says(w, "\"officer\":\"ben\""));
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff_look WHERE what = 'page'"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff_look WHERE what = 'case'"), 1);
}

static void a_decision_needs_a_reason_and_the_second_officer_is_told(struct world *w)
{
    char path[96], decision[128];
    hand_in(w, path);
    snprintf(decision, sizeof(decision), "%s/decision", path);
    assert_int_equal(world_send(w, BEN, "POST", decision, "{\"grant\":true,\"reason\":\"  \"}"),
                     400);
    assert_string_equal(world_code(w), "guardians.reason");
    const char *yes = "{\"grant\":true,\"reason\":\"signed, name and number fit\"}";
    assert_int_equal(world_send(w, BEN, "POST", decision, yes), 204);
    assert_int_equal(world_send(w, BEN, "POST", decision, yes), 409);
    assert_string_equal(world_code(w), "guardians.decided");
    assert_int_equal(as_child(w, "/api/guardians/join", JOIN), 201);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"reason\":\"signed, name and number fit\""));
    assert_true(world_says(w, "\"what\":\"granted\",\"officer\":\"ben\""));
    assert_int_equal(world_count(w, "SELECT decided_by FROM guardian"), BEN);
}

static void the_forms_pictures_go_seven_days_after_the_decision(struct world *w)
{
    char path[96], decision[128];
    hand_in(w, path);
    int64_t key = world_count(w, "SELECT page_key_id FROM guardian");
    snprintf(decision, sizeof(decision), "%s/decision", path);
    assert_int_equal(world_send(w, BEN, "POST", decision, "{\"grant\":true,\"reason\":\"x\"}"),
                     204);
    w->now_ms = world_count(w, "SELECT decided_at_ms FROM guardian") + 7 * TIME_DAY - 1;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_page"), 1);
    w->now_ms += 1;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_page"), 0);
    assert_false(key_lives(w, key));
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE state = 'granted'"), 1);
}

/* proves: REG-3c */
static void refused_by_staff_the_parent_hears_once_and_all_is_erased(struct world *w)
{
    char path[96], decision[128];
    hand_in(w, path);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    int64_t page_key = world_count(w, "SELECT page_key_id FROM guardian");
    snprintf(decision, sizeof(decision), "%s/decision", path);
    assert_int_equal(world_send(w, BEN, "POST", decision, "{\"grant\":false,\"reason\":\"blank\"}"),
                     204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.refused'"),
                     1);
    run_jobs(w);
    assert_false(key_lives(w, page_key));
    assert_true(key_lives(w, key)); /* the mail is still to go */
    world_script(w, "UPDATE mail SET state = 'sent', to_ct = NULL, values_ct = NULL");
    w->now_ms += TIME_H;
    nothing_is_left(w, key);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 404);
}

static void a_call_is_attested_with_what_was_shown(struct world *w)
{
    char decision[128];
    settings_replace(&w->settings.parent_methods, "form call");
    ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,"
                                "\"marketing\":true,\"performance\":true,\"method\":\"call\","
                                "\"when\":\"evenings, by video\"}"),
                     200);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    snprintf(decision, sizeof(decision), "/api/staff/cases/%s/decision", world_field(w, "id"));
    assert_int_equal(world_send(w, BEN, "POST", decision, "{\"grant\":true,\"reason\":\"spoke\"}"),
                     400);
    assert_string_equal(world_code(w), "guardians.shown");
    assert_int_equal(world_send(w, BEN, "POST", decision,
                                "{\"grant\":true,\"reason\":\"spoke\",\"shown\":\"passport\"}"),
                     204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE shown_ct IS NOT NULL"), 1);
}

static void administrators_make_and_end_officers(struct world *w)
{
    char path[96];
    begin(w);
    assert_int_equal(world_send(w, ANA, "POST", "/api/admin/staff", "{\"avatar_name\":\"dan\"}"),
                     403);
    assert_int_equal(world_send(w, BEN, "POST", "/api/admin/staff", "{\"avatar_name\":\"dan\"}"),
                     403); /* an officer is no administrator */
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff", "{\"avatar_name\":\"Dan\"}"),
                     204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 4"), 1);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff", "{\"avatar_name\":\"none\"}"),
                     404);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/staff", NULL), 200);
    assert_true(world_says(w, "\"avatar_name\":\"dan\""));
    snprintf(path, sizeof(path), "/api/admin/staff/%s", w->public_ids[DAN]);
    assert_int_equal(world_send(w, ADA, "DELETE", path, NULL), 204);
    assert_int_equal(world_send(w, ADA, "DELETE", path, NULL), 404);
    w->now_ms += API_PROOF_MS;
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff", "{\"avatar_name\":\"dan\"}"),
                     403);
    assert_string_equal(world_code(w), "api.prove");
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(nobody_of_that_age_gets_an_account_without_a_parent),
        WORLD_TEST(only_what_asking_needs_is_kept),
        WORLD_TEST(who_needs_no_parent_or_is_too_young_asks_none),
        WORLD_TEST(the_name_is_held_and_one_address_is_asked_by_three_at_most),
        WORLD_TEST(asking_happens_whole_or_not_at_all),
        WORLD_TEST(the_link_shows_what_is_collected_and_alone_grants_nothing),
        WORLD_TEST(a_link_in_the_childs_browser_opens_nothing_and_staff_see_it),
        WORLD_TEST(with_consent_the_account_is_made_of_what_was_asked),
        WORLD_TEST(a_parent_sees_the_settings_and_changes_parts_later),
        WORLD_TEST(what_a_parent_did_not_allow_the_child_cannot_turn_on),
        WORLD_TEST(without_leave_to_meet_people_rooms_stay_shut),
        WORLD_TEST(a_parent_takes_the_consent_back_by_the_same_link),
        WORLD_TEST(a_lost_link_comes_again_to_the_same_address_and_the_old_one_ends),
        WORLD_TEST(a_no_erases_all_of_it),
        WORLD_TEST(fourteen_days_of_silence_erase_all_of_it),
        WORLD_TEST(cases_are_for_officers_with_a_passkey),
        WORLD_TEST(an_officer_looks_and_every_look_is_written_down),
        WORLD_TEST(a_decision_needs_a_reason_and_the_second_officer_is_told),
        WORLD_TEST(the_forms_pictures_go_seven_days_after_the_decision),
        WORLD_TEST(refused_by_staff_the_parent_hears_once_and_all_is_erased),
        WORLD_TEST(a_call_is_attested_with_what_was_shown),
        WORLD_TEST(administrators_make_and_end_officers),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
