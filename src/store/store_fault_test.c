#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/test_store.h"

/* SQLite on a disk that fills up, fails and loses its power: each failure is made to happen. */

enum {
    BATCH = 6,
    BIG_BODY = 12 * 1024,
    BIG = 200 * 1024,
    ROUNDS = 12,
    EXIT_FSYNC = 70,
    CRASH_ROWS = 20000
};

static atomic_bool disk_full;
static atomic_int fail_write; /* the nth write from now, once */
static atomic_int fail_sync;  /* 1: of the WAL, 2: of the database itself */

/* These stand before the C library's: libsqlite3 calls them. */
ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at);
int fdatasync(int file);

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at)
{
    if (atomic_load(&disk_full) ||
        (atomic_load(&fail_write) > 0 && atomic_fetch_sub(&fail_write, 1) == 1)) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, len, at);
}

int fdatasync(int file)
{
    int mode = atomic_load(&fail_sync);
    char link[64], path[256];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    ssize_t len = mode ? readlink(link, path, sizeof(path)) : 0;
    bool wal = len > 4 && memcmp(path + len - 4, "-wal", 4) == 0;
    if (mode && wal == (mode == 1)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, file);
}

SQL(put, "INSERT INTO thing (id, body) VALUES ($1, $2)");
SQL(tally, "SELECT count(*), COALESCE(max(id), 0) FROM thing");
SQL(find, "SELECT id FROM thing WHERE id = $1");

static struct test_store test;

static int open_it(void **state)
{
    (void)state;
    test_store_new(false, false, &test);
    assert_int_equal(store_script(test.store,
                                  "CREATE TABLE thing (id INTEGER PRIMARY KEY, body TEXT);"
                                  "CREATE TABLE pair (a INTEGER PRIMARY KEY, b INTEGER)"),
                     OK);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    atomic_store(&disk_full, false);
    atomic_store(&fail_write, 0);
    atomic_store(&fail_sync, 0);
    test_store_free(&test);
    return 0;
}

struct write {
    struct store_job job;
    struct arena *arena;
    int64_t id;
    const char *body;
    enum err err;
    sem_t *done, *hold, *began;
};

static enum err write_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct write *write_ = (struct write *)job;
    struct call call;
    (void)rehearsal;
    if (write_->began) {
        sem_post(write_->began);
        write_->began = NULL;
        sem_wait(write_->hold);
    }
    store_call(&call, tx, write_->arena, 0);
    return store_run(&call, &put, BIND(I64(write_->id), TEXT(write_->body)), NULL);
}

static void write_done(struct store_job *job, enum err err)
{
    struct write *write_ = (struct write *)job;
    write_->err = err;
    sem_post(write_->done);
}

/* BATCH jobs that certainly share a transaction; the first only holds the writer meanwhile. */
static void run_batch(struct arena *arena, int64_t first_id, const char *body,
                      struct write writes[BATCH])
{
    sem_t done, hold, began;
    sem_init(&done, 0, 0);
    sem_init(&hold, 0, 0);
    sem_init(&began, 0, 0);
    for (int i = 0; i < BATCH; i++) {
        writes[i] = (struct write){.job = {.apply = write_apply, .done = write_done},
                                   .arena = arena,
                                   .id = first_id + i,
                                   .body = body,
                                   .done = &done,
                                   .hold = &hold,
                                   .began = i ? NULL : &began};
        assert_int_equal(store_write(test.store, NULL, &writes[i].job), OK);
        if (i == 0) {
            sem_wait(&began);
        }
    }
    sem_post(&hold);
    for (int i = 0; i < BATCH; i++) {
        sem_wait(&done);
    }
    sem_destroy(&done);
    sem_destroy(&hold);
    sem_destroy(&began);
}

struct seen {
    int64_t count, id;
    bool there;
};

static enum err look(struct store_tx *tx, void *arg)
{
    struct seen *seen = arg;
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &tally, NO_BIND, &rows);
    if (err == OK) {
        seen->count = row_i64(&rows, 0, 0);
        err = store_run(&call, &find, BIND(I64(seen->id)), &rows);
        seen->there = err == OK && rows.count == 1;
    }
    arena_free(arena);
    return err;
}

static struct seen see(int64_t id)
{
    struct seen seen = {.id = id};
    assert_int_equal(store_do(test.store, false, look, &seen), OK);
    return seen;
}

static void assert_sound(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "ok");
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void a_full_disk_is_busy_to_all_and_passes(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct write writes[BATCH];
    run_batch(arena, 1, "before", writes);
    atomic_store(&disk_full, true);
    run_batch(arena, 100, "during", writes);
    for (int i = 0; i < BATCH; i++) {
        assert_int_equal(writes[i].err, ERR_BUSY);
    }
    struct store_stats stats;
    store_stats(test.store, &stats);
    assert_true(stats.full);
    atomic_store(&disk_full, false);
    assert_int_equal(see(0).count, BATCH);
    store_stats(test.store, &stats);
    assert_true(stats.failed_commits > 0);
    assert_true(stats.full); /* reading proves nothing */
    run_batch(arena, 200, "after", writes);
    assert_int_equal(see(0).count, 2 * BATCH);
    store_stats(test.store, &stats);
    assert_false(stats.full);
    arena_free(arena);
}

/* With a small page cache big rows reach the disk in the middle of the transaction. */
static void each_write_failing_in_turn_keeps_what_was_promised(void **state)
{
    (void)state;
    static char big[BIG];
    struct arena *arena = arena_new(1 << 20);
    struct write writes[BATCH];
    int64_t id = 1, promised = 0;
    bool alone = false, struck = true;
    memset(big, 'x', sizeof(big) - 1);
    store_close(test.store);
    struct store_options options = {.url = test.url, .cache_bytes = 128 * 1024};
    char why[256];
    assert_int_equal(store_open(&options, &test.store, why), OK);
    for (int nth = 1; struck; nth += 1 + nth / 8) {
        struct store_stats stats;
        atomic_store(&fail_write, nth);
        run_batch(arena, id, big, writes);
        struck = atomic_exchange(&fail_write, 0) <= 0;
        for (int i = 0; i < BATCH; i++) {
            assert_true(writes[i].err == OK || writes[i].err == ERR_BUSY);
            assert_int_equal(see(writes[i].id).there, writes[i].err == OK);
            promised += writes[i].err == OK;
        }
        store_stats(test.store, &stats);
        alone |= stats.retries > 0;
        id += BATCH;
    }
    assert_int_equal(see(0).count, promised);
    assert_true(alone); /* some batch was thrown away by SQLite and run again one by one */
    store_close(test.store);
    test.store = NULL;
    assert_sound(test.url + strlen("sqlite:"));
    arena_free(arena);
}

static int child_that_loses_its_disk(int mode)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct store_options options = {.url = test.url};
        char why[256];
        static char big[BIG];
        struct arena *arena = arena_new(1 << 20);
        struct write writes[BATCH];
        memset(big, 'x', sizeof(big) - 1);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
        if (store_open(&options, &test.store, why) != OK) {
            _exit(1);
        }
        run_batch(arena, 1, "safe", writes);
        atomic_store(&fail_sync, mode);
        for (int i = 0; i < 30; i++) { /* 36 MB: more than one checkpoint */
            run_batch(arena, 100 + i * BATCH, big, writes);
        }
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Not busy: nobody has it, and waiting makes no database of it. */
static void what_is_no_database_is_said_at_once(void **state)
{
    (void)state;
    char path[600], url[640], why[256];
    struct store *none = NULL;
    struct store_options options = {.url = url};
    snprintf(path, sizeof(path), "%s/folder", test.folder);
    snprintf(url, sizeof(url), "sqlite:%s", path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(store_open(&options, &none, why), ERR_INVALID);
    assert_non_null(strstr(why, path));
    assert_int_equal(rmdir(path), 0);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("no database, but some words that somebody keeps here\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(store_open(&options, &none, why), ERR_INVALID);
    assert_non_null(strstr(why, "not a database"));
    assert_int_equal(unlink(path), 0);
    atomic_store(&disk_full, true);
    assert_int_equal(store_open(&options, &none, why), ERR_INVALID);
    assert_non_null(strstr(why, "its disk is full"));
}

static void a_failed_fsync_stops_the_process(void **state)
{
    (void)state;
    store_close(test.store);
    assert_int_equal(child_that_loses_its_disk(1), EXIT_FSYNC);
    test.store = NULL;
    test_store_reopen(&test, false);
    assert_true(see(1).there);
}

static void a_failed_fsync_in_a_checkpoint_stops_it_too(void **state)
{
    (void)state;
    store_close(test.store);
    assert_int_equal(child_that_loses_its_disk(2), EXIT_FSYNC);
    test.store = NULL;
    test_store_reopen(&test, false);
    assert_true(see(1).there);
}

/* ---- no memory ---- */

static sqlite3_mem_methods memory;
static atomic_int fail_memory; /* the nth piece from now, once */

static bool memory_due(void)
{
    return atomic_load(&fail_memory) > 0 && atomic_fetch_sub(&fail_memory, 1) == 1;
}

static void *fail_malloc(int size)
{
    return memory_due() ? NULL : memory.xMalloc(size);
}

static void *fail_realloc(void *old, int size)
{
    return memory_due() ? NULL : memory.xRealloc(old, size);
}

static void memory_that_runs_out_is_busy_and_keeps_its_promises(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct write writes[BATCH];
    bool struck = true;
    int64_t id = 1, promised = 0;
    for (int nth = 1; struck; nth++) {
        test_store_reopen(&test, false); /* statements are prepared anew */
        atomic_store(&fail_memory, nth);
        run_batch(arena, id, "x", writes);
        struck = atomic_exchange(&fail_memory, 0) <= 0;
        for (int i = 0; i < BATCH; i++) {
            assert_true(writes[i].err == OK || writes[i].err == ERR_BUSY);
            assert_int_equal(see(writes[i].id).there, writes[i].err == OK);
            promised += writes[i].err == OK;
        }
        id += BATCH;
    }
    assert_int_equal(see(0).count, promised);
    assert_true(promised < id - 1);
    arena_free(arena);
}

/* ---- kill -9 ---- */

static int promise_pipe;

static void promise_done(struct store_job *job, enum err err)
{
    struct write *write_ = (struct write *)job;
    if (err != OK || write(promise_pipe, &write_->id, sizeof(write_->id)) < 0) {
        _exit(1);
    }
}

/* Big bodies: the kill comes while checkpoints run. */
static void write_until_killed(int64_t id, bool big)
{
    static char body[BIG_BODY];
    memset(body, 'b', big ? sizeof(body) - 1 : 4);
    static struct write writes[CRASH_ROWS];
    struct store_options options = {.url = test.url};
    char why[256];
    if (store_open(&options, &test.store, why) != OK) {
        _exit(1);
    }
    for (int i = 0; i < CRASH_ROWS; i++) {
        writes[i] = (struct write){.job = {.apply = write_apply, .done = promise_done},
                                   .arena = arena_new(65536),
                                   .id = id + i,
                                   .body = body};
        while (store_write(test.store, NULL, &writes[i].job) != OK) {
            sched_yield();
        }
    }
    pause();
}

static void what_was_acknowledged_outlives_a_kill(void **state)
{
    (void)state;
    unsigned chance = (unsigned)time(NULL);
    print_message("seed %u\n", chance);
    int64_t next = 1;
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2];
        store_close(test.store);
        test.store = NULL;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            promise_pipe = ends[1];
            write_until_killed(next, round % 2 == 1);
        }
        close(ends[1]);
        int64_t last = 0, id;
        long enough = 1 + rand_r(&chance) % 4000;
        while (enough-- > 0 && read(ends[0], &id, sizeof(id)) == sizeof(id)) {
            last = MAX(last, id);
        }
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        while (read(ends[0], &id, sizeof(id)) == sizeof(id)) {
            last = MAX(last, id);
        }
        close(ends[0]);
        test_store_reopen(&test, false);
        /* Jobs run in order, so none up to the last acknowledged one may be missing. */
        struct seen seen = see(last);
        assert_true(seen.there);
        assert_true(seen.count >= last);
        next = seen.count + 1;
        assert_false(see(next).there);
    }
}

#define T(test_) cmocka_unit_test_setup_teardown(test_, open_it, close_it)

int main(void)
{
    log_threshold(LOG_ERROR + 1);
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
    sqlite3_mem_methods failing = memory;
    failing.xMalloc = fail_malloc;
    failing.xRealloc = fail_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    const struct CMUnitTest tests[] = {
        T(a_full_disk_is_busy_to_all_and_passes),
        T(each_write_failing_in_turn_keeps_what_was_promised),
        T(what_is_no_database_is_said_at_once),
        T(a_failed_fsync_stops_the_process),
        T(a_failed_fsync_in_a_checkpoint_stops_it_too),
        T(memory_that_runs_out_is_busy_and_keeps_its_promises),
        T(what_was_acknowledged_outlives_a_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
