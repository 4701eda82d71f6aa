#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/store.h"
#include "store/store_sole.h"
#include "tests/support/test_store.h"

/* One node a database, over a real PostgreSQL. */
enum { WATCH_MS = 20, PATIENCE = 500 };

static struct test_store test;

static int store_make(void **state UNUSED)
{
    log_threshold(LOG_ERROR);
    test_store_new(true, false, &test);
    return 0;
}

static int store_end(void **state UNUSED)
{
    test_store_free(&test);
    return 0;
}

static void note(void *ctx)
{
    atomic_fetch_add((_Atomic int *)ctx, 1);
}

static enum err node(const char *name, _Atomic int *lost, struct store_sole **ret, char *why)
{
    return store_sole_new(test.url, name, WATCH_MS, note, lost, ret, why);
}

/* Of this database alone: others are tested beside it. */
#define CUT(name_)                                                                               \
    assert_int_equal(store_script(test.store, "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM" \
                                              " pg_stat_activity WHERE application_name ="       \
                                              " ''" name_ "'' AND datname ="                     \
                                              " current_database(); END'"),                      \
                     OK)

SQL(holder, "SELECT CAST(a.pid AS BIGINT) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
            " WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()");

static enum err ask_holder(struct store_tx *tx, void *arg)
{
    struct rows rows;
    struct call call;
    struct arena *arena = arena_new(1 << 20);
    store_call(&call, tx, arena, 1);
    enum err err = store_run(&call, &holder, NO_BIND, &rows);
    *(int64_t *)arg = err == OK && rows.count ? row_i64(&rows, 0, 0) : 0;
    arena_free(arena);
    return err;
}

/* The session that has the lock, as PostgreSQL counts them; 0: none. */
static int64_t holder_now(void)
{
    int64_t pid = 0;
    assert_int_equal(store_do(test.store, false, ask_holder, &pid), OK);
    return pid;
}

static void a_second_node_is_refused_and_the_first_is_named(void **state UNUSED)
{
    struct store_sole *first = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    char why[SOLE_WHY_MAX] = "";
    assert_int_equal(node("bauta at quay, process 7", &lost, &first, why), OK);
    assert_int_equal(node("bauta at pier, process 8", &lost, &second, why), ERR_CONFLICT);
    assert_non_null(
        strstr(why, "another bauta serves this database (bauta at quay, process 7 since 20"));
    store_sole_free(first);
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < PATIENCE && err == ERR_CONFLICT; i++) { /* the server ends it in its time */
        err = node("bauta at pier, process 8", &lost, &second, why);
        (void)poll(NULL, 0, err == OK ? 0 : WATCH_MS);
    }
    assert_int_equal(err, OK);
    store_sole_free(second);
    assert_int_equal(atomic_load(&lost), 0);
}

static void a_lost_connection_is_made_and_locked_anew(void **state UNUSED)
{
    struct store_sole *first = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    char why[SOLE_WHY_MAX] = "";
    assert_int_equal(node("bauta one", &lost, &first, why), OK);
    int64_t before = holder_now();
    int64_t now = before;
    CUT("bauta one");
    for (int i = 0; i < PATIENCE && (now == 0 || now == before); i++) {
        (void)poll(NULL, 0, WATCH_MS);
        now = holder_now();
    }
    assert_true(now != 0 && now != before);
    assert_int_equal(node("bauta two", &lost, &second, why), ERR_CONFLICT);
    assert_non_null(strstr(why, "bauta one"));
    assert_int_equal(atomic_load(&lost), 0);
    store_sole_free(first);
}

static void who_finds_another_in_its_place_is_told_to_stop(void **state UNUSED)
{
    struct store_sole *slow = NULL;
    struct store_sole *second = NULL;
    _Atomic int lost = 0;
    _Atomic int other = 0;
    char why[SOLE_WHY_MAX] = "";
    enum { SLOW_MS = 3000 };
    log_threshold(LOG_ERROR + 1);
    assert_int_equal(store_sole_new(test.url, "bauta slow", SLOW_MS, note, &lost, &slow, why), OK);
    CUT("bauta slow");
    enum err err = ERR_CONFLICT;
    for (int i = 0; i < PATIENCE && err != OK; i++) {
        err = node("bauta two", &other, &second, why);
        (void)poll(NULL, 0, 1);
    }
    assert_int_equal(err, OK);
    for (int i = 0; i < PATIENCE && !atomic_load(&lost); i++) {
        (void)poll(NULL, 0, WATCH_MS);
    }
    assert_int_equal(atomic_load(&lost), 1);
    assert_int_equal(atomic_load(&other), 0);
    store_sole_free(slow);
    store_sole_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_node_is_refused_and_the_first_is_named, store_make,
                                        store_end),
        cmocka_unit_test_setup_teardown(a_lost_connection_is_made_and_locked_anew, store_make,
                                        store_end),
        cmocka_unit_test_setup_teardown(who_finds_another_in_its_place_is_told_to_stop, store_make,
                                        store_end),
    };
    if (!test_store_has_pg()) {
        print_message("# PostgreSQL left out: BAUTA_TEST_PG is not set\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
