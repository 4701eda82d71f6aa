#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "call/call.h"
#include "call/id.h"
#include "call/json.h"

struct inner {
    const char *name;
};
struct thing {
    int64_t id, count;
    bool open;
    double size;
    const char *title, *kind, *day;
    struct inner inner;
    JSON_LIST_OF(struct inner) list;
    struct json_numbers numbers;
    struct json_list texts;
};
JSON_SHAPE(inner, "inner", struct inner, J_TEXT(struct inner, name, 1, 3));
JSON_SHAPE(thing, "thing", struct thing, J_ID(struct thing, id), J_I64(struct thing, count, -1, 9),
           J_BOOL(struct thing, open), J_REAL(struct thing, size),
           J_TEXT(struct thing, title, 1, 4), J_CHOICE(struct thing, kind, "red green"),
           J_DATE(struct thing, day, .flags = JSON_OPTIONAL), J_OBJECT(struct thing, inner, inner),
           J_LIST(struct thing, list, inner, 2), J_NUMBERS(struct thing, numbers, 0, 9),
           J_TEXTS(struct thing, texts, 2, 3));

static const char WHOLE[] = "{\"id\":\"9223372036854775807\",\"count\":-1,\"open\":true,"
                            "\"size\":1.5,\"title\":\"a\\\"\\n\\u00e9\",\"kind\":\"green\","
                            "\"day\":null,\"inner\":{\"name\":\"x\"},"
                            "\"list\":[{\"name\":\"y\"}],\"numbers\":[1,9],\"texts\":[\"a\\\"\","
                            "\"\\u00e9\\u00e9\\u00e9\"]}";

static struct call call_new(void)
{
    return (struct call){.arena = arena_new((size_t)1 << 20), .origin = {.cookies = ""}};
}

static enum err read_thing(struct call *call, const char *text, struct thing *ret)
{
    uint64_t seen = 0;
    TRY(json_read(call, &thing, text, strlen(text), ret, &seen));
    return json_complete(call, &thing, seen);
}

static void a_shape_reads_what_it_wrote(void **state)
{
    (void)state;
    struct call call = call_new();
    struct thing object = {0};
    struct buf out = {.arena = call.arena};
    assert_int_equal(read_thing(&call, WHOLE, &object), OK);
    assert_true(object.id == INT64_MAX);
    assert_string_equal(object.title, "a\"\n\u00e9");
    json_write(&out, &thing, &object);
    struct thing again = {0};
    assert_int_equal(read_thing(&call, out.at, &again), OK);
    struct buf second = {.arena = call.arena};
    json_write(&second, &thing, &again);
    assert_string_equal(out.at, second.at);
    arena_free(call.arena);
}

static void a_number_is_written_with_all_its_digits(void **state)
{
    static const int64_t numbers[] = {0, 9, 10, -1, -10, 1234567890123, INT64_MAX, INT64_MIN};
    (void)state;
    struct call call = call_new();
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char wanted[64];
        struct buf out = {.arena = call.arena};
        struct thing object = {.id = numbers[i]};
        json_write(&out, &thing, &object);
        snprintf(wanted, sizeof(wanted), "{\"id\":\"%" PRId64 "\",", numbers[i]);
        assert_memory_equal(out.at, wanted, strlen(wanted));
    }
    arena_free(call.arena);
}

/* Swaps one piece of the whole text and expects this refusal, with the field named. */
static void refused(const char *from, const char *to, const char *code, const char *field)
{
    struct call call = call_new();
    struct thing object = {0};
    const char *at = strstr(WHOLE, from);
    assert_non_null(at);
    char *text =
        arena_printf(call.arena, "%.*s%s%s", (int)(at - WHOLE), WHOLE, to, at + strlen(from));
    assert_int_equal(read_thing(&call, text, &object), ERR_INVALID);
    assert_string_equal(call.fail_code, code);
    if (field) {
        assert_string_equal(call.fail_field, field);
    }
    arena_free(call.arena);
}

static void malformed_input_is_named_by_code_and_field(void **state)
{
    (void)state;
    refused("{\"id\"", "[\"id\"", "input.json", NULL);
    refused("\"count\":-1", "\"count\":-2", "input.range", "count");
    refused("\"count\":-1", "\"count\":10", "input.range", "count");
    refused("\"count\":-1", "\"count\":1.5", "input.type", "count");
    refused("\"count\":-1", "\"count\":\"1\"", "input.type", "count");
    refused("\"9223372036854775807\"", "\"9223372036854775808\"", "input.type", "id");
    refused("\"9223372036854775807\"", "\" 1\"", "input.type", "id");
    refused("\"9223372036854775807\"", "1", "input.type", "id");
    refused("\"open\":true", "\"open\":1", "input.type", "open");
    refused("a\\\"\\n\\u00e9", "abcde", "input.length", "title");
    refused("a\\\"\\n\\u00e9", "", "input.length", "title");
    refused("a\\\"\\n\\u00e9", "\\u0007", "input.text", "title");
    refused("a\\\"\\n\\u00e9", "\\u0000", "input.json", NULL);
    refused("a\\\"\\n\\u00e9", "\xff", "input.json", NULL);
    refused("a\\\"\\n\\u00e9", "\\ud800", "input.json", NULL);
    refused("green", "blue", "input.choice", "kind");
    refused("\"day\":null", "\"day\":\"2023-02-29\"", "input.date", "day");
    refused("\"name\":\"x\"", "\"name\":\"xxxx\"", "input.length", "name");
    refused("\"name\":\"x\"", "", "input.missing", "name");
    refused("[\"a\\\"\"", "[\"a\",\"b\"", "input.length", "texts");
    refused("[\"a\\\"\"", "[\"four\"", "input.length", "texts");
    refused("[\"a\\\"\"", "[\"\"", "input.length", "texts");
    refused("[\"a\\\"\"", "[7", "input.type", "texts");
    refused("[\"a\\\"\"", "[\"\\u0007\"", "input.text", "texts");
    refused("[1,9]", "[1,10]", "input.range", "numbers");
    refused("[1,9]", "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]", "input.length", "numbers");
    refused("[{\"name\":\"y\"}]", "[{\"name\":\"y\"},{\"name\":\"y\"},{\"name\":\"y\"}]",
            "input.length", "list");
    refused("\"open\":true,", "\"open\":true,\"open\":true,", "input.twice", NULL);
    refused("\"open\":true,", "\"open\":true,\"more\":true,", "input.unknown", "more");
    refused("\"open\":true,", "", "input.missing", "open");
}

static void a_nul_is_no_part_of_json(void **state)
{
    (void)state;
    struct call call = call_new();
    struct thing object = {0};
    uint64_t seen = 0;
    static const char in_it[] = "{}\0", before[] = "{\0}", after[] = "{} x";
    assert_int_equal(json_read(&call, &thing, in_it, 3, &object, &seen), ERR_INVALID);
    assert_string_equal(call.fail_code, "input.json");
    assert_int_equal(json_read(&call, &thing, before, 3, &object, &seen), ERR_INVALID);
    assert_int_equal(json_read(&call, &thing, after, 4, &object, &seen), ERR_INVALID);
    assert_int_equal(json_read(&call, &thing, in_it, 2, &object, &seen), OK);
    arena_free(call.arena);
}

static void a_secure_cookie_is_not_read_from_a_plain_one(void **state)
{
    (void)state;
    struct call call = call_new();
    call.origin.cookies = "a=1; bauta_session=plain; __Host-bauta_session=safe; bauta_sessionx=no";
    assert_string_equal(call_cookie_read(&call, "bauta_session"), "plain");
    call.origin.secure = true;
    assert_string_equal(call_cookie_read(&call, "bauta_session"), "safe");
    assert_null(call_cookie_read(&call, "bauta"));
    arena_free(call.arena);
}

static void ids_are_ordered_by_time_and_public_ones_by_nothing(void **state)
{
    (void)state;
    struct call call = {.now_ms = INT64_C(1795000000000), .rng = {.state = 1}};
    int64_t first = id_new(&call);
    call.now_ms++;
    assert_true(id_new(&call) > first);
    assert_true(id_time_ms(first) == INT64_C(1795000000000));
    uint8_t bytes[16] = {0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    char text[PUBLIC_ID_LEN + 1];
    id_public(bytes, text);
    assert_string_equal(text, "74aaaaaaaaaaaaaaaaaaaaaaae");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_reads_what_it_wrote),
        cmocka_unit_test(a_number_is_written_with_all_its_digits),
        cmocka_unit_test(malformed_input_is_named_by_code_and_field),
        cmocka_unit_test(a_nul_is_no_part_of_json),
        cmocka_unit_test(a_secure_cookie_is_not_read_from_a_plain_one),
        cmocka_unit_test(ids_are_ordered_by_time_and_public_ones_by_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
