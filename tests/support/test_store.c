#include "tests/support/test_store.h"

#include <ftw.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/migrate.h"

static void must(bool true_, const char *why)
{
    if (!true_) {
        fprintf(stderr, "test store: %s\n", why);
        abort();
    }
}

bool test_store_has_pg(void)
{
    const char *url = getenv("BAUTA_TEST_PG");
    return url && *url;
}

static struct store *open_url(const char *url, bool twice)
{
    char why[256] = "";
    struct store *store = NULL;
    struct store_options options = {.url = url, .pool = 8, .twice = twice};
    must(store_open(&options, &store, why) == OK, why);
    return store;
}

static void pg_admin(const char *before, const char *schema, const char *after)
{
    char text[128];
    struct store *admin = open_url(getenv("BAUTA_TEST_PG"), false);
    snprintf(text, sizeof(text), "%s %s %s", before, schema, after);
    must(store_script(admin, text) == OK, text);
    store_close(admin);
}

void test_store_new(bool pg, bool twice, struct test_store *ret)
{
    static atomic_int number;
    *ret = (struct test_store){.pg = pg};
    if (pg) {
        const char *base = getenv("BAUTA_TEST_PG");
        must(base != NULL, "BAUTA_TEST_PG is not set");
        snprintf(ret->schema, sizeof(ret->schema), "t%d_%d", (int)getpid(),
                 atomic_fetch_add(&number, 1));
        pg_admin("CREATE SCHEMA", ret->schema, "");
        snprintf(ret->url, sizeof(ret->url), "%s%soptions=-csearch_path%%3D%s", base,
                 strchr(base, '?') ? "&" : "?", ret->schema);
    } else {
        snprintf(ret->folder, sizeof(ret->folder), "/tmp/bauta-test.XXXXXX");
        must(mkdtemp(ret->folder) != NULL, "no temporary folder");
        snprintf(ret->url, sizeof(ret->url), "sqlite:%s/bauta.db", ret->folder);
    }
    ret->store = open_url(ret->url, twice);
}

void test_store_reopen(struct test_store *test, bool twice)
{
    store_close(test->store);
    test->store = open_url(test->url, twice);
}

static int remove_one(const char *path, const struct stat *stat_, int type, struct FTW *at)
{
    (void)stat_;
    (void)type;
    (void)at;
    return remove(path);
}

void test_store_free(struct test_store *test)
{
    store_close(test->store);
    if (test->pg) {
        pg_admin("DROP SCHEMA", test->schema, "CASCADE");
    } else {
        nftw(test->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
}

void test_store_migrate(struct test_store *test)
{
    char why[256] = "";
    size_t ran = 0;
    must(migrate_up(test->store, migrations, migration_count, (int64_t)time(NULL) * 1000, &ran,
                    why) == OK,
         why);
}
