#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "privacy/cursor.h"
#include "tests/support/test_keys.h"

/* The places of pages, sealed. */

static int open_it(void **state)
{
    (void)state;
    test_keys_new(false);
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    test_keys_free();
    return 0;
}

static struct call asker(int64_t id)
{
    struct call call = test_keys_call();
    call.actor.id = id;
    return call;
}

static void a_place_comes_back_to_its_asker_and_list_only(void **state)
{
    (void)state;
    struct call ada = asker(1), ben = asker(2);
    const struct cursor place = {{INT64_MIN, -1, INT64_MAX}, "caf\xc3\xa9"};
    const char *sealed = NULL, *again = NULL;
    struct cursor back;
    assert_int_equal(cursor_seal(&ada, "rooms", &place, &sealed), OK);
    assert_int_equal(cursor_open(&ada, "rooms", sealed, &back), OK);
    assert_memory_equal(back.at, place.at, sizeof(place.at));
    assert_string_equal(back.text, place.text);
    assert_null(strstr(sealed, "caf"));
    assert_int_equal(cursor_seal(&ada, "rooms", &place, &again), OK);
    assert_string_equal(sealed, again);
    assert_int_equal(cursor_open(&ben, "rooms", sealed, &back), ERR_INVALID);
    assert_string_equal(ben.fail_code, "input.cursor");
    assert_int_equal(cursor_open(&ada, "friends", sealed, &back), ERR_INVALID);
}

static void a_place_is_nothing_that_can_be_made_up(void **state)
{
    (void)state;
    struct call ada = asker(1);
    struct cursor back;
    const char *sealed = NULL;
    assert_int_equal(cursor_seal(&ada, "rooms", &(struct cursor){{1, 2, 3}, NULL}, &sealed), OK);
    for (size_t i = 0; sealed[i]; i++) {
        char *other = strdup(sealed);
        other[i] = other[i] == 'A' ? 'Q' : 'A';
        assert_int_equal(cursor_open(&ada, "rooms", other, &back), ERR_INVALID);
        other[i] = '\0';
        assert_int_equal(cursor_open(&ada, "rooms", other, &back), ERR_INVALID);
        free(other);
    }
    assert_int_equal(cursor_open(&ada, "rooms", "not base64!", &back), ERR_INVALID);
}

static void the_longest_place_fits_and_one_byte_more_is_refused(void **state)
{
    (void)state;
    struct call ada = asker(1);
    struct cursor back, place = {{0}, NULL};
    const char *sealed = NULL;
    char text[CURSOR_BYTES + 2];
    memset(text, 'x', sizeof(text));
    text[CURSOR_BYTES] = '\0';
    place.text = text;
    assert_int_equal(cursor_seal(&ada, "rooms", &place, &sealed), OK);
    assert_true(strlen(sealed) <= CURSOR_MAX);
    assert_int_equal(cursor_open(&ada, "rooms", sealed, &back), OK);
    assert_string_equal(back.text, text);
    char longer[CURSOR_MAX + 2];
    memset(longer, 'A', sizeof(longer));
    longer[CURSOR_MAX + 1] = '\0';
    assert_int_equal(cursor_open(&ada, "rooms", longer, &back), ERR_INVALID);
    text[CURSOR_BYTES] = 'x';
    text[CURSOR_BYTES + 1] = '\0';
    assert_int_equal(cursor_seal(&ada, "rooms", &place, &sealed), ERR_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_comes_back_to_its_asker_and_list_only),
        cmocka_unit_test(a_place_is_nothing_that_can_be_made_up),
        cmocka_unit_test(the_longest_place_fits_and_one_byte_more_is_refused),
    };
    return cmocka_run_group_tests(tests, open_it, close_it);
}
