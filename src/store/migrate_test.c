#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/migrate.h"
#include "tests/support/test_store.h"

enum { STEPS = 12, KILLS = 25, KILL_STEP_US = 1500, NODES = 4 };

static const struct migration three[] = {
    {1, "one", "aa", "CREATE TABLE one (id {i64} PRIMARY KEY, b {bytes}) {strict};"},
    {2, "two", "bb",
     "CREATE TABLE two (a {i64}, b {i64}, PRIMARY KEY (a, b)) {clustered};"
     "CREATE INDEX two_b ON two (b);"},
    {3, "three", "cc", "INSERT INTO one (id) VALUES (3); -- {braces} of one's own\n"},
};

SQL(one_count, "SELECT count(*) FROM one");
SQL(forget, "DELETE FROM migration WHERE number = $1");
SQL(told, "SELECT number, ran_ms FROM migration ORDER BY number LIMIT 100");

static struct test_store test;
static char why[256];

static int open_on(void **state)
{
    test_store_new(*(const bool *)*state, false, &test);
    why[0] = '\0';
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    test_store_free(&test);
    return 0;
}

static void up(size_t count, size_t want_ran)
{
    size_t ran = 99;
    assert_int_equal(migrate_up(test.store, three, count, 5000, &ran, why), OK);
    assert_int_equal(ran, want_ran);
}

static enum err count_one(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &one_count, NO_BIND, &rows);
    if (err == OK) {
        *(int64_t *)arg = row_i64(&rows, 0, 0);
    }
    arena_free(arena);
    return err;
}

static enum err forget_one(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &forget, BIND(I64(*(const int64_t *)arg)), NULL);
    arena_free(arena);
    return err;
}

static void migrations_run_once_and_in_order(void **state)
{
    (void)state;
    size_t pending = 0;
    int64_t rows = 0;
    assert_int_equal(migrate_pending(test.store, three, 3, &pending, why), OK);
    assert_int_equal(pending, 3);
    up(2, 2);
    assert_int_equal(migrate_pending(test.store, three, 3, &pending, why), OK);
    assert_int_equal(pending, 1);
    up(3, 1);
    up(3, 0);
    assert_int_equal(store_do(test.store, false, count_one, &rows), OK);
    assert_int_equal(rows, 1);
}

static void refused(const struct migration *list, size_t count, const char *want)
{
    size_t ran = 0, pending = 0;
    assert_int_equal(migrate_up(test.store, list, count, 0, &ran, why), ERR_INVALID);
    assert_non_null(strstr(why, want));
    assert_int_equal(migrate_pending(test.store, list, count, &pending, why), ERR_INVALID);
}

static void a_changed_migration_is_refused(void **state)
{
    (void)state;
    struct migration changed[] = {three[0], three[1], three[2]};
    up(2, 2);
    changed[1].sha256 = "b0";
    refused(changed, 3, "Migration 2 (two) has changed");
}

static void a_newer_database_is_refused(void **state)
{
    (void)state;
    up(3, 3);
    refused(three, 2, "newer than this program: it has migration 3");
}

static void a_gap_is_refused_in_the_program_and_in_the_database(void **state)
{
    (void)state;
    const struct migration gap[] = {three[0], three[2]};
    refused(gap, 2, "no migration 2");
    int64_t two = 2;
    up(3, 3);
    assert_int_equal(store_do(test.store, true, forget_one, &two), OK);
    refused(three, 3, "no row for migration 2");
}

static void a_migration_that_fails_leaves_nothing_behind(void **state)
{
    (void)state;
    struct migration bad[] = {three[0], three[1], three[2]};
    size_t ran = 0;
    bad[1].text = "CREATE TABLE two (a {i64}); CREATE TABLE two (a {i64});";
    assert_int_equal(migrate_up(test.store, bad, 3, 0, &ran, why), ERR_BROKEN);
    assert_non_null(strstr(why, "Migration 2 (two) failed and was undone"));
    up(3, 2); /* as if it had never begun */
}

/* ---- the files ---- */

/* Each planted mistake: a command in a copy of the tree, and what the build says of it. */
static const struct {
    const char *command, *want;
} mistakes[] = {
    {"mv 0002_*.sql 0009_late.sql", "the next migration is 000"},
    {"cp 0001_system.sql 0001_twice.sql", "the next migration is 0002"},
    {"mv 0001_system.sql 0001-system.sql", "is called NNNN_name.sql"},
    {"echo 'CREATE TABLE t (a {int});' >>0001_system.sql", "unknown token {int}"},
    {"echo 'CREATE TABLE t (a BOOLEAN);' >>0001_system.sql", "BOOLEAN is not common"},
};

static void the_build_refuses_files_that_do_not_follow(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        char command[512], text[4096];
        snprintf(command, sizeof(command),
                 "T=$(mktemp -d) && cp -r migrations $T && (cd $T/migrations && %s);"
                 "tools/migrations.py --index --root $T 2>&1 >/dev/null; R=$?; rm -r $T; exit $R",
                 mistakes[i].command);
        FILE *out = popen(command, "r");
        assert_non_null(out);
        text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
        assert_int_not_equal(pclose(out), 0);
        assert_non_null(strstr(text, mistakes[i].want));
    }
}

/* ---- kill -9 ---- */

static struct migration steps[STEPS];
static char step_texts[STEPS][128];

static void make_steps(void)
{
    for (int i = 0; i < STEPS; i++) {
        snprintf(step_texts[i], sizeof(step_texts[i]),
                 "CREATE TABLE step%d (id {i64} PRIMARY KEY); INSERT INTO step%d (id) VALUES (1);"
                 "CREATE INDEX step%d_id ON step%d (id);",
                 i + 1, i + 1, i + 1, i + 1);
        steps[i] = (struct migration){i + 1, "step", "00", step_texts[i]};
    }
}

static void migrate_until_killed(void)
{
    struct store_options options = {.url = test.url, .pool = 2};
    struct store *store = NULL;
    size_t ran = 0;
    char child_why[256];
    if (store_open(&options, &store, child_why) != OK ||
        migrate_up(store, steps, STEPS, 0, &ran, child_why) != OK) {
        _exit(1);
    }
    _exit(0);
}

static enum err count_told(struct store_tx *tx, void *arg)
{
    struct arena *arena = arena_new(65536);
    struct call call;
    struct rows rows;
    store_call(&call, tx, arena, 0);
    enum err err = store_run(&call, &told, NO_BIND, &rows);
    if (err == OK) {
        *(size_t *)arg = rows.count;
    }
    arena_free(arena);
    return err;
}

static size_t rows_told(bool has_table)
{
    size_t rows = 0;
    assert_true(!has_table || store_do(test.store, false, count_told, &rows) == OK);
    return rows;
}

/* Tables step1 … stepN are there exactly when rows 1 … N are. */
static size_t done_whole(void)
{
    struct arena *arena = arena_new(4 << 20);
    struct store_column *columns = NULL;
    size_t count = 0, tables = 0, before, rows = 0;
    bool has = false;
    do { /* a COMMIT that was under way when its client died may come in between */
        before = rows_told(has);
        assert_int_equal(store_schema(test.store, arena, &columns, &count), OK);
        tables = 0;
        for (size_t i = 0; i < count; i++) {
            tables += strncmp(columns[i].table, "step", 4) == 0 && columns[i].column[0];
            has |= strcmp(columns[i].table, "migration") == 0;
        }
        rows = rows_told(has);
    } while (rows != before);
    assert_int_equal(tables, rows);
    arena_free(arena);
    return rows;
}

static void a_kill_leaves_each_migration_done_or_not_begun(void **state)
{
    (void)state;
    unsigned chance = (unsigned)time(NULL);
    size_t done = 0, kills = 0;
    make_steps();
    print_message("seed %u\n", chance);
    for (int i = 0; i < KILLS && done < STEPS; i++) {
        store_close(test.store);
        test.store = NULL;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            migrate_until_killed();
        }
        /* Early at first, so that a fast machine is caught too. */
        struct timespec wait = {.tv_nsec =
                                    (long)(rand_r(&chance) % ((i + 1) * KILL_STEP_US)) * 1000};
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        kills += WIFSIGNALED(status);
        struct store_options options = {.url = test.url, .pool = 4};
        assert_int_equal(store_open(&options, &test.store, why), OK);
        size_t now = done_whole();
        assert_true(now >= done);
        done = now;
    }
    size_t ran = 0;
    assert_int_equal(migrate_up(test.store, steps, STEPS, 0, &ran, why), OK);
    assert_int_equal(done_whole(), STEPS);
    assert_true(kills > 0);
}

/* ---- several nodes ---- */

struct node {
    pthread_t thread;
    enum err err;
    size_t ran;
    char why[256];
};

static void *migrate_thread(void *arg)
{
    struct node *node = arg;
    struct store_options options = {.url = test.url, .pool = 2};
    struct store *store = NULL;
    node->err = store_open(&options, &store, node->why);
    if (node->err == OK) {
        node->err = migrate_up(store, steps, STEPS, 0, &node->ran, node->why);
    }
    store_close(store);
    return NULL;
}

static void nodes_that_start_at_once_run_each_migration_once(void **state)
{
    (void)state;
    struct node nodes[NODES] = {0};
    size_t ran = 0;
    make_steps();
    for (int i = 0; i < NODES; i++) {
        pthread_create(&nodes[i].thread, NULL, migrate_thread, &nodes[i]);
    }
    for (int i = 0; i < NODES; i++) {
        pthread_join(nodes[i].thread, NULL);
    }
    for (int i = 0; i < NODES; i++) {
        if (nodes[i].err != OK) {
            fail_msg("node %d: %s", i, nodes[i].why);
        }
        ran += nodes[i].ran;
    }
    assert_int_equal(ran, STEPS);
    assert_int_equal(done_whole(), STEPS);
}

static void memory_that_runs_out_fails_a_start_in_words(void **state)
{
    (void)state;
    size_t ran = 0, refused = 0, pending = 99;
    arena_fail_unguarded(true);
    for (uint64_t nth = 1; migrate_pending(test.store, three, 3, &pending, why) != OK || pending;
         nth++) {
        arena_fail_at(nth, nth % 2);
        if (migrate_up(test.store, three, 3, 5000, &ran, why) != OK) {
            assert_non_null(strstr(why, "memory"));
            refused++;
        }
        arena_fail_at(0, false);
        arena_fail_at(nth % 7 + 1, false);
        if (migrate_pending(test.store, three, 3, &pending, why) != OK) {
            assert_non_null(strstr(why, "memory"));
        }
        arena_fail_at(0, false);
    }
    arena_fail_unguarded(false);
    assert_true(refused >= 3);
    up(3, 0);
}

/* clang-format off */
#define T(test_, is_pg_) {#test_, test_, open_on, close_it, &is_pg_}
/* clang-format on */
#define ALL(is_pg_)                                                                         \
    T(migrations_run_once_and_in_order, is_pg_), T(a_changed_migration_is_refused, is_pg_), \
        T(a_newer_database_is_refused, is_pg_),                                             \
        T(a_gap_is_refused_in_the_program_and_in_the_database, is_pg_),                     \
        T(a_migration_that_fails_leaves_nothing_behind, is_pg_),                            \
        T(memory_that_runs_out_fails_a_start_in_words, is_pg_),                             \
        T(a_kill_leaves_each_migration_done_or_not_begun, is_pg_)

int main(void)
{
    log_threshold(LOG_ERROR);
    static bool lite = false, pg = true;
    const struct CMUnitTest on_sqlite[] = {
        ALL(lite), cmocka_unit_test(the_build_refuses_files_that_do_not_follow)};
    const struct CMUnitTest on_pg[] = {
        ALL(pg),
        /* A second process may not open an SQLite file. */
        T(nodes_that_start_at_once_run_each_migration_once, pg),
    };
    int failed = cmocka_run_group_tests_name("on SQLite", on_sqlite, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests_name("on PostgreSQL", on_pg, NULL, NULL);
    }
    return failed;
}
