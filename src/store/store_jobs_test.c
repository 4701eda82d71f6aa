#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/test_store.h"

/* Batches, snapshots and rehearsals, the same on both databases. */

enum { ARENA = 4 * 1024 * 1024, MANY = 200 };

SQL(add, "INSERT INTO thing (id, name) VALUES ($1, $2)");
SQL(tally, "SELECT count(*) FROM thing");

static struct test_store test;
static struct arena *arena;

static int open_on(void **state)
{
    bool pg = *(const bool *)*state;
    test_store_new(pg, false, &test);
    arena = arena_new(ARENA);
    assert_int_equal(store_script(test.store, "CREATE TABLE thing (id BIGINT PRIMARY KEY,"
                                              " name TEXT NOT NULL UNIQUE)"),
                     OK);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    arena_free(arena);
    test_store_free(&test);
    return 0;
}

static struct call call_of(struct store_tx *tx)
{
    struct call call;
    store_call(&call, tx, arena, 1700000000000);
    return call;
}

static enum err count_things(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    struct rows rows;
    TRY(store_run(&call, &tally, NO_BIND, &rows));
    *(int64_t *)arg = row_i64(&rows, 0, 0);
    return OK;
}

static int64_t things(void)
{
    int64_t count = -1;
    assert_int_equal(store_do(test.store, false, count_things, &count), OK);
    return count;
}

static enum err add_many(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    for (int64_t i = 0; i < *(const int64_t *)arg; i++) {
        TRY(store_run(&call, &add, BIND(I64(i), TEXT(arena_printf(arena, "%d", (int)i))), NULL));
    }
    return OK;
}

struct probe {
    struct store_job job;
    int64_t id;
    enum err answer; /* of apply, after its statement */
    sem_t *hold;     /* apply waits for it */
    sem_t *began;
    enum err err;
    int order;
    sem_t *done;
};

static int done_order;

static enum err probe_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct probe *probe = (struct probe *)job;
    struct call call = call_of(tx);
    char name[32];
    (void)rehearsal;
    if (probe->began) {
        sem_post(probe->began);
        probe->began = NULL;
    }
    if (probe->hold) {
        sem_wait(probe->hold);
        probe->hold = NULL;
    }
    snprintf(name, sizeof(name), "p%d", (int)probe->id);
    TRY(store_run(&call, &add, BIND(I64(probe->id), TEXT(name)), NULL));
    return probe->answer;
}

static void probe_done(struct store_job *job, enum err err)
{
    struct probe *probe = (struct probe *)job;
    probe->err = err;
    probe->order = done_order++;
    sem_post(probe->done);
}

/* The first job holds the writer until all others wait: so what shares a commit is certain. */
static void run_held(struct probe *probes, size_t count)
{
    sem_t done, hold, began;
    sem_init(&done, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&began, 0, 0);
    done_order = 0;
    for (size_t i = 0; i < count; i++) {
        probes[i].job.apply = probe_apply;
        probes[i].job.done = probe_done;
        probes[i].done = &done;
        probes[i].hold = i == 0 ? &hold : NULL;
        probes[i].began = i == 0 ? &began : NULL;
        assert_int_equal(store_write(test.store, NULL, &probes[i].job), OK);
        if (i == 0) {
            sem_wait(&began);
        }
    }
    sem_post(&hold);
    for (size_t i = 0; i < count; i++) {
        sem_wait(&done);
    }
    sem_destroy(&done);
    sem_destroy(&hold);
    sem_destroy(&began);
}

static void a_job_that_fails_fails_alone_in_its_batch(void **state)
{
    (void)state;
    struct probe probes[6] = {0};
    for (int i = 0; i < 6; i++) {
        probes[i].id = i == 4 ? 3 : i; /* 4 clashes with 3 */
    }
    probes[2].answer = ERR_LIMIT;
    run_held(probes, 6);
    assert_int_equal(probes[1].err, OK);
    assert_int_equal(probes[2].err, ERR_LIMIT);
    assert_int_equal(probes[3].err, OK);
    assert_int_equal(probes[4].err, ERR_CONFLICT);
    assert_int_equal(probes[5].err, OK);
    assert_int_equal(things(), 4);
    struct store_stats stats;
    store_stats(test.store, &stats);
    assert_int_equal(stats.batch_most, 5);
}

static void what_waits_shares_commits_of_at_most_64(void **state)
{
    (void)state;
    static struct probe probes[MANY];
    struct store_stats before, after;
    memset(probes, 0, sizeof(probes));
    for (int i = 0; i < MANY; i++) {
        probes[i].id = i;
    }
    store_stats(test.store, &before);
    run_held(probes, MANY);
    store_stats(test.store, &after);
    assert_int_equal(things(), MANY);
    assert_int_equal(after.writes - before.writes, MANY);
    assert_int_equal(after.batches - before.batches, 1 + (MANY - 1 + 63) / 64);
    assert_int_equal(after.batch_most, 64);
}

static void background_work_waits_for_people(void **state)
{
    (void)state;
    struct probe probes[5] = {0};
    for (int i = 0; i < 5; i++) {
        probes[i].id = i;
        probes[i].job.background = i == 1 || i == 2;
    }
    run_held(probes, 5);
    assert_int_equal(probes[3].order, 1);
    assert_int_equal(probes[4].order, 2);
    assert_int_equal(probes[1].order, 3);
    assert_int_equal(probes[2].order, 4);
}

static void a_full_queue_says_busy_and_forgets_nothing(void **state)
{
    (void)state;
    static struct probe probes[4100];
    sem_t done, hold, began;
    sem_init(&done, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&began, 0, 0);
    memset(probes, 0, sizeof(probes));
    size_t taken = 0;
    for (int i = 0; i < 4100; i++) {
        probes[i] = (struct probe){.job = {.apply = probe_apply, .done = probe_done},
                                   .id = i,
                                   .done = &done,
                                   .answer = i ? ERR_LIMIT : OK,
                                   .hold = i ? NULL : &hold,
                                   .began = i ? NULL : &began};
        taken += store_write(test.store, NULL, &probes[i].job) == OK;
        if (i == 0) {
            sem_wait(&began);
        }
    }
    assert_int_equal(taken, 4097); /* one runs, 4096 wait */
    sem_post(&hold);
    for (size_t i = 0; i < taken; i++) {
        sem_wait(&done);
    }
    assert_int_equal(things(), 1);
}

struct reader {
    struct store_job job;
    sem_t *seen, *go;
    int64_t first, second;
};

static enum err reader_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct reader *reader = (struct reader *)job;
    (void)rehearsal;
    TRY(count_things(tx, &reader->first));
    sem_post(reader->seen);
    sem_wait(reader->go);
    return count_things(tx, &reader->second);
}

static void reader_done(struct store_job *job, enum err err)
{
    (void)job;
    assert_int_equal(err, OK);
}

static void *reader_main(void *arg)
{
    struct store_conn *conn = NULL;
    assert_int_equal(store_conn_new(test.store, &conn), OK);
    store_read(conn, arg);
    store_conn_free(conn);
    return NULL;
}

static void a_read_sees_one_moment(void **state)
{
    (void)state;
    sem_t seen, go;
    sem_init(&seen, 0, 0);
    sem_init(&go, 0, 0);
    struct reader reader = {
        .job = {.apply = reader_apply, .done = reader_done}, .seen = &seen, .go = &go};
    pthread_t thread;
    pthread_create(&thread, NULL, reader_main, &reader);
    sem_wait(&seen);
    int64_t count = 3;
    assert_int_equal(store_do(test.store, true, add_many, &count), OK);
    assert_int_equal(things(), 3);
    sem_post(&go);
    pthread_join(thread, NULL);
    assert_int_equal(reader.first, 0);
    assert_int_equal(reader.second, 0);
}

/* ---- twice ---- */

struct purity {
    int runs;
    bool impure;
};

static enum err remembers(struct store_tx *tx, void *arg)
{
    struct purity *purity = arg;
    struct call call = call_of(tx);
    int64_t id = purity->impure ? ++purity->runs : 1 + 0 * ++purity->runs;
    return store_run(&call, &add, BIND(I64(id), TEXT("x")), NULL);
}

static void a_pure_apply_runs_twice_and_counts_once(void **state)
{
    (void)state;
    test_store_reopen(&test, true);
    struct purity purity = {0};
    assert_int_equal(store_do(test.store, true, remembers, &purity), OK);
    assert_int_equal(purity.runs, 2);
    assert_int_equal(things(), 1);
    assert_int_equal(store_do(test.store, true, remembers, &purity), ERR_CONFLICT);
    assert_int_equal(things(), 1);
}

static void an_impure_apply_stops_the_process(void **state)
{
    (void)state;
    store_close(test.store); /* no thread of ours may be there when we fork */
    test.store = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
        struct store *store = NULL;
        char why[256];
        struct store_options options = {.url = test.url, .twice = true, .pool = 2};
        struct purity purity = {.impure = true};
        if (store_open(&options, &store, why) == OK &&
            store_do(store, true, remembers, &purity) == OK) {
            _exit(0);
        }
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void faults_strike_the_rehearsal_and_the_run(void **state)
{
    (void)state;
    test_store_reopen(&test, true);
    int64_t count = 2;
    for (uint64_t nth = 1; nth <= 4; nth++) {
        store_fail_at(test.store, nth, ERR_BUSY);
        assert_int_equal(store_do(test.store, true, add_many, &count), ERR_BUSY);
        assert_int_equal(things(), 0);
    }
    assert_int_equal(store_do(test.store, true, add_many, &count), OK);
}

/* clang-format off */
#define ALL(is_pg_) \
    T(a_job_that_fails_fails_alone_in_its_batch, is_pg_), \
    T(what_waits_shares_commits_of_at_most_64, is_pg_), \
    T(background_work_waits_for_people, is_pg_), \
    T(a_full_queue_says_busy_and_forgets_nothing, is_pg_), \
    T(a_read_sees_one_moment, is_pg_), \
    T(a_pure_apply_runs_twice_and_counts_once, is_pg_), \
    T(an_impure_apply_stops_the_process, is_pg_), \
    T(faults_strike_the_rehearsal_and_the_run, is_pg_)
/* clang-format on */
/* clang-format off */
#define T(test_, is_pg_) {#test_, test_, open_on, close_it, &is_pg_}
/* clang-format on */

int main(void)
{
    log_threshold(LOG_ERROR);
    static bool lite = false, pg = true;
    const struct CMUnitTest on_sqlite[] = {ALL(lite)};
    const struct CMUnitTest on_pg[] = {ALL(pg)};
    int failed = cmocka_run_group_tests_name("on SQLite", on_sqlite, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests_name("on PostgreSQL", on_pg, NULL, NULL);
    }
    return failed;
}
