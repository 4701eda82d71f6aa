#include "api/api_inner.h"

#include <stdio.h>
#include <string.h>

#include "base/catalogue.h"
#include "base/log.h"

/* The one table that turns a failure into HTTP, and the code when nobody gave one. */
static const struct {
    int status;
    const char *code;
} failures[ERR_COUNT_] = {
    [OK] = {200, ""},
    [ERR_INVALID] = {400, "api.invalid"},
    [ERR_LOGIN] = {401, "api.login"},
    [ERR_DENIED] = {403, "api.denied"},
    [ERR_MISSING] = {404, "api.missing"},
    [ERR_CONFLICT] = {409, "api.clash"},
    [ERR_LARGE] = {413, "api.large"},
    [ERR_LIMIT] = {429, "limits.often"},
    [ERR_BUSY] = {503, "api.busy"},
    [ERR_BROKEN] = {500, "api.broken"},
};

static const char *code_of(const struct work *work)
{
    if (work->err == OK) {
        return "";
    }
    /* Nothing about our own faults gets out. */
    const char *code = work->err == ERR_BROKEN ? NULL : work->call.fail_code;
    return code ? code : failures[work->err].code;
}

/* The sentence for people, with {seconds} filled in. */
static const char *sentence(const struct work *work, const char *code)
{
    static const char mark[] = "{seconds}";
    const char *text = catalogue_text(work->call.actor.language, code);
    const char *at = strstr(text, mark);
    if (!at) {
        return text;
    }
    int64_t seconds = MAX((work->call.retry_ms + 999) / 1000, 1);
    return arena_printf(work->arena, "%.*s%lld%s", (int)(at - text), text, (long long)seconds,
                        at + sizeof(mark) - 1);
}

static void write_failure(struct work *work, struct buf *out)
{
    const char *code = code_of(work);
    buf_puts(out, "{\"error\":{\"code\":");
    json_write_text(out, code);
    buf_puts(out, ",\"text\":");
    json_write_text(out, sentence(work, code));
    if (work->call.fail_field) {
        buf_puts(out, ",\"field\":");
        json_write_text(out, work->call.fail_field);
    }
    if (work->challenge) {
        buf_printf(out, ",\"work\":{\"challenge\":\"%s\",\"bits\":%d}", work->challenge,
                   work->bits);
    }
    buf_puts(out, "}}");
}

static const char *plain_text(const struct work *work)
{
    const struct json_field *field = json_field_named(work->steps->out, "text", 4);
    const char *text = NULL;
    ASSERT_CODE(field && field->kind == JSON_TEXT);
    memcpy(&text, (const char *)work->out + field->offset, sizeof(text));
    return text ? text : "";
}

static void write_answer(struct work *work)
{
    struct api_request *request = work->request;
    struct buf out = {.arena = work->arena};
    if (work->err == OK && work->entry->own) {
        return; /* it set all itself */
    }
    if (work->err == OK && request->asks) {
        request->status = 100;
        return;
    }
    request->body_type = "application/json";
    if (work->err != OK) {
        request->status = work->status ? work->status : failures[work->err].status;
        write_failure(work, &out);
    } else if (work->idem.repeated) {
        request->status = work->idem.status;
        buf_puts(&out, work->idem.answer);
    } else {
        request->status = work->status ? work->status : work->route->status;
        if (work->route->flags & API_PLAIN) {
            request->body_type = "text/plain; charset=utf-8";
            buf_puts(&out, plain_text(work));
        } else if (work->steps->out && request->status != 204) {
            json_write(&out, work->steps->out, work->out);
        }
    }
    request->answer = out.at ? out.at : "";
    request->answer_len = out.len;
}

/* Cookies get the name that they have outside. */
static void write_cookies(struct work *work)
{
    for (struct cookie *cookie = work->call.cookies; cookie; cookie = cookie->next) {
        if (work->request->secure) {
            cookie->name = arena_printf(work->arena, "__Host-%s", cookie->name);
        }
    }
    work->request->cookies = work->call.cookies;
}

static const char *ran_out_text(const struct work *work)
{
    return work->err == ERR_LARGE ? "out of memory: more than one call may hold"
                                  : "out of memory: the machine has no more";
}

static void log_call(const struct work *work, int status, int64_t micros)
{
    enum log_level level = work->err == ERR_BROKEN ? LOG_ERROR : LOG_INFO;
    if (work->ran_out || *work->why) {
        log_line(level, "api", "call", LOG_T(LOG_ROUTE, work->entry->label),
                 LOG_N(LOG_STATUS, status), LOG_T(LOG_CODE, code_of(work)),
                 LOG_N(LOG_MS, micros / 1000),
                 LOG_T(LOG_WHY, work->ran_out ? ran_out_text(work) : work->why));
    } else {
        log_line(level, "api", "call", LOG_T(LOG_ROUTE, work->entry->label),
                 LOG_N(LOG_STATUS, status), LOG_T(LOG_CODE, code_of(work)),
                 LOG_N(LOG_MS, micros / 1000));
    }
}

static void answer_inside(struct work *work)
{
    struct api *api = work->api;
    int64_t micros = api_now_us() - work->start_us;
    metrics_count(work->entry, work->err == OK ? 200 : failures[work->err].status, micros);
    atomic_fetch_add(&api->ran_out, work->ran_out);
    if (work->err == ERR_BROKEN || work->ran_out) {
        log_call(work, failures[work->err].status, micros);
    }
    /* The asker's memory is gone with the answer, and the work with it. */
    struct arena *own = work->inner.arena ? NULL : work->arena;
    const struct settings *settings = work->settings;
    work->inner.done(work->inner.owner, work->err, &work->call, work->out);
    settings_drop(api->options.settings, settings);
    arena_free(own);
    api_closed(api);
}

static enum err write_whole(void *arg)
{
    struct work *work = arg;
    write_answer(work);
    write_cookies(work);
    return OK;
}

/* There is always an answer: a refusal in place of one too large, a constant in place of that. */
static void write_all(struct work *work)
{
    struct api_request *request = work->request;
    for (int tries = 0; tries < 2; tries++) {
        if (work->ran_out) {
            arena_rewind(work->arena, work->start);
            request->allow = NULL;
        }
        enum err err = arena_run(work->arena, write_whole, work);
        if (err == OK) {
            return;
        }
        work_forget(work, err);
    }
    request->cookies = NULL;
    api_refusal(request);
}

/* Of a write that failed: whether waiting helps, or only whoever can make room. */
static void say_full(struct work *work)
{
    static const int64_t wait_ms = 30000;
    if (work->err == ERR_BUSY && !work->call.fail_code && work->route &&
        work->route->tx == API_TX_WRITE && store_full(work->api->options.store)) {
        work->call.fail_code = "store.full";
        work->call.retry_ms = wait_ms;
    }
}

void work_send(struct work *work)
{
    struct api *api = work->api;
    struct api_request *request = work->request;
    ASSERT_CODE(work->err < ERR_COUNT_ && !work->call.tx);
    say_full(work);
    if (!request) {
        answer_inside(work);
        return;
    }
    if (work->err == ERR_BUSY && work->call.retry_ms == 0) {
        work->call.retry_ms = 1000;
    }
    write_all(work);
    atomic_fetch_add(&api->ran_out, work->ran_out);
    request->retry_ms = work->err == OK ? 0 : work->call.retry_ms;
    request->actor = work->call.actor;
    request->upgrade = work->err == OK && work->route && (work->route->flags & API_UPGRADE);
    int64_t micros = api_now_us() - work->start_us;
    metrics_count(work->entry, request->status, micros);
    if (!work->entry->own || request->status >= 400) {
        log_call(work, request->status, micros);
    }
    settings_drop(api->options.settings, work->settings);
    request->done(request); /* the work is gone with its arena now */
    api_closed(api);
}
