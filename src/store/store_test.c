#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "store/store.h"
#include "tests/support/test_store.h"

/* What every feature relies on, the same on both databases. */

enum { ARENA = 4 * 1024 * 1024 };

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
    assert_string_equal(row_text(&rows, 0, ONLY), "Seven");
    TRY(store_run(&call, &like, BIND(TEXT("sev%")), &rows));
    assert_int_equal(row_i64(&rows, 0, ONLY), 0);
    return OK;
}

static void parameters_go_by_number_not_by_first_use(void **state)
{
    (void)state;
    size_t found = 0;
    assert_int_equal(store_do(test.store, true, by_number, &found), OK);
    assert_int_equal(found, 1);
}

static enum err many_statements(struct store_tx *tx, void *arg)
{
    enum { MANY = STORE_SQL_MAX + 50 };
    static char names[MANY][16];
    static struct sql all[MANY];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            struct call call = call_of(tx);
            struct rows rows;
            snprintf(names[i], sizeof(names[i]), "many_%d", i);
            all[i] = (struct sql){.name = names[i], .text = "SELECT CAST($1 AS BIGINT) + 1"};
            TRY(store_run(&call, &all[i], BIND(I64(i)), &rows));
            assert_int_equal(row_i64(&rows, 0, 0), i + 1);
            arena_reset(arena);
            *(int *)arg += 1;
        }
    }
    return OK;
}

static void more_statements_than_a_connection_keeps_go_on(void **state)
{
    (void)state;
    int count = 0;
    assert_int_equal(store_do(test.store, true, many_statements, &count), OK);
    assert_true(count >= 2 * STORE_SQL_MAX);
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

/* clang-format off */
#define ALL(is_pg_) \
    T(values_come_back_as_they_went, is_pg_), \
    T(parameters_go_by_number_not_by_first_use, is_pg_), \
    T(more_statements_than_a_connection_keeps_go_on, is_pg_), \
    T(a_clash_is_a_conflict_and_spoils_the_transaction, is_pg_), \
    T(a_statement_that_makes_no_sense_is_broken, is_pg_), \
    T(a_reading_transaction_writes_nothing, is_pg_), \
    T(more_rows_than_the_limit_is_an_error, is_pg_), \
    T(each_statement_failing_in_turn_leaves_nothing, is_pg_), \
    T(the_schema_names_tables_views_and_copies, is_pg_)
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
