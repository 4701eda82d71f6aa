#include "tests/support/test_store.h"

#include <ftw.h>
#include <libpq-fe.h>
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

static struct test_store migrated[2]; /* SQLite's, PostgreSQL's */
static PGconn *admin;

static void free_kept(void)
{
    for (int pg = 0; pg < 2; pg++) {
        if (migrated[pg].url[0]) {
            test_store_free(&migrated[pg]);
        }
    }
    PQfinish(admin);
}

static void keep(void)
{
    static bool kept;
    if (!kept) {
        kept = true;
        atexit(free_kept);
    }
}

/*
 * Outside the databases of the tests, and of any transaction: CREATE DATABASE wants none. A
 * connection is a process that begins, so there is one for all; some tests stop its server.
 */
static void pg_admin(const char *sql)
{
    keep();
    admin = admin ? admin : PQconnectdb(getenv("BAUTA_TEST_PG"));
    PGresult *done = PQexec(admin, sql);
    if (PQstatus(admin) != CONNECTION_OK) {
        PQclear(done);
        PQreset(admin);
        done = PQexec(admin, sql);
    }
    must(PQresultStatus(done) == PGRES_COMMAND_OK, PQerrorMessage(admin));
    PQclear(done);
}

/* The URL of the cluster, with this database instead of `world`. */
static void pg_url(const char *name, char ret[512])
{
    const char *base = getenv("BAUTA_TEST_PG");
    const char *world = base ? strstr(base, "/world") : NULL;
    must(world != NULL, "BAUTA_TEST_PG names no database `world`");
    snprintf(ret, 512, "%.*s/%s%s", (int)(world - base), base, name, world + strlen("/world"));
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t len;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    must(in && out, "no copy of the migrated store");
    while ((len = fread(bytes, 1, sizeof(bytes), in)) > 0) {
        must(fwrite(bytes, 1, len, out) == len, "the copy does not fit");
    }
    must(fclose(out) == 0 && fclose(in) == 0, "the copy does not close");
}

/* A place for a store: empty, or with what `from` holds, which is closed. */
static void make(bool pg, const struct test_store *from, struct test_store *ret)
{
    static atomic_int number;
    *ret = (struct test_store){.pg = pg};
    if (pg) {
        char sql[192];
        snprintf(ret->name, sizeof(ret->name), "t%d_%d", (int)getpid(),
                 atomic_fetch_add(&number, 1));
        /* Files are copied by themselves, without a line in the log for each page. */
        snprintf(sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", ret->name,
                 from ? from->name : "template1");
        pg_admin(sql);
        pg_url(ret->name, ret->url);
        return;
    }
    char path[128], old[128];
    must(test_folder("test", ret->folder), "no temporary folder");
    snprintf(path, sizeof(path), "%s/bauta.db", ret->folder);
    snprintf(ret->url, sizeof(ret->url), "sqlite:%s", path);
    if (from) {
        snprintf(old, sizeof(old), "%s/bauta.db", from->folder);
        copy_file(old, path);
    }
}

void test_store_new(bool pg, bool twice, struct test_store *ret)
{
    make(pg, NULL, ret);
    ret->store = open_url(ret->url, twice);
}

static void migrate(bool pg)
{
    char why[256] = "";
    size_t ran = 0;
    struct test_store *test = &migrated[pg];
    test_store_new(pg, false, test);
    must(migrate_up(test->store, migrations, migration_count, (int64_t)time(NULL) * 1000, &ran,
                    why) == OK,
         why);
    store_close(test->store);
    test->store = NULL;
}

void test_store_migrated(bool pg, bool twice, struct test_store *ret)
{
    keep();
    if (!migrated[pg].url[0]) {
        migrate(pg);
    }
    make(pg, &migrated[pg], ret);
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
        char sql[128];
        snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", test->name);
        pg_admin(sql);
    } else {
        nftw(test->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    }
}
