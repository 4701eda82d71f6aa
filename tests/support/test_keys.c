#include "tests/support/test_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_BYTES = 8 << 20, START_S = 1800000000 };

struct test_keys test_keys;

static void must(bool true_, const char *why)
{
    if (!true_) {
        fprintf(stderr, "test keys: %s\n", why);
        abort();
    }
}

static int64_t clock_ms(void)
{
    return test_keys.now_ms;
}

void test_keys_new(bool pg)
{
    struct test_keys *t = &test_keys;
    *t = (struct test_keys){.pg = pg, .now_ms = (int64_t)START_S * 1000};
    test_store_new(pg, false, &t->database);
    if (pg) {
        test_store_new(pg, false, &t->own);
        store_close(t->own.store);
        t->own.store = NULL;
        memcpy(t->url, t->own.url, sizeof(t->url));
        must(test_folder("keys", t->dir), "no temporary folder");
    } else {
        snprintf(t->dir, sizeof(t->dir), "%.63s/keys", t->database.folder);
    }
    t->arena = arena_new(ARENA_BYTES);
    must(test_keys_open(NULL) == OK, t->why);
}

void test_keys_free(void)
{
    struct test_keys *t = &test_keys;
    keys_close(t->keys);
    arena_free(t->arena);
    if (t->pg) {
        char path[160];
        test_store_free(&t->own);
        snprintf(path, sizeof(path), "%.127s/master", t->dir);
        unlink(path);
        rmdir(t->dir);
    }
    test_store_free(&t->database);
}

struct keys_options test_keys_options(const char *expected_id)
{
    struct test_keys *t = &test_keys;
    return (struct keys_options){.dir = t->dir,
                                 .url = t->pg ? t->url : NULL,
                                 .expected_id = expected_id,
                                 .clock_ms = clock_ms,
                                 .database = t->pg ? t->database.store : NULL};
}

enum err test_keys_open(const char *expected_id)
{
    struct keys_options options = test_keys_options(expected_id);
    keys_close(test_keys.keys);
    test_keys.keys = NULL;
    test_keys.why[0] = '\0';
    return keys_open(&options, &test_keys.keys, test_keys.why);
}

struct call test_keys_call(void)
{
    return (struct call){
        .arena = test_keys.arena, .keys = test_keys.keys, .now_ms = test_keys.now_ms};
}

struct sealed test_keys_seal(const char *text)
{
    struct call call = test_keys_call();
    struct sealed sealed = {0};
    must(keys_take(test_keys.keys, &sealed.key_id) == OK, "no key to take");
    must(sealed_text(&call, sealed.key_id, TEST_KEYS_CONTEXT, text, &sealed) == OK,
         "a fresh key does not seal");
    return sealed;
}

enum err test_keys_unseal(const struct sealed *sealed, const char **ret)
{
    struct call call = test_keys_call();
    return sealed_open(&call, *sealed, TEST_KEYS_CONTEXT, ret);
}
