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

/* What every feature relies on, the same on both databases. */

enum { ARENA = 4 * 1024 * 1024, MANY = 200 };

SQL(add, "INSERT INTO thing (id, name) VALUES ($1, $2)");
SQL(add_all, "INSERT INTO kinds (id, n, t, b) VALUES ($1, $2, $3, $4)");
SQL(get_all, "SELECT n, t, b FROM kinds WHERE id = $1");
SQL(swapped, "SELECT name FROM thing WHERE name = $2 AND id = $1");
SQL(tally, "SELECT count(*) FROM thing");
SQL(everything, "SELECT a.id FROM thing AS a, thing AS b, thing AS c LIMIT 100000");
SQL(add_part, "INSERT INTO part (id, thing_id) VALUES ($1, $2)");
SQL(broken, "SELECT nonsense FROM nowhere");
SQL(like, "SELECT count(*) FROM thing WHERE name LIKE $1");
SQL(later, "UPDATE thing SET name = $1 WHERE id = $2 RETURNING name");

static struct test_store test;
static struct arena *arena;

static int open_on(void **state)
{
    bool pg = *(const bool *)*state;
    test_store_new(pg, false, &test);
    arena = arena_new(ARENA);
    const char *text =
        pg ? "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
             "CREATE TABLE kinds (id BIGINT PRIMARY KEY, n BIGINT, t TEXT, b BYTEA);"
             "CREATE TABLE part (id BIGINT PRIMARY KEY, thing_id BIGINT REFERENCES thing (id))"
           : "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
             "CREATE TABLE kinds (id INTEGER PRIMARY KEY, n INTEGER, t TEXT, b BLOB) STRICT;"
             "CREATE TABLE part (id INTEGER PRIMARY KEY, thing_id INTEGER REFERENCES thing (id))";
    assert_int_equal(store_script(test.store, text), OK);
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

/* ---- statements ---- */

struct kinds {
    int64_t n;
    const char *t;
    const uint8_t *b;
    size_t len;
};

static enum err round_trip(struct store_tx *tx, void *arg)
{
    const struct kinds *in = arg;
    struct call call = call_of(tx);
    struct rows rows;
    size_t len;
    TRY(store_run(&call, &add_all, BIND(I64(1), I64(in->n), TEXT(in->t), BYTES(in->b, in->len)),
                  &rows));
    assert_int_equal(rows.changed, 1);
    TRY(store_run(&call, &get_all, BIND(I64(1)), &rows));
    assert_int_equal(rows.count, 1);
    assert_true(row_i64(&rows, 0, 0) == in->n);
    assert_string_equal(row_text(&rows, 0, 1), in->t);
    const uint8_t *bytes = row_bytes(&rows, 0, 2, &len);
    assert_int_equal(len, in->len);
    assert_memory_equal(bytes, in->b, len);
    TRY(store_run(&call, &add_all, BIND(I64(2), NIL, NIL, BYTES(NULL, 0)), NULL));
    TRY(store_run(&call, &get_all, BIND(I64(2)), &rows));
    assert_true(row_null(&rows, 0, 0));
    assert_null(row_text(&rows, 0, 1));
    assert_false(row_null(&rows, 0, 2));
    return OK;
}

static void values_come_back_as_they_went(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0, 1, 0xff, '\\', '\'', 0};
    struct kinds kinds = {INT64_MIN, "Grüße \xf0\x9f\x8e\xad 'quoted' $1 {i64}", bytes,
                          sizeof(bytes)};
    assert_int_equal(store_do(test.store, true, round_trip, &kinds), OK);
}

static enum err by_number(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    struct rows rows;
    TRY(store_run(&call, &add, BIND(I64(7), TEXT("seven")), NULL));
    TRY(store_run(&call, &swapped, BIND(I64(7), TEXT("seven")), &rows));
    *(size_t *)arg = rows.count;
    TRY(store_run(&call, &later, BIND(TEXT("Seven"), I64(7)), &rows));
    assert_string_equal(row_text(&rows, 0, 0), "Seven");
    TRY(store_run(&call, &like, BIND(TEXT("sev%")), &rows));
    assert_int_equal(row_i64(&rows, 0, 0), 0);
    return OK;
}

static void parameters_go_by_number_not_by_first_use(void **state)
{
    (void)state;
    size_t found = 0;
    assert_int_equal(store_do(test.store, true, by_number, &found), OK);
    assert_int_equal(found, 1);
}

static enum err clash(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    struct rows rows;
    TRY(store_run(&call, &add, BIND(I64(1), TEXT("one")), NULL));
    enum err err = *(const bool *)arg ? store_run(&call, &add, BIND(I64(1), TEXT("other")), NULL)
                                      : store_run(&call, &add_part, BIND(I64(1), I64(99)), NULL);
    assert_int_equal(err, ERR_CONFLICT);
    assert_int_equal(store_run(&call, &tally, NO_BIND, &rows), ERR_CONFLICT);
    return OK; /* hiding it does not help */
}

static void a_clash_is_a_conflict_and_spoils_the_transaction(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        bool same_key = i == 0;
        assert_int_equal(store_do(test.store, true, clash, &same_key), ERR_CONFLICT);
        assert_int_equal(things(), 0);
    }
}

static enum err bad_sql(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    (void)arg;
    enum err err = store_run(&call, &broken, NO_BIND, NULL);
    assert_non_null(strstr(store_tx_why(tx), "broken"));
    return err;
}

static void a_statement_that_makes_no_sense_is_broken(void **state)
{
    (void)state;
    assert_int_equal(store_do(test.store, true, bad_sql, NULL), ERR_BROKEN);
    assert_int_equal(things(), 0);
}

static enum err write_in_read(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    (void)arg;
    return store_run(&call, &add, BIND(I64(1), TEXT("one")), NULL);
}

static void a_reading_transaction_writes_nothing(void **state)
{
    (void)state;
    assert_int_equal(store_do(test.store, false, write_in_read, NULL), ERR_BROKEN);
    assert_int_equal(things(), 0);
}

static enum err add_many(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    for (int64_t i = 0; i < *(const int64_t *)arg; i++) {
        TRY(store_run(&call, &add, BIND(I64(i), TEXT(arena_printf(arena, "%d", (int)i))), NULL));
    }
    return OK;
}

static enum err too_many(struct store_tx *tx, void *arg)
{
    struct call call = call_of(tx);
    (void)arg;
    return store_run(&call, &everything, NO_BIND, NULL);
}

static void more_rows_than_the_limit_is_an_error(void **state)
{
    (void)state;
    int64_t count = 11;
    assert_int_equal(store_do(test.store, true, add_many, &count), OK);
    assert_int_equal(store_do(test.store, false, too_many, NULL), ERR_BROKEN);
}

static void each_statement_failing_in_turn_leaves_nothing(void **state)
{
    (void)state;
    int64_t count = 3;
    for (uint64_t nth = 1; nth <= 3; nth++) {
        store_fail_at(test.store, nth, ERR_BROKEN);
        assert_int_equal(store_do(test.store, true, add_many, &count), ERR_BROKEN);
        store_fail_at(test.store, 0, OK);
        assert_int_equal(things(), 0);
    }
    store_fail_at(test.store, 4, ERR_BROKEN);
    assert_int_equal(store_do(test.store, true, add_many, &count), OK);
    store_fail_at(test.store, 0, OK);
    assert_int_equal(things(), 3);
}

/* ---- jobs ---- */

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

static void the_schema_names_tables_views_and_copies(void **state)
{
    (void)state;
    struct store_column *columns = NULL;
    size_t count = 0;
    assert_int_equal(store_script(test.store, "CREATE VIEW seen AS SELECT name FROM thing;"
                                              "CREATE INDEX folded ON thing (lower(name));"
                                              "CREATE INDEX plain ON part (thing_id)"),
                     OK);
    assert_int_equal(store_schema(test.store, arena, &columns, &count), OK);
    static const char *const want[] = {"folded.",  "kinds.b",   "kinds.id",      "kinds.n",
                                       "kinds.t",  "part.id",   "part.thing_id", "seen.name",
                                       "thing.id", "thing.name"};
    assert_int_equal(count, COUNT(want));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(arena_printf(arena, "%s.%s", columns[i].table, columns[i].column),
                            want[i]);
    }
}

#define ALL(is_pg_, name_)                                                  \
    T(values_come_back_as_they_went, is_pg_, name_),                        \
        T(parameters_go_by_number_not_by_first_use, is_pg_, name_),         \
        T(a_clash_is_a_conflict_and_spoils_the_transaction, is_pg_, name_), \
        T(a_statement_that_makes_no_sense_is_broken, is_pg_, name_),        \
        T(a_reading_transaction_writes_nothing, is_pg_, name_),             \
        T(more_rows_than_the_limit_is_an_error, is_pg_, name_),             \
        T(each_statement_failing_in_turn_leaves_nothing, is_pg_, name_),    \
        T(a_job_that_fails_fails_alone_in_its_batch, is_pg_, name_),        \
        T(what_waits_shares_commits_of_at_most_64, is_pg_, name_),          \
        T(background_work_waits_for_people, is_pg_, name_),                 \
        T(a_full_queue_says_busy_and_forgets_nothing, is_pg_, name_),       \
        T(a_read_sees_one_moment, is_pg_, name_),                           \
        T(a_pure_apply_runs_twice_and_counts_once, is_pg_, name_),          \
        T(an_impure_apply_stops_the_process, is_pg_, name_),                \
        T(faults_strike_the_rehearsal_and_the_run, is_pg_, name_),          \
        T(the_schema_names_tables_views_and_copies, is_pg_, name_)
#define T(test_, is_pg_, name_)                         \
    {                                                   \
#test_ name_, test_, open_on, close_it, &is_pg_ \
    }

int main(void)
{
    log_threshold(LOG_ERROR);
    static bool lite = false, pg = true;
    const struct CMUnitTest on_sqlite[] = {ALL(lite, " (SQLite)")};
    const struct CMUnitTest on_pg[] = {ALL(pg, " (PostgreSQL)")};
    int failed = cmocka_run_group_tests(on_sqlite, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests(on_pg, NULL, NULL);
    }
    return failed;
}
