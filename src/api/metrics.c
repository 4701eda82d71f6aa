#include "api/api_inner.h"

/* Counters of calls, and /metrics in Prometheus' text format. */
static const int64_t bounds_us[LATENCY_BUCKETS] = {500,   1000,  2000,   5000,   10000,
                                                   25000, 50000, 100000, 500000, 2000000};

void metrics_count(struct route_entry *entry, int status, int64_t micros)
{
    ASSERT_CODE(status >= 0);
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS && micros > bounds_us[bucket]) {
        bucket++;
    }
    int class = status / 100 < CLASSES ? status / 100 : 0;
    atomic_fetch_add_explicit(&entry->count[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&entry->micros, (uint_fast64_t)micros, memory_order_relaxed);
    atomic_fetch_add_explicit(&entry->slower[bucket], 1, memory_order_relaxed);
}

static void write_route(struct buf *out, struct route_entry *entry)
{
    uint64_t all = 0;
    for (int class = 0; class < CLASSES; class ++) {
        uint64_t count = atomic_load(&entry->count[class]);
        if (count > 0) {
            buf_printf(out, "bauta_calls_total{route=\"%s\",class=\"%dxx\"} %llu\n", entry->label,
                       class, (unsigned long long)count);
        }
        all += count;
    }
    if (all == 0) {
        return;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i <= LATENCY_BUCKETS; i++) {
        sum += atomic_load(&entry->slower[i]);
        if (i < LATENCY_BUCKETS) {
            buf_printf(out, "bauta_call_seconds_bucket{route=\"%s\",le=\"%g\"} %llu\n",
                       entry->label, (double)bounds_us[i] / 1e6, (unsigned long long)sum);
        }
    }
    buf_printf(out,
               "bauta_call_seconds_bucket{route=\"%s\",le=\"+Inf\"} %llu\n"
               "bauta_call_seconds_sum{route=\"%s\"} %.6f\n"
               "bauta_call_seconds_count{route=\"%s\"} %llu\n",
               entry->label, (unsigned long long)sum, entry->label,
               (double)atomic_load(&entry->micros) / 1e6, entry->label, (unsigned long long)sum);
}

static void write_number(struct buf *out, const char *name, const char *type, uint64_t number)
{
    buf_printf(out, "# TYPE bauta_%s %s\nbauta_%s %llu\n", name, type, name,
               (unsigned long long)number);
}

static void write_store(struct api *api, struct buf *out)
{
    struct store_stats stats;
    store_stats(api->options.store, &stats);
    write_number(out, "store_writes_total", "counter", stats.writes);
    write_number(out, "store_batches_total", "counter", stats.batches);
    write_number(out, "store_batch_most", "gauge", stats.batch_most);
    write_number(out, "store_overruns_total", "counter", stats.overruns);
    write_number(out, "store_commit_microseconds_total", "counter", stats.commit_us);
    write_number(out, "store_retries_total", "counter", stats.retries);
    write_number(out, "store_failed_commits_total", "counter", stats.failed_commits);
    write_number(out, "store_queued", "gauge", stats.queued);
    write_number(out, "store_reachable", "gauge", stats.reachable);
    write_number(out, "store_full", "gauge", stats.full);
}

void metrics_write(struct api *api, struct buf *out)
{
    buf_puts(out, "# TYPE bauta_calls_total counter\n# TYPE bauta_call_seconds histogram\n");
    for (size_t i = 0; i < api->routes.count + 2; i++) {
        write_route(out, &api->routes.entries[i]);
    }
    pthread_mutex_lock(&api->lock);
    size_t open = api->open, waiting = api->fresh.count + api->ready.count, slow = api->slow.count;
    pthread_mutex_unlock(&api->lock);
    write_number(out, "calls_open", "gauge", open);
    write_number(out, "calls_waiting", "gauge", waiting);
    write_number(out, "hashes_waiting", "gauge", slow);
    write_number(out, "calls_refused_total", "counter", atomic_load(&api->refused));
    write_number(out, "calls_retried_total", "counter", atomic_load(&api->retried));
    write_number(out, "calls_out_of_memory_total", "counter", atomic_load(&api->ran_out));
    write_number(out, "rehearsals_total", "counter", atomic_load(&api->rehearsals));
    write_store(api, out);
    if (api->options.metrics) {
        api->options.metrics(api->options.metrics_ctx, out);
    }
}
