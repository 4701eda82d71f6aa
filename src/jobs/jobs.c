#include "jobs/jobs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "call/id.h"
#include "jobs/rows.h"
#include "store/queue.h"

enum {
    AGAIN_MS = 250,     /* between the pieces of a sweep: others write, too */
    BACK_OFF_MS = 2000, /* doubled each time, with jitter */
    CLOCK_SLACK_MS = 10 * 1000,
};

struct kind {
    const struct job_kind *row;
    struct api_route route; /* the same work as a call */
    atomic_uint_fast64_t ran, failed, died;
};

/* One row on its way. */
struct run {
    struct jobs *jobs;
    struct kind *kind;
    struct job_in in;
    char payload[JOB_PAYLOAD_MAX];
    bool busy, ended, again;
    enum err err;
    char code[64];
};

struct jobs {
    struct api *api;
    struct kind *kinds; /* as many as the features have */
    size_t kinds_count;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* holds the rest */
    pthread_cond_t change;
    bool woken, stop;
    struct run runs[JOBS_AT_ONCE];
    int64_t seen_ms; /* the clock as of the last look; the thread's own */
};

/* ---- rows: each of these is one call ---- */

SQL(jobs_due, "SELECT id, kind, payload, tries FROM job WHERE state IN ('waiting', 'running')"
              " AND run_at_ms <= $1 ORDER BY run_at_ms, id LIMIT $2");
COLUMNS(DUE_ID, DUE_KIND, DUE_PAYLOAD, DUE_TRIES);
SQL(jobs_lease, "UPDATE job SET state = 'running', run_at_ms = $2, tries = tries + 1"
                " WHERE id = $1");
SQL(jobs_next, "SELECT run_at_ms FROM job WHERE state IN ('waiting', 'running')"
               " ORDER BY run_at_ms LIMIT 1");
SQL(jobs_done, "DELETE FROM job WHERE id = $1 AND once IS NULL");
SQL(jobs_wait, "UPDATE job SET state = 'waiting', run_at_ms = $2, tries = $3, why = $4"
               " WHERE id = $1");
SQL(jobs_die, "UPDATE job SET state = 'dead', run_at_ms = $2, why = $3 WHERE id = $1");

struct plant_in {
    const struct jobs *jobs;
};

static const struct job_kind **rows_of(struct call *call, const struct jobs *jobs)
{
    const struct job_kind **rows =
        arena_alloc(call->arena, (jobs->kinds_count + 1) * sizeof(struct job_kind *));
    for (size_t i = 0; i < jobs->kinds_count; i++) {
        rows[i] = jobs->kinds[i].row;
    }
    return rows;
}

INNER_STEPS(plant, struct plant_in, struct none, struct none, apply);
STEP_IS(plant, apply, jobs_plant_rows(call, rows_of(call, in->jobs)));

INNER_STEPS(mend, struct plant_in, struct none, struct none, apply);
STEP_IS(mend, apply, jobs_mend_rows(call, rows_of(call, in->jobs)));

struct claim_in {
    struct jobs *jobs;
    size_t room;
};
struct claim_out {
    size_t count;
    struct {
        int64_t id, tries;
        struct kind *kind;
        char payload[JOB_PAYLOAD_MAX];
    } jobs[JOBS_AT_ONCE];
    size_t buried;
    int64_t now_ms, wait_ms; /* until the next is due; -1: nothing waits */
};

static struct kind *kind_named(struct jobs *jobs, const char *name)
{
    for (size_t i = 0; i < jobs->kinds_count; i++) {
        const struct job_kind *row = jobs->kinds[i].row;
        if (row && strcmp(row->name, name) == 0) {
            return &jobs->kinds[i];
        }
    }
    return NULL;
}

static enum err claim_one(struct call *call, struct jobs *jobs, const struct rows *rows, size_t i,
                          struct claim_out *claim)
{
    int64_t id = row_i64(rows, i, DUE_ID), tries = row_i64(rows, i, DUE_TRIES);
    struct kind *kind = kind_named(jobs, row_text(rows, i, DUE_KIND));
    /* Of a version that is no more, or one that takes the server down each time it runs. */
    if (!kind || (tries >= kind->row->tries && kind->row->every_ms == 0)) {
        claim->buried++;
        return store_run(
            call, &jobs_die,
            BIND(I64(id), I64(call->now_ms), TEXT(kind ? "jobs.lost" : "jobs.unknown")), NULL);
    }
    TRY(store_run(call, &jobs_lease,
                  BIND(I64(id), I64(call->now_ms + kind->row->timeout_ms + LEASE_EXTRA_MS)), NULL));
    ASSERT_CODE(claim->count < JOBS_AT_ONCE);
    size_t at = claim->count++;
    claim->jobs[at].id = id;
    claim->jobs[at].tries = tries;
    claim->jobs[at].kind = kind;
    snprintf(claim->jobs[at].payload, JOB_PAYLOAD_MAX, "%s", row_text(rows, i, DUE_PAYLOAD));
    return OK;
}

INNER_STEPS(claim, struct claim_in, struct claim_out, struct none, apply);
STEP(claim, apply)
{
    struct rows rows;
    if (in->room > 0) {
        TRY(store_run(call, &jobs_due, BIND(I64(call->now_ms), I64((int64_t)in->room)), &rows));
        for (size_t i = 0; i < rows.count; i++) {
            TRY(claim_one(call, in->jobs, &rows, i, out));
        }
    }
    TRY(store_run(call, &jobs_next, NO_BIND, &rows));
    out->now_ms = call->now_ms;
    out->wait_ms = rows.count ? MAX(row_i64(&rows, 0, ONLY) - call->now_ms, 0) : -1;
    return OK;
}

/* "tries" is how often it failed before. */
static int64_t back_off(struct call *call, int64_t tries)
{
    int64_t most = (int64_t)BACK_OFF_MS << MIN(tries, 16);
    most = MIN(most, BACK_OFF_MAX_MS);
    return most / 2 + (int64_t)(rng_next(&call->rng) % (uint64_t)most);
}

struct settle_in {
    const struct run *run;
};
INNER_STEPS(settle, struct settle_in, struct none, struct none, apply);
STEP(settle, apply)
{
    const struct run *run = in->run;
    const struct job_kind *row = run->kind->row;
    int64_t id = run->in.id, failures = run->in.tries + 1;
    if (row->every_ms > 0) {
        bool rest = run->err == OK || failures >= row->tries; /* it failed; next time, then */
        int64_t most_ms = run->again ? MIN(AGAIN_MS, row->every_ms) : row->every_ms;
        int64_t in_ms = rest ? most_ms : MIN(back_off(call, run->in.tries), row->every_ms);
        return store_run(call, &jobs_wait,
                         BIND(I64(id), I64(call->now_ms + in_ms), I64(rest ? 0 : failures),
                              run->err == OK ? NIL : TEXT(run->code)),
                         NULL);
    }
    if (run->err == OK) {
        return store_run(call, &jobs_done, BIND(I64(id)), NULL);
    }
    if (failures >= row->tries) {
        return store_run(call, &jobs_die, BIND(I64(id), I64(call->now_ms), TEXT(run->code)), NULL);
    }
    return store_run(call, &jobs_wait,
                     BIND(I64(id), I64(call->now_ms + back_off(call, run->in.tries)), I64(failures),
                          TEXT(run->code)),
                     NULL);
}

#define ROW(steps_, about_)                                                                        \
    {                                                                                              \
        .who = API_ADMIN, .tx = API_TX_WRITE, .status = 204, .steps = &(steps_), .about = (about_) \
    }
static const struct api_route plant_route = ROW(plant_steps, "Periodic jobs have a row.");
static const struct api_route mend_route = ROW(mend_steps, "Jobs after the clock was set back.");
static const struct api_route claim_route = ROW(claim_steps, "Jobs that are due.");
static const struct api_route settle_route = ROW(settle_steps, "What became of a job.");

/* ---- running ---- */

static void ended(void *owner, enum err err, const struct call *call, const void *out UNUSED)
{
    struct run *run = owner;
    struct jobs *jobs = run->jobs;
    pthread_mutex_lock(&jobs->lock);
    ASSERT_CODE(run->busy && !run->ended); /* once */
    run->err = err;
    run->again = err == OK && call->again;
    snprintf(run->code, sizeof(run->code), "%s",
             err == OK         ? ""
             : call->fail_code ? call->fail_code
             : err == ERR_BUSY ? "api.busy"
                               : "api.broken");
    run->ended = true;
    pthread_cond_broadcast(&jobs->change);
    pthread_mutex_unlock(&jobs->lock);
}

static void start_run(struct jobs *jobs, struct run *run)
{
    const struct api_inner inner = {
        .route = &run->kind->route, .in = &run->in, .owner = run, .done = ended};
    if (api_inner(jobs->api, &inner) != OK) {
        const struct call call = {0};
        ended(run, ERR_BUSY, &call, NULL);
    }
}

/* Writes down what became of the runs that ended; their places are free then. */
static bool settle_ended(struct jobs *jobs)
{
    bool any = false;
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        struct run *run = &jobs->runs[i];
        pthread_mutex_lock(&jobs->lock);
        bool mine = run->busy && run->ended;
        pthread_mutex_unlock(&jobs->lock);
        if (!mine) {
            continue;
        }
        const char *code = NULL;
        const struct job_kind *row = run->kind->row;
        atomic_fetch_add(run->err == OK ? &run->kind->ran : &run->kind->failed, 1);
        if (run->err != OK) {
            bool last = run->in.tries + 1 >= row->tries;
            atomic_fetch_add(&run->kind->died, last);
            log_line(last ? LOG_ERROR : LOG_WARN, "jobs", last ? "gave up" : "failed, later again",
                     LOG_T(LOG_JOB, row->name), LOG_N(LOG_TRIES, run->in.tries + 1),
                     LOG_T(LOG_CODE, run->code));
        }
        /* When even this fails the lease ends by itself and the job runs again. */
        const struct settle_in in = {run};
        if (api_wait(jobs->api, &settle_route, &in, NULL, &code) != OK) {
            log_line(LOG_WARN, "jobs", "result not written down", LOG_T(LOG_JOB, row->name));
        }
        pthread_mutex_lock(&jobs->lock);
        run->busy = run->ended = false;
        pthread_mutex_unlock(&jobs->lock);
        any = true;
    }
    return any;
}

static bool runs_already(const struct jobs *jobs, int64_t id)
{
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        if (jobs->runs[i].busy && jobs->runs[i].in.id == id) {
            return true;
        }
    }
    return false;
}

/* true: it was set back, and some jobs may be due now.  Where this fails the next look does it. */
static bool notice_clock(struct jobs *jobs, int64_t now_ms)
{
    const struct plant_in in = {jobs};
    const char *code = NULL;
    bool back = now_ms < jobs->seen_ms - CLOCK_SLACK_MS;
    if (back && api_wait(jobs->api, &mend_route, &in, NULL, &code) != OK) {
        return false;
    }
    jobs->seen_ms = now_ms;
    return back;
}

/* true: something was started or settled.  Only this thread makes a place busy. */
static bool step(struct jobs *jobs, int64_t *ret_wait_ms)
{
    struct claim_in wish = {.jobs = jobs};
    const char *code = NULL;
    bool any = settle_ended(jobs);
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        wish.room += !jobs->runs[i].busy;
    }
    *ret_wait_ms = JOBS_POLL_MS;
    struct claim_out *claimed = calloc(1, sizeof(*claimed));
    if (!claimed || wish.room == 0 ||
        api_wait(jobs->api, &claim_route, &wish, claimed, &code) != OK) {
        free(claimed);
        return any;
    }
    ASSERT_CODE(claimed->count <= wish.room); /* each finds a place below */
    any = notice_clock(jobs, claimed->now_ms) || any;
    for (size_t i = 0; i < claimed->count; i++) {
        if (runs_already(jobs, claimed->jobs[i].id)) {
            continue; /* slower than its lease: the lease is longer now, that is all */
        }
        struct run *run = jobs->runs;
        while (run->busy) {
            run++;
        }
        pthread_mutex_lock(&jobs->lock);
        *run = (struct run){.jobs = jobs, .kind = claimed->jobs[i].kind, .busy = true};
        pthread_mutex_unlock(&jobs->lock);
        memcpy(run->payload, claimed->jobs[i].payload, JOB_PAYLOAD_MAX);
        run->in = (struct job_in){claimed->jobs[i].id, run->payload, (int)claimed->jobs[i].tries};
        start_run(jobs, run);
        any = true;
    }
    if (claimed->wait_ms >= 0) {
        *ret_wait_ms = MIN(claimed->wait_ms, JOBS_POLL_MS);
    }
    any = any || claimed->buried > 0;
    free(claimed);
    return any;
}

/* Under the lock. */
static size_t running(const struct jobs *jobs, bool *ret_ended)
{
    size_t count = 0;
    *ret_ended = false;
    for (size_t i = 0; i < JOBS_AT_ONCE; i++) {
        count += jobs->runs[i].busy;
        *ret_ended = *ret_ended || (jobs->runs[i].busy && jobs->runs[i].ended);
    }
    return count;
}

static void *run_for_ever(void *arg)
{
    struct jobs *jobs = arg;
    bool any_ended = false, stop = false;
    while (!stop) {
        int64_t wait_ms = 0;
        step(jobs, &wait_ms);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        int64_t ns = until.tv_nsec + (MAX(wait_ms, 1) % 1000) * 1000000;
        until.tv_sec += MAX(wait_ms, 1) / 1000 + ns / 1000000000;
        until.tv_nsec = ns % 1000000000;
        pthread_mutex_lock(&jobs->lock);
        while (!jobs->woken && !jobs->stop && (running(jobs, &any_ended), !any_ended)) {
            if (pthread_cond_timedwait(&jobs->change, &jobs->lock, &until) != 0) {
                break;
            }
        }
        jobs->woken = false;
        stop = jobs->stop;
        while (stop && running(jobs, &any_ended) > 0 && !any_ended) {
            pthread_cond_wait(&jobs->change, &jobs->lock);
        }
        stop = stop && running(jobs, &any_ended) == 0;
        bool stopping = jobs->stop;
        pthread_mutex_unlock(&jobs->lock);
        if (stopping && !stop) {
            settle_ended(jobs);
            pthread_mutex_lock(&jobs->lock);
            stop = running(jobs, &any_ended) == 0;
            pthread_mutex_unlock(&jobs->lock);
        }
    }
    return NULL;
}

/* ---- life ---- */

struct jobs *jobs_new(const struct feature *const *list)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    pthread_condattr_t attr;
    ASSERT_START(jobs);
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->change, &attr);
    pthread_condattr_destroy(&attr);
    size_t count = 0;
    for (const struct feature *const *at = list; *at; at++) {
        for (const struct job_kind *row = (*at)->jobs; row && row->name; row++) {
            count++;
        }
    }
    jobs->kinds = calloc(count + 1, sizeof(*jobs->kinds));
    ASSERT_START(jobs->kinds);
    for (; *list; list++) {
        for (const struct job_kind *row = (*list)->jobs; row && row->name; row++) {
            ASSERT_START(!kind_named(jobs, row->name));
            ASSERT_START(row->tries > 0 && row->timeout_ms > 0 && strlen(row->name) < JOB_KIND_MAX);
            ASSERT_START(row->steps && (row->tx == API_TX_NONE || row->steps->apply));
            ASSERT_START(row->steps->in_size == 0 || row->steps->in_size == sizeof(struct job_in));
            struct kind *kind = &jobs->kinds[jobs->kinds_count++];
            kind->row = row;
            kind->route = (struct api_route){.who = API_ADMIN,
                                             .tx = row->tx,
                                             .flags = API_BACKGROUND,
                                             .status = 204,
                                             .about = row->about,
                                             .steps = row->steps};
        }
    }
    return jobs;
}

enum err jobs_attach(struct jobs *jobs, struct api *api)
{
    const struct plant_in in = {jobs};
    const char *code = NULL;
    ASSERT_CODE(!jobs->started);
    jobs->api = api;
    TRY(api_wait(api, &mend_route, &in, NULL, &code));
    return api_wait(api, &plant_route, &in, NULL, &code);
}

enum err jobs_start(struct jobs *jobs, struct api *api, char ret_why[256])
{
    enum err err = jobs_attach(jobs, api);
    if (err == OK && pthread_create(&jobs->thread, NULL, run_for_ever, jobs) != 0) {
        err = ERR_BROKEN;
    }
    jobs->started = err == OK;
    if (err != OK) {
        snprintf(ret_why, 256, "the jobs do not start; see the log above");
    }
    return err;
}

void jobs_wake(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->woken = true;
    pthread_cond_broadcast(&jobs->change);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_run_due(struct jobs *jobs)
{
    int64_t wait_ms = 0;
    bool any_ended = false;
    ASSERT_CODE(jobs->api && !jobs->started); /* places are this thread's alone */
    while (step(jobs, &wait_ms)) {
        pthread_mutex_lock(&jobs->lock);
        while (running(jobs, &any_ended) > 0 && !any_ended) {
            pthread_cond_wait(&jobs->change, &jobs->lock);
        }
        pthread_mutex_unlock(&jobs->lock);
    }
}

void jobs_stop(struct jobs *jobs)
{
    if (jobs && jobs->started) {
        pthread_mutex_lock(&jobs->lock);
        jobs->stop = true;
        pthread_cond_broadcast(&jobs->change);
        pthread_mutex_unlock(&jobs->lock);
        pthread_join(jobs->thread, NULL);
        jobs->started = false;
    }
}

void jobs_free(struct jobs *jobs)
{
    if (jobs) {
        jobs_stop(jobs);
        bool any_ended = false;
        ASSERT_CODE(running(jobs, &any_ended) == 0); /* what still ran would end in freed memory */
        pthread_cond_destroy(&jobs->change);
        pthread_mutex_destroy(&jobs->lock);
        free(jobs->kinds);
        free(jobs);
    }
}

void jobs_metrics(struct jobs *jobs, struct buf *out)
{
    buf_puts(out, "# TYPE bauta_jobs_total counter\n");
    for (size_t i = 0; i < jobs->kinds_count; i++) {
        struct kind *kind = &jobs->kinds[i];
        const char *name = kind->row->name;
        buf_printf(out,
                   "bauta_jobs_total{kind=\"%s\",end=\"done\"} %llu\n"
                   "bauta_jobs_total{kind=\"%s\",end=\"failed\"} %llu\n"
                   "bauta_jobs_total{kind=\"%s\",end=\"dead\"} %llu\n",
                   name, (unsigned long long)atomic_load(&kind->ran), name,
                   (unsigned long long)atomic_load(&kind->failed), name,
                   (unsigned long long)atomic_load(&kind->died));
    }
}
