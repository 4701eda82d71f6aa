#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "privacy/keys.h"
#include "tests/support/test_keys.h"

/* The key file: overwriting, a disk that is full, processes that are killed. */

enum { MORE_THAN_CACHED = 9000, KILLS = 30, KILL_WITHIN_US = 15000 };

static int open_on(void **state)
{
    test_keys_new(*(const bool *)*state);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    test_keys_free();
    return 0;
}

static void master_path(char ret[160])
{
    snprintf(ret, 160, "%.127s/master", test_keys.dir);
}

static size_t file_read(const char *name, uint8_t **ret)
{
    char path[200];
    struct stat stat_;
    snprintf(path, sizeof(path), "%.127s/%s", test_keys.dir, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && fstat(file, &stat_) == 0);
    *ret = arena_alloc(test_keys.arena, (size_t)stat_.st_size + 1);
    assert_int_equal(read(file, *ret, (size_t)stat_.st_size), stat_.st_size);
    close(file);
    return (size_t)stat_.st_size;
}

static void burning_overwrites_the_record_where_it_stands(void **state)
{
    (void)state;
    uint8_t *before, *after;
    struct sealed sealed = test_keys_seal("x");
    size_t len = file_read("members", &before);
    size_t at = 4096 + (size_t)(sealed.key_id - 1) * 128 + 16;
    assert_int_equal(keys_burn(test_keys.keys, sealed.key_id), OK);
    assert_int_equal(file_read("members", &after), len);
    for (size_t i = 0; i < 72; i++) {
        assert_int_equal(after[at + i], 0);
    }
    assert_null(memmem(after, len, before + at, 16));
    assert_memory_equal(after, before, at - 16); /* its neighbours stay */
}

static void more_members_than_the_cache_holds_are_no_problem(void **state)
{
    (void)state;
    struct arena *big = arena_new(64 << 20);
    struct sealed *all = arena_alloc(big, MORE_THAN_CACHED * sizeof(*all));
    for (int i = 0; i < MORE_THAN_CACHED; i++) {
        all[i] = test_keys_seal("m");
        uint8_t *copy = arena_alloc(big, all[i].len);
        memcpy(copy, all[i].at, all[i].len);
        all[i].at = copy;
        arena_reset(test_keys.arena);
    }
    for (int i = 0; i < MORE_THAN_CACHED; i++) {
        const char *text = NULL;
        assert_int_equal(test_keys_unseal(&all[i], &text), OK);
        arena_reset(test_keys.arena);
    }
    arena_free(big);
}

static void a_refilled_pool_needs_no_disk_when_a_key_is_taken(void **state)
{
    (void)state;
    uint8_t *bytes;
    int64_t id;
    assert_int_equal(keys_refill(test_keys.keys), OK);
    size_t before = file_read("members", &bytes);
    for (int i = 0; i < KEYS_POOL_MIN; i++) {
        assert_int_equal(keys_take(test_keys.keys, &id), OK);
    }
    assert_int_equal(file_read("members", &bytes), before);
    assert_int_equal(keys_refill(test_keys.keys), OK);
    assert_true(file_read("members", &bytes) >= before);
}

static void a_full_disk_makes_no_half_keys(void **state)
{
    (void)state;
    uint8_t *bytes;
    struct rlimit old, small;
    int64_t id, last = 0;
    size_t len = file_read("members", &bytes);
    getrlimit(RLIMIT_FSIZE, &old);
    small = (struct rlimit){len + 1000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    enum err err = OK;
    for (int i = 0; i < 1000 && err == OK; i++) {
        err = keys_take(test_keys.keys, &id);
        last = err == OK ? id : last;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(err, ERR_BUSY);
    struct sealed sealed = test_keys_seal("after");
    const char *text = NULL;
    assert_true(sealed.key_id > last);
    assert_int_equal(test_keys_open(NULL), OK);
    assert_int_equal(test_keys_unseal(&sealed, &text), OK);
}

/* ---- kill -9 ---- */

struct promise {
    int64_t key_id;
    size_t len;
    uint8_t sealed[64];
};

static void take_until_killed(int out)
{
    struct keys_options how = test_keys_options(NULL);
    test_keys.keys = NULL;
    if (keys_open(&how, &test_keys.keys, test_keys.why) != OK) {
        _exit(1);
    }
    for (;;) {
        struct promise promise = {0};
        struct call call = test_keys_call();
        struct sealed sealed;
        arena_reset(test_keys.arena);
        if (keys_take(test_keys.keys, &promise.key_id) != OK ||
            sealed_text(&call, promise.key_id, TEST_KEYS_CONTEXT, "promise", &sealed) != OK) {
            _exit(1);
        }
        promise.len = sealed.len;
        memcpy(promise.sealed, sealed.at, promise.len);
        if (write(out, &promise, sizeof(promise)) != sizeof(promise)) {
            _exit(1);
        }
    }
}

static void a_kill_at_any_moment_leaves_a_whole_store(void **state)
{
    (void)state;
    unsigned chance = (unsigned)time(NULL);
    int64_t highest = 0;
    print_message("seed %u\n", chance);
    keys_close(test_keys.keys);
    test_keys.keys = NULL;
    store_close(test_keys.database.store); /* no thread of ours may be there when we fork */
    test_keys.database.store = NULL;
    if (!test_keys.pg) { /* the making of the store and of the master key may be cut too */
        char path[200];
        snprintf(path, sizeof(path), "%.127s/members", test_keys.dir);
        unlink(path);
        master_path(path);
        unlink(path);
    }
    for (int i = 0; i < KILLS; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            take_until_killed(ends[1]);
        }
        close(ends[1]);
        unsigned within = i < KILLS / 2 ? KILL_WITHIN_US / 20 : KILL_WITHIN_US;
        nanosleep(&(struct timespec){.tv_nsec = (long)(rand_r(&chance) % within) * 1000}, NULL);
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); /* it never found the store unusable */
        assert_int_equal(test_keys_open(NULL), OK);
        struct promise promise;
        while (read(ends[0], &promise, sizeof(promise)) == sizeof(promise)) {
            struct sealed sealed = {promise.key_id, promise.sealed, promise.len};
            const char *text = NULL;
            arena_reset(test_keys.arena);
            assert_int_equal(test_keys_unseal(&sealed, &text), OK);
            assert_string_equal(text, "promise");
            assert_true(test_keys.pg || promise.key_id > highest);
            highest = promise.key_id;
        }
        close(ends[0]);
        keys_close(test_keys.keys);
        test_keys.keys = NULL;
    }
    assert_int_equal(test_keys_open(NULL), OK);
}

static void a_second_process_may_not_open_the_files(void **state)
{
    (void)state;
    struct keys_options how = test_keys_options(NULL);
    struct keys *second = NULL;
    assert_int_equal(keys_open(&how, &second, test_keys.why), ERR_BUSY);
}

/* clang-format off */
#define T(test_, is_pg_) {#test_, test_, open_on, close_it, &is_pg_}
/* clang-format on */

/* An older copy, or one that lost its end: what the database uses is missed and not given anew. */
static void a_shortened_file_gives_no_id_out_twice(void **state)
{
    enum { RECORDS_LEFT = 3 };
    (void)state;
    char path[200];
    enum key_state found[2];
    int64_t used = 0, next = 0;
    for (int i = 0; i < 10; i++) {
        assert_int_equal(keys_take(test_keys.keys, &used), OK);
    }
    int64_t ids[2] = {RECORDS_LEFT, used};
    struct keys_options how = test_keys_options(NULL);
    keys_close(test_keys.keys);
    test_keys.keys = NULL;
    snprintf(path, sizeof(path), "%.127s/members", test_keys.dir);
    assert_int_equal(truncate(path, 4096 + RECORDS_LEFT * 128), 0);
    how.used_max = used;
    assert_int_equal(keys_open(&how, &test_keys.keys, test_keys.why), OK);
    assert_int_equal(keys_take(test_keys.keys, &next), OK);
    assert_true(next > used);
    assert_true(keys_high(test_keys.keys) >= next);
    assert_int_equal(keys_compare(test_keys.keys, ids, 2, found), OK);
    assert_int_equal(found[0], KEY_GOOD);
    assert_int_equal(found[1], KEY_GONE);
    assert_int_equal(keys_burn(test_keys.keys, used), OK); /* given up: never given out again */
    assert_int_equal(keys_compare(test_keys.keys, ids, 2, found), OK);
    assert_int_equal(found[1], KEY_BURNED);
}

static void a_record_that_does_not_open_is_told_from_one_that_is_gone(void **state)
{
    (void)state;
    char path[200];
    enum key_state found = KEY_GOOD;
    struct sealed sealed = test_keys_seal("x");
    static const uint8_t noise[8] = {0xff, 1, 2, 3};
    snprintf(path, sizeof(path), "%.127s/members", test_keys.dir);
    int file = open(path, O_RDWR | O_CLOEXEC);
    off_t record = 4096 + (off_t)(sealed.key_id - 1) * 128;
    assert_int_equal(pwrite(file, noise, sizeof(noise), record + 20), sizeof(noise));
    assert_int_equal(keys_compare(test_keys.keys, &sealed.key_id, 1, &found), OK);
    assert_int_equal(found, KEY_DAMAGED);
    static const uint8_t zeros[128];
    assert_int_equal(pwrite(file, zeros, sizeof(zeros), record), sizeof(zeros));
    assert_int_equal(keys_compare(test_keys.keys, &sealed.key_id, 1, &found), OK);
    assert_int_equal(found, KEY_GONE);
    close(file);
}

int main(void)
{
    static bool lite = false, pg = true;
    log_threshold(LOG_ERROR);
    const struct CMUnitTest in_files[] = {
        T(burning_overwrites_the_record_where_it_stands, lite),
        T(more_members_than_the_cache_holds_are_no_problem, lite),
        T(a_refilled_pool_needs_no_disk_when_a_key_is_taken, lite),
        T(a_full_disk_makes_no_half_keys, lite),
        T(a_kill_at_any_moment_leaves_a_whole_store, lite),
        T(a_second_process_may_not_open_the_files, lite),
        T(a_shortened_file_gives_no_id_out_twice, lite),
        T(a_record_that_does_not_open_is_told_from_one_that_is_gone, lite),
    };
    const struct CMUnitTest in_pg[] = {
        T(a_kill_at_any_moment_leaves_a_whole_store, pg),
    };
    int failed = cmocka_run_group_tests_name("in files", in_files, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests_name("on PostgreSQL", in_pg, NULL, NULL);
    }
    return failed;
}
