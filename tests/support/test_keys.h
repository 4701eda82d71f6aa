#ifndef TESTS_SUPPORT_TEST_KEYS_H
#define TESTS_SUPPORT_TEST_KEYS_H

#include "privacy/keys.h"
#include "privacy/sealed.h"
#include "tests/support/test_store.h"

/* One key store for a test, in files or in a database of their own, with a clock to turn. */
struct test_keys {
    bool pg;
    struct keys *keys; /* NULL after a failed test_keys_open */
    struct arena *arena;
    int64_t now_ms;
    char dir[128], url[512], why[KEYS_WHY_MAX];
    struct test_store database; /* the members' */
    struct test_store own;      /* the keys', on PostgreSQL; closed */
};

extern struct test_keys test_keys;

void test_keys_new(bool pg);
void test_keys_free(void);

/* Closes it and opens it again; what went wrong is in test_keys.why. */
enum err test_keys_open(const char *expected_id);
struct keys_options test_keys_options(const char *expected_id);
struct call test_keys_call(void);

#define TEST_KEYS_CONTEXT "account.email_ct"
/* A text sealed with a key of its own. */
struct sealed test_keys_seal(const char *text);
enum err test_keys_unseal(const struct sealed *sealed, const char **ret);

#endif
