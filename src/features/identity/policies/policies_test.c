#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "jobs/jobs.h"
#include "tests/support/world.h"

extern const struct feature *const features[];

static void run_jobs(struct world *w)
{
    struct jobs *jobs = jobs_new(features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    jobs_free(jobs);
}

static int write_draft(struct world *w, const char *kind, const char *language, const char *text,
                       int edit)
{
    return world_sendf(
        w, ADA, "PUT",
        arena_printf(w->kept, "{\"text\":\"%s\",\"changes\":\"Kinder\",\"edit\":%d}", text, edit),
        "/api/admin/policies/%s/draft/%s", kind, language);
}

static int publish(struct world *w, const char *kind, int edit, int days, bool mail)
{
    return world_sendf(w, ADA, "POST",
                       arena_printf(w->kept, "{\"edit\":%d,\"days\":%d,\"mail\":%s}", edit, days,
                                    mail ? "true" : "false"),
                       "/api/admin/policies/%s/publish", kind);
}

/* A whole version of it, in both languages. */
static void issues(struct world *w, const char *kind, const char *text, int days, bool mail)
{
    assert_int_equal(write_draft(w, kind, "en", text, 0), 200);
    assert_int_equal(write_draft(w, kind, "id", arena_printf(w->kept, "%s (id)", text), 1), 200);
    assert_int_equal(publish(w, kind, 2, days, mail), 204);
}

static void has(struct world *w, int who, const char *path, const char *text)
{
    assert_int_equal(world_send(w, who, "GET", path, NULL), 200);
    if (!world_says(w, text)) {
        fail_msg("%s does not say %s: %s", path, text, w->last.body);
    }
}

static int answer(struct world *w, int who, const char *path, const char *said)
{
    return world_sendf(w, who, "PUT", arena_printf(w->kept, "{\"answer\":\"%s\"}", said),
                       "/api/me/policies/%s", path);
}

/* proves: POL-1a */
static void
a_new_version_is_told_on_the_home_page_and_by_mail_where_that_was_chosen(struct world *w)
{
    issues(w, "notice", "What we keep.", 0, false);
    has(w, NOBODY, "/api/site", "\"policies\":[{\"kind\":\"notice\",\"number\":1,");
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM notice WHERE kind = 'policies.changed'"),
                     5);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'policies.changed'"),
                     0);

    w->now_ms += TIME_DAY;
    issues(w, "notice", "What we keep now.", 30, true);
    run_jobs(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mail WHERE kind = 'policies.changed'"),
                     5);
    /* Both are told until the day has come; what was in force before can still be read. */
    has(w, NOBODY, "/api/site", "\"kind\":\"notice\",\"number\":2,");
    has(w, NOBODY, "/api/policies/notice/0", "\"text\":\"What we keep.\"");
    has(w, NOBODY, "/api/policies/notice/2", "\"text\":\"What we keep now.\"");
    w->now_ms += 30 * TIME_DAY - 1;
    has(w, NOBODY, "/api/policies/notice/0", "\"number\":1,");
    w->now_ms += 1;
    has(w, NOBODY, "/api/policies/notice/0", "\"number\":2,");
    has(w, NOBODY, "/api/policies/notice/1", "\"text\":\"What we keep.\"");
    w->language = "id";
    has(w, NOBODY, "/api/policies/notice/0", "\"text\":\"What we keep now. (id)\"");
}

/* proves: POL-1b */
static void what_somebody_accepted_when_is_recorded_with_its_words(struct world *w)
{
    issues(w, "terms", "Be kind.", 0, false);
    assert_int_equal(
        world_send(w, NOBODY, "POST", "/api/accounts",
                   "{\"avatar_name\":\"Kartika\",\"password\":\"grey tram over kelapa\","
                   "\"email\":\"someone@example.org\",\"birth_date\":\"1990-02-28\","
                   "\"country\":\"ID\",\"marketing\":false,\"language\":\"id\"}"),
        201);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM policy_answer o JOIN account a ON a.id ="
                                    " o.account_id WHERE a.avatar_name = 'Kartika' AND o.answer ="
                                    " 'agreed' AND o.language = 'id' AND o.how = 'registration'"),
                     1);
    has(w, ANA, "/api/me/policies", "\"number\":1,");
    assert_true(world_says(w, "\"answer\":null"));
    assert_int_equal(answer(w, ANA, "terms/1", "declined"), 204);
    assert_int_equal(answer(w, ANA, "terms/1", "declined"), 204);
    has(w, ANA, "/api/me/policies", "\"answer\":\"declined\"");
    w->now_ms += TIME_DAY;
    assert_int_equal(answer(w, ANA, "terms/1", "agreed"), 204);
    assert_int_equal(answer(w, ANA, "terms/1", "declined"), 409);
    has(w, ANA, "/api/me/policies",
        "\"answer\":\"agreed\",\"language\":\"en\",\"how\":\"asked\",\"at_ms\":18000864");
    assert_false(world_says(w, "declined"));
    /* Both stay as proof: that it was declined once, and when it was agreed to. */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM policy_answer"), 3);

    issues(w, "terms", "Be kinder.", 7, false);
    has(w, ANA, "/api/me/policies", "\"number\":2,");
    assert_true(world_says(w, "\"answer\":null"));
    assert_true(world_says(w, "\"answer\":\"agreed\""));
    has(w, BEN, "/api/me/policies", "\"answer\":null");
    assert_false(world_says(w, "agreed"));
}

/* What one agrees to in the terms is no consent to anything. */
static void agreeing_to_terms_gives_no_consent(struct world *w)
{
    issues(w, "terms", "By this you want our news.", 0, false);
    assert_int_equal(answer(w, ANA, "terms/1", "agreed"), 204);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM consent"), 0);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE marketing <> 0"), 0);
}

static void a_version_is_published_whole_and_never_over_somebody_elses_words(struct world *w)
{
    assert_int_equal(publish(w, "terms", 1, 0, false), 409);
    assert_int_equal(write_draft(w, "terms", "en", "Be kind.", 0), 200);
    assert_string_equal(w->last.body, "{\"edit\":1}");
    assert_int_equal(write_draft(w, "terms", "id", "Baik.", 0), 409);
    assert_string_equal(world_code(w), "policies.changed");
    assert_int_equal(write_draft(w, "terms", "en", " \\n ", 1), 400);
    assert_string_equal(world_code(w), "policies.empty");
    assert_int_equal(publish(w, "terms", 1, 0, false), 400);
    assert_string_equal(world_code(w), "policies.languages");
    has(w, NOBODY, "/api/policies", "{\"items\":[]}");
    assert_int_equal(world_send(w, NOBODY, "GET", "/api/policies/terms/1", NULL), 404);
    has(w, ADA, "/api/admin/policies/terms/draft", "\"text\":\"Be kind.\"");
    assert_int_equal(world_send(w, ANA, "GET", "/api/admin/policies/terms/draft", NULL), 403);
    assert_int_equal(write_draft(w, "terms", "id", "Baik.", 1), 200);
    assert_int_equal(publish(w, "terms", 1, 0, false), 409);
    assert_int_equal(publish(w, "terms", 2, 9, false), 204);
    assert_int_equal(publish(w, "terms", 2, 9, false), 409);
    /* The next one is not in force before it. */
    assert_int_equal(write_draft(w, "terms", "en", "Be.", 0), 200);
    assert_int_equal(write_draft(w, "terms", "id", "Ada.", 1), 200);
    assert_int_equal(publish(w, "terms", 2, 8, false), 409);
    assert_string_equal(world_code(w), "policies.before");
    assert_int_equal(answer(w, ANA, "terms/2", "agreed"), 404);
    assert_int_equal(answer(w, ANA, "terms/1", "seen"), 400);
}

static void what_is_not_in_force_yet_can_be_taken_back(struct world *w)
{
    issues(w, "notice", "Now.", 0, false);
    issues(w, "notice", "Later.", 5, false);
    assert_int_equal(answer(w, ANA, "notice/2", "seen"), 204);
    assert_int_equal(world_send(w, ADA, "DELETE", "/api/admin/policies/notice/1", NULL), 404);
    assert_int_equal(world_send(w, ANA, "DELETE", "/api/admin/policies/notice/2", NULL), 403);
    assert_int_equal(world_send(w, ADA, "DELETE", "/api/admin/policies/notice/2", NULL), 204);
    run_jobs(w); /* whoever was to be told of it is not */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM policy_answer"), 0);
    has(w, NOBODY, "/api/policies/notice/0", "\"text\":\"Now.\"");
    issues(w, "notice", "Again.", 0, false);
    has(w, NOBODY, "/api/policies/notice/0", "\"number\":2,");
}

static void a_file_of_the_operators_is_the_first_version_and_no_other(struct world *w)
{
    static char text[] = "Be kind.\n\nNo selling.";
    w->settings.terms = text;
    run_jobs(w);
    w->now_ms += TIME_MIN;
    run_jobs(w);
    has(w, NOBODY, "/api/policies/terms/0", "Be kind.\\u000a\\u000aNo selling.");
    w->now_ms += 2 * TIME_DAY;
    run_jobs(w);
    issues(w, "terms", "Be kinder.", 0, false);
    w->now_ms += 2 * TIME_DAY;
    run_jobs(w);
    has(w, NOBODY, "/api/policies/terms/0", "Be kinder.");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM policy"), 2);
    w->settings.terms = NULL;
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_new_version_is_told_on_the_home_page_and_by_mail_where_that_was_chosen),
        WORLD_TEST(what_somebody_accepted_when_is_recorded_with_its_words),
        WORLD_TEST(agreeing_to_terms_gives_no_consent),
        WORLD_TEST(a_version_is_published_whole_and_never_over_somebody_elses_words),
        WORLD_TEST(what_is_not_in_force_yet_can_be_taken_back),
        WORLD_TEST(a_file_of_the_operators_is_the_first_version_and_no_other),
    };
    const struct world_options options = {.features = features, .proved = true};
    return world_run(&options, tests, COUNT(tests));
}
