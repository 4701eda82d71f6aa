#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/test_store.h"

/* A PostgreSQL of its own that is killed and started while calls run. */

enum { THREADS = 8, POOL = 4, STEPS = 60, WAIT_S = 150 };
/* A free link, a new connection and a statement have their limits: so long at most all of them. */
enum { CALL_S = 60 };

SQL(put, "INSERT INTO thing (id) VALUES ($1)");
SQL(has, "SELECT count(*) FROM thing WHERE id = $1");
SQL(read_n, "SELECT n FROM counter WHERE id = 1");
SQL(write_n, "UPDATE counter SET n = $1 WHERE id = 1");
SQL(nullable, "UPDATE counter SET n = COALESCE($1, n) WHERE id = $2");

static char folder[64], url[256];
static struct store *store;

static int pg_sh(const char *what)
{
    char dir[80];
    snprintf(dir, sizeof(dir), "%s/pg", folder);
    pid_t child = fork();
    if (child == 0) {
        execl("tests/support/pg.sh", "pg.sh", what, dir, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int start_cluster(void **state)
{
    (void)state;
    char why[256] = "";
    snprintf(folder, sizeof(folder), "/tmp/bauta-pgtest.XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(pg_sh("start"), 0);
    snprintf(url, sizeof(url), "postgres://bauta@/world?host=%s/pg", folder);
    struct store_options options = {.url = url, .pool = POOL};
    if (store_open(&options, &store, why) != OK) {
        print_error("%s\n", why);
        return -1;
    }
    return store_script(store, "CREATE TABLE thing (id BIGINT PRIMARY KEY);"
                               "CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT);"
                               "INSERT INTO counter (id, n) VALUES (1, 0)") == OK
               ? 0
               : -1;
}

static int stop_cluster(void **state)
{
    (void)state;
    store_close(store);
    pg_sh("stop");
    return rmdir(folder);
}

struct worker {
    struct store_job job;
    struct arena *arena;
    struct store_conn *conn; /* NULL: the writer of the batches */
    int64_t next, step;
    int64_t *promised; /* as many as there come: who stopped at a number was waited for, for ever */
    size_t count, room;
    atomic_uint ok, busy;
    atomic_bool *stop;
    enum err err;
    sem_t done;
    int64_t longest_us;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum err worker_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct worker *worker = (struct worker *)job;
    struct call call;
    (void)rehearsal;
    arena_reset(worker->arena);
    store_call(&call, tx, worker->arena, 0);
    return store_run(&call, &put, BIND(I64(worker->next)), NULL);
}

static void worker_done(struct store_job *job, enum err err)
{
    struct worker *worker = (struct worker *)job;
    worker->err = err;
    sem_post(&worker->done);
}

static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    while (!atomic_load(worker->stop)) {
        int64_t began = now_us();
        assert_int_equal(store_write(store, worker->conn, &worker->job), OK);
        sem_wait(&worker->done);
        worker->longest_us = MAX(worker->longest_us, now_us() - began);
        if (worker->err == OK) {
            if (worker->count == worker->room) {
                worker->room = 2 * worker->room + 1024;
                worker->promised =
                    realloc(worker->promised, worker->room * sizeof(*worker->promised));
                assert_non_null(worker->promised);
            }
            worker->promised[worker->count++] = worker->next;
            atomic_fetch_add(&worker->ok, 1);
        } else {
            if (worker->err != ERR_BUSY) { /* an assert on this thread would end without a word */
                print_error("error %d\n", worker->err);
            }
            assert_int_equal(worker->err, ERR_BUSY);
            atomic_fetch_add(&worker->busy, 1);
            nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        }
        worker->next += worker->step; /* also after ERR_BUSY: it may be there after all */
    }
    return NULL;
}

/* Until each worker has seen so much more of it. */
static void wait_for(struct worker *workers, size_t offset, unsigned more)
{
    int64_t until = now_us() + WAIT_S * 1000000LL;
    for (int i = 0; i < THREADS; i++) {
        atomic_uint *seen = (atomic_uint *)((char *)&workers[i] + offset);
        unsigned start = atomic_load(seen);
        while (atomic_load(seen) < start + more) {
            assert_true(now_us() < until);
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
}

/* A link that was long in coming may be the last to say how the server was. */
static void wait_until_reachable(bool wanted)
{
    struct store_stats stats;
    int64_t until = now_us() + WAIT_S * 1000000LL;
    do {
        store_stats(store, &stats);
        assert_true(now_us() < until);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    } while (stats.reachable != wanted);
}

struct look {
    int64_t id, count;
};

static enum err look(struct store_tx *tx, void *arg)
{
    struct look *want = arg;
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &has, BIND(I64(want->id)), &rows);
    want->count = err == OK ? row_i64(&rows, 0, 0) : -1;
    arena_free(arena);
    return err;
}

static void a_server_that_dies_under_load_loses_no_promise(void **state)
{
    (void)state;
    static struct worker workers[THREADS];
    pthread_t threads[THREADS];
    atomic_bool stop = false;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.job = {.apply = worker_apply, .done = worker_done},
                                     .arena = arena_new(65536),
                                     .next = i + 1,
                                     .step = THREADS,
                                     .stop = &stop};
        sem_init(&workers[i].done, 0, 0);
        if (i > 1) { /* the first two share the writer's batches */
            assert_int_equal(store_conn_new(store, &workers[i].conn), OK);
        }
        pthread_create(&threads[i], NULL, worker_main, &workers[i]);
    }
    for (int round = 0; round < 2; round++) {
        wait_for(workers, offsetof(struct worker, ok), 5);
        assert_int_equal(pg_sh("halt"), 0);
        wait_for(workers, offsetof(struct worker, busy), 5);
        wait_until_reachable(false);
        assert_int_equal(pg_sh("resume"), 0);
        wait_for(workers, offsetof(struct worker, ok), 5);
        wait_until_reachable(true);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        store_conn_free(workers[i].conn);
        assert_true(workers[i].longest_us < CALL_S * 1000000LL);
        for (size_t j = 0; j < workers[i].count; j++) {
            struct look want = {.id = workers[i].promised[j]};
            assert_int_equal(store_do(store, false, look, &want), OK);
            assert_int_equal(want.count, 1);
        }
        free(workers[i].promised);
        arena_free(workers[i].arena);
        sem_destroy(&workers[i].done);
    }
}

/* Two that have read the same number before either writes: one of them loses the race. */
static void wait_for_another(atomic_uint *readers)
{
    int64_t until = now_us() + WAIT_S * 1000000LL;
    atomic_fetch_add(readers, 1);
    while (atomic_load(readers) < 2 && now_us() < until) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

static enum err add_one(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &read_n, NO_BIND, &rows);
    if (err == OK) {
        wait_for_another(arg);
        err = store_run(&call, &write_n, BIND(I64(row_i64(&rows, 0, 0) + 1)), NULL);
    }
    arena_free(arena);
    return err;
}

struct adders {
    atomic_uint readers;
    atomic_int done;
};

static void *add_main(void *arg)
{
    struct adders *adders = arg;
    for (int i = 0; i < STEPS; i++) {
        enum err err;
        do { /* as the api does */
            err = store_do(store, true, add_one, &adders->readers);
            assert_true(err == OK || err == ERR_BUSY);
        } while (err != OK);
        atomic_fetch_add(&adders->done, 1);
    }
    return NULL;
}

static enum err get_n(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &read_n, NO_BIND, &rows);
    *(int64_t *)arg = err == OK ? row_i64(&rows, 0, 0) : -1;
    arena_free(arena);
    return err;
}

static void lost_races_are_run_again_and_nothing_is_counted_twice(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct adders adders = {0};
    int64_t before = 0, after = 0;
    struct store_stats stats;
    assert_int_equal(store_do(store, false, get_n, &before), OK);
    for (int i = 0; i < THREADS; i++) { /* twice as many as connections */
        pthread_create(&threads[i], NULL, add_main, &adders);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(store_do(store, false, get_n, &after), OK);
    assert_int_equal(after - before, THREADS * STEPS);
    assert_int_equal(atomic_load(&adders.done), THREADS * STEPS);
    store_stats(store, &stats);
    assert_true(stats.retries > 0);
}

static enum err null_then_number(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows = {0};
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &nullable, BIND(NIL, I64(1)), &rows);
    if (err == OK) {
        err = store_run(&call, &nullable, BIND(I64(-7), I64(1)), &rows);
    }
    if (err == OK) {
        err = store_run(&call, &read_n, NO_BIND, &rows);
    }
    *(int64_t *)arg = err == OK ? row_i64(&rows, 0, 0) : 0;
    arena_free(arena);
    return err == OK ? ERR_LIMIT : err; /* leaves no trace */
}

static void a_parameter_may_be_null_first_and_a_number_later(void **state)
{
    (void)state;
    int64_t n = 0;
    assert_int_equal(store_do(store, true, null_then_number, &n), ERR_LIMIT);
    assert_int_equal(n, -7);
}

static void a_server_that_is_not_there_is_named_at_the_start(void **state)
{
    (void)state;
    struct store_options options = {.url = "postgres://bauta@/world?host=/nonexistent"};
    struct store *none = NULL;
    char why[256] = "";
    assert_int_equal(store_open(&options, &none, why), ERR_BUSY);
    assert_non_null(strstr(why, "PostgreSQL cannot be reached"));
}

int main(void)
{
    log_threshold(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_races_are_run_again_and_nothing_is_counted_twice),
        cmocka_unit_test(a_parameter_may_be_null_first_and_a_number_later),
        cmocka_unit_test(a_server_that_dies_under_load_loses_no_promise),
        cmocka_unit_test(a_server_that_is_not_there_is_named_at_the_start),
    };
    if (!test_store_has_pg()) {
        print_message("no PostgreSQL here (tests/support/with-pg): nothing to do\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, start_cluster, stop_cluster);
}
