#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
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
#include "tests/support/test_store.h"

/* Member keys, in files and in a second PostgreSQL database. */

enum { THREADS = 4, EACH = 100, MORE_THAN_CACHED = 9000, KILLS = 30, KILL_WITHIN_US = 15000 };

static const char context[] = "account.email_ct";
static char dir[128], keys_url[512];
static struct test_store database; /* the members' one, for its folder or its name */
static bool on_pg;
static int64_t now_ms;
static struct keys *keys;
static struct arena *arena;
static char why[KEYS_WHY_MAX];

static int64_t clock_ms(void)
{
    return now_ms;
}

static struct keys_options options(const char *expected)
{
    return (struct keys_options){.dir = dir,
                                 .url = on_pg ? keys_url : NULL,
                                 .expected_id = expected,
                                 .clock_ms = clock_ms,
                                 .database = on_pg ? database.store : NULL};
}

static enum err open_again(const char *expected)
{
    struct keys_options how = options(expected);
    keys_close(keys);
    keys = NULL;
    why[0] = '\0';
    return keys_open(&how, &keys, why);
}

/* The same cluster's database `keys` instead of `world`. */
static void make_keys_url(void)
{
    const char *url = getenv("BAUTA_TEST_PG");
    const char *name = strstr(url, "/world");
    assert_non_null(name);
    snprintf(keys_url, sizeof(keys_url), "%.*s/keys%s", (int)(name - url), url, name + 6);
}

static int open_on(void **state)
{
    on_pg = *(const bool *)*state;
    now_ms = 1800000000000;
    test_store_new(on_pg, false, &database);
    if (on_pg) {
        char script[] = "DROP TABLE IF EXISTS key_store, member_key";
        struct store *store = NULL;
        make_keys_url();
        struct store_options at = {.url = keys_url, .pool = 1};
        assert_int_equal(store_open(&at, &store, why), OK);
        assert_int_equal(store_script(store, script), OK);
        store_close(store);
        snprintf(dir, sizeof(dir), "/tmp/bauta-keys.XXXXXX");
        assert_non_null(mkdtemp(dir));
    } else {
        snprintf(dir, sizeof(dir), "%s/keys", database.folder);
    }
    arena = arena_new(8 << 20);
    assert_int_equal(open_again(NULL), OK);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    keys_close(keys);
    keys = NULL;
    arena_free(arena);
    if (on_pg) {
        char path[160];
        snprintf(path, sizeof(path), "%s/master", dir);
        unlink(path);
        rmdir(dir);
    }
    test_store_free(&database);
    return 0;
}

static struct call call_now(void)
{
    return (struct call){.arena = arena, .keys = keys, .now_ms = now_ms};
}

struct sealed {
    int64_t key_id;
    const uint8_t *at;
    size_t len;
};

static struct sealed seal(const char *text)
{
    struct call call = call_now();
    struct sealed sealed = {0};
    assert_int_equal(keys_take(keys, &sealed.key_id), OK);
    assert_int_equal(keys_seal(&call, sealed.key_id, context, text, &sealed.at, &sealed.len), OK);
    return sealed;
}

static enum err unseal(const struct sealed *sealed, const char **ret)
{
    struct call call = call_now();
    return keys_open_text(&call, sealed->key_id, context, sealed->at, sealed->len, ret);
}

static void a_sealed_text_opens_with_its_own_key_and_place_only(void **state)
{
    (void)state;
    struct sealed sealed = seal("ada@example.org");
    struct sealed other = seal("x");
    const char *text = NULL;
    assert_int_equal(unseal(&sealed, &text), OK);
    assert_string_equal(text, "ada@example.org");
    struct sealed wrong = {other.key_id, sealed.at, sealed.len};
    assert_int_equal(unseal(&wrong, &text), ERR_BROKEN);
    struct call call = call_now();
    assert_int_equal(
        keys_open_text(&call, sealed.key_id, "account.birth_ct", sealed.at, sealed.len, &text),
        ERR_BROKEN);
    assert_int_equal(keys_open_text(&call, sealed.key_id, context, sealed.at, 10, &text),
                     ERR_BROKEN);
}

static void a_key_is_there_after_a_restart(void **state)
{
    (void)state;
    struct sealed sealed = seal("kept");
    const char *text = NULL;
    assert_int_equal(open_again(NULL), OK);
    assert_int_equal(unseal(&sealed, &text), OK);
    assert_string_equal(text, "kept");
}

static void a_burned_key_opens_nothing_ever_again(void **state)
{
    (void)state;
    struct sealed sealed = seal("forgotten");
    const char *text = NULL;
    assert_int_equal(unseal(&sealed, &text), OK); /* so it is in the cache */
    assert_int_equal(keys_burn(keys, sealed.key_id), OK);
    assert_int_equal(unseal(&sealed, &text), ERR_MISSING);
    struct call call = call_now();
    assert_int_equal(keys_seal(&call, sealed.key_id, context, "again", &sealed.at, &sealed.len),
                     ERR_MISSING);
    assert_string_equal(call.fail_code, "keys.burned");
    assert_int_equal(keys_burn(keys, sealed.key_id), OK);
    assert_int_equal(open_again(NULL), OK);
    assert_int_equal(unseal(&sealed, &text), ERR_MISSING);
}

static size_t file_read(const char *name, uint8_t **ret)
{
    char path[200];
    struct stat stat_;
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0 && fstat(file, &stat_) == 0);
    *ret = arena_alloc(arena, (size_t)stat_.st_size + 1);
    assert_int_equal(read(file, *ret, (size_t)stat_.st_size), stat_.st_size);
    close(file);
    return (size_t)stat_.st_size;
}

static void burning_overwrites_the_record_where_it_stands(void **state)
{
    (void)state;
    uint8_t *before, *after;
    struct sealed sealed = seal("x");
    size_t len = file_read("members", &before);
    size_t at = 4096 + (size_t)(sealed.key_id - 1) * 128 + 16;
    assert_int_equal(keys_burn(keys, sealed.key_id), OK);
    assert_int_equal(file_read("members", &after), len);
    for (size_t i = 0; i < 72; i++) {
        assert_int_equal(after[at + i], 0);
    }
    assert_null(memmem(after, len, before + at, 16));
    assert_memory_equal(after, before, at - 16); /* its neighbours stay */
}

static _Atomic int64_t taken[THREADS * EACH];

static void *take_main(void *arg)
{
    size_t first = (size_t) * (const int *)arg * EACH;
    for (size_t i = 0; i < EACH; i++) {
        int64_t id = 0;
        assert_int_equal(keys_take(keys, &id), OK);
        atomic_store(&taken[first + i], id);
    }
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void no_key_is_handed_out_twice_not_even_after_a_restart(void **state)
{
    (void)state;
    int64_t ids[THREADS * EACH * 2];
    for (int round = 0; round < 2; round++) {
        pthread_t threads[THREADS];
        int numbers[THREADS];
        for (int i = 0; i < THREADS; i++) {
            numbers[i] = i;
            pthread_create(&threads[i], NULL, take_main, &numbers[i]);
        }
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], NULL);
        }
        for (int i = 0; i < THREADS * EACH; i++) {
            ids[round * THREADS * EACH + i] = atomic_load(&taken[i]);
        }
        assert_int_equal(open_again(NULL), OK);
    }
    qsort(ids, COUNT(ids), sizeof(ids[0]), by_id);
    for (size_t i = 1; i < COUNT(ids); i++) {
        assert_true(ids[i] != ids[i - 1]);
    }
}

static void more_members_than_the_cache_holds_are_no_problem(void **state)
{
    (void)state;
    struct arena *big = arena_new(64 << 20);
    struct sealed *all = arena_alloc(big, MORE_THAN_CACHED * sizeof(*all));
    for (int i = 0; i < MORE_THAN_CACHED; i++) {
        all[i] = seal("m");
        uint8_t *copy = arena_alloc(big, all[i].len);
        memcpy(copy, all[i].at, all[i].len);
        all[i].at = copy;
        arena_reset(arena);
    }
    for (int i = 0; i < MORE_THAN_CACHED; i++) {
        const char *text = NULL;
        assert_int_equal(unseal(&all[i], &text), OK);
        arena_reset(arena);
    }
    arena_free(big);
}

struct used {
    int64_t id;
    size_t asked;
};

static bool is_used(void *ctx, int64_t key_id)
{
    struct used *used = ctx;
    used->asked++;
    return key_id == used->id;
}

static void keys_that_nobody_uses_are_swept_and_no_others(void **state)
{
    (void)state;
    const int64_t hour = 3600 * 1000;
    struct sealed member = seal("member"), lost = seal("never committed");
    struct used used = {.id = member.key_id};
    const char *text = NULL;
    size_t burned = 99;
    now_ms += KEYS_POOL_LIFE_MS;
    assert_int_equal(keys_sweep(keys, is_used, &used, now_ms, hour, &burned), OK);
    assert_int_equal(burned, 0); /* might have been taken just now */
    now_ms += hour + 1;
    assert_int_equal(keys_sweep(keys, is_used, &used, now_ms, hour, &burned), OK);
    assert_int_equal(burned, 1);
    assert_int_equal(unseal(&lost, &text), ERR_MISSING);
    assert_int_equal(unseal(&member, &text), OK);
    struct sealed fresh = seal("from the pool");
    assert_int_equal(unseal(&fresh, &text), OK);
}

static void a_refilled_pool_needs_no_disk_when_a_key_is_taken(void **state)
{
    (void)state;
    uint8_t *bytes;
    int64_t id;
    assert_int_equal(keys_refill(keys), OK);
    size_t before = file_read("members", &bytes);
    for (int i = 0; i < KEYS_POOL_MIN; i++) {
        assert_int_equal(keys_take(keys, &id), OK);
    }
    assert_int_equal(file_read("members", &bytes), before);
    assert_int_equal(keys_refill(keys), OK);
    assert_true(file_read("members", &bytes) >= before);
}

static void blind_hashes_are_the_same_later_and_tell_fields_apart(void **state)
{
    (void)state;
    uint8_t one[HASH_BYTES], same[HASH_BYTES], other[HASH_BYTES];
    struct call call = call_now();
    assert_int_equal(keys_blind(&call, "account.email", "ada@example.org", one), OK);
    assert_int_equal(keys_blind(&call, "cookie.age", "ada@example.org", other), OK);
    assert_memory_not_equal(one, other, HASH_BYTES);
    assert_int_equal(open_again(NULL), OK);
    call = call_now();
    assert_int_equal(keys_blind(&call, "account.email", "ada@example.org", same), OK);
    assert_memory_equal(one, same, HASH_BYTES);
}

/* ---- what must not open ---- */

static void master_path(char ret[160])
{
    snprintf(ret, 160, "%s/master", dir);
}

static void write_master(const char *bytes, size_t len, mode_t mode)
{
    char path[160];
    master_path(path);
    unlink(path);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
    assert_int_equal(write(file, bytes, len), len);
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void another_or_damaged_master_key_is_refused(void **state)
{
    (void)state;
    static const char other[33] = "0123456789abcdef0123456789abcdef";
    char path[160];
    write_master(other, 32, 0600);
    assert_int_equal(open_again(NULL), ERR_INVALID);
    assert_non_null(strstr(why, "another master key"));
    write_master(other, 31, 0600);
    assert_int_equal(open_again(NULL), ERR_INVALID);
    assert_non_null(strstr(why, "32 bytes"));
    write_master(other, 32, 0640);
    assert_int_equal(open_again(NULL), ERR_INVALID);
    assert_non_null(strstr(why, "chmod 600"));
    master_path(path);
    unlink(path);
    assert_int_equal(open_again(NULL), ERR_INVALID);
    assert_non_null(strstr(why, "cannot be read")); /* and no new one is made */
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_lost_or_foreign_key_store_is_refused(void **state)
{
    (void)state;
    char id[KEYS_ID_MAX], path[200];
    keys_id(keys, id);
    assert_int_equal(open_again(id), OK);
    assert_int_equal(open_again("0123456789abcdef0123456789abcdef"), ERR_INVALID);
    assert_non_null(strstr(why, "another database"));
    if (!on_pg) {
        snprintf(path, sizeof(path), "%s/members", dir);
        unlink(path);
        assert_int_equal(open_again(id), ERR_INVALID);
        assert_non_null(strstr(why, "lost"));
        assert_int_not_equal(access(path, F_OK), 0);
    }
}

static void keys_beside_their_data_are_refused(void **state)
{
    (void)state;
    snprintf(keys_url, sizeof(keys_url), "%s", database.url);
    assert_int_equal(open_again(NULL), ERR_INVALID);
    assert_non_null(strstr(why, "another database than the members"));
}

static void a_credential_of_systemd_is_the_master_key(void **state)
{
    (void)state;
    char path[160];
    struct sealed sealed = seal("x");
    const char *text = NULL;
    master_path(path);
    assert_int_equal(chmod(path, 0440), 0); /* as systemd's access list shows */
    struct keys_options how = options(NULL);
    how.master_file = "credential:master";
    setenv("CREDENTIALS_DIRECTORY", dir, 1);
    keys_close(keys);
    keys = NULL;
    assert_int_equal(keys_open(&how, &keys, why), OK);
    assert_int_equal(unseal(&sealed, &text), OK);
    keys_close(keys);
    keys = NULL;
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(keys_open(&how, &keys, why), ERR_INVALID);
    assert_non_null(strstr(why, "LoadCredential"));
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
        err = keys_take(keys, &id);
        last = err == OK ? id : last;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    assert_int_equal(err, ERR_BUSY);
    struct sealed sealed = seal("after");
    const char *text = NULL;
    assert_true(sealed.key_id > last);
    assert_int_equal(open_again(NULL), OK);
    assert_int_equal(unseal(&sealed, &text), OK);
}

/* ---- kill -9 ---- */

struct promise {
    int64_t key_id;
    size_t len;
    uint8_t sealed[64];
};

static void take_until_killed(int out)
{
    struct keys_options how = options(NULL);
    keys = NULL;
    if (keys_open(&how, &keys, why) != OK) {
        _exit(1);
    }
    for (;;) {
        struct promise promise = {0};
        struct call call = call_now();
        const uint8_t *sealed;
        arena_reset(arena);
        if (keys_take(keys, &promise.key_id) != OK ||
            keys_seal(&call, promise.key_id, context, "promise", &sealed, &promise.len) != OK) {
            _exit(1);
        }
        memcpy(promise.sealed, sealed, promise.len);
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
    keys_close(keys);
    keys = NULL;
    store_close(database.store); /* no thread of ours may be there when we fork */
    database.store = NULL;
    if (!on_pg) { /* the making of the store and of the master key may be cut too */
        char path[200];
        snprintf(path, sizeof(path), "%s/members", dir);
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
        assert_int_equal(open_again(NULL), OK);
        struct promise promise;
        while (read(ends[0], &promise, sizeof(promise)) == sizeof(promise)) {
            struct sealed sealed = {promise.key_id, promise.sealed, promise.len};
            const char *text = NULL;
            arena_reset(arena);
            assert_int_equal(unseal(&sealed, &text), OK);
            assert_string_equal(text, "promise");
            assert_true(on_pg || promise.key_id > highest);
            highest = promise.key_id;
        }
        close(ends[0]);
        keys_close(keys);
        keys = NULL;
    }
    assert_int_equal(open_again(NULL), OK);
}

static void a_second_process_may_not_open_the_files(void **state)
{
    (void)state;
    struct keys_options how = options(NULL);
    struct keys *second = NULL;
    assert_int_equal(keys_open(&how, &second, why), ERR_BUSY);
}

#define T(test_, is_pg_, name_)                         \
    {                                                   \
#test_ name_, test_, open_on, close_it, &is_pg_ \
    }
#define BOTH(is_pg_, name_)                                                      \
    T(a_sealed_text_opens_with_its_own_key_and_place_only, is_pg_, name_),       \
        T(a_key_is_there_after_a_restart, is_pg_, name_),                        \
        T(a_burned_key_opens_nothing_ever_again, is_pg_, name_),                 \
        T(no_key_is_handed_out_twice_not_even_after_a_restart, is_pg_, name_),   \
        T(keys_that_nobody_uses_are_swept_and_no_others, is_pg_, name_),         \
        T(blind_hashes_are_the_same_later_and_tell_fields_apart, is_pg_, name_), \
        T(another_or_damaged_master_key_is_refused, is_pg_, name_),              \
        T(a_lost_or_foreign_key_store_is_refused, is_pg_, name_),                \
        T(a_credential_of_systemd_is_the_master_key, is_pg_, name_),             \
        T(a_kill_at_any_moment_leaves_a_whole_store, is_pg_, name_)

int main(void)
{
    static bool lite = false, pg = true;
    log_threshold(LOG_ERROR);
    const struct CMUnitTest in_files[] = {
        BOTH(lite, " (files)"),
        T(burning_overwrites_the_record_where_it_stands, lite, " (files)"),
        T(more_members_than_the_cache_holds_are_no_problem, lite, " (files)"),
        T(a_refilled_pool_needs_no_disk_when_a_key_is_taken, lite, " (files)"),
        T(a_full_disk_makes_no_half_keys, lite, " (files)"),
        T(a_second_process_may_not_open_the_files, lite, " (files)"),
    };
    const struct CMUnitTest in_pg[] = {
        BOTH(pg, " (PostgreSQL)"),
        T(keys_beside_their_data_are_refused, pg, " (PostgreSQL)"),
    };
    int failed = cmocka_run_group_tests(in_files, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests(in_pg, NULL, NULL);
    }
    return failed;
}
