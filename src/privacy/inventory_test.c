#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "privacy/inventory.h"
#include "tests/support/test_store.h"

#define COLUMN(name_)                               \
    {                                               \
        .name = name_, .cat = (const char *const[]) \
        {                                           \
            NULL                                    \
        }                                           \
    }

static const char *const no_copies[] = {NULL};
static const char *const copies[] = {"thing_fold", "thing_seen", NULL};
static const struct inventory_column columns[] = {COLUMN("id"), COLUMN("name"), {.name = NULL}};

static void matches(const char *script, const char *const *with_copies, const char *want)
{
    const struct inventory_table tables[] = {
        {.name = "thing", .copies = with_copies, .columns = columns}, {.name = NULL}};
    for (int pg = 0; pg <= (test_store_has_pg() ? 1 : 0); pg++) {
        struct test_store test;
        char why[256] = "";
        test_store_new(pg, false, &test);
        assert_int_equal(store_script(test.store, script), OK);
        enum err err = inventory_matches(test.store, tables, why);
        if (want) {
            assert_int_equal(err, ERR_INVALID);
            assert_non_null(strstr(why, want));
        } else {
            assert_string_equal(err == OK ? "" : why, "");
        }
        test_store_free(&test);
    }
}

static void a_database_as_described_matches(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT)", no_copies, NULL);
}

static void a_column_that_nobody_described_is_named(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, email TEXT)", no_copies,
            "thing.email");
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT);"
            "CREATE TABLE diary (day BIGINT)",
            no_copies, "diary.day");
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT,"
            " long_name TEXT GENERATED ALWAYS AS (name || 'x') STORED)",
            no_copies, "thing.long_name");
}

static void a_column_that_is_gone_is_named(void **state)
{
    (void)state;
    matches("CREATE TABLE thing (id BIGINT PRIMARY KEY)", no_copies, "thing.name");
}

static void copies_must_be_known(void **state)
{
    (void)state;
    static const char script[] = "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT);"
                                 "CREATE INDEX thing_fold ON thing (lower(name));"
                                 "CREATE VIEW thing_seen AS SELECT name FROM thing";
    matches(script, copies, NULL);
    matches(script, no_copies, "thing_fold");
}

static void the_programs_own_tables_are_all_described(void **state)
{
    (void)state;
    for (int pg = 0; pg <= (test_store_has_pg() ? 1 : 0); pg++) {
        struct test_store test;
        char why[256] = "";
        test_store_new(pg, false, &test);
        test_store_migrate(&test);
        enum err err = inventory_matches(test.store, inventory_tables, why);
        assert_string_equal(err == OK ? "" : why, "");
        test_store_free(&test);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_as_described_matches),
        cmocka_unit_test(a_column_that_nobody_described_is_named),
        cmocka_unit_test(a_column_that_is_gone_is_named),
        cmocka_unit_test(copies_must_be_known),
        cmocka_unit_test(the_programs_own_tables_are_all_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
