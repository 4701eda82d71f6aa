#include "server/serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "commands/control.h"
#include "couriers/postman.h"
#include "couriers/pusher.h"
#include "home/keyring.h"
#include "jobs/jobs.h"
#include "net/pack.h"
#include "outside/outbound.h"
#include "server/live_glue.h"

/* The client's files, packed by the build. */
extern const unsigned char web_pack[];
extern const unsigned char web_pack_end[];

#define SOURCE_PATH "/source.tar.gz"
enum { CERTIFICATE_EVERY_S = 10, PROXY_LEAST = 200, OWN_FILES = 100 };

struct server {
    struct home *home;
    struct glue *glue;
    struct outbound *outbound;
    struct api *api;
    struct jobs *jobs;
    struct postman *postman;
    struct pusher *pusher;
    _Atomic(struct net *) net; /* asked for its numbers by calls that came before it was known */
    struct control *control;
    atomic_bool taken_over;
    pthread_t drainer;
    pthread_t main;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void told(void *ctx, const struct event *event)
{
    struct server *server = ctx;
    if (event->kind == EVENT_OUTBOX) {
        jobs_wake(server->jobs);
        postman_wake(server->postman);
        pusher_wake(server->pusher);
    } else {
        glue_event(server->glue, event);
    }
}

static void put_number(struct buf *out, const char *name, const char *type, uint64_t number)
{
    buf_printf(out, "# TYPE bauta_%s %s\nbauta_%s %llu\n", name, type, name,
               (unsigned long long)number);
}

static void metrics(void *ctx, struct buf *out)
{
    struct server *server = ctx;
    struct net *net = atomic_load(&server->net);
    if (net) {
        struct net_stats stats;
        net_stats(net, &stats);
        put_number(out, "net_connections", "gauge", stats.connections);
        put_number(out, "net_sockets", "gauge", stats.sockets);
        put_number(out, "net_accepted_total", "counter", stats.accepted);
        put_number(out, "net_requests_total", "counter", stats.requests);
        put_number(out, "net_bytes_in_total", "counter", stats.bytes_in);
        put_number(out, "net_bytes_out_total", "counter", stats.bytes_out);
        put_number(out, "net_refused_total", "counter", stats.refused);
        put_number(out, "net_tls_failures_total", "counter", stats.tls_failures);
    }
    put_number(out, "sandbox_deaths_total", "counter", sandbox_deaths(server->home->sandbox));
    glue_metrics(server->glue, out);
    jobs_metrics(server->jobs, out);
    postman_metrics(server->postman, out);
    pusher_metrics(server->pusher, out);
}

static enum err start_api(struct server *server, char ret_why[HOME_WHY_MAX])
{
    struct home *home = server->home;
    server->glue = glue_new(&home->settings, home_reactors(home));
    server->jobs = jobs_new(features);
    TRY(postman_new(home->keys, &home->settings, &server->postman, ret_why));
    TRY(outbound_new(&home->settings, &server->outbound));
    server->pusher = pusher_new(home->keys, &home->settings, server->outbound);
    const struct api_options options = {
        .features = features,
        .store = home->store,
        .keys = home->keys,
        .settings = &home->settings,
        .outbound = server->outbound,
        .sandbox = home->sandbox,
        .providers = home->providers,
        .place = home->place,
        .presence = glue_presence(server->glue),
        .workers = home_workers(home),
        .hashers = home_hashers(home),
        .event = told,
        .event_ctx = server,
        .metrics = metrics,
        .metrics_ctx = server,
    };
    enum err err = api_new(&options, &server->api);
    if (err != OK) {
        snprintf(ret_why, HOME_WHY_MAX,
                 "threads or database connections cannot be had: lower "
                 "--workers, or raise the limits of the system");
    }
    return err;
}

static const char *set(const char *text)
{
    return text && *text ? text : NULL;
}

static enum err start_net(struct server *server, char ret_why[HOME_WHY_MAX])
{
    struct home *home = server->home;
    const struct settings *settings = &home->settings;
    const struct net_options options = {
        .listen = settings->listen,
        .metrics_listen = set(settings->metrics_listen),
        .tls_cert = set(settings->tls_cert),
        .tls_key = set(settings->tls_key),
        .reactors = home_reactors(home),
        .connections_max = (int)settings->connections,
        .connections_per_address = (int)settings->connections_per_address,
        .head_ms = (int)settings->head_ms,
        .body_ms = (int)settings->body_ms,
        .idle_ms = (int)settings->idle_ms,
        .body_max = API_BODY_MAX,
        .trusted_proxies = settings->trusted_proxies ? settings->trusted_proxies : "",
        .public_url = set(settings->public_url),
        .pack = web_pack,
        .pack_len = (uintptr_t)web_pack_end - (uintptr_t)web_pack,
        .api = server->api,
        .sock = glue_handler(server->glue),
    };
    struct net *net = NULL;
    TRY(net_start(&options, &net, ret_why));
    atomic_store(&server->net, net);
    return OK;
}

/* From the thread that watches: whoever came in our place is served by now. */
static void taken_over(void *ctx)
{
    struct server *server = ctx;
    atomic_store(&server->taken_over, true);
    kill(getpid(), SIGTERM); /* as an operator would */
}

/* Who names no other place offers the source that the build put beside the client. */
static void offer_source(struct settings *settings)
{
    struct pack *pack = NULL;
    if (!set(settings->source_url) &&
        pack_open(web_pack, (uintptr_t)web_pack_end - (uintptr_t)web_pack, &pack) == OK &&
        pack_find(pack, SOURCE_PATH)) {
        settings_replace(&settings->source_url, SOURCE_PATH);
    }
    pack_close(pack);
}

static enum err start(struct server *server, char ret_why[HOME_WHY_MAX])
{
    offer_source(&server->home->settings);
    TRY(home_lock(server->home, ret_why));
    TRY(home_demo_rules(server->home, ret_why));
    server->home->lost = taken_over;
    server->home->lost_ctx = server;
    TRY(home_open(server->home, HOME_MIGRATE | HOME_WAIT, ret_why));
    snprintf(ret_why, HOME_WHY_MAX, "what was set in the pages cannot be read; see the log above");
    TRY(home_settings(server->home));
    ret_why[0] = '\0';
    TRY(start_api(server, ret_why));
    TRY(start_net(server, ret_why));
    glue_connect(server->glue, server->api, server->net);
    TRY(jobs_start(server->jobs, server->api, ret_why));
    postman_start(server->postman, server->api);
    pusher_start(server->pusher, server->api);
    TRY(control_start(server->home, server->api, &server->control, ret_why));
    api_ready(server->api, true);
    return OK;
}

/*
 * Who asks ends before who answers, and what an answer needs goes last: the threads of the
 * network, then the calls from inside that they began, and only then the network's memory,
 * through which such a call is answered.
 */
static void end_calls(struct server *server)
{
    if (server->api) {
        jobs_stop(server->jobs);
        postman_stop(server->postman);
        pusher_stop(server->pusher);
        api_drain(server->api);
    }
    net_stop(server->net);
    if (server->api) {
        api_stop(server->api);
    }
    glue_end(server->glue);
}

/* Sockets are told to come back, open calls finish, then the network goes. */
static void *drain(void *arg)
{
    struct server *server = arg;
    control_stop(server->control);
    server->control = NULL;
    api_ready(server->api, false);
    jobs_stop(server->jobs);
    postman_stop(server->postman);
    pusher_stop(server->pusher);
    glue_drain(server->glue);
    net_drain(server->net);
    end_calls(server);
    pthread_kill(server->main, SIGUSR1);
    return NULL;
}

static void stop(struct server *server)
{
    control_stop(server->control);
    end_calls(server);
    net_free(server->net);
    api_free(server->api);
    jobs_free(server->jobs);
    postman_free(server->postman);
    pusher_free(server->pusher);
    glue_free(server->glue);
    outbound_free(server->outbound);
    home_close(server->home);
}

static int64_t certificate_time(const struct settings *settings)
{
    struct stat found;
    const char *path = set(settings->tls_cert);
    return path && stat(path, &found) == 0 ? (int64_t)found.st_mtim.tv_sec : 0;
}

/* Once: nearly everybody behind one private address that names others means a proxy. */
static void look_for_proxy(const struct server *server, bool *said)
{
    struct net_stats stats;
    net_stats(server->net, &stats);
    if (!*said && stats.requests_total_window >= PROXY_LEAST &&
        stats.forwarded_from_private * 10 > stats.requests_total_window * 9) {
        log_line(LOG_WARN, "server",
                 "nearly all requests come from one private address with X-Forwarded-For: set "
                 "trusted_proxies to the proxy's address",
                 LOG_T(LOG_SETTING, "trusted_proxies"));
        home_mark(server->home, "proxy.seen", 1);
        *said = true;
    }
}

/* Until the first SIGTERM or SIGINT. */
static void run(struct server *server, const sigset_t *signals)
{
    const struct timespec patience = {.tv_sec = CERTIFICATE_EVERY_S};
    int64_t certificate = certificate_time(&server->home->settings);
    bool said = false;
    for (int came = 0; came != SIGTERM && came != SIGINT;) {
        came = sigtimedwait(signals, NULL, &patience);
        int64_t now = certificate_time(&server->home->settings);
        if (came == SIGHUP || now != certificate) {
            certificate = now;
            net_tls_reload(server->net);
        }
        look_for_proxy(server, &said);
    }
}

/* false: a second signal came, or the time is over. */
static bool wait_for_drain(struct server *server, const sigset_t *signals)
{
    int64_t until_us = now_us() + server->home->settings.drain_ms * 1000;
    log_line(LOG_INFO, "server", "draining; a second signal stops at once",
             LOG_N(LOG_MS, server->home->settings.drain_ms));
    if (pthread_create(&server->drainer, NULL, drain, server) != 0) {
        return false;
    }
    for (int64_t left_us = 0; (left_us = until_us - now_us()) > 0;) {
        const struct timespec patience = {.tv_sec = left_us / 1000000,
                                          .tv_nsec = left_us % 1000000 * 1000};
        int came = sigtimedwait(signals, NULL, &patience);
        if (came == SIGUSR1) {
            pthread_join(server->drainer, NULL);
            return true;
        }
        if (came == SIGTERM || came == SIGINT) {
            return false;
        }
    }
    return false;
}

static void raise_file_limit(int64_t connections)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        if (limit.rlim_max < (rlim_t)connections + OWN_FILES) {
            log_line(LOG_WARN, "server",
                     "the system allows fewer open files than `connections`: raise LimitNOFILE",
                     LOG_N(LOG_COUNT, (int64_t)limit.rlim_max));
        }
    }
}

int serve(struct home *home)
{
    char why[HOME_WHY_MAX] = "";
    sigset_t signals;
    int64_t started_us = now_us();
    struct server server = {.home = home, .main = pthread_self()};
    mallopt(M_ARENA_MAX, 2); /* a heap a thread would cost more than the locks it saves */
    raise_file_limit(home->settings.connections);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    const int wanted[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    for (size_t i = 0; i < COUNT(wanted); i++) {
        sigaddset(&signals, wanted[i]);
    }
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (start(&server, why) != OK) {
        fprintf(stderr, "bauta: %s\n", why);
        stop(&server);
        return 1;
    }
    log_line(LOG_INFO, "server", "ready", LOG_N(LOG_PORT, net_port(server.net)),
             LOG_N(LOG_MS, (now_us() - started_us) / 1000));
    run(&server, &signals);
    if (!wait_for_drain(&server, &signals)) {
        log_line(LOG_WARN, "server", "stopped before all was drained", LOG_N(LOG_COUNT, 1));
        _exit(1); /* what is acknowledged is on the disk; nothing else counts */
    }
    stop(&server);
    log_line(LOG_INFO, "server", "stopped", LOG_N(LOG_COUNT, 0));
    return atomic_load(&server.taken_over) ? 1 : 0;
}
