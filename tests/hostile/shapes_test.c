#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "base/arena.h"
#include "live/wire.h"
#include "tests/hostile/values.h"

/*
 * What is read without a tree is read as the tree would have it: every shape of a route's input
 * and of the live protocol, each field in turn with all that tests/hostile/values.c makes, and
 * objects that fit with every byte changed or cut off in turn.
 */
enum { ARENA_MAX = 64 << 20 };

static size_t asked, trees;

static void *counted(size_t size)
{
    trees++;
    return malloc(size);
}

static const char *or_none(const char *text)
{
    return text ? text : "(none)";
}

static const char *written(struct arena *arena, const struct json_shape *shape, const void *object)
{
    struct buf out = {.arena = arena};
    json_write(&out, shape, object);
    return out.at;
}

static void alike(struct arena *arena, const struct json_shape *shape, const char *text, size_t len)
{
    struct arena_mark mark = arena_mark(arena);
    struct call calls[] = {{.arena = arena}, {.arena = arena}};
    void *objects[] = {arena_alloc(arena, shape->size), arena_alloc(arena, shape->size)};
    uint64_t seen[] = {0, 0};
    enum err one = json_read(&calls[0], shape, text, len, objects[0], &seen[0]);
    enum err other = json_read_tree(&calls[1], shape, text, len, objects[1], &seen[1]);
    bool same = one == other && seen[0] == seen[1];
    same = same &&
           (one == OK || (strcmp(calls[0].fail_code, calls[1].fail_code) == 0 &&
                          strcmp(or_none(calls[0].fail_field), or_none(calls[1].fail_field)) == 0));
    if (!same ||
        strcmp(written(arena, shape, objects[0]), written(arena, shape, objects[1])) != 0) {
        fail_msg("%s is read in two ways: %.*s", shape->type_name, (int)len, text);
    }
    arena_rewind(arena, mark);
    asked++;
}

/* Each byte in turn as another one, and the text cut off before it. */
static void spoilt(struct arena *arena, const struct json_shape *shape, const char *text)
{
    static const char bytes[] = "\"\\{}[],:-.0e \n\t\x01\x7f\x80\xc3tn";
    size_t len = strlen(text);
    char *copy = arena_text(arena, text, len);
    for (size_t i = 0; i < len; i++) {
        alike(arena, shape, text, i);
        for (size_t b = 0; b < sizeof(bytes); b++) { /* the NUL, too */
            copy[i] = bytes[b];
            alike(arena, shape, copy, len);
        }
        copy[i] = text[i];
    }
}

static void judge(const struct json_shape *shape)
{
    static const char *const odd[] = {"",         "{}",
                                      " { } ",    "{}x",
                                      "{,}",      "[]",
                                      "null",     "\"\"",
                                      "{\"\":1}", "{\"unknown\":1}",
                                      "{} {}",    "{\"a\":1,\"a\":1}"};
    static const char *const values[] = {"0",
                                         "-0",
                                         "00",
                                         "01",
                                         "-",
                                         "- 1",
                                         "+1",
                                         "1.0",
                                         "1.",
                                         "1e0",
                                         "1E+1",
                                         "true",
                                         "tru",
                                         "True",
                                         "false",
                                         "null",
                                         "truex",
                                         "\"\"",
                                         "\"a\"",
                                         "\"a",
                                         "a\"",
                                         "{}",
                                         "[]",
                                         "[1]",
                                         "\t1\r",
                                         "\"\t\"",
                                         "\"\\n\"",
                                         "\"\\u0061\"",
                                         "\"\n\"",
                                         "\"a\n\"",
                                         "999999999999999999",
                                         "1000000000000000000",
                                         "9223372036854775807",
                                         "9223372036854775808",
                                         "-9223372036854775808",
                                         "-9223372036854775809",
                                         "9007199254740992"};
    struct arena *arena = arena_new(ARENA_MAX);
    for (size_t i = 0; i < COUNT(odd); i++) {
        alike(arena, shape, odd[i], strlen(odd[i]));
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        struct arena_mark mark = arena_mark(arena);
        const struct json_field *field = &shape->fields[i];
        struct hostile_values hostile = hostile_values(arena, field, NULL, NULL);
        for (size_t v = 0; v < hostile.count + COUNT(values); v++) {
            const char *value = v < hostile.count ? hostile.at[v].json : values[v - hostile.count];
            for (int twice = 0; twice < 2; twice++) {
                const char *text =
                    hostile_object(arena, shape, 0, field->name, value, twice, NULL, NULL);
                alike(arena, shape, text, strlen(text));
            }
            const char *alone = arena_printf(arena, " {\n\"%s\" : %s\t}\r ", field->name, value);
            alike(arena, shape, alone, strlen(alone));
        }
        const char *alone = arena_printf(arena, "{\"%s\":%s}", field->name,
                                         hostile_fitting(arena, field, NULL, NULL));
        if (strlen(alone) < 256) {
            spoilt(arena, shape, alone);
        }
        arena_rewind(arena, mark);
    }
    arena_free(arena);
}

static void what_is_read_without_a_tree_is_read_as_the_tree_would_have_it(void **state UNUSED)
{
    judge(&in_shape);
    for (const struct feature *const *feature = features; *feature; feature++) {
        const struct api_route *route = (*feature)->routes;
        for (; route && route->path; route++) {
            if (route->steps->in) {
                judge(route->steps->in);
            }
        }
    }
    print_message("# %zu texts\n", asked);
    assert_true(asked > 100000);
}

static void a_message_that_fits_makes_no_tree(void **state UNUSED)
{
    static const char *const texts[] = {
        "{\"t\":\"say\",\"cid\":\"c-1\",\"text\":\"Salam! \xf0\x9f\x91\x8d {[1, 2]}\"}",
        "{\"t\":\"enter\",\"room\":\"room1\",\"seq\":0}", " { \"t\" : \"leave\" }\n",
        "{\"t\":\"typing\",\"on\":false}", "{\"t\":\"ping\",\"n\":-12}"};
    struct arena *arena = arena_new(ARENA_MAX);
    json_set_alloc_funcs(counted, free);
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct call call = {.arena = arena};
        struct in_message in = {0};
        enum live_verb verb = VERB_COUNT;
        assert_int_equal(wire_read(&call, texts[i], strlen(texts[i]), &in, &verb), OK);
    }
    assert_int_equal(trees, 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_that_fits_makes_no_tree),
        cmocka_unit_test(what_is_read_without_a_tree_is_read_as_the_tree_would_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
