#include "privacy/sweep.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "privacy/inventory.h"

/* The days from 1970-01-01 to the first of this month; months may be counted beyond twelve. */
static int64_t first_of(int64_t months)
{
    /* Years that begin with March have the leap day at their end (Howard Hinnant's algorithm). */
    int64_t since_march = months - 2;
    int64_t year = since_march / 12 - (since_march % 12 < 0);
    int64_t month = since_march - year * 12;
    int64_t era = year / 400 - (year % 400 < 0);
    int64_t of_era = year - era * 400;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * month + 2) / 5 - 719468;
}

int64_t sweep_cutoff(int64_t now_ms, struct sweep_time after)
{
    int64_t number = after.number;
    char unit = after.unit;
    ASSERT_CODE(number >= 0 && (unit == 'D' || unit == 'M' || unit == 'Y'));
    if (unit == 'D') {
        return now_ms - number * TIME_DAY;
    }
    int64_t today = now_ms / TIME_DAY - (now_ms % TIME_DAY < 0);
    /* No month is longer than 31 days, so this is not too late: early by a month in five years. */
    int64_t month = INT64_C(1970) * 12 + today / 31 - 1;
    while (first_of(month + 1) <= today) {
        month++;
    }
    int64_t then = month - number * (unit == 'Y' ? INT64_C(12) : INT64_C(1));
    int64_t day = first_of(then) + today - first_of(month);
    return day < first_of(then + 1) ? now_ms + (day - today) * TIME_DAY
                                    : first_of(then + 1) * TIME_DAY - 1;
}

/* Of "anchor+P18M". */
static bool read_time(const char *text, const char *anchor, struct sweep_time *ret)
{
    size_t len = strlen(anchor);
    char *end = NULL;
    if (!text || strncmp(text, anchor, len) != 0 || strncmp(text + len, "+P", 2) != 0) {
        return false;
    }
    ret->number = strtoll(text + len + 2, &end, 10);
    ret->unit = *end;
    return true;
}

struct sweep_time sweep_time(const char *table, const char *anchor)
{
    struct sweep_time ret = {0};
    bool found = false;
    for (const struct inventory_table *one = inventory_tables; one->name; one++) {
        if (strcmp(one->name, table) == 0) {
            found = read_time(one->row_retain, anchor, &ret);
            for (const char *const *also = one->also; !found && *also; also++) {
                found = read_time(*also, anchor, &ret);
            }
        }
    }
    ASSERT_CODE(found);
    return ret;
}

enum err sweep_run(struct call *call)
{
    size_t count = 0;
    while (inventory_sweeps[count].sql.name) {
        count++;
    }
    /* Each is the first now and then, so that much of one keeps no other waiting. */
    size_t first = count ? (size_t)(call->now_ms / TIME_S) % count : 0;
    int64_t left = SWEEP_ALL;
    for (size_t i = 0; i < count && left > 0; i++) {
        const struct sweep *one = &inventory_sweeps[(first + i) % count];
        int64_t most = MIN(left, SWEEP_EACH), over = sweep_cutoff(call->now_ms, one->after);
        struct rows rows;
        TRY(store_run(call, &one->sql, BIND(I64(over), I64(most)), &rows));
        call->again |= (int64_t)rows.changed >= most;
        left -= (int64_t)rows.changed;
    }
    return OK;
}
