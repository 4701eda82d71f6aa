#include <errno.h>
#include <fcntl.h>
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
#include <unistd.h>

#include <cmocka.h>
#include <ftw.h>

#include "base/arena.h"
#include "base/log.h"
#include "home/home.h"
#include "privacy/inventory.h"
#include "tests/support/folder.h"
#include "tests/support/test_store.h"

/* The start on a bad day. */

static _Atomic int64_t room; /* bytes that the disk still takes; -1: enough */

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at);

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at)
{
    int64_t left = atomic_load(&room);
    if (left == 0) {
        errno = ENOSPC;
        return -1;
    }
    if (left > 0) {
        len = MIN(len, (size_t)left);
        atomic_store(&room, left - (int64_t)len);
    }
    return syscall(SYS_pwrite64, file, bytes, len, at);
}

static void a_full_disk_is_said_with_its_folder(void **state)
{
    (void)state;
    static const int64_t rooms[] = {0, 100, 5000};
    char folder[] = "/tmp/bauta-home-XXXXXX", path[64], why[HOME_WHY_MAX];
    struct stat found;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/lock", folder);
    for (size_t i = 0; i < COUNT(rooms); i++) {
        struct home home = {.lock_fd = -1, .settings = {.data = folder}};
        atomic_store(&room, rooms[i]);
        assert_int_equal(home_lock(&home, why), ERR_INVALID);
        assert_non_null(strstr(why, "is full"));
        assert_non_null(strstr(why, folder));
        assert_int_equal(home.lock_fd, -1);
        assert_int_equal(stat(path, &found), 0);
        assert_int_equal(found.st_size, 0); /* it takes nothing of what is left */
    }
    struct home home = {.lock_fd = -1, .settings = {.data = folder}};
    atomic_store(&room, -1);
    assert_int_equal(home_lock(&home, why), OK);
    assert_int_equal(stat(path, &found), 0);
    assert_true(found.st_size < 32);
    close(home.lock_fd);
    unlink(path);
    rmdir(folder);
}

/* What `terms_file` of these bytes says at the start; NULL: nothing, they are the terms. */
static const char *terms_of(const char *bytes, size_t len)
{
    static char why[HOME_WHY_MAX];
    char path[] = "/tmp/bauta-terms-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, len), len);
    close(file);
    struct home home = {.settings = {.terms_file = path}};
    enum err err = home_terms(&home.settings, why);
    assert_int_equal(err == OK, home.settings.terms != NULL);
    assert_true(err != OK || (home.settings.terms && strcmp(home.settings.terms, bytes) == 0));
    free(home.settings.terms);
    unlink(path);
    return err == OK ? NULL : why;
}

static void terms_that_cannot_be_shown_stop_the_start(void **state)
{
    (void)state;
    static char large[SETTINGS_TERMS_MAX + 1];
    char why[HOME_WHY_MAX] = "";
    struct settings settings = {.terms_file = ""};
    memset(large, 'x', sizeof(large));
    assert_int_equal(home_terms(&settings, why), OK);
    assert_null(settings.terms);
    settings.terms_file = "/nowhere/terms.txt";
    assert_int_equal(home_terms(&settings, why), ERR_INVALID);
    assert_non_null(strstr(why, "/nowhere/terms.txt cannot be read: No such file"));
    settings.terms_file = "/tmp";
    assert_int_equal(home_terms(&settings, why), ERR_INVALID);
    assert_non_null(strstr(why, "cannot be read"));
    assert_null(terms_of("Be kind.\n", 9));
    assert_non_null(strstr(terms_of(" \n\t\n", 4), "says nothing"));
    assert_non_null(strstr(terms_of("", 0), "says nothing"));
    assert_non_null(strstr(terms_of("a\xff", 2), "no text in UTF-8"));
    assert_non_null(strstr(terms_of("a\0b", 3), "no text in UTF-8"));
    assert_non_null(strstr(terms_of(large, sizeof(large)), "larger than 65536 bytes"));
}

/* ---- the keys of this folder ---- */

static char folder[TEST_FOLDER_MAX];

static void no_matter(void *ctx UNUSED)
{
}

static int remove_one(const char *path, const struct stat *info UNUSED, int kind UNUSED,
                      struct FTW *walk UNUSED)
{
    return remove(path);
}

static int folder_make(void **state UNUSED)
{
    return test_folder("home", folder) ? 0 : -1;
}

static int folder_end(void **state UNUSED)
{
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static enum err open_folder_to(unsigned flags, struct home *home, char why[HOME_WHY_MAX])
{
    *home = (struct home){.lock_fd = -1, .settings = {.data = strdup(folder), .memory_mb = 64}};
    return home_open(home, HOME_MIGRATE | flags, why);
}

static enum err open_folder(struct home *home, char why[HOME_WHY_MAX])
{
    return open_folder_to(0, home, why);
}

/* In a process of its own: takes keys that no row holds, tells the highest, and is killed. */
static int64_t taken_by_who_is_killed(int count)
{
    int64_t high = 0;
    int to_parent[2], status = 0;
    assert_int_equal(pipe(to_parent), 0);
    pid_t child = fork();
    if (child == 0) {
        struct home home;
        char why[HOME_WHY_MAX];
        bool good = open_folder(&home, why) == OK;
        for (int i = 0; i < count && good; i++) {
            good = keys_take(home.keys, &high) == OK;
        }
        high = good ? high : -1;
        if (write(to_parent[1], &high, sizeof(high)) == sizeof(high)) {
            raise(SIGKILL);
        }
        _exit(1);
    }
    assert_int_equal(read(to_parent[0], &high, sizeof(high)), sizeof(high));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    close(to_parent[0]), close(to_parent[1]);
    return high;
}

static void a_key_id_is_given_out_once_though_killed_and_its_file_shortened(void **state UNUSED)
{
    static const int counts[] = {1, 500}; /* 500: more than are written down at once */
    char path[80], why[HOME_WHY_MAX];
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct home home;
        int64_t before = taken_by_who_is_killed(counts[i]), next = 0;
        assert_true(before >= counts[i]);
        snprintf(path, sizeof(path), "%s/keys/members", folder);
        assert_int_equal(truncate(path, 4096), 0); /* its head alone is left */
        assert_int_equal(open_folder(&home, why), OK);
        assert_int_equal(keys_take(home.keys, &next), OK);
        assert_true(next > before);
        int64_t high = keys_high(home.keys);
        home_close(&home);
        assert_int_equal(open_folder(&home, why), OK); /* an orderly end wastes none */
        assert_true(keys_high(home.keys) <= high + KEYS_POOL_MIN * 2);
        home_close(&home);
    }
}

static void a_key_that_two_hold_stops_the_start(void **state UNUSED)
{
    struct home home;
    char why[HOME_WHY_MAX], script[400];
    int64_t key = 0;
    assert_int_equal(open_folder(&home, why), OK);
    assert_int_equal(keys_take(home.keys, &key), OK);
    snprintf(script, sizeof(script),
             "INSERT INTO report (id, public_id, reason, key_id, seen_ct, at_ms)"
             " VALUES (1, 'one', 'other', %lld, x'00', 1), (2, 'two', 'other', %lld, x'00', 1)",
             (long long)key, (long long)key);
    assert_int_equal(store_script(home.store, script), OK);
    home_close(&home);
    assert_int_equal(open_folder(&home, why), ERR_INVALID);
    assert_non_null(strstr(why, "one key is held twice"));
    home_close(&home);
}

/* ---- which rows hold keys is what the inventory says: one more table wants one more row here ----
 */

static void fill_with_keys(void)
{
    struct home home;
    char why[HOME_WHY_MAX], script[1500];
    int64_t keys[6];
    assert_int_equal(open_folder(&home, why), OK);
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_int_equal(keys_take(home.keys, &keys[i]), OK);
    }
    snprintf(
        script, sizeof(script),
        "INSERT INTO account (id, public_id, avatar_name, name_skeleton, name_look,"
        " skeleton_version, key_id, country, age_band, role, state, language, avatar, colours,"
        " created_at_ms, seen_at_ms) VALUES (1, 'a', 'Ana', 'ana', 'ana', '1', %lld, 'ID',"
        " '18', 'member', 'active', 'en', 'mia', '[]', 0, 0);"
        "INSERT INTO guardian (id, public_id, key_id, page_key_id, state, country, language,"
        " email_ct, link_hash, created_at_ms, mailed_at_ms) VALUES"
        " (1, 'g', %lld, %lld, 'asked', 'DE', 'en', x'00', x'00', 1, 1);"
        "INSERT INTO report (id, public_id, reason, key_id, seen_ct, at_ms) VALUES"
        " (1, 'r', 'other', %lld, x'00', 1), (2, 's', 'other', %lld, x'00', 1);"
        "INSERT INTO request (id, public_id, kind, state, own_key_id, country, language,"
        " made_ms, from_ms, due_ms) VALUES (1, 'q', 'access', 'open', %lld, 'ID', 'en', 1, 1, 1)",
        (long long)keys[0], (long long)keys[1], (long long)keys[2], (long long)keys[3],
        (long long)keys[4], (long long)keys[5]);
    assert_int_equal(store_script(home.store, script), OK);
    home_close(&home);
}

static void set_key(const char *table, const char *column, int row, int64_t key)
{
    struct store *store = NULL;
    char url[80], why[256], script[200];
    snprintf(url, sizeof(url), "sqlite:%s/world.db", folder);
    snprintf(script, sizeof(script), "UPDATE %s SET %s = %lld WHERE id = %d", table, column,
             (long long)key, row);
    assert_int_equal(store_open(&(struct store_options){.url = url}, &store, why), OK);
    assert_int_equal(store_script(store, script), OK);
    store_close(store);
}

/* Missed when the key store lacks it, never given out again, and held by no other row. */
static void a_key_counts_whichever_row_holds_it(const char *table, const char *column, int64_t key)
{
    struct home home;
    char why[HOME_WHY_MAX];
    int64_t next = 0;
    set_key(table, column, 1, key);
    assert_int_equal(open_folder(&home, why), ERR_INVALID);
    home_close(&home);
    if (!strstr(why, ": 1 keys are missing")) {
        fail_msg("%s.%s: %s", table, column, why);
    }
    assert_int_equal(open_folder_to(HOME_GIVE_UP, &home, why), OK);
    assert_int_equal(keys_take(home.keys, &next), OK);
    home_close(&home);
    assert_true(next > key);
    set_key("report", "key_id", 2, key);
    assert_int_equal(open_folder(&home, why), ERR_INVALID);
    home_close(&home);
    if (!strstr(why, "one key is held twice")) {
        fail_msg("%s.%s: %s", table, column, why);
    }
    set_key("report", "key_id", 2, next);
    assert_int_equal(open_folder(&home, why), OK);
    home_close(&home);
}

static void every_key_that_a_row_holds_is_known_at_the_start(void **state UNUSED)
{
    int64_t key = 1000;
    fill_with_keys();
    for (const struct inventory_table *table = inventory_tables; table->name; table++) {
        for (const struct inventory_column *one = table->columns; one->name; one++) {
            if (one->key && strcmp(one->key, "borrowed") != 0) {
                a_key_counts_whichever_row_holds_it(table->name, one->name, key *= 2);
            }
        }
    }
    assert_true(key > 1000);
}

/* Whoever a parent has said yes for has one key with the request: the words go with the account. */
static void a_request_to_a_parent_has_its_accounts_key(void **state UNUSED)
{
    struct home home;
    char why[HOME_WHY_MAX];
    int64_t key = 0;
    fill_with_keys();
    assert_int_equal(open_folder(&home, why), OK);
    assert_int_equal(keys_take(home.keys, &key), OK);
    home_close(&home);
    set_key("guardian", "key_id", 1, key);
    set_key("account", "key_id", 1, key);
    assert_int_equal(open_folder(&home, why), OK);
    home_close(&home);
    set_key("guardian", "page_key_id", 1, key);
    assert_int_equal(open_folder(&home, why), ERR_INVALID);
    home_close(&home);
    assert_non_null(strstr(why, "one key is held twice (by Ana)"));
}

/* A newer program, started by mistake beside the one that serves, must not bring its schema. */
static void a_second_node_is_refused_before_it_changes_anything(void **state UNUSED)
{
    struct test_store test;
    struct store_sole *first = NULL;
    struct home home = {.lock_fd = -1, .settings = {.memory_mb = 64, .workers = 2}};
    char why[HOME_WHY_MAX];
    if (!test_store_has_pg()) {
        print_message("# PostgreSQL left out: BAUTA_TEST_PG is not set\n");
        return;
    }
    test_store_new(true, false, &test);
    assert_int_equal(store_sole_new(test.url, "bauta at quay, process 7", SOLE_WATCH_MS, no_matter,
                                    NULL, &first, why),
                     OK);
    home.settings.data = strdup(folder);
    home.settings.database = strdup(test.url);
    assert_int_equal(home_open(&home, HOME_MIGRATE, why), ERR_CONFLICT);
    assert_non_null(strstr(why, "bauta at quay, process 7"));
    log_threshold(LOG_ERROR + 1);
    assert_int_not_equal(store_script(test.store, "DELETE FROM meta"), OK); /* no such table */
    log_threshold(LOG_ERROR);
    home_close(&home);
    store_sole_free(first);
    home.settings.data = strdup(folder);
    home.settings.database = strdup(test.url);
    home.settings.memory_mb = 64;
    assert_int_equal(home_open(&home, HOME_MIGRATE, why), OK);
    assert_int_equal(store_script(test.store, "DELETE FROM meta WHERE name = ''"), OK);
    home_close(&home);
    test_store_free(&test);
}

static void count_lines(void *ctx, const char *said)
{
    *(size_t *)ctx += strchr(said, '\n') != NULL;
}

/* A server that runs is asked this, too. */
static void what_was_set_in_the_pages_is_told_or_refused_when_memory_runs_out(void **state UNUSED)
{
    struct home home;
    char why[HOME_WHY_MAX];
    size_t told = 0, refused = 0;
    assert_int_equal(open_folder(&home, why), OK);
    assert_int_equal(store_script(home.store, "INSERT INTO site_setting (name, value, version,"
                                              " changed_ms) VALUES ('of_another', 'x', 1, 1)"),
                     OK);
    arena_fail_unguarded(true);
    for (uint64_t nth = 1; !told; nth++) {
        arena_fail_at(nth, nth % 2);
        refused += home_settings_tell(&home, count_lines, &told) != OK;
        arena_fail_at(0, false);
    }
    arena_fail_unguarded(false);
    assert_true(refused > 1);
    home_close(&home);
}

int main(void)
{
#define HOME_TEST(name_) cmocka_unit_test_setup_teardown(name_, folder_make, folder_end)
    log_threshold(LOG_ERROR);
    atomic_store(&room, -1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_said_with_its_folder),
        cmocka_unit_test(terms_that_cannot_be_shown_stop_the_start),
        HOME_TEST(every_key_that_a_row_holds_is_known_at_the_start),
        HOME_TEST(a_request_to_a_parent_has_its_accounts_key),
        HOME_TEST(a_key_id_is_given_out_once_though_killed_and_its_file_shortened),
        HOME_TEST(a_key_that_two_hold_stops_the_start),
        HOME_TEST(what_was_set_in_the_pages_is_told_or_refused_when_memory_runs_out),
        HOME_TEST(a_second_node_is_refused_before_it_changes_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
