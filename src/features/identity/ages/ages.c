#include "features/identity/ages/ages.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/settings.h"
#include "base/text.h"
#include "base/time.h"
#include "call/place.h"
#include "features/identity/ages/ages_inner.h"
#include "privacy/keys.h"

static const char waiting[] = "bauta_wait"; /* the cookie */
enum { OLDEST_YEARS = 125 };

/* "EXPIRY.MAC": the time until which, and the server's word for it; nothing about the person. */
static enum err cookie_value(struct call *call, int64_t until_ms, const char **ret)
{
    uint8_t mac[HASH_BYTES];
    char text[48];
    const char *plain = arena_printf(call->arena, "%lld", (long long)until_ms);
    TRY(keys_blind(call, "cookie.age", plain, mac));
    crypto_base64url(mac, HASH_BYTES, text);
    *ret = arena_printf(call->arena, "%s.%s", plain, text);
    return OK;
}

static enum err still_waits(struct call *call, bool *ret)
{
    const char *value = call_cookie_read(call, waiting);
    const char *want = NULL;
    int64_t until_ms = 0;
    *ret = false;
    if (!value || !strchr(value, '.')) {
        return OK;
    }
    const char *number = arena_text(call->arena, value, strcspn(value, "."));
    if (!text_i64(number, 0, INT64_MAX, &until_ms) || until_ms <= call->now_ms) {
        return OK;
    }
    TRY(cookie_value(call, until_ms, &want));
    *ret = strlen(want) == strlen(value) && crypto_equal(want, value, strlen(want));
    return OK;
}

static enum err refuse(struct call *call)
{
    const char *value = NULL;
    TRY(cookie_value(call, call->now_ms + AGE_REFUSED_HOURS * TIME_H, &value));
    call_cookie(call, waiting, value, AGE_REFUSED_HOURS * TIME_H / TIME_S);
    return call_fail(call, ERR_DENIED, "ages.refused");
}

/* 0 where no such age is known: outside the EEA and the United Kingdom. */
int ages_of_country(const char *country)
{
    for (const struct data_age *row = data_ages; row->age; row++) {
        if (strcmp(row->country, country) == 0) {
            return row->age;
        }
    }
    return 0;
}

int ages_needed(struct call *call, const char *country)
{
    char from[3] = "";
    if (place_country(call->place, call->origin.address, from) != OK) {
        from[0] = '\0';
    }
    return MAX(ages_of_country(country), ages_of_country(from));
}

struct own_settings {
    const char *parent_methods;
};

static const struct setting setting_rows[] = {
    SETTING_TEXT(
        struct own_settings, parent_methods, "form",
        "How a parent may prove being an adult before a child of the age that needs consent "
        "gets an account: form (signed, uploaded, reviewed by staff), call (a video call with "
        "staff), or both. none: such children are turned away. Staff answer within 14 days."),
    {0},
};

static enum err methods(const void *own, char ret_why[SETTINGS_WHY_MAX])
{
    static const char *const known[] = {"form", "call", "form call", "call form", "none"};
    const char *given = ((const struct own_settings *)own)->parent_methods;
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strcmp(known[i], given) == 0) {
            return OK;
        }
    }
    snprintf(ret_why, SETTINGS_WHY_MAX,
             "parent_methods = %.40s: must be form, call, form call, or none", given);
    return ERR_INVALID;
}

const struct setting_group ages_setting_group = {setting_rows, sizeof(struct own_settings),
                                                 methods};

const char *ages_parent_methods(const struct call *call)
{
    const struct own_settings *own = settings_own(call->settings, &ages_setting_group);
    return own->parent_methods;
}

enum err ages_judge(struct call *call, const char *birth_date, const char *country)
{
    bool waits = false;
    TRY(still_waits(call, &waits));
    if (waits) {
        return call_fail(call, ERR_DENIED, "ages.refused");
    }
    int64_t in_a_day_ms = call->now_ms + TIME_DAY; /* the person's day may have begun already */
    int age = text_age(birth_date, call->now_ms);
    if (text_age(birth_date, in_a_day_ms) < 0 || age > OLDEST_YEARS) {
        return call_fail_field(call, ERR_INVALID, "ages.date", "birth_date");
    }
    if (age < data_minimum_age) {
        return refuse(call);
    }
    if (age < ages_needed(call, country)) {
        bool asked = strcmp(ages_parent_methods(call), "none") != 0;
        return call_fail(call, ERR_DENIED, asked ? "ages.parent" : "ages.parent_closed");
    }
    return OK;
}

const char *ages_band(const char *birth_date, int64_t now_ms)
{
    return text_age(birth_date, now_ms) >= AGE_ADULT ? AGES_BAND_ADULT : AGES_BAND_MINOR;
}

bool ages_minor(const char *band)
{
    return band && strcmp(band, AGES_BAND_ADULT) != 0;
}
