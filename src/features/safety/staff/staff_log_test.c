#include "tests/support/parents.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "features/safety/staff/staff.h"
#include "privacy/erasure.h"
#include "tests/support/members.h"

/* The log of staff: what is changed by hand is found, what is erased breaks nothing, and a member
 * learns what may be told.  ADA is an administrator and in support, BEN and CLEO decide. */

struct checking {
    const uint8_t *head;
    struct staff_check it;
};

static enum err check(struct call *call, void *arg)
{
    struct checking *checking = arg;
    checking->it = (struct staff_check){0};
    while (!checking->it.done) {
        TRY(staff_check(call, checking->head, &checking->it));
    }
    return OK;
}

/* The line at which it breaks; 0: it holds. */
static int64_t broken(struct world *w)
{
    struct checking checking = {0};
    assert_int_equal(world_do(w, NOBODY, check, &checking), OK);
    assert_int_equal(checking.it.broken != 0, checking.it.why != NULL);
    return checking.it.broken;
}

/* Five lines: two looks at names, a role given and taken, a look at the list. */
static void some_lines(struct world *w)
{
    parents_begin(w);
    assert_int_equal(
        world_sendf(w, ADA, "GET", NULL, "/api/admin/accounts/%s/names", w->public_ids[DAN]), 200);
    assert_int_equal(
        world_sendf(w, ADA, "GET", NULL, "/api/admin/accounts/%s/names", w->public_ids[ANA]), 200);
    assert_int_equal(world_send(w, ADA, "POST", "/api/admin/staff",
                                "{\"avatar_name\":\"dan\",\"role\":\"payout\"}"),
                     204);
    assert_int_equal(
        world_sendf(w, ADA, "DELETE", NULL, "/api/admin/staff/%s/payout", w->public_ids[DAN]), 204);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/accounts", NULL), 200);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 5);
}

static void a_line_that_is_changed_or_removed_by_hand_is_found(struct world *w)
{
    static const struct {
        const char *sql;
        int64_t at;
    } all[] = {
        {"UPDATE audit SET at_ms = at_ms + 1 WHERE id = 2", 2},
        {"UPDATE audit SET by_id = 2 WHERE id = 2", 2},
        {"UPDATE audit SET subject_id = 3 WHERE id = 2", 2},
        {"UPDATE audit SET act = 'GET /' WHERE id = 3", 3},
        {"UPDATE audit SET look = NULL WHERE id = 1", 1},
        {"UPDATE audit SET what = 'support' WHERE id = 3", 3},
        {"UPDATE audit SET machine = 1 WHERE id = 5", 5},
        {"DELETE FROM audit WHERE id = 1", 2},
        {"DELETE FROM audit WHERE id = 3", 4},
        {"UPDATE audit SET seal = NULL WHERE id = 4", 4},
        {"UPDATE audit SET salt = NULL, seal = chain WHERE id = 4", 4},
        {"UPDATE audit SET chain = seal WHERE id = 4", 4},
    };
    some_lines(w);
    assert_int_equal(broken(w), 0);
    world_script(w, "CREATE TABLE kept_audit AS SELECT * FROM audit");
    for (size_t i = 0; i < COUNT(all); i++) {
        world_script(w, all[i].sql);
        if (broken(w) != all[i].at) {
            fail_msg("%s: found at %lld", all[i].sql, (long long)broken(w));
        }
        world_script(w, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept_audit");
        assert_int_equal(broken(w), 0);
    }
    world_script(w, "DROP TABLE kept_audit");
}

/* What no chain can know by itself. */
static void lines_removed_at_the_end_are_found_by_the_hash_that_was_kept(struct world *w)
{
    char hex[2 * HASH_BYTES + 1];
    uint8_t head[HASH_BYTES];
    some_lines(w);
    assert_int_equal(world_send(w, ADA, "GET", "/api/admin/log", NULL), 200);
    assert_true(world_says(w, "\"lines\":5"));
    snprintf(hex, sizeof(hex), "%s", world_field(w, "head"));
    assert_int_equal(strlen(hex), 2 * HASH_BYTES);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        unsigned byte = 0;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        head[i] = (uint8_t)byte;
    }
    struct checking checking = {.head = head};
    assert_int_equal(world_do(w, NOBODY, check, &checking), OK);
    assert_true(checking.it.found);
    world_script(w, "DELETE FROM audit WHERE id = 5");
    assert_int_equal(world_do(w, NOBODY, check, &checking), OK);
    assert_false(checking.it.found || checking.it.broken);
}

static enum err erase_dan(struct call *call, void *arg UNUSED)
{
    struct erasure erasure = {.plan = erasure_plan, .whose = {.account_id = DAN, .key_id = DAN}};
    bool done = false;
    for (int i = 0; i < ERASURE_STEPS_MAX && !done; i++) {
        TRY(erasure_turn(call, &erasure, &done));
    }
    return done ? OK : ERR_BROKEN;
}

static enum err sweep(struct call *call, void *arg UNUSED)
{
    return staff_sweep(call);
}

static void an_erasure_and_three_years_take_what_lines_say_and_the_chain_holds(struct world *w)
{
    some_lines(w);
    assert_int_equal(world_do(w, NOBODY, erase_dan, NULL), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE subject_id = 4"
                                    " OR on_id = 4"),
                     0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE salt IS NULL"), 3);
    assert_int_equal(broken(w), 0);
    w->now_ms += (3 * 365 + 1) * TIME_DAY - TIME_MIN;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE act IS NULL"), 0);
    w->now_ms += TIME_DAY;
    assert_int_equal(world_do(w, NOBODY, sweep, NULL), OK);
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit WHERE act IS NOT NULL OR by_id IS"
                                    " NOT NULL OR subject_id IS NOT NULL OR salt IS NOT NULL"),
                     0);
    assert_int_equal(broken(w), 0);
    world_script(w, "DELETE FROM audit WHERE id = 2");
    assert_int_equal(broken(w), 3);
}

/* Of what was asked by nobody with the power there is no line, and nothing was shown. */
static void a_look_that_is_refused_or_finds_nothing_leaves_no_line(struct world *w)
{
    static const char *const guesses[] = {"/api/staff/reports/aaaaaaaaaaaaaaaaaaaaaaaaaa",
                                          "/api/staff/cases/aaaaaaaaaaaaaaaaaaaaaaaaaa",
                                          "/api/admin/accounts/aaaaaaaaaaaaaaaaaaaaaaaaaa/names"};
    parents_begin(w);
    for (size_t i = 0; i < COUNT(guesses); i++) {
        for (int who = ANA; who <= ADA; who++) {
            int status = world_send(w, who, "GET", guesses[i], NULL);
            assert_true(status == 403 || status == 404);
        }
    }
    assert_int_equal(world_count(w, "SELECT count(*) FROM audit"), 0);
}

/* No row that shows members' data is left out: what is no look tells nothing of them. */
static void every_route_of_staff_that_shows_a_members_data_is_a_look(struct world *w UNUSED)
{
    static const char *const plain[] = {
        "/api/staff/waiting",
        "/api/admin/waiting", /* counts */
        "/api/admin/checklist",
        "/api/admin/jobs", /* the machine */
        "/api/admin/performance",
        "/api/admin/settings", /* sums; the site's */
        "/api/invites",
        "/api/admin/staff",                 /* without names; staff themselves */
        "/api/admin/policies/{kind}/draft", /* the site's own words */
        "/api/admin/acts",
        "/api/admin/log", /* the log itself */
    };
    size_t looks = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct api_route *one = (*feature)->routes; one && one->method; one++) {
            bool is_plain = false;
            for (size_t i = 0; i < COUNT(plain); i++) {
                is_plain = is_plain || strcmp(plain[i], one->path) == 0;
            }
            if (!api_power(one->who) || strcmp(one->method, "GET") != 0 || is_plain) {
                continue;
            }
            if (!one->look || one->tx != API_TX_WRITE) {
                fail_msg("GET %s shows something to staff, and is no look", one->path);
            }
            looks++;
        }
    }
    assert_true(looks >= 8);
}

/* ---- what the member is told ---- */

static void report_of(struct world *w, const char *outcome)
{
    char sql[400];
    snprintf(
        sql, sizeof(sql),
        "INSERT INTO report (id, public_id, reporter_id, subject_id, kind, place, reason, key_id,"
        " seen_ct, at_ms, outcome, decided_ms) SELECT 70, 'rrrrrrrrrrrrrrrrrrrrrrrrrr', 1, 4,"
        " 'page', '', 'hate', key_id, %s, 1, %s, %s FROM account WHERE id = 4",
        w->store.pg ? "'\\x00'::bytea" : "x'00'", outcome,
        strcmp(outcome, "NULL") == 0 ? "NULL" : "2");
    world_script(w, sql);
    world_script(w, "INSERT INTO audit (id, at_ms, by_id, machine, act, look, subject_id, on_id)"
                    " VALUES (1, 1800000000000, 2, 0, 'x', 'report', 4, 70),"
                    " (2, 1800000000000, 2, 0, 'x', 'told', 1, 70),"
                    " (3, 1800000000000, 2, 0, 'x', 'names', 4, 4),"
                    " (4, 1800000000000, 2, 0, 'x', 'people', 4, 4)");
}

static void nobody_learns_of_a_report_from_what_staff_looked_at(struct world *w)
{
    parents_begin(w);
    report_of(w, "NULL");
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/looks", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}"); /* as if nobody had looked at anything */
    assert_int_equal(world_send(w, ANA, "GET", "/api/me/looks", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[{\"what\":\"told\",\"at_ms\":1800000000000}]}");
    world_script(w, "UPDATE report SET outcome = 'nothing', decided_ms = 2");
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/looks", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[{\"what\":\"names\",\"at_ms\":1800000000000}]}");
    world_script(w, "DELETE FROM report");
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/looks", NULL), 200);
    assert_true(world_says(w, "{\"what\":\"report\",\"at_ms\":1798761600000}")); /* its month */
    assert_false(world_says(w, "ben"));
}

/* Not by what was decided either, and not when the report or the case is gone: of a case the name
 * would say who is a child. */
static void the_log_names_nobody_who_was_looked_at_reported_or_in_a_case(struct world *w)
{
    parents_begin(w);
    report_of(w, "'warned'");
    world_script(w, "INSERT INTO audit (id, at_ms, by_id, machine, act, look, subject_id, on_id)"
                    " VALUES (5, 2, 2, 0, 'GET /api/staff/cases/{id}', 'case', 3, 8),"
                    " (6, 2, 2, 0, 'look case', 'case', 3, 8),"
                    " (7, 2, 2, 0, 'POST /api/staff/cases/{id}/decision', NULL, 3, 8),"
                    " (8, 2, 2, 0, 'POST /api/staff/reports/{id}/decision', NULL, 4, 70),"
                    " (9, 2, 5, 0, 'POST /api/admin/accounts/{id}/approve', NULL, 3, 3)");
    for (int gone = 0; gone < 2; gone++) {
        assert_int_equal(world_send(w, ADA, "GET", "/api/admin/acts", NULL), 200);
        assert_false(world_says_word(w, "ana") || world_says_word(w, "dan"));
        const char *on = strstr(w->last.body, "\"on\":\"cleo\""); /* who was let in */
        assert_true(on && !strstr(on + 1, "\"on\":\""));
        assert_false(world_says(w, "\"id\":2,")); /* of the same look: that somebody told of it */
        world_script(w, "DELETE FROM report");
    }
}

static void who_was_warned_is_told_at_once_and_by_month(struct world *w)
{
    parents_begin(w);
    report_of(w, "'warned'");
    assert_int_equal(world_send(w, DAN, "GET", "/api/me/looks", NULL), 200);
    assert_true(world_says(w, "{\"what\":\"report\",\"at_ms\":1798761600000}"));
    assert_int_equal(world_send(w, CLEO, "GET", "/api/me/looks", NULL), 200);
    assert_string_equal(w->last.body, "{\"items\":[]}"); /* another's is not theirs */
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_line_that_is_changed_or_removed_by_hand_is_found),
        WORLD_TEST(lines_removed_at_the_end_are_found_by_the_hash_that_was_kept),
        WORLD_TEST(an_erasure_and_three_years_take_what_lines_say_and_the_chain_holds),
        WORLD_TEST(a_look_that_is_refused_or_finds_nothing_leaves_no_line),
        WORLD_TEST(every_route_of_staff_that_shows_a_members_data_is_a_look),
        WORLD_TEST(nobody_learns_of_a_report_from_what_staff_looked_at),
        WORLD_TEST(the_log_names_nobody_who_was_looked_at_reported_or_in_a_case),
        WORLD_TEST(who_was_warned_is_told_at_once_and_by_month),
    };
    const struct world_options options = {.features = features, .own_sign_in = true};
    return world_run(&options, tests, COUNT(tests));
}
