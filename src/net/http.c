#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/catalogue.h"
#include "net/net_inner.h"

/* Requests: from bytes to the api, or to a file. */

enum { LANGUAGE_HEADER_MAX = 128 };

static bool span_is(const char *bytes, struct head_span span, const char *text)
{
    return strlen(text) == span.len && memcmp(bytes + span.at, text, span.len) == 0;
}

static const char *language_of(const struct http *http, const char *bytes)
{
    char header[LANGUAGE_HEADER_MAX];
    struct head_span span = {0, 0};
    if (http->head_done) {
        span = head_value(&http->head, bytes, "accept-language");
    }
    size_t len = MIN((size_t)span.len, sizeof(header) - 1);
    memcpy(header, bytes + span.at, len);
    header[len] = '\0';
    return catalogue_language(header);
}

/*
 * The last address in X-Forwarded-For that is not a proxy of ours.  What stands left
 * of it, or of something that is no address, anybody may have written.
 */
static void forwarded(const struct net *net, const struct head *head, const char *bytes,
                      struct addr *client)
{
    const struct addr peer = *client;
    struct head_walk walk = {0};
    struct head_span span;
    bool first = true;
    while (head_element(head, bytes, "x-forwarded-for", &walk, &span)) {
        struct addr addr;
        if (!addr_parse(bytes + span.at, span.len, &addr)) {
            *client = peer;
            first = true;
        } else if (first || !addr_among(&net->proxies, &addr)) {
            *client = addr;
            first = false;
        }
    }
}

/*
 * A private address that forwards but isn't trusted is likely a proxy that nobody
 * told us of.  The majority's address wins (Boyer and Moore).
 */
static void note_forwarder(struct conn *conn)
{
    struct reactor *reactor = conn->reactor;
    uint64_t votes = atomic_load_explicit(&reactor->counters.forwarded, memory_order_relaxed);
    bool same = memcmp(&reactor->forwarder, &conn->peer, sizeof(conn->peer)) == 0;
    if (!addr_private(&conn->peer)) {
        return;
    }
    if (votes == 0) {
        reactor->forwarder = conn->peer;
        same = true;
    }
    count(&reactor->counters.forwarded, same ? 1 : (uint64_t)-1);
}

/* Who asks, and whether by TLS: as the connection says, or a proxy we trust. */
static bool client_of(struct conn *conn, const char *bytes, struct addr *ret_client)
{
    const struct head *head = &conn->http->head;
    bool secure = conn->tls != NULL;
    *ret_client = conn->peer;
    if (conn->proxied) {
        struct head_span scheme = {0, 0};
        for (size_t at = 0; head_next(head, bytes, "x-forwarded-proto", &at, &scheme);) {
        }
        forwarded(conn->reactor->net, head, bytes, ret_client);
        conn->http->client = *ret_client;
        return secure || span_is(bytes, scheme, "https");
    }
    if (head_value(head, bytes, "x-forwarded-for").len) {
        note_forwarder(conn);
    }
    return secure;
}

void request_free(struct request *request)
{
    struct reactor *reactor = request->reactor;
    struct arena *arena = request->api.arena;
    ASSERT_CODE(reactor_here(reactor));
    spool_free(request->spool);
    if (reactor->arena_count < ARENAS_KEPT) {
        arena_reset(arena);
        reactor->arenas[reactor->arena_count++] = arena;
    } else {
        arena_free(arena);
    }
    net_closed(reactor->net);
}

/* NULL: there is no memory. */
static struct request *request_new(struct reactor *reactor)
{
    struct arena *arena =
        reactor->arena_count ? reactor->arenas[--reactor->arena_count] : arena_new(API_ARENA_MAX);
    struct request *request = arena ? arena_try(arena, sizeof(*request)) : NULL;
    if (!request) {
        arena_free(arena);
        return NULL;
    }
    atomic_fetch_add(&reactor->net->open, 1);
    request->api.arena = arena;
    request->reactor = reactor;
    return request;
}

static const char *copied(struct request *request, const struct head *head, const char *bytes,
                          const char *name)
{
    struct head_span span = head_value(head, bytes, name);
    return span.len ? arena_text(request->api.arena, bytes + span.at, span.len) : "";
}

struct filling {
    struct request *request;
    struct conn *conn;
    const char *bytes;
    bool asks;
};

static enum err fill(void *arg)
{
    const struct filling *filling = arg;
    struct request *request = filling->request;
    struct conn *conn = filling->conn;
    const char *bytes = filling->bytes;
    const struct head *head = &conn->http->head;
    struct api_request *api = &request->api;
    const char *target = bytes + head->target.at;
    const char *query = memchr(target, '?', head->target.len);
    size_t path_len = query ? (size_t)(query - target) : head->target.len;
    request->head_only = span_is(bytes, head->method, "HEAD");
    api->method = request->head_only
                      ? "GET"
                      : arena_text(api->arena, bytes + head->method.at, head->method.len);
    api->path = arena_text(api->arena, target, path_len);
    api->query = query ? arena_text(api->arena, query + 1, head->target.len - path_len - 1) : "";
    struct head_span host = head_host(head, bytes);
    api->host = arena_text(api->arena, bytes + host.at, host.len);
    api->origin = copied(request, head, bytes, "origin");
    api->cookie = copied(request, head, bytes, "cookie");
    api->authorization = copied(request, head, bytes, "authorization");
    api->content_type = copied(request, head, bytes, "content-type");
    api->idempotency_key = copied(request, head, bytes, "idempotency-key");
    api->accept_language = copied(request, head, bytes, "accept-language");
    api->user_agent = copied(request, head, bytes, "user-agent");
    api->csrf = copied(request, head, bytes, "x-bauta");
    api->body_len = conn->http->facts.body_len;
    request->spool = conn->http->spool;
    conn->http->spool = NULL;
    api->asks = filling->asks;
    api->allowed = conn->http->allowed;
    api->body = filling->asks    ? NULL
                : request->spool ? bytes + head->pos
                                 : arena_text(api->arena, bytes + head->pos, api->body_len);
    api->metrics = conn->metrics;
    api->owner = request;
    api->done = reactor_answer;
    return OK;
}

/* `asks`: only whether the large body behind this head may come. */
static void to_api(struct conn *conn, const char *bytes, bool keep, bool secure,
                   const struct addr *client, bool asks)
{
    ASSERT_CODE(!conn->http->request); /* one at a time, or the first would lose its connection */
    if (unsent_full(conn->reactor->net, client)) {
        answer_error(conn, language_of(conn->http, bytes), 503, false, keep, secure);
        return;
    }
    struct request *request = request_new(conn->reactor);
    struct filling filling = {request, conn, bytes, asks};
    if (!request || arena_run(request->api.arena, fill, &filling) != OK) {
        answer_error(conn, language_of(conn->http, bytes), 503, false, keep, secure);
        if (request) {
            request_free(request);
        }
        return;
    }
    request->api.secure = secure;
    request->client = *client;
    addr_text(client, request->api.address);
    request->keep = keep;
    request->conn = conn;
    if (conn->http->facts.websocket && !request->head_only && !asks) {
        int status = sock_asked(conn, request, bytes);
        if (status != 0) {
            answer_error(conn, language_of(conn->http, bytes), status, false, keep, secure);
            request_free(request);
            return;
        }
    }
    conn->http->request = request;
    conn->paused = true;
    conn_deadline(conn, WRITE_STALL_MS);
    *conn->reactor->batch_end = &request->api;
    conn->reactor->batch_end = &request->api.next;
}

static bool for_api(const char *path, size_t len, bool probes_only)
{
    static const char *const probes[] = {"/healthz", "/readyz", "/metrics"};
    static const char *const texts[] = {"/robots.txt", "/.well-known/security.txt"};
    for (size_t i = 0; i < COUNT(probes); i++) {
        if (strlen(probes[i]) == len && memcmp(path, probes[i], len) == 0) {
            return true;
        }
    }
    for (size_t i = 0; !probes_only && i < COUNT(texts); i++) {
        if (strlen(texts[i]) == len && memcmp(path, texts[i], len) == 0) {
            return true;
        }
    }
    return !probes_only && len >= 5 && memcmp(path, "/api/", 5) == 0;
}

static bool method_known(const char *bytes, struct head_span method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < COUNT(known); i++) {
        if (span_is(bytes, method, known[i])) {
            return true;
        }
    }
    return false;
}

/* OPTIONS *: what the server as a whole can do. */
static void answer_all(struct conn *conn, bool keep, bool secure)
{
    const struct answer answer = {.status = 204,
                                  .more = "Cache-Control: no-store\r\n"
                                          "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n",
                                  .keep = keep,
                                  .secure = secure};
    (void)answer_send(conn, &answer);
}

/* A whole request lies at `bytes`. */
static void serve(struct conn *conn, const char *bytes)
{
    const struct http *http = conn->http;
    const char *target = bytes + http->head.target.at;
    const char *query = memchr(target, '?', http->head.target.len);
    size_t path_len = query ? (size_t)(query - target) : http->head.target.len;
    bool keep = http->facts.keep && !atomic_load(&conn->reactor->net->draining);
    bool head_only = span_is(bytes, http->head.method, "HEAD");
    struct addr client;
    bool secure = client_of(conn, bytes, &client);
    count(&conn->reactor->counters.requests, 1);
    count(&conn->reactor->counters.window, 1);
    int status = 0;
    if (!method_known(bytes, http->head.method)) {
        status = 501;
    } else if (*target == '*') {
        answer_all(conn, keep, secure);
    } else if (for_api(target, path_len, conn->metrics)) {
        to_api(conn, bytes, keep, secure, &client, false);
    } else if (!head_only && !span_is(bytes, http->head.method, "GET")) {
        status = 405;
    } else if (conn->metrics) {
        status = 404;
    } else {
        struct head_span host = head_host(&http->head, bytes);
        char host_text[HEAD_HOST_MAX + 1];
        ASSERT_CODE(host.len <= HEAD_HOST_MAX); /* head_facts has seen to it */
        memcpy(host_text, bytes + host.at, host.len);
        host_text[host.len] = '\0';
        status = files_answer(conn, bytes, host_text, head_only, keep, secure);
    }
    if (status != 0) {
        answer_error(conn, language_of(http, bytes), status, head_only, keep, secure);
    }
}

/*
 * A body beyond the common limit: is it one that the route takes?  Then the api is asked before
 * any room is given to it, so that strangers can't take all the room there is.
 * 0, or the status to refuse it with.
 */
static int expect_large(struct conn *conn, const char *bytes)
{
    char path[HEAD_TARGET_MAX + 1], method[HEAD_METHOD_MAX + 1];
    struct http *http = conn->http;
    const struct head *head = &http->head;
    const struct net *net = conn->reactor->net;
    const char *target = bytes + head->target.at;
    const char *query = memchr(target, '?', head->target.len);
    size_t path_len = query ? (size_t)(query - target) : head->target.len;
    struct addr client;
    if (conn->metrics || !for_api(target, path_len, false)) {
        return 413;
    }
    ASSERT_CODE(path_len <= HEAD_TARGET_MAX && head->method.len <= HEAD_METHOD_MAX);
    *(char *)mempcpy(path, target, path_len) = '\0';
    *(char *)mempcpy(method, bytes + head->method.at, head->method.len) = '\0';
    if (http->facts.body_len > api_body_max(net->options.api, method, path)) {
        return 413;
    }
    bool secure = client_of(conn, bytes, &client);
    to_api(conn, bytes, false, secure, &client, true);
    return 0;
}

static void go_on(struct conn *conn)
{
    static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (conn->http->facts.expect) {
        out_add_frame(conn, out_frame_of(text, sizeof(text) - 1));
    }
}

void http_let_in(struct conn *conn, const struct addr *client)
{
    struct http *http = conn->http;
    const struct net *net = conn->reactor->net;
    ASSERT_CODE(!http->spool && !http->request);
    http->spool = spool_new(conn->reactor->net, client, http->head.pos + http->facts.body_len);
    if (!http->spool) {
        answer_error(conn, language_of(http, (const char *)conn->in), 503, false, false,
                     conn->tls != NULL);
        return;
    }
    http->allowed = true;
    http->body_since_ms = mono_ms(conn->reactor);
    conn_deadline(conn, net->options.body_ms);
    go_on(conn);
}

/* The head as far as it is here.  True when it is whole and good. */
static bool read_head(struct conn *conn, const char *bytes, size_t len)
{
    struct http *http = conn->http;
    const struct net_options *options = &conn->reactor->net->options;
    if (!http->begun) {
        http->begun = true;
        conn_deadline(conn, options->head_ms);
    }
    if (http->head_done) {
        return true;
    }
    int status = head_read(&http->head, bytes, len);
    if (status == 0) {
        return false;
    }
    if (status == 200) {
        status = head_facts(&http->head, bytes, API_RAW_MAX, &http->facts);
        http->head_done = true;
        if (status == 0 && http->facts.body_len > options->body_max) {
            status = expect_large(conn, bytes);
        }
    }
    if (status != 0) {
        answer_error(conn, language_of(http, bytes), status, false, false, conn->tls != NULL);
        return false;
    }
    if (http->request) {
        return false; /* the api is asked first */
    }
    if (http->head.pos + http->facts.body_len > len) {
        conn_deadline(conn, options->body_ms);
        go_on(conn);
    }
    return true;
}

/* The request is with the api, or answered. */
static void next_request(struct conn *conn)
{
    struct http *http = conn->http;
    spool_free(http->spool);
    *http = (struct http){.request = http->request,
                          .client = http->client,
                          .owed_by = http->owed_by,
                          .owed = http->owed};
    if (!http->request && conn->out.bytes > PIPELINE_BYTES) {
        conn->paused = true;
    }
}

/* Bytes of a large body; whoever stops sending has the time that the bytes so far gave. */
static size_t step_large(struct conn *conn, const char *bytes, size_t len)
{
    const struct net_options *options = &conn->reactor->net->options;
    struct spool *spool = conn->http->spool;
    size_t taken = spool_put(spool, bytes, len);
    if (spool->len == spool->whole) {
        conn_deadline(conn, options->idle_ms);
        serve(conn, spool->bytes);
        next_request(conn);
    } else {
        int64_t end_ms =
            conn->http->body_since_ms + options->body_ms + (int64_t)spool->len * 1000 / SPOOL_RATE;
        conn_deadline(conn, end_ms - mono_ms(conn->reactor));
    }
    return taken;
}

/* One request, or a part of a large one; 0 when it is not whole yet, or was refused. */
static size_t step(struct conn *conn, const char *bytes, size_t len)
{
    struct http *http = conn->http;
    if (!http->spool && !read_head(conn, bytes, len)) {
        return 0;
    }
    if (http->spool) {
        return step_large(conn, bytes, len);
    }
    size_t whole = http->head.pos + http->facts.body_len;
    if (whole > len) {
        return 0;
    }
    conn_deadline(conn, conn->reactor->net->options.idle_ms);
    serve(conn, bytes);
    next_request(conn);
    return whole;
}

size_t http_read(struct conn *conn, const char *bytes, size_t len)
{
    size_t used = 0;
    while (used < len && conn->phase == PHASE_OPEN && !conn->paused) {
        size_t whole = step(conn, bytes + used, len - used);
        if (whole == 0) {
            break;
        }
        used += whole;
    }
    return used;
}

void http_expired(struct conn *conn)
{
    struct http *http = conn->http;
    if (http->request || conn->out.bytes) {
        conn_deadline(conn, WRITE_STALL_MS); /* the api's turn, or the kernel's */
    } else if (http->begun) {
        const char *bytes = http->spool ? http->spool->bytes : (const char *)conn->in;
        answer_error(conn, language_of(http, bytes), 408, false, false, conn->tls != NULL);
    } else {
        conn_kill(conn);
    }
}
