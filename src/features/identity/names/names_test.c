#include "features/identity/names/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static struct call call_new(void)
{
    return (struct call){.arena = arena_new((size_t)16 << 20)};
}

static void refused(const char *name, enum err err, const char *code)
{
    struct call call = call_new();
    struct name_forms forms = {0};
    assert_int_equal(names_check(&call, name, &forms), err);
    assert_string_equal(call.fail_code, code);
    assert_string_equal(call.fail_field, "avatar_name");
    assert_null(forms.name);
    arena_free(call.arena);
}

static void taken_for(const char *a, const char *b, bool same)
{
    struct call call = call_new();
    struct name_forms x, y;
    assert_int_equal(names_check(&call, a, &x), OK);
    assert_int_equal(names_check(&call, b, &y), OK);
    bool alike = strcmp(x.skeleton, y.skeleton) == 0 || strcmp(x.skeleton, y.look) == 0 ||
                 strcmp(x.look, y.skeleton) == 0 || strcmp(x.look, y.look) == 0;
    if (alike != same) {
        fail_msg("%s and %s", a, b);
    }
    arena_free(call.arena);
}

static void names_of_many_writing_systems_are_fine(void **state)
{
    (void)state;
    static const char *const good[] = {"Ana",
                                       "Budi Santoso",
                                       "J\u00f6rg-Peter",
                                       "\u042e\u043b\u0438\u044f",
                                       "\u5c0f\u6797\u3055\u304f\u3089",
                                       "\ubc15\uc9c0\ubbfc",
                                       "x_2.0",
                                       "\u0645\u0631\u064a\u0645",
                                       "abcdefghijklmnopqrstuvwxyzabcdef"};
    for (size_t i = 0; i < COUNT(good); i++) {
        struct call call = call_new();
        struct name_forms forms;
        if (names_check(&call, good[i], &forms) != OK) {
            fail_msg("%s: %s", good[i], call.fail_code);
        }
        arena_free(call.arena);
    }
}

static void length_holds_at_the_limit_and_one_past(void **state)
{
    (void)state;
    refused("ab", ERR_INVALID, "names.short");
    refused("abcdefghijklmnopqrstuvwxyzabcdefg", ERR_INVALID, "names.long");
    /* Two code points that become one letter. */
    refused("ae\u0301", ERR_INVALID, "names.short");
}

static void invisible_mixed_and_odd_characters_are_refused(void **state)
{
    (void)state;
    refused("an\u200ba", ERR_INVALID, "names.characters");  /* zero width space */
    refused("an\u202eab", ERR_INVALID, "names.characters"); /* right-to-left override */
    refused("an\u3164a", ERR_INVALID, "names.characters");  /* Hangul filler */
    refused("ana\nb", ERR_INVALID, "names.characters");
    refused("a@b.com", ERR_INVALID, "names.characters");
    refused("\U0001f600\U0001f600\U0001f600", ERR_INVALID, "names.characters");
    refused("z\u0351\u0360\u0350algo", ERR_INVALID, "names.characters"); /* piled up marks */
    refused("\u0430nna", ERR_INVALID, "names.mixed");     /* Cyrillic a among Latin letters */
    refused("1\u0662\u0663", ERR_INVALID, "names.mixed"); /* digits of two systems */
    refused(" ana", ERR_INVALID, "names.edges");
    refused("ana ", ERR_INVALID, "names.edges");
    refused("a--na", ERR_INVALID, "names.edges");
}

static void look_alikes_read_the_same(void **state)
{
    (void)state;
    taken_for("Ana", "ana", true);
    taken_for("paul", "pauI", true); /* capital I for l */
    taken_for("budi1", "budil", true);
    taken_for("b0b", "bob", true);
    taken_for("Ana Maria", "AnaMaria", true);
    taken_for("a.n.a", "ana", true);
    taken_for("\u0440\u0430\u0443\u043e\u043e\u0440", "paoop", false);
    taken_for("\u0441\u0430\u043f\u0435", "cane", false);
    taken_for("\u0440\u0430\u0435\u0441", "paec", true); /* all Cyrillic, looks Latin */
    taken_for("J\u00f6rg", "Jo\u0308rg", true);
    taken_for("ana", "anna", false);
    taken_for("\u03f2\u03bf\u03f2\u03bf", "coco", true); /* lunate sigmas, all Greek */
    taken_for("\u03f9\u03bf\u03f2\u03bf", "coco", true);
    taken_for("Irma", "irma", true);
}

static void nobody_looks_like_the_team(void **state)
{
    (void)state;
    refused("Admin", ERR_CONFLICT, "names.reserved");
    refused("adm1n", ERR_CONFLICT, "names.reserved");
    refused("M o d", ERR_CONFLICT, "names.reserved");
    refused("Bauta-Support", ERR_CONFLICT, "names.reserved");
    refused("Petugas Budi", ERR_CONFLICT, "names.reserved");
    refused("\u00e1dm\u00edn", ERR_CONFLICT, "names.reserved");
    refused("Sta\u0301ff", ERR_CONFLICT, "names.reserved");
    refused("\u0430\u0434\u043c\u0438\u043d", ERR_CONFLICT, "names.reserved");
    refused("\u0410\u0434\u043c\u0438\u043d \u0418\u0432\u0430\u043d", ERR_CONFLICT,
            "names.reserved");
    refused("\u043c\u043e\u0434\u0435\u0440\u0430\u0442\u043e\u0440", ERR_CONFLICT,
            "names.reserved");
    refused("m\u00f8d", ERR_CONFLICT, "names.reserved");
}

static void a_long_text_is_read_word_by_word(void **state)
{
    (void)state;
    struct call call = call_new();
    char text[700];
    memset(text, 'x', sizeof(text));
    text[150] = text[300] = ' ';
    memcpy(text + 660, " the admin", 11);
    assert_true(names_reserved(&call, text));
    memcpy(text + 660, " the friend", 12);
    assert_false(names_reserved(&call, text));
    assert_null(call.fail_code);
    arena_free(call.arena);
}

static void a_place_is_not_called_as_the_team_alone(void **state)
{
    (void)state;
    struct call call = call_new();
    static const char *const staffs[] = {"Staff", "Bauta Support", "adm1n", " Admin-Team "};
    static const char *const fine[] = {"Homework help", "Team Jaguar", "Admin of my heart", "",
                                       " "};
    for (size_t i = 0; i < sizeof(staffs) / sizeof(staffs[0]); i++) {
        assert_true(names_staffs(&call, staffs[i]));
    }
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        assert_false(names_staffs(&call, fine[i]));
    }
    arena_free(call.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_many_writing_systems_are_fine),
        cmocka_unit_test(length_holds_at_the_limit_and_one_past),
        cmocka_unit_test(invisible_mixed_and_odd_characters_are_refused),
        cmocka_unit_test(look_alikes_read_the_same),
        cmocka_unit_test(nobody_looks_like_the_team),
        cmocka_unit_test(a_place_is_not_called_as_the_team_alone),
        cmocka_unit_test(a_long_text_is_read_word_by_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
