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
#include "base/catalogue.h"
#include "base/crypto.h"
#include "base/text.h"

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

static void a_password_is_hashed_at_its_full_cost(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_MAX];
    const char *cost = "$argon2id$v=19$m=19456,t=2,p=1$";
    assert_int_equal(crypto_password_hash("a long password", hash), OK);
    assert_memory_equal(hash, cost, strlen(cost));
    assert_true(crypto_password_fits(hash, "a long password"));
    assert_false(crypto_password_fits(hash, "a long Password"));
    assert_false(crypto_password_fits(NULL, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_goes_back_to_its_mark),
        cmocka_unit_test(only_well_formed_utf8_passes),
        cmocka_unit_test(eight_bytes_at_once_are_judged_as_one_by_one),
        cmocka_unit_test(ages_turn_on_the_birthday),
        cmocka_unit_test(the_best_language_of_a_header_is_chosen),
        cmocka_unit_test(a_sealed_text_opens_only_in_its_place),
        cmocka_unit_test(a_password_is_hashed_at_its_full_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
