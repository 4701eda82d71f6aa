#include "tests/support/world.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "features/identity/accounts/binding.h"
#include "jobs/jobs.h"
#include "privacy/sealed.h"
#include "store/store.h"

extern const struct feature accounts_feature;

#define BOUND "SELECT COUNT(*) FROM account WHERE length(email_ct) = 56 AND id IN (1, 2, 3)"
#define TOLD "SELECT COUNT(*) FROM job WHERE kind = 'accounts.bind_one'"

static const char *const addresses[] = {"", "ana@example.org", "ben@example.org",
                                        "cle@example.org"};

struct value {
    int64_t id, key_id;
    struct sealed email;
};

static enum err write_value(struct call *call, void *arg)
{
    SQL(binding_test_value, "UPDATE account SET key_id = $2, email_ct = $3 WHERE id = $1");
    const struct value *value = arg;
    return store_run(call, &binding_test_value,
                     BIND(I64(value->id), I64(value->key_id), SEALED(value->email)), NULL);
}

static struct value sealed(struct world *w, int who, bool with_row)
{
    struct call call = {.arena = w->kept, .keys = w->keys, .now_ms = w->now_ms};
    struct value value = {.id = who, .key_id = who};
    assert_int_equal(
        with_row ? sealed_row(&call, who, "account.email_ct", who, addresses[who], &value.email)
                 : sealed_text(&call, who, "account.email_ct", addresses[who], &value.email),
        OK);
    return value;
}

static void put(struct world *w, struct value value)
{
    assert_int_equal(world_do(w, ANA, write_value, &value), OK);
}

static void lives_as_before(struct world *w)
{
    for (int who = ANA; who <= CLEO; who++) {
        put(w, sealed(w, who, false));
    }
}

static bool reads_own(struct world *w, int who)
{
    return world_send(w, who, "GET", "/api/me", NULL) == 200 && world_says(w, addresses[who]);
}

/* `fails`: the statement at which the job dies; 0: none. */
static void run_job(struct world *w, uint64_t fails)
{
    static const struct feature *own[] = {&accounts_feature, NULL};
    struct jobs *jobs = jobs_new(own);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    store_fail_at(w->store.store, fails, ERR_BROKEN);
    jobs_run_due(jobs);
    store_fail_at(w->store.store, 0, OK);
    jobs_free(jobs);
}

static void hour_until(struct world *w, uint64_t fails)
{
    world_script(w, "DELETE FROM job WHERE kind = 'accounts.bind_more'");
    world_script(w, "INSERT INTO job (id, kind, payload, state, run_at_ms, tries, created_ms)"
                    " VALUES (7, 'accounts.bind_more', '', 'waiting', 1, 0, 1)");
    run_job(w, fails);
}

static void hour(struct world *w)
{
    hour_until(w, 0);
}

/* The bytes and the key of one in the row of another, and the other way round. */
static void exchange(struct world *w, bool with_row)
{
    struct value ana = sealed(w, ANA, with_row), ben = sealed(w, BEN, with_row);
    put(w, ana);
    put(w, ben);
    world_script(w, "UPDATE account SET key_id = -1 WHERE id = 2");
    ana.id = BEN;
    ben.id = ANA;
    put(w, ben);
    put(w, ana);
}

static void a_value_exchanged_together_with_its_key_opens_in_no_other_row(struct world *w)
{
    put(w, sealed(w, ANA, true));
    assert_true(reads_own(w, ANA));
    exchange(w, true);
    assert_int_equal(world_send(w, ANA, "GET", "/api/me", NULL), 500);
    assert_false(world_says(w, addresses[BEN]));
    assert_int_equal(world_send(w, BEN, "GET", "/api/me", NULL), 500);
    assert_false(world_says(w, addresses[ANA]));
}

static void a_value_of_before_opens_and_is_bound_by_the_job(struct world *w)
{
    lives_as_before(w);
    assert_true(reads_own(w, ANA) && reads_own(w, BEN) && reads_own(w, CLEO));
    assert_int_equal(world_count(w, BOUND), 0);
    hour(w);
    assert_int_equal(world_count(w, BOUND), 3);
    assert_true(reads_own(w, ANA) && reads_own(w, BEN) && reads_own(w, CLEO));
    /* Nothing is left, so nothing is looked at: not even what could not be opened. */
    world_script(w, "UPDATE account SET email_ct = (SELECT email_ct FROM account WHERE id = 3)"
                    " WHERE id = 2");
    hour(w);
    assert_int_equal(world_count(w, TOLD), 0);
}

static void a_job_that_dies_at_any_statement_loses_nothing_and_goes_on(struct world *w)
{
    lives_as_before(w);
    for (uint64_t at = 1; world_count(w, BOUND) < 3; at++) {
        assert_true(at < 100);
        hour_until(w, at);
        assert_true(reads_own(w, ANA) && reads_own(w, BEN) && reads_own(w, CLEO));
    }
    hour(w);
    assert_true(reads_own(w, ANA) && reads_own(w, BEN) && reads_own(w, CLEO));
}

static void the_last_of_many_pages_is_bound_too(struct world *w)
{
    put(w, sealed(w, ANA, false));
    world_script(w, "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
                    " skeleton_version, key_id, country, age_band, role, state, language, avatar,"
                    " colours, created_at_ms, seen_at_ms) WITH RECURSIVE n (i) AS (SELECT 10000"
                    " UNION ALL SELECT i + 1 FROM n WHERE i < 10249) SELECT i, 'p' || i, 'n' || i,"
                    " 'n' || i, 'n' || i, '1', i, 'ID', '18', 'member', 'active', 'en', 'mia',"
                    " '[1,2]', 0, 0 FROM n");
    struct value last = sealed(w, CLEO, false);
    world_script(w, "UPDATE account SET key_id = -3 WHERE id = 3");
    last.id = 10249;
    put(w, last);
    hour(w);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account WHERE length(email_ct) = 56"), 2);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 'accounts.bind_more'"),
                     0);
}

static void one_that_cannot_be_opened_stops_nobody_and_is_told_until_it_can(struct world *w)
{
    lives_as_before(w);
    struct value ben = sealed(w, BEN, false), wrong = sealed(w, CLEO, false);
    wrong.id = wrong.key_id = BEN;
    put(w, wrong);
    hour(w);
    assert_int_equal(world_count(w, BOUND), 2);
    hour(w);
    assert_int_equal(world_count(w, TOLD " AND account_id = 2 AND why = 'accounts.unbound'"), 1);
    assert_int_equal(world_count(w, TOLD), 1);
    put(w, ben);
    world_script(w, "UPDATE job SET state = 'waiting', tries = 0, run_at_ms = 1"
                    " WHERE kind = 'accounts.bind_one'");
    run_job(w, 0);
    assert_int_equal(world_count(w, BOUND), 3);
    assert_int_equal(world_count(w, TOLD), 0);
    assert_true(reads_own(w, BEN));
}

int main(void)
{
    static const struct feature *const own[] = {&accounts_feature, NULL};
    static const struct world_options options = {.features = own};
    static const struct world_test tests[] = {
        WORLD_TEST(a_value_exchanged_together_with_its_key_opens_in_no_other_row),
        WORLD_TEST(a_value_of_before_opens_and_is_bound_by_the_job),
        WORLD_TEST(a_job_that_dies_at_any_statement_loses_nothing_and_goes_on),
        WORLD_TEST(the_last_of_many_pages_is_bound_too),
        WORLD_TEST(one_that_cannot_be_opened_stops_nobody_and_is_told_until_it_can),
    };
    return world_run(&options, tests, COUNT(tests));
}
