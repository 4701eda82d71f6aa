#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/keys.h"

extern const struct feature *const features[];

SQL(test_form, "INSERT INTO guardian_page (guardian_id, page, picture_ct)"
               " SELECT id, 1, $1 FROM guardian");
SQL(test_form_key, "UPDATE guardian SET page_key_id = $1, state = 'proving'");

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return guardians_sweep(call);
}

struct form {
    int64_t key_id;
    struct sealed picture;
};
static enum err put_form(struct call *call, void *arg)
{
    const struct form *form = arg;
    TRY(store_run(call, &test_form_key, BIND(I64(form->key_id)), NULL));
    return store_run(call, &test_form, BIND(SEALED(form->picture)), NULL);
}

/* As if a form had come through the sandbox. */
static void hand_in(struct world *w, char ret_path[96])
{
    struct form form;
    struct call call = {.arena = w->kept, .keys = w->keys};
    parents_ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("form")), 200);
    assert_int_equal(keys_take(w->keys, &form.key_id), OK);
    assert_int_equal(sealed_bytes(&call, form.key_id, "guardian_page.picture_ct",
                                  (const uint8_t *)"\xff\xd8\xff\0picture", 11, &form.picture),
                     OK);
    assert_int_equal(world_do(w, NOBODY, put_form, &form), OK);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    snprintf(ret_path, 96, "/api/staff/cases/%s", world_field(w, "id"));
}

static void cases_are_for_privacy_officers_with_a_passkey(struct world *w)
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
                  {"POST", decision, "{\"grant\":true,\"answered_ms\":1,\"reason\":\"x\"}"}};
    const struct {
        int who, status;
        const char *code;
    } all[] = {{NOBODY, 401, "api.login"},
               {ANA, 403, "api.role"},
               {ADA, 403, "api.role"}, /* an administrator is no officer */
               {CLEO, 403, "api.passkey"}};
    for (size_t i = 0; i < COUNT(routes); i++) {
        for (size_t k = 0; k < COUNT(all); k++) {
            assert_int_equal(
                world_send(w, all[k].who, routes[i].method, routes[i].path, routes[i].json),
                all[k].status);
            assert_string_equal(world_code(w), all[k].code);
        }
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE look = 'case'"), 0);
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
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/acts", NULL), 200);
    assert_true(world_says(w, "\"by\":\"ben\""));
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE act LIKE '%/pages/%'"), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE act LIKE '%/cases/{id}'"), 1);
}

static void an_officer_sees_the_latest_steps_however_many_there_are(struct world *w)
{
    char path[96], sql[200];
    hand_in(w, path);
    for (int i = 0; i < 101; i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO guardian_step (id, guardian_id, what, at_ms) SELECT %lld, id, '%s',"
                 " 1 FROM guardian",
                 (1LL << 62) + i, i < 100 ? "withdrawn" : "taken_back");
        world_script(w, sql);
    }
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "{\"what\":\"taken_back\",\"officer\":null,\"at_ms\":1}]"));
}

static void a_decision_needs_a_reason_and_the_second_officer_is_told(struct world *w)
{
    char path[96];
    hand_in(w, path);
    assert_int_equal(parents_decide(w, path, "\"grant\":true,\"reason\":\"  \""), 400);
    assert_string_equal(world_code(w), "guardians.reason");
    const char *yes = "\"grant\":true,\"reason\":\"signed, name and number fit\"";
    assert_int_equal(parents_decide(w, path, yes), 204);
    assert_int_equal(parents_decide(w, path, yes), 409);
    assert_string_equal(world_code(w), "guardians.decided");
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"reason\":\"signed, name and number fit\""));
    assert_true(world_says(w, "\"what\":\"granted\",\"officer\":\"ben\""));
    assert_int_equal(world_count(w, "SELECT decided_by FROM guardian"), BEN);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit s JOIN guardian g ON g.id ="
                                    " s.on_id WHERE s.by_id = 2 AND s.act LIKE '%/decision'"),
                     1);
}

static void the_forms_pictures_go_seven_days_after_the_decision(struct world *w)
{
    char path[96];
    hand_in(w, path);
    int64_t key = world_count(w, "SELECT page_key_id FROM guardian");
    assert_int_equal(parents_decide(w, path, "\"grant\":true,\"reason\":\"x\""), 204);
    w->now_ms = world_count(w, "SELECT decided_at_ms FROM guardian") + 7 * TIME_DAY - 1;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_page"), 1);
    w->now_ms += 1;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    parents_run_jobs(w);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian_page"), 0);
    assert_false(parents_key_lives(w, key));
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE state = 'granted'"), 1);
}

static void refused_by_staff_the_parent_hears_once_and_all_is_erased(struct world *w)
{
    char path[96];
    hand_in(w, path);
    int64_t key = world_count(w, "SELECT key_id FROM guardian");
    int64_t page_key = world_count(w, "SELECT page_key_id FROM guardian");
    assert_int_equal(parents_decide(w, path, "\"grant\":false,\"reason\":\"blank\""), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM mail WHERE kind = 'guardians.refused'"),
                     1);
    parents_run_jobs(w);
    assert_false(parents_key_lives(w, page_key));
    assert_true(parents_key_lives(w, key)); /* the mail is still to go */
    world_script(w, "UPDATE mail SET state = 'sent', to_ct = NULL, values_ct = NULL");
    w->now_ms += TIME_H;
    parents_nothing_is_left(w, key);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 404);
}

static void a_call_is_attested_with_what_was_shown(struct world *w)
{
    char path[96];
    world_set(w, "parent_methods", "form call");
    parents_ask(w);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer",
                                "{\"link\":\"parents-link\",\"account\":true,\"chat\":true,"
                                "\"marketing\":true,\"performance\":true,\"method\":\"call\","
                                "\"when\":\"evenings, by video\"}"),
                     200);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    snprintf(path, sizeof(path), "/api/staff/cases/%s", world_field(w, "id"));
    assert_int_equal(parents_decide(w, path, "\"grant\":true,\"reason\":\"spoke\""), 400);
    assert_string_equal(world_code(w), "guardians.shown");
    const char *shown = "\"grant\":true,\"reason\":\"spoke\",\"shown\":\"passport\"";
    assert_int_equal(parents_decide(w, path, shown), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guardian WHERE shown_ct IS NOT NULL"), 1);
}

static int give(struct world *w, int who, const char *name, const char *role)
{
    char json[128];
    snprintf(json, sizeof(json), "{\"avatar_name\":\"%s\",\"role\":\"%s\"}", name, role);
    return world_send(w, who, "POST", "/api/admin/staff", json);
}

static int take(struct world *w, int whose, const char *role)
{
    return world_sendf(w, ADA, "DELETE", NULL, "/api/admin/staff/%s/%s", w->public_ids[whose],
                       role);
}

static void administrators_give_roles_and_take_them(struct world *w)
{
    parents_begin(w);
    assert_int_equal(give(w, ANA, "dan", "moderator"), 403);
    assert_int_equal(give(w, BEN, "dan", "moderator"),
                     403); /* of the staff, but no administrator */
    assert_int_equal(give(w, ADA, "Dan", "moderator"), 204);
    assert_int_equal(give(w, ADA, "Dan", "moderator"), 204); /* again is no error */
    assert_int_equal(give(w, ADA, "Dan", "support"), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 4"), 2);
    assert_int_equal(give(w, ADA, "none", "moderator"), 404);
    assert_int_equal(give(w, ADA, "Dan", "officer"), 400);
    world_script(w, "UPDATE account SET age_band = '13' WHERE id = 1"); /* staff are adults */
    assert_int_equal(give(w, ADA, "ana", "moderator"), 404);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/staff", NULL), 200);
    assert_true(world_says(w, "\"avatar_name\":\"dan\",\"roles\":[\"moderator\",\"support\"]"));
    assert_true(world_says(w, "\"avatar_name\":\"ada\",\"roles\":[\"support\",\"admin\"]"));
    assert_int_equal(take(w, DAN, "moderator"), 204);
    assert_int_equal(take(w, DAN, "moderator"), 404);
    assert_int_equal(world_count(w, "SELECT count(*) FROM staff WHERE account_id = 4"), 1);
    w->now_ms += API_PROOF_MS;
    assert_int_equal(give(w, ADA, "dan", "moderator"), 403);
    assert_string_equal(world_code(w), "api.prove");
}

static void what_somebody_may_stands_with_them_and_goes_with_the_role(struct world *w)
{
    parents_begin(w);
    assert_int_equal(world_send(w, DAN, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "\"roles\":[],\"may\":[]"));
    assert_int_equal(give(w, ADA, "dan", "moderator"), 204);
    assert_int_equal(world_send(w, DAN, "GET", "/api/me", NULL), 200);
    assert_true(world_says(w, "\"roles\":[\"moderator\"],\"may\":[\"desks\",\"reports\","));
    world_script(w, "UPDATE session SET proof = 4");
    assert_int_equal(take(w, DAN, "moderator"), 204);
    assert_int_equal(world_send(w, DAN, "GET", "/api/staff/reports", NULL), 403);
    assert_string_equal(world_code(w), "api.role");
}

static void the_last_administrator_stays(struct world *w)
{
    parents_begin(w);
    assert_int_equal(take(w, ADA, "admin"), 409);
    assert_string_equal(world_code(w), "accounts.no_admin");
    assert_int_equal(give(w, ADA, "dan", "admin"), 204);
    assert_int_equal(take(w, ADA, "admin"), 204);
    assert_int_equal(world_count(w, "SELECT count(*) FROM account WHERE role = 'admin'"), 1);
    assert_int_equal(give(w, ADA, "ben", "support"), 403); /* one of support by now */
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(cases_are_for_privacy_officers_with_a_passkey),
        WORLD_TEST(an_officer_looks_and_every_look_is_written_down),
        WORLD_TEST(an_officer_sees_the_latest_steps_however_many_there_are),
        WORLD_TEST(a_decision_needs_a_reason_and_the_second_officer_is_told),
        WORLD_TEST(the_forms_pictures_go_seven_days_after_the_decision),
        WORLD_TEST(refused_by_staff_the_parent_hears_once_and_all_is_erased),
        WORLD_TEST(a_call_is_attested_with_what_was_shown),
        WORLD_TEST(administrators_give_roles_and_take_them),
        WORLD_TEST(what_somebody_may_stands_with_them_and_goes_with_the_role),
        WORLD_TEST(the_last_administrator_stays),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
