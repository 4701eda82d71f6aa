#include "features/common/clocks/clocks.h"

#include <string.h>

#include "base/time.h"

/* Days are counted from 1 January 1970, a Thursday. */
enum { WEEK = 7, FIRST_WEEKDAY = 4, SATURDAY = 6, SUNDAY = 0, MONTHS = 12 };
enum { YEAR_DAYS = 365, ERA_DAYS = 146097, ERA_YEARS = 400, EPOCH_DAYS = 719468 };
/* Where the day begins last: what came on the 3rd there came on the 3rd or 4th elsewhere. */
#define BEHIND_MS (12 * TIME_H)

struct day {
    int64_t year;
    int month, day; /* both from 1 */
};

/* The civil calendar by arithmetic alone (years that begin in March, eras of 400 years). */
static struct day day_of(int64_t days)
{
    days += EPOCH_DAYS;
    int64_t era = (days >= 0 ? days : days - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t doe = days - era * ERA_DAYS;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (ERA_DAYS - 1)) / YEAR_DAYS;
    int64_t doy = doe - (YEAR_DAYS * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct day){yoe + era * ERA_YEARS + (month <= 2), month,
                        (int)(doy - (153 * mp + 2) / 5 + 1)};
}

static int64_t days_of(struct day day)
{
    int64_t year = day.year - (day.month <= 2);
    int64_t era = (year >= 0 ? year : year - (ERA_YEARS - 1)) / ERA_YEARS;
    int64_t yoe = year - era * ERA_YEARS;
    int64_t doy = (153 * (day.month + (day.month > 2 ? -3 : 9)) + 2) / 5 + day.day - 1;
    return era * ERA_DAYS + yoe * YEAR_DAYS + yoe / 4 - yoe / 100 + doy - EPOCH_DAYS;
}

static int month_length(int64_t year, int month)
{
    static const int lengths[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

/* The same date so many months on, or the last day of that month. */
static int64_t months_on(int64_t days, int count)
{
    struct day day = day_of(days);
    int64_t months = day.year * MONTHS + day.month - 1 + count;
    day.year = months / MONTHS;
    day.month = (int)(months % MONTHS) + 1;
    int last = month_length(day.year, day.month);
    day.day = day.day < last ? day.day : last;
    return days_of(day);
}

static bool weekend(int64_t days)
{
    int64_t weekday = ((days + FIRST_WEEKDAY) % WEEK + WEEK) % WEEK;
    return weekday == SATURDAY || weekday == SUNDAY;
}

static int64_t working_on(int64_t days, int count)
{
    for (int i = 0; i < count; i++) {
        do {
            days++;
        } while (weekend(days));
    }
    return days;
}

/* The earliest day that it is anywhere. */
static int64_t begins(int64_t ms)
{
    int64_t behind = ms - BEHIND_MS;
    return (behind >= 0 ? behind : behind - (TIME_DAY - 1)) / TIME_DAY;
}

int64_t clocks_year(int64_t ms)
{
    return days_of((struct day){day_of(begins(ms)).year, 1, 1}) * TIME_DAY + BEHIND_MS;
}

int64_t clocks_due(const struct clock_rule *rule, int64_t from_ms, bool extended)
{
    int count = rule->count + (extended ? rule->extend : 0);
    if (rule->unit == CLOCK_HOURS) {
        return from_ms + count * TIME_H;
    }
    int64_t days = begins(from_ms);
    days = rule->unit == CLOCK_MONTHS         ? months_on(days, count)
           : rule->unit == CLOCK_WORKING_DAYS ? working_on(days, count)
                                              : days + count;
    while (rule->rolls && weekend(days)) {
        days++;
    }
    return days * TIME_DAY + TIME_DAY / 2;
}

/* Is this one of the words between blanks? */
static bool among(const char *words, const char *word, size_t len)
{
    for (const char *at = words; *at;) {
        size_t next = strcspn(at, " ");
        if (next == len && memcmp(at, word, len) == 0) {
            return true;
        }
        at += next + strspn(at + next, " ");
    }
    return false;
}

const struct clock_rule *clocks_rule(const char *name)
{
    for (const struct clock_rule *rule = data_clocks; rule->name; rule++) {
        if (strcmp(rule->name, name) == 0) {
            return rule;
        }
    }
    return NULL;
}

bool clocks_apply(const struct clock_rule *rule, const char *country)
{
    return strcmp(rule->where, "*") == 0 ||
           (country && *country && among(rule->where, country, strlen(country)));
}

size_t clocks_of(const char *names, const char *country, int64_t from_ms, bool extended,
                 struct clock_due ret[CLOCKS_MAX])
{
    size_t count = 0;
    for (const struct clock_rule *rule = data_clocks; rule->name && count < CLOCKS_MAX; rule++) {
        if (rule->receipt || !among(names, rule->name, strlen(rule->name)) ||
            !clocks_apply(rule, country)) {
            continue;
        }
        struct clock_due one = {rule, clocks_due(rule, from_ms, extended)};
        size_t to = count++;
        for (; to > 0 && ret[to - 1].due_ms > one.due_ms; to--) {
            ret[to] = ret[to - 1];
        }
        ret[to] = one;
    }
    return count;
}

int64_t clocks_first(const char *names, const char *country, int64_t from_ms, bool extended)
{
    struct clock_due all[CLOCKS_MAX];
    return clocks_of(names, country, from_ms, extended, all) ? all[0].due_ms : INT64_MAX;
}

bool clocks_extendable(const char *names, const char *country, int64_t from_ms, int64_t now_ms)
{
    struct clock_due all[CLOCKS_MAX];
    size_t count = clocks_of(names, country, from_ms, false, all);
    bool some = false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].rule->extend && all[i].due_ms <= now_ms) {
            return false;
        }
        some = some || all[i].rule->extend;
    }
    return some;
}
