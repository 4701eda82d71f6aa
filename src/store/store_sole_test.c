#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

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

#define CUT(name_)                                                                               \
    assert_int_equal(store_script(test.store, "DO 'BEGIN PERFORM pg_terminate_backend(pid) FROM" \
                                              " pg_stat_activity WHERE application_name ="       \
                                              " ''" name_ "''; END'"),                           \
                     OK)

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
    CUT("bauta one");
    enum err err = OK;
    for (int i = 0; i < PATIENCE; i++) {
        (void)poll(NULL, 0, WATCH_MS);
        err = node("bauta two", &lost, &second, why);
        if (err != OK) {
            break; /* the first has it again */
        }
        store_sole_free(second);
    }
    assert_int_equal(err, ERR_CONFLICT);
    assert_non_null(strstr(why, "bauta one"));
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
