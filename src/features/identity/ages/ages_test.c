#include "tests/support/world.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"
#include "call/place.h"
#include "features/identity/ages/ages.h"
#include "features/identity/ages/ages_inner.h"

static void of_two_countries_the_stricter_age_counts(struct world *w)
{
    struct place *place = NULL;
    assert_int_equal(place_open("data/country.mmdb", &place), OK);
    struct call call = {.arena = arena_new((size_t)1 << 20),
                        .keys = w->keys,
                        .place = place,
                        .settings = &w->settings,
                        .now_ms = w->now_ms,
                        .origin = {.address = "91.10.0.1", .cookies = ""}};
    char country[3] = "";
    assert_int_equal(place_country(place, "91.10.0.1", country), OK);
    assert_string_equal(country, "DE");
    assert_int_equal(place_country(place, "192.168.1.1", country), ERR_MISSING);
    assert_int_equal(place_country(place, "::1", country), ERR_MISSING);
    char birth[16];
    time_t then = (time_t)(w->now_ms / 1000) - (time_t)(14.5 * 365.25 * 24 * 3600);
    struct tm tm;
    gmtime_r(&then, &tm);
    strftime(birth, sizeof(birth), "%Y-%m-%d", &tm);
    assert_int_equal(ages_judge(&call, birth, "AT"), ERR_DENIED);
    assert_string_equal(call.fail_code, "ages.parent");
    call.origin.address = "127.0.0.1";
    assert_int_equal(ages_judge(&call, birth, "AT"), OK);
    assert_int_equal(ages_judge(&call, "2199-01-01", "AT"), ERR_INVALID);
    assert_int_equal(ages_judge(&call, "1900-01-01", "AT"), ERR_INVALID);
    arena_free(call.arena);
    place_close(place);
}

/* Ages change: somebody has to look at the file once a year. */
static void the_consent_ages_were_checked_within_twelve_months(struct world *w UNUSED)
{
    assert_true(text_age(data_ages_checked, (int64_t)time(NULL) * 1000) < 1);
}

int main(void)
{
    static const struct feature *const own[] = {NULL};
    static const struct world_options options = {.features = own};
    static const struct world_test tests[] = {
        WORLD_TEST(of_two_countries_the_stricter_age_counts),
        WORLD_TEST(the_consent_ages_were_checked_within_twelve_months),
    };
    return world_run(&options, tests, COUNT(tests));
}
