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
#include "base/call.h"
#include "base/catalogue.h"
#include "base/crypto.h"
#include "base/id.h"
#include "base/json.h"
#include "base/text.h"

struct inner {
    const char *name;
};
struct thing {
    int64_t id, count;
    bool open;
    double size;
    const char *title, *kind, *day;
    struct inner inner;
    struct json_list list;
    struct json_numbers numbers;
    struct json_list texts;
};
JSON_SHAPE(inner, "inner", struct inner, J_TEXT(struct inner, name, 1, 3));
JSON_SHAPE(thing, "thing", struct thing, J_ID(struct thing, id), J_I64(struct thing, count, -1, 9),
           J_BOOL(struct thing, open), J_REAL(struct thing, size),
           J_TEXT(struct thing, title, 1, 4), J_CHOICE(struct thing, kind, "red green"),
           J_DATE(struct thing, day, .flags = JSON_OPTIONAL), J_OBJECT(struct thing, inner, &inner),
           J_LIST(struct thing, list, &inner, 2), J_NUMBERS(struct thing, numbers, 0, 9),
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

static void an_arena_goes_back_to_its_mark(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)1 << 20);
    char *kept = arena_text(arena, "kept", 4);
    struct arena_mark mark = arena_mark(arena);
    size_t used = arena_used(arena);
    for (int i = 0; i < 100; i++) {
        memset(arena_alloc(arena, 1000), 1, 1000);
    }
    arena_rewind(arena, mark);
    assert_int_equal(arena_used(arena), used);
    assert_string_equal(kept, "kept");
    unsigned char *fresh = arena_alloc(arena, 64);
    for (int i = 0; i < 64; i++) {
        assert_int_equal(fresh[i], 0);
    }
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    arena_free(arena);
    arena_free(NULL);
}

static void only_well_formed_utf8_passes(void **state)
{
    (void)state;
    static const char *const good[] = {"", "abc", "\u00e9", "\u20ac", "\U0001f600", "\U0010ffff"};
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xf0\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xe2\x82",
                                      "\xff"};
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(text_utf8(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(text_utf8(bad[i], strlen(bad[i])));
    }
    assert_int_equal(text_points("a\u00e9\U0001f600"), 3);
}

/* Each byte in each place of a word, beside bytes of every kind. */
static void eight_bytes_at_once_are_judged_as_one_by_one(void **state)
{
    static const char around[] = "abcdefghijklmnop\xc3\xa9 \x7f\x80\xff\n\t\"\\";
    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        const uint8_t odd = (uint8_t)c;
        for (size_t from = 0; from + 1 < sizeof(around); from++) {
            for (size_t place = 0; place < 19; place++) {
                char text[20] = "";
                size_t points = 0, plain = 0;
                bool typed = true;
                for (size_t i = 0; i < 19; i++) {
                    text[i] = around[(from + i) % (sizeof(around) - 1)];
                    memcpy(&text[place], &odd, 1);
                    unsigned char byte = (unsigned char)text[i];
                    bool as_is = byte >= 0x20 && byte != '"' && byte != '\\';
                    points += (byte & 0xc0) != 0x80;
                    plain += plain == i && as_is;
                    typed = typed && byte != 0x7f && (byte >= 0x20 || byte == '\n' || byte == '\t');
                }
                assert_int_equal(text_points(text), points);
                assert_int_equal(text_unescaped(text, 19), plain);
                assert_int_equal(text_typed(text, 19), typed);
            }
        }
    }
}

static void ages_turn_on_the_birthday(void **state)
{
    (void)state;
    const int64_t day = INT64_C(1709164800000); /* 2024-02-29 */
    assert_int_equal(text_age("2000-02-29", day), 24);
    assert_int_equal(text_age("2000-03-01", day), 23);
    assert_int_equal(text_age("2024-02-29", day), 0);
    assert_int_equal(text_age("2024-03-01", day), -1);
    int64_t number = 0;
    assert_true(text_i64("-5", -5, 5, &number));
    assert_false(text_i64("+5", -5, 5, &number));
    assert_false(text_i64("5 ", -5, 5, &number));
    assert_false(text_i64("6", -5, 5, &number));
    assert_false(text_i64("", -5, 5, &number));
    assert_int_equal(number, -5);
}

static void the_best_language_of_a_header_is_chosen(void **state)
{
    (void)state;
    assert_string_equal(catalogue_language(""), "en");
    assert_string_equal(catalogue_language("fr, id;q=0.8, en;q=0.3"), "id");
    assert_string_equal(catalogue_language("en-GB,id;q=0.9"), "en");
    assert_string_equal(catalogue_language("ID"), "id");
    assert_string_equal(catalogue_language("zz,,;;q="), "en");
    assert_string_equal(catalogue_language("en;q=1e300, id;q=0.1"), "id");
    assert_string_equal(catalogue_language("en;q=nan, id;q=0.1"), "id");
    assert_string_equal(catalogue_language("en;q=-1e300, id;q=0.1"), "id");
    assert_string_equal(catalogue_text("id", "no.such.key"), "no.such.key");
    assert_string_not_equal(catalogue_text("id", "input.missing"),
                            catalogue_text("en", "input.missing"));
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

static void a_sealed_text_opens_only_in_its_place(void **state)
{
    (void)state;
    uint8_t key[KEY_BYTES], sealed[5 + SEAL_EXTRA], plain[5];
    crypto_start();
    crypto_random(key, sizeof(key));
    crypto_seal(key, "account.email:1", "hello", 5, sealed);
    assert_int_equal(crypto_open(key, "account.email:1", sealed, sizeof(sealed), plain), OK);
    assert_memory_equal(plain, "hello", 5);
    assert_int_equal(crypto_open(key, "account.email:2", sealed, sizeof(sealed), plain),
                     ERR_BROKEN);
    sealed[30] ^= 1;
    assert_int_equal(crypto_open(key, "account.email:1", sealed, sizeof(sealed), plain),
                     ERR_BROKEN);
    assert_int_equal(crypto_open(key, "account.email:1", sealed, SEAL_EXTRA - 1, plain),
                     ERR_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_reads_what_it_wrote),
        cmocka_unit_test(a_number_is_written_with_all_its_digits),
        cmocka_unit_test(malformed_input_is_named_by_code_and_field),
        cmocka_unit_test(a_nul_is_no_part_of_json),
        cmocka_unit_test(an_arena_goes_back_to_its_mark),
        cmocka_unit_test(only_well_formed_utf8_passes),
        cmocka_unit_test(eight_bytes_at_once_are_judged_as_one_by_one),
        cmocka_unit_test(ages_turn_on_the_birthday),
        cmocka_unit_test(the_best_language_of_a_header_is_chosen),
        cmocka_unit_test(a_secure_cookie_is_not_read_from_a_plain_one),
        cmocka_unit_test(ids_are_ordered_by_time_and_public_ones_by_nothing),
        cmocka_unit_test(a_sealed_text_opens_only_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
