#include "net/head.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

enum state {
    METHOD,
    EMPTY_LF,
    TARGET,
    VERSION,
    LINE_LF,
    FIELD,
    NAME,
    VALUE_BEGIN,
    VALUE,
    VALUE_LF,
    END_LF
};

enum { MORE = 0, DONE = 200, VERSION_LEN = 8 };

static const size_t length_max = SIZE_MAX / 16;

/* RFC 9110 token characters. */
static bool is_token(unsigned char c)
{
    static const uint32_t table[8] = {0, 0x03ff6cfa, 0xc7fffffe, 0x57ffffff, 0, 0, 0, 0};
    return table[c >> 5] >> (c & 31) & 1;
}

static bool is_value(unsigned char c)
{
    return c >= 0x20 ? c != 0x7f : c == '\t';
}

static struct head_span span_to(const struct head *head, size_t end)
{
    ASSERT_CODE(end >= head->mark && end <= HEAD_MAX);
    return (struct head_span){head->mark, (uint16_t)(end - head->mark)};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static struct head_span trimmed(const char *bytes, struct head_span span)
{
    while (span.len && is_space(bytes[span.at])) {
        span.at++;
        span.len--;
    }
    while (span.len && is_space(bytes[span.at + span.len - 1])) {
        span.len--;
    }
    return span;
}

static int read_method(struct head *head, size_t pos, unsigned char c)
{
    if (c == '\r' && pos == 0) { /* one empty line behind a body is borne (RFC 9112, 2.2) */
        head->state = EMPTY_LF;
        return MORE;
    }
    if (c == ' ' && pos > head->mark) {
        head->method = span_to(head, pos);
        head->mark = (uint16_t)(pos + 1);
        head->state = TARGET;
        return MORE;
    }
    if (!is_token(c)) {
        return 400;
    }
    return pos - head->mark < HEAD_METHOD_MAX ? MORE : 501;
}

/* An absolute target in two: whom it is for, and the path.  One without a path means "/". */
static bool split(struct head *head, const char *bytes)
{
    const char *from = bytes + head->target.at;
    size_t len = head->target.len;
    size_t scheme = len > 7 && strncasecmp(from, "http://", 7) == 0    ? 7
                    : len > 8 && strncasecmp(from, "https://", 8) == 0 ? 8
                                                                       : 0;
    size_t host = scheme;
    while (host < len && from[host] != '/' && from[host] != '?') {
        host++;
    }
    if (!scheme || host == scheme) {
        return false;
    }
    size_t path = host < len && from[host] == '/' ? host : scheme - 1;
    head->authority =
        (struct head_span){(uint16_t)(head->target.at + scheme), (uint16_t)(host - scheme)};
    head->target = (struct head_span){(uint16_t)(head->target.at + path),
                                      (uint16_t)(path == host ? len - path : 1)};
    return true;
}

/* RFC 9112, 3.2: a path, an absolute address, or for OPTIONS all of the server. */
static bool target_fits(struct head *head, const char *bytes)
{
    const char *from = bytes + head->target.at;
    if (*from == '*') {
        return head->target.len == 1 && head->method.len == 7 &&
               memcmp(bytes + head->method.at, "OPTIONS", 7) == 0;
    }
    return *from == '/' || split(head, bytes);
}

static int read_target(struct head *head, const char *bytes, size_t pos, unsigned char c)
{
    if (c == ' ' && pos > head->mark) {
        head->target = span_to(head, pos);
        head->mark = (uint16_t)(pos + 1);
        head->state = VERSION;
        return target_fits(head, bytes) ? MORE : 400;
    }
    if (c <= ' ' || c >= 0x7f || c == '#') {
        return 400;
    }
    return pos - head->mark < HEAD_TARGET_MAX ? MORE : 414;
}

static int read_version(struct head *head, const char *bytes, size_t pos, char c)
{
    static const char form[] = "HTTP/1.";
    size_t at = pos - head->mark;
    if (at == VERSION_LEN) {
        const char *version = bytes + head->mark;
        if (c != '\r') {
            return 400;
        }
        if (version[5] != '1' || (version[7] != '0' && version[7] != '1')) {
            return 505;
        }
        head->minor = version[7] == '1';
        head->state = LINE_LF;
        return MORE;
    }
    bool digit = c >= '0' && c <= '9';
    return (at == 5 || at == 7 ? digit : c == form[at]) ? MORE : 400;
}

/* What begins a line after the first: a field, or the CR of the empty line. */
static int read_field(struct head *head, size_t pos, unsigned char c)
{
    if (c == '\r') {
        head->state = END_LF;
        return MORE;
    }
    if (!is_token(c)) {
        return 400; /* a space or tab here would be obs-fold */
    }
    if (head->field_count == HEAD_FIELDS_MAX) {
        return 431;
    }
    head->mark = (uint16_t)pos;
    head->state = NAME;
    return MORE;
}

static int read_name(struct head *head, size_t pos, unsigned char c)
{
    if (c == ':') {
        head->fields[head->field_count].name = span_to(head, pos);
        head->state = VALUE_BEGIN;
        return MORE;
    }
    return is_token(c) ? MORE : 400;
}

static int read_value(struct head *head, const char *bytes, size_t pos, unsigned char c)
{
    if (head->state == VALUE_BEGIN) {
        if (is_space((char)c)) {
            return MORE;
        }
        head->mark = (uint16_t)pos;
        head->state = VALUE;
    }
    if (c == '\r') {
        ASSERT_CODE(head->field_count < HEAD_FIELDS_MAX);
        head->fields[head->field_count++].value = trimmed(bytes, span_to(head, pos));
        head->state = VALUE_LF;
        return MORE;
    }
    return is_value(c) ? MORE : 400;
}

static int read_lf(struct head *head, size_t pos, unsigned char c)
{
    if (c != '\n') {
        return 400;
    }
    if (head->state == END_LF) {
        return DONE;
    }
    head->mark = (uint16_t)(pos + 1);
    head->state = head->state == EMPTY_LF ? METHOD : FIELD;
    return MORE;
}

static int read_byte(struct head *head, const char *bytes, size_t pos)
{
    unsigned char c = (unsigned char)bytes[pos];
    switch ((enum state)head->state) {
    case METHOD:
        return read_method(head, pos, c);
    case TARGET:
        return read_target(head, bytes, pos, c);
    case VERSION:
        return read_version(head, bytes, pos, (char)c);
    case FIELD:
        return read_field(head, pos, c);
    case NAME:
        return read_name(head, pos, c);
    case VALUE_BEGIN:
    case VALUE:
        return read_value(head, bytes, pos, c);
    case EMPTY_LF:
    case LINE_LF:
    case VALUE_LF:
    case END_LF:
        return read_lf(head, pos, c);
    }
    return 400;
}

int head_read(struct head *head, const char *bytes, size_t len)
{
    size_t end = MIN(len, (size_t)HEAD_MAX);
    while (head->pos < end) {
        int status = read_byte(head, bytes, head->pos);
        if (status != MORE && status != DONE) {
            return status;
        }
        head->pos++;
        if (status == DONE) {
            return DONE;
        }
    }
    return head->pos < HEAD_MAX ? MORE : 431;
}

bool head_next(const struct head *head, const char *bytes, const char *name, size_t *at,
               struct head_span *ret)
{
    size_t len = strlen(name);
    for (; *at < head->field_count; (*at)++) {
        struct head_span span = head->fields[*at].name;
        if (span.len == len && strncasecmp(bytes + span.at, name, len) == 0) {
            *ret = head->fields[(*at)++].value;
            return true;
        }
    }
    return false;
}

struct head_span head_value(const struct head *head, const char *bytes, const char *name)
{
    struct head_span span = {0, 0};
    size_t at = 0;
    (void)head_next(head, bytes, name, &at, &span);
    return span;
}

struct head_span head_host(const struct head *head, const char *bytes)
{
    return head->authority.len ? head->authority : head_value(head, bytes, "host");
}

bool head_element(const struct head *head, const char *bytes, const char *name,
                  struct head_walk *walk, struct head_span *ret)
{
    while (walk->rest.len || head_next(head, bytes, name, &walk->at, &walk->rest)) {
        const char *from = bytes + walk->rest.at;
        const char *comma = memchr(from, ',', walk->rest.len);
        uint16_t len = comma ? (uint16_t)(comma - from) : walk->rest.len;
        struct head_span element = trimmed(bytes, (struct head_span){walk->rest.at, len});
        uint16_t used = (uint16_t)(len + (comma != NULL));
        walk->rest.at = (uint16_t)(walk->rest.at + used);
        walk->rest.len = (uint16_t)(walk->rest.len - used);
        if (element.len) {
            *ret = element;
            return true;
        }
    }
    return false;
}

bool head_lists(const struct head *head, const char *bytes, const char *name, const char *token)
{
    struct head_span element;
    struct head_walk walk = {0};
    while (head_element(head, bytes, name, &walk, &element)) {
        if (element.len == strlen(token) &&
            strncasecmp(bytes + element.at, token, element.len) == 0) {
            return true;
        }
    }
    return false;
}

/* Fields of which a second one would leave open which of them counts. */
static bool any_twice(const struct head *head, const char *bytes)
{
    static const char *const once[] = {"host",
                                       "content-length",
                                       "transfer-encoding",
                                       "authorization",
                                       "origin",
                                       "content-type",
                                       "expect",
                                       "sec-websocket-key",
                                       "sec-websocket-version",
                                       "idempotency-key",
                                       "x-bauta",
                                       "cookie",
                                       "user-agent"};
    for (size_t i = 0; i < COUNT(once); i++) {
        struct head_span span;
        size_t at = 0;
        int seen = 0;
        while (head_next(head, bytes, once[i], &at, &span)) {
            seen++;
        }
        if (seen > 1) {
            return true;
        }
    }
    return false;
}

static bool is_host(const char *bytes, struct head_span host)
{
    static const char also[] = ".-_:[]";
    for (size_t i = 0; i < host.len; i++) {
        char c = bytes[host.at + i];
        bool alnum = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (!alnum && !memchr(also, c, sizeof(also) - 1)) {
            return false;
        }
    }
    return host.len <= HEAD_HOST_MAX;
}

static bool host_fits(const struct head *head, const char *bytes)
{
    struct head_span host = head_value(head, bytes, "host");
    return (host.len || head->minor == 0) && is_host(bytes, host) &&
           is_host(bytes, head->authority);
}

/* How the body is framed: RFC 9112, 6.3. */
static int body_length(const struct head *head, const char *bytes, size_t body_max, size_t *ret)
{
    struct head_span length;
    struct head_span coding;
    size_t at = 0;
    size_t coded = 0;
    bool has_length = head_next(head, bytes, "content-length", &at, &length);
    if (head_next(head, bytes, "transfer-encoding", &coded, &coding)) {
        if (has_length || head->minor == 0) {
            return 400;
        }
        return coding.len == 7 && strncasecmp(bytes + coding.at, "chunked", 7) == 0 ? 411 : 501;
    }
    *ret = 0;
    if (!has_length) {
        return 0;
    }
    size_t value = 0;
    for (size_t i = 0; i < length.len; i++) {
        char c = bytes[length.at + i];
        if (c < '0' || c > '9') {
            return 400;
        }
        value = MIN(value * 10 + (size_t)(c - '0'), length_max); /* no overflow, too large */
    }
    if (length.len == 0) {
        return 400;
    }
    *ret = value;
    return value <= body_max ? 0 : 413;
}

int head_facts(const struct head *head, const char *bytes, size_t body_max, struct head_facts *ret)
{
    struct head_facts facts = {0};
    if (any_twice(head, bytes) || !host_fits(head, bytes)) {
        return 400;
    }
    int status = body_length(head, bytes, body_max, &facts.body_len);
    if (status != 0) {
        return status;
    }
    struct head_span expect = head_value(head, bytes, "expect");
    if (expect.len && head->minor == 1) {
        if (expect.len != 12 || strncasecmp(bytes + expect.at, "100-continue", 12) != 0) {
            return 417;
        }
        facts.expect = true;
    }
    facts.keep = head->minor == 1 && !head_lists(head, bytes, "connection", "close");
    facts.websocket = head->minor == 1 && head_lists(head, bytes, "connection", "upgrade") &&
                      head_lists(head, bytes, "upgrade", "websocket");
    *ret = facts;
    return 0;
}
