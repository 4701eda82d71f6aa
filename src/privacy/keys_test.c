#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "privacy/keys.h"
#include "tests/support/test_keys.h"

/* Member keys, in files and in a second PostgreSQL database. */

enum { THREADS = 4, EACH = 100 };

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

static void a_sealed_text_opens_with_its_own_key_and_place_only(void **state)
{
    (void)state;
    struct sealed sealed = test_keys_seal("ada@example.org");
    struct sealed other = test_keys_seal("x");
    const char *text = NULL;
    assert_int_equal(test_keys_unseal(&sealed, &text), OK);
    assert_string_equal(text, "ada@example.org");
    struct sealed wrong = {other.key_id, sealed.at, sealed.len};
    assert_int_equal(test_keys_unseal(&wrong, &text), ERR_BROKEN);
    struct call call = test_keys_call();
    assert_int_equal(sealed_open(&call, sealed, "account.birth_ct", &text), ERR_BROKEN);
    sealed.len = 10;
    assert_int_equal(sealed_open(&call, sealed, TEST_KEYS_CONTEXT, &text), ERR_BROKEN);
}

/* What no row holds is 0 when it is read: that is no key, and not an empty place of the cache. */
static void no_key_is_no_key(void **state)
{
    (void)state;
    static const int64_t none[] = {0, -1, INT64_MIN};
    struct sealed sealed = test_keys_seal("x");
    for (size_t i = 0; i < COUNT(none); i++) {
        struct call call = test_keys_call();
        const char *text = NULL;
        struct sealed one = {none[i], sealed.at, sealed.len};
        assert_int_equal(sealed_open(&call, one, TEST_KEYS_CONTEXT, &text), ERR_MISSING);
        assert_int_equal(sealed_text(&call, none[i], TEST_KEYS_CONTEXT, "a", &one), ERR_MISSING);
        assert_ptr_equal(one.at, sealed.at);
    }
}

static void a_text_bound_to_its_row_opens_there_alone_and_one_of_before_still_opens(void **state)
{
    (void)state;
    struct sealed old = test_keys_seal("ada@example.org");
    struct call call = test_keys_call();
    const char *text = NULL;
    /* The first byte of an old one is chance: also the one that stands for the version. */
    for (int i = 0; i < 10000 && old.at[0] != 2; i++) {
        assert_int_equal(sealed_text(&call, old.key_id, TEST_KEYS_CONTEXT, "ada@example.org", &old),
                         OK);
    }
    assert_int_equal(old.at[0], 2);
    assert_int_equal(sealed_open_row(&call, old, TEST_KEYS_CONTEXT, 7, &text), OK);
    assert_string_equal(text, "ada@example.org");
    struct sealed bound, again;
    assert_int_equal(sealed_again(&call, old, TEST_KEYS_CONTEXT, 7, &bound), OK);
    assert_non_null(bound.at);
    assert_int_equal(sealed_open_row(&call, bound, TEST_KEYS_CONTEXT, 7, &text), OK);
    assert_string_equal(text, "ada@example.org");
    assert_int_equal(sealed_open_row(&call, bound, TEST_KEYS_CONTEXT, 8, &text), ERR_BROKEN);
    assert_int_equal(sealed_again(&call, bound, TEST_KEYS_CONTEXT, 7, &again), OK);
    assert_null(again.at);
    bound.len = 41;
    assert_int_equal(sealed_open_row(&call, bound, TEST_KEYS_CONTEXT, 7, &text), ERR_BROKEN);
    bound.len = 0;
    assert_int_equal(sealed_open_row(&call, bound, TEST_KEYS_CONTEXT, 7, &text), ERR_BROKEN);
}

static void where_nothing_is_sealed_there_is_nothing_to_open(void **state)
{
    (void)state;
    struct call call = test_keys_call();
    const char *text = "as it was";
    struct sealed none = {.key_id = 1}, again = {.at = (const uint8_t *)""};
    assert_int_equal(sealed_open(&call, none, TEST_KEYS_CONTEXT, &text), OK);
    assert_int_equal(sealed_open_row(&call, none, TEST_KEYS_CONTEXT, 7, &text), OK);
    assert_string_equal(text, "as it was");
    assert_int_equal(sealed_again(&call, none, TEST_KEYS_CONTEXT, 7, &again), OK);
    assert_null(again.at);
    assert_int_equal(SEALED(none).kind, VAL_NULL);
}

static void a_key_is_there_after_a_restart(void **state)
{
    (void)state;
    struct sealed sealed = test_keys_seal("kept");
    const char *text = NULL;
    assert_int_equal(test_keys_open(NULL), OK);
    assert_int_equal(test_keys_unseal(&sealed, &text), OK);
    assert_string_equal(text, "kept");
}

static void a_burned_key_opens_nothing_ever_again(void **state)
{
    (void)state;
    struct sealed sealed = test_keys_seal("forgotten");
    const char *text = NULL;
    assert_int_equal(test_keys_unseal(&sealed, &text), OK); /* so it is in the cache */
    assert_int_equal(keys_burn(test_keys.keys, sealed.key_id), OK);
    assert_int_equal(test_keys_unseal(&sealed, &text), ERR_MISSING);
    struct call call = test_keys_call();
    assert_int_equal(sealed_text(&call, sealed.key_id, TEST_KEYS_CONTEXT, "again", &sealed),
                     ERR_MISSING);
    assert_string_equal(call.fail_code, "keys.burned");
    assert_int_equal(keys_burn(test_keys.keys, sealed.key_id), OK);
    assert_int_equal(test_keys_open(NULL), OK);
    assert_int_equal(test_keys_unseal(&sealed, &text), ERR_MISSING);
}

static enum err unseal_within(void *arg)
{
    const char *text = NULL;
    return test_keys_unseal(arg, &text);
}

/* Neither one that is at hand nor one that must be read waits for what is made or burned. */
static void who_reads_does_not_wait_for_who_changes(void **state)
{
    (void)state;
    struct sealed sealed = test_keys_seal("at hand");
    assert_int_equal(keys_still(test_keys.keys, unseal_within, &sealed), OK);
    assert_int_equal(test_keys_open(NULL), OK);
    assert_int_equal(keys_still(test_keys.keys, unseal_within, &sealed), OK);
}

static _Atomic int64_t taken[THREADS * EACH];

static void *take_main(void *arg)
{
    size_t first = (size_t) * (const int *)arg * EACH;
    for (size_t i = 0; i < EACH; i++) {
        int64_t id = 0;
        assert_int_equal(keys_take(test_keys.keys, &id), OK);
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
        assert_int_equal(test_keys_open(NULL), OK);
    }
    qsort(ids, COUNT(ids), sizeof(ids[0]), by_id);
    for (size_t i = 1; i < COUNT(ids); i++) {
        assert_true(ids[i] != ids[i - 1]);
    }
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
    struct sealed member = test_keys_seal("member"), lost = test_keys_seal("never committed");
    struct used used = {.id = member.key_id};
    const char *text = NULL;
    size_t burned = 99;
    test_keys.now_ms += KEYS_POOL_LIFE_MS;
    assert_int_equal(keys_sweep(test_keys.keys, is_used, &used, test_keys.now_ms, hour, &burned),
                     OK);
    assert_int_equal(burned, 0); /* might have been taken just now */
    test_keys.now_ms += hour + 1;
    assert_int_equal(keys_sweep(test_keys.keys, is_used, &used, test_keys.now_ms, hour, &burned),
                     OK);
    assert_int_equal(burned, 1);
    assert_int_equal(test_keys_unseal(&lost, &text), ERR_MISSING);
    assert_int_equal(test_keys_unseal(&member, &text), OK);
    struct sealed fresh = test_keys_seal("from the pool");
    assert_int_equal(test_keys_unseal(&fresh, &text), OK);
}

static void blind_hashes_are_the_same_later_and_tell_fields_apart(void **state)
{
    (void)state;
    uint8_t one[HASH_BYTES], same[HASH_BYTES], other[HASH_BYTES];
    struct call call = test_keys_call();
    assert_int_equal(keys_blind(&call, "account.email", "ada@example.org", one), OK);
    assert_int_equal(keys_blind(&call, "cookie.age", "ada@example.org", other), OK);
    assert_memory_not_equal(one, other, HASH_BYTES);
    assert_int_equal(test_keys_open(NULL), OK);
    call = test_keys_call();
    assert_int_equal(keys_blind(&call, "account.email", "ada@example.org", same), OK);
    assert_memory_equal(one, same, HASH_BYTES);
}

/* ---- what must not open ---- */

static void master_path(char ret[160])
{
    snprintf(ret, 160, "%.127s/master", test_keys.dir);
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
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "another master key"));
    write_master(other, 31, 0600);
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "32 bytes"));
    write_master(other, 32, 0640);
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "chmod 600"));
    master_path(path);
    unlink(path);
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "cannot be read")); /* and no new one is made */
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_lost_or_foreign_key_store_is_refused(void **state)
{
    (void)state;
    char id[KEYS_ID_MAX], path[200];
    keys_id(test_keys.keys, id);
    assert_int_equal(test_keys_open(id), OK);
    assert_int_equal(test_keys_open("0123456789abcdef0123456789abcdef"), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "another database"));
    if (!test_keys.pg) {
        snprintf(path, sizeof(path), "%.127s/members", test_keys.dir);
        unlink(path);
        assert_int_equal(test_keys_open(id), ERR_INVALID);
        assert_non_null(strstr(test_keys.why, "lost"));
        assert_int_not_equal(access(path, F_OK), 0);
    }
}

static void a_new_database_beside_old_keys_is_refused(void **state)
{
    (void)state;
    char id[KEYS_ID_MAX];
    keys_id(test_keys.keys, id);
    assert_int_equal(test_keys_open(NULL), OK); /* a first start that was cut short */
    test_keys.now_ms += (int64_t)2 * 3600 * 1000;
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "keys of another one"));
    assert_int_equal(test_keys_open(id), OK);
}

static void keys_beside_their_data_are_refused(void **state)
{
    (void)state;
    snprintf(test_keys.url, sizeof(test_keys.url), "%s", test_keys.database.url);
    assert_int_equal(test_keys_open(NULL), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "another database than the members"));
}

static void a_credential_of_systemd_is_the_master_key(void **state)
{
    (void)state;
    char path[160];
    struct sealed sealed = test_keys_seal("x");
    const char *text = NULL;
    master_path(path);
    assert_int_equal(chmod(path, 0440), 0); /* as systemd's access list shows */
    struct keys_options how = test_keys_options(NULL);
    how.master_file = "credential:master";
    setenv("CREDENTIALS_DIRECTORY", test_keys.dir, 1);
    keys_close(test_keys.keys);
    test_keys.keys = NULL;
    assert_int_equal(keys_open(&how, &test_keys.keys, test_keys.why), OK);
    assert_int_equal(test_keys_unseal(&sealed, &text), OK);
    keys_close(test_keys.keys);
    test_keys.keys = NULL;
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(keys_open(&how, &test_keys.keys, test_keys.why), ERR_INVALID);
    assert_non_null(strstr(test_keys.why, "LoadCredential"));
}

/* More than one page of them, one burned, one that was never there. */
static void each_key_of_a_list_is_good_burned_or_gone(void **state)
{
    enum { KEYS = 200, BURNED_AT = 70 };
    int64_t ids[KEYS + 1];
    enum key_state states[KEYS + 1];
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        assert_int_equal(keys_take(test_keys.keys, &ids[i]), OK);
    }
    qsort(ids, KEYS, sizeof(ids[0]), by_id);
    ids[KEYS] = ids[KEYS - 1] + (test_keys.pg ? 1 : 1000); /* chance gives odd ids only */
    assert_int_equal(keys_burn(test_keys.keys, ids[BURNED_AT]), OK);
    assert_int_equal(keys_compare(test_keys.keys, ids, KEYS + 1, states), OK);
    for (size_t i = 0; i < KEYS; i++) {
        assert_int_equal(states[i], i == BURNED_AT ? KEY_BURNED : KEY_GOOD);
    }
    assert_int_equal(states[KEYS], KEY_GONE);
    assert_int_equal(keys_burn(test_keys.keys, ids[KEYS]), OK); /* given up */
    if (test_keys.pg) {
        assert_int_equal(keys_compare(test_keys.keys, &ids[KEYS], 1, states), OK);
        assert_int_equal(states[0], KEY_BURNED);
    }
}

/* clang-format off */
#define T(test_, is_pg_) {#test_, test_, open_on, close_it, &is_pg_}
#define BOTH(is_pg_) \
    T(a_sealed_text_opens_with_its_own_key_and_place_only, is_pg_), \
    T(no_key_is_no_key, is_pg_), \
    T(a_text_bound_to_its_row_opens_there_alone_and_one_of_before_still_opens, is_pg_), \
    T(where_nothing_is_sealed_there_is_nothing_to_open, is_pg_), \
    T(a_key_is_there_after_a_restart, is_pg_), \
    T(a_burned_key_opens_nothing_ever_again, is_pg_), \
    T(who_reads_does_not_wait_for_who_changes, is_pg_), \
    T(no_key_is_handed_out_twice_not_even_after_a_restart, is_pg_), \
    T(keys_that_nobody_uses_are_swept_and_no_others, is_pg_), \
    T(blind_hashes_are_the_same_later_and_tell_fields_apart, is_pg_), \
    T(another_or_damaged_master_key_is_refused, is_pg_), \
    T(a_lost_or_foreign_key_store_is_refused, is_pg_), \
    T(a_new_database_beside_old_keys_is_refused, is_pg_), \
    T(a_credential_of_systemd_is_the_master_key, is_pg_), \
    T(each_key_of_a_list_is_good_burned_or_gone, is_pg_)
/* clang-format on */

int main(void)
{
    static bool lite = false, pg = true;
    log_threshold(LOG_ERROR);
    const struct CMUnitTest in_files[] = {BOTH(lite)};
    const struct CMUnitTest in_pg[] = {
        BOTH(pg),
        T(keys_beside_their_data_are_refused, pg),
    };
    int failed = cmocka_run_group_tests_name("in files", in_files, NULL, NULL);
    if (test_store_has_pg()) {
        failed += cmocka_run_group_tests_name("on PostgreSQL", in_pg, NULL, NULL);
    }
    return failed;
}
