#include <stdlib.h>
#include <string.h>

#include "api/api_inner.h"
#include "base/text.h"

/* The routes that belong to no feature: probes, the machine's documents, the live socket's door. */
static void say(struct work *work, int status, const char *type, const char *text, size_t len)
{
    work->request->status = status;
    work->request->body_type = type;
    work->request->answer = text;
    work->request->answer_len = len;
}

static enum err healthz(struct work *work)
{
    say(work, 200, "text/plain; charset=utf-8", "ok\n", 3);
    return OK;
}

static enum err readyz(struct work *work)
{
    struct store_stats stats;
    store_stats(work->api->options.store, &stats);
    const char *text = !atomic_load(&work->api->is_ready) ? "starting or draining\n"
                       : !stats.reachable                 ? "database out of reach\n"
                       : stats.full                       ? "the database's disk is full\n"
                                                          : "ready\n";
    say(work, strcmp(text, "ready\n") == 0 ? 200 : 503, "text/plain; charset=utf-8", text,
        strlen(text));
    return OK;
}

/* On its own listener, or for who knows the token; otherwise it does not exist. */
static bool may_measure(const struct work *work)
{
    static const char scheme[] = "Bearer ";
    const struct settings *settings = work->call.settings;
    const char *want = settings ? settings->metrics_token : NULL;
    const char *got = work->request->authorization;
    if (work->request->metrics) {
        return true;
    }
    return want && *want && strncmp(got, scheme, sizeof(scheme) - 1) == 0 &&
           strlen(got) == sizeof(scheme) - 1 + strlen(want) &&
           crypto_equal(got + sizeof(scheme) - 1, want, strlen(want));
}

static enum err metrics(struct work *work)
{
    struct buf out = {.arena = work->arena};
    if (!may_measure(work)) {
        return call_fail(&work->call, ERR_MISSING, "api.no_route");
    }
    metrics_write(work->api, &out);
    say(work, 200, "text/plain; version=0.0.4; charset=utf-8", out.at, out.len);
    return OK;
}

static void unlock(void *lock)
{
    pthread_mutex_unlock(lock);
}

/* Made when somebody first asks, the same for everybody after. */
static enum err openapi(struct work *work)
{
    struct api *api = work->api;
    struct arena_hold hold;
    pthread_mutex_lock(&api->text_lock);
    arena_hold(work->arena, &hold, unlock, &api->text_lock);
    if (!api->openapi) {
        struct arena_mark mark = arena_mark(work->arena);
        struct buf out = {.arena = work->arena};
        api_openapi(api->options.features, &out);
        api->openapi = malloc(out.len);
        if (api->openapi) {
            memcpy(api->openapi, out.at, out.len);
            api->openapi_len = out.len;
        }
        arena_rewind(work->arena, mark);
    }
    arena_drop(work->arena);
    if (!api->openapi) {
        return ERR_BUSY;
    }
    say(work, 200, "application/json", api->openapi, api->openapi_len);
    return OK;
}

static enum err robots(struct work *work)
{
    static const char text[] = "User-agent: *\nDisallow: /api/\n";
    say(work, 200, "text/plain; charset=utf-8", text, sizeof(text) - 1);
    return OK;
}

/* RFC 9116.  It is made when asked for, so it never expires. */
static enum err security(struct work *work)
{
    static const int64_t life_ms = INT64_C(180) * 24 * 60 * 60 * 1000;
    const struct settings *settings = work->call.settings;
    const char *contact = settings ? settings->contact_email : NULL;
    char expires[24];
    if (!contact || !*contact) {
        return call_fail(&work->call, ERR_MISSING, "api.no_route");
    }
    text_time(work->call.now_ms + life_ms, expires);
    const char *text = arena_printf(work->arena,
                                    "Contact: mailto:%s\nExpires: %s\n"
                                    "Preferred-Languages: en, id\n",
                                    contact, expires);
    say(work, 200, "text/plain; charset=utf-8", text, strlen(text));
    return OK;
}

static enum err live(struct work *work)
{
    say(work, 101, "text/plain; charset=utf-8", "", 0);
    return OK;
}

struct live_in {
    const char *room;
};
JSON_SHAPE(live_in, "live_in", struct live_in,
           J_TEXT(struct live_in, room, 0, 64, .flags = JSON_OPTIONAL,
                  .about = "A room to enter at once."));

static const struct api_steps nothing, entering = {.in = &live_in};

const struct own_route own_routes[] = {
    {{.method = "GET",
      .path = "/healthz",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "Says that the process lives."},
     healthz},
    {{.method = "GET",
      .path = "/readyz",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "Says whether calls are served: 503 while starting or draining, without "
               "database, or while its disk is full."},
     readyz},
    {{.method = "GET",
      .path = "/metrics",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "Counters in Prometheus' text format; needs the token, or its own listener."},
     metrics},
    {{.method = "GET",
      .path = "/robots.txt",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "Asks search engines to leave the API alone."},
     robots},
    {{.method = "GET",
      .path = "/.well-known/security.txt",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "Whom to tell of a weakness (RFC 9116); 404 until contact_email is set."},
     security},
    {{.method = "GET",
      .path = "/api/openapi.json",
      .who = API_ANYONE,
      .status = 200,
      .steps = &nothing,
      .about = "This document: every route, made from the tables that run them."},
     openapi},
    {{.method = "GET",
      .path = "/api/live",
      .who = API_MEMBER,
      .flags = API_UPGRADE,
      .status = 101,
      .steps = &entering,
      .about = "Becomes the member's WebSocket; docs/live.md is its protocol."},
     live},
};
const size_t own_routes_count = COUNT(own_routes);
