#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/test_store.h"

/* What only SQLite has: the second wall, copies while serving, a file with rights. */

enum { BIG = 200 * 1024, BIG_ROWS = 120 };

SQL(put, "INSERT INTO thing (id, body) VALUES ($1, $2)");
SQL(tally, "SELECT count(*) FROM thing");
SQL(pair, "INSERT INTO pair (a, b) VALUES ($1, $2)");

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
    test_store_free(&test);
    return 0;
}

static enum err put_big(struct store_tx *tx, void *arg)
{
    static char big[BIG];
    struct arena *arena = arena_new(65536);
    struct call call;
    enum err err = OK;
    memset(big, 'x', sizeof(big) - 1);
    store_call(&call, tx, arena, 0);
    for (int i = 0; i < *(const int *)arg && err == OK; i++) {
        err = store_run(&call, &put, BIND(I64(i), TEXT(big)), NULL);
    }
    arena_free(arena);
    return err;
}

static void put_rows(int count)
{
    assert_int_equal(store_do(test.store, true, put_big, &count), OK);
}

static enum err count_them(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &tally, NO_BIND, &rows);
    *(int64_t *)arg = err == OK ? row_i64(&rows, 0, 0) : -1;
    arena_free(arena);
    return err;
}

static int64_t count_things(void)
{
    int64_t count = -1;
    assert_int_equal(store_do(test.store, false, count_them, &count), OK);
    return count;
}

static enum err try_sql(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, arg, NO_BIND, NULL);
    arena_free(arena);
    return err;
}

static void a_statement_cannot_leave_the_data(void **state)
{
    (void)state;
    static struct sql walls[] = {
        {"w1", "ATTACH DATABASE '/tmp/other.db' AS other", NULL},
        {"w2", "PRAGMA synchronous = OFF", NULL},
        {"w3", "CREATE TABLE more (id INTEGER)", NULL},
        {"w4", "DROP TABLE thing", NULL},
        {"w5", "COMMIT", NULL},
        {"w6", "SAVEPOINT mine", NULL},
        {"w7", "DELETE FROM sqlite_schema", NULL},
        {"w8", "ALTER TABLE thing ADD COLUMN secret TEXT", NULL},
        {"w9", "CREATE TEMP TABLE t (id INTEGER)", NULL},
        {"w10", "SELECT * FROM pragma_database_list", NULL},
        {"w11", "VACUUM", NULL},
    };
    for (size_t i = 0; i < COUNT(walls); i++) {
        assert_int_equal(store_do(test.store, true, try_sql, &walls[i]), ERR_BROKEN);
    }
    assert_int_equal(count_things(), 0);
}

struct pairs {
    atomic_bool stop;
    int64_t n;
};

static enum err put_pair(struct store_tx *tx, void *arg)
{
    struct pairs *pairs = arg;
    struct arena *arena = arena_new(65536);
    struct call call;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &pair, BIND(I64(2 * pairs->n), I64(pairs->n)), NULL);
    if (err == OK) {
        err = store_run(&call, &pair, BIND(I64(2 * pairs->n + 1), I64(pairs->n)), NULL);
    }
    arena_free(arena);
    return err;
}

static void *pair_main(void *arg)
{
    struct pairs *pairs = arg;
    for (; !atomic_load(&pairs->stop); pairs->n++) {
        assert_int_equal(store_do(test.store, true, put_pair, pairs), OK);
    }
    return NULL;
}

static int64_t ask(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return value;
}

static void a_backup_taken_while_writing_is_one_moment(void **state)
{
    (void)state;
    struct pairs pairs = {0};
    pthread_t thread;
    char path[128];
    put_rows(BIG_ROWS);
    snprintf(path, sizeof(path), "%s/copy.db", test.folder);
    pthread_create(&thread, NULL, pair_main, &pairs);
    assert_int_equal(store_backup(test.store, path), OK);
    atomic_store(&pairs.stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(store_backup(test.store, path), ERR_CONFLICT); /* never over another one */
    assert_int_equal(ask(path, "SELECT count(*) FROM pragma_integrity_check"
                               " WHERE integrity_check = 'ok'"),
                     1);
    assert_int_equal(ask(path, "SELECT count(*) FROM thing"), BIG_ROWS);
    assert_int_equal(ask(path, "SELECT count(*) FROM (SELECT b FROM pair GROUP BY b"
                               " HAVING count(*) <> 2)"),
                     0);
}

static void the_file_is_its_owners_alone(void **state)
{
    (void)state;
    struct stat stat_;
    char path[128];
    static const char *const names[] = {"bauta.db", "bauta.db-wal", "bauta.db-shm"};
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof(path), "%s/%s", test.folder, names[i]);
        assert_int_equal(stat(path, &stat_), 0);
        assert_int_equal(stat_.st_mode & 077, 0);
    }
}

static void a_read_only_store_reads_and_says_busy_to_writes(void **state)
{
    (void)state;
    struct store_options options = {.url = test.url, .read_only = true};
    struct sql drop = {"drop", "DELETE FROM thing", NULL};
    char why[256];
    put_rows(3);
    store_close(test.store);
    assert_int_equal(store_open(&options, &test.store, why), OK);
    assert_int_equal(count_things(), 3);
    assert_int_equal(store_do(test.store, true, try_sql, &drop), ERR_BUSY);
}

static void *count_main(void *arg)
{
    for (int i = 0; i < *(const int *)arg; i++) {
        assert_true(count_things() >= 0);
    }
    return NULL;
}

static void a_database_in_memory_is_shared_by_readers_and_writer(void **state)
{
    (void)state;
    struct store_options options = {.url = "sqlite::memory:", .twice = true};
    char why[256];
    int times = 50;
    pthread_t thread;
    store_close(test.store);
    assert_int_equal(store_open(&options, &test.store, why), OK);
    assert_int_equal(store_script(test.store, "CREATE TABLE thing (id INTEGER, body TEXT)"), OK);
    pthread_create(&thread, NULL, count_main, &times);
    for (int i = 0; i < times; i++) {
        put_rows(1);
    }
    pthread_join(thread, NULL);
    assert_int_equal(count_things(), times);
}

SQL(drop_all, "DELETE FROM thing");

static enum err forget(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &drop_all, NO_BIND, NULL);
    if (*(const bool *)arg) {
        store_forget(&call);
    }
    arena_free(arena);
    return err;
}

/* Of the file with this ending: how many x stand there in a row, at most. */
static size_t left_in(const char *ending)
{
    char path[600];
    size_t run = 0, most = 0;
    snprintf(path, sizeof(path), "%s%s", test.url + strlen("sqlite:"), ending);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        run = c == 'x' ? run + 1 : 0;
        most = MAX(most, run);
    }
    fclose(file);
    return most;
}

static void what_is_to_be_forgotten_stands_in_no_file_after_the_commit(void **state)
{
    (void)state;
    bool not_so = false, so = true;
    put_rows(3);
    assert_int_equal(store_do(test.store, true, forget, &not_so), OK);
    assert_true(left_in("-wal") > 1000);
    assert_int_equal(store_do(test.store, true, forget, &so), OK);
    assert_true(left_in("-wal") < 100);
    assert_true(left_in("") < 100);
}

static enum err read_on(struct store_tx *tx, void *arg)
{
    bool so = true;
    TRY(count_them(tx, arg));
    assert_int_equal(store_do(test.store, true, forget, &so), OK);
    assert_true(left_in("-wal") > 1000); /* this reading still needs it */
    return OK;
}

static void where_one_reads_it_is_forgotten_with_the_next_commit(void **state)
{
    (void)state;
    int64_t count = 0;
    put_rows(3);
    assert_int_equal(store_do(test.store, false, read_on, &count), OK);
    put_rows(0);
    assert_true(left_in("-wal") < 100);
}

static void a_folder_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    struct store_options options = {.url = "sqlite:/nonexistent/folder/bauta.db"};
    struct store *store = NULL;
    char why[256] = "";
    assert_int_equal(store_open(&options, &store, why), ERR_INVALID);
    assert_non_null(strstr(why, "/nonexistent/folder/bauta.db"));
    options.url = "mysql:x";
    assert_int_equal(store_open(&options, &store, why), ERR_INVALID);
}

#define T(test_) cmocka_unit_test_setup_teardown(test_, open_it, close_it)

int main(void)
{
    log_threshold(LOG_ERROR + 1);
    const struct CMUnitTest tests[] = {
        T(a_statement_cannot_leave_the_data),
        T(a_backup_taken_while_writing_is_one_moment),
        T(the_file_is_its_owners_alone),
        T(a_read_only_store_reads_and_says_busy_to_writes),
        T(a_database_in_memory_is_shared_by_readers_and_writer),
        T(what_is_to_be_forgotten_stands_in_no_file_after_the_commit),
        T(where_one_reads_it_is_forgotten_with_the_next_commit),
        T(a_folder_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
