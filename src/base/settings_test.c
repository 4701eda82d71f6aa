#include "base/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Settings from file, environment and flags. */
struct own {
    int64_t room_capacity, session_days;
    const char *renaming;
};

static enum err no_party(const void *own, char ret_why[SETTINGS_WHY_MAX])
{
    snprintf(ret_why, SETTINGS_WHY_MAX, "rooms of 66 people are no good");
    return ((const struct own *)own)->room_capacity == 66 ? ERR_INVALID : OK;
}

static const struct setting own_rows[] = {
    SETTING_NUMBER(struct own, room_capacity, 2, 200, "people", "25", "Of a room."),
    SETTING_NUMBER(struct own, session_days, 1, 365, "days", "30", "A session ends then."),
    SETTING_CHOICE(struct own, renaming, "off free", "off", "free", "May members be renamed."),
    {0},
};
static const struct setting_group own_group = {own_rows, sizeof(struct own), no_party};
static const struct setting_group *const groups[] = {&own_group, NULL};

static char why[SETTINGS_WHY_MAX];
static struct settings settings;
static char path[] = "/tmp/bauta-settings.XXXXXX";

static enum err read_with(const char *file, char *const environment[], int argc, char *const argv[])
{
    const char *name = NULL;
    why[0] = '\0';
    if (file) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(file, out);
        fclose(out);
        name = path;
    }
    return settings_read(groups, name, environment, argc, argv, &settings, why);
}

static const struct own *own(void)
{
    return settings_own(&settings, &own_group);
}

static void wants(enum err err, const char *file, const char *sentence)
{
    assert_int_equal(read_with(file, NULL, 0, NULL), err);
    if (!strstr(why, sentence)) {
        fail_msg("\"%s\" does not say \"%s\"", why, sentence);
    }
    if (err == OK) {
        settings_free(&settings);
    }
}

static char *word(const char *text)
{
    return (char *)(uintptr_t)text;
}

static void defaults_stand_without_a_word(void **state)
{
    (void)state;
    assert_int_equal(read_with(NULL, NULL, 0, NULL), OK);
    assert_string_equal(settings.listen, "127.0.0.1:8080");
    assert_int_equal(own()->room_capacity, 25);
    assert_string_equal(settings.registration, "invite");
    assert_int_equal(settings.limit_scale, 1);
    assert_true(settings.history);
    assert_false(settings.demo_public);
    assert_true(settings.demo_residents);
    assert_null(settings.database);
    settings_free(&settings);
}

static void flags_win_over_the_environment_and_that_over_the_file(void **state)
{
    (void)state;
    char *environment[] = {word("BAUTA_ROOM_CAPACITY=40"), word("BAUTA_SITE_NAME=Env"),
                           word("BAUTA_TEST_PG=no setting"), word("PATH=/bin"), NULL};
    char *argv[] = {word("--room-capacity"), word("50"),           word("create"),
                    word("--demo-public"),   word("--no-history"), word("--language=id")};
    assert_int_equal(
        read_with("room_capacity = 30\nsite_name = File\nsession_days = 7\n", environment, 6, argv),
        OK);
    assert_int_equal(own()->room_capacity, 50);
    assert_string_equal(settings.site_name, "Env");
    assert_int_equal(own()->session_days, 7);
    assert_true(settings.demo_public);
    assert_false(settings.history);
    assert_string_equal(settings.language, "id");
    const char *words[2];
    assert_int_equal(settings_words(&settings, 6, argv, words, 2), 1);
    assert_string_equal(words[0], "create");
    settings_free(&settings);
}

static void a_line_is_a_name_and_a_value(void **state)
{
    (void)state;
    assert_int_equal(
        read_with("\n  # a comment\n\tsite-name = \"  The Harbour \"  \r\n", NULL, 0, NULL), OK);
    assert_string_equal(settings.site_name, "  The Harbour ");
    settings_free(&settings);
    wants(ERR_INVALID, "site_name = a\nroom_capacity\n", ":2: a line reads `name = value`");
    char line[3000];
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\0';
    wants(ERR_INVALID, line, ":1: the line is longer than");
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    wants(OK, "room_capacity = 2\n", "");
    wants(OK, "room_capacity = 200\n", "");
    wants(ERR_INVALID, "room_capacity = 1\n", "must be a whole number from 2 to 200 (people)");
    wants(ERR_INVALID, "room_capacity = 201\n", "must be a whole number from 2 to 200");
    wants(ERR_INVALID, "room_capacity = 20x\n", "must be a whole number");
    wants(ERR_INVALID, "room_capacity =\n", "must be a whole number");
    wants(ERR_INVALID, "room_capacity = 99999999999999999999\n", "must be a whole number");
}

/* Links in mails, and what a browser's Origin is compared with, are made from it. */
static void the_address_of_the_site_is_one_and_nothing_more(void **state UNUSED)
{
    static const char *const bad[] = {"world.example", "https://world.example/chat", "https://",
                                      "https://me@world.example", "ftp://world.example"};
    char line[80];
    for (size_t i = 0; i < COUNT(bad); i++) {
        snprintf(line, sizeof(line), "public_url = %s\n", bad[i]);
        wants(ERR_INVALID, line, "must read https://world.example");
    }
    assert_int_equal(read_with("public_url = https://World.Example:443/\n", NULL, 0, NULL), OK);
    assert_string_equal(settings.public_url, "https://world.example");
    settings_free(&settings);
}

static void choices_are_listed(void **state)
{
    (void)state;
    wants(OK, "registration = approval\n", "");
    wants(ERR_INVALID, "registration = opened\n", "must be one of: open invite approval closed");
    wants(ERR_INVALID, "history = maybe\n", "must be yes or no");
}

static void an_unknown_name_gets_the_nearest_one(void **state)
{
    (void)state;
    wants(ERR_INVALID, "\nlisten_to = a\n", ":2: listen_to is no setting; did you mean listen?");
    wants(ERR_INVALID, "registraton = open\n", "did you mean registration?");
    wants(ERR_INVALID, "demo = yes\n", "demo is no setting");
    char *argv[] = {word("--worker"), word("2")};
    assert_int_equal(read_with(NULL, NULL, 2, argv), ERR_INVALID);
    assert_non_null(strstr(why, "--worker is no setting; did you mean workers?"));
}

static void what_belongs_together_comes_together(void **state)
{
    (void)state;
    wants(ERR_INVALID, "room_capacity = 66\n", "rooms of 66 people are no good");
    wants(ERR_INVALID, "tls_cert = a.pem\n", "tls_cert and tls_key belong together");
    char *argv[] = {word("--data")};
    assert_int_equal(read_with(NULL, NULL, 1, argv), ERR_INVALID);
    assert_string_equal(why, "--data needs a value");
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    assert_int_equal(
        settings_read(groups, "/nonexistent/bauta.conf", NULL, 0, NULL, &settings, why),
        ERR_INVALID);
    assert_non_null(strstr(why, "/nonexistent/bauta.conf cannot be read"));
}

static void a_demo_has_its_own_word_where_the_operator_has_none(void **state)
{
    (void)state;
    assert_int_equal(read_with("registration = approval\n", NULL, 0, NULL), OK);
    assert_string_equal(own()->renaming, "off");
    settings_be_demo(&settings);
    assert_string_equal(own()->renaming, "free");
    assert_string_equal(settings.registration, "approval");
    settings_free(&settings);
}

static void one_more_word_is_taken_as_all_others_are(void **state)
{
    (void)state;
    assert_int_equal(read_with(NULL, NULL, 0, NULL), OK);
    assert_int_equal(settings_put(&settings, "room_capacity", "7", why), OK);
    assert_int_equal(own()->room_capacity, 7);
    assert_int_equal(settings_put(&settings, "room_capacity", "1", why), ERR_INVALID);
    assert_int_equal(settings_put(&settings, "rom_capacity", "7", why), ERR_INVALID);
    assert_non_null(strstr(why, "did you mean room_capacity?"));
    assert_int_equal(own()->room_capacity, 7);
    settings_free(&settings);
}

static void gather(void *ctx, const char *text)
{
    strncat(ctx, text, 65535 - strlen(ctx));
}

static void the_manual_has_every_row_with_bounds_and_reason(void **state)
{
    (void)state;
    char *manual = calloc(1, 65536);
    assert_int_equal(read_with(NULL, NULL, 0, NULL), OK);
    settings_manual(&settings, gather, manual);
    settings_free(&settings);
    assert_non_null(strstr(manual, "session_days = 30\n    1 to 365 days\n    A session"));
    assert_non_null(strstr(manual, "registration = invite\n    one of: open invite approval"));
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_stand_without_a_word),
        cmocka_unit_test(flags_win_over_the_environment_and_that_over_the_file),
        cmocka_unit_test(a_line_is_a_name_and_a_value),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(the_address_of_the_site_is_one_and_nothing_more),
        cmocka_unit_test(choices_are_listed),
        cmocka_unit_test(an_unknown_name_gets_the_nearest_one),
        cmocka_unit_test(what_belongs_together_comes_together),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
        cmocka_unit_test(a_demo_has_its_own_word_where_the_operator_has_none),
        cmocka_unit_test(one_more_word_is_taken_as_all_others_are),
        cmocka_unit_test(the_manual_has_every_row_with_bounds_and_reason),
    };
    int fd = mkstemp(path);
    close(fd);
    int failed = cmocka_run_group_tests_name("settings", tests, NULL, NULL);
    unlink(path);
    return failed;
}
