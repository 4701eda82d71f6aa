#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/log.h"
#include "sandbox/sandbox.h"

/*
 * Workers that do not come to an end by themselves (tests/worker/tricks.c): one that computes and
 * one that waits, for ever.
 */
enum { AT_ONCE = 2, SOON_MS = 300, PATIENCE_MS = 20000 };

static char path[PATH_MAX];

static struct sandbox *tricky(void)
{
    struct sandbox *sandbox = NULL;
    assert_int_equal(sandbox_new(path, &sandbox), OK);
    return sandbox;
}

static enum err play(struct sandbox *sandbox, const char *trick, char ret_code[64])
{
    struct arena *arena = arena_new(8 << 20);
    struct call call = {.arena = arena, .sandbox = sandbox};
    struct sandbox_pages pages;
    enum err err = sandbox_form(&call, (const uint8_t *)trick, strlen(trick), &pages);
    snprintf(ret_code, 64, "%s", err == OK ? "" : call.fail_code);
    arena_free(arena);
    return err;
}

static size_t open_files(void)
{
    size_t count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir)) {
        count++;
    }
    closedir(dir);
    return count;
}

/* A file of a process, up to its first `cap - 1` bytes; "" when it is gone. */
static void read_proc(int pid, const char *name, char *ret, size_t cap)
{
    char at[64];
    snprintf(at, sizeof(at), "/proc/%d/%s", pid, name);
    FILE *file = fopen(at, "r");
    size_t len = file ? fread(ret, 1, cap - 1, file) : 0;
    ret[len] = '\0';
    if (file) {
        fclose(file);
    }
}

/* The processes that this one began and that are not over, at most AT_ONCE + 1. */
static size_t workers(int ret_pids[AT_ONCE + 1])
{
    size_t count = 0;
    DIR *dir = opendir("/proc");
    struct dirent *entry;
    while (count <= AT_ONCE && dir && (entry = readdir(dir))) {
        char stat_[512], state = ' ';
        int pid = atoi(entry->d_name), parent = 0;
        if (pid > 0) {
            read_proc(pid, "stat", stat_, sizeof(stat_));
            const char *rest = strrchr(stat_, ')');
            if (rest && sscanf(rest, ") %c %d", &state, &parent) == 2 && parent == getpid() &&
                state != 'Z') {
                ret_pids[count++] = pid;
            }
        }
    }
    closedir(dir);
    return count;
}

struct player {
    pthread_t thread;
    struct sandbox *sandbox;
    enum err err;
    char code[64];
};

static void *run_player(void *arg)
{
    struct player *player = arg;
    player->err = play(player->sandbox, "TRICK wait", player->code);
    return NULL;
}

/* As many as run at once, waiting; their ids. */
static void begin_all(struct sandbox *sandbox, struct player players[AT_ONCE],
                      int ret_pids[AT_ONCE + 1])
{
    for (int i = 0; i < AT_ONCE; i++) {
        players[i] = (struct player){.sandbox = sandbox};
        assert_int_equal(pthread_create(&players[i].thread, NULL, run_player, &players[i]), 0);
    }
    for (int waited = 0; workers(ret_pids) < AT_ONCE; waited++) {
        assert_true(waited < PATIENCE_MS);
        (void)poll(NULL, 0, 1);
    }
}

static void end_all(struct player players[AT_ONCE], const int pids[AT_ONCE])
{
    for (int i = 0; i < AT_ONCE; i++) {
        assert_int_equal(kill(pids[i], SIGKILL), 0);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        pthread_join(players[i].thread, NULL);
        assert_int_equal(players[i].err, ERR_INVALID);
        assert_string_equal(players[i].code, "sandbox.broken");
    }
}

static void a_worker_that_hangs_is_ended_in_time(void **state UNUSED)
{
    static const char *const tricks[] = {"TRICK spin", "TRICK wait"};
    struct sandbox *sandbox = tricky();
    size_t before = open_files();
    char code[64];
    int pids[AT_ONCE + 1];
    sandbox_time(sandbox, SOON_MS);
    for (size_t i = 0; i < COUNT(tricks); i++) {
        assert_int_equal(play(sandbox, tricks[i], code), ERR_INVALID);
        assert_string_equal(code, "sandbox.broken");
    }
    assert_int_equal(sandbox_deaths(sandbox), 0); /* it was time, each time */
    assert_int_equal(workers(pids), 0);
    assert_int_equal(open_files(), before);
    sandbox_free(sandbox);
}

static void few_run_at_once_and_leave_nothing_behind(void **state UNUSED)
{
    struct sandbox *sandbox = tricky();
    struct player players[AT_ONCE];
    int pids[AT_ONCE + 1];
    char code[64];
    size_t before = open_files();
    begin_all(sandbox, players, pids);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(play(sandbox, "no trick", code), ERR_BUSY);
        assert_string_equal(code, "sandbox.busy");
    }
    assert_int_equal(workers(pids), AT_ONCE);
    end_all(players, pids);
    assert_int_equal(workers(pids), 0);
    assert_int_equal(open_files(), before);
    assert_int_equal(play(sandbox, "no trick", code), ERR_INVALID); /* there is room again */
    assert_string_equal(code, "sandbox.type");
    sandbox_free(sandbox);
}

/* The system's own bounds hold where the server that would end a worker does not get to it. */
static void what_a_worker_may_use_is_bounded(void **state UNUSED)
{
    static const struct {
        const char *name, *most;
    } bounds[] = {{"Max cpu time", "8"},   {"Max address space", "671088640"},
                  {"Max file size", "0"},  {"Max processes", "0"},
                  {"Max open files", "0"}, {"Max core file size", "0"}};
    struct sandbox *sandbox = tricky();
    struct player players[AT_ONCE];
    int pids[AT_ONCE + 1];
    char limits[4096];
    begin_all(sandbox, players, pids);
    for (size_t i = 0; i < COUNT(bounds); i++) {
        char soft[32] = "", hard[32] = "";
        for (int waited = 0; strcmp(soft, bounds[i].most) != 0; waited++) { /* it locks itself */
            read_proc(pids[0], "limits", limits, sizeof(limits));
            const char *line = strstr(limits, bounds[i].name);
            assert_non_null(line);
            assert_int_equal(sscanf(line + strlen(bounds[i].name), "%31s %31s", soft, hard), 2);
            assert_true(waited < PATIENCE_MS);
            (void)poll(NULL, 0, 1);
        }
        assert_string_equal(hard, bounds[i].most);
    }
    end_all(players, pids);
    sandbox_free(sandbox);
}

static int start(void **state UNUSED)
{
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 64);
    path[len > 0 ? len : 0] = '\0';
    snprintf(strrchr(path, '/'), 32, "/bauta-worker-tricks");
    crypto_start();
    log_threshold(LOG_ERROR);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_worker_that_hangs_is_ended_in_time),
        cmocka_unit_test(few_run_at_once_and_leave_nothing_behind),
        cmocka_unit_test(what_a_worker_may_use_is_bounded),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
