#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <ftw.h>

#include "base/log.h"
#include "commands/bundle.h"
#include "tests/support/folder.h"

/* Backups on a bad day: keys that change meanwhile, a disk that fails at the very end. */
enum { BACKUPS = 12 };

static atomic_bool fold_fails; /* the copy takes no more once it has a log beside it */
static atomic_int folders_synced;

/* These stand before the C library's: libsqlite3 calls the first. */
ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at);
int fsync(int file);

ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at)
{
    char link[64], path[512], side[576];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
    ssize_t name_len = atomic_load(&fold_fails) ? readlink(link, path, sizeof(path) - 1) : 0;
    path[MAX(name_len, 0)] = '\0';
    snprintf(side, sizeof(side), "%s-wal", path);
    struct stat found;
    if (strstr(path, "/copy.db") && stat(side, &found) == 0 && found.st_size > 0) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pwrite64, file, bytes, len, at);
}

int fsync(int file)
{
    struct stat found;
    if (fstat(file, &found) == 0 && S_ISDIR(found.st_mode)) {
        atomic_fetch_add(&folders_synced, 1);
    }
    return (int)syscall(SYS_fsync, file);
}

static char folder[TEST_FOLDER_MAX];

static int remove_one(const char *path, const struct stat *info UNUSED, int kind UNUSED,
                      struct FTW *walk UNUSED)
{
    return remove(path);
}

static int folder_make(void **state UNUSED)
{
    return test_folder("backup", folder) ? 0 : -1;
}

static int folder_end(void **state UNUSED)
{
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void inside(const char *name, char ret[HOME_PATH_MAX])
{
    snprintf(ret, HOME_PATH_MAX, "%s/%s", folder, name);
}

static void home_at(struct home *home, const char *name)
{
    char path[HOME_PATH_MAX];
    inside(name, path);
    mkdir(path, 0700);
    *home = (struct home){.lock_fd = -1, .settings = {.data = strdup(path), .memory_mb = 64}};
}

static void open_home(struct home *home)
{
    char why[HOME_WHY_MAX];
    home_at(home, "home");
    assert_int_equal(home_open(home, HOME_MIGRATE, why), OK);
}

struct changing {
    struct home *home;
    atomic_bool stop;
};

/* As registrations and erasures do, without a pause. */
static void *change_keys(void *arg)
{
    struct changing *changing = arg;
    while (!atomic_load(&changing->stop)) {
        int64_t id = 0;
        if (keys_take(changing->home->keys, &id) != OK ||
            keys_burn(changing->home->keys, id) != OK) {
            return changing;
        }
    }
    return NULL;
}

static void keys_that_change_meanwhile_are_saved_whole(void **state UNUSED)
{
    struct home home;
    char path[HOME_PATH_MAX], text[ADMIN_TEXT_MAX];
    open_home(&home);
    struct changing changing = {.home = &home};
    pthread_t thread;
    void *failed = NULL;
    assert_int_equal(pthread_create(&thread, NULL, change_keys, &changing), 0);
    for (int i = 0; i < BACKUPS; i++) {
        char name[32];
        snprintf(name, sizeof(name), "keys-%d", i);
        inside(name, path);
        assert_int_equal(backup_keys(&home, path, text), OK);
        if (backup_verify(path, text) != OK) {
            fail_msg("%s", text);
        }
    }
    atomic_store(&changing.stop, true);
    pthread_join(thread, &failed);
    assert_null(failed);
    home_close(&home);
}

/* What was taken out of the copy would still stand in the pages that the log did not reach. */
static void a_copy_that_could_not_be_finished_is_no_backup(void **state UNUSED)
{
    struct home home;
    char path[HOME_PATH_MAX], text[ADMIN_TEXT_MAX];
    open_home(&home);
    assert_int_equal(store_script(home.store, "INSERT INTO ticket VALUES (x'01', 'x', NULL, '', 1,"
                                              " 1, 1)"),
                     OK); /* a token's hash: never in a backup */
    inside("world", path);
    log_threshold(LOG_ERROR + 1);
    atomic_store(&fold_fails, true);
    assert_int_not_equal(backup_make(&home, path, text), OK);
    atomic_store(&fold_fails, false);
    log_threshold(LOG_ERROR);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(backup_make(&home, path, text), OK);
    assert_int_equal(backup_verify(path, text), OK);
    home_close(&home);
}

/* As a line of admin.sock may ask, which need not come from our own command. */
static void a_backup_to_no_whole_path_is_refused_and_stops_no_server(void **state UNUSED)
{
    static const char *const paths[] = {"", "world", "../world"};
    struct home home;
    char text[ADMIN_TEXT_MAX];
    open_home(&home);
    for (size_t i = 0; i < COUNT(paths); i++) {
        assert_int_equal(backup_make(&home, paths[i], text), ERR_INVALID);
        assert_int_equal(backup_keys(&home, paths[i], text), ERR_INVALID);
    }
    home_close(&home);
}

static void what_is_said_to_be_saved_is_on_the_disk_with_its_folder(void **state UNUSED)
{
    struct home home, other;
    char path[HOME_PATH_MAX], text[ADMIN_TEXT_MAX];
    open_home(&home);
    inside("keys", path);
    atomic_store(&folders_synced, 0);
    assert_int_equal(backup_keys(&home, path, text), OK);
    assert_true(atomic_load(&folders_synced) >= 1);
    home_close(&home);
    home_at(&other, "other");
    assert_int_equal(home_lock(&other, text), OK);
    atomic_store(&folders_synced, 0);
    assert_int_equal(backup_restore(&other, path, text), OK);
    assert_true(atomic_load(&folders_synced) >= 2); /* the keys', and the one that it is in */
    home_close(&other);
}

int main(void)
{
#define BACKUP_TEST(name_) cmocka_unit_test_setup_teardown(name_, folder_make, folder_end)
    log_threshold(LOG_ERROR);
    crypto_start();
    const struct CMUnitTest tests[] = {
        BACKUP_TEST(keys_that_change_meanwhile_are_saved_whole),
        BACKUP_TEST(a_copy_that_could_not_be_finished_is_no_backup),
        BACKUP_TEST(a_backup_to_no_whole_path_is_refused_and_stops_no_server),
        BACKUP_TEST(what_is_said_to_be_saved_is_on_the_disk_with_its_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
