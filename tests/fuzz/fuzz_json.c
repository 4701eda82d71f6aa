#include <string.h>

#include "base/arena.h"
#include "call/json.h"
#include "tests/fuzz/fuzz.h"

/* What is read can be written, and what is written reads back the same. */
struct leaf {
    int64_t id;
    const char *text;
};
struct tree {
    int64_t id, number;
    bool yes;
    double real;
    const char *text, *choice, *date;
    struct leaf leaf;
    JSON_LIST_OF(struct leaf) list;
    struct json_numbers numbers;
};

JSON_SHAPE(leaf, "leaf", struct leaf, J_ID(struct leaf, id, .flags = 0),
           J_TEXT(struct leaf, text, 0, 20, .flags = JSON_OPTIONAL));
JSON_SHAPE(tree, "tree", struct tree, J_ID(struct tree, id, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_I64(struct tree, number, -1000, 1000, .flags = JSON_OPTIONAL),
           J_BOOL(struct tree, yes, .flags = JSON_OPTIONAL),
           J_REAL(struct tree, real, .flags = JSON_OPTIONAL),
           J_TEXT(struct tree, text, 0, 100, .flags = JSON_OPTIONAL),
           J_CHOICE(struct tree, choice, "one two", .flags = JSON_OPTIONAL),
           J_DATE(struct tree, date, .flags = JSON_OPTIONAL),
           J_OBJECT(struct tree, leaf, leaf, .flags = JSON_OPTIONAL | JSON_OMIT),
           J_LIST(struct tree, list, leaf, 8, .flags = JSON_OPTIONAL),
           J_NUMBERS(struct tree, numbers, -5, 5, .flags = JSON_OPTIONAL));

static enum err read_tree(struct arena *arena, const char *text, size_t len, struct tree *ret)
{
    struct call call = {.arena = arena}, slow = {.arena = arena};
    struct tree same = {0};
    uint64_t seen = 0, slow_seen = 0;
    enum err err = json_read(&call, &tree, text, len, ret, &seen);
    ASSERT(err == OK || (err == ERR_INVALID && call.fail_code));
    ASSERT(json_read_tree(&slow, &tree, text, len, &same, &slow_seen) == err && seen == slow_seen);
    ASSERT(err == OK || strcmp(call.fail_code, slow.fail_code) == 0);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    struct tree first = {0}, second = {0};
    struct arena *arena = arena_new(4 << 20);
    if (len <= 64 * 1024 && read_tree(arena, (const char *)input, len, &first) == OK &&
        first.leaf.id > 0) {
        struct buf one = {.arena = arena}, two = {.arena = arena};
        json_write(&one, &tree, &first);
        ASSERT(read_tree(arena, one.at, one.len, &second) == OK);
        json_write(&two, &tree, &second);
        ASSERT(one.len == two.len && memcmp(one.at, two.at, one.len) == 0);
    }
    arena_free(arena);
    return 0;
}
