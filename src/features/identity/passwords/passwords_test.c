#include "features/identity/passwords/passwords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/text.h"
#include "features/identity/passwords/passwords_inner.h"

static const char *const own[] = {"Budi Santoso", "budi.s", "Harbour", "bauta", NULL};

static struct call call_new(void)
{
    crypto_start();
    return (struct call){.arena = arena_new((size_t)16 << 20)};
}

static void refused(const char *password, const char *code)
{
    struct call call = call_new();
    const char *normal = NULL;
    assert_int_equal(passwords_check(&call, password, own, &normal), ERR_INVALID);
    assert_string_equal(call.fail_code, code);
    assert_null(normal);
    arena_free(call.arena);
}

static void accepted(const char *password)
{
    struct call call = call_new();
    const char *normal = NULL;
    if (passwords_check(&call, password, own, &normal) != OK) {
        fail_msg("%s: %s", password, call.fail_code);
    }
    arena_free(call.arena);
}

static void fifteen_code_points_count_and_no_rule_of_composition(void **state)
{
    (void)state;
    refused("fourteen chars", "passwords.short");
    accepted("fifteen chars !");
    accepted("alllowercaseletterswithoutanything");
    accepted("\u0441\u0438\u043d\u0438\u0439\u0439 \u043a\u043e\u0442 \u0441\u043f\u0438\u0442");
    accepted("     x y z     and more of it");
    char longest[PASSWORD_POINTS_MAX + 2];
    for (size_t i = 0; i < sizeof(longest); i++) {
        longest[i] = "abcdefghijklmnopqrstuvwxyz"[(i * i * 7 + i % 3) % 26];
    }
    longest[PASSWORD_POINTS_MAX] = '\0';
    accepted(longest);
    longest[PASSWORD_POINTS_MAX] = 'a';
    longest[PASSWORD_POINTS_MAX + 1] = '\0';
    refused(longest, "passwords.long");
}

static void known_and_cheap_passwords_are_refused(void **state)
{
    (void)state;
    assert_true(data_blocked_count >= 50000);
    refused("123456789123456789", "passwords.repeats");
    refused("password1234567890", "passwords.common");
    refused("Liverpool!!!!!!!!!", "passwords.common");
    refused("aaaaaaaaaaaaaaaaaaa", "passwords.repeats");
    refused("qwertyqwertyqwerty", "passwords.repeats");
    refused("abcdefghijklmnopqrs", "passwords.repeats");
}

static void names_and_the_site_are_no_password(void **state)
{
    (void)state;
    refused("budi santoso 1987", "passwords.personal");
    refused("Harbour-budi.s-bauta", "passwords.personal");
    accepted("budi santoso eats durian by night");
}

static void a_name_that_folds_to_nothing_cuts_nothing_out(void **state)
{
    (void)state;
    static const char *const unseen[] = {"\u200b", "\u200b\u2060", "\u00ad\u00ad\u00ad", NULL};
    struct call call = call_new();
    const char *normal = NULL;
    assert_int_equal(passwords_check(&call, "durian by night, 1987", unseen, &normal), OK);
    arena_free(call.arena);
}

static void the_same_text_in_another_form_is_the_same_password(void **state)
{
    (void)state;
    struct call call = call_new();
    const char *a = NULL, *b = NULL;
    assert_int_equal(passwords_normal(&call, "caf\u00e9 au lait tiede", &a), OK);
    assert_int_equal(passwords_normal(&call, "cafe\u0301 au lait tiede", &b), OK);
    assert_string_equal(a, b);
    arena_free(call.arena);
}

static void passphrases_are_four_words_of_the_language(void **state)
{
    (void)state;
    struct call call = call_new();
    for (int i = 0; i < 200; i++) {
        const char *phrase = passwords_phrase(&call, i % 2 ? "id" : "en");
        size_t dashes = 0;
        for (const char *at = phrase; *at; at++) {
            dashes += *at == '-';
        }
        assert_int_equal(dashes, PASSPHRASE_WORDS - 1);
        assert_true(text_points(phrase) >= PASSWORD_POINTS_MIN);
        accepted(phrase);
    }
    assert_string_not_equal(passwords_phrase(&call, "en"), passwords_phrase(&call, "en"));
    arena_free(call.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fifteen_code_points_count_and_no_rule_of_composition),
        cmocka_unit_test(known_and_cheap_passwords_are_refused),
        cmocka_unit_test(names_and_the_site_are_no_password),
        cmocka_unit_test(a_name_that_folds_to_nothing_cuts_nothing_out),
        cmocka_unit_test(the_same_text_in_another_form_is_the_same_password),
        cmocka_unit_test(passphrases_are_four_words_of_the_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
