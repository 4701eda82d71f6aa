#include <errno.h>
#include <fcntl.h>
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

#include "server/home.h"
#include "server/live_glue.h"

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

static void what_happens_before_the_network_is_known_hurts_nobody(void **state)
{
    (void)state;
    const struct settings settings = {.history = 10, .limit_scale = 1};
    struct glue *glue = glue_new(&settings, 2);
    for (int kind = 0; kind <= EVENT_OUTBOX; kind++) {
        struct event event = {
            .kind = (enum event_kind)kind, .account_id = 7, .id = 8, .json = "{\"t\":\"x\"}"};
        glue_event(glue, &event);
    }
    glue_handler(glue)->turn(glue, 0);
    glue_handler(glue)->tick(glue, 1, 0);
    glue_free(glue);
}

int main(void)
{
    atomic_store(&room, -1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_disk_is_said_with_its_folder),
        cmocka_unit_test(what_happens_before_the_network_is_known_hurts_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
