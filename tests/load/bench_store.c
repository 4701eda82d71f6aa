#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/store.h"
#include "tests/load/spent.h"

/*
 * Durable writes and reads, closed loop: bench_store URL [SECONDS].  The folder or
 * database of URL must be empty.  An asker hands over its next row from `done`, as
 * the api does, so 64 askers are 64 rows in flight, not 64 threads.
 */
enum { ASKERS_MAX = 256, BODY = 60 };

SQL(put, "INSERT INTO bench_line (room_id, id, sender_id, body) VALUES ($1, $2, $3, $4)");
SQL(get, "SELECT body FROM bench_line WHERE room_id = $1 AND id = $2");
SQL(page,
    "SELECT id, sender_id, body FROM bench_line WHERE room_id = $1 ORDER BY id DESC LIMIT 50");

static const char body[BODY + 1] = "sixty bytes of what somebody says to the others in a room...";

struct asker {
    struct store_job job;
    struct store *store;
    struct arena *arena;
    sem_t *stopped;
    uint64_t began_us;
};

static atomic_bool stop;
static atomic_int_fast64_t next_id = 1;
static atomic_uint_fast64_t rows, failures, wait_us, wait_most;

static enum err put_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct asker *asker = (struct asker *)job;
    struct call call;
    (void)rehearsal;
    arena_reset(asker->arena);
    store_call(&call, tx, asker->arena, 0);
    int64_t id = atomic_fetch_add(&next_id, 1);
    return store_run(&call, &put, BIND(I64(id % 20), I64(id), I64(id * 7919 % 5000), TEXT(body)),
                     NULL);
}

static void ask(struct asker *asker)
{
    asker->began_us = now_us();
    if (store_write(asker->store, NULL, &asker->job) != OK) {
        abort();
    }
}

static void put_done(struct store_job *job, enum err err)
{
    struct asker *asker = (struct asker *)job;
    uint64_t waited = now_us() - asker->began_us;
    atomic_fetch_add(err == OK ? &rows : &failures, 1);
    atomic_fetch_add(&wait_us, waited);
    if (waited > atomic_load(&wait_most)) {
        atomic_store(&wait_most, waited);
    }
    if (atomic_load(&stop)) {
        sem_post(asker->stopped);
    } else {
        ask(asker);
    }
}

static double run_writes(struct store *store, int askers, double seconds)
{
    static struct asker all[ASKERS_MAX];
    struct store_stats before, after;
    sem_t stopped;
    sem_init(&stopped, 0, 0);
    atomic_store(&stop, false);
    atomic_store(&rows, 0);
    atomic_store(&wait_us, 0);
    atomic_store(&wait_most, 0);
    store_stats(store, &before);
    uint64_t began = now_us();
    double cpu = cpu_s();
    for (int i = 0; i < askers; i++) {
        all[i] = (struct asker){.job = {.apply = put_apply, .done = put_done},
                                .store = store,
                                .arena = arena_new(65536),
                                .stopped = &stopped};
        ask(&all[i]);
    }
    nanosleep(
        &(struct timespec){(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)},
        NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < askers; i++) {
        sem_wait(&stopped);
    }
    double took = (double)(now_us() - began) / 1e6;
    cpu = cpu_s() - cpu;
    store_stats(store, &after);
    double rate = (double)atomic_load(&rows) / took;
    printf("writes askers=%-3d rows/s=%-8.0f commits/s=%-7.0f mean_ms=%.2f max_ms=%.1f cpu=%.2f "
           "failed=%llu\n",
           askers, rate, (double)(after.batches - before.batches) / took,
           (double)atomic_load(&wait_us) / 1000 / (double)MAX(atomic_load(&rows), 1),
           (double)atomic_load(&wait_most) / 1000, cpu / took,
           (unsigned long long)atomic_load(&failures));
    for (int i = 0; i < askers; i++) {
        arena_free(all[i].arena);
    }
    sem_destroy(&stopped);
    return rate;
}

struct reader {
    struct store_job job;
    struct store *store;
    struct arena *arena;
    const struct sql *sql;
    uint64_t count;
    int64_t number;
};

static enum err get_apply(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct reader *reader = (struct reader *)job;
    struct call call;
    struct rows found;
    (void)rehearsal;
    arena_reset(reader->arena);
    store_call(&call, tx, reader->arena, 0);
    reader->number = (reader->number * 6364136223846793005 + 1442695040888963407) & INT64_MAX;
    int64_t id = reader->number % atomic_load(&next_id);
    return reader->sql == &get ? store_run(&call, &get, BIND(I64(id % 20), I64(id)), &found)
                               : store_run(&call, &page, BIND(I64(id % 20)), &found);
}

static void get_done(struct store_job *job, enum err err)
{
    ((struct reader *)job)->count += err == OK;
}

static void *reader_main(void *arg)
{
    struct reader *reader = arg;
    struct store_conn *conn = NULL;
    if (store_conn_new(reader->store, &conn) != OK) {
        abort();
    }
    while (!atomic_load(&stop)) {
        store_read(conn, &reader->job);
    }
    store_conn_free(conn);
    return NULL;
}

static void run_reads(struct store *store, const struct sql *sql, int threads, double seconds)
{
    struct reader readers[8];
    pthread_t handles[8];
    uint64_t total = 0;
    atomic_store(&stop, false);
    uint64_t began = now_us();
    double cpu = cpu_s();
    for (int i = 0; i < threads; i++) {
        readers[i] = (struct reader){.job = {.apply = get_apply, .done = get_done},
                                     .store = store,
                                     .arena = arena_new(1 << 20),
                                     .sql = sql,
                                     .number = i + 1};
        pthread_create(&handles[i], NULL, reader_main, &readers[i]);
    }
    nanosleep(&(struct timespec){(time_t)seconds, 0}, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        total += readers[i].count;
        arena_free(readers[i].arena);
    }
    double took = (double)(now_us() - began) / 1e6;
    printf("reads  %-5s threads=%d calls/s=%-8.0f per_cpu_s=%.0f\n", sql->name, threads,
           (double)total / took, (double)total / (cpu_s() - cpu));
}

int main(int argc, char **argv)
{
    char why[256] = "";
    struct store *store = NULL;
    struct store_options options = {.url = argc > 1 ? argv[1] : "", .pool = 8};
    double seconds = argc > 2 ? atof(argv[2]) : 3;
    if (store_open(&options, &store, why) != OK) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    bool lite = store_is_sqlite(store);
    if (store_script(store, lite ? "CREATE TABLE bench_line (room_id INTEGER, id INTEGER,"
                                   " sender_id INTEGER, body TEXT, PRIMARY KEY (room_id, id))"
                                   " STRICT, WITHOUT ROWID;"
                                   "CREATE INDEX bench_sender ON bench_line (sender_id, id)"
                                 : "CREATE TABLE bench_line (room_id BIGINT, id BIGINT,"
                                   " sender_id BIGINT, body TEXT, PRIMARY KEY (room_id, id));"
                                   "CREATE INDEX bench_sender ON bench_line (sender_id, id)") !=
        OK) {
        return 1;
    }
    double one = run_writes(store, 1, seconds);
    run_writes(store, 16, seconds);
    double many = run_writes(store, 64, seconds);
    run_writes(store, ASKERS_MAX, seconds);
    printf("ratio  64 askers / 1 asker = %.1f (at least 5)\n", many / one);
    run_reads(store, &get, 1, seconds);
    run_reads(store, &get, 2, seconds);
    run_reads(store, &page, 1, seconds);
    store_close(store);
    return 0;
}
