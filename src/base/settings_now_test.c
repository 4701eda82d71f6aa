#include "base/settings.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/heap.h"

/* Settings that change while they are read. */
struct own {
    int64_t room_capacity, secret_number;
    const char *renaming;
};

static enum err no_party(const void *own, char ret_why[SETTINGS_WHY_MAX])
{
    snprintf(ret_why, SETTINGS_WHY_MAX, "rooms of 66 people are no good");
    return ((const struct own *)own)->room_capacity == 66 ? ERR_INVALID : OK;
}

static const struct setting own_rows[] = {
    SETTING_NUMBER(struct own, room_capacity, 2, 200, "people", "25", "Of a room.",
                   .group = "rooms"),
    SETTING_NUMBER(struct own, secret_number, 2, 200, "people", "25", "Of the machine."),
    SETTING_CHOICE(struct own, renaming, "off free", "off", "free", "May members be renamed.",
                   .group = "people"),
    {0},
};
static const struct setting_group own_group = {own_rows, sizeof(struct own), no_party};
static const struct setting_group *const groups[] = {&own_group, NULL};

static struct settings settings;

static void begin(int argc, char *const argv[], char *const environment[])
{
    char why[SETTINGS_WHY_MAX] = "";
    assert_int_equal(settings_read(groups, NULL, environment, argc, argv, &settings, why), OK);
    settings_now_begin(&settings);
}

static int end(void **state)
{
    (void)state;
    settings_now_end(&settings);
    settings_free(&settings);
    return 0;
}

static const struct own *own_of(const struct settings *held)
{
    return settings_own(held, &own_group);
}

/* What holds of a number and of a text just now. */
static int64_t capacity(void)
{
    const struct settings *held = settings_hold(&settings);
    int64_t now = own_of(held)->room_capacity;
    settings_drop(&settings, held);
    return now;
}

static void assert_name(const char *wanted)
{
    const struct settings *held = settings_hold(&settings);
    assert_string_equal(held->site_name, wanted);
    settings_drop(&settings, held);
}

static void who_holds_them_keeps_them_over_every_change(void **state)
{
    (void)state;
    begin(0, NULL, NULL);
    const struct settings *early = settings_hold(&settings);
    assert_int_equal(settings_change(&settings, "site_name", "Harbour", 1), OK);
    const struct settings *between = settings_hold(&settings);
    assert_int_equal(settings_change(&settings, "site_name", "Port", 2), OK);
    assert_int_equal(settings_change(&settings, "room_capacity", "9", 3), OK);
    assert_string_equal(early->site_name, "Bauta");
    assert_string_equal(between->site_name, "Harbour");
    assert_int_equal(own_of(between)->room_capacity, 25);
    assert_name("Port");
    assert_int_equal(capacity(), 9);
    settings_drop(&settings, early);
    settings_drop(&settings, between);
    assert_string_equal(settings.site_name, "Bauta"); /* what it all stands on */
}

static void an_older_word_of_the_store_is_none(void **state)
{
    (void)state;
    begin(0, NULL, NULL);
    assert_int_equal(settings_change(&settings, "site_name", "Port", 2), OK);
    assert_int_equal(settings_change(&settings, "site_name", "Harbour", 1), OK);
    assert_int_equal(settings_change(&settings, "site_name", "Harbour", 2), OK);
    assert_name("Port");
    assert_int_equal(settings_change(&settings, "room_capacity", "9", 1), OK); /* of another row */
    assert_int_equal(capacity(), 9);
    assert_int_equal(settings_change(&settings, "site_name", NULL, 3), OK);
    assert_name("Bauta");
}

static void what_does_not_fit_is_the_standard_and_what_is_not_shown_is_nothing(void **state)
{
    (void)state;
    begin(0, NULL, NULL);
    assert_int_equal(settings_change(&settings, "room_capacity", "9", 1), OK);
    assert_int_equal(settings_change(&settings, "room_capacity", "201", 2), ERR_INVALID);
    assert_int_equal(capacity(), 25);
    assert_int_equal(settings_change(&settings, "room_capacity", "66", 3), ERR_INVALID); /* check */
    assert_int_equal(capacity(), 25);
    assert_int_equal(settings_change(&settings, "renaming", "at night", 1), ERR_INVALID);
    assert_int_equal(settings_change(&settings, "secret_number", "9", 9), ERR_MISSING);
    assert_int_equal(settings_change(&settings, "data", "/etc", 9), ERR_MISSING);
    assert_int_equal(settings_change(&settings, "site-name", "x", 9), ERR_MISSING);
    assert_int_equal(settings_change(&settings, "", "x", 9), ERR_MISSING);
    assert_int_equal(settings_change(&settings, "site_name", "\xff", 9), ERR_INVALID);
    assert_name("Bauta");
}

static void flags_and_the_environment_stand_above_the_store(void **state)
{
    (void)state;
    char name[] = "--site-name", quay[] = "Quay", capacity_7[] = "BAUTA_ROOM_CAPACITY=7";
    char *argv[] = {name, quay}, *environment[] = {capacity_7, NULL};
    begin(2, argv, environment);
    assert_int_equal(settings_change(&settings, "site_name", "Harbour", 1), OK);
    assert_int_equal(settings_change(&settings, "room_capacity", "9", 1), OK);
    assert_int_equal(settings_change(&settings, "room_capacity", "900", 2), OK); /* not looked at */
    assert_name("Quay");
    assert_int_equal(capacity(), 7);
    struct arena *arena = arena_new(1 << 20);
    struct setting_view view;
    const struct settings *held = settings_hold(&settings);
    assert_int_equal(settings_view(held, arena, "room_capacity", &view), OK);
    assert_int_equal(view.from, SETTING_FROM_ENVIRONMENT);
    assert_string_equal(view.value, "7");
    assert_int_equal(settings_view(held, arena, "site_name", &view), OK);
    assert_int_equal(view.from, SETTING_FROM_FLAG);
    assert_int_equal(settings_view(held, arena, "contact_email", &view), OK);
    assert_int_equal(view.from, SETTING_FROM_STANDARD);
    assert_string_equal(view.value, "");
    settings_drop(&settings, held);
    arena_free(arena);
}

static void a_demo_s_own_word_is_what_the_standard_is_there(void **state)
{
    (void)state;
    char why[SETTINGS_WHY_MAX] = "";
    char flag[] = "--registration=invite";
    char *argv[] = {flag};
    assert_int_equal(settings_read(groups, NULL, NULL, 1, argv, &settings, why), OK);
    settings_be_demo(&settings);
    assert_string_equal(settings.registration,
                        "invite"); /* said is said, the default's word, too */
    settings_now_begin(&settings);
    assert_int_equal(settings_change(&settings, "renaming", "off", 1), OK);
    assert_int_equal(settings_change(&settings, "renaming", NULL, 2), OK);
    const struct settings *held = settings_hold(&settings);
    assert_string_equal(own_of(held)->renaming, "free");
    settings_drop(&settings, held);
}

static void without_memory_a_change_is_none_and_comes_later(void **state)
{
    (void)state;
    begin(0, NULL, NULL);
    uint64_t nth = 0, refused = 1;
    for (int64_t version = 1; refused > 0; version++) {
        char name[20];
        snprintf(name, sizeof(name), "Harbour %d", (int)version);
        heap_fail_at(++nth, 1);
        enum err err = settings_change(&settings, "site_name", name, version);
        refused = heap_fail_at(0, 0);
        assert_int_equal(err, refused ? ERR_BUSY : OK);
        if (refused) {
            assert_int_equal(settings_change(&settings, "site_name", name, version), OK);
        }
        assert_name(name);
    }
    assert_true(nth > 10);
}

/* ---- many at once ---- */

enum { READERS = 4, CHANGES = 2000 };
static atomic_bool over;

static void *read_on(void *arg)
{
    atomic_size_t *wrong = arg;
    while (!atomic_load(&over)) {
        const struct settings *held = settings_hold(&settings);
        const char *name = held->site_name;
        size_t len = strlen(name);
        for (size_t i = 1; i < len; i++) { /* all of one letter, as long as there is of it */
            *wrong += name[i] != name[0];
        }
        int64_t room = own_of(held)->room_capacity;
        *wrong += room < 2 || room > 200;
        settings_drop(&settings, held);
    }
    return NULL;
}

static void readers_never_see_half_a_change_nor_one_that_is_gone(void **state)
{
    (void)state;
    static atomic_size_t wrong;
    pthread_t readers[READERS];
    begin(0, NULL, NULL);
    assert_int_equal(settings_change(&settings, "site_name", "aa", 0), OK);
    atomic_store(&over, false);
    for (size_t i = 0; i < READERS; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_on, &wrong), 0);
    }
    for (int i = 1; i <= CHANGES; i++) {
        char text[64] = "", number[8];
        memset(text, 'a' + i % 26, (size_t)(1 + i % 60));
        snprintf(number, sizeof(number), "%d", 2 + i % 64);
        assert_int_equal(settings_change(&settings, "site_name", text, i), OK);
        assert_int_equal(settings_change(&settings, "room_capacity", number, i), OK);
    }
    atomic_store(&over, true);
    for (size_t i = 0; i < READERS; i++) {
        pthread_join(readers[i], NULL);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(who_holds_them_keeps_them_over_every_change, end),
        cmocka_unit_test_teardown(an_older_word_of_the_store_is_none, end),
        cmocka_unit_test_teardown(
            what_does_not_fit_is_the_standard_and_what_is_not_shown_is_nothing, end),
        cmocka_unit_test_teardown(flags_and_the_environment_stand_above_the_store, end),
        cmocka_unit_test_teardown(a_demo_s_own_word_is_what_the_standard_is_there, end),
        cmocka_unit_test_teardown(without_memory_a_change_is_none_and_comes_later, end),
        cmocka_unit_test_teardown(readers_never_see_half_a_change_nor_one_that_is_gone, end),
    };
    return cmocka_run_group_tests_name("settings_now", tests, NULL, NULL);
}
