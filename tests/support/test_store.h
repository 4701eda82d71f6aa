#ifndef TESTS_SUPPORT_TEST_STORE_H
#define TESTS_SUPPORT_TEST_STORE_H

#include "store/store.h"
#include "tests/support/folder.h"

/*
 * An empty store for a test: a file in a temporary folder, or a database of its own in
 * the cluster that BAUTA_TEST_PG names (tests/support/with-pg starts one).
 */
struct test_store {
    struct store *store;
    bool pg;
    char folder[TEST_FOLDER_MAX]; /* SQLite: gone after test_store_free */
    char url[512];                /* of this very store: may be opened again */
    char name[64];                /* PostgreSQL: of the database */
};

bool test_store_has_pg(void);

/* Stops the test when the store does not open.  `twice`: rehearse every `apply`. */
void test_store_new(bool pg, bool twice, struct test_store *ret);
void test_store_reopen(struct test_store *test, bool twice);
void test_store_free(struct test_store *test);

/* With the program's own migrations: they run once in a process, each store is a copy of theirs. */
void test_store_migrated(bool pg, bool twice, struct test_store *ret);

#endif
