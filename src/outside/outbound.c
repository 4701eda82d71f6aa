#include "outside/outbound.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/settings.h"
#include "privacy/inventory.h"

enum { CONNECT_MS = 5000, TYPE_MAX = 128 };

struct outbound {
    bool loopback;
};

/* One question on its way. */
struct ask {
    const struct outbound *outbound;
    bool plain;   /* http: to this machine only */
    bool refused; /* the address is none that is asked */
    bool large;
    enum err out_of_memory;
    size_t max;
    struct buf body;
};

/* What curl has made for it. */
struct made {
    CURL *curl;
    struct curl_slist *headers;
};

enum err outbound_new(const struct settings *settings, struct outbound **ret)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        return ERR_BROKEN;
    }
    struct outbound *outbound = calloc(1, sizeof(*outbound));
    ASSERT_START(outbound);
    outbound->loopback = settings->outbound_loopback;
    *ret = outbound;
    return OK;
}

void outbound_free(struct outbound *outbound)
{
    if (outbound) {
        curl_global_cleanup();
        free(outbound);
    }
}

/* ---- which addresses ---- */

/* Networks that are no public host's: RFC 6890 and its kin. */
static const struct {
    uint8_t net[16];
    uint8_t bits;
} closed4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 3},
};
/* Of IPv6 only what is given out (2000::/3) is asked at all, without these. */
static const struct {
    uint8_t net[16];
    uint8_t bits;
} closed6[] = {
    {{0x20, 0x01, 0x00}, 23},       /* 2001::/23: Teredo, ORCHID, benchmarks */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4 carries any IPv4 address */
    {{0x3f, 0xff}, 20},             /* documentation */
};

static bool within(const uint8_t *address, const uint8_t *net, unsigned bits)
{
    size_t whole = bits / 8;
    uint8_t mask = (uint8_t)(0xff00 >> bits % 8);
    return memcmp(address, net, whole) == 0 &&
           (bits % 8 == 0 || (address[whole] & mask) == (net[whole] & mask));
}

static bool open4(const uint8_t *address)
{
    for (size_t i = 0; i < COUNT(closed4); i++) {
        if (within(address, closed4[i].net, closed4[i].bits)) {
            return false;
        }
    }
    return true;
}

static bool open6(const uint8_t *address)
{
    static const uint8_t global[16] = {0x20};
    for (size_t i = 0; i < COUNT(closed6); i++) {
        if (within(address, closed6[i].net, closed6[i].bits)) {
            return false;
        }
    }
    return within(address, global, 3);
}

enum outbound_place outbound_place_of(const struct sockaddr *address)
{
    static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff}, self[16] = {[15] = 1};
    const uint8_t *four = NULL, *six = NULL;
    if (address->sa_family == AF_INET) {
        four = (const uint8_t *)&((const struct sockaddr_in *)(const void *)address)->sin_addr;
    } else if (address->sa_family == AF_INET6) {
        six = (const uint8_t *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        four = within(six, mapped, 96) ? six + 12 : NULL;
    }
    if (four) {
        return four[0] == 127 ? OUTBOUND_LOOPBACK : open4(four) ? OUTBOUND_PUBLIC : OUTBOUND_CLOSED;
    }
    if (!six) {
        return OUTBOUND_CLOSED;
    }
    return memcmp(six, self, sizeof(self)) == 0 ? OUTBOUND_LOOPBACK
           : open6(six)                         ? OUTBOUND_PUBLIC
                                                : OUTBOUND_CLOSED;
}

/* Asked with the very address that the connection goes to: a name cannot change in between. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose UNUSED,
                                 struct curl_sockaddr *address)
{
    struct ask *ask = ctx;
    enum outbound_place place = outbound_place_of(&address->addr);
    bool local = place == OUTBOUND_LOOPBACK && ask->outbound->loopback;
    if (!local && (place != OUTBOUND_PUBLIC || ask->plain)) {
        ask->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- asking ---- */

struct piece {
    struct buf *body;
    const char *bytes;
    size_t len;
};

static enum err put_piece(void *arg)
{
    const struct piece *piece = arg;
    buf_put(piece->body, piece->bytes, piece->len);
    return OK;
}

static size_t take(const char *bytes, size_t size, size_t count, void *ctx)
{
    struct ask *ask = ctx;
    ASSERT_CODE(ask->body.len <= ask->max);
    if (size * count > ask->max - ask->body.len) {
        ask->large = true;
        return 0;
    }
    /* Curl is on the stack: what is left for want of memory is left in here. */
    struct piece piece = {&ask->body, bytes, size * count};
    ask->out_of_memory = arena_run(ask->body.arena, put_piece, &piece);
    return ask->out_of_memory == OK ? size * count : 0;
}

static bool registered(const char *recipient)
{
    const struct inventory_recipient *row = inventory_recipients;
    while (row->id && strcmp(row->id, recipient) != 0) {
        row++;
    }
    return row->id != NULL;
}

static void set_up(CURL *curl, struct ask *ask, const struct outbound_request *request,
                   struct curl_slist *headers)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, ask->outbound->loopback ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(request->timeout_ms, CONNECT_MS));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)ask->max);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "Bauta/" BAUTA_VERSION);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, ask);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, ask);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    if (strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(request->body ? request->body_len : 0));
    } else {
        ASSERT_CODE(strcmp(request->method, "GET") == 0 && !request->body);
    }
}

static enum err end(struct call *call, CURL *curl, CURLcode code, const struct ask *ask,
                    struct outbound_answer *ret)
{
    long status = 0;
    const char *type = NULL;
    if (ask->refused || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
        return call_fail(call, ERR_DENIED, "outbound.address");
    }
    if (ask->large || code == CURLE_FILESIZE_EXCEEDED) {
        return call_fail(call, ERR_LARGE, "outbound.large");
    }
    TRY(ask->out_of_memory);
    if (code != CURLE_OK) {
        return call_fail(call, ERR_BUSY, "outbound.away");
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    *ret = (struct outbound_answer){
        .status = (int)status,
        .body = ask->body.at,
        .len = ask->body.len,
        .content_type = type ? arena_text(call->arena, type, MIN(strlen(type), TYPE_MAX)) : "",
    };
    return OK;
}

static void drop(void *what)
{
    struct made *made = what;
    curl_slist_free_all(made->headers);
    curl_easy_cleanup(made->curl);
}

enum err outbound_ask(struct call *call, const struct outbound_request *request,
                      struct outbound_answer *ret)
{
    struct arena_hold hold;
    ASSERT_CODE(registered(request->recipient));
    ASSERT_CODE(!call->tx); /* nobody else could write until a stranger answers */
    ASSERT_CODE(request->timeout_ms > 0 && request->answer_max > 0); /* curl takes 0 for no end */
    if (!call->outbound) {
        return call_fail(call, ERR_BUSY, "outbound.away");
    }
    struct made made = {.curl = curl_easy_init()};
    if (!made.curl) {
        return call_fail(call, ERR_BUSY, "outbound.away");
    }
    struct ask ask = {.outbound = call->outbound,
                      .plain = strncasecmp(request->url, "https:", 6) != 0,
                      .max = MIN(request->answer_max, (size_t)OUTBOUND_ANSWER_MAX),
                      .body = {.arena = call->arena}};
    arena_hold(call->arena, &hold, drop, &made);
    buf_puts(&ask.body, "");
    enum err err = OK;
    for (size_t i = 0; i < OUTBOUND_HEADERS_MAX && request->headers[i] && err == OK; i++) {
        ASSERT_CODE(!strpbrk(request->headers[i], "\r\n"));
        struct curl_slist *more = curl_slist_append(made.headers, request->headers[i]);
        err = more ? OK : call_fail(call, ERR_BUSY, "outbound.away");
        made.headers = more ? more : made.headers;
    }
    if (err == OK) {
        set_up(made.curl, &ask, request, made.headers);
        err = end(call, made.curl, curl_easy_perform(made.curl), &ask, ret);
    }
    arena_drop(call->arena);
    return err;
}
