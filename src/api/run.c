#include "api/api_inner.h"

#include <stdio.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/log.h"

/*
 * A call's way: look, prepare, maybe both again, apply, finish.  What runs in a transaction may
 * run again (rehearsal, lost race, a batch retried alone), so everything it may
 * have touched is put back first.
 */
static void put_back(struct work *work)
{
    struct call *call = &work->call;
    size_t state_size = work->steps->state_size;
    size_t out_size = work->out ? work->steps->out_size : 0;
    if (!work->saved.set) {
        work->saved.rehearsed = false;
        work->saved.call = *call;
        work->saved.state = arena_alloc(work->arena, state_size + 1);
        memcpy(work->saved.state, state_size ? call->state : "", state_size);
        work->saved.out = arena_alloc(work->arena, out_size + 1);
        memcpy(work->saved.out, out_size ? work->out : "", out_size);
        work->saved.mark = arena_mark(work->arena);
        work->saved.set = true; /* not before all of it is there */
        return;
    }
    arena_rewind(work->arena, work->saved.mark);
    *call = work->saved.call;
    memcpy(state_size ? call->state : work->saved.state, work->saved.state, state_size);
    memcpy(out_size ? work->out : work->saved.out, work->saved.out, out_size);
}

/* All that anybody could see of an `apply`: result, events, cookies, answer. */
static void fingerprint(struct work *work, enum err err, uint8_t ret[HASH_BYTES])
{
    const struct call *call = &work->call;
    struct buf out = {.arena = work->arena};
    buf_printf(&out, "%d %s %s\n", (int)err, call->fail_code ? call->fail_code : "",
               call->fail_field ? call->fail_field : "");
    for (const struct event *event = call->events; event; event = event->next) {
        buf_printf(&out, "%d %lld %lld %s\n", (int)event->kind, (long long)event->account_id,
                   (long long)event->id, event->json ? event->json : "");
    }
    for (const struct cookie *cookie = call->cookies; cookie; cookie = cookie->next) {
        buf_printf(&out, "%s %s\n", cookie->name, cookie->value);
    }
    if (err == OK && work->steps->out && !work->steps->finish && !work->idem.repeated) {
        json_write(&out, work->steps->out, work->out);
    }
    crypto_sha256(out.at, out.len, ret);
}

/* Weather: says nothing about whether `apply` is repeatable. */
static bool weather(enum err err)
{
    return err == ERR_BUSY || err == ERR_BROKEN;
}

static void compare(struct work *work, enum err err, bool rehearsal)
{
    uint8_t now[HASH_BYTES];
    if ((!rehearsal && !work->saved.rehearsed) || weather(err) || arena_ran_out(work->arena)) {
        return;
    }
    fingerprint(work, err, now);
    if (rehearsal) {
        work->saved.rehearsed = true;
        memcpy(work->saved.fingerprint, now, sizeof(now));
        atomic_fetch_add(&work->api->rehearsals, 1);
        return;
    }
    bool same_each_time = memcmp(work->saved.fingerprint, now, sizeof(now)) == 0;
    if (!same_each_time) {
        log_line(LOG_ERROR, "api", "apply gave two answers", LOG_T(LOG_ROUTE, work->entry->label));
    }
    ASSERT_CODE(same_each_time);
}

/*
 * Memory is spent as freely as if there were no end of it.  Where there is one, a step is left
 * where it stands, and all that it may have begun to say is forgotten.
 */
struct guarded {
    struct worker *worker;
    struct work *work;
    enum err (*step)(struct worker *worker, struct work *work);
};

static enum err run_guarded(void *arg)
{
    const struct guarded *guarded = arg;
    return guarded->step(guarded->worker, guarded->work);
}

void work_forget(struct work *work, enum err err)
{
    ASSERT_CODE(err != OK);
    work->ran_out = true;
    work->err = err;
    work->call.fail_code = err == ERR_LARGE ? "api.much" : NULL;
    work->call.fail_field = NULL;
    work->call.events = NULL;
    work->call.cookies = NULL;
    work->challenge = NULL;
    work->status = 0;
}

static enum err guard(struct worker *worker, struct work *work,
                      enum err (*step)(struct worker *worker, struct work *work))
{
    struct guarded guarded = {worker, work, step};
    enum err err = arena_run(work->arena, run_guarded, &guarded);
    if (err != OK && arena_ran_out(work->arena)) {
        work_forget(work, err);
    }
    return err;
}

struct attempt {
    struct work *work;
    struct store_tx *tx;
    bool rehearsal;
};

static enum err run_step(void *arg)
{
    const struct attempt *attempt = arg;
    struct work *work = attempt->work;
    put_back(work);
    work->saved.rehearsed = work->saved.rehearsed && !attempt->rehearsal;
    work->call.tx = attempt->tx;
    enum err err = work->step(work);
    compare(work, err, attempt->rehearsal);
    return err;
}

/* Inside a transaction: what runs out of memory here is a failure like any other to the store. */
static enum err run_in(struct store_job *job, struct store_tx *tx, bool rehearsal)
{
    struct work *work = (struct work *)(void *)((char *)job - offsetof(struct work, job));
    ASSERT_CODE(!work->call.tx);
    struct attempt attempt = {work, tx, rehearsal};
    work->ran_out = false;
    enum err err = arena_run(work->arena, run_step, &attempt);
    if (err != OK && arena_ran_out(work->arena)) {
        store_tx_spoil(tx, err);
        work_forget(work, err);
    }
    if (weather(err)) {
        snprintf(work->why, sizeof(work->why), "%s", store_tx_why(tx));
    }
    work->call.tx = NULL;
    work->applied = err;
    return err;
}

static void keep_result(struct store_job *job, enum err err)
{
    struct work *work = (struct work *)(void *)((char *)job - offsetof(struct work, job));
    work->err = err;
}

enum err work_read(struct worker *worker, struct work *work, enum err (*step)(struct work *work))
{
    work->saved.set = false; /* once: what a failed attempt left is no beginning */
    for (work->tries = 0; work->tries < API_TRIES; work->tries++) {
        work->step = step;
        work->job = (struct store_job){.apply = run_in, .done = keep_result};
        store_read(worker->conn, &work->job);
        if (work->err != ERR_BUSY) {
            break;
        }
    }
    return work->err;
}

static enum err step_look(struct work *work)
{
    return work->steps->look(&work->call, work->in, work->out);
}

/* Whatever staff does leaves its line, or does not happen. */
static enum err write_act(struct work *work)
{
    const struct api_route *route = work->route;
    bool staff = work->call.actor.id && api_power(route->who) && route->method &&
                 (route->look || route_method(route->method) != METHOD_GET);
    return work->api->acted && (staff || work->call.acted.staff)
               ? work->api->acted(&work->call, route)
               : OK;
}

static enum err step_apply(struct work *work)
{
    if (work->idem.on) {
        TRY(idem_before(work));
        if (work->idem.repeated) {
            return OK;
        }
    }
    work->call.acted = (struct acted){0};
    TRY(work->steps->apply(&work->call, work->in, work->out));
    TRY(write_act(work));
    return work->idem.on ? idem_after(work) : OK;
}

static enum err step_prepare(struct worker *worker UNUSED, struct work *work)
{
    ASSERT_CODE(!work->call.tx);
    return work->steps->prepare(&work->call, work->in, work->out);
}

void work_prepare(struct work *work)
{
    work->stage = STAGE_APPLY;
    work->err = guard(NULL, work, step_prepare);
}

/* A cookie's refusal or a session's wish to be remembered, before the call itself runs. */
static enum err find(struct work *work, struct found *ret)
{
    struct api_request *request = work->request;
    struct call *call = &work->call;
    call->origin = (struct origin){.address = request->address,
                                   .user_agent = request->user_agent,
                                   .secure = request->secure,
                                   .cookies = request->cookie,
                                   .host = request->host};
    const char *wanted = request->accept_language;
    if (!*wanted && call->settings && call->settings->language) {
        wanted = call->settings->language;
    }
    const char *language = catalogue_language(wanted);
    memcpy(call->actor.language, language, MIN(strlen(language) + 1, LANGUAGE_MAX - 1));
    TRY(route_find(&work->api->routes, call, request->method, request->path, ret));
    if (ret->entry) {
        work->entry = ret->entry;
        work->route = ret->entry->route;
        work->steps = work->route->steps;
        return OK;
    }
    if (ret->allow) {
        request->allow = ret->allow;
        work->status = 405;
        return call_fail(call, ERR_INVALID, "api.method");
    }
    return call_fail(call, ERR_MISSING, "api.no_route");
}

static enum err open_call(struct worker *worker, struct work *work)
{
    struct found found;
    TRY(find(work, &found));
    if (work->entry->own && work->route->who == API_ANYONE) {
        return OK; /* probes and documents: no sign-in, no limit, no input */
    }
    TRY(who_check(worker, work));
    TRY(limit_check(work));
    work->out = work->steps->out ? arena_alloc(work->arena, work->steps->out->size) : NULL;
    TRY(input_read(work, &found));
    TRY(limit_check_fields(work));
    return work->request->asks ? OK : idem_begin(work);
}

static enum err begin(struct worker *worker, struct work *work)
{
    work->call.now_ms = api_now_ms(work->api);
    if (work->request) {
        work->entry = &work->api->routes.entries[work->api->routes.count];
        TRY(open_call(worker, work));
    }
    if (api_power(work->route->who) || work->route->flags & API_STAFF_LINE) {
        crypto_random(work->call.salt, sizeof(work->call.salt));
    }
    work->call.state = arena_alloc(work->arena, work->steps->state_size + 1);
    if (work->steps->look) {
        TRY(work_read(worker, work, step_look));
    }
    return work->request ? limit_check_looked(work) : OK;
}

static void applied_write(struct store_job *job, enum err err)
{
    struct work *work = (struct work *)(void *)((char *)job - offsetof(struct work, job));
    work->err = err;
    work->stage = STAGE_FINISH;
    api_push(work->api, work);
}

/* true: the writer has it; the call goes on when it comes back. */
static bool apply_write(struct worker *worker, struct work *work)
{
    struct store *store = work->api->options.store;
    ASSERT_CODE(work->stage == STAGE_FINISH); /* it may be back before this returns */
    work->saved.set = false;
    work->step = step_apply;
    work->job = (struct store_job){
        .background = work->route->flags & API_BACKGROUND, .apply = run_in, .done = applied_write};
    /* Once it is taken, the work may already be answered and gone. */
    struct store_conn *conn = work->route->flags & API_BATCH ? NULL : worker->conn;
    enum err err = store_write(store, conn, &work->job);
    if (err != OK) {
        work->err = err;
    }
    return err == OK;
}

static enum err step_here(struct worker *worker UNUSED, struct work *work)
{
    return work->steps->apply(&work->call, work->in, work->out);
}

static enum err step_read(struct worker *worker, struct work *work)
{
    return work_read(worker, work, step_apply);
}

/* true: the work is somebody else's now. */
static bool apply(struct worker *worker, struct work *work)
{
    work->stage = STAGE_FINISH;
    if (work->route->tx == API_TX_WRITE) {
        return apply_write(worker, work);
    }
    if (work->route->tx == API_TX_READ) {
        work->err = guard(worker, work, step_read);
    } else if (work->steps->apply) {
        work->err = guard(worker, work, step_here);
    }
    return false;
}

/* Holds from here on: whoever is answered later begins with it. */
static void set(struct api *api, const struct event *event)
{
    enum { NAME_MAX_BYTES = 64 };
    char name[NAME_MAX_BYTES];
    size_t len = strcspn(event->json, "=");
    snprintf(name, sizeof(name), "%.*s", (int)MIN(len, sizeof(name) - 1), event->json);
    const char *value = event->json[len] ? event->json + len + 1 : NULL;
    enum err err = settings_change(api->options.settings, name, value, event->id);
    if (err != OK) { /* a job that looks each minute mends what is mended by time */
        log_line(LOG_WARN, "api", "a setting that was stored does not hold yet",
                 LOG_T(LOG_SETTING, name));
    }
}

static void tell(struct work *work)
{
    struct event *oldest_first = NULL;
    for (struct event *event = work->call.events, *next = NULL; event; event = next) {
        next = event->next;
        event->next = oldest_first;
        oldest_first = event;
    }
    const struct api_options *options = &work->api->options;
    for (const struct event *event = oldest_first; event; event = event->next) {
        who_event(work->api, event);
        if (event->kind == EVENT_SETTING) {
            set(work->api, event);
        }
        if (options->event) {
            options->event(options->event_ctx, event);
        }
    }
    work->call.events = NULL;
}

/*
 * A write that failed before its commit may be tried again; one whose commit
 * failed may have happened, and is left to the asker and the Idempotency-Key.
 */
static void again(struct work *work)
{
    if (work->route->tx != API_TX_WRITE || work->err != ERR_BUSY || work->applied != ERR_BUSY ||
        !work->saved.set || ++work->tries >= API_TRIES) {
        return;
    }
    atomic_fetch_add(&work->api->retried, 1);
    put_back(work);
    work->err = OK;
    work->stage = STAGE_APPLY;
}

static enum err step_look_again(struct work *work)
{
    return work->steps->look_again(&work->call, work->in, work->out);
}

static enum err prepare_again(struct worker *worker, struct work *work)
{
    TRY(work_read(worker, work, step_look_again));
    work->tries = 0;
    return work->steps->prepare_again(&work->call, work->in, work->out);
}

static bool asks(const struct work *work)
{
    return work->request && work->request->asks;
}

static enum err step_own(struct worker *worker UNUSED, struct work *work)
{
    return work->entry->own(work);
}

static enum err step_finish(struct worker *worker UNUSED, struct work *work)
{
    ASSERT_CODE(!work->call.tx);
    return work->steps->finish(&work->call, work->in, work->out);
}

/* From the start to the end of `prepare`.  true: a hasher has it now. */
static bool start(struct worker *worker, struct work *work)
{
    work->call.settings = work->settings = settings_hold(work->api->options.settings);
    work->err = guard(worker, work, begin);
    work->tries = 0;
    work->stage = STAGE_APPLY;
    if (work->err != OK) {
        return false;
    }
    if (asks(work)) {
        work->stage = STAGE_FINISH;
    } else if (work->entry->own) {
        work->err = guard(worker, work, step_own);
        work->stage = STAGE_FINISH;
    } else if (work->steps->prepare && !(work->route->flags & API_SLOW_POOL)) {
        work_prepare(work);
        if (work->err == OK && work->steps->look_again) {
            work->err = guard(worker, work, prepare_again);
        }
    } else if (work->steps->prepare) {
        if (api_push_slow(work->api, work)) {
            return true;
        }
        work->call.retry_ms = 2000;
        work->err = call_fail(&work->call, ERR_BUSY, "api.busy");
    }
    return false;
}

void work_run(struct worker *worker, struct work *work)
{
    if (work->stage == STAGE_START) {
        if (start(worker, work)) {
            return;
        }
    } else if (work->stage == STAGE_FINISH) {
        again(work);
    }
    if (work->err == OK && work->stage == STAGE_APPLY && apply(worker, work)) {
        return;
    }
    if (work->err == OK && work->stage == STAGE_FINISH && !work->entry->own && !asks(work)) {
        tell(work);
        if (work->steps->finish && !work->idem.repeated) {
            work->err = guard(worker, work, step_finish);
        }
    }
    work_send(work);
}
