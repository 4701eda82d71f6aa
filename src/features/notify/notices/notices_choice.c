#include "features/notify/notices/notices_choice.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/time.h"
#include "features/notify/mail/mail_topics.h"
#include "features/notify/notices/notices_digest.h"
#include "store/store.h"

enum { TEN_IN_THE_EVENING = 22 * 60, SEVEN_IN_THE_MORNING = 7 * 60 };
static const struct notices_choice usual = {.digest = "soon",
                                            .names = true,
                                            .quiet_from = TEN_IN_THE_EVENING,
                                            .quiet_to = SEVEN_IN_THE_MORNING,
                                            .zone = "UTC"};

SQL(notices_chosen, "SELECT " NOTICES_CHOSEN " FROM notice_choice c WHERE c.account_id = $1");
SQL(notices_choose, "INSERT INTO notice_choice (account_id, digest, names, quiet, quiet_from,"
                    " quiet_to, zone, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                    " ON CONFLICT (account_id) DO UPDATE SET digest = excluded.digest,"
                    " names = excluded.names, quiet = excluded.quiet,"
                    " quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,"
                    " zone = excluded.zone, changed_ms = excluded.changed_ms");
SQL(push_choices, MAIL_CHOICE " push_choice WHERE account_id = $1 LIMIT 50");
SQL(push_choose, "INSERT INTO push_choice (account_id, topic, wanted, changed_ms)"
                 " VALUES ($1, $2, $3, $4) ON CONFLICT (account_id, topic) DO UPDATE SET"
                 " wanted = excluded.wanted, changed_ms = excluded.changed_ms");
SQL(push_unwanted, "DELETE FROM push WHERE topic = $2 AND device_id IN"
                   " (SELECT id FROM push_device WHERE account_id = $1)");

struct notices_choice notices_choice_of(const struct rows *rows, size_t row, size_t col)
{
    if (row_null(rows, row, col + CHOSEN_DIGEST)) {
        return usual;
    }
    return (struct notices_choice){
        .digest = row_text(rows, row, col + CHOSEN_DIGEST),
        .names = row_i64(rows, row, col + CHOSEN_NAMES) != 0,
        .quiet = row_i64(rows, row, col + CHOSEN_QUIET) != 0,
        .quiet_from = row_i64(rows, row, col + CHOSEN_QUIET_FROM),
        .quiet_to = row_i64(rows, row, col + CHOSEN_QUIET_TO),
        .zone = row_text(rows, row, col + CHOSEN_ZONE),
    };
}

enum err notices_choice_read(struct call *call, int64_t account_id, struct notices_choice *ret)
{
    struct rows rows;
    TRY(store_run(call, &notices_chosen, BIND(I64(account_id)), &rows));
    *ret = rows.count ? notices_choice_of(&rows, 0, CHOSEN_DIGEST) : usual;
    return OK;
}

/* The name for ICU; false when it is none: names of zones are ASCII, so bytes are units. */
static bool zone_name(const char *zone, UChar ret[NOTICES_ZONE_MAX + 1])
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    size_t len = strlen(zone);
    if (len > NOTICES_ZONE_MAX || strspn(zone, letters) != len) {
        return false;
    }
    u_charsToUChars(zone, ret, (int32_t)len + 1);
    return true;
}

enum err notices_choice_check(struct call *call, const struct notices_choice *choice)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[NOTICES_ZONE_MAX + 1], found[NOTICES_ZONE_MAX + 1];
    UBool known = false;
    ASSERT_CODE(!call->tx);
    if (!zone_name(choice->zone, zone)) {
        return call_fail_field(call, ERR_INVALID, "notices.zone", "zone");
    }
    ucal_getCanonicalTimeZoneID(zone, -1, found, NOTICES_ZONE_MAX + 1, &known, &status);
    return U_SUCCESS(status) && known ? OK
                                      : call_fail_field(call, ERR_INVALID, "notices.zone", "zone");
}

enum err notices_choice_set(struct call *call, const struct notices_choice *choice)
{
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &notices_choose,
                  BIND(I64(call->actor.id), TEXT(choice->digest), I64(choice->names),
                       I64(choice->quiet), I64(choice->quiet_from), I64(choice->quiet_to),
                       TEXT(choice->zone), I64(call->now_ms)),
                  NULL));
    return notices_digest_again(call, call->actor.id);
}

/* ---- quiet hours ---- */

/* The next moment after `now_ms` at which a clock there shows `minute`. */
static int64_t next_at(UCalendar *calendar, int64_t now_ms, int64_t minute, UErrorCode *status)
{
    ucal_setMillis(calendar, (double)now_ms, status);
    ucal_set(calendar, UCAL_HOUR_OF_DAY, (int32_t)minute / 60);
    ucal_set(calendar, UCAL_MINUTE, (int32_t)minute % 60);
    ucal_set(calendar, UCAL_SECOND, 0);
    ucal_set(calendar, UCAL_MILLISECOND, 0);
    double at_ms = ucal_getMillis(calendar, status);
    if (at_ms <= (double)now_ms) {
        ucal_add(calendar, UCAL_DATE, 1, status);
        at_ms = ucal_getMillis(calendar, status);
    }
    return (int64_t)at_ms;
}

int64_t notices_quiet_until(const struct notices_choice *choice, int64_t now_ms)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[NOTICES_ZONE_MAX + 1];
    int64_t from = choice->quiet_from, to = choice->quiet_to, until_ms = 0;
    if (!choice->quiet || from == to) {
        return 0;
    }
    UCalendar *calendar =
        zone_name(choice->zone, zone) ? ucal_open(zone, -1, "en", UCAL_GREGORIAN, &status) : NULL;
    if (calendar) {
        ucal_setMillis(calendar, (double)now_ms, &status);
        int64_t minute = ucal_get(calendar, UCAL_HOUR_OF_DAY, &status) * 60;
        minute += ucal_get(calendar, UCAL_MINUTE, &status);
        bool quiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
        until_ms = quiet ? next_at(calendar, now_ms, to, &status) : 0;
        ucal_close(calendar);
    }
    return U_SUCCESS(status) ? until_ms : 0;
}

int64_t notices_digest_ms(const struct notices_choice *choice)
{
    return strcmp(choice->digest, "daily") == 0    ? TIME_DAY
           : strcmp(choice->digest, "hourly") == 0 ? TIME_H
                                                   : 15 * TIME_MIN;
}

/* ---- push, a switch a topic ---- */

enum err notices_pushed(struct call *call, struct mail_topics *ret)
{
    struct rows rows;
    struct mail_topics all;
    ASSERT_CODE(call->actor.id);
    TRY(store_run(call, &push_choices, BIND(I64(call->actor.id)), &rows));
    mail_topics_all(&all);
    mail_topics_chosen(&all, &rows);
    ret->count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (!all.of[i].kind->without_push) {
            ret->of[ret->count++] = all.of[i];
        }
    }
    return OK;
}

enum err notices_push_switch(struct call *call, const char *topic, bool wanted)
{
    const struct topic_kind *kind = mail_topic_of(topic);
    ASSERT_CODE(call->actor.id);
    if (!kind || kind->without_push) {
        return call_fail(call, ERR_MISSING, "mail.topic");
    }
    if (!wanted) {
        TRY(store_run(call, &push_unwanted, BIND(I64(call->actor.id), TEXT(topic)), NULL));
    }
    return store_run(call, &push_choose,
                     BIND(I64(call->actor.id), TEXT(topic), I64(wanted), I64(call->now_ms)), NULL);
}
