#include "features/common/consents/performance.h"

#include "base/arena.h"
#include "base/time.h"
#include "features/common/consents/consents.h"
#include "store/store.h"

enum { DAYS_SHOWN = 30 };

SQL(performance_count,
    "INSERT INTO performance (day, metric, bucket, count) VALUES ($1, $2, $3, 1)"
    " ON CONFLICT (day, metric, bucket) DO UPDATE SET count = performance.count + 1");
SQL(performance_list,
    "SELECT metric, bucket, CAST(SUM(count) AS BIGINT) AS count FROM performance WHERE day >= $1"
    " GROUP BY metric, bucket HAVING SUM(count) >= $2 ORDER BY metric, bucket LIMIT 200");
COLUMNS(SUM_METRIC, SUM_BUCKET, SUM_COUNT);

static enum err count(struct call *call, const char *metric, const char *bucket)
{
    int64_t day = call->now_ms - call->now_ms % TIME_DAY;
    return store_run(call, &performance_count, BIND(I64(day), TEXT(metric), TEXT(bucket)), NULL);
}

enum err performance_add(struct call *call, const struct performance_report *report)
{
    bool given = false;
    ASSERT_CODE(call->actor.id);
    TRY(consents_given(call, call->actor.id, "performance", &given));
    if (!given) {
        return call_fail(call, ERR_DENIED, "performance.consent");
    }
    TRY(count(call, "frames", report->frames));
    TRY(count(call, "load", report->load));
    TRY(count(call, "memory", report->memory));
    TRY(count(call, "network", report->network));
    return count(call, "quality", report->quality);
}

enum err performance_sums(struct call *call, struct performance_sum **ret, size_t *ret_count)
{
    struct rows rows;
    int64_t since = call->now_ms - DAYS_SHOWN * TIME_DAY;
    TRY(store_run(call, &performance_list, BIND(I64(since), I64(PERFORMANCE_LEAST)), &rows));
    struct performance_sum *all = arena_alloc(call->arena, (rows.count + 1) * sizeof(*all));
    for (size_t i = 0; i < rows.count; i++) {
        all[i] =
            (struct performance_sum){row_text(&rows, i, SUM_METRIC), row_text(&rows, i, SUM_BUCKET),
                                     row_i64(&rows, i, SUM_COUNT)};
    }
    *ret = all;
    *ret_count = rows.count;
    return OK;
}
