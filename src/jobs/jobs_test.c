#include "jobs/jobs.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "store/queue.h"
#include "tests/support/world.h"

/* Jobs with a chosen clock: jobs_run_due runs what is due and waits for nothing else. */
static atomic_int runs, failures_left;
static pthread_mutex_t last_lock = PTHREAD_MUTEX_INITIALIZER;
static char last_payload[64];
static int last_tries;

static enum err work_prepare(struct call *call, const struct job_in *in)
{
    atomic_fetch_add(&runs, 1);
    pthread_mutex_lock(&last_lock); /* several run at once */
    snprintf(last_payload, sizeof(last_payload), "%s", in->payload);
    last_tries = in->tries;
    pthread_mutex_unlock(&last_lock);
    if (atomic_load(&failures_left) > 0) {
        atomic_fetch_sub(&failures_left, 1);
        return call_fail(call, ERR_BUSY, "api.busy");
    }
    return OK;
}

JOB_STEPS(often, struct none, prepare);
STEP_IS(often, prepare, work_prepare(call, in));

SQL(test_note, "INSERT INTO meta (name, number, changed_ms) VALUES ('ran', 1, $1)"
               " ON CONFLICT (name) DO UPDATE SET number = meta.number + 1");

JOB_STEPS(work, struct none, prepare, apply);
STEP_IS(work, prepare, work_prepare(call, in));
STEP_IS(work, apply, store_run(call, &test_note, BIND(I64(call->now_ms)), NULL));

SQL(test_noted, "SELECT number FROM meta WHERE name = 'ran'");

JOB_STEPS(sweep, struct none, apply);
STEP(sweep, apply)
{
    struct rows rows;
    TRY(store_run(call, &test_note, BIND(I64(call->now_ms)), NULL));
    TRY(store_run(call, &test_noted, NO_BIND, &rows));
    call->again = row_i64(&rows, 0, 0) < 4;
    return OK;
}

static const struct job_kind kinds[] = {
    {.name = "t.work",
     .steps = &work_steps,
     .tries = 3,
     .timeout_ms = 60000,
     .tx = API_TX_WRITE,
     .about = "Work."},
    {.name = "t.often",
     .steps = &often_steps,
     .every_ms = 60000,
     .tries = 2,
     .timeout_ms = 60000,
     .about = "Each minute."},
    {.name = "t.sweep",
     .steps = &sweep_steps,
     .every_ms = 60000,
     .tries = 2,
     .timeout_ms = 60000,
     .tx = API_TX_WRITE,
     .about = "Each minute, and as often as there is something."},
    {0},
};
static const struct feature test_feature = {.name = "t", .jobs = kinds};
static const struct feature *const test_features[] = {&test_feature, NULL};

struct wish {
    const char *kind, *payload;
    int64_t run_at_ms;
};

static enum err queue_it(struct call *call, void *arg)
{
    const struct wish *wish = arg;
    call->rng.state += (uint64_t)wish->run_at_ms;
    return job_queue(call, wish->kind, wish->payload, 0, wish->run_at_ms);
}

static enum err queue_and_fail(struct call *call, void *arg)
{
    TRY(queue_it(call, arg));
    return call_fail(call, ERR_CONFLICT, "api.clash");
}

static struct jobs *begin(struct world *w, bool periodic)
{
    struct jobs *jobs = jobs_new(test_features);
    atomic_store(&runs, 0);
    atomic_store(&failures_left, 0);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    if (!periodic) {
        world_script(w, "DELETE FROM job");
    }
    return jobs;
}

static void later(struct world *w, int64_t ms)
{
    atomic_fetch_add(&w->now_ms, ms);
}

static void a_queued_job_runs_once(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "{\"a\":1}", 0};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    jobs_run_due(jobs);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 1);
    assert_string_equal(last_payload, "{\"a\":1}");
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job"), 0);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'ran'"), 1);
    jobs_free(jobs);
}

static void a_clock_that_was_far_ahead_puts_nothing_off(struct world *w)
{
    const int64_t year_ms = INT64_C(365) * 24 * 3600 * 1000;
    struct jobs *jobs = begin(w, true);
    world_script(w, "DELETE FROM job WHERE kind <> 't.often'");
    later(w, year_ms);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 1); /* and again in a minute, by this clock */
    struct wish soon = {"t.work", "", w->now_ms + 3600000};
    assert_int_equal(world_do(w, NOBODY, queue_it, &soon), OK);
    later(w, -year_ms);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 2);
    later(w, 60000);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 3);
    later(w, 3600000); /* what was to wait for an hour has waited for one */
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 5);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 't.work'"), 0);
    later(w, year_ms);
    jobs_run_due(jobs);
    jobs_free(jobs);
    later(w, -year_ms); /* while the server was down */
    int before = atomic_load(&runs);
    jobs = jobs_new(test_features);
    assert_int_equal(jobs_attach(jobs, w->api), OK);
    jobs_run_due(jobs);
    assert_true(atomic_load(&runs) > before);
    jobs_free(jobs);
}

static void a_sweep_goes_on_while_there_is_more(struct world *w)
{
    struct jobs *jobs = begin(w, true);
    world_script(w, "DELETE FROM job WHERE kind <> 't.sweep'");
    world_script(w, "UPDATE job SET run_at_ms = 1");
    for (int i = 0; i < 10; i++) { /* seconds, not minutes */
        jobs_run_due(jobs);
        later(w, 1000);
    }
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'ran'"), 4);
    jobs_free(jobs);
}

static void what_is_rolled_back_is_not_queued(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", 0};
    assert_int_equal(world_do(w, NOBODY, queue_and_fail, &wish), ERR_CONFLICT);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 0);
    jobs_free(jobs);
}

static void a_job_waits_for_its_time(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", atomic_load(&w->now_ms) + 1000};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    later(w, 999);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 0);
    later(w, 1);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 1);
    jobs_free(jobs);
}

static void a_failure_is_tried_again_later_and_later(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", 0};
    atomic_store(&failures_left, 2);
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 1);
    jobs_run_due(jobs); /* not at once */
    assert_int_equal(atomic_load(&runs), 1);
    later(w, 3000);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 2);
    assert_int_equal(last_tries, 1);
    later(w, 1000);
    jobs_run_due(jobs); /* the second pause is longer */
    assert_int_equal(atomic_load(&runs), 2);
    later(w, 6000);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 3);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job"), 0);
    jobs_free(jobs);
}

static void after_its_tries_a_job_is_a_dead_letter(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", 0};
    atomic_store(&failures_left, 3);
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    for (int i = 0; i < 6; i++) {
        jobs_run_due(jobs);
        later(w, 3600 * 1000);
    }
    assert_int_equal(atomic_load(&runs), 3);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead' AND why = 'api.busy'"), 1);
    jobs_free(jobs);
}

static void a_periodic_job_has_one_row_and_runs_each_time(struct world *w)
{
    struct jobs *jobs = begin(w, true);
    struct jobs *other = jobs_new(test_features); /* another server */
    assert_int_equal(jobs_attach(other, w->api), OK);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 't.often'"), 1);
    for (int i = 1; i <= 5; i++) {
        later(w, 60000);
        jobs_run_due(jobs);
        jobs_run_due(other);
        assert_int_equal(atomic_load(&runs), i);
    }
    jobs_free(other);
    jobs_free(jobs);
}

static void a_periodic_job_that_fails_lives_on(struct world *w)
{
    struct jobs *jobs = begin(w, true);
    atomic_store(&failures_left, 5);
    for (int i = 0; i < 12; i++) {
        later(w, 60000);
        jobs_run_due(jobs);
    }
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 't.often'"
                                    " AND state = 'waiting'"),
                     1);
    assert_true(atomic_load(&runs) > 6);
    assert_int_equal(atomic_load(&failures_left), 0);
    jobs_free(jobs);
}

static void a_lost_lease_is_taken_again(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", 0};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    /* Somebody had it and was killed. */
    world_script(w, "UPDATE job SET state = 'running', tries = 1, run_at_ms = run_at_ms + 90000");
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 0);
    later(w, 90000);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 1);
    jobs_free(jobs);
}

static void a_job_that_kills_the_server_is_buried(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.work", "", 0};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    world_script(w, "UPDATE job SET state = 'running', tries = 3");
    later(w, 1);
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), 0);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead' AND why = 'jobs.lost'"), 1);
    jobs_free(jobs);
}

static void an_unknown_kind_is_buried(struct world *w)
{
    struct jobs *jobs = begin(w, false);
    struct wish wish = {"t.gone", "", 0};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    jobs_run_due(jobs);
    assert_int_equal(
        world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead' AND why = 'jobs.unknown'"),
        1);
    jobs_free(jobs);
}

/* A version before did not know it. */
static void a_periodic_job_that_was_buried_lives_again_at_the_start(struct world *w)
{
    struct jobs *jobs = begin(w, true);
    jobs_free(jobs);
    world_script(w, "UPDATE job SET state = 'dead', why = 'jobs.unknown' WHERE once IS NOT NULL");
    assert_true(world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead'") > 0);
    jobs = begin(w, true);
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'dead'"), 0);
    assert_true(world_count(w, "SELECT COUNT(*) FROM job WHERE state = 'waiting' AND tries = 0"
                               " AND once IS NOT NULL AND why IS NULL") > 0);
    jobs_free(jobs);
}

static void many_jobs_all_run(struct world *w)
{
    enum { MANY = 30 };
    struct jobs *jobs = begin(w, false);
    int64_t now_ms = atomic_load(&w->now_ms);
    for (int i = 0; i < MANY; i++) {
        struct wish wish = {"t.work", "", now_ms - 1 - i};
        assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    }
    jobs_run_due(jobs);
    assert_int_equal(atomic_load(&runs), MANY);
    assert_int_equal(world_count(w, "SELECT number FROM meta WHERE name = 'ran'"), MANY);
    jobs_free(jobs);
}

static void the_thread_hears_of_new_work(struct world *w)
{
    char why[256] = "";
    struct jobs *jobs = begin(w, false);
    assert_int_equal(jobs_start(jobs, w->api, why), OK);
    struct wish wish = {"t.work", "", 0};
    assert_int_equal(world_do(w, NOBODY, queue_it, &wish), OK);
    jobs_wake(jobs);
    while (atomic_load(&runs) == 0) {
        sched_yield();
    }
    jobs_stop(jobs); /* and what it had is finished and written down */
    assert_int_equal(world_count(w, "SELECT COUNT(*) FROM job WHERE kind = 't.work'"), 0);
    jobs_free(jobs);
}

int main(void)
{
    static const struct world_test tests[] = {
        WORLD_TEST(a_queued_job_runs_once),
        WORLD_TEST(a_sweep_goes_on_while_there_is_more),
        WORLD_TEST(what_is_rolled_back_is_not_queued),
        WORLD_TEST(a_job_waits_for_its_time),
        WORLD_TEST(a_failure_is_tried_again_later_and_later),
        WORLD_TEST(after_its_tries_a_job_is_a_dead_letter),
        WORLD_TEST(a_periodic_job_has_one_row_and_runs_each_time),
        WORLD_TEST(a_periodic_job_that_fails_lives_on),
        WORLD_TEST(a_lost_lease_is_taken_again),
        WORLD_TEST(a_job_that_kills_the_server_is_buried),
        WORLD_TEST(an_unknown_kind_is_buried),
        WORLD_TEST(a_periodic_job_that_was_buried_lives_again_at_the_start),
        WORLD_TEST(many_jobs_all_run),
        WORLD_TEST(a_clock_that_was_far_ahead_puts_nothing_off),
        WORLD_TEST(the_thread_hears_of_new_work),
    };
    const struct world_options options = {.features = test_features};
    return world_run(&options, tests, COUNT(tests));
}
