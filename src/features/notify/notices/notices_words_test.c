#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/api.h"
#include "base/arena.h"
#include "base/catalogue.h"
#include "base/settings.h"
#include "base/time.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/notices/notices_choice.h"
#include "features/notify/notices/notices_inner.h"

static struct settings settings = {.site_name = "Bauta"};

static bool is_pushed(const char *topic)
{
    const struct topic_kind *kind = mail_topic_of(topic);
    return kind && !kind->without_push;
}

static void every_kind_of_every_feature_has_a_switch_a_place_and_its_words(void **state UNUSED)
{
    size_t seen = 0;
    for (const struct feature *const *feature = features; *feature; feature++) {
        for (const struct notice_kind *kind = (*feature)->notices; kind && kind->name; kind++) {
            assert_true(!kind->topic || is_pushed(kind->topic));
            assert_true(kind->path[0] == '/' && kind->path[1] != '/');
            for (size_t i = 0; catalogue_languages[i]; i++) {
                struct call call = {.arena = arena_new(1 << 20), .settings = &settings};
                char key[120];
                snprintf(key, sizeof(key), "%s.notice", kind->name);
                assert_string_not_equal(catalogue_text(catalogue_languages[i], key), key);
                for (int64_t count = 1; count <= 2; count++) {
                    const char *text =
                        notices_text(&call, catalogue_languages[i], kind->name, "Ana", count);
                    assert_null(strpbrk(text, "{}"));
                }
                arena_free(call.arena);
                seen++;
            }
        }
    }
    assert_true(seen >= 4);
}

static void words_name_who_how_many_and_where(void **state UNUSED)
{
    struct call call = {.arena = arena_new(1 << 20), .settings = &settings};
    assert_string_equal(notices_text(&call, "en", "sessions.new_device", NULL, 1),
                        "A new device signed in to your account. Was it you?");
    assert_string_equal(notices_text(&call, "en", "sessions.new_device", NULL, 3),
                        "3 new devices signed in to your account. Was it you?");
    assert_string_equal(notices_text(&call, "id", "gone.kind", "Ana", 1), "Ada kabar baru.");
    assert_string_equal(notices_path(&call, "gone.kind", "x"), "/notices");
    assert_string_equal(notices_path(&call, "sessions.new_device", ""), "/settings/sign-in");
    arena_free(call.arena);
}

static void quiet_hours_stay_right_when_clocks_change(void **state UNUSED)
{
    struct notices_choice night = {
        .quiet = true, .quiet_from = 22 * 60, .quiet_to = 7 * 60, .zone = "Europe/Berlin"};
    static const int64_t midnight = INT64_C(1806188400000); /* 28 March 2027, 00:00 in Berlin */
    assert_int_equal(notices_quiet_until(&night, midnight - 2 * TIME_H - 1), 0);
    /* The night in which an hour is missing ends after six hours. */
    assert_int_equal(notices_quiet_until(&night, midnight - 2 * TIME_H), midnight + 6 * TIME_H);
    assert_int_equal(notices_quiet_until(&night, midnight + 6 * TIME_H - 1), midnight + 6 * TIME_H);
    assert_int_equal(notices_quiet_until(&night, midnight + 6 * TIME_H), 0);
    /* The next evening begins at ten all the same. */
    assert_int_equal(notices_quiet_until(&night, midnight + 21 * TIME_H - 1), 0);
    assert_true(notices_quiet_until(&night, midnight + 21 * TIME_H) > 0);
    night.quiet_to = 22 * 60;
    assert_int_equal(notices_quiet_until(&night, midnight), 0);
    night = (struct notices_choice){.quiet = false, .quiet_to = 1439, .zone = "UTC"};
    assert_int_equal(notices_quiet_until(&night, midnight), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_every_feature_has_a_switch_a_place_and_its_words),
        cmocka_unit_test(words_name_who_how_many_and_where),
        cmocka_unit_test(quiet_hours_stay_right_when_clocks_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
