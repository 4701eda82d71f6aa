#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/catalogue.h"
#include "call/json.h"
#include "net/net_inner.h"

/* Answers: the head with its security lines, bodies, errors. */

enum { HEAD_BYTES = 6 * 1024, SMALL_BODY = 4 * 1024, JSON_BYTES = 1024, RETRY_S = 10 };
_Static_assert((int)JSON_BYTES <= (int)SMALL_BODY,
               "an error's body lies on the stack: it is copied");

static const struct {
    int status;
    const char *phrase;
    const char *code; /* of our own errors */
} statuses[] = {
    {200, "OK", NULL},
    {201, "Created", NULL},
    {202, "Accepted", NULL},
    {204, "No Content", NULL},
    {304, "Not Modified", NULL},
    {400, "Bad Request", "net.bad"},
    {401, "Unauthorized", NULL},
    {403, "Forbidden", "net.origin"},
    {404, "Not Found", "net.missing"},
    {405, "Method Not Allowed", "net.method"},
    {408, "Request Timeout", "net.slow"},
    {409, "Conflict", NULL},
    {411, "Length Required", "net.length"},
    {413, "Content Too Large", "net.large"},
    {414, "URI Too Long", "net.address"},
    {417, "Expectation Failed", "net.expect"},
    {422, "Unprocessable Content", NULL},
    {426, "Upgrade Required", "net.upgrade"},
    {429, "Too Many Requests", NULL},
    {431, "Request Header Fields Too Large", "net.head"},
    {500, "Internal Server Error", NULL},
    {501, "Not Implemented", "net.unknown"},
    {503, "Service Unavailable", "net.full"},
    {505, "HTTP Version Not Supported", "net.version"},
};

static const char always[] =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()\r\n";

static const char *phrase_of(int status)
{
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (statuses[i].status == status) {
            return statuses[i].phrase;
        }
    }
    return "Unknown";
}

/* Text into a buffer of fixed size; a head that would not fit is a bug. */
struct lines {
    char at[HEAD_BYTES];
    size_t len;
};

static void put(struct lines *lines, const char *format, ...) PRINTF(2, 3);
static void put(struct lines *lines, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(lines->at + lines->len, sizeof(lines->at) - lines->len, format, args);
    va_end(args);
    ASSERT_CODE(len >= 0 && (size_t)len < sizeof(lines->at) - lines->len);
    lines->len += (size_t)len;
}

/* What the page may load and run.  'self' does not cover wss: in every browser we serve. */
static void put_policy(struct lines *lines, const struct answer *answer)
{
    if (!answer->page) {
        put(lines, "Content-Security-Policy: default-src 'none'; base-uri 'none'; "
                   "form-action 'none'; frame-ancestors 'none'\r\n");
        return;
    }
    const char *script = answer->page->script;
    const char *style = answer->page->style;
    put(lines,
        "Content-Security-Policy: default-src 'none'; "
        "script-src 'self' 'wasm-unsafe-eval'%s%s; style-src 'self'%s%s; img-src 'self' blob:; ",
        *script ? " " : "", script, *style ? " " : "", style);
    put(lines, "connect-src 'self'%s%s; ",
        !answer->host || !*answer->host ? ""
        : answer->secure                ? " wss://"
                                        : " ws://",
        answer->host ? answer->host : "");
    put(lines, "font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; "
               "manifest-src 'self'; base-uri 'none'; form-action 'self'; "
               "frame-ancestors 'none'\r\n");
}

static void put_head(struct lines *lines, struct reactor *reactor, const struct answer *answer)
{
    put(lines, "HTTP/1.1 %d %s\r\nDate: %s\r\n", answer->status, phrase_of(answer->status),
        reactor_date(reactor));
    if (answer->type) {
        put(lines, "Content-Type: %s\r\n", answer->type);
    }
    if (answer->status != 204 && answer->status != 304) {
        put(lines, "Content-Length: %zu\r\n", answer->body_len);
    }
    put(lines, "%s", always);
    put_policy(lines, answer);
    if (answer->secure) {
        put(lines, "Strict-Transport-Security: max-age=63072000\r\n");
    }
    if (!answer->keep) {
        put(lines, "Connection: close\r\n");
    }
}

bool answer_send(struct conn *conn, const struct answer *answer)
{
    struct lines lines;
    ASSERT_CODE(answer->body || answer->body_len == 0);
    ASSERT_CODE(answer->body_len <= UINT32_MAX);
    lines.len = 0;
    put_head(&lines, conn->reactor, answer);
    size_t more_len = answer->more ? strlen(answer->more) : 0;
    size_t body_len = answer->head_only ? 0 : answer->body_len;
    size_t copied = body_len <= SMALL_BODY ? body_len : 0;
    struct net_frame *frame = out_frame_of(NULL, lines.len + more_len + 2 + copied);
    if (!frame) {
        conn_break(conn);
        return false;
    }
    uint8_t *to = mempcpy(frame->bytes, lines.at, lines.len);
    if (more_len) {
        to = mempcpy(to, answer->more, more_len);
    }
    to = mempcpy(to, "\r\n", 2);
    if (copied) {
        memcpy(to, answer->body, copied);
    }
    out_add_frame(conn, frame);
    bool refers = body_len > copied;
    if (refers) {
        out_add(conn,
                (struct piece){answer->body, (uint32_t)body_len,
                               answer->request ? PIECE_REQUEST : PIECE_STATIC, answer->request});
    }
    if (!answer->keep) {
        conn_close(conn);
    }
    return refers;
}

void answer_error(struct conn *conn, const char *language, int status, bool head_only, bool keep,
                  bool secure)
{
    char body[JSON_BYTES];
    const char *code = "net.bad";
    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (statuses[i].status == status && statuses[i].code) {
            code = statuses[i].code;
        }
    }
    /* Our own sentences: nothing in them needs escaping (a test looks). */
    int len = snprintf(body, sizeof(body), "{\"error\":{\"code\":\"%s\",\"text\":\"%s\"}}", code,
                       catalogue_text(language, code));
    ASSERT_CODE(len > 0 && (size_t)len < sizeof(body));
    const char *more = status == 405   ? "Cache-Control: no-store\r\nAllow: GET, HEAD\r\n"
                       : status == 426 ? "Cache-Control: no-store\r\nUpgrade: websocket\r\n"
                                         "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       : status == 503 ? "Cache-Control: no-store\r\nRetry-After: 10\r\n"
                                       : "Cache-Control: no-store\r\n";
    struct answer answer = {.status = status,
                            .type = "application/json",
                            .more = more,
                            .body = body,
                            .body_len = (size_t)len,
                            .head_only = head_only,
                            .keep = keep,
                            .secure = secure};
    (void)answer_send(conn, &answer);
}

/* A cookie's value goes into a header line: nothing in it may end the line or the value. */
static bool cookie_fits(const struct cookie *cookie)
{
    for (const char *at = cookie->value; *at; at++) {
        if (*at <= ' ' || *at >= 0x7f || strchr("\",;\\", *at)) {
            return false;
        }
    }
    return true;
}

struct own_lines {
    const struct request *request;
    const char *text;
};

static enum err lines_of(void *arg)
{
    struct own_lines *lines = arg;
    const struct api_request *api = &lines->request->api;
    struct buf more = {.arena = api->arena};
    buf_puts(&more, "Cache-Control: no-store\r\n");
    for (const struct cookie *cookie = api->cookies; cookie; cookie = cookie->next) {
        ASSERT_CODE(cookie_fits(cookie));
        buf_printf(&more, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Lax%s", cookie->name,
                   cookie->value, api->secure ? "; Secure" : "");
        if (cookie->max_age_s >= 0) {
            buf_printf(&more, "; Max-Age=%lld", (long long)cookie->max_age_s);
        }
        buf_puts(&more, "\r\n");
    }
    if (api->allow) {
        buf_printf(&more, "Allow: %s\r\n", api->allow);
    }
    if (api->retry_ms > 0) {
        buf_printf(&more, "Retry-After: %lld\r\n", (long long)(api->retry_ms + 999) / 1000);
    } else if (api->status == 503) {
        buf_printf(&more, "Retry-After: %d\r\n", RETRY_S);
    }
    lines->text = more.at;
    return OK;
}

static void answer_plain(struct conn *conn, struct request *request)
{
    const struct api_request *api = &request->api;
    struct own_lines lines = {.request = request};
    if (arena_run(api->arena, lines_of, &lines) != OK) { /* the answer has filled it to the brim */
        answer_error(conn, catalogue_language(api->accept_language), 503, request->head_only,
                     request->keep, api->secure);
        request_free(request);
        return;
    }
    struct answer answer = {.status = api->status,
                            .type = api->answer_len || api->status != 204 ? api->body_type : NULL,
                            .more = lines.text,
                            .body = api->answer,
                            .body_len = api->answer ? api->answer_len : 0,
                            .request = request,
                            .head_only = request->head_only,
                            .keep = request->keep && !atomic_load(&conn->reactor->net->draining),
                            .secure = api->secure};
    if (!answer_send(conn, &answer)) {
        request_free(request);
    }
}

void answer_request(struct request *request)
{
    struct conn *conn = request->conn;
    ASSERT_CODE(!conn || (conn->http && conn->http->request == request));
    spool_free(request->spool); /* an answer may take its time */
    request->spool = NULL;
    if (!conn) {
        request_free(request);
        return;
    }
    const struct api_request *api = &request->api;
    conn->http->request = NULL;
    conn_deadline(conn, conn->reactor->net->options.idle_ms);
    if (api->asks && api->status == 100) {
        http_let_in(conn, &request->client);
        request_free(request);
    } else if (!api->upgrade) {
        answer_plain(conn, request);
    } else {
        int status = !request->accept[0] ? 426 : sock_open(conn, request) ? 0 : 503;
        if (status != 0) {
            answer_error(conn, catalogue_language(api->accept_language), status, request->head_only,
                         request->keep, api->secure);
        }
        request_free(request);
    }
    if (conn->phase == PHASE_OPEN && conn->out.bytes <= PIPELINE_BYTES) {
        conn_resume(conn);
    }
}
