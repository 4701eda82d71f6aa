#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/time.h"
#include "features/identity/guardians/guardians.h"
#include "privacy/keys.h"

extern const struct feature *const features[];

/* What the parent of an account allows beyond what stands is proved like the first consent. */

#define PARTS(chat_, marketing_, more_)                                                        \
    "{\"link\":\"parents-link\",\"account\":true,\"chat\":" chat_ ",\"marketing\":" marketing_ \
    ",\"performance\":false" more_ "}"
#define BY_FORM ",\"method\":\"form\""
#define BY_CALL ",\"method\":\"call\",\"when\":\"evenings\""
#define YES "\"grant\":true,\"reason\":\"spoke\",\"shown\":\"passport\""
#define NO "\"grant\":false,\"reason\":\"a child's voice\""

static char path[96]; /* of the case */

/* An account whose parent allows nothing beyond the account itself. */
static void joins(struct world *w)
{
    world_set(w, "parent_methods", "form call");
    parents_ask(w);
    w->settings.demo = true;
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/answer", ANSWER("sandbox")), 200);
    assert_int_equal(parents_as_child(w, "/api/guardians/join", JOIN), 201);
    w->settings.demo = false;
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/parents/answer", PARTS("false", "false", "")), 200);
    w->now_ms += TIME_MIN;
}

static int answers(struct world *w, const char *json)
{
    return world_send(w, NOBODY, "POST", "/api/parents/answer", json);
}

static void find_case(struct world *w)
{
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    assert_true(world_says(w, "\"avatar_name\":\"Rotkehlchen\""));
    snprintf(path, sizeof(path), "/api/staff/cases/%s", world_field(w, "id"));
}

/* What features see: the row's parts, and the consent of each. */
static void stands(struct world *w, int64_t chat, int64_t marketing)
{
    assert_int_equal(world_count(w, "SELECT allow_chat FROM guardian"), chat);
    assert_int_equal(world_count(w, "SELECT allow_marketing FROM guardian"), marketing);
    assert_int_equal(world_count(w, "SELECT given FROM consent WHERE purpose = 'parent.chat'"
                                    " ORDER BY seq DESC LIMIT 1"),
                     chat);
    assert_int_equal(world_count(w, "SELECT given FROM consent WHERE purpose = 'parent.marketing'"
                                    " ORDER BY seq DESC LIMIT 1"),
                     marketing);
}

static void nothing_waits(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE state = 'active' AND"
                                    " want_chat IS NULL AND want_method IS NULL AND ends_at_ms IS"
                                    " NULL AND upload_hash IS NULL AND account_id IS NOT NULL"),
                     1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE state = 'active' AND"
                                    " avatar_name = 'Rotkehlchen'"),
                     1);
}

static void the_link_alone_allows_nothing_more(struct world *w)
{
    joins(w);
    assert_int_equal(answers(w, PARTS("true", "false", "")), 400);
    assert_string_equal(world_code(w), "guardians.method");
    assert_int_equal(answers(w, PARTS("false", "true", "")), 400);
    assert_int_equal(answers(w, PARTS("true", "true", ",\"method\":\"sandbox\"")), 400);
    assert_int_equal(answers(w, PARTS("true", "false", BY_CALL)), 200);
    stands(w, 0, 0);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
    assert_string_equal(world_field(w, "state"), "active");
    assert_true(world_says(w, "\"more\":[{\"method\":\"call\",\"chat\":true"));
}

static void an_officer_who_accepts_the_proof_lets_it_stand(struct world *w)
{
    joins(w);
    w->language = "id"; /* so the parent reads it, and the officer does not */
    assert_int_equal(answers(w, PARTS("true", "false", BY_CALL)), 200);
    w->language = NULL;
    find_case(w);
    assert_int_equal(world_send(w, BEN, "GET", path, NULL), 200);
    assert_true(world_says(w, "\"account\":true"));
    assert_true(world_says(w, "\"chat\":true"));
    assert_int_equal(parents_decide(w, path, YES), 204);
    stands(w, 1, 0);
    nothing_waits(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM consent WHERE purpose = 'parent.chat'"
                                    " AND given = 1 AND language = 'id'"),
                     1);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'guardians.more_granted'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE method = 'call'"), 1);
    assert_int_equal(parents_decide(w, path, YES), 409);
}

static void refused_all_stays_as_it_was_and_the_account_lives(struct world *w)
{
    joins(w);
    assert_int_equal(answers(w, PARTS("true", "true", BY_CALL)), 200);
    find_case(w);
    assert_int_equal(parents_decide(w, path, NO), 204);
    stands(w, 0, 0);
    nothing_waits(w);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'guardians.more_refused'"), 1);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE method = 'sandbox'"), 1);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/open", LINK), 200);
}

static void an_officer_grants_what_was_seen_and_nothing_that_came_since(struct world *w)
{
    char old[200];
    joins(w);
    assert_int_equal(answers(w, PARTS("false", "true", BY_CALL)), 200);
    find_case(w);
    snprintf(old, sizeof(old), "{\"answered_ms\":%lld," YES "}",
             (long long)world_count(w, "SELECT answered_at_ms FROM guardian"));
    assert_int_equal(answers(w, PARTS("true", "true", BY_CALL)), 200); /* in the same millisecond */
    assert_int_equal(world_sendf(w, BEN, "POST", old, "%s/decision", path), 409);
    assert_string_equal(world_code(w), "guardians.decided");
    stands(w, 0, 0);
    assert_int_equal(parents_decide(w, path, YES), 204);
    stands(w, 1, 1);
}

static void less_holds_at_once_also_while_more_waits(struct world *w)
{
    joins(w);
    assert_int_equal(answers(w, PARTS("false", "true", BY_CALL)), 200);
    find_case(w);
    assert_int_equal(parents_decide(w, path, YES), 204);
    stands(w, 0, 1);
    assert_int_equal(answers(w, PARTS("true", "false", BY_CALL)), 200);
    stands(w, 0, 0);
    assert_int_equal(answers(w, PARTS("false", "false", "")), 200); /* and thought better of it */
    nothing_waits(w);
    assert_int_equal(world_send(w, BEN, "GET", "/api/staff/cases", NULL), 200);
    assert_false(world_says(w, "Rotkehlchen"));
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return guardians_sweep(call);
}

SQL(test_pages, "UPDATE guardian SET page_key_id = $1, state = $2");
SQL(test_page, "INSERT INTO guardian_page (guardian_id, page, picture_ct) SELECT id, 1, $1 FROM"
               " guardian");

struct form {
    int64_t key_id;
    const char *state;
};
static enum err put_form(struct call *call, void *arg)
{
    const struct form *form = arg;
    TRY(store_run(call, &test_pages, BIND(I64(form->key_id), TEXT(form->state)), NULL));
    return store_run(call, &test_page, BIND(BYTES("picture", 7)), NULL);
}

static void hand_in(struct world *w, struct form *form)
{
    assert_int_equal(keys_take(w->keys, &form->key_id), OK);
    assert_int_equal(world_do(w, NOBODY, put_form, form), OK);
}

static int64_t pages(struct world *w)
{
    parents_run_jobs(w);
    return world_count(w, "SELECT COUNT(*) FROM guardian_page");
}

static void silence_and_withdrawing_take_the_form_away_with_its_key(struct world *w)
{
    struct form first = {.state = "active"}, form = {.state = "proving"};
    joins(w);
    hand_in(w, &first); /* of the first proof: it proves nothing new */
    assert_int_equal(answers(w, PARTS("true", "false", BY_FORM)), 200);
    assert_int_equal(strlen(world_field(w, "upload")), 43);
    assert_int_equal(pages(w), 0);
    assert_false(parents_key_lives(w, first.key_id));
    hand_in(w, &form);
    w->now_ms += GUARDIANS_PAGE_DAYS * TIME_DAY; /* not decided yet: it is kept */
    assert_int_equal(pages(w), 1);
    w->now_ms = world_count(w, "SELECT ends_at_ms FROM guardian");
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(pages(w), 0);
    assert_false(parents_key_lives(w, form.key_id));
    nothing_waits(w);
    stands(w, 0, 0);
    assert_int_equal(answers(w, PARTS("true", "false", BY_FORM)), 200);
    hand_in(w, &form);
    assert_int_equal(world_send(w, NOBODY, "POST", "/api/parents/end", LINK), 204);
    assert_int_equal(pages(w), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE want_chat IS NOT NULL"),
                     0);
}

static void nothing_is_wanted(struct world *w)
{
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM guardian WHERE state = 'active' AND"
                                    " want_chat IS NULL AND allow_chat = 0"),
                     1);
}

static void wanting_more_happens_whole_or_not_at_all(struct world *w)
{
    joins(w);
    world_faults(w, NOBODY, "POST", "/api/parents/answer", PARTS("true", "false", BY_CALL),
                 nothing_is_wanted);
    stands(w, 0, 0);
    find_case(w);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(the_link_alone_allows_nothing_more),
        WORLD_TEST(an_officer_who_accepts_the_proof_lets_it_stand),
        WORLD_TEST(refused_all_stays_as_it_was_and_the_account_lives),
        WORLD_TEST(an_officer_grants_what_was_seen_and_nothing_that_came_since),
        WORLD_TEST(less_holds_at_once_also_while_more_waits),
        WORLD_TEST(silence_and_withdrawing_take_the_form_away_with_its_key),
        WORLD_TEST(wanting_more_happens_whole_or_not_at_all),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
